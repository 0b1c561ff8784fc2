//! `/pause 3d`: a pause that ends by itself.

use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use tidings_core::channel::PausedBy;
use tidings_core::delivery::probe_after;
use tidings_core::ids::ChannelKey;
use tidings_store::{StoreError, WriteTx};

use super::delivering::Fake;
use super::{Chat, library, news, squid};
use crate::harness::{block_on, channel, moment, row};

/// A channel that follows one section daily and one as it comes.
fn following() -> Chat {
    let mut chat = library();
    chat.say("/subscribe japan instant");
    chat.say("/subscribe us-nk daily 09:00");
    chat
}

#[test]
fn it_ends_at_the_moment_that_the_answer_names() {
    let mut chat = following();
    assert_snapshot!(chat.say("/pause 3d"), @"Deliveries to this channel are paused until Mon 9 Nov 12:00 (UTC), in 3 days. What comes in meanwhile is kept and comes then; /resume lets it through sooner.");
    squid(&mut chat, 1);
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/status"), @"
    Last loaded just now: 9 items from 1 source.
    Deliveries to this channel have been paused since Fri 6 Nov 12:00, until Mon 9 Nov 12:00. /resume lets them go on sooner.
    Nothing is waiting to be delivered here.
    Source digests is well.
    ");
    assert_snapshot!(chat.say("/subscriptions"), @"
    This channel follows   times in UTC
      us-nk   US–North Korea relations   daily 09:00
      japan   Japan                      instant
    Deliveries to this channel have been paused since Fri 6 Nov 12:00, until Mon 9 Nov 12:00. /resume lets them go on sooner.
    /schedule us-nk daily 18:00 changes a time · /preview shows the next roundup
    ");
    assert_snapshot!(chat.say("/roundup"), @"Deliveries to this channel have been paused since Fri 6 Nov 12:00, until Mon 9 Nov 12:00. /resume lets them go on sooner.");
    assert_snapshot!(chat.say("/schedule us-nk daily 10:00"), @"
    This channel now gets US–North Korea relations, daily 10:00 (UTC). Next roundup: Sat 7 Nov 10:00, in 22 hours, if there is news by then.
    After that: Sun 8 Nov 10:00, Mon 9 Nov 10:00.
    Deliveries to this channel are paused until Mon 9 Nov 12:00, though: /resume lets them go on sooner.
    ");
    assert_snapshot!(chat.say("/timezone Asia/Seoul"), @"
    The time zone of this channel is now Asia/Seoul: it is Fri 6 Nov 21:00 there.
    Deliveries to this channel are paused until Mon 9 Nov 21:00, though: /resume lets them go on sooner.
    ");
    chat.say("/timezone UTC");
    chat.say("/schedule us-nk daily 09:00");
    assert_eq!(chat.tick_at("2026-11-07T09:00[UTC]"), "");
    let due = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.next_due("console"))
        .unwrap();
    assert_eq!(
        due,
        Some(moment("2026-11-09T12:00[UTC]")),
        "the loop wakes then"
    );
    assert_eq!(chat.tick_at("2026-11-09T11:59:59[UTC]"), "");
    let ticked = chat.at("2026-11-09T12:00[UTC]").tick();
    assert_eq!((ticked.roundups, ticked.resumed), (1, 1));
    assert_snapshot!(chat.posted(), @"
    Catch-up · Monday 9 November
    US–North Korea relations
      #9  Door plate polished
    Japan
      #8  Squid 1
    2 headlines · next: Tue 10 Nov 09:00 UTC
    ");
    assert_eq!(chat.tick().resumed, 0);
    assert_snapshot!(chat.say("/resume"), @"Deliveries to this channel aren’t paused.");
    squid(&mut chat, 2);
    assert!(chat.posted().contains("Squid 2"));
}

#[test]
fn it_ends_while_nobody_is_there_and_gives_one_catch_up() {
    let mut chat = following();
    assert_snapshot!(chat.say("/pause until monday"), @"Deliveries to this channel are paused until Mon 9 Nov 00:00 (UTC), in 3 days. What comes in meanwhile is kept and comes then; /resume lets it through sooner.");
    squid(&mut chat, 1);
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    chat.at("2026-11-11T10:00[UTC]");
    chat.restart();
    squid(&mut chat, 2);
    let posted = chat.posted();
    assert_snapshot!(posted, @"
    Catch-up · Wednesday 11 November
    US–North Korea relations
      #9  Door plate polished
    Japan
      #10  Squid 2
      #8   Squid 1
    3 headlines · next: Thu 12 Nov 09:00 UTC
    ");
    assert_eq!(chat.posted(), "");
}

#[test]
fn what_waits_in_the_outbox_goes_when_it_ends() {
    let mut chat = following();
    squid(&mut chat, 1);
    chat.tick();
    chat.say("/pause 12h");
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick_at("2026-11-06T23:59[UTC]"), "");
    assert!(chat.tick_at("2026-11-07T00:00[UTC]").contains("Squid 1"));
}

#[test]
fn it_is_changed_by_another_one() {
    let mut chat = following();
    chat.say("/timezone Asia/Seoul");
    assert_snapshot!(chat.say("/pause until 18:00"), @"Deliveries to this channel are paused until Sat 7 Nov 18:00 (Asia/Seoul), in 21 hours. What comes in meanwhile is kept and comes then; /resume lets it through sooner.");
    assert_snapshot!(chat.say("/pause until 18:00"), @"Deliveries to this channel have been paused since Fri 6 Nov 21:00, until Sat 7 Nov 18:00. /resume lets them go on sooner.");
    assert_snapshot!(chat.say("/pause 2 weeks"), @"Deliveries to this channel stay paused, now until Fri 20 Nov 21:00 (Asia/Seoul), in 14 days. /resume lets them go on sooner.");
    assert_snapshot!(chat.say("/pause"), @"Deliveries to this channel stay paused, now without an end. /resume lets them go on.");
    assert_snapshot!(chat.say("/pause"), @"Deliveries to this channel have been paused since Fri 6 Nov 21:00. /resume lets them go on.");
    squid(&mut chat, 1);
    assert_eq!(chat.tick_at("2026-12-06T12:00[UTC]"), "");
    assert_snapshot!(chat.say("/pause until tomorrow 9am"), @"Deliveries to this channel stay paused, now until Mon 7 Dec 09:00 (Asia/Seoul), in 12 hours. /resume lets them go on sooner.");
    assert_snapshot!(chat.say("/resume"), @"Deliveries go on. What came in meanwhile follows in one roundup.");
    assert!(chat.posted().contains("Squid 1"));
    // What has ended is over.
    assert_eq!(chat.tick_at("2026-12-07T00:00[UTC]"), "");
    assert_eq!(chat.tick().resumed, 0);
}

#[test]
fn mistakes_are_answered_with_an_example_and_change_nothing() {
    let mut chat = following();
    assert_snapshot!(chat.say("/pause for a while"), @"I don’t understand “for a while” as a length of time or a moment. Try: /pause 3d, /pause until monday or /pause until 18:00");
    assert_snapshot!(chat.say("/pause 3"), @"I don’t understand “3” as a length of time or a moment. Try: /pause 3d, /pause until monday or /pause until 18:00");
    assert_snapshot!(chat.say("/pause 0d"), @"That is no time at all. Try: /pause 3d");
    assert_snapshot!(chat.say("/pause 2 years"), @"A pause lasts a year at most. Try: /pause 2 weeks. To pause until you type /resume: /pause");
    assert_snapshot!(chat.say("/pause until 2026-11-01"), @"“until 2026-11-01” is over already. Try: /pause 3d");
    assert_snapshot!(chat.say("/pause until 25:00"), @"25:00 isn’t a time of day. Try: /pause until 18:00");
    assert_snapshot!(chat.say("/pause until next sunday"), @"“until next sunday” could mean Sun 8 Nov 00:00 or Sun 15 Nov 00:00. Try: /pause until 2026-11-08 or /pause until 2026-11-15");
    assert_snapshot!(chat.say("/pause next sunday 18:00"), @"“next sunday 18:00” could mean Sun 8 Nov 18:00 or Sun 15 Nov 18:00. Try: /pause until 2026-11-08 18:00 or /pause until 2026-11-15 18:00");
    let long = chat.say(&format!("/pause {}", "so long ".repeat(40)));
    assert!(long.chars().count() < 200, "{long}");
    squid(&mut chat, 1);
    assert!(chat.posted().contains("Squid 1"), "nothing is paused");
    assert_snapshot!(chat.say("/help pause"), @"
      /pause [how long]   stop deliveries, for a while or until /resume; nothing is lost
    For example: /pause 3d
    How long: 12h · 3d · 2 weeks · until monday · until 18:00
    ");
    assert!(chat.say_as_reader("/pause 3d").contains("administer"));
}

#[test]
fn in_korean() {
    let mut chat = following();
    chat.say("/settings locale ko");
    chat.say("/timezone Asia/Seoul");
    assert_snapshot!(chat.say("/pause 3일"), @"이 채널에 11월 9일(월) 21:00(Asia/Seoul, 3일 뒤)까지 소식을 보내지 않습니다. 그동안의 소식은 보관했다가 그때 보냅니다. 더 일찍 받으려면: /resume");
    assert_snapshot!(chat.say("/pause 월요일까지"), @"이제 이 채널에 11월 9일(월) 00:00(Asia/Seoul, 2일 뒤)까지 소식을 보내지 않습니다. 더 일찍 받으려면: /resume");
    assert_snapshot!(chat.say("/pause 23:00까지"), @"이제 이 채널에 11월 6일(금) 23:00(Asia/Seoul, 2시간 뒤)까지 소식을 보내지 않습니다. 더 일찍 받으려면: /resume");
    assert_snapshot!(chat.say("/status"), @"
    마지막 수집: 방금(출처 1곳, 기사 7건).
    이 채널에는 11월 6일(금) 21:00부터 소식을 보내지 않고 있으며, 11월 6일(금) 23:00에 다시 보냅니다. 더 일찍 받으려면: /resume
    보내려고 대기 중인 글이 없습니다.
    출처 digests: 정상.
    ");
    assert_snapshot!(chat.say("/schedule us-nk 매일 10시"), @"
    이 채널의 US–North Korea relations 일정을 바꿨습니다: daily 10:00 (Asia/Seoul). 다음 모음: 11월 7일(토) 10:00(13시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    그다음: 11월 8일(일) 10:00, 11월 9일(월) 10:00.
    다만 이 채널에는 11월 6일(금) 23:00까지 소식 보내기가 멈춰 있습니다. 더 일찍 시작하려면: /resume
    ");
    assert_snapshot!(chat.say("/pause"), @"이제 /resume 명령을 쓸 때까지 이 채널에 소식을 보내지 않습니다.");
    assert_snapshot!(chat.say("/pause 0일"), @"멈출 기간이 0입니다. 예: /pause 3일");
    assert_snapshot!(chat.say("/pause 2년"), @"길어도 1년까지만 멈출 수 있습니다. 예: /pause 2주. /resume 명령을 쓸 때까지 멈추려면: /pause");
    assert_snapshot!(chat.say("/pause 25시까지"), @"“25시” 같은 시각은 없습니다. 예: /pause 18:00까지");
    assert_snapshot!(chat.say("/pause 2020-01-01까지"), @"“2020-01-01까지”: 이미 지난 시각입니다. 예: /pause 3일");
    assert_snapshot!(chat.say("/pause 다음 일요일까지"), @"“다음 일요일까지”: 11월 8일(일) 00:00 또는 11월 15일(일) 00:00일 수 있습니다. 이렇게 쓰세요: /pause 2026-11-08까지 또는 /pause 2026-11-15까지");
    assert_snapshot!(chat.say("/pause 한동안"), @"“한동안” 같은 기간이나 시각은 알 수 없습니다. 예: /pause 3일, /pause 월요일까지, /pause 18:00까지");
    assert_snapshot!(chat.say("/help pause"), @"
      /pause [how long]   소식 멈추기: 정한 때까지, 또는 다시 받을 때까지(놓치는 소식 없음)
    예: /pause 3d
    기간: 12시간 · 3일 · 2주 · 월요일까지 · 18:00까지
    ");
}

#[test]
fn a_pause_over_a_window_goes_on_with_it() {
    let mut chat = library();
    chat.say("/timezone Asia/Seoul");
    chat.say("/subscribe japan instant 08:00-22:00");
    // It ends by night: what it kept waits for the morning.
    chat.say("/pause until 23:00");
    squid(&mut chat, 1);
    assert_eq!(chat.tick_at("2026-11-06T23:00[Asia/Seoul]"), "");
    assert_eq!(chat.tick().resumed, 0, "that was done");
    assert!(
        chat.tick_at("2026-11-07T08:00[Asia/Seoul]")
            .contains("Squid 1")
    );
    // It ends by day, after the start: then.
    chat.say("/pause until tomorrow 10:00");
    squid(&mut chat, 2);
    assert_eq!(chat.tick_at("2026-11-08T08:00[Asia/Seoul]"), "");
    let posted = chat.tick_at("2026-11-08T10:00[Asia/Seoul]");
    assert!(posted.contains("Squid 2"), "{posted}");
    squid(&mut chat, 3);
    assert!(chat.posted().contains("Squid 3"));
}

#[test]
fn a_clock_that_was_years_ahead_makes_no_pause_of_years() {
    let mut chat = following();
    chat.at("2036-03-01T12:00[UTC]");
    chat.say("/pause 12h");
    chat.at("2026-11-06T12:01[UTC]");
    chat.keep_up(None);
    squid(&mut chat, 1);
    assert_eq!(chat.posted(), "");
    assert!(chat.tick_at("2026-11-07T00:01[UTC]").contains("Squid 1"));
}

#[test]
fn old_pauses_have_no_end() {
    let mut chat = following();
    chat.say("/pause");
    squid(&mut chat, 1);
    assert_eq!(chat.tick_at("2028-11-06T12:00[UTC]"), "");
    let due = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.next_due("console"))
        .unwrap();
    assert_eq!(due, None);
    chat.say("/resume");
    assert!(chat.posted().contains("Squid 1"));
}

/// A channel of a platform that a manager has paused for an hour; what the platform says before and after that.
fn paused(before: &[Said], after: &[Said]) -> (Chat, ChannelKey) {
    let chat = Chat::started();
    let key = channel("elsewhere:5");
    let now = chat.app().now();
    let until = now + SignedDuration::from_hours(1);
    let store = chat.app().store();
    let told = store.blocking().write(|db| {
        db.channel_or_new(&key, now)?;
        for said in before {
            said.to(db, &key, now)?;
        }
        let row = db.channel(&key)?.expect("a channel");
        db.pause_by_manager(&row, Some(until), now)?;
        for said in after {
            said.to(db, &key, now + SignedDuration::from_mins(1))?;
        }
        Ok::<_, StoreError>(())
    });
    told.unwrap();
    (chat, key)
}

enum Said {
    Gone(&'static str),
    Welcome,
    /// What was sent before the pause arrived.
    Arrived,
}

impl Said {
    fn to(&self, db: &WriteTx<'_>, key: &ChannelKey, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Said::Gone(why) => db.pause_by_platform(key, why, now, probe_after),
            Said::Welcome => db.mark_reachable(key, None).map(|_| ()),
            Said::Arrived => {
                let sent = now - SignedDuration::from_mins(5);
                db.mark_reachable(key, Some(sent)).map(|_| ())
            }
        }
    }
}

#[test]
fn what_the_platform_said_holds_when_a_managers_pause_is_over() {
    use Said::{Arrived, Gone, Welcome};
    for (before, after, left) in [
        (&[][..], &[][..], None),
        (&[], &[Gone("kicked")], Some("kicked")),
        (&[], &[Gone("kicked"), Gone("again")], Some("kicked")),
        (&[], &[Gone("kicked"), Welcome], None),
        (&[], &[Gone("kicked"), Arrived], Some("kicked")),
        (&[], &[Welcome], None),
        (&[Gone("closed")], &[], Some("closed")),
        (&[Gone("closed")], &[Welcome], None),
        (&[Gone("closed"), Welcome], &[], None),
    ] {
        let (mut chat, key) = paused(before, after);
        let look = |chat: &Chat| {
            let row = row(chat.app(), &key);
            row.unwrap().pause
        };
        assert_eq!(look(&chat).unwrap().by, PausedBy::Manager);
        chat.wait(SignedDuration::from_hours(1));
        let fake = Fake::new("elsewhere");
        let ticked = block_on(chat.app().scheduler().tick(&*fake)).unwrap();
        assert_eq!(ticked.resumed, 1);
        let pause = look(&chat);
        let reason = pause.and_then(|pause| {
            assert_eq!((pause.by, pause.until), (PausedBy::Platform, None));
            pause.reason
        });
        assert_eq!(reason.as_deref(), left);
        // It is tried at once, as if somebody had typed /resume.
        let resting = block_on(chat.app().bot().resting("elsewhere", 10)).unwrap();
        assert_eq!(resting.len(), usize::from(left.is_some()));
        let ticked = block_on(chat.app().scheduler().tick(&*fake)).unwrap();
        assert_eq!(ticked.resumed, 0);
    }
}

#[test]
fn who_resumes_by_hand_has_it_tried_whatever_the_platform_said() {
    let (chat, key) = paused(&[], &[Said::Gone("kicked")]);
    let fake = Fake::new("elsewhere");
    let bot = chat.app().bot();
    block_on(bot.command(&*fake, &key, true, "/resume")).unwrap();
    assert_eq!(row(chat.app(), &key).unwrap().pause, None);
}

#[test]
fn a_channel_that_moves_to_a_known_address_stays_paused() {
    for (old, new) in [
        ("1h", ""),
        ("", "1h"),
        ("1h", "2h"),
        ("/", "1h"),
        ("1h", "/"),
    ] {
        let chat = Chat::started();
        let fake = Fake::new("elsewhere");
        let (from, to) = (channel("elsewhere:1"), channel("elsewhere:2"));
        let bot = chat.app().bot();
        for (key, pause) in [(&from, old), (&to, new)] {
            block_on(bot.command(&*fake, key, true, "/subscribe japan instant")).unwrap();
            match pause {
                "" => {}
                "/" => drop(block_on(bot.command(&*fake, key, true, "/pause")).unwrap()),
                long => drop(
                    block_on(bot.command(&*fake, key, true, &format!("/pause {long}"))).unwrap(),
                ),
            }
        }
        block_on(bot.moved(&from, &to)).unwrap();
        let pause = row(chat.app(), &to).unwrap().pause.expect("paused");
        assert_eq!(pause.by, PausedBy::Manager, "{old} {new}");
    }
}
