//! Roundups: what is posted when, what isn't, and how it looks.

use insta::assert_snapshot;
use jiff::SignedDuration;

use std::sync::{Arc, Mutex};

use tidings::ingest::Recheck;
use tidings::platforms::console::Console;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};

use super::{Chat, library, news, page};
use crate::harness::{block_on, loaded};

#[test]
fn a_baseline_is_readable_and_not_pushed() {
    let mut chat = Chat::new();
    chat.say("/subscribe us-nk instant");
    chat.say("/subscribe japan daily 13:00");
    chat.drop_file("2026-11-05.txt", page("# US-NK Relations\nDoor plate made | It is brass.\n# Japan\nSquid counted | All of them."));
    assert_snapshot!(chat.load(), @"digests: 2 new, 0 updated, 0 unchanged, 0 pushed");
    assert!(chat.say("/latest us-nk").contains("Door plate made"));
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick_at("2026-11-06T13:00[UTC]"), "");
}

#[test]
fn an_empty_first_pass_is_a_baseline_too() {
    let mut chat = Chat::new();
    chat.say("/subscribe us-nk instant");
    assert_snapshot!(chat.load(), @"digests: 0 new, 0 updated, 0 unchanged, 0 pushed");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate made"],
    );
    assert_snapshot!(chat.posted(), @r"
        US–North Korea relations
          #1  Door plate made
    ");
}

#[test]
fn a_subscription_starts_from_now() {
    let mut chat = Chat::started();
    news(&mut chat, "2026-11-05.txt", "US-NK Relations", &["Before"]);
    chat.say("/subscribe us-nk instant");
    assert_eq!(chat.posted(), "");
    news(&mut chat, "2026-11-06.txt", "US-NK Relations", &["After"]);
    let posted = chat.posted();
    assert!(
        posted.contains("After") && !posted.contains("Before"),
        "{posted}"
    );
}

#[test]
fn a_daily_roundup_by_section_in_configured_order() {
    let mut chat = library();
    chat.say("/timezone Asia/Seoul");
    for section in ["japan", "more", "us-nk", "inter-korean", "garden-shows"] {
        chat.say(&format!("/subscribe {section} daily 08:00"));
    }
    let text = "No heading here\n\nIt belongs to nothing.\n\n\n".to_owned()
        + &page(
            "# Garden Shows
             Moss wins a prize | It is green.
             # Japan
             Squid recounted | One more.
             # US-NK Relations
             Door plate polished | It shines.
             Second room swept | Nobody minds.",
        );
    chat.drop_file("2026-11-06.txt", text);
    assert_snapshot!(chat.load(), @"digests: 5 new, 0 updated, 7 unchanged, 5 pushed");
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick_at("2026-11-07T07:59:59[Asia/Seoul]"), "");
    assert_snapshot!(chat.tick_at("2026-11-07T08:00[Asia/Seoul]"), @r"
        Roundup · Saturday 7 November
        US–North Korea relations
          #11  Door plate polished
          #12  Second room swept
        Japan
          #10  Squid recounted
        Garden Shows
          #9  Moss wins a prize
        Other news
          #8  No heading here
        5 headlines · next: Sun 8 Nov 08:00 Seoul
    ");
    assert_eq!(chat.tick_at("2026-11-08T08:00[Asia/Seoul]"), "");
}

#[test]
fn an_item_comes_once_and_a_repeated_tick_makes_nothing() {
    let mut chat = library();
    chat.say("/subscribe us-nk hourly");
    chat.say("/subscribe japan instant");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    chat.at("2026-11-06T13:00[UTC]");
    let mut served = 0;
    for _ in 0..5 {
        served += chat.tick().roundups;
    }
    assert_eq!(served, 1);
    assert_eq!(chat.posted().matches("Door plate polished").count(), 1);
    for hour in 14..20 {
        assert_eq!(chat.tick_at(&format!("2026-11-06T{hour}:00[UTC]")), "");
    }
}

