//! What the bot says, in the words of a language's file.

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource, FluentValue};

use super::locale::Locale;
use crate::post::{Line, Place, Span};

/// Around an argument while a message is put together, so that its text isn't read as markup: private-use
/// characters, which are taken out of arguments.
const OPEN: char = '\u{F0000}';
const CLOSE: char = '\u{F0001}';

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
    pub fn speaker(&self, locale: Locale) -> Speaker<'_> {
        Speaker {
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
pub struct Speaker<'t> {
    bundle: &'t FluentBundle<FluentResource>,
    /// What a translation lacks as yet is said in English.
    english: &'t FluentBundle<FluentResource>,
    locale: Locale,
    place: Place,
}

impl<'t> Speaker<'t> {
    /// The same, somewhere else.
    #[must_use]
    pub fn at(self, place: Place) -> Speaker<'t> {
        Speaker { place, ..self }
    }
}

impl Speaker<'_> {
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
                Place::Server => "server",
            },
        );
        for (name, value) in values {
            match value {
                Value::Text(text) => {
                    let text = text.replace([OPEN, CLOSE], "");
                    args.set(
                        *name,
                        format!("{open}{text}{close}", open = OPEN, close = CLOSE),
                    );
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

/// Reads `**` outside of arguments.
fn spans(text: &str) -> Line {
    let mut spans = Vec::new();
    let mut piece = String::new();
    let mut bold = false;
    let mut argument = false;
    let mut chars = text.chars().peekable();
    let mut end = |piece: &mut String, bold: bool| {
        if !piece.is_empty() {
            let text = std::mem::take(piece);
            spans.push(if bold {
                Span::Bold(text)
            } else {
                Span::Text(text)
            });
        }
    };
    while let Some(c) = chars.next() {
        match c {
            OPEN => argument = true,
            CLOSE => argument = false,
            '*' if !argument && chars.peek() == Some(&'*') => {
                chars.next();
                end(&mut piece, bold);
                bold = !bold;
            }
            _ => piece.push(c),
        }
    }
    end(&mut piece, bold);
    Line(spans)
}
