//! Web pages: the digest is found where publishing systems put it, or by the source's selectors.
//!
//! A page becomes a row of pieces, each a heading, a paragraph or an item of a list. Which headings are sections and
//! which are headlines shows when they are seen together; where no headlines can be told, the pieces are laid out
//! as text, and the rules for text decide.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use ego_tree::NodeId;
use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::dated::date_of;
use super::lengths::Lengths;
use super::pieces::{Links, laid_out};
use super::reading::{Found, Origin, read};
use super::selected::by_selectors;
use super::walk::pieces;
use super::{
    Document, Kind, Page, Reason, Rules, Unread, Unreadable, bounds, charset, digest, markdown,
    work,
};
use tidings_core::item::{Published, clean_link};
use tidings_core::text;

/// The row of [`super::ALL`].
pub const KIND: Kind = Kind {
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

/// Where publishing systems put the text of a page, the most particular first: microdata, WordPress and its themes,
/// Ghost, Blogger, Drupal, Medium's export, and plain HTML 5.
const CONTAINERS: &[&str] = &[
    "[itemprop=articleBody]",
    ".entry-content",
    ".post-content",
    ".article-content",
    ".article-body",
    ".wp-block-post-content",
    ".gh-content",
    ".available-content",
    ".tt_article_useless_p_margin",
    ".se-main-container",
    ".post-body",
    ".td-post-content",
    ".field--name-body",
    ".node__content",
    ".story-body",
    ".e-content",
    "article",
    "[role=main]",
    "main",
    "#content",
];

/// Headings that are looked for in elements: what has more of them isn't a digest.
const MOST_HEADINGS: usize = 200;

/// Elements of one name that are compared.
const MOST_CONTAINERS: usize = 50;

/// Text that a container has to hold to be the page's, in characters.
const ENOUGH: usize = 40;

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
pub fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let html = page_of(document)?;
    let base = base_of(&html, document);
    let base = base.as_ref().map(Url::as_str);
    if let Some(item) = &rules.selectors().item {
        return by_selectors(&html, item, rules, document, base);
    }
    let container = container(&html, rules);
    let found = pieces(container);
    let Found {
        mut drafts,
        mut unread,
    } = read(&found, rules, base, Origin::Web, None);
    if drafts.is_empty() {
        // Nothing tells headlines apart but the way in which text is set.
        let written = written_out(container).unwrap_or_else(|| laid_out(&found));
        let laid_out = document.with_body(written.into_bytes(), None);
        let read = digest::parse(&laid_out, rules);
        // What is wrong with the layout is of no use to whoever looks at a web page.
        let read = read.map_err(|_| Unreadable {
            line: 0,
            reason: Reason::NoDigest,
        })?;
        (drafts, unread) = (read.drafts, read.unread.lines);
        let links = Links::of(&found);
        for draft in &mut drafts {
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
    }
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

/// The text of a page that is put up as it was written.
fn written_out(container: ElementRef<'_>) -> Option<String> {
    let written = select(container, "pre")?;
    let lengths = Lengths::within(container);
    let is_most = 2 * lengths.of(written).trimmed > lengths.of(container).trimmed;
    is_most.then(|| written.text().collect())
}

/// What it takes a library to read a byte.
const STEPS_A_BYTE: usize = 10;

/// A page's elements.
///
/// # Errors
/// Bytes that aren't text, more than a page may be made of.
pub(super) fn page_of(document: &Document) -> Result<Html, Unreadable> {
    let text = charset::decode(document)?;
    bounds::check_html(&text)?;
    work::spend(STEPS_A_BYTE * text.len());
    Ok(Html::parse_document(&text))
}

/// What relative links start from: a `base` element, else the page's own address.
pub(super) fn base_of(html: &Html, document: &Document) -> Option<Url> {
    let own = document.address.clone();
    let told = select(html.root_element(), "base[href]").and_then(|base| base.value().attr("href"));
    match (told, &own) {
        (Some(href), Some(own)) => own.join(href).ok().or_else(|| Some(own.clone())),
        (Some(href), None) => Url::parse(href).ok(),
        (None, _) => own,
    }
}

fn is_known(heading: ElementRef<'_>, rules: &Rules) -> bool {
    let text: String = heading.text().take(10).collect();
    rules.is_heading(&text)
}

pub(super) fn select<'a>(within: ElementRef<'a>, selector: &str) -> Option<ElementRef<'a>> {
    within.select(&Selector::parse(selector).ok()?).next()
}

/// The element that holds the digest: the first of the known ones that there is just one of, or one that holds much
/// more than the others. Where the page has known headings, they are in it.
pub(super) fn container<'h>(html: &'h Html, rules: &Rules) -> ElementRef<'h> {
    let root = html.root_element();
    let body = select(root, "body").unwrap_or(root);
    let headings: Vec<ElementRef<'_>> = match Selector::parse("h1, h2, h3, h4, h5, h6, strong, b") {
        Ok(selector) => body
            .select(&selector)
            .take(MOST_HEADINGS)
            .filter(|one| is_known(*one, rules))
            .collect(),
        Err(_) => Vec::new(),
    };
    let over_headings: HashSet<NodeId> = headings
        .iter()
        .flat_map(|heading| heading.ancestors().map(|above| above.id()))
        .collect();
    let holds_headings =
        |element: &ElementRef<'_>| headings.is_empty() || over_headings.contains(&element.id());
    let lengths = Lengths::within(body);
    for name in CONTAINERS {
        let Ok(selector) = Selector::parse(name) else {
            continue;
        };
        let mut found: Vec<(usize, ElementRef<'_>)> = body
            .select(&selector)
            .map(|element| (lengths.of(element).trimmed, element))
            .filter(|(length, _)| *length >= ENOUGH)
            .take(MOST_CONTAINERS)
            .filter(|(_, element)| holds_headings(element))
            .collect();
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        match found.as_slice() {
            [(_, only)] => return *only,
            [(longest, first), (second, _), ..] if *longest >= 3 * second => return *first,
            _ => {}
        }
    }
    body
}
