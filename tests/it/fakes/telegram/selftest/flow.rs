//! How requests and updates travel: polls, webhooks, limits, faults.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::super::limits::{Limits, Rates};
use super::super::{FakeTelegram, Fault, World};
use super::client::{call, exchange, ok, refused, send};
use crate::fakes::clock;

fn texts(batch: &Value) -> Vec<&str> {
    let batch = batch.as_array().map(Vec::as_slice).unwrap_or_default();
    batch
        .iter()
        .filter_map(|update| update["message"]["text"].as_str())
        .collect()
}

#[tokio::test]
async fn updates_stay_until_they_are_confirmed() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann");
    for text in ["one", "two", "three"] {
        ann.says(text);
    }
    let batch = ok(&server, "getUpdates", json!({ "limit": 2 })).await;
    assert_eq!(texts(&batch), ["one", "two"]);
    assert_eq!(batch[0]["update_id"], 500_000);
    assert_eq!(
        texts(&ok(&server, "getUpdates", json!({})).await),
        ["one", "two", "three"]
    );
    assert_eq!(server.last_confirmed(), None);
    assert_eq!(
        texts(&ok(&server, "getUpdates", json!({ "offset": 500_001 })).await),
        ["two", "three"]
    );
    assert_eq!(server.last_confirmed(), Some(500_000));
    assert_eq!(
        texts(&ok(&server, "getUpdates", json!({ "offset": -1 })).await),
        ["three"]
    );
    assert_eq!(server.pending_updates(), 1);
    ann.blocks();
    let kinds = json!({ "offset": 500_003, "allowed_updates": ["callback_query"] });
    assert_eq!(
        ok(&server, "getUpdates", kinds).await,
        json!([]),
        "nobody asked for it"
    );
    server.push_raw("something_new", json!({ "x": 1 }));
    assert_eq!(
        ok(&server, "getUpdates", json!({})).await[0]["something_new"]["x"],
        1
    );
    server.assert_clean();
}

#[tokio::test]
async fn a_long_poll_waits_and_gives_way_to_the_next() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann");
    let long = json!({ "timeout": 25 });
    let first = call(&server, "getUpdates", &long);
    let second = async {
        server.wait_for_poll().await;
        call(&server, "getUpdates", &long).await
    };
    let news = async {
        server
            .wait_for("the end of the first poll", |world| {
                (world.updates.conflicts == 1).then_some(())
            })
            .await;
        ann.says("hello");
    };
    let (first, second, ()) = tokio::join!(first, second, news);
    let (status, answer) = first.expect("an answer");
    assert_eq!(status, 409);
    assert_eq!(
        answer["description"],
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
    assert_eq!(texts(&second.expect("an answer").1["result"]), ["hello"]);
}

#[tokio::test]
async fn a_poll_whose_client_hangs_up_is_over() {
    let server = FakeTelegram::start();
    let waiting = |n: usize| move |world: &World| (world.updates.waiting == n).then_some(());
    let body = json!({ "timeout": 25 });
    tokio::select! {
        _ = call(&server, "getUpdates", &body) => panic!("there are no updates"),
        () = server.wait_for_poll() => {}
    }
    server.wait_for("the end of the poll", waiting(0)).await;
    server.person("Ann").says("hello");
    let batch = ok(&server, "getUpdates", body).await;
    assert_eq!((texts(&batch), server.poll_conflicts()), (vec!["hello"], 0));
}

#[tokio::test]
async fn a_webhook_gets_every_update_in_order_until_it_takes_it() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann");
    let bot = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    server.deliver_webhooks_to(bot.local_addr().expect("an address"));
    let hook = json!({ "url": "https://bot.example/hook?x=1", "secret_token": "s-1" });
    ok(&server, "setWebhook", hook).await;
    let (status, why) = refused(&server, "getUpdates", json!({})).await;
    assert!(
        status == 409 && why.contains("while webhook is active"),
        "{why}"
    );
    ann.says("one");
    ann.says("two");
    let mut seen = Vec::new();
    for status in ["500 Oops", "200 OK", "204 No Content"] {
        let (mut stream, _) = bot.accept().await.expect("a delivery");
        let mut got = Vec::new();
        while !got.ends_with(b"}") {
            stream.read_buf(&mut got).await.expect("a request");
        }
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        stream
            .write_all(answer.as_bytes())
            .await
            .expect("still connected");
        let got = String::from_utf8_lossy(&got).into_owned();
        assert!(
            got.starts_with("POST /hook?x=1 HTTP/1.1\r\nHost: bot.example\r\n"),
            "{got}"
        );
        assert!(
            got.contains("X-Telegram-Bot-Api-Secret-Token: s-1\r\n"),
            "{got}"
        );
        let (_, body) = got.split_once("\r\n\r\n").expect("a body");
        let update: Value = serde_json::from_str(body).expect("JSON");
        seen.push(update["message"]["text"].clone());
    }
    assert_eq!(seen, ["one", "one", "two"]);
    server.wait_until_confirmed().await;
    let info = ok(&server, "getWebhookInfo", json!({})).await;
    assert_eq!(
        (&info["url"], &info["pending_update_count"]),
        (&json!("https://bot.example/hook?x=1"), &json!(0))
    );
    ok(&server, "deleteWebhook", json!({})).await;
    assert_eq!(ok(&server, "getUpdates", json!({})).await, json!([]));
    server.allow_http_webhooks(false);
    let (_, why) = refused(
        &server,
        "setWebhook",
        json!({ "url": "http://bot.example/" }),
    )
    .await;
    assert!(why.contains("HTTPS"), "{why}");
}

