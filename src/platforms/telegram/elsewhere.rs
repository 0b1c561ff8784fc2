//! Commands about another channel, given in a private chat: how a broadcast channel is managed without its
//! readers seeing it.

use teloxide::types::Message;
use tokio::task::block_in_place;

use super::access;
use super::api::{Fault, Refusal};
use super::html::inert;
use super::inbound::{Answers, Inbound, Sender, address};
use super::typed::Command;
use super::wire::Address;
use crate::chat::commands::{Invocation, Posting, Reply};
use crate::chat::{Requester, Scope};
use crate::platforms::kit::remote::name_channel;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Localizer, Value};
use tidings_core::post::Post;
use tidings_store::StoreError;

/// A command about another channel, with the channel's name and the command without it.
pub(super) fn elsewhere(command: &Command) -> Option<(String, Invocation)> {
    let invocation = command.asked.as_ref().ok()?;
    let (other, rest) = invocation.split_first()?;
    let is_name = other.strip_prefix('@').is_some_and(|name| !name.is_empty());
    let is_number = other.starts_with("-100") && Address::parse(other).is_some();
    (rest.spec.elsewhere && (is_name || is_number)).then(|| (other.to_owned(), rest))
}

/// A post with the title of the chat that it is about over it.
fn about(say: Localizer<'_>, title: &str, post: Post) -> Post {
    let title = inert(title);
    let mut whole = Post::line(say.line("about-channel", &[("name", Value::Text(&title))]));
    whole.blocks.extend(post.blocks);
    whole
}

impl Inbound<'_> {
    /// A command about another channel, given in a private chat by one of its administrators.
    pub(super) async fn manage(
        &self,
        message: &Message,
        asker: &Requester,
        name: &str,
        asked: Invocation,
    ) -> Result<Reply, StoreError> {
        let say = self.bot.localizer_for(asker)?;
        let refused = |key: &str| {
            let values = [("name", Value::Text(name))];
            Ok(Reply::from(say.line(key, &values)))
        };
        let Some(user) = message.from.as_ref() else {
            return refused("channel-not-yours");
        };
        let api = &self.telegram.api;
        // A topic is named behind its chat: `-100123/45`.
        let (chat, thread) = match Address::parse(name) {
            Some(Address { chat, thread }) => (chat.to_string(), thread),
            None => (name.to_owned(), None),
        };
        let found = match access::chat(api, &chat).await {
            Ok(found) => found,
            Err(Fault::Refused(refusal)) if refusal.code != 429 => {
                if let Some(place) = Address::parse(&chat) {
                    self.keeps_us_out(place, &refusal)?;
                }
                return refused("channel-not-found");
            }
            Err(_) => return refused("administrators-unknown"),
        };
        let access = &self.telegram.access;
        match access.is_manager_now(api, found.id, user.id.0).await {
            Ok(true) => {}
            Ok(false) => return refused("channel-not-yours"),
            Err(Fault::Refused(refusal)) if matches!(refusal.code, 400 | 403) => {
                let place = Address {
                    chat: found.id,
                    thread: None,
                };
                self.keeps_us_out(place, &refusal)?;
                return refused("channel-bot-missing");
            }
            Err(_) => return refused("administrators-unknown"),
        }
        if asked.spec.posting == Posting::Needed {
            match access::member(api, found.id, self.account.id).await {
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
        let asker = Requester {
            channel: there.key(),
            manager: true,
            locale: Some(match asker.locale {
                Some(locale) => locale,
                None => self.language_of(&asker.channel)?,
            }),
            private: false,
            note: None,
            hindrance: None,
            lifted: None,
        };
        let reply = block_in_place(|| self.bot.invoke(self.telegram, &asker, &Ok(asked)))?;
        let mut post = reply.post;
        post.blocks
            .iter_mut()
            .for_each(|block| name_channel(block, name));
        // Without its buttons: they would act on the private chat.
        let title = found.title.unwrap_or_else(|| name.to_owned());
        Ok(about(say, &title, post).into())
    }

    /// Telegram has told of a chat that it keeps the bot out: nothing is sent there until that is over.
    fn keeps_us_out(&self, place: Address, refusal: &Refusal) -> Result<(), StoreError> {
        if refusal.code != 403 {
            return Ok(());
        }
        self.bot
            .mark_unreachable(&place.key(), Scope::Within, &refusal.description)
    }

    /// A preview is shown to the asker alone, which in a group means: in a private chat.
    pub(super) async fn preview_alone(
        &self,
        message: &Message,
        sender: Sender<'_>,
        command: &Command,
        reply_to: Option<i32>,
    ) -> Result<Answers, StoreError> {
        let here = address(message).key();
        let public = self
            .bot
            .localizer_for(&Requester::in_channel(&here, true))?;
        let mut answers = Answers::new();
        let said = match sender {
            Sender::Somebody(user) => {
                let theirs = Address {
                    chat: i64::try_from(user.id.0).unwrap_or_default(),
                    thread: None,
                };
                if self.telegram.is_welcome(&theirs.key()).await {
                    let asker = Requester {
                        channel: here.clone(),
                        manager: true,
                        locale: Some(match self.private_language(theirs, Some(user))? {
                            Some(locale) => locale,
                            None => self.language_of(&theirs.key())?,
                        }),
                        private: false,
                        note: None,
                        hindrance: None,
                        lifted: None,
                    };
                    let reply =
                        block_in_place(|| self.bot.invoke(self.telegram, &asker, &command.asked))?;
                    let say = self.bot.localizer_for(&asker)?;
                    let title = message.chat.title().unwrap_or_default();
                    let post = about(say, title, reply.post);
                    answers = self.messages(&theirs.key(), &post.into(), say, None);
                    public.line("preview-sent", &[])
                } else {
                    public.line("preview-alone", &[])
                }
            }
            // Who asks stays hidden.
            Sender::Manager | Sender::Masked => {
                let chat = match message.chat.username() {
                    Some(name) if address(message).thread.is_none() => format!("@{name}"),
                    _ => here.address().to_owned(),
                };
                public.line("preview-elsewhere", &[("chat", Value::Text(&chat))])
            }
        };
        answers.extend(self.messages(&here, &said.into(), public, reply_to));
        Ok(answers)
    }

    fn language_of(&self, key: &ChannelKey) -> Result<Locale, StoreError> {
        let defaults = &self.bot.settings().defaults;
        let row = self.bot.channel(key)?;
        Ok(row.map_or(defaults.locale, |row| row.settings.language(defaults)))
    }
}
