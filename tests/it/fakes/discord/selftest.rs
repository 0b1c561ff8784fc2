//! The fake is strict: what Discord refuses, it refuses.

use serde_json::{Value, json};

use super::body::{self, Purpose};
use super::{FakeDiscord, commands};

fn message(body: Value) -> Vec<String> {
    let mut whole = json!({
        "allowed_mentions": { "parse": [] }, "nonce": "1-a", "enforce_nonce": true,
    });
    for (key, value) in body.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    body::message(&whole, Purpose::Message)
}

#[test]
fn messages_are_held_to_the_limits() {
    let none = Vec::<String>::new();
    assert_eq!(message(json!({ "content": "ㄱ".repeat(2_000) })), none);
    assert_eq!(message(json!({ "content": "x".repeat(2_001) })).len(), 1);
    assert_eq!(message(json!({})), ["body: an empty message"]);
    assert_eq!(
        message(json!({ "content": "x", "tts": true })),
        ["body.tts: unknown"]
    );
    let embed = |length: usize| json!({ "description": "x".repeat(length) });
    assert_eq!(
        message(json!({ "embeds": [embed(4_096), embed(1_904)] })),
        none
    );
    assert_eq!(message(json!({ "embeds": [embed(4_097)] })).len(), 1);
    assert_eq!(
        message(json!({ "embeds": [embed(4_096), embed(1_905)] })).len(),
        1
    );
    assert_eq!(message(json!({ "embeds": vec![embed(1); 11] })).len(), 1);
    assert_eq!(
        message(json!({ "content": "x", "flags": 64 })),
        ["flags: 64"]
    );
    assert_eq!(
        message(json!({ "content": "x", "nonce": "x".repeat(26) })).len(),
        1
    );
    let pings = json!({ "content": "x", "allowed_mentions": { "parse": ["everyone"] } });
    assert_eq!(message(pings).len(), 1);
    let button = |id: &str| json!({ "type": 2, "style": 2, "label": "x", "custom_id": id });
    let rows = |ids: &[&str]| {
        let buttons: Vec<Value> = ids.iter().map(|id| button(id)).collect();
        json!({ "content": "x", "components": [{ "type": 1, "components": buttons }] })
    };
    assert_eq!(message(rows(&["a", "b"])), none);
    assert_eq!(message(rows(&["a", "a"])).len(), 1);
    assert_eq!(message(rows(&["a", "b", "c", "d", "e", "f"])).len(), 1);
    assert_eq!(message(rows(&["a".repeat(101).as_str()])).len(), 1);
}

#[test]
fn commands_are_held_to_their_rules() {
    let command = |more: Value| {
        let mut command = json!({ "name": "latest", "description": "x" });
        for (key, value) in more.as_object().into_iter().flatten() {
            command[key] = value.clone();
        }
        commands::all(&json!([command]))
    };
    assert_eq!(command(json!({})), Vec::<String>::new());
    assert_eq!(command(json!({ "name": "La test" })).len(), 1);
    assert_eq!(command(json!({ "description": "" })).len(), 1);
    assert_eq!(
        command(json!({ "name_localizations": { "xx": "a" } })).len(),
        1
    );
    let option = |required: bool| json!({ "type": 3, "name": "a", "description": "b", "required": required });
    assert_eq!(
        command(json!({ "options": [option(false), option(true)] })).len(),
        1
    );
}

/// A request by hand.
async fn ask(
    discord: &FakeDiscord,
    verb: reqwest::Method,
    path: &str,
    body: Value,
) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .request(verb, format!("{}/api/v10/{path}", discord.api_url()))
        .header("authorization", format!("Bot {}", discord.token()))
        .header("user-agent", "DiscordBot (https://example.org, 1)")
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_nonce_keeps_a_message_from_being_made_twice() {
    let discord = FakeDiscord::start();
    let channel = discord.text(discord.guild("Seoul"), "news");
    let body = json!({
        "content": "x", "nonce": "7", "enforce_nonce": true, "allowed_mentions": { "parse": [] },
    });
    let path = format!("channels/{channel}/messages");
    let first = ask(&discord, reqwest::Method::POST, &path, body.clone()).await;
    let again = ask(&discord, reqwest::Method::POST, &path, body).await;
    assert_eq!(first, again);
    assert_eq!(discord.messages(channel).len(), 1);
}

#[tokio::test]
async fn permissions_and_limits_are_kept() {
    let discord = FakeDiscord::start();
    let channel = discord.text(discord.guild("Seoul"), "news");
    let path = format!("channels/{channel}/messages");
    let say = |nonce: &str| {
        json!({
            "content": "x", "nonce": nonce, "enforce_nonce": true, "allowed_mentions": { "parse": [] },
        })
    };
    discord.deny(channel, super::SEND_MESSAGES);
    let (status, body) = ask(&discord, reqwest::Method::POST, &path, say("1")).await;
    assert_eq!((status, &body["code"]), (403, &json!(50_013)));
    discord.deny(channel, 0);
    discord.enforce_limits(50, 2);
    for nonce in ["2", "3"] {
        assert_eq!(
            ask(&discord, reqwest::Method::POST, &path, say(nonce))
                .await
                .0,
            200
        );
    }
    let (status, body) = ask(&discord, reqwest::Method::POST, &path, say("4")).await;
    assert_eq!((status, &body["global"]), (429, &json!(false)));
    let unknown = ask(&discord, reqwest::Method::GET, "channels/5", json!(null)).await;
    assert_eq!(unknown.0, 404);
}

