//! The digest page: what is left of a publisher's weekly page when it is saved as text.
//!
//! The rules are those of design.md, “How a digest page is read”; their numbers stand beside the code
//! that keeps them. Blocks stream through once with one block of look-ahead, so that reading takes
//! time linear in the page and memory linear in what is kept of it.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::blocks::{Block, Blocks, decode};
use super::{Document, Draft, Kind, Known, Layout, Page, Reason, Rules, Unreadable, dates, tails};
use crate::items::Published;
use crate::text;

/// The longest unknown heading, in characters (design.md, rule 4).
const LONGEST_HEADING: usize = 60;

/// A gap of this many blank lines is where the page had a heading that the text lost (rule 5).
const LOST_HEADING: u32 = 4;

/// In how many blocks of a page its date is looked for (rule 8).
const DATED_BLOCKS: usize = 5;

/// The row of [`super::ALL`]: any text is a digest until a more particular kind claims it.
pub const KIND: Kind = Kind {
    name: "digest",
    extensions: &["txt", "text"],
    claims: |_| true,
    parse,
};

/// Reads one page.
///
/// # Errors
/// Bytes that aren't text, a page of a single block, a page without an item.
pub fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let text = decode(&document.bytes)?;
    let mut reader = Reader::new(&text, rules);
    let first_line = match &reader.next {
        Some(first) => first.block.line,
        None => reader.classify.first_line.unwrap_or(1),
    };
    match rules.layout() {
        Layout::Double => reader.read_double(),
        Layout::Single => reader.read_single(),
    }
    reader.close();
    let reason = match (reader.classify.count, reader.drafts.is_empty()) {
        (0, _) => Some(Reason::Empty),
        (1, _) => Some(Reason::SingleBlock),
        (_, true) => Some(Reason::NoItem),
        (_, false) => None,
    };
    if let Some(reason) = reason {
        return Err(Unreadable {
            line: first_line,
            reason,
        });
    }
    let seen = || document.seen.to_zoned(TimeZone::UTC).date();
    let date = dates::in_name(&document.name)
        .or(reader.classify.date)
        .unwrap_or_else(seen);
    Ok(Page {
        published: Published::Date(date),
        drafts: reader.drafts,
    })
}

/// What a block is, before its neighbours are considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role<'t> {
    /// A heading that the configuration knows (rule 2).
    Heading,
    /// Nothing but “READ MORE”, perhaps with an address (rule 6).
    Tail(Option<&'t str>),
    /// Nothing but an address (rule 6).
    Address,
    /// Everything else.
    Text,
}

#[derive(Clone, Debug)]
struct Classified<'t> {
    block: Block<'t>,
    joined: Cow<'t, str>,
    role: Role<'t>,
    /// Blank lines in front, those in front of dropped blocks included.
    gap: u32,
    /// Whether this is the page's first block: its end of the page is wide, but no gap of 4.
    first: bool,
}

impl Classified<'_> {
    fn ends_sentence(&self) -> bool {
        text::ends_sentence(tails::strip(&self.joined).text)
    }
}

/// The blocks of the page up to its footer, without the site's furniture.
struct Classify<'t, 'r> {
    blocks: Blocks<'t>,
    rules: &'r Rules,
    /// The page's blocks so far, furniture included.
    count: usize,
    /// The first block's line.
    first_line: Option<u32>,
    /// The first date in the first five blocks.
    date: Option<Date>,
    yielded: bool,
    ended: bool,
    /// The block at hand, folded.
    folded: String,
}

impl<'t> Iterator for Classify<'t, '_> {
    type Item = Classified<'t>;

    fn next(&mut self) -> Option<Classified<'t>> {
        let mut gap = 0;
        while !self.ended {
            let Some(block) = self.blocks.next() else {
                break;
            };
            // Furniture vanishes together with the narrower of the gaps around it.
            gap = gap.max(block.gap);
            let joined = block.joined();
            let longest = self.rules.longest().max(tails::LONGEST_FURNITURE);
            let folded =
                text::fold_into(&joined, longest, &mut self.folded).then_some(self.folded.as_str());
            let known = folded.and_then(|f| self.rules.known(f));
            if known == Some(Known::Stop) {
                break;
            }
            self.count += 1;
            self.first_line.get_or_insert(block.line);
            if self.date.is_none() && self.count <= DATED_BLOCKS {
                self.date = dates::in_text(&joined);
            }
            let role = if known.is_some() {
                Role::Heading
            } else if folded.is_some_and(|f| f.is_empty() || tails::is_furniture(f)) {
                continue;
            } else if tails::only_address(&joined).is_some() {
                Role::Address
            } else {
                tail_role(block.raw, &joined)
            };
            let first = !std::mem::replace(&mut self.yielded, true);
            return Some(Classified {
                block,
                joined,
                role,
                gap,
                first,
            });
        }
        self.ended = true;
        None
    }
}

