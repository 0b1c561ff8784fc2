//! Ephemeral messages, which one member of a group sees (<https://core.telegram.org/bots/api#ephemeral-messages-and-commands>,
//! since Bot API 10.2): for whom they are, by what the bot may send them, and what their refusals say. teloxide knows none of
//! it, so their requests are written here.

use std::collections::HashMap;
use std::time::Duration;

use jiff::SignedDuration;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

use super::api::Refusal;

/// How long after a message or a press of theirs somebody may be answered by a bot that isn't an administrator.
pub(super) const WINDOW: SignedDuration = SignedDuration::from_secs(15);

/// Who alone sees a message, and by what the bot may show it to them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Ephemeral {
    /// Who sees it.
    pub(super) receiver: u64,
    /// Their ephemeral message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_to: Option<i64>,
    /// Their press that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) press: Option<String>,
    /// The ephemeral message that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) edit: Option<i64>,
    /// Whether more messages of the same answer follow.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) goes_on: bool,
}

impl Ephemeral {
    /// The same for one of several messages: only the first one takes another's place.
    pub(super) fn part(self, at: usize) -> Ephemeral {
        Ephemeral {
            edit: self.edit.filter(|_| at == 0),
            ..self
        }
    }

    /// Makes a message to a chat one that its receiver alone sees.
    pub(super) fn send(&self, message: &mut Value) {
        let mut parameters = json!({ "receiver_user_id": self.receiver });
        if let Some(press) = &self.press {
            parameters["callback_query_id"] = json!(press);
        }
        message["ephemeral_message_parameters"] = parameters;
        if let Some(question) = self.reply_to {
            message["reply_parameters"] = json!({ "ephemeral_message_id": question });
        }
    }

    /// Has a message take the place of an ephemeral one.
    pub(super) fn edit(&self, message: &mut Value, ephemeral: i64) {
        message["receiver_user_id"] = json!(self.receiver);
        message["ephemeral_message_id"] = json!(ephemeral);
    }
}

/// Returns true if what was sent is seen by its receiver alone: a server that doesn't know ephemeral messages shows it to all.
pub(super) fn is_ephemeral(sent: &Value) -> bool {
    sent["ephemeral_message_id"].is_i64()
}

/// With these Telegram says that one answer can't be given any more, or not to this person: by parts of the descriptions in
/// lower case. They say nothing about the group or the server.
const OVER: &[&str] = &[
    "too old",
    "expired",
    "query_id_invalid",
    "repl",
    "message_id_invalid",
    "message_not_command",
    "not found",
    "bot_not_admin",
    "user_not_participant",
    "participant_id_invalid",
    "user_id_invalid",
    "not a member",
];

/// Returns true if a refusal ends the answer that was refused, and nothing else.
pub(super) fn is_over(refusal: &Refusal) -> bool {
    let description = refusal.description.to_lowercase();
    OVER.iter().any(|words| description.contains(words))
}

/// How long a press waits for its answer to be sent, before it is closed all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// Presses whose answers are on their way: an answer that its presser alone sees has to name the press, which counts as spent
/// once it is closed.
#[derive(Debug, Default)]
pub(super) struct Presses(Mutex<HashMap<String, oneshot::Sender<()>>>);

impl Presses {
    /// Waits for the answer to a press, from now on.
    pub(super) fn expect(&self, press: &str) -> oneshot::Receiver<()> {
        let (tell, sent) = oneshot::channel();
        self.0.lock().insert(press.to_owned(), tell);
        sent
    }

    /// The answer to a press was sent, or never will be.
    pub(super) fn are_over(&self, press: &str) {
        if let Some(tell) = self.0.lock().remove(press) {
            // Whoever waited may have given up.
            let _ = tell.send(());
        }
    }

    /// Waits until the answer to a press was sent, here or `elsewhere`, for as long as somebody waits who pressed.
    pub(super) async fn wait(
        &self,
        press: &str,
        sent: oneshot::Receiver<()>,
        elsewhere: impl Future<Output = ()>,
    ) {
        tokio::select! {
            _ = timeout(PATIENCE, sent) => {}
            () = elsewhere => {}
        }
        self.0.lock().remove(press);
    }
}

/// For how long somebody isn't told again that an answer comes too late: what was asked while the bot was away comes all at once.
const TOLD: Duration = Duration::from_secs(60);

/// People that are kept; with more, those who were told long ago are forgotten.
const KEPT: usize = 10_000;

/// Who was told lately that an answer comes too late.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<HashMap<u64, Instant>>);

impl Told {
    /// Returns true if somebody is to be told, for the first time in a while.
    pub(super) fn is_first(&self, person: u64) -> bool {
        let mut told = self.0.lock();
        if told.get(&person).is_some_and(|at| at.elapsed() < TOLD) {
            return false;
        }
        if told.len() >= KEPT {
            told.retain(|_, at| at.elapsed() < TOLD);
        }
        told.insert(person, Instant::now());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_for_age_or_of_one_person_is_of_nobody_else() {
        for (description, expected) in [
            (
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
                true,
            ),
            ("Bad Request: BOT_NOT_ADMIN", true),
            ("Bad Request: message to be replied not found", true),
            ("Bad Request: EPHEMERAL_MESSAGES_FORBIDDEN", false),
            ("Bad Request: can't parse entities", false),
        ] {
            let refusal = Refusal {
                code: 400,
                description: description.to_owned(),
                retry_after: None,
                migrate_to: None,
            };
            assert_eq!(is_over(&refusal), expected, "{description}");
        }
    }
}
