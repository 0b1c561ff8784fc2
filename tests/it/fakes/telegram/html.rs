//! Reads the HTML of a message as Telegram does, but forgives less: what the real server would silently
//! repair (a bare `&`, a link it drops) is refused here, so that a test sees it.

use std::cmp::Reverse;

use serde_json::{Value, json};
use url::Url;

/// A formatted stretch of text, counted in UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entity {
    /// Telegram's name of the kind: `bold`, `text_link`, `blockquote` …
    pub(crate) kind: String,
    pub(crate) offset: usize,
    pub(crate) length: usize,
    /// Where a `text_link` leads.
    pub(crate) url: Option<String>,
    /// The language of a `pre`.
    pub(crate) language: Option<String>,
    /// The moment of a `date_time`, and how it is shown.
    pub(crate) moment: Option<(i64, String)>,
}

impl Entity {
    /// What it is about, of its message's text; offsets count UTF-16 units.
    pub(crate) fn of(&self, text: &str) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        String::from_utf16_lossy(&units[self.offset..self.offset + self.length])
    }

    pub(super) fn plain(kind: &str, offset: usize, length: usize) -> Self {
        Self {
            kind: kind.to_owned(),
            offset,
            length,
            url: None,
            language: None,
            moment: None,
        }
    }

    pub(super) fn end(&self) -> usize {
        self.offset + self.length
    }

    pub(super) fn json(&self) -> Value {
        let mut value = json!({ "type": self.kind, "offset": self.offset, "length": self.length });
        if let Some(url) = &self.url {
            value["url"] = json!(url);
        }
        if let Some((second, format)) = &self.moment {
            value["unix_time"] = json!(second);
            value["date_time_format"] = json!(format);
        }
        if let Some(language) = &self.language {
            value["language"] = json!(language);
        }
        value
    }
}

/// Text with its formatting taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Formatted {
    pub(crate) text: String,
    pub(crate) entities: Vec<Entity>,
}

struct Open {
    tag: String,
    at: usize,
    entity: Entity,
    order: usize,
}

#[derive(Default)]
struct Reader {
    text: String,
    units: usize,
    stack: Vec<Open>,
    done: Vec<(usize, Entity)>,
    opened: usize,
}

/// Takes the tags out; the error is what Telegram says after "can't parse entities: ".
pub(crate) fn parse(html: &str) -> Result<Formatted, String> {
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(c) = html[at..].chars().next() {
        match c {
            '<' if html[at + 1..].starts_with('/') => at = reader.close(html, at)?,
            '<' => at = reader.open(html, at)?,
            '&' => {
                let (decoded, next) = entity_at(html, at)?;
                reader.push(decoded);
                at = next;
            }
            _ => {
                reader.push(c);
                at += c.len_utf8();
            }
        }
    }
    if let Some(open) = reader.stack.last() {
        let Open { tag, at, .. } = open;
        return Err(format!(
            "Can't find end tag corresponding to start tag \"{tag}\" at byte offset {at}"
        ));
    }
    reader
        .done
        .sort_by_key(|(order, e)| (e.offset, Reverse(e.length), *order));
    Ok(trimmed(Formatted {
        text: reader.text,
        entities: reader.done.into_iter().map(|(_, entity)| entity).collect(),
    }))
}

