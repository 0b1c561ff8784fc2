//! Moments as feeds, pages and mail write them.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use regex::Regex;

use crate::dates::clocks::{self, Clock};
use crate::dates::search;
use crate::dates::tokens::plain;
use crate::dates::zones;
use tidings_core::bounds::MOMENT_LENGTH;
use tidings_core::item::Published;

/// A moment as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// The day, whatever the zone.
    pub(crate) day: Date,
    /// The time of that day, and whether it is the end of it: 24:00.
    time: Option<(Time, bool)>,
    /// The zone that is written beside it.
    zone: Option<TimeZone>,
}

impl Written {
    /// A day, at no time.
    pub(crate) fn on(day: Date) -> Written {
        Written {
            day,
            time: None,
            zone: None,
        }
    }

    /// When that was. A moment without a zone is one of the source's own, or, where that isn't known, a day.
    pub(crate) fn published(&self, own: Option<&TimeZone>) -> Option<Published> {
        let (Some((time, ends)), Some(zone)) = (self.time, self.zone.as_ref().or(own)) else {
            return Some(Published::Date(self.day));
        };
        let day = self.day.checked_add(i64::from(ends).days()).ok()?;
        let moment = day.to_datetime(time).to_zoned(zone.clone()).ok()?;
        Some(Published::Time(moment.timestamp()))
    }
}

/// A moment in any of the forms found in the wild.
pub(crate) fn moment(text: &str, own: Option<&TimeZone>) -> Option<Published> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Published::Time(whole(at)));
    }
    // The library takes zones that it doesn't know for UTC.
    let is_offset = |end: &str| {
        end.starts_with(['+', '-']) && end[1..].parse().is_ok_and(|offset: u16| offset <= 1_400)
    };
    let zone = text.rsplit(' ').next().unwrap_or_default();
    if (is_offset(zone) || matches!(zone, "GMT" | "UT" | "UTC" | "Z"))
        && let Ok(at) = jiff::fmt::rfc2822::parse(text)
    {
        return Some(Published::Time(at.timestamp()));
    }
    written(text)?.published(own)
}

/// To the second: nobody orders news by less.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Reads a moment as it is written.
pub(crate) fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    if text.len() > MOMENT_LENGTH.most {
        return None;
    }
    // `/Date(1573804800000+0100)/`, as .NET writes moments in JSON: the offset changes nothing about them.
    let dotnet = text
        .strip_prefix("/Date(")
        .and_then(|rest| rest.strip_suffix(")/"));
    let text = match dotnet {
        Some(since) => since.split(['+', '-']).next().unwrap_or_default(),
        None => text,
    };
    let text = plain(text);
    let text = in_calendar(&text).map_or(text, Cow::Owned);
    if let Some(compact) = COMPACT.captures(&text) {
        let number = |at: usize| {
            compact
                .get(at)
                .map_or(Some(0), |n| n.as_str().parse::<i8>().ok())
        };
        return Some(Written {
            day: search::alone(&compact[1])?,
            time: Time::new(number(2)?, number(3)?, number(4)?, 0)
                .ok()
                .map(|time| (time, false)),
            zone: zones::beside("", &compact[5]),
        });
    }
    if let Some(seconds) = UNIX.captures(&text) {
        // Since 1970, in seconds or thousandths of one.
        let at = Timestamp::from_second(seconds[1].parse().ok()?).ok()?;
        let at = at.to_zoned(TimeZone::UTC);
        return Some(Written {
            day: at.date(),
            time: Some((at.time(), false)),
            zone: Some(TimeZone::UTC),
        });
    }
    let Some(timed) = timed(&text) else {
        return Some(Written::on(search::alone(&text)?));
    };
    let day = search::alone(&timed.rest)
        .or_else(|| search::alone(&timed.bare))
        .or_else(|| search::alone(&text))?;
    Some(Written {
        day,
        time: Some((timed.clock.time, timed.clock.ends_day)),
        zone: timed.zone,
    })
}

/// What a text says of a time, and what else it says.
pub(crate) struct Timed {
    clock: Clock,
    /// The zone that is written beside it.
    zone: Option<TimeZone>,
    /// The text without the time and its zone.
    pub(crate) rest: String,
    /// The same without what might be a zone that nobody knows.
    bare: String,
    /// What stands before the time, where nothing stands behind it but what is set like a zone that nobody knows.
    pub(crate) before_unknown_zone: Option<String>,
}

