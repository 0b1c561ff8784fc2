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

mod cadence;
pub(crate) mod cron;
pub(crate) mod daily;
mod error;
mod hints;
pub(crate) mod hourly;
pub(crate) mod instant;
pub(crate) mod monthly;
mod wall;
pub(crate) mod weekly;
pub(crate) mod words;
mod zone_names;
mod zones;

pub use cadence::{Cadence, CadenceKind};
pub use error::{CadenceError, CronFault, Unclear};
pub(crate) use wall::first_moment;
pub use zones::{UnknownZone, Zone};

/// Every cadence that can be written, in the order in which help lists them.
pub const ALL: &[CadenceKind] = &[
    instant::KIND,
    instant::WINDOW,
    hourly::KIND,
    hourly::EVERY,
    daily::DAILY,
    daily::WEEKDAYS,
    weekly::KIND,
    monthly::KIND,
    cron::KIND,
];

impl CadenceKind {
    /// The row that a first word names.
    fn named(word: &str) -> Option<&'static CadenceKind> {
        ALL.iter()
            .find(|kind| kind.name == word || kind.aliases.contains(&word))
    }
}

impl Cadence {
    /// Reads a canonical text, also of an earlier version, which let patterns pass that are refused now.
    ///
    /// # Errors
    /// [`CadenceError`]: no version of ours wrote it.
    pub fn stored(text: &str) -> Result<Cadence, CadenceError> {
        let lower = text.to_lowercase();
        let typed: Vec<&str> = lower.split_whitespace().collect();
        let [first, rest @ ..] = typed.as_slice() else {
            return Err(CadenceError::Missing);
        };
        match CadenceKind::named(first) {
            Some(kind) => (kind.parse)(rest),
            None => Err(CadenceError::Unknown {
                got: words::clip(first),
                nearest: None,
            }),
        }
    }

    /// Reads words that begin with a cadence's name or a day, and says which of them is wrong.
    pub(crate) fn worded(typed: &[&str]) -> Result<Cadence, CadenceError> {
        let typed = match typed {
            ["every" | "each", rest @ ..] if !rest.is_empty() => rest,
            _ => typed,
        };
        let [first, rest @ ..] = typed else {
            return Err(CadenceError::Missing);
        };
        if let Some(kind) = CadenceKind::named(first) {
            return (kind.parse)(rest);
        }
        // "Mondays 18:00" can only mean a weekly cadence.
        if weekly::begins_with_day(first) {
            return weekly::parse(typed);
        }
        let nearest = match wall::looks_like_time(first) {
            true => Some(daily::DAILY.name),
            false => words::nearest(first, ALL.iter().map(|kind| kind.name)),
        };
        Err(CadenceError::Unknown {
            got: words::clip(first),
            nearest,
        })
    }

    /// Whether new items are posted as they come at all times, so that there are no slots.
    pub fn is_instant(&self) -> bool {
        self.text() == instant::KIND.name
    }

    /// Whether new items are posted as they come within a window of each day, whose starts are the slots.
    pub fn is_windowed(&self) -> bool {
        self.window().is_some()
    }

    /// The window of each day within which new items are posted as they come, where there is one: `08:00`, `22:00`.
    pub fn window(&self) -> Option<(&str, &str)> {
        let times = self.text().strip_prefix(instant::WINDOW.name)?;
        times.trim_start().split_once('-')
    }

    /// Whether its slots are times of day, which depend on the zone in a way that people notice.
    pub fn has_times(&self) -> bool {
        !self.is_instant() && self.text() != hourly::KIND.name
    }
}

impl CadenceError {
    /// A canonical cadence that works, of the kind that the user seems to want.
    pub fn example(&self) -> &str {
        let name = match self {
            CadenceError::Several { first, both, .. } => return both.as_ref().unwrap_or(first),
            CadenceError::MissingTime { instead, .. }
            | CadenceError::MissingDay { instead, .. }
            | CadenceError::Once { instead, .. } => return instead,
            CadenceError::Zoned { when, .. } => return when,
            CadenceError::Cron {
                reason: CronFault::Step { instead, .. } | CronFault::Wraps { instead, .. },
                ..
            } => return instead,
            CadenceError::EmptyWindow { .. } => return instant::WINDOW.example,
            // Only a window has times.
            CadenceError::NotATime { cadence, .. } if *cadence == instant::WINDOW.name => {
                return instant::WINDOW.example;
            }
            CadenceError::Missing => daily::DAILY.name,
            CadenceError::Unknown { nearest, .. } => nearest.unwrap_or(daily::DAILY.name),
            CadenceError::NotATime { cadence, .. } | CadenceError::TooMany { cadence, .. } => {
                cadence
            }
            CadenceError::UnknownDay { .. } => weekly::KIND.name,
            CadenceError::NotADayOfMonth { .. } => monthly::KIND.name,
            CadenceError::Cron { .. } | CadenceError::NeverFires { .. } => cron::KIND.name,
        };
        CadenceKind::named(name).unwrap_or(&daily::DAILY).example
    }
}
