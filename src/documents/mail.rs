//! Newsletters: mail as it was saved, one message a file. Its HTML or text part is read as a web page or a digest is.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail_parser::MessageParser;
use memchr::memmem;
use regex::bytes::Regex;

use super::{
    Document, Kind, Layout, Page, Reason, Rules, Unreadable, dates, digest, parts, web, work,
};
use crate::items::Published;

/// The row of [`super::ALL`].
pub const KIND: Kind = Kind {
    name: "mail",
    extensions: &["eml"],
    claims,
    parse,
};

/// A message begins with its headers, and has at least these two kinds of them.
static HEADERS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        r"(?i-u)\A(?:From |(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:From|Return-Path|Received|Delivered-To):)",
        r"(?im-u)^(?:MIME-Version|Message-ID|Subject|Date):",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

static ADDRESSES: LazyLock<regex::Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    regex::Regex::new(r"(?m)(\S)\n(https?://\S+$)").unwrap()
});

static BOUNDARY: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r#"(?i-u)\bboundary="?([^"\s;]{1,70})"#).unwrap()
});

/// What it takes a library to read a byte.
const STEPS_A_BYTE: usize = 10;

/// How much of a document is looked at to find out what it is, in bytes.
const LOOKED_AT: usize = 8_192;

fn claims(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    HEADERS[0].is_match(start) && HEADERS[1].is_match(start)
}

/// Reads one message.
///
/// # Errors
/// A message without text, and whatever is wrong with the text.
fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let unreadable = || Unreadable {
        line: 0,
        reason: Reason::Empty,
    };
    let bytes = parts::bounded(&document.bytes)?;
    let bytes = ended(&bytes);
    work::spend(STEPS_A_BYTE * bytes.len());
    let message = MessageParser::default()
        .parse(bytes.as_ref())
        .ok_or_else(unreadable)?;
    let sent = message.date().map(|date| date.to_timestamp());
    let sent = sent.and_then(|at| Timestamp::from_second(at).ok());
    let part = |bytes: String| Document {
        bytes: bytes.into_bytes(),
        charset: Some("utf-8".to_owned()),
        seen: sent.unwrap_or(document.seen),
        ..document.clone()
    };
    let html = message
        .body_html(0)
        .filter(|_| message.html_part(0).is_some_and(|part| part.is_text_html()));
    let read_html = html.map(|html| web::parse(&part(html.into_owned()), rules));
    let page = match (read_html, message.body_text(0)) {
        (Some(Ok(page)), _) => Ok(page),
        (_, Some(text)) => read_text(&text, part, rules),
        (Some(Err(error)), None) => Err(error),
        (None, None) => Err(unreadable()),
    };
    let sent = sent.map(|at| at.to_zoned(TimeZone::UTC).date());
    let dated = sent.or_else(|| dates::in_text(message.subject()?));
    page.map(|page| Page {
        published: dated.map(Published::Date).or(page.published),
        ..page
    })
}

/// Reads a mail's text as a digest.
fn read_text(
    text: &str,
    part: impl Fn(String) -> Document,
    rules: &Rules,
) -> Result<Page, Unreadable> {
    let text = text.replace('\r', "");
    // What follows is a signature (RFC 3676, 4.3).
    let text = text.split("\n-- \n").next().unwrap_or_default();
    // An address on the line below a paragraph is a block of its own.
    let text = ADDRESSES.replace_all(text, "$1\n\n$2");
    // Mail programs leave no two blank lines together; then it's sentences that tell.
    if text.trim().contains("\n\n\n") {
        digest::parse(&part(text.into_owned()), rules)
    } else {
        digest::parse(
            &part(text.into_owned()),
            &rules.clone().with_layout(Layout::Single),
        )
    }
}

/// A message with the end that was cut off it: without its last boundary none of its parts is read.
fn ended(bytes: &[u8]) -> Cow<'_, [u8]> {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let boundary = BOUNDARY.captures(head).and_then(|found| found.get(1));
    match boundary.map(|boundary| [b"--", boundary.as_bytes(), b"--"].concat()) {
        Some(end) if memmem::find(bytes, &end).is_none() => {
            Cow::Owned([bytes, b"\r\n", &end, b"\r\n"].concat())
        }
        _ => Cow::Borrowed(bytes),
    }
}
