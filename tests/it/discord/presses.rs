//! Buttons, menus and the form for a search.

use insta::assert_snapshot;

use super::harness::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn pages_turn_in_place_and_after_a_restart() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben");
    let first = ben.gives(news, "/latest count:2").message().await;
    let older = ben.presses(news, &first, "Older ▸");
    assert_snapshot!(older.answer().await, @"
    (only you can see this)
    │ [Latest headlines]
    │ • **Envoys meet in Geneva for a second day**
    │ -# 30 Oct 2026 · us-nk · /read 3
    │ • **U.S. letter draws a reply**
    │ -# 30 Oct 2026 · us-nk · /read 4
    │ (3–4 of 5, newest first)
    ⟨Choose a section: US–North Korea relations | Inter-Korean relations | Japan⟩
    [◂ Newer] [Older ▸] [Share]
    ");
    assert!(older.is_in_place());
    stage.restart().await;
    let second = older.message().await;
    let newer = ben.presses(news, &second, "◂ Newer");
    assert!(newer.answer().await.contains("2 of 5, newest first"));
    assert!(newer.is_in_place());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn summaries_that_take_more_than_a_message_are_read_page_by_page() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    ana.asks(news, "/subscribe section:us-nk when:instant")
        .await;
    let summary = "The envoys agreed to meet a third time before winter. ".repeat(60);
    let item = |n| format!("Envoys meet for day {n} | {summary}\n");
    let items: String = (1..=3).map(item).collect();
    stage.news("2026-11-06.txt", &format!("# US-NK Relations\n{items}"));
    discord.wait_for_messages(news, 1).await;
    let roundup = discord.messages(news).remove(0);
    let read = ben.presses(news, &roundup, "Read summaries");
    let first = read.answer().await;
    assert!(first.contains("[Older ▸] [Share]"), "{first}");
    assert!(!read.is_in_place());
    let older = ben.presses(news, &read.message().await, "Older ▸");
    let second = older.answer().await;
    assert!(second.contains("[◂ Newer]"), "{second}");
    assert!(older.is_in_place());
    assert!(
        second.contains("day 2") && !second.contains("day 1"),
        "{second}"
    );
    ben.presses(news, &older.message().await, "Share")
        .answer()
        .await;
    let shared = discord.wait_for_messages(news, 2).await;
    assert!(shared.contains("newest first"), "{shared}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_of_sections_and_the_way_back() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben");
    let all = ben.gives(news, "/latest").message().await;
    let chosen = ben.chooses(news, &all, "Japan");
    assert_snapshot!(chosen.answer().await, @"
    (only you can see this)
    │ [Japan]
    │ • **Squid counted together**
    │ -# 30 Oct 2026 · /read 5
    │ (1 of 1, newest first)
    [◂ All sections] [Share]
    ");
    assert!(chosen.is_in_place());
    let back = ben.presses(news, &chosen.message().await, "◂ All sections");
    assert!(back.answer().await.contains("Latest headlines"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_everybody_sees_and_turns_for_themselves() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ben, cho) = (discord.reader("Ben"), discord.reader("Cho"));
    let own = ben
        .gives(news, "/latest section:us-nk count:1")
        .message()
        .await;
    assert!(discord.messages(news).is_empty());
    ben.presses(news, &own, "Share").answer().await;
    let shared = discord.wait_for_messages(news, 1).await;
    assert_snapshot!(shared, @"
    │ [US–North Korea relations]
    │ • **Liaison office gets a door plate**
    │ -# 4 Nov 2026 · /read 2
    │ (1 of 3, newest first)
    [◂ All sections] [Older ▸]
    ");
    let public = discord.messages(news).remove(0);
    let turned = cho.presses(news, &public, "Older ▸");
    assert_snapshot!(turned.answer().await, @"
    (only you can see this)
    │ [US–North Korea relations]
    │ • **Envoys meet in Geneva for a second day**
    │ -# 30 Oct 2026 · /read 3
    │ (number 2 of 3, newest first)
    [◂ All sections] [◂ Newer] [Older ▸] [Share]
    ");
    assert!(!turned.is_in_place());
    assert_eq!(discord.messages(news).len(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_managers_subscribe_by_a_button() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    let list = ana.gives(news, "/latest section:us-nk").message().await;
    let refused = ben.presses(news, &list, "Subscribe").answer().await;
    assert!(refused.contains("Manage Server"), "{refused}");
    assert_snapshot!(ana.presses(news, &list, "Subscribe").answer().await, @r"
        (only you can see this)
        This channel now follows **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
        Times are in UTC; /timezone Asia/Seoul changes that.

        -# /latest us-nk shows what is there already · /subscriptions lists all
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_tells_its_summaries_and_takes_words_to_search() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    ana.asks(news, "/subscribe section:us-nk when:instant")
        .await;
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations
         Envoy to visit | She will stay for two days. | Nobody knows why.
         Talks go on | They do.",
    );
    discord.wait_for_messages(news, 1).await;
    let roundup = discord.messages(news).remove(0);
    assert_snapshot!(ben.presses(news, &roundup, "Read summaries").answer().await, @"
    (only you can see this)
    │ [Summaries]
    │ • **Envoy to visit**
    │ -# /read 6
    │
    │ She will stay for two days.
    │
    │ Nobody knows why.
    │ • **Talks go on**
    │ -# /read 7
    │
    │ They do.
    [Share]
    ");
    let form = ben.presses(news, &roundup, "Search").form().await;
    assert_snapshot!(ben.fills_in(news, &form, "brass").answer().await, @"
    (only you can see this)
    │ [Found: brass]
    │ • **Liaison office gets a door plate**
    │ -# 4 Nov 2026 · us-nk · /read 2
    │ (1 in all, newest first)
    [Share]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_another_time() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben");
    let mut old = ben.gives(news, "/latest count:2").message().await;
    old.body["components"][1]["components"][0]["custom_id"] = "what is this".into();
    assert_snapshot!(ben.presses(news, &old, "Older ▸").answer().await, @"
    (only you can see this)
    This button is out of date; /latest makes new ones.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_shares_nothing() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben").silenced();
    let own = ben
        .gives(news, "/latest section:us-nk count:1")
        .message()
        .await;
    let refused = ben.presses(news, &own, "Share").answer().await;
    assert!(
        refused.contains("only you can see this") && refused.contains("may not write"),
        "{refused}"
    );
    assert!(discord.messages(news).is_empty());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_servers_is_managed_in_a_direct_message() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    ana.asks(news, "/subscribe section:us-nk when:daily 09:00")
        .await;
    for person in [&ana, &ben] {
        let dm = person.dm();
        for command in [
            "/pause",
            "/forget confirmation:yes",
            "/unsubscribe section:us-nk",
            "/subscribe section:japan",
        ] {
            let answer = person.asks(dm, &format!("{command} channel:{news}")).await;
            assert!(
                answer.contains("managed in that server"),
                "{command}: {answer}"
            );
        }
    }
    let followed = ana.asks(news, "/subscriptions").await;
    assert!(
        followed.contains("us-nk") && !followed.contains("japan"),
        "{followed}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gateway_delivers_twice_is_done_once() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    discord.with(|world| world.deliveries = 2);
    let asked = ana.gives(news, "/subscribe section:japan");
    let answer = asked.answer().await;
    assert!(answer.contains("now follow"), "{answer}");
    // Whatever came of the other has come once this is answered.
    discord.with(|world| world.deliveries = 1);
    let known = ana.asks(news, "/subscribe section:japan").await;
    assert!(known.contains("already"), "{known}");
    assert_eq!(asked.answer().await, answer);
    let edits = discord.requests("PATCH webhooks/*/*/messages/@original");
    assert!(edits.is_empty(), "{edits:?}");
    stage.over().await;
}
