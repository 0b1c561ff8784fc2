//! `cron 0 9 * * 1-5`: five fields, for those who think in them.
//!
//! croner reads the pattern and says which dates fit it; walking the calendar and crossing daylight
//! saving is done here. Its own search protects single times of day only: `0 1,13 * * *` fires at
//! both 01:00 of an autumn night, and `30 2,14 * * *` drops 02:30 in spring. It also forgets a time
//! whose gap runs past midnight, fails in a gap of more than two hours, and looks as far as the year
//! 5000 for a date that never comes.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::error::clip;
use super::wall;
use super::{Cadence, CadenceError, CronFault, Kind, Rule};

/// The row of the cadence table.
pub(super) const KIND: Kind = Kind {
    name: "cron",
    example: "cron 0 9 * * 1-5",
    aliases: &[],
    parse,
};

/// No honest pattern is longer, and croner never sees one that is.
const LONGEST: usize = 120;

/// How many dates a search looks at, 40 years of them: that is how long 29 February can take to
/// fall on a certain weekday again.
const HORIZON: usize = 40 * 366;

const MONTHS: &[&str] = &[
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The fields' names, and the words that each may hold. croner replaces these words wherever they
/// stand, so that `0 9 mon * *` would mean the first of the month.
const FIELDS: [(&str, &[&str]); 5] = [
    ("minute", &[]),
    ("hour", &[]),
    ("day of month", &[]),
    ("month", MONTHS),
    ("day of week", WEEKDAYS),
];

/// Reads the five fields.
pub(super) fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
    let text = words.join(" ").to_uppercase();
    let refuse = |reason| CadenceError::Cron {
        got: clip(if text.is_empty() { KIND.name } else { &text }),
        reason,
    };
    if text.len() > LONGEST {
        return Err(refuse(CronFault::TooLong));
    }
    let fields: Vec<&str> = text.split(' ').filter(|field| !field.is_empty()).collect();
    let &[minute, hour, ..] = fields.as_slice() else {
        return Err(refuse(CronFault::FieldCount(fields.len())));
    };
    if fields.len() != FIELDS.len() {
        return Err(refuse(CronFault::FieldCount(fields.len())));
    }
    for (place, (field, (name, names))) in fields.iter().zip(FIELDS).enumerate() {
        if !is_well_formed(field, names) || read_alone(field, place).is_err() {
            let text = clip(field);
            return Err(refuse(CronFault::Field { name, text }));
        }
    }
    let pattern = read(&text).map_err(|_| {
        let (name, text) = ("pattern", clip(&text));
        refuse(CronFault::Field { name, text })
    })?;
    let hours = small(pattern.pattern.hours.values());
    let table = Table {
        counts: hours.len() == 24
            || [minute, hour]
                .iter()
                .any(|field| field.contains(['*', '/'])),
        minutes: small(pattern.pattern.minutes.values()),
        hours,
        months: small(pattern.pattern.months.values()),
        pattern,
    };
    let start = Date::constant(2000, 1, 1).to_datetime(jiff::civil::Time::midnight());
    if table.slot_after(start).is_none() {
        return Err(CadenceError::NeverFires { got: clip(&text) });
    }
    Ok(Cadence::new(format!("{} {text}", KIND.name), table))
}

fn read(text: &str) -> Result<croner::Cron, croner::errors::CronError> {
    croner::parser::CronParser::builder()
        .seconds(croner::parser::Seconds::Disallowed)
        .year(croner::parser::Year::Disallowed)
        .build()
        .parse(text)
}

/// Reads one field among stars, which tells whose fault it is when a pattern is refused.
fn read_alone(field: &str, place: usize) -> Result<croner::Cron, croner::errors::CronError> {
    let mut fields = ["*"; 5];
    fields[place] = field;
    read(&fields.join(" "))
}

/// What croner lets pass and shouldn't: empty parts of a list, and names where they mean nothing.
fn is_well_formed(field: &str, names: &[&str]) -> bool {
    let parts = field.trim_start_matches('+').split(',');
    parts.clone().all(|part| !part.is_empty())
        && parts
            .flat_map(|part| part.split(['-', '/', '#']))
            .all(|word| {
                let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
                let name = letters.strip_suffix('L').unwrap_or(letters);
                !letters.contains(|c: char| c.is_alphabetic())
                    || matches!(letters, "L" | "W" | "LW")
                    || (letters == word && (names.contains(&letters) || names.contains(&name)))
            })
}

fn small(values: Vec<u16>) -> Vec<i8> {
    values
        .into_iter()
        .filter_map(|value| i8::try_from(value).ok())
        .collect()
}

#[derive(Debug)]
struct Table {
    pattern: croner::Cron,
    minutes: Vec<i8>,
    hours: Vec<i8>,
    months: Vec<i8>,
    /// With a star or a step in the minute or the hour, or with all 24 hours, it counts time, as
    /// `*/15 * * * *` does; otherwise it names times of day.
    counts: bool,
}

impl Rule for Table {
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if self.counts {
            self.next_count(after, zone)
        } else {
            wall::next_slot(after, zone, |local| self.slot_after(local))
        }
    }
}

impl Table {
    /// The first wall-clock slot strictly later than a local date-time.
    fn slot_after(&self, local: DateTime) -> Option<DateTime> {
        let mut date = local.date();
        for _ in 0..HORIZON {
            if !self.months.contains(&date.month()) {
                date = date.last_of_month().tomorrow().ok()?;
                continue;
            }
            if self.fits(date)
                && let Some(slot) = self.times(date).find(|slot| *slot > local)
            {
                return Some(slot);
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// The next moment at which the clock on the wall shows a slot, in both passes of a repeated
    /// hour: the offset changes seldom, and between two changes local time is plain arithmetic.
    fn next_count(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut offset = zone.to_offset(after);
        let mut slot = self.slot_after(offset.to_datetime(after))?;
        for change in zone.following(after) {
            if offset
                .to_timestamp(slot)
                .is_ok_and(|moment| moment < change.timestamp())
            {
                break;
            }
            let moved = change.offset();
            if moved == offset {
                continue;
            }
            let resumes = moved.to_datetime(change.timestamp());
            // Where every hour counts, a skipped hour was none. `0 */2 * * *` and `*/30 2 * * *`
            // name hours, and those they lost are due at the first moment after the gap.
            if slot < resumes && self.hours.len() < 24 {
                return Some(change.timestamp());
            }
            offset = moved;
            slot = self.slot_after(resumes.checked_sub(1.nanosecond()).ok()?)?;
        }
        offset.to_timestamp(slot).ok()
    }

    fn fits(&self, date: Date) -> bool {
        let mut times = self.times(date);
        times
            .next()
            .is_some_and(|slot| self.pattern.is_time_matching(&slot).unwrap_or(false))
    }

    fn times(&self, date: Date) -> impl Iterator<Item = DateTime> {
        let minutes = &self.minutes;
        self.hours.iter().flat_map(move |&hour| {
            minutes
                .iter()
                .map(move |&minute| date.at(hour, minute, 0, 0))
        })
    }
}
