//! Commands about another channel, given in a private chat: how a broadcast channel is managed without its
//! readers seeing it. And what is for the asker alone although it is asked in a group.

use super::access;
use super::alone::private_chat;
use super::api::{Fault, Refusal};
use super::html::inert;
use super::identity::BROADCAST;
use super::inbound::{Answers, Inbound, Sender, address, language_of};
use super::wire::Address;
use super::written::Written;
use crate::chat::Scope;
use crate::chat::commands::{Invocation, Posting, Reply};
use crate::platforms::kit::pipeline::{Acting, Elsewhere, Question};
use tidings_core::language::{Localizer, Value};
use tidings_core::post::Line;
use tidings_store::StoreError;

/// A command about another channel, as the channel's name and the command without it.
pub(super) fn named_channel(asked: Option<&Invocation>) -> Option<(String, Invocation)> {
    let (other, rest) = asked?.split_first()?;
    let is_name = other.strip_prefix('@').is_some_and(|name| !name.is_empty());
    let is_number = other.starts_with("-100") && Address::parse(other).is_some();
    (rest.spec.elsewhere && (is_name || is_number)).then(|| (other.to_owned(), rest))
}

impl Written<'_> {
    /// A channel that is named in a private chat, if whoever names it administers it.
    pub(super) async fn there(
        &self,
        name: &str,
        say: Localizer<'_>,
    ) -> Result<Result<Acting, Line>, StoreError> {
        let Inbound {
            telegram, account, ..
        } = self.inbound;
        let refused = |key: &str| Ok(Err(say.line(key, &[("name", Value::Text(name))])));
        let Some(user) = self.message.from.as_ref() else {
            return refused("channel-not-yours");
        };
        let api = &telegram.api;
        // A topic is named behind its chat: `-100123/45`.
        let (chat, thread) = match Address::parse(name) {
            Some(Address { chat, thread }) => (chat.to_string(), thread),
            None => (name.to_owned(), None),
        };
        let found = match access::chat(api, &chat).await {
            Ok(found) => found,
            Err(Fault::Refused(refusal)) if refusal.code != 429 => {
                if let Some(place) = Address::parse(&chat) {
                    self.inbound.keeps_us_out(place, &refusal).await?;
                }
                // Whoever ends something may have removed us already.
                return refused(match self.asked().posting() {
                    Posting::Indifferent => "channel-not-found-or-left",
                    Posting::Needed | Posting::Told => "channel-not-found",
                });
            }
            Err(_) => return refused("administrators-unknown"),
        };
        match telegram
            .access
            .is_manager_now(api, found.id, user.id.0)
            .await
        {
            Ok(true) => {}
            Ok(false) => return refused("channel-not-yours"),
            Err(Fault::Refused(refusal)) if matches!(refusal.code, 400 | 403) => {
                let place = Address {
                    chat: found.id,
                    thread: None,
                };
                self.inbound.keeps_us_out(place, &refusal).await?;
                return refused("channel-bot-missing");
            }
            Err(_) => return refused("administrators-unknown"),
        }
        if self.asked().posting() == Posting::Needed {
            match access::member(api, found.id, account.id).await {
                Ok(us) if us.may_post(&found.kind) => {}
                Ok(_) => return refused("channel-may-not-post"),
                Err(Fault::Refused(_)) => return refused("channel-bot-missing"),
                Err(_) => return refused("administrators-unknown"),
            }
        }
        let there = Address {
            chat: found.id,
            thread,
        };
        Ok(Ok(Acting {
            elsewhere: Some(Elsewhere {
                name: inert(found.title.as_deref().unwrap_or(name)),
                option: Some(name.to_owned()),
                locale: say.locale(),
            }),
            note: (found.kind == BROADCAST).then(|| BROADCAST.to_owned()),
            ..Acting::here(&there.key())
        }))
    }

    /// Returns true if it is to be answered to the asker alone, which means in a private chat where a group can't keep it
    /// from the others.
    pub(super) fn is_for_one_alone(&self) -> bool {
        let is_confidential = self.asked().spec().is_some_and(|spec| spec.confidential);
        is_confidential && !self.is_private() && self.alone.is_none()
    }

    /// The private chat of whoever asks.
    fn theirs(&self) -> Option<Address> {
        match self.sender {
            Sender::Somebody(user) => Some(private_chat(user)),
            Sender::Manager | Sender::Masked => None,
        }
    }

    /// The group, for an answer in the asker's private chat, if they have one with us.
    pub(super) async fn alone(
        &self,
        say: Localizer<'_>,
    ) -> Result<Result<Acting, Line>, StoreError> {
        let Inbound { telegram, bot, .. } = self.inbound;
        let (Sender::Somebody(user), Some(theirs)) = (self.sender, self.theirs()) else {
            // Who asks stays hidden.
            let chat = match self.message.chat.username() {
                Some(name) if address(self.message).thread.is_none() => format!("@{name}"),
                _ => self.place().address().to_owned(),
            };
            return Ok(Err(
                say.line("preview-elsewhere", &[("chat", Value::Text(&chat))])
            ));
        };
        let key = theirs.key();
        if !telegram.is_welcome(&key).await {
            return Ok(Err(say.line("preview-alone", &[])));
        }
        let met = bot.meet(*telegram, &key, None).await?;
        let own = language_of(user).filter(|_| met.language().is_none());
        Ok(Ok(Acting {
            elsewhere: Some(Elsewhere {
                name: inert(self.message.chat.title().unwrap_or_default()),
                option: None,
                locale: bot.localizer_at(&met, own).locale(),
            }),
            ..Acting::here(self.place())
        }))
    }

    /// An answer in the asker's private chat, and in the group that it is there.
    pub(super) fn to_one_alone(
        &self,
        reply: &Reply,
        say: Localizer<'_>,
        public: Localizer<'_>,
    ) -> Answers {
        let mut answers = Answers::new();
        if let Some(theirs) = self.theirs() {
            answers = self.inbound.messages(&theirs.key(), reply, say, None);
        }
        let sent = public.line("preview-sent", &[]).into();
        let reply_to = (!self.is_ephemeral).then_some(self.message.id.0);
        answers.extend(self.inbound.messages(self.place(), &sent, public, reply_to));
        answers
    }
}

impl Inbound<'_> {
    /// Telegram has told of a chat that it keeps the bot out: nothing is sent there until that is over.
    async fn keeps_us_out(&self, place: Address, refusal: &Refusal) -> Result<(), StoreError> {
        if refusal.code != 403 {
            return Ok(());
        }
        let (place, why) = (place.key(), &refusal.description);
        self.bot.mark_unreachable(&place, Scope::Within, why).await
    }
}
