//! Digests that people write by hand: `## Section`, `### Headline` or `- [Headline](link): summary`. Front matter
//! gives date and section.

use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use regex::Regex;

use super::blocks::decode;
use super::{Document, Draft, Kind, Known, Page, Reason, Rules, Unreadable, dates, markup, tails};
use crate::items::{Published, clean_link};
use crate::text;

/// The row of [`super::ALL`].
pub const KIND: Kind = Kind {
    name: "markdown",
    extensions: &["md", "markdown"],
    claims,
    parse,
};

/// How much of a document is looked at to find out what it is, in bytes.
const LOOKED_AT: usize = 16_384;

static MARKS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        r"\A\s*(?:---\r?\n(?:[\w-]+:.*\r?\n(?:[ \t-].*\r?\n)*?)+---|\+\+\+\r?\n(?:[\w-]+\s*=.*\r?\n)+\+\+\+)[ \t]*\r?\n",
        r"(?m)^#{1,4} +\S",
        r"(?m)^[-*+] +\[[^\]\n]+\]\([^)\s]+\)",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

fn claims(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    let start = start.trim_start_matches('\u{FEFF}');
    MARKS[0].is_match(start)
        || MARKS[1].find_iter(start).nth(1).is_some()
        || MARKS[1].is_match(start) && MARKS[2].is_match(start)
}

/// What stands before the text, between two lines of hyphens.
#[derive(Default)]
struct Front {
    date: Option<jiff::civil::Date>,
    section: Option<String>,
}

/// Reads one digest.
///
/// # Errors
/// Bytes that aren't text, a digest without an item.
fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let text = decode(&document.bytes)?;
    let (front, body) = match MARKS[0].find(&text) {
        Some(found) => (front(found.as_str()), &text[found.end()..]),
        None => (Front::default(), text.as_ref()),
    };
    // Lines are counted as they are passed, for whoever writes a document of a million pieces.
    let skipped = text.len() - body.len();
    let mut counted = skipped;
    let mut line = 1 + text[..counted].matches('\n').count();
    let mut reader = Reader {
        rules,
        base: document.base(),
        drafts: Vec::new(),
        heading: front.section.as_deref().map(Arc::from),
        open: None,
        listed: false,
    };
    let mut first_text = None;
    for (piece, at) in pieces(body) {
        first_text.get_or_insert_with(|| dates::in_text(&piece.text));
        let begin = (skipped + at).max(counted);
        line += text[counted..begin].matches('\n').count();
        counted = begin;
        if !reader.take(piece, u32::try_from(line).unwrap_or(u32::MAX)) {
            break;
        }
    }
    reader.close();
    // `### []()` has nothing to be called by.
    reader.drafts.retain(|draft| !draft.title.is_empty());
    if reader.drafts.is_empty() {
        return Err(Unreadable {
            line: 1,
            reason: Reason::NoItem,
        });
    }
    let seen = document.seen.to_zoned(TimeZone::UTC).date();
    let date = front.date.or_else(|| dates::in_name(&document.name));
    let date = date.or(first_text.flatten()).unwrap_or(seen);
    Ok(Page {
        published: Published::Date(date),
        drafts: reader.drafts,
    })
}

fn front(text: &str) -> Front {
    let mut front = Front::default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim().to_lowercase().as_str() {
            "date" => front.date = dates::in_text(value),
            "section" | "category" if !value.is_empty() => front.section = Some(value.to_owned()),
            _ => {}
        }
    }
    front
}

/// A heading, a paragraph or an item of a list.
#[derive(Default)]
struct Piece {
    /// 0 for what isn't a heading.
    level: u8,
    in_list: bool,
    text: String,
    /// The first link, and where its text ends.
    link: Option<(String, usize)>,
    /// Whether a link or stressed text begins it, and where that ends.
    lead: Option<usize>,
}

