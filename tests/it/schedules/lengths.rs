//! How long a pause is to last, in people's words.

use proptest::prelude::*;
use tidings_core::language::when::{HowLong, HowLongError};
use tidings_core::language::{Locale, Texts};

use super::{LONDON, LORD_HOWE, NEW_YORK, SEOUL, moment, rows, show, zone};

fn ends(text: &str, name: &str, now: &str) -> Result<String, HowLongError> {
    let zone = zone(name);
    let until = HowLong::parse(text)?.ends(moment(now, &zone), &zone)?;
    Ok(show(until, &zone))
}

/// A Friday noon.
const NOW: &str = "2026-11-06T12:00";

#[test]
fn what_people_write_is_a_moment() {
    for [typed, end] in rows(
        "
        3d | Mon 2026-11-09 12:00 +09:00
        3 d | Mon 2026-11-09 12:00 +09:00
        3 days | Mon 2026-11-09 12:00 +09:00
        for 3 days | Mon 2026-11-09 12:00 +09:00
        THREE DAYS | Mon 2026-11-09 12:00 +09:00
        ３ｄ | Mon 2026-11-09 12:00 +09:00
        a day | Sat 2026-11-07 12:00 +09:00
        12h | Sat 2026-11-07 00:00 +09:00
        12 hours | Sat 2026-11-07 00:00 +09:00
        12hrs | Sat 2026-11-07 00:00 +09:00
        an hour | Fri 2026-11-06 13:00 +09:00
        half an hour | Fri 2026-11-06 12:30 +09:00
        30m | Fri 2026-11-06 12:30 +09:00
        90 minutes | Fri 2026-11-06 13:30 +09:00
        1h30 | Fri 2026-11-06 13:30 +09:00
        1h30m | Fri 2026-11-06 13:30 +09:00
        1500 m | Sat 2026-11-07 13:00 +09:00
        1d12h | Sun 2026-11-08 00:00 +09:00
        1 day and 12 hours | Sun 2026-11-08 00:00 +09:00
        2w | Fri 2026-11-20 12:00 +09:00
        2 weeks | Fri 2026-11-20 12:00 +09:00
        a week | Fri 2026-11-13 12:00 +09:00
        fortnight | Fri 2026-11-20 12:00 +09:00
        a month | Sun 2026-12-06 12:00 +09:00
        3 months | Sat 2027-02-06 12:00 +09:00
        a year | Sat 2027-11-06 12:00 +09:00
        365 days | Sat 2027-11-06 12:00 +09:00
        until monday | Mon 2026-11-09 00:00 +09:00
        monday | Mon 2026-11-09 00:00 +09:00
        till Mon | Mon 2026-11-09 00:00 +09:00
        until friday | Fri 2026-11-13 00:00 +09:00
        this sunday | Sun 2026-11-08 00:00 +09:00
        until next friday | Fri 2026-11-13 00:00 +09:00
        until monday 9:00 | Mon 2026-11-09 09:00 +09:00
        until monday at 9 | Mon 2026-11-09 09:00 +09:00
        until monday morning at 9 | Mon 2026-11-09 09:00 +09:00
        until 18:00 | Fri 2026-11-06 18:00 +09:00
        18:00 | Fri 2026-11-06 18:00 +09:00
        until 6pm | Fri 2026-11-06 18:00 +09:00
        until 9 pm | Fri 2026-11-06 21:00 +09:00
        until 18 | Fri 2026-11-06 18:00 +09:00
        until 18h | Fri 2026-11-06 18:00 +09:00
        until 18h30 | Fri 2026-11-06 18:30 +09:00
        until 1830 | Fri 2026-11-06 18:30 +09:00
        until 11:59 | Sat 2026-11-07 11:59 +09:00
        until 12:00 | Sat 2026-11-07 12:00 +09:00
        until noon | Sat 2026-11-07 12:00 +09:00
        until midnight | Sat 2026-11-07 00:00 +09:00
        until 24:00 | Sat 2026-11-07 00:00 +09:00
        until tomorrow | Sat 2026-11-07 00:00 +09:00
        tomorrow 9am | Sat 2026-11-07 09:00 +09:00
        until the 15th | Sun 2026-11-15 00:00 +09:00
        until the 1st | Tue 2026-12-01 00:00 +09:00
        until 2026-12-01 | Tue 2026-12-01 00:00 +09:00
        until 2026/12/1 | Tue 2026-12-01 00:00 +09:00
        until 24.12. | Thu 2026-12-24 00:00 +09:00
        until 24.12 | Thu 2026-12-24 00:00 +09:00
        until 24.12. 18:00 | Thu 2026-12-24 18:00 +09:00
        until 12/24 | Thu 2026-12-24 00:00 +09:00
        until 24/12 | Thu 2026-12-24 00:00 +09:00
        until 1.12.2026 | Tue 2026-12-01 00:00 +09:00
        until dec 1 | Tue 2026-12-01 00:00 +09:00
        until 1 Dec | Tue 2026-12-01 00:00 +09:00
        until December 1st, 2026 | Tue 2026-12-01 00:00 +09:00
        until the 1st of december at 9am | Tue 2026-12-01 09:00 +09:00
        until nov 6 | Sat 2027-11-06 00:00 +09:00
        until 11/11 | Wed 2026-11-11 00:00 +09:00
        until 18.30 | Fri 2026-11-06 18:30 +09:00
        until 6.30pm | Fri 2026-11-06 18:30 +09:00
        until monday 9.30 | Mon 2026-11-09 09:30 +09:00
        12월 1일까지 | Tue 2026-12-01 00:00 +09:00
        12월 1일 오전 9시까지 | Tue 2026-12-01 09:00 +09:00
        2026년 12월 1일까지 | Tue 2026-12-01 00:00 +09:00
        1월 5일까지 | Tue 2027-01-05 00:00 +09:00
        12. 24.까지 | Thu 2026-12-24 00:00 +09:00
        2026-12-1 18:00 | Tue 2026-12-01 18:00 +09:00
        3일 | Mon 2026-11-09 12:00 +09:00
        3일간 | Mon 2026-11-09 12:00 +09:00
        3일 동안 | Mon 2026-11-09 12:00 +09:00
        3일동안 | Mon 2026-11-09 12:00 +09:00
        ３일 | Mon 2026-11-09 12:00 +09:00
        사흘 | Mon 2026-11-09 12:00 +09:00
        사흘 동안 | Mon 2026-11-09 12:00 +09:00
        하루 | Sat 2026-11-07 12:00 +09:00
        12시간 | Sat 2026-11-07 00:00 +09:00
        열두 시간 동안 | Sat 2026-11-07 00:00 +09:00
        30분 | Fri 2026-11-06 12:30 +09:00
        1시간 30분 | Fri 2026-11-06 13:30 +09:00
        2주 | Fri 2026-11-20 12:00 +09:00
        2주간 | Fri 2026-11-20 12:00 +09:00
        두 주 동안 | Fri 2026-11-20 12:00 +09:00
        일주일 | Fri 2026-11-13 12:00 +09:00
        일주일간 | Fri 2026-11-13 12:00 +09:00
        한 달 | Sun 2026-12-06 12:00 +09:00
        3개월 | Sat 2027-02-06 12:00 +09:00
        1년 | Sat 2027-11-06 12:00 +09:00
        월요일까지 | Mon 2026-11-09 00:00 +09:00
        월욜까지 | Mon 2026-11-09 00:00 +09:00
        월요일 9시까지 | Mon 2026-11-09 09:00 +09:00
        다음 주 월요일까지 | Mon 2026-11-09 00:00 +09:00
        다음 주 월요일 오전 9시까지 | Mon 2026-11-09 09:00 +09:00
        다음 주 일요일까지 | Sun 2026-11-15 00:00 +09:00
        다음주 일요일까지 | Sun 2026-11-15 00:00 +09:00
        until sunday next week | Sun 2026-11-15 00:00 +09:00
        이번 주 일요일까지 | Sun 2026-11-08 00:00 +09:00
        18:00까지 | Fri 2026-11-06 18:00 +09:00
        18시까지 | Fri 2026-11-06 18:00 +09:00
        오후 6시까지 | Fri 2026-11-06 18:00 +09:00
        오후 6시 반까지 | Fri 2026-11-06 18:30 +09:00
        저녁 7시까지 | Fri 2026-11-06 19:00 +09:00
        자정까지 | Sat 2026-11-07 00:00 +09:00
        내일까지 | Sat 2026-11-07 00:00 +09:00
        내일 오전 9시까지 | Sat 2026-11-07 09:00 +09:00
        15일까지 | Sun 2026-11-15 00:00 +09:00
        2026-12-01까지 | Tue 2026-12-01 00:00 +09:00
        3 days 동안 | Mon 2026-11-09 12:00 +09:00
        ",
    ) {
        assert_eq!(ends(typed, SEOUL, NOW).as_deref(), Ok(end), "{typed}");
    }
}

