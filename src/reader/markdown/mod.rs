//! Digests that people write by hand: `## Section`, `### Headline` or `- [Headline](link): summary`. Front matter
//! gives date and section.

mod front;
mod marks;

use std::sync::{Arc, LazyLock};

use memchr::{memchr, memmem};
use regex::Regex;

use crate::dates;
use crate::document::{Document, DocumentKind, Page, Reason, Unread, Unreadable};
use crate::html::heading_roles::Origin;
use crate::html::itemize::{Found, Plain, read};
use crate::html::outline::{Piece, PieceKind};
use crate::limits::bounds;
use crate::markdown::front::{Front, front, front_of};
use crate::markdown::marks::{Pictured, pieces};
use crate::rules::{Known, Rules};
use crate::text::blocks::{Block, Blocks, decode_document};
use crate::text::classify::DATED_BLOCKS;
use crate::text::entries::{Marks, entries};
use crate::text::numbering::number_length;
use crate::text::underlines::{Part, may_be_underlined, parts, underlines};
use crate::text::{digest, read_more};
use tidings_core::item::{Draft, Published, clean_link, clean_picture};
use tidings_core::text;

/// The row of [`crate::ALL`].
pub(crate) const KIND: DocumentKind = DocumentKind {
    name: "markdown",
    extensions: &["md", "markdown"],
    claims,
    parse,
};

/// How much of a document is looked at to find out what it is, in bytes.
const LOOKED_AT: usize = 16_384;

static MARKS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        r"(?m)^ {0,3}#{1,6} +\S",
        r"(?m)^ {0,3}(?:(?:[-*+]|\d{1,3}[.)]) +|\d{1,3}[、．] ?)\[[^\]\n]+\](?:\([^)\s]+\)|\[[^\]\n]*\])|^ {0,3}\|? *:?-{3,}:? *\|[-:| ]*\r?$",
        // Headlines that are links or stand in stars.
        r"(?m)^(?:[-*+] +)?\[[^\]\n]+\]\(https?://[^)\s]+\)|^(?:[-*+] +)?\*\*[^*\n]+\*\*[ \t]*\r?$",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

fn claims(bytes: &[u8]) -> bool {
    is_marked(&beginning(bytes))
}

/// Whether a text is named as Markdown, and has a mark at all: a heading, or, where no two blank lines stand together as
/// in digests, an entry of a list, a link, a line in stars.
pub(crate) fn is_called_so(document: &Document) -> bool {
    static ONE: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(
            r"(?m)^ {0,3}(?:[-*+]|\d{1,3}[.)]) +\S|\]\([^)\s]+\)|^ {0,3}\*\*[^*\n]+\*\*[ \t]*\r?$",
        )
        .unwrap()
    });
    let name = match document.address {
        Some(_) => document.name.split(['?', '#']).next(),
        None => Some(document.name.as_str()),
    };
    let extension = name
        .and_then(|name| name.rsplit(['/', '\\']).next()?.rsplit_once('.'))
        .map_or("", |(_, extension)| extension);
    if !KIND
        .extensions
        .iter()
        .any(|known| known.eq_ignore_ascii_case(extension))
    {
        return false;
    }
    let start = beginning(&document.bytes);
    MARKS[0].is_match(&start) || ONE.is_match(&start) && !has_wide_gap(&start)
}

/// What stands before the block that ends the page, if there is one and something before it.
pub(crate) fn before_stop(document: &Document, rules: &Rules) -> Option<Document> {
    if !rules.has_stops() {
        return None;
    }
    let text = decode_document(document).ok()?;
    let stop =
        Blocks::new(&text).find(|block| rules.known_as(&block.joined()) == Some(Known::Stop))?;
    let before = &text[..stop.raw.as_ptr().addr() - text.as_ptr().addr()];
    (!before.trim().is_empty()).then(|| document.with_body(before.as_bytes().to_vec(), None))
}

/// A text's beginning, as far as it is looked at to find out what it is.
fn beginning(bytes: &[u8]) -> String {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    start.trim_start_matches('\u{FEFF}').trim_end().to_owned()
}

/// Blank lines between a digest's items.
const WIDE: u32 = 2;

/// Whether two blank lines stand together, as they do between a digest's items.
fn has_wide_gap(start: &str) -> bool {
    start.contains("\n\n\n") || Blocks::new(start).skip(1).any(|block| block.gap >= WIDE)
}

