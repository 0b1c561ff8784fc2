//! Slash commands: who may use them, what they act on, and what is answered.

use std::panic::AssertUnwindSafe;

use futures_util::future::{BoxFuture, FutureExt};
use serde_json::{Value, json};
use serenity::model::application::{CommandInteraction, Interaction as Incoming};
use serenity::model::event::Event;
use tokio::task::block_in_place;

use super::access::Kind;
use super::answering::{Answer, Appearance};
use super::client::Discord;
use super::identity::{key, server};
use super::limits::{CHOICE, CHOICES, fit, length};
use super::options::{Question, Typed, Unclear};
use super::{components, render};
use crate::chat::commands::{Invocation, Posting, Reply, Who};
use crate::chat::{Bot, Requester, Scope, commands};
use crate::platforms::kit::reader_limit;
use crate::platforms::kit::reader_limit::{ALONE, Asking, IN_COMPANY};
use crate::platforms::kit::remote::name_channel;
use crate::task::panicked;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Localizer, Value as Given};
use tidings_core::post::{Block, Post};
use tidings_store::StoreError;

/// What came in, with all that an answer needs.
pub(super) struct Inbound<'a> {
    pub(super) discord: &'a Discord,
    pub(super) bot: &'a Bot,
}

/// Where a command acts.
pub(super) struct Target {
    pub(super) channel: u64,
    pub(super) kind: Option<Kind>,
    /// Whether it is where the command was given.
    pub(super) here: bool,
}