#[test]
fn days_are_those_of_the_zone_and_hours_pass() {
    for [typed, name, now, end] in rows(
        "
        until monday | America/New_York | 2026-11-06T12:00 | Mon 2026-11-09 00:00 -05:00
        1d | America/New_York | 2026-03-07T12:00 | Sun 2026-03-08 12:00 -04:00
        24h | America/New_York | 2026-03-07T12:00 | Sun 2026-03-08 13:00 -04:00
        1d | America/New_York | 2026-10-31T12:00 | Sun 2026-11-01 12:00 -05:00
        24h | America/New_York | 2026-10-31T12:00 | Sun 2026-11-01 11:00 -05:00
        # What is skipped is the first moment after the gap, what is repeated its first time.
        until 02:30 | America/New_York | 2026-03-07T12:00 | Sun 2026-03-08 03:00 -04:00
        until 01:30 | America/New_York | 2026-10-31T12:00 | Sun 2026-11-01 01:30 -04:00
        until saturday | Asia/Gaza | 2015-03-27T12:00 | Sat 2015-03-28 01:00 +03:00
        until tomorrow | Asia/Gaza | 2015-03-27T12:00 | Sat 2015-03-28 01:00 +03:00
        until 2015-03-28 | Asia/Gaza | 2015-03-27T12:00 | Sat 2015-03-28 01:00 +03:00
        until friday | Pacific/Apia | 2011-12-29T12:00 | Sat 2011-12-31 00:00 +14:00
        until tomorrow | Pacific/Apia | 2011-12-29T12:00 | Sat 2011-12-31 00:00 +14:00
        until 02:10 | Australia/Lord_Howe | 2026-10-03T12:00 | Sun 2026-10-04 02:30 +11:00
        ",
    ) {
        assert_eq!(ends(typed, name, now).as_deref(), Ok(end), "{typed}");
    }
}

