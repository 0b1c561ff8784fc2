//! Cadences in people's words: `every day at 9`, `mon-fri 9am`, `매주 월,목 오후 6시`. They are turned into the canonical
//! text, or asked back where they could mean two things; no word is passed over that could matter.

use unicode_normalization::UnicodeNormalization;

use super::tokens::{Token, What, tokens};
use super::vocabulary::{Meaning, Part, Unit, counts_days, counts_months, is_of_each, longest};
use crate::language::words::says;
use crate::schedule::{CadenceError, cron};

/// What was made of somebody's words.
pub(super) enum Understood {
    /// The canonical text.
    Cadence(String),
    /// All but this word, of the cadence of this name, if it is clear which.
    All {
        but: String,
        of: Option<&'static str>,
    },
    /// Nothing.
    Nothing,
}

/// Letters and digits as they are compared: full-width ones are ASCII, capitals small.
pub(super) fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '–' | '—' | '−' | '〜' | '∼' => '-',
            '’' => '\'',
            _ => c,
        })
        .collect()
}

/// Whether a word can begin a cadence: then it is no part of what stands before it.
pub(super) fn can_begin(word: &str) -> bool {
    let word = fold(word);
    match longest(&word) {
        // “월간” isn't Monday.
        Some((
            length,
            Meaning::Instant
            | Meaning::Every
            | Meaning::Per(_)
            | Meaning::Weekdays
            | Meaning::Weekend
            | Meaning::Biweekly
            | Meaning::Fortnightly
            | Meaning::Bimonthly
            | Meaning::Day(_),
        )) => !word[length..].starts_with(char::is_alphabetic),
        _ => false,
    }
}

/// Whether words begin as nothing but a cadence does, though it may lack something. A day of the week may be one of the words
/// before it (“Black Friday”), unless it stands behind `on`.
pub(super) fn surely_begins(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or_default();
    if says("before-day", first) {
        return words.next().is_some_and(can_begin);
    }
    let may_be_name = matches!(
        longest(first),
        Some((_, Meaning::Day(_) | Meaning::Weekend))
    );
    can_begin(first) && !may_be_name
}

/// Reads folded words.
pub(super) fn read(text: &str) -> Result<Understood, CadenceError> {
    let tokens = tokens(text);
    let mut facts = Facts {
        text,
        ..Facts::default()
    };
    let mut at = 0;
    while at < tokens.len() {
        at += facts.take(&tokens, at).max(1);
    }
    facts.conclude()
}

/// What is known so far.
#[derive(Default)]
pub(super) struct Facts<'t> {
    pub(super) text: &'t str,
    pub(super) instant: bool,
    pub(super) every: bool,
    pub(super) units: Vec<Unit>,
    pub(super) interval: Option<(u32, Unit)>,
    pub(super) days: [bool; 7],
    /// Days of the week and times, in the order in which they were said.
    pub(super) said: Vec<Said>,
    pub(super) weekdays: bool,
    pub(super) month_days: Vec<u32>,
    /// How many of them were ordinals without a noun.
    ordinals: usize,
    pub(super) last: bool,
    /// `first`, `2nd`, `last`, before a day of the week.
    pub(super) nth: Option<(usize, u32)>,
    /// Others before it: the first one of `first and third Monday`.
    pub(super) nth_before: Vec<u32>,
    /// Such days of two names.
    pub(super) nth_of_two_days: bool,
    /// Whether that may count all of them instead of a month's.
    pub(super) nth_of_all: bool,
    /// A week of a month, from 1 on, and 0 for its last.
    pub(super) week_of_month: Option<u32>,
    pub(super) times: Vec<Clock>,
    /// Said before its time.
    pub(super) part: Option<Part>,
    pub(super) has_part: bool,
    pub(super) several: bool,
    pub(super) biweekly: bool,
    pub(super) bimonthly: bool,
    pub(super) once: bool,
    /// Whether two times stand for all between them.
    pub(super) range: bool,
    pub(super) zone: Option<&'t str>,
    pub(super) unknown: Option<&'t str>,
}

