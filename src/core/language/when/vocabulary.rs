//! The words in which people say when, and what each of them means: all languages in one table, since people mix them.
//! A phrase counts where it is the longest one that stands there; a Latin one only as a whole word, any other wherever it
//! begins, since particles and counters stick to Korean words.

use std::sync::LazyLock;

use crate::language::words::words;
use crate::schedule::weekly;

/// A stretch of time that something comes once in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// A part of the day, which tells nine in the morning from nine in the evening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `am`, `pm`: hours from 1 to 12 only.
    Am,
    Pm,
    /// Before noon, also of the 24-hour clock.
    Morning,
    /// From noon to midnight.
    Evening,
    /// From evening into the night: 10 is 22:00, 12 is midnight, 2 is 02:00.
    Night,
    /// Around noon: 12 is noon, 11 before it, 1 behind it.
    Midday,
}

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Instant,
    /// Once in such a time: `every`, `daily`; a number before the unit makes several of it.
    Every,
    Per(Unit),
    /// `2 hours`, `day`.
    Unit(Unit),
    /// `every other day`.
    Other,
    /// Two or more times in a unit.
    Twice,
    /// Every two weeks, or twice a week.
    Biweekly,
    /// Every two weeks.
    Fortnightly,
    /// Every two months, or twice a month.
    Bimonthly,
    Weekdays,
    Weekend,
    Day(usize),
    Part(Part),
    /// A time of day by name.
    Time(i8),
    /// `o'clock`, behind an hour.
    Oclock,
    /// Half an hour behind an hour.
    Half,
    /// `st`, `th`: the number before it is a day of the month.
    Nth,
    /// `first`: before a day.
    Ordinal(u32),
    /// `times`: the number before it says how often.
    Times,
    /// The last day of a month.
    Last,
    /// `to`, between two days.
    Range,
    /// `between`, of two times.
    Between,
    /// `this`, `today`: once, and no schedule.
    Once,
    /// `next`, which of a day may mean the coming one or the one behind it.
    Next,
    /// The week behind this one, in which a day is that of next week.
    NextWeek,
    /// The day after this one.
    Tomorrow,
    /// `year`, which is too long for a schedule.
    Year,
    Number(u32),
    /// Says nothing that matters.
    Filler,
}

use Meaning::{
    Between, Bimonthly, Biweekly, Day, Every, Filler, Fortnightly, Half, Instant, Last, Next,
    NextWeek, Nth, Number, Oclock, Once, Ordinal, Other, Per, Range, Time, Times, Tomorrow, Twice,
    Weekdays, Weekend, Year,
};

/// What the words mean that the languages' files list, by their keys there.
const MEANINGS: &[(&str, Meaning)] = &[
    ("instant", Instant),
    ("every", Every),
    ("hourly", Per(Unit::Hour)),
    ("daily", Per(Unit::Day)),
    ("weekly", Per(Unit::Week)),
    ("monthly", Per(Unit::Month)),
    ("minute", Meaning::Unit(Unit::Minute)),
    ("hour", Meaning::Unit(Unit::Hour)),
    ("day", Meaning::Unit(Unit::Day)),
    ("week", Meaning::Unit(Unit::Week)),
    ("month", Meaning::Unit(Unit::Month)),
    ("other", Other),
    ("twice", Twice),
    ("biweekly", Biweekly),
    ("fortnightly", Fortnightly),
    ("bimonthly", Bimonthly),
    ("weekdays", Weekdays),
    ("weekend", Weekend),
    ("monday", Day(0)),
    ("tuesday", Day(1)),
    ("wednesday", Day(2)),
    ("thursday", Day(3)),
    ("friday", Day(4)),
    ("saturday", Day(5)),
    ("sunday", Day(6)),
    ("am", Meaning::Part(Part::Am)),
    ("pm", Meaning::Part(Part::Pm)),
    ("morning", Meaning::Part(Part::Morning)),
    ("evening", Meaning::Part(Part::Evening)),
    ("night", Meaning::Part(Part::Night)),
    ("midday", Meaning::Part(Part::Midday)),
    ("noon", Time(12)),
    ("midnight", Time(0)),
    ("oclock", Oclock),
    ("half", Half),
    ("nth", Nth),
    ("times", Times),
    ("filler", Filler),
    ("last", Last),
    ("to", Range),
    ("between", Between),
    ("once", Once),
    ("next", Next),
    ("next-week", NextWeek),
    ("tomorrow", Tomorrow),
    ("year", Year),
    ("first", Ordinal(1)),
    ("second", Ordinal(2)),
    ("third", Ordinal(3)),
    ("fourth", Ordinal(4)),
    ("one", Number(1)),
    ("two", Number(2)),
    ("three", Number(3)),
    ("four", Number(4)),
    ("five", Number(5)),
    ("six", Number(6)),
    ("seven", Number(7)),
    ("eight", Number(8)),
    ("nine", Number(9)),
    ("ten", Number(10)),
    ("eleven", Number(11)),
    ("twelve", Number(12)),
];

