//! Messages that one member of a group sees, and moments.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::html::parse;
use super::super::{Chat, FakeTelegram, Person, Status};
use super::client::{call, ok, refused};

/// A group with the bot, whose readers' `/latest` is an ephemeral command.
async fn group(server: &FakeTelegram) -> (Chat, Person) {
    let ann = server.person("Ann");
    let group = server.supergroup("Group").with_member(&ann).with_bot();
    let latest = json!([{ "command": "latest", "description": "News", "is_ephemeral": true }]);
    let scope = json!({ "type": "all_group_chats" });
    ok(
        server,
        "setMyCommands",
        json!({ "commands": latest, "scope": scope }),
    )
    .await;
    (group, ann)
}

fn to_one(chat: &Chat, person: &Person, besides: &Value) -> Value {
    let mut body = json!({
        "chat_id": chat.id(), "text": "x",
        "ephemeral_message_parameters": { "receiver_user_id": person.id() },
    });
    for (name, value) in besides.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn a_bot_that_was_asked_answers_one_alone() {
    let server = FakeTelegram::start();
    let (group, ann) = group(&server).await;
    let asked = group.says_alone(&ann, "/latest");
    let reply = json!({ "reply_parameters": { "ephemeral_message_id": asked } });
    let sent = ok(&server, "sendMessage", to_one(&group, &ann, &reply)).await;
    assert_eq!(
        (&sent["message_id"], &sent["receiver_user"]["id"]),
        (&json!(0), &json!(ann.id()))
    );
    let number = sent["ephemeral_message_id"].clone();
    assert!(group.messages().is_empty() && group.seen_by(&ann).contains("(to Ann alone)"));
    let mut edit = json!({
        "chat_id": group.id(), "receiver_user_id": ann.id(), "ephemeral_message_id": number, "text": "y",
    });
    assert_eq!(
        ok(&server, "editEphemeralMessageText", edit.clone()).await,
        true
    );
    group.forgets_alone(&ann);
    edit["text"] = json!("z");
    let (code, why) = refused(&server, "editEphemeralMessageText", edit).await;
    assert_eq!(
        (code, why.as_str()),
        (400, "Bad Request: message to edit not found")
    );
    server.assert_clean();
}

#[tokio::test]
async fn who_was_not_asked_just_now_is_refused() {
    let server = FakeTelegram::start();
    let (group, ann) = group(&server).await;
    let bea = server.person("Bea");
    let group = group.with_member(&bea);
    let channel = server.channel("Channel").with_bot();
    let asked = group.says_alone(&ann, "/latest");
    let reply = json!({ "reply_parameters": { "ephemeral_message_id": asked } });
    let unasked = json!({});
    let replaced = json!({ "ephemeral_message_parameters": {
        "receiver_user_id": ann.id(), "replace_callback_query_message": true } });
    for (body, words) in [
        (to_one(&group, &ann, &unasked), "BOT_NOT_ADMIN"),
        (to_one(&group, &bea, &reply), "to be replied not found"),
        (to_one(&channel, &ann, &reply), "CHAT_TYPE_INVALID"),
        (to_one(&group, &ann, &replaced), "isn't modelled"),
    ] {
        let (_, why) = refused(&server, "sendMessage", body.clone()).await;
        assert!(why.contains(words), "{body}: {why}");
    }
    assert_eq!(server.take_violations().len(), 4);
    // What comes too late is nobody's mistake.
    server.passes(Duration::from_secs(16));
    let (_, why) = refused(&server, "sendMessage", to_one(&group, &ann, &reply)).await;
    assert!(why.contains("too old"), "{why}");
    group.set_bot(&bea, Status::Administrator(Default::default()));
    ok(&server, "sendMessage", to_one(&group, &ann, &unasked)).await;
    server.assert_clean();
}

#[tokio::test]
async fn an_older_server_shows_it_to_all_and_gives_nothing_back() {
    let server = FakeTelegram::start();
    server.is_older();
    let (group, ann) = group(&server).await;
    let scope = json!({ "scope": { "type": "all_group_chats" } });
    let shown = ok(&server, "getMyCommands", scope).await;
    assert_eq!(
        shown,
        json!([{ "command": "latest", "description": "News" }])
    );
    let sent = ok(&server, "sendMessage", to_one(&group, &ann, &json!({}))).await;
    assert!(sent.get("ephemeral_message_id").is_none());
    assert_eq!(group.texts(), ["x"]);
    let edit = json!({
        "chat_id": group.id(), "receiver_user_id": ann.id(), "ephemeral_message_id": 7, "text": "y",
    });
    let (status, _) = call(&server, "editEphemeralMessageText", &edit)
        .await
        .expect("an answer");
    assert_eq!(status, 404);
    let body = json!({
        "chat_id": group.id(), "parse_mode": "HTML", "text": "<tg-time unix=\"1\" format=\"t\">x</tg-time>",
    });
    let (_, why) = refused(&server, "sendMessage", body).await;
    assert!(why.contains("can't parse entities"), "{why}");
    server.assert_clean();
}

#[test]
fn moments_are_read_with_their_formats() {
    for (format, is_one) in [
        ("wDt", true),
        ("r", true),
        ("", true),
        ("dT", true),
        ("tD", false),
        ("rt", false),
        ("f", false),
    ] {
        let html = format!("at <tg-time unix=\"1647531900\" format=\"{format}\">22:45</tg-time>");
        let read = parse(&html);
        assert_eq!(read.is_ok(), is_one, "{format}: {read:?}");
        if let Ok(read) = read {
            assert_eq!(read.text, "at 22:45");
            let moment = Some((1_647_531_900, format.to_owned()));
            assert_eq!(read.entities[0].moment, moment);
        }
    }
    for wrong in [
        "<tg-time>x</tg-time>",
        "<tg-time unix=\"soon\">x</tg-time>",
        "<tg-time unix=\"1\" zone=\"x\">x</tg-time>",
        "<a href=\"https://x.org\"><tg-time unix=\"1\">x</tg-time></a>",
    ] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}
