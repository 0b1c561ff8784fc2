//! When, as people say it: `9am`, `every day at 9`, `mon-fri`, and the same in every language of the interface. What is
//! made of it is a schedule's canonical text, or a question back.

mod conclude;
mod dated;
mod how_long;
mod people;
mod tokens;
mod vocabulary;

pub use dated::Dated;
pub use how_long::{Amount, HowLong, HowLongError};

use super::words::zones;
use crate::schedule::{Cadence, CadenceError, UnknownZone, Zone, cron, words};

/// Whether a word can begin a cadence, so that it is no part of what stands before it.
pub fn can_begin(word: &str) -> bool {
    word.eq_ignore_ascii_case(cron::KIND.name) || people::can_begin(word)
}

/// Whether words at the end of others begin as nothing but a cadence does, and so are one that lacks something where they
/// can't be read: `every morning`, `on monday`.
pub fn surely_begins(words: &str) -> bool {
    people::surely_begins(words)
}

/// Whether a number that words begin with makes a date of the month that stands before them: `october` and `7`, `3월` and
/// `1일 9시`. Then they say no time.
pub fn goes_on_with_a_date(before: &str, words: &str) -> bool {
    let words = people::fold(words);
    let mut ahead = words.split_whitespace();
    let first = ahead.next().unwrap_or_default();
    let Some(last) = before.split_whitespace().next_back() else {
        return false;
    };
    // `may 9 pm`, `march 2 hours`, `4월 9시`
    let is_day = match ahead.next() {
        Some(next) if first.bytes().all(|byte| byte.is_ascii_digit()) => {
            !vocabulary::makes_a_time(next)
        }
        _ => true,
    };
    is_day
        && vocabulary::is_day_of_month(first)
        && dated::is_named(&format!("{} {first}", people::fold(last)))
}

impl Cadence {
    /// Reads a cadence as people type it, in English or Korean: any case, `9am`, `Monday, thursday`,
    /// `every day at 9`, `매일 오전 9시`.
    ///
    /// # Errors
    /// [`CadenceError`], which says what was wrong or what it might have meant.
    pub fn parse(text: &str) -> Result<Cadence, CadenceError> {
        let folded = people::fold(text);
        let typed: &[&str] = &folded.split_whitespace().collect::<Vec<_>>();
        match typed {
            [] => return Err(CadenceError::Missing),
            [name] | ["cron", name] if name.starts_with('@') => {
                return match people::nickname(name) {
                    Some(canonical) => Cadence::stored(canonical),
                    None => Err(CadenceError::Unknown {
                        got: words::clip(name),
                        nearest: None,
                    }),
                };
            }
            ["cron", fields @ ..] => return cron::typed(fields),
            fields if people::is_crontab(fields) => return cron::typed(fields),
            _ => {}
        }
        match people::read(&folded).map_err(|error| error.in_words_of(&folded, text))? {
            people::Understood::Cadence(canonical) => Cadence::stored(&canonical),
            people::Understood::All { but, of: Some(of) } => match Cadence::worded(typed) {
                Ok(cadence) => Ok(cadence),
                Err(error) if error.blames(&but) => Err(error),
                Err(_) => Err(CadenceError::TooMany {
                    got: but,
                    cadence: of,
                }),
            },
            _ => match Cadence::worded(typed) {
                // A number that doesn't go together with what stands behind it.
                Err(CadenceError::Unknown { got, .. })
                    if got.bytes().all(|byte| byte.is_ascii_digit()) && typed.len() > 1 =>
                {
                    Err(CadenceError::Unknown {
                        got: words::clip(&folded),
                        nearest: None,
                    })
                }
                read => read,
            },
        }
    }
}

impl Zone {
    /// [`Zone::find`], which also knows what languages call a zone, and asks back what they mean.
    ///
    /// # Errors
    /// [`UnknownZone`].
    pub fn told(name: &str) -> Result<Zone, UnknownZone> {
        let wanted = people::fold(name.trim());
        match zones().find(|(said, _)| *said == wanted) {
            Some((_, zone)) => Err(UnknownZone {
                got: words::clip(name.trim()),
                nearest: vec![zone.to_owned()],
                is_hint: true,
            }),
            None => Zone::find(name),
        }
    }
}