/// What was said of days of the week and times.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// A day of the week.
    Day(usize),
    /// The time of this place among the times.
    Time(usize),
}

/// A time as it was written.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) part: Option<Part>,
}

impl Clock {
    /// The hour and minute of the 24-hour clock, if there is such a time.
    pub(super) fn read(self) -> Option<(u32, u32)> {
        let Clock { hour, minute, .. } = self;
        let small = (1..=12).contains(&hour);
        let hour = match self.part {
            None => hour,
            Some(Part::Am) if small => hour % 12,
            Some(Part::Pm) if small => hour % 12 + 12,
            Some(Part::Am | Part::Pm) => return None,
            Some(Part::Morning) if hour <= 12 => hour % 12,
            Some(Part::Evening) if (1..12).contains(&hour) => hour + 12,
            // Twelve in the evening may be noon or midnight.
            Some(Part::Evening) if hour > 12 => hour,
            Some(Part::Night) if hour == 12 || hour == 0 => 0,
            Some(Part::Night) if (6..12).contains(&hour) => hour + 12,
            Some(Part::Night) if !(6..=17).contains(&hour) => hour,
            Some(Part::Midday) if hour < 6 => hour + 12,
            Some(Part::Midday) if (10..18).contains(&hour) => hour,
            Some(_) => return None,
        };
        (hour < 24 && minute < 60).then_some((hour, minute))
    }
}

