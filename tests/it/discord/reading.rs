//! The menu under a roundup from which a headline is chosen to be read, and roundups without buttons.

use insta::assert_snapshot;
use tidings_core::ids::ItemId;

use super::harness::Stage;
use crate::fakes::discord::Message;

/// A channel with a roundup under which a menu hangs; with settings, if there are any.
async fn posted(stage: &Stage, settings: &[(&str, &str)]) -> (u64, Message) {
    let discord = &stage.server;
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:us-nk when:instant")
        .await;
    for (name, value) in settings {
        ana.asks(news, &format!("/settings name:{name} value:{value}"))
            .await;
    }
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations
         Envoy to visit | She will stay for two days. | Nobody knows why. | READ MORE https://example.org/envoy
         Talks go on | They do.",
    );
    discord.wait_for_messages(news, 1).await;
    (news, discord.messages(news).remove(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_chooses_a_headline_and_shares_it() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (news, roundup) = posted(&stage, &[]).await;
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @"
    ┃ [US–North Korea relations]
    ┃ • **[Envoy to visit](https://example.org/envoy)**
    ┃ • **Talks go on**
    ┃ -# /read 7
    ┃ (2 headlines)
    ⟨Read…: Envoy to visit | Talks go on⟩
    [Read summaries] [Search]
    ");
    let ben = discord.reader("Ben");
    let chosen = ben.chooses(news, &roundup, "Envoy to visit");
    assert_snapshot!(chosen.answer().await, @r"
    (only you can see this)
    │ [Envoy to visit]
    │ She will stay for two days.
    │
    │ Nobody knows why.
    │
    │ <https://example.org/envoy>
    │
    │ -# \#6 · US–North Korea relations · 6 Nov 2026 · from digests
    [Share]
    ");
    assert!(!chosen.is_in_place());
    let own = chosen.message().await;
    ben.presses(news, &own, "Share").answer().await;
    let shared = discord.wait_for_messages(news, 2).await;
    assert_snapshot!(shared.rsplit("———\n").next().unwrap(), @r"
    │ [Envoy to visit]
    │ She will stay for two days.
    │
    │ Nobody knows why.
    │
    │ <https://example.org/envoy>
    │
    │ -# \#6 · US–North Korea relations · 6 Nov 2026 · from digests
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_are_read_from_after_a_restart_in_the_readers_language() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let (news, roundup) = posted(&stage, &[("style", "cards"), ("locale", "ko")]).await;
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @"
    ▌ ### US–North Korea relations
    ▌ **Envoy to visit**
    ▌ -# She will stay for two days.
    ▌ -# /read 6
    ▌   [열기 ↗ https://example.org/envoy]
    ▌ • **Talks go on**
    ▌ -# They do.
    ▌ -# /read 7
    ▌ -# 기사 2건
    ⟨읽기…: Envoy to visit | Talks go on⟩
    [검색]
    ");
    stage.restart().await;
    let cho = discord.reader("Cho").speaking("ko");
    let chosen = cho.chooses(news, &roundup, "Talks go on");
    assert_snapshot!(chosen.answer().await, @r"
    (only you can see this)
    │ [Talks go on]
    │ They do.
    │
    │ -# \#7 · US–North Korea relations · 2026년 11월 6일 · 출처 digests
    [공유]
    ");
    let form = cho.presses(news, &roundup, "검색").form().await;
    let found = cho.fills_in(news, &form, "brass").answer().await;
    assert!(found.contains("door plate"), "{found}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_was_removed_is_named_politely() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (news, roundup) = posted(&stage, &[("style", "cards")]).await;
    let removed = stage
        .app()
        .store()
        .blocking()
        .write(|db| db.withdraw_item(ItemId::new(7)))
        .unwrap();
    assert_eq!(removed.as_deref(), Some("Talks go on"));
    let chosen = discord.reader("Ben").chooses(news, &roundup, "Talks go on");
    assert_snapshot!(chosen.answer().await, @"
    (only you can see this)
    Item 7 is no longer in the archive. /latest shows the newest ones.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_holds_25_headlines_of_a_hundred_letters() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    ana.asks(news, "/settings name:cap value:40").await;
    let long = "긴 제목 ".repeat(40);
    let items: String = (0..30).map(|n| format!("{n} {long}\n")).collect();
    stage.news("2026-11-06.txt", &format!("# Japan\n{items}"));
    discord.wait_for_messages(news, 1).await;
    let roundup = discord.messages(news).remove(0);
    let menu = &roundup.body["components"][0]["components"][0];
    let options = menu["options"].as_array().unwrap();
    assert_eq!(options.len(), 25);
    let label = options[0]["label"].as_str().unwrap();
    assert!(
        label.chars().count() == 100 && label.ends_with('…'),
        "{label}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_is_none_makes_no_fuss() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (news, mut roundup) = posted(&stage, &[]).await;
    roundup.body["components"][0]["components"][0]["options"][0]["value"] = "six".into();
    let chosen = discord
        .reader("Ben")
        .chooses(news, &roundup, "Envoy to visit");
    assert_snapshot!(chosen.answer().await, @"
    (only you can see this)
    This button is out of date; /latest makes new ones.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_hangs_under_roundups_without_buttons() {
    for style in ["headlines", "cards"] {
        let stage = Stage::new().await;
        let settings = [("style", style), ("buttons", "off")];
        let (_, roundup) = posted(&stage, &settings).await;
        let text = roundup.body.to_string();
        assert!(text.contains("[Envoy to visit](https://example.org/envoy)"));
        for kind in [
            "\"type\":1,",
            "\"type\":1}",
            "\"type\":2,",
            "\"type\":2}",
            "\"type\":3",
        ] {
            assert!(!text.contains(kind), "{style}: {text}");
        }
        stage.over().await;
    }
}
