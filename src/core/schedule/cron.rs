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

use super::cadence::{Cadence, CadenceKind, Rule};
use super::error::{CadenceError, CronFault};
use super::words::clip;
use super::{daily, hourly, wall};

/// The row of the cadence table.
pub(crate) const KIND: CadenceKind = CadenceKind {
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

/// The least and the greatest number of each field; Sunday is 0, and 7 as well.
const BOUNDS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];

/// Whether a word is a month's or a weekday's name in a crontab.
pub(crate) fn is_name(word: &str) -> bool {
    let word = word.to_uppercase();
    MONTHS.iter().chain(WEEKDAYS).any(|name| *name == word)
}

/// Reads the five fields as somebody typed them: also what croner takes, but not as it was meant, is refused.
pub(crate) fn typed(words: &[&str]) -> Result<Cadence, CadenceError> {
    if words.len() == FIELDS.len() {
        for (place, field) in words.iter().enumerate() {
            let fault = oversized_step(words, place).or_else(|| backwards(words, place));
            if let Some(reason) = fault.filter(|_| field.len() < LONGEST) {
                let got = clip(&words.join(" "));
                return Err(CadenceError::Cron { got, reason });
            }
        }
    }
    parse(words)
}

/// A step that is as long as its field: `*/90` comes at minute 0 of every hour, and not every 90 minutes.
fn oversized_step(words: &[&str], place: usize) -> Option<CronFault> {
    let (least, greatest) = BOUNDS[place];
    let steps = words[place]
        .split(',')
        .filter_map(|part| part.rsplit_once('/'));
    let step: u32 = steps.filter_map(|(_, step)| step.parse().ok()).max()?;
    if step <= greatest - least {
        return None;
    }
    let plain = |place: usize, usual: u32| {
        let number = words[place].parse().ok();
        number
            .filter(|number| *number <= BOUNDS[place].1)
            .unwrap_or(usual)
    };
    let (minute, hour) = (plain(0, 0), plain(1, 9));
    let instead = match place {
        0 => {
            let hours = i64::from(step.div_ceil(60));
            let fitting = hourly::STEPS.iter().find(|known| **known >= hours);
            match fitting {
                _ if hours == 1 => hourly::KIND.name.to_owned(),
                Some(hours) => hourly::canonical(*hours),
                None => daily::DAILY.example.to_owned(),
            }
        }
        1 => format!("daily 09:{minute:02}"),
        2 => format!("monthly 1 {hour:02}:{minute:02}"),
        3 => format!("cron {minute} {hour} 1 1 *"),
        _ => format!("weekly mon {hour:02}:{minute:02}"),
    };
    let (name, text) = (FIELDS[place].0, clip(words[place]));
    Some(CronFault::Step {
        name,
        text,
        instead,
    })
}

/// A range that ends before it begins: `22-6`, `fri-mon`.
fn backwards(words: &[&str], place: usize) -> Option<CronFault> {
    let (least, greatest) = BOUNDS[place];
    let names = FIELDS[place].1;
    let number = |word: &str| -> Option<u32> {
        let named = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(word));
        let named = named
            .and_then(|at| u32::try_from(at).ok())
            .map(|at| at + least);
        named.or_else(|| word.parse().ok())
    };
    let mut turned = false;
    let parts: Vec<String> = words[place]
        .split(',')
        .map(|part| {
            let range = part.split_once('-').filter(|_| !part.contains('/'));
            let Some((from, to)) = range.and_then(|(from, to)| Some((number(from)?, number(to)?)))
            else {
                return part.to_owned();
            };
            if from <= to || from > greatest {
                return part.to_owned();
            }
            turned = true;
            let span = |from: u32, to: u32| match from == to {
                true => from.to_string(),
                false => format!("{from}-{to}"),
            };
            format!("{},{}", span(from, greatest), span(least, to))
        })
        .collect();
    if !turned {
        return None;
    }
    let mut fields: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    fields[place] = parts.join(",");
    let instead = format!("{} {}", KIND.name, fields.join(" ").to_uppercase());
    // Only what works is offered.
    parse(&fields.iter().map(String::as_str).collect::<Vec<_>>()).ok()?;
    let (name, text) = (FIELDS[place].0, clip(words[place]));
    Some(CronFault::Wraps {
        name,
        text,
        instead,
    })
}

/// Reads the five fields.
pub(crate) fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
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
