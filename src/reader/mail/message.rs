//! The messages of a file, each with what is needed of it: those in archives, in digests, and within others.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil::Date;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use memchr::memmem;
use regex::Regex;
use xxhash_rust::xxh3::xxh3_64;

use super::headers::{Headers, LOOKED_AT, of_base64, of_quoted};
use super::letters;
use super::mailbox::{self, Within};
use crate::charset;
use crate::document::Unreadable;
use crate::limits::{bounds, parts, steps};
use tidings_core::text;

/// What it takes a library to read a byte.
const STEPS_A_BYTE: usize = 10;

/// How deep messages that are encoded may stand in one another: what stands deeper isn't news.
const DEEPEST: usize = 20;

/// A message: its text, and what its headers say of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Mail {
    /// As it is written.
    pub(super) subject: String,
    /// The day that it is dated, as written.
    pub(super) day: Option<Date>,
    /// What identifies it; its `Message-ID` names hosts and people, so it is hashed.
    pub(super) id: Option<String>,
    /// Names of the list that it came over, folded.
    pub(super) lists: Vec<String>,
    /// Whether its headers say that it answers another one.
    pub(super) answers: bool,
    /// Its text, where it has one.
    pub(super) text: Option<String>,
    /// Its text as a web page, with the charset that the mailer names.
    pub(super) html: Vec<(Vec<u8>, Option<String>)>,
    /// The line of the file that it begins at, from 1.
    pub(super) line: u32,
    /// Whether it writes `ann at h.example`.
    pub(super) spells_addresses_out: bool,
}

/// A message that waits to be read.
struct Waiting<'d> {
    bytes: Cow<'d, [u8]>,
    day: Option<Date>,
    line: u32,
    depth: usize,
    lists: Vec<String>,
}

/// The messages of a file, in their order.
///
/// # Errors
/// Messages that are made of too much.
pub(super) fn collected(bytes: &[u8]) -> Result<Vec<Mail>, Unreadable> {
    let mut mails = Vec::new();
    let messages = mailbox::messages(bytes);
    bounds::check_entries(bytes.len(), messages.len())?;
    bounds::check_items(bytes.len(), messages.len())?;
    let mut waiting: Vec<Waiting<'_>> = messages
        .into_iter()
        .map(|message| Waiting {
            bytes: Cow::Borrowed(message.bytes),
            day: message.day,
            line: message.line,
            depth: 0,
            lists: Vec::new(),
        })
        .collect();
    waiting.reverse();
    while let Some(next) = waiting.pop() {
        let inner = open(&next, &mut mails)?;
        waiting.extend(inner.into_iter().rev());
    }
    Ok(mails)
}

