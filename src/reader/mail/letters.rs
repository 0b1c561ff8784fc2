//! What somebody wrote in a mail: its text without quotes, signatures, and what lists and programs put under it.

use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::mail::{BELOW_TEXTS, FAREWELL, GREETING, LIST_NAMED, OVER_A_QUOTE};

use tidings_core::text;

static PATTERNS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [GREETING, FAREWELL, OVER_A_QUOTE, BELOW_TEXTS, LIST_NAMED].map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

/// The longest greeting and the longest farewell, with the names in it, in bytes.
const LONGEST: usize = 160;

/// Whether a paragraph is a greeting: no headline.
pub(super) fn greets(paragraph: &str) -> bool {
    // A greeting names somebody and goes on; “Hello Kitty visits Seoul” doesn't.
    let end = paragraph.trim_end();
    let first = end.lines().next().unwrap_or_default().trim_end();
    let goes_on = first.ends_with([',', '!', ':', '，', '、', '：', '！', '.', '。']);
    let bare = first.split_whitespace().count() <= 2 || !first.is_ascii() && !first.contains(' ');
    end.len() <= LONGEST && (goes_on || bare) && PATTERNS[0].is_match(&text::fold(end))
}

/// Whether a paragraph is a farewell, perhaps with a name below it.
pub(super) fn takes_leave(paragraph: &str) -> bool {
    let mut lines = paragraph.trim().lines();
    let first = lines.next().unwrap_or_default().trim_end();
    let is_short = paragraph.len() <= LONGEST && lines.count() <= 4;
    let names = first.ends_with([',', '.', '!', '，', '。'])
        || first.split_whitespace().count() <= 4
        || !first.is_ascii();
    is_short && names && PATTERNS[1].is_match(&text::fold(first))
}

/// A mail's text as its writer wrote it: without quotes and the lines over them, signatures, and what lists put below.
/// Empty lines stay as they are, and lines of spaces are empty.
pub(super) fn own_words(text: &str, answers: bool) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| match line.chars().all(text::is_blank) {
            true => "",
            false => line.trim_end_matches('\r'),
        })
        .collect();
    let end = (0..lines.len()).find(|at| ends_at(&lines, *at, answers));
    let lines = &lines[..end.unwrap_or(lines.len())];
    let is_quoted = |line: &str| {
        let line = line.trim_start();
        line.starts_with('>') || line.starts_with("|>")
    };
    let has_own = lines
        .iter()
        .any(|line| !is_quoted(line) && line.contains(char::is_alphanumeric));
    let mut own: Vec<&str> = Vec::with_capacity(lines.len());
    for line in lines {
        if !is_quoted(line) {
            if !armour(line) {
                own.push(line);
            }
            continue;
        }
        if !has_own {
            own.push(line.trim_start_matches(['>', ' ']));
            continue;
        }
        drop_attribution(&mut own);
    }
    let mut own = own.join("\n");
    // The first and the last paragraphs.
    let first = own
        .trim_start()
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .to_owned();
    let first_line = first.lines().next().unwrap_or_default();
    let start = own.len() - own.trim_start().len();
    if greets(&first) {
        own.replace_range(..start + first.len(), "");
    } else if greets(first_line) && first_line.trim_end().ends_with([',', '!', ':', '，', '：']) {
        own.replace_range(..start + first_line.len(), "");
    }
    if let Some(at) = leave(&own) {
        own.truncate(at);
    }
    own
}

/// Where a farewell begins, within the last paragraphs of a text.
fn leave(text: &str) -> Option<usize> {
    /// A farewell, a name, and what is said after it.
    const LAST: usize = 3;
    let mut end = text.trim_end().len();
    let mut found = None;
    for _ in 0..LAST {
        let begin = text[..end].rfind("\n\n").map_or(0, |at| at + 2);
        if begin > 0 && takes_leave(&text[begin..end]) {
            found = Some(begin);
        }
        end = text[..begin].trim_end().len();
        if end == 0 {
            break;
        }
    }
    found
}