#[test]
fn limits_are_sliding_windows() {
    let mut limits = Limits::default();
    limits.rates = Some(Rates {
        overall_per_second: 3,
        private_per_second: 1,
        group_per_minute: 2,
    });
    let start = clock::now();
    let mut at = |chat: i64, millis: u64| limits.admit(chat, start + Duration::from_millis(millis));
    assert_eq!(at(1, 0), Ok(()));
    assert_eq!(at(1, 999), Err(1), "one a second in a private chat");
    assert_eq!(at(1, 1_000), Ok(()));
    assert_eq!((at(-1, 1_100), at(-1, 1_200)), (Ok(()), Ok(())));
    assert_eq!(at(2, 1_300), Err(1), "three a second in all");
    assert_eq!(at(2, 2_000), Ok(()));
    assert_eq!(at(-1, 3_000), Err(59), "two a minute in a group");
    assert_eq!(at(-1, 61_100), Ok(()));
    assert_eq!(limits.refused, 3);
}

#[tokio::test]
async fn too_many_messages_are_told_to_wait() {
    let server = FakeTelegram::start();
    let group = server.group("Readers").with_bot();
    server.enforce_limits(30, 1, 1);
    let body = json!({ "chat_id": group.id(), "text": "x" });
    let (first, _) = call(&server, "sendMessage", &body)
        .await
        .expect("an answer");
    let (second, refusal) = call(&server, "sendMessage", &body)
        .await
        .expect("an answer");
    assert_eq!((first, second), (200, 429));
    let wait = refusal["parameters"]["retry_after"]
        .as_u64()
        .expect("a wait");
    assert!((1..=60).contains(&wait));
    let told = format!("Too Many Requests: retry after {wait}");
    assert_eq!(refusal["description"], told);
    assert_eq!((server.accepted(), server.refused_by_limits()), (1, 1));
    let typing = json!({ "chat_id": group.id(), "action": "typing" });
    ok(&server, "sendChatAction", typing).await;
}

#[tokio::test]
async fn faults_strike_where_and_as_often_as_they_should() {
    let server = FakeTelegram::start();
    let (ann, bob) = (server.person("Ann").known(), server.person("Bob").known());
    let body = |text: &str| json!({ "chat_id": ann.id(), "text": text });
    let lost = server.inject(Fault::on("sendMessage").in_chat(ann.id()).answer_lost());
    send(&server, bob.id(), "passes").await;
    call(&server, "sendMessage", &body("lost"))
        .await
        .expect_err("no answer");
    assert_eq!(
        (lost.hits(), ann.chat().texts()),
        (1, vec!["lost".to_owned()]),
        "stored exactly once"
    );
    server.inject(Fault::on("sendmessage").reset());
    call(&server, "sendMessage", &body("reset"))
        .await
        .expect_err("no connection");
    server.inject(Fault::on("sendMessage").truncated());
    call(&server, "sendMessage", &body("cut"))
        .await
        .expect_err("half an answer");
    server.inject(Fault::on("sendMessage").too_many_requests(7).times(2));
    for _ in 0..2 {
        let (status, answer) = call(&server, "sendMessage", &body("429"))
            .await
            .expect("an answer");
        assert_eq!(
            (status, &answer["parameters"]["retry_after"]),
            (429, &json!(7))
        );
    }
    server.inject(Fault::on_everything().bad_gateway());
    let path = format!("/bot{}/getMe", server.token());
    let (status, page) = exchange(&server, "POST", &path, "")
        .await
        .expect("an answer");
    assert!(status == 502 && page.starts_with("<html>"), "{page}");
    assert_eq!(ann.chat().texts(), ["lost", "cut"]);
    assert_eq!(
        server
            .requests("sendMessage")
            .iter()
            .map(|r| r.status)
            .collect::<Vec<_>>()[..3],
        [Some(200), Some(200), None]
    );
    let broken = server.inject(
        Fault::on("getMe")
            .always()
            .answer(500, "Internal Server Error"),
    );
    for _ in 0..3 {
        refused(&server, "getMe", json!({})).await;
    }
    broken.stop();
    ok(&server, "getMe", json!({})).await;
    assert_eq!(broken.hits(), 3);
}

#[tokio::test]
async fn an_answer_is_held_until_the_test_lets_it_go() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann").known();
    let held = server.inject(Fault::on("sendMessage").hold());
    let test = async {
        held.wait_until_held().await;
        assert_eq!(ann.chat().texts(), ["patience"], "carried out already");
        held.release();
    };
    tokio::join!(send(&server, ann.id(), "patience"), test);
    let held = server.inject(Fault::on("sendMessage").hold_before());
    let test = async {
        held.wait_until_held().await;
        assert_eq!(ann.chat().sent(), 1, "not carried out yet");
        held.release();
    };
    tokio::join!(send(&server, ann.id(), "more patience"), test);
    assert_eq!((held.held(), ann.chat().sent()), (0, 2));
}

#[tokio::test]
async fn the_server_goes_down_and_comes_back() {
    let server = FakeTelegram::start();
    ok(&server, "getMe", json!({})).await;
    server.go_down().await;
    call(&server, "getMe", &json!({}))
        .await
        .expect_err("nobody listens");
    server.come_back().await;
    ok(&server, "getMe", json!({})).await;
    let same = |seed| {
        let mut dice = clock::Dice::new(seed);
        [dice.fraction(), dice.fraction(), dice.fraction()]
    };
    assert!(same(1) == same(1) && same(1) != same(2), "chance is seeded");
}
