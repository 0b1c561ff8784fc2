//! Watches: searches that are followed.

use insta::assert_snapshot;

use super::{Chat, library, news, page};

/// The titles in a post, with what stands behind them.
fn titles(post: &str) -> Vec<&str> {
    let lines = post.lines().filter_map(|line| line.trim().split_once("  "));
    let numbered = lines.filter(|(number, _)| number.starts_with('#'));
    numbered.map(|(_, title)| title.trim()).collect()
}

/// Loads one item of each of two sections.
fn both(chat: &mut Chat, name: &str, us_nk: &str, japan: &str) {
    let text = format!("# US-NK Relations\n{us_nk} | Who.\n# Japan\n{japan} | What.");
    chat.drop_file(name, page(&text)).load();
}

/// A number that the store has.
fn stored(chat: &Chat, what: &str) -> i64 {
    chat.ground.count(what)
}

#[test]
fn a_watch_is_begun_listed_changed_and_ended() {
    let mut chat = library();
    assert_snapshot!(chat.say("/watch"), @r#"Watch for what? All the words have to occur. Try: /watch "working group" envoy"#);
    assert_snapshot!(chat.say("/unwatch envoy"), @"There is no watch in this channel. To begin one: /watch summit");
    assert_snapshot!(chat.say("/watch Envoy \"North  Korea\""), @r#"
        This channel now watches for "north korea" envoy, instant: each new headline that holds it, from any section, as soon as it is loaded.
        /unwatch "north korea" envoy ends it · /subscriptions lists all
    "#);
    assert_snapshot!(chat.say("/watch squid daily 18:00"), @r"
        This channel now watches for “squid”, daily 18:00 (UTC). Next roundup: Fri 6 Nov 18:00, in 6 hours, if there is news by then.
        After that: Sat 7 Nov 18:00, Sun 8 Nov 18:00.
        /unwatch squid ends it · /subscriptions lists all
    ");
    chat.say("/subscribe japan");
    assert_snapshot!(chat.say("/subscriptions"), @r#"
        This channel follows   times in UTC
          japan                 Japan     daily 09:00 · next Sat 7 Nov 09:00
          "north korea" envoy   a watch   instant
          squid                 a watch   daily 18:00 · next Fri 6 Nov 18:00
        /schedule japan daily 18:00 changes a time · /preview shows the next roundup
    "#);
    // What the answer offers means the same watch, though a part of its words could be a time.
    for words in ["black friday", "squid weekend", "apollo noon"] {
        let quoted = words.replacen(' ', " \"", 1) + "\"";
        chat.say(&format!("/watch {quoted}"));
        let said = chat.say(&format!("/watch {quoted}"));
        let (_, offered) = said.split_once("To change the time: ").unwrap();
        let changed = chat.say(offered.trim());
        assert!(
            changed.contains(&format!("now watches for “{words}”, daily 18:00")),
            "{offered}: {changed}"
        );
        chat.say(&format!("/unwatch {words}"));
    }
    // A day of a month is no time, and a size of paper none.
    for words in ["hamas october 7", "삼일절 3월 1일", "paper a4"] {
        let said = chat.say(&format!("/watch {words}"));
        let has_all = words.split(' ').all(|word| said.contains(word));
        assert!(has_all && said.contains("”, instant"), "{said}");
        chat.say(&format!("/unwatch {words}"));
    }
    // Behind a month a time is one all the same.
    for (typed, when) in [
        ("시위 4월 9시", "daily 09:00"),
        ("theresa may 9 pm", "daily 21:00"),
    ] {
        let said = chat.say(&format!("/watch {typed}"));
        assert!(said.contains(when), "{said}");
        let (words, _) = typed.split_once(" 9").unwrap();
        chat.say(&format!("/unwatch {words}"));
    }
    // What folds alike is the same watch.
    assert_snapshot!(chat.say("/watch “north korea”, ENVOY"), @r#"This channel watches for “"north korea" envoy” already, instant. To change the time: /watch "north korea" envoy daily 18:00"#);
    assert_snapshot!(chat.say("/watch “north korea” ENVOY hourly"), @r#"
        This channel now watches for "north korea" envoy, hourly (UTC). Next roundup: Fri 6 Nov 13:00, in 1 hour, if there is news by then.
        After that: Fri 6 Nov 14:00, Fri 6 Nov 15:00.
    "#);
    assert_snapshot!(chat.say("/watch SQUID instant"), @"This channel now watches for “squid”, instant: each new headline that holds it, as soon as it is loaded.");
    assert_snapshot!(chat.say("/unwatch"), @r#"Which one? This channel watches for squid · "north korea" envoy. Try: /unwatch squid"#);
    assert_snapshot!(chat.say("/unwatch crab"), @r#"There is no watch for “crab”. This channel watches for squid · "north korea" envoy. Try: /unwatch squid"#);
    assert_snapshot!(chat.say("/unwatch envoy \"north korea\""), @r#"This channel no longer watches for "north korea" envoy."#);
    assert_snapshot!(chat.say("/unsubscribe all"), @"This channel no longer follows Japan. It still follows “squid”.");
    assert_snapshot!(chat.say("/unwatch Squid daily 18:00"), @"This channel no longer watches for “squid”.");
    assert_eq!(stored(&chat, "watches"), 0);
    assert_eq!(stored(&chat, "watch_words"), 0);
    assert!(
        chat.say_as_reader("/watch squid")
            .contains("Only those who administer")
    );
    assert!(
        chat.say_as_reader("/unwatch squid")
            .contains("Only those who administer")
    );
}

/// Asserts what of that which is typed are the words, and what is when.
#[track_caller]
fn watches(chat: &mut Chat, typed: &str, words: &str, when: &str) {
    let said = chat.say(&format!("/watch {typed}"));
    // What has quotes of its own gets no others.
    let named = match words.contains('"') {
        true => words.to_owned(),
        false => format!("“{words}”"),
    };
    let expected = format!("watches for {named}, {when}");
    assert!(said.contains(&expected), "{typed}: {said}");
}

#[test]
fn the_longest_end_outside_of_quotes_that_reads_as_a_time_is_the_cadence() {
    let mut chat = library();
    for (typed, words, when) in [
        ("squid every day at 9", "squid", "daily 09:00"),
        ("squid mon-fri 09:00", "squid", "weekdays 09:00"),
        (
            "squid count weekly mon,thu 18:00",
            "count squid",
            "weekly mon,thu 18:00",
        ),
        ("\"squid daily 9:00\"", "\"squid daily 9 00\"", "instant"),
        ("\"squid hourly\" hourly", "\"squid hourly\"", "hourly"),
        ("crab instant", "crab", "instant"),
        // A time alone is no watch.
        ("hourly", "hourly", "instant"),
        ("instant hourly", "instant", "hourly"),
        ("election night", "election night", "instant"),
        ("black friday", "black friday", "instant"),
        ("the daily show", "daily show the", "instant"),
        ("\"korea daily\"", "\"korea daily\"", "instant"),
        ("\"korea on monday\"", "\"korea on monday\"", "instant"),
        ("특사 매일 9시", "특사", "daily 09:00"),
        ("서울 회담", "서울 회담", "instant"),
        ("\"unbalanced hourly", "\"unbalanced hourly\"", "instant"),
        ("crab* daily 18:00 UTC", "crab*", "daily 18:00"),
    ] {
        watches(&mut chat, typed, words, when);
    }
}

#[test]
fn a_cadence_that_is_unclear_or_wrong_is_asked_back() {
    let mut chat = library();
    assert_snapshot!(chat.say("/watch squid every 5 hours"), @"There is no schedule for “every 5 hours”. Nearest are every 4 hours and every 6 hours. Try: /watch squid every 4 hours");
    assert_snapshot!(chat.say("/watch squid biweekly"), @"“biweekly” could mean twice a week: weekly mon,thu 09:00. Or every two weeks, which isn’t possible; nearest is the 1st and the 15th of each month, cron 0 9 1,15 * *. Try: /watch squid weekly mon,thu 09:00");
    assert_snapshot!(chat.say("/watch squid 9:00 18:00"), @"“9:00 18:00” could mean daily 09:00 or daily 18:00. To get all of them: /watch squid cron 0 9,18 * * *");
    assert_snapshot!(chat.say("/watch squid count 9am and 6pm"), @"“9am and 6pm” could mean daily 09:00 or daily 18:00. To get all of them: /watch squid count cron 0 9,18 * * *");
    assert_snapshot!(chat.say("/watch 오징어 5시간마다"), @"There is no schedule for “5시간마다”. Nearest are every 4 hours and every 6 hours. Try: /watch 오징어 every 4 hours");
    assert_snapshot!(chat.say("/watch squid daily 25:00"), @"25:00 isn’t a time of day. Try: /watch squid daily 09:00");
    assert_snapshot!(chat.say("/watch squid instant 08:00-08:00"), @"“instant 08:00-08:00” ends when it begins. For the whole day: instant. For a part of it: /watch squid instant 08:00-22:00");
    assert_snapshot!(chat.say("/watch squid cron 60 9 * * *"), @"“60” can’t be the minute of a cron schedule. Try: /watch squid cron 0 9 * * 1-5");
    assert_snapshot!(chat.say("/watch squid every morning"), @"“every morning” needs a time of day. Try: /watch squid daily 09:00");
    assert_snapshot!(chat.say("/watch squid daily"), @"“daily” needs a time of day. Try: /watch squid daily 09:00");
    assert_snapshot!(chat.say("/watch squid on monday"), @"“on monday” needs a time of day. Try: /watch squid weekly mon 09:00");
    assert_snapshot!(chat.say("/watch 오징어 매일"), @"“매일” needs a time of day. Try: /watch 오징어 daily 09:00");
    assert!(
        chat.say("/unwatch squid daily")
            .contains("no watch in this channel")
    );
    assert_snapshot!(chat.say("/watch squid 25:00"), @"25:00 isn’t a time of day. Try: /watch squid daily 09:00");
    assert!(chat.say("/subscriptions").contains("follows nothing"));
    // What may as well be words is words.
    for (typed, words, when) in [
        ("apollo 11 9:00", "11 apollo", "daily 09:00"),
        ("the cron job", "cron job the", "instant"),
        ("the daily show", "daily show the", "instant"),
        (
            "squid biweekly magazine",
            "biweekly magazine squid",
            "instant",
        ),
        ("\"tea every morning\"", "\"tea every morning\"", "instant"),
        ("squid next friday", "friday next squid", "instant"),
    ] {
        watches(&mut chat, typed, words, when);
    }
}

#[test]
fn what_is_no_watch_is_refused_with_its_reason() {
    let mut chat = library();
    assert_snapshot!(chat.say("/watch all"), @"A watch looks for words. For everything: /subscribe all, and /filter all chooses what of it comes.");
    assert_snapshot!(chat.say("/watch 🔥"), @"There is no word in “🔥” to watch for. Try: /watch summit");
    assert_snapshot!(chat.say("/watch squid -count"), @"A watch has no minus: whatever holds all its words comes. To leave something out: /subscribe all, then /filter all squid -count");
    assert_snapshot!(chat.say(&format!("/watch {}", "w ".repeat(30))), @"That is more than can be searched for at once: at most 20 words and 200 characters.");
    for n in 0..20 {
        assert!(chat.say(&format!("/watch word{n}")).contains("now watches"));
    }
    assert_snapshot!(chat.say("/watch word20"), @"There are 20 watches in this channel already, and no more fit. /unwatch ends one; /subscriptions lists them.");
    // One that is there can still be changed.
    assert!(chat.say("/watch word3 hourly").contains("now watches"));
    chat.say("/unwatch word3");
    assert!(chat.say("/watch word20").contains("now watches"));
    assert_eq!(stored(&chat, "subscriptions WHERE section_id < 0"), 20);
}

#[test]
fn words_that_much_of_the_news_holds_are_refused() {
    let mut chat = library();
    let titles: Vec<String> = (0..240)
        .map(|n| {
            format!(
                "{} number {n}",
                if n % 4 == 0 { "The squid" } else { "A crab" }
            )
        })
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    assert!(
        chat.say("/watch the").contains("now watches"),
        "seven items are too few to tell"
    );
    chat.say("/unwatch the");
    news(&mut chat, "2026-11-05.txt", "Japan", &titles);
    assert_snapshot!(chat.say("/watch squid"), @"61 of the newest 247 headlines hold “squid”: that is too much for a watch. Try: /subscribe all, then /filter all squid");
    let said = chat.say("/watch number squid");
    assert!(
        said.trim_end().ends_with("then /filter all squid"),
        "{said}"
    );
    assert!(
        chat.say("/watch what there is")
            .contains("too much for a watch")
    );
    assert!(
        chat.say("/watch squid \"number 8\"")
            .contains("now watches")
    );
}

#[test]
fn a_watch_brings_what_is_found_from_now_on_in_all_sections() {
    let mut chat = library();
    news(&mut chat, "2026-11-05.txt", "Japan", &["Envoy came before"]);
    chat.say("/watch envoy");
    assert_eq!(chat.posted(), "");
    both(
        &mut chat,
        "2026-11-06.txt",
        "Envoy arrives",
        "Squid counted",
    );
    assert_snapshot!(chat.posted(), @r"
        US–North Korea relations
          #9  Envoy arrives (watch: envoy)
    ");
    both(&mut chat, "2026-11-07.txt", "Nothing", "An envoy of squid");
    assert_snapshot!(chat.posted(), @r"
        Japan
          #12  An envoy of squid (watch: envoy)
    ");
    // All words have to occur; beginnings and Korean words as in a search.
    chat.say("/watch squid summ*");
    chat.say("/watch 서울 회담");
    both(&mut chat, "2026-11-08.txt", "Summits", "Squid");
    assert_eq!(chat.posted(), "");
    both(
        &mut chat,
        "2026-11-09.txt",
        "Squid summits",
        "서울에서 정상회담이 열렸다",
    );
    assert_snapshot!(chat.posted(), @r"
        US–North Korea relations
          #15  Squid summits (watch: squid summ*)
        Japan
          #16  서울에서 정상회담이 열렸다 (watch: 서울 회담)
    ");
    chat.say("/unwatch envoy");
    both(&mut chat, "2026-11-10.txt", "Envoy leaves", "Nothing");
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_watch_by_beginnings_alone_is_found() {
    let mut chat = library();
    for words in ["env*", "internationalizations*", "서", "\"an env*\""] {
        chat.say(&format!("/watch {words}"));
    }
    both(
        &mut chat,
        "2026-11-06.txt",
        "Envoy",
        "Internationalizations-bureau opens",
    );
    assert_eq!(
        titles(&chat.posted()),
        [
            "Envoy (watch: env*)",
            "Internationalizations-bureau opens (watch: internationalizations*)"
        ]
    );
    both(&mut chat, "2026-11-07.txt", "서울", "Internationalisation");
    assert_eq!(titles(&chat.posted()), ["서울 (watch: 서)"]);
}

#[test]
fn with_a_cadence_it_waits_and_is_capped_and_names_the_search() {
    let mut chat = library();
    chat.say("/watch envoy daily 18:00");
    chat.say("/subscribe japan daily 18:00");
    chat.say("/settings cap 2");
    let text = "# Japan\nSquid one | It.\nEnvoy in Japan | It.\n# US-NK Relations\nEnvoy two | It.\nEnvoy three | It.\nEnvoy four | It.";
    chat.drop_file("2026-11-06.txt", page(text)).load();
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/preview"), @r"
        As of now, the next roundup would look like this:
        Roundup · Friday 6 November
        Japan
          #8  Squid one
          #9  Envoy in Japan (watch: envoy)
        3 more: /search envoy
        5 headlines · next: Sat 7 Nov 18:00 UTC
    ");
    assert_snapshot!(chat.tick_at("2026-11-06T18:00[UTC]"), @r"
        Roundup · Friday 6 November
        Japan
          #8  Squid one
          #9  Envoy in Japan (watch: envoy)
        3 more: /search envoy
        5 headlines · next: Sat 7 Nov 18:00 UTC
    ");
    assert_eq!(chat.tick_at("2026-11-07T18:00[UTC]"), "");
    assert_eq!(stored(&chat, "watched"), 0, "nobody waits for it any more");
    assert_eq!(stored(&chat, "watches WHERE pending = 1"), 0);
}

#[test]
fn a_watch_brings_what_a_filter_left_out() {
    let mut chat = library();
    chat.say("/subscribe japan daily 18:00");
    chat.say("/filter japan squid");
    chat.say("/watch envoy daily 18:00");
    chat.say("/watch crab daily 20:00");
    let text = ["Squid", "Envoy", "Squid with envoy", "Moss", "Crab"];
    news(&mut chat, "2026-11-06.txt", "Japan", &text);
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(
        titles(&post),
        [
            "Squid",
            "Envoy (watch: envoy)",
            "Squid with envoy (watch: envoy)"
        ]
    );
    // Left out by the filter at six, and wanted by a watch at eight.
    let post = chat.tick_at("2026-11-06T20:00[UTC]");
    assert_eq!(titles(&post), ["Crab (watch: crab)"]);
}

#[test]
fn what_came_by_one_subscription_doesnt_come_by_another() {
    // By whichever is due first: a watch, `all` or a section's own.
    for (follows, watches) in [
        ("daily 18:00", "instant"),
        ("daily 18:00", "daily 17:00"),
        ("instant", "daily 18:00"),
        ("daily 17:00", "daily 18:00"),
        ("daily 18:00", "daily 18:00"),
        ("instant", "instant"),
    ] {
        for target in ["all", "japan"] {
            let mut chat = library();
            chat.say(&format!("/subscribe {target} {follows}"));
            chat.say(&format!("/watch squid {watches}"));
            chat.say("/watch crab weekly mon 09:00");
            news(
                &mut chat,
                "2026-11-06.txt",
                "Japan",
                &["Squid", "Moss", "Crab"],
            );
            let mut posts = chat.posted();
            for when in [
                "2026-11-06T17:00[UTC]",
                "2026-11-06T18:00[UTC]",
                "2026-11-07T18:00[UTC]",
                "2026-11-09T09:00[UTC]",
            ] {
                posts += &chat.tick_at(when);
            }
            let context = format!("{target} {follows}, {watches}:\n{posts}");
            assert_eq!(titles(&posts).len(), 3, "{context}");
            // Whoever brings it, a watch wanted it.
            assert!(posts.contains("Squid (watch: squid)\n"), "{context}");
            assert!(posts.contains("Crab (watch: crab)\n"), "{context}");
            assert_eq!(stored(&chat, "watched"), 0, "{context}");
        }
    }
}

#[test]
fn what_counted_as_more_is_got_as_well() {
    let mut chat = library();
    chat.say("/subscribe all daily 17:00");
    chat.say("/watch squid daily 18:00");
    chat.say("/settings cap 1");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Moss", "Squid"]);
    let post = chat.tick_at("2026-11-06T17:00[UTC]");
    assert!(post.contains("1 more: /latest japan"), "{post}");
    assert_eq!(chat.tick_at("2026-11-06T18:00[UTC]"), "");
}

#[test]
fn what_an_ended_subscription_owed_doesnt_come_twice() {
    let mut chat = library();
    chat.say("/subscribe all daily 18:00");
    chat.say("/subscribe japan daily 18:00");
    chat.say("/watch squid instant");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid", "Moss"]);
    assert_eq!(titles(&chat.posted()), ["Squid (watch: squid)"]);
    chat.say("/unsubscribe japan");
    chat.say("/unwatch squid");
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(titles(&post), ["Moss"], "{post}");
}

#[test]
fn a_pause_keeps_what_is_found_and_forgetting_erases_the_words() {
    let mut chat = library();
    chat.say("/watch envoy");
    chat.say("/pause");
    both(&mut chat, "2026-11-06.txt", "Envoy", "Squid");
    assert_eq!(chat.posted(), "");
    chat.restart();
    chat.say("/resume");
    assert_eq!(titles(&chat.posted()), ["Envoy (watch: envoy)"]);
    both(&mut chat, "2026-11-07.txt", "Envoy 2", "Squid 2");
    assert!(chat.say("/roundup").contains("on its way"));
    assert_eq!(titles(&chat.posted()), ["Envoy 2 (watch: envoy)"]);
    assert!(chat.say("/forget").contains("1 subscription"));
    chat.say("/forget yes");
    assert_eq!(stored(&chat, "watches"), 0);
    assert_eq!(stored(&chat, "watch_words"), 0);
}

#[test]
fn a_cadence_that_becomes_instant_brings_what_waits() {
    let mut chat = library();
    chat.say("/watch envoy daily 18:00");
    both(&mut chat, "2026-11-06.txt", "Envoy", "Squid");
    assert_eq!(chat.posted(), "");
    chat.say("/watch envoy instant");
    assert_eq!(titles(&chat.posted()), ["Envoy (watch: envoy)"]);
}

#[test]
fn a_file_that_is_pushed_later_is_watched_too() {
    let mut chat = library();
    chat.say("/watch envoy");
    let file = chat.path("later.txt");
    std::fs::write(
        &file,
        page("# Japan\nEnvoy of the file | It.\nSquid of the file | It."),
    )
    .unwrap();
    chat.load_file(&file, false);
    assert_eq!(chat.posted(), "");
    chat.load_file(&file, true);
    assert_eq!(titles(&chat.posted()), ["Envoy of the file (watch: envoy)"]);
}

#[test]
fn two_channels_share_a_watch_and_each_gets_it_once() {
    let mut chat = library();
    let console = tidings::platforms::console::Console::new(
        Box::new(std::io::sink()),
        Box::new(|| crate::harness::PLAIN),
        "",
    );
    for (name, line) in [
        ("a", "/watch envoy"),
        ("b", "/watch ENVOY daily 18:00"),
        ("c", "/watch envoy"),
    ] {
        let key = crate::harness::channel(&format!("console:{name}"));
        crate::harness::block_on(chat.app().bot().command(&console, &key, true, line)).unwrap();
    }
    assert_eq!(stored(&chat, "watches"), 1);
    both(&mut chat, "2026-11-06.txt", "Envoy", "Squid");
    assert_eq!(titles(&chat.posted()).len(), 2);
    assert_eq!(stored(&chat, "watched"), 1, "one waits for it");
    assert_eq!(stored(&chat, "watches WHERE pending = 1"), 0);
    assert_eq!(titles(&chat.tick_at("2026-11-06T18:00[UTC]")).len(), 1);
    assert_eq!(stored(&chat, "watched"), 0);
}

#[test]
fn what_a_post_showed_goes_with_it() {
    // A part's number is given out again: a stranger's post must not be taken for one that showed this.
    let mut chat = library();
    chat.say("/subscribe all instant");
    news(
        &mut chat,
        "2026-11-05.txt",
        "Japan",
        &["Ferries sail again"],
    );
    chat.tick();
    assert!(stored(&chat, "shown") > 0);
    chat.say("/forget yes");
    assert_eq!((stored(&chat, "parts"), stored(&chat, "shown")), (0, 0));
}

#[test]
fn a_city_before_a_time_is_a_word() {
    let mut chat = library();
    assert_snapshot!(chat.say("/watch envoy seoul daily 9"), @"
    This channel now watches for “envoy seoul”, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
    After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
    /unwatch envoy seoul ends it · /subscriptions lists all
    ");
    assert_snapshot!(chat.say("/unwatch envoy seoul daily 9"), @"This channel no longer watches for “envoy seoul”.");
    // Behind it, it is whose time that is.
    assert_snapshot!(chat.say("/watch envoy daily 9 seoul"), @"Times are those of this channel’s zone, UTC. If that isn’t yours: /timezone Asia/Seoul. Then: /watch envoy daily 09:00");
}
