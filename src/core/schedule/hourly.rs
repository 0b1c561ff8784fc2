//! `hourly` and `every 2 hours`: elapsed hours, which daylight saving neither skips nor repeats.
//!
//! Slots are at whole hours of the zone's *standard* time, counted from its midnight. In nearly every zone that is minute 0 of
//! summer time too; Lord Howe, whose summer is half an hour ahead, reads :30 in summer and keeps its
//! steps of 3600 seconds. Only a zone that changes its standard time by part of an hour, as
//! Pyongyang did, has one step of another length.

use jiff::Timestamp;
use jiff::tz::{Dst, TimeZone};

use super::cadence::{Cadence, CadenceKind, Rule};
use super::daily;
use super::error::{CadenceError, Unclear};
use super::words::clip;

const HOUR: i64 = 3600;

/// The row of the cadence table.
pub(crate) const KIND: CadenceKind = CadenceKind {
    name: "hourly",
    example: "hourly",
    aliases: &["hour"],
    parse,
};

/// The row of the cadence table for several hours.
pub(crate) const EVERY: CadenceKind = CadenceKind {
    name: "every",
    example: "every 2 hours",
    aliases: &[],
    parse: parse_every,
};

/// How many hours there may be between two slots: what a day holds a whole number of times.
pub(crate) const STEPS: [i64; 6] = [2, 3, 4, 6, 8, 12];

/// How several hours are written.
pub(crate) fn canonical(hours: i64) -> String {
    format!("{} {hours} hours", EVERY.name)
}

fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
    CadenceError::unless_empty(words, KIND.name)?;
    Ok(Cadence::new(KIND.name.to_owned(), Hourly { step: HOUR }))
}

fn parse_every(words: &[&str]) -> Result<Cadence, CadenceError> {
    let hours = match words {
        [number, "hours"] => number.parse().ok().filter(|hours| STEPS.contains(hours)),
        _ => None,
    };
    let hours = hours.ok_or_else(|| CadenceError::Several {
        got: clip(&[&[EVERY.name], words].concat().join(" ")),
        first: EVERY.example.to_owned(),
        second: daily::DAILY.example.to_owned(),
        both: None,
        why: Unclear::NotOffered,
    })?;
    let rule = Hourly { step: hours * HOUR };
    Ok(Cadence::new(canonical(hours), rule))
}

#[derive(Debug)]
struct Hourly {
    /// Seconds between two slots.
    step: i64,
}

impl Rule for Hourly {
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let step = self.step;
        let phase = |at| standard(at, zone).rem_euclid(step);
        let before = phase(after);
        let from = whole_second(after);
        let slot = from + step - (from + before).rem_euclid(step);
        let slot = Timestamp::from_second(slot).ok()?;
        // A change of standard time before that slot starts a new count at the change.
        let restart = zone
            .following(after)
            .map(|change| change.timestamp())
            .take_while(|change| *change <= slot)
            .find_map(|change| {
                let (new, from) = (phase(change), change.as_second());
                (new != before).then(|| from + (-(from + new)).rem_euclid(step))
            });
        match restart {
            Some(slot) => Timestamp::from_second(slot).ok(),
            None => Some(slot),
        }
    }
}

/// How many seconds the zone's standard time is ahead of UTC.
fn standard(at: Timestamp, zone: &TimeZone) -> i64 {
    let info = zone.to_offset_info(at);
    let standard = match info.dst() {
        Dst::No => info.offset(),
        // Summer time doesn't say what it is ahead of; the latest winter does.
        Dst::Yes => zone
            .preceding(at)
            .find(|change| change.dst() == Dst::No)
            .map_or(info.offset(), |change| change.offset()),
    };
    i64::from(standard.seconds())
}

/// The second that a moment lies in; `as_second` would round a moment before 1970 up.
fn whole_second(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}
