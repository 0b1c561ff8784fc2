//! When a subscription fires: the cadence table, and the arithmetic of time zones.
//!
//! Everything here is a pure function of its arguments. No clock is read, so "now" is always passed
//! in, and a slot is a moment that follows from a cadence, a zone and the moment before it.
//!
//! - A cadence is one row of [`ALL`] and one file, which parses its words and answers
//!   "what is the next slot?". Adding one costs that file and that line.
//! - What is stored and echoed is the canonical text: [`Cadence::parse`] and `Display` round-trip.
//! - Wall-clock cadences share one rule (in `wall.rs`) for the hours that daylight saving skips or
//!   repeats: a skipped slot fires at the first moment after the gap, a repeated one fires once.

mod conclude;
mod cron;
mod daily;
mod error;
mod hints;
mod hourly;
mod instant;
mod monthly;
mod people;
mod tokens;
mod vocabulary;
mod wall;
mod weekly;
mod zones;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use error::{CadenceError, CronFault};
pub use zones::{UnknownZone, Zone};

/// Every cadence that can be written, in the order in which help lists them.
pub const ALL: &[Kind] = &[
    instant::KIND,
    hourly::KIND,
    hourly::EVERY,
    daily::DAILY,
    daily::WEEKDAYS,
    weekly::KIND,
    monthly::KIND,
    cron::KIND,
];

/// One row of the cadence table: how a family of cadences is called and read.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The word that a cadence of this kind begins with.
    pub name: &'static str,
    /// A canonical text of this kind, for help and for error messages.
    pub example: &'static str,
    /// Other first words that mean the same; singular ones serve "every day".
    aliases: &'static [&'static str],
    /// Reads the lower-case words behind the first one.
    parse: fn(&[&str]) -> Result<Cadence, CadenceError>,
}

impl Kind {
    /// The row that a first word names.
    fn named(word: &str) -> Option<&'static Kind> {
        ALL.iter()
            .find(|kind| kind.name == word || kind.aliases.contains(&word))
    }
}

/// Whether a word can begin a cadence, so that it is no part of what stands before it.
pub fn can_begin(word: &str) -> bool {
    word.eq_ignore_ascii_case(cron::KIND.name) || people::can_begin(word)
}

/// What a cadence's file has to answer.
trait Rule: fmt::Debug + Send + Sync {
    /// The first slot strictly later than `after`.
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp>;
}

/// How often a channel gets its roundup, such as `weekly mon,thu 18:00`.
///
/// A cadence is identified by its canonical text: two that print alike are equal. The time zone
/// isn't part of it, since it belongs to the channel.
#[derive(Clone, Debug)]
pub struct Cadence {
    text: String,
    rule: Arc<dyn Rule>,
}

impl Cadence {
    /// Reads a cadence as people type it, in English or Korean: any case, `9am`, `Monday, thursday`,
    /// `every day at 9`, `매일 오전 9시`.
    ///
    /// # Errors
    /// [`CadenceError`], which says what was wrong or what it might have meant.
    pub fn parse(text: &str) -> Result<Cadence, CadenceError> {
        let folded = people::fold(text);
        let words: &[&str] = &folded.split_whitespace().collect::<Vec<_>>();
        match words {
            [] => return Err(CadenceError::Missing),
            [name] | ["cron", name] if name.starts_with('@') => {
                return match people::nickname(name) {
                    Some(canonical) => Cadence::stored(canonical),
                    None => Err(CadenceError::Unknown {
                        got: error::clip(name),
                        nearest: None,
                    }),
                };
            }
            ["cron", fields @ ..] => return cron::typed(fields),
            fields if people::is_crontab(fields) => return cron::typed(fields),
            _ => {}
        }
        match people::read(&folded)? {
            people::Understood::Cadence(canonical) => Cadence::stored(&canonical),
            people::Understood::All { but, of: Some(of) } => match Cadence::worded(words) {
                Err(CadenceError::Unknown { nearest: None, .. }) => Err(CadenceError::TooMany {
                    got: but,
                    cadence: of,
                }),
                read => read,
            },
            _ => Cadence::worded(words),
        }
    }

    /// Reads a canonical text, also of an earlier version, which let patterns pass that are refused now.
    ///
    /// # Errors
    /// [`CadenceError`]: no version of ours wrote it.
    pub fn stored(text: &str) -> Result<Cadence, CadenceError> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let [first, rest @ ..] = words.as_slice() else {
            return Err(CadenceError::Missing);
        };
        match Kind::named(first) {
            Some(kind) => (kind.parse)(rest),
            None => Err(CadenceError::Unknown {
                got: error::clip(first),
                nearest: None,
            }),
        }
    }

    /// Reads words that begin with a cadence's name or a day, and says which of them is wrong.
    fn worded(words: &[&str]) -> Result<Cadence, CadenceError> {
        let words = match words {
            ["every" | "each", rest @ ..] if !rest.is_empty() => rest,
            _ => words,
        };
        let [first, rest @ ..] = words else {
            return Err(CadenceError::Missing);
        };
        if let Some(kind) = Kind::named(first) {
            return (kind.parse)(rest);
        }
        // "Mondays 18:00" can only mean a weekly cadence.
        if weekly::begins_with_day(first) {
            return weekly::parse(words);
        }
        let nearest = match wall::looks_like_time(first) {
            true => Some(daily::DAILY.name),
            false => error::nearest(first, ALL.iter().map(|kind| kind.name)),
        };
        Err(CadenceError::Unknown {
            got: error::clip(first),
            nearest,
        })
    }

    fn new(text: String, rule: impl Rule + 'static) -> Cadence {
        Cadence {
            text,
            rule: Arc::new(rule),
        }
    }

    /// Whether new items are posted as they come, so that there are no slots.
    pub fn is_instant(&self) -> bool {
        self.text == instant::KIND.name
    }

    /// Whether its slots are times of day, which depend on the zone in a way that people notice.
    pub fn has_times(&self) -> bool {
        !self.is_instant() && self.text != hourly::KIND.name
    }

    /// The first slot strictly later than `after`; none for `instant`, and none when nothing will
    /// ever fire again.
    pub fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.rule.next_after(after, zone)
    }

    /// The next slots after a moment, at most `count` of them.
    pub fn upcoming(&self, after: Timestamp, zone: &TimeZone, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next_after(after, zone), |slot| {
            self.next_after(*slot, zone)
        })
        .take(count)
        .collect()
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl FromStr for Cadence {
    type Err = CadenceError;

    fn from_str(text: &str) -> Result<Cadence, CadenceError> {
        Cadence::parse(text)
    }
}

impl PartialEq for Cadence {
    fn eq(&self, other: &Cadence) -> bool {
        self.text == other.text
    }
}

impl Eq for Cadence {}

impl Hash for Cadence {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
