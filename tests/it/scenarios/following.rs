//! Managers: subscribing, schedules and zones, pausing, settings, forgetting, and the status.

use insta::assert_snapshot;

use super::{library, news};

#[test]
fn subscribing_and_what_is_said_about_it() {
    let mut chat = library();
    assert_snapshot!(chat.say("/subscribe us-nk daily 08:00"), @r"
        This channel now follows US–North Korea relations, daily 08:00 (UTC). Next roundup: Sat 7 Nov 08:00, in 20 hours, if there is news by then.
        After that: Sun 8 Nov 08:00, Mon 9 Nov 08:00.
        Times are in UTC; /timezone Asia/Seoul changes that.
        /latest us-nk shows what is there already · /subscriptions lists all
    ");
    assert_snapshot!(chat.say("/subscribe us-nk hourly"), @"This channel follows US–North Korea relations already, daily 08:00 (UTC). To change the time: /schedule us-nk hourly");
    assert_snapshot!(chat.say("/subscribe Garden Shows instant"), @r"
        This channel now follows Garden Shows, instant: each new headline as soon as it is loaded.
        /latest garden-shows shows what is there already · /subscriptions lists all
        ");
    assert_snapshot!(chat.say("/subscribe all"), @r"
        This channel now follows all sections, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
        Times are in UTC; /timezone Asia/Seoul changes that.
        /latest shows what is there already · /subscriptions lists all
    ");
    assert_snapshot!(chat.say("/subscribe japan Weekly MON, thu 18:00"), @r"
        This channel now follows Japan, weekly mon,thu 18:00 (UTC). Next roundup: Mon 9 Nov 18:00, in 3 days, if there is news by then.
        After that: Thu 12 Nov 18:00, Mon 16 Nov 18:00.
        Times are in UTC; /timezone Asia/Seoul changes that.
        /latest japan shows what is there already · /subscriptions lists all
    ");
    assert_snapshot!(chat.say("/subscriptions"), @r"
        This channel follows   times in UTC
          all            all sections               daily 09:00 · next Sat 7 Nov 09:00
          us-nk          US–North Korea relations   daily 08:00 · next Sat 7 Nov 08:00
          japan          Japan                      weekly mon,thu 18:00 · next Mon 9 Nov 18:00
          garden-shows   Garden Shows               instant
        /schedule all daily 18:00 changes a time · /preview shows the next roundup
        ");
    assert_snapshot!(chat.say("/schedule us-nk monthly 31 07:30"), @r"
        This channel now gets US–North Korea relations, monthly 31 07:30 (UTC). Next roundup: Mon 30 Nov 07:30, in 24 days, if there is news by then.
        After that: Thu 31 Dec 07:30, Sun 31 Jan 2027 07:30.
    ");
    assert_snapshot!(chat.say("/schedule japan instant"), @"This channel now gets Japan, instant: each new headline as soon as it is loaded.");
    assert_snapshot!(chat.say("/unsubscribe us-nk"), @"This channel no longer follows US–North Korea relations by itself; it still comes with all sections. To leave it out there: /filter all -#us-nk");
    assert_snapshot!(chat.say("/unsubscribe us-nk"), @"US–North Korea relations comes with all sections, as this channel follows all. To leave it out: /filter all -#us-nk. To follow single sections instead: /unsubscribe all, then for example /subscribe inter-korean");
    assert_snapshot!(chat.say("/unsubscribe garden-shows"), @"This channel no longer follows Garden Shows by itself; it still comes with all sections. To leave it out there: /filter all -#garden-shows");
    assert_snapshot!(chat.say("/unsubscribe all"), @"This channel no longer follows all sections. It still follows Japan.");
    assert_snapshot!(chat.say("/unsubscribe japan"), @"This channel no longer follows Japan. It follows nothing now.");
}

#[test]
fn all_of_them_end_together_where_all_is_not_followed() {
    let mut chat = library();
    chat.say("/subscribe us-nk");
    chat.say("/subscribe japan");
    assert_snapshot!(chat.say("/unsubscribe all"), @"This channel no longer follows US–North Korea relations, Japan. It follows nothing now.");
}

#[test]
fn mistakes_in_subscribing_are_helped_with() {
    let mut chat = library();
    assert_snapshot!(chat.say("/subscribe"), @"Which section? There are us-nk, inter-korean, japan, garden-shows, more (Other news); all means every one. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe daily 09:00"), @"Which section? There are us-nk, inter-korean, japan, garden-shows, more (Other news); all means every one. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nl daily 09:00"), @"There is no section “us-nl”. Did you mean us-nk? /sections lists all 5.");
    assert_snapshot!(chat.say("/subscribe us-nk dayly 09:00"), @"“dayly” isn’t a schedule. Did you mean daily? Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk whenever"), @"“whenever” isn’t a schedule. It can be: instant · instant 08:00-22:00 · hourly · every 2 hours · daily 09:00 · weekdays 09:00 · weekly mon,thu 18:00 · monthly 1 09:00 · cron 0 9 * * 1-5. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk daily 25:00"), @"25:00 isn’t a time of day. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk daily"), @"“daily” needs a time of day. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk weekly funday 09:00"), @"funday isn’t a day of the week. Try: /subscribe us-nk weekly mon,thu 18:00");
    assert_snapshot!(chat.say("/subscribe us-nk monthly 32 09:00"), @"32 isn’t a day of the month; it goes from 1 to 31. Try: /subscribe us-nk monthly 1 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk cron 0 9 * *"), @"A cron schedule has five fields (minute, hour, day, month, weekday); “0 9 * *” has 4. Try: /subscribe us-nk cron 0 9 * * 1-5");
    assert_snapshot!(chat.say("/subscribe us-nk cron 0 9 31 2 *"), @"“0 9 31 2 *” never comes: no date fits it. Try: /subscribe us-nk cron 0 9 * * 1-5");
    assert_snapshot!(chat.say("/subscribe us-nk hourly please"), @"I don’t understand “please” here. Try: /subscribe us-nk hourly");
    assert_snapshot!(chat.say("/schedule us-nk"), @"This channel doesn’t follow US–North Korea relations. To follow it: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/schedule us-nk hourly"), @"This channel doesn’t follow US–North Korea relations. To follow it: /subscribe us-nk hourly");
    assert_snapshot!(chat.say("/unsubscribe"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/schedule"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
    chat.say("/subscribe us-nk");
    assert_snapshot!(chat.say("/unsubscribe"), @"Which section? This channel follows us-nk. Try: /unsubscribe us-nk");
    assert_snapshot!(chat.say("/schedule"), @"Which section? This channel follows us-nk. Try: /schedule us-nk daily 18:00");
    chat.say("/subscribe japan hourly");
    assert_snapshot!(chat.say("/unsubscribe"), @"Which section? This channel follows us-nk, japan. Try: /unsubscribe us-nk");
    assert_snapshot!(chat.say("/schedule daily 18:00"), @"Which section? This channel follows us-nk, japan. Try: /schedule us-nk daily 18:00");
    assert_snapshot!(chat.say("/subscribe us-nk"), @"This channel follows US–North Korea relations already, daily 09:00 (UTC). To change the time: /schedule us-nk daily 18:00");
    assert_snapshot!(chat.say("/schedule us-nk every day"), @"“every day” needs a time of day. Try: /schedule us-nk daily 09:00");
    assert_snapshot!(chat.say("/schedule us-nk Tuesday"), @"“Tuesday” needs a time of day. Try: /schedule us-nk weekly tue 09:00");
    assert_snapshot!(chat.say("/schedule us-nk 9 and 18"), @"“9 and 18” could mean daily 09:00 or daily 18:00. To get all of them: /schedule us-nk cron 0 9,18 * * *");
    assert_snapshot!(chat.say("/schedule us-nk mon 9:00, 10:30"), @"“mon 9:00, 10:30” could mean weekly mon 09:00 or weekly mon 10:30. Try: /schedule us-nk weekly mon 09:00");
    assert_snapshot!(chat.say("/schedule us-nk biweekly"), @"“biweekly” could mean twice a week: weekly mon,thu 09:00. Or every two weeks, which isn’t possible; nearest is the 1st and the 15th of each month, cron 0 9 1,15 * *. Try: /schedule us-nk weekly mon,thu 09:00");
    assert_snapshot!(chat.say("/schedule us-nk every two weeks"), @"There is no schedule for “every two weeks”: none leaves a week out. Nearest are every week, weekly mon 09:00, and the 1st and the 15th of each month, cron 0 9 1,15 * *. Try: /schedule us-nk weekly mon 09:00");
    assert_snapshot!(chat.say("/schedule us-nk twice a month"), @"There is no schedule for “twice a month”. Nearest are cron 0 9 1,15 * * and monthly 1 09:00. Try: /schedule us-nk cron 0 9 1,15 * *");
    assert_snapshot!(chat.say("/schedule us-nk every 5 hours"), @"There is no schedule for “every 5 hours”. Nearest are every 4 hours and every 6 hours. Try: /schedule us-nk every 4 hours");
    assert_snapshot!(chat.say("/schedule us-nk next friday"), @"“next friday” could mean from then on, again and again: weekly fri 09:00. Or only once, which isn’t possible: a schedule goes on. Try: /schedule us-nk weekly fri 09:00");
    assert_snapshot!(chat.say("/settings silent"), @"“silent” does nothing here. What can be set: style, locale, cap, duplicates.");
    assert_snapshot!(chat.say("/help subscribe"), @"
      /subscribe <section|all> [when]   follow a section in this channel
    For example: /subscribe us-nk daily 09:00
    When: instant · instant 08:00-22:00 · hourly · every 2 hours · daily 09:00 · weekdays 09:00 · weekly mon,thu 18:00 · monthly 1 09:00 · cron 0 9 * * 1-5
    ");
    chat.say("/unsubscribe us-nk");
    chat.say("/unsubscribe japan");
    assert_snapshot!(chat.say("/unsubscribe us-nk now"), @"I don’t understand “now” here: this command takes a section and nothing else. Try: /unsubscribe us-nk");
    assert_snapshot!(chat.say("/subscriptions"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
}

#[test]
fn the_channels_zone() {
    let mut chat = library();
    assert_snapshot!(chat.say("/timezone"), @"The time zone of this channel is UTC: it is Fri 6 Nov 12:00 there. To change it: /timezone Asia/Seoul");
    chat.say("/subscribe us-nk daily 08:00");
    assert_snapshot!(chat.say("/timezone asia/seoul"), @r"
        The time zone of this channel is now Asia/Seoul: it is Fri 6 Nov 21:00 there.
        Next roundup: Sat 7 Nov 08:00, in 11 hours, if there is news by then.
    ");
    assert_snapshot!(chat.say("/subscriptions"), @r"
        This channel follows   times in Asia/Seoul
          us-nk   US–North Korea relations   daily 08:00 · next Sat 7 Nov 08:00
        /schedule us-nk daily 09:00 changes a time · /preview shows the next roundup
        ");
    assert_snapshot!(chat.say("/timezone Asia/Seul"), @"There is no time zone “Asia/Seul”. Did you mean Asia/Seoul? Try: /timezone Asia/Seoul");
    assert_snapshot!(chat.say("/timezone Atlantis"), @"There is no time zone “Atlantis”. Did you mean Canada/Atlantic? Try: /timezone Canada/Atlantic");
    chat.say("/timezone America/New_York");
    assert_snapshot!(chat.say("/timezone"), @"The time zone of this channel is America/New_York: it is Fri 6 Nov 07:00 there. To change it: /timezone Asia/Seoul");
    assert_eq!(chat.tick_at("2026-11-07T08:00[Asia/Seoul]"), "");
}

#[test]
fn a_zone_that_changes_keeps_what_is_owed() {
    let mut chat = library();
    chat.say("/subscribe us-nk daily 13:00");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    // Nobody ticks at 13:00; at 13:05 the zone changes to one where 13:00 is to come.
    chat.at("2026-11-06T13:05[UTC]");
    chat.say("/timezone America/New_York");
    let posted = chat.posted();
    assert!(posted.contains("Door plate polished"), "{posted}");
    assert_eq!(chat.tick_at("2026-11-06T13:00[America/New_York]"), "");
}

#[test]
fn paused_and_resumed_without_losing_anything() {
    let mut chat = library();
    chat.say("/subscribe us-nk daily 13:00");
    chat.say("/subscribe japan instant");
    assert_snapshot!(chat.say("/pause"), @"Deliveries to this channel are paused. What comes in meanwhile is kept; /resume lets it through.");
    chat.at("2026-11-06T12:30[UTC]");
    assert_snapshot!(chat.say("/pause"), @"Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Squid recounted"]);
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick_at("2026-11-06T13:00[UTC]"), "");
    assert_eq!(chat.tick_at("2026-11-07T13:00[UTC]"), "");
    assert_snapshot!(chat.say("/roundup"), @"Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.");
    assert_snapshot!(chat.say("/status"), @r"
        Last loaded 25 hours ago: 9 items from 1 source.
        Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.
        Nothing is waiting to be delivered here.
        Source digests is well.
    ");
    assert_snapshot!(chat.say("/subscriptions"), @r"
        This channel follows   times in UTC
          us-nk   US–North Korea relations   daily 13:00
          japan   Japan                      instant
        Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.
        /schedule us-nk daily 09:00 changes a time · /preview shows the next roundup
        ");
    assert_snapshot!(chat.say("/subscribe inter-korean daily 10:00"), @r"
        This channel now follows Inter-Korean relations, daily 10:00 (UTC). Next roundup: Sun 8 Nov 10:00, in 21 hours, if there is news by then.
        After that: Mon 9 Nov 10:00, Tue 10 Nov 10:00.
        Times are in UTC; /timezone Asia/Seoul changes that.
        Deliveries to this channel are paused, though: /resume lets them go on.
        /latest inter-korean shows what is there already · /subscriptions lists all
    ");
    chat.at("2026-11-07T14:00[UTC]");
    assert_snapshot!(chat.say("/resume"), @"Deliveries go on. What came in meanwhile follows in one roundup.");
    assert_snapshot!(chat.posted(), @r"
        Catch-up · Saturday 7 November
        US–North Korea relations
          #8  Door plate polished
        Japan
          #9  Squid recounted
        2 headlines · next: Sun 8 Nov 10:00 UTC
        ");
    assert_snapshot!(chat.say("/resume"), @"Deliveries to this channel aren’t paused.");
}

#[test]
fn what_was_instant_before_a_pause_is_a_catch_up_after_it() {
    let mut chat = library();
    chat.say("/subscribe japan instant");
    chat.say("/pause");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid recounted"]);
    chat.at("2026-11-06T14:00[UTC]");
    chat.say("/resume");
    assert_snapshot!(chat.posted(), @"
    Catch-up · Friday 6 November
    Japan
      #8  Squid recounted
    1 headline
    ");
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Squid lost"]);
    let posted = chat.posted();
    assert!(posted.trim_start().starts_with("Japan"), "{posted}");
}

#[test]
fn what_waits_in_the_outbox_waits_for_the_end_of_a_pause() {
    let mut chat = library();
    chat.say("/subscribe japan instant");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid recounted"]);
    // /roundup enqueues; before it is sent, the channel is paused.
    assert_snapshot!(chat.say("/roundup"), @"The roundup is on its way. The schedule goes on without repeating it.");
    chat.say("/pause");
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/status"), @r"
        Last loaded just now: 8 items from 1 source.
        Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.
        1 message is waiting to be delivered here, put together just now.
        Source digests is well.
    ");
    chat.say("/resume");
    assert!(chat.posted().contains("Squid recounted"));
}

#[test]
fn previews_change_nothing() {
    let mut chat = library();
    chat.say("/subscribe us-nk daily 13:00");
    assert_snapshot!(chat.say("/preview"), @r"
        Nothing new has come in since this channel subscribed.
        With the newest items it would look like this:
        Roundup · Friday 6 November
        US–North Korea relations
          #2  Liaison office gets a door plate
          #3  Envoys meet in Geneva for a second day
          #4  U.S. letter draws a reply
        3 headlines · next: Sat 7 Nov 13:00 UTC
        ");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    let preview = chat.say("/preview");
    assert_snapshot!(preview, @r"
        As of now, the next roundup would look like this:
        Roundup · Friday 6 November
        US–North Korea relations
          #8  Door plate polished
        1 headline · next: Sat 7 Nov 13:00 UTC
        ");
    assert_eq!(chat.say("/preview"), preview);
    let (_, shown) = preview.split_once('\n').unwrap();
    assert_eq!(
        chat.tick_at("2026-11-06T13:00[UTC]"),
        shown.replace("Fri 6 Nov 13:00", "Sat 7 Nov 13:00")
    );
    assert_snapshot!(chat.say("/preview"), @r"
        Nothing new has come in since the roundup of Fri 6 Nov 13:00.
        With the newest items it would look like this:
        Roundup · Saturday 7 November
        US–North Korea relations
          #8  Door plate polished
          #2  Liaison office gets a door plate
          #3  Envoys meet in Geneva for a second day
        3 headlines · next: Sun 8 Nov 13:00 UTC
        ");
}

#[test]
fn a_roundup_on_demand_is_not_repeated_by_the_schedule() {
    let mut chat = library();
    chat.say("/subscribe us-nk daily 13:00");
    assert_snapshot!(chat.say("/roundup"), @"Nothing new has come in since this channel subscribed.");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    chat.say("/roundup");
    assert_snapshot!(chat.posted(), @r"
        Roundup · Friday 6 November
        US–North Korea relations
          #8  Door plate polished
        1 headline · next: Fri 6 Nov 13:00 UTC
        ");
    assert_snapshot!(chat.say("/roundup"), @"Nothing new has come in since the roundup of Fri 6 Nov 12:00.");
    assert_eq!(chat.tick_at("2026-11-06T13:00[UTC]"), "");
}

#[test]
fn settings_of_a_channel() {
    let mut chat = library();
    assert_snapshot!(chat.say("/settings"), @r"
    Settings of this channel
      style        headlines   what a roundup shows of an item, headlines or summaries
      locale       en          the language, en or ko
      cap          25          the most headlines of one roundup
      duplicates   off         every item of a story, and not only the first
    /settings style summaries changes one · /timezone sets the zone
    ");
    assert_snapshot!(chat.say("/settings style summaries"), @"style is now summaries (what a roundup shows of an item).");
    assert_snapshot!(chat.say("/settings style cards"), @"There are no cards here. style can be: headlines, summaries. Try: /settings style summaries");
    assert_snapshot!(chat.say("/settings style"), @"style is summaries (what a roundup shows of an item, headlines or summaries).");
    assert_snapshot!(chat.say("/settings cap 0"), @"cap can’t be “0”. It can be: 1–100. Try: /settings cap 25");
    assert_snapshot!(chat.say("/settings cap 101"), @"cap can’t be “101”. It can be: 1–100. Try: /settings cap 25");
    assert_snapshot!(chat.say("/settings silent on"), @"“silent” does nothing here. What can be set: style, locale, cap, duplicates.");
    assert_snapshot!(chat.say("/settings colour red"), @"There is no setting “colour”. What can be set: style, locale, cap, duplicates. Try: /settings style summaries");
    assert_snapshot!(chat.say("/settings locale fr"), @"locale can’t be “fr”. It can be: en, ko. Try: /settings locale en");
    chat.say("/subscribe us-nk instant");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    assert_snapshot!(chat.posted(), @r"
        US–North Korea relations
          #8  Door plate polished
              What there is to say of it.
    ");
}

#[test]
fn a_forgotten_channel_is_gone() {
    let mut chat = library();
    chat.say("/subscribe us-nk instant");
    chat.say("/settings locale en");
    assert_snapshot!(chat.say("/forget"), @"This erases 1 subscription and all settings of this channel for good. To go ahead: /forget yes");
    assert_snapshot!(chat.say("/forget me"), @"This erases 1 subscription and all settings of this channel for good. To go ahead: /forget yes");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    chat.say("/roundup");
    assert_snapshot!(chat.say("/forget yes"), @"Everything kept about this channel is erased. /subscribe begins anew.");
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/forget yes"), @"Nothing is kept about this channel.");
    let totals = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.totals())
        .unwrap();
    assert_eq!((totals.channels, totals.subscriptions), (0, 0));
}

#[test]
fn korean() {
    let mut chat = library();
    assert_snapshot!(chat.say("/settings locale ko"), @"locale 설정을 바꿨습니다: ko · 여기에 올리는 글의 언어");
    assert_snapshot!(chat.say("/subscribe 남북관계 daily 08:00"), @r"
        이 채널에서 Inter-Korean relations 구독을 시작했습니다: daily 08:00 (UTC). 다음 모음: 11월 7일(토) 08:00(20시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
        그다음: 11월 8일(일) 08:00, 11월 9일(월) 08:00.
        시각은 UTC 기준입니다. 바꾸려면: /timezone Asia/Seoul
        이미 있는 기사: /latest inter-korean · 구독 목록: /subscriptions
        ");
    assert_snapshot!(chat.say("/subscribe 전체 instant"), @r"
        이 채널에서 모든 섹션 구독을 시작했습니다: instant. 새 기사를 수집하는 대로 보냅니다.
        이미 있는 기사: /latest · 구독 목록: /subscriptions
        ");
    assert_snapshot!(chat.say("/latest 남북관계"), @r"
        Inter-Korean relations   1건 중 1건, 최신순
          #1  2026년 11월 4일   남북관계 회복을 위한 실무 회의 열려
        기사 보기: /read 1
        ");
    assert_snapshot!(chat.say("/subscribe market"), @"“market” 섹션은 없습니다. 5개 모두 보기: /sections");
    assert_snapshot!(chat.say("/subscribe us-nk 매일"), @"“매일”에는 시각도 필요합니다. 예: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk 격주"), @"“격주”처럼 한 주를 건너뛰는 일정은 없습니다. 가까운 것: 매주, weekly mon 09:00, 또는 매월 1일과 15일, cron 0 9 1,15 * *. 예: /subscribe us-nk weekly mon 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk biweekly"), @"“biweekly”: 일주일에 두 번이라면 weekly mon,thu 09:00. 2주에 한 번은 할 수 없고, 가까운 것은 매월 1일과 15일, cron 0 9 1,15 * *. 예: /subscribe us-nk weekly mon,thu 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk 9시와 18시"), @"“9시와 18시”: daily 09:00 또는 daily 18:00 중 무엇인가요? 모두라면: /subscribe us-nk cron 0 9,18 * * *");
    assert_snapshot!(chat.say("/subscribe us-nk whenever?"), @"“whenever?” 같은 일정은 없습니다. 쓸 수 있는 일정: instant · instant 08:00-22:00 · hourly · every 2 hours · daily 09:00 · weekdays 09:00 · weekly mon,thu 18:00 · monthly 1 09:00 · cron 0 9 * * 1-5. 예: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk daily 25:00"), @"“25:00” 같은 시각은 없습니다. 예: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/subscribe us-nk cron 0 25 * * *"), @"cron의 시 칸에는 “25” 같은 값을 쓸 수 없습니다. 예: /subscribe us-nk cron 0 9 * * 1-5");
    assert_snapshot!(chat.say("/subscribe all hourly"), @"이 채널에서 이미 모든 섹션 구독 중입니다: instant. 바꾸려면: /schedule all hourly");
    assert_snapshot!(chat.say("/unsubscribe"), @"어느 섹션인가요? 이 채널의 구독: all, inter-korean. 예: /unsubscribe all");
    assert_snapshot!(chat.say("/unsubscribe 일본"), @"“일본” 섹션은 없습니다. 5개 모두 보기: /sections");
    assert_snapshot!(chat.say("/unsubscribe inter-korean"), @"Inter-Korean relations 구독을 취소했습니다. 다만 모든 섹션 구독에 들어 있어 계속 옵니다. 거기서도 빼려면: /filter all -#inter-korean");
    assert_snapshot!(chat.say("/unsubscribe all"), @"이 채널에서 모든 섹션 구독을 취소했습니다. 남은 구독이 없습니다.");
    assert_snapshot!(chat.say("/settings style"), @"style 설정: headlines · 모음에 보일 것: headlines(제목) 또는 summaries(요약)");
    assert_snapshot!(chat.say("/settings style rss"), @"style에 “rss” 값은 쓸 수 없습니다. 쓸 수 있는 값: headlines, summaries. 예: /settings style headlines");
    assert_snapshot!(chat.say("/settings colour red"), @"“colour” 설정은 없습니다. 바꿀 수 있는 설정: style, locale, cap, duplicates. 예: /settings style summaries");
    assert_snapshot!(chat.say("/read 첫째"), @"“첫째” 같은 기사 번호는 없습니다. 번호는 제목 옆에 있습니다. 예: /read 1");
    assert_snapshot!(chat.say("/latest japan 0"), @"“0” 대신 1부터 25까지의 수를 쓰세요. 예: /latest 5");
    assert_snapshot!(chat.say("/help schedule"), @"
      /schedule <section|all> <when>   모음이 오는 일정 바꾸기
    예: /schedule us-nk daily 18:00
    일정: instant · instant 08:00-22:00 · hourly · every 2 hours · daily 09:00 · weekdays 09:00 · weekly mon,thu 18:00 · monthly 1 09:00 · cron 0 9 * * 1-5
    ");
    chat.say("/subscribe 남북관계 daily 08:00");
    chat.say("/subscribe 전체 instant");
    assert_snapshot!(chat.say("/latest 없는것"), @"“없는것” 섹션은 없습니다. 5개 모두 보기: /sections");
    assert_snapshot!(chat.say("/timezone"), @"이 채널의 시간대는 UTC이고, 그곳은 지금 11월 6일(금) 12:00입니다. 바꾸려면: /timezone Asia/Seoul");
    assert_snapshot!(chat.say("/status"), @r"
        마지막 수집: 방금(출처 1곳, 기사 7건).
        다음 모음: 11월 7일(토) 08:00(20시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
        보내려고 대기 중인 글이 없습니다.
        출처 digests: 정상.
    ");
    chat.drop_file(
        "2026-11-06.txt",
        "호박 축제 열려\n\n사흘 동안 열린다.\n\n\n다른 소식\n\n짧다.\n",
    );
    chat.load();
    assert_snapshot!(chat.posted(), @r"
        그 밖의 소식
          #8  호박 축제 열려
          #9  다른 소식
    ");
    news(
        &mut chat,
        "2026-11-06-b.txt",
        "남북관계",
        &["회담 날짜 잡혀"],
    );
    assert_snapshot!(chat.tick_at("2026-11-07T08:00[UTC]"), @r"
        뉴스 모음 · 11월 7일 토요일
        Inter-Korean relations
          #10  회담 날짜 잡혀
        기사 1건 · 다음: 11월 8일(일) 08:00 UTC
        ");
    assert_snapshot!(chat.say("/forget"), @"이 채널의 구독 2개와 모든 설정을 완전히 지웁니다. 계속하려면: /forget yes");
}