/// The phrases of all languages, with what they mean.
static PHRASES: LazyLock<Vec<(String, Meaning)>> = LazyLock::new(|| {
    let meanings = MEANINGS.iter();
    let phrases =
        meanings.flat_map(|(key, meaning)| words(key).map(move |phrase| (phrase, *meaning)));
    phrases.collect()
});

/// What the longest phrase at the beginning of a text means, and how many bytes it takes. The text is folded to lower
/// case.
pub(super) fn longest(text: &str) -> Option<(usize, Meaning)> {
    let found = PHRASES
        .iter()
        .filter(|(phrase, meaning)| {
            // “A4” is no “a 4”, though “at9” is nine.
            let is_glued = || {
                text[phrase.len()..].starts_with(|c: char| c.is_ascii_digit())
                    && words("article").any(|article| article == *phrase)
            };
            text.starts_with(phrase)
                && ends_a_word(phrase, text)
                && !(*meaning == Filler && is_glued())
        })
        .map(|(phrase, meaning)| (phrase.len(), *meaning))
        .max_by_key(|(length, _)| *length);
    let word = latin(text);
    let day = weekly::index(word).map(|day| (word.len(), Day(day)));
    match (found, day) {
        (Some(found), Some(day)) => Some(if day.0 > found.0 { day } else { found }),
        (found, day) => found.or(day),
    }
}

/// The Latin letters at the beginning.
pub(super) fn latin(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    &text[..end.unwrap_or(text.len())]
}

/// Whether a phrase isn't merely the beginning of a longer Latin word.
pub(super) fn ends_a_word(phrase: &str, text: &str) -> bool {
    let is_latin = |c: char| c.is_alphabetic() && c.is_ascii();
    let rest = &text[phrase.len()..];
    !(phrase.ends_with(is_latin) && rest.starts_with(is_latin))
}

/// Whether a word that names a day of the week counts days of a month as well, right behind a number.
pub(super) fn counts_days(text: &str) -> bool {
    begins_with("counted-day", text).is_some()
}

/// Whether a word is a number, with nothing behind it but what counts days of a month.
pub(super) fn is_day_of_month(word: &str) -> bool {
    let behind = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let counts = || {
        words("nth")
            .chain(words("counted-day"))
            .any(|known| known == behind)
    };
    behind.len() < word.len() && (behind.is_empty() || counts())
}

/// Whether a word behind a number makes a time or a length of it: `pm`, `hours`, `시`.
pub(super) fn makes_a_time(word: &str) -> bool {
    let meaning = longest(word).map(|(_, meaning)| meaning);
    matches!(
        meaning,
        Some(Meaning::Part(_) | Meaning::Unit(_) | Oclock | Times | Meaning::Time(_))
    )
}

/// How long a word is that names a month right behind a number, though it names a day of the week elsewhere: “3월” is March.
pub(super) fn counts_months(text: &str) -> Option<usize> {
    let length = begins_with("counted-month", text)?;
    let is_whole = longest(text).is_none_or(|(longest, _)| longest <= length);
    is_whole.then_some(length)
}

/// Whether what is counted before a text, so many of it, comes again and again: “3일마다”, “1일 1회”.
pub(super) fn is_of_each(count: u32, text: &str) -> bool {
    let begins = |key: &str| begins_with(key, text.trim_start()).is_some();
    begins("of-each") || count == 1 && begins("once-each")
}

/// How long the longest word for a thing is that a text begins with.
fn begins_with(key: &str, text: &str) -> Option<usize> {
    let found = words(key).filter(|word| text.starts_with(word) && ends_a_word(word, text));
    found.map(|word| word.len()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_said_for_two_things() {
        for (at, (one, _)) in PHRASES.iter().enumerate() {
            let mut before = PHRASES[..at].iter();
            assert!(!before.any(|(other, _)| other == one), "{one}");
            assert_eq!(*one, one.trim().to_lowercase(), "{one}");
        }
    }
}
