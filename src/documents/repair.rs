//! Feeds that publishers have broken, mended as far as that can be done without knowing what was meant.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;
use memchr::{memchr, memchr2, memmem};
use regex::Regex;

use super::bounds::{check_xml, exceeded};
use super::{Unreadable, markup};
use crate::text;

/// The root of a feed.
pub(super) static ROOT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?s)<(?:rss|feed|(?:[\w.-]+:)?RDF)(?:\s[^>]*)?>").unwrap()
});

/// XML with what publishers break in it mended as far as that goes.
///
/// # Errors
/// More than a document may be made of.
pub fn mended_xml(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    let text = text.trim_start_matches(text::is_blank);
    check_xml(text)?;
    repair(text)
}

/// Mends what publishers often break: entities of HTML in XML, lone ampersands, characters that XML doesn't have, a
/// root without a version, and the declaration of an encoding that the text no longer has. Hardly any feed needs more
/// than the last, so what needs nothing isn't copied.
///
/// # Errors
/// Entities that make much of little.
pub(super) fn repair(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    let text = match text.strip_prefix("<?xml") {
        Some(declaration) => declaration.split_once("?>").map_or(text, |(_, rest)| rest),
        None => text,
    };
    let text = if has_others(text) {
        Cow::Owned(text.chars().filter(|c| is_xml(*c)).collect())
    } else {
        Cow::Borrowed(text)
    };
    let edits = misspelt(&text)?;
    let repaired = dressed(renewed(edited(text, edits)));
    if let Some(root) = ROOT.find(&repaired)
        && root.as_str().starts_with("<rss")
        && ![
            "\"2.0\"", "\"0.91\"", "\"0.92\"", "'2.0'", "'0.91'", "'0.92'",
        ]
        .iter()
        .any(|version| root.as_str().contains(&format!("version={version}")))
    {
        let versioned = VERSION.replace(root.as_str(), "");
        let versioned = versioned.replacen("<rss", "<rss version=\"2.0\"", 1);
        let range = root.range();
        return Ok(edited(repaired, vec![(range, versioned)]));
    }
    Ok(repaired)
}

/// What is to be written otherwise, where; in order.
type Edits = Vec<(Range<usize>, String)>;

fn edited(text: Cow<'_, str>, edits: Edits) -> Cow<'_, str> {
    if edits.is_empty() {
        return text;
    }
    let mut edited = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        edited.push_str(&text[done..range.start]);
        edited.push_str(&new);
        done = range.end;
    }
    edited.push_str(&text[done..]);
    Cow::Owned(edited)
}

/// Entities that XML doesn't know, ampersands that are none, and declarations that aren't at the beginning.
fn misspelt(text: &str) -> Result<Edits, Unreadable> {
    let declared = declared(text)?;
    let mut edits = Edits::new();
    // What is declared may not make much of little.
    let mut left = text.len();
    let mut at = 0;
    while let Some(length) = memchr2(b'&', b'<', &text.as_bytes()[at..]) {
        at += length;
        let rest = &text[at..];
        let verbatim = [("<![CDATA[", "]]>"), ("<!--", "-->")];
        let passed = match rest.as_bytes() {
            [b'<', b'!', ..] => {
                let found = verbatim.iter().find(|(start, _)| rest.starts_with(start));
                found.map_or(1, |(_, end)| {
                    let length = memmem::find(rest.as_bytes(), end.as_bytes());
                    length.map_or(rest.len(), |at| at + end.len())
                })
            }
            [b'<', b'?', ..] if rest.starts_with("<?xml") && !rest.starts_with("<?xml-") => {
                let length = rest.find("?>").map_or(rest.len(), |at| at + 2);
                edits.push((at..at + length, String::new()));
                length
            }
            [b'<', ..] => 1,
            _ => {
                let own = declared.iter().find(|(name, _)| {
                    rest[1..].starts_with(*name) && rest[1 + name.len()..].starts_with(';')
                });
                let (new, length) = match own {
                    Some((name, value)) => {
                        left = left.checked_sub(value.len()).ok_or_else(expanded)?;
                        (Some(value.clone()), name.len() + 2)
                    }
                    None => entity(rest),
                };
                edits.extend(new.map(|new| (at..at + length, new)));
                length
            }
        };
        at += passed;
    }
    Ok(edits)
}