#[test]
fn the_mornings_around_the_end_of_summer_time_in_new_york() {
    let mut chat = Chat::started();
    chat.at("2026-10-31T12:00[America/New_York]");
    chat.say("/timezone America/New_York");
    // 01:30 comes twice on 1 November.
    chat.say("/subscribe us-nk daily 01:30");
    let mut posts = Vec::new();
    let half_hours = 2 * 60;
    for step in 0..half_hours {
        if step % 2 == 0 {
            let name = format!("2026-10-31-{step:03}.txt");
            news(
                &mut chat,
                &name,
                "US-NK Relations",
                &[&format!("News {step}")],
            );
        }
        if !chat.posted().is_empty() {
            posts.push(chat.app().now().to_string());
        }
        chat.wait(SignedDuration::from_mins(30));
    }
    assert_eq!(posts, ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]);
    chat.say("/unsubscribe us-nk");
}

#[test]
fn the_mornings_around_the_beginning_of_summer_time_in_new_york() {
    let mut chat = Chat::new();
    chat.at("2026-03-07T12:00[America/New_York]").load();
    chat.say("/timezone America/New_York");
    // There is no 02:30 on 8 March.
    assert_snapshot!(chat.say("/subscribe us-nk daily 02:30"), @r"
        This channel now follows US–North Korea relations, daily 02:30 (America/New_York). Next roundup: Sun 8 Mar 03:00, in 14 hours, if there is news by then.
        After that: Mon 9 Mar 02:30, Tue 10 Mar 02:30.
        /latest us-nk shows what is there already · /subscriptions lists all
        ");
    news(
        &mut chat,
        "2026-03-07.txt",
        "US-NK Relations",
        &["Snow delays envoys"],
    );
    assert_eq!(chat.tick_at("2026-03-08T01:59:59[America/New_York]"), "");
    assert_snapshot!(chat.tick_at("2026-03-08T03:00[America/New_York]"), @r"
        Roundup · Sunday 8 March
        US–North Korea relations
          #1  Snow delays envoys
        1 headline · next: Mon 9 Mar 02:30 New York
        ");
}

#[test]
fn catching_up_after_downtime_is_one_roundup() {
    let mut chat = library();
    chat.say("/subscribe us-nk hourly");
    chat.say("/subscribe japan daily 09:00");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    // The bot is down for three days, and a file comes meanwhile.
    chat.at("2026-11-09T10:20[UTC]");
    chat.drop_file(
        "2026-11-08.txt",
        page("# Japan\nSquid recounted | One more."),
    );
    chat.restart();
    chat.load();
    assert_snapshot!(chat.posted(), @r"
        Catch-up · Monday 9 November
        US–North Korea relations
          #8  Door plate polished
        Japan
          #9  Squid recounted
        2 headlines · next: Mon 9 Nov 11:00 UTC
        ");
    assert_eq!(chat.tick_at("2026-11-09T11:00[UTC]"), "");
}

#[test]
fn a_clock_that_goes_back_repeats_nothing() {
    let mut chat = library();
    chat.say("/subscribe us-nk hourly");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate polished"],
    );
    assert!(
        chat.tick_at("2026-11-06T13:00[UTC]")
            .contains("Door plate polished")
    );
    assert_eq!(chat.tick_at("2026-11-06T12:30[UTC]"), "");
    assert_eq!(chat.tick_at("2026-11-06T13:00[UTC]"), "");
}

#[test]
fn what_is_beyond_the_cap_is_a_line() {
    let mut chat = library();
    chat.say("/settings cap 3");
    chat.say("/subscribe us-nk instant");
    chat.say("/subscribe japan instant");
    chat.drop_file(
        "2026-11-06.txt",
        page(
            "# Japan
             Squid recounted | One more.
             # US-NK Relations
             One | First. \n Two | Second. \n Three | Third. \n Four | Fourth.",
        ),
    );
    chat.load();
    assert_snapshot!(chat.posted(), @r"
        US–North Korea relations
          #9   One
          #10  Two
        2 more: /latest us-nk
        Japan
          #8  Squid recounted
    ");
    // It counts as delivered.
    news(&mut chat, "2026-11-06-b.txt", "US-NK Relations", &["Five"]);
    assert_snapshot!(chat.posted(), @r"
        US–North Korea relations
          #13  Five
    ");
}

#[test]
fn twenty_five_are_the_most_unless_the_channel_says_otherwise() {
    let mut chat = library();
    chat.say("/subscribe us-nk daily 13:00");
    let titles: Vec<String> = (1..=40).map(|n| format!("Report {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    news(&mut chat, "2026-11-06.txt", "US-NK Relations", &titles);
    let posted = chat.tick_at("2026-11-06T13:00[UTC]");
    assert_eq!(posted.matches("Report ").count(), 25, "{posted}");
    assert!(
        posted.contains("Report 25\n") && !posted.contains("Report 26\n"),
        "{posted}"
    );
    assert!(posted.contains("15 more: /latest us-nk"), "{posted}");
    assert!(posted.contains("40 headlines"), "{posted}");
}

#[test]
fn what_max_age_holds_back_is_stored_only() {
    let config = format!("{}max_age = \"7d\"\n", crate::harness::CONFIG);
    let mut chat = Chat::with(&config);
    chat.load();
    chat.say("/subscribe us-nk instant");
    news(
        &mut chat,
        "2026-10-01.txt",
        "US-NK Relations",
        &["Old news"],
    );
    news(
        &mut chat,
        "2026-11-05.txt",
        "US-NK Relations",
        &["Fresh news"],
    );
    let posted = chat.posted();
    assert!(
        posted.contains("Fresh news") && !posted.contains("Old news"),
        "{posted}"
    );
    assert!(chat.say("/latest us-nk").contains("Old news"));
}

#[test]
fn files_from_elsewhere_are_pushed_only_on_demand() {
    let mut chat = Chat::started();
    chat.say("/subscribe us-nk instant");
    chat.drop_into(
        "elsewhere",
        "2026-11-01.txt",
        page("# US-NK Relations\nQuiet | It is quiet."),
    );
    chat.drop_into(
        "elsewhere",
        "2026-11-02.txt",
        page("# US-NK Relations\nLoud | It is loud."),
    );
    let (quiet, loud) = (
        chat.path("elsewhere/2026-11-01.txt"),
        chat.path("elsewhere/2026-11-02.txt"),
    );
    assert_snapshot!(chat.load_file(&quiet, false), @"files: 1 new, 0 updated, 0 unchanged, 0 pushed");
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.load_file(&loud, true), @"files: 1 new, 0 updated, 0 unchanged, 1 pushed");
    let posted = chat.posted();
    assert!(
        posted.contains("Loud") && !posted.contains("Quiet"),
        "{posted}"
    );
    // A file of the source's folder belongs to the source.
    chat.drop_file(
        "2026-11-03.txt",
        page("# US-NK Relations\nOwn | It is the source's."),
    );
    let own = chat.path("digests/2026-11-03.txt");
    assert_snapshot!(chat.load_file(&own, false), @"digests: 1 new, 0 updated, 0 unchanged, 1 pushed");
    assert!(chat.posted().contains("Own"));
    assert_snapshot!(chat.load(), @"digests: 0 new, 0 updated, 1 unchanged, 0 pushed");
}

/// The console, where something happens as soon as it is asked for its name: in the middle of a tick.
struct Meanwhile<'m> {
    console: Arc<Console>,
    happens: Mutex<Option<Box<dyn FnOnce() + Send + 'm>>>,
}

impl ChatPlatform for Meanwhile<'_> {
    fn name(&self) -> &'static str {
        let happens = self.happens.lock().unwrap().take();
        if let Some(happens) = happens {
            std::thread::scope(|scope| {
                scope.spawn(happens);
            });
        }
        self.console.name()
    }

    fn render(&self, post: &Post, options: &DeliveryOptions) -> Vec<String> {
        self.console.render(post, options)
    }
}

#[test]
fn a_section_that_is_discovered_while_a_roundup_is_made_is_in_it() {
    let mut chat = library();
    chat.say("/subscribe all instant");
    news(&mut chat, "2026-11-06-a.txt", "Japan", &["Squid counted"]);
    let gardens = "# Garden shows\nFerns come back | They grow in the shade.";
    chat.drop_file("2026-11-06-b.txt", page(gardens));
    let app = chat.app();
    let platform = Meanwhile {
        console: chat.console(),
        happens: Mutex::new(Some(Box::new(|| {
            loaded(app, Recheck::Touched);
        }))),
    };
    block_on(app.scheduler().tick(&platform)).unwrap();
    drop(platform);
    let posted = chat.posted();
    for title in ["Squid counted", "Ferns come back"] {
        assert!(posted.contains(title), "{posted}");
    }
}