/// Whether texts stand apart as they do in a digest: not only what stands under one underlined line from the next.
fn has_wide_gap_between(start: &str) -> bool {
    let mut was_heading = true;
    has_wide_gap(start)
        && Blocks::new(start).any(|block| {
            let parts = parts(block);
            let is_heading = |part: Option<&Part<'_>>| part.is_some_and(|part| part.is_underlined);
            let parts = parts.as_deref().unwrap_or_default();
            let is_apart = block.gap >= WIDE && !was_heading && !is_heading(parts.first());
            was_heading = is_heading(parts.last());
            is_apart
        })
}

/// Whether a text is Markdown, by its beginning.
fn is_marked(start: &str) -> bool {
    // A page of text may have such lines too, but not without two blank lines together. Underlined lines are headings there
    // as well, and its gaps tell more.
    let has_links = || MARKS[2].find_iter(start).nth(1).is_some();
    let has_entries = || MARKS[1].is_match(start) || has_links() || lists_addresses(start);
    front_of(start).is_some()
        || count_of_marks(start) > 0
        || has_underlined(start) && (!has_wide_gap_between(start) || has_entries())
        || has_links() && !has_wide_gap(start)
        || lists_addresses(start) && !has_wide_gap(start)
}

/// Whether nothing speaks for Markdown but that headlines stand right over their addresses, as they do in digests as well.
pub(crate) fn may_be_digest(document: &Document) -> bool {
    let start = beginning(&document.bytes);
    front_of(&start).is_none()
        && count_of_marks(&start) == 0
        && !has_underlined(&start)
        && !MARKS[1].is_match(&start)
        && MARKS[2].find_iter(&start).nth(1).is_none()
        && has_headlines_over_addresses(&start)
}

/// Whether addresses stand right under headlines, and nowhere else.
pub(crate) fn has_headlines_over_addresses(start: &str) -> bool {
    let is_headline_over_address = |block: &Block<'_>| {
        let lines: Vec<&str> = block.lines().collect();
        match lines[..] {
            [headline, address] => {
                !text::ends_sentence(headline) && read_more::only_address(address).is_some()
            }
            // Who wrote it stands between them.
            [_, between, address] => {
                !text::ends_sentence(between) && read_more::only_address(address).is_some()
            }
            _ => false,
        }
    };
    let mut with_address = Blocks::new(start).filter(has_address).peekable();
    with_address.peek().is_some() && with_address.all(|block| is_headline_over_address(&block))
}

/// How many marks speak for Markdown, where enough do: headings, and lists of links or tables.
pub(crate) fn count_of_marks(start: &str) -> usize {
    // Without a heading lists say nothing: most texts have none.
    if memchr(b'#', start.as_bytes()).is_none() {
        return 0;
    }
    let headings = MARKS[0].find_iter(start).count();
    let lists = match headings {
        0 => 0,
        _ => MARKS[1].find_iter(start).count(),
    };
    // Nobody but who writes Markdown sets a link like this.
    let has_link = || {
        let has = |mark: &[u8]| memmem::find(start.as_bytes(), mark).is_some();
        has(b"](http") || has(b"<http")
    };
    if headings > 1 || headings > 0 && (lists > 0 || has_link()) {
        headings + lists
    } else {
        0
    }
}

/// Whether a line is underlined.
fn has_underlined(start: &str) -> bool {
    let mut before = "";
    start.lines().any(|line| {
        let is_under = underlines(line).is_some() && may_be_underlined(before);
        before = line;
        is_under
    })
}

/// Whether programs wrote a list of headlines, each with its text and its address on lines of their own.
pub(crate) fn lists_addresses(start: &str) -> bool {
    const FEWEST: usize = 2;
    if memmem::find(start.as_bytes(), b"://").is_none() {
        return false;
    }
    let is_entry = |block: &Block<'_>| {
        let raw = block.raw.trim_start();
        let is_numbered =
            || raw.starts_with(|c: char| c.is_ascii_digit()) && number_length(raw) > 0;
        (["* ", "- ", "+ "].iter().any(|mark| raw.starts_with(mark)) || is_numbered())
            && block.lines().nth(1).is_some()
            && block
                .lines()
                .any(|line| read_more::only_address(line).is_some())
    };
    // Marks that Markdown doesn't know, and headlines over their addresses.
    let is_row = |block: &Block<'_>| {
        let lines: Vec<&str> = block.raw.lines().collect();
        has_address(block) && entries(&lines, Marks::Others).is_some()
    };
    Blocks::new(start)
        .filter(is_entry)
        .nth(FEWEST - 1)
        .is_some()
        || Blocks::new(start).any(|block| {
            let bullets = block
                .lines()
                .filter(|line| line.starts_with("* ") || line.starts_with("- "));
            is_entry(&block) && bullets.count() >= FEWEST || is_row(&block)
        })
        || is_over_addresses(start)
}

