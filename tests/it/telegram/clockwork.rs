//! Time and the ledger as tests of faults need them: a clock that runs while something is waited for, and
//! looks at what the bot has written down.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tidings_core::channel::Pause;
use tidings_core::ids::ChannelKey;
use tidings_store::{ClaimCursor, Claimed, Queue, StoreError};

use super::harness::Stage;
use crate::fakes::telegram::{Chat, FakeTelegram, Message, Person, Request, World};
use crate::harness::row;

/// How often the running clock moves on.
const BEAT: Duration = Duration::from_millis(20);

/// How far it moves then: pauses of seconds take hundredths of them.
const STEP: SignedDuration = SignedDuration::from_millis(500);

#[expect(
    clippy::disallowed_methods,
    reason = "the beat of a clock that a test lets run"
)]
pub(crate) async fn beat() {
    tokio::time::sleep(BEAT).await;
}

/// Lets the clock jump.
pub(crate) fn pass(stage: &Stage, time: SignedDuration) {
    let then: Timestamp = stage.app().now().checked_add(time).unwrap();
    stage.at(&format!("{then}[UTC]"));
}

/// Lets the clock run until something has come.
pub(crate) async fn run<T>(stage: &Stage, coming: impl Future<Output = T>) -> T {
    tokio::pin!(coming);
    loop {
        tokio::select! {
            come = &mut coming => return come,
            () = beat() => pass(stage, STEP),
        }
    }
}

/// Waits until a look finds something that no request tells of. The clock stands still.
pub(crate) async fn seen<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..1_500 {
        if let Some(found) = look() {
            return found;
        }
        beat().await;
    }
    panic!("waited in vain for {what}");
}

/// Lets the clock run until a look finds something.
pub(crate) async fn run_until<T>(stage: &Stage, what: &str, look: impl FnMut() -> Option<T>) -> T {
    run(stage, seen(what, look)).await
}

/// The key under which a chat is kept.
pub(crate) fn key(chat: &Chat) -> ChannelKey {
    format!("telegram:{}", chat.id()).parse().unwrap()
}

/// How the outbox stands.
pub(crate) fn queue(stage: &Stage) -> Queue {
    stage
        .app()
        .store()
        .blocking()
        .read(|db| db.queue(None))
        .unwrap()
}

/// What stops deliveries to a chat, if anything.
pub(crate) fn pause_of(stage: &Stage, chat: &Chat) -> Option<Pause> {
    let row = row(stage.app(), &key(chat));
    row.expect("the chat is known").pause
}

/// What Telegram's trouble is, as the store has it.
pub(crate) fn trouble(stage: &Stage) -> Option<String> {
    let state = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.platform("telegram"));
    state.unwrap()?.trouble.map(|(what, _)| what)
}

/// The first part of each chat that nobody has in hand, whenever its time comes; nothing is changed.
pub(crate) fn parts_at_rest(stage: &Stage) -> Vec<Claimed> {
    let much_later = stage.app().now() + SignedDuration::from_hours(24);
    let mut found = Vec::new();
    let undone = stage.app().store().blocking().write(|db| {
        let mut round = ClaimCursor::default();
        found = db.claim("telegram", much_later, &mut round, 100)?;
        Err::<(), _>(StoreError::Missing)
    });
    assert!(matches!(undone, Err(StoreError::Missing)));
    found
}

/// Waits until whatever was sent is written down as sent, so that a kill repeats nothing of it.
pub(crate) async fn settled(stage: &Stage) {
    seen("a ledger without open answers and parts", || {
        let mut open = 0;
        let undone = stage.app().store().blocking().write(|db| {
            let much_later = stage.app().now() + SignedDuration::from_hours(24);
            open = db.queue(None)?.waiting;
            // What is in flight is recovered, or ended: it wouldn't be claimed again.
            open += db.recover("telegram")?;
            open += db.claim_answers("telegram", much_later, 100)?.len();
            Err::<(), _>(StoreError::Missing)
        });
        assert!(matches!(undone, Err(StoreError::Missing)));
        (open == 0).then_some(())
    })
    .await;
}

/// Waits until so many chats' parts were tried and written down as not delivered.
pub(crate) async fn failed(stage: &Stage, chats: usize) {
    let what = format!("{chats} parts that failed");
    let tried = |part: &Claimed| part.attempts > 0;
    seen(&what, || {
        let parts = parts_at_rest(stage);
        (parts.iter().filter(|part| tried(part)).count() >= chats).then_some(())
    })
    .await;
}

/// Waits until nothing is left to be delivered, while the clock runs.
pub(crate) async fn all_delivered(stage: &Stage) {
    run_until(stage, "an empty outbox", || {
        (queue(stage).waiting == 0).then_some(())
    })
    .await;
}

/// Somebody who follows a section instantly.
pub(crate) async fn follower(stage: &Stage, name: &str, section: &str) -> Person {
    let person = stage.server.person(name).known();
    person.asks(&format!("/subscribe {section} instant")).await;
    person
}

/// The bot's messages in a chat that hold some words.
pub(crate) fn with_words(chat: &Chat, words: &str) -> Vec<Message> {
    let messages = chat.messages().into_iter();
    messages
        .filter(|message| message.text.contains(words))
        .collect()
}

/// Waits for a message that holds some words.
pub(crate) async fn message_with(chat: &Chat, words: &str) -> Message {
    let what = format!("“{words}” in the chat {}", chat.id());
    let found = |world: &World| {
        let mut messages = world.chat(chat.id()).bots_messages();
        messages
            .find(|message| message.text.contains(words))
            .cloned()
    };
    chat.server().wait_for(&what, found).await
}

/// The requests to send into a chat, oldest first.
pub(crate) fn sendings(telegram: &FakeTelegram, chat: &Chat) -> Vec<Request> {
    let mut requests = telegram.requests("sendMessage");
    requests.retain(|request| request.chat == Some(chat.id()));
    requests
}

/// A page of news on US-NK relations whose roundup takes several messages, with summaries of this word.
pub(crate) fn long_news(word: &str, items: usize) -> String {
    let mut page = "# US-NK Relations\n".to_owned();
    for at in 1..=items {
        let summary = format!("{word}{at} ").repeat(110);
        page.push_str(&format!("{word} number {at} | {}.\n", summary.trim()));
    }
    page
}
