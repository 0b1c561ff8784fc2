//! Dates as publishers write them: in file names, in addresses, and in the first lines of a page.

pub(crate) mod days;
pub(crate) mod timestamps;
pub(crate) mod zones;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::dates::days::{Token, What, Within, find_all, first, plain, tokens};
use crate::lexicon::months;
use tidings_core::bounds::DATE_LENGTH;
use tidings_core::text;

/// Whether a text may hold a date at all: a digit, or what becomes one when the text is made plain.
fn has_digit(text: &str) -> bool {
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
    let text = plain(text);
    let found = find_all(&tokens(&text), Within::Itself);
    first(&found).map(|found| found.date)
}

/// What a line under a headline is, if it isn't part of the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// The date in it, if there is one.
    pub date: Option<Date>,
}

/// Reads a line that is only a byline (`By …`) or a date (`Published …`).
pub fn dateline(line: &str) -> Option<Dateline> {
    let line = line.trim();
    if line.is_empty() || line.len() > 120 {
        return None;
    }
    if let Some(names) = line
        .strip_prefix("By ")
        .or_else(|| line.strip_prefix("BY "))
    {
        return is_names(names).then(|| Dateline {
            date: in_text(line),
        });
    }
    if !has_digit(line) {
        return None;
    }
    let line = plain(line);
    let tokens = tokens(&line);
    let found = first(&find_all(&tokens, Within::Itself))?;
    // Who dates it may stand before the date, a clock time behind it, but no words of a title.
    let belongs = |token: &Token<'_>| match &token.what {
        What::Word(word) if token.end <= found.start => months::introduces(word),
        What::Word(word) if token.start >= found.end => {
            months::follows(word) || zones::is_zone(&line[token.start..token.end])
        }
        What::Number(..) => token.start >= found.start,
        What::Mark(mark) if token.end <= found.start => ":,.|()-–·[]".contains(*mark),
        _ => true,
    };
    tokens.iter().all(belongs).then_some(Dateline {
        date: Some(found.date),
    })
}

/// Reads a line of a date and the name of an outlet or an author, as cards have it: `March 8, 2019 · Hankyoreh`.
pub(crate) fn dateline_with_outlet(line: &str) -> Option<Dateline> {
    /// The longest name in such a line, in bytes, and three of them with what parts them.
    const LONGEST_NAME: usize = 40;
    const LONGEST_LINE: usize = 300;
    if line.len() > LONGEST_LINE {
        return None;
    }
    let parts: Vec<&str> = line
        .split(['|', '·', '•', '/'])
        .flat_map(|part| part.split(" – "))
        .flat_map(|part| part.split(" — "))
        .flat_map(|part| part.split(" by "))
        .map(str::trim)
        .collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let date = parts.iter().find_map(|part| dateline(part)?.date);
    let is_name = |part: &&str| {
        dateline(part).is_some() || part.len() <= LONGEST_NAME && !text::ends_sentence(part)
    };
    (date.is_some() && parts.iter().all(is_name)).then_some(Dateline { date })
}

/// Words that make a byline without a capital letter in it: “By staff”.
const BYLINE_WORDS: &[&str] = &[
    "staff",
    "reporter",
    "reporters",
    "correspondent",
    "correspondents",
    "writer",
    "writers",
    "editor",
    "editors",
];

/// The longest byline, in words, without its date.
const LONGEST_BYLINE: usize = 10;

/// Whether the words behind “By” name somebody, rather than going on with a headline (“By 2030, minister
/// says”, “By a wide margin”): no numbers, and a name, which is capitalised where the script has capitals.
fn is_names(text: &str) -> bool {
    let plain = plain(text);
    let date = first(&find_all(&tokens(&plain), Within::Words));
    let names = date.map_or(plain.as_ref(), |found| &plain[..found.start]);
    let words: Vec<&str> = names
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let names_somebody = |word: &&str| {
        word.chars().next().is_some_and(|c| !c.is_lowercase()) || BYLINE_WORDS.contains(word)
    };
    words.len() <= LONGEST_BYLINE
        && words.iter().any(names_somebody)
        && !words
            .iter()
            .any(|word| word.starts_with(|c: char| c.is_numeric()))
}
