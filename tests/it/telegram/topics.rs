//! Forum topics: each is a channel of its own, and its trouble is nobody else's.

use insta::assert_snapshot;
use serde_json::json;

use super::harness::{Stage, owned_group};
use super::moving::settled;
use crate::fakes::telegram::{Chat, Message, Person, Speech};
use crate::harness::row;

const NEWS: &str = "# US-NK Relations
    Envoy to visit Seoul next week | She will stay for two days.
    # Japan
    Tokyo counts its squid | There are many.";

const LATER: &str = "# US-NK Relations
    Envoy has arrived | By train.
    # Japan
    Tokyo has counted its squid | There are fewer.";

/// A forum with the bot as a plain member, and its owner.
fn forum(stage: &Stage) -> (Chat, Person) {
    let ana = stage.server.person("Ana");
    let forum = stage
        .server
        .forum("Korea watchers")
        .with_owner(&ana)
        .with_bot();
    (forum, ana)
}

async fn ask_in(forum: &Chat, person: &Person, topic: i64, text: &str) -> Message {
    let said = forum.says_in_topic(person, topic, text);
    forum.wait_for_reply(said).await
}

/// The bot's texts in one topic.
fn texts_in(forum: &Chat, topic: Option<i64>) -> Vec<String> {
    let messages = forum.messages().into_iter();
    messages
        .filter(|message| message.message_thread_id == topic)
        .map(|message| message.text)
        .collect()
}

