//! A roundup as cards, one for each section: in messages of no more components and text than Discord takes.

use super::card::{Accessory, Cards, Piece};
use super::limits::{
    ACTION_ROW, CARD_COMPONENTS, CARD_TEXT, LINK, PICTURE, ROW, TITLE, fit, length,
};
use super::render::{Headline, colour, escape_within, head, joined, of_entry, of_line};
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
    let dealt = |beside| Dealer::new(offers, foot, beside).deal(post);
    let (all, pictures) = (dealt(Beside::All), dealt(Beside::Pictures));
    let richest = if all.len() <= pictures.len() {
        all
    } else {
        pictures
    };
    Some(if richest.len() <= MOST_MESSAGES {
        richest
    } else {
        dealt(Beside::Nothing)
    })
}

/// Messages as they fill up.
struct Dealer<'p> {
    beside: Beside,
    /// What a button says that leads to a headline's link.
    open_label: Option<&'p str>,
    foot: String,
    /// What of a message's components and text is left for cards.
    components: usize,
    text: usize,
    done: Vec<Page>,
    page: Page,
    /// The card that is being filled.
    card: Option<OpenCard>,
}

/// A card that is being filled.
#[derive(Clone)]
struct OpenCard {
    title: String,
    slug: String,
    note: String,
    rows: Cards,
}

impl OpenCard {
    /// The card, with the section's count under it where it ends here.
    fn piece(&self, is_whole: bool) -> Piece {
        let mut pieces = Cards::default();
        pieces.push(Piece::Text(format!(
            "### {}",
            escape_within(&self.title, TITLE)
        )));
        self.rows.0.iter().cloned().for_each(|row| pieces.push(row));
        if is_whole && !self.note.is_empty() {
            pieces.push(Piece::Text(format!(
                "-# {}",
                escape_within(&self.note, TITLE)
            )));
        }
        Piece::Card {
            colour: colour(&self.slug),
            pieces,
        }
    }
}

impl<'p> Dealer<'p> {
    fn new(offers: &'p [PostButton], foot: &[Line], beside: Beside) -> Dealer<'p> {
        let label = |deed| {
            let offer = offers.iter().find(|offer| offer.deed == deed)?;
            Some(offer.label.as_str())
        };
        let is_button =
            |offer: &&PostButton| matches!(offer.deed, PostAction::Summaries | PostAction::Search);
        let buttons = offers.iter().filter(is_button).count().min(ROW);
        let row = |inside: usize| if inside == 0 { 0 } else { ACTION_ROW + inside };
        let foot = match joined(foot) {
            said if said.is_empty() => said,
            said => format!("-# {said}"),
        };
        let under = row(buttons) + row(usize::from(label(PostAction::Read).is_some()));
        Dealer {
            beside,
            open_label: label(PostAction::Open),
            components: CARD_COMPONENTS - under - usize::from(!foot.is_empty()),
            text: CARD_TEXT.saturating_sub(MENTION + length(&foot)),
            foot,
            done: Vec::new(),
            page: Page::default(),
            card: None,
        }
    }

    fn deal(mut self, post: &Post) -> Vec<Page> {
        for block in &post.blocks {
            match block {
                Block::Title { text, note } => {
                    let line = head(text, note.as_deref());
                    self.page.cards.push(Piece::Text(line));
                    self.page.blocks.push(block.clone());
                }
                Block::Section { title, slug, note } => {
                    self.close(true);
                    self.card = Some(OpenCard {
                        title: title.clone(),
                        slug: slug.clone(),
                        note: note.clone(),
                        rows: Cards::default(),
                    });
                }
                Block::Entry(entry) => {
                    let row = self.row(entry);
                    self.add(row, block);
                    self.page.items.push(ItemId::new(entry.id));
                }
                Block::Line(line) => self.add(Piece::Text(of_line(line)), block),
                // The foot is said at the end.
                Block::Hints(_) => {
                    self.close(true);
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
        self.close(true);
        if !self.foot.is_empty() {
            let foot = std::mem::take(&mut self.foot);
            self.page.cards.push(Piece::Text(foot));
        }
        self.flush();
        self.done
    }

    /// A headline with what stands beside it.
    fn row(&self, entry: &Entry) -> Piece {
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
        if !self.has_room_for(&row) {
            self.go_on();
        }
        let row = match row {
            // No headline is so long; a text that would be refused is worth less than its beginning.
            Piece::Text(text) if length(&text) > self.text - 2 * TITLE => {
                Piece::Text(fit(&text, self.text - 2 * TITLE))
            }
            row => row,
        };
        match &mut self.card {
            Some(card) => {
                if card.rows.0.is_empty() {
                    self.page.blocks.push(Block::Section {
                        title: card.title.clone(),
                        slug: card.slug.clone(),
                        note: card.note.clone(),
                    });
                }
                card.rows.push(row);
            }
            None => self.page.cards.push(row),
        }
        self.page.blocks.push(block.clone());
    }

    fn has_room_for(&self, row: &Piece) -> bool {
        let mut cards = self.page.cards.clone();
        match self.card.clone() {
            Some(mut card) => {
                card.rows.push(row.clone());
                cards.push(card.piece(true));
            }
            None => cards.push(row.clone()),
        }
        cards.components() <= self.components && cards.length() <= self.text
    }

    /// Goes on in the next message; the section's count stands under its last card.
    fn go_on(&mut self) {
        let card = self.card.clone();
        if card.as_ref().is_some_and(|card| !card.rows.0.is_empty()) {
            let sections = self.page.blocks.iter_mut().rev();
            let mut notes = sections.filter_map(|block| match block {
                Block::Section { note, .. } => Some(note),
                _ => None,
            });
            if let Some(note) = notes.next() {
                note.clear();
            }
        }
        self.close(false);
        self.flush();
        self.card = card.map(|card| OpenCard {
            rows: Cards::default(),
            ..card
        });
    }

    /// Puts the card into the message.
    fn close(&mut self, is_whole: bool) {
        if let Some(card) = self.card.take()
            && !card.rows.0.is_empty()
        {
            self.page.cards.push(card.piece(is_whole));
        }
    }

    fn flush(&mut self) {
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
            picture: has_picture.then(|| format!("https://example.org/{id}.jpg")),
        })
    }

    /// A roundup of sections with as many headlines each.
    fn roundup(sections: usize, headlines: i64, words: usize, pictures: i64) -> Post {
        let title = Block::Title {
            text: "Roundup".to_owned(),
            note: None,
        };
        let mut blocks = vec![title];
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
                        assert!(page.cards.components() + under <= CARD_COMPONENTS);
                        assert!(page.cards.length() + MENTION <= CARD_TEXT);
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
