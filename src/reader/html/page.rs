//! Web pages: the digest is found where publishing systems put it, or by the source's selectors.
//!
//! A page becomes a row of pieces, each a heading, a paragraph or an item of a list. Which headings are sections and
//! which are headlines shows when they are seen together; where no headlines can be told, the pieces are laid out
//! as text, and the rules for text decide.

use std::sync::{Arc, LazyLock};

use regex::Regex;
use scraper::{ElementRef, Html};
use url::Url;

use crate::document::{Document, DocumentKind, Page, Reason, Unread, Unreadable};
use crate::html::heading_roles::Origin;
use crate::html::html_walk::walked;
use crate::html::itemize::{Found, Plain, read};
use crate::html::lengths::Lengths;
use crate::html::outline::{Links, Piece, laid_out};
use crate::html::page_date::date_of;
use crate::html::pictured;
use crate::html::select::{base_of, container, page_of, select};
use crate::html::selected::by_selectors;
use crate::html::story;
use crate::rules::Rules;
use crate::text::digest;
use crate::{charset, markdown, pictures};
use tidings_core::item::{Published, clean_link};
use tidings_core::text;

/// The row of [`crate::ALL`].
pub(crate) const KIND: DocumentKind = DocumentKind {
    name: "page",
    extensions: &["html", "htm", "xhtml"],
    claims,
    parse,
};

/// What a text begins with that is a whole page, and what may be a piece of one; and the tags that lines of it begin with.
static MARKS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        r"(?i)\A(?:<!doctype\s+html|<(?:html|head|body)[\s>])",
        r"(?i)\A</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>",
        r"(?im)^[ \t]*(?:<!doctype\s+html|</?(?:html|head|body|article|main|div|section|header|h[1-6]|p|ul|ol|li|table|tr|td|blockquote)[\s>])",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

/// Whether the bytes are a web page: markup begins it, and where that could be a piece of markup within Markdown, there is
/// more of the one than of the other. Text that names an element is text.
fn claims(bytes: &[u8]) -> bool {
    let start = charset::beginning(bytes);
    let start = start.trim_start_matches(|c: char| text::is_blank(c) || c == '\u{FFFD}');
    if MARKS[0].is_match(start) {
        return true;
    }
    // Broken programs print warnings in front of a page.
    let is_whole = |start: &str| {
        let lower = start.to_ascii_lowercase();
        lower.contains("<html") && (lower.contains("</title>") || lower.contains("</head>"))
    };
    let tags = MARKS[2].find_iter(start).count();
    if tags == 0 {
        return false;
    }
    let lines = start.lines().filter(|line| !line.trim().is_empty()).count();
    let marks = markdown::count_of_marks(start);
    if MARKS[1].is_match(start) {
        return tags > marks || is_whole(start);
    }
    is_whole(start) && marks == 0 && !text::ends_sentence(start.lines().next().unwrap_or_default())
        || 2 * tags > lines && marks == 0
}

