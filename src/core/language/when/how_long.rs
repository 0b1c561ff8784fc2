//! How long something is to last, as people say it: `3d`, `2 weeks`, `until monday`, `18:00까지`. What is made of it is a
//! moment, or a question back.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::dated::{Dated, written};
use super::people::{Clock, fold};
use super::tokens::{Token, What, tokens};
use super::vocabulary::{Meaning, Part, Unit, counts_days};
use crate::language::words::{lengths, says};
use crate::schedule::words::clip;
use crate::schedule::{Cadence, Zone, first_moment, weekly};

/// How long something is to last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HowLong {
    /// So much of the units, one after the other. Days and longer ones are those of a calendar.
    For(Vec<Amount>),
    /// Until this comes next.
    Until(Cadence),
    /// Until a time of tomorrow, as a cadence of every day.
    Tomorrow(Cadence),
    /// Until a time, as a cadence of every day, on a day.
    On(Dated, Cadence),
    /// Until one moment or another, the likelier first.
    Either(Box<HowLong>, Box<HowLong>),
    /// Until a day of the week, which is said to be the next: the coming one, or that of next week.
    Next(usize, Cadence),
    /// Until a day of next week.
    NextWeek(usize, Cadence),
}

/// A number of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    count: u32,
    unit: Length,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Of(Unit),
    Year,
}

/// Why it isn't clear how long something is to last.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HowLongError {
    /// It can't be read.
    #[error("{got} says no time")]
    Unknown {
        /// What was written.
        got: String,
    },
    /// There is no such time of day.
    #[error("{got} isn't a time of day")]
    NotATime {
        /// What was written for one.
        got: String,
    },
    /// It ends when it begins.
    #[error("that is no time at all")]
    Zero,
    /// It ends in more than a year.
    #[error("that is more than a year")]
    TooLong,
    /// It ended before it began.
    #[error("that moment is over")]
    Past,
    /// It could mean two moments.
    #[error("it may mean two moments")]
    Either {
        /// The nearer one.
        first: Timestamp,
        /// The other one.
        second: Timestamp,
    },
}

impl HowLong {
    /// Reads how long something is to last.
    ///
    /// # Errors
    /// [`HowLongError`].
    pub fn parse(text: &str) -> Result<HowLong, HowLongError> {
        let mut folded = fold(text);
        if let Some((said, length)) = lengths().find(|(said, _)| begins(&folded, said)) {
            folded.replace_range(..said.len(), &format!("{length} "));
        }
        let Some(date) = written(&folded) else {
            return HowLong::read(text, &folded, None);
        };
        let mut without = folded.clone();
        without.replace_range(date.from..date.to, &" ".repeat(date.to - date.from));
        let time = || HowLong::read(text, &folded, None);
        let on = |day: Dated| HowLong::read(text, &without, Some(day));
        let read: Vec<Result<HowLong, HowLongError>> = date
            .may_be_time
            .then(time)
            .into_iter()
            .chain(date.days.into_iter().map(on))
            .collect();
        let mut meant: Vec<HowLong> = read.iter().flatten().cloned().collect();
        // Two can be asked back, and the first ones are the likeliest.
        meant.truncate(2);
        let other = meant.pop();
        match (meant.pop(), other) {
            (Some(one), Some(other)) => Ok(HowLong::Either(Box::new(one), Box::new(other))),
            (None, Some(only)) => Ok(only),
            _ => read.into_iter().next().unwrap_or_else(time),
        }
    }

    /// Reads folded words, from which a date was taken out.
    fn read(text: &str, folded: &str, date: Option<Dated>) -> Result<HowLong, HowLongError> {
        let unknown = || HowLongError::Unknown {
            got: clip(&text.split_whitespace().collect::<Vec<_>>().join(" ")),
        };
        let tokens = tokens(folded);
        let mut said = Said {
            text: folded,
            date,
            ..Said::default()
        };
        let mut at = 0;
        while at < tokens.len() {
            match said.take(&tokens, at) {
                Some(taken) => at += taken,
                None if is_countless(&folded[tokens[at].from..tokens[at].to]) => {
                    return Err(HowLongError::TooLong);
                }
                None => return Err(unknown()),
            }
        }
        said.conclude()?.ok_or_else(unknown)
    }

