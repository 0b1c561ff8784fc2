//! Where days stand: in names and addresses, among the words of a text, alone.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::dates::days::{Within, find_all, first};
use crate::dates::tokens::{plain, tokens};
use tidings_core::bounds::DATE_LENGTH;

/// Whether a text may hold a date at all: a digit, or what becomes one when the text is made plain.
pub(super) fn has_digit(text: &str) -> bool {
    let is_squared = |c: char| ('\u{3200}'..='\u{33FF}').contains(&c);
    text.bytes().any(|byte| byte.is_ascii_digit())
        || !text.is_ascii() && text.contains(|c: char| c.is_numeric() || is_squared(c))
}

/// The date that a file name or an address ends in: the last valid one.
pub fn in_name(name: &str) -> Option<Date> {
    let start = name.len().saturating_sub(DATE_LENGTH.most);
    let name = unescaped(&name[name.ceil_char_boundary(start)..]);
    let name = plain(&name);
    find_all(&tokens(&name), Within::Words)
        .into_iter()
        .max_by_key(|found| (found.end, std::cmp::Reverse(found.start)))
        .map(|found| found.date)
}

/// An address as it is read, without the `%` of letters that aren't ASCII.
fn unescaped(name: &str) -> Cow<'_, str> {
    if !name.contains('%') {
        return Cow::Borrowed(name);
    }
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let coded = behind
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok());
        let coded = coded.and_then(|two| u8::from_str_radix(two, 16).ok());
        match coded.filter(|_| byte == b'%') {
            Some(coded) => {
                bytes.push(coded);
                rest = &behind[2..];
            }
            None => {
                bytes.push(byte);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(name), Cow::Owned)
}

/// The first date in a block of text.
pub fn in_text(text: &str) -> Option<Date> {
    let text = &text[..text.floor_char_boundary(DATE_LENGTH.most)];
    if !has_digit(text) {
        return None;
    }
    let text = plain(text);
    let found = find_all(&tokens(&text), Within::Words);
    first(&found).map(|found| found.date)
}

/// The date that is all of a text.
pub(crate) fn alone(text: &str) -> Option<Date> {
    /// No date is longer, whatever the words for it, in bytes.
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return None;
    }
    let text = plain(text);
    let found = find_all(&tokens(&text), Within::Itself);
    first(&found).map(|found| found.date)
}