/// Tells a block that is nothing but a tail from text. The address is borrowed from the page itself,
/// so that it outlives the joined text.
fn tail_role<'t>(raw: &'t str, joined: &str) -> Role<'t> {
    let stripped = tails::strip(joined);
    if !stripped.text.is_empty() {
        return Role::Text;
    }
    let link = stripped.link.and_then(|link| {
        let at = raw.find(link)?;
        raw.get(at..at + link.len())
    });
    Role::Tail(link)
}

/// Where the reader stands within a run of blocks with wide gaps on both sides (rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    /// In none: the next such block is the first of a run.
    Outside,
    /// Behind a heading, or a summary: a sentence is a headline like any other.
    Open,
    /// Behind a headline: a sentence is its summary.
    Headline,
}

struct Reader<'t, 'r> {
    classify: Classify<'t, 'r>,
    next: Option<Classified<'t>>,
    drafts: Vec<Draft>,
    heading: Option<Arc<str>>,
    /// The item whose summary may go on.
    item: Option<OpenItem>,
    run: Run,
    after_known: bool,
}

struct OpenItem {
    draft: Draft,
    /// Where the last paragraph of the summary begins.
    paragraph: usize,
    /// Whether a paragraph at gap 1 still belongs to it.
    takes_paragraphs: bool,
}

impl<'t, 'r> Reader<'t, 'r> {
    fn new(text: &'t str, rules: &'r Rules) -> Reader<'t, 'r> {
        let mut classify = Classify {
            blocks: Blocks::new(text),
            rules,
            count: 0,
            first_line: None,
            date: None,
            yielded: false,
            ended: false,
            folded: String::new(),
        };
        Reader {
            next: classify.next(),
            classify,
            drafts: Vec::new(),
            heading: None,
            item: None,
            run: Run::Outside,
            after_known: false,
        }
    }

