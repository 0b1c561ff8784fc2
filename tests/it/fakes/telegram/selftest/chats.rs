//! What a chat's state does to the bot.

use serde_json::{Value, json};

use super::super::{BOT, Chat, FakeTelegram, GENERAL, Rights, Speech, Status};
use super::client::{call, ok, refused, send};

async fn refusal(server: &FakeTelegram, chat: &Chat) -> String {
    let (code, text) = refused(
        server,
        "sendMessage",
        json!({ "chat_id": chat.id(), "text": "x" }),
    )
    .await;
    let prefix = if code == 403 {
        "Forbidden: "
    } else {
        "Bad Request: "
    };
    text.strip_prefix(prefix)
        .unwrap_or("with the wrong code")
        .to_owned()
}

async fn updates(server: &FakeTelegram) -> Vec<Value> {
    let all = json!({ "allowed_updates": ["message", "channel_post", "my_chat_member", "chat_member", "callback_query"] });
    let batch = ok(server, "getUpdates", all).await;
    let batch = batch.as_array().cloned().unwrap_or_default();
    let next = batch
        .last()
        .map_or(0, |last| last["update_id"].as_i64().unwrap_or(0) + 1);
    ok(server, "getUpdates", json!({ "offset": next })).await;
    batch
}

#[tokio::test]
async fn every_closed_door_has_its_words() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann");
    assert_eq!(
        refusal(&server, &ann.chat()).await,
        "bot can't initiate conversation with a user"
    );
    ann.starts();
    send(&server, ann.id(), "welcome").await;
    ann.blocks();
    assert_eq!(
        refusal(&server, &ann.chat()).await,
        "bot was blocked by the user"
    );
    ann.unblocks();
    send(&server, ann.id(), "again").await;
    ann.deactivates();
    assert_eq!(refusal(&server, &ann.chat()).await, "user is deactivated");
    let bob = server.person("Bob");
    let group = server.group("Readers").with_bot();
    send(&server, group.id(), "hello").await;
    group.remove_bot(&bob);
    assert_eq!(
        refusal(&server, &group).await,
        "bot was kicked from the group chat"
    );
    let supergroup = server.supergroup("More readers").with_bot();
    supergroup.remove_bot(&bob);
    assert_eq!(
        refusal(&server, &supergroup).await,
        "bot was kicked from the supergroup chat"
    );
    supergroup.restrict_bot(&bob, false);
    assert_eq!(
        refusal(&server, &supergroup).await,
        "not enough rights to send text messages to the chat"
    );
    supergroup.restrict_bot(&bob, true);
    send(&server, supergroup.id(), "at last").await;
    let channel = server.channel("Hanbit").with_username("hanbit");
    assert_eq!(
        refusal(&server, &channel).await,
        "bot is not a member of the channel chat"
    );
    let silent = Rights {
        can_post_messages: false,
        ..Rights::default()
    };
    channel.promote_bot(&bob, silent);
    assert_eq!(
        refusal(&server, &channel).await,
        "need administrator rights in the channel chat"
    );
    channel.promote_bot(&bob, Rights::default());
    ok(
        &server,
        "sendMessage",
        json!({ "chat_id": "@Hanbit", "text": "news" }),
    )
    .await;
    channel.remove_bot(&bob);
    assert_eq!(
        refusal(&server, &channel).await,
        "bot was kicked from the channel chat"
    );
    let nobody = refused(&server, "sendMessage", json!({ "chat_id": 5, "text": "x" })).await;
    assert_eq!(nobody, (400, "Bad Request: chat not found".to_owned()));
    server.assert_clean();
}