impl Inbound<'_> {
    /// Does what an event says; what may take a while is given back to be done.
    pub(super) fn hear(&self, event: Event) -> Option<BoxFuture<'_, ()>> {
        match event {
            Event::InteractionCreate(event) => {
                Some(unbroken(self.interaction(event.interaction)).boxed())
            }
            // serenity gives what it can't read under this name as well.
            Event::Unknown(unread) => {
                Some(async move { self.unread(&unread.kind, &unread.value).await }.boxed())
            }
            event => {
                if let Err(error) = self.event(&event) {
                    tracing::error!(%error, "the store can't be written");
                }
                None
            }
        }
    }

    /// Answers one interaction.
    pub(super) async fn interaction(&self, incoming: Incoming) {
        match incoming {
            Incoming::Command(command) => self.command(&command).await,
            Incoming::Autocomplete(command) => self.autocomplete(&command).await,
            Incoming::Component(press) => self.press(&press).await,
            Incoming::Modal(form) => self.form(&form).await,
            other => tracing::debug!(id = %other.id(), "an interaction of a kind that isn't known"),
        }
    }

    async fn command(&self, command: &CommandInteraction) {
        let question = Question::of_command(command);
        let appearance = Appearance {
            private: !question.private,
            in_place: false,
        };
        let work = async {
            let answering = async {
                match Typed::read(&command.data) {
                    Ok(typed) => self.answer(&question, &typed).await,
                    Err(unclear) => self.unclear(&question, &command.data.name, &unclear),
                }
            };
            self.or_apology(&question, answering).await
        };
        self.discord
            .converse(&question.interaction, appearance, work)
            .await;
    }

    /// An answer, or the admission that there is none.
    pub(super) async fn or_apology(
        &self,
        question: &Question,
        answering: impl Future<Output = Result<Answer, StoreError>>,
    ) -> Answer {
        let answered = AssertUnwindSafe(answering).catch_unwind().await;
        let error = match answered {
            Ok(Ok(answer)) => return answer,
            Ok(Err(error)) => error.to_string(),
            Err(panic) => format!(
                "{}, which is a bug of Tidings: please report it",
                panicked(&*panic)
            ),
        };
        let channel = key(question.channel);
        let number = commands::fault_number(&question.interaction.id, &channel, &error);
        tracing::error!(number, %channel, error, "a question couldn't be answered");
        let speaks = |locale| self.bot.localizer_of(locale);
        let say = question.locale.map_or_else(|| self.bot.localizer(), speaks);
        let values = [("number", Given::Text(&number))];
        self.messages(&say.line("internal-error", &values).into(), say, None)
    }

    async fn answer(&self, question: &Question, typed: &Typed<'_>) -> Result<Answer, StoreError> {
        let here = key(question.channel);
        let mut asker = self.asker(question, question.channel)?;
        if question.is_open() {
            asker.lifted = self.bot.stopped_by_platform(&here)?;
            self.bot.mark_reachable(&here, Scope::Place)?;
        }
        let say = self.bot.localizer_for(&asker)?;
        let must = typed.asked.spec.who == Who::Managers;
        if must && let Some(key) = refusal(question) {
            return self.say(question, key);
        }
        let asking = self.asking(question);
        if asking == Asking::TooMuch {
            return self.say(question, "too-many-questions");
        }
        let target = Target {
            channel: typed
                .channel
                .map_or(question.channel, |channel| channel.id.get()),
            kind: typed
                .channel
                .map_or(question.kind, |channel| Some(Kind(channel.kind.into()))),
            here: typed
                .channel
                .is_none_or(|channel| channel.id.get() == question.channel),
        };
        if !target.here && question.guild.is_none() {
            // Nobody's rights in another place are told here.
            return self.say(question, "channel-needs-server");
        }
        if !target.here {
            // What another channel follows is for those to see who may change it.
            if let Some(key) = refusal(question) {
                return self.say(question, key);
            }
            let is_followed = typed.asked.spec.takes_role;
            if let Some(refusal) = self.foreign(question, &target, is_followed, say).await? {
                return Ok(self.messages(&refusal.into(), say, None));
            }
        }
        asker.channel = key(target.channel);
        asker.lifted = asker.lifted.filter(|_| target.here);
        asker.note = target.kind.map(|kind| kind.to_note());
        if typed.asked.spec.posting == Posting::Needed && !question.private {
            let pings = typed.role.is_some_and(|role| !role.mentionable);
            if typed
                .role
                .is_some_and(|role| Some(role.id.get()) == question.guild)
            {
                return self.say(question, "role-everyone");
            }
            if let Some(lacking) = self.hindrance(question, &target, pings, say).await {
                return Ok(self.messages(&lacking.into(), say, None));
            }
        }
        let set_role = typed.asked.role();
        let is_everyone = |role: &str| {
            question
                .guild
                .is_some_and(|guild| role.contains(&guild.to_string()))
        };
        if set_role.is_some_and(is_everyone) {
            return self.say(question, "role-everyone");
        }
        if let Some(role) = set_role.and_then(render::role_number)
            && let Some(wrong) = self.wrong_role(question, &target, &role, say).await
        {
            return Ok(self.messages(&wrong.into(), say, None));
        }
        if typed.asked.spec.posting == Posting::Told {
            asker.hindrance = self.lacking_there(question, &target, say).await?;
        }
        let mut reply = self.run(&asker, typed.asked.clone())?;
        if !reply.failed
            && let Some(role) = typed.role
        {
            let set_role = Invocation::set_role(&format!("<@&{}>", role.id));
            let set = self.run(&asker, set_role)?;
            // When the next roundup comes was said by the command itself.
            reply
                .post
                .blocks
                .extend(set.post.blocks.into_iter().take(1));
        }
        if must {
            self.note(question, &target)?;
        }
        if !target.here {
            let name = format!("<#{}>", target.channel);
            let about = say.line("about-channel", &[("name", Given::Text(&name))]);
            let mut post = Post::line(about);
            let option = format!("channel:{name}");
            let blocks = &mut reply.post.blocks;
            blocks
                .iter_mut()
                .for_each(|block| name_channel(block, &option));
            post.blocks.append(blocks);
            // A button would act on the channel in which it is pressed.
            reply = Reply::from(post);
        }
        if asking == Asking::Last {
            let last = if question.private {
                "last-question-alone"
            } else {
                "last-question"
            };
            reply.post.push(Block::Line(say.line(last, &[])));
        }
        let shares = !must && target.here && !reply.failed && !question.private;
        let share = shares.then(|| typed.asked.to_string());
        Ok(self.messages(&reply, say, share.as_deref()))
    }

    /// Carries a command out.
    pub(super) fn run(&self, asker: &Requester, asked: Invocation) -> Result<Reply, StoreError> {
        block_in_place(|| self.bot.invoke(self.discord, asker, &Ok(asked)))
    }

    /// Notes what kind of channel is followed in, and which server it is part of.
    pub(super) fn note(&self, question: &Question, target: &Target) -> Result<(), StoreError> {
        let Some(kind) = target
            .kind
            .or_else(|| self.discord.kind(target.channel, None))
        else {
            return Ok(());
        };
        let place = question.guild.map(server);
        let channel = key(target.channel);
        self.bot.note(&channel, &kind.to_note(), place.as_ref())
    }

    /// Whoever asked, about a channel.
    pub(super) fn asker(&self, question: &Question, channel: u64) -> Result<Requester, StoreError> {
        let channel = key(channel);
        let locale = match question.locale {
            // A private chat is answered as it was set.
            Some(_) if question.private && self.has_language(&channel)? => None,
            locale => locale,
        };
        Ok(Requester {
            channel,
            manager: question.manager && question.present,
            locale,
            private: question.private,
            note: question.kind.map(|kind| kind.to_note()),
            hindrance: None,
            lifted: None,
        })
    }

    fn has_language(&self, channel: &ChannelKey) -> Result<bool, StoreError> {
        let row = self.bot.channel(channel)?;
        Ok(row.is_some_and(|row| row.settings.locale.is_some()))
    }

    /// Counts a question. Those of a server's managers aren't counted.
    pub(super) fn asking(&self, question: &Question) -> Asking {
        if question.guild.is_some() && question.manager {
            return Asking::May;
        }
        let place = question.guild.unwrap_or(question.channel).cast_signed();
        let asker = reader_limit::Counted::One(place, question.user.cast_signed());
        let most = if question.private { ALONE } else { IN_COMPANY };
        self.discord.questions.ask(asker, most)
    }

    /// The answer to a command of an earlier or a later version, and to one that says only in part what it is about.
    fn unclear(
        &self,
        question: &Question,
        name: &str,
        unclear: &Unclear<'_>,
    ) -> Result<Answer, StoreError> {
        let say = self
            .bot
            .localizer_for(&self.asker(question, question.channel)?)?;
        let line = match unclear {
            Unclear::NoCommand => say.line("no-command", &[("name", Given::Text(name))]),
            Unclear::Option(option) => {
                let option = say.text(&format!("option-name-{option}"), &[]);
                say.line("option-unread", &[("option", Given::Text(&option))])
            }
        };
        Ok(self.messages(&line.into(), say, None))
    }

    /// A text of ours.
    pub(super) fn say(&self, question: &Question, text: &str) -> Result<Answer, StoreError> {
        let say = self
            .bot
            .localizer_for(&self.asker(question, question.channel)?)?;
        Ok(self.messages(&say.line(text, &[]).into(), say, None))
    }

    /// A reply as messages; `share` is what a Share button under it shows.
    pub(super) fn messages(
        &self,
        reply: &Reply,
        say: Localizer<'_>,
        share: Option<&str>,
    ) -> Answer {
        Answer {
            messages: render::messages(&reply.post, &self.discord.commands.lock()),
            components: components::under(reply, say, share),
        }
    }

    async fn autocomplete(&self, command: &CommandInteraction) {
        let question = Question::of_command(command);
        let choices = self.choices(&question, command).unwrap_or_else(|error| {
            tracing::error!(%error, "choices couldn't be found");
            Vec::new()
        });
        self.discord.complete(&question.interaction, &choices).await;
    }

    fn choices(
        &self,
        question: &Question,
        command: &CommandInteraction,
    ) -> Result<Vec<Value>, StoreError> {
        let spec = commands::find(&command.data.name);
        let (Some(spec), Some(typing)) = (spec, command.data.autocomplete()) else {
            return Ok(Vec::new());
        };
        let Some(argument) = spec.arguments.iter().find(|a| a.name == typing.name) else {
            return Ok(Vec::new());
        };
        let asker = self.asker(question, question.channel)?;
        let found = block_in_place(|| self.bot.suggest(&asker, argument, typing.value, CHOICES))?;
        // What is too long to be a choice can still be typed.
        let fitting = found
            .into_iter()
            .filter(|found| length(&found.value) <= CHOICE);
        let choice = |found: commands::Suggestion| json!({ "name": fit(&found.name, CHOICE), "value": found.value });
        Ok(fitting.map(choice).collect())
    }
}

/// What one question breaks is nobody else's.
async fn unbroken(answered: impl Future<Output = ()>) {
    if let Err(panic) = AssertUnwindSafe(answered).catch_unwind().await {
        tracing::error!(why = panicked(&*panic), "an interaction broke its handling");
    }
}

/// Why somebody may not change anything; `None` if they may.
pub(super) fn refusal(question: &Question) -> Option<&'static str> {
    if !question.present && question.guild.is_none() {
        Some("bot-not-in-chat")
    } else if !question.present {
        Some("bot-not-here")
    } else if !question.manager {
        Some("only-server-managers")
    } else {
        None
    }
}
