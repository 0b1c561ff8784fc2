//! The file read by the table of keys: every value of the right shape and with its place, or noted as a problem.

use std::collections::BTreeMap;
use std::ops::Range;

use tidings_store::StoreAddress;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use xxhash_rust::xxh3::xxh3_64;

use super::keys::{Key, PASSWORD_BELONGS_ELSEWHERE, Shape, TABLES, Table, printable, unknown};
use super::problems::{Problems, Spot};

/// The file's tables, each key of the right shape or noted as a problem.
#[derive(Default)]
pub(super) struct Raw(BTreeMap<&'static str, Vec<Entry>>);

impl Raw {
    /// A table that is there once; one without keys, if the file hasn't got it.
    pub(super) fn single(&self, table: &'static Table) -> Entry {
        let entry = self.many(table).first().cloned();
        entry.unwrap_or_else(|| Entry::new(table, table.name.to_owned(), None))
    }

    pub(super) fn many(&self, table: &Table) -> &[Entry] {
        self.0.get(table.name).map_or(&[], Vec::as_slice)
    }

    /// A number for what is written in tables, in the order of the file where they come several times.
    pub(super) fn fingerprint(&self, tables: &[&Table]) -> i64 {
        let mut written = String::new();
        for table in tables {
            for entry in self.many(table) {
                written.push_str(table.name);
                written.push('\n');
                for (key, value) in &entry.values {
                    written.push_str(key);
                    for text in value.texts.iter().flatten() {
                        written.push('\t');
                        // It holds neither a tab nor a line's end.
                        written.push_str(&text.value);
                    }
                    written.push('\n');
                }
            }
        }
        xxh3_64(written.as_bytes()).cast_signed()
    }

    /// Replaces what the file says.
    pub(super) fn set(&mut self, table: &'static Table, key: &'static Key, value: Value) {
        let mut entry = self.single(table);
        entry.values.insert(key.name, value);
        self.0.insert(table.name, vec![entry]);
    }
}

/// One table as it was written.
#[derive(Clone)]
pub(super) struct Entry {
    table: &'static Table,
    /// `store`, `section[2] (us-rok)`
    name: String,
    line: Option<usize>,
    values: BTreeMap<&'static str, Value>,
}

/// What was behind a key; `None` if that was reported already.
#[derive(Clone)]
pub(super) struct Value {
    spot: Spot,
    texts: Option<Vec<Text>>,
}

/// A text with what messages about it need. Never empty, without control characters, trimmed.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) spot: Spot,
    pub(super) value: String,
    key: &'static Key,
}

impl Text {
    /// The end of a message: a line that works.
    pub(super) fn example(&self) -> String {
        match &self.spot {
            Spot::Variable(name) => format!("Try: {name}={:?}", self.key.example),
            _ => format!("Try: {}", self.key.assignment()),
        }
    }
}

impl Entry {
    fn new(table: &'static Table, name: String, line: Option<usize>) -> Self {
        Self {
            table,
            name,
            line,
            values: BTreeMap::new(),
        }
    }

    /// Where a key is written, if it is.
    pub(super) fn spot(&self, key: &str) -> Option<Spot> {
        self.values.get(key).map(|value| value.spot.clone())
    }

    /// Returns true if the key is there, and what stands behind it was reported already.
    pub(super) fn is_unreadable(&self, key: &str) -> bool {
        let value = self.values.get(key);
        value.is_some_and(|value| value.texts.is_none())
    }

    /// A text, or its default. `None` if it isn't there or was reported.
    pub(super) fn text(&self, key: &str) -> Option<Text> {
        if let Some(value) = self.values.get(key) {
            return value.texts.as_ref()?.first().cloned();
        }
        let key = self.table.keys.iter().find(|known| known.name == key)?;
        Some(Text {
            spot: Spot::Key {
                line: None,
                key: format!("{}.{}", self.name, key.name),
            },
            value: key.default?.to_owned(),
            key,
        })
    }

