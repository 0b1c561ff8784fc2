//! A roundup as cards, one for each section: in messages of no more components and text than Discord takes.

use super::card::{Accessory, Cards, Piece};
use super::limits::{
    ACTION_ROW, CARD_COMPONENTS, CARD_TEXT, LINK, PICTURE, ROW, TITLE, fit, length,
};
use super::render::{Headline, colour, escape_within, head, joined, of_entry, of_line, reserve};
use reqwest::Url;
use tidings_core::ids::ItemId;
use tidings_core::post::{Block, Entry, Line, MOST_MESSAGES, Post, PostAction, PostButton};

/// Room that is left in the first text for a mention in front.
const MENTION: usize = 40;

/// One message of cards.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// What it says.
    pub(super) cards: Cards,
    /// What of the post that is: the same can be said without cards.
    pub(super) blocks: Vec<Block>,
    /// The items whose headlines it shows.
    pub(super) items: Vec<ItemId>,
}

/// What stands at the side of headlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// A picture, or a button for its link.
    All,
    /// A picture.
    Pictures,
    /// Nothing.
    Nothing,
}

/// The messages of a roundup; `None` for other posts. Buttons give way where they would cost a message, since the headline can
/// be the link, and pictures where there would be too many messages.
pub(super) fn pages(post: &Post, offers: &[PostButton], foot: &[Line]) -> Option<Vec<Page>> {
    let is_of_a_roundup = |block: &Block| {
        matches!(
            block,
            Block::Title { .. }
                | Block::Name(_)
                | Block::Section { .. }
                | Block::Entry(_)
                | Block::Line(_)
                | Block::Hints(_)
                | Block::Mark(_)
                | Block::Offers(_)
        )
    };
    let has_sections = post
        .blocks
        .iter()
        .any(|b| matches!(b, Block::Section { .. }));
    if !has_sections || !post.blocks.iter().all(is_of_a_roundup) {
        return None;
    }
    let laid_out = |beside| CardLayout::new(post, offers, foot, beside).fill(post);
    let (all, pictures) = (laid_out(Beside::All), laid_out(Beside::Pictures));
    let richest = if all.len() <= pictures.len() {
        all
    } else {
        pictures
    };
    Some(if richest.len() <= MOST_MESSAGES {
        richest
    } else {
        laid_out(Beside::Nothing)
    })
}

/// Messages as they fill up.
struct CardLayout<'p> {
    beside: Beside,
    /// What a button says that leads to a headline's link.
    open_label: Option<&'p str>,
    foot: String,
    /// What of a message's components and text is left for cards.
    components: usize,
    text: usize,
    done: Vec<Page>,
    page: Page,
    /// How long the texts of the message are, without the card's.
    length: usize,
    /// The card that is being filled.
    card: Option<OpenCard>,
}

/// A card that is being filled.
struct OpenCard {
    title: String,
    slug: String,
    note: String,
    /// Its name, and the rows below it.
    pieces: Cards,
    /// How long its texts are.
    length: usize,
    has_rows: bool,
}

impl OpenCard {
    fn new(title: &str, slug: &str, note: &str) -> OpenCard {
        let name = format!("### {}", escape_within(title, TITLE));
        OpenCard {
            title: title.to_owned(),
            slug: slug.to_owned(),
            note: note.to_owned(),
            length: length(&name),
            pieces: Cards(vec![Piece::Text(name)]),
            has_rows: false,
        }
    }

    /// The section's count, as it stands under the card where that ends.
    fn count(&self) -> Option<String> {
        let count = escape_within(&self.note, TITLE);
        (!count.is_empty()).then(|| format!("-# {count}"))
    }

    /// The card, with the section's count under it where it ends here.
    fn piece(mut self, is_whole: bool) -> Piece {
        if let Some(count) = self.count().filter(|_| is_whole) {
            self.pieces.push(Piece::Text(count));
        }
        Piece::Card {
            colour: colour(&self.slug),
            pieces: self.pieces,
        }
    }
}

