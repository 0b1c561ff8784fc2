//! `monthly 1 09:00`: one slot a month. A day that a month lacks means its last day.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::cadence::{Cadence, CadenceKind, Rule};
use super::error::CadenceError;
use super::wall::{self, TimeOfDay};
use super::words::clip;

/// The row of the cadence table.
pub(crate) const KIND: CadenceKind = CadenceKind {
    name: "monthly",
    example: "monthly 1 09:00",
    aliases: &["month"],
    parse,
};

fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
    let words = match words {
        ["on", "the", rest @ ..] | ["on", rest @ ..] => rest,
        _ => words,
    };
    let [first, rest @ ..] = words else {
        return Err(CadenceError::missing_day(KIND.name, KIND.example));
    };
    let Some(day) = day_of_month(first) else {
        // "monthly 09:00" names a time and forgets the day.
        return Err(match TimeOfDay::parse(words, &KIND) {
            Ok(_) => CadenceError::missing_day(KIND.name, KIND.example),
            Err(_) => CadenceError::NotADayOfMonth { got: clip(first) },
        });
    };
    let time = TimeOfDay::parse(rest, &KIND)?;
    let text = format!("{} {day} {time}", KIND.name);
    Ok(Cadence::new(text, Monthly { day, time }))
}

/// Reads `1`, `01`, `1st`, `31` and `last`.
fn day_of_month(word: &str) -> Option<i8> {
    if word == "last" {
        return Some(31);
    }
    let number = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    let plain = number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    let day = plain.then(|| number.parse().ok()).flatten()?;
    (1..=31).contains(&day).then_some(day)
}

#[derive(Debug)]
struct Monthly {
    day: i8,
    time: TimeOfDay,
}

impl Monthly {
    /// This month's and the next months' days, where a short month gives its last.
    fn dates(&self, local: DateTime) -> impl Iterator<Item = Date> {
        let months = std::iter::successors(Some(local.date().first_of_month()), |first| {
            first.checked_add(1.month()).ok()
        });
        months.take(3).filter_map(|first| {
            let day = self.day.min(first.days_in_month());
            Date::new(first.year(), first.month(), day).ok()
        })
    }
}

impl Rule for Monthly {
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        wall::next_slot(after, zone, |local| {
            wall::first_later(local, self.time, self.dates(local))
        })
    }
}
