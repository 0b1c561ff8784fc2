//! What the bot says, in the words of a language's file.

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource, FluentValue};

use super::locale::Locale;
use crate::post::{Line, Place, Span};
use crate::text;

/// Around an argument while a message is put together, so that its text isn't read as markup: private-use
/// characters, which are taken out of arguments.
const OPEN: char = '\u{F0000}';
const CLOSE: char = '\u{F0001}';

/// Instead of the first, around a command of ours.
const COMMAND: char = '\u{F0002}';

/// Instead of the first, around an address of ours.
const LINK: char = '\u{F0003}';

/// A Fluent file that can't be read: a defect of the program, found by its tests.
#[derive(Debug, thiserror::Error)]
#[error("the texts in {locale:?} can't be read: {reason}")]
pub struct BadTexts {
    locale: Locale,
    reason: String,
}

/// The texts of all languages.
pub struct Texts {
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl Texts {
    /// Reads the texts that are built in.
    ///
    /// # Errors
    /// [`BadTexts`].
    pub fn new() -> Result<Texts, BadTexts> {
        let bundles = Locale::all().map(|locale| {
            let bad = |reason: String| BadTexts { locale, reason };
            let resource = FluentResource::try_new(locale.source().to_owned())
                .map_err(|(_, errors)| bad(format!("{errors:?}")))?;
            let language = locale.code().parse().map_err(|e| bad(format!("{e:?}")))?;
            let mut bundle = FluentBundle::new_concurrent(vec![language]);
            // The marks would travel into every message; chat platforms isolate names themselves.
            bundle.set_use_isolating(false);
            bundle
                .add_resource(resource)
                .map_err(|errors| bad(format!("{errors:?}")))?;
            Ok(bundle)
        });
        Ok(Texts {
            bundles: bundles.collect::<Result<_, _>>()?,
        })
    }

    /// The words that a language lists for a key, if it says such a thing: `one | another`.
    pub(super) fn listed(&self, locale: Locale, key: &str) -> Vec<String> {
        let bundle = &self.bundles[locale.index()];
        let message = bundle.get_message(&format!("word-{key}"));
        let Some(pattern) = message.and_then(|message| message.value()) else {
            return Vec::new();
        };
        let words = bundle.format_pattern(pattern, None, &mut Vec::new());
        words
            .split('|')
            .map(|word| word.trim().to_owned())
            .collect()
    }

    /// Somebody who speaks the language.
    pub fn localizer(&self, locale: Locale) -> Localizer<'_> {
        Localizer {
            bundle: &self.bundles[locale.index()],
            english: &self.bundles[Locale::default().index()],
            locale,
            place: Place::default(),
        }
    }
}

