//! Commands as people type them, and what isn't meant for the bot.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::fakes::telegram::{BOT, Speech};

#[tokio::test(flavor = "multi_thread")]
async fn a_command_works_in_every_spelling() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let expected = ana.asks("/latest us-nk").await.text;
    assert!(
        expected.starts_with("US–North Korea relations · 3 of 3"),
        "{expected}"
    );
    for spelling in [
        "/LATEST us-nk",
        "/Latest US-NK",
        "/latest@TidingsTestBot us-nk",
        "/latest@tidingstestbot us-nk",
        "@TidingsTestBot /latest us-nk",
        "/latest us_nk",
        "/latest \"us-nk\"",
        "/latest “us-nk”",
        "/latest US–North Korea relations",
        "/latest 'us-north korea relations'",
        "/latest   us-nk  ",
        "/latest\nus-nk",
        "/latest_us_nk",
        "/latest_us_nk@TidingsTestBot",
        "/LATEST_US_NK 5",
        "/latest 북미관계",
    ] {
        assert_eq!(ana.asks(spelling).await.text, expected, "{spelling}");
    }
    let item = ana.asks("/read 1").await.text;
    for spelling in ["/read_1", "/READ_1", "/read_1@TidingsTestBot", "/read #1"] {
        assert_eq!(ana.asks(spelling).await.text, item, "{spelling}");
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_private_chat_a_commands_name_is_the_command() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let expected = ana.asks("/latest us-nk").await.text;
    for spelling in [
        "latest us-nk",
        "Latest us-nk",
        " latest\nUS-NK",
        "@TidingsTestBot latest us-nk",
    ] {
        assert_eq!(ana.asks(spelling).await.text, expected, "{spelling}");
    }
    let answer = ana.asks("Subscribe us-nk instant 8-22").await.text;
    assert!(answer.contains("instant 08:00-22:00"), "{answer}");
    for talk in [
        "latests us-nk",
        "the latest us-nk",
        "latest: us-nk",
        "read_1",
    ] {
        let answer = ana.asks(talk).await.text;
        assert!(answer.contains("/help"), "{talk}: {answer}");
    }
    // In a group people talk to each other.
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_bot();
    group.says(&ana, "latest us-nk");
    group.says(&ana, "help");
    group.asks(&ana, "/sections").await;
    assert_eq!(group.sent(), 1, "{}", group.transcript());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_for_another_bot_is_ignored() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_bot();
    group.says(&ana, "/latest@OtherBot us-nk");
    group.says(&ana, "/start@OtherBot");
    group.says(&ana, "@OtherBot /latest us-nk");
    let asked = group.says(&ana, "/latest us-nk");
    group.wait_for_messages(1).await;
    ana.says("/latest@OtherBot us-nk");
    ana.asks("/latest us-nk").await;
    assert_eq!(group.sent(), 1);
    assert_eq!(group.messages()[0].reply_to, Some(asked));
    assert_eq!(ana.chat().sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_hears_nothing_unless_the_bot_is_meant() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_member(&ben)
        .with_bot();
    group.says(&ana, "Good morning");
    group.says(&ben, "What is /latest good for?");
    group.says(&ben, "latest us-nk");
    group.says(&ben, "/weather Seoul");
    group.says(&ben, "/");
    group.says(&ben, "//latest");
    group.speak(Speech::by(&ben).sticker());
    group.speak(Speech::by(&ben).photo().text("/latest us-nk"));
    group.says(&ben, "/weather@TidingsTestBot Seoul");
    group.says(&ben, "@TidingsTestBot hello?");
    group.says(&ben, "/sections");
    group.wait_for_messages(3).await;
    assert_snapshot!(group.transcript(), @r"
        ── Ana
        Good morning
        ── Ben
        What is /latest good for?
        ── Ben
        latest us-nk
        ── Ben
        /weather Seoul
        ── Ben
        /
        ── Ben
        //latest
        ── Ben
        (sticker)
        ── Ben
        (photo)
        /latest us-nk
        ── Ben
        /weather@TidingsTestBot Seoul
        ── Ben
        @TidingsTestBot hello?
        ── Ben
        /sections
        ── Tidings (reply to “/weather@TidingsTestBot Seoul”)
        There is no command /weather. /help lists those there are.
        ── Tidings (reply to “@TidingsTestBot hello?”)
        I only understand commands, such as /latest. /help lists them.
        ── Tidings (reply to “/sections”)
        **4 sections** · 5 items

        **us-nk** — US–North Korea relations · 3 items · 4 Nov 2026
        **inter-korean** — Inter-Korean relations · 1 item · 4 Nov 2026
        **japan** — Japan · 1 item · 30 Oct 2026
        **more** — Other news · empty

        /latest us-nk shows one · /subscribe us-nk daily 09:00 follows it
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_in_private_gets_one_line_that_names_help() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("What's new?").await;
    ana.chat().speak(Speech::by(&ana).sticker());
    ana.chat().wait_for_messages(2).await;
    ana.chat()
        .speak(Speech::by(&ana).photo().text("Look at this"));
    ana.chat().wait_for_messages(3).await;
    for nonsense in ["/latst us-nk", "/weather", "/", "@TidingsTestBot"] {
        ana.asks(nonsense).await;
    }
    let texts = ana.chat().texts();
    assert_eq!(texts.len(), 7);
    for text in &texts {
        assert!(text.contains("/help") && !text.contains('\n'), "{texts:#?}");
    }
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    What's new?
    ── Tidings
    I only understand commands, such as /latest. /help lists them.
    ── Ana
    (sticker)
    ── Tidings
    I only understand commands, such as /latest. /help lists them.
    ── Ana
    (photo)
    Look at this
    ── Tidings
    I only understand commands, such as /latest. /help lists them.
    ── Ana
    /latst us-nk
    ── Tidings
    There is no command /latst. Did you mean /latest? /help lists them all.
    ── Ana
    /weather
    ── Tidings
    There is no command /weather. /help lists those there are.
    ── Ana
    /
    ── Tidings
    I only understand commands, such as /latest. /help lists them.
    ── Ana
    @TidingsTestBot
    ── Tidings
    I only understand commands, such as /latest. /help lists them.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_gets_a_clear_answer() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/latest us-nkk").await;
    ana.asks("/latest us-nk 0").await;
    ana.asks("/read door").await;
    ana.asks("/read 4711").await;
    ana.asks("/subscribe us-nk daily 25:00").await;
    ana.asks("/subscribe").await;
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /latest us-nkk
    ── Tidings
    There is no section “us-nkk”. Did you mean **us-nk**? /sections lists all 4.
    ── Ana
    /latest us-nk 0
    ── Tidings
    0 isn’t a number of headlines; it goes from 1 to 25. Try: /latest 5
    ── Ana
    /read door
    ── Tidings
    “door” isn’t an item’s number. It stands beside each headline. Try: /read 1
    ── Ana
    /read 4711
    ── Tidings
    There is no item 4711. /latest shows the newest ones.
    ── Ana
    /subscribe us-nk daily 25:00
    ── Tidings
    25:00 isn’t a time of day. Try: /subscribe us-nk daily 09:00
    ── Ana
    /subscribe
    ── Tidings
    Which section? There are us-nk, inter-korean, japan, more (Other news); all means every one. Try: /subscribe us-nk daily 09:00
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_an_unknown_kind_holds_nobody_up() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let someone = serde_json::json!({ "id": BOT, "surprise": [1, 2, 3] });
    stage.server.push_raw("message", someone.clone());
    stage.server.push_raw("brand_new_kind", someone);
    ana.asks("/latest").await;
    stage.server.wait_until_confirmed().await;
    assert_eq!(ana.chat().sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_names_very_many_sections_arrives() {
    let stage = Stage::new().await;
    let news: Vec<String> = (100..280)
        .map(|n| format!("# Heading number {n} of them all\nTitle {n} | It says so."))
        .collect();
    stage.news("weekly-november-6-2026.txt", &news.join("\n"));
    let ana = stage.server.person("Ana").known();
    let answer = ana.asks("/subscribe").await.text;
    assert!(answer.contains(" and 174 more "), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_with_formatting_that_nobody_knows_yet_is_answered() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let odd = serde_json::json!([{ "type": "of_next_year", "offset": 0, "length": 5, "what": {} }]);
    let speech = Speech::by(&ana).text("/read 1").field("entities", odd);
    ana.chat().speak(speech);
    let answer = ana.chat().wait_for_messages(1).await.remove(0).text;
    assert!(answer.contains("Kaesong gate"), "{answer}");
    stage.over().await;
}
