//! `instant`: new items are posted as they come, so there are no slots; and `instant 08:00-22:00`, which does so within a
//! window of each day. What comes outside of it waits for its start, which is a slot.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::cadence::{Cadence, CadenceKind, Rule};
use super::error::CadenceError;
use super::wall::{self, TimeOfDay};
use super::words::clip;

/// The row of the cadence table.
pub(crate) const KIND: CadenceKind = CadenceKind {
    name: "instant",
    example: "instant",
    aliases: &["instantly", "immediately"],
    parse,
};

/// The row of the cadence table for a window of each day.
pub(crate) const WINDOW: CadenceKind = CadenceKind {
    name: "instant",
    example: "instant 08:00-22:00",
    aliases: &[],
    parse,
};

/// How a window is written.
pub(crate) fn canonical(from: (u32, u32), to: (u32, u32)) -> String {
    let name = WINDOW.name;
    format!("{name} {:02}:{:02}-{:02}:{:02}", from.0, from.1, to.0, to.1)
}

fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
    let window = match words {
        [window] => window.split_once('-'),
        _ => None,
    };
    let Some((from, to)) = window else {
        CadenceError::unless_empty(words, KIND.name)?;
        return Ok(Cadence::instant());
    };
    let from = TimeOfDay::parse(&[from], &WINDOW)?;
    let to = TimeOfDay::parse(&[to], &WINDOW)?;
    if from == to {
        return Err(CadenceError::EmptyWindow {
            got: clip(&words.join(" ")),
        });
    }
    let text = format!("{} {from}-{to}", WINDOW.name);
    Ok(Cadence::new(text, Window { from, to }))
}

impl Cadence {
    /// As it comes.
    pub fn instant() -> Cadence {
        Cadence::new(KIND.name.to_owned(), Instant)
    }
}

#[derive(Debug)]
struct Instant;

impl Rule for Instant {
    fn next_after(&self, _: Timestamp, _: &TimeZone) -> Option<Timestamp> {
        None
    }
}

/// From a time of day until another one, which is outside of it: on the next day, if it is the earlier one.
#[derive(Debug)]
struct Window {
    from: TimeOfDay,
    to: TimeOfDay,
}

impl Window {
    /// The window that begins on a day. Clock changes may leave nothing of it: then it ends as it begins.
    fn on(&self, day: Date, zone: &TimeZone) -> Option<Range<Timestamp>> {
        let last = if self.from < self.to {
            day
        } else {
            day.tomorrow().ok()?
        };
        let start = wall::fires_at(self.from.on(day), zone)?;
        let end = wall::fires_at(self.to.on(last), zone)?;
        Some(start..end)
    }
}

impl Rule for Window {
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        wall::next_slot(after, zone, |local| {
            wall::first_later(local, self.from, wall::days_from(local))
        })
    }

    fn window_end(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        // Tomorrow's may have begun already, where the clock is set back over midnight; before yesterday's there was another
        // one, where a day was skipped.
        let tomorrow = zone.to_datetime(at).date().tomorrow().ok()?;
        std::iter::successors(Some(tomorrow), |day| day.yesterday().ok())
            .take(4)
            .filter_map(|day| self.on(day, zone))
            .find(|window| window.start <= at)
            .map(|window| window.end)
    }
}