fn expanded() -> Unreadable {
    exceeded("entities that make it more than twice as large".to_owned())
}

static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r#"<!ENTITY\s+([\w.-]+)\s+["']([^"'<%]*)["']\s*>"#).unwrap()
});

/// The entities that a document type declares for itself: texts, which may name those before them.
fn declared(text: &str) -> Result<Vec<(&str, String)>, Unreadable> {
    let subset = text
        .trim_start()
        .strip_prefix("<!DOCTYPE")
        .and_then(|rest| Some(&rest[..rest.find("]>")?]));
    let mut declared: Vec<(&str, String)> = Vec::new();
    for one in DECLARED.captures_iter(subset.unwrap_or_default()) {
        let (Some(name), Some(value)) = (one.get(1), one.get(2)) else {
            continue;
        };
        let mut whole = String::new();
        for (at, part) in value.as_str().split('&').enumerate() {
            let named = part.split_once(';').filter(|_| at > 0);
            let known = named.and_then(|(name, rest)| {
                let (_, value) = declared.iter().find(|(known, _)| *known == name)?;
                Some((value, rest))
            });
            match known {
                Some((value, rest)) => {
                    whole.push_str(value);
                    whole.push_str(rest);
                }
                None if at == 0 => whole.push_str(part),
                None => {
                    // `&#8217;` is XML's own.
                    whole.push_str(if part.starts_with('#') { "&" } else { "&amp;" });
                    whole.push_str(part);
                }
            }
            if whole.len() > text.len() {
                return Err(expanded());
            }
        }
        declared.push((name.as_str(), whole));
    }
    Ok(declared)
}

