//! Filters: what of a subscription is wanted, how that is said, and what becomes of the rest.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use tidings_core::channel::Filter;
use tidings_core::item::Place;
use tidings_core::search::{Query, SpacedWords};
use tidings_store::Listing;

use super::{Chat, library, news, page};
use crate::fakes::clock::Dice;

/// The titles in a post.
fn titles(post: &str) -> Vec<&str> {
    let lines = post.lines().filter_map(|line| line.trim().split_once("  "));
    let numbered = lines.filter(|(number, _)| number.starts_with('#'));
    numbered.map(|(_, title)| title.trim()).collect()
}

#[test]
fn a_filter_is_set_shown_and_ended() {
    let mut chat = library();
    chat.say("/subscribe japan daily 18:00");
    assert_snapshot!(chat.say("/filter japan"), @"There is no filter on Japan: everything comes. To set one, with a minus before what isn’t wanted: /filter japan summit, envoy*, -squid");
    assert_snapshot!(chat.say("/filter japan Squid, “Research  Vessels” summ* -COUNT"), @r#"This channel now gets from Japan only what the filter wants: "research vessels" squid summ* -count. What it leaves out doesn’t come later either. To end it: /filter japan off"#);
    assert_snapshot!(chat.say("/filter japan"), @r#"The filter on Japan: "research vessels" squid summ* -count. To end it: /filter japan off"#);
    assert_snapshot!(chat.say("/subscriptions"), @r#"
        This channel follows   times in UTC
          japan   Japan   daily 18:00 · next Fri 6 Nov 18:00 · filter: "research vessels" squid summ* -count
        /schedule japan daily 09:00 changes a time · /preview shows the next roundup
    "#);
    // A change of the cadence or of the zone leaves it alone, a restart as well.
    chat.say("/schedule japan instant");
    chat.say("/timezone Asia/Seoul");
    chat.restart();
    assert!(
        chat.say("/filter japan")
            .contains("\"research vessels\" squid summ* -count")
    );
    assert_snapshot!(chat.say("/filter japan OFF"), @"The filter on Japan is gone: from now on everything comes.");
    assert_snapshot!(chat.say("/filter japan off"), @"There is no filter on Japan: everything comes. To set one, with a minus before what isn’t wanted: /filter japan summit, envoy*, -squid");
    // The word, not the end.
    assert!(
        chat.say("/filter japan \"off\"")
            .contains("wants: \"off\".")
    );
    // It ends with its subscription.
    chat.say("/unsubscribe japan");
    chat.say("/subscribe japan instant");
    assert!(chat.say("/filter japan").contains("no filter"));
}

#[test]
fn the_longest_beginning_that_names_a_section_is_the_section() {
    let mut chat = library();
    chat.say("/subscribe us-nk");
    chat.say("/subscribe Garden Shows");
    for (typed, title) in [
        (
            "US–North Korea relations summit",
            "US–North Korea relations",
        ),
        ("us nk relations summit", "US–North Korea relations"),
        ("us-nk, summit", "US–North Korea relations"),
        ("garden shows summit", "Garden Shows"),
        ("“Garden Shows” “summit”", "Garden Shows"),
        ("🌱 garden 🌱 shows summit", "Garden Shows"),
    ] {
        let said = chat.say(&format!("/filter {typed}"));
        assert!(
            said.contains(&format!("from {title} only")) && said.contains(": summit."),
            "{said}"
        );
    }
}

#[test]
fn a_term_is_no_part_of_a_name() {
    let mut chat = library();
    chat.say("/subscribe all");
    chat.drop_file(
        "2026-11-05.txt",
        page("# Japan Korea\nOne | It was.\n# Squid\nTwo | It was."),
    )
    .load();
    chat.say("/subscribe japan");
    for (typed, filter) in [
        ("japan -korea", "-korea"),
        ("japan \"korea\"", "korea"),
        ("japan –korea squid", "squid -korea"),
    ] {
        let said = chat.say(&format!("/filter {typed}"));
        assert!(
            said.contains(&format!("from Japan only what the filter wants: {filter}.")),
            "{said}"
        );
    }
    assert!(
        chat.say("/filter japan korea")
            .contains("Japan Korea comes with all sections")
    );
}

#[test]
fn mistakes_are_told_and_change_nothing() {
    let mut chat = library();
    assert_snapshot!(chat.say("/filter japan squid"), @"This channel doesn’t follow Japan. To follow it: /subscribe japan daily 09:00");
    assert_snapshot!(chat.say("/filter"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
    chat.say("/subscribe japan");
    assert_snapshot!(chat.say("/filter"), @"Which section? This channel follows japan. Try: /filter japan summit");
    assert_snapshot!(chat.say("/filter japn squid"), @"There is no section “japn”. Did you mean japan? /sections lists all 5.");
    assert_snapshot!(chat.say("/filter us-nk squid"), @"This channel doesn’t follow US–North Korea relations. To follow it: /subscribe us-nk daily 09:00");
    chat.say("/filter japan squid");
    for much in [
        "w ".repeat(101),
        (0..21).map(|n| format!("w{n} ")).collect(),
    ] {
        let said = chat.say(&format!("/filter japan {much}"));
        assert!(
            said.starts_with(
                "That is more than a filter holds: at most 20 words or phrases and 200 characters."
            ),
            "{said}"
        );
    }
    let many: Vec<String> = (0..10_000).map(|n| format!("w{n}")).collect();
    assert_snapshot!(chat.say(&format!("/filter japan {}", many.join(" "))), @"That is more than 4096 characters. Say it in fewer.");
    assert_snapshot!(chat.say("/filter japan 🔥"), @"There is no word in “🔥” to filter by. Try: /filter japan summit");
    assert_snapshot!(chat.say("/filter japan -"), @"A minus stands right before the word that isn’t wanted, without a space: in “-” one has no word after it. Try: /filter japan -squid");
    assert_snapshot!(chat.say("/filter japan squid -squid"), @"“squid” can’t be both wanted and unwanted. Nothing was changed.");
    assert_snapshot!(chat.say("/filter japan #us-nk"), @"“#us-nk” means a section, and that works in /filter all only. For the word itself, leave out the #: /filter japan us-nk");
    assert!(chat.say("/filter japan").contains(": squid."));
    chat.say("/subscribe all");
    assert_snapshot!(chat.say("/filter all #us-nx"), @"There is no section “us-nx”. Did you mean us-nk? /sections lists all 5.");
    assert_snapshot!(chat.say("/filter us-nk squid"), @"US–North Korea relations comes with all sections here, so it has no filter of its own. To leave it out: /filter all -#us-nk. To follow it by itself: /subscribe us-nk");
    assert!(
        chat.say_as_reader("/filter japan off")
            .contains("Only those who administer")
    );
}

#[test]
fn only_what_is_wanted_comes_and_the_rest_counts_as_delivered() {
    let mut chat = library();
    chat.say("/subscribe japan daily 18:00");
    chat.say("/filter japan squid -recount*");
    let titles_in = [
        "Squid counted",
        "Squid recounted",
        "Ferns come back",
        "The squid’s day",
    ];
    news(&mut chat, "2026-11-06.txt", "Japan", &titles_in);
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_snapshot!(post, @r"
        Roundup · Friday 6 November
        Japan
          #8   Squid counted
          #11  The squid’s day
        2 headlines · next: Sat 7 Nov 18:00 UTC
    ");
    // A change brings nothing back, nor does its end.
    chat.say("/filter japan ferns");
    assert_eq!(chat.tick_at("2026-11-07T18:00[UTC]"), "");
    chat.say("/filter japan off");
    assert_eq!(chat.tick_at("2026-11-08T18:00[UTC]"), "");
    assert!(chat.say("/preview").contains("Nothing new"));
}

#[test]
fn a_filter_is_met_by_items_as_they_are_when_the_roundup_is_composed() {
    let mut chat = library();
    chat.say("/subscribe japan daily 18:00");
    chat.say("/filter japan ferns");
    news(
        &mut chat,
        "2026-11-06.txt",
        "Japan",
        &["Squid counted", "Ferns come back"],
    );
    // What waits meets the filter of its moment.
    chat.say("/filter japan squid");
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(titles(&post), ["Squid counted"], "{post}");
}

#[test]
fn instant_channels_are_filtered_and_an_empty_roundup_isnt_posted() {
    let mut chat = library();
    chat.say("/subscribe japan instant");
    chat.say("/filter japan squid");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Ferns come back"]);
    assert_eq!(chat.posted(), "");
    assert_eq!(chat.tick().channels, 0, "its turn is over");
    news(
        &mut chat,
        "2026-11-07.txt",
        "Japan",
        &["Moss wins", "Squid recounted"],
    );
    assert_snapshot!(chat.posted(), @r"
        Japan
          #10  Squid recounted
    ");
}

#[test]
fn what_is_late_is_what_is_wanted() {
    let mut chat = library();
    chat.say("/subscribe japan instant");
    chat.say("/filter japan squid");
    chat.say("/pause");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Ferns come back"]);
    chat.wait(jiff::SignedDuration::from_hours(2));
    news(&mut chat, "2026-11-07.txt", "Japan", &["Squid recounted"]);
    chat.say("/resume");
    let post = chat.posted();
    assert!(!post.contains("Catch-up"), "{post}");
}

#[test]
fn the_cap_and_its_line_count_what_is_wanted() {
    let mut chat = library();
    chat.say("/subscribe japan daily 18:00");
    chat.say("/filter japan squid");
    chat.say("/settings cap 2");
    let counted: Vec<String> = (0..5).map(|n| format!("Squid {n} counted")).collect();
    let ferns: Vec<String> = (0..7).map(|n| format!("Fern {n} counted")).collect();
    let both: Vec<&str> = ferns.iter().chain(&counted).map(String::as_str).collect();
    news(&mut chat, "2026-11-06.txt", "Japan", &both);
    assert_snapshot!(chat.say("/preview"), @r"
        As of now, the next roundup would look like this:
        Left out by filter: 7 headlines.
        Roundup · Friday 6 November
        Japan
          #15  Squid 0 counted
          #16  Squid 1 counted
        3 more: /latest japan
        5 headlines · next: Sat 7 Nov 18:00 UTC
    ");
    assert_snapshot!(chat.tick_at("2026-11-06T18:00[UTC]"), @r"
        Roundup · Friday 6 November
        Japan
          #15  Squid 0 counted
          #16  Squid 1 counted
        3 more: /latest japan
        5 headlines · next: Sat 7 Nov 18:00 UTC
    ");
    assert_eq!(chat.tick_at("2026-11-07T18:00[UTC]"), "");
}

#[test]
fn roundup_now_and_preview_say_what_is_left_out() {
    let mut chat = library();
    chat.say("/subscribe japan daily 18:00");
    chat.say("/filter japan squid");
    assert_snapshot!(chat.say("/preview"), @r"
        Nothing new has come in since this channel subscribed.
        With the newest items it would look like this:
        Roundup · Friday 6 November
        Japan
          #5  Squid counted together
        1 headline · next: Sat 7 Nov 18:00 UTC
    ");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Ferns come back"]);
    assert_snapshot!(chat.say("/preview"), @r"
        Nothing new has come in since this channel subscribed.
        Left out by filter: 1 headline.
        With the newest items it would look like this:
        Roundup · Friday 6 November
        Japan
          #5  Squid counted together
        1 headline · next: Sat 7 Nov 18:00 UTC
    ");
    assert_snapshot!(chat.say("/roundup"), @r"
        Nothing new has come in since this channel subscribed.
        Left out by filter: 1 headline.
    ");
    assert_snapshot!(chat.say("/roundup"), @"Nothing new has come in since this channel subscribed.");
    news(
        &mut chat,
        "2026-11-07.txt",
        "Japan",
        &["Moss wins", "Fern sale", "Squid recounted"],
    );
    assert_snapshot!(chat.say("/roundup"), @r"
        The roundup is on its way. The schedule goes on without repeating it.
        Left out by filter: 2 headlines.
    ");
    assert_eq!(titles(&chat.posted()), ["Squid recounted"]);
}

#[test]
fn the_narrower_subscription_decides() {
    let mut chat = library();
    chat.say("/subscribe all daily 18:00");
    chat.say("/subscribe japan daily 18:00");
    chat.say("/filter japan squid");
    let text =
        "# US-NK Relations\nEnvoys | They met.\n# Japan\nSquid | Counted.\nFerns | They grow.";
    chat.drop_file("2026-11-06.txt", page(text)).load();
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(titles(&post), ["Envoys", "Squid"], "{post}");
    // What its own leaves out doesn't come by `all`, nor later, nor once its own has ended.
    chat.say("/unsubscribe japan");
    assert_eq!(chat.tick_at("2026-11-07T18:00[UTC]"), "");
    // And its own isn't touched by the filter of `all`.
    chat.say("/subscribe japan daily 18:00");
    chat.say("/filter all nothing");
    let text = "# US-NK Relations\nEnvoys 2 | They met.\n# Japan\nSquid 2 | Counted.\nFerns 2 | They grow.";
    chat.drop_file("2026-11-08.txt", page(text)).load();
    let post = chat.tick_at("2026-11-08T18:00[UTC]");
    assert_eq!(titles(&post), ["Squid 2", "Ferns 2"], "{post}");
}

#[test]
fn a_section_is_taken_out_of_all() {
    let mut chat = library();
    chat.say("/subscribe all daily 18:00");
    assert_snapshot!(chat.say("/unsubscribe japan"), @"Japan comes with all sections, as this channel follows all. To leave it out: /filter all -#japan. To follow single sections instead: /unsubscribe all, then for example /subscribe us-nk");
    chat.say("/filter all squid envoy*");
    // What there is already stays.
    assert_snapshot!(chat.say("/unsubscribe japan"), @"Japan comes with all sections, as this channel follows all. To leave it out: /filter all envoy* squid -#japan. To follow single sections instead: /unsubscribe all, then for example /subscribe us-nk");
    assert_snapshot!(chat.say("/filter all envoy* squid -#japan"), @"This channel now gets from all sections only what the filter wants: envoy* squid -#japan. What it leaves out doesn’t come later either. To end it: /filter all off");
    assert_snapshot!(chat.say("/unsubscribe japan"), @"Japan doesn’t come any more: the filter on all sections leaves it out.");
    let text = "# US-NK Relations\nEnvoys | They met.\n# Japan\nSquid | Counted.";
    chat.drop_file("2026-11-06.txt", page(text)).load();
    // Nothing of it waits in `all`, so that following it by itself starts from now.
    chat.say("/subscribe japan daily 18:00");
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(titles(&post), ["Envoys"], "{post}");
    assert_snapshot!(chat.say("/unsubscribe japan"), @"This channel no longer follows Japan. It still follows all sections.");
    // Only sections.
    chat.say("/filter all #japan -#us-nk");
    let text = "# US-NK Relations\nEnvoys 2 | They met.\n# Japan\nSquid 2 | Counted.";
    chat.drop_file("2026-11-07.txt", page(text)).load();
    let post = chat.tick_at("2026-11-07T18:00[UTC]");
    assert_eq!(titles(&post), ["Squid 2"], "{post}");
}

#[test]
fn of_two_subscriptions_that_merge_the_targets_filter_stays() {
    let filtered = |chat: &mut Chat, section: &str, filter: &str| {
        chat.say(&format!("/subscribe {section}"));
        chat.say(&format!("/filter {section} {filter}"));
    };
    let merged = |chat: &mut Chat| {
        let with_heading = crate::harness::CONFIG.replace(
            "title = \"Japan\"",
            "title = \"Japan\"\nheadings = [\"Garden Shows\"]",
        );
        chat.configure(&with_heading);
        chat.say("/filter japan")
    };
    let mut chat = library();
    filtered(&mut chat, "japan", "squid");
    filtered(&mut chat, "garden-shows", "ferns");
    assert!(merged(&mut chat).contains(": squid."));
    let mut chat = library();
    filtered(&mut chat, "garden-shows", "ferns");
    assert!(merged(&mut chat).contains(": ferns."));
    let mut chat = library();
    chat.say("/subscribe japan");
    filtered(&mut chat, "garden-shows", "ferns");
    assert!(merged(&mut chat).contains("no filter"));
    // A filter that names the section names the one that it has become.
    let mut chat = library();
    filtered(&mut chat, "all", "-#garden-shows squid");
    merged(&mut chat);
    assert!(chat.say("/filter all").contains(": squid -#japan."));
}

#[test]
fn channels_with_equal_filters_share_one_post() {
    let mut chat = library();
    let store = |chat: &Chat, count: &str| -> i64 { chat.ground.count(count) };
    let console = tidings::platforms::console::Console::new(
        Box::new(std::io::sink()),
        Box::new(|| crate::harness::PLAIN),
        "",
    );
    for (at, filter) in ["squid moss", "Moss, SQUID", "fern*", "off"]
        .iter()
        .enumerate()
    {
        let key = crate::harness::channel(&format!("console:{at}"));
        for line in [
            "/subscribe japan daily 18:00",
            &format!("/filter japan {filter}"),
        ] {
            let said = chat.app().bot().command(&console, &key, true, line);
            crate::harness::block_on(said).unwrap();
        }
    }
    news(
        &mut chat,
        "2026-11-06.txt",
        "Japan",
        &["Squid", "Moss", "Ferns"],
    );
    chat.at("2026-11-06T18:00[UTC]");
    assert_eq!(chat.tick().roundups, 4);
    assert_eq!((store(&chat, "deliveries"), store(&chat, "parts")), (4, 3));
    assert_eq!(titles(&chat.posted()).len(), 8);
    // What is stored and can't be read is an error, never another filter.
    chat.ground.execute("UPDATE subscriptions SET filter = '-'");
    let read = chat.app().store().blocking().read(|db| {
        let channel = db.channel(&crate::harness::channel("console:0"))?;
        db.subscriptions(channel.expect("a channel").id)
    });
    assert!(read.unwrap_err().to_string().contains("a filter"));
}

/// What titles and questions are made of.
const PIECES: [&str; 28] = [
    "North",
    "Korea",
    "U.S.",
    "u s",
    "café",
    "CAFE\u{301}",
    "서울에서",
    "서울",
    "에서 열린",
    "회담이",
    "남북관계",
    "日本",
    "東京で",
    "カフェ",
    "5G",
    "co-operation",
    "J.Smith",
    "İstanbul",
    "Straße",
    "Ὀδυσσεύς",
    "ﬁne",
    "½",
    "ﷺ",
    "x",
    "kor",
    "seoul서울",
    "e\u{301}",
    "第３回",
];

#[test]
fn a_filter_finds_what_a_search_finds() {
    let mut chat = Chat::new();
    let mut dice = Dice::new(17);
    let mut draw = |most: usize| (dice.fraction() * most as f64) as usize % most;
    let mut text = |pieces: usize| {
        let mut text = String::new();
        for _ in 0..pieces {
            let gap = [" ", " ", "", "-", ", ", "’"][draw(6)];
            text.push_str(PIECES[draw(PIECES.len())]);
            text.push_str(gap);
        }
        text
    };
    let lines: Vec<String> = (0..120)
        .map(|n| format!("Title {n} {} | {} and so on.", text(3), text(6)))
        .collect();
    chat.drop_file(
        "2026-11-05.txt",
        page(&format!("# Japan\n{}", lines.join("\n"))),
    )
    .load();
    let all = Listing {
        section: None,
        after: Place::TOP,
        limit: 1_000,
    };
    let items = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.newest(all))
        .unwrap();
    assert!(items.len() > 100);
    let mut found_some = 0;
    for n in 0..1_500 {
        let pieces = 1 + n % 3;
        let mut words = text(pieces).replace([',', '-', '−'], "·");
        words.retain(|c| !c.is_whitespace() || n % 2 == 0);
        let typed = match n % 3 {
            0 => format!("\"{words}\""),
            1 => format!("{}*", words.replace(' ', "·").trim()),
            _ => words.replace(' ', "·"),
        };
        let Some(query) = Query::parse(&typed) else {
            continue;
        };
        let found = chat
            .app()
            .store()
            .blocking()
            .read(|db| db.search(&query, Place::TOP, 1_000));
        let found: BTreeSet<_> = found.unwrap().into_iter().map(|item| item.id).collect();
        let filter = Filter::parse(&typed, |_| None).unwrap();
        let against = Filter::parse(&format!("-{typed}"), |_| None).unwrap();
        for item in &items {
            let spaced = SpacedWords::of(&item.title, &item.summary);
            let is_found = found.contains(&item.id);
            assert_eq!(
                filter.wants(&spaced, &item.section),
                is_found,
                "{typed} in {item:?}"
            );
            assert_eq!(
                against.wants(&spaced, &item.section),
                !is_found,
                "-{typed} in {item:?}"
            );
        }
        found_some += usize::from(!found.is_empty());
    }
    assert!(found_some > 300, "{found_some}");
}
