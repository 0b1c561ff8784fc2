//! When, in people's words: English and Korean, sloppy ones, and those of crontabs.

use tidings_core::schedule::{Cadence, CadenceError, CronFault};

use super::{SEOUL, cadence, check, rows};

#[test]
fn what_people_write_becomes_canonical_text() {
    for [typed, canonical] in rows(
        "
        9:00 | daily 09:00
        9 | daily 09:00
        09 | daily 09:00
        at 9 | daily 09:00
        9am | daily 09:00
        9 a.m. | daily 09:00
        9:30 pm | daily 21:30
        21h | daily 21:00
        9h30 | daily 09:30
        noon | daily 12:00
        at 12 noon | daily 12:00
        midnight | daily 00:00
        0930 | daily 09:30
        daily 9 | daily 09:00
        daily at 9 o'clock | daily 09:00
        Daily, 9 AM. | daily 09:00
        every day at 9 | daily 09:00
        every day 9 in the morning | daily 09:00
        each day at 7 in the evening | daily 19:00
        every evening at 7 | daily 19:00
        every morning 8:15 | daily 08:15
        once a day at 9 | daily 09:00
        9am every day | daily 09:00
        18:00 daily | daily 18:00
        daily at 11 at night | daily 23:00
        ｄａｉｌｙ　９ | daily 09:00
        daily ０９：００ | daily 09:00
        daily 9:00 and 9am | daily 09:00
        mon-fri 09:00 | weekdays 09:00
        Monday to Friday at 9am | weekdays 09:00
        monday through friday 9 | weekdays 09:00
        weekdays at noon | weekdays 12:00
        every weekday at 9 | weekdays 09:00
        business days 8:30 | weekdays 08:30
        working days 9 | weekdays 09:00
        mon,tue,wed,thu,fri 9 | weekdays 09:00
        weekly mon-fri 9 | weekly mon,tue,wed,thu,fri 09:00
        mon-sun 9 | daily 09:00
        weekends 10 | weekly sat,sun 10:00
        every weekend at 10am | weekly sat,sun 10:00
        every monday 9 | weekly mon 09:00
        Mondays and Thursdays at 18:00 | weekly mon,thu 18:00
        mon & thu 6pm | weekly mon,thu 18:00
        on fridays at 5 pm | weekly fri 17:00
        friday 17:00 | weekly fri 17:00
        once a week on monday at 9 | weekly mon 09:00
        every week on tue 9 | weekly tue 09:00
        9am on mondays | weekly mon 09:00
        sat–mon 9 | weekly mon,sat,sun 09:00
        1st of the month 09:00 | monthly 1 09:00
        on the 15th at 9 | monthly 15 09:00
        15 of every month 9 | monthly 15 09:00
        15 of the month at 9am | monthly 15 09:00
        every month on the 3rd at 9am | monthly 3 09:00
        monthly 1 9 | monthly 1 09:00
        last day of the month 6pm | monthly 31 18:00
        9am on the 1st of every month | monthly 1 09:00
        first monday of the month 9 | weekly mon 09:00 #
        every hour | hourly
        every 1 hour | hourly
        each hour | hourly
        every 60 minutes | hourly
        every 2 hours | every 2 hours
        every two hours | every 2 hours
        every 2h | every 2 hours
        every other hour | every 2 hours
        every 120 minutes | every 2 hours
        every 12 hours | every 12 hours
        instantly | instant
        immediately | instant
        as it comes | instant
        right away | instant
        @daily | daily 00:00
        @hourly | hourly
        cron @weekly | weekly sun 00:00
        @monthly | monthly 1 00:00
        @yearly | cron 0 0 1 1 *
        매일 9시 | daily 09:00
        매일 오전 9시 30분 | daily 09:30
        매일 9시 반 | daily 09:30
        매일 아침 9시 | daily 09:00
        매일 저녁 7시 | daily 19:00
        매일 밤 10시에 | daily 22:00
        매일 밤 12시 | daily 00:00
        매일 새벽 2시 | daily 02:00
        매일 낮 12시 | daily 12:00
        매일 정오 | daily 12:00
        날마다 자정에 | daily 00:00
        매일 아홉 시 | daily 09:00
        매일 열한시 | daily 11:00
        매일９시 | daily 09:00
        매일 09:00 | daily 09:00
        하루에 한 번 9시 | daily 09:00
        오전 9시 | daily 09:00
        오후 6시 매일 | daily 18:00
        9시 정각 | daily 09:00
        월-금 09:00 | weekdays 09:00
        월~금 9시 | weekdays 09:00
        월요일부터 금요일까지 9시 | weekdays 09:00
        평일 오전 9시 | weekdays 09:00
        평일마다 9시 | weekdays 09:00
        주말 10시 | weekly sat,sun 10:00
        매주 월요일 오후 6시 | weekly mon 18:00
        매주 월,목 18:00 | weekly mon,thu 18:00
        월수금 9시 | weekly mon,wed,fri 09:00
        월요일과 목요일 오후 6시 | weekly mon,thu 18:00
        일요일마다 오전 10시 | weekly sun 10:00
        토일 10시 | weekly sat,sun 10:00
        매월 1일 9시 | monthly 1 09:00
        매달 15일 오전 9시 | monthly 15 09:00
        매월 말일 9시 | monthly 31 09:00
        매달 마지막 날 오후 6시 | monthly 31 18:00
        매월 3일 9시 | monthly 3 09:00
        매월 3일마다 9시 | monthly 3 09:00
        1일 1회 9시 | daily 09:00
        1일마다 9시 | daily 09:00
        15일 1회 9시 | monthly 15 09:00
        매주 월 1회 9시 | weekly mon 09:00
        매주 수,월 1회 9시 | weekly mon,wed 09:00
        매주 화 월 한번 9시 | weekly mon,tue 09:00
        daily at9 | daily 09:00
        매월 3번째 월요일 9시 | cron 0 9 * * 1#3
        매월 첫째 주 월요일 9시 | cron 0 9 * * 1#1
        매월 셋째주 금요일 오후 6시 | cron 0 18 * * 5#3
        매달 마지막 주 금요일 18시 | cron 0 18 * * 5L
        매월 2번째 주 화요일 9시 | cron 0 9 * * 2#2
        둘째, 넷째 주 일요일 오전 9시 | cron 0 9 * * 0#2,0#4
        첫째·셋째 월요일 9시 | cron 0 9 * * 1#1,1#3
        first and third monday at 9 | cron 0 9 * * 1#1,1#3
        first monday and third monday at 9 | cron 0 9 * * 1#1,1#3
        first and last friday at 9 | cron 0 9 * * 5#1,5L
        1st and 3rd monday of the month at 9am | cron 0 9 * * 1#1,1#3
        every 2nd day of the month at 9 | monthly 2 09:00
        second day of the month 9 | monthly 2 09:00
        매시간 | hourly
        시간마다 | hourly
        한 시간마다 | hourly
        2시간마다 | every 2 hours
        두 시간마다 | every 2 hours
        매 3시간 | every 3 hours
        세 시간 간격으로 | every 3 hours
        즉시 | instant
        실시간 | instant
        ",
    )
    .into_iter()
    .filter(|[_, canonical]| !canonical.ends_with('#'))
    {
        assert_eq!(cadence(typed).to_string(), canonical, "{typed}");
        assert_eq!(Cadence::stored(canonical), Ok(cadence(typed)));
    }
    assert_eq!(
        cadence("first monday of the month 9").to_string(),
        "cron 0 9 * * 1#1"
    );
    assert_eq!(
        cadence("last friday of the month at 17:30").to_string(),
        "cron 30 17 * * 5L"
    );
}

