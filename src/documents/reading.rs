//! From the pieces of a page to its items: the headings that stand over them, headlines, and the summaries that follow.

use std::sync::Arc;

use jiff::civil::Date;

use super::classify::without_marker;
use super::pieces::{Kind, Piece};
use super::ranks::{self, Rank, Ranks, is_bold_headline};
use super::{Draft, Known, Rules, around, dates, digest, markup, tails};
use crate::items::{Published, clean_link};
use crate::text;

/// Where the pieces come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A web page: menus, advertisements and what else a publishing system writes stand among them.
    Web,
    /// A text that somebody has written as it is.
    Hand,
}

/// The items that the pieces tell apart; what stands before the first heading has the one given.
pub(super) fn read(
    pieces: &[Piece],
    rules: &Rules,
    base: Option<&str>,
    origin: Origin,
    heading: Option<Arc<str>>,
) -> Vec<Draft> {
    let ranks = Ranks::of(pieces, rules, origin);
    let is_web = origin == Origin::Web;
    if is_web && ranks.plain_headlines {
        return Vec::new();
    }
    let mut reader = Reader {
        base,
        drafts: Vec::new(),
        heading,
        open: None,
        ahead: None,
    };
    // Within a table of contents.
    let mut in_contents = false;
    for (at, piece) in pieces.iter().enumerate() {
        let titled = without_marker(&piece.text).trim_end_matches([':', ' ']);
        let folded = text::fold(titled);
        let is_heading = matches!(piece.kind, Kind::Heading(_));
        let next = pieces.get(at + 1);
        let is_over_a_list = ranks::is_over_a_list(piece, next);
        in_contents = in_contents && piece.kind == Kind::Item && !is_over_a_list;
        match rules.known(&folded) {
            Some(Known::Stop) => break,
            Some(Known::Heading) if in_contents => continue,
            Some(Known::Heading) => {
                reader.section(titled);
                continue;
            }
            None => {}
        }
        if tails::is_furniture(&folded) || tails::is_ornament(&piece.text, &folded) {
            continue;
        }
        let before_sections = is_web && reader.heading.is_none() && ranks.has_sections();
        if is_web {
            if is_heading
                && piece.link.is_none()
                && reader.has_items()
                && around::ends_page(&folded)
            {
                break;
            }
            if !is_heading && reader.has_items() && around::signs_off(&folded) {
                break;
            }
            in_contents = in_contents || around::is_contents(&folded);
            // The page's own title stands before its first section.
            let is_title = is_heading && before_sections && ranks.sections_are_paragraphs();
            if is_title {
                reader.close();
            }
            if in_contents
                || is_title
                || is_heading && around::is_advertised(&folded)
                || !is_heading && around::is_said(&piece.text, &folded) && dateline(piece).is_none()
            {
                continue;
            }
        }
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        match piece.kind {
            Kind::Heading(level) => match ranks.rank(level, at) {
                Rank::Section if digest::may_be_heading(titled) => reader.section(titled),
                // Of two of one kind right behind one another, the first stands over the second.
                Rank::Headline
                    if !piece.is_linked
                        && digest::may_be_heading(titled)
                        && next.is_some_and(|next| next.kind == piece.kind && next.is_linked)
                        && before.is_none_or(|before| before.kind != piece.kind) =>
                {
                    reader.section(titled);
                }
                Rank::Section | Rank::Headline => reader.begin(piece),
                Rank::Nothing => reader.close(),
            },
            // Before the first section there are menus.
            Kind::Item if before_sections => {}
            Kind::Item if is_over_a_list && reader.takes_items(piece) => {
                reader.section(titled);
            }
            Kind::Paragraph if ranks.is_section(before, piece, next) => reader.section(titled),
            Kind::Item
                if reader.takes_items(piece)
                    && (piece.lead.is_some() || !is_web || reader.heading.is_some()) =>
            {
                match split_by_hand(piece).filter(|_| !is_web) {
                    Some(piece) => reader.item(&piece),
                    None => reader.item(piece),
                }
            }
            Kind::Paragraph if is_bold_headline(piece) && next.is_some_and(is_text) => {
                reader.begin(piece);
            }
            Kind::Paragraph
                if ranks.inline_headlines && (ranks::is_led(piece) || ranks::is_marked(piece)) =>
            {
                reader.item(piece);
            }
            Kind::Paragraph | Kind::Item => reader.add(piece),
        }
    }
    reader.close();
    // `<li><b>:</b> …</li>` has nothing to be called by.
    reader.drafts.retain(|draft| {
        let is_menu =
            is_web && ranks.has_sections() && draft.heading.is_none() && draft.summary.is_empty();
        !draft.title.is_empty() && !is_menu
    });
    reader.drafts
}

