//! Readers: `/latest` and its pages, `/read`, `/sections`, `/search`, and what is said where there is nothing.

use insta::assert_snapshot;

use super::{Chat, library, page};

#[test]
fn an_empty_archive_answers_everything() {
    let mut chat = Chat::new();
    assert_snapshot!(chat.say("/latest"), @"Nothing has been loaded yet, so there is no news to show.");
    assert_snapshot!(chat.say("/latest us-nk"), @"Nothing has been loaded yet, so there is no news to show.");
    assert_snapshot!(chat.say("/read 1"), @"Nothing has been loaded yet, so there is no news to show.");
    assert_snapshot!(chat.say("/search summit"), @"Nothing has been loaded yet, so there is no news to show.");
    assert_snapshot!(chat.say("/sections"), @r"
        4 sections   0 items
          us-nk          US–North Korea relations   empty
          inter-korean   Inter-Korean relations     empty
          japan          Japan                      empty
          more           Other news                 empty
        Nothing has been loaded yet, so there is no news to show.
        /subscribe us-nk daily 09:00 follows it
    ");
    assert_snapshot!(chat.say("/subscriptions"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/status"), @"
    Nothing has been loaded yet.
    This channel follows nothing, so no roundup is due.
    Nothing is waiting to be delivered here.
    Source digests hasn’t been loaded yet.
    ");
    assert_snapshot!(chat.say("/preview"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/roundup"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
    assert_snapshot!(chat.say("/resume"), @"Deliveries to this channel aren’t paused.");
    assert_snapshot!(chat.say("/forget"), @"Nothing is kept about this channel.");
    assert_snapshot!(chat.say("/unsubscribe us-nk"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
}

#[test]
fn numbers_may_be_typed_in_full_width() {
    let mut chat = library();
    assert_eq!(chat.say("/read １"), chat.say("/read 1"));
    assert_eq!(chat.say("/latest us-nk ２"), chat.say("/latest us-nk 2"));
    assert_eq!(chat.say("/latest ２"), chat.say("/latest 2"));
    assert!(chat.say("/settings cap ２０").contains("cap is now 20"));
}

#[test]
fn what_somebody_typed_is_repeated_in_short_and_turns_no_line_around() {
    let mut chat = library();
    let many = "9".repeat(3_000);
    for line in [
        format!("/read {many}"),
        format!("/read 문{many}"),
        format!("/search {}", "\"squid\u{202E}\u{2066}".repeat(15)),
        "/search \u{202E}\u{2066}nothing".to_owned(),
        "/latest \u{202E}nowhere".to_owned(),
        "/settings \u{2067}colour red".to_owned(),
        "/settings style \u{2067}red".to_owned(),
        "/timezone \u{202D}Nowhere".to_owned(),
        "/subscribe us-nk \u{202E}sometimes".to_owned(),
    ] {
        let said = chat.say(&line);
        assert!(said.chars().count() < 300, "{line}: {said}");
        let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        assert!(!said.contains(turns), "{line}: {}", said.escape_unicode());
    }
}

#[test]
fn the_newest_headlines_of_a_section_and_of_all() {
    let mut chat = library();
    assert_snapshot!(chat.say("/latest us-nk"), @r"
        US–North Korea relations   3 of 3, newest first
          #2  4 Nov 2026    Liaison office gets a door plate
          #3  30 Oct 2026   Envoys meet in Geneva for a second day
          #4  30 Oct 2026   U.S. letter draws a reply
        /read 2 shows an item
        ");
    assert_snapshot!(chat.say("/latest"), @r"
        Latest headlines   5 of 7, newest first
          #1  4 Nov 2026    남북관계 회복을 위한 실무 회의 열려 · inter-korean
          #2  4 Nov 2026    Liaison office gets a door plate · us-nk
          #3  30 Oct 2026   Envoys meet in Geneva for a second day · us-nk
          #4  30 Oct 2026   U.S. letter draws a reply · us-nk
          #5  30 Oct 2026   Squid counted together · japan
        /read 1 shows an item · /latest 10 shows more · /more goes on from here
        ");
    assert_eq!(chat.say("/latest all"), chat.say("/latest"));
    assert_snapshot!(chat.say("/read 1"), @r"
        남북관계 회복을 위한 실무 회의 열려
          회의는 개성 공단에서 열렸다.
        #1 · Inter-Korean relations · 4 Nov 2026 · from digests
        ");
}

#[test]
fn a_section_is_found_by_its_slug_title_heading_and_words_around() {
    let mut chat = library();
    let expected = chat.say("/latest us-nk");
    for name in [
        "US-NK",
        "us nk",
        "US–North Korea relations",
        "us - north korea relations",
        "US-NK Relations",
        "“us-nk”",
        "북미관계",
        "us-nk 5",
        "US–North Korea relations 5",
    ] {
        assert_eq!(chat.say(&format!("/latest {name}")), expected, "{name}");
    }
    assert_eq!(chat.say("/latest_us_nk"), expected);
    assert_eq!(chat.say("/LATEST us-nk"), expected);
}

#[test]
fn a_section_that_there_is_not() {
    let mut chat = library();
    assert_snapshot!(chat.say("/latest us-nl"), @"There is no section “us-nl”. Did you mean us-nk? /sections lists all 5.");
    assert_snapshot!(chat.say("/latest korea"), @"There is no section “korea”. Did you mean inter-korean or us-nk? /sections lists all 5.");
    assert_snapshot!(chat.say("/latest gardening"), @"There is no section “gardening”. /sections lists all 5.");
    assert_snapshot!(chat.say("/latest gardening 5"), @"There is no section “gardening”. /sections lists all 5.");
    assert_snapshot!(chat.say("/latest more"), @"Nothing in Other news yet.");
    assert_snapshot!(chat.say("/latest us-nk five"), @"There is no section “us-nk five”. Did you mean us-nk? /sections lists all 5.");
}

#[test]
fn counts_from_nothing_to_ten_thousand() {
    let mut chat = Chat::new();
    let lines: Vec<String> = (1..=30)
        .map(|n| format!("Envoy report {n} | It is report {n}."))
        .collect();
    let text = format!("# US-NK Relations\n{}", lines.join("\n"));
    chat.drop_file("2026-11-05.txt", page(&text)).load();
    for (asked, shown) in [("", 5), ("1", 1), ("25", 25), ("26", 25), ("10000", 25)] {
        let answer = chat.say(&format!("/latest us-nk {asked}"));
        assert_eq!(answer.matches("Envoy report").count(), shown, "{asked}");
        let note = format!("{shown} of 30, newest first");
        assert!(answer.contains(&note), "{asked}: {answer}");
    }
    let long = "9".repeat(40);
    let answer = chat.say(&format!("/latest {long}"));
    assert_eq!(answer.matches("Envoy report").count(), 25);
    assert_snapshot!(chat.say("/latest us-nk 0"), @"0 isn’t a number of headlines; it goes from 1 to 25. Try: /latest 5");
    assert_snapshot!(chat.say("/latest -3"), @"-3 isn’t a number of headlines; it goes from 1 to 25. Try: /latest 5");
}

#[test]
fn paging_stays_right_while_new_items_arrive() {
    let mut chat = library();
    assert_snapshot!(chat.say("/latest 3"), @r"
        Latest headlines   3 of 7, newest first
          #1  4 Nov 2026    남북관계 회복을 위한 실무 회의 열려 · inter-korean
          #2  4 Nov 2026    Liaison office gets a door plate · us-nk
          #3  30 Oct 2026   Envoys meet in Geneva for a second day · us-nk
        /read 1 shows an item · /latest 6 shows more · /more goes on from here
        ");
    let news = page("# Japan\nFerry line to Busan resumes | It sails twice a week.");
    chat.drop_file("2026-11-06.txt", news).load();
    assert_snapshot!(chat.more(), @r"
        Latest headlines   4–6 of 8, newest first
          #4  30 Oct 2026   U.S. letter draws a reply · us-nk
          #5  30 Oct 2026   Squid counted together · japan
          #6  30 Oct 2026   Persimmons sorted by sound · garden-shows
        /read 4 shows an item · /more goes on from here
        ");
    assert_snapshot!(chat.more(), @"
    Latest headlines   number 7 of 8, newest first
      #7  30 Oct 2026   Ferns come back · garden-shows
    /read 7 shows an item
    ");
    assert!(!chat.has_more());
}

#[test]
fn paging_within_one_day_shows_each_item_once() {
    let mut chat = Chat::new();
    let items: Vec<String> = (1..=11)
        .map(|n| format!("Item {n:02} | Text {n}."))
        .collect();
    chat.drop_file("2026-11-05.txt", page(&items.join("\n")));
    chat.load();
    for first in ["/latest 4", "/search item"] {
        let mut seen = chat.say(first);
        while chat.has_more() {
            seen.push_str(&chat.more());
        }
        for n in 1..=11 {
            assert_eq!(seen.matches(&format!("Item {n:02}")).count(), 1, "{seen}");
        }
        let order: Vec<&str> = seen.split("Item ").skip(1).map(|s| &s[..2]).collect();
        assert!(order.is_sorted(), "{seen}");
    }
}

#[test]
fn an_item_whole_with_its_paragraphs_date_and_link() {
    let mut chat = Chat::new();
    let text = "Seed vault opens\nPublished October 3, 2026\n\nIt holds 2,000 kinds.\n\n\
                More are to come. READ MORE https://example.org/seeds\n\n\nOther\n\nSecond.\n";
    chat.drop_file("2026-11-05.txt", text).load();
    assert_snapshot!(chat.say("/read 1"), @r"
        Seed vault opens
          It holds 2,000 kinds.
          More are to come.
          https://example.org/seeds
        #1 · Other news · 3 Oct 2026 · from digests
    ");
    assert_eq!(chat.say("/read #1"), chat.say("/read 1"));
    assert_eq!(chat.say("/read_1"), chat.say("/read 1"));
    for wrong in ["", "one", "-1", "0", "99", "99999999999999999999999", "1 2"] {
        let answer = chat.say(&format!("/read {wrong}"));
        assert!(
            answer.contains("/latest") || answer.contains("/read 1"),
            "{answer}"
        );
    }
    assert_snapshot!(chat.say("/read 99"), @"There is no item 99. /latest shows the newest ones.");
    assert_snapshot!(chat.say("/read one"), @"“one” isn’t an item’s number. It stands beside each headline. Try: /read 1");
}

#[test]
fn sections_with_their_counts_and_newest_dates() {
    let mut chat = library();
    assert_snapshot!(chat.say("/sections"), @r"
        5 sections   7 items
          us-nk          US–North Korea relations   3 items · 4 Nov 2026
          inter-korean   Inter-Korean relations     1 item · 4 Nov 2026
          japan          Japan                      1 item · 30 Oct 2026
          garden-shows   Garden Shows               2 items · 30 Oct 2026
          more           Other news                 empty
        /latest us-nk shows one · /subscribe us-nk daily 09:00 follows it
    ");
}

#[test]
fn searching_english() {
    let mut chat = library();
    assert_snapshot!(chat.say("/search envoys"), @r"
        Found: envoys   1 in all, newest first
          #3  30 Oct 2026   Envoys meet in Geneva for a second day · us-nk
        /read 3 shows an item
        ");
    assert_snapshot!(chat.say("/search \"second room\""), @r"
        Found: second room   1 in all, newest first
          #3  30 Oct 2026   Envoys meet in Geneva for a second day · us-nk
        /read 3 shows an item
        ");
    assert_snapshot!(chat.say("/search \"room second\""), @"Nothing found for “room second”. The newest item is from 4 Nov 2026. Fewer words, or a beginning such as summ*, may find more.");
    assert_snapshot!(chat.say("/search geneva ferr*"), @"Nothing found for “geneva ferr*”. The newest item is from 4 Nov 2026. Fewer words, or a beginning such as summ*, may find more.");
    assert_snapshot!(chat.say("/search zeppelin"), @"Nothing found for “zeppelin”. The newest item is from 4 Nov 2026. A beginning may find more: /search zepp*");
    // Case, accents and initialisms don't matter; words do.
    assert_eq!(found(&mut chat, "GENEVA"), found(&mut chat, "Genéva"));
    assert_eq!(found(&mut chat, "u.s."), found(&mut chat, "US"));
    assert_ne!(found(&mut chat, "us"), Vec::<String>::new());
    assert_eq!(found(&mut chat, "enev"), Vec::<String>::new());
}

#[test]
fn searching_korean() {
    let mut chat = library();
    assert_snapshot!(chat.say("/search 남북관계"), @r"
        Found: 남북관계   1 in all, newest first
          #1  4 Nov 2026   남북관계 회복을 위한 실무 회의 열려 · inter-korean
        /read 1 shows an item
        ");
    // Two syllables, inside of a word with its particle; one; and two that don't stand together.
    assert_eq!(
        found(&mut chat, "관계"),
        ["남북관계 회복을 위한 실무 회의 열려"]
    );
    assert_eq!(
        found(&mut chat, "회의"),
        ["남북관계 회복을 위한 실무 회의 열려"]
    );
    assert_eq!(
        found(&mut chat, "회"),
        ["남북관계 회복을 위한 실무 회의 열려"]
    );
    assert_eq!(found(&mut chat, "계회"), Vec::<String>::new());
    assert_eq!(
        found(&mut chat, "개성 공단"),
        ["남북관계 회복을 위한 실무 회의 열려"]
    );
    assert_eq!(found(&mut chat, "\"공단 개성\""), Vec::<String>::new());
}

#[test]
fn a_search_that_sqlite_would_call_a_syntax_error_is_answered() {
    let mut chat = library();
    for words in [
        "\"",
        "\"\"",
        "*",
        "AND",
        "OR NOT",
        "NEAR(",
        "a:b",
        "^geneva",
        "(geneva",
        "geneva)",
        "-geneva",
        "+geneva",
        "'",
        "';--",
        "{geneva}",
        "geneva AND",
        "words:geneva",
        "\\",
        "%",
        "\u{e000}",
        "“geneva",
        "a*b*",
        "☃",
        "\u{301}",
        "geneva\0",
    ] {
        let answer = chat.say(&format!("/search {words}"));
        assert!(!answer.contains("on our side"), "{words}: {answer}");
    }
    assert_eq!(found(&mut chat, "(geneva)").len(), 1);
    assert_snapshot!(chat.say("/search ☃"), @"There is no word in “☃” to search for. Try: /search summit");
    assert_snapshot!(chat.say("/search"), @r#"What for? Try: /search "working group" envoy"#);
    // As much as may be asked for.
    let long = "geneva ".repeat(20);
    assert_eq!(found(&mut chat, &long).len(), 1);
}

#[test]
fn source_text_is_data() {
    let mut chat = Chat::new();
    let text = "@everyone **Act** now: [click](http://evil.example) { $slug }\n\n\
                `code` *stars* \u{1b}[31mred\u{202e} <b>bold</b>.\n\n\nPlain\n\nText.\n";
    chat.drop_file("2026-11-05.txt", text).load();
    assert_snapshot!(chat.say("/read 1"), @r"
        @everyone **Act** now: [click](http://evil.example) { $slug }
          `code` *stars* [31mred <b>bold</b>.
        #1 · Other news · 5 Nov 2026 · from digests
    ");
}

#[test]
fn input_that_is_no_command() {
    let mut chat = library();
    assert_snapshot!(chat.say("hello"), @"I only understand commands, such as /latest. /help lists them.");
    assert_snapshot!(chat.say("/lates"), @"There is no command /lates. Did you mean /latest? /help lists them all.");
    assert_snapshot!(chat.say("/frobnicate now"), @"There is no command /frobnicate. /help lists those there are.");
    assert_snapshot!(chat.say("/"), @"I only understand commands, such as /latest. /help lists them.");
    assert_snapshot!(chat.say("/sections us-nk"), @"/sections takes nothing after it. Try: /sections");
    assert_snapshot!(chat.say("/help"), @r#"
        Tidings carries news digests into chat. Read with /latest and /search, follow a section with /subscribe.
          /latest [section] [count]   newest headlines of a section, or of all
          /read <number> [page]       one item whole
          /sections                   the sections there are
          /search <words>             search the archive: words, "phrases", begin*
          /subscriptions              what this channel follows, and when
          /status                     last load, next roundup, queue, anything failing
          /help [command]             what this bot does, and its commands
        To choose what comes to you:
        /subscribe · /unsubscribe · /schedule · /filter · /watch · /unwatch · /timezone · /preview · /roundup · /pause · /resume · /settings · /forget
        /help subscribe says more about one
    "#);
    assert_snapshot!(chat.say_as_reader("/help"), @r#"
        Tidings carries news digests into chat. Read with /latest and /search, follow a section with /subscribe.
          /latest [section] [count]   newest headlines of a section, or of all
          /read <number> [page]       one item whole
          /sections                   the sections there are
          /search <words>             search the archive: words, "phrases", begin*
          /subscriptions              what this channel follows, and when
          /status                     last load, next roundup, queue, anything failing
          /help [command]             what this bot does, and its commands
        "#);
    assert_snapshot!(chat.say("/help shedule"), @"There is no command /shedule. Did you mean /schedule? /help lists them all.");
    assert_snapshot!(chat.say("/help frobnicate"), @"There is no command /frobnicate. /help lists those there are.");
    assert_snapshot!(chat.say("/help schedule"), @"
      /schedule <section|all> <when>   change when roundups come
    For example: /schedule us-nk daily 18:00
    When: instant · instant 08:00-22:00 · hourly · every 2 hours · daily 09:00 · weekdays 09:00 · weekly mon,thu 18:00 · monthly 1 09:00 · cron 0 9 * * 1-5
    ");
}

#[test]
fn a_reader_changes_nothing() {
    let mut chat = library();
    assert_snapshot!(chat.say_as_reader("/subscribe us-nk"), @"Only those who administer this channel can do that.");
    let refusal = chat.say_as_reader("/subscribe us-nk");
    for command in [
        "/unsubscribe us-nk",
        "/schedule us-nk hourly",
        "/timezone Asia/Seoul",
        "/timezone",
        "/preview",
        "/roundup",
        "/pause",
        "/resume",
        "/settings",
        "/settings cap 3",
        "/forget yes",
        "/SUBSCRIBE us-nk",
        "/subscribe_us_nk",
    ] {
        assert_eq!(chat.say_as_reader(command), refusal, "{command}");
    }
    let totals = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.totals())
        .unwrap();
    assert_eq!((totals.channels, totals.subscriptions), (0, 0));
    for command in [
        "/latest",
        "/read 1",
        "/sections",
        "/search geneva",
        "/status",
    ] {
        assert_eq!(chat.say_as_reader(command), chat.say(command), "{command}");
    }
    assert_snapshot!(chat.say_as_reader("/subscriptions"), @"This channel follows nothing yet.");
}

/// The titles that a search finds.
fn found(chat: &mut Chat, words: &str) -> Vec<String> {
    let answer = chat.say(&format!("/search {words}"));
    let entries = answer.lines().filter(|line| line.starts_with("  #"));
    entries
        .filter_map(|line| line.rsplit_once(" · ")?.0.rsplit("   ").next())
        .map(str::to_owned)
        .collect()
}