/// Two topics that follow a section each.
async fn two_topics(stage: &Stage, forum: &Chat, ana: &Person) -> (i64, i64) {
    let nuclear = forum.topic(ana, "Nuclear");
    let sea = forum.topic(ana, "The sea");
    ask_in(forum, ana, nuclear, "/subscribe us-nk daily 09:00").await;
    ask_in(forum, ana, sea, "/subscribe japan daily 09:00").await;
    settled(stage).await;
    (nuclear, sea)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_topic_follows_what_it_likes() {
    let stage = Stage::new().await;
    let (forum, ana) = forum(&stage);
    let (nuclear, sea) = two_topics(&stage, &forum, &ana).await;
    let general = forum.asks(&ana, "/subscriptions").await;
    assert_eq!(general.message_thread_id, None);
    assert!(general.text.contains("nothing"), "{}", general.text);
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    forum.wait_for_messages(5).await;
    let (nuclear, sea) = (texts_in(&forum, Some(nuclear)), texts_in(&forum, Some(sea)));
    assert_eq!((nuclear.len(), sea.len()), (2, 2));
    assert_snapshot!(nuclear[1], @"
    Roundup · Saturday 7 November

    US–North Korea relations
    • Envoy to visit Seoul next week  /read_6

    1 headline · next: Sun 8 Nov 09:00 UTC
    ");
    assert_snapshot!(sea[1], @"
    Roundup · Saturday 7 November

    Japan
    • Tokyo counts its squid  /read_7

    1 headline · next: Sun 8 Nov 09:00 UTC
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_topic_is_paused_alone_and_catches_up_once() {
    let stage = Stage::new().await;
    let (forum, ana) = forum(&stage);
    let (nuclear, sea) = two_topics(&stage, &forum, &ana).await;
    forum.closes_topic(&ana, nuclear);
    stage.server.wait_until_confirmed().await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    forum.wait_for_messages(3).await;
    stage.news("weekly-november-7-2026.txt", LATER);
    stage.at("2026-11-08T09:00[UTC]");
    forum.wait_for_messages(4).await;
    assert_eq!(texts_in(&forum, Some(sea)).len(), 3);
    assert_eq!(texts_in(&forum, Some(nuclear)).len(), 1);
    forum.reopens_topic(&ana, nuclear);
    forum.wait_for_messages(5).await;
    let subscriptions = ask_in(&forum, &ana, nuclear, "/subscriptions").await;
    assert!(subscriptions.text.contains("us-nk"));
    assert_eq!(forum.sent(), 6);
    assert_snapshot!(texts_in(&forum, Some(nuclear))[1], @"
    Catch-up · Sunday 8 November

    US–North Korea relations
    • Envoy has arrived  /read_8
    • Envoy to visit Seoul next week  /read_6

    2 headlines · next: Mon 9 Nov 09:00 UTC
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_was_closed_unseen_is_paused_by_the_refusal() {
    let stage = Stage::new().await;
    let (forum, ana) = forum(&stage);
    let (nuclear, sea) = two_topics(&stage, &forum, &ana).await;
    stage.server.with(|world| {
        let state = world.chats.get_mut(&forum.id());
        if let Some(topic) = state.and_then(|state| state.topics.get_mut(&nuclear)) {
            topic.closed = true;
        }
    });
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    forum.wait_for_messages(3).await;
    stage.server.wait_for_request("sendMessage", 5).await;
    settled(&stage).await;
    assert_eq!(texts_in(&forum, Some(sea)).len(), 2);
    // Back again: the part that was refused arrives.
    forum.reopens_topic(&ana, nuclear);
    forum.wait_for_messages(4).await;
    let subscriptions = ask_in(&forum, &ana, nuclear, "/subscriptions").await;
    assert!(
        !subscriptions.text.contains("stopped"),
        "{}",
        subscriptions.text
    );
    assert_eq!(texts_in(&forum, Some(nuclear)).len(), 3);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_topic_is_paused_alone() {
    let stage = Stage::new().await;
    let (forum, ana) = forum(&stage);
    let (nuclear, sea) = two_topics(&stage, &forum, &ana).await;
    forum.deletes_topic(&ana, nuclear);
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    forum.wait_for_messages(3).await;
    stage.server.wait_for_request("sendMessage", 5).await;
    settled(&stage).await;
    stage.news("weekly-november-7-2026.txt", LATER);
    stage.at("2026-11-08T09:00[UTC]");
    forum.wait_for_messages(4).await;
    assert_eq!(texts_in(&forum, Some(sea)).len(), 3);
    settled(&stage).await;
    let status = ask_in(&forum, &ana, sea, "/status").await.text;
    assert!(status.contains("Nothing is waiting"), "{status}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_general_topic_leaves_the_others_alone() {
    let stage = Stage::new().await;
    let (forum, ana) = forum(&stage);
    let (nuclear, _sea) = two_topics(&stage, &forum, &ana).await;
    // The General topic's service messages carry no thread.
    forum.service(&ana, "forum_topic_closed", json!({}));
    stage.server.wait_until_confirmed().await;
    let subscriptions = row(
        stage.app(),
        &format!("telegram:{}/{nuclear}", forum.id())
            .parse()
            .unwrap(),
    );
    assert!(subscriptions.is_some_and(|channel| channel.pause.is_none()));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_in_general_doesnt_reopen_a_closed_topic() {
    let stage = Stage::new().await;
    let (forum, ana) = forum(&stage);
    let (nuclear, _sea) = two_topics(&stage, &forum, &ana).await;
    forum.closes_topic(&ana, nuclear);
    stage.server.wait_until_confirmed().await;
    forum.asks(&ana, "/latest").await;
    let channel = row(
        stage.app(),
        &format!("telegram:{}/{nuclear}", forum.id())
            .parse()
            .unwrap(),
    );
    assert!(channel.is_some_and(|channel| channel.pause.is_some()));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_in_a_group_without_topics_stays_in_the_group() {
    let stage = Stage::new().await;
    let (group, ana) = owned_group(&stage);
    // A thread of replies has a number too, and is no topic.
    let first = group.says(&ana, "Good morning");
    let said = group.says_in_topic(&ana, first, "/subscribe us-nk daily 09:00");
    let answer = group.wait_for_reply(said).await;
    assert_eq!(answer.message_thread_id, None);
    let general = group.asks(&ana, "/subscriptions").await.text;
    assert!(general.contains("us-nk"), "{general}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_is_named_behind_its_chat() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let forum = stage.server.forum("Forum").with_owner(&ana).with_bot();
    let topic = forum.topic(&ana, "Squid");
    let there = format!("{}/{topic}", forum.id());
    let answer = ana
        .asks(&format!("/subscribe {there} japan daily 09:00"))
        .await
        .text;
    assert!(answer.contains("now follows Japan"), "{answer}");
    let answer = ana
        .asks(&format!("/subscriptions {}", forum.id()))
        .await
        .text;
    assert!(answer.contains("follows nothing"), "{answer}");
    forum.speak(Speech::anonymous().text("/preview").in_topic(topic));
    let hint = forum.wait_for_messages(1).await.remove(0).text;
    assert!(hint.ends_with(&format!("/preview {there}")), "{hint}");
    stage.over().await;
}
