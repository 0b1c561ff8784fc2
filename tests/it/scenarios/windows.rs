//! `instant 08:00-22:00`: as it comes by day, and one roundup in the morning of what came by night.

use crate::harness::block_on;
use insta::assert_snapshot;
use jiff::SignedDuration;
use tidings_core::channel::open_until;
use tidings_core::schedule::{Cadence, Zone};

use super::{Chat, library, news, squid};

/// A channel in Seoul, where it is nine in the evening.
fn by_night() -> Chat {
    let mut chat = library();
    chat.say("/timezone Asia/Seoul");
    chat
}

#[test]
fn what_comes_by_day_comes_at_once_and_the_night_in_one_roundup() {
    let mut chat = by_night();
    assert_snapshot!(chat.say("/subscribe japan Instant 8-22"), @"
    This channel now follows Japan, instant 08:00-22:00 (Asia/Seoul): each new headline as soon as it is loaded, from 08:00 to 22:00; what comes outside waits for 08:00. Now open, until Fri 6 Nov 22:00; then next: Sat 7 Nov 08:00, in 11 hours.
    /latest japan shows what is there already · /subscriptions lists all
    ");
    assert_snapshot!(chat.say("/subscriptions"), @"
    This channel follows   times in Asia/Seoul
      japan   Japan   instant 08:00-22:00 · as it comes until Fri 6 Nov 22:00
    /schedule japan daily 09:00 changes a time · /preview shows the next roundup
    ");
    assert_snapshot!(chat.say("/status"), @"
    Last loaded just now: 7 items from 1 source.
    News comes to this channel as soon as it is loaded, until Fri 6 Nov 22:00; what comes in later waits for Sat 7 Nov 08:00.
    Nothing is waiting to be delivered here.
    Source digests is well.
    ");
    assert_snapshot!(chat.say("/preview"), @"
    Nothing new has come in since this channel subscribed.
    With the newest items it would look like this:
    Japan
      #5  Squid counted together
    ");
    squid(&mut chat, 1);
    assert_snapshot!(chat.posted(), @"
    Japan
      #8  Squid 1
    ");
    // The end is outside.
    chat.at("2026-11-06T22:00[Asia/Seoul]");
    squid(&mut chat, 2);
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/subscriptions"), @"
    This channel follows   times in Asia/Seoul
      japan   Japan   instant 08:00-22:00 · next Sat 7 Nov 08:00
    /schedule japan daily 09:00 changes a time · /preview shows the next roundup
    ");
    assert_snapshot!(chat.say("/status"), @"
    Last loaded just now: 9 items from 1 source.
    Next roundup: Sat 7 Nov 08:00, in 10 hours, if there is news by then.
    Nothing is waiting to be delivered here.
    Source digests is well.
    ");
    assert_snapshot!(chat.say("/preview"), @"
    As of now, the next roundup would look like this:
    Roundup · Saturday 7 November
    Japan
      #9  Squid 2
    1 headline · next: Sun 8 Nov 08:00 Seoul
    ");
    chat.at("2026-11-07T03:00[Asia/Seoul]");
    squid(&mut chat, 3);
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick_at("2026-11-07T07:59:59[Asia/Seoul]"), "");
    let store = chat.app().store();
    let due = store.blocking().read(|db| db.next_due("console")).unwrap();
    assert_eq!(
        due,
        Some(crate::harness::moment("2026-11-07T08:00[Asia/Seoul]"))
    );
    assert_snapshot!(chat.tick_at("2026-11-07T08:00[Asia/Seoul]"), @"
    Roundup · Saturday 7 November
    Japan
      #10  Squid 3
      #9   Squid 2
    2 headlines
    ");
    assert_eq!(chat.posted(), "", "a repeated tick posts nothing");
    squid(&mut chat, 4);
    assert!(chat.posted().contains("Squid 4"));
    // A morning without news has no roundup.
    assert_eq!(chat.tick_at("2026-11-07T22:00[Asia/Seoul]"), "");
    assert_eq!(chat.tick_at("2026-11-08T08:00[Asia/Seoul]"), "");
    chat.at("2026-11-08T08:01[Asia/Seoul]");
    squid(&mut chat, 5);
    assert!(chat.posted().contains("Squid 5"));
}

#[test]
fn a_window_may_cross_midnight() {
    let mut chat = by_night();
    assert_snapshot!(chat.say("/subscribe japan 즉시 밤 10시부터 아침 6시까지"), @"
    This channel now follows Japan, instant 22:00-06:00 (Asia/Seoul): each new headline as soon as it is loaded, from 22:00 to 06:00; what comes outside waits for 22:00. Next: Fri 6 Nov 22:00, in 1 hour.
    /latest japan shows what is there already · /subscriptions lists all
    ");
    squid(&mut chat, 1);
    assert_eq!(chat.posted(), "");
    let posted = chat.tick_at("2026-11-06T22:00[Asia/Seoul]");
    assert!(posted.contains("Squid 1"), "{posted}");
    chat.at("2026-11-07T05:59:59[Asia/Seoul]");
    squid(&mut chat, 2);
    assert!(chat.posted().contains("Squid 2"));
    chat.at("2026-11-07T06:00[Asia/Seoul]");
    squid(&mut chat, 3);
    assert_eq!(chat.posted(), "");
    assert!(
        chat.tick_at("2026-11-07T22:00[Asia/Seoul]")
            .contains("Squid 3")
    );
}

#[test]
fn mistakes_are_answered_with_a_window_that_works() {
    let mut chat = library();
    assert_snapshot!(chat.say("/subscribe japan instant 8-8"), @"“instant 8-8” ends when it begins. For the whole day: instant. For a part of it: /subscribe japan instant 08:00-22:00");
    assert_snapshot!(chat.say("/subscribe japan instant 8-25"), @"25 isn’t a time of day. Try: /subscribe japan instant 08:00-22:00");
    assert_snapshot!(chat.say("/subscribe japan instant 8-10pm"), @"“instant 8-10pm” could mean instant 20:00-22:00 or instant 08:00-22:00. Try: /subscribe japan instant 20:00-22:00");
    assert_snapshot!(chat.say("/subscribe japan instant 8-18 mon-fri"), @"There is no schedule for “instant 8-18 mon-fri”. Nearest are instant 08:00-18:00 and weekdays 08:00. Try: /subscribe japan instant 08:00-18:00");
    chat.say("/subscribe japan daily 09:00");
    assert_snapshot!(chat.say("/schedule japan instant 22:00-6:00"), @"This channel now gets Japan, instant 22:00-06:00 (UTC): each new headline as soon as it is loaded, from 22:00 to 06:00; what comes outside waits for 22:00. Next: Fri 6 Nov 22:00, in 10 hours.");
    assert_snapshot!(chat.say("/subscribe japan instant"), @"This channel follows Japan already, instant 22:00-06:00 (UTC). To change the time: /schedule japan instant");
    chat.say("/settings locale ko");
    assert_snapshot!(chat.say("/schedule japan 바로 8시-22시"), @"이 채널의 Japan 일정을 바꿨습니다: instant 08:00-22:00 (UTC). 08:00부터 22:00까지는 새 기사를 수집하는 대로 보내고, 그 밖의 소식은 08:00에 모아 보냅니다. 지금은 11월 6일(금) 22:00까지 바로 보냅니다. 그다음: 11월 7일(토) 08:00(20시간 뒤).");
    assert_snapshot!(chat.say("/status"), @"
    마지막 수집: 방금(출처 1곳, 기사 7건).
    11월 6일(금) 22:00까지는 소식을 수집하는 대로 이 채널에 보내고, 그 뒤의 소식은 11월 7일(토) 08:00에 모아 보냅니다.
    보내려고 대기 중인 글이 없습니다.
    출처 digests: 정상.
    ");
    assert_snapshot!(chat.say("/subscriptions"), @"
    이 채널의 구독   UTC 기준
      japan   Japan   instant 08:00-22:00 · 11월 6일(금) 22:00까지 바로
    일정 바꾸기: /schedule japan daily 09:00 · 다음 모음 보기: /preview
    ");
    assert_snapshot!(chat.say("/schedule japan 즉시 8시-8시"), @"“즉시 8시-8시”: 시작과 끝이 같습니다. 하루 종일이면 instant, 하루 중 일부면: /schedule japan instant 08:00-22:00");
    chat.at("2026-11-06T23:00[UTC]");
    assert_snapshot!(chat.say("/schedule japan 즉시 8시-22시"), @"이 채널의 Japan 일정을 바꿨습니다: instant 08:00-22:00 (UTC). 08:00부터 22:00까지는 새 기사를 수집하는 대로 보내고, 그 밖의 소식은 08:00에 모아 보냅니다. 다음: 11월 7일(토) 08:00(9시간 뒤).");
}

#[test]
fn a_start_that_was_missed_is_made_good_once_within_the_window() {
    let mut chat = by_night();
    chat.say("/subscribe japan instant 08:00-22:00");
    chat.at("2026-11-06T23:00[Asia/Seoul]");
    squid(&mut chat, 1);
    chat.restart();
    chat.at("2026-11-08T09:30[Asia/Seoul]");
    squid(&mut chat, 2);
    let posted = chat.posted();
    assert!(posted.trim_start().starts_with("Catch-up"), "{posted}");
    assert!(
        posted.contains("Squid 1") && posted.contains("Squid 2"),
        "{posted}"
    );
    assert_eq!(chat.posted(), "");
    squid(&mut chat, 3);
    assert!(
        chat.posted().contains("Squid 3"),
        "as it comes from then on"
    );
}

#[test]
fn a_start_that_was_missed_with_its_whole_window_waits_for_the_next() {
    let mut chat = by_night();
    chat.say("/subscribe japan instant 08:00-22:00");
    chat.at("2026-11-06T23:00[Asia/Seoul]");
    squid(&mut chat, 1);
    chat.restart();
    // The night is as silent as ever.
    chat.at("2026-11-08T02:00[Asia/Seoul]");
    squid(&mut chat, 2);
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/status"), @"
    Last loaded just now: 9 items from 1 source.
    Next roundup: Sun 8 Nov 08:00, in 6 hours, if there is news by then.
    Nothing is waiting to be delivered here.
    Source digests is well.
    ");
    let posted = chat.tick_at("2026-11-08T08:00[Asia/Seoul]");
    assert!(
        posted.contains("Squid 1") && posted.contains("Squid 2"),
        "{posted}"
    );
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_short_window_is_served_though_the_tick_comes_a_little_late() {
    let mut chat = by_night();
    chat.say("/subscribe japan instant 08:00-08:05");
    squid(&mut chat, 1);
    assert_eq!(chat.posted(), "");
    assert!(
        chat.tick_at("2026-11-07T08:10[Asia/Seoul]")
            .contains("Squid 1")
    );
    squid(&mut chat, 2);
    assert_eq!(chat.posted(), "", "it is over");
    assert!(
        chat.tick_at("2026-11-08T08:00[Asia/Seoul]")
            .contains("Squid 2")
    );
}

#[test]
fn a_zone_that_changes_while_something_waits_moves_the_window() {
    let mut chat = by_night();
    chat.say("/subscribe japan instant 08:00-22:00");
    chat.at("2026-11-06T23:00[Asia/Seoul]");
    squid(&mut chat, 1);
    assert_eq!(chat.posted(), "");
    // There it is nine in the morning.
    assert_snapshot!(chat.say("/timezone America/New_York"), @"The time zone of this channel is now America/New_York: it is Fri 6 Nov 09:00 there.");
    assert!(chat.posted().contains("Squid 1"));
    squid(&mut chat, 2);
    assert!(chat.posted().contains("Squid 2"));
    // And back to where it is night.
    assert_snapshot!(chat.say("/timezone Asia/Seoul"), @"
    The time zone of this channel is now Asia/Seoul: it is Fri 6 Nov 23:00 there.
    Next roundup: Sat 7 Nov 08:00, in 9 hours, if there is news by then.
    ");
    squid(&mut chat, 3);
    assert_eq!(chat.posted(), "");
    assert!(
        chat.tick_at("2026-11-07T08:00[Asia/Seoul]")
            .contains("Squid 3")
    );
}

#[test]
fn a_pause_over_the_edges_of_a_window_loses_nothing() {
    let mut chat = by_night();
    chat.say("/subscribe japan instant 08:00-22:00");
    chat.say("/pause");
    squid(&mut chat, 1);
    // Over an end, a start, and into the day.
    assert_eq!(chat.tick_at("2026-11-06T23:00[Asia/Seoul]"), "");
    squid(&mut chat, 2);
    assert_eq!(chat.tick_at("2026-11-07T08:00[Asia/Seoul]"), "");
    assert_eq!(chat.tick_at("2026-11-07T10:00[Asia/Seoul]"), "");
    assert_snapshot!(chat.say("/resume"), @"Deliveries go on. What came in meanwhile follows in one roundup.");
    let posted = chat.posted();
    assert!(
        posted.contains("Squid 1") && posted.contains("Squid 2"),
        "{posted}"
    );
    assert_eq!(chat.posted(), "");
    // Resumed by night: it waits for the morning, and the answer says so.
    chat.say("/pause");
    squid(&mut chat, 3);
    chat.at("2026-11-08T23:30[Asia/Seoul]");
    assert_snapshot!(chat.say("/resume"), @"Deliveries go on. Next roundup: Mon 9 Nov 08:00, in 9 hours, if there is news by then.");
    assert_eq!(chat.posted(), "");
    let posted = chat.tick_at("2026-11-09T08:00[Asia/Seoul]");
    assert!(posted.contains("Squid 3"), "{posted}");
}

#[test]
fn a_roundup_by_hand_goes_out_by_night_too_and_isnt_repeated() {
    let mut chat = by_night();
    chat.say("/subscribe japan instant 08:00-22:00");
    chat.at("2026-11-06T23:00[Asia/Seoul]");
    squid(&mut chat, 1);
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/roundup"), @"The roundup is on its way. The schedule goes on without repeating it.");
    assert_snapshot!(chat.posted(), @"
    Roundup · Friday 6 November
    Japan
      #8  Squid 1
    1 headline · next: Sat 7 Nov 08:00 Seoul
    ");
    assert_eq!(chat.tick_at("2026-11-07T08:00[Asia/Seoul]"), "");
}

#[test]
fn windows_and_schedules_of_one_channel_dont_disturb_each_other() {
    let mut chat = by_night();
    chat.say("/subscribe japan instant 08:00-22:00");
    chat.say("/subscribe us-nk daily 23:00");
    squid(&mut chat, 1);
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    let posted = chat.posted();
    assert!(
        posted.contains("Squid 1") && !posted.contains("Door"),
        "{posted}"
    );
    chat.at("2026-11-06T22:30[Asia/Seoul]");
    squid(&mut chat, 2);
    assert_snapshot!(chat.tick_at("2026-11-06T23:00[Asia/Seoul]"), @"
    Roundup · Friday 6 November
    US–North Korea relations
      #9  Door plate polished
    1 headline · next: Sat 7 Nov 08:00 Seoul
    ");
    assert_snapshot!(chat.tick_at("2026-11-07T08:00[Asia/Seoul]"), @"
    Roundup · Saturday 7 November
    Japan
      #10  Squid 2
    1 headline · next: Sat 7 Nov 23:00 Seoul
    ");
}

#[test]
fn clock_changes_move_neither_a_start_nor_an_end() {
    let mut chat = library();
    chat.say("/timezone America/New_York");
    chat.at("2027-03-13T12:00[America/New_York]");
    chat.say("/subscribe japan instant 02:30-22:00");
    chat.at("2027-03-14T01:59[America/New_York]");
    squid(&mut chat, 1);
    assert_eq!(chat.posted(), "");
    // 02:30 is skipped.
    assert!(
        chat.tick_at("2027-03-14T03:00[America/New_York]")
            .contains("Squid 1")
    );
    assert_eq!(chat.tick_at("2027-03-14T22:00[America/New_York]"), "");
    squid(&mut chat, 2);
    assert_eq!(chat.posted(), "");
    assert!(
        chat.tick_at("2027-03-15T02:30[America/New_York]")
            .contains("Squid 2")
    );
}

#[test]
fn a_clock_that_was_wrong_leaves_no_window_open_and_none_shut() {
    for hours in [2, 10, 30, 24 * 30] {
        let mut chat = by_night();
        chat.say("/subscribe japan instant 08:00-22:00");
        chat.at("2026-11-06T22:10[Asia/Seoul]");
        squid(&mut chat, 1);
        let right = chat.app().now();
        chat.wait(SignedDuration::from_hours(hours));
        chat.tick();
        chat.posted();
        squid(&mut chat, 2);
        chat.posted();
        chat.set_clock(right + SignedDuration::from_mins(5));
        chat.restart();
        block_on(chat.app().scheduler().repair_at_start()).unwrap();
        squid(&mut chat, 3);
        assert_eq!(chat.posted(), "", "{hours} hours ahead: it is night");
        let posted = chat.tick_at("2026-11-07T08:00[Asia/Seoul]");
        assert!(posted.contains("Squid 3"), "{hours} hours ahead: {posted}");
        squid(&mut chat, 4);
        assert!(
            chat.posted().contains("Squid 4"),
            "{hours} hours ahead: by day as it comes"
        );
    }
}

/// Numbers that look drawn, the same in every run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Days of news, pauses, downtimes and clock changes: everything comes once, and by day.
#[test]
fn whatever_happens_everything_comes_once_and_within_the_window() {
    let zones = [
        "America/New_York",
        "Europe/London",
        "Asia/Gaza",
        "Australia/Lord_Howe",
    ];
    for (seed, window) in ["08:00-22:00", "22:00-06:00", "02:15-03:30", "00:00-12:00"]
        .into_iter()
        .enumerate()
    {
        let mut drawn = Drawn(seed as u64);
        let mut chat = library();
        let zone = Zone::find(zones[seed]).unwrap();
        let cadence = Cadence::parse(&format!("instant {window}")).unwrap();
        chat.at("2027-03-12T12:00[UTC]");
        chat.say(&format!("/timezone {}", zone.name()));
        chat.say("/settings cap 100");
        chat.say(&format!("/subscribe japan {cadence}"));
        let mut came: Vec<usize> = Vec::new();
        let hear = |chat: &mut Chat, came: &mut Vec<usize>| {
            let now = chat.app().now();
            let posted = chat.posted();
            for number in posted.split("Squid ").skip(1) {
                let end = number
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(number.len());
                came[number[..end].parse::<usize>().unwrap()] += 1;
            }
            if !posted.is_empty() {
                let is_open = open_until(&cadence, &zone, now).is_some_and(|end| now < end);
                let before = now - SignedDuration::from_mins(31);
                let has_begun = cadence
                    .next_after(before, zone.tz())
                    .is_some_and(|start| start <= now);
                assert!(
                    is_open || has_begun,
                    "{cadence} at {}: {posted}",
                    now.to_zoned(zone.tz().clone())
                );
            }
        };
        for _ in 0..120 {
            let longest = [20, 90, 500, 2_000][usize::try_from(drawn.below(4)).unwrap()];
            chat.wait(SignedDuration::from_mins(
                i64::try_from(drawn.below(longest)).unwrap(),
            ));
            match drawn.below(12) {
                0 => drop(chat.say("/pause")),
                1 => drop(chat.say("/pause 12h")),
                2 => drop(chat.say("/pause until 07:45")),
                3 | 4 => drop(chat.say("/resume")),
                5 => chat.restart(),
                6 => block_on(chat.app().scheduler().repair_at_start()).unwrap(),
                _ => {
                    let number = came.len();
                    came.push(0);
                    news(
                        &mut chat,
                        &format!("squid-{number}.txt"),
                        "Japan",
                        &[&format!("Squid {number}")],
                    );
                }
            }
            hear(&mut chat, &mut came);
            hear(&mut chat, &mut came);
        }
        chat.say("/resume");
        for _ in 0..2 {
            let next = cadence.next_after(chat.app().now(), zone.tz()).unwrap();
            chat.set_clock(next);
            hear(&mut chat, &mut came);
        }
        assert!(
            came.len() > 40 && came.iter().all(|times| *times == 1),
            "{cadence}: {came:?}"
        );
    }
}
