//! Moments as feeds write them.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use regex::Regex;

use super::dates;
use crate::bounds::MOMENT_LENGTH;

/// A moment in any of the forms found in the wild.
pub(super) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.len() > MOMENT_LENGTH.most {
        return None;
    }
    let of = |at: Timestamp| DateTime::from_timestamp(at.as_second(), 0);
    if let Some(digits) = COMPACT.captures(text) {
        let day = format!(
            "{}-{}-{}T{}:{}:00Z",
            &digits[1], &digits[2], &digits[3], &digits[4], &digits[5]
        );
        if let Ok(at) = day.parse::<Timestamp>() {
            return of(at);
        }
    }
    if let Some(seconds) = UNIX.captures(text) {
        // Since 1970, in seconds or thousandths of one.
        return DateTime::from_timestamp(seconds[1].parse().ok()?, 0);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return of(at);
    }
    // The libraries take zones that they don't know for UTC.
    if !has_own_zone(text) {
        if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
            return of(at.timestamp());
        }
        if let Ok(at) = DateTime::parse_from_rfc2822(text) {
            return Some(at.to_utc());
        }
    }
    // A wrong weekday, a zone by its name, `2019-03-08 09:00:00`, `2019-03-08T09:00`, `08 Mar 2019`.
    let zone = zone_behind(text);
    let without_weekday = text
        .split_once(", ")
        .filter(|(day, _)| day.len() <= 9 && day.chars().all(char::is_alphabetic))
        .map_or(text, |(_, rest)| rest);
    let day = dates::in_text(&in_order(&in_english(without_weekday)))?;
    let time = CLOCK.captures(text).and_then(|clock| {
        let number = |at: usize| {
            clock.get(at).map_or(Some(0), |n| {
                n.as_str().trim_end_matches(['분', '分']).parse::<i8>().ok()
            })
        };
        let half = HALF.captures(text);
        let half = half.map(|half| half.name("after").is_some());
        let hour = match (half, number(1)?) {
            (Some(true), hour @ 1..12) => hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        // The end of a day is the beginning of the next.
        let days = i64::from(hour == 24);
        let time = jiff::civil::Time::new(hour % 24, number(2)?, number(3)?, 0).ok()?;
        Some((time, days.days()))
    });
    let (time, later) = time.unwrap_or((jiff::civil::Time::midnight(), 0.days()));
    let moment = day.checked_add(later).ok()?.to_datetime(time);
    of(moment.to_zoned(zone).ok()?.timestamp())
}

static UNIX: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"^(\d{9,10})(?:\d{3}|\.\d+)?$").unwrap()
});

/// `201903080900`
static COMPACT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"^((?:19|20)\d\d)([01]\d)([0-3]\d)T?([0-2]\d)([0-5]\d)(?:\d\d)?Z?$").unwrap()
});

/// The half of the day, by the clock's hour of twelve.
static HALF: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?i)(?:(?P<after>\d\s?p\.?m\b|오후|午後|下午)|\d\s?a\.?m\b|오전|午前|上午)")
        .unwrap()
});

/// How months begin in other languages of the web, without what they share with English.
const MONTHS: &[(&str, &str)] = &[
    ("jän", "Jan"),
    ("ene", "Jan"),
    ("gen", "Jan"),
    ("fév", "Feb"),
    ("fev", "Feb"),
    ("mär", "Mar"),
    ("mars", "Mar"),
    ("marz", "Mar"),
    ("março", "Mar"),
    ("maar", "Mar"),
    ("mrt", "Mar"),
    ("avr", "Apr"),
    ("abr", "Apr"),
    ("mai", "May"),
    ("mayo", "May"),
    ("mag", "May"),
    ("mei", "May"),
    ("juin", "Jun"),
    ("giu", "Jun"),
    ("juil", "Jul"),
    ("lug", "Jul"),
    ("aoû", "Aug"),
    ("aou", "Aug"),
    ("ago", "Aug"),
    ("set", "Sep"),
    ("okt", "Oct"),
    ("ott", "Oct"),
    ("out", "Oct"),
    ("déc", "Dec"),
    ("dez", "Dec"),
    ("dic", "Dec"),
];

static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"\p{L}{3,}").unwrap()
});

/// A date with its month in English.
fn in_english(text: &str) -> Cow<'_, str> {
    WORDS.replace_all(text, |word: &regex::Captures<'_>| {
        let lower = word[0].to_lowercase();
        let month = MONTHS.iter().find(|(begin, _)| lower.starts_with(begin));
        month.map_or_else(|| word[0].to_owned(), |(_, month)| (*month).to_owned())
    })
}

