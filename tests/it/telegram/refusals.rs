//! Refusals that outlast a restart, and those of the bot itself.

use jiff::SignedDuration;
use serde_json::json;

use super::clockwork::{
    beat, failed, follower, message_with, pass, pause_of, run, run_until, seen, sendings,
    with_words,
};
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
            .app()
            .store()
            .blocking()
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
        let state = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.platform("telegram"));
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

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_nobody_knows_pauses_the_chat_and_costs_no_part() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    for (at, (code, words)) in [
        (404, "Not Found"),
        (400, "Bad Request: SOMETHING_OF_TOMORROW"),
        (406, "NEVER_HEARD_OF"),
        (418, "I'm a teapot"),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = Fault::on("sendMessage")
            .answer(code, words)
            .in_chat(ana.id());
        let refused = stage.server.inject(refused.always());
        let name = format!("Plate number {at}");
        stage.news(
            &format!("2026-11-06-{at}.txt"),
            &format!("# US-NK Relations\n{name} | It shines."),
        );
        let pause = seen("the pause", || pause_of(&stage, &ana.chat())).await;
        assert_eq!(pause.reason.as_deref(), Some(words));
        // Half a minute passes before it is tried again.
        pass(&stage, SignedDuration::from_secs(20));
        for _ in 0..5 {
            beat().await;
        }
        assert_eq!(refused.hits(), 1, "{words}");
        refused.stop();
        run(&stage, message_with(&ana.chat(), &name)).await;
        seen("no pause", || {
            pause_of(&stage, &ana.chat()).is_none().then_some(())
        })
        .await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_without_a_time_grows() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    for (at, answer) in [
        json!({ "ok": false, "error_code": 429, "description": "Too Many Requests" }),
        json!({ "ok": false, "error_code": 429, "description": "Slow down", "parameters": { "retry_after": 0 } }),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = Fault::on("sendMessage").body(429, &answer.to_string());
        let refused = stage.server.inject(refused.in_chat(ana.id()).always());
        let name = format!("Plate number {at}");
        stage.news(
            &format!("2026-11-06-{at}.txt"),
            &format!("# US-NK Relations\n{name} | It shines."),
        );
        refused.wait_for_hits(1).await;
        failed(&stage, 1).await;
        let begun = stage.app().now();
        run(&stage, refused.wait_for_hits(6)).await;
        let took = stage.app().now().duration_since(begun);
        assert!(took >= SignedDuration::from_secs(20), "five more tries within {took}");
        assert_eq!(pause_of(&stage, &ana.chat()), None, "it is no refusal");
        refused.stop();
        run(&stage, message_with(&ana.chat(), &name)).await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_chat_was_paused_is_told_to_whoever_asks() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    group.asks(&ana, "/subscribe us-nk instant").await;
    let words = "Bad Request: CHAT_RESTRICTED";
    let refused = Fault::on("sendMessage")
        .answer(400, words)
        .in_chat(group.id());
    for (at, question) in ["/status", "/subscriptions", "/resume"]
        .into_iter()
        .enumerate()
    {
        let fault = stage.server.inject(refused.clone());
        stage.news(
            &format!("2026-11-06-{}.txt", &question[1..]),
            &format!("# US-NK Relations\nPlate number {at} | It shines."),
        );
        fault.wait_for_hits(1).await;
        seen("the pause", || pause_of(&stage, &group)).await;
        group.says(&ana, question);
        // The roundup may come before the answer.
        let told = || {
            with_words(&group, "CHAT_RESTRICTED. They are tried again now.")
                .get(at)
                .cloned()
        };
        let told = run_until(&stage, question, told).await;
        assert!(told.text.contains("had stopped on"), "{}", told.text);
        run(&stage, message_with(&group, &format!("Plate number {at}"))).await;
        let told = group.asks(&ana, question).await;
        assert!(!told.text.contains("stopped"), "{question}: {}", told.text);
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_chat_was_paused_is_told_in_plain_words() {
    let stage = Stage::new().await;
    let seo = stage.server.person("서연").speaking("ko").known();
    seo.asks("/subscribe us-nk instant").await;
    for (at, (code, words, told)) in [
        (
            403,
            "Forbidden: bot was blocked by the user",
            "봇이 차단되었습니다",
        ),
        (
            400,
            "Bad Request: CHAT_WRITE_FORBIDDEN",
            "글을 쓸 권한이 없습니다",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = Fault::on("sendMessage").answer(code, words);
        let fault = stage.server.inject(refused.in_chat(seo.chat().id()));
        stage.news(
            &format!("2026-11-06-{at}.txt"),
            &format!("# US-NK Relations\nPlate number {at} | It shines."),
        );
        fault.wait_for_hits(1).await;
        seen("the pause", || pause_of(&stage, &seo.chat())).await;
        seo.says("/status");
        let told = || with_words(&seo.chat(), told).first().cloned();
        let told = run_until(&stage, words, told).await;
        assert!(!told.text.contains("Forbidden"), "{}", told.text);
        run(
            &stage,
            message_with(&seo.chat(), &format!("Plate number {at}")),
        )
        .await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_tells_of_a_chat_that_keeps_us_out_is_heeded() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    for (method, words) in [
        (
            "getChat",
            "Forbidden: bot was kicked from the supergroup chat",
        ),
        (
            "getChatMember",
            "Forbidden: bot is not a member of the supergroup chat",
        ),
    ] {
        let refused = Fault::on(method).answer(403, words).in_chat(group.id());
        stage.server.inject(refused);
        ana.asks(&format!("/status {}", group.id())).await;
        let pause = pause_of(&stage, &group).expect("it is noted");
        assert_eq!(pause.reason.as_deref(), Some(words));
        group.asks(&ana, "/help").await;
        assert_eq!(pause_of(&stage, &group), None);
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_telegram_had_wait_is_in_no_file_once_that_is_over() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let key = format!("telegram:{}", ana.id());
    let stands = || stage.ground.stands(&key);
    let refused = Fault::on("sendMessage").too_many_requests(30);
    let refused = stage.server.inject(refused.in_chat(ana.id()));
    // Nothing is kept about somebody who only asks.
    ana.says("/latest japan");
    refused.wait_for_hits(1).await;
    let waits = || {
        let now = stage.app().now();
        let waits = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.waits("telegram", now));
        (!waits.unwrap().is_empty()).then_some(())
    };
    seen("the wait", waits).await;
    assert!(stands());
    pass(&stage, SignedDuration::from_mins(2));
    super::clockwork::settled(&stage).await;
    stage
        .app()
        .keep_up(stage.app().store(), &[], None, &mut 0)
        .await
        .unwrap();
    seen("a store without a trace", || (!stands()).then_some(())).await;
    stage.server.heal();
}
