//! Slots on the wall clock: times of day, and what daylight saving does to them.
//!
//! Every wall-clock cadence is a function from a local date-time to the next local slot. This file
//! turns such slots into moments. The turn is monotone (a later slot never fires earlier), which is
//! why one forward walk finds the next moment and never fires a slot twice.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::cadence::CadenceKind;
use super::error::CadenceError;
use super::words::clip;

/// The first moment after `after` at which one of the slots fires, where `slot_after` yields the
/// first slot strictly later than a local date-time.
pub(super) fn next_slot(
    after: Timestamp,
    zone: &TimeZone,
    slot_after: impl Fn(DateTime) -> Option<DateTime>,
) -> Option<Timestamp> {
    // Slots up to the local time of `after` have fired. In the second pass of a repeated hour, so
    // have the slots that are still ahead on the clock: the loop steps over those.
    let mut local = zone.to_datetime(after);
    loop {
        local = slot_after(local)?;
        let moment = fires_at(local, zone)?;
        if moment > after {
            return Some(moment);
        }
    }
}

/// The first moment of a day.
pub(crate) fn first_moment(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    fires_at(day.to_datetime(Time::midnight()), zone)
}

/// The moment at which a wall-clock slot fires.
pub(super) fn fires_at(slot: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    match zone.to_ambiguous_timestamp(slot).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(slot).ok(),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(slot).ok(),
        // Read with the later offset, a skipped slot lies before the change: the change itself is
        // the first moment after the gap. (jiff's own answer would be as far behind the change as
        // the slot is behind the gap's start: 02:30 becomes 03:30.)
        AmbiguousOffset::Gap { before, after } => zone
            .following(after.to_timestamp(slot).ok()?)
            .find(|change| change.offset() != before)
            .map(|change| change.timestamp()),
    }
}

/// The first of a run of dates, from the day of `local` on, whose slot at `time` is later than it.
pub(super) fn first_later(
    local: DateTime,
    time: TimeOfDay,
    dates: impl Iterator<Item = Date>,
) -> Option<DateTime> {
    dates.map(|date| time.on(date)).find(|slot| *slot > local)
}

/// The day of a local time and the days after it, two weeks in all.
pub(super) fn days_from(local: DateTime) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(local.date()), |date| date.tomorrow().ok()).take(14)
}

/// A time of day to the minute; prints as `09:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TimeOfDay(Time);

impl TimeOfDay {
    /// That time on a day.
    pub(super) fn on(self, day: Date) -> DateTime {
        day.to_datetime(self.0)
    }

    /// Reads the words that end a cadence: `9:00`, `09:00`, `9am`, `9:30 pm`, `at noon`.
    pub(super) fn parse(words: &[&str], kind: &CadenceKind) -> Result<TimeOfDay, CadenceError> {
        let cadence = kind.name;
        let words = match words {
            ["at", rest @ ..] => rest,
            _ => words,
        };
        let [first, rest @ ..] = words else {
            return Err(CadenceError::missing_time(cadence, kind.example));
        };
        let (got, rest) = match rest {
            [half @ ("am" | "pm" | "a.m." | "p.m."), rest @ ..] => {
                (format!("{first} {half}"), rest)
            }
            _ => ((*first).to_owned(), rest),
        };
        let time = read(&got).ok_or_else(|| CadenceError::NotATime {
            got: clip(&got),
            cadence,
        })?;
        CadenceError::unless_empty(rest, cadence)?;
        Ok(TimeOfDay(time))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

/// Whether a word stands where a time of day begins, be it a possible one or not.
pub(super) fn looks_like_time(word: &str) -> bool {
    matches!(word, "at" | "noon" | "midnight") || word.starts_with(|c: char| c.is_ascii_digit())
}

fn read(text: &str) -> Option<Time> {
    match text {
        "noon" => return Time::new(12, 0, 0, 0).ok(),
        "midnight" => return Some(Time::midnight()),
        _ => {}
    }
    let half = |a, b| text.strip_suffix(a).or_else(|| text.strip_suffix(b));
    let (clock, shift) = match (half("am", "a.m."), half("pm", "p.m.")) {
        (Some(clock), _) => (clock.trim_end(), Some(0)),
        (_, Some(clock)) => (clock.trim_end(), Some(12)),
        _ => (text, None),
    };
    let (hour, minute) = match clock.split_once([':', '.']) {
        Some((hour, minute)) => (digits(hour, 1)?, digits(minute, 2)?),
        // "daily 9" might be a slip for anything; "9am" is a time.
        None => (shift.and(digits(clock, 1))?, 0),
    };
    let hour = match shift {
        None => hour,
        Some(shift) if (1..=12).contains(&hour) => hour % 12 + shift,
        Some(_) => return None,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// A number of at least `least` and at most two digits; `parse` alone would take "+9".
fn digits(text: &str, least: usize) -> Option<i8> {
    let fits = (least..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}
