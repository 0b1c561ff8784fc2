//! What is known of somebody's words becomes a cadence's canonical text, or a question.

use super::people::{Clock, Facts, Said, Understood};
use super::vocabulary::{Part, Unit};
use crate::schedule::words::clip;
use crate::schedule::{
    CadenceError, CadenceKind, Unclear, daily, hourly, instant, monthly, weekly,
};

impl Facts<'_> {
    /// What all of it comes to.
    pub(super) fn conclude(&self) -> Result<Understood, CadenceError> {
        let of = self.kind();
        if let Some(but) = self.unknown {
            return Ok(Understood::All { but: clip(but), of });
        }
        if of.is_none() && self.times.is_empty() && !self.once && self.interval.is_none() {
            return Ok(Understood::Nothing);
        }
        let said = self.say()?;
        match (self.zone, said) {
            (Some(zone), Some(when)) => Err(CadenceError::Zoned {
                got: clip(zone),
                when,
            }),
            (_, Some(said)) => Ok(Understood::Cadence(said)),
            (_, None) => Ok(Understood::Nothing),
        }
    }

    /// The name of the cadence that was meant, if it is clear.
    fn kind(&self) -> Option<&'static str> {
        let has_days = self.days.contains(&true);
        let is = |unit| self.units.contains(&unit);
        if self.instant {
            Some(instant::KIND.name)
        } else if is(Unit::Month)
            || self.bimonthly
            || self.last
            || self.nth.is_some()
            || self.week_of_month.is_some()
            || !self.month_days.is_empty()
        {
            Some(monthly::KIND.name)
        } else if self.weekdays && self.days == WORKDAYS {
            Some(daily::WEEKDAYS.name)
        } else if is(Unit::Week) || has_days || self.biweekly {
            Some(weekly::KIND.name)
        } else if is(Unit::Hour) || is(Unit::Minute) {
            Some(hourly::KIND.name)
        } else if is(Unit::Day) || self.has_part || self.several {
            Some(daily::DAILY.name)
        } else {
            None
        }
    }

    /// The canonical text; `None` where the words don't go together.
    fn say(&self) -> Result<Option<String>, CadenceError> {
        let got = || clip(self.text);
        let time = self.usual_time();
        if self.once {
            let day = (0..7).find(|&day| self.days[day]);
            let instead = match day {
                Some(day) => format!("weekly {} {time}", weekly::short(day)),
                None if self.units.contains(&Unit::Month) => format!("monthly 1 {time}"),
                None if self.units.contains(&Unit::Week) => {
                    format!("weekly {} {time}", weekly::short(0))
                }
                None => format!("daily {time}"),
            };
            return Err(CadenceError::Once {
                got: got(),
                instead,
            });
        }
        let unclear = |first: String, second: String, why| {
            Err(CadenceError::Several {
                got: got(),
                first,
                second,
                both: None,
                why,
            })
        };
        let several = |first, second| unclear(first, second, Unclear::NotOffered);
        let cron = |hours: &str, days: &str| {
            let minute = &time[3..];
            let minute = minute.trim_start_matches('0');
            let minute = if minute.is_empty() { "0" } else { minute };
            format!("cron {minute} {hours} {days}")
        };
        let hour = time[..2].trim_start_matches('0');
        let hour = if hour.is_empty() { "0" } else { hour };
        let named: Vec<&str> = self.named_days().collect();
        // Once in two weeks on a day that is named: every week on it, or twice a month.
        let every_second_week = || {
            let day = named.first().copied().unwrap_or(weekly::short(0));
            unclear(
                format!("weekly {day} {time}"),
                cron(hour, "1,15 * *"),
                Unclear::EverySecondWeek,
            )
        };
        let is = |unit| self.units.contains(&unit);
        if self.biweekly && named.len() == 1 {
            return every_second_week();
        }
        if self.biweekly {
            let days = match named.as_slice() {
                [] => "mon,thu".to_owned(),
                named => named.join(","),
            };
            return unclear(
                format!("weekly {days} {time}"),
                cron(hour, "1,15 * *"),
                Unclear::TwiceOrEverySecond,
            );
        }
        if self.bimonthly {
            let every_second = cron(hour, "1 */2 *");
            return unclear(cron(hour, "1,15 * *"), every_second, Unclear::Two);
        }
        if self.several && is(Unit::Week) {
            return several(
                format!("weekly mon,thu {time}"),
                format!("weekly mon,wed,fri {time}"),
            );
        }
        if self.several && is(Unit::Month) {
            return several(cron(hour, "1,15 * *"), format!("monthly 1 {time}"));
        }
        if self.several {
            return several("daily 09:00".to_owned(), "cron 0 9,18 * * *".to_owned());
        }
        // “instant daily”
        if self.instant
            && self.times.is_empty()
            && (!self.units.is_empty() || self.interval.is_some() || self.days.contains(&true))
        {
            let second = match self.interval {
                Some((count, Unit::Hour)) => self.every_hours(count)?.unwrap_or_default(),
                _ if self.units.contains(&Unit::Hour) => hourly::KIND.name.to_owned(),
                _ => self.on_named_days(&time),
            };
            return unclear(instant::KIND.name.to_owned(), second, Unclear::Two);
        }
        if self.instant && self.range && self.interval.is_none() {
            return self.window();
        }
        if let Some((day, n)) = self.nth.filter(|_| self.nth_of_all)
            && !self.units.contains(&Unit::Month)
            && n <= 5
        {
            return several(
                cron(hour, &format!("* * {}#{n}", (day + 1) % 7)),
                format!("weekly {} {time}", weekly::short(day)),
            );
        }
        // A week has seven days.
        if let Some(n) = self.week_of_month {
            let day = named.first().copied().unwrap_or(weekly::short(0));
            let nth = match n {
                0 => "L".to_owned(),
                n => format!("#{}", n.min(5)),
            };
            let of_week = self.days.iter().position(|is_named| *is_named).unwrap_or(0);
            return several(
                cron(hour, &format!("* * {}{nth}", (of_week + 1) % 7)),
                format!("weekly {day} {time}"),
            );
        }
        if let Some((count, unit)) = self.interval {
            let is_within_a_day = matches!(unit, Unit::Hour | Unit::Minute);
            if (!self.times.is_empty() || self.has_part) && is_within_a_day {
                return Ok(None);
            }
            // “every 2 hours mon-fri” is only said by a crontab.
            if is_within_a_day && self.days.contains(&true) {
                let fields = match unit {
                    Unit::Hour => format!("0 */{count} * *"),
                    _ => format!("*/{count} * * *"),
                };
                let is_even = match unit {
                    Unit::Hour => (1..24).contains(&count) && 24 % count == 0,
                    _ => (1..60).contains(&count) && 60 % count == 0,
                };
                let first = match unit {
                    Unit::Hour => self.every_hours(count)?.unwrap_or_default(),
                    _ => hourly::KIND.name.to_owned(),
                };
                return match is_even {
                    true => several(first, format!("cron {fields} {}", self.numbers_of_days())),
                    false => Ok(None),
                };
            }
            return match (unit, count) {
                (Unit::Hour, 24) => Err(CadenceError::MissingTime {
                    got: got(),
                    instead: format!("{} {time}", daily::DAILY.name),
                }),
                (Unit::Minute, _) if count % 60 == 0 && count > 0 => self.every_hours(count / 60),
                (Unit::Hour, _) => self.every_hours(count),
                (Unit::Minute, 1..60) if 60 % count == 0 => several(
                    format!("cron */{count} * * * *"),
                    hourly::KIND.name.to_owned(),
                ),
                (Unit::Minute, _) => several("hourly".to_owned(), "every 2 hours".to_owned()),
                (Unit::Day, _) => several(
                    format!("daily {time}"),
                    format!("weekly mon,wed,fri {time}"),
                ),
                (Unit::Week, 2) => every_second_week(),
                (Unit::Week, _) => {
                    let day = named.first().copied().unwrap_or(weekly::short(0));
                    several(format!("weekly {day} {time}"), format!("monthly 1 {time}"))
                }
                (Unit::Month, _) => {
                    let months = if 12 % count.max(1) == 0 {
                        count.max(1)
                    } else {
                        2
                    };
                    several(
                        format!("monthly 1 {time}"),
                        // A crontab takes no step as long as the year.
                        match months {
                            12 => cron(hour, "1 1 *"),
                            _ => cron(hour, &format!("1 */{months} *")),
                        },
                    )
                }
            };
        }
        // “monday daily 9”
        if is(Unit::Day)
            && self.kind() == Some(weekly::KIND.name)
            && let [day] = named.as_slice()
        {
            return unclear(
                format!("daily {time}"),
                format!("weekly {day} {time}"),
                Unclear::Two,
            );
        }
        match self.kind() {
            Some(name @ ("instant" | "hourly")) => {
                let is_alone = self.times.is_empty()
                    && !self.has_part
                    && !self.days.contains(&true)
                    && self.units.len() <= 1;
                if self.units.contains(&Unit::Minute) {
                    return several(instant::KIND.name.to_owned(), hourly::KIND.name.to_owned());
                }
                Ok(is_alone.then(|| name.to_owned()))
            }
            kind => self.at_a_time(kind.unwrap_or(daily::DAILY.name)),
        }
    }

    /// `every N hours`, where a day holds a whole number of them.
    fn every_hours(&self, count: u32) -> Result<Option<String>, CadenceError> {
        if count == 1 {
            return Ok(Some(hourly::KIND.name.to_owned()));
        }
        if hourly::STEPS.contains(&i64::from(count)) {
            return Ok(Some(hourly::canonical(i64::from(count))));
        }
        let count = i64::from(count);
        let below = hourly::STEPS.iter().rev().find(|step| **step < count);
        let above = hourly::STEPS.iter().find(|step| **step > count);
        let text = |step: Option<&i64>, other: &str| {
            step.map_or_else(|| other.to_owned(), |step| hourly::canonical(*step))
        };
        Err(CadenceError::Several {
            got: clip(self.text),
            first: text(below, hourly::KIND.name),
            second: text(above, daily::DAILY.example),
            both: None,
            why: Unclear::NotOffered,
        })
    }

    /// `instant` between two times.
    fn window(&self) -> Result<Option<String>, CadenceError> {
        let [from, to] = self.times.as_slice() else {
            return Ok(None);
        };
        let read = |time: &Clock| match time {
            // The end of a day is the beginning of the next one.
            Clock {
                hour: 24,
                minute: 0,
                part: None,
                ..
            } if time.from == to.from => Ok((0, 0)),
            _ => time.read().ok_or_else(|| CadenceError::NotATime {
                got: clip(&self.text[time.from..time.to]),
                cadence: instant::WINDOW.name,
            }),
        };
        let (start, end) = (read(from)?, read(to)?);
        let got = || clip(self.text);
        if start == end {
            return Err(CadenceError::EmptyWindow { got: got() });
        }
        let window = instant::canonical(start, end);
        // “8-10pm” may begin in the evening, “10am-2” end in the afternoon.
        let later = |(hour, minute): (u32, u32)| (hour + 12, minute);
        let other = match (from.part, to.part) {
            (None, Some(part)) if start.0 < 12 => Some((later(start), end, part)),
            (Some(part), None) if end.0 < 12 => Some((start, later(end), part)),
            _ => None,
        };
        let is_likely = |part| matches!(part, Part::Pm | Part::Evening | Part::Night);
        if let Some((start_then, end_then, part)) = other
            && start_then < end_then
            && (is_likely(part) || end < start)
        {
            return Err(CadenceError::Several {
                got: got(),
                first: instant::canonical(start_then, end_then),
                second: window,
                both: None,
                why: Unclear::Two,
            });
        }
        let is_daily = self.units.iter().all(|unit| *unit == Unit::Day)
            && self.days.iter().all(|on| *on == self.days[0])
            && self.month_days.is_empty()
            && !self.last
            && self.nth.is_none();
        if is_daily {
            return Ok(Some(window));
        }
        // A window of some days isn't offered.
        let second = self.on_named_days(&self.usual_time());
        Err(CadenceError::Several {
            got: got(),
            first: window,
            second,
            both: None,
            why: Unclear::NotOffered,
        })
    }

    /// A cadence with a time of day.
    fn at_a_time(&self, name: &'static str) -> Result<Option<String>, CadenceError> {
        let days: Vec<&str> = self.named_days().collect();
        let is_weekly_said = self.units.contains(&Unit::Week);
        // The hours stand behind this, and in a crontab before that.
        let (front, fields) = match name {
            "monthly" => {
                if self.nth.is_none() && !days.is_empty() {
                    return Ok(None);
                }
                match (self.month_days.as_slice(), self.last, self.nth) {
                    ([], false, Some((day, n))) => {
                        if n > 5 || !days.is_empty() || self.nth_of_two_days {
                            return Ok(None);
                        }
                        let day = (day + 1) % 7;
                        let marks = self.nth_before.iter().chain([&n]).map(|n| match n {
                            0 => format!("{day}L"),
                            n => format!("{day}#{n}"),
                        });
                        (None, format!("* * {}", marks.collect::<Vec<_>>().join(",")))
                    }
                    ([], true, None) => (Some("monthly 31".to_owned()), "L * *".to_owned()),
                    ([], false, None) => return Err(self.missing_day(&monthly::KIND, "1")),
                    ([day], false, None) if (1..=31).contains(day) => {
                        (Some(format!("monthly {day}")), format!("{day} * *"))
                    }
                    (several, _, None) => {
                        if let Some(day) = several.iter().find(|day| !(1..=31).contains(*day)) {
                            return Err(CadenceError::NotADayOfMonth {
                                got: day.to_string(),
                            });
                        }
                        return self.several_days(several);
                    }
                    _ => return Ok(None),
                }
            }
            "weekdays" | "weekly" => {
                if days.is_empty() {
                    return Err(self.missing_day(&weekly::KIND, weekly::short(0)));
                }
                let front = match days.len() {
                    7 if !is_weekly_said => "daily".to_owned(),
                    5 if self.days == WORKDAYS && !is_weekly_said => "weekdays".to_owned(),
                    _ => format!("weekly {}", days.join(",")),
                };
                (Some(front), format!("* * {}", self.numbers_of_days()))
            }
            _ => (Some("daily".to_owned()), "* * *".to_owned()),
        };
        let mut read: Vec<(u32, u32)> = Vec::new();
        for time in &self.times {
            let Some(time) = time.read() else {
                let got = clip(&self.text[time.from..time.to]);
                return Err(CadenceError::NotATime { got, cadence: name });
            };
            if !read.contains(&time) {
                read.push(time);
            }
        }
        if let Some((first, second)) = self.two_cadences() {
            return Err(CadenceError::Several {
                got: clip(self.text),
                first,
                second,
                both: None,
                why: Unclear::Two,
            });
        }
        let in_crontab = |hours: &str, minute: u32| format!("cron {minute} {hours} {fields}");
        let say = |(hour, minute): (u32, u32)| match &front {
            Some(front) => format!("{front} {hour:02}:{minute:02}"),
            None => in_crontab(&hour.to_string(), minute),
        };
        match read.as_slice() {
            [] => Err(CadenceError::MissingTime {
                got: clip(self.text),
                instead: say(self.usual()),
            }),
            [only] => Ok(Some(say(*only))),
            [first, second, ..] => {
                let mut hours: Vec<u32> = read.iter().map(|(hour, _)| *hour).collect();
                hours.sort_unstable();
                let hours: Vec<String> = hours.iter().map(u32::to_string).collect();
                let is_one_minute = read.iter().all(|(_, minute)| *minute == first.1);
                Err(CadenceError::Several {
                    got: clip(self.text),
                    first: say(*first),
                    second: say(*second),
                    both: is_one_minute.then(|| in_crontab(&hours.join(","), first.1)),
                    why: Unclear::Two,
                })
            }
        }
    }

    /// `weekdays at 9 and weekends at 10`: each of them, where days have times of their own.
    fn two_cadences(&self) -> Option<(String, String)> {
        let is_day = |said: &Said| matches!(said, Said::Day(_));
        let runs: Vec<&[Said]> = self
            .said
            .chunk_by(|one, other| is_day(one) == is_day(other))
            .collect();
        let [one, two, three, four, ..] = runs.as_slice() else {
            return None;
        };
        let cadence = |one: &[Said], other: &[Said]| {
            let mut days = [false; 7];
            let mut time = None;
            for said in one.iter().chain(other) {
                match *said {
                    Said::Day(day) => days[day] = true,
                    Said::Time(at) => time = time.or_else(|| self.times[at].read()),
                }
            }
            let (hour, minute) = time?;
            let named = (0..7).filter(|&day| days[day]).map(weekly::short);
            let named: Vec<&str> = named.collect();
            let front = match named.len() {
                7 => daily::DAILY.name.to_owned(),
                _ if days == WORKDAYS => daily::WEEKDAYS.name.to_owned(),
                _ => format!("{} {}", weekly::KIND.name, named.join(",")),
            };
            Some((days, format!("{front} {hour:02}:{minute:02}")))
        };
        let (first, second) = (cadence(one, two)?, cadence(three, four)?);
        (first.0 != second.0).then_some((first.1, second.1))
    }

    /// The days of the week as a crontab counts them.
    fn numbers_of_days(&self) -> String {
        let days = (0..7).filter(|&day| self.days[day]);
        let numbers: Vec<String> = days.map(|day| ((day + 1) % 7).to_string()).collect();
        numbers.join(",")
    }

    /// Several days of the month, which only a crontab can say.
    fn several_days(&self, days: &[u32]) -> Result<Option<String>, CadenceError> {
        let time = self.usual_time();
        let say = |day: u32| format!("monthly {day} {time}");
        let mut sorted = days.to_vec();
        if self.last {
            sorted.push(31);
        }
        sorted.sort_unstable();
        sorted.dedup();
        let [first, .., second] = sorted.as_slice() else {
            return Ok(None);
        };
        let number = |text: &str| text.parse::<u32>().unwrap_or_default();
        let (hour, minute) = (number(&time[..2]), number(&time[3..]));
        // A month that lacks the day has none there in a crontab, and its last one here.
        let both = sorted.iter().all(|day| *day <= 28).then(|| {
            let days: Vec<String> = sorted.iter().map(u32::to_string).collect();
            format!("cron {minute} {hour} {} * *", days.join(","))
        });
        Err(CadenceError::Several {
            got: clip(self.text),
            first: say(*first),
            second: say(*second),
            both,
            why: Unclear::Two,
        })
    }

    fn missing_day(&self, kind: &CadenceKind, day: &str) -> CadenceError {
        CadenceError::MissingDay {
            got: clip(self.text),
            cadence: kind.name,
            instead: if self.times.is_empty() {
                kind.example.to_owned()
            } else {
                format!("{} {day} {}", kind.name, self.usual_time())
            },
        }
    }

    /// A time of the days that were named, or of each.
    fn on_named_days(&self, time: &str) -> String {
        let named: Vec<&str> = self.named_days().collect();
        match named.as_slice() {
            [] => format!("{} {time}", daily::DAILY.name),
            _ if self.days == WORKDAYS => format!("{} {time}", daily::WEEKDAYS.name),
            named => format!("{} {} {time}", weekly::KIND.name, named.join(",")),
        }
    }

    /// The days of the week that were named.
    fn named_days(&self) -> impl Iterator<Item = &'static str> {
        (0..7).filter(|&day| self.days[day]).map(weekly::short)
    }

    /// The first time that was named, for an example; else the usual one of the part of the day that was.
    fn usual(&self) -> (u32, u32) {
        let usual = match self.part {
            Some(Part::Pm | Part::Evening) => 18,
            Some(Part::Night) => 22,
            Some(Part::Midday) => 12,
            Some(Part::Am | Part::Morning) | None => 9,
        };
        let first = self.times.iter().find_map(|time| time.read());
        first.unwrap_or((usual, 0))
    }

    fn usual_time(&self) -> String {
        let (hour, minute) = self.usual();
        format!("{hour:02}:{minute:02}")
    }
}

/// Monday to Friday.
const WORKDAYS: [bool; 7] = [true, true, true, true, true, false, false];
