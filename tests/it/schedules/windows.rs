//! `instant 08:00-22:00`: how it is written, when it begins and ends.

use tidings_core::channel::open_until;
use tidings_core::schedule::{Cadence, CadenceError};

use super::{cadence, check, moment, rows, show, zone};

#[test]
fn what_people_write_becomes_a_window() {
    for [typed, canonical] in rows(
        "
        instant 08:00-22:00 | instant 08:00-22:00
        INSTANT 8:00 - 22:00 | instant 08:00-22:00
        instant 8-22 | instant 08:00-22:00
        instant 08-22 | instant 08:00-22:00
        instant 0800-2200 | instant 08:00-22:00
        instant 8:00–22:00 | instant 08:00-22:00
        instant 8~22 | instant 08:00-22:00
        instant ０８：００－２２：００ | instant 08:00-22:00
        ｉｎｓｔａｎｔ　８～２２ | instant 08:00-22:00
        instant 8:00 to 22:00 | instant 08:00-22:00
        instant 8am to 10pm | instant 08:00-22:00
        instant 8am-10pm | instant 08:00-22:00
        instant, from 8 to 22 | instant 08:00-22:00
        instant from 8:30 until 22:15 | instant 08:30-22:15
        instantly between 8 and 22 | instant 08:00-22:00
        as it comes, 08:00–22:00 | instant 08:00-22:00
        8:00 to 22:00 instant | instant 08:00-22:00
        8-22 right away | instant 08:00-22:00
        every day instant 8-22 | instant 08:00-22:00
        instant 22:00-06:00 | instant 22:00-06:00
        instant 10pm-6am | instant 22:00-06:00
        instant noon to midnight | instant 12:00-00:00
        instant 8-24 | instant 08:00-00:00
        instant 8:00-24:00 | instant 08:00-00:00
        instant 00:00-00:01 | instant 00:00-00:01
        즉시 08:00-22:00 | instant 08:00-22:00
        즉시 8시-22시 | instant 08:00-22:00
        바로 8시-22시 | instant 08:00-22:00
        바로 8시~22시 | instant 08:00-22:00
        즉시 8시부터 22시까지 | instant 08:00-22:00
        8시부터 22시까지 바로 | instant 08:00-22:00
        오전 8시부터 오후 10시까지 즉시 | instant 08:00-22:00
        아침 8시부터 밤 10시까지 실시간으로 | instant 08:00-22:00
        매일 8시 반부터 22시까지 즉시 | instant 08:30-22:00
        8시와 22시 사이에 즉시 | instant 08:00-22:00
        밤 10시부터 아침 6시까지 바로 | instant 22:00-06:00
        즉시 ８시－２２시 | instant 08:00-22:00
        즉시 정오부터 자정까지 | instant 12:00-00:00
        instant 8-22시 | instant 08:00-22:00
        ",
    ) {
        let read = cadence(typed);
        assert_eq!(read.to_string(), canonical, "{typed}");
        assert_eq!(Cadence::stored(canonical).as_ref(), Ok(&read));
        assert_eq!(cadence(canonical), read);
        assert!(read.is_windowed() && !read.is_instant() && read.has_times());
    }
    assert_eq!(cadence("instant").window(), None);
    assert_eq!(cadence("instant 8-22").window(), Some(("08:00", "22:00")));
    assert_eq!(cadence("daily 08:00").window(), None);
}