impl<'t> Facts<'t> {
    /// Takes what begins at a token; says how many tokens that was.
    fn take(&mut self, tokens: &[Token], at: usize) -> usize {
        let token = tokens[at];
        let what = |behind: usize| tokens.get(at + behind).map(|token| token.what);
        let word = |behind: usize| match what(behind) {
            Some(What::Word(meaning)) => Some(meaning),
            _ => None,
        };
        let before = at.checked_sub(1).and_then(|at| match tokens[at].what {
            What::Word(meaning) => Some(meaning),
            _ => None,
        });
        let meaning = match token.what {
            What::Word(Meaning::Number(n)) | What::Digits(n) => {
                return self.take_number(n, before, tokens, at);
            }
            What::Clock(hour, minute) => {
                self.time(hour, minute, token.from, token.to);
                return 1;
            }
            What::Zone => {
                self.zone = Some(&self.text[token.from..token.to]);
                return 1;
            }
            What::Unknown | What::HourMark => {
                self.unknown.get_or_insert(&self.text[token.from..token.to]);
                return 1;
            }
            What::Word(meaning) => meaning,
        };
        match meaning {
            Meaning::Instant => self.instant = true,
            Meaning::Every => self.every = true,
            // “of the month” names no cadence behind another one that does, and “하루” none before a count.
            Meaning::Per(unit) => self.units.push(unit),
            Meaning::Unit(unit) => match (before, word(1)) {
                (Some(Meaning::Other), _) => self.interval = Some((2, unit)),
                _ => self.units.push(unit),
            },
            // “every other Monday”
            Meaning::Other if matches!(word(1), Some(Meaning::Day(_))) => {
                self.interval = Some((2, Unit::Week));
            }
            Meaning::Other => {}
            Meaning::Twice => self.several = true,
            Meaning::Biweekly => self.biweekly = true,
            Meaning::Bimonthly => self.bimonthly = true,
            Meaning::Fortnightly => self.interval = Some((2, Unit::Week)),
            Meaning::Weekdays => {
                self.weekdays = true;
                (0..5).for_each(|day| self.day(day));
            }
            Meaning::Weekend => (5..7).for_each(|day| self.day(day)),
            // “월 1회”, “월 2회” are times a month.
            Meaning::Day(_) if self.counts_in_month(tokens, at) => self.units.push(Unit::Month),
            Meaning::Day(day) => self.day(day),
            Meaning::Part(part) => {
                self.has_part = true;
                let is_another = self.times.last().is_some_and(|time| {
                    let is_next = self.text[time.to..token.from].trim().is_empty();
                    is_next && time.part.is_some_and(|known| known != part)
                });
                // “9am pm”
                if is_another {
                    self.unknown.get_or_insert(&self.text[token.from..token.to]);
                }
                let is_behind = self.times.last().is_some_and(|time| {
                    let between = &self.text[time.to..token.from];
                    time.part.is_none()
                        && between
                            .split_whitespace()
                            .all(|word| says("before-part", word))
                });
                match self.times.last_mut().filter(|_| is_behind) {
                    Some(time) => (time.part, time.to) = (Some(part), token.to),
                    None => self.part = Some(part),
                }
            }
            Meaning::Time(hour) => {
                // “12 noon” is one time.
                let before = self.times.last();
                let before = before.filter(|time| time.hour == 12 && time.to + 1 >= token.from);
                match before.map(|time| time.minute) {
                    Some(0) => {
                        self.times.pop();
                        self.said.pop();
                    }
                    // “12:30 noon”
                    Some(_) => {
                        self.unknown.get_or_insert(&self.text[token.from..token.to]);
                    }
                    None => {}
                }
                self.time(u32::from(hour.unsigned_abs()), 0, token.from, token.to);
            }
            Meaning::Ordinal(n) => match word(1) {
                Some(Meaning::Day(day)) => {
                    self.nth(day, n, before);
                    return 2;
                }
                // “every second day”
                Some(Meaning::Unit(unit)) if self.is_interval(n, unit, before, &tokens[at..]) => {
                    self.interval = Some((n, unit));
                    return 2;
                }
                Some(Meaning::Unit(Unit::Week)) => return self.week(n, word(2), before),
                Some(Meaning::Unit(Unit::Day)) => {
                    self.month_days.push(n);
                    return 2;
                }
                _ => {
                    self.ordinals += 1;
                    self.month_days.push(n);
                }
            },
            Meaning::Last => match word(1) {
                Some(Meaning::Unit(Unit::Week)) => return self.week(0, word(2), before),
                Some(Meaning::Day(day)) => {
                    self.nth(day, 0, before);
                    return 2;
                }
                Some(Meaning::Unit(Unit::Day)) => {
                    self.last = true;
                    return 2;
                }
                _ => self.last = true,
            },
            Meaning::Range => match (before, word(1)) {
                (Some(Meaning::Day(first)), Some(Meaning::Day(last))) => {
                    let mut day = first;
                    while day != last {
                        day = (day + 1) % 7;
                        self.day(day);
                    }
                }
                // Two times: a window, or asked back as such.
                _ if !self.times.is_empty() && self.month_days.is_empty() => self.range = true,
                _ => {
                    self.unknown.get_or_insert(&self.text[token.from..token.to]);
                }
            },
            Meaning::Between => self.range = true,
            Meaning::Once | Meaning::Next | Meaning::Tomorrow => self.once = true,
            Meaning::NextWeek => {
                self.once = true;
                self.units.push(Unit::Week);
            }
            Meaning::Filler => {}
            Meaning::Half | Meaning::Nth | Meaning::Times | Meaning::Oclock | Meaning::Year => {
                self.unknown.get_or_insert(&self.text[token.from..token.to]);
            }
            Meaning::Number(_) => {}
        }
        1
    }

