//! What an operator is told and rid of, and clocks that go wrong.

use insta::assert_snapshot;
use jiff::SignedDuration;
use tidings::delivery::Worker;
use tidings_core::delivery::SendError;

use super::delivering::Fake;
use super::{Chat, library, news, page};
use crate::harness::{CONFIG, block_on, channel};

const TOLD: &str = "[operator]\nnotify = \"console:local\"\n";

/// A bot whose operator reads the console.
fn told() -> Chat {
    let mut chat = library();
    chat.configure(&format!("{CONFIG}{TOLD}"));
    chat
}

fn rows(chat: &Chat, table: &str) -> i64 {
    chat.ground.count(table)
}

#[test]
fn a_source_that_fails_for_long_is_told_once_and_once_when_it_is_over() {
    let mut chat = told();
    std::fs::rename(chat.path("digests"), chat.path("elsewhere")).unwrap();
    chat.load();
    assert_eq!(chat.keep_up(None), "", "it may be over soon");
    chat.wait(SignedDuration::from_hours(7));
    chat.load();
    let said = chat.keep_up(None);
    let told = "Source digests hasn’t been readable for a while: the folder";
    assert!(said.contains(told), "{said}");
    chat.wait(SignedDuration::from_hours(7));
    assert_eq!(chat.keep_up(None), "");
    chat.restart();
    assert_eq!(chat.keep_up(None), "");
    std::fs::rename(chat.path("elsewhere"), chat.path("digests")).unwrap();
    chat.load();
    let said = chat.keep_up(None);
    assert!(said.contains("Over: Source digests"), "{said}");
    assert_eq!(chat.keep_up(None), "");
}

