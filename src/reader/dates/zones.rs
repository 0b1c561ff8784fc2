//! The zones that stand beside times: offsets, abbreviations, names of the time zone database.

use crate::lexicon::zone_names::NAMES;
use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone};
use regex::Regex;

/// The furthest offsets there are, in minutes: those of the Line Islands and of Baker Island.
const OFFSETS: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

/// `+0900`, `KST +09:00`, `UTC+9`, `am -05:00`, right behind a time.
static OFFSET: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"^,?(?:\s?[AaPp]\.?[Mm]\b\.?)?\s*\(?(?:[A-Za-z]{1,5}\)?\s?)?([+−–-])(\d{1,2})(?::?([0-5]\d))?(?:\D|$)",
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

fn of_name(name: &str) -> Option<i32> {
    let found = NAMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, minutes)| *minutes)
}

/// Whether a word is the abbreviation of a zone.
pub(crate) fn is_zone(word: &str) -> bool {
    of_name(word).is_some()
}

/// The zone beside a time: the offset right behind it, else a name of the database, else an abbreviation right behind
/// it or in capitals anywhere. A name that nobody knows is none.
pub(crate) fn beside(text: &str, behind_time: &str) -> Option<TimeZone> {
    if let Some(found) = OFFSET.captures(behind_time) {
        let number = |at: usize| found.get(at).and_then(|n| n.as_str().parse::<i32>().ok());
        let minutes = number(2)? * 60 + number(3).unwrap_or(0);
        let minutes = if &found[1] == "+" { minutes } else { -minutes };
        if OFFSETS.contains(&minutes) {
            return fixed(minutes);
        }
    }
    if let Some(zone) = OF_DATABASE
        .find_iter(text)
        .find_map(|name| TimeZone::get(name.as_str()).ok())
    {
        return Some(zone);
    }
    // `9:00 am kst`
    let mut behind = WORDS.find_iter(behind_time).map(|word| word.as_str());
    let next = behind
        .find(|word| !["am", "pm", "a", "p", "m"].contains(&word.to_ascii_lowercase().as_str()));
    let next = next.and_then(of_name);
    let mut words = WORDS.find_iter(text).map(|word| word.as_str());
    let anywhere = || {
        words.find_map(|word| {
            of_name(word)
                .filter(|_| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase()))
        })
    };
    fixed(next.or_else(anywhere)?)
}
