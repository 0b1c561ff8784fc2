//! Moments as feeds write them.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use regex::Regex;

use super::dates;

/// A moment in any of the forms found in the wild.
pub(super) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let of = |at: Timestamp| DateTime::from_timestamp(at.as_second(), 0);
    if let Ok(at) = text.parse::<Timestamp>() {
        return of(at);
    }
    if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
        return of(at.timestamp());
    }
    if let Ok(at) = DateTime::parse_from_rfc2822(text) {
        return Some(at.to_utc());
    }
    // A wrong weekday, a zone by its name, `2019-03-08 09:00:00`, `2019-03-08T09:00`, `08 Mar 2019`.
    let zone = zone_behind(text);
    let without_weekday = text
        .split_once(", ")
        .filter(|(day, _)| day.len() <= 9)
        .map_or(text, |(_, rest)| rest);
    let day = dates::in_text(without_weekday)?;
    let time = CLOCK.captures(text).and_then(|clock| {
        let number = |at: usize| {
            clock
                .get(at)
                .map_or(Some(0), |n| n.as_str().parse::<i8>().ok())
        };
        jiff::civil::Time::new(number(1)?, number(2)?, number(3)?, 0).ok()
    });
    let moment = day.to_datetime(time.unwrap_or(jiff::civil::Time::midnight()));
    of(moment.to_zoned(zone).ok()?.timestamp())
}

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?:^|[T\s])(\d{1,2}):(\d{2})(?::(\d{2}))?").unwrap()
});

/// The zone that stands behind a time, by its offset or one of the names of RFC 822 and its kin.
fn zone_behind(text: &str) -> TimeZone {
    let last = text.rsplit(' ').next().unwrap_or_default();
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
    let offset = OFFSET.captures(text).and_then(|found| {
        let number = |at: usize| found.get(at).and_then(|n| n.as_str().parse::<i32>().ok());
        let seconds = number(2)? * 3_600 + number(3)? * 60;
        Some(if &found[1] == "-" { -seconds } else { seconds })
    });
    let offset = jiff::tz::Offset::from_seconds(offset.unwrap_or(hours * 3_600));
    TimeZone::fixed(offset.unwrap_or(jiff::tz::Offset::UTC))
}

static OFFSET: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"\d\s?([+-])(\d{2}):?(\d{2})$").unwrap()
});
