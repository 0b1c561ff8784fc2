//! Addresses of people: no title and no summary shows one.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::{memchr, memchr3_iter, memmem};
use regex::{Captures, Regex};

/// What stands in a sentence where an address stood.
const HIDDEN: &str = "…";

static PATTERNS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    let address = r"[\w.!#$%&'*+/=?^`{|}~-]*[\w+=~-][@＠](?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}";
    let ascii = r"[A-Za-z0-9._%+=~'-]+[@＠](?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}";
    let other = r"[\p{L}\p{N}._%+-]+[@＠](?:[\p{L}\p{N}-]+\.)+\p{L}{2,}";
    [
        // `Ann Fisher <ann@h.example>`, `[mailto:ann@h.example]`, `(ann@h.example)`, and a message's own number
        format!(r"\s*(?:<(?:mailto:)?{address}>|\[(?:mailto:)?{address}\]|\((?:mailto:)?{address}\)|<[^<>\s@]+@[^<>\s@]+>)"),
        // `ann at h dot example`, `ann (at) h.example`, `ann[at]h[dot]example`
        r"(?i)\s*<?\b[\w.+-]+\s?(?:\(at\)|\[at\]|\{at\}|_at_)\s?[\w-]+(?:\s?(?:\(dot\)|\[dot\]|\{dot\}|_dot_|\.)\s?[\w-]+)+>?|\s*<?\b[\w.+-]+ at [\w-]+(?: dot [\w-]+)+>?".to_owned(),
        format!(r"(?:mailto:)?(?:{ascii})(?P<path>:[\w/]?)?"),
        format!(r"(?:mailto:)?(?:{other})"),
        // `ann at h.example`, as archives write it
        r"\s*(?P<open><)?\b(?P<name>[\w.+-]+) at (?P<host>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b>?".to_owned(),
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(&pattern).unwrap()
    })
});

/// Words that stand before “at” and a host in a sentence: “meet us at harbour.example”.
const BEFORE_A_HOST: &[&str] = &[
    "is",
    "are",
    "was",
    "be",
    "us",
    "me",
    "it",
    "them",
    "him",
    "her",
    "you",
    "more",
    "online",
    "live",
    "look",
    "available",
    "here",
    "there",
    "site",
    "page",
    "website",
    "found",
    "hosted",
    "published",
    "posted",
    "visit",
    "read",
    "meet",
    "see",
    "out",
    "up",
    "join",
    "archive",
    "archives",
    "archived",
    "home",
    "documentation",
    "docs",
    "details",
    "information",
    "info",
    "code",
    "and",
    "or",
];

/// What is between a name and a host, spelt out.
static AT: LazyLock<[memmem::Finder<'static>; 3]> =
    LazyLock::new(|| [" at ", " AT ", "_at_"].map(memmem::Finder::new));

/// Whether a text may spell an address out: ` at `, `(at)`, `[AT]` and their like. Most texts don't.
fn spells_at(text: &[u8]) -> bool {
    let in_brackets = |at: usize| {
        let spelt = text.get(at..at + 4);
        matches!(spelt, Some(b"(at)" | b"[at]" | b"{at}" | b"(AT)" | b"[AT]"))
    };
    AT.iter().any(|at| at.find(text).is_some())
        || memchr3_iter(b'(', b'[', b'{', text).any(in_brackets)
}

/// Whether a text may hold an address at all, however it is written.
pub(super) fn may_hold_address(text: &str) -> bool {
    memchr(b'@', text.as_bytes()).is_some()
        || !text.is_ascii() && text.contains('＠')
        || spells_at(text.as_bytes())
}

/// A text without people's addresses: beside a name they go, in a sentence a mark stands for them. In archives that write
/// `ann at h.example` those go as well.
pub(super) fn without_addresses(text: &str, spelt_out: bool) -> Cow<'_, str> {
    if !may_hold_address(text) {
        return Cow::Borrowed(text);
    }
    let [enclosed, spelt, ascii, other, archived] = &*PATTERNS;
    let text = enclosed.replace_all(text, "");
    let text = spelt.replace_all(&text, " …");
    let text = ascii.replace_all(&text, |found: &Captures<'_>| {
        // `git@host.example:path` is a place, not a person.
        match found.name("path") {
            Some(path) if found[0].starts_with("git@") && path.len() > 1 => found[0].to_owned(),
            Some(path) => format!("{HIDDEN}{}", path.as_str()),
            None => HIDDEN.to_owned(),
        }
    });
    let text = other.replace_all(&text, |found: &Captures<'_>| {
        if found[0].starts_with("git@") {
            found[0].to_owned()
        } else {
            HIDDEN.to_owned()
        }
    });
    let text = if spelt_out {
        archived.replace_all(&text, |found: &Captures<'_>| {
            let name = found["name"].to_lowercase();
            if found.name("open").is_some() {
                String::new()
            } else if BEFORE_A_HOST.contains(&name.as_str()) {
                found[0].to_owned()
            } else {
                format!(" {HIDDEN}")
            }
        })
    } else {
        text
    };
    // The end of a sentence is one already; brackets around nothing go.
    let text = text
        .replace("….", "…")
        .replace("<…>", "")
        .replace("(…)", "")
        .replace("[…]", "");
    Cow::Owned(text.trim().to_owned())
}
