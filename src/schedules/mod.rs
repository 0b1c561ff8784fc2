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

mod cron;
mod daily;
mod error;
mod hints;
mod hourly;
mod instant;
mod monthly;
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
    /// Reads a cadence as people type it: any case, extra spaces, `9am`, `Monday, thursday`,
    /// `every day at 9:00`.
    pub fn parse(text: &str) -> Result<Cadence, CadenceError> {
        let lower = text.to_lowercase();
        let mut words: &[&str] = &lower.split_whitespace().collect::<Vec<_>>();
        if let [first, rest @ ..] = words
            && matches!(*first, "every" | "each")
            && !rest.is_empty()
        {
            words = rest;
        }
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
        // So can five fields without their "cron", as they stand in a crontab.
        if words.len() == 5 && first.starts_with(|c: char| c == '*' || c.is_ascii_digit()) {
            return cron::parse(words);
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
