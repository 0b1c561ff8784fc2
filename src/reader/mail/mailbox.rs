//! Mails that hold mails: archives of many, digests of lists, what was forwarded.

use std::sync::LazyLock;

use jiff::civil::Date;
use memchr::{memchr, memmem};
use regex::Regex;

use crate::lexicon::mail::{FORWARDED_LINES, LABELS, ORIGINAL};

use super::headers::Headers;
use crate::dates::timestamps;

/// The line in front of each message of an archive (RFC 4155), as programs and lists write it.
static FROM_LINE: LazyLock<regex::bytes::Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    regex::bytes::Regex::new(
        r"\AFrom (?:\S+|\S+ at \S+)\s+([A-Za-z]{3},?\s.{0,60}\d{4}.{0,10}?)\s*\r?\n(?:>?From .*\n)?[!-9;-~]+:",
    )
    .unwrap()
});

/// A message of an archive.
pub(super) struct Message<'d> {
    pub(super) bytes: &'d [u8],
    /// The line that it begins at, from 1.
    pub(super) line: u32,
    /// The day in the line in front of it.
    pub(super) day: Option<Date>,
}

/// Whether a document begins like an archive.
pub(super) fn begins(bytes: &[u8]) -> bool {
    FROM_LINE.is_match(bytes)
}

/// The messages of an archive; one where it is none.
pub(super) fn messages(bytes: &[u8]) -> Vec<Message<'_>> {
    let mut starts: Vec<usize> = Vec::new();
    if begins(bytes) {
        starts.push(0);
        let marks = memmem::find_iter(bytes, b"\nFrom ");
        // An empty line stands in front of each.
        let is_start = |at: &usize| {
            let before = bytes[..*at].strip_suffix(b"\r").unwrap_or(&bytes[..*at]);
            before.ends_with(b"\n") && FROM_LINE.is_match(&bytes[at + 1..])
        };
        starts.extend(marks.filter(is_start).map(|at| at + 1));
    }
    if starts.is_empty() {
        starts.push(0);
    }
    let mut line = 1_u32;
    let mut counted = 0;
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let lines = memchr::memchr_iter(b'\n', &bytes[counted..*start]).count();
            line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            counted = *start;
            let bytes = &bytes[*start..end];
            let from = FROM_LINE.captures(bytes).and_then(|found| {
                let told = String::from_utf8_lossy(found.get(1)?.as_bytes()).into_owned();
                Some(timestamps::written(&told)?.day)
            });
            Message {
                bytes,
                line,
                day: from,
            }
        })
        .collect()
}

/// A message that was found within the text of another one.
pub(super) struct Within {
    pub(super) headers: Headers,
    pub(super) text: String,
}

/// Headers of which a message in a digest has at least two, and one of the first two.
const TELLING: [&str; 5] = ["from", "subject", "date", "message-id", "message"];

/// The messages of a list's digest (RFC 1153, LISTSERV), where the text is one: a line of hyphens in front of each.
pub(super) fn of_digest(text: &str) -> Option<Vec<Within>> {
    /// RFC 1153 has 70 hyphens in front of the first message, and 30 in front of the others.
    const HYPHENS: usize = 20;
    memmem::find(text.as_bytes(), &[b'-'; HYPHENS])?;
    let is_rule = |line: &str| {
        let line = line.trim_end();
        line.len() >= HYPHENS && line.bytes().all(|byte| byte == b'-')
    };
    let mut chunks: Vec<String> = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if is_rule(line) {
            chunks.push(String::new());
        } else if let Some(chunk) = chunks.last_mut() {
            chunk.push_str(line);
        }
    }
    let preamble = chunks.first()?.to_lowercase();
    let is_digest = [
        "digest",
        "topics",
        "messages totalling",
        "message totalling",
    ]
    .iter()
    .any(|word| preamble.contains(word));
    let mut found: Vec<Within> = Vec::new();
    let mut ended = false;
    for chunk in chunks.into_iter().skip(1) {
        let start = chunk.trim_start_matches(['\n', '\r', ' ']);
        let (headers, body) = Headers::read(start.as_bytes());
        let telling = TELLING.iter().filter(|name| headers.has(name)).count();
        let is_message = telling >= 2 && (headers.has("from") || headers.has("subject"));
        let is_end = start.starts_with("End of ")
            || headers
                .value("subject", None)
                .is_some_and(|subject| subject.ends_with("Digest Footer"));
        if is_end {
            ended = true;
        } else if is_message {
            ended = false;
            found.push(Within {
                headers,
                text: start.get(body..).unwrap_or_default().to_owned(),
            });
        } else if let Some(last) = found.last_mut()
            && !ended
        {
            // A rule in a message's own text.
            last.text.push_str("\n\n");
            last.text.push_str(&chunk);
        }
    }
    (found.len() >= 2 || is_digest && !found.is_empty()).then_some(found)
}

