//! `weekly mon,thu 18:00`: one slot on each of the named days.

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::cadence::{Cadence, CadenceKind, Rule};
use super::error::CadenceError;
use super::wall::{self, TimeOfDay};
use super::words::{clip, nearest};

/// The row of the cadence table.
pub(crate) const KIND: CadenceKind = CadenceKind {
    name: "weekly",
    example: "weekly mon,thu 18:00",
    aliases: &["week"],
    parse,
};

/// The days in canonical order; the canonical name is the first three letters.
const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Reads the days and the time, `mon, thursday 18:00`, as what follows the word `weekly`.
pub(crate) fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
    let end = words
        .iter()
        .position(|word| wall::looks_like_time(word))
        .unwrap_or(words.len());
    let mut on = [false; 7];
    for word in words[..end].iter().flat_map(|word| word.split(',')) {
        match word {
            "" | "and" | "on" | "&" => {}
            _ => mark(word, &mut on)?,
        }
    }
    if !on.contains(&true) {
        return Err(CadenceError::missing_day(KIND.name, KIND.example));
    }
    let time = TimeOfDay::parse(&words[end..], &KIND)?;
    let names: Vec<&str> = (0..7).filter(|&day| on[day]).map(short).collect();
    let text = format!("{} {} {time}", KIND.name, names.join(","));
    Ok(Cadence::new(text, Weekly { on, time }))
}

/// Whether a word opens a list of days: then "weekly" may be left out.
pub(crate) fn begins_with_day(word: &str) -> bool {
    word.split([',', '-', '–'])
        .next()
        .is_some_and(|word| index(word).is_some())
}

/// Adds a day, or a range of days such as `mon-fri` or `sat-mon`.
fn mark(word: &str, on: &mut [bool; 7]) -> Result<(), CadenceError> {
    let known = |word: &str| {
        index(word).ok_or_else(|| CadenceError::UnknownDay {
            got: clip(word),
            nearest: nearest_day(word),
        })
    };
    let (first, last) = word.split_once(['-', '–']).unwrap_or((word, word));
    let (mut day, last) = (known(first)?, known(last)?);
    on[day] = true;
    while day != last {
        day = (day + 1) % 7;
        on[day] = true;
    }
    Ok(())
}

/// The place of a day in the week: `mon`, `tues`, `thursday`, `fridays`.
pub(crate) fn index(word: &str) -> Option<usize> {
    DAYS.iter().position(|day| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        (word.len() >= 3 && day.starts_with(word)) || singular == *day
    })
}

fn nearest_day(word: &str) -> Option<&'static str> {
    let full = nearest(word, DAYS.into_iter());
    let found = full.or_else(|| nearest(word, (0..7).map(short)))?;
    found.get(..3)
}

pub(crate) fn short(day: usize) -> &'static str {
    &DAYS[day][..3]
}

#[derive(Debug)]
struct Weekly {
    on: [bool; 7],
    time: TimeOfDay,
}

impl Weekly {
    fn has(&self, day: Weekday) -> bool {
        usize::try_from(day.to_monday_zero_offset()).is_ok_and(|day| self.on[day])
    }
}

impl Rule for Weekly {
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        wall::next_slot(after, zone, |local| {
            let days = wall::days_from(local).filter(|date| self.has(date.weekday()));
            wall::first_later(local, self.time, days)
        })
    }
}