fn pieces(body: &str) -> Vec<(Piece, usize)> {
    let mut pieces = Vec::new();
    let mut open: Option<(Piece, usize)> = None;
    let mut list = 0;
    let mut address = None;
    let mut end = |open: &mut Option<(Piece, usize)>| {
        if let Some((mut piece, at)) = open.take() {
            piece.text = piece.text.trim_end().to_owned();
            if !piece.text.is_empty() {
                pieces.push((piece, at));
            }
        }
    };
    for (event, range) in Parser::new_ext(body, Options::empty()).into_offset_iter() {
        let new = |level, in_list| {
            Some((
                Piece {
                    level,
                    in_list,
                    ..Piece::default()
                },
                range.start,
            ))
        };
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                end(&mut open);
                let level = match level {
                    HeadingLevel::H1 => 1,
                    HeadingLevel::H2 => 2,
                    HeadingLevel::H3 => 3,
                    _ => 4,
                };
                open = new(level, false);
            }
            Event::Start(Tag::List(_)) => {
                end(&mut open);
                list += 1;
            }
            Event::End(TagEnd::List(_)) => list -= 1,
            Event::Start(Tag::Item) => {
                end(&mut open);
                open = new(0, true);
            }
            // The first paragraph of a list's item is the item.
            Event::Start(Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_))
                if open
                    .as_ref()
                    .is_none_or(|(piece, _)| !piece.text.is_empty()) =>
            {
                end(&mut open);
                open = new(0, false);
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock,
            ) => end(&mut open),
            Event::Start(Tag::Link { dest_url, .. }) => address = Some(dest_url.to_string()),
            Event::End(TagEnd::Link) => {
                if let (Some((piece, _)), Some(address)) = (&mut open, address.take()) {
                    let ends = piece.text.len();
                    piece.link.get_or_insert((address, ends));
                }
            }
            Event::Start(Tag::Strong)
                if open
                    .as_ref()
                    .is_some_and(|(piece, _)| piece.text.is_empty()) =>
            {
                if let Some((piece, _)) = &mut open {
                    piece.lead = Some(0);
                }
            }
            Event::End(TagEnd::Strong) => {
                if let Some((piece, _)) = &mut open
                    && piece.lead == Some(0)
                {
                    piece.lead = Some(piece.text.len());
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if open.is_none() {
                    open = new(0, list > 0);
                }
                if let Some((piece, _)) = &mut open {
                    piece.text.push_str(&text);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                if let Some((piece, _)) = &mut open {
                    piece.text.push_str(&markup::line(&html));
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((piece, _)) = &mut open {
                    piece.text.push('\n');
                }
            }
            _ => {}
        }
    }
    end(&mut open);
    pieces
}

struct Reader<'r> {
    rules: &'r Rules,
    base: Option<&'r str>,
    drafts: Vec<Draft>,
    heading: Option<Arc<str>>,
    open: Option<Draft>,
    /// Whether the open one came from a list: then the list's next item is another one.
    listed: bool,
}

impl Reader<'_> {
    /// Takes one piece; `false` at the phrase that ends the page.
    fn take(&mut self, piece: Piece, line: u32) -> bool {
        let whole = markup::squeezed(&piece.text);
        let known = self.rules.known(&text::fold(&whole));
        match (known, piece.level) {
            (Some(Known::Stop), _) => return false,
            (Some(Known::Heading), 1..) => self.section(&whole),
            // The digest's own title.
            (None, 1) => self.close(),
            (None, 2) => self.section(&whole),
            (None, 3..) => self.begin(whole, self.address(&piece), line),
            (_, _) if piece.in_list => self.listed(&piece, line),
            _ => self.paragraph(&piece, whole, line),
        }
        true
    }

    fn address(&self, piece: &Piece) -> Option<String> {
        let (address, _) = piece.link.as_ref()?;
        clean_link(self.base, address)
    }

    fn section(&mut self, title: &str) {
        self.close();
        self.heading = Some(Arc::from(title));
    }

    fn begin(&mut self, title: String, link: Option<String>, line: u32) {
        self.close();
        self.listed = false;
        self.open = Some(Draft {
            feed_id: None,
            title,
            summary: String::new(),
            link,
            heading: self.heading.clone(),
            published: None,
            line,
            archived: None,
        });
    }

    /// `- [Headline](link): summary`, or a headline alone; a list under a headline belongs to its summary.
    fn listed(&mut self, piece: &Piece, line: u32) {
        let led = piece.link.as_ref().map(|(_, end)| *end).or(piece.lead);
        let Some(end) = led.filter(|end| *end > 0) else {
            if self.open.is_some() && !self.listed {
                return self.add(&markup::squeezed(&piece.text));
            }
            self.begin(markup::squeezed(&piece.text), None, line);
            self.listed = true;
            return;
        };
        let title = markup::squeezed(&piece.text[..end]);
        self.begin(title, self.address(piece), line);
        self.listed = true;
        let rest = markup::behind_lead(&piece.text[end..]);
        self.add(&markup::squeezed(rest));
    }

    fn paragraph(&mut self, piece: &Piece, whole: String, line: u32) {
        let is_lead = piece
            .lead
            .is_some_and(|end| piece.text[end..].trim().is_empty())
            || piece.link.as_ref().is_some_and(|(_, end)| {
                piece.text[*end..].trim().is_empty() && piece.lead.is_some()
            });
        if is_lead {
            return self.begin(whole, self.address(piece), line);
        }
        let linked = self.address(piece);
        self.add(&whole);
        if let Some(open) = &mut self.open
            && open.link.is_none()
            && !tails::strip(&whole).text.eq(&whole)
        {
            open.link = linked;
        }
    }

    fn add(&mut self, paragraph: &str) {
        if let Some(open) = &mut self.open
            && !paragraph.is_empty()
        {
            if !open.summary.is_empty() {
                open.summary.push_str("\n\n");
            }
            open.summary.push_str(paragraph);
        }
    }

    fn close(&mut self) {
        if let Some(mut draft) = self.open.take() {
            let stripped = tails::strip(&draft.summary);
            let link = stripped.link.map(str::to_owned);
            draft.summary = stripped.text.trim_end().to_owned();
            draft.link = draft.link.or(link);
            self.drafts.push(draft);
        }
    }
}
