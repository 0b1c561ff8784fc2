//! Bytes to text, in whatever encoding a server, a mark, or the document itself says.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter, memmem};

use super::{Document, Reason, Unreadable};

/// How much of a document is searched for what it says of its own encoding, in bytes
/// (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>).
const PRESCAN: usize = 1_024;

/// Of so many characters one may be a NUL in a document of markup; more of them aren't a broken letter.
const NULS: usize = 100;

/// The text of a document of markup: by its mark, else by the server's word, else by its own declaration, else as
/// UTF-8. What isn't valid there is replaced, and what isn't a character left out: one broken letter mustn't cost a
/// whole feed.
///
/// # Errors
/// [`Reason::Nul`] for what isn't text at all.
pub fn decode(document: &Document) -> Result<Cow<'_, str>, Unreadable> {
    let bytes = &document.bytes;
    let mark = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let mark = mark.or_else(|| wide(bytes));
    // Many servers call everything UTF-8.
    let is_it =
        |encoding: &&'static Encoding| *encoding != UTF_8 || std::str::from_utf8(bytes).is_ok();
    let told = || document.charset.as_deref().and_then(label).filter(is_it);
    let encoding = mark.or_else(told).or_else(|| declared(bytes).filter(is_it));
    let encoding = match encoding {
        // Servers say the same of everything that they serve; other encodings hardly ever make valid UTF-8.
        Some(encoding) if mark.is_none() && encoding != UTF_8 && is_utf8(bytes) => UTF_8,
        Some(encoding) => encoding,
        None => guessed(bytes),
    };
    let (text, _, _) = encoding.decode(bytes);
    match memchr_iter(0, text.as_bytes()).count() {
        0 => Ok(text),
        nuls if nuls <= text.len() / NULS => Ok(Cow::Owned(text.replace('\0', ""))),
        _ => Err(Unreadable {
            line: 0,
            reason: Reason::Nul,
        }),
    }
}

/// UTF-16, where markup begins in it without a mark (<https://www.w3.org/TR/xml/#sec-guessing-no-ext-info>).
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, next, 0, ..] if *next != 0 => Some(UTF_16LE),
        [0, b'<', 0, next, ..] if *next != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// How much of a document is looked at to find out what it is, in bytes.
const LOOKED_AT: usize = 4_096;

/// The beginning of a document of markup, behind its comments and declarations, as far as it is ASCII, in whatever
/// width: enough to tell what kind it is.
pub(super) fn beginning(bytes: &[u8]) -> Cow<'_, str> {
    let is_wide = Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8)
        || wide(bytes).is_some();
    let bytes = if is_wide { bytes } else { behind_prolog(bytes) };
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    if is_wide {
        Cow::Owned(text.replace('\0', ""))
    } else {
        text
    }
}

/// What stands behind comments, declarations and a document type that is longer than a name.
fn behind_prolog(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start();
        let subset = || {
            let start = &rest[..rest.len().min(LOOKED_AT)];
            let opens = memmem::find(start, b"[")?;
            memchr(b'>', &start[..opens]).is_none().then_some(())
        };
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!DOCTYPE") && subset().is_some() {
            b"]>"
        } else {
            return rest;
        };
        match memmem::find(rest, end) {
            Some(at) => rest = &rest[at + end.len()..],
            None => return rest,
        }
    }
}

fn is_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

/// The encoding of a document that nobody says it of: UTF-8, if it is valid or nearly so, else what its bytes look like.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    let (text, _, broken) = UTF_8.decode(bytes);
    let letters = || text.chars().filter(|c| !c.is_ascii()).count();
    let lost = || text.matches('\u{FFFD}').count();
    // One broken letter is no other encoding.
    if !broken || lost() * 10 < letters() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

fn label(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().trim_matches(['"', '\'']).as_bytes())
}

/// What an XML declaration or a `meta` element says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(PRESCAN)];
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let value = |key: &str| {
        let at = start.find(key)? + key.len();
        let rest = start[at..].trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)));
        label(&rest[..end.unwrap_or(rest.len())])
    };
    let xml = start.trim_start().starts_with("<?xml");
    let own = if xml {
        value("encoding")
    } else {
        value("charset")
    };
    own.filter(|encoding| !encoding.name().starts_with("UTF-16"))
}
