//! The entities that Telegram finds by itself: commands, mentions and addresses in plain text.

use std::sync::LazyLock;

use regex::Regex;

use super::html::{Entity, units};

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?|@[A-Za-z][A-Za-z0-9_]{2,31}|https?://[^\s<>]+")
        .expect("the pattern is fixed")
});

/// Finds commands, mentions and addresses, but not inside the stretches `taken` (links, code).
pub(super) fn detect(text: &str, taken: &[Entity]) -> Vec<Entity> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(hit) = CANDIDATE.find_at(text, from) {
        let before = text[..hit.start()].chars().next_back();
        let after = text[hit.end()..].chars().next();
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let (kind, stands_alone) = match hit.as_str().as_bytes().first() {
            Some(b'/') => (
                "bot_command",
                !word(before)
                    && !matches!(before, Some('/' | '<' | '>' | '@' | ':'))
                    && !word(after)
                    && !matches!(after, Some('/')),
            ),
            Some(b'@') => (
                "mention",
                !word(before) && !matches!(before, Some('/' | '@')) && !word(after),
            ),
            _ => ("url", !word(before)),
        };
        if !stands_alone {
            from = hit.start() + 1;
            continue;
        }
        from = hit.end();
        let shown = if kind == "url" {
            hit.as_str()
                .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\''])
        } else {
            hit.as_str()
        };
        let entity = Entity::plain(kind, units(&text[..hit.start()]), units(shown));
        let overlaps = taken.iter().any(|other| {
            matches!(other.kind.as_str(), "text_link" | "code" | "pre")
                && entity.offset < other.end()
                && other.offset < entity.end()
        });
        if !overlaps {
            found.push(entity);
        }
    }
    found
}
