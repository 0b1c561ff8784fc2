//! Subjects: what mail programs and lists put before them goes.

use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::mail::{ANSWERS, ANSWERS_IN_BRACKETS};

use tidings_core::text;

/// `Re:`, `Fwd:` and what programs write in other languages, with what counts the answers: `Re[2]:`, `RE (3):`.
static ANSWERED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(ANSWERS).unwrap()
});

/// `[Fwd: …]`, as old programs forward, and `[답장]`
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(ANSWERS_IN_BRACKETS).unwrap()
});

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"^\s*\[([^\[\]]{1,60})\]\s*").unwrap()
});

/// Whether a folded tag says what kind of message it is, whatever the list.
pub(super) fn says_what(tag: &str) -> bool {
    const KINDS: [&str; 22] = [
        "ann",
        "announce",
        "announcement",
        "bug",
        "call",
        "cfp",
        "discuss",
        "discussion",
        "draft",
        "event",
        "help",
        "info",
        "job",
        "news",
        "ot",
        "patch",
        "poll",
        "question",
        "release",
        "result",
        "rfc",
        "vote",
    ];
    tag.split(' ')
        .next()
        .is_some_and(|word| KINDS.contains(&word))
}

/// A subject, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subject {
    /// What is left of it.
    pub(super) text: String,
    /// Whether it answers another mail.
    pub(super) answers: bool,
    /// Whether it forwards one.
    pub(super) forwards: bool,
}

/// The tag in brackets that a subject begins with, behind answers, folded.
pub(super) fn tag(subject: &str) -> Option<String> {
    let mut rest = subject;
    while let Some(found) = ANSWERED.find(rest) {
        rest = &rest[found.end()..];
    }
    Some(text::fold(&TAG.captures(rest)?[1])).filter(|tag| !tag.is_empty())
}

/// Takes off what programs and lists put before a subject; `is_list` says whether a tag, folded, is the list's own name.
pub(super) fn read(subject: &str, is_list: impl Fn(&str) -> bool) -> Subject {
    let mut read = Subject::default();
    let mut rest = subject.trim();
    loop {
        if let Some(found) = ANSWERED.captures(rest) {
            read.forwards |= found.name("forwards").is_some();
            read.answers |= found.name("forwards").is_none();
            rest = &rest[found[0].len()..];
            continue;
        }
        if let Some(found) = BRACKETED.captures(rest) {
            read.answers = true;
            let inner = found.name("whole").or_else(|| found.name("rest"));
            rest = inner.map_or("", |inner| inner.as_str());
            continue;
        }
        match TAG.captures(rest) {
            Some(found) if is_list(&text::fold(&found[1])) => rest = &rest[found[0].len()..],
            _ => break,
        }
    }
    read.text = text::join_lines(rest).into_owned();
    read
}