impl<'p> CardLayout<'p> {
    fn new(post: &Post, offers: &'p [PostButton], foot: &[Line], beside: Beside) -> CardLayout<'p> {
        let has_title = |block: &Block| matches!(block, Block::Title { .. });
        let label = |deed| {
            let offer = offers.iter().find(|offer| offer.deed == deed)?;
            Some(offer.label.as_str())
        };
        let is_button =
            |offer: &&PostButton| matches!(offer.deed, PostAction::Summaries | PostAction::Search);
        let buttons = offers.iter().filter(is_button).count().min(ROW);
        let row = |inside: usize| if inside == 0 { 0 } else { ACTION_ROW + inside };
        let foot = match fit(&joined(foot), TITLE) {
            said if said.is_empty() => said,
            said => format!("-# {said}"),
        };
        let under = row(buttons) + row(usize::from(label(PostAction::Read).is_some()));
        CardLayout {
            beside,
            open_label: label(PostAction::Open),
            // Without a title a mention is a text of its own.
            // There is one for what stands at the end: the foot, or that it was corrected.
            components: CARD_COMPONENTS
                - under
                - 1
                - usize::from(!post.blocks.iter().any(has_title)),
            text: CARD_TEXT.saturating_sub(MENTION + length(&foot) + reserve(post)),
            foot,
            done: Vec::new(),
            page: Page::default(),
            length: 0,
            card: None,
        }
    }

    fn fill(mut self, post: &Post) -> Vec<Page> {
        for block in &post.blocks {
            match block {
                Block::Title { text, note } => {
                    let line = head(text, note.as_deref());
                    self.length += length(&line) + 1;
                    self.page.cards.push(Piece::Text(line));
                    self.page.blocks.push(block.clone());
                }
                Block::Section { title, slug, note } => {
                    self.close();
                    self.card = Some(OpenCard::new(title, slug, note));
                }
                Block::Entry(entry) => {
                    let row = self.row(entry);
                    self.add(row, block);
                    self.page.items.push(ItemId::new(entry.id));
                }
                Block::Line(line) => self.add(Piece::Text(of_line(line)), block),
                // The foot is said at the end.
                Block::Hints(_) => {
                    self.close();
                    self.page.blocks.push(block.clone());
                }
                Block::Mark(line) => {
                    self.close();
                    let said = format!("-# {}", of_line(line));
                    self.foot = match std::mem::take(&mut self.foot) {
                        foot if foot.is_empty() => said,
                        foot => format!("{foot}\n{said}"),
                    };
                    self.page.blocks.push(block.clone());
                }
                // A name is the forum's, and offers hang under it; all else is in no roundup.
                Block::Name(_)
                | Block::Offers(_)
                | Block::Paragraph(_)
                | Block::Link(_)
                | Block::Row { .. } => {}
            }
        }
        self.close();
        if !self.foot.is_empty() {
            let foot = std::mem::take(&mut self.foot);
            self.page.cards.push(Piece::Text(foot));
        }
        self.flush();
        self.done
    }

    /// A headline with what stands beside it.
    fn row(&self, entry: &Entry) -> Piece {
        if entry.withdrawn {
            return Piece::Text(of_entry(entry, Headline::InList));
        }
        let picture = entry.picture.as_deref().and_then(|it| web(it, PICTURE));
        let picture = picture.filter(|_| self.beside != Beside::Nothing);
        if let Some(picture) = picture {
            return Piece::Beside {
                text: of_entry(entry, Headline::Alone),
                with: Accessory::Picture(picture),
            };
        }
        let link = entry.link.as_deref().and_then(|it| web(it, LINK));
        let button = link
            .zip(self.open_label)
            .filter(|_| self.beside == Beside::All);
        match button {
            Some((url, label)) => Piece::Beside {
                text: of_entry(entry, Headline::BesideItsLink),
                with: Accessory::Link {
                    label: label.to_owned(),
                    url,
                },
            },
            None => Piece::Text(of_entry(entry, Headline::InList)),
        }
    }

    /// Adds a row to the card, or to the next message's of the same name.
    fn add(&mut self, row: Piece, block: &Block) {
        // No headline is so long; a text that would be refused is worth less than its beginning.
        let row = match row {
            Piece::Text(text) => Piece::Text(fit(&text, self.text - 3 * TITLE)),
            row => row,
        };
        if !self.has_room_for(&row) {
            self.go_on();
        }
        let longer = row.length() + 1;
        match &mut self.card {
            Some(card) => {
                if !card.has_rows {
                    self.page.blocks.push(Block::Section {
                        title: card.title.clone(),
                        slug: card.slug.clone(),
                        note: card.note.clone(),
                    });
                }
                card.has_rows = true;
                card.length += longer;
                card.pieces.push(row);
            }
            None => {
                self.length += longer;
                self.page.cards.push(row);
            }
        }
        self.page.blocks.push(block.clone());
    }

    fn has_room_for(&self, row: &Piece) -> bool {
        let is_text = matches!(row, Piece::Text(_));
        let mut components = self.page.cards.components() + row.components();
        let mut length = self.length + row.length() + 1;
        if let Some(card) = &self.card {
            let joins = is_text && matches!(card.pieces.0.last(), Some(Piece::Text(_)));
            components += 1 + card.pieces.components() - usize::from(joins);
            length += card.length;
            if let Some(count) = card.count() {
                components += usize::from(!is_text);
                length += self::length(&count) + 1;
            }
        }
        components <= self.components && length <= self.text
    }

    /// Goes on in the next message; the section's count stands under its last card.
    fn go_on(&mut self) {
        let card = self.card.take();
        let next = card
            .as_ref()
            .map(|card| OpenCard::new(&card.title, &card.slug, &card.note));
        if let Some(card) = card.filter(|card| card.has_rows) {
            let sections = self.page.blocks.iter_mut().rev();
            let mut notes = sections.filter_map(|block| match block {
                Block::Section { note, .. } => Some(note),
                _ => None,
            });
            if let Some(note) = notes.next() {
                note.clear();
            }
            self.page.cards.push(card.piece(false));
        }
        self.flush();
        self.card = next;
    }

    /// Puts the card into the message.
    fn close(&mut self) {
        if let Some(card) = self.card.take()
            && card.has_rows
        {
            self.length += card.length + card.count().map_or(0, |count| length(&count) + 1);
            self.page.cards.push(card.piece(true));
        }
    }

    fn flush(&mut self) {
        self.length = 0;
        let page = std::mem::take(&mut self.page);
        if !page.cards.0.is_empty() {
            self.done.push(page);
        }
    }
}

/// An address on the web as Discord takes it; `None` for others and for longer ones.
fn web(address: &str, most: usize) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let url = String::from(url);
    (is_web && length(&url) <= most).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64, words: usize, has_picture: bool, has_link: bool) -> Block {
        Block::Entry(Entry {
            id,
            date: None,
            title: format!("*Squid* {id} {}", "counted ".repeat(words)),
            link: has_link.then(|| format!("https://example.org/{id}/{}", "x".repeat(words))),
            summary: (words > 3).then(|| "_Many_ of them. ".repeat(words)),
            cut: false,
            section: None,
            also: None,
            remark: None,
            withdrawn: false,
            picture: has_picture.then(|| format!("https://example.org/{id}.jpg")),
        })
    }

    /// A roundup of sections with as many headlines each; it has a title if its sections are even in number.
    fn roundup(sections: usize, headlines: i64, words: usize, pictures: i64) -> Post {
        let text = "Roundup".to_owned();
        let mut blocks = vec![match sections % 2 {
            0 => Block::Title { text, note: None },
            _ => Block::Name(text),
        }];
        for section in 0..sections {
            blocks.push(Block::Section {
                title: format!("Section {section}"),
                slug: format!("section-{section}"),
                note: format!("{headlines} headlines"),
            });
            let first = i64::try_from(section).unwrap() * headlines;
            blocks.extend((first..first + headlines).map(|id| {
                let has_picture = pictures > 0 && id % pictures == 0;
                entry(id + 1, words, has_picture, id % 3 != 0)
            }));
        }
        Post { blocks }
    }

    fn offers() -> Vec<PostButton> {
        let offer = |label: &str, deed| PostButton {
            label: label.to_owned(),
            deed,
        };
        vec![
            offer("Search", PostAction::Search),
            offer("Read…", PostAction::Read),
            offer("Open", PostAction::Open),
        ]
    }

    /// However much there is, no message is more than Discord takes, and each headline stands in one of them, as cards and
    /// without.
    #[test]
    fn messages_keep_to_the_limits_and_lose_nothing() {
        let foot = [Line::plain("9 headlines"), Line::plain("next: tomorrow")];
        let under = 2 + 2;
        for (sections, headlines) in [(1, 1), (1, 12), (1, 40), (3, 9), (14, 1), (9, 7), (40, 2)] {
            for words in [1, 5, 40] {
                for pictures in [0, 1, 2] {
                    let post = roundup(sections, headlines, words, pictures);
                    let offers = offers();
                    let pages = pages(&post, &offers, &foot).unwrap();
                    let mut shown = Vec::new();
                    for page in &pages {
                        let mut mentioning = page.cards.clone();
                        mentioning.prefix("<@&197038439483310086>");
                        assert!(mentioning.components() + under <= CARD_COMPONENTS);
                        let texts = page.cards.0.iter().map(Piece::length);
                        assert!(texts.sum::<usize>() + MENTION <= CARD_TEXT);
                        shown.extend(page.items.iter().map(|item| item.get()));
                        let entries = page.blocks.iter().filter_map(|block| match block {
                            Block::Entry(entry) => Some(ItemId::new(entry.id)),
                            _ => None,
                        });
                        assert_eq!(entries.collect::<Vec<_>>(), page.items);
                    }
                    let all = i64::try_from(sections).unwrap() * headlines;
                    assert_eq!(shown, (1..=all).collect::<Vec<_>>());
                    let notes = pages.iter().flat_map(|page| &page.blocks).filter(
                        |block| matches!(block, Block::Section { note, .. } if !note.is_empty()),
                    );
                    assert_eq!(notes.count(), sections);
                }
            }
        }
    }

    #[test]
    fn what_is_no_roundup_has_no_cards() {
        let mut post = roundup(1, 1, 1, 1);
        post.push(Block::Paragraph("A paragraph of its own.".to_owned()));
        assert!(pages(&post, &[], &[]).is_none());
        let line = Post::line(Line::plain("A line."));
        assert!(pages(&line, &[], &[]).is_none());
    }
}