#[test]
fn a_window_that_may_be_two_is_asked_back_with_both() {
    for [typed, one, other] in rows(
        "
        instant 8-10pm | instant 20:00-22:00 | instant 08:00-22:00
        instant 8 to 10 p.m. | instant 20:00-22:00 | instant 08:00-22:00
        instant 10am-2 | instant 10:00-14:00 | instant 10:00-02:00
        즉시 오후 8시-10시 | instant 20:00-22:00 | instant 20:00-10:00
        즉시 오전 9시부터 6시까지 | instant 09:00-18:00 | instant 09:00-06:00
        instant 8-18 mon-fri | instant 08:00-18:00 | weekdays 08:00
        평일 8시-18시 즉시 | instant 08:00-18:00 | weekdays 08:00
        instant 8-18 on mondays and fridays | instant 08:00-18:00 | weekly mon,fri 08:00
        ",
    ) {
        match Cadence::parse(typed) {
            Err(CadenceError::Several { first, second, .. }) => {
                assert_eq!((first.as_str(), second.as_str()), (one, other), "{typed}");
                assert_eq!(cadence(one).to_string(), one);
                assert_eq!(cadence(other).to_string(), other);
            }
            read => panic!("{typed}: {read:?}"),
        }
    }
    // Where only one of them is likely, it is meant.
    for [typed, canonical] in rows(
        "
        instant 9-6pm | instant 09:00-18:00
        instant 10-8pm | instant 10:00-20:00
        instant 8am-10 | instant 08:00-10:00
        instant 9-6 | instant 09:00-06:00
        즉시 오후 10시-6시 | instant 22:00-06:00
        ",
    ) {
        assert_eq!(cadence(typed).to_string(), canonical, "{typed}");
    }
    match Cadence::parse("instant 8-22 KST") {
        Err(CadenceError::Zoned { when, .. }) => assert_eq!(when, "instant 08:00-22:00"),
        read => panic!("{read:?}"),
    }
}

#[test]
fn a_window_that_is_none_is_refused_with_one_that_works() {
    for [typed, message] in rows(
        "
        instant 08:00-08:00 | instant 08:00-08:00 ends when it begins
        instant 8-8 | instant 8-8 ends when it begins
        instant 0-24 | instant 0-24 ends when it begins
        즉시 8시-8시 | 즉시 8시-8시 ends when it begins
        instant 8-25 | 25 isn't a time of day
        instant 24-8 | 24 isn't a time of day
        instant 08:00-22:60 | 22:60 isn't a time of day
        instant 13pm-22:00 | 13pm isn't a time of day
        ",
    ) {
        let error = Cadence::parse(typed).expect_err(typed);
        assert_eq!(error.to_string(), message, "{typed}");
        assert_eq!(error.example(), "instant 08:00-22:00", "{typed}");
    }
    for typed in [
        "instant 8:00",
        "instant 8-12-22",
        "instant 8-12 14-22",
        "instant 8-22 every 2 hours",
        "instant 8-22 sometimes",
        "instant -",
        "instant 8-",
        "즉시 8시부터",
    ] {
        let error = Cadence::parse(typed).expect_err(typed);
        assert!(Cadence::parse(error.example()).is_ok(), "{typed}: {error}");
    }
}