/// What older versions of the formats called themselves and their parts, as later ones do.
fn renewed(text: Cow<'_, str>) -> Cow<'_, str> {
    let Some(root) = ROOT.find(&text).map(|root| root.as_str()) else {
        return text;
    };
    let Some((_, new)) = RENAMED.iter().find(|(old, _)| root.contains(old)) else {
        return text;
    };
    let mut renewed_root = root.to_owned();
    for (old, new) in RENAMED {
        renewed_root = renewed_root.replace(old, new);
    }
    let mut renewed = text.replacen(root, &renewed_root, 1);
    if *new == ATOM {
        for (old, new) in [("issued", "published"), ("modified", "updated")] {
            renewed = renewed
                .replace(&format!("<{old}>"), &format!("<{new}>"))
                .replace(&format!("</{old}>"), &format!("</{new}>"));
        }
    }
    Cow::Owned(renewed)
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

/// Namespaces of Atom 0.3 and RSS 0.90.
const RENAMED: [(&str, &str); 3] = [
    ("http://purl.org/atom/ns#", ATOM),
    (
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://purl.org/rss/1.0/",
    ),
    (
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://purl.org/rss/1.0/",
    ),
];

/// Elements that hold text, or markup that is escaped.
const TEXTS: [&str; 5] = [
    "title",
    "description",
    "summary",
    "content:encoded",
    "content",
];

/// Types of text as Atom 0.3 wrote them.
const TYPES: [(&str, &str); 3] = [
    ("text/plain", "text"),
    ("text/html", "html"),
    ("application/xhtml+xml", "xhtml"),
];

/// Markup that somebody forgot to escape is escaped, so that it isn't taken for elements of the feed and left out.
fn dressed(mut text: Cow<'_, str>) -> Cow<'_, str> {
    let is_atom = ROOT
        .find(&text)
        .is_some_and(|root| root.as_str().starts_with("<feed"));
    for name in TEXTS {
        let edits = edits(&text, name, is_atom);
        text = edited(text, edits);
    }
    text
}

/// What is to be written otherwise about elements of one name, in their order.
fn edits(text: &str, name: &str, is_atom: bool) -> Edits {
    let (begin, end) = (format!("<{name}"), format!("</{name}>"));
    let (begin, end) = (memmem::Finder::new(&begin), memmem::Finder::new(&end));
    let bytes = text.as_bytes();
    let mut edits = Vec::new();
    let mut done = 0;
    while let Some(at) = begin.find(&bytes[done..]).map(|at| done + at) {
        let from = at + 1 + name.len();
        done = from;
        if !text[from..].starts_with(|c: char| c == '>' || c.is_whitespace()) {
            continue;
        }
        // Where one has no end, no later one has.
        let Some(tag) = memchr(b'>', &bytes[from..]).map(|length| from + length) else {
            break;
        };
        done = tag;
        let attributes = &text[from..tag];
        if attributes.ends_with('/') {
            continue;
        }
        let Some(close) = end.find(&bytes[tag..]).map(|length| tag + length) else {
            break;
        };
        let inside = &text[tag + 1..close];
        let is_naked = memchr(b'<', inside.as_bytes()).is_some() && !inside.contains("<![CDATA[");
        // The end is another's.
        if is_naked
            && ["</item", "</entry"]
                .iter()
                .any(|other| inside.contains(other))
        {
            continue;
        }
        done = close;
        let is_typed = is_atom && name != "content" && attributes.contains("type");
        let renamed = TYPES
            .iter()
            .find(|(old, _)| is_typed && attributes.contains(old));
        let typed = renamed.map(|(old, new)| attributes.replace(old, new));
        let kind = typed.as_deref().unwrap_or(attributes);
        if is_naked && !kind.contains("xhtml") && !kind.contains("xml") {
            let escaped = inside.replace('&', "&amp;").replace('<', "&lt;");
            let tag = if is_atom { " type=\"html\">" } else { ">" };
            edits.push((from..close, format!("{tag}{escaped}")));
        } else if let Some(typed) = typed {
            edits.push((from..tag, typed));
        }
    }
    edits
}

static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r#"\sversion\s*=\s*("[^"]*"|'[^']*')"#).unwrap()
});

/// An entity as XML knows it, if it isn't one already, and how long it is.
fn entity(text: &str) -> (Option<String>, usize) {
    let end = text.bytes().take(32).position(|byte| byte == b';');
    let name = end.map_or("", |end| &text[1..end]);
    let length = end.map_or(1, |end| end + 1);
    if ["amp", "lt", "gt", "quot", "apos"].contains(&name) {
        return (None, length);
    }
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    let number = name.strip_prefix('#').and_then(|number| {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        // Whoever writes a control character means a letter of Windows' alphabet there, as HTML has it.
        match code.ok()? {
            code @ 0x80..=0x9F => {
                let byte = [u8::try_from(code).ok()?];
                WINDOWS_1252.decode(&byte).0.chars().next()
            }
            code => char::from_u32(code),
        }
    });
    if let Some(c) = number {
        let kept = is_xml(c).then(|| format!("&#{};", u32::from(c)));
        return (Some(kept.unwrap_or_default()), length);
    }
    if is_name {
        let known = markup::line(&text[..length]);
        if known != text[..length] {
            let known = if known.is_empty() {
                " ".to_owned()
            } else {
                known.replace('&', "&amp;")
            };
            return (Some(known), length);
        }
    }
    (Some("&amp;".to_owned()), 1)
}

/// Whether a text has characters that XML hasn't: control characters, and those that are none.
fn has_others(text: &str) -> bool {
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Whole chunks can be looked at at once.
    let holds_control = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(false, |found, byte| found | is_control(byte))
    };
    text.as_bytes().chunks(64).any(holds_control)
        || ["\u{FFFE}", "\u{FFFF}"]
            .iter()
            .any(|none| memmem::find(text.as_bytes(), none.as_bytes()).is_some())
}

/// Whether XML has the character (<https://www.w3.org/TR/xml/#charsets>).
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..) && c != '\u{FFFE}'
}