    /// The moment at which it is over.
    ///
    /// # Errors
    /// [`HowLongError`].
    pub fn ends(&self, now: Timestamp, zone: &Zone) -> Result<Timestamp, HowLongError> {
        let tz = zone.tz();
        let here = now.to_zoned(tz.clone());
        let next = |cadence: &Cadence, after| {
            let next = cadence.next_after(after, tz);
            next.ok_or(HowLongError::TooLong)
        };
        // The first slot of a daily cadence on a day: from the moment before the day begins on.
        let on = |day: Date, cadence: &Cadence| {
            let midnight = first_moment(day, tz).ok_or(HowLongError::TooLong)?;
            let before = midnight.checked_sub(jiff::SignedDuration::from_millis(1));
            next(cadence, before.map_err(|_| HowLongError::TooLong)?)
        };
        let next_week = |day: usize, cadence: &Cadence| {
            let since_monday = here.date().weekday().to_monday_zero_offset();
            let ahead = i64::try_from(day).unwrap_or_default() + 7 - i64::from(since_monday);
            let later = here.date().checked_add(Span::new().days(ahead));
            on(later.map_err(|_| HowLongError::TooLong)?, cadence)
        };
        let end = match self {
            HowLong::For(amounts) => {
                let mut end = here.clone();
                for amount in amounts {
                    let later = amount.span().and_then(|span| end.checked_add(span).ok());
                    end = later.ok_or(HowLongError::TooLong)?;
                }
                end.timestamp()
            }
            HowLong::Until(cadence) => next(cadence, now)?,
            HowLong::Tomorrow(cadence) => {
                let day = here.date().tomorrow();
                on(day.map_err(|_| HowLongError::TooLong)?, cadence)?
            }
            HowLong::On(day, cadence) => {
                let days = day.ahead(here.date().year());
                let ends = days.map(|day| on(day, cadence));
                let ends: Vec<Timestamp> = ends.collect::<Result<_, _>>()?;
                let ahead = ends.iter().find(|end| **end > now);
                *ahead.or(ends.last()).ok_or(HowLongError::TooLong)?
            }
            HowLong::Either(one, other) => match (one.ends(now, zone), other.ends(now, zone)) {
                (Ok(one), Ok(other)) if one != other => {
                    return Err(HowLongError::Either {
                        first: one.min(other),
                        second: one.max(other),
                    });
                }
                // What can't be isn't meant.
                (Ok(end), _) | (_, Ok(end)) => end,
                (Err(error), _) => return Err(error),
            },
            HowLong::Next(day, cadence) => {
                let (first, second) = (next(cadence, now)?, next_week(*day, cadence)?);
                if first != second {
                    return Err(HowLongError::Either { first, second });
                }
                first
            }
            HowLong::NextWeek(day, cadence) => next_week(*day, cadence)?,
        };
        let longest = here.checked_add(Span::new().years(1));
        if longest.is_ok_and(|longest| end > longest.timestamp()) {
            return Err(HowLongError::TooLong);
        }
        if end <= now {
            return Err(HowLongError::Past);
        }
        Ok(end)
    }
}

impl Amount {
    fn span(self) -> Option<Span> {
        let (span, count) = (Span::new(), self.count);
        match self.unit {
            Length::Of(Unit::Minute) => span.try_minutes(count),
            Length::Of(Unit::Hour) => span.try_hours(count),
            Length::Of(Unit::Day) => span.try_days(count),
            Length::Of(Unit::Week) => span.try_weeks(count),
            Length::Of(Unit::Month) => span.try_months(count),
            Length::Year => span.try_years(count),
        }
        .ok()
    }
}

