//! What people type and sources send that nobody thought of: each has a clear answer, and nothing is lost.

use insta::assert_snapshot;

use super::{Chat, library, news, page};

/// What is said of a line in English, and in Korean.
fn in_both(chat: &mut Chat, line: &str) -> String {
    let english = chat.say(line);
    chat.say("/settings locale ko");
    let korean = chat.say(line);
    chat.say("/settings locale en");
    format!("{}\n{}", english.trim_end(), korean.trim_end())
}

#[test]
fn filters_that_nobody_thought_of() {
    let mut chat = library();
    chat.say("/subscribe japan daily 18:00");
    let words: Vec<String> = (0..10_000).map(|at| format!("w{at}")).collect();
    assert_snapshot!(in_both(&mut chat, &format!("/filter japan {}", words.join(" "))), @r#"
        That is more than 4096 characters. Say it in fewer.
        4096자를 넘었습니다. 더 짧게 써 주세요.
        "#);
    let words: Vec<String> = (0..25).map(|at| format!("w{at}")).collect();
    assert_snapshot!(in_both(&mut chat, &format!("/filter japan {}", words.join(" "))), @"
        That is more than a filter holds: at most 20 words or phrases and 200 characters. Nothing was changed.
        필터로 쓰기에는 너무 깁니다. 단어나 구절은 20개, 글자는 200자까지 쓸 수 있습니다. 바뀐 것은 없습니다.
        ");
    assert_snapshot!(in_both(&mut chat, "/filter japan -"), @"
        A minus stands right before the word that isn’t wanted, without a space: in “-” one has no word after it. Try: /filter japan -squid
        빼기표는 원하지 않는 단어 바로 앞에 붙입니다. “-”에는 뒤에 단어가 없는 것이 있습니다. 예: /filter japan -오징어
        ");
    assert_snapshot!(in_both(&mut chat, "/filter japan - - -"), @"
        A minus stands right before the word that isn’t wanted, without a space: in “- - -” one has no word after it. Try: /filter japan -squid
        빼기표는 원하지 않는 단어 바로 앞에 붙입니다. “- - -”에는 뒤에 단어가 없는 것이 있습니다. 예: /filter japan -오징어
        ");
    assert_snapshot!(in_both(&mut chat, "/filter japan 🔥🔥"), @"
        There is no word in “🔥🔥” to filter by. Try: /filter japan summit
        “🔥🔥”에는 필터로 쓸 단어가 없습니다. 예: /filter japan 회담
        ");
    for command in ["subscribe", "schedule"] {
        let said = chat.say(&format!("/{command} japan 🕘"));
        assert!(said.starts_with("“🕘” isn’t a schedule."), "{said}");
    }
    assert_snapshot!(in_both(&mut chat, "/filter japan \""), @r#"
        There is no word in “"” to filter by. Try: /filter japan summit
        “"”에는 필터로 쓸 단어가 없습니다. 예: /filter japan 회담
        "#);
    assert!(chat.say("/filter japan").contains("no filter"));
    // Nothing but what isn't wanted wants all the rest.
    assert_snapshot!(in_both(&mut chat, "/filter japan -squid -ferns"), @"
        This channel now gets from Japan only what the filter wants: -ferns -squid. What it leaves out doesn’t come later either. To end it: /filter japan off
        이 채널의 Japan 소식은 이제 필터에 맞는 것만 옵니다: -ferns -squid. 걸러진 기사는 나중에도 오지 않습니다. 없애려면: /filter japan off
        ");
    // A quotation that doesn't end ends with the line.
    assert_snapshot!(in_both(&mut chat, "/filter japan \"squid count"), @r#"
        This channel now gets from Japan only what the filter wants: "squid count". What it leaves out doesn’t come later either. To end it: /filter japan off
        이 채널의 Japan 소식은 이제 필터에 맞는 것만 옵니다: "squid count". 걸러진 기사는 나중에도 오지 않습니다. 없애려면: /filter japan off
        "#);
    assert_snapshot!(in_both(&mut chat, "/filter japan a"), @"
        This channel now gets from Japan only what the filter wants: a. What it leaves out doesn’t come later either. To end it: /filter japan off
        이 채널의 Japan 소식은 이제 필터에 맞는 것만 옵니다: a. 걸러진 기사는 나중에도 오지 않습니다. 없애려면: /filter japan off
        ");
    let titles = ["Squid counted by A", "Ferns grow"];
    news(&mut chat, "2026-11-06.txt", "Japan", &titles);
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert!(
        post.contains("Squid counted by A") && !post.contains("Ferns"),
        "{post}"
    );
    assert!(chat.say("/search ferns grow").contains("Ferns grow"));
}

#[test]
fn watches_that_nobody_thought_of() {
    let mut chat = library();
    assert_snapshot!(in_both(&mut chat, "/watch -squid -ferns"), @"
        A watch has no minus: whatever holds all its words comes. To leave something out: /subscribe all, then /filter all -squid -ferns
        지켜보기에는 빼기표가 없습니다. 단어가 모두 든 것이 옵니다. 빼려면: /subscribe all, 그다음 /filter all -squid -ferns
        ");
    assert_snapshot!(in_both(&mut chat, "/watch -"), @"
        There is no word in “-” to watch for. Try: /watch summit
        “-”에는 지켜볼 단어가 없습니다. 예: /watch 회담
        ");
    assert_snapshot!(in_both(&mut chat, "/watch \""), @r#"
        There is no word in “"” to watch for. Try: /watch summit
        “"”에는 지켜볼 단어가 없습니다. 예: /watch 회담
        "#);
    assert_snapshot!(in_both(&mut chat, "/watch 🔥"), @"
        There is no word in “🔥” to watch for. Try: /watch summit
        “🔥”에는 지켜볼 단어가 없습니다. 예: /watch 회담
        ");
    assert_snapshot!(in_both(&mut chat, "/watch *"), @"
        There is no word in “*” to watch for. Try: /watch summit
        “*”에는 지켜볼 단어가 없습니다. 예: /watch 회담
        ");
    assert_snapshot!(in_both(&mut chat, "/watch all"), @"
        A watch looks for words. For everything: /subscribe all, and /filter all chooses what of it comes.
        지켜보기에는 단어가 필요합니다. 모두 받으려면: /subscribe all, 그중에서 고르려면 /filter all
        ");
    assert_snapshot!(in_both(&mut chat, &format!("/watch {}", "word ".repeat(30))), @"
        That is more than can be searched for at once: at most 20 words and 200 characters.
        한 번에 찾기에는 너무 깁니다. 단어는 20개, 글자는 200자까지 쓸 수 있습니다.
        ");
    let titles: Vec<String> = (0..240)
        .map(|at| format!("The squid of day {at}"))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    news(&mut chat, "2026-11-05.txt", "Japan", &titles);
    // What everything holds, words that say nothing, and the beginning of most of them.
    assert_snapshot!(in_both(&mut chat, "/watch squid"), @"
    241 of the newest 247 headlines hold “squid”: that is too much for a watch. Try: /subscribe all, then /filter all squid
    최신 기사 247건 가운데 241건에 “squid” 검색어가 들어 있어 지켜보기에는 너무 많습니다. 이렇게 해 보세요: /subscribe all, 그다음 /filter all squid
    ");
    assert_snapshot!(in_both(&mut chat, "/watch the of"), @"
    240 of the newest 247 headlines hold “of the”: that is too much for a watch. Try: /subscribe all, then /filter all of
    최신 기사 247건 가운데 240건에 “of the” 검색어가 들어 있어 지켜보기에는 너무 많습니다. 이렇게 해 보세요: /subscribe all, 그다음 /filter all of
    ");
    assert_snapshot!(in_both(&mut chat, "/watch s*"), @"
    244 of the newest 247 headlines hold “s*”: that is too much for a watch. Try: /subscribe all, then /filter all s*
    최신 기사 247건 가운데 244건에 “s*” 검색어가 들어 있어 지켜보기에는 너무 많습니다. 이렇게 해 보세요: /subscribe all, 그다음 /filter all s*
    ");
    assert!(chat.say("/subscriptions").contains("follows nothing"));
    // A single letter that hardly anybody writes alone is a word like another.
    assert_snapshot!(in_both(&mut chat, "/watch x"), @"
        This channel now watches for “x”, instant: each new headline that holds it, from any section, as soon as it is loaded.
        /unwatch x ends it · /subscriptions lists all
        이미 지켜보고 있습니다: “x”, instant. 일정을 바꾸려면: /watch x daily 18:00
        ");
    // What folds alike is one watch.
    chat.say("/watch Café");
    assert_snapshot!(in_both(&mut chat, "/watch CAFE\u{301}"), @"
        This channel watches for “cafe” already, instant. To change the time: /watch cafe daily 18:00
        이미 지켜보고 있습니다: “cafe”, instant. 일정을 바꾸려면: /watch cafe daily 18:00
        ");
    for at in 2..20 {
        assert!(
            chat.say(&format!("/watch crab{at}"))
                .contains("now watches")
        );
    }
    assert_snapshot!(in_both(&mut chat, "/watch crab20"), @"
        There are 20 watches in this channel already, and no more fit. /unwatch ends one; /subscriptions lists them.
        이 채널에서는 이미 20개를 지켜보고 있어 더 늘릴 수 없습니다. 하나를 끝내려면 /unwatch, 모두 보려면 /subscriptions
        ");
    news(&mut chat, "2026-11-06.txt", "Japan", &["A café for x"]);
    assert_snapshot!(chat.posted(), @r#"
        Japan
          #248  A café for x (watch: cafe, x)
        "#);
}

/// A bot whose sources are folders, and so many of them.
fn agencies(count: usize) -> Chat {
    let more: String = (0..count)
        .map(|at| {
            format!(
                "\n[[source]]\nname = \"agency{at}\"\nkind = \"folder\"\npath = \"agency{at}\"\n"
            )
        })
        .collect();
    let mut chat = Chat::with(&format!("{}{more}", crate::harness::CONFIG));
    for at in 0..count {
        let old = page(&format!("Old words of {at} | They were said long ago."));
        chat.drop_into(&format!("agency{at}"), "2026-10-01.txt", old);
    }
    chat.load();
    chat
}

#[test]
fn a_story_that_is_told_five_hundred_times_in_an_hour_comes_once() {
    const AGENCIES: usize = 5;
    let mut chat = agencies(AGENCIES);
    chat.say("/subscribe all instant");
    // Each in words of its own, without another figure or name.
    let manners = [
        "quick", "tired", "local", "worried", "silent", "young", "kind", "brave", "old", "busy",
    ];
    let people = [
        "miners",
        "neighbours",
        "doctors",
        "drivers",
        "teachers",
        "students",
        "cooks",
        "farmers",
        "clerks",
        "sailors",
    ];
    let told = |agency: usize, at: usize| {
        let place = ["in Ister", "of Ister", "at Ister", "near Ister", "by Ister"][agency];
        let (manner, who) = (manners[at / 10], people[at % 10]);
        format!(
            "Mine collapse {place} kills 11 workers | Rescuers search for two more, say {manner} {who}."
        )
    };
    let all_of = |agency: usize| -> String {
        let lines: Vec<String> = (0..100).map(|at| told(agency, at)).collect();
        page(&lines.join("\n"))
    };
    for agency in 0..AGENCIES {
        chat.drop_into(&format!("agency{agency}"), "2026-11-06.txt", all_of(agency));
    }
    let loaded = chat.load();
    assert!(loaded.contains("agency4: 100 new"), "{loaded}");
    let posted = chat.posted();
    assert_eq!(posted.matches("Mine collapse").count(), 1, "{posted}");
    assert_snapshot!(posted, @"
    Other news
      #6  Mine collapse in Ister kills 11 workers · also: agency1, agency2, agency3, +1
    ");
    // All of it is there, and nothing of it comes later.
    chat.wait(jiff::SignedDuration::from_hours(1));
    assert_eq!(chat.posted(), "");
    let mine = chat.ground.count("items WHERE title LIKE 'Mine collapse%'");
    assert_eq!(mine, 500);
}

#[test]
fn titles_of_one_word_and_of_five_thousand_letters() {
    let mut chat = agencies(2);
    chat.say("/subscribe all instant");
    // One word is anybody's, and nobody's story.
    for agency in 0..2 {
        let text = page("Weather | It is said of today.\nSport | It is said of it.");
        chat.drop_into(&format!("agency{agency}"), "2026-11-06.txt", text);
    }
    let loaded = chat.load();
    assert!(
        loaded.contains("agency0: 2 new") && loaded.contains("agency1: 2 new"),
        "{loaded}"
    );
    let posted = chat.posted();
    assert_eq!(posted.matches("Weather").count(), 2, "{posted}");
    // A long one comes, cut to what can be read, and is whole where somebody asks for it.
    let long = format!("Squid {}counted", "and boats ".repeat(500));
    assert!(long.len() > 5_000);
    let text = page(&format!("{long} | All of them."));
    chat.drop_into("agency0", "2026-11-07.txt", text);
    assert!(chat.load().contains("agency0: 1 new"));
    let posted = chat.posted();
    assert!(posted.contains("Squid and boats"), "{posted}");
    // Of words that come again and again the search knows the first few hundred places.
    let read = chat.say("/search \"squid and boats\" counted");
    assert!(read.contains("Squid and boats"), "{read}");
    let number = read.split('#').nth(1).unwrap();
    let number = number.split_whitespace().next().unwrap();
    let mut whole = chat.say(&format!("/read {number}"));
    for at in 2..10 {
        whole.push_str(&chat.say(&format!("/read {number} {at}")));
    }
    assert!(whole.contains("counted"), "{whole}");
}
