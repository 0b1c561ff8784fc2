//! Digests that people write by hand: `## Section`, `### Headline` or `- [Headline](link): summary`. Front matter
//! gives date and section.

use std::sync::{Arc, LazyLock};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use super::blocks::decode_document;
use super::classify::DATED_BLOCKS;
use super::pieces::{Kind as PieceKind, Open, Piece};
use super::reading::{Origin, read};
use super::{
    Document, Draft, Kind, Page, Reason, Rules, Unreadable, bounds, dates, digest, markup, tails,
};
use crate::items::{Published, clean_link};

/// The row of [`super::ALL`].
pub const KIND: Kind = Kind {
    name: "markdown",
    extensions: &["md", "markdown"],
    claims,
    parse,
};

/// How much of a document is looked at to find out what it is, in bytes.
const LOOKED_AT: usize = 16_384;

static MARKS: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        r"\A\s*(?:---\r?\n(?:[\w-]+:.*\r?\n(?:[ \t-].*\r?\n)*?)+---|\+\+\+\r?\n(?:[\w-]+\s*=.*\r?\n)+\+\+\+)[ \t]*\r?\n",
        r"(?m)^#{1,4} +\S",
        r"(?m)^[-*+] +\[[^\]\n]+\]\([^)\s]+\)",
        // Titles that are underlined, headlines that are links or stand in stars.
        r"(?m)^\S.*\r?\n={3,}[ \t]*\r?$|^(?:[-*+] +)?\[[^\]\n]+\]\(https?://[^)\s]+\)|^(?:[-*+] +)?\*\*[^*\n]+\*\*[ \t]*\r?$",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

fn claims(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    let start = start.trim_start_matches('\u{FEFF}').trim_end();
    // A page of text may have such lines too, but not without two blank lines together.
    let has_wide_gap = || start.contains("\n\n\n") || start.contains("\n\r\n\r\n");
    MARKS[0].is_match(start)
        || MARKS[1].find_iter(start).nth(1).is_some()
        || MARKS[1].is_match(start) && MARKS[2].is_match(start)
        || MARKS[3].find_iter(start).nth(1).is_some() && !has_wide_gap()
}

/// What stands before the text, between two lines of hyphens.
#[derive(Default)]
struct Front {
    title: Option<String>,
    date: Option<jiff::civil::Date>,
    section: Option<String>,
}

/// Reads one digest.
///
/// # Errors
/// Bytes that aren't text, a digest without an item.
fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let text = decode_document(document)?;
    let (front, body) = match MARKS[0].find(&text) {
        Some(found) => (front(found.as_str()), &text[found.end()..]),
        None => (Front::default(), text.as_ref()),
    };
    bounds::check_markdown(body)?;
    let pieces = pieces(body, &text[..text.len() - body.len()]);
    let heading: Option<Arc<str>> = front.section.as_deref().map(Arc::from);
    let mut drafts = read(
        &pieces,
        rules,
        document.base(),
        Origin::Hand,
        heading.clone(),
    );
    if drafts.is_empty() {
        drafts.extend(article(front.title, heading, &pieces));
    }
    if drafts.is_empty() {
        // A text page that happens to have a few marks.
        return digest::parse(document, rules).map_err(|_| Unreadable {
            line: 1,
            reason: Reason::NoItem,
        });
    }
    let written = || {
        let first = pieces.iter().take(DATED_BLOCKS);
        first.filter_map(|piece| dates::in_text(&piece.text)).next()
    };
    let date = front.date.or_else(|| dates::in_name(&document.name));
    Ok(Page {
        published: date.or_else(written).map(Published::Date),
        drafts,
        ..Page::default()
    })
}