    /// A text that has to be there; if it isn't, that is a problem. `None` if it was reported.
    pub(super) fn required(&self, key: &str, problems: &mut Problems) -> Option<Text> {
        let text = self.text(key);
        if text.is_none() && !self.values.contains_key(key) {
            let known = self.table.keys.iter().find(|known| known.name == key);
            let example = known.map(|key| format!(" Try: {}", key.assignment()));
            let spot = Spot::Key {
                line: self.line,
                key: self.name.clone(),
            };
            let reason = format!("has no {key}.{}", example.unwrap_or_default());
            problems.add(&spot, &reason);
        }
        text
    }

    /// A list of texts, empty if it isn't there or was reported.
    pub(super) fn list(&self, key: &str) -> Vec<Text> {
        let value = self.values.get(key);
        value
            .and_then(|value| value.texts.clone())
            .unwrap_or_default()
    }
}

/// Reads the file's text. What has no or another place in the table of keys is a problem.
pub(super) fn read(text: &str, problems: &mut Problems) -> Raw {
    let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        line_ends,
        problems,
    };
    if errors.is_empty() {
        return reader.tables(root.get_ref());
    }
    // What was salvaged isn't what was meant, and would bring up mistakes that nobody made.
    let mut lines = Vec::new();
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        let line = reader.line(at.min(text.trim_end().len()));
        if !lines.contains(&line) {
            lines.push(line);
            // Only the message: the error's own text quotes the line, and that may hold a token.
            let message = error.message();
            let named = named(text, error.span(), message);
            let reason = format!("this isn't TOML: {message}{named}{}", hint(message));
            reader.problems.error(&Spot::Line(line), &reason);
        }
    }
    Raw::default()
}

/// Which key stands twice: its name, and nothing that could be a value.
fn named(text: &str, span: Option<Range<usize>>, message: &str) -> String {
    let key = span.and_then(|span| text.get(span));
    let is_key = |key: &&str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.[] ".contains(c);
        message == "duplicate key" && !key.is_empty() && key.len() < 60 && key.chars().all(is_part)
    };
    key.filter(is_key)
        .map_or_else(String::new, |key| format!(" {key}"))
}

/// The parser takes a text without quotes for a number or a date, and says so in its own terms.
fn hint(message: &str) -> &'static str {
    if message.starts_with("invalid") || message.contains("quoted") {
        ". Text needs quotes around it."
    } else {
        ""
    }
}

