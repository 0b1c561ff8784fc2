//! `daily 09:00` and `weekdays 09:00`: one slot a day, or one from Monday to Friday.

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::cadence::{Cadence, CadenceKind, Rule};
use super::error::CadenceError;
use super::wall::{self, TimeOfDay};

/// The row of the cadence table for every day.
pub(crate) const DAILY: CadenceKind = CadenceKind {
    name: "daily",
    example: "daily 09:00",
    aliases: &["day", "everyday"],
    parse: |words| parse(words, &DAILY, false),
};

/// The row of the cadence table for Monday to Friday.
pub(crate) const WEEKDAYS: CadenceKind = CadenceKind {
    name: "weekdays",
    example: "weekdays 09:00",
    aliases: &["weekday", "workdays", "workday"],
    parse: |words| parse(words, &WEEKDAYS, true),
};

fn parse(words: &[&str], kind: &CadenceKind, skip_weekend: bool) -> Result<Cadence, CadenceError> {
    let time = TimeOfDay::parse(words, kind)?;
    let rule = Daily { time, skip_weekend };
    Ok(Cadence::new(format!("{} {time}", kind.name), rule))
}

#[derive(Debug)]
struct Daily {
    time: TimeOfDay,
    skip_weekend: bool,
}

impl Rule for Daily {
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        wall::next_slot(after, zone, |local| {
            let days = wall::days_from(local).filter(|date| {
                !self.skip_weekend || !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            });
            wall::first_later(local, self.time, days)
        })
    }
}
