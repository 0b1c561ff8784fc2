//! What only looks like markup: types in headlines (`Option<T>`), names of elements that are spoken of, CDATA that was
//! escaped.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memmem};

use crate::html::tags::{BLOCKS, UNREAD};

/// Elements of HTML that aren't blocks, old ones included.
const INLINE: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "applet",
    "area",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "big",
    "blink",
    "br",
    "canvas",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "del",
    "dfn",
    "dir",
    "em",
    "embed",
    "font",
    "frame",
    "frameset",
    "i",
    "image",
    "img",
    "input",
    "ins",
    "kbd",
    "keygen",
    "label",
    "legend",
    "link",
    "map",
    "mark",
    "marquee",
    "menu",
    "menuitem",
    "meta",
    "meter",
    "nobr",
    "noframes",
    "noembed",
    "optgroup",
    "option",
    "output",
    "param",
    "picture",
    "plaintext",
    "progress",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "search",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "textarea",
    "time",
    "title",
    "track",
    "tt",
    "u",
    "var",
    "video",
    "wbr",
    "xmp",
];

/// Elements that need no end, or have none.
const OPEN: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "hr",
    "br", "img", "input", "wbr", "area", "base", "col", "embed", "link", "meta", "param", "source",
    "track", "image", "caption", "colgroup",
];

/// Formatting that people forget to close.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "s", "small", "span", "strike", "strong", "sub",
    "sup", "tt", "u",
];

const CDATA: &str = "<![CDATA[";

static ELEMENTS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| [INLINE, BLOCKS, UNREAD].concat().into_iter().collect());

/// What looks like a tag.
struct Candidate<'m> {
    at: usize,
    closes: bool,
    name: &'m str,
    lower: Cow<'m, str>,
    /// Whether HTML has it.
    is_element: bool,
    /// Whether it is nothing but its name.
    is_bare: bool,
}

/// Markup in which everything is a tag that looks like one.
pub(crate) fn kept(markup: &str) -> Cow<'_, str> {
    // Most texts have no tag, or few.
    if memchr(b'<', markup.as_bytes()).is_none() {
        return Cow::Borrowed(markup);
    }
    let markup = if memmem::find(markup.as_bytes(), CDATA.as_bytes()).is_some() {
        Cow::Owned(markup.replace(CDATA, "").replace("]]>", ""))
    } else {
        Cow::Borrowed(markup)
    };
    let literal = literals(&markup);
    if literal.is_empty() {
        return markup;
    }
    let mut kept = String::with_capacity(markup.len() + 3 * literal.len());
    let mut done = 0;
    for at in literal {
        kept.push_str(&markup[done..at]);
        kept.push_str("&lt;");
        done = at + 1;
    }
    kept.push_str(&markup[done..]);
    Cow::Owned(kept)
}

/// Where a `<` begins no tag.
fn literals(markup: &str) -> Vec<usize> {
    let found: Vec<Candidate<'_>> = memchr_iter(b'<', markup.as_bytes())
        .filter_map(|at| candidate(markup, at))
        .collect();
    // Where there are hundreds of tags, nobody speaks of them.
    const MOST: usize = 200;
    let is_closed = |name: &str| found.iter().any(|one| one.closes && one.lower == name);
    let is_certain = |one: &Candidate<'_>| {
        one.is_element && (!one.is_bare || one.closes || OPEN.contains(&one.lower.as_ref()))
    };
    let is_plain = found.len() <= MOST && !found.iter().any(is_certain);
    let is_text = |one: &Candidate<'_>| {
        let name = one.lower.as_ref();
        if !one.is_element {
            // Elements of other namespaces, and those that pages make themselves.
            let is_foreign = name.contains([':', '-']) && !name.contains("//");
            return !(is_foreign
                && (one.closes || !one.is_bare || found.len() <= MOST && is_closed(name)));
        }
        if one.closes
            || !one.is_bare
            || OPEN.contains(&name) && one.name == name
            || found.len() > MOST
            || is_closed(name)
        {
            return false;
        }
        let is_type = one.name != name && one.name.bytes().any(|byte| byte.is_ascii_lowercase());
        let clings = markup[..one.at].ends_with(|c: char| c.is_ascii_alphanumeric());
        is_type || clings || is_plain && !FORMATTING.contains(&name)
    };
    found
        .iter()
        .filter(|one| is_text(one))
        .map(|one| one.at)
        .collect()
}

fn candidate(markup: &str, at: usize) -> Option<Candidate<'_>> {
    let rest = &markup[at + 1..];
    let closes = rest.starts_with('/');
    let rest = if closes { &rest[1..] } else { rest };
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    // No element has a longer name.
    const LONGEST: usize = 64;
    let name = &rest[..rest.floor_char_boundary(LONGEST)];
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))?;
    let name = &rest[..end];
    let lower = match name.contains(|c: char| c.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    };
    // `</div >` is bare as well.
    Some(Candidate {
        at,
        closes,
        name,
        is_element: ELEMENTS.contains(lower.as_ref()),
        lower,
        is_bare: rest[end..].trim_start().starts_with('>'),
    })
}
