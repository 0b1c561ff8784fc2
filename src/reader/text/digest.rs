//! The digest page: what is left of a publisher's weekly page when it is saved as text.
//!
//! The rules are those of design.md, “How a digest page is read”; their numbers stand beside the code
//! that keeps them. Blocks stream through once with two blocks of look-ahead, so that reading takes
//! time linear in the page and memory linear in what is kept of it.

use std::sync::Arc;

use crate::dates;
use crate::document::{Document, DocumentKind, Page, Reason, Unreadable};
use crate::limits::bounds;
use crate::rules::{Layout, Rules};
use crate::text::blocks::{Block, decode_document};
use crate::text::classify::{Classified, Classify, Headline, Role, headline};
use crate::text::numbering;
use crate::text::numbering::without_marker;
use crate::text::read_more;
use tidings_core::item::{Draft, Published};

/// A gap of this many blank lines is where the page had a heading that the text lost (rule 5).
const LOST_HEADING: u32 = 4;

/// The row of [`crate::ALL`]: any text is a digest until a more particular kind claims it, but for what is plainly made
/// for programs.
pub(crate) const KIND: DocumentKind = DocumentKind {
    name: "digest",
    extensions: &["txt", "text"],
    claims,
    parse,
};

fn claims(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let object = start.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    !start.starts_with(b"<?xml") && !object.is_some_and(|rest| rest.starts_with(b"\""))
}

