//! The numbers, words and marks of a text: what dates are read in.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// A number, a word or a mark of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) what: What<'t>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What<'t> {
    /// Its value, where it has at most eight digits, and how many it has.
    Number(u32, usize),
    /// In lower case.
    Word(Cow<'t, str>),
    Mark(char),
}

/// Text with full-width digits and letters of several characters as one of each: what dates are read in.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let length = |is: &dyn Fn(char) -> bool| {
            let rest = &text[at..];
            rest.find(|c: char| !is(c)).unwrap_or(rest.len())
        };
        let (what, length) = if c.is_ascii_digit() {
            let digits = length(&|c| c.is_ascii_digit());
            let value = text[at..at + digits].parse().ok();
            let value = value.filter(|_| digits <= 8).unwrap_or_default();
            (What::Number(value, digits), digits)
        } else if c.is_alphabetic() {
            let letters = length(&char::is_alphabetic);
            let word = &text[at..at + letters];
            let is_lower = word.bytes().all(|byte| byte.is_ascii_lowercase());
            let word = if is_lower {
                Cow::Borrowed(word)
            } else {
                // The capital dotted I of Turkish leaves its dot behind.
                Cow::Owned(word.to_lowercase().replace('\u{307}', ""))
            };
            (What::Word(word), letters)
        } else {
            let length = c.len_utf8();
            if c.is_whitespace() {
                at += length;
                continue;
            }
            (What::Mark(c), length)
        };
        tokens.push(Token {
            what,
            start: at,
            end: at + length,
        });
        at += length;
    }
    tokens
}