impl Reader {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += c.len_utf16();
    }

    fn open(&mut self, html: &str, at: usize) -> Result<usize, String> {
        let inside = &html[at + 1..];
        let name_len = inside
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(inside.len());
        let tag = inside[..name_len].to_ascii_lowercase();
        let (attributes, next) = attributes(html, at, at + 1 + name_len)?;
        let kind =
            kind_of(&tag, &attributes).map_err(|why| format!("{why} at byte offset {at}"))?;
        let mut entity = Entity::plain(kind, self.units, 0);
        if kind == "date_time" {
            let moment = moment(&attributes).map_err(|why| format!("{why} at byte offset {at}"));
            entity.moment = Some(moment?);
        }
        for (name, value) in attributes {
            match name.as_str() {
                "href" => {
                    check_url(&value).map_err(|why| format!("{why} at byte offset {at}"))?;
                    entity.url = Some(value);
                }
                "class" if tag == "code" => {
                    entity.language = value.strip_prefix("language-").map(str::to_owned);
                }
                _ => {}
            }
        }
        for outer in &self.stack {
            if !may_hold(&outer.entity.kind, kind) {
                let outer = &outer.tag;
                return Err(format!(
                    "Tag \"{tag}\" can't be nested in \"{outer}\" at byte offset {at}"
                ));
            }
        }
        let order = self.opened;
        self.opened += 1;
        self.stack.push(Open {
            tag,
            at,
            entity,
            order,
        });
        Ok(next)
    }

    fn close(&mut self, html: &str, at: usize) -> Result<usize, String> {
        let inside = &html[at + 2..];
        let end = inside
            .find('>')
            .ok_or_else(|| format!("Unclosed end tag at byte offset {at}"))?;
        let name = inside[..end].trim_end().to_ascii_lowercase();
        let Some(open) = self.stack.pop() else {
            return Err(format!("Unexpected end tag at byte offset {at}"));
        };
        if open.tag != name {
            let tag = open.tag;
            return Err(format!(
                "Unmatched end tag at byte offset {at}, expected \"</{tag}>\", found \"</{name}>\""
            ));
        }
        let mut entity = open.entity;
        entity.length = self.units - entity.offset;
        if entity.kind == "code"
            && let Some(pre) = self.stack.last_mut()
            && pre.entity.kind == "pre"
        {
            // `<pre><code class="language-x">` is one entity: the block with its language.
            pre.entity.language = entity.language.take();
            return Ok(at + 2 + end + 1);
        }
        if entity.length > 0 {
            self.done.push((open.order, entity));
        }
        Ok(at + 2 + end + 1)
    }
}

fn kind_of(tag: &str, attributes: &[(String, String)]) -> Result<&'static str, String> {
    let bare = |kind| match attributes.first() {
        None => Ok(kind),
        Some((name, _)) => Err(format!("Unsupported attribute \"{name}\" of tag \"{tag}\"")),
    };
    let given: Vec<(&str, &str)> = attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    match tag {
        "b" | "strong" => bare("bold"),
        "i" | "em" => bare("italic"),
        "u" | "ins" => bare("underline"),
        "s" | "strike" | "del" => bare("strikethrough"),
        "tg-spoiler" => bare("spoiler"),
        "pre" => bare("pre"),
        "code" if matches!(given[..], [("class", class)] if class.starts_with("language-")) => {
            Ok("code")
        }
        "code" => bare("code"),
        "span" if given == [("class", "tg-spoiler")] => Ok("spoiler"),
        "span" => Err("Tag \"span\" must have class \"tg-spoiler\"".to_owned()),
        "blockquote" if matches!(given[..], [("expandable", _)]) => Ok("expandable_blockquote"),
        "blockquote" => bare("blockquote"),
        "tg-time" => Ok("date_time"),
        "a" if matches!(given[..], [("href", _)]) => Ok("text_link"),
        "a" => Err("Tag \"a\" must have exactly the attribute \"href\"".to_owned()),
        "" => Err("Empty tag name".to_owned()),
        _ => Err(format!("Unsupported start tag \"{tag}\"")),
    }
}

/// The attributes of a `tg-time` (<https://core.telegram.org/bots/api#date-time-entity-formatting>: `r|w?[dD]?[tT]?`).
fn moment(attributes: &[(String, String)]) -> Result<(i64, String), String> {
    let mut second = None;
    let mut format = String::new();
    for (name, value) in attributes {
        match name.as_str() {
            "unix" => second = value.parse().ok(),
            "format" => format.clone_from(value),
            _ => {
                return Err(format!(
                    "Unsupported attribute \"{name}\" of tag \"tg-time\""
                ));
            }
        }
    }
    let rest = format.strip_prefix('w').unwrap_or(&format);
    let rest = rest.strip_prefix(['d', 'D']).unwrap_or(rest);
    let rest = rest.strip_prefix(['t', 'T']).unwrap_or(rest);
    if format != "r" && !rest.is_empty() {
        return Err(format!("Invalid format \"{format}\" of tag \"tg-time\""));
    }
    let second: i64 = second.ok_or("Invalid Unix time specified")?;
    Ok((second, format))
}

