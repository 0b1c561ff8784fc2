//! Long, for a piece and how it grows are read together.
//!
//! The pieces that a page consists of: what stands on lines of its own, with what is known of it.

use std::collections::HashMap;

use crate::dates;
use crate::dates::timestamps::Written;
use crate::html::boilerplate::names_the_story;
use crate::html::markup::squeezed;
use crate::text::in_lines::{InLines, in_lines};
use crate::text::numbering;
use crate::text::numbering::number_length;
use crate::text::read_more;
use tidings_core::text;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PieceKind {
    /// A heading with its level.
    Heading(u8),
    Paragraph,
    /// An item of a list, or a row of a table.
    Item,
    /// A line across the page, which ends what a heading holds. It has no text.
    Rule,
}

/// Where a link leads whose address isn't in its document.
pub(crate) const UNDEFINED: &str = "[]";

/// Some text that stands by itself.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    /// Plain text, one line.
    pub(crate) text: String,
    /// Whether all of it is stressed.
    pub(crate) is_stressed: bool,
    /// Whether all of it is a link.
    pub(crate) is_linked: bool,
    /// Where the stressed or linked text ends that begins it.
    pub(crate) lead: Option<usize>,
    /// Where the link ends that begins it, behind its number and what stands in brackets in front.
    pub(crate) begins: Option<usize>,
    /// How many links it holds that have words.
    pub(crate) links: u32,
    /// Whether it is quoted from somebody.
    pub(crate) is_quoted: bool,
    /// Whether it is the row over the columns of a table.
    pub(crate) is_head: bool,
    /// Its links with what belongs to each, where a paragraph is made of nothing else.
    pub(crate) row: Option<Box<[Piece]>>,
    /// Its lines, where it was set as headline, text and address.
    pub(crate) in_lines: Option<Box<InLines>>,
    /// The first address in it.
    pub(crate) link: Option<String>,
    /// The last one.
    pub(crate) last_link: Option<String>,
    /// The text of the link that it ends in; empty where it ends in none.
    pub(crate) tail: String,
    /// How deep in lists it stands.
    pub(crate) depth: u32,
    /// Whether it goes on with the item of a list that another piece began.
    pub(crate) goes_on: bool,
    /// Empty lines and paragraphs in front of it.
    pub(crate) blanks: u32,
    /// A moment that is told to programs, and how it is written.
    pub(crate) time: Option<(Written, String)>,
    /// A date that stands beside it in its entry.
    pub(crate) own_date: Option<Written>,
    /// Whether it is such a date, which the headline of its entry has, or a label of its card: no text.
    pub(crate) is_given: bool,
    /// Whether its page calls it a label: of who wrote a story, of what kind that is, where it appeared.
    pub(crate) is_called: bool,
    /// Whether it stands above the headline of its own entry, and is as short as what belongs there.
    pub(crate) is_above: bool,
    /// The section that a label of its entry names.
    pub(crate) section: Option<String>,
    /// Which card of the page it stands on, from 1; 0 for none.
    pub(crate) card: u32,
    /// Which piece it is, from 1.
    pub(crate) line: u32,
}

impl Piece {
    /// A line across the page.
    pub(crate) fn rule(line: u32) -> Piece {
        Piece {
            kind: PieceKind::Rule,
            text: String::new(),
            is_stressed: false,
            is_linked: false,
            lead: None,
            begins: None,
            links: 0,
            is_quoted: false,
            is_head: false,
            row: None,
            in_lines: None,
            link: None,
            last_link: None,
            tail: String::new(),
            depth: 0,
            goes_on: false,
            blanks: 0,
            time: None,
            own_date: None,
            is_given: false,
            is_called: false,
            is_above: false,
            section: None,
            card: 0,
            line,
        }
    }

    /// Whether it is a heading, of whatever level.
    pub(crate) fn is_heading(&self) -> bool {
        matches!(self.kind, PieceKind::Heading(_))
    }

