//! Roundups that are long or odd: split where it hurts least, shown as they are.

use insta::assert_snapshot;

use super::harness::Stage;
use super::roundups::{follower, roundup, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_long_roundup_is_split_between_headlines() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries", "cap 100"]).await;
    let mut news = String::new();
    for (heading, slug) in [
        ("US-NK Relations", "a"),
        ("Between the Koreas", "b"),
        ("Japan", "c"),
    ] {
        news.push_str(&format!("# {heading}\n"));
        for n in 100..130 {
            let words = format!("{} ", "word".repeat(1 + n % 7)).repeat(40);
            news.push_str(&format!(
                "Headline {slug}{n} of many | Summary {slug}{n}. {words}end.\n"
            ));
        }
    }
    let roundup = roundup(&stage, &ana, &news).await;
    let whole: Vec<&str> = roundup
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    let whole = whole.join("\n");
    for slug in ["a", "b", "c"] {
        for n in 100..130 {
            for part in [
                format!("Headline {slug}{n} of"),
                format!("Summary {slug}{n}."),
            ] {
                assert_eq!(whole.matches(&part).count(), 1, "{part}");
            }
        }
    }
    assert!(roundup.len() <= 5, "{} messages", roundup.len());
    for message in &roundup {
        let first = message.text.lines().next().unwrap_or_default();
        let headed = ["Roundup", "Japan", "US–North Korea", "Inter-Korean"];
        assert!(
            headed.iter().any(|heading| first.starts_with(heading)),
            "{first}"
        );
        // A headline isn't parted from its summary.
        let last = message.text.lines().last().unwrap_or_default();
        assert!(
            last.ends_with("end.") || last.ends_with('…') || last.contains("headlines"),
            "{last}"
        );
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_of_ten_thousand_letters_arrives_whole() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries"]).await;
    let sentences: Vec<String> = (100..300)
        .map(|n| format!("Sentence {n} says that nothing is known of the matter."))
        .collect();
    let news = format!(
        "# Japan\nThe whole story | {}\nA short one | Short.",
        sentences.join(" ")
    );
    let roundup = roundup(&stage, &ana, &news).await;
    let whole: Vec<&str> = roundup
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    let whole = whole.join(" ").replace('\n', " ");
    assert!(whole.contains("A short one"));
    let mut at = 0;
    for sentence in &sentences {
        let found = whole[at..].find(sentence.as_str());
        at += found.unwrap_or_else(|| panic!("{sentence} is lost, cut or out of order"));
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_summary_begins_in_the_message_of_its_headline() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries"]).await;
    let long = "Nothing is known of the matter. ".repeat(300);
    let news = format!("# Japan\nThe whole story | {long}\nA short one | Short.");
    let roundup = roundup(&stage, &ana, &news).await;
    for message in &roundup {
        let quote = message.entities.iter();
        let quote = quote.filter(|entity| entity.kind == "expandable_blockquote");
        assert!(quote.count() > 0, "{}", message.text);
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emoji_are_counted_as_telegram_does_and_never_cut() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries"]).await;
    let family = "👨‍👩‍👧‍👦";
    let news = format!(
        "# Japan\nFamilies everywhere {family} | Many: {}\nFlags 🇰🇷🇺🇸 | Many: {}",
        family.repeat(1_000),
        "🇰🇷".repeat(1_500),
    );
    let roundup = roundup(&stage, &ana, &news).await;
    let whole: String = roundup
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    assert_eq!(whole.matches(family).count(), 1_001);
    assert_eq!(whole.matches("🇰🇷").count(), 1_501);
    for message in &roundup {
        for line in message.text.lines() {
            assert!(!line.starts_with('\u{200D}') && !line.ends_with('\u{200D}'));
        }
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_titles_are_shown_as_they_are_and_ping_nobody() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries"]).await;
    let titles = [
        "Tom & Jerry say \"it's\" 3 < 4 > 2",
        "<b>Bold</b> <script>alert(1)</script> &amp; &lt;i&gt;",
        "Ask @channel and @durov, not me@example.org",
        "See https://evil.example/x and www.evil.example now",
        "Use /start or /forget_yes and t.me/joinchat/abc",
        "_Under_ *star* `code` [text](https://evil.example) ~~gone~~",
        "Right \u{202E}to left",
    ];
    let news: Vec<String> = titles
        .iter()
        .map(|title| format!("{title} | Of {title}."))
        .collect();
    let roundup = roundup(&stage, &ana, &format!("# Japan\n{}", news.join("\n"))).await;
    let text = roundup[0].text.replace('\u{2060}', "");
    for title in &titles[..6] {
        assert_eq!(text.matches(title).count(), 2, "{title}: {text}");
    }
    let pieces: Vec<(String, String)> = roundup[0]
        .detected
        .iter()
        .map(|entity| {
            let units: Vec<u16> = roundup[0].text.encode_utf16().collect();
            let piece = &units[entity.offset..entity.offset + entity.length];
            (entity.kind.clone(), String::from_utf16_lossy(piece))
        })
        .collect();
    assert!(
        pieces.iter().all(|(kind, _)| kind != "mention"),
        "{pieces:?}"
    );
    for (kind, piece) in &pieces {
        if kind == "bot_command" {
            assert!(piece.starts_with("/read_") || piece == "/latest", "{piece}");
        }
    }
    assert!(
        roundup[0]
            .entities
            .iter()
            .all(|entity| entity.kind != "text_link")
    );
    assert_snapshot!(shown(&ana.chat(), "**Roundup"), @r#"
    **Roundup · Saturday 7 November**

    **Japan**
    • **Tom & Jerry say "it's" 3 < 4 > 2**  /read_6
    >> Of Tom & Jerry say "it's" 3 < 4 > 2.
    • **<b>Bold</b> <script>alert(1)</script> &amp; &lt;i&gt;**  /read_7
    >> Of <b>Bold</b> <script>alert(1)</script> &amp; &lt;i&gt;.
    • **Ask @¦channel and @¦durov, not me@¦example.¦org**  /read_8
    >> Of Ask @¦channel and @¦durov, not me@¦example.org.
    • **See https:¦//evil.example/x and www.evil.example now**  /read_9
    >> Of See https://evil.example/x and www.evil.example now.
    • **Use /¦start or /¦forget_yes and t.¦me/joinchat/abc**  /read_10
    >> Of Use /¦start or /¦forget_yes and t.me/joinchat/abc.
    • **_Under_ *star* `code` [text](https:¦//evil.example) ~~gone~~**  /read_11
    >> Of _Under_ *star* `code` [text](https://evil.example) ~~gone~~.
    • **Right to left**  /read_12
    >> Of Right to left.

    7 headlines · next: Sun 8 Nov 09:00 UTC
    [ Search ]
    "#);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_summary_is_cut_between_paragraphs_then_sentences_and_never_in_a_word() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries"]).await;
    let paragraph = |name: &str, sentences: usize| {
        let sentences: Vec<String> = (1..=sentences)
            .map(|n| format!("{name} {n} says that nothing whatsoever is known of it."))
            .collect();
        sentences.join(" ")
    };
    let story = [("Alpha", 30), ("Beta", 45), ("Gamma", 110), ("Delta", 20)];
    let paragraphs: Vec<String> = story.iter().map(|(name, n)| paragraph(name, *n)).collect();
    let news = format!(
        "# Japan\nThe whole story | {}\nA short one | Short.",
        paragraphs.join(" | ")
    );
    let roundup = roundup(&stage, &ana, &news).await;
    for message in &roundup {
        let body: Vec<&str> = message
            .text
            .lines()
            .filter(|line| line.contains("says"))
            .collect();
        for line in &body {
            let first = line.split(' ').next().unwrap_or_default();
            assert!(story.iter().any(|(name, _)| *name == first), "{line}");
            assert!(line.ends_with("is known of it."), "{line}");
        }
        // The message ends where a paragraph does, but for the one that is longer than a message.
        if let Some(last) = body.last()
            && !last.contains("Gamma")
        {
            let whole = story
                .iter()
                .any(|(name, n)| last.contains(&format!("{name} {n} says")));
            assert!(whole, "{last}");
        }
    }
    let text: Vec<&str> = roundup
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    let text = text.join("\n");
    for (name, n) in story {
        for n in 1..=n {
            assert_eq!(text.matches(&format!("{name} {n} says")).count(), 1);
        }
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_heading_never_ends_a_message() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries"]).await;
    let filler = "Nothing is known of the matter. ".repeat(118);
    let giant = "A".repeat(3_800);
    let long = "Hardly anything else is known of it. ".repeat(200);
    let news = format!(
        "# US-NK Relations\nTalks go on | {filler}\n# Japan\n{giant} | {long}\nA short one | Short."
    );
    // It is looked at in there.
    roundup(&stage, &ana, &news).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_addresses_make_more_messages_and_cost_no_headline() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &[]).await;
    for (length, at) in [
        (380, 'a'),
        (900, 'b'),
        (1_950, 'c'),
        (6_000, 'd'),
        (20_000, 'e'),
    ] {
        let mut news = "# Japan\n".to_owned();
        for n in 10..35 {
            let address = format!("https://example.com/{at}{n}?{}", "x".repeat(length));
            news.push_str(&format!("Squid {at}{n} counted | Text. | {address}\n"));
        }
        stage.news(&format!("2026-11-06-{at}.txt"), &news);
        stage.at(&format!(
            "2026-11-{:02}T09:00[UTC]",
            7 + u32::from(at) - u32::from('a')
        ));
        let whole = || {
            let texts = ana.chat().texts().join("\n");
            (10..35)
                .all(|n| texts.contains(&format!("Squid {at}{n} counted")))
                .then_some(())
        };
        super::clockwork::run_until(&stage, "every headline", whole).await;
    }
    super::clockwork::all_delivered(&stage).await;
    assert_eq!(stage.queue(), (0, 0));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_item_is_read_in_pages_of_three_messages() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let sentences: Vec<String> = (1_000..1_600)
        .map(|n| format!("Sentence {n} says that nothing is known of the matter."))
        .collect();
    stage.news(
        "2026-11-06.txt",
        &format!("# Japan\nThe whole story | {}", sentences.join(" ")),
    );
    let number = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.greatest_item_id())
        .unwrap();
    let mut whole = String::new();
    let mut next = format!("/read {number}");
    let mut pages = 0;
    loop {
        let before = ana.chat().sent();
        ana.says(&next);
        ana.says("/timezone");
        let is_over = || {
            let texts = ana.chat().texts();
            texts[before..]
                .iter()
                .any(|text| text.contains("UTC"))
                .then(|| texts[before..].to_vec())
        };
        let mut page = super::clockwork::seen("a page", is_over).await;
        page.pop();
        pages += 1;
        assert!(page.len() <= 3, "{} messages", page.len());
        whole.push_str(&page.join("\n"));
        let last = page.last().unwrap().lines().last().unwrap().to_owned();
        // Tapped as it stands.
        match last.split_once("/read_") {
            Some((_, rest)) => next = format!("/read_{}", rest.trim_end_matches(" goes on")),
            None => break,
        }
    }
    assert!((3..=6).contains(&pages), "{pages}");
    for sentence in &sentences {
        assert_eq!(whole.matches(sentence.as_str()).count(), 1, "{sentence}");
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_at_the_limit_leave_room_for_what_telegram_finds_by_itself() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries"]).await;
    let found = "#sea @squid squid@example.org www.example.org https://example.org/1 ".repeat(4);
    let mut news = "# Japan\n".to_owned();
    for n in 10..35 {
        let start = format!("https://example.com/{n}?");
        // At the longest address that is a link, one more, marks that are escaped, and another script.
        let rest = match n % 4 {
            0 => "x".repeat(2_000 - start.len()),
            1 => "x".repeat(2_001 - start.len()),
            2 => "a=1&".repeat(100),
            _ => "뉴스".repeat(80),
        };
        news.push_str(&format!("Squid {n} counted | {found}. | {start}{rest}\n"));
    }
    let roundup = roundup(&stage, &ana, &news).await;
    assert!(roundup.len() <= 5, "{} messages", roundup.len());
    let mut linked = 0;
    for message in &roundup {
        let addresses = message
            .entities
            .iter()
            .filter_map(|entity| entity.url.as_deref());
        let asked: usize = addresses.map(|url| url.len() + 8).sum();
        linked += message
            .entities
            .iter()
            .filter(|entity| entity.url.is_some())
            .count();
        // Of those that it finds by itself, Telegram keeps no more than a hundred in all.
        let weight = asked + 12 * (message.entities.len() + message.detected.len()).max(100);
        assert!(weight <= 9_500, "{weight}");
    }
    let text: String = roundup
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    for n in 10..35 {
        assert!(text.contains(&format!("Squid {n} counted")), "{n}");
    }
    assert_eq!(linked, (10..35).filter(|n| n % 4 != 1).count());
    // An answer is bounded as well, and says how to go on.
    let before = ana.chat().sent();
    ana.says("/latest japan 25");
    ana.says("/timezone");
    let over = || {
        let texts = ana.chat().texts();
        let is_over = texts[before..]
            .iter()
            .any(|text| text.contains("time zone of"));
        is_over.then(|| texts[before..].to_vec())
    };
    let mut answer = super::clockwork::seen("the answer", over).await;
    answer.retain(|text| !text.contains("time zone of"));
    assert!(answer.len() <= 3, "{} messages", answer.len());
    stage.over().await;
}
