//! The SQL that stands in the store's source: every literal that begins as a statement does, with whatever its holes may be
//! filled with. A hole is a constant, a binding or a loop's variable of the same function, or a parameter, which its callers
//! give; what is none of these is known by name ([`super::HOLES`]). What isn't understood fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::HOLES;
use crate::house::files;

/// What every statement of ours begins with.
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "^(?:(?:SELECT|INSERT|UPDATE|DELETE|WITH|PRAGMA|CREATE|DROP|ANALYZE|REINDEX|VACUUM|SET|SAVEPOINT|RELEASE|ROLLBACK|COPY) |VACUUM$)",
    )
});

/// A comment, a letter or a literal.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"//[^\n]*|'(?:[^'\\\n]|\\[^u\n]|\\u\{\w+\})'|"((?:[^"\\]|\\(?s:.))*)""#)
});

/// A line of a literal that goes on in the next one.
static FOLD: LazyLock<Regex> = LazyLock::new(|| regex(r"\\\n\s*"));

/// A hole, or a brace that is meant as such, which stands twice.
static HOLE: LazyLock<Regex> = LazyLock::new(|| regex(r"\{\{|\}\}|\{(\w*)(?::[^}]*)?\}"));

/// Values of holes by their names: those that go together.
type Values = BTreeMap<String, String>;

/// A file without comments and tests; its literals are numbers in quotes.
struct File {
    name: String,
    code: String,
    literals: Vec<String>,
}

/// All files of the store.
pub(super) struct Source {
    files: Vec<File>,
}

/// A statement, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) sql: String,
    pub(super) place: String,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

fn is_constant(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_uppercase() || letter == '_')
}

impl File {
    fn read(name: String, text: &str) -> File {
        let text = text.split("#[cfg(test)]").next().unwrap();
        let mut literals = Vec::new();
        let code = TOKEN.replace_all(text, |found: &Captures<'_>| {
            let Some(literal) = found.get(1) else {
                return String::new();
            };
            let joined = FOLD.replace_all(literal.as_str(), "");
            literals.push(joined.replace("\\\"", "\"").replace("\\\\", "\\"));
            // The lines stay where they are.
            let lines = "\n".repeat(literal.as_str().matches('\n').count());
            format!("\"{}\"{lines}", literals.len() - 1)
        });
        File {
            name,
            code: code.into_owned(),
            literals,
        }
    }

    fn place(&self, at: usize) -> String {
        let line = self.code[..at].matches('\n').count() + 1;
        format!("{}:{line}", self.name)
    }
}