    /// Takes a number and what makes it a time, a day, an interval or a count.
    fn take_number(
        &mut self,
        n: u32,
        before: Option<Meaning>,
        tokens: &[Token],
        at: usize,
    ) -> usize {
        let token = tokens[at];
        let what = |behind: usize| tokens.get(at + behind).map(|token| token.what);
        let end = |behind: usize| tokens[at + behind].to;
        let counts = self.every && self.times.is_empty();
        match what(1) {
            Some(What::Word(Meaning::Unit(unit))) => {
                match unit {
                    // One of it is the plain cadence.
                    Unit::Day | Unit::Week | Unit::Month if n == 1 => self.units.push(unit),
                    _ => self.interval = Some((n, unit)),
                }
                return 2;
            }
            Some(What::HourMark) if counts && !matches!(what(2), Some(What::Digits(_))) => {
                self.interval = Some((n, Unit::Hour));
                return 2;
            }
            Some(What::HourMark) => {
                if let Some(What::Digits(minute)) = what(2) {
                    self.time(n, minute, token.from, end(2));
                    return 3;
                }
                self.time(n, 0, token.from, end(1));
                return 2;
            }
            Some(What::Word(Meaning::Times)) => {
                self.several |= n != 1;
                return 2;
            }
            // “1일” is the first, and “일” alone Sunday.
            Some(What::Word(Meaning::Nth)) if tokens[at + 1].from == token.to => {
                if let Some(What::Word(Meaning::Day(day))) = what(2) {
                    self.nth(day, n, before);
                    return 3;
                }
                // “every 2nd day”
                if let Some(What::Word(Meaning::Unit(unit))) = what(2)
                    && self.is_interval(n, unit, before, &tokens[at..])
                {
                    self.interval = Some((n, unit));
                    return 3;
                }
                if let Some(What::Word(Meaning::Unit(Unit::Week))) = what(2) {
                    let day = match what(3) {
                        Some(What::Word(meaning)) => Some(meaning),
                        _ => None,
                    };
                    return 1 + self.week(n, day, before);
                }
                self.ordinals += 1;
                self.month_days.push(n);
                return 2;
            }
            Some(What::Word(Meaning::Day(_))) if counts_days(&self.text[tokens[at + 1].from..]) => {
                let is_of_each =
                    before == Some(Meaning::Every) || is_of_each(n, &self.text[end(1)..]);
                match self.units.last() {
                    _ if self.units.contains(&Unit::Month) => self.month_days.push(n),
                    _ if is_of_each && n == 1 => self.units.push(Unit::Day),
                    _ if is_of_each => self.interval = Some((n, Unit::Day)),
                    // “주 5일” counts days of a week.
                    Some(Unit::Week) => self.several |= n != 1,
                    _ => self.month_days.push(n),
                }
                return 2;
            }
            Some(What::Word(Meaning::Oclock)) => match (what(2), what(3)) {
                (Some(What::Digits(minute)), Some(What::Word(Meaning::Unit(Unit::Minute)))) => {
                    self.time(n, minute, token.from, end(3));
                    return 4;
                }
                (Some(What::Word(Meaning::Half)), _) => {
                    self.time(n, 30, token.from, end(2));
                    return 3;
                }
                _ => {
                    self.time(n, 0, token.from, end(1));
                    return 2;
                }
            },
            _ => {}
        }
        // “15 of every month”, which isn't “9 monthly”
        let is_of_month = tokens.get(at + 1).is_some_and(|token| {
            token.what == What::Word(Meaning::Per(Unit::Month))
                && self.text[token.from..token.to].contains(' ')
        });
        if is_of_month {
            self.month_days.push(n);
            return 1;
        }
        let is_monthly =
            self.units.contains(&Unit::Month) && self.nth.is_none() && self.week_of_month.is_none();
        // “monthly 1,15 9”: a number behind a comma is one more day, if a time comes yet.
        let is_listed = || {
            let is_time = |token: &Token| matches!(token.what, What::Digits(_) | What::Clock(..));
            self.text[..token.from].trim_end().ends_with([',', '&'])
                && tokens[at + 1..].iter().any(is_time)
        };
        // “monthly 1 and 15”, which no time is, as long as none was said
        let is_joined = || {
            let before = self.text[..token.from].split_whitespace().next_back();
            self.times.is_empty() && before.is_some_and(|word| says("and", word))
        };
        let is_first = self.month_days.is_empty() && !self.last;
        if is_monthly && (is_first || is_joined() || is_listed()) {
            self.month_days.push(n);
        } else {
            self.time(n, 0, token.from, token.to);
        }
        1
    }