#[test]
fn what_is_no_time_or_none_to_wait_for_is_told_apart() {
    let unknown = |got: &str| HowLongError::Unknown {
        got: got.to_owned(),
    };
    for text in [
        "",
        "3",
        "9",
        "for a while",
        "soon",
        "forever",
        "every day",
        "daily",
        "-3d",
        "3 monkeys",
        "until",
        "until further notice",
        "monday tuesday",
        "3d until monday",
        "1.5h",
        "until 2026-13-40",
        "until 30 feb",
        "until 31/31",
        "until dec",
        "3월까지",
        "3월",
        "1/2 day",
        "from 1.12.",
        "1.12.-5.12.",
        "next week",
        "today",
        "from monday",
        "monday-friday",
        "9:00-18:00",
        "until 18:00 KST",
        "한동안",
        "나중까지",
        "월요일부터",
        "instant",
        "12:",
    ] {
        assert_eq!(ends(text, SEOUL, NOW), Err(unknown(text)), "{text}");
    }
    for text in ["0d", "0 hours", "0m", "0일", "0 weeks 0 days"] {
        assert_eq!(ends(text, SEOUL, NOW), Err(HowLongError::Zero), "{text}");
    }
    for text in [
        "366 days",
        "13 months",
        "2 years",
        "9999 weeks",
        "99999d",
        "999999999999 hours",
        "2년",
        "400일",
        "until 2028-01-01",
        "until 9999-12-31",
        "9999 years 9999 years",
    ] {
        assert_eq!(ends(text, SEOUL, NOW), Err(HowLongError::TooLong), "{text}");
    }
    for text in [
        "until 2026-11-06",
        "until 2026-11-06 11:59",
        "2020-01-01까지",
    ] {
        assert_eq!(ends(text, SEOUL, NOW), Err(HowLongError::Past), "{text}");
    }
    for (text, got) in [
        ("until 25:00", "25:00"),
        ("until 18:60", "18:60"),
        ("monday 24:00", "24:00"),
        ("25시까지", "25시"),
    ] {
        let error = HowLongError::NotATime {
            got: got.to_owned(),
        };
        assert_eq!(ends(text, SEOUL, NOW), Err(error), "{text}");
    }
}