    /// Whether it isn't set as headlines are: it begins with no link, and isn't stressed.
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_heading() && !self.is_stressed && self.begins.is_none()
    }

    /// Has a headline that leads nowhere lead there.
    pub(crate) fn lead_to(&mut self, address: &str) {
        if self.links > 0 || self.link.is_some() {
            return;
        }
        (self.is_linked, self.begins, self.links) = (true, Some(self.text.len()), 1);
        self.lead = Some(self.text.len());
        self.link = Some(address.to_owned());
        self.last_link = self.link.clone();
        self.tail = self.text.clone();
    }

    /// Takes from it where its links lead.
    pub(crate) fn lead_nowhere(&mut self) {
        (self.is_linked, self.begins, self.links) = (false, None, 0);
        (self.link, self.last_link, self.row) = (None, None, None);
        self.lead = self.lead.filter(|_| self.is_stressed);
        self.tail.clear();
    }

    /// Whether it is a line right under a heading, for its looks.
    pub(crate) fn adorns(&self, before: Option<&Piece>) -> bool {
        self.kind == PieceKind::Rule
            && self.blanks == 0
            && before.is_some_and(|before| before.is_heading())
    }

    /// The cells of a table's row as one piece: the first that is more than a number or a date is its headline, or begins
    /// with it, unless it is a word beside a headline that leads somewhere.
    pub(crate) fn row(cells: Vec<Piece>, depth: u32, is_head: bool, line: u32) -> Option<Piece> {
        let is_count = |text: &str| !text.contains(char::is_alphabetic);
        let told_time = |cell: &Piece| {
            let told = cell.time.as_ref();
            told.filter(|(_, written)| *written == cell.text)
                .map(|(date, _)| date.clone())
        };
        let is_words = |cell: &Piece| {
            !is_count(&cell.text)
                && told_time(cell).is_none()
                && dates::dateline(&cell.text).is_none()
                && read_more::only_address(&cell.text).is_none()
        };
        let names = |cell: &Piece| names_the_story(&cell.text);
        let first = cells.iter().position(|cell| is_words(cell) && !names(cell));
        let linked = cells
            .iter()
            .position(|cell| cell.begins.is_some() && is_words(cell) && !names(cell));
        let is_label = |at: usize| cells[at].link.is_none() && !cells[at].text.contains(' ');
        let title = first
            .map(|first| match linked {
                Some(linked) if is_label(first) && cells[linked].text.contains(' ') => linked,
                _ => first,
            })
            .or_else(|| cells.iter().position(is_words))
            .unwrap_or(0);
        let mut row = cells.get(title)?.clone();
        let linked = || cells.iter().find(|cell| cell.link.is_some());
        let addressed = || {
            let address = cells
                .iter()
                .find_map(|cell| read_more::only_address(&cell.text));
            address.map(str::to_owned)
        };
        // What says that it leads to the story is more than a link within a sentence.
        let to_story = || cells.iter().find(|cell| cell.link.is_some() && names(cell));
        row.link = to_story()
            .filter(|_| row.begins.is_none())
            .and_then(|cell| cell.link.clone())
            .or(row.link)
            .or_else(|| linked().and_then(|cell| cell.link.clone()))
            .or_else(addressed);
        row.links = cells.iter().map(|cell| cell.links).sum();
        let lead = row.lead.filter(|_| row.is_stressed || row.begins.is_some());
        let lead = row.begins.or(lead);
        let lead = lead.unwrap_or_else(|| text::first_sentence(&row.text));
        row.lead = Some(lead);
        row.begins = row.link.as_ref().map(|_| lead);
        let mut told = None;
        for (at, cell) in cells.iter().enumerate() {
            if at == title
                || names(cell)
                || is_marker(&cell.text)
                || read_more::only_address(&cell.text).is_some()
            {
                continue;
            }
            let written = || dates::dateline(&cell.text).and_then(|line| line.date);
            if let Some(date) = told_time(cell).or_else(written) {
                told.get_or_insert((date, cell.text.clone()));
                continue;
            }
            row.text.push_str(" · ");
            row.text.push_str(&cell.text);
        }
        row.time = told.or(row.time);
        row.last_link = row.link.clone();
        row.tail.clear();
        row.is_linked &= row.lead == Some(row.text.len());
        row.goes_on = false;
        row.kind = PieceKind::Item;
        row.in_lines = None;
        row.row = None;
        Some(Piece {
            depth,
            is_head: is_head && row.link.is_none(),
            line,
            ..row
        })
    }
}