/// `- Headline of some words: and a sentence.`, with the headline as what leads.
fn split_by_hand(piece: &Piece) -> Option<Piece> {
    if piece.lead.is_some_and(|end| end < piece.text.len()) || piece.link.is_some() {
        return None;
    }
    let (headline, summary) = piece.text.split_once(": ")?;
    let is_both = headline.split(' ').count() >= 3
        && !headline.contains(". ")
        && text::ends_sentence(summary);
    is_both.then(|| Piece {
        lead: Some(headline.len()),
        ..piece.clone()
    })
}

fn is_text(piece: &Piece) -> bool {
    !matches!(piece.kind, Kind::Heading(_)) && !is_bold_headline(piece)
}

/// What a piece says of a date, if it says nothing else.
struct DateOf {
    date: Option<Date>,
    /// Whether it can be nothing but a date of an item's, wherever it stands.
    is_told: bool,
}

/// A byline, or a date; a date and an outlet or an author. Programs are told what people read as `Nov 11`.
fn dateline(piece: &Piece) -> Option<DateOf> {
    if let Some((date, written)) = &piece.time {
        let others = piece.text.replace(written.as_str(), " ");
        let others = text::fold(&others);
        // `<li><a>Headline</a> <time>` is a headline.
        let is_led = piece
            .lead
            .is_some_and(|end| !piece.text[..end].contains(written.as_str()));
        let is_alone =
            !is_led && others.len() <= LONGEST_BESIDE_DATE && !text::ends_sentence(&piece.text);
        return is_alone.then_some(DateOf {
            date: Some(*date),
            is_told: true,
        });
    }
    if let Some(line) = dates::dateline_with_outlet(&piece.text) {
        return Some(DateOf {
            date: line.date,
            is_told: true,
        });
    }
    dates::dateline(&piece.text).map(|line| DateOf {
        date: line.date,
        is_told: false,
    })
}

/// What may stand beside a date on a line of its own: an outlet, an author, a count of comments. In bytes.
const LONGEST_BESIDE_DATE: usize = 40;

struct Reader<'b> {
    base: Option<&'b str>,
    drafts: Vec<Draft>,
    heading: Option<Arc<str>>,
    open: Option<Open>,
    /// A date that stands on a card before its headline, and the card.
    ahead: Option<(u32, Published)>,
}

struct Open {
    draft: Draft,
    /// The card that it began on.
    card: u32,
    /// How deep in lists it stands: 0 for none. The list's next item is another one.
    depth: u32,
}