/// A text without headlines is an item as a whole, if it has a title.
fn article(title: Option<String>, heading: Option<Arc<str>>, pieces: &[Piece]) -> Option<Draft> {
    let first = pieces.first()?;
    let own = matches!(first.kind, PieceKind::Heading(_)).then(|| first.text.clone());
    let paragraphs = pieces
        .iter()
        .filter(|piece| !matches!(piece.kind, PieceKind::Heading(_)));
    let mut paragraphs: Vec<String> = paragraphs.map(|piece| piece.text.clone()).collect();
    let title = title.or(own)?;
    let read_on = tails::strip_paragraphs(&mut paragraphs, &title);
    (!paragraphs.is_empty()).then(|| Draft {
        title,
        summary: paragraphs.join("\n\n"),
        link: read_on.and_then(|address| clean_link(None, &address)),
        heading,
        line: first.line,
        ..Draft::default()
    })
}

fn front(text: &str) -> Front {
    let mut front = Front::default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        let given = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match key.trim().to_lowercase().as_str() {
            "title" => front.title = given(),
            "date" | "published" | "pubdate" => front.date = dates::in_text(value),
            "section" | "category" => front.section = given(),
            _ => {}
        }
    }
    front
}

/// The piece at hand, with what it is and where it begins in the body.
struct Begun {
    kind: PieceKind,
    depth: u32,
    at: usize,
    open: Open,
}

/// The pieces of a text; `before` is what stands in front of it in its document.
fn pieces(body: &str, before: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut begun: Option<Begun> = None;
    let (mut lists, mut stress, mut pictures) = (0_u32, 0_u32, 0_i32);
    let mut address: Option<String> = None;
    // Lines are counted as they are passed, for whoever writes a document of a million pieces.
    let mut counted = 0;
    let mut line = 1 + before.matches('\n').count();
    let mut end = |begun: &mut Option<Begun>| {
        if let Some(Begun {
            kind,
            depth,
            at,
            open,
        }) = begun.take()
        {
            let at = at.max(counted);
            line += body[counted..at].matches('\n').count();
            counted = at;
            pieces.extend(open.piece(kind, depth, u32::try_from(line).unwrap_or(u32::MAX)));
        }
    };
    for (event, range) in Parser::new_ext(body, Options::empty()).into_offset_iter() {
        let new = |kind, depth| {
            Some(Begun {
                kind,
                depth,
                at: range.start,
                open: Open::default(),
            })
        };
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                end(&mut begun);
                begun = new(PieceKind::Heading(level as u8), 0);
            }
            Event::Start(Tag::List(_)) => {
                end(&mut begun);
                lists += 1;
            }
            Event::End(TagEnd::List(_)) => lists = lists.saturating_sub(1),
            Event::Start(Tag::Item) => {
                end(&mut begun);
                begun = new(PieceKind::Item, lists);
            }
            // The first paragraph of a list's item is the item.
            Event::Start(Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_))
                if begun.as_ref().is_none_or(|begun| !begun.open.is_empty()) =>
            {
                end(&mut begun);
                begun = new(PieceKind::Paragraph, 0);
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock,
            ) => end(&mut begun),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if let Some(Begun { open, .. }) = &mut begun {
                    open.link(&dest_url);
                }
                address = Some(dest_url.to_string());
            }
            Event::End(TagEnd::Link) => address = None,
            Event::Start(Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures -= 1,
            // What a picture shows is for whoever can't see it.
            Event::Text(_) if pictures > 0 => {}
            Event::Start(Tag::Strong) => stress += 1,
            Event::End(TagEnd::Strong) => stress = stress.saturating_sub(1),
            Event::Text(text) | Event::Code(text) => {
                begun = begun.or_else(|| new(PieceKind::Paragraph, 0));
                if let Some(Begun { open, .. }) = &mut begun {
                    open.push(&text, stress > 0, address.as_deref());
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                if let Some(Begun { open, .. }) = &mut begun {
                    open.push(&markup::line(&html), stress > 0, address.as_deref());
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                // A headline on a line of its own stands for itself.
                let is_headline = |begun: &Begun| {
                    address.is_none()
                        && stress == 0
                        && begun.kind == PieceKind::Paragraph
                        && begun.open.is_set()
                };
                if begun.as_ref().is_some_and(is_headline) {
                    end(&mut begun);
                    begun = new(PieceKind::Paragraph, 0);
                } else if let Some(Begun { open, .. }) = &mut begun {
                    open.space();
                }
            }
            _ => {}
        }
    }
    end(&mut begun);
    pieces
}