/// Looks for a time in a text, and for its zone.
pub(crate) fn timed(text: &str) -> Option<Timed> {
    // Before the time is looked for: an offset looks like one.
    let offset = zones::without_offset(text);
    let (text, offset) = match &offset {
        Some((rest, zone)) => (rest.as_str(), Some(zone)),
        None => (text, None),
    };
    let clock = clocks::find(text)?;
    let (before, behind) = (&text[..clock.range.start], &text[clock.range.end..]);
    let zone = offset.cloned().or_else(|| zones::beside(text, behind));
    let rest = format!("{before} {}", &behind[zones::length(behind)..]);
    // `Fri Mar  8 09:00:00 KST 2019`, as programs in C write it, has the time and the zone between day and year.
    let bare = BEHIND_CLOCK
        .find(behind)
        .map_or(behind, |found| &behind[found.end()..]);
    Some(Timed {
        zone,
        rest: zones::without_names(&rest).into_owned(),
        bare: format!("{before} {bare}"),
        before_unknown_zone: UNKNOWN_ZONE.is_match(behind).then(|| before.to_owned()),
        clock,
    })
}

/// The first date in a text of other words, with the time beside it.
pub(crate) fn within(text: &str) -> Option<Written> {
    let day = search::in_text(text)?;
    let moment = written(text).filter(|written| written.day == day);
    Some(moment.unwrap_or_else(|| Written::on(day)))
}

/// A moment whose day is written as one of a week or of a year (`2019-W47-5T08:00Z`, `2019-326`), with the day as one of
/// a month.
fn in_calendar(text: &str) -> Option<String> {
    if !text
        .bytes()
        .take(5)
        .any(|byte| byte == b'W' || byte == b'-')
    {
        return None;
    }
    let found = OTHER_DAYS.captures(text)?;
    let number = |name: &str| {
        found
            .name(name)
            .and_then(|n| n.as_str().parse::<i16>().ok())
    };
    let year = number("year")?;
    let date = match number("week") {
        Some(week) => {
            let weekday = number("weekday").unwrap_or(1);
            let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
            ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday)
                .ok()?
                .date()
        }
        None => {
            let first = Date::new(year, 1, 1).ok()?;
            first.with().day_of_year(number("day")?).build().ok()?
        }
    };
    let rest = found.name("rest").map_or("", |rest| rest.as_str());
    Some(match rest.contains(':') || rest.is_empty() {
        true => format!("{date}{rest}"),
        false => format!("{}{rest}", date.strftime("%Y%m%d")),
    })
}

/// How a moment is told to a library that knows moments only: a day by its midnight and a nanosecond, which no feed
/// writes.
pub(crate) fn for_library(text: &str, own: Option<&TimeZone>) -> Option<DateTime<Utc>> {
    match moment(text, own)? {
        Published::Time(at) => DateTime::from_timestamp(at.as_second(), 0),
        day @ Published::Date(_) => DateTime::from_timestamp(day.seconds(), 1),
    }
}

/// What [`for_library`] told.
pub(crate) fn from_library(at: DateTime<Utc>) -> Option<Published> {
    let moment = Timestamp::from_second(at.timestamp()).ok()?;
    Some(if at.timestamp_subsec_nanos() == 1 {
        Published::Date(moment.to_zoned(TimeZone::UTC).date())
    } else {
        Published::Time(moment)
    })
}

static UNIX: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"^@?(\d{9,10})(?:\d{3}|\.\d+)?$").unwrap()
});

/// `2019-W47-5T08:00Z`, `2019W475`, `2019-326T08:00Z`
static OTHER_DAYS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"^(?P<year>(?:19|20)\d\d)(?:-?W(?P<week>[0-5]\d)(?:-?(?P<weekday>[1-7]))?|-(?P<day>[0-3]\d\d))(?P<rest>[T ].*)?$",
    )
    .unwrap()
});

/// `201903080900`, `20190308T090000+0900`
static COMPACT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"^((?:19|20)\d\d[01]\d[0-3]\d)[T ]?([0-2]\d)([0-5]\d)([0-5]\d)?(?:\.\d+)?\s?(Z|[+-]\d\d:?\d\d|)$",
    )
    .unwrap()
});

/// A zone's name that nobody knows, as the last thing of a line: in capitals, in brackets, or called a time.
static UNKNOWN_ZONE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"^,?\s*(?:[(\[]\p{L}[\p{L} .]{1,30}[)\]]|\p{Lu}{2,5}|(?:\p{L}[\p{L}.]*\s+){1,3}(?i:time))\s*$",
    )
    .unwrap()
});

/// What may belong to a time behind it: an offset, a zone.
static BEHIND_CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?i)^\s?\(?(?:(?:[A-Z]{3,5}|UT|Z)\b\)?)?\s?(?:[+−–-]\d{1,2}(?::?\d{2})?\b)?")
        .unwrap()
});