    /// Takes the next block that is a headline, a heading or a paragraph; the others are dealt with
    /// here, alike in both layouts.
    fn take(&mut self) -> Option<Classified<'t>> {
        loop {
            let block = self.next.take()?;
            self.next = self.classify.next();
            let lost = block.gap >= LOST_HEADING && !block.first && !self.after_known;
            if lost {
                self.close();
                self.run = Run::Outside;
                self.heading = None;
            }
            match block.role {
                Role::Heading => {
                    self.close();
                    self.run = Run::Outside;
                    self.heading = Some(Arc::from(block.joined.as_ref()));
                    self.after_known = true;
                }
                Role::Tail(link) => {
                    if let (Some(item), Some(link)) = (&mut self.item, link) {
                        item.draft.link.get_or_insert(link.to_owned());
                    }
                }
                Role::Address if self.item.is_some() && !self.continues_behind() => {
                    self.end_with_address(&block);
                }
                Role::Address | Role::Text => return Some(block),
            }
            if block.role != Role::Heading
                && let Some(next) = &mut self.next
            {
                // What was dropped leaves the wider of the gaps around it.
                next.gap = next.gap.max(block.gap);
            }
        }
    }

    /// Whether the block behind the current one is one more paragraph.
    fn continues_behind(&self) -> bool {
        self.next
            .as_ref()
            .is_some_and(|next| next.gap == 1 && matches!(next.role, Role::Text | Role::Address))
    }

    /// An address as the last block of an item becomes its link; a second one stays as text, since
    /// nothing may vanish.
    fn end_with_address(&mut self, block: &Classified<'t>) {
        let Some(item) = &mut self.item else { return };
        match (&item.draft.link, tails::only_address(&block.joined)) {
            (None, Some(address)) => item.draft.link = Some(address.to_owned()),
            _ => item.add_paragraph(&block.joined),
        }
    }

    fn read_double(&mut self) {
        while let Some(block) = self.take() {
            let wide_before =
                block.first || std::mem::take(&mut self.after_known) || block.gap != 1;
            let narrow_after = self
                .next
                .as_ref()
                .is_some_and(|next| next.gap == 1 && next.role != Role::Heading);
            match &mut self.item {
                Some(item) if !wide_before && item.takes_paragraphs => {
                    item.add_paragraph(&block.joined);
                }
                _ if narrow_after => {
                    self.open(&block, true);
                    self.run = Run::Outside;
                }
                _ => self.read_in_run(&block),
            }
        }
    }

    /// A block with wide gaps on both sides (rule 4).
    fn read_in_run(&mut self, block: &Classified<'t>) {
        match self.run {
            Run::Outside if self.is_heading(block) => self.discover(block),
            Run::Headline if block.ends_sentence() => {
                if let Some(item) = &mut self.item {
                    item.add_paragraph(&block.joined);
                }
                self.run = Run::Open;
            }
            _ => {
                self.open(block, false);
                self.run = Run::Headline;
            }
        }
    }

    fn read_single(&mut self) {
        while let Some(block) = self.take() {
            self.after_known = false;
            let next_is_sentence = self.next.as_ref().is_some_and(|next| {
                next.gap < LOST_HEADING && next.role == Role::Text && next.ends_sentence()
            });
            let is_heading = self.run == Run::Outside && self.is_heading(&block);
            match &mut self.item {
                Some(item) if item.takes_paragraphs && block.ends_sentence() => {
                    item.add_paragraph(&block.joined);
                }
                _ if block.ends_sentence() => {
                    self.open(&block, false);
                    self.run = Run::Outside;
                }
                _ if next_is_sentence => {
                    self.open(&block, true);
                    self.run = Run::Outside;
                }
                _ if is_heading => self.discover(&block),
                _ => {
                    self.open(&block, false);
                    self.run = Run::Headline;
                }
            }
        }
    }

    /// Whether a block that the configuration doesn't know is a heading all the same: it is short, no
    /// sentence, nothing stands under it that belongs to a headline, and it would hold an item.
    fn is_heading(&self, block: &Classified<'t>) -> bool {
        let holds_item = self
            .next
            .as_ref()
            .is_some_and(|next| next.gap < LOST_HEADING && next.role == Role::Text);
        holds_item
            && block.role == Role::Text
            && block.joined.chars().nth(LONGEST_HEADING).is_none()
            && !text::ends_sentence(&block.joined)
            && !block
                .block
                .lines()
                .skip(1)
                .any(|line| dates::dateline(line).is_some())
    }

    fn discover(&mut self, block: &Classified<'t>) {
        self.close();
        self.heading = Some(Arc::from(block.joined.as_ref()));
        self.run = Run::Open;
    }

    /// Begins an item with `block` as its headline.
    fn open(&mut self, block: &Classified<'t>, takes_paragraphs: bool) {
        self.close();
        let (title, published) = headline(&block.block, &block.joined);
        self.item = Some(OpenItem {
            draft: Draft {
                feed_id: None,
                title,
                summary: String::new(),
                link: None,
                heading: self.heading.clone(),
                published,
                line: block.block.line,
            },
            paragraph: 0,
            takes_paragraphs,
        });
    }

    /// Ends the open item: the tail of its summary goes (rule 6).
    fn close(&mut self) {
        let Some(mut item) = self.item.take() else {
            return;
        };
        let stripped = tails::strip(&item.draft.summary[item.paragraph..]);
        if let Some(link) = stripped.link {
            item.draft.link.get_or_insert_with(|| link.to_owned());
        }
        let kept = item.paragraph + stripped.text.len();
        item.draft.summary.truncate(kept);
        item.draft
            .summary
            .truncate(item.draft.summary.trim_end().len());
        self.drafts.push(item.draft);
    }
}

impl OpenItem {
    fn add_paragraph(&mut self, paragraph: &str) {
        if !self.draft.summary.is_empty() {
            self.draft.summary.push_str("\n\n");
        }
        self.paragraph = self.draft.summary.len();
        self.draft.summary.push_str(paragraph);
    }
}

/// The title in a block, and the item's own date (rule 7).
fn headline(block: &Block<'_>, joined: &str) -> (String, Option<Published>) {
    if memchr::memchr(b'\n', block.raw.as_bytes()).is_none() {
        return (without_marker(joined).to_owned(), None);
    }
    let mut date = None;
    let mut under_headline = false;
    let mut title = String::new();
    for (at, line) in block.lines().enumerate() {
        match dates::dateline(line).filter(|_| at > 0) {
            Some(dateline) => {
                under_headline = true;
                date = date.or(dateline.date);
            }
            None => {
                title.push_str(line);
                title.push('\n');
            }
        }
    }
    let title = if under_headline {
        text::join_lines(&title)
    } else {
        Cow::Borrowed(joined)
    };
    let title = without_marker(&title).to_owned();
    (title, date.map(Published::Date))
}

/// A title without `1.`, `1)`, `•` or `-` in front, where a space follows.
fn without_marker(title: &str) -> &str {
    let digits = title.bytes().take_while(u8::is_ascii_digit).count();
    let marker = match title[digits..].chars().next() {
        Some('.' | ')') if (1..=3).contains(&digits) => digits + 1,
        Some(bullet @ ('•' | '-')) if digits == 0 => bullet.len_utf8(),
        _ => return title,
    };
    match title[marker..].strip_prefix(' ') {
        Some(rest) if !rest.trim().is_empty() => rest.trim_start(),
        _ => title,
    }
}
