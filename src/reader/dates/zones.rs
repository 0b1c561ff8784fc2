//! The zones that stand beside times: offsets, abbreviations, names of the time zone database.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone};
use regex::{Captures, Regex};

use crate::lexicon::zone_names::NAMES;

/// The furthest offsets there are, in minutes: those of the Line Islands and of Baker Island.
const OFFSETS: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

/// `+0900`, `KST +09:00`, `UTC+9`, right behind a time.
static OFFSET: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"^,?\s*[(\[]?(?:[A-Za-z]{1,5}\)?\s?)?([+−–-])(\d{1,2})(?::?([0-5]\d))?(?:\D|$)")
        .unwrap()
});

/// `UTC+9`, `(GMT +09:00)`, and an offset in brackets or in front of everything: that is one wherever it stands.
static NAMED_OFFSET: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"(?x)
          [(\[]? \s? \b (?: UTC | GMT | UT ) \s? (?P<sign>[+−–-]) (?P<hours>\d{1,2}) (?: :? (?P<minutes>[0-5]\d) )? \b \s? [)\]]?
        | (?: ^ | [(\[] ) (?P<sign2>[+−–-]) (?P<hours2>\d{2}) :? (?P<minutes2>[0-5]\d) \b [)\]]?",
    )
    .unwrap()
});

/// What stands behind a time and may be its zone: an abbreviation, an offset, or both.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"^,?\s?[(\[]?(?:(?P<name>\p{L}{1,5})\b\s?)?(?P<offset>[+−–-]\d{1,2}(?::?[0-5]\d)?\b)?\s?[)\]]?",
    )
    .unwrap()
});

/// `Asia/Seoul`
static OF_DATABASE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"\b[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_+-]+(?:\d{1,2})?)+").unwrap()
});

static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"[\p{L}/_]+").unwrap()
});

fn fixed(minutes: i32) -> Option<TimeZone> {
    let offset = Offset::from_seconds(minutes * 60).ok()?;
    Some(TimeZone::fixed(offset))
}

/// The zone of an offset's sign, hours and minutes, where there is such a one.
fn of_offset(sign: &str, hours: &str, minutes: Option<&str>) -> Option<TimeZone> {
    let minutes = minutes.map_or(Some(0), |minutes| minutes.parse::<i32>().ok())?;
    let minutes = hours.parse::<i32>().ok()? * 60 + minutes;
    let minutes = if sign == "+" { minutes } else { -minutes };
    fixed(minutes).filter(|_| OFFSETS.contains(&minutes))
}

fn of_name(name: &str) -> Option<i32> {
    let is_called = |known: &str| match known.is_ascii() {
        true => known.eq_ignore_ascii_case(name),
        false => known == name || known.to_lowercase() == name,
    };
    let found = NAMES.iter().find(|(known, _)| is_called(known));
    found.map(|(_, minutes)| *minutes)
}

/// How much of what stands behind a time says its zone, in bytes.
pub(crate) fn length(behind_time: &str) -> usize {
    let mut length = 0;
    // `+0900 (KST)`
    for _ in 0..2 {
        let Some(found) = BESIDE.captures(&behind_time[length..]) else {
            break;
        };
        let is_one = match found.name("name") {
            Some(name) => is_zone(name.as_str()),
            None => found.name("offset").is_some(),
        };
        if !is_one {
            break;
        }
        length += found.get(0).map_or(0, |found| found.len());
    }
    length
}

/// A text without an offset that needs no time in front of it, and the zone that it is.
pub(crate) fn without_offset(text: &str) -> Option<(String, TimeZone)> {
    let found = NAMED_OFFSET.captures(text)?;
    let part = |one: &str, other: &str| found.name(one).or_else(|| found.name(other));
    let zone = of_offset(
        part("sign", "sign2")?.as_str(),
        part("hours", "hours2")?.as_str(),
        part("minutes", "minutes2").map(|minutes| minutes.as_str()),
    )?;
    let range = found.get(0)?.range();
    // `Etc/GMT+5` is a name, and means the opposite.
    if text[..range.start].ends_with('/') {
        return None;
    }
    let rest = format!("{} {}", &text[..range.start], &text[range.end..]);
    Some((rest, zone))
}

/// A text without the names of zones of the database.
pub(crate) fn without_names(text: &str) -> Cow<'_, str> {
    if !text.contains('/') {
        return Cow::Borrowed(text);
    }
    OF_DATABASE.replace_all(text, |found: &Captures<'_>| {
        let name = &found[0];
        match TimeZone::get(name) {
            Ok(_) => String::new(),
            Err(_) => name.to_owned(),
        }
    })
}

/// Whether a word is the abbreviation of a zone.
pub(crate) fn is_zone(word: &str) -> bool {
    of_name(word).is_some()
}

/// The zone beside a time: the offset right behind it, else a name of the database, else an abbreviation right behind
/// it or in capitals anywhere. A name that nobody knows is none.
pub(crate) fn beside(text: &str, behind_time: &str) -> Option<TimeZone> {
    // `9:00–10:30` is from when to when.
    let is_span = behind_time.trim_start().starts_with('–');
    if !is_span
        && let Some(found) = OFFSET.captures(behind_time)
        && let Some(zone) = of_offset(&found[1], &found[2], found.get(3).map(|m| m.as_str()))
    {
        return Some(zone);
    }
    if let Some(zone) = OF_DATABASE
        .find_iter(text)
        .find_map(|name| TimeZone::get(name.as_str()).ok())
    {
        return Some(zone);
    }
    // `9:00 kst`
    let next = WORDS.find(behind_time);
    let next = next.and_then(|word| of_name(word.as_str()));
    let mut words = WORDS.find_iter(text).map(|word| word.as_str());
    let anywhere = || {
        words.find_map(|word| {
            of_name(word)
                .filter(|_| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase()))
        })
    };
    fixed(next.or_else(anywhere)?)
}
