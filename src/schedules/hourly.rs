//! `hourly`: elapsed hours, which daylight saving neither skips nor repeats.
//!
//! Slots are at minute 0 of the zone's *standard* time. In nearly every zone that is minute 0 of
//! summer time too; Lord Howe, whose summer is half an hour ahead, reads :30 in summer and keeps its
//! steps of 3600 seconds. Only a zone that changes its standard time by part of an hour, as
//! Pyongyang did, has one step of another length.

use jiff::Timestamp;
use jiff::tz::{Dst, TimeZone};

use super::{Cadence, CadenceError, Kind, Rule};

const HOUR: i64 = 3600;

/// The row of the cadence table.
pub(super) const KIND: Kind = Kind {
    name: "hourly",
    example: "hourly",
    aliases: &["hour"],
    parse,
};

fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
    CadenceError::unless_empty(words, KIND.name)?;
    Ok(Cadence::new(KIND.name.to_owned(), Hourly))
}

#[derive(Debug)]
struct Hourly;

impl Rule for Hourly {
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let phase = phase(after, zone);
        let from = whole_second(after);
        let slot = from + HOUR - (from + phase).rem_euclid(HOUR);
        let slot = Timestamp::from_second(slot).ok()?;
        // A change of standard time before that slot starts a new count at the change.
        let restart = zone
            .following(after)
            .map(|change| change.timestamp())
            .take_while(|change| *change <= slot)
            .find_map(|change| {
                let (new, from) = (self::phase(change, zone), change.as_second());
                (new != phase).then(|| from + (-(from + new)).rem_euclid(HOUR))
            });
        match restart {
            Some(slot) => Timestamp::from_second(slot).ok(),
            None => Some(slot),
        }
    }
}

/// How many seconds the zone's standard time is past the hour when UTC is at the hour.
fn phase(at: Timestamp, zone: &TimeZone) -> i64 {
    let info = zone.to_offset_info(at);
    let standard = match info.dst() {
        Dst::No => info.offset(),
        // Summer time doesn't say what it is ahead of; the latest winter does.
        Dst::Yes => zone
            .preceding(at)
            .find(|change| change.dst() == Dst::No)
            .map_or(info.offset(), |change| change.offset()),
    };
    i64::from(standard.seconds()).rem_euclid(HOUR)
}

/// The second that a moment lies in; `as_second` would round a moment before 1970 up.
fn whole_second(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}