/// Whether a block has a line, or an end of one, that is an address.
fn has_address(block: &Block<'_>) -> bool {
    block.lines().any(|line| {
        read_more::only_address(line).is_some() || read_more::before_address(line).is_some()
    })
}

/// Whether most blocks are a headline over its address.
fn is_over_addresses(start: &str) -> bool {
    let is_pair = |block: &Block<'_>| {
        let lines: Vec<&str> = block.lines().take(3).collect();
        matches!(lines[..], [headline, address]
            if !text::ends_sentence(headline)
                && read_more::only_address(headline).is_none()
                && read_more::only_address(address).is_some())
    };
    let pairs = Blocks::new(start).filter(is_pair).count();
    pairs >= 2 && 2 * pairs >= Blocks::new(start).count()
}

/// Reads one digest.
///
/// # Errors
/// Bytes that aren't text, a digest without an item.
pub(crate) fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let text = decode_document(document)?;
    let (front, body) = match front_of(&text) {
        Some(end) => (front(&text[..end]), &text[end..]),
        None => (Front::default(), text.as_ref()),
    };
    bounds::check_markdown(body)?;
    let (pieces, pictures) = pieces(body, &text[..text.len() - body.len()]);
    let section = front.section.as_deref();
    let heading: Option<Arc<str>> = section
        .filter(|section| bounds::may_head(section))
        .map(Arc::from);
    let Found {
        mut drafts,
        mut unread,
        ..
    } = read(
        &pieces,
        rules,
        document.base(),
        Origin::Hand,
        heading.clone(),
        None,
        Plain::AsText,
    );
    if drafts.is_empty() {
        drafts.extend(article(front.title, heading, &pieces));
        unread.clear();
    }
    if drafts.is_empty() {
        let no_item = Unreadable {
            line: 1,
            reason: Reason::NoItem,
        };
        let has_headings = pieces.iter().any(Piece::is_heading);
        // A text page that happens to have a few marks.
        return match has_headings {
            true => Err(no_item),
            false => digest::parse(document, rules).map_err(|_| no_item),
        };
    }
    give(&mut drafts, &pieces, &pictures, document.base());
    let written = || {
        let first = pieces.iter().take(DATED_BLOCKS);
        first
            .filter_map(|piece| dates::in_block(&piece.text))
            .next()
    };
    let date = front.date.or_else(|| dates::in_name(&document.name));
    Ok(Page {
        published: date.or_else(written).map(Published::Date),
        drafts,
        unread: Unread {
            of: pieces
                .iter()
                .filter(|piece| piece.kind != PieceKind::Rule)
                .count(),
            lines: unread,
        },
        ..Page::default()
    })
}

/// Gives items their pictures: those that stand between an item's headline and what comes behind it. What is one item as a
/// whole may have its picture in front.
fn give(drafts: &mut [Draft], pieces: &[Piece], pictures: &[Pictured], base: Option<&str>) {
    let ends = pieces
        .iter()
        .filter(|piece| piece.is_heading() || piece.kind == PieceKind::Rule);
    let ends: Vec<u32> = ends.map(|piece| piece.line).collect();
    let is_one = drafts.len() == 1;
    for picture in pictures {
        let before = drafts.partition_point(|draft| draft.line <= picture.line);
        let end = ends.partition_point(|line| *line <= picture.line);
        let end = end.checked_sub(1).map_or(0, |at| ends[at]);
        let draft = match before.checked_sub(1).map(|at| &mut drafts[at]) {
            Some(draft) if draft.line >= end => draft,
            _ if is_one => &mut drafts[0],
            _ => continue,
        };
        if draft.picture.is_none() {
            draft.picture = clean_picture(base, &picture.written);
        }
    }
}

/// A text without headlines is an item as a whole, if it has a title and no other headings, as far as a line across the
/// page.
fn article(title: Option<String>, heading: Option<Arc<str>>, pieces: &[Piece]) -> Option<Draft> {
    let first = pieces.first()?;
    let own = first.is_heading().then(|| first.text.clone());
    if pieces[1..].iter().any(Piece::is_heading) {
        return None;
    }
    let paragraphs = pieces
        .iter()
        .take_while(|piece| piece.kind != PieceKind::Rule)
        .filter(|piece| !piece.is_heading());
    let mut paragraphs: Vec<String> = paragraphs.map(|piece| piece.text.clone()).collect();
    let title = title.or(own)?;
    let read_on = read_more::strip_paragraphs(&mut paragraphs, &title);
    (!paragraphs.is_empty()).then(|| Draft {
        title,
        summary: paragraphs.join("\n\n"),
        link: read_on.and_then(|address| clean_link(None, &address)),
        heading,
        line: first.line,
        ..Draft::default()
    })
}
