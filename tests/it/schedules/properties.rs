//! What holds for every cadence, zone and moment.

use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use tidings::roundups::slots;
use tidings_core::channel::open_until;
use tidings_core::language::Locale;
use tidings_core::schedule::{ALL, Cadence, CadenceError, CronFault, Zone};

use super::{LONDON, LORD_HOWE, NEW_YORK, SEOUL, cadence, moment, slots_of, zone};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What fires between two moments by the slow definition: walk the minutes; a slot fires when the
/// clock on the wall first reaches or passes it. Yields each slot with its moment.
fn by_hand(
    (hour, minute): (i8, i8),
    zone: &Zone,
    from: Timestamp,
    to: Timestamp,
) -> Vec<(DateTime, Timestamp)> {
    let mut reached = zone.tz().to_datetime(from);
    let mut fired = Vec::new();
    let mut now = from;
    while now < to {
        now += 1.minute();
        let clock = zone.tz().to_datetime(now);
        while reached < clock {
            reached = reached.checked_add(1.minute()).expect("our era");
            if (reached.hour(), reached.minute()) == (hour, minute) {
                fired.push((reached, now));
            }
        }
    }
    fired
}

/// Spans of ten days around the changes of 2026, and a quiet one.
const SPANS: &[(&str, &str)] = &[
    (NEW_YORK, "2026-03-03T00:00Z"),
    (NEW_YORK, "2026-10-27T00:00Z"),
    (LONDON, "2026-03-24T00:00Z"),
    (LONDON, "2026-10-20T00:00Z"),
    (LORD_HOWE, "2026-03-31T00:00Z"),
    (LORD_HOWE, "2026-09-29T00:00Z"),
    ("America/Nuuk", "2026-03-24T00:00Z"),
    ("Pacific/Apia", "2011-12-26T00:00Z"),
    ("Asia/Gaza", "2015-03-22T00:00Z"),
    ("Asia/Gaza", "2015-10-18T00:00Z"),
    (SEOUL, "2026-06-01T00:00Z"),
];

fn spans() -> impl Strategy<Value = (Zone, Timestamp)> {
    prop::sample::select(SPANS).prop_map(|(name, from)| {
        let zone = zone(name);
        let from = moment(from, &zone);
        (zone, from)
    })
}

/// What people's sentences about times are made of.
const WORDS: &[&str] = &[
    "instant",
    "as it comes",
    "every",
    "each",
    "daily",
    "weekly",
    "monthly",
    "hourly",
    "day",
    "week",
    "month",
    "hour",
    "hours",
    "minutes",
    "other",
    "twice",
    "biweekly",
    "fortnightly",
    "weekdays",
    "weekends",
    "mon",
    "tuesdays",
    "fri",
    "mon-fri",
    "sun",
    "am",
    "pm",
    "morning",
    "in the evening",
    "night",
    "noon",
    "midnight",
    "o'clock",
    "of the month",
    "1st",
    "15th",
    "31st",
    "first",
    "last",
    "last day",
    "to",
    "-",
    "until",
    "between",
    "and",
    "at",
    "on",
    "from",
    "next",
    "tomorrow",
    "KST",
    "1",
    "2",
    "3",
    "5",
    "8",
    "9",
    "12",
    "18",
    "22",
    "24",
    "30",
    "90",
    "9:30",
    "08:00",
    "22:00",
    "0930",
    "21h",
    "８",
    "２２",
    "cron",
    "*",
    "*/5",
    "*/90",
    "22-6",
    "@daily",
    "즉시",
    "바로",
    "매일",
    "매주",
    "매월",
    "매시간",
    "마다",
    "시간",
    "분",
    "주",
    "달",
    "일",
    "월요일",
    "목",
    "평일",
    "주말",
    "오전",
    "오후",
    "아침",
    "저녁",
    "밤",
    "정오",
    "자정",
    "시",
    "반",
    "부터",
    "까지",
    "사이",
    "에",
    "두 번",
    "격주",
    "다음 주",
    "내일",
    "말일",
    "첫째",
    "한국시간",
];

/// Times that changes touch, more often than not.
fn times() -> impl Strategy<Value = (i8, i8)> {
    prop_oneof![(0..4i8, 0..60i8), (23..24i8, 0..60i8), (0..24i8, 0..60i8)]
}