#[tokio::test]
async fn topics_close_and_vanish() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann");
    let forum = server.forum("Forum").with_bot().with_owner(&ann);
    let news = forum.topic(&ann, "News");
    let body =
        |thread: i64| json!({ "chat_id": forum.id(), "message_thread_id": thread, "text": "x" });
    let sent = ok(&server, "sendMessage", body(news)).await;
    assert_eq!(
        (&sent["is_topic_message"], &sent["message_thread_id"]),
        (&json!(true), &json!(news))
    );
    forum.closes_topic(&ann, news);
    assert_eq!(
        refused(&server, "sendMessage", body(news)).await.1,
        "Bad Request: TOPIC_CLOSED"
    );
    forum.reopens_topic(&ann, news);
    ok(&server, "sendMessage", body(news)).await;
    forum.deletes_topic(&ann, news);
    for thread in [news, 1, 77] {
        let (_, why) = refused(&server, "sendMessage", body(thread)).await;
        assert_eq!(why, "Bad Request: message thread not found");
    }
    send(&server, forum.id(), "to General").await;
    let told: Vec<Value> = updates(&server).await;
    forum.closes_topic(&ann, GENERAL);
    assert_eq!(refusal(&server, &forum).await, "TOPIC_CLOSED");
    assert!(updates(&server).await[0]["message"]["message_thread_id"].is_null());
    forum.promote_bot(&ann, Rights::default());
    send(
        &server,
        forum.id(),
        "who manages topics writes in closed ones",
    )
    .await;
    let fields: Vec<&str> = [
        "forum_topic_created",
        "forum_topic_closed",
        "forum_topic_reopened",
    ]
    .to_vec();
    let told: Vec<bool> = told
        .iter()
        .zip(fields)
        .map(|(u, field)| u["message"][field].is_object())
        .collect();
    assert_eq!(told, [true, true, true]);
}

#[tokio::test]
async fn a_group_becomes_a_supergroup() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann");
    let group = server.group("Readers").with_bot().with_administrator(&ann);
    let new = group.upgrade(&ann);
    let body = json!({ "chat_id": group.id(), "text": "x" });
    let (status, answer) = call(&server, "sendMessage", &body)
        .await
        .expect("an answer");
    assert_eq!(status, 400);
    assert_eq!(
        answer["description"],
        "Bad Request: group chat was upgraded to a supergroup chat"
    );
    assert_eq!(answer["parameters"]["migrate_to_chat_id"], new.id());
    send(&server, new.id(), "here we are").await;
    let told = updates(&server).await;
    assert_eq!(told[0]["message"]["migrate_to_chat_id"], new.id());
    assert_eq!(told[1]["message"]["migrate_from_chat_id"], group.id());
    let member = json!({ "chat_id": new.id(), "user_id": ann.id() });
    assert_eq!(
        ok(&server, "getChatMember", member).await["status"],
        "administrator"
    );
    let quiet = server.group("Quiet").with_bot().upgrade_quietly();
    assert!(
        updates(&server).await.is_empty(),
        "nobody tells of {quiet:?}"
    );
}

#[tokio::test]
async fn who_speaks_is_shown_as_telegram_shows_it() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann").with_username("ann").speaking("ko");
    let group = server.supergroup("Readers");
    group.says(&ann, "the bot can't hear this");
    group.add_bot(&ann);
    group.says(&ann, "/latest@TidingsTestBot us-nk @bob, a/b e@mail.org");
    group.anonymous_says("/subscribe us-nk");
    let channel = server.channel("Hanbit").with_bot();
    group.speak(Speech::as_channel(&channel).text("/help"));
    channel.posts("/help");
    group.speak(Speech::by(&ann).sticker());
    let told = updates(&server).await;
    assert_eq!(
        told[0]["my_chat_member"]["new_chat_member"]["user"]["id"],
        BOT
    );
    assert_eq!(told[1]["message"]["new_chat_members"][0]["id"], BOT);
    let said = &told[2]["message"];
    let marks = said["entities"].as_array().expect("entities");
    let marks: Vec<_> = marks
        .iter()
        .map(|e| (&e["type"], &e["offset"], &e["length"]))
        .collect();
    let (command, mention) = (json!("bot_command"), json!("mention"));
    assert_eq!(
        marks,
        [
            (&command, &json!(0), &json!(22)),
            (&mention, &json!(29), &json!(4))
        ]
    );
    assert_eq!(said["from"]["language_code"], "ko");
    let shown = |n: usize| {
        (
            &told[n]["message"]["from"]["id"],
            &told[n]["message"]["sender_chat"]["id"],
        )
    };
    assert_eq!(shown(3), (&json!(1_087_968_824), &json!(group.id())));
    assert_eq!(shown(4), (&json!(136_817_688), &json!(channel.id())));
    assert_eq!(told[5]["channel_post"]["sender_chat"]["id"], channel.id());
    assert!(told[5]["channel_post"]["from"].is_null());
    assert!(told[6]["message"]["sticker"].is_object() && told[6]["message"]["text"].is_null());
}