#[test]
fn what_could_mean_two_things_is_asked_back_with_both() {
    for [typed, one, other, both] in rows(
        "
        biweekly | weekly mon,thu 09:00 | cron 0 9 1,15 * * |
        biweekly monday at 10 | weekly mon 10:00 | cron 0 10 1,15 * * |
        biweekly mon and thu 18:30 | weekly mon,thu 18:30 | cron 30 18 1,15 * * |
        격주 월요일 9시 | weekly mon 09:00 | cron 0 9 1,15 * * |
        격주 | weekly mon 09:00 | cron 0 9 1,15 * * |
        격주로 금요일 오후 6시 | weekly fri 18:00 | cron 0 18 1,15 * * |
        fortnightly on friday 5pm | weekly fri 17:00 | cron 0 17 1,15 * * |
        every other week | weekly mon 09:00 | cron 0 9 1,15 * * |
        every 2 weeks on tuesday | weekly tue 09:00 | cron 0 9 1,15 * * |
        2주마다 | weekly mon 09:00 | cron 0 9 1,15 * * |
        2주일마다 | weekly mon 09:00 | cron 0 9 1,15 * * |
        every 2nd week | weekly mon 09:00 | cron 0 9 1,15 * * |
        every second week at 10 | weekly mon 10:00 | cron 0 10 1,15 * * |
        3일마다 9시 | daily 09:00 | weekly mon,wed,fri 09:00 |
        3일에 한 번 9시 | daily 09:00 | weekly mon,wed,fri 09:00 |
        3일 간격 9시 | daily 09:00 | weekly mon,wed,fri 09:00 |
        매 3일 9시 | daily 09:00 | weekly mon,wed,fri 09:00 |
        every second day at 9 | daily 09:00 | weekly mon,wed,fri 09:00 |
        every 2nd day 9 | daily 09:00 | weekly mon,wed,fri 09:00 |
        first week of the month at 5pm | cron 0 17 * * 1#1 | weekly mon 17:00 |
        매월 첫째 주 9시 | cron 0 9 * * 1#1 | weekly mon 09:00 |
        last week of each month friday 17:30 | cron 30 17 * * 5L | weekly fri 17:30 |
        every third day 9 | daily 09:00 | weekly mon,wed,fri 09:00 |
        every 4th day at 9 | daily 09:00 | weekly mon,wed,fri 09:00 |
        주 5일 9시 | weekly mon,thu 09:00 | weekly mon,wed,fri 09:00 |
        매주 2일 9시 | weekly mon,thu 09:00 | weekly mon,wed,fri 09:00 |
        월 2회 9시 | cron 0 9 1,15 * * | monthly 1 09:00 |
        instant on weekdays | instant | weekdays 09:00 |
        2주에 한 번 월요일 | weekly mon 09:00 | cron 0 9 1,15 * * |
        every three weeks | weekly mon 09:00 | monthly 1 09:00 |
        bimonthly | cron 0 9 1,15 * * | cron 0 9 1 */2 * |
        bi-monthly at 10:30 | cron 30 10 1,15 * * | cron 30 10 1 */2 * |
        twice a week | weekly mon,thu 09:00 | weekly mon,wed,fri 09:00 |
        일주일에 두 번 9시 | weekly mon,thu 09:00 | weekly mon,wed,fri 09:00 |
        twice a month | cron 0 9 1,15 * * | monthly 1 09:00 |
        한 달에 두 번 | cron 0 9 1,15 * * | monthly 1 09:00 |
        9 and 18 | daily 09:00 | daily 18:00 | cron 0 9,18 * * *
        9시와 18시 | daily 09:00 | daily 18:00 | cron 0 9,18 * * *
        weekdays 9, 13 and 18 | weekdays 09:00 | weekdays 13:00 | cron 0 9,13,18 * * 1,2,3,4,5
        every two weeks | weekly mon 09:00 | cron 0 9 1,15 * * |
        every 5 hours | every 4 hours | every 6 hours |
        5시간마다 | every 4 hours | every 6 hours |
        every 48 hours | every 12 hours | daily 09:00 |
        every 90 minutes | hourly | every 2 hours |
        90분마다 | hourly | every 2 hours |
        every 30 minutes | cron */30 * * * * | hourly |
        every minute | instant | hourly |
        every other day at 8 | daily 08:00 | weekly mon,wed,fri 08:00 |
        twice a day | daily 09:00 | cron 0 9,18 * * * |
        하루에 두 번 | daily 09:00 | cron 0 9,18 * * * |
        daily 9:00 and 18:00 | daily 09:00 | daily 18:00 | cron 0 9,18 * * *
        9am, 6pm | daily 09:00 | daily 18:00 | cron 0 9,18 * * *
        매일 9시, 18시 | daily 09:00 | daily 18:00 | cron 0 9,18 * * *
        mon 9:00, 10:30 | weekly mon 09:00 | weekly mon 10:30 |
        monthly on the 1st and 15th at 9 | monthly 1 09:00 | monthly 15 09:00 | cron 0 9 1,15 * *
        monthly 1,15 9:00 | monthly 1 09:00 | monthly 15 09:00 | cron 0 9 1,15 * *
        monthly 1 and 15 09:00 | monthly 1 09:00 | monthly 15 09:00 | cron 0 9 1,15 * *
        monthly on 1 and 15 at 6pm | monthly 1 18:00 | monthly 15 18:00 | cron 0 18 1,15 * *
        monthly 1 and 15 | monthly 1 09:00 | monthly 15 09:00 | cron 0 9 1,15 * *
        monthly 1 9 and 18 | monthly 1 09:00 | monthly 1 18:00 | cron 0 9,18 1 * *
        monday daily 9 | daily 09:00 | weekly mon 09:00 |
        매일 월요일 9시 | daily 09:00 | weekly mon 09:00 |
        monthly 1, 15, 20 8 | monthly 1 08:00 | monthly 20 08:00 | cron 0 8 1,15,20 * *
        every other monday 9 | weekly mon 09:00 | cron 0 9 1,15 * * |
        every second monday 9 | cron 0 9 * * 1#2 | weekly mon 09:00 |
        every 3rd friday at 10 | cron 0 10 * * 5#3 | weekly fri 10:00 |
        every 2 hours mon-fri | every 2 hours | cron 0 */2 * * 1,2,3,4,5 |
        every 30 minutes on weekends | hourly | cron */30 * * * 6,0 |
        평일 3시간마다 | every 3 hours | cron 0 */3 * * 1,2,3,4,5 |
        instant daily | instant | daily 09:00 |
        실시간 매일 | instant | daily 09:00 |
        every 12 months | monthly 1 09:00 | cron 0 9 1 1 * |
        12달마다 | monthly 1 09:00 | cron 0 9 1 1 * |
        every 3 months | monthly 1 09:00 | cron 0 9 1 */3 * |
        9:00-18:00 | daily 09:00 | daily 18:00 | cron 0 9,18 * * *
        weekdays at 9 and weekends at 10 | weekdays 09:00 | weekly sat,sun 10:00 |
        9am on weekdays, 10am on sat | weekdays 09:00 | weekly sat 10:00 |
        mon 9, thu 18 | weekly mon 09:00 | weekly thu 18:00 |
        평일 9시, 주말 10시 | weekdays 09:00 | weekly sat,sun 10:00 |
        mon 9, mon 18 | weekly mon 09:00 | weekly mon 18:00 | cron 0 9,18 * * 1
        ",
    ) {
        match Cadence::parse(typed) {
            Err(CadenceError::Several {
                first,
                second,
                both: all,
                ..
            }) => {
                assert_eq!(
                    (first.as_str(), second.as_str(), all.unwrap_or_default()),
                    (one, other, both.to_owned()),
                    "{typed}"
                );
                for offered in [one, other] {
                    assert!(Cadence::parse(offered).is_ok(), "{typed}: {offered}");
                }
            }
            read => panic!("{typed}: {read:?}"),
        }
    }
    for [typed, instead] in rows(
        "
        next friday | weekly fri 09:00
        next week | weekly mon 09:00
        next month at 10:00 | monthly 1 10:00
        다음 주 9시 | weekly mon 09:00
        tomorrow at 8 | daily 08:00
        다음 주 금요일 9시 | weekly fri 09:00
        내일 9시 | daily 09:00
        ",
    ) {
        match Cadence::parse(typed) {
            Err(CadenceError::Once { instead: said, .. }) => assert_eq!(said, instead, "{typed}"),
            read => panic!("{typed}: {read:?}"),
        }
    }
}