/// Each row holds a window, a zone, and a moment; whether it is open then, and when the last one ends that has begun.
#[test]
fn a_window_ends_at_its_end_and_not_after_it() {
    for [text, name, at, state, end] in rows(
        "
        instant 08:00-22:00 | Asia/Seoul | 2026-05-01T07:59 | closed | Thu 2026-04-30 22:00 +09:00
        instant 08:00-22:00 | Asia/Seoul | 2026-05-01T08:00 | open | Fri 2026-05-01 22:00 +09:00
        instant 08:00-22:00 | Asia/Seoul | 2026-05-01T21:59:59 | open | Fri 2026-05-01 22:00 +09:00
        instant 08:00-22:00 | Asia/Seoul | 2026-05-01T22:00 | closed | Fri 2026-05-01 22:00 +09:00
        instant 22:00-06:00 | Asia/Seoul | 2026-05-01T21:59 | closed | Fri 2026-05-01 06:00 +09:00
        instant 22:00-06:00 | Asia/Seoul | 2026-05-01T22:00 | open | Sat 2026-05-02 06:00 +09:00
        instant 22:00-06:00 | Asia/Seoul | 2026-05-02T05:59 | open | Sat 2026-05-02 06:00 +09:00
        instant 22:00-06:00 | Asia/Seoul | 2026-05-02T06:00 | closed | Sat 2026-05-02 06:00 +09:00
        instant 12:00-00:00 | Asia/Seoul | 2026-05-01T23:59 | open | Sat 2026-05-02 00:00 +09:00
        # The start is skipped: the first moment after the gap.
        instant 02:30-22:00 | America/New_York | 2026-03-08T06:59Z | closed | Sat 2026-03-07 22:00 -05:00
        instant 02:30-22:00 | America/New_York | 2026-03-08T07:00Z | open | Sun 2026-03-08 22:00 -04:00
        # So is the end.
        instant 20:00-02:30 | America/New_York | 2026-03-08T06:59Z | open | Sun 2026-03-08 03:00 -04:00
        instant 20:00-02:30 | America/New_York | 2026-03-08T07:00Z | closed | Sun 2026-03-08 03:00 -04:00
        # Nothing is left of it: it ends as it begins.
        instant 02:10-02:50 | America/New_York | 2026-03-08T07:00Z | closed | Sun 2026-03-08 03:00 -04:00
        # What is repeated counts once: the first time.
        instant 01:30-22:00 | America/New_York | 2026-11-01T05:30Z | open | Sun 2026-11-01 22:00 -05:00
        instant 01:30-22:00 | America/New_York | 2026-11-01T06:10Z | open | Sun 2026-11-01 22:00 -05:00
        instant 20:00-01:30 | America/New_York | 2026-11-01T05:29Z | open | Sun 2026-11-01 01:30 -04:00
        instant 20:00-01:30 | America/New_York | 2026-11-01T06:10Z | closed | Sun 2026-11-01 01:30 -04:00
        # The day between didn't take place.
        instant 22:00-06:00 | Pacific/Apia | 2011-12-30T09:59Z | open | Sat 2011-12-31 00:00 +14:00
        instant 22:00-06:00 | Pacific/Apia | 2011-12-30T10:00Z | open | Sat 2011-12-31 06:00 +14:00
        instant 08:00-22:00 | Pacific/Apia | 2011-12-30T10:00Z | closed | Sat 2011-12-31 00:00 +14:00
        instant 08:00-22:00 | Pacific/Apia | 2011-12-31T08:00 | open | Sat 2011-12-31 22:00 +14:00
        # Midnight is skipped.
        instant 00:00-22:00 | Asia/Gaza | 2015-03-27T21:59Z | closed | Fri 2015-03-27 22:00 +02:00
        instant 00:00-22:00 | Asia/Gaza | 2015-03-27T22:00Z | open | Sat 2015-03-28 22:00 +03:00
        # Half an hour is.
        instant 02:10-03:00 | Australia/Lord_Howe | 2026-10-03T15:30Z | open | Sun 2026-10-04 03:00 +11:00
        ",
    ) {
        let zone = zone(name);
        let at = moment(at, &zone);
        let until = open_until(&cadence(text), &zone, at).expect("a window");
        assert_eq!(show(until, &zone), end, "{text} in {name} at {at}");
        let said = if at < until { "open" } else { "closed" };
        assert_eq!(said, state, "{text} in {name} at {at}");
    }
    let seoul = zone("Asia/Seoul");
    let now = moment("2026-05-01T08:00", &seoul);
    for other in ["instant", "hourly", "daily 09:00", "cron 0 9 * * *"] {
        assert_eq!(open_until(&cadence(other), &seoul, now), None, "{other}");
    }
}

#[test]
fn its_slots_are_its_starts() {
    check(
        "
        instant 08:00-22:00 | Asia/Seoul | 2026-05-01T07:59 | Fri 2026-05-01 08:00 +09:00, Sat 2026-05-02 08:00 +09:00
        instant 22:00-06:00 | Asia/Seoul | 2026-05-01T22:00 | Sat 2026-05-02 22:00 +09:00
        instant 02:30-22:00 | America/New_York | 2026-03-07T12:00 | Sun 2026-03-08 03:00 -04:00, Mon 2026-03-09 02:30 -04:00
        instant 01:30-22:00 | America/New_York | 2026-10-31T12:00 | Sun 2026-11-01 01:30 -04:00, Mon 2026-11-02 01:30 -05:00
        instant 08:00-22:00 | Pacific/Apia | 2011-12-29T12:00 | Sat 2011-12-31 00:00 +14:00, Sat 2011-12-31 08:00 +14:00
        instant 00:00-22:00 | Asia/Gaza | 2015-03-27T12:00 | Sat 2015-03-28 01:00 +03:00, Sun 2015-03-29 00:00 +03:00
        ",
    );
}