/// What is known so far.
#[derive(Default)]
struct Said<'t> {
    text: &'t str,
    amounts: Vec<Amount>,
    day: Option<usize>,
    month_day: Option<u32>,
    date: Option<Dated>,
    times: Vec<Clock>,
    part: Option<Part>,
    /// Whether the time is a bare number, which is one only behind or before `until`.
    bare: bool,
    until: bool,
    next: bool,
    next_week: bool,
    tomorrow: bool,
    /// `this`, before a day.
    this: bool,
}

impl Said<'_> {
    /// Takes what begins at a token; says how many tokens that was, and nothing where it means nothing here.
    fn take(&mut self, tokens: &[Token], at: usize) -> Option<usize> {
        let token = tokens[at];
        let what = |behind: usize| tokens.get(at + behind).map(|token| token.what);
        let text = &self.text[token.from..token.to];
        if says("until", text) {
            self.until = true;
            return Some(1);
        }
        // When it is to begin is nothing that is asked.
        if says("from", text) {
            return None;
        }
        if says("during", text) {
            return Some(1);
        }
        match token.what {
            What::Digits(count) | What::Word(Meaning::Number(count)) => {
                return self.take_number(count, tokens, at);
            }
            // “1500m” is no time of day.
            What::Clock(hour, minute) if !text.contains([':', '.']) => {
                if let Some(What::Word(Meaning::Unit(_) | Meaning::Year) | What::HourMark) = what(1)
                {
                    return self.take_number(hour * 100 + minute, tokens, at);
                }
                self.time(hour, minute, token.from, token.to);
            }
            What::Clock(hour, minute) => self.time(hour, minute, token.from, token.to),
            What::Word(meaning) => match meaning {
                // “a week”
                Meaning::Unit(unit) => self.amount(1, Length::Of(unit)),
                Meaning::Year => self.amount(1, Length::Year),
                Meaning::Day(day) if self.day.is_none() => self.day = Some(day),
                Meaning::Ordinal(day) if self.month_day.is_none() => self.month_day = Some(day),
                Meaning::Time(hour) => {
                    self.time(u32::from(hour.unsigned_abs()), 0, token.from, token.to);
                }
                Meaning::Part(part) => match self.times.last_mut() {
                    Some(time) if time.part.is_none() => {
                        time.part = Some(part);
                        self.bare = false;
                    }
                    _ => self.part = Some(part),
                },
                Meaning::Next => self.next = true,
                Meaning::NextWeek => self.next_week = true,
                Meaning::Tomorrow => self.tomorrow = true,
                Meaning::Once => self.this = true,
                Meaning::Filler => {}
                _ => return None,
            },
            What::HourMark | What::Zone | What::Unknown => return None,
        }
        Some(1)
    }

    fn take_number(&mut self, count: u32, tokens: &[Token], at: usize) -> Option<usize> {
        let token = tokens[at];
        let what = |behind: usize| tokens.get(at + behind).map(|token| token.what);
        let end = |behind: usize| tokens[at + behind].to;
        match what(1) {
            Some(What::Word(Meaning::Unit(unit))) => self.amount(count, Length::Of(unit)),
            Some(What::Word(Meaning::Year)) => self.amount(count, Length::Year),
            Some(What::HourMark) => {
                let minutes = match what(2) {
                    Some(What::Digits(minutes)) => Some(minutes),
                    _ => None,
                };
                let taken = 2 + usize::from(minutes.is_some());
                if self.until {
                    self.time(count, minutes.unwrap_or(0), token.from, end(taken - 1));
                } else {
                    self.amount(count, Length::Of(Unit::Hour));
                    if let Some(minutes) = minutes {
                        self.amount(minutes, Length::Of(Unit::Minute));
                    }
                    // “1h30m”
                    if minutes.is_some() && what(3) == Some(What::Word(Meaning::Unit(Unit::Minute)))
                    {
                        return Some(4);
                    }
                }
                return Some(taken);
            }
            // “3일” are three days, and “3일까지” is until the third.
            Some(What::Word(Meaning::Day(_))) if counts_days(&self.text[tokens[at + 1].from..]) => {
                let behind = tokens.get(at + 2);
                let is_until =
                    behind.is_some_and(|next| says("until", &self.text[next.from..next.to]));
                if is_until {
                    self.month_day = Some(count);
                } else {
                    self.amount(count, Length::Of(Unit::Day));
                }
            }
            Some(What::Word(Meaning::Nth)) if tokens[at + 1].from == token.to => {
                self.month_day = Some(count);
            }
            Some(What::Word(Meaning::Oclock)) => {
                return Some(match (what(2), what(3)) {
                    (Some(What::Digits(minute)), Some(What::Word(Meaning::Unit(Unit::Minute)))) => {
                        self.time(count, minute, token.from, end(3));
                        4
                    }
                    (Some(What::Word(Meaning::Half)), _) => {
                        self.time(count, 30, token.from, end(2));
                        3
                    }
                    _ => {
                        self.time(count, 0, token.from, end(1));
                        2
                    }
                });
            }
            _ => {
                self.bare = self.part.is_none();
                self.time(count, 0, token.from, token.to);
                return Some(1);
            }
        }
        Some(2)
    }

    fn amount(&mut self, count: u32, unit: Length) {
        self.amounts.push(Amount { count, unit });
    }

    fn time(&mut self, hour: u32, minute: u32, from: usize, to: usize) {
        let part = self.part.take();
        self.times.push(Clock {
            hour,
            minute,
            from,
            to,
            part,
        });
    }

    /// What all of it comes to; nothing where the words don't go together.
    fn conclude(&self) -> Result<Option<HowLong>, HowLongError> {
        let days = [
            self.day.is_some(),
            self.month_day.is_some(),
            self.date.is_some(),
            self.tomorrow,
        ];
        let days = days.iter().filter(|is_said| **is_said).count();
        let is_day_of_week = self.day.is_some();
        let which = [self.next, self.next_week, self.this];
        let which = which.iter().filter(|is_said| **is_said).count();
        if self.part.is_some()
            || self.times.len() > 1
            || days > 1
            || which > 1
            || which > 0 && !is_day_of_week
        {
            return Ok(None);
        }
        if !self.amounts.is_empty() {
            if days > 0 || !self.times.is_empty() {
                return Ok(None);
            }
            if self.amounts.iter().all(|amount| amount.count == 0) {
                return Err(HowLongError::Zero);
            }
            return Ok(Some(HowLong::For(self.amounts.clone())));
        }
        let time = match self.times.first() {
            // “3” alone may be anything.
            Some(_) if self.bare && !self.until && days == 0 => return Ok(None),
            Some(time) => {
                let is_end_of_day = (time.hour, time.minute, time.part, days) == (24, 0, None, 0);
                let read = if is_end_of_day {
                    Some((0, 0))
                } else {
                    time.read()
                };
                let (hour, minute) = read.ok_or_else(|| HowLongError::NotATime {
                    got: clip(&self.text[time.from..time.to]),
                })?;
                format!("{hour:02}:{minute:02}")
            }
            None if days == 0 => return Ok(None),
            None => "00:00".to_owned(),
        };
        let slots = |front: &str| Cadence::stored(&format!("{front} {time}")).ok();
        Ok(match (self.day, self.month_day, self.date) {
            (Some(day), ..) => {
                let slots = slots(&format!("weekly {}", weekly::short(day)));
                slots.map(|slots| match (self.next, self.next_week) {
                    (true, _) => HowLong::Next(day, slots),
                    (_, true) => HowLong::NextWeek(day, slots),
                    _ => HowLong::Until(slots),
                })
            }
            (_, Some(day), _) => slots(&format!("monthly {day}")).map(HowLong::Until),
            (.., Some(date)) => slots("daily").map(|slots| HowLong::On(date, slots)),
            _ if self.tomorrow => slots("daily").map(HowLong::Tomorrow),
            _ => slots("daily").map(HowLong::Until),
        })
    }
}

/// Whether a text begins with a word, or with one that particles may stick to.
fn begins(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| {
        !(word.ends_with(|c: char| c.is_ascii_alphabetic())
            && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

/// Whether a word begins with a number that nobody waits for.
fn is_countless(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    digits > 4 && !word[digits..].starts_with([':', '.', '-'])
}
