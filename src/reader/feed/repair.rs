//! Feeds that publishers have broken, mended as far as that can be done without knowing what was meant.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;
use memchr::{memchr, memchr2_iter, memmem};
use regex::Regex;

use crate::document::Unreadable;
use crate::feed::ahead::Ahead;
use crate::html::markup;
use crate::limits::bounds::{Comments, check_xml, exceeded, next_tag};
use crate::limits::steps;
use tidings_core::text;

/// The root of a feed.
pub(crate) static ROOT: LazyLock<Regex> = LazyLock::new(|| {
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
pub(crate) fn repair(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    let text = match text.strip_prefix("<?xml") {
        Some(declaration) => declaration.split_once("?>").map_or(text, |(_, rest)| rest),
        None => text,
    };
    let text = if has_others(text) {
        Cow::Owned(text.chars().filter(|c| is_xml(*c)).collect())
    } else {
        Cow::Borrowed(text)
    };
    let spelt = respelt(&text)?;
    let text = match spelt {
        Some(spelt) => Cow::Owned(spelt),
        None => text,
    };
    let text = undeclared(text);
    let repaired = spelled_out(dressed(renewed(text)));
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

/// The text without declarations of an encoding that stand behind what looks like the beginning of a text without markup
/// and is none: within the value of an attribute. Libraries don't expect another encoding there.
fn undeclared(text: Cow<'_, str>) -> Cow<'_, str> {
    if memmem::find(text.as_bytes(), b"<?xml").is_none() {
        return text;
    }
    let mut edits = Edits::new();
    let mut rest = text.as_ref();
    while let Ok(Some(tag)) = next_tag(&mut rest, Comments::OfXml) {
        if tag.name == "?xml" {
            let end = text.len() - rest.len();
            let start = end.saturating_sub(tag.text.len() + "<>".len());
            if text.get(start..end).is_some_and(|tag| tag.starts_with('<')) {
                edits.push((start..end, String::new()));
            }
        }
    }
    edited(text, edits)
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

/// The text with entities that XML doesn't know, ampersands that are none, and declarations that aren't at the
/// beginning written otherwise; `None` where there are none. It is written as it is read: a list of what is to be
/// changed takes many times as much as what is changed.
fn respelt(text: &str) -> Result<Option<String>, Unreadable> {
    let declared = declared(text)?;
    let mut respelt: Option<String> = None;
    // What is declared may not make much of little.
    let mut left = text.len();
    let (mut done, mut at) = (0, 0);
    let verbatim = [("<![CDATA[", "]]>"), ("<!--", "-->")]
        .map(|(start, end)| (start, end, memmem::Finder::new(end)));
    for found in memchr2_iter(b'&', b'<', text.as_bytes()) {
        if found < at {
            continue;
        }
        at = found;
        let rest = &text[at..];
        let (new, length) = match rest.as_bytes() {
            [b'<', b'!', ..] => {
                let found = verbatim.iter().find(|(start, ..)| rest.starts_with(start));
                let length = found.map_or(1, |(_, end, finder)| {
                    let length = finder.find(rest.as_bytes());
                    length.map_or(rest.len(), |at| at + end.len())
                });
                (None, length)
            }
            [b'<', b'?', ..] if rest.starts_with("<?xml") && !rest.starts_with("<?xml-") => {
                let length = rest.find("?>").map_or(rest.len(), |at| at + 2);
                (Some(Cow::Borrowed("")), length)
            }
            [b'<', ..] => (None, 1),
            _ => match own(rest, &declared) {
                Some((value, length)) => {
                    left = left.checked_sub(value.len()).ok_or_else(expanded)?;
                    (Some(Cow::Borrowed(value)), length)
                }
                None => entity(rest),
            },
        };
        if let Some(new) = new {
            // Nor may ampersands that are none: each becomes five letters.
            let grown = new.len().saturating_sub(length);
            left = left.checked_sub(grown).ok_or_else(expanded)?;
            let respelt = respelt.get_or_insert_with(|| String::with_capacity(text.len()));
            respelt.push_str(&text[done..at]);
            respelt.push_str(&new);
            done = at + length;
        }
        at += length;
    }
    if let Some(respelt) = &mut respelt {
        respelt.push_str(&text[done..]);
    }
    Ok(respelt)
}

/// What an entity stands for that the document has declared, and how long it is.
fn own<'d>(text: &str, declared: &'d HashMap<&str, String>) -> Option<(&'d str, usize)> {
    if declared.is_empty() {
        return None;
    }
    let length = text[1..].find(|c: char| !(c.is_alphanumeric() || "_.-".contains(c)))?;
    let name = &text[1..=length];
    let value = declared
        .get(name)
        .filter(|_| text[1 + length..].starts_with(';'))?;
    Some((value, length + 2))
}

fn expanded() -> Unreadable {
    exceeded("entities that make it more than twice as large".to_owned())
}

static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r#"<!ENTITY\s+([\w.-]+)\s+["']([^"'<%]*)["']\s*>"#).unwrap()
});

/// The entities that a document type declares for itself: texts, which may name those before them.
fn declared(text: &str) -> Result<HashMap<&str, String>, Unreadable> {
    let subset = text
        .trim_start()
        .strip_prefix("<!DOCTYPE")
        .and_then(|rest| Some(&rest[..rest.find("]>")?]));
    let mut declared: HashMap<&str, String> = HashMap::new();
    // All of them together may not make much of little.
    let mut left = text.len();
    for one in DECLARED.captures_iter(subset.unwrap_or_default()) {
        let (Some(name), Some(value)) = (one.get(1), one.get(2)) else {
            continue;
        };
        let mut whole = String::new();
        for (at, part) in value.as_str().split('&').enumerate() {
            let named = part.split_once(';').filter(|_| at > 0);
            let known = named.and_then(|(name, rest)| Some((declared.get(name)?, rest)));
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
            if whole.len() > left {
                return Err(expanded());
            }
        }
        left -= whole.len();
        // The first declaration binds (<https://www.w3.org/TR/xml/#sec-entity-decl>).
        declared.entry(name.as_str()).or_insert(whole);
    }
    Ok(declared)
}

/// The text with hosts that somebody wrote as people say them (`www.news.example/1`) as addresses, where a base is told:
/// the library would join them to it before anybody else sees them.
fn spelled_out(text: Cow<'_, str>) -> Cow<'_, str> {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(
            r#"(?ix)
            < (?:[\w.-]+:)? (?:
                link (?:\s[^<>]*)? > \s* (?:<!\[CDATA\[ \s*)?
              | (?:link|enclosure|content|thumbnail) \s (?:[^<>]*\s)? (?:href|url|src) \s* = \s* ["'] \s*
            )
            (?P<host> www\.)"#,
        )
        .unwrap()
    });
    if memmem::find(text.as_bytes(), b"xml:base").is_none() {
        return text;
    }
    let hosts = SAID.captures_iter(&text).filter_map(|found| {
        let host = found.name("host")?;
        let at = host.start();
        Some((at..at, "https://".to_owned()))
    });
    let edits = hosts.collect();
    edited(text, edits)
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
        steps::spend(text.len());
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
    // Each is looked for from where it was found last, and not from each element anew.
    let mut closes = Ahead::of(&end);
    let others = ["</item", "</entry", "<![CDATA["].map(memmem::Finder::new);
    let [mut items, mut entries, mut verbatim] = others.each_ref().map(Ahead::of);
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
        let Some(close) = closes.behind(bytes, tag) else {
            break;
        };
        let holds = |what: &mut Ahead<'_>| what.behind(bytes, tag).is_some_and(|at| at < close);
        let is_verbatim = holds(&mut verbatim);
        // The end is another's.
        if !is_verbatim && (holds(&mut items) || holds(&mut entries)) {
            continue;
        }
        let inside = &text[tag + 1..close];
        let is_naked = !is_verbatim && memchr(b'<', inside.as_bytes()).is_some();
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
fn entity(text: &str) -> (Option<Cow<'static, str>>, usize) {
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
        return (Some(Cow::Owned(kept.unwrap_or_default())), length);
    }
    if is_name {
        let known = markup::line(&text[..length]);
        if known != text[..length] {
            let known = if known.is_empty() {
                " ".to_owned()
            } else {
                known.replace('&', "&amp;")
            };
            return (Some(Cow::Owned(known)), length);
        }
    }
    (Some(Cow::Borrowed("&amp;")), 1)
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