/// Orders that are found in no other dates, and the same in one that is.
static ORDERS: LazyLock<[(Regex, &str); 8]> = LazyLock::new(|| {
    [
        // `Fri Mar  8 09:00:00 KST 2019`, as programs in C write it
        (
            r"([A-Z][a-z]{2})\s+(\d{1,2})\s+\d{1,2}:\d{2}(?::\d{2})?\s+(?:[A-Z]{3,4}\s+)?(\d{4})",
            "$2 $1 $3",
        ),
        // `8 Mar 19 9:00 EST`
        (r"\b(\d{1,2}) ([A-Z][a-z]{2}) (\d{2}) \d", "$1 $2 20$3"),
        // `Friday, 08-Mar-19 09:00:00 GMT` (RFC 850)
        (r"\b(\d{1,2})-([A-Z][a-z]{2})-(\d{2}) \d", "$1 $2 20$3"),
        // `08 3 2019`
        (r"^(\d{1,2}) (\d{1,2}) (\d{4})\b", "$3-$2-$1"),
        // `08.03.2019`
        (r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b", "$3-$2-$1"),
        // `8 3월 2019`, as programs in Java write it in Korea
        (r"\b(\d{1,2}) (\d{1,2})월 (\d{4})\b", "$3-$2-$1"),
        // `3/8/2019 9:00:00 AM`, as programs of Microsoft's write it
        (r"\b(\d|0\d|1[0-2])/(\d{1,2})/(\d{4})\b", "$3-$1-$2"),
        // `25/12/2019`, which can be only one thing
        (r"\b(1[3-9]|2\d|3[01])/(\d{1,2})/(\d{4})\b", "$3-$2-$1"),
    ]
    .map(|(pattern, form)| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        let pattern = Regex::new(pattern).unwrap();
        (pattern, form)
    })
});

/// A day in an order that other dates have as well.
fn in_order(text: &str) -> Cow<'_, str> {
    for (order, form) in &*ORDERS {
        if let Some(found) = order.captures(text) {
            let mut day = String::new();
            found.expand(form, &mut day);
            // `2019-3-8` is none of the forms.
            let padded = day.split('-').map(|part| format!("{part:0>2}"));
            return Cow::Owned(padded.collect::<Vec<_>>().join("-"));
        }
    }
    Cow::Borrowed(text)
}

/// Whether a zone stands there that RFC 822 doesn't name.
fn has_own_zone(text: &str) -> bool {
    BEHIND_GMT.is_match(text)
        || ["KST", "JST", "CET", "CEST", "BST"]
            .iter()
            .any(|zone| text.ends_with(zone) || text.contains(&format!(" {zone} ")))
}

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?:^|[T\s])(\d{1,2})(?::|시\s?|時)(\d{2}|\d(?:분|分))(?::(\d{2}))?").unwrap()
});

/// The zone that stands behind a time, by its offset or one of the names of RFC 822 and its kin.
fn zone_behind(text: &str) -> TimeZone {
    let mut words = text.rsplit(' ');
    let last = words.next().unwrap_or_default();
    // `09:00:00 KST 2019`
    let is_year = last.len() == 4 && last.bytes().all(|byte| byte.is_ascii_digit());
    let last = if is_year {
        words.next().unwrap_or_default()
    } else {
        last
    };
    let hours = match last {
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "KST" | "JST" => 9,
        "CET" | "BST" => 1,
        "CEST" => 2,
        _ => 0,
    };
    let offset = BEHIND_GMT.captures(text).or_else(|| OFFSET.captures(text));
    let offset = offset.and_then(|found| {
        let number = |at: usize| found.get(at).and_then(|n| n.as_str().parse::<i32>().ok());
        let seconds = number(2)? * 3_600 + number(3).unwrap_or(0) * 60;
        Some(if &found[1] == "-" { -seconds } else { seconds })
    });
    let offset = jiff::tz::Offset::from_seconds(offset.unwrap_or(hours * 3_600));
    TimeZone::fixed(offset.unwrap_or(jiff::tz::Offset::UTC))
}

/// `GMT+9`, `UTC+09:00`, `GMT+0900 (Korean Standard Time)`
static BEHIND_GMT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d{2}))?\b").unwrap()
});

static OFFSET: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"\d\s?([+-])(\d{2}):?(\d{2})$").unwrap()
});