#[test]
fn a_zone_belongs_to_the_channel() {
    for [typed, zone, when] in rows(
        "
        09:00 KST | kst | daily 09:00
        daily 09:00 KST | kst | daily 09:00
        daily 9am (EST) | est | daily 09:00
        mon-fri 9:00 Europe/Berlin | europe/berlin | weekdays 09:00
        daily 09:00 UTC+9 | utc+9 | daily 09:00
        daily 09:00 +09:00 | +09:00 | daily 09:00
        daily 9am Seoul time | seoul | daily 09:00
        매일 9시 KST | kst | daily 09:00
        매일 한국시간 9시 | 한국시간 | daily 09:00
        ",
    ) {
        match Cadence::parse(typed) {
            Err(CadenceError::Zoned { got, when: said }) => {
                assert_eq!((got.as_str(), said.as_str()), (zone, when), "{typed}");
            }
            read => panic!("{typed}: {read:?}"),
        }
    }
}

#[test]
fn no_word_is_passed_over() {
    for typed in [
        "daily 9:00 except sunday",
        "monthly 1 and third monday at 9",
        "first monday and third friday at 9",
        "매월 1일, 셋째 월요일 9시",
        "daily 9am pm",
        "매일 오전 9시 오후",
        "daily about 9",
        "매일 아홉시쯤",
        "수시로",
        "every morning",
        "매일 아침",
        "매일",
        "monday",
        "every monday",
        "monthly 1-5 9:00",
        "instant 9:00",
        "hourly 9:00",
        "instant at night",
        "instant in the morning",
        "hourly in the evening",
        "every 2 hours at night",
        "실시간 밤",
        "daily 9:0",
        "daily 9:00:30",
        "daily 24:00",
        "매일 25시",
        "9 monkeys",
        "may 9",
        "every",
        "whenever",
        "@reboot",
        "cron",
        "every 0 hours",
        "12345",
        "99",
        "오후",
        "1월 1일 9시",
        "3월",
        "3월 9시",
        "월 1회 9시",
        "a4",
        "the9",
        "12:30 noon",
        "12:30 midnight",
        "저녁 12시",
        "12 in the evening",
    ] {
        let error = Cadence::parse(typed).expect_err(typed);
        assert!(Cadence::parse(error.example()).is_ok(), "{typed}: {error}");
    }
    for [typed, got, instead] in rows(
        "
        every day | every day | daily 09:00
        Every Day | Every Day | daily 09:00
        매일 | 매일 | daily 09:00
        tuesday | tuesday | weekly tue 09:00
        Tuesdays and Fridays | Tuesdays and Fridays | weekly tue,fri 09:00
        화요일 | 화요일 | weekly tue 09:00
        월수금 | 월수금 | weekly mon,wed,fri 09:00
        mon-fri | mon-fri | weekdays 09:00
        평일 | 평일 | weekdays 09:00
        weekends | weekends | weekly sat,sun 09:00
        the 15th | the 15th | monthly 15 09:00
        매월 말일 | 매월 말일 | monthly 31 09:00
        first monday of the month | first monday of the month | cron 0 9 * * 1#1
        every evening | every evening | daily 18:00
        every friday night | every friday night | weekly fri 22:00
        매주 금요일 저녁 | 매주 금요일 저녁 | weekly fri 18:00
        every 24 hours | every 24 hours | daily 09:00
        weekly 18:00 | weekly 18:00 | weekly mon 18:00
        매주 오후 6시 | 매주 오후 6시 | weekly mon 18:00
        every month at 7 | every month at 7 | ?
        ",
    )
    .into_iter()
    .filter(|row| row[2] != "?")
    {
        let error = Cadence::parse(typed).expect_err(typed);
        assert_eq!(error.example(), instead, "{typed}: {error}");
        match error {
            CadenceError::MissingTime { got: said, .. }
            | CadenceError::MissingDay { got: said, .. } => assert_eq!(said, got),
            other => panic!("{typed}: {other:?}"),
        }
    }
    let left_over = Cadence::parse("매일 아홉시쯤");
    assert!(
        matches!(&left_over, Err(CadenceError::TooMany { got, cadence: "daily" }) if got == "쯤"),
        "{left_over:?}"
    );
}

