//! Updates that Telegram brings by itself.

use std::net::{SocketAddr, TcpListener};

use serde_json::json;
use tidings::runtime::Ended;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::clockwork::{message_with, seen, trouble};
use super::harness::Stage;
use crate::fakes::telegram::{Fault, Person};
use crate::ground::Ground;
use crate::harness::CONFIG;

const PATH: &str = "/tidings-hook";
const SECRET: &str = "X-Telegram-Bot-Api-Secret-Token";

/// A stage whose bot is to be brought its updates, and where it listens.
fn stage() -> (Stage, SocketAddr) {
    stage_at(PATH)
}

fn stage_at(path: &str) -> (Stage, SocketAddr) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    let stage = Stage::empty(&format!(
        "{CONFIG}
        [telegram]
        webhook_url = \"https://bot.example.org{path}\"
        listen = \"{address}\"
        rate = \"off\"
        chat_rate = \"off\"
        group_rate = \"off\"
        "
    ));
    stage.archive();
    stage.server.deliver_webhooks_to(address);
    (stage, address)
}

async fn launched() -> (Stage, SocketAddr) {
    let (mut stage, address) = stage();
    stage.launch(true).await;
    stage.server.wait_for_request("setWebhook", 1).await;
    (stage, address)
}

fn secret(stage: &Stage) -> String {
    let requests = stage.server.requests("setWebhook");
    let set = requests.last().expect("the webhook was set");
    set.body["secret_token"].as_str().unwrap().to_owned()
}

