//! HTML to plain text: titles become one line, summaries paragraphs. Nothing in it is followed, run or trusted.

use std::sync::LazyLock;

use regex::Regex;
use scraper::Html;
use scraper::node::Node;

use super::bounds;
use crate::text;

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new("<[^>]*>").unwrap()
});

/// Elements whose text nobody reads.
pub(super) const UNREAD: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button",
    "head", "math",
];

/// Elements that stand on lines of their own.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Whether a text may be markup: a tag, or an entity.
pub fn looks_like_markup(text: &str) -> bool {
    let tag = text.match_indices('<').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('/');
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') && rest.contains('>')
    });
    let entity = text.match_indices('&').any(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.find(';').unwrap_or(0);
        (2..=31).contains(&end)
            && rest[..end]
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '#')
    });
    tag || entity
}

/// Markup as one line of plain text.
pub fn line(markup: &str) -> String {
    paragraphs(markup).join(" ")
}

/// Markup as paragraphs of plain text.
pub fn paragraphs(markup: &str) -> Vec<String> {
    if !looks_like_markup(markup) {
        return plain_paragraphs(markup);
    }
    if bounds::check_html(markup).is_err() {
        // Nobody reads what is nested like this.
        return plain_paragraphs(&TAG.replace_all(markup, " "));
    }
    let fragment = Html::parse_fragment(markup);
    let mut paragraphs = Vec::new();
    let mut open = String::new();
    let mut unread = 0;
    for edge in fragment.root_element().traverse() {
        let (node, opens) = match edge {
            ego_tree::iter::Edge::Open(node) => (node, true),
            ego_tree::iter::Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(element) if UNREAD.contains(&element.name()) => {
                unread += if opens { 1 } else { -1 };
            }
            _ if unread > 0 => {}
            Node::Element(element) if BLOCKS.contains(&element.name()) => {
                end(&mut open, &mut paragraphs);
            }
            Node::Element(element) if element.name() == "br" && opens => open.push('\n'),
            Node::Text(text) if opens => open.push_str(text),
            _ => {}
        }
    }
    end(&mut open, &mut paragraphs);
    paragraphs
}

fn end(open: &mut String, paragraphs: &mut Vec<String>) {
    // Two breaks in a row are a paragraph's end for whoever wrote them.
    paragraphs.extend(plain_paragraphs(open));
    open.clear();
}

/// Plain text as paragraphs: empty lines part them, and other white space is one space.
fn plain_paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for one in text.lines().chain([""]) {
        if one.chars().all(text::is_blank) {
            if !lines.is_empty() {
                paragraphs.push(squeezed(&lines.join("\n")));
                lines.clear();
            }
        } else {
            lines.push(one);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Text on one line, without white space at its ends or twice in a row.
pub fn squeezed(text: &str) -> String {
    text::join_lines(text).into_owned()
}

/// What stands behind the headline of a list's item, without what parts the two: `: `, ` — ` and their kin.
pub(super) fn behind_lead(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || ":–—-·.".contains(c))
}