/// The documented rules of nesting.
fn may_hold(outer: &str, inner: &str) -> bool {
    let quote = |kind: &str| kind.ends_with("blockquote");
    match (outer, inner) {
        ("pre", "code") => true,
        ("pre" | "code", _) => false,
        (_, "pre" | "code") => quote(outer),
        ("text_link", "text_link") => false,
        // No entity but those of stress holds these, or is held by them.
        ("date_time", _) | (_, "date_time") => {
            let other = if outer == "date_time" { inner } else { outer };
            !matches!(other, "text_link" | "date_time")
        }
        ("text_link", _) => !quote(inner),
        _ => !(quote(outer) && quote(inner)),
    }
}

/// The attributes of a start tag, and where the text goes on.
fn attributes(
    html: &str,
    start: usize,
    mut at: usize,
) -> Result<(Vec<(String, String)>, usize), String> {
    let unclosed = || format!("Unclosed start tag at byte offset {start}");
    let mut found = Vec::new();
    loop {
        at += html[at..].len() - html[at..].trim_start().len();
        let rest = &html[at..];
        if rest.starts_with('>') {
            return Ok((found, at + 1));
        }
        let len = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(rest.len());
        if len == 0 {
            return Err(if rest.is_empty() {
                unclosed()
            } else {
                format!("Empty attribute name in the tag at byte offset {start}")
            });
        }
        let name = rest[..len].to_ascii_lowercase();
        at += len;
        let Some(after) = html[at..].strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        at += 1;
        let quote = after
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))
            .ok_or_else(|| format!("Unquoted attribute value at byte offset {at}"))?;
        at += 1;
        let mut value = String::new();
        loop {
            let c = html[at..].chars().next().ok_or_else(unclosed)?;
            if c == quote {
                at += 1;
                break;
            }
            if c == '&' {
                let (decoded, next) = entity_at(html, at)?;
                value.push(decoded);
                at = next;
            } else {
                value.push(c);
                at += c.len_utf8();
            }
        }
        found.push((name, value));
    }
}

fn entity_at(html: &str, at: usize) -> Result<(char, usize), String> {
    let wrong = || format!("Unescaped \"&\" or unknown named entity at byte offset {at}");
    let end = html[at..].find(';').ok_or_else(wrong)?;
    let name = &html[at + 1..at + end];
    let decoded = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let digits = name.strip_prefix('#').ok_or_else(wrong)?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            code.ok()
                .filter(|code| *code != 0)
                .and_then(char::from_u32)
                .ok_or_else(wrong)?
        }
    };
    Ok((decoded, at + end + 1))
}

/// What Telegram accepts as the target of a link or of a button.
pub(super) fn check_url(address: &str) -> Result<(), String> {
    let url = Url::parse(address).map_err(|e| format!("Wrong HTTP URL \"{address}\" ({e})"))?;
    if !matches!(url.scheme(), "http" | "https" | "tg") {
        return Err(format!("Unsupported URL protocol in \"{address}\""));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("URL host is empty in \"{address}\""));
    }
    Ok(())
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Telegram cuts the white space off both ends; a text of nothing but blanks becomes empty.
pub(super) fn trimmed(formatted: Formatted) -> Formatted {
    let Formatted { text, entities } = formatted;
    if text.chars().all(is_blank) {
        return Formatted::default();
    }
    let start = text.len() - text.trim_start().len();
    let cut = units(&text[..start]);
    let text = text.trim().to_owned();
    let total = units(&text);
    let entities = entities
        .into_iter()
        .filter_map(|mut entity| {
            let from = entity.offset.saturating_sub(cut).min(total);
            let to = entity.end().saturating_sub(cut).min(total);
            entity.offset = from;
            entity.length = to - from;
            (entity.length > 0).then_some(entity)
        })
        .collect();
    Formatted { text, entities }
}

/// A length as Telegram counts it.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