/// Reads one page.
///
/// # Errors
/// A page without an item, selectors that aren't any.
pub(crate) fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let html = page_of(document)?;
    let base = base_of(&html, document);
    let base = base.as_ref().map(Url::as_str);
    if let Some(item) = &rules.selectors().item {
        return by_selectors(&html, item, rules, document, base);
    }
    let container = container(&html, rules);
    let (found, shown) = walked(container);
    let called = called(&html);
    let read_so = |pieces: &[Piece], plain: Plain| {
        let called = called.as_deref();
        read(pieces, rules, base, Origin::Web, None, called, plain)
    };
    let read_as = |pieces: &[Piece]| {
        let read = read_so(pieces, Plain::AsText);
        if read.drafts.is_empty() || read.unread.is_empty() || !read.has_plain {
            return read;
        }
        let whole = read_so(pieces, Plain::AsItems);
        match whole.drafts.len() > read.drafts.len() {
            true => whole,
            false => read,
        }
    };
    // Its title is no label above it, nor who wrote it, nor a link in its text.
    let story = story::alone(&found, called.as_deref(), rules).map(|pieces| read_as(&pieces));
    let story = story.filter(|story| story.drafts.len() == 1);
    let mut read = story.unwrap_or_else(|| read_as(&found));
    let mut starts = pictured::starts_of(&read.drafts);
    let as_digest = |written: String| {
        let laid_out = document.with_body(written.into_bytes(), None);
        digest::parse(&laid_out, rules)
    };
    let mut written = written_out(container);
    // Around a letter that an archive of lists puts up there are its links to others.
    if !read.drafts.is_empty()
        && let Some(letter) = written.take()
        && let Ok(letter) = as_digest(letter)
        && letter.drafts.len() >= read.drafts.len()
    {
        read = as_text(Ok(letter), &found, base)?;
        starts = pictured::starts_by_title(&read.drafts, &found);
    }
    if read.drafts.is_empty() {
        // Nothing tells headlines apart but the way in which text is set.
        let text = as_digest(written.unwrap_or_else(|| laid_out(&found)));
        let is_story = match &text {
            Ok(text) => story::is_running_text(&text.drafts),
            // Walls and pages of errors have a title and a sentence as well.
            Err(_) => story::is_article(container),
        };
        let story = story::of(container, &found, rules).filter(|_| is_story);
        read = story.map(|pieces| read_as(&pieces)).unwrap_or_default();
        starts = pictured::starts_of(&read.drafts);
        if read.drafts.is_empty() {
            read = as_text(text, &found, base)?;
            starts = pictured::starts_by_title(&read.drafts, &found);
        }
    }
    let Found {
        mut drafts, unread, ..
    } = read;
    // What the page shows of itself is its only item's.
    if let [only] = drafts.as_mut_slice() {
        only.picture = picture_of_page(&html, base);
    }
    pictured::give(&mut drafts, starts, &found, &shown, base);
    Ok(Page {
        published: date_of(&html, container, &found, document).map(Published::Date),
        drafts,
        unread: Unread {
            of: found.len(),
            lines: unread,
        },
        ..Page::default()
    })
}

/// What was read of a page as text, with the links of its headlines.
fn as_text(
    read: Result<Page, Unreadable>,
    found: &[Piece],
    base: Option<&str>,
) -> Result<Found, Unreadable> {
    // What is wrong with the layout is of no use to whoever looks at a web page.
    let mut read = read.map_err(|_| Unreadable {
        line: 0,
        reason: Reason::NoDigest,
    })?;
    let links = Links::of(found);
    for draft in &mut read.drafts {
        if let Some(heading) = &mut draft.heading
            && heading.ends_with(':')
        {
            *heading = Arc::from(heading.trim_end_matches([':', ' ']));
        }
        if draft.link.is_some() {
            continue;
        }
        draft.link = links
            .of_title(&draft.title)
            .and_then(|link| clean_link(base, link));
    }
    Ok(Found {
        drafts: read.drafts,
        unread: read.unread.lines,
        has_plain: false,
    })
}

/// What a page is called where browsers show it: its own title and its site's name.
fn called(html: &Html) -> Option<String> {
    /// No title is longer that anybody reads, in bytes.
    const LONGEST: usize = 512;
    let title: String = select(html.root_element(), "head > title")?
        .text()
        .collect();
    (title.len() <= LONGEST).then_some(title)
}

/// The picture that a page shows of itself where others link to it.
fn picture_of_page(html: &Html, base: Option<&str>) -> Option<String> {
    let told = [
        "meta[property='og:image']",
        "meta[name='og:image']",
        "meta[name='twitter:image']",
    ];
    told.into_iter().find_map(|selector| {
        let told = select(html.root_element(), selector)?;
        pictures::address(base, told.value().attr("content")?)
    })
}

/// The text of a page that is put up as it was written.
fn written_out(container: ElementRef<'_>) -> Option<String> {
    let written = select(container, "pre")?;
    let lengths = Lengths::within(container);
    let is_most = 2 * lengths.of(written).trimmed > lengths.of(container).trimmed;
    is_most.then(|| written.text().collect())
}
