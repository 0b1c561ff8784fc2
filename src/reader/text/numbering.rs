//! What stands in front of titles, and which texts may be headings.

use tidings_core::text;

/// The longest unknown heading, in characters (design.md, rule 4).
pub(crate) const LONGEST_HEADING: usize = 60;

/// Whether a text is short enough for a heading that the configuration doesn't know, and no sentence (rule 4).
pub(crate) fn may_be_heading(text: &str) -> bool {
    text.chars().nth(LONGEST_HEADING).is_none() && !text::ends_sentence(text)
}

/// How long the number in front of a title is that counts it, in bytes: `1.` and `1)` as far as a space or nothing
/// follows, `1、`, `１．`, `①` in any case.
pub(crate) fn number_length(title: &str) -> usize {
    let first = title.chars().next().unwrap_or(' ');
    if matches!(u32::from(first), 0x2460..=0x2473 | 0x2776..=0x2793) {
        return first.len_utf8();
    }
    let is_digit = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c);
    let digits: Vec<char> = title.chars().take(4).take_while(is_digit).collect();
    let length: usize = digits.iter().map(|c| c.len_utf8()).sum();
    let rest = &title[length..];
    match rest.chars().next() {
        _ if !(1..=3).contains(&digits.len()) => 0,
        Some('.' | ')') if rest.len() == 1 || rest[1..].starts_with(char::is_whitespace) => {
            length + 1
        }
        Some(mark @ ('、' | '．' | '）')) => length + mark.len_utf8(),
        _ => 0,
    }
}

/// A title without `1.`, `1)`, `•` or `-` in front, where a space follows; without `1、`, `１．` or `①` in any case.
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
