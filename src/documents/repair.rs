//! Feeds that publishers have broken, mended as far as that can be done without knowing what was meant.

use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;
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
    while let Some(at) = rest.find(['&', '<']) {
        repaired.extend(rest[..at].chars().filter(|c| is_xml(*c)));
        rest = &rest[at..];
        let verbatim = [("<![CDATA[", "]]>"), ("<!--", "-->")];
        if let Some((_, end)) = verbatim.iter().find(|(start, _)| rest.starts_with(start)) {
            let length = rest.find(end).map_or(rest.len(), |at| at + end.len());
            repaired.extend(rest[..length].chars().filter(|c| is_xml(*c)));
            rest = &rest[length..];
        } else if rest.starts_with('<') {
            repaired.push('<');
            rest = &rest[1..];
        } else {
            let (entity, length) = entity(rest);
            repaired.push_str(&entity);
            rest = &rest[length..];
        }
    }
    repaired.extend(rest.chars().filter(|c| is_xml(*c)));
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
        let (begin, end) = (format!("<{name}"), format!("</{name}>"));
        let mut dressed = String::new();
        let mut done = 0;
        while let Some(at) = text[done..].find(&begin).map(|at| done + at) {
            let from = at + begin.len();
            let is_it = text[from..].starts_with(|c: char| c == '>' || c.is_whitespace());
            if !is_it {
                dressed.push_str(&text[done..from]);
                done = from;
                continue;
            }
            // Where one has no end, no later one has.
            let Some(tag) = text[from..].find('>').map(|length| from + length) else {
                break;
            };
            let attributes = &text[from..tag];
            if attributes.ends_with('/') {
                dressed.push_str(&text[done..=tag]);
                done = tag + 1;
                continue;
            }
            let Some(close) = text[tag..].find(&end).map(|length| tag + length) else {
                break;
            };
            let inside = &text[tag + 1..close];
            let naked = inside.contains('<') && !inside.contains("<![CDATA[");
            dressed.push_str(&text[done..from]);
            let is_typed = name != "content" && attributes.contains("type");
            let typed = if is_atom && is_typed {
                let renamed = TYPES.iter().find(|(old, _)| attributes.contains(old));
                renamed.map_or(attributes.to_owned(), |(old, new)| {
                    attributes.replace(old, new)
                })
            } else {
                attributes.to_owned()
            };
            if !naked || typed.contains("xhtml") || typed.contains("xml") {
                dressed.push_str(&typed);
                dressed.push_str(&text[tag..close]);
            } else {
                dressed.push_str(if is_atom { " type=\"html\">" } else { ">" });
                dressed.push_str(&inside.replace('&', "&amp;").replace('<', "&lt;"));
            }
            done = close;
        }
        if done > 0 {
            dressed.push_str(&text[done..]);
            text = dressed;
        }
    }
    text
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
