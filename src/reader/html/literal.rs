//! What only looks like markup: types in headlines (`Option<T>`), names of elements that are spoken of, CDATA that was
//! escaped.

use std::borrow::Cow;
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
    // The shortest are the most frequent.
    for same in &mut elements {
        same.sort_by_key(|element| element.name.len());
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
    if memchr(b'<', markup.as_bytes()).is_none() {
        return Cow::Borrowed(markup);
    }
    // A byte is looked for sooner than a word.
    let may_have = memchr(b'!', markup.as_bytes()).is_some();
    let markup = if may_have && memmem::find(markup.as_bytes(), CDATA.as_bytes()).is_some() {
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
    let clings =
        |one: &Candidate<'_>| markup[..one.at].ends_with(|c: char| c.is_ascii_alphanumeric());
    let candidates = || memchr_iter(b'<', markup.as_bytes()).filter_map(|at| candidate(markup, at));
    // A tag whatever else there is: nearly all markup has no others, and needs nothing gathered.
    let is_tag = |one: &Candidate<'_>| {
        one.element.is_some_and(|element| {
            let is_formatting = || FORMATTING.contains(&element.name) && !clings(one);
            one.closes
                || !one.is_bare
                || one.name == element.name && (element.needs_no_end || is_formatting())
        })
    };
    if candidates().all(|one| is_tag(&one)) {
        return Vec::new();
    }
    let found: Vec<Candidate<'_>> = candidates().collect();
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
        is_type || clings(one) || is_plain && !FORMATTING.contains(&name)
    };
    found
        .iter()
        .filter(|one| is_text(one))
        .map(|one| one.at)
        .collect()
}

fn candidate(markup: &str, at: usize) -> Option<Candidate<'_>> {
    let rest = &markup.as_bytes()[at + 1..];
    let closes = rest.first() == Some(&b'/');
    let start = at + 1 + usize::from(closes);
    let rest = &markup.as_bytes()[start..];
    if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    // No element has a longer name.
    const LONGEST: usize = 64;
    let mut has_upper = false;
    let end = rest.iter().take(LONGEST).position(|byte| {
        has_upper |= byte.is_ascii_uppercase();
        matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace()
    })?;
    let name = &markup[start..start + end];
    let lower = match has_upper {
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
        is_bare: rest[end] == b'>' || markup[start + end..].trim_start().starts_with('>'),
    })
}
