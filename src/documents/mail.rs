//! Newsletters: mail as it was saved, one message a file. Its HTML or text part is read as a web page or a digest is.

use std::sync::LazyLock;

use jiff::Timestamp;
use mail_parser::MessageParser;
use regex::bytes::Regex;

use super::{Document, Kind, Page, Reason, Rules, Unreadable, digest, web};
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
    let message = MessageParser::default()
        .parse(&document.bytes)
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
        (_, Some(text)) => digest::parse(&part(text.replace('\r', "")), rules),
        (Some(Err(error)), None) => Err(error),
        (None, None) => Err(unreadable()),
    };
    page.map(|page| Page {
        published: sent.map_or(page.published, |at| {
            Published::Date(at.to_zoned(jiff::tz::TimeZone::UTC).date())
        }),
        ..page
    })
}
