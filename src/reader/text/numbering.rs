//! What stands in front of titles, and which texts may be headings.

use crate::lexicon::counting::{HAN, KOREAN};
use tidings_core::text;

/// The longest unknown heading, in characters (design.md, rule 4).
pub(crate) const LONGEST_HEADING: usize = 60;

/// Whether a text is short enough for a heading that the configuration doesn't know, and no sentence (rule 4).
pub(crate) fn may_be_heading(text: &str) -> bool {
    text.chars().nth(LONGEST_HEADING).is_none() && !text::ends_sentence(text)
}

/// How long the number in front of a title is that counts it, in bytes: `1.`, `1)` and `가.` as far as a space or nothing
/// follows, `1、`, `１．`, `一、`, `（一）`, `①` in any case.
pub(crate) fn number_length(title: &str) -> usize {
    let first = title.chars().next().unwrap_or(' ');
    // Nearly every title begins so, and no number does.
    if first.is_ascii() && !first.is_ascii_digit() {
        return 0;
    }
    if is_enclosed(first) {
        return first.len_utf8();
    }
    let is_digit = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c);
    let is_han = |c: &char| HAN.contains(*c);
    if first == '（' {
        let inside = &title[first.len_utf8()..];
        let length = counted(inside, is_digit).max(counted(inside, is_han));
        // On a line of its own it parts an essay.
        return match inside[length..].strip_prefix('）') {
            Some(counted) if length > 0 && !counted.is_empty() => 2 * first.len_utf8() + length,
            _ => 0,
        };
    }
    let digits = counted(title, is_digit);
    let length = match first {
        _ if digits > 0 => digits,
        _ if KOREAN.contains(first) => first.len_utf8(),
        _ => counted(title, is_han),
    };
    let rest = &title[length..];
    match rest.chars().next() {
        _ if length == 0 => 0,
        Some('.' | ')')
            if !is_han(&first)
                && (rest.len() == 1 || rest[1..].starts_with(char::is_whitespace)) =>
        {
            length + 1
        }
        Some(mark @ ('、' | '．' | '）')) if !KOREAN.contains(first) => length + mark.len_utf8(),
        _ => 0,
    }
}

/// Whether a character is a number or a letter that counts, in a circle or in brackets.
fn is_enclosed(c: char) -> bool {
    matches!(
        u32::from(c),
        0x2460..=0x249B | 0x2776..=0x2793 | 0x3200..=0x321E | 0x3220..=0x3229 | 0x3251..=0x325F | 0x3260..=0x327B | 0x3280..=0x3289 | 0x32B1..=0x32BF
    )
}

/// How long the number is that a text begins with, in bytes; none has more than three digits.
fn counted(text: &str, is_digit: impl Fn(&char) -> bool) -> usize {
    let digits: Vec<char> = text.chars().take(4).take_while(is_digit).collect();
    match digits.len() {
        0..=3 => digits.iter().map(|c| c.len_utf8()).sum(),
        _ => 0,
    }
}

/// A title without what [`number_length`] counts it by, or `•` or `-` in front of a space.
pub(crate) fn without_marker(title: &str) -> &str {
    let bullet = match title.chars().next() {
        Some(bullet @ ('•' | '-' | '*')) if title[bullet.len_utf8()..].starts_with(' ') => {
            bullet.len_utf8()
        }
        _ => 0,
    };
    let marker = bullet.max(number_length(title));
    match title[marker..].trim_start() {
        "" => title,
        rest if marker > 0 => rest,
        _ => title,
    }
}
