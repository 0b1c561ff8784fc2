//! What only looks like markup: types in headlines (`Option<T>`), names of elements that are spoken of, CDATA that was
//! escaped.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::{memchr, memchr_iter};

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

/// What HTML has.
struct Element {
    name: &'static str,
    needs_no_end: bool,
}

/// The elements of HTML by their first letters. This is asked for every tag, and a handful of names is compared sooner
/// than one is hashed.
static ELEMENTS: LazyLock<[Vec<Element>; 26]> = LazyLock::new(|| {
    let mut elements = [const { Vec::new() }; 26];
    for &element in [INLINE, BLOCKS, UNREAD].into_iter().flatten() {
        if let Some(same) = letter(element).and_then(|letter| elements.get_mut(letter)) {
            same.push(Element {
                name: element,
                needs_no_end: OPEN.contains(&element),
            });
        }
    }
    elements
});

fn letter(name: &str) -> Option<usize> {
    let first = name.bytes().next()?;
    first.checked_sub(b'a').map(usize::from)
}

fn element(name: &str) -> Option<&'static Element> {
    let same = ELEMENTS.get(letter(name)?)?;
    same.iter().find(|element| element.name == name)
}

/// What looks like a tag.
struct Candidate<'m> {
    at: usize,
    closes: bool,
    name: &'m str,
    lower: Cow<'m, str>,
    /// What it is in HTML, which may not have it.
    element: Option<&'static Element>,
    /// Whether it is nothing but its name.
    is_bare: bool,
}

/// Markup in which everything is a tag that looks like one.
pub(crate) fn kept(markup: &str) -> Cow<'_, str> {
    // Most texts have no tag, or few.
    let Some(first) = memchr(b'<', markup.as_bytes()) else {
        return Cow::Borrowed(markup);
    };
    let mut tags = memchr_iter(b'<', &markup.as_bytes()[first..]);
    let markup = if tags.any(|at| markup[first + at..].starts_with(CDATA)) {
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
        one.element
            .is_some_and(|element| !one.is_bare || one.closes || element.needs_no_end)
    };
    let is_plain = found.len() <= MOST && !found.iter().any(is_certain);
    let is_text = |one: &Candidate<'_>| {
        let name = one.lower.as_ref();
        let Some(element) = one.element else {
            // Elements of other namespaces, and those that pages make themselves.
            let is_foreign = name.contains([':', '-']) && !name.contains("//");
            return !(is_foreign
                && (one.closes || !one.is_bare || found.len() <= MOST && is_closed(name)));
        };
        if one.closes
            || !one.is_bare
            || element.needs_no_end && one.name == name
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
    let end = rest
        .bytes()
        .take(LONGEST)
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))?;
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
        element: element(&lower),
        lower,
        is_bare: rest[end..].trim_start().starts_with('>'),
    })
}