/// A link with the text that it is around.
#[derive(Debug)]
struct Linked {
    address: String,
    from: usize,
    to: usize,
}

/// A piece as it grows.
#[derive(Default)]
pub(crate) struct Open {
    text: String,
    /// Where it ceased to be stressed, and to be linked, if it has.
    stressed_to: Option<usize>,
    linked_to: Option<usize>,
    links: Vec<Linked>,
    /// The text of the link at its end.
    tail: String,
    time: Option<(Written, String)>,
    own_date: Option<Written>,
    goes_on: bool,
}

fn is_marker(text: &str) -> bool {
    matches!(text, "•" | "·" | "-" | "–" | "*" | "▶" | "■" | "●") || is_number(text)
}

/// Whether a text is nothing but what counts an item: `1.`, `2、`, `①`.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && number_length(text) == text.len()
}

/// Whether what stands in front of a link belongs to it: nothing, its number, `[video]`, a symbol.
fn is_in_front(text: &str) -> bool {
    let mut rest = text.trim();
    rest = rest[number_length(rest)..].trim_start();
    while let Some((word, behind)) = rest
        .strip_prefix(['[', '【'])
        .and_then(|inside| inside.split_once([']', '】']))
        .filter(|(word, _)| word.len() <= LONGEST_TAG)
    {
        let _ = word;
        rest = behind.trim_start();
    }
    !rest.contains(char::is_alphanumeric)
}

/// Whether an entry says in front of its link what that is, or when: `VIDEO: `, `15–17 Feb: `.
fn is_labelled(text: &str) -> bool {
    let label = text.trim().strip_suffix([':', '：']);
    label.is_some_and(|label| {
        let label = label.trim();
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.contains(char::is_alphanumeric)
            && !text::ends_sentence_or_question(label)
    })
}

/// The longest such label, in bytes.
const LONGEST_LABEL: usize = 32;

/// The longest word in brackets in front of a headline, in bytes.
const LONGEST_TAG: usize = 24;

/// The longest outlet in brackets behind a headline, in bytes.
const LONGEST_OUTLET: usize = 40;

/// Whether a text is in brackets: `(Hankyoreh)`.
fn is_outlet(text: &str) -> bool {
    let inside = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']'));
    inside.is_some_and(|name| name.len() <= LONGEST_OUTLET && name.contains(char::is_alphabetic))
}

