//! The words in which people say when, and what each of them means: English and Korean in one table, since
//! people mix them. A phrase counts where it is the longest one that stands there; a Latin one only as a whole word,
//! a Hangul one wherever it begins, since particles and counters stick to it.

use super::weekly;

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
    /// `next`, `tomorrow`: once, and no schedule.
    Once,
    Number(u32),
    /// Says nothing that matters.
    Filler,
}

use Meaning::{
    Biweekly, Day, Every, Filler, Fortnightly, Half, Instant, Last, Nth, Number, Oclock, Once,
    Ordinal, Other, Per, Range, Time, Times, Twice, Weekdays, Weekend,
};

/// Phrases that mean the same, parted by `|`, and what they mean.
const PHRASES: &[(&str, Meaning)] = &[
    (
        "instant|instantly|immediate|immediately|at once|right away|as it comes|as they come|live|realtime|real time|\
         real-time|즉시|바로|곧바로|실시간|실시간으로|나오는 대로",
        Instant,
    ),
    ("every|each|매|마다|간격|간격으로", Every),
    ("hourly|매시간|매시", Per(Unit::Hour)),
    (
        "daily|everyday|매일|매일매일|날마다|하루|하루에|하루에 한 번|하루 한 번|하루에 한번|하루 한번",
        Per(Unit::Day),
    ),
    ("weekly|매주|일주일에", Per(Unit::Week)),
    (
        "monthly|매월|매달|월마다|of the month|of every month|of each month",
        Per(Unit::Month),
    ),
    ("minute|minutes|min|mins|분", Meaning::Unit(Unit::Minute)),
    ("hour|hours|hr|hrs|시간", Meaning::Unit(Unit::Hour)),
    ("day|days", Meaning::Unit(Unit::Day)),
    ("week|weeks|wk|wks|주|주일", Meaning::Unit(Unit::Week)),
    ("month|months|달|개월", Meaning::Unit(Unit::Month)),
    ("other|second other", Other),
    ("twice|twice a|두 번|두번", Twice),
    ("biweekly|bi-weekly", Biweekly),
    ("fortnightly|fortnight|격주|격주로|격주마다", Fortnightly),
    (
        "weekdays|weekday|workdays|workday|working days|business days|평일|평일마다|주중",
        Weekdays,
    ),
    ("weekend|weekends|주말|주말마다", Weekend),
    ("월요일|월욜|월", Day(0)),
    ("화요일|화욜|화", Day(1)),
    ("수요일|수욜|수", Day(2)),
    ("목요일|목욜|목", Day(3)),
    ("금요일|금욜|금", Day(4)),
    ("토요일|토욜|토", Day(5)),
    ("일요일|일욜|일", Day(6)),
    ("am|a.m.|a.m|a m|오전", Meaning::Part(Part::Am)),
    ("pm|p.m.|p.m|p m|오후", Meaning::Part(Part::Pm)),
    ("morning|mornings|아침|새벽", Meaning::Part(Part::Morning)),
    (
        "afternoon|afternoons|evening|evenings|저녁",
        Meaning::Part(Part::Evening),
    ),
    ("night|nights|밤", Meaning::Part(Part::Night)),
    ("낮|점심", Meaning::Part(Part::Midday)),
    ("noon|midday|정오", Time(12)),
    ("midnight|자정", Time(0)),
    ("o'clock|o’clock|oclock|시", Oclock),
    ("반", Half),
    ("st|nd|rd|th", Nth),
    ("times|times a|번|회", Times),
    ("한 번|한번|1회", Filler),
    (
        "last|last day|end|마지막 날|마지막날|말일|월말|마지막",
        Last,
    ),
    ("to|through|thru|until|till|-|~|부터|에서", Range),
    (
        "next|this|tomorrow|today|tonight|다음 주|다음주|다음|이번 주|이번주|이번|내일|오늘|모레",
        Once,
    ),
    ("first|첫째|첫 번째|첫번째|첫", Ordinal(1)),
    ("second|둘째|두 번째|두번째", Ordinal(2)),
    ("third|셋째|세 번째|세번째", Ordinal(3)),
    ("fourth|넷째|네 번째|네번째", Ordinal(4)),
    ("one|한|하나", Number(1)),
    ("two|couple of|두|둘", Number(2)),
    ("three|세|셋", Number(3)),
    ("four|네|넷", Number(4)),
    ("five|다섯", Number(5)),
    ("six|여섯", Number(6)),
    ("seven|일곱", Number(7)),
    ("eight|여덟", Number(8)),
    ("nine|아홉", Number(9)),
    ("ten|열", Number(10)),
    ("eleven|열한|열하나", Number(11)),
    ("twelve|열두|열둘", Number(12)),
    (
        "at|on|the|of|in|and|from|by|sharp|exactly|time|local|a|per|once|once a|&|까지|에|은|는|과|와|하고|및|이랑|랑|의|정각|정각에|\
         으로|로|씩",
        Filler,
    ),
];

/// What the longest phrase at the beginning of a text means, and how many bytes it takes. The text is folded to lower
/// case.
pub(super) fn longest(text: &str) -> Option<(usize, Meaning)> {
    let phrases = PHRASES
        .iter()
        .flat_map(|(phrases, meaning)| phrases.split('|').map(move |phrase| (phrase, *meaning)));
    let found = phrases
        .filter(|(phrase, _)| text.starts_with(phrase) && ends_a_word(phrase, text))
        .map(|(phrase, meaning)| (phrase.len(), meaning))
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
fn ends_a_word(phrase: &str, text: &str) -> bool {
    let is_latin = |c: char| c.is_alphabetic() && c.is_ascii();
    let rest = &text[phrase.len()..];
    !(phrase.ends_with(is_latin) && rest.starts_with(is_latin))
}
