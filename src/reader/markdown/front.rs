//! What stands before a digest's text: its title, its date, its section.

use crate::dates;
use tidings_core::text;

/// Where what stands before the text ends, in bytes: lines of `key: value` between two lines of hyphens (YAML) or plus
/// signs (TOML), or without them where the first key says title, number or date (Pelican, MultiMarkdown).
pub(super) fn front_of(text: &str) -> Option<usize> {
    /// The longest of it, in lines.
    const LONGEST: usize = 500;
    let text_start = text.len() - text.trim_start().len();
    let mut at = text_start;
    let mut lines = text[text_start..].split_inclusive('\n').take(LONGEST);
    let first = lines.next()?;
    at += first.len();
    let fence = first.trim_end();
    let key = |line: &str| {
        let (key, _) = line.split_once([':', '='])?;
        let key = key.trim();
        let is_key = !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_alphanumeric() || "_-.\"'".contains(c));
        is_key.then(|| key.to_lowercase())
    };
    if fence != "---" && fence != "+++" {
        let is_front = key(first)
            .is_some_and(|key| ["title", "date", "number", "slug"].contains(&key.as_str()))
            && first.contains(": ");
        for (keys, line) in (1..).zip(lines) {
            if line.trim().is_empty() {
                return (is_front && keys > 1).then_some(at);
            }
            if key(line).is_none() || !line.contains(':') {
                return None;
            }
            at += line.len();
        }
        return None;
    }
    let mut has_key = false;
    for line in lines {
        at += line.len();
        let trimmed = line.trim_end();
        if trimmed == fence || trimmed == "..." && fence == "---" {
            return has_key.then_some(at);
        }
        let is_more = line.starts_with([' ', '\t', '-', '#', '[', ']', '}']) || trimmed.is_empty();
        // Its first line that says something is a key: between two rules there may be any text.
        if !has_key && !trimmed.is_empty() && !line.starts_with('#') {
            key(line)?;
            has_key = true;
        } else if key(line).is_none() && !is_more {
            return None;
        }
    }
    None
}

/// What stands before the text, between two lines of hyphens.
#[derive(Default)]
pub(super) struct Front {
    pub(super) title: Option<String>,
    pub(super) date: Option<jiff::civil::Date>,
    pub(super) section: Option<String>,
}

/// What lines of `key: value` say.
pub(super) fn front(text: &str) -> Front {
    let mut front = Front::default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        let given = || {
            let value = text::join_lines(value);
            (!value.is_empty()).then(|| value.into_owned())
        };
        match key.trim().to_lowercase().as_str() {
            "title" => front.title = given(),
            "date" | "published" | "pubdate" => front.date = dates::in_text(value),
            "section" | "category" => front.section = given(),
            _ => {}
        }
    }
    front
}