/// What stands in brackets behind a link, and what else does, as far as it says something.
fn outlet(behind: &str) -> (&str, &str) {
    let behind = behind.trim();
    let end = behind.find([')', '）']).map_or(0, |at| at + 1);
    let end = behind.ceil_char_boundary(end);
    let (outlet, rest) = match is_outlet(&behind[..end]) {
        true => behind.split_at(end),
        false => ("", behind),
    };
    (outlet, rest.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Whether what stands between two links only parts them: a mark, or a word as short as `and`.
fn parts(between: &str) -> bool {
    const LONGEST: usize = 3;
    let (_, rest) = outlet(between);
    !between.trim().is_empty() && rest.chars().nth(LONGEST).is_none()
}

/// Whether the text of a link is a headline rather than a name.
pub(crate) fn is_worded(text: &str) -> bool {
    const FEWEST: usize = 3;
    text.split_whitespace().nth(FEWEST - 1).is_some()
        || text
            .chars()
            .filter(|c| text::is_cjk(*c))
            .nth(2 * FEWEST - 2)
            .is_some()
}

impl Open {
    /// It goes on with an entry of a list that has begun.
    pub(crate) fn go_on(&mut self) {
        self.goes_on = true;
    }

    /// Begins a link.
    pub(crate) fn link(&mut self, address: &str) {
        self.push_link(address);
        self.tail.clear();
    }

    fn push_link(&mut self, address: &str) {
        self.links.push(Linked {
            address: address.to_owned(),
            from: self.text.len(),
            to: self.text.len(),
        });
    }

    /// Text that is stressed or not, and that leads somewhere or doesn't.
    pub(crate) fn push(&mut self, text: &str, is_stressed: bool, address: Option<&str>) {
        // A bullet or a number in front isn't of the headline, but doesn't end it either.
        let is_marker = self.text.is_empty() && is_marker(text.trim());
        if !text.trim().is_empty() && !is_marker {
            let at = self.text.trim_end().len();
            if !is_stressed {
                self.stressed_to.get_or_insert(at);
            }
            match address {
                None => {
                    self.linked_to.get_or_insert(at);
                    // A bracket or an arrow behind a link belongs to it.
                    if text.contains(char::is_alphanumeric) {
                        self.tail.clear();
                    }
                }
                Some(address) => {
                    // A link may be around several blocks.
                    if self.links.last().is_none_or(|last| last.address != address) {
                        self.push_link(address);
                    }
                    self.tail.push_str(text);
                }
            }
        }
        if self.text.is_empty() {
            self.text.push_str(text.trim_start());
        } else {
            self.text.push_str(text);
        }
        if address.is_some()
            && let Some(link) = self.links.last_mut()
        {
            link.to = self.text.len();
        }
    }

    /// A moment that programs are told, and how it is written.
    pub(crate) fn told_time(&mut self, date: Written, written: String) {
        self.time = Some((date, written));
    }

    /// A line's end within the piece.
    pub(crate) fn space(&mut self) {
        self.text.push('\n');
    }

    /// Where it leads, if it has no words.
    pub(crate) fn only_address(&self) -> Option<String> {
        let first = self.links.first()?;
        self.text.trim().is_empty().then(|| first.address.clone())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether all of it so far is a headline's: stressed, or a link.
    pub(crate) fn is_set(&self) -> bool {
        !self.is_empty() && (self.stressed_to.is_none() || self.linked_to.is_none())
    }

    /// The links of a line that is made of headlines: `[One](…) · [Two](…) (KBS), [Three](…) and [Four](…)`.
    fn row(&self, line: u32) -> Option<Box<[Piece]>> {
        let links: Vec<&Linked> = self
            .links
            .iter()
            .filter(|link| link.to > link.from)
            .collect();
        let text = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
        let (first, last) = (links.first()?, links.last()?);
        let is_row = links.len() > 1
            && !text(0, first.from).contains(char::is_alphanumeric)
            && links
                .windows(2)
                .all(|two| parts(text(two[0].to, two[1].from)))
            && outlet(text(last.to, self.text.len())).1.is_empty()
            && 2 * links
                .iter()
                .filter(|link| is_worded(text(link.from, link.to)))
                .count()
                >= links.len();
        if !is_row {
            return None;
        }
        let ends = links.iter().skip(1).map(|link| link.from);
        let ends = ends.chain([self.text.len()]);
        let pieces = links.iter().zip(ends).filter_map(|(link, end)| {
            let mut open = Open::default();
            open.push(text(link.from, link.to), false, Some(&link.address));
            let (outlet, _) = outlet(text(link.to, end));
            if !outlet.is_empty() {
                open.push(&format!(" {outlet}"), false, None);
            }
            open.piece(PieceKind::Item, 1, line)
        });
        Some(pieces.collect())
    }

    /// Takes the date that stands in front of its link from its text: `19 Nov 2026 – [Headline](…)`.
    fn take_date(&mut self, kind: PieceKind) {
        let has_words = |link: &&Linked| link.to > link.from;
        let Some((from, to)) = self
            .links
            .iter()
            .find(has_words)
            .map(|link| (link.from, link.to))
        else {
            return;
        };
        let before = self.text.get(..from).unwrap_or_default().trim();
        let before = before.trim_matches(|c: char| c.is_whitespace() || ":–—-|·()[]".contains(c));
        // Elsewhere than where an entry of a list begins, who wrote it may be what leads somewhere.
        let is_entry = kind == PieceKind::Item && !self.goes_on;
        let is_titled = || {
            is_worded(self.text.get(from..to).unwrap_or_default())
                && dates::dateline_with_outlet(self.text.trim()).is_none()
        };
        if before.is_empty() || !is_entry && !is_titled() {
            return;
        }
        let told = self.time.take_if(|(_, written)| *written == before);
        let told = told.map(|(date, _)| date);
        let Some(date) = told.or_else(|| dates::dateline(before)?.date) else {
            return;
        };
        self.own_date = Some(date);
        self.text.drain(..from);
        let end = self.text.trim_end().len();
        self.links.retain(|link| link.from >= from);
        for link in &mut self.links {
            (link.from, link.to) = (link.from - from, link.to - from);
        }
        let to = to - from;
        self.linked_to = (to < end).then_some(to);
        self.stressed_to = match self.stressed_to {
            Some(at) if at > from => Some(at - from),
            Some(_) => Some(0),
            None => None,
        };
    }

    /// The piece, if it has text.
    pub(crate) fn piece(mut self, kind: PieceKind, depth: u32, line: u32) -> Option<Piece> {
        self.take_date(kind);
        let text = squeezed(&self.text);
        let text = match kind {
            // What links to a heading itself.
            PieceKind::Heading(_) => text.trim_end_matches(['¶', '§', '#', ' ']).to_owned(),
            _ => text,
        };
        if text.is_empty() {
            return None;
        }
        // White space was squeezed since: what leads is found again by its own text.
        let up_to = |end: Option<usize>| {
            let end = end.unwrap_or(self.text.len());
            squeezed(self.text.get(..end).unwrap_or_default())
        };
        let end = |end: Option<usize>| end.unwrap_or(self.text.len());
        let (near, far) = {
            let ends = [end(self.stressed_to), end(self.linked_to)];
            (up_to(ends.into_iter().min()), up_to(ends.into_iter().max()))
        };
        // Of `<b><a>Headline</a>.</b>` only the link is the headline.
        let is_mark = |rest: &str| !rest.contains(char::is_alphanumeric);
        let lead = match far.strip_prefix(&near) {
            Some(rest) if !near.is_empty() && is_mark(rest) && far.len() < text.len() => near,
            _ => far,
        };
        let leads = !lead.is_empty() && text.starts_with(&lead);
        let worded = || self.links.iter().filter(|link| link.to > link.from);
        let begins = worded().next().and_then(|link| {
            let before = self.text.get(..link.from)?;
            // `**Saturday:** [Evening](…)`
            let is_label = self.stressed_to == Some(before.trim_end().len())
                && before.trim_end().ends_with([':', '：']);
            let is_label = is_label || kind == PieceKind::Item && is_labelled(before);
            if !is_label && !is_in_front(before) {
                return None;
            }
            let end = up_to(Some(link.to));
            (!end.is_empty() && text.starts_with(&end)).then_some(end.len())
        });
        let count = worded().count();
        let in_lines = match kind {
            PieceKind::Item | PieceKind::Paragraph => in_lines(&self.text).map(Box::new),
            PieceKind::Heading(_) | PieceKind::Rule => None,
        };
        let row = match kind {
            PieceKind::Paragraph => self.row(line),
            _ => None,
        };
        // An outlet behind a headline is set otherwise than the headline, and belongs to it.
        let is_whole = leads && is_outlet(text[lead.len()..].trim());
        let reaches = |end: Option<usize>| end.is_none() || is_whole && up_to(end) == lead;
        // A headline's own address that isn't there is no other's.
        let first = || self.links.iter().find(|link| link.address != UNDEFINED);
        let link = match begins {
            Some(_) => self.links.first(),
            None => first().or(self.links.first()),
        };
        Some(Piece {
            kind,
            is_stressed: reaches(self.stressed_to),
            is_linked: reaches(self.linked_to),
            lead: leads.then_some(lead.len()),
            begins,
            links: u32::try_from(count).unwrap_or(u32::MAX),
            is_quoted: false,
            is_head: false,
            row,
            in_lines,
            link: link.map(|link| link.address.clone()),
            last_link: self.links.last().map(|link| link.address.clone()),
            tail: squeezed(&self.tail),
            depth,
            goes_on: false,
            blanks: 0,
            time: self.time,
            own_date: self.own_date,
            is_given: false,
            is_called: false,
            is_above: false,
            section: None,
            card: 0,
            line,
            text,
        })
    }
}

/// The pieces as text: headings and headlines apart, paragraphs together.
pub(crate) fn laid_out(pieces: &[Piece]) -> String {
    let mut text = String::new();
    // The page's own title is no headline, and the date of an entry no text.
    let own_title = |piece: &&Piece| piece.kind != PieceKind::Heading(1) && !piece.is_given;
    let ends = |piece: &Piece| text::ends_sentence_or_question(read_more::strip(&piece.text).text);
    // Empty lines say what belongs together, where there are more of them in some places.
    let between = |two: &&[Piece]| !two[0].is_heading();
    let blanks = || pieces.windows(2).filter(between).map(|two| two[1].blanks);
    let fewest = blanks().min().unwrap_or(0);
    let has_blanks = blanks().any(|blanks| blanks > fewest);
    let mut was_set = false;
    let pieces: Vec<&Piece> = pieces.iter().filter(own_title).collect();
    // What doesn't end a sentence stands over what does, or over a headline that does.
    let is_over = |at: usize| {
        let ends = |at: usize| pieces.get(at).is_some_and(|piece| ends(piece));
        let is_headline = |at: usize| !ends(at) && ends(at + 1);
        is_headline(at)
            || !ends(at) && is_headline(at + 1) && numbering::may_be_heading(&pieces[at].text)
    };
    for (at, piece) in pieces.iter().enumerate() {
        let is_set = piece.is_heading() || piece.is_stressed;
        if !text.is_empty() {
            let apart = is_set
                || was_set && has_blanks
                || piece.blanks > fewest
                || !has_blanks && is_over(at);
            text.push_str(if apart { "\n\n\n" } else { "\n\n" });
        }
        was_set = is_set;
        text.push_str(&piece.text);
    }
    text.push('\n');
    text
}

/// The links of headlines that were read as text.
pub(crate) struct Links<'p>(HashMap<&'p str, Option<&'p str>>);

impl<'p> Links<'p> {
    /// The own link of each piece, or the one to the whole story behind it, by the piece's text.
    pub(crate) fn of(pieces: &'p [Piece]) -> Links<'p> {
        let mut links = HashMap::new();
        let mut behind = None;
        // From the end, so that what stands behind each is known.
        for piece in pieces.iter().rev() {
            let own = piece.link.as_deref();
            // The first of equal ones counts.
            links.insert(piece.text.as_str(), own.or(behind));
            if piece.is_heading() {
                behind = None;
            } else if names_the_story(&piece.tail) {
                behind = piece.last_link.as_deref();
            }
        }
        Links(links)
    }

    /// The link of a headline.
    pub(crate) fn of_title(&self, title: &str) -> Option<&'p str> {
        self.0.get(title).copied().flatten()
    }
}