#[test]
fn what_the_texts_and_answers_offer_can_be_typed() {
    let texts = Texts::new().expect("texts");
    for locale in Locale::all() {
        let say = texts.localizer(locale);
        let examples = say.text("pause-examples", &[]);
        assert_eq!(examples.split(" · ").count(), 5, "{examples}");
        for example in examples.split(" · ") {
            assert!(ends(example, SEOUL, NOW).is_ok(), "{example}");
        }
        let keys = [
            "how-long-unknown",
            "how-long-not-a-time",
            "how-long-zero",
            "how-long-past",
            "how-long-too-long",
        ];
        for key in keys {
            let text = say.text(key, &[("got", "?".into())]);
            let offered: Vec<&str> = text.split("/pause ").skip(1).collect();
            for example in &offered {
                let end = example.find([',', '.']).unwrap_or(example.len());
                let example = example[..end].trim_end_matches(" or ").trim();
                assert!(ends(example, SEOUL, NOW).is_ok(), "{key}: {example}");
            }
            assert!(!offered.is_empty(), "{text}");
        }
    }
    for typed in [
        "until 2026-11-08",
        "until 2026-11-08 18:00",
        "2026-11-08까지",
        "2026-11-08 18:00까지",
    ] {
        assert!(ends(typed, SEOUL, NOW).is_ok(), "{typed}");
    }
}

#[test]
fn what_may_be_two_moments_is_asked_back() {
    for [typed, one, other] in rows(
        "
        next sunday | Sun 2026-11-08 00:00 +09:00 | Sun 2026-11-15 00:00 +09:00
        until next saturday 9:00 | Sat 2026-11-07 09:00 +09:00 | Sat 2026-11-14 09:00 +09:00
        until 1.12. | Tue 2026-12-01 00:00 +09:00 | Tue 2027-01-12 00:00 +09:00
        until 1.12 | Sat 2026-11-07 01:12 +09:00 | Tue 2026-12-01 00:00 +09:00
        until 12/1 | Tue 2026-12-01 00:00 +09:00 | Tue 2027-01-12 00:00 +09:00
        until 12/1 18:00 | Tue 2026-12-01 18:00 +09:00 | Tue 2027-01-12 18:00 +09:00
        until 9.30 | Sat 2026-11-07 09:30 +09:00 | Thu 2027-09-30 00:00 +09:00
        다음 일요일까지 | Sun 2026-11-08 00:00 +09:00 | Sun 2026-11-15 00:00 +09:00
        ",
    ) {
        let seoul = zone(SEOUL);
        match HowLong::parse(typed).and_then(|said| said.ends(moment(NOW, &seoul), &seoul)) {
            Err(HowLongError::Either { first, second }) => {
                assert_eq!(
                    (show(first, &seoul), show(second, &seoul)),
                    (one.to_owned(), other.to_owned())
                );
            }
            read => panic!("{typed}: {read:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_ends_later_and_within_a_year_or_not_at_all(
        text in r"(until|for|till|next|in)?( ?([0-9]{1,5}|a|two) ?(d|h|m|w|days|weeks|months|years|시간|일|주|년|:[0-9]{2})){0,3}( (monday|sun|tomorrow|noon|9pm|월요일|까지)){0,2}|.{0,40}",
        name in prop::sample::select(&[NEW_YORK, LONDON, LORD_HOWE, "Asia/Gaza", "Pacific/Apia"][..]),
        now in 1_200_000_000..2_000_000_000i64,
    ) {
        let zone = zone(name);
        let now = jiff::Timestamp::from_second(now).unwrap();
        if let Ok(end) = HowLong::parse(&text).and_then(|said| said.ends(now, &zone)) {
            let longest = now.to_zoned(zone.tz().clone()).checked_add(jiff::Span::new().years(1)).unwrap();
            prop_assert!(end > now && end <= longest.timestamp(), "{}: {}", text, end);
        }
    }
}
