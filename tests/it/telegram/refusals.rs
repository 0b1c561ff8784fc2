//! Refusals that outlast a restart, and those of the bot itself.

use super::clockwork::{beat, failed, follower, pass, seen, sendings};
use super::harness::Stage;
use crate::fakes::telegram::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_telegram_asked_for_outlasts_a_restart() {
    let mut stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let ben = stage.server.person("Ben").known();
    let refusal = Fault::on("sendMessage")
        .too_many_requests(300)
        .in_chat(ana.id());
    let refusal = stage.server.inject(refusal);
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.",
    );
    refusal.wait_for_hits(1).await;
    failed(&stage, 1).await;
    stage.restart().await;
    let before = sendings(&stage.server, &ana.chat()).len();
    ana.says("/read 1");
    ben.asks("/read 1").await;
    beat().await;
    assert_eq!(sendings(&stage.server, &ana.chat()).len(), before);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_refuses_the_account_at_getme_is_trouble_and_no_end() {
    let mut stage = Stage::new().await;
    let frozen = "Bad Request: FROZEN_METHOD_INVALID";
    stage.stop().await;
    let fault = stage
        .server
        .inject(Fault::on("getMe").answer(400, frozen).always());
    stage.launch(false).await;
    fault.wait_for_hits(1).await;
    let trouble = || {
        let state = stage
            .bot()
            .store()
            .read(|db| db.platform("telegram"))
            .unwrap();
        state.and_then(|state| state.trouble)
    };
    let (what, _) = seen("trouble", trouble).await;
    assert!(what.contains("FROZEN"), "{what}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_with_a_field_of_tomorrow_is_answered() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let update = serde_json::json!({ "ok": true, "result": [{ "update_id": 2_000_000, "message": {
        "message_id": 77, "date": 1_793_966_400, "text": "/sections", "author_signature": { "new": 1 },
        "chat": { "id": ana.id(), "type": "private", "first_name": "Ana", "username": ["a"] },
        "from": { "id": ana.id(), "is_bot": false, "first_name": "Ana", "language_code": 7 },
    } }] });
    let body = update.to_string();
    stage
        .server
        .inject(Fault::on("getUpdates").body(200, &body));
    let answered = || (ana.chat().sent() > 0).then_some(());
    seen("an answer", answered).await;
    assert!(ana.chat().texts().join("\n").contains("us-nk"));
    stage.server.heal();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_account_at_a_message_is_not_tried_again_at_once() {
    let stage = Stage::new().await;
    follower(&stage, "Ana", "us-nk").await;
    let refused = Fault::on("sendMessage").answer(401, "Unauthorized");
    let refused = stage.server.inject(refused.always());
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.",
    );
    let (what, _) = seen("trouble", || {
        let state = stage.bot().store().read(|db| db.platform("telegram"));
        state.unwrap().and_then(|state| state.trouble)
    })
    .await;
    assert!(what.contains("Unauthorized"), "{what}");
    pass(&stage, jiff::SignedDuration::from_secs(20));
    for _ in 0..10 {
        beat().await;
    }
    assert_eq!(refused.hits(), 1);
    stage.server.heal();
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_a_lot_delays_nobody_elses_question() {
    let pace = "[telegram]\nchat_rate = \"4/s\"\n";
    let mut stage = Stage::empty(&format!("{}{pace}", crate::harness::CONFIG));
    stage.archive();
    stage.start().await;
    let (ana, ben, cho) = (
        stage.server.person("Ana"),
        stage.server.person("Ben"),
        stage.server.person("Cho"),
    );
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    for _ in 0..30 {
        group.says(&ben, "/latest");
    }
    group.says(&ana, "/status");
    group.says(&cho, "/sections");
    let texts = seen("the answers to the others, and what was too much", || {
        let texts = group.texts();
        let said = texts.join("\n");
        let all = [
            "Last loaded",
            "Inter-Korean relations",
            "twentieth question",
        ];
        all.iter()
            .all(|words| said.contains(words))
            .then_some(texts)
    })
    .await;
    assert!(texts.len() <= 8, "{texts:?}");
    stage.over().await;
}