/// An argument of a message.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    /// A text from outside, shown as it is.
    Text(&'v str),
    /// A command of ours, `/schedule us-nk`.
    Command(&'v str),
    /// An address of ours.
    Link(&'v str),
    /// A number, which may choose between forms of a message.
    Number(i64),
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Value<'v> {
        Value::Text(text)
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Value<'v> {
        Value::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// Says things in one language.
#[derive(Clone, Copy)]
pub struct Localizer<'t> {
    bundle: &'t FluentBundle<FluentResource>,
    /// What a translation lacks as yet is said in English.
    english: &'t FluentBundle<FluentResource>,
    locale: Locale,
    place: Place,
}

impl<'t> Localizer<'t> {
    /// The same, somewhere else.
    #[must_use]
    pub fn at(self, place: Place) -> Localizer<'t> {
        Localizer { place, ..self }
    }
}

impl Localizer<'_> {
    /// The language.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// A message as plain text.
    pub fn text(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.line(key, values).to_text()
    }

    /// A message with its stresses.
    pub fn line(&self, key: &str, values: &[(&str, Value<'_>)]) -> Line {
        let mut bundles = [self.bundle, self.english].into_iter();
        let found = bundles.find_map(|bundle| Some((bundle, bundle.get_message(key)?.value()?)));
        let Some((bundle, pattern)) = found else {
            tracing::error!(key, locale = self.locale.code(), "there is no such text");
            return Line::plain(key);
        };
        let mut args = FluentArgs::new();
        args.set(
            "place",
            match self.place {
                Place::Channel => "channel",
                Place::Private => "private",
                Place::Group => "group",
                Place::Topic => "topic",
                Place::Server => "server",
            },
        );
        for (name, value) in values {
            match value {
                Value::Text(text) | Value::Command(text) | Value::Link(text) => {
                    // Nobody's words turn ours around.
                    let is_left_out = |c: char| {
                        [OPEN, CLOSE, COMMAND, LINK].contains(&c) || text::turns_around(c)
                    };
                    let text = text.replace(is_left_out, "");
                    let open = match value {
                        Value::Command(_) => COMMAND,
                        Value::Link(_) => LINK,
                        _ => OPEN,
                    };
                    args.set(*name, format!("{open}{text}{CLOSE}"));
                }
                Value::Number(number) => args.set(*name, FluentValue::from(*number)),
            }
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text is wrong");
        }
        spans(&text)
    }
}

/// Reads `**` and commands outside of arguments.
fn spans(text: &str) -> Line {
    let mut spans: Vec<Span> = Vec::new();
    let mut piece = String::new();
    let mut bold = false;
    let mut end = |piece: &mut String, bold: bool, command: Option<Span>| {
        if !piece.is_empty() {
            let text = std::mem::take(piece);
            spans.push(if bold {
                Span::Bold(text)
            } else {
                Span::Text(text)
            });
        }
        spans.extend(command);
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(argument) = argument(rest, OPEN) {
            piece.push_str(argument);
            rest = &rest[enclosed(argument)..];
        } else if let Some(line) = argument(rest, COMMAND) {
            rest = &rest[enclosed(line)..];
            let (name, words) = line.split_once(' ').unwrap_or((line, ""));
            let command = Span::command(name.trim_start_matches('/'), words.to_owned());
            end(&mut piece, bold, Some(command));
        } else if let Some(link) = argument(rest, LINK) {
            rest = &rest[enclosed(link)..];
            end(&mut piece, bold, Some(Span::Link(link.to_owned())));
        } else if let Some((said, length)) = command_at(rest).filter(|_| !bold && begins(&piece)) {
            rest = &rest[length..];
            end(&mut piece, bold, Some(said));
        } else if let Some(behind) = rest.strip_prefix("**") {
            end(&mut piece, bold, None);
            bold = !bold;
            rest = behind;
        } else {
            piece.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    end(&mut piece, bold, None);
    Line(spans)
}

/// Whether a slash behind this begins a command: not within a word or an address.
fn begins(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || c == '/' || c == ':')
}

/// The argument that a text begins with, of a kind.
fn argument(text: &str, kind: char) -> Option<&str> {
    let (argument, _) = text.strip_prefix(kind)?.split_once(CLOSE)?;
    Some(argument)
}

/// How long an argument is with the marks around it, in bytes.
fn enclosed(argument: &str) -> usize {
    OPEN.len_utf8() + argument.len() + CLOSE.len_utf8()
}

/// The command that a text of ours begins with, `/read { $number } { $page }`, with the arguments right behind it, and how
/// long that is in bytes.
fn command_at(text: &str) -> Option<(Span, usize)> {
    let behind = text.strip_prefix('/')?;
    let letters = |text: &str| text.bytes().take_while(u8::is_ascii_lowercase).count();
    let (name, mut length) = match argument(behind, OPEN) {
        Some(name) => (name, 1 + enclosed(name)),
        None => (&behind[..letters(behind)], 1 + letters(behind)),
    };
    if name.is_empty() || letters(name) < name.len() {
        return None;
    }
    let mut words: Vec<&str> = Vec::new();
    while let Some(rest) = text[length..].strip_prefix(' ') {
        let word = argument(rest, OPEN).filter(|word| !word.is_empty() && !word.contains(' '));
        let Some((word, taken)) = word
            .map(|word| (word, enclosed(word)))
            .or_else(|| number(rest))
        else {
            break;
        };
        words.push(word);
        length += 1 + taken;
    }
    Some((Span::command(name, words.join(" ")), length))
}

/// The number that a text begins with, and its length: numbers have no marks around them.
fn number(text: &str) -> Option<(&str, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let goes_on = text[digits..].starts_with(|c: char| c.is_alphanumeric() || c == ':');
    (digits > 0 && !goes_on).then(|| (&text[..digits], digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let marked = text
            .replace('{', &OPEN.to_string())
            .replace('<', &COMMAND.to_string())
            .replace(['}', '>'], &CLOSE.to_string());
        let line = spans(&marked);
        let of = |span: &Span| match span {
            Span::Text(text) => text.clone(),
            Span::Bold(text) => format!("**{text}**"),
            Span::Command { name, words, .. } => format!("[{name}|{words}]"),
            Span::Link(link) => format!("<{link}>"),
            Span::Moment { text, .. } => format!("at {text}"),
        };
        line.0.iter().map(of).collect()
    }

    #[test]
    fn commands_of_ours_are_told_from_what_somebody_typed() {
        for (text, spans) in [
            ("/help lists all", &["[help|]", " lists all"][..]),
            (
                "Try: /latest {us-nk} {5}.",
                &["Try: ", "[latest|us-nk 5]", "."],
            ),
            (
                "/subscribe {us-nk} daily 09:00",
                &["[subscribe|us-nk]", " daily 09:00"],
            ),
            (
                "/schedule {us-nk} {daily 09:00}",
                &["[schedule|us-nk]", " daily 09:00"],
            ),
            ("/read 416 2 goes on", &["[read|416 2]", " goes on"]),
            ("/subscribe {us-nk} 9:00", &["[subscribe|us-nk]", " 9:00"]),
            ("“{/forget yes}” is none", &["“/forget yes” is none"]),
            ("no /{shout it}", &["no /shout it"]),
            ("mean /{subscribe}?", &["mean ", "[subscribe|]", "?"]),
            (
                "Then: </schedule us-nk> {9}",
                &["Then: ", "[schedule|us-nk]", " 9"],
            ),
            ("and/or **bold {**}**", &["and/or ", "**bold ****"]),
            ("{http:}//host/path", &["http://host/path"]),
            ("/", &["/"]),
        ] {
            assert_eq!(said(text), spans, "{text}");
        }
    }
}