impl Reader<'_> {
    fn has_items(&self) -> bool {
        self.open.is_some() || !self.drafts.is_empty()
    }

    fn link(&self, piece: &Piece) -> Option<String> {
        clean_link(self.base, piece.link.as_deref()?)
    }

    fn section(&mut self, title: &str) {
        self.close();
        self.heading = Some(Arc::from(title));
    }

    fn begin(&mut self, piece: &Piece) {
        self.start(&piece.text, piece);
    }

    fn start(&mut self, title: &str, piece: &Piece) {
        self.close();
        let draft = Draft {
            is_wordless: false,
            feed_id: None,
            title: without_marker(title).to_owned(),
            summary: String::new(),
            link: self.link(piece),
            heading: self.heading.clone(),
            published: self
                .ahead
                .take()
                .filter(|(card, _)| *card == piece.card)
                .map(|(_, date)| date),
            line: piece.line,
            categories: Vec::new(),
            archived: None,
        };
        let (depth, card) = (piece.depth, piece.card);
        self.open = Some(Open { draft, card, depth });
    }

    /// Whether an item of a list is an item of the digest: not within the summary of a headline, nor below one.
    fn takes_items(&self, piece: &Piece) -> bool {
        self.open
            .as_ref()
            .is_none_or(|open| (1..=open.depth).contains(&piece.depth) && !piece.goes_on)
    }

    /// `<li><a>Headline</a>: summary</li>`
    fn item(&mut self, piece: &Piece) {
        let end = piece.lead.unwrap_or(piece.text.len());
        let title = piece.text[..end].trim().trim_end_matches([':', '–', '—']);
        let title = title.trim_end();
        self.start(title, piece);
        let rest = markup::behind_lead(&piece.text[end..]);
        let told = piece.time.as_ref().filter(|(_, text)| text == rest);
        let date = told.map(|(date, _)| *date);
        match date.or_else(|| dates::dateline(rest)?.date) {
            Some(date) => self.set_date(date),
            None if rest.is_empty() => {}
            None => self.add_text(rest, piece),
        }
    }

    fn set_date(&mut self, date: Date) {
        if let Some(open) = &mut self.open {
            open.draft.published = Some(Published::Date(date));
        }
    }

    fn add(&mut self, piece: &Piece) {
        let card = self.open.as_ref().map_or(0, |open| open.card);
        let is_first = self
            .open
            .as_ref()
            .is_some_and(|open| open.draft.summary.is_empty());
        if let Some(line) =
            dateline(piece).filter(|line| line.is_told || is_first || piece.card != card)
        {
            match line.date {
                Some(date) if piece.card != card => {
                    self.ahead = Some((piece.card, Published::Date(date)));
                }
                Some(date) => self.set_date(date),
                None => {}
            }
            return;
        }
        if self.open.is_some() {
            self.add_text(&piece.text, piece);
        }
    }

    /// Adds a piece's text, or what is left of it, to the summary.
    fn add_text(&mut self, text: &str, piece: &Piece) {
        let link = clean_link(self.base, piece.last_link.as_deref().unwrap_or_default());
        let Some(Open { draft, .. }) = &mut self.open else {
            return;
        };
        let is_to_story = piece.is_linked && around::names_the_story(&text::fold(text))
            || !piece.tail.is_empty() && around::names_the_outlet(text);
        if is_to_story {
            draft.link = draft.link.take().or(link);
            return;
        }
        // `… (Source)`, `… [more]`, `… Read more at Hankyoreh`
        let bare = |c: char| "()[]«»→….… ".contains(c);
        let tail = piece.tail.trim_matches(bare);
        let before = text.trim_end_matches(bare).strip_suffix(tail);
        let before = before.map(|text| text.trim_end_matches(['(', '[', '«', '→', ' ']));
        let (text, is_led_on) = match before {
            Some(before)
                if !tail.is_empty()
                    && around::names_the_story(&text::fold(tail))
                    && text::ends_sentence_or_question(before) =>
            {
                (before, true)
            }
            _ => (text, false),
        };
        if is_led_on {
            draft.link = draft.link.take().or_else(|| link.clone());
        }
        let stripped = tails::strip(text);
        if stripped.text != text {
            draft.link = draft.link.take().or_else(|| {
                let written = stripped
                    .link
                    .and_then(|address| clean_link(self.base, address));
                written.or(link)
            });
        }
        if let Some(address) = tails::only_address(stripped.text) {
            draft.link.get_or_insert_with(|| tails::link(address));
            return;
        }
        if !stripped.text.is_empty() {
            if !draft.summary.is_empty() {
                draft.summary.push_str("\n\n");
            }
            draft.summary.push_str(stripped.text);
        }
    }

    fn close(&mut self) {
        self.drafts.extend(self.open.take().map(|open| open.draft));
    }
}
