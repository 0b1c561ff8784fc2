//! Times of the day as they are written: `21:05`, `9:05 p. m.`, `下午9:05`, `21.05 WIB`.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Time;
use regex::{Captures, Regex};

use crate::dates::{search, zones};
use crate::lexicon::calendars::{self, PARTS, Part};

/// A time of the day in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Where it stands, with the part of the day before or behind it.
    pub(crate) range: Range<usize>,
    pub(crate) time: Time,
    /// Whether it is the day's end: 24:00.
    pub(crate) ends_day: bool,
}

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(calendars::CLOCKS).unwrap()
});

static POINTED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(calendars::POINTED_CLOCKS).unwrap()
});

/// What parts of the day are called, as one pattern: points and spaces may stand in the halves of English and Spanish.
fn parts(is_wanted: impl Fn(&str) -> bool) -> String {
    let words = PARTS
        .iter()
        .filter(|(word, _)| is_wanted(word))
        .map(|(word, _)| match *word {
            "am" => r"a(?:\.\s?)?m",
            "pm" => r"p(?:\.\s?)?m",
            word => word,
        });
    words.collect::<Vec<_>>().join("|")
}

static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(&format!(
        r"(?i)({})\.?\s*$",
        parts(|word| !calendars::BEHIND_TIMES.contains(&word))
    ))
    .unwrap()
});

static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(&format!(r"(?i)^\s?({})\.?", parts(|_| true))).unwrap()
});

/// The part of the day that is called so.
fn part(word: &str) -> Option<Part> {
    let plain: String = word
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let found = PARTS.iter().find(|(known, _)| *known == plain);
    found.map(|(_, part)| *part)
}

/// The first time of the day in a text.
pub(crate) fn find(text: &str) -> Option<Clock> {
    match CLOCK.captures(text) {
        Some(found) => read(text, &found),
        None => pointed(text),
    }
}

/// A time whose parts are parted by points. So is a day or a version: it is a time behind a day where nothing else follows, and
/// in front of its zone wherever the day is.
fn pointed(text: &str) -> Option<Clock> {
    POINTED.captures_iter(text).find_map(|found| {
        let range = found.get(0)?.range();
        let (before, behind) = (&text[..range.start], &text[range.end..]);
        let goes_on = before.ends_with('.')
            || behind
                .strip_prefix('.')
                .is_some_and(|behind| behind.starts_with(|c: char| c.is_ascii_digit()));
        if goes_on {
            return None;
        }
        let zone = zones::length(behind);
        let is_behind_day = || {
            let goes_on = || zones::without_names(behind).contains(char::is_alphanumeric);
            let is_last = zone > 0 || !goes_on();
            is_last && search::alone(before).is_some()
        };
        let is_in_front = || zone > 0 && search::alone(&behind[zone..]).is_some();
        if is_behind_day() || is_in_front() {
            read(text, &found)
        } else {
            None
        }
    })
}

fn read(text: &str, found: &Captures<'_>) -> Option<Clock> {
    let number = |names: &[&str]| {
        let found = names.iter().find_map(|name| found.name(name));
        found.map_or(Some(0), |n| n.as_str().parse::<i8>().ok())
    };
    let mut range = found.get(0)?.range();
    let mut told = ["half", "halfu"]
        .iter()
        .find_map(|name| part(found.name(name)?.as_str()));
    if told.is_none()
        && let Some(behind) = BEHIND.captures(&text[range.end..])
        && let (Some(whole), Some(word)) = (behind.get(0), behind.get(1))
        && !text[range.end + word.end()..].starts_with(char::is_alphabetic)
    {
        told = part(word.as_str());
        range.end += whole.end();
    }
    if told.is_none()
        && let Some(before) = BEFORE.captures(&text[..range.start])
        && let Some(word) = before.get(1)
    {
        // Words of letters that need no space between them may stand behind others of their kind.
        let is_word = !word.as_str().starts_with(is_spaced)
            || !text[..word.start()].ends_with(char::is_alphabetic);
        if is_word {
            told = part(word.as_str());
            range.start = word.start();
        }
    }
    let hour = number(&["h", "hc", "hp", "hu", "hf", "ha"])?;
    let hour = match (told, hour) {
        (Some(Part::Afternoon), 1..12) | (Some(Part::Noon), 1..5) | (Some(Part::Night), 5..12) => {
            hour + 12
        }
        (Some(Part::Morning | Part::Night), 12) => 0,
        _ => hour,
    };
    let ends_day = hour == 24;
    // A second may be added to a day.
    let seconds = number(&["s", "sc", "sp", "su"])?.min(59);
    let time = Time::new(
        if ends_day { 0 } else { hour },
        number(&["m", "mc", "mp", "mu", "mf"])?,
        seconds,
        0,
    );
    Some(Clock {
        range,
        time: time.ok()?,
        ends_day,
    })
}

/// Whether a letter is of a script that parts its words.
fn is_spaced(c: char) -> bool {
    c.is_alphabetic() && !tidings_core::text::is_cjk(c)
}