#[tokio::test]
async fn members_are_listed_where_the_bot_may_look() {
    let server = FakeTelegram::start();
    let (ann, bob) = (server.person("Ann"), server.person("Bob"));
    let hidden = Status::Administrator(Rights {
        is_anonymous: true,
        ..Rights::default()
    });
    let group = server
        .supergroup("Readers")
        .with_bot()
        .with_owner(&ann)
        .with(&bob, hidden);
    let list = ok(
        &server,
        "getChatAdministrators",
        json!({ "chat_id": group.id() }),
    )
    .await;
    assert_eq!(
        (&list[0]["status"], &list[1]["is_anonymous"]),
        (&json!("creator"), &json!(true))
    );
    assert_eq!(
        ok(
            &server,
            "getChatMemberCount",
            json!({ "chat_id": group.id() })
        )
        .await,
        3
    );
    let ask = |chat: &Chat, user: i64| json!({ "chat_id": chat.id(), "user_id": user });
    let (_, why) = refused(&server, "getChatMember", ask(&group, 9)).await;
    assert_eq!(why, "Bad Request: PARTICIPANT_ID_INVALID");
    let channel = server.channel("Hanbit").with_bot_as(Status::Member);
    let (_, why) = refused(&server, "getChatMember", ask(&channel, ann.id())).await;
    assert_eq!(why, "Bad Request: member list is inaccessible");
    group.demote(&ann, &bob);
    assert_eq!(
        ok(&server, "getChatMember", ask(&group, bob.id())).await["status"],
        "member"
    );
    assert!(
        updates(&server).await.is_empty(),
        "only an administrator hears of other people's rights"
    );
    group.promote_bot(&ann, Rights::default());
    group.promote(&ann, &bob);
    assert!(updates(&server).await[1]["chat_member"].is_object());
    ok(&server, "leaveChat", json!({ "chat_id": group.id() })).await;
    assert_eq!(
        refusal(&server, &group).await,
        "bot is not a member of the supergroup chat"
    );
}

#[tokio::test]
async fn edits_presses_and_deletions_show_in_the_transcript() {
    let server = FakeTelegram::start();
    let ann = server.person("Ann");
    let said = ann.says("/latest");
    let chat = ann.chat();
    let keyboard =
        |label: &str| json!({ "inline_keyboard": [[{ "text": label, "callback_data": "p:2" }]] });
    let text = |text: &str| json!({ "chat_id": chat.id(), "text": text, "parse_mode": "HTML" });
    let mut body = text("<b>Page 1</b>");
    body["reply_markup"] = keyboard("Older");
    body["reply_parameters"] = json!({ "message_id": said });
    let sent = ok(&server, "sendMessage", body.clone()).await;
    let press = ann.presses("Older");
    assert_eq!(server.unanswered_callbacks(), std::slice::from_ref(&press));
    ok(
        &server,
        "answerCallbackQuery",
        json!({ "callback_query_id": press, "text": "One moment" }),
    )
    .await;
    for id in [press.as_str(), "77"] {
        let (_, why) = refused(
            &server,
            "answerCallbackQuery",
            json!({ "callback_query_id": id }),
        )
        .await;
        assert!(why.contains("query is too old"), "{why}");
    }
    assert_eq!(
        server.take_violations().len(),
        1,
        "only the press that never was"
    );
    body["message_id"] = sent["message_id"].clone();
    body.as_object_mut()
        .expect("an object")
        .remove("reply_parameters");
    let (_, why) = refused(&server, "editMessageText", body.clone()).await;
    assert!(
        why.starts_with("Bad Request: message is not modified"),
        "{why}"
    );
    body["text"] = json!("<i>Page 2</i>");
    ok(&server, "editMessageText", body.clone()).await;
    body["message_id"] = json!(said);
    let (_, why) = refused(&server, "editMessageText", body.clone()).await;
    assert_eq!(why, "Bad Request: message can't be edited");
    body["message_id"] = json!(99);
    let (_, why) = refused(&server, "editMessageText", body).await;
    assert_eq!(why, "Bad Request: message to edit not found");
    let gone = send(&server, chat.id(), "a mistake").await["message_id"].clone();
    ok(
        &server,
        "deleteMessage",
        json!({ "chat_id": chat.id(), "message_id": gone }),
    )
    .await;
    assert_eq!(
        chat.transcript(),
        "── Ann\n/latest\n── Tidings (reply to “/latest”) (edited)\n_Page 2_\n[ Older ]\n\
         ── Ann presses [ Older ]\n(notice: One moment)\n── Tidings (deleted)\na mistake\n"
    );
    assert_eq!(chat.texts(), ["Page 2"]);
}
