//! Refusals that outlast a restart, and those of the bot itself.

use super::clockwork::{beat, failed, follower, seen, sendings};
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
