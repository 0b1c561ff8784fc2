//! Feeds that publishers have broken, mended as far as that can be done without knowing what was meant.

use std::ops::Range;
use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;
use memchr::{memchr, memchr2, memmem};
use regex::Regex;
use serde_json::{Value, json};

use super::markup;

/// The root of a feed.
pub(super) static ROOT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?s)<(?:rss|feed|(?:[\w.-]+:)?RDF)(?:\s[^>]*)?>").unwrap()
});

/// Mends what publishers often break: entities of HTML in XML, lone ampersands, characters that XML doesn't have, a
/// root without a version, and the declaration of an encoding that the text no longer has.
pub(super) fn repair(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut rest = match text.strip_prefix("<?xml") {
        Some(declaration) => declaration.split_once("?>").map_or(text, |(_, rest)| rest),
        None => text,
    };
    let declared = declared(rest);
    // Hardly any text has characters to be left out.
    let is_clean = text.chars().all(is_xml);
    let keep = |repaired: &mut String, text: &str| {
        if is_clean {
            repaired.push_str(text);
        } else {
            repaired.extend(text.chars().filter(|c| is_xml(*c)));
        }
    };
    while let Some(at) = memchr2(b'&', b'<', rest.as_bytes()) {
        keep(&mut repaired, &rest[..at]);
        rest = &rest[at..];
        let verbatim = [("<![CDATA[", "]]>"), ("<!--", "-->")];
        if let Some((_, end)) = verbatim.iter().find(|(start, _)| rest.starts_with(start)) {
            let length = memmem::find(rest.as_bytes(), end.as_bytes());
            let length = length.map_or(rest.len(), |at| at + end.len());
            keep(&mut repaired, &rest[..length]);
            rest = &rest[length..];
        } else if rest.starts_with("<?xml") && !rest.starts_with("<?xml-") {
            // A second declaration, or one that isn't at the beginning.
            let length = rest.find("?>").map_or(rest.len(), |at| at + 2);
            rest = &rest[length..];
        } else if rest.starts_with('<') {
            repaired.push('<');
            rest = &rest[1..];
        } else {
            let own = declared.iter().find(|(name, _)| {
                rest[1..].starts_with(*name) && rest[1 + name.len()..].starts_with(';')
            });
            // What is declared may not make much of little.
            match own.filter(|(_, value)| repaired.len() + value.len() <= 2 * text.len()) {
                Some((name, value)) => {
                    repaired.push_str(value);
                    rest = &rest[name.len() + 2..];
                }
                None => {
                    let (entity, length) = entity(rest);
                    repaired.push_str(&entity);
                    rest = &rest[length..];
                }
            }
        }
    }
    keep(&mut repaired, rest);
    let repaired = dressed(renewed(repaired));
    if let Some(root) = ROOT.find(&repaired)
        && root.as_str().starts_with("<rss")
        && ![
            "\"2.0\"", "\"0.91\"", "\"0.92\"", "'2.0'", "'0.91'", "'0.92'",
        ]
        .iter()
        .any(|version| root.as_str().contains(&format!("version={version}")))
    {
        let own = root.as_str().to_owned();
        let versioned = VERSION.replace(&own, "");
        let versioned = versioned.replacen("<rss", "<rss version=\"2.0\"", 1);
        return repaired.replacen(&own, &versioned, 1);
    }
    repaired
}

static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r#"<!ENTITY\s+([\w.-]+)\s+["']([^"'<&%]*)["']\s*>"#).unwrap()
});

/// The entities that a document type declares for itself: texts, which name no others.
fn declared(text: &str) -> Vec<(&str, &str)> {
    let subset = text
        .trim_start()
        .strip_prefix("<!DOCTYPE")
        .and_then(|rest| Some(&rest[..rest.find("]>")?]));
    let found = DECLARED.captures_iter(subset.unwrap_or_default());
    found
        .filter_map(|one| Some((one.get(1)?.as_str(), one.get(2)?.as_str())))
        .collect()
}

/// What older versions of the formats called themselves and their parts, as later ones do.
fn renewed(text: String) -> String {
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
    renewed
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
fn dressed(mut text: String) -> String {
    let is_atom = ROOT
        .find(&text)
        .is_some_and(|root| root.as_str().starts_with("<feed"));
    for name in TEXTS {
        let edits = edits(&text, name, is_atom);
        if edits.is_empty() {
            continue;
        }
        let mut dressed = String::with_capacity(text.len());
        let mut done = 0;
        for (range, new) in edits {
            dressed.push_str(&text[done..range.start]);
            dressed.push_str(&new);
            done = range.end;
        }
        dressed.push_str(&text[done..]);
        text = dressed;
    }
    text
}

/// What is to be written otherwise about elements of one name, in their order.
fn edits(text: &str, name: &str, is_atom: bool) -> Vec<(Range<usize>, String)> {
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

/// An entity as XML knows it, and how long it was.
fn entity(text: &str) -> (String, usize) {
    let end = text.bytes().take(32).position(|byte| byte == b';');
    let name = end.map_or("", |end| &text[1..end]);
    let length = end.map_or(1, |end| end + 1);
    if ["amp", "lt", "gt", "quot", "apos"].contains(&name) {
        return (text[..length].to_owned(), length);
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
        return (kept.unwrap_or_default(), length);
    }
    if is_name {
        let known = markup::line(&text[..length]);
        if known != text[..length] {
            return (
                if known.is_empty() {
                    " ".to_owned()
                } else {
                    known.replace('&', "&amp;")
                },
                length,
            );
        }
    }
    ("&amp;".to_owned(), 1)
}

/// Whether XML has the character (<https://www.w3.org/TR/xml/#charsets>).
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..) && c != '\u{FFFE}'
}

/// What of a JSON Feed that is broken can be read: items that came whole, and in them what is of the right kind.
pub(super) fn mended_json(text: &str) -> Option<String> {
    let whole = serde_json::from_str::<Value>(text).ok();
    let cut = || {
        let end = text.rfind("},")? + 1;
        serde_json::from_str::<Value>(&format!("{}]}}", &text[..end])).ok()
    };
    let mut feed = whole.or_else(cut)?;
    for item in feed.get_mut("items")?.as_array_mut()? {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        // Numbers as identifiers are to be read as text (JSON Feed 1.1, “Suggestions for Publishers”).
        if let Some(number) = item.get("id").filter(|id| id.is_number()) {
            let number = number.to_string();
            item.insert("id".to_owned(), Value::String(number));
        }
        item.retain(|name, value| match name.as_str() {
            "tags" => value
                .as_array()
                .is_some_and(|tags| tags.iter().all(Value::is_string)),
            "id" | "url" | "external_url" | "title" | "content_html" | "content_text"
            | "summary" | "date_published" | "date_modified" => value.is_string(),
            _ => false,
        });
    }
    let items = feed["items"].take();
    let feed =
        json!({ "version": "https://jsonfeed.org/version/1.1", "title": "", "items": items });
    Some(feed.to_string())
}