#[test]
fn crontabs_that_would_come_otherwise_than_meant_are_refused_with_what_to_write() {
    for [typed, field, instead] in rows(
        "
        cron */90 * * * * | */90 | every 2 hours
        */90 * * * * | */90 | every 2 hours
        cron */60 * * * * | */60 | hourly
        cron 0/120 * * * * | 0/120 | every 2 hours
        cron 0 */24 * * * | */24 | daily 09:00
        cron 30 */48 * * * | */48 | daily 09:30
        cron 0 9 */31 * * | */31 | monthly 1 09:00
        cron 0 9 1 */12 * | */12 | cron 0 9 1 1 *
        cron 0 9 * * */7 | */7 | weekly mon 09:00
        ",
    ) {
        match Cadence::parse(typed) {
            Err(CadenceError::Cron {
                reason:
                    CronFault::Step {
                        text,
                        instead: said,
                        ..
                    },
                ..
            }) => assert_eq!((text.as_str(), said.as_str()), (field, instead), "{typed}"),
            read => panic!("{typed}: {read:?}"),
        }
    }
    for [typed, instead] in rows(
        "
        cron 0 22-6 * * * | cron 0 22-23,0-6 * * *
        cron 0 9 * * fri-mon | cron 0 9 * * 5-6,0-1
        cron 0 9 * 11-2 * | cron 0 9 * 11-12,1-2 *
        cron 0 9 28-3 * * | cron 0 9 28-31,1-3 * *
        ",
    ) {
        match Cadence::parse(typed) {
            Err(CadenceError::Cron {
                reason: CronFault::Wraps { instead: said, .. },
                ..
            }) => {
                assert_eq!(said, instead, "{typed}");
                cadence(&said);
            }
            read => panic!("{typed}: {read:?}"),
        }
    }
    // What was stored by an earlier version still counts.
    assert!(Cadence::stored("cron */90 * * * *").is_ok());
    for typed in [
        "cron 60 9 * * *",
        "cron 0 9 * * 8",
        "cron 0 9 32 * *",
        "cron 0 9 0 * *",
        "cron 0 9 * 13 *",
        "cron */0 * * * *",
        "cron 0 9 30 2 *",
        "cron 0 9 31 4 *",
        "cron 0 0 9 * * *",
        "cron 0 9 * *",
        "cron a b c d e",
        "cron 0 9 * * mon#6",
        "cron -1 9 * * *",
    ] {
        let error = Cadence::parse(typed).expect_err(typed);
        assert!(Cadence::parse(error.example()).is_ok(), "{typed}");
    }
    for typed in [
        "cron */7 * * * *",
        "cron 0 9 * * 7",
        "cron 0 9 L * *",
        "cron 0 9 15W * *",
        "cron 0 9 * * 1#2",
        "cron 0 9 * jan-mar mon,wed",
        "0 9 * * MON-FRI",
    ] {
        cadence(typed);
    }
}

