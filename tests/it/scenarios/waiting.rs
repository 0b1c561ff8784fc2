//! What waits in the ledger: in whose turn, for how long, and that it goes with what it waits for.

use jiff::{SignedDuration, Timestamp};
use tidings_core::ids::ChannelKey;
use tidings_store::{Answer, AnswerKind, ClaimedAnswer};

use crate::harness::Chat;

const PLATFORM: &str = "telegram";

fn key(address: &str) -> ChannelKey {
    ChannelKey::new(PLATFORM, address).unwrap()
}

/// A question's answer of one message.
fn answer(to: &str, words: &str, asker: i64, at: Timestamp) -> Answer {
    Answer {
        messages: vec![(key(to), words.to_owned())],
        asked_at: Some(at),
        asker: Some(asker),
        late: Some("too late".to_owned()),
        ..Answer::default()
    }
}

fn claim(chat: &Chat, at: Timestamp) -> Vec<ClaimedAnswer> {
    let store = chat.app().store();
    let claimed = store.blocking().write(|db| {
        db.drop_late_answers(PLATFORM, at)?;
        db.claim_answers(PLATFORM, at, 10)
    });
    claimed.unwrap()
}

#[test]
fn answers_in_one_chat_go_in_turns_of_their_askers() {
    let chat = Chat::started();
    let now = chat.app().now();
    let store = chat.app().store();
    let add = |answer: &Answer| {
        store
            .blocking()
            .write(|db| db.add_answers(answer, now))
            .unwrap()
    };
    for at in 0..4 {
        add(&answer("-1", &format!("Ben {at}"), 7, now));
    }
    add(&answer("-1", "Ana 0", 8, now));
    add(&answer("-1", "Ana 1", 8, now));
    add(&answer("-1", "Cho 0", 9, now));
    add(&Answer {
        is_first: true,
        ..answer("-1", "Ben last", 7, now)
    });
    let mut order = Vec::new();
    loop {
        let claimed = claim(&chat, now);
        assert!(claimed.len() <= 1, "one at a time in a chat");
        let Some(next) = claimed.first() else { break };
        store.blocking().write(|db| db.end_answer(next.id)).unwrap();
        order.push(next.wire.clone());
    }
    assert_eq!(
        order,
        [
            "Ben last", "Ben 0", "Ana 0", "Cho 0", "Ben 1", "Ana 1", "Ben 2", "Ben 3"
        ]
    );
}

#[test]
fn a_question_that_waited_a_minute_is_dropped_with_its_line_though_it_was_tried() {
    let chat = Chat::started();
    let now = chat.app().now();
    let store = chat.app().store();
    store
        .blocking()
        .write(|db| db.add_answers(&answer("5", "late", 5, now), now))
        .unwrap();
    let first = &claim(&chat, now)[0];
    let later = now + SignedDuration::from_secs(70);
    store
        .blocking()
        .write(|db| db.postpone_answer(first.id, later, "told to wait", false))
        .unwrap();
    assert_eq!(claim(&chat, later)[0].wire, "too late");
    // What may have arrived is repeated until that is known.
    store
        .blocking()
        .write(|db| db.end_answer(first.id))
        .unwrap();
    store
        .blocking()
        .write(|db| db.add_answers(&answer("5", "in doubt", 5, now), now))
        .unwrap();
    let second = &claim(&chat, now)[0];
    store
        .blocking()
        .write(|db| db.postpone_answer(second.id, later, "no answer", true))
        .unwrap();
    assert_eq!(claim(&chat, later)[0].wire, "in doubt");
}

#[test]
fn waits_go_when_they_are_over_and_with_their_channel() {
    let chat = Chat::started();
    let now = chat.app().now();
    let store = chat.app().store();
    let soon = now + SignedDuration::from_secs(30);
    let channel = store
        .blocking()
        .write(|db| db.channel_or_new(&key("77"), now))
        .unwrap();
    store
        .blocking()
        .write(|db| {
            db.note_wait(PLATFORM, Some(&key("77")), soon)?;
            db.note_wait(PLATFORM, Some(&key("77/publish")), soon)?;
            db.note_wait(PLATFORM, Some(&key("777")), soon)?;
            db.add_answer(
                &key("77/publish"),
                "what was posted",
                AnswerKind::Question,
                now,
            )
        })
        .unwrap();
    store
        .blocking()
        .write(|db| db.erase_channel(&channel))
        .unwrap();
    let left = store.blocking().read(|db| db.waits(PLATFORM, now)).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].channel, Some(key("777")));
    assert_eq!(claim(&chat, now), []);
    assert!(store.blocking().read(|db| db.has_waits_over(soon)).unwrap());
    store.blocking().write(|db| db.forget_waits(soon)).unwrap();
    assert!(!store.blocking().read(|db| db.has_waits_over(soon)).unwrap());
    assert_eq!(
        store.blocking().read(|db| db.waits(PLATFORM, now)).unwrap(),
        []
    );
}

#[test]
fn all_that_ends_twice_at_once_ends_once() {
    let mut chat = Chat::started();
    chat.say("/subscribe all daily 09:00");
    chat.say("/subscribe us-nk daily 10:00");
    chat.say("/unsubscribe all");
    let twice = chat.say("/unsubscribe all");
    assert!(twice.contains("US–North Korea relations"), "{twice}");
    assert!(chat.say("/subscriptions").contains("us-nk"));
    chat.wait(SignedDuration::from_mins(2));
    assert!(chat.say("/unsubscribe all").contains("follows nothing now"));
}