#[test]
fn components_are_held_to_the_limits() {
    let none = Vec::<String>::new();
    let cards = |components: Value| message(json!({ "flags": 1 << 15, "components": components }));
    let text = |length: usize| json!({ "type": 10, "content": "x".repeat(length) });
    let picture = |url: &str| json!({ "type": 11, "media": { "url": url } });
    let section = |texts: usize, beside: Value| json!({ "type": 9, "components": vec![text(1); texts], "accessory": beside });
    let squid = || picture("https://example.com/squid.jpg");
    let card =
        |inside: Vec<Value>| json!([{ "type": 17, "accent_color": 7, "components": inside }]);
    // A container and 13 sections of three components each.
    assert_eq!(cards(card(vec![section(1, squid()); 13])), none);
    let mut full = vec![section(1, squid()); 13];
    full.push(text(1));
    assert_eq!(cards(card(full)).len(), 1);
    assert_eq!(cards(card(vec![text(3_000), text(1_000)])), none);
    assert_eq!(cards(card(vec![text(3_000), text(1_001)])).len(), 1);
    assert_eq!(cards(card(Vec::new())).len(), 1);
    assert_eq!(cards(json!([])).len(), 1);
    assert_eq!(cards(json!([section(3, squid())])), none);
    assert_eq!(cards(json!([section(4, squid())])).len(), 1);
    assert_eq!(cards(json!([section(0, squid())])).len(), 1);
    assert_eq!(cards(json!([section(1, Value::Null)])).len(), 1);
    assert_eq!(
        cards(json!([section(1, picture("ftp://example.com/x"))])).len(),
        1
    );
    let link = |url: &str| json!({ "type": 2, "style": 5, "label": "Open", "url": url });
    assert_eq!(
        cards(json!([section(1, link("https://example.com"))])),
        none
    );
    let long = format!("https://example.com/{}", "x".repeat(500));
    assert_eq!(cards(json!([section(1, link(&long))])).len(), 1);
    for beside in [
        json!({ "content": "x" }),
        json!({ "embeds": [{ "title": "x" }] }),
    ] {
        let mut body = json!({ "flags": 1 << 15, "components": [text(1)] });
        for (name, value) in beside.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        assert_eq!(message(body).len(), 1, "{beside}");
    }
    // Without the flag there are only rows.
    let plain = json!({ "content": "x", "components": [text(1)] });
    assert!(!message(plain).is_empty());
    let option = |value: &str| json!({ "label": "x", "value": value });
    let menu = |options: Vec<Value>| {
        let select = json!({ "type": 3, "custom_id": "read", "options": options });
        json!({ "content": "x", "components": [{ "type": 1, "components": [select] }] })
    };
    let values: Vec<String> = (0..26).map(|value| value.to_string()).collect();
    let options: Vec<Value> = values.iter().map(|value| option(value)).collect();
    assert_eq!(message(menu(options[..25].to_vec())), none);
    assert_eq!(message(menu(options)).len(), 1);
    assert_eq!(message(menu(Vec::new())).len(), 1);
    assert_eq!(message(menu(vec![option("a"), option("a")])).len(), 1);
    assert_eq!(message(menu(vec![option("")])).len(), 1);
    assert_eq!(message(menu(vec![option(&"a".repeat(101))])).len(), 1);
}

#[test]
fn commands_for_messages_have_a_name_and_nothing_to_type() {
    let of_message = |more: Value| {
        let mut command = json!({ "name": "Suggest to the digest", "type": 3 });
        for (key, value) in more.as_object().into_iter().flatten() {
            command[key] = value.clone();
        }
        commands::all(&json!([command]))
    };
    let none = Vec::<String>::new();
    assert_eq!(of_message(json!({ "contexts": [0, 1, 2] })), none);
    assert_eq!(of_message(json!({ "name": "x".repeat(33) })).len(), 1);
    assert_eq!(of_message(json!({ "description": "Sends it" })).len(), 1);
    assert_eq!(of_message(json!({ "options": [] })).len(), 1);
    assert_eq!(of_message(json!({ "type": 2 })).len(), 1);
    // Typed ones have no such names.
    assert_ne!(of_message(json!({ "type": 1, "description": "x" })), none);
    let command = |number: usize| json!({ "name": format!("Do {number}"), "type": 3 });
    let many = |count: usize| commands::all(&(0..count).map(command).collect());
    assert_eq!(many(15), none);
    assert_eq!(many(16).len(), 1);
}