/// Whether a mail's own text ends at a line.
fn ends_at(lines: &[&str], at: usize, answers: bool) -> bool {
    let line = lines[at].trim_end();
    // RFC 3676, 4.3: a signature. Mailers lose the space; without it the line may part two stories, which are longer.
    let is_signed = || lines[at] == "-- " || is_short(&lines[at + 1..]);
    if line == "--" && is_signed() || line.starts_with("-----BEGIN PGP SIGNATURE") {
        return true;
    }
    let is_rule = line.len() >= 10
        && line
            .bytes()
            .all(|byte| matches!(byte, b'_' | b'-' | b'=' | b'~' | b'#' | b'*'));
    if is_rule {
        let below = lines[at + 1..]
            .iter()
            .filter(|line| !line.trim().is_empty())
            .take(4);
        let below: Vec<&str> = below.copied().collect();
        if below.iter().any(|line| PATTERNS[4].is_match(line)) || below.is_empty() {
            return true;
        }
    }
    if PATTERNS[3].is_match(line) {
        return true;
    }
    // What was answered, as Outlook and Korean programs put it under an answer.
    let is_mark =
        line.starts_with("--") && line.ends_with("--") && line.contains(char::is_alphabetic);
    answers
        && (is_mark
            || line.to_lowercase().starts_with("from:")
                && lines.get(at + 1).is_some_and(|next| {
                    next.to_lowercase().starts_with("sent:")
                        || next.to_lowercase().starts_with("date:")
                }))
}

/// Whether no more is left than a signature: a few lines without a gap, and nothing that parts them again.
fn is_short(lines: &[&str]) -> bool {
    /// A signature has four (RFC 1855); this leaves room for what employers add.
    const MOST: usize = 10;
    let is_blank = |line: &&str| line.trim().is_empty();
    let own = lines.iter().skip_while(|line| is_blank(line));
    let own: Vec<&&str> = own.take_while(|line| !is_blank(line)).collect();
    let rest = lines.iter().filter(|line| !is_blank(line)).count();
    rest <= MOST && own.len() == rest
}

/// Whether a line only says that what follows is signed.
fn armour(line: &str) -> bool {
    line.starts_with("-----BEGIN PGP SIGNED MESSAGE") || line.starts_with("Hash: SHA")
}

/// Takes off the line over a quote: “On …, Ann wrote:”, which may be broken.
fn drop_attribution(own: &mut Vec<&str>) {
    /// The lines of the longest such sentence.
    const MOST: usize = 4;
    let last = own.iter().rposition(|line| !line.trim().is_empty());
    let Some(last) = last else { return };
    if !own[last].trim_end().ends_with([':', '：']) {
        return;
    }
    for first in (last.saturating_sub(MOST - 1)..=last).rev() {
        let said = own[first..=last].join(" ");
        let is_one = PATTERNS[2].is_match(&said);
        let begins = first == 0 || own[first - 1].trim().is_empty();
        if is_one && (begins || first + MOST - 1 == last) {
            own.truncate(first);
            return;
        }
        if begins {
            // Whatever the language: somebody, some time, and a colon over a quote.
            if said.contains('@') || said.bytes().filter(u8::is_ascii_digit).count() >= 4 {
                own.truncate(first);
            }
            return;
        }
    }
}

/// Paragraphs as they are wrapped for mail (RFC 3676): a line that ends in a space goes on.
pub(super) fn unwrapped(text: &str, deletes_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        let line = line.strip_prefix(' ').unwrap_or(line);
        let goes_on = line.ends_with(' ')
            && line != "-- "
            && !line.starts_with('>')
            && !line.trim().is_empty();
        if goes_on {
            out.push_str(if deletes_space {
                &line[..line.len() - 1]
            } else {
                line
            });
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
