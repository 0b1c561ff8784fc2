//! The headers of a message, as text.

use std::borrow::Cow;

use jiff::civil::Date;
use mail_parser::decoders::base64::base64_decode;

use crate::charset;
use crate::dates::timestamps;

/// How much of a document is looked at to find out what it is, in bytes.
pub(super) const LOOKED_AT: usize = 8_192;

/// The headers of a message, in their order, as they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    /// Reads headers, and says where the body begins. What is no header ends them.
    pub(super) fn read(message: &[u8]) -> (Headers, usize) {
        let mut headers = Headers::default();
        let mut at = 0;
        while at < message.len() {
            let end = memchr::memchr(b'\n', &message[at..]).map_or(message.len(), |n| at + n + 1);
            let line = &message[at..end];
            let bare = line.trim_ascii_end();
            if bare.is_empty() {
                return (headers, end);
            }
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some((_, value)) = headers.0.last_mut() {
                    value.push(b' ');
                    value.extend_from_slice(bare.trim_ascii_start());
                }
            } else if let Some((name, value)) = field(bare) {
                headers.0.push((name, value.trim_ascii().to_vec()));
            } else if !(headers.0.is_empty()
                && (bare.starts_with(b"From ") || bare.starts_with(b">From ")))
            {
                return (headers, at);
            }
            at = end;
        }
        (headers, message.len())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// A header as it is written.
    pub(super) fn raw(&self, name: &str) -> Option<&[u8]> {
        let mut named = self.0.iter().filter(|(own, _)| own == name);
        named
            .find(|(_, value)| !value.is_empty())
            .map(|(_, value)| value.as_slice())
    }

    /// A header as text.
    pub(super) fn value(&self, name: &str, body_charset: Option<&str>) -> Option<String> {
        Some(decoded(self.raw(name)?, body_charset))
    }

    /// The day in a header, as it is written there.
    pub(super) fn day(&self, names: &[&str]) -> Option<Date> {
        let mut values = names.iter().filter_map(|name| self.value(name, None));
        values.find_map(|value| Some(timestamps::written(without_comments(&value).trim())?.day))
    }
}

/// A date without what stands behind it in brackets.
fn without_comments(value: &str) -> &str {
    value.split(" (").next().unwrap_or(value)
}

/// The name of a header, in lower case, and its value.
fn field(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(|byte| matches!(byte, b'!'..=b'~'));
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    is_name.then_some((name, &line[colon + 1..]))
}

/// A header's value as text: encoded words (RFC 2047) in their charsets, what is written without one like a body is.
pub(super) fn decoded(value: &[u8], body_charset: Option<&str>) -> String {
    let mut out = String::new();
    // What adjacent words of one charset hold: mailers cut letters in two.
    let mut open: Option<(String, Vec<u8>)> = None;
    let close = |open: &mut Option<(String, Vec<u8>)>, out: &mut String| {
        if let Some((charset, bytes)) = open.take() {
            out.push_str(&charset::text_of(&bytes, Some(&charset)));
        }
    };
    let mut rest = value;
    while !rest.is_empty() {
        let start = memchr::memmem::find(rest, b"=?");
        let word = start.and_then(|start| Some((start, encoded_word(&rest[start..])?)));
        let Some((start, (charset, bytes, length))) = word else {
            let until = start.map_or(rest.len(), |start| start + 2);
            close(&mut open, &mut out);
            out.push_str(&plain(&rest[..until], body_charset));
            rest = &rest[until..];
            continue;
        };
        let before = &rest[..start];
        let adjoins = open.is_some() && before.trim_ascii().is_empty();
        if !adjoins {
            close(&mut open, &mut out);
            out.push_str(&plain(before, body_charset));
        }
        match &mut open {
            Some((own, held)) if *own == charset => held.extend_from_slice(&bytes),
            _ => {
                close(&mut open, &mut out);
                open = Some((charset, bytes));
            }
        }
        rest = &rest[start + length..];
    }
    close(&mut open, &mut out);
    out
}

fn plain<'b>(bytes: &'b [u8], body_charset: Option<&str>) -> Cow<'b, str> {
    charset::text_of(bytes, body_charset)
}

/// The charset of an encoded word, its bytes, and how long it is.
fn encoded_word(text: &[u8]) -> Option<(String, Vec<u8>, usize)> {
    let mut marks = memchr::memchr_iter(b'?', text).skip(1);
    let (charset_end, coding_end) = (marks.next()?, marks.next()?);
    let charset = String::from_utf8_lossy(&text[2..charset_end]);
    // `utf-8*ko` names a language as well (RFC 2231).
    let charset = charset
        .split('*')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let coding = text.get(charset_end + 1..coding_end)?;
    let length = memchr::memmem::find(&text[coding_end + 1..], b"?=")?;
    let coded = &text[coding_end + 1..coding_end + 1 + length];
    let bytes = match coding {
        b"B" | b"b" => of_base64(coded),
        b"Q" | b"q" => of_quoted(coded, true),
        _ => return None,
    };
    let is_charset = !charset.is_empty() && charset.len() <= 40 && !charset.contains(' ');
    is_charset.then_some((charset, bytes, coding_end + 1 + length + 2))
}

/// The bytes of base 64, whatever stands between its letters, as far as the text that a list puts under it.
pub(super) fn of_base64(coded: &[u8]) -> Vec<u8> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let mut kept: Vec<u8> = Vec::with_capacity(coded.len());
    for line in coded.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        let is_text = kept.ends_with(b"=") || line.contains(&b' ') || line.starts_with(b"--");
        if is_text && !line.is_empty() && !kept.is_empty() {
            break;
        }
        kept.extend(line.iter().copied().filter(is_letter));
    }
    let whole = kept.len() / 4 * 4;
    let mut decoded = match kept.len() == whole {
        true => base64_decode(&kept),
        false => None,
    };
    // What mailers forget behind it; a text of megabytes isn't copied for that.
    for _ in 0..2 {
        if decoded.is_none() {
            kept.push(b'=');
            decoded = base64_decode(&kept);
        }
    }
    decoded
        .or_else(|| base64_decode(&kept[..whole]))
        .unwrap_or_default()
}

/// The bytes of quoted-printable text; in headers `_` is a space.
pub(super) fn of_quoted(coded: &[u8], in_header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(coded.len());
    let mut rest = coded;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let hex = behind
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok());
        match (byte, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'=', Some(coded)) => {
                out.push(coded);
                rest = &behind[2..];
            }
            // A line that goes on.
            (b'=', None) if !in_header && behind.starts_with(b"\r\n") => rest = &behind[2..],
            (b'=', None) if !in_header && behind.starts_with(b"\n") => rest = &behind[1..],
            (b'_', _) if in_header => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out
}
