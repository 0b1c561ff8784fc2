//! Polling through trouble: what is asked for, what is acknowledged, what the operator is told.

use serde_json::{Value, json};
use tidings::runtime::Ended;

use super::clockwork::{
    all_delivered, failed, follower, message_with, run, seen, trouble, with_words,
};
use super::harness::Stage;
use super::process::Shell;
use crate::fakes::telegram::{FakeTelegram, Fault};
use crate::ground::skipped_on_postgres;
use crate::harness::CONFIG;

/// Asks the Bot API something as another program with the same token.
pub(crate) async fn ask(telegram: &FakeTelegram, method: &str, body: &Value) {
    let address = format!("{}/bot{}/{method}", telegram.api_url(), telegram.token());
    let request = reqwest::Client::new().post(address);
    let request = request.header("Content-Type", "application/json");
    request.body(body.to_string()).send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_updates_that_are_used_are_asked_for() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let said = ana.says("/read 1");
    ana.chat().wait_for_reply(said).await;
    ana.chat().rewrites(said, "/read 2");
    ana.asks("/help").await;
    assert_eq!(ana.chat().sent(), 2, "what is rewritten isn't answered");
    let kinds = json!([
        "message",
        "channel_post",
        "callback_query",
        "my_chat_member",
        "chat_member"
    ]);
    for request in stage.server.requests("getUpdates") {
        assert_eq!(request.body["allowed_updates"], kinds);
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_acknowledged_once_its_answer_is_stored() {
    let mut stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    let asked = stage.server.inject(Fault::on("getChatMember").hold());
    let said = group.says(&ana, "/subscribe us-nk daily 09:00");
    asked.wait_until_held().await;
    assert_eq!(stage.server.pending_updates(), 1);
    let sending = stage.server.inject(Fault::on("sendMessage").hold());
    asked.release();
    // The answer is on its way, and safe.
    sending.wait_until_held().await;
    stage.server.wait_until_confirmed().await;
    sending.release();
    group.wait_for_reply(said).await;
    // Whoever stops in peace leaves nothing to be handed out again.
    ana.chat();
    group.asks(&ana, "/read 1").await;
    stage.stop().await;
    assert_eq!(stage.server.pending_updates(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_on_its_way_survives_a_kill() {
    let mut stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let sending = stage.server.inject(Fault::on("sendMessage").hold_before());
    let said = ana.says("/read 1");
    sending.wait_until_held().await;
    stage.kill().await;
    stage.start().await;
    run(&stage, ana.chat().wait_for_reply(said)).await;
    sending.release();
    ana.asks("/help").await;
    let copies = with_words(&ana.chat(), "Kaesong gate").len();
    assert!((1..=2).contains(&copies), "{copies}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_once_the_network_is_back() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let ben = follower(&stage, "Ben", "us-nk").await;
    stage.server.go_down().await;
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.",
    );
    failed(&stage, 2).await;
    let what = seen("trouble", || trouble(&stage)).await;
    assert!(what.starts_with("Telegram "), "{what}");
    assert!(!what.contains(stage.server.token()), "{what}");
    let said = ana.says("/read 1");
    // Some more tries in vain.
    for _ in 0..5 {
        failed(&stage, 2).await;
        super::clockwork::pass(&stage, jiff::SignedDuration::from_secs(10));
    }
    stage.server.come_back().await;
    run(&stage, ana.chat().wait_for_reply(said)).await;
    for chat in [ana.chat(), ben.chat()] {
        run(&stage, message_with(&chat, "Plate polished")).await;
        assert_eq!(with_words(&chat, "Plate polished").len(), 1);
    }
    all_delivered(&stage).await;
    assert_eq!(trouble(&stage), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_over_as_soon_as_the_network_is_back() {
    let stage = Stage::new().await;
    stage.server.go_down().await;
    seen("trouble", || trouble(&stage)).await;
    stage.server.come_back().await;
    stage.server.wait_for_poll().await;
    // Though nobody has said anything yet.
    let over = seen("the end of the trouble", || {
        trouble(&stage).is_none().then_some(())
    });
    tokio::time::timeout(std::time::Duration::from_secs(5), over)
        .await
        .expect("it is over");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_instance_is_said_plainly_and_outlasted() {
    if skipped_on_postgres("whoever polled before may go on for a while after a take-over") {
        return;
    }
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    // A second program takes the poll over, twice.
    let body = json!({"timeout": 0, "offset": -1, "limit": 1});
    for _ in 0..2 {
        // There is a poll to be taken over, and it is one that waits.
        stage.server.wait_for_poll().await;
        ask(&stage.server, "getUpdates", &body).await;
        let what = seen("trouble", || trouble(&stage)).await;
        assert!(
            what.contains("Another program polls with the same token"),
            "{what}"
        );
        stage.server.wait_for_poll().await;
        ana.asks("/read 1").await;
        seen("the end of the trouble", || {
            trouble(&stage).is_none().then_some(())
        })
        .await;
    }
    assert_eq!(stage.server.poll_conflicts(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_was_left_over_is_deleted_and_no_update_with_it() {
    let mut stage = Stage::empty(CONFIG);
    stage.archive();
    let ana = stage.server.person("Ana").known();
    let hook = json!({"url": "https://other.example.org/hook", "secret_token": "x"});
    ask(&stage.server, "setWebhook", &hook).await;
    let said = ana.says("/read 1");
    stage.start().await;
    ana.chat().wait_for_reply(said).await;
    let deleted = stage.server.requests("deleteWebhook");
    assert_eq!(deleted.len(), 1);
    assert_ne!(deleted[0].body["drop_pending_updates"], true);
    assert_eq!(stage.server.with(|world| world.webhook.hook.clone()), None);
    ana.asks("/help").await;
    seen("the end of the trouble", || {
        trouble(&stage).is_none().then_some(())
    })
    .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_go_on_through_every_kind_of_trouble() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let poll = || Fault::on("getUpdates");
    for fault in [
        poll().answer(500, "Internal Server Error"),
        poll().bad_gateway(),
        poll().reset(),
        poll().truncated(),
        poll().answer_lost(),
        poll().too_many_requests(1),
        poll().answer(404, "Not Found"),
        poll().answer(401, "Unauthorized"),
        poll().body(200, "{\"ok\":true}"),
        poll().body(200, "[]"),
    ] {
        let what = format!("{fault:?}");
        let fault = stage.server.inject(fault);
        let before = ana.chat().sent();
        // The first ends the poll that is under way.
        ana.asks("/read 1").await;
        ana.asks("/read 2").await;
        fault.wait_for_hits(1).await;
        ana.asks("/read 3").await;
        assert_eq!(ana.chat().sent(), before + 3, "{what}");
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_the_bot_and_names_the_variable() {
    for at_start in [false, true] {
        let mut stage = Stage::empty(CONFIG);
        let ana = stage.server.person("Ana").known();
        if !at_start {
            stage.start().await;
        }
        let revoked = Fault::on_everything().answer(401, "Unauthorized").always();
        stage.server.inject(revoked);
        if at_start {
            stage.launch(true).await;
        }
        // The poll that is under way doesn't know yet.
        ana.says("/read 1");
        let Ended::Refused(refused) = stage.ended().await else {
            panic!("it wasn't refused");
        };
        let text = refused.to_string();
        assert!(text.contains("TELEGRAM_TOKEN"), "{text}");
        assert!(!text.contains(stage.server.token()), "{text}");
        stage.over().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_is_set_once() {
    let mut stage = Stage::new().await;
    let whole = |calls| move |set: usize| (set == calls).then_some(());
    let menu = stage.server.clone();
    seen("the menu", || whole(9)(menu.menu_calls())).await;
    stage.restart().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/help").await;
    stage.kill().await;
    stage.start().await;
    ana.asks("/help").await;
    assert_eq!(menu.menu_calls(), 9);
    for scope in [
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
    ] {
        for language in ["", "en", "ko"] {
            let commands = menu.menu(scope, language);
            let offers = |name: &str| commands.iter().any(|(command, _)| command == name);
            assert!(offers("latest"), "{scope} {language}");
            assert_eq!(offers("subscribe"), scope != "all_group_chats");
        }
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_that_somebody_wiped_is_there_again_after_a_start() {
    let mut stage = Stage::new().await;
    let telegram = stage.server.clone();
    seen("the menu", || (telegram.menu_calls() == 9).then_some(())).await;
    telegram.with(|world| {
        let mut wiped = 0;
        world.menus.by_scope.retain(|_, _| {
            wiped += 1;
            wiped > 2
        });
    });
    stage.restart().await;
    seen("the menu", || (telegram.menu_calls() == 11).then_some(())).await;
    telegram.with(|world| assert_eq!(world.menus.by_scope.len(), 9));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_is_set_again_where_it_changed() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    for (locale, calls) in [("en", 9), ("en", 9), ("ko", 12), ("ko", 12)] {
        let environment = [("TIDINGS_DEFAULTS__LOCALE", locale)];
        let mut process = shell.start(telegram.token(), &telegram.api_url(), &environment);
        telegram.wait_for_poll().await;
        seen("the menu", || {
            (telegram.menu_calls() >= calls).then_some(())
        })
        .await;
        assert!(process.terminate().await.success());
        assert_eq!(telegram.menu_calls(), calls);
    }
    telegram.assert_clean();
}