/// Reads one message; returns those that stand in it.
fn open(message: &Waiting<'_>, mails: &mut Vec<Mail>) -> Result<Vec<Waiting<'static>>, Unreadable> {
    let bytes = parts::bounded(&message.bytes)?;
    let bytes = ended(&bytes);
    steps::spend(STEPS_A_BYTE * bytes.len());
    let (headers, _) = Headers::read(&bytes);
    let Some(parsed) = MessageParser::default().parse(bytes.as_ref()) else {
        return Ok(Vec::new());
    };
    let mut mail = of_headers(&headers, message.line, charset_of(parsed.parts.first()));
    mail.day = mail.day.or(message.day);
    mail.lists.extend(message.lists.iter().cloned());
    let mut texts: Vec<String> = Vec::new();
    let ids = |ids: &[u32]| {
        ids.iter()
            .filter_map(|id| parsed.parts.get(*id as usize))
            .collect::<Vec<_>>()
    };
    for part in ids(&parsed.text_body) {
        if matches!(part.body, PartType::Text(_)) {
            texts.push(text_of(&parsed, part));
        }
    }
    for part in ids(&parsed.html_body) {
        if matches!(part.body, PartType::Html(_)) {
            mail.html.push((raw(&parsed, part), charset_of(Some(part))));
        }
    }
    let is_digest = parsed.parts.iter().any(|part| {
        part.content_type()
            .and_then(|kind| kind.subtype())
            .is_some_and(|kind| kind.eq_ignore_ascii_case("digest"))
    });
    let mut inner: Vec<Waiting<'static>> = Vec::new();
    for part in ids(&parsed.attachments) {
        if let PartType::Message(within) = &part.body
            && message.depth < DEEPEST
        {
            let bytes = match part.encoding {
                Encoding::None => slice(&parsed, part).to_vec(),
                _ => within.raw_message.to_vec(),
            };
            inner.push(Waiting {
                bytes: Cow::Owned(bytes),
                day: None,
                line: message.line,
                depth: message.depth + 1,
                lists: mail.lists.clone(),
            });
        }
    }
    // Texts of megabytes are handed on, and not copied.
    let mut text = match texts.pop() {
        Some(only) if texts.is_empty() => only,
        last => {
            texts.extend(last);
            texts.join("\n\n")
        }
    };
    drop(texts);
    bounds::check_lines(&text)?;
    if text.starts_with('\u{FEFF}') {
        text.remove(0);
    }
    if let Cow::Owned(unquoted) = QUOTED_FROM.replace_all(&text, "From ") {
        text = unquoted;
    }
    mail.text = Some(text).filter(|text| !text.trim().is_empty());
    if is_digest && !inner.is_empty() {
        // What stands around the messages of a digest is the list's.
        return Ok(inner);
    }
    if inner.is_empty()
        || mail
            .text
            .as_deref()
            .is_some_and(|text| text.contains(char::is_alphanumeric))
        || !mail.html.is_empty()
    {
        add(mail, mails);
    }
    Ok(inner)
}

static QUOTED_FROM: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?m)^>From ").unwrap()
});

/// Takes a message, or those that its text is made of.
fn add(mut mail: Mail, mails: &mut Vec<Mail>) {
    /// Messages that were forwarded one in the other.
    const FORWARDED: usize = 10;
    let text = mail.text.take().unwrap_or_default();
    if let Some(found) = mailbox::of_groups(&text).or_else(|| mailbox::of_digest(&text)) {
        for one in found {
            add_forwarded(within(one, &mail), mails, FORWARDED);
        }
        return;
    }
    mail.text = Some(text).filter(|text| !text.is_empty());
    add_forwarded(mail, mails, FORWARDED);
}

/// Takes a message, and behind it the one that was forwarded in its text.
fn add_forwarded(mut mail: Mail, mails: &mut Vec<Mail>, deepest: usize) {
    let forwards = super::subjects::read(&mail.subject, |_| true);
    let found = mailbox::forwarded(mail.text.as_deref().unwrap_or_default())
        .filter(|found| found.says_so && !forwards.answers || forwards.forwards);
    match found.filter(|_| deepest > 0) {
        Some(found) => {
            let one = within(found.message, &mail);
            let own = letters::own_words(&found.before, false);
            let same = super::subjects::read(&one.subject, |_| true).text == forwards.text;
            if own.contains(char::is_alphanumeric) && !same {
                mail.text = Some(own);
                mail.html.clear();
                mails.push(mail);
            }
            add_forwarded(one, mails, deepest - 1);
        }
        None => mails.push(mail),
    }
}

/// A message that was found in the text of another one.
fn within(found: Within, outer: &Mail) -> Mail {
    let own = of_headers(&found.headers, outer.line, Some("utf-8".to_owned()));
    let mut lists = own.lists;
    lists.extend(outer.lists.iter().cloned());
    Mail {
        day: own.day.or(outer.day),
        text: Some(found.text),
        lists,
        ..own
    }
}

static NAMES: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        // The part of an address before its `@`.
        r"([\w.+-]+)(?:@| at )[\w-]",
        // `Harbour <harbour.lists.example>`
        r#"^\s*"?([^"<]*?)"?\s*<([\w-]+)"#,
        r"(?i)^\s*\[?(.{2,60}?)\]?\s+digest\b",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

/// What lists add to their names in addresses.
const ADDED: [&str; 8] = [
    "-bounces", "-request", "-owner", "-admin", "-list", "-l", "-users", "-digest",
];