/// Where what begins here ends: at one of these letters, outside of all brackets that are opened on the way, or where a
/// bracket is closed that wasn't.
fn until(code: &str, ends: &[char]) -> usize {
    let mut depth = 0;
    for (at, letter) in code.char_indices() {
        if depth == 0 && ends.contains(&letter) {
            return at;
        }
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return at,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The parts of a list, without what stands around them.
fn listed(code: &str) -> Vec<&str> {
    let (mut rest, mut parts) = (code, Vec::new());
    while !rest.trim().is_empty() {
        let end = until(rest, &[',']);
        parts.push(rest[..end].trim());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    parts
}

impl Source {
    /// Reads it.
    pub(super) fn read() -> Source {
        let files = files("src/store").into_iter();
        let files = files.map(|(name, text)| File::read(name, &text));
        Source {
            files: files.collect(),
        }
    }

    /// Every statement, with each of its shapes.
    pub(super) fn statements(&self) -> BTreeSet<Found> {
        let literal = regex(r#"(format!\(\s*|const [A-Z_]+: &str =\s*)?"(\d+)""#);
        let mut statements = BTreeSet::new();
        for file in &self.files {
            let mut whole = BTreeSet::new();
            for found in literal.captures_iter(&file.code) {
                let number: usize = found[2].parse().unwrap();
                let before = found.get(1).map_or("", |before| before.as_str());
                let at = found.get(2).unwrap().start();
                let is_constant = before.starts_with("const");
                if (is_constant && !self.is_asked(file, before)) || !self.is_statement(file, number)
                {
                    continue;
                }
                whole.insert(number);
                let shapes = match before.starts_with("format!") {
                    true => self.shapes(file, at, &file.literals[number]),
                    false => vec![file.literals[number].clone()],
                };
                statements.extend(shapes.into_iter().map(|sql| Found {
                    sql,
                    place: file.place(at),
                }));
            }
            self.asked_are_among(file, &whole);
        }
        statements
    }

    fn is_statement(&self, file: &File, number: usize) -> bool {
        let text = &file.literals[number];
        if text.starts_with("{with}") {
            return true;
        }
        let hole = HOLE
            .captures(text)
            .filter(|hole| hole.get(0).unwrap().start() == 0);
        match hole.and_then(|hole| hole.get(1)) {
            Some(name) if is_constant(name.as_str()) => {
                VERB.is_match(&self.constant(file, name.as_str()))
            }
            _ => VERB.is_match(text.trim_start()),
        }
    }

    /// Whether a constant is asked as it is.
    fn is_asked(&self, file: &File, declared: &str) -> bool {
        let name = declared.trim_start_matches("const ").split(':').next();
        let asked = format!(
            r"\b(?:prepare|prepare_cached|execute|query_row)\(\s*{}\b",
            name.unwrap()
        );
        regex(&asked).is_match(&file.code)
    }

    /// Whoever asks something that is written there, asks one of the statements that were found.
    fn asked_are_among(&self, file: &File, found: &BTreeSet<usize>) {
        let asked = regex(
            r#"(?:\bprepare|\bprepare_cached|\bconn\s*\.\s*execute|\bconn\s*\.\s*query_row|\bbatch|\bbatch_execute|\bexecute_batch|\bask_alone)\(\s*(?:&?format!\(\s*)?"(\d+)""#,
        );
        for asked in asked.captures_iter(&file.code) {
            let number: usize = asked[1].parse().unwrap();
            let place = file.place(asked.get(1).unwrap().start());
            let text = &file.literals[number];
            assert!(
                found.contains(&number),
                "{place}: is this a statement? {text:?}"
            );
        }
    }

    /// What a text with holes that stands somewhere may become.
    fn shapes(&self, file: &File, at: usize, text: &str) -> Vec<String> {
        // What has no name is known by its number.
        let mut number = 0;
        let text = &*regex(r"\{\}").replace_all(text, |_: &Captures<'_>| {
            number += 1;
            format!("{{{}}}", number - 1)
        });
        // Braces that are meant as such stand twice.
        let names: BTreeSet<&str> = HOLE
            .captures_iter(text)
            .filter_map(|found| Some(found.get(1)?.as_str()))
            .collect();
        let mut filled: Vec<Values> = vec![Values::new()];
        for name in names {
            if filled[0].contains_key(name) {
                continue;
            }
            let values = self.values(file, at, text, name);
            assert!(!values.is_empty(), "{}: {{{name}}}", file.place(at));
            let with = |held: &Values, more: &Values| {
                let both = held.iter().chain(more);
                both.map(|(name, value)| (name.clone(), value.clone()))
                    .collect::<Values>()
            };
            filled = filled
                .iter()
                .flat_map(|held| values.iter().map(move |more| with(held, more)))
                .collect();
        }
        let fill = |values: &Values| {
            let filled = HOLE.replace_all(text, |found: &Captures<'_>| match &found[0] {
                "{{" => "{".to_owned(),
                "}}" => "}".to_owned(),
                _ => values[&found[1]].clone(),
            });
            filled.into_owned()
        };
        filled.iter().map(fill).collect()
    }

    /// What a name stands for in a text that stands somewhere.
    fn values(&self, file: &File, at: usize, text: &str, name: &str) -> Vec<Values> {
        let one = |value: &str| Values::from([(name.to_owned(), value.to_owned())]);
        let known = HOLES.iter().find(|known| {
            file.name.ends_with(known.file)
                && text.contains(known.within)
                && known.names.contains(&name)
        });
        if let Some(known) = known {
            let named = |values: &&[&str]| -> Values {
                let names = known.names.iter().zip(*values);
                names
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect()
            };
            return known.values.iter().map(named).collect();
        }
        if is_constant(name) {
            return vec![one(&self.constant(file, name))];
        }
        let begin = regex(r"\bfn \w+").find_iter(&file.code[..at]).last();
        let begin = begin.map_or(0, |found| found.start());
        let own = &file.code[begin..at];
        let bound = regex(&format!(
            r"\blet (?:mut )?{name}\b[^=;]*=|\bfor {name} in |\bfor \(([^()]*\b{name}\b[^()]*)\) in "
        ));
        if let Some(bound) = bound.captures_iter(own).last() {
            let all = bound.get(0).unwrap();
            let from = begin + all.end();
            let rest = &file.code[from..];
            if all.as_str().starts_with("let") {
                let said = &rest[..until(rest, &[';'])];
                let texts = self.texts(file, from, said);
                return texts.iter().map(|text| one(text)).collect();
            }
            let list = rest.trim_start().strip_prefix('[').unwrap_or_else(|| {
                panic!("{}: what does {name} go through?", file.place(from));
            });
            let list = &list[..until(list, &[])];
            let names = bound.get(1).map_or(name, |names| names.as_str());
            return self.rows(file, from, &listed(names), list);
        }
        let values = self.given(file, begin, name);
        values.iter().map(|value| one(value)).collect()
    }

    /// What a loop goes through: a list of texts, or of rows with texts among others.
    fn rows(&self, file: &File, at: usize, names: &[&str], list: &str) -> Vec<Values> {
        let row = |row: &str| -> Values {
            let inner = row.strip_prefix('(').and_then(|row| row.strip_suffix(')'));
            let parts = inner.map_or_else(|| vec![row], listed);
            let mut values = Values::new();
            for (name, part) in names.iter().zip(parts) {
                if let [text] = self.texts(file, at, part).as_slice() {
                    values.insert((*name).to_owned(), text.clone());
                }
            }
            values
        };
        listed(list).into_iter().map(row).collect()
    }

    /// The texts that an expression may come to: its literals, or what its name stands for.
    fn texts(&self, file: &File, at: usize, said: &str) -> Vec<String> {
        let said = said.trim().trim_start_matches('&');
        let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
        if said.starts_with(|letter: char| letter.is_ascii_lowercase()) && said.chars().all(is_name)
        {
            let values = self.values(file, at, "", said);
            return values.iter().map(|values| values[said].clone()).collect();
        }
        if is_constant(said) {
            return vec![self.constant(file, said)];
        }
        let literal = regex(r#"(format!\(\s*)?"(\d+)""#);
        let mut texts = Vec::new();
        for found in literal.captures_iter(said) {
            let text = &file.literals[found[2].parse::<usize>().unwrap()];
            match found.get(1) {
                Some(_) => texts.extend(self.shapes(file, at, text)),
                None => texts.push(text.clone()),
            }
        }
        texts
    }

    /// What callers give a function for a parameter of it.
    fn given(&self, file: &File, begin: usize, name: &str) -> Vec<String> {
        let head = regex(r"^fn (\w+)(?:<[^(]*>)?\(").captures(&file.code[begin..]);
        let head = head.unwrap_or_else(|| panic!("{}: what is {name}?", file.place(begin)));
        let inner = &file.code[begin + head[0].len()..];
        let parameters = listed(&inner[..until(inner, &[])]);
        let has_self = parameters[0].ends_with("self");
        let own = parameters.iter().skip(usize::from(has_self));
        let at = own
            .map(|parameter| parameter.split(':').next().unwrap())
            .position(|parameter| parameter == name)
            .unwrap_or_else(|| panic!("{}: what is {name}?", file.place(begin)));
        let call = regex(&format!(r"(fn )?\b{}(?:::<[^(]*>)?\(", &head[1]));
        let mut texts = Vec::new();
        for file in &self.files {
            for call in call.captures_iter(&file.code) {
                if call.get(1).is_none() {
                    let end = call.get(0).unwrap().end();
                    let inner = &file.code[end..];
                    let given = listed(&inner[..until(inner, &[])])[at];
                    texts.extend(self.texts(file, end, given));
                }
            }
        }
        texts
    }

    /// What a constant is, a text or a number: of the file's own, or of the one that it uses.
    fn constant(&self, file: &File, name: &str) -> String {
        let declared = regex(&format!(
            r#"(pub\S* )?const {name}: \S+ =\s*(?:"(\d+)"|([\d_]+))\s*;"#
        ));
        let own = declared.captures(&file.code).map(|found| (file, found));
        let (file, found) = own.unwrap_or_else(|| {
            let others = self.files.iter().filter_map(|other| {
                let found = declared.captures(&other.code)?;
                let room = Path::new(&other.name).file_stem()?.to_str()?;
                let uses = regex(&format!(r"\b{room}::(?:\w+|\{{[^}}]*)?\b{name}\b"));
                (found.get(1).is_some() && uses.is_match(&file.code)).then_some((other, found))
            });
            let others: Vec<_> = others.collect();
            let named = others.len();
            assert_eq!(named, 1, "{}: which {name} does it use?", file.name);
            others.into_iter().next().unwrap()
        });
        match found.get(2) {
            Some(literal) => file.literals[literal.as_str().parse::<usize>().unwrap()].clone(),
            None => found[3].replace('_', ""),
        }
    }
}
