//! What came in with all that an answer needs: whoever sent it, in which language they are answered, and how.

use teloxide::types::{Chat, Message, User};

use super::client::Telegram;
use super::identity::{Account, BROADCAST};
use super::render;
use super::wire::{Address, Wire};
use crate::chat::Bot;
use crate::chat::commands::Reply;
use crate::platforms::kit::pipeline::Acting;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Localizer};

/// What is answered: messages as the ledger keeps them, with where they go.
pub(super) type Answers = Vec<(ChannelKey, String)>;

/// What came in, with all that an answer needs.
pub(super) struct Inbound<'a> {
    pub(super) telegram: &'a Telegram,
    pub(super) bot: &'a Bot,
    pub(super) account: &'a Account,
}

/// Who sent a message, as far as rights are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender<'m> {
    /// Whoever it is administers the chat: it is their own, or the chat itself speaks.
    Manager,
    /// Somebody in a group.
    Somebody(&'m User),
    /// Somebody who speaks as another channel; who it is can't be known.
    Masked,
}

impl Inbound<'_> {
    /// A reply as messages; its buttons stand under the last one.
    pub(super) fn messages(
        &self,
        to: &ChannelKey,
        reply: &Reply,
        say: Localizer<'_>,
        reply_to: Option<i32>,
    ) -> Answers {
        let texts = render::messages(&reply.post);
        let last = texts.len().saturating_sub(1);
        let texts = texts.into_iter().enumerate();
        texts
            .map(|(at, message)| {
                let mut wire = Wire {
                    html: message.html,
                    reply_to: reply_to.filter(|_| at == 0),
                    ..Wire::default()
                };
                if at == last {
                    wire.with_buttons(reply.buttons(say));
                    wire.asks.clone_from(&reply.asks);
                }
                (to.clone(), wire.to_text())
            })
            .collect()
    }
}

/// The language that somebody uses Telegram in, if we speak it.
pub(super) fn language_of(user: &User) -> Option<Locale> {
    let code = user.language_code.as_deref()?;
    Locale::parse(code.split(['-', '_']).next()?)
}

/// Where a message is, and is answered.
pub(super) fn address(message: &Message) -> Address {
    let thread = message.thread_id.filter(|_| message.is_topic_message);
    Address {
        chat: message.chat.id.0,
        thread: thread.map(|thread| thread.0.0),
    }
}

/// What is asked in a chat acts there.
pub(super) fn acting_in(chat: &Chat, place: &ChannelKey) -> Acting {
    Acting {
        note: chat.is_channel().then(|| BROADCAST.to_owned()),
        ..Acting::here(place)
    }
}
