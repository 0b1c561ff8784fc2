//! Who may change what a chat follows, and who may write there. Telegram is asked: before anything changes each time,
//! else its answer holds for a minute. Where it gives none, nobody may.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use serde::Deserialize;
use teloxide::payloads::{GetChat, GetChatMember};
use teloxide::types::{ChatId, Recipient, UserId};
use tokio::time::Instant;

use super::api::{Api, Fault, WHILE_SOMEBODY_WAITS};
use crate::platforms::kit::lenient;

/// How long an answer of Telegram's holds.
const HOLDS: Duration = Duration::from_secs(60);

/// How long talk in a chat isn't news after other talk.
const SILENCE: Duration = Duration::from_secs(10);

/// Answers that are kept; with more, those that don't hold any more are dropped.
const KEPT: usize = 10_000;

/// What Telegram has said lately.
#[derive(Debug, Default)]
pub(super) struct Rights {
    managers: Mutex<HashMap<(i64, u64), (bool, Instant)>>,
    writers: Mutex<HashMap<(i64, u64), (bool, Instant)>>,
    /// Whether the bot administers a group; Telegram tells when that changes.
    own: Mutex<HashMap<i64, bool>>,
    /// When talk was last heard in a chat, and counted.
    talk: Mutex<HashMap<i64, Instant>>,
}

/// What is read of a member (<https://core.telegram.org/bots/api#chatmember>).
#[derive(Debug, Deserialize)]
pub(super) struct Member {
    status: String,
    #[serde(default, deserialize_with = "lenient::field")]
    can_post_messages: Option<bool>,
    #[serde(default, deserialize_with = "lenient::field")]
    can_send_messages: Option<bool>,
    #[serde(default, deserialize_with = "lenient::field")]
    is_member: Option<bool>,
}

/// What is read of a chat (<https://core.telegram.org/bots/api#chatfullinfo>).
#[derive(Debug, Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "lenient::field")]
    pub(super) title: Option<String>,
    /// What everybody may do in a group who has no rights of their own.
    #[serde(default, deserialize_with = "lenient::field")]
    permissions: Option<Permissions>,
}

/// What is read of them (<https://core.telegram.org/bots/api#chatpermissions>).
#[derive(Debug, Deserialize)]
struct Permissions {
    #[serde(default)]
    can_send_messages: bool,
}

impl Member {
    pub(super) fn is_manager(&self) -> bool {
        matches!(self.status.as_str(), "creator" | "administrator")
    }

    /// Whether this member, which is the bot, can post into a chat of a kind.
    pub(super) fn may_post(&self, kind: &str) -> bool {
        match self.status.as_str() {
            "creator" => true,
            "administrator" if kind == "channel" => self.can_post_messages.unwrap_or(false),
            "administrator" => true,
            "member" => kind != "channel",
            "restricted" => {
                self.is_member.unwrap_or(false) && self.can_send_messages.unwrap_or(false)
            }
            _ => false,
        }
    }
}

impl Rights {
    /// Whether talk in a chat is the first for some time.
    pub(super) fn is_first_word_for_long(&self, chat: i64) -> bool {
        let mut talk = self.talk.lock();
        if talk.get(&chat).is_some_and(|at| at.elapsed() < SILENCE) {
            return false;
        }
        if talk.len() >= KEPT {
            talk.retain(|_, at| at.elapsed() < SILENCE);
        }
        talk.insert(chat, Instant::now());
        true
    }

    /// What is known of somebody without asking.
    pub(super) fn known(&self, chat: i64, user: u64) -> Option<bool> {
        let managers = self.managers.lock();
        let (is_manager, at) = managers.get(&(chat, user))?;
        (at.elapsed() < HOLDS).then_some(*is_manager)
    }

    /// Whether somebody administers a chat.
    ///
    /// # Errors
    /// [`Fault`], if Telegram doesn't say.
    pub(super) async fn is_manager(&self, api: &Api, chat: i64, user: u64) -> Result<bool, Fault> {
        match self.known(chat, user) {
            Some(known) => Ok(known),
            None => self.is_manager_now(api, chat, user).await,
        }
    }

    /// Whether somebody administers a chat at this moment, which matters before anything changes.
    ///
    /// # Errors
    /// [`Fault`], if Telegram doesn't say.
    pub(super) async fn is_manager_now(
        &self,
        api: &Api,
        chat: i64,
        user: u64,
    ) -> Result<bool, Fault> {
        let is_manager = member(api, chat, user).await?.is_manager();
        self.note(chat, user, is_manager);
        Ok(is_manager)
    }

    /// Telegram has told whether somebody administers a chat.
    pub(super) fn note(&self, chat: i64, user: u64, is_manager: bool) {
        let mut managers = self.managers.lock();
        if managers.len() >= KEPT {
            managers.retain(|_, (_, at)| at.elapsed() < HOLDS);
        }
        managers.insert((chat, user), (is_manager, Instant::now()));
    }

    /// Whether the bot administers a group, as far as it is known.
    pub(super) fn administers(&self, group: i64) -> Option<bool> {
        self.own.lock().get(&group).copied()
    }

    /// Telegram has told whether the bot administers a group.
    pub(super) fn note_administers(&self, group: i64, does: bool) {
        let mut own = self.own.lock();
        if own.len() >= KEPT {
            own.clear();
        }
        own.insert(group, does);
    }

    /// Somebody's rights have changed: whether they may write has to be asked again.
    pub(super) fn forget_writer(&self, chat: i64, user: u64) {
        self.writers.lock().remove(&(chat, user));
    }

    /// Whether somebody may write in a group. Telegram is asked about them, and where they have no rights of their own
    /// about the group.
    ///
    /// # Errors
    /// [`Fault`], if Telegram doesn't say.
    pub(super) async fn may_write(&self, api: &Api, group: i64, user: u64) -> Result<bool, Fault> {
        let known = self.writers.lock().get(&(group, user)).copied();
        if let Some((may, at)) = known
            && at.elapsed() < HOLDS
        {
            return Ok(may);
        }
        let them = member(api, group, user).await?;
        let may = if them.status == "member" {
            let about = self::chat(api, &group.to_string()).await?;
            about.permissions.is_none_or(|all| all.can_send_messages)
        } else {
            them.may_post("supergroup")
        };
        let mut writers = self.writers.lock();
        if writers.len() >= KEPT {
            writers.retain(|_, (_, at)| at.elapsed() < HOLDS);
        }
        writers.insert((group, user), (may, Instant::now()));
        Ok(may)
    }
}

/// Asks Telegram about a member of a chat.
pub(super) async fn member(api: &Api, chat: i64, user: u64) -> Result<Member, Fault> {
    let payload = GetChatMember::new(ChatId(chat), UserId(user));
    api.ask(&payload, WHILE_SOMEBODY_WAITS).await
}

/// Asks Telegram about a chat: `@name`, or a number.
pub(super) async fn chat(api: &Api, name: &str) -> Result<Chat, Fault> {
    let recipient = match name.parse() {
        Ok(number) => Recipient::Id(ChatId(number)),
        Err(_) => Recipient::ChannelUsername(name.to_owned()),
    };
    api.ask(&GetChat::new(recipient), WHILE_SOMEBODY_WAITS)
        .await
}
