//! The zones that stand beside times: offsets, abbreviations, names of the time zone database.

use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone};
use regex::Regex;

/// What abbreviations usually mean, in minutes east of Greenwich. Where two zones share one, the one that is written
/// more: India's IST, America's CST and AST, Britain's BST. RFC 822 has the first ten of them.
const NAMES: &[(&str, i32)] = &[
    ("UT", 0),
    ("GMT", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("UTC", 0),
    ("Z", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("MSD", 240),
    ("TRT", 180),
    ("SAMT", 240),
    ("YEKT", 300),
    ("OMST", 360),
    ("NOVT", 420),
    ("KRAT", 420),
    ("IRKT", 480),
    ("YAKT", 540),
    ("VLAT", 600),
    ("MAGT", 660),
    ("PETT", 720),
    ("IDT", 180),
    ("GST", 240),
    ("IRST", 210),
    ("IRDT", 270),
    ("PKT", 300),
    ("UZT", 300),
    ("IST", 330),
    ("NPT", 345),
    ("BDT", 360),
    ("MMT", 390),
    ("ICT", 420),
    ("WIB", 420),
    ("WITA", 480),
    ("WIT", 540),
    ("HKT", 480),
    ("SGT", 480),
    ("MYT", 480),
    ("PHT", 480),
    ("KST", 540),
    ("KDT", 600),
    ("JST", 540),
    ("AWST", 480),
    ("ACST", 570),
    ("ACDT", 630),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("SAST", 120),
    ("CAT", 120),
    ("EAT", 180),
    ("WAT", 60),
    ("AST", -240),
    ("ADT", -180),
    ("NST", -210),
    ("NDT", -150),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("BRT", -180),
    ("BRST", -120),
    ("ART", -180),
    ("CLT", -240),
    ("CLST", -180),
    ("COT", -300),
    ("PET", -300),
    ("VET", -240),
    ("UYT", -180),
];

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
pub(super) fn is_zone(word: &str) -> bool {
    of_name(word).is_some()
}

/// The zone beside a time: the offset right behind it, else a name of the database, else an abbreviation right behind
/// it or in capitals anywhere. A name that nobody knows is none.
pub(super) fn beside(text: &str, behind_time: &str) -> Option<TimeZone> {
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
