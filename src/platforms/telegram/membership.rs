//! The bot comes and goes: it is added, removed, blocked, made an administrator; chats and topics move, close
//! and open.

use teloxide::types::{ChatMemberKind, ChatMemberUpdated, Message, MessageKind};

use super::inbound::{Answers, Inbound};
use super::wire::Address;
use crate::chat::commands::Invocation;
use crate::chat::{Requester, Scope};
use tidings_store::StoreError;

impl Inbound<'_> {
    /// Telegram tells that somebody's rights in a group have changed.
    pub(super) fn rights_changed(&self, change: &ChatMemberUpdated) {
        let (chat, member) = (change.chat.id.0, &change.new_chat_member);
        let access = &self.telegram.access;
        access.note(chat, member.user.id.0, member.is_privileged());
        access.forget_writer(chat, member.user.id.0);
    }

    /// What became of the bot in a chat.
    pub(super) async fn membership(
        &self,
        change: &ChatMemberUpdated,
    ) -> Result<Answers, StoreError> {
        let chat = &change.chat;
        let key = Address {
            chat: chat.id.0,
            thread: None,
        }
        .key();
        let now = &change.new_chat_member.kind;
        let is_administrator = change.new_chat_member.is_privileged();
        let access = &self.telegram.access;
        access.note_administers(chat.id.0, is_administrator);
        let stopped = match now {
            ChatMemberKind::Left | ChatMemberKind::Banned(_) if chat.is_private() => {
                Some("the bot was blocked")
            }
            ChatMemberKind::Left | ChatMemberKind::Banned(_) => Some("the bot was removed"),
            ChatMemberKind::Restricted(rights) if !rights.is_member => Some("the bot was removed"),
            ChatMemberKind::Restricted(rights) if !rights.can_send_messages => {
                Some("the bot may not write here")
            }
            ChatMemberKind::Member(_) if chat.is_channel() => {
                Some("the bot is no administrator of the channel")
            }
            ChatMemberKind::Administrator(_)
                if chat.is_channel() && !change.new_chat_member.can_post_messages() =>
            {
                Some("the bot may not post in the channel")
            }
            _ => None,
        };
        if let Some(reason) = stopped {
            self.bot
                .mark_unreachable(&key, Scope::Within, reason)
                .await?;
            return Ok(Answers::new());
        }
        let follows = self.bot.mark_reachable(&key, Scope::Within).await?;
        let is_new = !change.old_chat_member.is_present();
        // Whoever is greeted is a group that knows nothing of us yet. A channel's readers aren't to be told.
        if chat.is_private() || chat.is_channel() || !is_new || follows {
            return Ok(Answers::new());
        }
        let asker = Requester::in_channel(&key, true);
        let greeting = Ok(Invocation::greeting());
        let greeted = self.bot.invoke(self.telegram, &asker, &greeting).await?;
        Ok(self.messages(&key, &greeted.reply, greeted.say, None))
    }

    /// Does what a service message says; `false` if it is none that matters.
    pub(super) async fn service_message(
        &self,
        message: &Message,
        here: Address,
    ) -> Result<bool, StoreError> {
        let key = here.key();
        if let Some(to) = message.migrate_to_chat_id() {
            let to = Address { chat: to.0, ..here };
            self.bot.moved(&key, &to.key()).await?;
            self.bot.mark_reachable(&to.key(), Scope::Within).await?;
            return Ok(true);
        }
        if let Some(from) = message.migrate_from_chat_id() {
            let from = Address {
                chat: from.0,
                ..here
            };
            self.bot.moved(&from.key(), &key).await?;
            self.bot.mark_reachable(&key, Scope::Within).await?;
            return Ok(true);
        }
        match &message.kind {
            // The topic's number is the message's thread, even where it isn't marked as being in a topic.
            MessageKind::ForumTopicClosed(_) => {
                let topic = topic(message, here).key();
                self.bot
                    .mark_unreachable(&topic, Scope::Place, "the topic is closed")
                    .await?;
            }
            MessageKind::ForumTopicReopened(_) => {
                let topic = topic(message, here).key();
                self.bot.mark_reachable(&topic, Scope::Place).await?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn topic(message: &Message, here: Address) -> Address {
    Address {
        thread: message.thread_id.map(|thread| thread.0.0),
        ..here
    }
}