#[test]
fn silence_and_a_full_disk_are_told() {
    let mut chat = told();
    chat.wait(SignedDuration::from_hours(15 * 24));
    assert_snapshot!(chat.keep_up(Some(5 * 1024 * 1024)), @"
    Nothing new has been loaded for 15 days. Look at the sources with: tidings status
    The disk that the store is on is nearly full: 5 MB are left.
    ");
    assert_eq!(chat.keep_up(Some(5 * 1024 * 1024)), "");
    news(&mut chat, "2026-11-22.txt", "Japan", &["Squid recounted"]);
    assert_snapshot!(chat.keep_up(Some(1 << 40)), @"

    Over: The disk that the store is on is nearly full: 5 MB are left.
    Over: Nothing new has been loaded for 15 days. Look at the sources with: tidings status
    ");
}

#[test]
fn what_is_refused_for_good_is_told_once_and_sent_again_on_demand() {
    let mut chat = told();
    let fake = Fake::new("fake");
    let there = channel("fake:1");
    let bot = chat.app().bot();
    block_on(bot.command(&*fake, &there, true, "/subscribe japan instant")).unwrap();
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid recounted"]);
    block_on(chat.app().scheduler().tick(&*fake)).unwrap();
    fake.fail([SendError::Rejected("it is too green".to_owned())]);
    let mut worker = Worker::new(fake.clone());
    block_on(chat.app().deliver(&mut worker)).unwrap();
    assert_eq!(fake.tried().len(), 1);
    assert_snapshot!(chat.keep_up(None), @"  A message for 1 channel was refused for good and set aside: it is too green. tidings status names it, tidings retry sends it again.");
    assert_eq!(chat.keep_up(None), "");
    let now = chat.app().now();
    let retried = chat
        .app()
        .store()
        .blocking()
        .write(|db| db.retry_dead(None, now));
    assert_eq!(retried.unwrap(), 1);
    block_on(chat.app().deliver(&mut worker)).unwrap();
    assert_eq!(fake.tried().len(), 1);
    let said = chat.keep_up(None);
    assert!(said.contains("Over: A message for 1 channel"), "{said}");
}

#[test]
fn what_arrived_long_ago_is_dropped_and_what_waits_is_not() {
    let mut chat = library();
    chat.say("/subscribe japan instant");
    for at in 0..5 {
        news(
            &mut chat,
            &format!("2026-11-06-{at}.txt"),
            "Japan",
            &[&format!("Squid {at}")],
        );
        chat.posted();
    }
    chat.say("/pause");
    news(&mut chat, "2026-11-06-z.txt", "Japan", &["Squid to come"]);
    assert_eq!((rows(&chat, "deliveries"), rows(&chat, "parts")), (5, 5));
    chat.wait(SignedDuration::from_hours(29 * 24));
    chat.keep_up(None);
    assert_eq!(rows(&chat, "deliveries"), 5);
    chat.wait(SignedDuration::from_hours(2 * 24));
    steadily(&mut chat);
    assert_eq!((rows(&chat, "deliveries"), rows(&chat, "parts")), (0, 0));
    chat.say("/resume");
    assert!(chat.posted().contains("Squid to come"));
}

#[test]
fn a_paused_channel_is_kept_for_ever_unless_the_operator_says_otherwise() {
    let mut chat = library();
    chat.say("/subscribe japan instant");
    chat.say("/pause");
    chat.wait(SignedDuration::from_hours(400 * 24));
    steadily(&mut chat);
    assert_eq!(rows(&chat, "channels"), 1);
    chat.configure(&CONFIG.replace("[store]", "[store]\nkeep_paused = \"300d\""));
    chat.keep_up(None);
    assert_eq!(rows(&chat, "channels"), 0);
    assert!(chat.say("/subscriptions").contains("follows nothing"));
}

#[test]
fn a_pause_that_says_its_end_is_kept_until_then() {
    let mut chat = library();
    chat.configure(&CONFIG.replace("[store]", "[store]\nkeep_paused = \"30d\""));
    chat.say("/subscribe japan instant");
    chat.say("/pause 3 months");
    chat.wait(SignedDuration::from_hours(60 * 24));
    steadily(&mut chat);
    assert_eq!(rows(&chat, "channels"), 1);
    // Without an end it is one like others, from then on.
    chat.say("/pause");
    chat.keep_up(None);
    assert_eq!(rows(&chat, "channels"), 1);
    chat.wait(SignedDuration::from_hours(31 * 24));
    steadily(&mut chat);
    assert_eq!(rows(&chat, "channels"), 0);
}

/// Lets a day pass by a clock that can be trusted.
fn steadily(chat: &mut Chat) {
    chat.keep_up(None);
    chat.wait(SignedDuration::from_hours(24));
    chat.keep_up(None);
}

#[test]
fn nothing_is_erased_by_a_clock_that_was_ahead_for_a_while() {
    let mut chat = library();
    chat.configure(&CONFIG.replace("[store]", "[store]\nkeep_paused = \"300d\""));
    chat.say("/subscribe japan instant");
    news(&mut chat, "2026-11-06-a.txt", "Japan", &["Squid one"]);
    assert!(chat.posted().contains("Squid one"));
    chat.say("/pause");
    chat.keep_up(None);
    // It shows another decade for an hour, over a restart too.
    chat.at("2036-11-06T12:01[UTC]");
    chat.keep_up(None);
    chat.restart();
    chat.at("2036-11-06T13:00[UTC]");
    chat.keep_up(None);
    assert_eq!((rows(&chat, "channels"), rows(&chat, "deliveries")), (1, 1));
    chat.at("2026-11-06T13:05[UTC]");
    steadily(&mut chat);
    assert_eq!(rows(&chat, "channels"), 1);
    chat.wait(SignedDuration::from_hours(301 * 24));
    steadily(&mut chat);
    assert_eq!(rows(&chat, "channels"), 0);
}

#[test]
fn a_clock_that_was_a_day_ahead_costs_no_slot() {
    let mut chat = library();
    chat.say("/subscribe japan daily 09:00");
    chat.keep_up(None);
    // Three days ahead by mistake: what is new comes at once.
    news(&mut chat, "2026-11-06-a.txt", "Japan", &["Squid one"]);
    chat.at("2026-11-09T12:00[UTC]");
    assert!(chat.posted().contains("Squid one"));
    chat.keep_up(None);
    // Set right again.
    chat.at("2026-11-06T12:05[UTC]");
    chat.keep_up(None);
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Squid two"]);
    assert_eq!(chat.posted(), "");
    let posted = chat.tick_at("2026-11-07T09:00[UTC]");
    assert!(
        posted.contains("Squid two") && !posted.contains("Squid one"),
        "{posted}"
    );
    assert_eq!(chat.tick_at("2026-11-07T09:01[UTC]"), "");
}

#[test]
fn a_clock_that_goes_back_an_hour_repeats_no_slot() {
    let mut chat = library();
    chat.say("/subscribe japan daily 09:00");
    news(&mut chat, "2026-11-06-a.txt", "Japan", &["Squid one"]);
    assert!(chat.tick_at("2026-11-07T09:00[UTC]").contains("Squid one"));
    chat.keep_up(None);
    chat.at("2026-11-07T08:00[UTC]");
    chat.keep_up(None);
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Squid two"]);
    assert_eq!(chat.tick_at("2026-11-07T09:00[UTC]"), "");
    assert!(chat.tick_at("2026-11-08T09:00[UTC]").contains("Squid two"));
}

#[test]
fn a_clock_that_begins_in_1970_neither_loses_nor_repeats_a_slot() {
    let mut chat = library();
    chat.say("/subscribe japan daily 09:00");
    news(&mut chat, "2026-11-06-a.txt", "Japan", &["Squid one"]);
    assert!(chat.tick_at("2026-11-07T09:00[UTC]").contains("Squid one"));
    chat.keep_up(None);
    chat.at("1970-01-01T00:10[UTC]");
    chat.restart();
    block_on(chat.app().scheduler().repair_at_start()).unwrap();
    assert_eq!(chat.keep_up(None), "");
    chat.at("2026-11-07T10:00[UTC]");
    chat.keep_up(None);
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Squid two"]);
    assert_eq!(chat.posted(), "");
    assert!(chat.tick_at("2026-11-08T09:00[UTC]").contains("Squid two"));
}

#[test]
fn a_zone_whose_rules_changed_has_its_slots_reckoned_anew() {
    let mut chat = library();
    chat.say("/subscribe japan daily 09:00");
    // As it was reckoned with rules of yesterday: an hour off.
    for table in [
        "UPDATE subscriptions SET next_at = next_at + 3600000",
        "UPDATE channels SET due_at = due_at + 3600000",
    ] {
        chat.ground.execute(table);
    }
    chat.restart();
    block_on(chat.app().scheduler().repair_at_start()).unwrap();
    news(&mut chat, "2026-11-06-a.txt", "Japan", &["Squid one"]);
    assert_eq!(chat.tick_at("2026-11-07T08:59[UTC]"), "");
    let posted = chat.tick_at("2026-11-07T09:00[UTC]");
    assert!(
        posted.starts_with("Roundup") || posted.contains("Roundup"),
        "{posted}"
    );
}

#[test]
fn a_clock_that_was_years_ahead_for_a_moment_parks_nothing() {
    let mut chat = library();
    chat.say("/subscribe japan daily 09:00");
    chat.say("/subscribe us-nk weekly mon 18:00");
    // Nobody looks after anything meanwhile: it is only seconds.
    chat.at("2036-03-01T12:00[UTC]");
    assert_eq!(chat.posted(), "");
    chat.say("/subscribe inter-korean monthly 1 09:00");
    chat.at("2026-11-06T12:01[UTC]");
    chat.keep_up(None);
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Squid two"]);
    news(
        &mut chat,
        "2026-11-06-c.txt",
        "US-NK Relations",
        &["Envoys two"],
    );
    news(
        &mut chat,
        "2026-11-06-d.txt",
        "Between the Koreas",
        &["Gate two"],
    );
    assert_eq!(chat.tick_at("2026-11-07T08:59[UTC]"), "");
    assert!(chat.tick_at("2026-11-07T09:00[UTC]").contains("Squid two"));
    assert!(chat.tick_at("2026-11-09T18:00[UTC]").contains("Envoys two"));
    assert!(chat.tick_at("2026-12-01T09:00[UTC]").contains("Gate two"));
}

#[test]
fn what_a_clock_that_was_ahead_has_put_off_goes_on_after_a_restart_too() {
    for hours in [2, 30, 24 * 365 * 10] {
        let mut chat = library();
        let fake = Fake::new("fake");
        let there = channel("fake:1");
        let bot = chat.app().bot();
        block_on(bot.command(&*fake, &there, true, "/subscribe japan instant")).unwrap();
        let right = chat.app().now();
        chat.wait(SignedDuration::from_hours(hours));
        news(&mut chat, "2026-11-06.txt", "Japan", &["Squid recounted"]);
        block_on(chat.app().scheduler().tick(&*fake)).unwrap();
        let wait = SignedDuration::from_mins(3);
        fake.fail([SendError::RetryAfter(wait)]);
        let mut worker = Worker::new(fake.clone());
        block_on(chat.app().deliver(&mut worker)).unwrap();
        assert_eq!(fake.tried().len(), 1);
        chat.at(&format!("{right}[UTC]"));
        if hours > 24 {
            // The next process knows nothing of it.
            chat.restart();
        }
        block_on(chat.app().scheduler().repair_at_start()).unwrap();
        let mut worker = Worker::new(fake.clone());
        block_on(chat.app().deliver(&mut worker)).unwrap();
        assert_eq!(fake.tried().len(), 1, "after {hours} hours");
    }
}

#[test]
fn a_wait_that_a_platform_asked_for_isnt_cut_short_by_a_clock_that_is_right() {
    let mut chat = library();
    let fake = Fake::new("fake");
    let (bot, there) = (chat.app().bot(), channel("fake:1"));
    block_on(bot.command(&*fake, &there, true, "/subscribe japan instant")).unwrap();
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid recounted"]);
    block_on(chat.app().scheduler().tick(&*fake)).unwrap();
    fake.fail([SendError::RetryAfter(SignedDuration::from_hours(20))]);
    let mut worker = Worker::new(fake.clone());
    block_on(chat.app().deliver(&mut worker)).unwrap();
    for _ in 0..3 {
        chat.wait(SignedDuration::from_mins(10));
        chat.keep_up(None);
        chat.restart();
        block_on(chat.app().scheduler().repair_at_start()).unwrap();
    }
    fake.tried();
    let mut worker = Worker::new(fake.clone());
    block_on(chat.app().deliver(&mut worker)).unwrap();
    assert_eq!(fake.tried().len(), 0);
}

#[test]
fn what_another_configuration_finds_in_known_pages_is_no_news() {
    let sponsored = format!("{CONFIG}ignore = [\"Sponsored\"]\n");
    let mut chat = Chat::with(&sponsored);
    let told = "# Japan\nSponsored: a crane | Buy it.\nSquid counted | All of them.";
    chat.drop_file("2026-11-05.txt", page(told));
    chat.load();
    chat.say("/subscribe all instant");
    chat.configure(CONFIG);
    assert!(chat.load().contains("1 new"));
    assert_eq!(chat.posted(), "");
    // What its publisher writes into it is.
    let more = format!("{told}\nFerns come back | They grow.");
    chat.drop_file("2026-11-05.txt", page(&more));
    chat.load();
    assert!(chat.posted().contains("Ferns come back"));
}

#[test]
fn what_a_source_corrects_wakes_whoever_edits_it() {
    let mut chat = library();
    let article = |title: &str| {
        let link = "https://news.example/squid";
        page(&format!("# Japan\n{title} | Many. Read more {link}"))
    };
    chat.drop_file("2026-11-06.txt", article("Squid counted agian"));
    chat.load();
    let mut woken = chat.app().wake.scheduled();
    chat.drop_file("2026-11-06.txt", article("Squid counted again"));
    chat.load();
    assert!(woken.has_changed().unwrap());
    woken.mark_unchanged();
    chat.load();
    assert!(!woken.has_changed().unwrap(), "nothing is new");
}
