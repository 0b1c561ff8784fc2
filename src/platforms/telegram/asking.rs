//! Who asks, how much, and how long ago: what decides whether a message is answered at all.

use jiff::Timestamp;
use teloxide::types::{Chat, Message, User};

use super::client::Telegram;
use super::inbound::{Inbound, Sender};
use crate::platforms::kit::pipeline::Asked;
use crate::platforms::kit::reader_limit::{ALONE, Asking, Counted, IN_COMPANY};

/// When a message was written, by Telegram's clock.
pub(super) fn asked_at(message: &Message) -> Option<Timestamp> {
    Timestamp::from_second(message.date.timestamp()).ok()
}

/// The number of whoever sent a message: the chat's that they speak as, or their own.
pub(super) fn number_of(message: &Message) -> i64 {
    let mask = message.sender_chat.as_ref().map(|chat| chat.id.0);
    let user = || Some(message.from.as_ref()?.id.0.cast_signed());
    mask.or_else(user).unwrap_or_default()
}

impl Inbound<'_> {
    /// Whether the sender of a message may ask one thing more. Administrators of groups aren't counted.
    pub(super) async fn asking(&self, message: &Message, sender: Sender<'_>) -> Asking {
        let chat = &message.chat;
        if chat.is_private() {
            return self.asking_alone(chat);
        }
        match sender {
            Sender::Manager => Asking::May,
            Sender::Somebody(user) => self.asking_in_company(chat, user).await,
            Sender::Masked => {
                let mask = message.sender_chat.as_ref().map_or(0, |chat| chat.id.0);
                let asker = Counted::One(chat.id.0, mask);
                self.telegram.questions.ask(asker, IN_COMPANY)
            }
        }
    }

    /// Whether somebody may ask one thing more in a chat with the bot alone.
    pub(super) fn asking_alone(&self, chat: &Chat) -> Asking {
        let asker = Counted::One(chat.id.0, chat.id.0);
        self.telegram.questions.ask(asker, ALONE)
    }

    /// Whether somebody in a group may ask one thing more. Its administrators aren't counted.
    pub(super) async fn asking_in_company(&self, chat: &Chat, user: &User) -> Asking {
        let Telegram {
            access,
            api,
            questions,
            ..
        } = self.telegram;
        if access.known(chat.id.0, user.id.0) == Some(true) {
            return Asking::May;
        }
        let user_id = user.id.0.cast_signed();
        match questions.ask(Counted::One(chat.id.0, user_id), IN_COMPANY) {
            Asking::May => Asking::May,
            counted => match access.is_manager(api, chat.id.0, user.id.0).await {
                Ok(true) => Asking::May,
                _ => counted,
            },
        }
    }

    /// Whether all in a group together may ask one thing more: no more than Telegram lets us answer there.
    pub(super) fn asking_together(&self, chat: &Chat, who: i64) -> Asking {
        match self.telegram.settings.group_rate {
            Some(rate) if !chat.is_private() => {
                let questions = &self.telegram.questions;
                questions.ask_together(chat.id.0, who, rate)
            }
            _ => Asking::May,
        }
    }

    /// Whether the sender may change what the chat follows; asked only where it matters.
    pub(super) async fn is_manager(
        &self,
        message: &Message,
        sender: Sender<'_>,
        asked: &Asked,
    ) -> Result<bool, &'static str> {
        let must = asked.is_for_managers();
        // These only say more to somebody who may.
        let matters = must || asked.knows_managers();
        let user = match sender {
            Sender::Manager => return Ok(true),
            Sender::Masked if must => return Err("only-administrators"),
            Sender::Masked => return Ok(false),
            Sender::Somebody(user) => user,
        };
        let chat = message.chat.id.0;
        let access = &self.telegram.access;
        if !matters {
            return Ok(access.known(chat, user.id.0).unwrap_or(false));
        }
        let api = &self.telegram.api;
        let asked = if must {
            access.is_manager_now(api, chat, user.id.0).await
        } else {
            access.is_manager(api, chat, user.id.0).await
        };
        match asked {
            Ok(false) if must => Err("only-administrators"),
            Ok(is_manager) => Ok(is_manager),
            Err(fault) => {
                tracing::warn!(chat, %fault, "Telegram doesn't say who administers a chat");
                if must {
                    Err("administrators-unknown")
                } else {
                    Ok(false)
                }
            }
        }
    }
}