struct Reader<'a> {
    line_ends: Vec<usize>,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|&end| end < offset) + 1
    }

    fn spot(&self, offset: usize, key: String) -> Spot {
        let line = Some(self.line(offset));
        Spot::Key { line, key }
    }

    fn tables(&mut self, root: &DeTable<'_>) -> Raw {
        let mut raw = Raw::default();
        for (key, value) in root {
            let name = key.get_ref().as_ref();
            let spot = self.spot(key.span().start, printable(name));
            let Some(table) = TABLES.into_iter().find(|table| table.name == name) else {
                unknown(&spot, None, name, self.problems);
                continue;
            };
            let entries = match value.get_ref() {
                DeValue::Table(keys) if !table.repeated => {
                    vec![self.entry(table, name.to_owned(), key.span().start, keys)]
                }
                DeValue::Array(tables) if table.repeated => self.repeated(table, tables),
                other => {
                    let reason = if table.repeated {
                        format!("is {}. Write [[{name}]], once for each.", kind(other))
                    } else {
                        format!("is {}. Write [{name}], once.", kind(other))
                    };
                    self.problems.add(&spot, &reason);
                    continue;
                }
            };
            raw.0.insert(table.name, entries);
        }
        raw
    }

    fn repeated(&mut self, table: &'static Table, tables: &[Spanned<DeValue<'_>>]) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (index, element) in tables.iter().enumerate() {
            let mut name = format!("{}[{index}]", table.name);
            let at = element.span().start;
            let DeValue::Table(keys) = element.get_ref() else {
                let reason = format!(
                    "is {}. Write [[{}]] with its keys below.",
                    kind(element.get_ref()),
                    table.name
                );
                self.problems.add(&self.spot(at, name), &reason);
                continue;
            };
            if let Some(label) = keys
                .get(table.label)
                .and_then(|label| label.get_ref().as_str())
            {
                name = format!("{name} ({})", printable(label));
            }
            entries.push(self.entry(table, name, at, keys));
        }
        entries
    }

    fn entry(
        &mut self,
        table: &'static Table,
        name: String,
        at: usize,
        keys: &DeTable<'_>,
    ) -> Entry {
        let mut entry = Entry::new(table, name, Some(self.line(at)));
        for (key, value) in keys {
            let written = key.get_ref().as_ref();
            let full = format!("{}.{}", entry.name, printable(written));
            let spot = self.spot(key.span().start, full);
            match table.keys.iter().find(|known| known.name == written) {
                Some(known) => {
                    let texts = self.value(known, &spot, value.get_ref());
                    entry.values.insert(known.name, Value { spot, texts });
                }
                None => unknown(&spot, Some(table), written, self.problems),
            }
        }
        entry
    }

    /// Good elements of a list are kept beside bad ones, so that duplicates among them are found.
    fn value(&mut self, key: &'static Key, spot: &Spot, value: &DeValue<'_>) -> Option<Vec<Text>> {
        let wanted = match (key.shape, value) {
            (Shape::Text | Shape::Number | Shape::Flag, DeValue::String(text)) => {
                return check(key, spot.clone(), text, self.problems).map(|text| vec![text]);
            }
            (Shape::Flag, DeValue::Boolean(flag)) => {
                let text = flag.to_string();
                return check(key, spot.clone(), &text, self.problems).map(|text| vec![text]);
            }
            (Shape::Number, DeValue::Integer(number)) => {
                return check(key, spot.clone(), number.as_str(), self.problems)
                    .map(|text| vec![text]);
            }
            (Shape::Texts | Shape::Numbers, DeValue::Array(elements)) => {
                let texts = elements.iter().enumerate().filter_map(|(index, element)| {
                    let Spot::Key { key: list, .. } = spot else {
                        return None;
                    };
                    let spot = self.spot(element.span().start, format!("{list}[{index}]"));
                    match (element.get_ref(), key.shape) {
                        (DeValue::String(text), _) => {
                            return check(key, spot, text, self.problems);
                        }
                        (DeValue::Integer(number), Shape::Numbers) => {
                            return check(key, spot, number.as_str(), self.problems);
                        }
                        _ => {}
                    }
                    let wanted = match key.shape {
                        Shape::Numbers => "a whole number",
                        _ => "text in quotes",
                    };
                    let reason = mismatch(key, element.get_ref(), wanted);
                    self.problems.add(&spot, &reason);
                    None
                });
                return Some(texts.collect());
            }
            (Shape::Text, _) => "text in quotes",
            (Shape::Flag, _) => "true or false",
            (Shape::Number, _) => "a whole number",
            (Shape::Texts, _) => "a list of texts",
            (Shape::Numbers, _) => "a list of whole numbers",
        };
        self.problems.add(spot, &mismatch(key, value, wanted));
        None
    }
}

fn mismatch(key: &Key, value: &DeValue<'_>, wanted: &str) -> String {
    format!(
        "is {}, but has to be {wanted}. Try: {}",
        kind(value),
        key.assignment()
    )
}

/// A value from the environment.
pub(super) fn override_with(
    key: &'static Key,
    variable: &str,
    value: &str,
    problems: &mut Problems,
) -> Value {
    let spot = Spot::Variable(variable.to_owned());
    let texts = check(key, spot.clone(), value, problems).map(|text| vec![text]);
    Value { spot, texts }
}

fn check(key: &'static Key, spot: Spot, value: &str, problems: &mut Problems) -> Option<Text> {
    let value = value.trim().to_owned();
    if value.chars().any(char::is_control) {
        problems.add(
            &spot,
            "holds a control character. Write it on one line, without tabs.",
        );
        return None;
    }
    // The key of a private feed may look like one, and addresses aren't shown.
    if key.name != "url" && problems.secrets.text(&value) != value {
        let reason = if StoreAddress::names_server(&value) {
            PASSWORD_BELONGS_ELSEWHERE
        } else {
            "holds what is or looks like a token, and would be shown. Tokens are set in DISCORD_TOKEN or TELEGRAM_TOKEN."
        };
        problems.add(&spot, reason);
        return None;
    }
    let text = Text { spot, value, key };
    if text.value.is_empty() {
        let reason = format!("is empty. {}", text.example());
        problems.add(&text.spot, &reason);
        return None;
    }
    Some(text)
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