#[test]
fn every_few_hours_counts_from_midnight_of_standard_time() {
    check(
        "
        every 2 hours | Asia/Seoul | 2026-05-01T08:59 | Fri 2026-05-01 10:00 +09:00, Fri 2026-05-01 12:00 +09:00
        every 6 hours | Asia/Kolkata | 2026-05-01T00:00 | Fri 2026-05-01 06:00 +05:30, Fri 2026-05-01 12:00 +05:30
        every 8 hours | UTC | 2026-05-01T00:00 | Fri 2026-05-01 08:00 +00:00, Fri 2026-05-01 16:00 +00:00, Sat 2026-05-02 00:00 +00:00
        # Summer time neither skips nor repeats one: its slots read an hour later.
        every 12 hours | America/New_York | 2026-03-07T13:00 | Sun 2026-03-08 00:00 -05:00, Sun 2026-03-08 13:00 -04:00, Mon 2026-03-09 01:00 -04:00
        every 12 hours | America/New_York | 2026-10-31T14:00 | Sun 2026-11-01 01:00 -04:00, Sun 2026-11-01 12:00 -05:00
        every 4 hours | Australia/Lord_Howe | 2026-01-01T00:00 | Thu 2026-01-01 00:30 +11:00, Thu 2026-01-01 04:30 +11:00
        ",
    );
    let seoul = super::zone(SEOUL);
    for step in [2, 3, 4, 6, 8, 12] {
        let every = cadence(&format!("every {step} hours"));
        let from = "2026-01-01T00:00Z".parse().expect("a moment");
        let slots = every.upcoming(from, seoul.tz(), 50);
        let even = slots
            .windows(2)
            .all(|pair| pair[1].as_second() - pair[0].as_second() == step * 3600);
        assert!(even && slots.len() == 50, "{step}");
    }
}
