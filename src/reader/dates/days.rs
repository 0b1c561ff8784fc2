//! Days as they are written: `8 March 2019`, `2019年3月8日`, `3/8/2019`, in any of the languages that [`months`] knows.

use jiff::civil::Date;

use crate::dates::tokens::{Token, What};
use crate::lexicon::calendars;
use crate::lexicon::months;

/// A date found in a text, with the bytes it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) date: Date,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Where a date is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// Among other words, where `20.11.26` may be anything unless it is written out.
    Words,
    /// In a text that is nothing but a date.
    Itself,
}

/// The tokens at hand, and how strictly they are read.
struct Reader<'r, 't> {
    tokens: &'r [Token<'t>],
    within: Within,
}

/// What may part a day, its month and its year.
const PARTING: [char; 10] = ['_', '.', '/', ',', '-', '–', '\'', '’', '(', ')'];

/// Letters behind a number that make it an ordinal.
const ORDINALS: [&str; 13] = [
    "st", "nd", "rd", "th", "er", "re", "e", "ème", "eme", "o", "a", "ste", "го",
];

impl Reader<'_, '_> {
    fn number(&self, at: usize) -> Option<(u32, usize)> {
        match self.tokens.get(at)?.what {
            What::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    fn word(&self, at: usize) -> Option<&str> {
        match &self.tokens.get(at)?.what {
            What::Word(word) => Some(word),
            _ => None,
        }
    }

    fn mark(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)?.what {
            What::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    fn touches(&self, at: usize) -> bool {
        at > 0
            && self
                .tokens
                .get(at)
                .is_some_and(|token| token.start == self.tokens[at - 1].end)
    }

    /// The token behind marks and joining words.
    fn behind_joint(&self, mut at: usize) -> usize {
        /// `20-го ноября`, `(20 de noviembre, del 2026`
        const LONGEST: usize = 4;
        let end = at + LONGEST;
        while at < end {
            let passes = match self.tokens.get(at).map(|token| &token.what) {
                Some(What::Mark(mark)) => PARTING.contains(mark),
                Some(What::Word(word)) => months::joins(word) && months::month(word).is_none(),
                _ => false,
            };
            if !passes {
                break;
            }
            at += 1;
        }
        at
    }

    /// The token behind a day, where one stands.
    fn day(&self, at: usize) -> Option<(u32, usize)> {
        let (day, digits) = self.number(at)?;
        if digits > 2 || !(1..=31).contains(&day) {
            return None;
        }
        let is_ordinal = self.touches(at + 1)
            && self
                .word(at + 1)
                .is_some_and(|word| ORDINALS.contains(&word));
        Some((day, at + 1 + usize::from(is_ordinal)))
    }

    /// The day that ends a range which begins with one, with the token behind it: `-8`, ` to 8th`. What a page tells of several days
    /// is of the last.
    fn last_day(&self, first: u32, at: usize) -> Option<(u32, usize)> {
        /// `-to-8`, `. – 8`, ` to the 8th`
        const LONGEST: usize = 4;
        let mut is_range = false;
        let mut from = at;
        while from < at + LONGEST {
            let until = match self.tokens.get(from).map(|token| &token.what) {
                Some(What::Mark(mark)) => calendars::RANGES.contains(mark),
                Some(What::Word(word)) => months::UNTIL.contains(&word.as_ref()),
                _ => false,
            };
            if !until && self.behind_joint(from) == from {
                break;
            }
            is_range |= until;
            from += 1;
        }
        let (last, behind) = self.day(from).filter(|_| is_range)?;
        (first < last).then_some((last, behind))
    }

    /// A month by its name, with the token behind it.
    fn month(&self, at: usize) -> Option<(u32, usize)> {
        let word = self.word(at)?;
        if matches!(word, "tháng" | "thg") {
            if let Some((month, _)) = self.number(at + 1) {
                return Some((month, at + 2));
            }
            let written = (1..).zip(months::OF_VIETNAM).filter_map(|(number, words)| {
                let same = |(more, word): (usize, &&str)| self.word(at + 1 + more) == Some(*word);
                let all = words.iter().enumerate().all(same);
                all.then_some((number, at + 1 + words.len()))
            });
            return written.max_by_key(|(_, behind)| *behind);
        }
        let month = months::month(word)?;
        Some((u32::try_from(month).ok()?, at + 1))
    }

    /// A year at a token, as behind the name of a month.
    fn year(&self, at: usize) -> Option<(i16, usize)> {
        let (year, digits) = self.number(at)?;
        let before = at.checked_sub(1).and_then(|before| self.mark(before));
        let short = self.within == Within::Itself || matches!(before, Some('\'' | '’' | '-'));
        match digits {
            4 => Some((i16::try_from(year).ok()?, at + 1)),
            2 if short => Some((of_two_digits(year)?, at + 1)),
            _ => None,
        }
    }

    /// The date that begins at a token, with the token behind it.
    fn date(&self, at: usize) -> Option<(Date, usize)> {
        match &self.tokens[at].what {
            What::Number(value, 8) => {
                let year = i16::try_from(value / 10_000).ok()?;
                Some((date(year, value / 100 % 100, value % 100)?, at + 1))
            }
            What::Number(year, 4) => {
                let year = i16::try_from(*year).ok()?;
                self.units(year, at + 1)
                    .or_else(|| self.year_first(year, at + 1))
            }
            What::Number(_, 1 | 2) => self.day_first(at).or_else(|| self.of_numbers(at)),
            What::Word(word) => {
                let era = calendars::ERAS.iter().find(|(era, _)| word == era);
                if let (Some((_, before)), Some((year, 1..=3))) = (era, self.number(at + 1)) {
                    return self.units(before + i16::try_from(year).ok()?, at + 2);
                }
                let (month, behind) = self.month(at)?;
                let (day, behind) = self.day(self.behind_joint(behind))?;
                if let Some((last, behind)) = self.last_day(day, behind)
                    && let Some((year, 4)) = self.number(self.behind_joint(behind))
                {
                    let end = self.behind_joint(behind) + 1;
                    return Some((date(i16::try_from(year).ok()?, month, last)?, end));
                }
                let from = self.behind_joint(behind);
                // `March 82019` is nothing.
                let (year, end) = self.year(from)?;
                Some((date(year, month, day)?, end))
            }
            _ => None,
        }
    }

    /// `년 3월 8일`, `年3月8日` behind a year.
    fn units(&self, year: i16, at: usize) -> Option<(Date, usize)> {
        // In names hyphens stand between them.
        let behind = |at: usize, units: &[&str]| {
            let is_one = self.word(at).is_some_and(|word| units.contains(&word));
            is_one.then(|| self.behind_joint(at + 1))
        };
        let at = behind(at, &calendars::YEARS)?;
        let (month, _) = self.number(at)?;
        let at = behind(at + 1, &calendars::MONTHS)?;
        let (day, _) = self.number(at)?;
        let ends = |word: &str| calendars::DAYS.iter().any(|unit| word.starts_with(unit));
        self.word(at + 1).filter(|word| ends(word))?;
        let last = self.last_day(day, at + 2);
        let last = last.filter(|(_, behind)| self.word(*behind).is_some_and(ends));
        let (day, behind) = last.unwrap_or((day, at + 1));
        Some((date(year, month, day)?, behind + 1))
    }

    /// `-03-08`, `/3/8`, `. 3. 8`, `-Mar-08`, ` March 8` behind a year.
    fn year_first(&self, year: i16, at: usize) -> Option<(Date, usize)> {
        if let Some((month, behind)) = self.month(self.behind_joint(at)) {
            let (day, behind) = self.day(self.behind_joint(behind))?;
            return Some((date(year, month, day)?, behind));
        }
        self.mark(at).filter(|mark| "-_./".contains(*mark))?;
        let (month, 1..=2) = self.number(at + 1)? else {
            return None;
        };
        self.mark(at + 2).filter(|mark| "-_./".contains(*mark))?;
        let (day, 1..=2) = self.number(at + 3)? else {
            return None;
        };
        Some((date(year, month, day)?, at + 4))
    }

    /// `8 March 2019`, `8. März 2019`, `8 tháng 3 năm 2019`, `8 3월 2019`
    fn day_first(&self, at: usize) -> Option<(Date, usize)> {
        let (day, behind) = self.day(at)?;
        let from = self.behind_joint(behind);
        let counted = || {
            let (month, _) = self.number(behind)?;
            (self.word(behind + 1) == Some(calendars::MONTHS[0])).then_some((month, behind + 2))
        };
        let (month, behind) = self.month(from).or_else(counted)?;
        let (year, end) = self.year(self.behind_joint(behind))?;
        Some((date(year, month, day)?, end))
    }

    /// `3/8/2019`, `8.3.2019`, `8-3-2019`, `08.03.19`: between slashes the month comes first, else the day, unless that
    /// is impossible.
    fn of_numbers(&self, at: usize) -> Option<(Date, usize)> {
        let (first, first_digits) = self.number(at)?;
        let Some(mark) = self.mark(at + 1).filter(|mark| "./-".contains(*mark)) else {
            return self.of_bare_numbers(at);
        };
        let (second, second_digits @ 1..=2) = self.number(at + 2)? else {
            return None;
        };
        if self.mark(at + 3) != Some(mark) {
            return None;
        }
        let (year, digits) = self.number(at + 4)?;
        let goes_on = |mark_at: usize, number_at: usize| {
            self.mark(mark_at) == Some(mark)
                && self.touches(mark_at)
                && self.number(number_at).is_some()
        };
        // `24.12. 20:15`
        if digits == 2 && self.mark(at + 5) == Some(':') && self.number(at + 6).is_some() {
            return None;
        }
        // A number of a version or of a machine.
        if goes_on(at + 5, at + 6) && self.touches(at + 6)
            || at >= 2
                && self.mark(at - 1) == Some(mark)
                && self.touches(at)
                && self.number(at - 2).is_some()
        {
            return None;
        }
        let is_plain = self.within == Within::Itself
            || mark == '/'
            || mark == '.' && (first_digits, second_digits) == (2, 2);
        let year = match digits {
            4 => i16::try_from(year).ok()?,
            2 if is_plain => of_two_digits(year)?,
            _ => return None,
        };
        let end = at + 5;
        let (month_first, day_first) = (date(year, first, second), date(year, second, first));
        let found = if mark == '/' {
            month_first.or(day_first)
        } else {
            day_first.or(month_first)
        };
        Some((found?, end))
    }

    /// `08 3 2019`, where nothing else is written.
    fn of_bare_numbers(&self, at: usize) -> Option<(Date, usize)> {
        let (day, _) = self.number(at)?;
        let (month, 1..=2) = self.number(at + 1)? else {
            return None;
        };
        let (year, 4) = self.number(at + 2)? else {
            return None;
        };
        let found = date(i16::try_from(year).ok()?, month, day)?;
        (self.within == Within::Itself).then_some((found, at + 3))
    }
}

/// A year by its last digits: in this century, unless that is far ahead.
fn of_two_digits(year: u32) -> Option<i16> {
    let year = i16::try_from(year).ok()?;
    Some(if year < 70 { 2000 + year } else { 1900 + year })
}

fn date(year: i16, month: u32, day: u32) -> Option<Date> {
    if !(1900..2200).contains(&year) {
        return None;
    }
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

pub(crate) fn find_all(tokens: &[Token<'_>], within: Within) -> Vec<Found> {
    let reader = Reader { tokens, within };
    let of = |at: usize| {
        let (date, behind) = reader.date(at)?;
        Some(Found {
            date,
            start: tokens[at].start,
            end: tokens[behind - 1].end,
        })
    };
    (0..tokens.len()).filter_map(of).collect()
}

/// The first of several dates; of those that begin together the longest.
pub(crate) fn first(found: &[Found]) -> Option<Found> {
    let order = |found: &&Found| (found.start, std::cmp::Reverse(found.end));
    found.iter().min_by_key(order).copied()
}
