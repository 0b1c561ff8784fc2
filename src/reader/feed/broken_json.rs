//! JSON Feeds that publishers have broken: items that came whole are read, and in them what is of the right kind.

use serde_json::{Map, Value};

/// What of a feed can be read, as a feed that is right; `None` if nothing.
pub(crate) fn mended(text: &str) -> Option<String> {
    let text = respelt(text);
    // What follows the feed isn't of it.
    let first = serde_json::Deserializer::from_str(&text)
        .into_iter::<Value>()
        .next();
    let (mut feed, mut items) = match first {
        Some(Ok(Value::Object(mut feed))) => match feed.get_mut("items")?.take() {
            Value::Array(items) => (feed, items),
            _ => return None,
        },
        Some(Ok(_)) => return None,
        _ => (head(&text), whole_items(&text)),
    };
    items.retain(Value::is_object);
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        mend_item(item);
    }
    if items.is_empty() {
        return None;
    }
    feed.retain(|name, value| {
        matches!(
            name.as_str(),
            "title" | "language" | "home_page_url" | "feed_url"
        ) && value.is_string()
    });
    feed.entry("title").or_insert_with(|| Value::from(""));
    let version = Value::from("https://jsonfeed.org/version/1.1");
    feed.insert("version".to_owned(), version);
    feed.insert("items".to_owned(), Value::Array(items));
    Some(Value::Object(feed).to_string())
}

/// What stands before the items, as far as that is whole.
fn head(text: &str) -> Map<String, Value> {
    let head = text.split_once("\"items\"").map(|(head, _)| head);
    let head = head.map(|head| format!("{head}\"items\":[]}}"));
    let head = head.and_then(|head| serde_json::from_str(&head).ok());
    head.unwrap_or_default()
}

/// Leaves of an item what is of the right kind.
fn mend_item(item: &mut Map<String, Value>) {
    // Numbers as identifiers are to be read as text (JSON Feed 1.1, “Suggestions for Publishers”), and so is a year that is
    // a title.
    for (_, value) in item
        .iter_mut()
        .filter(|(name, value)| matches!(name.as_str(), "id" | "title") && value.is_number())
    {
        *value = Value::String(value.to_string());
    }
    if let Some(tags) = item.get_mut("tags").and_then(Value::as_array_mut) {
        tags.retain(Value::is_string);
    }
    if let Some(attachments) = item.get_mut("attachments").and_then(Value::as_array_mut) {
        attachments.retain(|enclosed| enclosed.get("url").is_some_and(Value::is_string));
        for enclosed in attachments.iter_mut().filter_map(Value::as_object_mut) {
            enclosed.retain(|name, value| match name.as_str() {
                "url" | "mime_type" | "title" => value.is_string(),
                "size_in_bytes" => value.is_u64(),
                _ => false,
            });
            enclosed
                .entry("mime_type")
                .or_insert_with(|| Value::from(""));
        }
    }
    item.retain(|name, value| match name.as_str() {
        "tags" | "attachments" => value.is_array(),
        "id" | "url" | "external_url" | "title" | "content_html" | "content_text" | "summary"
        | "date_published" | "date_modified" => value.is_string(),
        _ => false,
    });
}

/// The objects in the list of items, as far as they are some.
fn whole_items(text: &str) -> Vec<Value> {
    let Some((_, list)) = text
        .split_once("\"items\"")
        .and_then(|(_, rest)| rest.split_once('['))
    else {
        return Vec::new();
    };
    let mut items = Vec::new();
    let mut begin = None;
    let mut depth = 0_usize;
    let (mut in_string, mut is_escaped) = (false, false);
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => {
                begin = begin.or(Some(at));
                depth += 1;
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                if let Some(from) = begin.take_if(|_| depth == 0) {
                    items.extend(serde_json::from_str::<Value>(&list[from..=at]));
                }
            }
            _ => {}
        }
    }
    items
}

/// The same with strings as JSON has them: line ends and other control characters, escapes that are none, and halves
/// of characters are what programs write that put feeds together by hand.
fn respelt(text: &str) -> String {
    let mut respelt = String::with_capacity(text.len());
    let mut in_string = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => {
                in_string = !in_string;
                respelt.push(c);
            }
            '\\' if in_string => {
                let (escape, length) = escape(rest);
                respelt.push_str(&escape);
                rest = &rest[length..];
            }
            c if in_string && c.is_control() => respelt.push(' '),
            c => respelt.push(c),
        }
    }
    respelt
}

/// An escape as it should be written, and how long it is behind its backslash.
fn escape(text: &str) -> (String, usize) {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
    match text.chars().next() {
        Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => (format!("\\{c}"), 1),
        Some('u') => match unit(text) {
            Some(first @ 0xD800..=0xDBFF) => {
                let second = text[5..].strip_prefix('\\').and_then(unit);
                match second.filter(|second| (0xDC00..=0xDFFF).contains(second)) {
                    Some(second) => (format!("\\u{first:04x}\\u{second:04x}"), 11),
                    None => ("\u{FFFD}".to_owned(), 5),
                }
            }
            Some(0xDC00..=0xDFFF) => ("\u{FFFD}".to_owned(), 5),
            Some(unit) => (format!("\\u{unit:04x}"), 5),
            None => ("u".to_owned(), 1),
        },
        // The character itself stays.
        _ => (String::new(), 0),
    }
}
