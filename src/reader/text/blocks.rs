//! Text to blocks: the first step of reading a page, one pass over the lines.

use std::borrow::Cow;

use memchr::memchr;

use tidings_core::text;

use crate::charset;
use crate::document::{Document, Reason, Unreadable};
use crate::limits::steps;

/// A run of non-blank lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block<'t> {
    /// The lines as they stand in the page, without the last line end.
    pub raw: &'t str,
    /// The number of the first line, from 1.
    pub line: u32,
    /// Blank lines in front of the block.
    pub gap: u32,
}

impl<'t> Block<'t> {
    /// The block as one line of clean text.
    pub(crate) fn joined(&self) -> Cow<'t, str> {
        text::join_lines(self.raw)
    }

    /// The block's lines, each trimmed.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &'t str> {
        self.raw
            .split('\n')
            .map(|line| line.trim_matches(text::is_blank))
    }
}

/// What it takes to read a byte of many short blocks.
const STEPS_A_BYTE: usize = 5;

/// Iterates over the blocks of a text in time linear in its length.
#[derive(Clone, Debug)]
pub(crate) struct Blocks<'t> {
    rest: &'t str,
    line: u32,
}

impl<'t> Blocks<'t> {
    /// The blocks of `text`, whose lines end in LF or CRLF.
    pub(crate) fn new(text: &'t str) -> Blocks<'t> {
        steps::spend(STEPS_A_BYTE * text.len());
        Blocks {
            rest: text,
            line: 1,
        }
    }

    /// Takes one line off, with its end.
    fn take_line(&mut self) -> &'t str {
        let end = memchr(b'\n', self.rest.as_bytes()).map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.line = self.line.saturating_add(1);
        line
    }
}

fn is_blank_line(line: &str) -> bool {
    match line.as_bytes() {
        [] | [b'\n'] | [b'\r', b'\n'] => true,
        [first, ..] if first.is_ascii_graphic() => false,
        _ => line.chars().all(text::is_blank),
    }
}

impl<'t> Iterator for Blocks<'t> {
    type Item = Block<'t>;

    fn next(&mut self) -> Option<Block<'t>> {
        let mut gap = 0u32;
        loop {
            let empty = self.rest.bytes().take_while(|b| *b == b'\n').count();
            if empty > 0 {
                self.rest = &self.rest[empty..];
                let lines = u32::try_from(empty).unwrap_or(u32::MAX);
                gap = gap.saturating_add(lines);
                self.line = self.line.saturating_add(lines);
            }
            if self.rest.is_empty() {
                return None;
            }
            let start = self.rest;
            let number = self.line;
            if is_blank_line(self.take_line()) {
                gap = gap.saturating_add(1);
                continue;
            }
            let mut length = start.len() - self.rest.len();
            while !self.rest.is_empty() {
                let before = self.clone();
                if is_blank_line(self.take_line()) {
                    // The blank line belongs to the next block's gap.
                    *self = before;
                    break;
                }
                length = start.len() - self.rest.len();
            }
            return Some(Block {
                raw: start[..length].trim_end_matches(['\n', '\r']),
                line: number,
                gap,
            });
        }
    }
}

/// A document's text: as [`decode`] reads it, or, where its bytes aren't UTF-8, as whoever brought it says.
///
/// # Errors
/// As of [`decode`].
pub(crate) fn decode_document(document: &Document) -> Result<Cow<'_, str>, Unreadable> {
    let told = document.charset.as_deref();
    let told = told.filter(|_| {
        memchr(0x1B, &document.bytes).is_some() || std::str::from_utf8(&document.bytes).is_err()
    });
    match told.and_then(|told| charset::as_told(&document.bytes, told)) {
        Some(text) if memchr(0, text.as_bytes()).is_none() => Ok(text),
        _ => decode(&document.bytes),
    }
}

/// Bytes as text: UTF-8 with or without its mark, or UTF-16 with its mark. A file whose only line
/// ends are carriage returns is read as if they were line feeds.
///
/// # Errors
/// A NUL or invalid bytes, with their line.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(decode_utf16(rest, u16::from_le_bytes)?),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(decode_utf16(rest, u16::from_be_bytes)?),
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            Cow::Borrowed(std::str::from_utf8(bytes).map_err(|error| Unreadable {
                line: line_of(bytes, error.valid_up_to()),
                reason: if bytes[..error.valid_up_to()].contains(&0) {
                    Reason::Nul
                } else {
                    Reason::Encoding("UTF-8")
                },
            })?)
        }
    };
    if let Some(at) = memchr(0, text.as_bytes()) {
        return Err(Unreadable {
            line: line_of(text.as_bytes(), at),
            reason: Reason::Nul,
        });
    }
    if memchr(b'\r', text.as_bytes()).is_some() && memchr(b'\n', text.as_bytes()).is_none() {
        return Ok(Cow::Owned(text.replace('\r', "\n")));
    }
    Ok(text)
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Unreadable> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text = String::with_capacity(bytes.len());
    for c in char::decode_utf16(units) {
        match c {
            Ok(c) => text.push(c),
            Err(_) => return Err(invalid_utf16(&text)),
        }
    }
    if odd.is_empty() {
        Ok(text)
    } else {
        Err(invalid_utf16(&text))
    }
}

fn invalid_utf16(before: &str) -> Unreadable {
    Unreadable {
        line: line_of(before.as_bytes(), before.len()),
        reason: Reason::Encoding("UTF-16"),
    }
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    let ends = memchr::memchr_iter(b'\n', &bytes[..at]).count();
    u32::try_from(ends + 1).unwrap_or(u32::MAX)
}