fn canonical() -> impl Strategy<Value = String> {
    let time = || (0..24, 0..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
    let days = prop::sample::subsequence(DAYS.to_vec(), 1..=7);
    prop_oneof![
        Just("instant".to_owned()),
        (time(), time())
            .prop_filter("a window", |(from, to)| from != to)
            .prop_map(|(from, to)| format!("instant {from}-{to}")),
        Just("hourly".to_owned()),
        time().prop_map(|time| format!("daily {time}")),
        time().prop_map(|time| format!("weekdays {time}")),
        (days, time()).prop_map(|(days, time)| format!("weekly {} {time}", days.join(","))),
        (1..=31, time()).prop_map(|(day, time)| format!("monthly {day} {time}")),
        (0..60, 0..24, 1..7).prop_map(|(m, h, d)| format!("cron {m} {h} * * {d}")),
        (1..60, 0..24, 1..29).prop_map(|(m, h, d)| format!("cron */{m} {h}-23 {d} * *")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn canonical_text_round_trips(text in canonical()) {
        prop_assert_eq!(cadence(&text).to_string(), text);
    }

    #[test]
    fn daily_and_weekly_slots_are_those_of_a_clock_on_the_wall(
        (zone, from) in spans(),
        (hour, minute) in times(),
        on in prop::sample::subsequence(DAYS.to_vec(), 1..=7),
    ) {
        let to = from + 240.hours();
        let fired = by_hand((hour, minute), &zone, from, to);
        let daily: Vec<Timestamp> = fired.iter().map(|(_, moment)| *moment).collect();
        for text in [format!("daily {hour}:{minute:02}"), format!("cron {minute} {hour} * * *")] {
            prop_assert_eq!(slots_of(&cadence(&text), &zone, from, to), daily.clone());
        }
        let is_on = |slot: DateTime| on.contains(&DAYS[slot.weekday().to_monday_zero_offset() as usize]);
        let weekly: Vec<Timestamp> =
            fired.iter().filter(|(slot, _)| is_on(*slot)).map(|(_, moment)| *moment).collect();
        for text in [
            format!("weekly {} {hour}:{minute:02}", on.join(", ")),
            format!("cron {minute} {hour} * * {}", on.join(",")),
        ] {
            prop_assert_eq!(slots_of(&cadence(&text), &zone, from, to), weekly.clone());
        }
    }

    /// By the slow definition: at each moment it is open if the last of its starts and ends on the wall that was reached
    /// is a start.
    #[test]
    fn a_window_is_open_behind_its_start_and_before_its_end(
        (zone, from) in spans(),
        start in times(),
        end in times(),
        seconds in prop::collection::vec(172_800..600_000i64, 20),
    ) {
        prop_assume!(start != end);
        let cadence = cadence(&format!("instant {:02}:{:02}-{:02}:{:02}", start.0, start.1, end.0, end.1));
        let to = from + 192.hours();
        let starts = by_hand(start, &zone, from, to);
        let ends = by_hand(end, &zone, from, to);
        prop_assert_eq!(slots_of(&cadence, &zone, from, to), starts.iter().map(|(_, moment)| *moment).collect::<Vec<_>>());
        for at in seconds.into_iter().map(|seconds| from + seconds.seconds()) {
            let (begun, _) = starts.iter().rfind(|(_, moment)| *moment <= at).unwrap();
            let (_, over) = ends.iter().find(|(slot, _)| slot > begun).unwrap();
            prop_assert_eq!(open_until(&cadence, &zone, at), Some(*over));
        }
    }

    #[test]
    fn from_any_moment_the_next_slot_is_the_next_of_the_list(
        (zone, from) in spans(),
        text in canonical(),
        seconds in prop::collection::vec(0..864_000i64, 20),
    ) {
        let cadence = cadence(&text);
        let to = from + 240.hours();
        let slots = slots_of(&cadence, &zone, from, to);
        prop_assert!(slots.windows(2).all(|pair| pair[0] < pair[1]));
        for after in seconds.into_iter().map(|seconds| from + seconds.seconds()) {
            let next = cadence.next_after(after, zone.tz());
            prop_assert!(next.is_none_or(|next| next > after));
            let listed = slots.iter().copied().find(|slot| *slot > after);
            prop_assert_eq!(next.filter(|next| *next <= to), listed);
        }
    }

    #[test]
    fn counting_crons_fire_whenever_the_clock_shows_a_slot((zone, from) in spans(), step in 1..40i8) {
        let text = format!("cron */{step} * * * *");
        let mut minutes = std::iter::successors(Some(from + 1.minute()), |now| Some(*now + 1.minute()));
        let shown: Vec<Timestamp> = minutes
            .by_ref()
            .take(240 * 60)
            .filter(|now| zone.tz().to_datetime(*now).minute() % step == 0)
            .collect();
        prop_assert_eq!(slots_of(&cadence(&text), &zone, from, from + 240.hours()), shown);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(
        text in r"(instant|hourly|daily|weekdays|weekly|monthly|cron|every)?( [0-9a-zäß:,.*/#LW?+\-]{0,6}){0,7}|.{0,60}",
    ) {
        match Cadence::parse(&text) {
            Ok(parsed) => {
                prop_assert_eq!(&cadence(&parsed.to_string()), &parsed);
                let zone = zone(NEW_YORK);
                let next = parsed.next_after(Timestamp::UNIX_EPOCH, zone.tz());
                prop_assert_eq!(next.is_none(), parsed.is_instant());
            }
            Err(error) => prop_assert!(Cadence::parse(error.example()).is_ok() && !error.to_string().is_empty()),
        }
        if let Err(error) = Zone::find(&text) {
            prop_assert!(error.nearest.len() <= 3);
        }
    }

    /// Whatever somebody says, each cadence that the answer names can be typed as it stands, and is then what it says.
    #[test]
    fn what_an_answer_echoes_parses_to_itself(
        words in prop::collection::vec(prop::sample::select(WORDS), 1..7),
        joined in prop::sample::select(&[" ", " ", " ", ", ", ""][..]),
    ) {
        let typed = words.join(joined);
        let echoed = match Cadence::parse(&typed) {
            Ok(read) => vec![read.to_string()],
            Err(error) => {
                let mut echoed = vec![error.example().to_owned()];
                match error {
                    CadenceError::Several { first, second, both, .. } => {
                        echoed.extend([first, second]);
                        echoed.extend(both);
                    }
                    CadenceError::MissingTime { instead, .. }
                    | CadenceError::MissingDay { instead, .. }
                    | CadenceError::Once { instead, .. }
                    | CadenceError::Zoned { when: instead, .. }
                    | CadenceError::Cron {
                        reason: CronFault::Step { instead, .. } | CronFault::Wraps { instead, .. },
                        ..
                    } => echoed.push(instead),
                    _ => {}
                }
                echoed
            }
        };
        for text in echoed {
            let read = Cadence::parse(&text).map(|read| read.to_string());
            prop_assert_eq!(read.as_deref(), Ok(text.as_str()), "of {}", typed);
        }
    }

    #[test]
    fn no_cron_makes_it_hang(fields in prop::collection::vec(r"[*]|[0-9]{1,2}|[*]/[0-9]{1,5}|[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[LW]|\+[0-7]|[1-7]#[1-6]|LW?", 5)) {
        let text = format!("cron {}", fields.join(" "));
        if let Ok(parsed) = Cadence::parse(&text) {
            let zone = zone(LORD_HOWE);
            prop_assert!(parsed.next_after(Timestamp::UNIX_EPOCH, zone.tz()).is_some(), "{}", text);
        }
    }
}

/// The words that a language's file lists for a thing.
fn said(locale: Locale, key: &str) -> Vec<String> {
    let source = locale.source();
    let start = format!("\nword-{key} =");
    let Some(at) = source.find(&start) else {
        return Vec::new();
    };
    let rest = &source[at + start.len()..];
    // It goes on in lines that are set in.
    let end = rest
        .match_indices('\n')
        .find(|(at, _)| !rest[at + 1..].starts_with(' '));
    let listed = &rest[..end.map_or(rest.len(), |(at, _)| at)];
    listed
        .split('|')
        .map(|word| word.trim().to_owned())
        .collect()
}

/// A cadence in the words of a language: `choice` picks among those that say the same. Nothing where it has none.
fn in_words(canonical: &str, locale: Locale, choice: usize) -> Option<String> {
    let word = |key: &str| {
        let words = said(locale, key);
        (!words.is_empty()).then(|| words[choice % words.len()].clone())
    };
    // Days of the week in English are the canonical texts' own.
    const LONG: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let day = |short: &str| {
        let at = DAYS.iter().position(|day| *day == short)?;
        Some(word(LONG[at]).unwrap_or_else(|| LONG[at].to_owned()))
    };
    let time = |time: &str| {
        let (hour, minute): (u32, u32) = (time[..2].parse().ok()?, time[3..].parse().ok()?);
        let twelve = (hour + 11) % 12 + 1;
        let part = word(if hour < 12 { "am" } else { "pm" })?;
        Some(match choice % 4 {
            0 => time.to_owned(),
            1 => format!("{part} {twelve}:{minute:02}"),
            2 if minute == 0 => format!("{hour}{}", word("oclock")?.replace("oclock", " oclock")),
            _ => format!("{hour}:{minute:02}"),
        })
    };
    let fields: Vec<&str> = canonical.split(' ').collect();
    Some(match fields.as_slice() {
        ["instant"] => word("instant")?,
        ["instant", window] => {
            let (from, to) = window.split_once('-')?;
            format!(
                "{} {} {} {}",
                word("instant")?,
                time(from)?,
                word("to")?,
                time(to)?
            )
        }
        ["hourly"] => word("hourly")?,
        ["every", hours, "hours"] => format!("{} {hours} {}", word("every")?, word("hour")?),
        ["daily", at] => format!("{} {}", word("daily")?, time(at)?),
        ["weekdays", at] => format!("{} {}", word("weekdays")?, time(at)?),
        ["weekly", days, at] => {
            let days: Option<Vec<String>> = days.split(',').map(day).collect();
            format!("{} {} {}", word("weekly")?, days?.join(", "), time(at)?)
        }
        ["monthly", date, at] => {
            let monthly = word("monthly").filter(|word| !word.starts_with("of"))?;
            let nth = said(locale, "counted-day").first()?.clone();
            format!("{monthly} {date}{nth} {}", time(at)?)
        }
        // A crontab is the same in all languages.
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cadence_in_each_languages_words_is_that_cadence(
        text in prop_oneof![
            canonical(),
            prop::sample::select(&[2, 3, 4, 6, 8, 12][..]).prop_map(|hours| format!("every {hours} hours")),
        ],
        choice in 0..64usize,
    ) {
        for locale in Locale::all() {
            if let Some(said) = in_words(&text, locale, choice) {
                let read = Cadence::parse(&said).map(|read| read.to_string());
                prop_assert_eq!(read.as_deref(), Ok(text.as_str()), "{}", said);
            }
        }
    }
}

#[test]
fn each_language_has_words_for_all_but_a_crontab() {
    for kind in ALL.iter().filter(|kind| kind.name != "cron") {
        for locale in Locale::all() {
            let said = in_words(kind.example, locale, 0).expect(kind.example);
            assert_eq!(cadence(&said).to_string(), kind.example, "{said}");
        }
    }
}

fn any_cadence() -> impl Strategy<Value = Cadence> {
    let times = times().prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
    (0..6usize, times, 0..7usize, 1..32u8).prop_map(|(kind, time, day, date)| {
        cadence(&match kind {
            0 => "hourly".to_owned(),
            1 => format!("daily {time}"),
            2 => format!("weekdays {time}"),
            3 => format!("weekly {} {time}", DAYS[day]),
            4 => format!("monthly {date} {time}"),
            _ => "cron 0 9 * * 1-5".to_owned(),
        })
    })
}

proptest! {
    /// Whatever a clock said that was wrong for a while, the slot is one that a right clock might have reckoned; and
    /// what a right clock has reckoned stays.
    #[test]
    fn a_slot_is_reckoned_anew_only_if_it_is_too_far_ahead(
        cadence in any_cadence(),
        zone in prop::sample::select(&[NEW_YORK, LONDON, LORD_HOWE, SEOUL, "Pacific/Apia"][..]).prop_map(zone),
        now in 1_780_000_000..1_900_000_000i64,
        ahead in prop_oneof![0..43_200i64, 43_200..1_000_000i64, 1_000_000..900_000_000i64],
        waited in 0..3_000_000i64,
    ) {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let now_at = at(now);
        let slot_by = |clock| cadence.next_after(at(clock), zone.tz()).unwrap();
        // Reckoned by a clock that was ahead.
        let slot = slot_by(now + ahead);
        let mended = slots::fault(&cadence, slot, now_at, &zone, false).map_or(slot, |(_, next)| next);
        prop_assert!(mended > now_at);
        prop_assert!(mended <= slots::furthest(&cadence, now_at, &zone).unwrap());
        prop_assert_eq!(slot_by(mended.as_second() - 1), mended);
        // Reckoned by a clock that was right, a while ago.
        let slot = slot_by(now - waited);
        prop_assert_eq!(slots::fault(&cadence, slot, now_at, &zone, false), None);
        prop_assert_eq!(slots::fault(&cadence, slot_by(now + ahead), at(3_600), &zone, true), None);
    }
}
