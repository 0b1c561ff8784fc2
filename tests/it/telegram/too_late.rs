//! Answers that one sees alone live for seconds: tried, repeated where nobody knows, and then gone. They never become public.

use std::time::Duration;

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::alone::{Group, group};
use super::clockwork::settled;
use super::harness::Stage;
use crate::fakes::telegram::Fault;

const HINT: &str = "I couldn’t answer in time";

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_age_ends_an_answer_and_nothing_else() {
    let stage = Stage::new().await;
    let Group { chat, ben, .. } = group(&stage).await;
    let ben = ben.known();
    let slow = Fault::on("sendMessage").in_chat(chat.id()).hold_before();
    let slow = stage.server.inject(slow);
    chat.says_alone(&ben, "/latest japan");
    slow.wait_until_held().await;
    stage.server.passes(Duration::from_secs(16));
    slow.release();
    let hint = ben.chat().wait_for_messages(1).await.remove(0).text;
    assert_snapshot!(hint, @"I couldn’t answer in time, for you alone, what you asked in Korea watchers. Please ask again, there or here.");
    // The group is none the worse for it.
    chat.asks_alone(&ben, "/latest japan").await;
    assert_eq!((chat.sent(), ben.chat().sent()), (0, 1));
    assert_eq!(stage.pause_of_address(&chat.id().to_string()), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_long_ago_is_answered_by_one_word_in_private() {
    let stage = Stage::new().await;
    let Group { chat, ben, cho, .. } = group(&stage).await;
    let ben = ben.known();
    let now = stage.app().now();
    let ago = |seconds| (now - SignedDuration::from_secs(seconds)).as_second();
    chat.said_alone_at(&ben, ago(60), "/latest japan");
    chat.said_alone_at(&ben, ago(50), "/latest us-nk");
    // Cho has no private chat with the bot: nothing is said to anybody. And an hour ago is too long for a word.
    chat.said_alone_at(&cho, ago(60), "/latest japan");
    chat.said_alone_at(&ben, ago(3_600), "/sections");
    let hint = ben.chat().wait_for_messages(1).await.remove(0).text;
    assert!(hint.starts_with(HINT), "{hint}");
    stage.server.wait_until_confirmed().await;
    chat.asks_alone(&cho, "/latest japan").await;
    settled(&stage).await;
    assert_eq!(
        (chat.sent(), ben.chat().sent(), cho.chat().sent()),
        (0, 1, 0)
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_takes_ends_after_fifteen_seconds() {
    let stage = Stage::new().await;
    let Group { chat, ben, cho, .. } = group(&stage).await;
    let ben = ben.known();
    let broken = Fault::on("sendMessage").in_chat(chat.id()).always();
    let broken = broken.answer(500, "Internal Server Error");
    let broken = stage.server.inject(broken);
    chat.says_alone(&ben, "/latest japan");
    chat.says_alone(&cho, "/latest japan");
    let hint = stage.run(ben.chat().wait_for_messages(1)).await.remove(0);
    assert!(hint.text.starts_with(HINT), "{}", hint.text);
    assert!(broken.hits() > 3, "it was tried more than once");
    broken.stop();
    stage.run(settled(&stage)).await;
    assert_eq!(chat.sent(), 0, "{}", chat.transcript());
    assert_eq!(
        chat.seen_by(&cho),
        "── Cho (to the bot alone)\n/latest japan\n"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_is_repeated() {
    let stage = Stage::new().await;
    let Group { chat, ben, .. } = group(&stage).await;
    let lost = Fault::on("sendMessage").in_chat(chat.id()).answer_lost();
    stage.server.inject(lost);
    let asked = chat.says_alone(&ben, "/latest japan");
    let (first, _) = chat.wait_for_alone(&ben, asked).await;
    stage.run(chat.wait_for_alone(&ben, first)).await;
    settled(&stage).await;
    assert_eq!(chat.sent(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_private_is_sent_after_a_restart() {
    let mut stage = Stage::new().await;
    let Group { chat, ben, cho, .. } = group(&stage).await;
    let (ben, cho) = (ben.known(), cho.known());
    // Cho's answer waits for its next try, and Ben's may have arrived.
    let chos = Fault::on("sendMessage").holding(&format!("\"receiver_user_id\":{}", cho.id()));
    let chos = chos.always().answer(500, "Internal Server Error");
    let chos = stage.server.inject(chos);
    chat.says_alone(&cho, "/latest japan");
    let waits = || {
        let store = stage.app().store().blocking();
        store.read(|db| db.next_answer("telegram")).unwrap()
    };
    stage.seen("a next try", waits).await;
    let held = Fault::on("sendMessage").in_chat(chat.id()).hold_before();
    let held = stage.server.inject(held);
    chat.says_alone(&ben, "/latest japan");
    held.wait_until_held().await;
    stage.kill().await;
    chos.stop();
    stage.start().await;
    let hint = cho.chat().wait_for_messages(1).await.remove(0).text;
    assert!(hint.starts_with(HINT), "{hint}");
    chat.asks_alone(&ben, "/sections").await;
    let seen = chat.transcript();
    assert_eq!(seen.matches("── Tidings").count(), 1, "{seen}");
    assert_eq!((chat.sent(), ben.chat().sent()), (0, 0));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_readers_at_once_do_not_wait_for_each_other() {
    let stage = Stage::new().await;
    let Group { chat, ben, cho, .. } = group(&stage).await;
    let bens = Fault::on("sendMessage").holding(&format!("\"receiver_user_id\":{}", ben.id()));
    let bens = bens.always().answer(500, "Internal Server Error");
    let bens = stage.server.inject(bens);
    let asked = chat.says_alone(&ben, "/latest japan");
    stage
        .seen("a try", || (bens.hits() > 0).then_some(()))
        .await;
    // The clock stands still, so Ben's isn't tried again before Cho's is there.
    let answer = chat.asks_alone(&cho, "/latest japan").await;
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    bens.stop();
    stage.run(chat.wait_for_alone(&ben, asked)).await;
    assert!(!chat.seen_by(&ben).contains("Cho"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_of_all_holds_up_what_one_sees_alone() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    let public = Fault::on("sendMessage").holding("\"reply_parameters\":{\"allow_sending");
    let public = public.always().answer(500, "Internal Server Error");
    let public = stage.server.inject(public);
    let said = chat.says(&ana, "/latest japan");
    stage
        .seen("a try", || (public.hits() > 0).then_some(()))
        .await;
    let answer = chat.asks_alone(&ben, "/latest japan").await;
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    public.stop();
    stage.run(chat.wait_for_reply(said)).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_one_answer_says_nothing_about_the_group() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.asks(&ana, "/subscribe japan instant").await;
    for description in ["BOT_NOT_ADMIN", "USER_NOT_PARTICIPANT"] {
        let refused = Fault::on("sendMessage").in_chat(chat.id());
        let refused = refused.answer(400, &format!("Bad Request: {description}"));
        let refused = stage.server.inject(refused);
        chat.says_alone(&ben, "/latest japan");
        stage
            .seen("the refusal", || (refused.hits() > 0).then_some(()))
            .await;
        chat.asks_alone(&ben, "/latest japan").await;
    }
    // A group that takes none of them is answered in the open from then on, and gets its posts.
    let refused = Fault::on("sendMessage").holding("ephemeral_message_parameters");
    let refused = refused
        .always()
        .answer(400, "Bad Request: EPHEMERAL_MESSAGES_FORBIDDEN");
    let refused = stage.server.inject(refused);
    chat.says_alone(&ben, "/latest japan");
    stage
        .seen("the refusal", || (refused.hits() > 0).then_some(()))
        .await;
    settled(&stage).await;
    assert_eq!(chat.sent(), 1);
    chat.says_alone(&ben, "/latest japan");
    let answer = chat.wait_for_messages(2).await.remove(1);
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    stage.news("2026-11-06.txt", "# Japan\nSquid counted again | Text.");
    chat.wait_for_messages(3).await;
    assert_eq!(refused.hits(), 1);
    assert_eq!(stage.pause_of_address(&chat.id().to_string()), None);
    stage.over().await;
}