/// The messages of a digest of Google Groups: under each topic, between two rules, its messages with their numbers
/// (`---------- 1 of 2 ----------`), headers and text.
pub(super) fn of_groups(text: &str) -> Option<Vec<Within>> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(r"(?m)^-{5,} ?\d+ of \d+ ?-{5,}[ \t]*$").unwrap()
    });
    static TOPIC: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(r"(?m)^={20,}[ \t]*\nTopic: ([^\n]+)\n(?:[^\n=][^\n]*\n){0,4}={20,}[ \t]*$")
            .unwrap()
    });
    let topics: Vec<_> = TOPIC.captures_iter(text).collect();
    let ends = topics
        .iter()
        .skip(1)
        .filter_map(|topic| topic.get(0))
        .map(|topic| topic.start());
    let ends = ends.chain([text.len()]);
    let mut found = Vec::new();
    for (topic, end) in topics.iter().zip(ends) {
        let begin = topic.get(0)?.end();
        for message in NUMBER.split(&text[begin..end]).skip(1) {
            let message = message.trim_start();
            let (_, body) = Headers::read(message.as_bytes());
            let told = format!(
                "subject: {}\n{}",
                topic[1].trim(),
                &message[..body.min(message.len())]
            );
            found.push(Within {
                headers: Headers::read(told.as_bytes()).0,
                text: message.get(body..).unwrap_or_default().to_owned(),
            });
        }
    }
    (!found.is_empty()).then_some(found)
}

static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(FORWARDED_LINES).unwrap()
});

/// A text in front of a forwarded message, and that message.
pub(super) struct Forwarded {
    /// What whoever forwards it wrote.
    pub(super) before: String,
    /// Whether it says that it was forwarded, rather than what was answered.
    pub(super) says_so: bool,
    /// What was forwarded.
    pub(super) message: Within,
}

/// Whether a line may stand over a forwarded message: it begins with a mark, or ends in a colon. That is asked of every
/// line of every mail, and hardly any is like that.
fn may_forward(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
    line.starts_with(['-', '_', '*']) || line.trim_end().ends_with([':', '：'])
}

/// The message that was forwarded in a text, with its own lines of headers.
pub(super) fn forwarded(text: &str) -> Option<Forwarded> {
    text.lines().find(|line| may_forward(line))?;
    let mark = FORWARDED.captures(text)?;
    let whole = mark.get(0)?;
    let words = mark
        .name("words")
        .map(|words| words.as_str().to_lowercase());
    let says_so = words.is_none_or(|words| !ORIGINAL.iter().any(|word| words.contains(word)));
    let mut rest = text[whole.end()..].trim_start_matches(['\n', '\r']);
    let mut written = String::new();
    while let Some(end) = memchr(b'\n', rest.as_bytes()).map(|at| at + 1) {
        let line = rest[..end]
            .trim_start_matches(['>', ' '])
            .trim_end()
            .replace('*', "");
        if line.is_empty() {
            break;
        }
        match line
            .split_once([':', '：'])
            .and_then(|(name, value)| Some((label(name)?, value)))
        {
            Some((name, value)) => written.push_str(&format!("{name}: {}\n", value.trim())),
            // A value that goes on.
            None if !written.is_empty() => written.push_str(&format!(" {line}\n")),
            None => return None,
        }
        rest = &rest[end..];
    }
    let (headers, _) = Headers::read(written.as_bytes());
    (headers.has("subject") && headers.len() >= 2).then(|| Forwarded {
        before: text[..whole.start()].to_owned(),
        says_so,
        message: Within {
            headers,
            text: rest.to_owned(),
        },
    })
}

fn label(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    let found = LABELS
        .iter()
        .find(|(_, labels)| labels.contains(&name.as_str()));
    found.map(|(header, _)| *header)
}
