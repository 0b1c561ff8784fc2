//! Updates that Telegram brings to any of the processes that share a store.

use std::net::{SocketAddr, TcpListener};

use serde_json::json;

use super::shared::{Process, configured};
use crate::fakes::clock::unix_now;
use crate::fakes::telegram::FakeTelegram;
use crate::ground::Ground;
use crate::postgres::shared;
use crate::telegram::clockwork::{beat, message_with};

const PATH: &str = "/tidings-hook";

/// Brings something to a process; the status of its answer.
async fn bring(address: SocketAddr, secret: &str, body: &str) -> u16 {
    let request = reqwest::Client::new().post(format!("http://{address}{PATH}"));
    let request = request
        .header("X-Telegram-Bot-Api-Secret-Token", secret)
        .header("Content-Type", "application/json")
        .body(body.to_owned());
    request.send().await.unwrap().status().as_u16()
}

/// An address that was free a moment ago.
fn free() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_process_is_brought_an_update_takes_it_and_each_is_answered_once() {
    let Some(server) = shared() else { return };
    let ground = Ground::on(server);
    let telegram = FakeTelegram::start();
    let ana = telegram.person("Ana").known();
    // The platform's table is there already, so that this belongs to it.
    configured(&ground, &[("one", ""), ("two", "")]);
    let (one, two) = (free(), free());
    for (name, listen) in [("one", one), ("two", two)] {
        let file = ground.at(&format!("{name}.toml"));
        let text = std::fs::read_to_string(&file).unwrap();
        let webhook = format!(
            "[telegram]\nwebhook_url = \"https://bot.example.org{PATH}\"\nlisten = \"{listen}\"\n"
        );
        std::fs::write(file, text.replace("[telegram]\n", &webhook)).unwrap();
    }
    let first = Process::begin(&ground, &telegram, "one");
    telegram.wait_for_request("setWebhook", 1).await;
    let secret_of = |set: usize| {
        let set = &telegram.requests("setWebhook")[set];
        set.body["secret_token"].as_str().unwrap().to_owned()
    };
    let secret = secret_of(0);
    let second = Process::begin(&ground, &telegram, "two");
    second.says("taking updates").await;
    first.says("taking updates").await;
    let user = json!({"id": ana.id(), "is_bot": false, "first_name": "Ana"});
    let chat = json!({"id": ana.id(), "type": "private", "first_name": "Ana"});
    let update = |id: i64, text: &str| {
        let message = json!({
            "message_id": 7_000 + id, "date": unix_now(), "from": user, "chat": chat, "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": text.len()}],
        });
        json!({"update_id": id, "message": message}).to_string()
    };
    let asked = update(900_000, "/sections");
    assert_eq!(bring(two, "guessed", &asked).await, 401);
    // Whoever guesses keeps others waiting no longer than that.
    while bring(two, &secret, &asked).await == 401 {
        beat().await;
    }
    for address in [one, two, one] {
        assert_eq!(bring(address, &secret, &asked).await, 200);
    }
    message_with(&ana.chat(), "4 sections").await;
    assert_eq!(bring(one, &secret, &update(900_001, "/help")).await, 200);
    message_with(&ana.chat(), "/latest").await;
    assert_eq!(ana.chat().sent(), 2, "each once");
    // Whoever takes over has them brought with the same secret.
    drop(first);
    telegram.wait_for_request("setWebhook", 2).await;
    assert_eq!(secret_of(1), secret);
    assert_eq!(bring(two, &secret, &update(900_002, "/status")).await, 200);
    while ana.chat().sent() < 3 {
        beat().await;
    }
}