/// Reads one page.
///
/// # Errors
/// Bytes that aren't text, a page of a single block, a page without an item.
pub(crate) fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let text = decode_document(document)?;
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
    bounds::check_items(text.len(), reader.drafts.len())?;
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
    let date = dates::in_name(&document.name).or(reader.classify.date);
    Ok(Page {
        published: date.map(Published::Date),
        drafts: reader.drafts,
        ..Page::default()
    })
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
    /// The one behind it.
    second: Option<Classified<'t>>,
    drafts: Vec<Draft>,
    /// With more items the page isn't read.
    most: usize,
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
        let mut classify = Classify::new(text, rules);
        Reader {
            next: classify.next(),
            second: classify.next(),
            classify,
            drafts: Vec::new(),
            most: bounds::most_items(text.len()),
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
            if self.drafts.len() > self.most {
                return None;
            }
            let block = self.next.take()?;
            self.next = self.second.take();
            self.second = self.classify.next();
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
                    self.heading = Some(Arc::from(without_marker(&block.joined)));
                    self.after_known = true;
                }
                Role::Tail(link) => {
                    if let (Some(item), Some(link)) = (&mut self.item, link) {
                        item.draft.link.get_or_insert_with(|| read_more::link(link));
                    }
                }
                Role::Address if self.item.is_some() && self.is_last_block() => {
                    self.end_with_address(&block);
                }
                Role::Underlined if !self.is_over_its_text() => {
                    self.close();
                    self.run = Run::Outside;
                    self.heading = Some(Arc::from(without_marker(&block.joined)));
                    self.after_known = true;
                }
                Role::Underlined => {
                    self.open(&block, true);
                    self.run = Run::Outside;
                    self.after_known = false;
                    if let Some(next) = &mut self.next {
                        next.gap = 1;
                    }
                    continue;
                }
                Role::Address | Role::Text => return Some(block),
            }
            if !matches!(block.role, Role::Heading | Role::Underlined)
                && let Some(next) = &mut self.next
            {
                // What was dropped leaves the wider of the gaps around it.
                next.gap = next.gap.max(block.gap);
            }
        }
    }

    /// Whether an underlined line is a headline: what follows is a sentence, and no headline that has a text of its own.
    fn is_over_its_text(&self) -> bool {
        let next = self.next.as_ref().filter(|next| next.role == Role::Text);
        next.is_some_and(Classified::ends_sentence)
    }

    /// Whether the current block is the last one of its item. Where all gaps are alike, what follows an
    /// address is the next headline or a stray sentence.
    fn is_last_block(&self) -> bool {
        let single = self.classify.rules.layout() == Layout::Single;
        single
            || self.next.as_ref().is_none_or(|next| {
                next.gap != 1 || !matches!(next.role, Role::Text | Role::Address)
            })
    }

    /// An address as the last block of an item becomes its link; a second one stays as text, since
    /// nothing may vanish.
    fn end_with_address(&mut self, block: &Classified<'t>) {
        let Some(item) = &mut self.item else { return };
        match (&item.draft.link, read_more::only_address(&block.joined)) {
            (None, Some(address)) => item.draft.link = Some(read_more::link(address)),
            _ => item.add_paragraph(&block.joined),
        }
    }

    fn read_double(&mut self) {
        while let Some(block) = self.take() {
            let after_known = std::mem::take(&mut self.after_known);
            let wide_before = block.first || after_known || block.gap != 1;
            let narrow_after = self.next.as_ref().is_some_and(Classified::is_narrow);
            match &mut self.item {
                Some(item) if !wide_before && item.takes_paragraphs => {
                    item.add_paragraph(&block.joined);
                }
                _ if narrow_after => {
                    self.open(&block, true);
                    self.run = Run::Outside;
                }
                _ => {
                    let may_be_heading = wide_before && self.is_followed_by_headline(after_known);
                    self.read_in_run(&block, may_be_heading);
                }
            }
        }
    }

    /// A block with wide gaps on both sides (rule 4).
    fn read_in_run(&mut self, block: &Classified<'t>, may_be_heading: bool) {
        match self.run {
            Run::Outside if may_be_heading && self.is_heading(block) => self.discover(block),
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
            let after_known = std::mem::take(&mut self.after_known);
            let next_is_sentence = self.next.as_ref().is_some_and(|next| {
                next.gap < LOST_HEADING && next.role == Role::Text && next.ends_sentence()
            });
            // Right behind a known heading a headline without a summary is no heading of what comes (rule 4).
            let is_heading = self.run == Run::Outside
                && self.is_heading(&block)
                && (!after_known || self.is_sentence_second());
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

    /// Whether the block behind the next one is a sentence: the next one's summary, where all gaps are one.
    fn is_sentence_second(&self) -> bool {
        let second = self.second.as_ref();
        second.is_some_and(|second| {
            second.gap < LOST_HEADING && second.role == Role::Text && second.ends_sentence()
        })
    }

    /// Whether what follows a block of a run is a headline: it has a summary of its own (rule 3), or it is one of the run and no
    /// sentence. Right behind a known heading only the former tells.
    fn is_followed_by_headline(&self, after_known: bool) -> bool {
        let Some(next) = &self.next else { return false };
        let has_summary = self.second.as_ref().is_some_and(Classified::is_narrow);
        has_summary || !after_known && !next.ends_sentence()
    }

    /// Whether a block that the configuration doesn't know is a heading all the same: it is short, no
    /// sentence and no list, nothing stands under it that belongs to a headline, and it would hold an item.
    fn is_heading(&self, block: &Classified<'t>) -> bool {
        let holds_item = self
            .next
            .as_ref()
            .is_some_and(|next| next.gap < LOST_HEADING && next.role == Role::Text);
        holds_item
            && block.role == Role::Text
            && numbering::may_be_heading(&block.joined)
            && block.entries(self.classify.rules).is_none()
            && !block
                .block
                .lines()
                .skip(1)
                .any(|line| dates::dateline(line).is_some())
    }

    fn discover(&mut self, block: &Classified<'t>) {
        self.close();
        self.heading = Some(Arc::from(without_marker(&block.joined)));
        self.run = Run::Open;
    }

    /// Begins an item with `block` as its headline, or an item for each entry if it is a list.
    fn open(&mut self, block: &Classified<'t>, takes_paragraphs: bool) {
        let entries = block.entries(self.classify.rules);
        if let Some((heading, entries)) = entries {
            if let Some(heading) = heading {
                self.heading = Some(Arc::from(heading));
            }
            for entry in entries {
                if self.drafts.len() > self.most {
                    break;
                }
                self.open_one(&entry, &entry.joined(), takes_paragraphs);
            }
        } else {
            self.open_one(&block.block, &block.joined, takes_paragraphs);
        }
    }

    fn open_one(&mut self, block: &Block<'t>, joined: &str, takes_paragraphs: bool) {
        self.close();
        let Headline {
            title,
            text: summary,
            link,
            published,
        } = headline(block, joined, self.classify.rules);
        self.item = Some(OpenItem {
            draft: Draft {
                is_wordless: false,
                feed_id: None,
                title,
                summary,
                link,
                picture: None,
                heading: self.heading.clone(),
                published,
                line: block.line,
                categories: Vec::new(),
                archived: None,
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
        let stripped = read_more::strip(&item.draft.summary[item.paragraph..]);
        if let Some(link) = stripped.link {
            item.draft.link.get_or_insert_with(|| read_more::link(link));
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