    /// Whether a word that names a day of the week elsewhere is a month in which something comes so often.
    fn counts_in_month(&self, tokens: &[Token], at: usize) -> bool {
        let token = tokens[at];
        let what = |behind: usize| tokens.get(at + behind).map(|token| token.what);
        let is_number = matches!(
            what(1),
            Some(What::Digits(_) | What::Word(Meaning::Number(_)))
        );
        let is_counted = is_number && what(2) == Some(What::Word(Meaning::Times));
        let is_of_week = self.units.contains(&Unit::Week) || self.days.contains(&true);
        !is_of_week
            && counts_months(&self.text[token.from..token.to]).is_some()
            && (is_counted || is_of_each(1, &self.text[token.to..]))
    }

    /// Whether an ordinal before a unit counts all of them, and not the days of a month.
    fn is_interval(&self, n: u32, unit: Unit, before: Option<Meaning>, from: &[Token]) -> bool {
        let names_month = || {
            self.units.contains(&Unit::Month)
                || from.iter().any(|token| {
                    let of_month = [
                        What::Word(Meaning::Per(Unit::Month)),
                        What::Word(Meaning::Unit(Unit::Month)),
                    ];
                    of_month.contains(&token.what)
                })
        };
        n > 1 && before == Some(Meaning::Every) && (unit != Unit::Day || !names_month())
    }

    /// `second Monday`; behind `every` it may be every second one as well.
    fn nth(&mut self, day: usize, n: u32, before: Option<Meaning>) {
        match self.nth {
            // “first Monday and third Monday”
            Some((known, other)) if known == day => self.nth_before.push(other),
            // Two days don't go into one cadence of these.
            Some(_) => self.nth_of_two_days = true,
            None => {}
        }
        self.nth = Some((day, n));
        self.nth_of_all = before == Some(Meaning::Every) && n > 1;
        // “first and third Monday”: no days of the month.
        let are_ordinals = self.ordinals == self.month_days.len();
        if are_ordinals && self.month_days.iter().all(|n| *n <= 5) {
            self.nth_before.append(&mut self.month_days);
        }
    }

    /// A week of a month, from 1 on, 0 for its last, with what stands behind it: says how many words it and they are. With a day
    /// (“첫째 주 월요일”) it is the first of those days: so shops say when they are closed.
    fn week(&mut self, n: u32, behind: Option<Meaning>, before: Option<Meaning>) -> usize {
        match behind {
            Some(Meaning::Day(day)) => {
                self.nth(day, n, before);
                3
            }
            _ => {
                self.week_of_month = Some(n);
                2
            }
        }
    }

    fn day(&mut self, day: usize) {
        self.days[day] = true;
        self.said.push(Said::Day(day));
    }

    fn time(&mut self, hour: u32, minute: u32, from: usize, to: usize) {
        let part = self.part.take();
        self.said.push(Said::Time(self.times.len()));
        self.times.push(Clock {
            hour,
            minute,
            from,
            to,
            part,
        });
    }
}

/// What `@daily` and its like in a crontab mean.
pub(super) fn nickname(word: &str) -> Option<&'static str> {
    Some(match word {
        "@hourly" => "hourly",
        "@daily" | "@midnight" => "daily 00:00",
        "@weekly" => "weekly sun 00:00",
        "@monthly" => "monthly 1 00:00",
        "@yearly" | "@annually" => "cron 0 0 1 1 *",
        _ => return None,
    })
}

/// Whether words are the five fields of a crontab, without their `cron`.
pub(super) fn is_crontab(words: &[&str]) -> bool {
    let is_field = |word: &&str| {
        word.split([',', '-', '/', '#']).all(|part| {
            let part = part.trim_start_matches('+');
            part.chars()
                .all(|c| c.is_ascii_digit() || "*?lw".contains(c))
                || cron::is_name(part)
        })
    };
    words.len() == 5
        && words[0].starts_with(|c: char| c == '*' || c.is_ascii_digit())
        && words.iter().all(is_field)
}
