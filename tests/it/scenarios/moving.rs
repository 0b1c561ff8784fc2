//! Sections that are discovered, and what becomes of them when the operator adds a heading.

use insta::assert_snapshot;

use tidings_core::channel::{SubscriptionRow, Target};
use tidings_store::StoreError;

use super::{Chat, news, page};
use crate::harness::{CONFIG, channel, moment};

fn with_heading() -> String {
    CONFIG.replace(
        "[\"US-NK Relations\"",
        "[\"US-NK Relations\", \"Two Capitals\"",
    )
}

#[test]
fn an_unknown_heading_makes_a_section() {
    let mut chat = Chat::new();
    chat.drop_file("2026-11-05.txt", page("# Two Capitals\nDoor plate made | It is brass.\n# 문화 소식\n탈춤 공연 | 사흘 이어진다.\n# More\nA | It is more."));
    assert_snapshot!(chat.load(), @r"
        digests: 3 new, 0 updated, 0 unchanged, 0 pushed
        discovered two-capitals: Two Capitals
        discovered 문화-소식: 문화 소식
        discovered more-2: More
        ");
    assert_snapshot!(chat.say("/sections"), @r"
        7 sections   3 items
          us-nk          US–North Korea relations   empty
          inter-korean   Inter-Korean relations     empty
          japan          Japan                      empty
          two-capitals   Two Capitals               1 item · 5 Nov 2026
          문화-소식      문화 소식                  1 item · 5 Nov 2026
          more-2         More                       1 item · 5 Nov 2026
          more           Other news                 empty
        /latest two-capitals shows one · /subscribe two-capitals daily 09:00 follows it
    ");
    assert!(chat.say("/latest 문화 소식").contains("탈춤 공연"));
    assert!(chat.say("/latest two capitals").contains("Door plate made"));
    // Another page under the same heading makes no other section.
    news(
        &mut chat,
        "2026-11-06.txt",
        "TWO CAPITALS",
        &["Door plate polished"],
    );
    assert!(chat.say("/latest two-capitals").contains("2 of 2"));
}

#[test]
fn a_new_heading_moves_items_and_subscriptions_and_pushes_nothing() {
    let mut chat = Chat::started();
    chat.drop_file(
        "2026-11-05.txt",
        page("# Two Capitals\nDoor plate made | It is brass.\nSecond | Two."),
    );
    chat.load();
    chat.say("/subscribe two-capitals daily 18:00");
    news(
        &mut chat,
        "2026-11-06.txt",
        "Two Capitals",
        &["Door plate polished"],
    );
    chat.configure(&with_heading());
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/sections"), @r"
        4 sections   3 items
          us-nk          US–North Korea relations   3 items · 6 Nov 2026
          inter-korean   Inter-Korean relations     empty
          japan          Japan                      empty
          more           Other news                 empty
        /latest us-nk shows one · /subscribe us-nk daily 09:00 follows it
    ");
    assert_snapshot!(chat.say("/subscriptions"), @r"
        This channel follows   times in UTC
          us-nk   US–North Korea relations   daily 18:00 · next Fri 6 Nov 18:00
        /schedule us-nk daily 09:00 changes a time · /preview shows the next roundup
        ");
    // Reading the pages again finds everything as it is.
    assert_snapshot!(chat.load(), @"digests: 0 new, 0 updated, 3 unchanged, 0 pushed");
    assert_eq!(chat.posted(), "");
    // What was owed is still owed, once.
    assert_snapshot!(chat.tick_at("2026-11-06T18:00[UTC]"), @r"
        Roundup · Friday 6 November
        US–North Korea relations
          #3  Door plate polished
        1 headline · next: Sat 7 Nov 18:00 UTC
        ");
    news(
        &mut chat,
        "2026-11-07.txt",
        "US-NK Relations",
        &["Door plate stolen"],
    );
    let posted = chat.tick_at("2026-11-07T18:00[UTC]");
    assert!(
        posted.contains("Door plate stolen") && !posted.contains("polished"),
        "{posted}"
    );
}

#[test]
fn subscriptions_to_both_become_one() {
    for (ahead, behind) in [("us-nk", "two-capitals"), ("two-capitals", "us-nk")] {
        let mut chat = Chat::started();
        news(&mut chat, "2026-11-05.txt", "Two Capitals", &["Old one"]);
        chat.say(&format!("/subscribe {ahead} daily 13:00"));
        chat.say(&format!("/subscribe {behind} daily 18:00"));
        let text =
            page("# US-NK Relations\nEnvoys 1 | They met.\n# Two Capitals\nPlate 1 | It is brass.");
        chat.drop_file("2026-11-06.txt", text).load();
        let mut posts = chat.tick_at("2026-11-06T13:00[UTC]");
        chat.configure(&with_heading());
        chat.load();
        for hour in [
            "2026-11-06T18:00[UTC]",
            "2026-11-07T13:00[UTC]",
            "2026-11-07T18:00[UTC]",
        ] {
            posts += &chat.tick_at(hour);
        }
        for title in ["Envoys 1", "Plate 1"] {
            assert_eq!(posts.matches(title).count(), 1, "{ahead} ahead: {posts}");
        }
        assert!(!posts.contains("Old one"), "{posts}");
        news(&mut chat, "2026-11-07.txt", "Two Capitals", &["Plate 2"]);
        let mut later = chat.tick_at("2026-11-08T13:00[UTC]");
        later += &chat.tick_at("2026-11-08T18:00[UTC]");
        assert_eq!(later.matches("Plate 2").count(), 1, "{later}");
        assert_eq!(later.matches("Plate 1").count(), 0, "{later}");
    }
}

#[test]
fn a_follower_of_the_configured_section_is_not_pushed_what_moves_in() {
    let mut chat = Chat::started();
    chat.say("/subscribe us-nk instant");
    news(&mut chat, "2026-11-06.txt", "Two Capitals", &["Plate 1"]);
    assert_eq!(chat.posted(), "");
    chat.configure(&with_heading());
    chat.load();
    assert_eq!(chat.posted(), "");
    assert!(chat.say("/latest us-nk").contains("Plate 1"));
}

#[test]
fn a_follower_of_all_is_pushed_nothing_twice() {
    let mut chat = Chat::started();
    chat.say("/subscribe all instant");
    news(&mut chat, "2026-11-06.txt", "Two Capitals", &["Plate 1"]);
    assert!(chat.posted().contains("Plate 1"));
    chat.say("/subscribe us-nk daily 18:00");
    chat.configure(&with_heading());
    chat.load();
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick_at("2026-11-06T18:00[UTC]"), "");
}

#[test]
fn a_section_dropped_from_the_configuration_stays_with_its_items() {
    let mut chat = Chat::started();
    news(&mut chat, "2026-11-05.txt", "Japan", &["Squid counted"]);
    chat.say("/subscribe japan instant");
    let start = CONFIG.find("[[section]]\nslug = \"japan\"").unwrap();
    let end = CONFIG.find("[[source]]").unwrap();
    chat.configure(&format!("{}{}", &CONFIG[..start], &CONFIG[end..]));
    assert!(chat.say("/latest japan").contains("Squid counted"));
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid recounted"]);
    let posted = chat.posted();
    assert!(
        posted.contains("Squid recounted") && !posted.contains("Squid counted"),
        "{posted}"
    );
}

#[test]
fn changed_phrases_file_items_anew_and_push_nothing() {
    let mut chat = Chat::started();
    chat.say("/subscribe japan instant");
    chat.drop_file(
        "2026-11-06.txt",
        "Kobe hosts a fair\n\nIt is large.\n\n\nOther\n\nSmall.\n",
    );
    assert_snapshot!(chat.load(), @"digests: 2 new, 0 updated, 0 unchanged, 2 pushed");
    assert!(chat.say("/latest more").contains("Kobe hosts a fair"));
    chat.configure(&CONFIG.replace("[\"Tokyo\"]", "[\"Tokyo\", \"Kobe\"]"));
    assert_snapshot!(chat.load(), @"digests: 0 new, 1 updated, 1 unchanged, 0 pushed");
    assert!(chat.say("/latest japan").contains("Kobe hosts a fair"));
    assert_eq!(chat.posted(), "");
}

/// The title's phrase is claimed by another section from now on.
fn with_phrase() -> String {
    CONFIG.replace("[\"Tokyo\"]", "[\"Tokyo\", \"Kobe\"]")
}

#[test]
fn an_item_that_changes_its_section_is_not_posted_twice() {
    let mut chat = Chat::started();
    chat.say("/subscribe more instant");
    chat.say("/subscribe japan daily 18:00");
    chat.drop_file(
        "2026-11-06.txt",
        "Kobe hosts a fair\n\nIt is large.\n\n\nOther\n\nSmall.\n",
    );
    chat.load();
    assert!(chat.posted().contains("Kobe hosts a fair"));
    chat.configure(&with_phrase());
    chat.load();
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick_at("2026-11-06T18:00[UTC]"), "");
}

#[test]
fn an_item_that_changes_its_section_while_it_is_owed_is_not_lost() {
    let mut chat = Chat::started();
    chat.say("/subscribe more daily 18:00");
    chat.say("/subscribe japan instant");
    chat.drop_file(
        "2026-11-06.txt",
        "Kobe hosts a fair\n\nIt is large.\n\n\nFerry sails\n\nSmall.\n",
    );
    chat.load();
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Squid counted"]);
    let mut posts = chat.posted();
    chat.configure(&with_phrase());
    chat.load();
    posts += &chat.posted();
    posts += &chat.tick_at("2026-11-06T18:00[UTC]");
    for title in ["Kobe hosts a fair", "Ferry sails", "Squid counted"] {
        assert_eq!(posts.matches(title).count(), 1, "{title} in:\n{posts}");
    }
}

#[test]
fn a_moved_page_item_and_a_follower_of_all() {
    let mut chat = Chat::started();
    chat.say("/subscribe all instant");
    chat.say("/subscribe japan daily 18:00");
    chat.drop_file(
        "2026-11-06.txt",
        "Kobe hosts a fair\n\nIt is large.\n\n\nOther\n\nSmall.\n",
    );
    chat.load();
    let mut posts = chat.posted();
    chat.configure(&with_phrase());
    chat.load();
    posts += &chat.posted();
    posts += &chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(posts.matches("Kobe hosts a fair").count(), 1, "{posts}");
}

#[test]
fn items_that_many_wait_for_move_as_many_at_once_as_others_can_wait_for() {
    const CHANNELS: usize = 2_100;
    const ITEMS: usize = 100;
    let mut chat = Chat::started();
    let zone = tidings_core::schedule::Zone::find("UTC").unwrap();
    let daily = tidings_core::schedule::Cadence::parse("daily 18:00").unwrap();
    let now = moment("2026-11-06T12:00[UTC]");
    let made = chat.app().store().blocking().write(|db| {
        let japan = db
            .sections()?
            .into_iter()
            .find(|it| it.slug.as_str() == "japan");
        let japan = japan.expect("a section").id;
        for at in 0..CHANNELS {
            let channel = db.channel_or_new(&channel(&format!("console:{at}")), now)?;
            let row = SubscriptionRow {
                target: Target::Section(japan),
                filter: None,
                cursor: db.newest_push()?,
                next_at: daily.next_after(now, zone.tz()),
                open_until: None,
                cadence: daily.clone(),
            };
            db.save_subscription(&channel, &row, now)?;
        }
        Ok::<_, StoreError>(())
    });
    made.unwrap();
    let fairs: String = (0..ITEMS)
        .map(|at| format!("Kobe hosts fair {at}\n\nIt is large.\n\n\n"))
        .collect();
    chat.drop_file("2026-11-06.txt", fairs);
    assert!(chat.load().contains("100 pushed"));
    chat.configure(&with_phrase());
    let is_moved = |chat: &mut Chat| {
        let said = chat.say("/latest japan");
        let of = said.split(" of ").nth(1).unwrap_or("0");
        of.split([',', ' '])
            .next()
            .unwrap()
            .parse::<usize>()
            .unwrap()
    };
    chat.load();
    let first = is_moved(&mut chat);
    assert!((50..ITEMS).contains(&first), "{first}");
    chat.load();
    assert_eq!(is_moved(&mut chat), ITEMS);
    // Nobody who follows the new section alone is pushed what moved there.
    let delivered = chat.ground.count("delivered");
    assert_eq!(delivered, i64::try_from(CHANNELS * ITEMS).unwrap());
}
