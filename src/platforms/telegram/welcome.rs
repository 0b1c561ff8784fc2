//! Whether the bot may speak in a chat.

use teloxide::payloads::SendChatAction;
use teloxide::types::{ChatAction, ChatId, MessageId, ThreadId};

use super::access;
use super::api::WHILE_SOMEBODY_WAITS;
use super::client::Telegram;
use super::wire::Address;
use tidings_core::ids::ChannelKey;

impl Telegram {
    /// Whether the bot may post somewhere. Neither does a private chat tell who blocked us, nor do a member's rights
    /// tell whether a topic is open: there, that the bot is typing is refused as a message would be, and nobody
    /// is disturbed by it.
    pub(super) async fn is_welcome(&self, channel: &ChannelKey) -> bool {
        let (Some(Address { chat, thread }), Some(account)) =
            (Address::parse(channel.address()), self.account.get())
        else {
            return false;
        };
        if chat > 0 || thread.is_some() {
            let mut typing = SendChatAction::new(ChatId(chat), ChatAction::Typing);
            typing.message_thread_id = thread.map(|thread| ThreadId(MessageId(thread)));
            return self.api.call(&typing, WHILE_SOMEBODY_WAITS).await.is_ok();
        }
        let Ok(about) = access::chat(&self.api, &chat.to_string()).await else {
            return false;
        };
        let us = access::member(&self.api, chat, account.id).await;
        us.is_ok_and(|us| us.may_post(&about.kind))
    }
}