/// Brings something to the bot; the status of its answer.
async fn bring(address: SocketAddr, path: &str, secret: Option<&str>, body: &str) -> u16 {
    let mut request = reqwest::Client::new().post(format!("http://{address}{path}"));
    if let Some(secret) = secret {
        request = request.header(SECRET, secret);
    }
    let request = request.header("Content-Type", "application/json");
    request
        .body(body.to_owned())
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

/// `/read 1`, as Telegram tells of it.
fn update(id: i64, person: &Person) -> String {
    let user = json!({"id": person.id(), "is_bot": false, "first_name": "Ana"});
    let chat = json!({"id": person.id(), "type": "private", "first_name": "Ana"});
    let entities = json!([{"type": "bot_command", "offset": 0, "length": 5}]);
    let message = json!({
        "message_id": 7_000 + id, "date": 1_793_966_400, "from": user, "chat": chat, "text": "/read 1",
        "entities": entities,
    });
    json!({"update_id": id, "message": message}).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_come_in_and_are_answered() {
    let (stage, _) = launched().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/read 1").await;
    ana.asks("/latest all 1").await;
    let press = ana.presses("Older ▸");
    stage.server.wait_for_answer(&press).await;
    assert_eq!(stage.server.count("getUpdates"), 0);
    let set = &stage.server.requests("setWebhook")[0].body;
    assert_eq!(set["url"], format!("https://bot.example.org{PATH}"));
    let kinds = json!([
        "message",
        "channel_post",
        "callback_query",
        "my_chat_member",
        "chat_member"
    ]);
    assert_eq!(set["allowed_updates"], kinds);
    assert_ne!(set["drop_pending_updates"], true);
    assert!(secret(&stage).len() >= 32);
    assert_eq!(trouble(&stage), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_know_the_secret_is_sent_away() {
    let (stage, address) = launched().await;
    let ana = stage.server.person("Ana").known();
    let (secret, update) = (secret(&stage), update(900_000, &ana));
    let longer = format!("{secret}0");
    let shorter = &secret[..secret.len() - 1];
    let wrong = "0".repeat(secret.len());
    for shown in [None, Some(""), Some(&*wrong), Some(&*longer), Some(shorter)] {
        assert_eq!(bring(address, PATH, shown, &update).await, 401, "{shown:?}");
        assert_eq!(
            bring(address, PATH, shown, "garbage").await,
            401,
            "{shown:?}"
        );
    }
    assert_eq!(bring(address, "/", Some(&secret), &update).await, 404);
    assert_eq!(bring(address, "/other", Some(&secret), &update).await, 404);
    let longer = format!("{PATH}/more");
    assert_eq!(bring(address, &longer, Some(&secret), &update).await, 404);
    for garbage in ["", "garbage", "{\"update_id\": 1"] {
        assert_eq!(
            bring(address, PATH, Some(&secret), garbage).await,
            400,
            "{garbage}"
        );
    }
    let looked = reqwest::get(format!("http://{address}{PATH}"))
        .await
        .unwrap();
    assert_eq!(looked.status().as_u16(), 405);
    ana.asks("/help").await;
    assert_eq!(ana.chat().sent(), 1, "nothing else was answered");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_brought_twice_is_answered_once() {
    let (stage, address) = launched().await;
    let ana = stage.server.person("Ana").known();
    let (secret, update) = (secret(&stage), update(900_000, &ana));
    for _ in 0..3 {
        assert_eq!(bring(address, PATH, Some(&secret), &update).await, 200);
    }
    // An update of a kind that nobody knows is taken, so that it doesn't come for ever.
    let unknown = json!({"update_id": 900_001, "something_new": {"x": 1}}).to_string();
    assert_eq!(bring(address, PATH, Some(&secret), &unknown).await, 200);
    message_with(&ana.chat(), "Kaesong gate").await;
    ana.asks("/help").await;
    assert_eq!(ana.chat().sent(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_taken_once_its_answer_is_stored() {
    let (stage, _) = launched().await;
    let ana = stage.server.person("Ana");
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    let delivered = || stage.server.with(|world| world.webhook.delivered);
    let asked = stage.server.inject(Fault::on("getChatMember").hold());
    let sending = stage.server.inject(Fault::on("sendMessage").hold());
    let said = group.says(&ana, "/subscribe us-nk daily 09:00");
    asked.wait_until_held().await;
    assert_eq!(delivered(), 0);
    asked.release();
    sending.wait_until_held().await;
    seen("the update to be taken", || {
        (delivered() == 1).then_some(())
    })
    .await;
    sending.release();
    group.wait_for_reply(said).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_while_the_bot_is_away_is_brought_later() {
    let (mut stage, _) = launched().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/read 1").await;
    let first = secret(&stage);
    let sending = stage.server.inject(Fault::on("sendMessage").hold_before());
    ana.says("/read 2");
    sending.wait_until_held().await;
    stage.kill().await;
    ana.says("/read 3");
    sending.release();
    stage.launch(false).await;
    message_with(&ana.chat(), "#3 ·").await;
    message_with(&ana.chat(), "#2 ·").await;
    // Each run has a secret of its own, unless others share it.
    assert_eq!(secret(&stage) != first, Ground::keeps_files());
    stage.stop().await;
    let hook = stage.server.with(|world| world.webhook.hook.clone());
    assert!(hook.is_some(), "Telegram keeps what comes for the next run");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_webhook_is_set_through_trouble() {
    let (mut stage, _) = stage();
    let set = || Fault::on("setWebhook");
    for fault in [set().bad_gateway(), set().answer(401, "Unauthorized")] {
        stage.server.inject(fault);
    }
    stage.launch(true).await;
    stage.server.wait_for_request("setWebhook", 2).await;
    let what = seen("trouble", || trouble(&stage)).await;
    assert!(
        what.contains("webhook") || what.contains("Telegram"),
        "{what}"
    );
    let ana = stage.server.person("Ana").known();
    ana.asks("/read 1").await;
    seen("the end of the trouble", || {
        trouble(&stage).is_none().then_some(())
    })
    .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_before_the_webhook_is_set_ends_the_bot() {
    let (mut stage, _) = stage();
    let held = stage.server.inject(Fault::on("setWebhook").hold_before());
    stage.launch(true).await;
    held.wait_until_held().await;
    stage.server.go_down().await;
    stage.server.heal();
    stage
        .server
        .inject(Fault::on_everything().answer(401, "Unauthorized").always());
    stage.server.come_back().await;
    let Ended::Refused(refused) = stage.ended().await else {
        panic!("it wasn't refused");
    };
    assert!(refused.to_string().contains("TELEGRAM_TOKEN"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_nothing() {
    let (mut stage, _) = launched().await;
    let stopped = tokio::time::timeout(std::time::Duration::from_secs(1), stage.stop()).await;
    assert!(stopped.is_ok(), "it is still running");
    stage.over().await;
}

/// Some of these are placeholders where paths are routed.
#[tokio::test(flavor = "multi_thread")]
async fn any_path_may_be_the_webhooks() {
    for path in [
        "/:hook",
        "/*rest",
        "/a/:b/c",
        "/{hook}",
        "/{*rest}",
        "/a//b/",
        "/news:v1*",
        "/%7Bx%7D",
        "/뉴스",
    ] {
        let (mut stage, address) = stage_at(path);
        stage.launch(true).await;
        stage.server.wait_for_request("setWebhook", 1).await;
        let set = stage.server.requests("setWebhook")[0].body["url"].clone();
        let set: url::Url = set.as_str().unwrap().parse().unwrap();
        let ana = stage.server.person("Ana").known();
        let secret = secret(&stage);
        let update = update(70_000, &ana);
        let brought = bring(address, set.path(), Some(&secret), &update).await;
        assert_eq!(brought, 200, "{path}");
        let elsewhere = bring(address, "/another", Some(&secret), &update).await;
        assert_eq!(elsewhere, 404, "{path}");
        assert!(matches!(stage.stop().await, Ended::Stopped));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_connects_and_keeps_still_keeps_nobody_out() {
    let (stage, address) = launched().await;
    let ana = stage.server.person("Ana").known();
    let (secret, update) = (secret(&stage), update(900_100, &ana));
    let mut still = Vec::new();
    for at in 0..300 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        if at % 2 == 0 {
            connection
                .write_all(b"POST /tidings-hook HTT")
                .await
                .unwrap();
        }
        still.push(connection);
    }
    assert_eq!(bring(address, PATH, Some(&secret), &update).await, 200);
    // Those that came first have made room.
    let mut answer = Vec::new();
    let _ = still[0].read_to_end(&mut answer).await;
    assert_eq!(answer, b"");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_of_whoever_does_not_know_the_secret() {
    let (stage, address) = launched().await;
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n{SECRET}: x\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 401");
    stage.over().await;
}
