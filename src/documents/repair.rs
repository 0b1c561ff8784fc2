//! Feeds that publishers have broken, mended as far as that can be done without knowing what was meant.

use std::sync::LazyLock;

use regex::Regex;

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
        char::from_u32(code.ok()?)
    });
    if let Some(c) = number {
        let kept = is_xml(c).then(|| text[..length].to_owned());
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
