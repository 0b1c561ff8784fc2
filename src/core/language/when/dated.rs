//! Days that are said by their date: `2026-12-01`, `24.12.`, `12/24`, `dec 1`, `12월 1일`.

use jiff::civil::Date;

use super::vocabulary::ends_a_word;
use crate::language::words::{months, says, words};

/// A leap year, for what is a day in some year.
const LEAP: i16 = 2024;

/// A day by its date; without a year it is the next of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl Dated {
    fn new(year: Option<u32>, month: u32, day: u32) -> Option<Dated> {
        let dated = Dated {
            year: year.map(i16::try_from).transpose().ok()?,
            month: i8::try_from(month).ok()?,
            day: i8::try_from(day).ok()?,
        };
        dated.in_year(dated.year.unwrap_or(LEAP)).map(|_| dated)
    }

    /// The days that may be meant in this year and the next, the nearer first.
    pub(super) fn ahead(self, this: i16) -> impl Iterator<Item = Date> {
        let years = match self.year {
            Some(year) => year..=year,
            None => this..=this.saturating_add(1),
        };
        years.filter_map(move |year| self.in_year(year))
    }

    fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

/// A date as it was written.
pub(super) struct Written {
    /// Where it stands in the text.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The days that it may be, the likelier first; at least one.
    pub(super) days: Vec<Dated>,
    /// Whether it may as well be a time of day.
    pub(super) may_be_time: bool,
}

/// The first date in a folded text.
pub(super) fn written(text: &str) -> Option<Written> {
    with_name(text).or_else(|| in_numbers(text))
}

/// Whether a folded text has a date with the name of its month.
pub(super) fn is_named(text: &str) -> bool {
    with_name(text).is_some()
}

/// `dec 1`, `1st of december 2026`, `12월 1일`.
fn with_name(text: &str) -> Option<Written> {
    let starts = text.char_indices().map(|(at, _)| at).filter(|at| {
        let before = text[..*at].chars().next_back();
        !before.is_some_and(|c| c.is_ascii_alphanumeric())
    });
    for at in starts {
        let here = &text[at..];
        let named = months()
            .filter(|(name, _)| here.starts_with(name) && ends_a_word(name, here))
            .max_by_key(|(name, _)| name.len());
        let Some((name, month)) = named else {
            continue;
        };
        let (mut from, mut to) = (at, at + name.len());
        let day = match (day_before(&text[..from]), day_behind(&text[to..])) {
            (Some((start, day)), None) => {
                from = start;
                day
            }
            (None, Some((length, day))) => {
                to += length;
                day
            }
            // No number, or two of which either may be the day.
            _ => continue,
        };
        let mut year = None;
        if let Some((length, number)) = year_behind(&text[to..]) {
            (to, year) = (to + length, Some(number));
        } else if let Some((start, number)) = year_before(&text[..from]) {
            (from, year) = (start, Some(number));
        }
        let days = vec![Dated::new(year, month, day)?];
        return Some(Written {
            from,
            to,
            days,
            may_be_time: false,
        });
    }
    None
}

/// The day behind the name of a month, with its length.
fn day_behind(text: &str) -> Option<(usize, u32)> {
    let digits = text.trim_start_matches([' ', '.', ',']);
    let (length, day) = number(digits)?;
    let behind = &digits[length..];
    let counter = counter(behind);
    let behind = &behind[counter..];
    let is_more = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == ':')
        || behind.starts_with('.') && behind[1..].starts_with(|c: char| c.is_ascii_digit());
    let to = text.len() - digits.len() + length + counter;
    (length <= 2 && !is_more).then_some((to, day))
}

/// The day before the name of a month, and where it begins.
fn day_before(text: &str) -> Option<(usize, u32)> {
    let mut before = text.trim_end_matches([' ', '.']);
    // “1st of December”
    if let Some((front, word)) = before.rsplit_once(' ')
        && says("filler", word)
    {
        before = front.trim_end();
    }
    let counters = words("nth").find(|word| before.ends_with(word.as_str()));
    let digits = counters.map_or(before, |word| &before[..before.len() - word.len()]);
    let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let is_more =
        digits[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || ":./-".contains(c));
    let (length, day) = number(&digits[start..])?;
    (length <= 2 && !is_more).then_some((start, day))
}

/// How long what makes an ordinal of the number before it is: `st`, `일`.
fn counter(text: &str) -> usize {
    let known = words("nth").chain(words("counted-day"));
    let known = known.filter(|word| text.starts_with(word.as_str()) && ends_a_word(word, text));
    known.map(|word| word.len()).max().unwrap_or_default()
}

fn year_behind(text: &str) -> Option<(usize, u32)> {
    let digits = text.trim_start_matches([' ', ',']);
    let (length, year) = number(digits)?;
    let is_one = digits.len() < text.len() && is_year(length, year);
    is_one.then_some((text.len() - digits.len() + length, year))
}