/// What the headers of a message say of it.
fn of_headers(headers: &Headers, line: u32, charset: Option<String>) -> Mail {
    let value = |name: &str| headers.value(name, charset.as_deref());
    let subject = value("subject").unwrap_or_default();
    let [local, list_id, digest] = &*NAMES;
    let mut lists: Vec<String> = Vec::new();
    if let Some(found) = value("list-id")
        .as_deref()
        .and_then(|id| list_id.captures(id))
    {
        let described = text::fold(&found[1]);
        lists.push(
            described
                .trim_end_matches(" mailing list")
                .trim_end_matches(" list")
                .to_owned(),
        );
        lists.push(described);
        lists.push(text::fold(&found[2]));
    }
    for name in [
        "list-post",
        "list-subscribe",
        "x-beenthere",
        "x-mailing-list",
        "mailing-list",
        "sender",
        "reply-to",
        "to",
        "cc",
        "from",
    ] {
        for found in value(name)
            .iter()
            .flat_map(|value| local.captures_iter(value))
            .take(3)
        {
            let address = found[1].to_lowercase();
            let bare = ADDED.iter().find_map(|added| address.strip_suffix(added));
            lists.extend(bare.map(text::fold));
            lists.push(text::fold(&address));
        }
    }
    lists.extend(digest.captures(&subject).map(|found| text::fold(&found[1])));
    lists.retain(|list| !list.is_empty());
    Mail {
        day: headers.day(&["date", "sent", "resent-date"]),
        id: value("message-id").map(|id| format!("mail:{:016x}", xxh3_64(id.trim().as_bytes()))),
        answers: headers.has("in-reply-to"),
        spells_addresses_out: value("from")
            .is_some_and(|from| from.contains(" at ") && !from.contains('@')),
        subject,
        lists,
        line,
        ..Mail::default()
    }
}

fn charset_of(part: Option<&MessagePart<'_>>) -> Option<String> {
    part?
        .content_type()?
        .attribute("charset")
        .map(str::to_owned)
}

fn slice<'m>(message: &'m Message<'_>, part: &MessagePart<'_>) -> &'m [u8] {
    let range = part.offset_body as usize..part.offset_end as usize;
    message.raw_message.get(range).unwrap_or_default()
}

/// The bytes of a part, as they were before they were made fit for mail.
fn raw(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    let coded = slice(message, part);
    match part.encoding {
        // What stands under it keeps the parser from reading it.
        Encoding::None if is_base64(part) => of_base64(coded),
        Encoding::None => coded.to_vec(),
        Encoding::Base64 => of_base64(coded),
        Encoding::QuotedPrintable => of_quoted(coded, false),
    }
}

/// Whether a part says that it is base 64.
fn is_base64(part: &MessagePart<'_>) -> bool {
    let told = part.content_transfer_encoding();
    told.is_some_and(|told| told.trim().eq_ignore_ascii_case("base64"))
}

/// The text of a part.
fn text_of(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let bytes = raw(message, part);
    let text = charset::text_of(&bytes, charset_of(Some(part)).as_deref()).replace('\r', "");
    let told = |name: &str| {
        part.content_type()
            .and_then(|kind| kind.attribute(name))
            .unwrap_or_default()
    };
    if told("format").eq_ignore_ascii_case("flowed") {
        letters::unwrapped(&text, told("delsp").eq_ignore_ascii_case("yes"))
    } else {
        text
    }
}

/// A message with the end that was cut off it: without its last boundary none of its parts is read.
fn ended(bytes: &[u8]) -> Cow<'_, [u8]> {
    static BOUNDARY: LazyLock<regex::bytes::Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        regex::bytes::Regex::new(r#"(?i-u)\bboundary="?([^"\s;]{1,70})"#).unwrap()
    });
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let boundary = BOUNDARY.captures(head).and_then(|found| found.get(1));
    match boundary.map(|boundary| [b"--", boundary.as_bytes(), b"--"].concat()) {
        Some(end) if memmem::find(bytes, &end).is_none() => {
            Cow::Owned([bytes, b"\r\n", &end, b"\r\n"].concat())
        }
        _ => Cow::Borrowed(bytes),
    }
}
