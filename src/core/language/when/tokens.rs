//! Somebody's words one by one: numbers, times, zones, and what the vocabulary knows.

use super::vocabulary::{Meaning, counts_months, latin, longest};
use crate::language::words::zones;
use crate::schedule::Zone;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Word(Meaning),
    /// A number in digits.
    Digits(u32),
    /// An hour and a minute.
    Clock(u32, u32),
    /// `21h`.
    HourMark,
    Zone,
    Unknown,
}

/// A word, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) from: usize,
    pub(super) to: usize,
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() || ",;.!?()[]\"'、。·/".contains(c) {
            at += c.len_utf8();
            continue;
        }
        let is_apart = text[..at].ends_with(char::is_whitespace);
        let seen_time = tokens.iter().any(|token| {
            matches!(
                token.what,
                What::Digits(_) | What::Clock(..) | What::Word(Meaning::Time(_))
            )
        });
        let (length, what) = if c.is_ascii_digit() {
            number(rest)
        } else if let Some(length) =
            zone(rest).filter(|_| !rest.starts_with(['+', '-']) || seen_time && is_apart)
        {
            (length, What::Zone)
        } else if let Some((length, meaning)) = longest(rest) {
            (length, What::Word(meaning))
        } else if latin(rest) == "h" || latin(rest) == "hr" {
            (latin(rest).len(), What::HourMark)
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || ",;()".contains(c));
            (end.unwrap_or(rest.len()), What::Unknown)
        };
        tokens.push(Token {
            what,
            from: at,
            to: at + length,
        });
        at += length;
    }
    tokens
}

/// A number, or a time with its minutes: `9`, `9:30`, `9.30`, `0930`.
fn number(rest: &str) -> (usize, What) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(rest);
    let value = |text: &str| text.parse().unwrap_or(u32::MAX);
    let behind = &rest[first..];
    if let Some(minutes) = behind.strip_prefix([':', '.'])
        && digits(minutes) > 0
    {
        let second = digits(minutes);
        let length = first + 1 + second;
        let goes_on = minutes[second..].strip_prefix([':', '.']);
        if first > 2 || second != 2 || goes_on.is_some_and(|rest| digits(rest) > 0) {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            return (end, What::Unknown);
        }
        return (
            length,
            What::Clock(value(&rest[..first]), value(&minutes[..second])),
        );
    }
    if first == 4 {
        return (first, What::Clock(value(&rest[..2]), value(&rest[2..4])));
    }
    // A month, which no schedule has.
    if let Some(length) = counts_months(behind) {
        return (first + length, What::Unknown);
    }
    // What nobody writes by itself: `9:`.
    if behind.starts_with(':') || first > 4 {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        return (end, What::Unknown);
    }
    (first, What::Digits(value(&rest[..first])))
}

/// How long the name of a zone is that stands here behind a time: `KST`, `UTC+9`, `Asia/Seoul`, `한국시간`.
fn zone(rest: &str) -> Option<usize> {
    let said = zones().map(|(said, _)| said);
    if let Some(name) = said
        .filter(|said| rest.starts_with(said))
        .max_by_key(|said| said.len())
    {
        return Some(name.len());
    }
    let end = rest.find(|c: char| c.is_whitespace() || "(),;".contains(c));
    let word = &rest[..end.unwrap_or(rest.len())];
    let bare = word.trim_end_matches(['.', '!', '?']);
    let begins = |c: char| c.is_ascii_alphabetic() || "+-".contains(c);
    if !bare.starts_with(begins) || longest(bare).is_some_and(|(length, _)| length == bare.len()) {
        return None;
    }
    let is_offset = bare.starts_with(['+', '-']);
    let is_known = match Zone::find(bare) {
        Ok(_) => !is_offset,
        Err(unknown) => unknown.is_hint,
    };
    is_known.then_some(bare.len())
}