fn year_before(text: &str) -> Option<(usize, u32)> {
    let before = text.trim_end();
    let digits = words("year").find_map(|word| before.strip_suffix(word.as_str()).map(str::len));
    let digits = before[..digits?].trim_end();
    let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (length, year) = number(&digits[start..])?;
    is_year(length, year).then_some((start, year))
}

/// Whether it is a year, and no time of day, in which a pause may end.
fn is_year(digits: usize, number: u32) -> bool {
    digits == 4 && (2000..2100).contains(&number)
}

/// The number at the beginning of a text, with its length.
fn number(text: &str) -> Option<(usize, u32)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((length, text[..length].parse().ok()?))
}

/// `2026-12-01`, `24.12.`, `12/24`, `2026. 12. 24.`
fn in_numbers(text: &str) -> Option<Written> {
    let mut at = 0;
    while let Some(ahead) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let from = at + ahead;
        if let Some(written) = numbers_at(text, from) {
            return Some(written);
        }
        at = from + number(&text[from..]).map_or(1, |(length, _)| length);
        // The rest of what was no date is none either.
        while let Some(rest) = text[at..].strip_prefix([':', '.', '/', '-']) {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            at += 1 + digits;
        }
    }
    None
}

fn numbers_at(text: &str, from: usize) -> Option<Written> {
    let (length, first) = number(&text[from..])?;
    let mut to = from + length;
    let between = text[to..].chars().next().filter(|c| "-./".contains(*c))?;
    let next = |to: &mut usize| {
        let rest = text[*to..].strip_prefix(between)?;
        let digits = match between {
            '.' => rest.trim_start(),
            _ => rest,
        };
        let (length, number) = number(digits)?;
        *to = text.len() - digits.len() + length;
        Some((length, number))
    };
    let (second_length, second) = next(&mut to)?;
    let mut behind = to;
    let third = next(&mut behind).filter(|(digits, number)| match length {
        4 => *digits <= 2,
        _ => is_year(*digits, *number),
    });
    if third.is_some() {
        to = behind;
    }
    let is_closed = between == '.' && text[to..].starts_with('.');
    if is_closed {
        to += 1;
    }
    if second_length > 2
        || text[to..].starts_with(|c: char| c.is_ascii_digit() || ":-/".contains(c))
    {
        return None;
    }
    let days = match (length, third) {
        (4, Some((_, day))) => vec![Dated::new(Some(first), second, day)?],
        (1 | 2, year) if between != '-' => {
            let year = year.map(|(_, year)| year);
            let readings = [(second, first), (first, second)];
            let read = readings.map(|(month, day)| Dated::new(year, month, day));
            let [day_first, month_first] = read;
            // As in documents: the month between slashes, the day between points, where both are possible.
            let likely = match between {
                '/' => [month_first, day_first],
                _ => [day_first, month_first],
            };
            let mut days: Vec<Dated> = likely.into_iter().flatten().collect();
            days.dedup();
            days
        }
        _ => return None,
    };
    // “9.30.” ends a sentence, “1.12.” a date.
    let is_surely_day = third.is_some() || is_closed && second <= 12;
    (!days.is_empty()).then_some(Written {
        from,
        to,
        days,
        may_be_time: between == '.' && !is_surely_day,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Vec<(Option<i16>, i8, i8)> {
        let found = written(text).map(|written| written.days);
        let days = found.unwrap_or_default().into_iter();
        days.map(|dated| (dated.year, dated.month, dated.day))
            .collect()
    }

    #[test]
    fn dates_are_found_where_they_stand() {
        for (text, expected) in [
            ("until 2026-12-01 9:00", &[(Some(2026), 12, 1)][..]),
            ("1.12.", &[(None, 12, 1), (None, 1, 12)]),
            ("12/1", &[(None, 12, 1), (None, 1, 12)]),
            ("24.12.", &[(None, 12, 24)]),
            ("24/12", &[(None, 12, 24)]),
            ("12. 24.까지", &[(None, 12, 24)]),
            ("5.5", &[(None, 5, 5)]),
            ("1.12.2026", &[(Some(2026), 12, 1), (Some(2026), 1, 12)]),
            ("2026. 12. 1.까지", &[(Some(2026), 12, 1)]),
            ("18:00 dec 1", &[(None, 12, 1)]),
            ("1st of december 2026", &[(Some(2026), 12, 1)]),
            ("december 1st, 2026", &[(Some(2026), 12, 1)]),
            ("sept. 5", &[(None, 9, 5)]),
            ("12월 1일까지", &[(None, 12, 1)]),
            ("2026년 12월 1일 9시까지", &[(Some(2026), 12, 1)]),
            ("29 feb", &[(None, 2, 29)]),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
        for text in [
            "18:30",
            "18.30",
            "9-18",
            "9:00-18:00",
            "30 feb",
            "dec",
            "dec 9:00",
            "dec 9am",
            "1.2.3",
            "2026-13-40",
            "marching 1",
            "31/31",
        ] {
            assert_eq!(days(text), [], "{text}");
        }
    }
}
