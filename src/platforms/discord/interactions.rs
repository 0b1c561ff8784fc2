//! Interactions: slash commands and what they complete, and which other kinds there are.

use std::panic::AssertUnwindSafe;

use futures_util::future::{BoxFuture, FutureExt};
use serde_json::{Value, json};
use serenity::model::application::{
    CommandInteraction, CommandType, Interaction as Incoming, ResolvedTarget,
};
use serenity::model::channel::Message;
use serenity::model::event::Event;

use super::answering::{Answer, Appearance};
use super::identity::key;
use super::inbound::Inbound;
use super::interactive::Interactive;
use super::limits::{CHOICE, CHOICES, fit, length};
use super::options::{Question, Typed, Unclear};
use crate::chat::commands;
use crate::chat::commands::Invocation;
use crate::platforms::kit::pipeline;
use crate::task::panicked;
use tidings_core::language::Value as Given;
use tidings_core::network::first_link;
use tidings_store::StoreError;

impl Inbound<'_> {
    /// Does what an event says; what may take a while is given back to be done.
    pub(super) async fn hear(&self, event: Event) -> Option<BoxFuture<'_, ()>> {
        match event {
            Event::InteractionCreate(event) => {
                Some(unbroken(self.interaction(event.interaction)).boxed())
            }
            // serenity gives what it can't read under this name as well.
            Event::Unknown(unread) => {
                Some(async move { self.unread(&unread.kind, &unread.value).await }.boxed())
            }
            event => {
                if let Err(error) = self.event(&event).await {
                    tracing::error!(%error, "the store can't be written");
                }
                None
            }
        }
    }

    /// Answers one interaction. The gateway may tell of one twice: carried out once more, it would say that there was nothing to
    /// do, in place of the answer.
    pub(super) async fn interaction(&self, incoming: Incoming) {
        if !self.discord.hears(incoming.id().get()) {
            tracing::debug!(id = %incoming.id(), "an interaction came twice");
            return;
        }
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
                if command.data.kind == CommandType::Message {
                    let link = match command.data.target() {
                        Some(ResolvedTarget::Message(message)) => link_of(message),
                        _ => None,
                    };
                    let asked = Invocation::suggestion(link.unwrap_or_default());
                    return self
                        .asked(Interactive::of_message(self, &question, asked))
                        .await;
                }
                match Typed::read(&command.data) {
                    Ok(typed) => {
                        self.asked(Interactive::command(self, &question, &typed))
                            .await
                    }
                    Err(unclear) => self.unclear(&question, &command.data.name, &unclear).await,
                }
            };
            self.or_apology(&question, answering).await
        };
        self.discord
            .converse(&question.interaction, appearance, work)
            .await;
    }

    /// Answers what is asked by an interaction.
    pub(super) async fn asked(&self, asked: Interactive<'_>) -> Result<Answer, StoreError> {
        let met = self.bot.meet(self.discord, &asked.place, None).await?;
        pipeline::answer(self.bot, self.discord, &met, &asked).await
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

    /// The answer to a command of an earlier or a later version, and to one that says only in part what it is about.
    async fn unclear(
        &self,
        question: &Question,
        name: &str,
        unclear: &Unclear<'_>,
    ) -> Result<Answer, StoreError> {
        let say = self.localizer(question).await?;
        let line = match unclear {
            Unclear::NoCommand => say.line("no-command", &[("name", Given::Text(name))]),
            Unclear::Option(option) => {
                let option = say.text(&format!("option-name-{option}"), &[]);
                say.line("option-unread", &[("option", Given::Text(&option))])
            }
        };
        Ok(self.messages(&line.into(), say, None))
    }

    async fn autocomplete(&self, command: &CommandInteraction) {
        let question = Question::of_command(command);
        let choices = self.choices(&question, command).await;
        let choices = choices.unwrap_or_else(|error| {
            tracing::error!(%error, "choices couldn't be found");
            Vec::new()
        });
        self.discord.complete(&question.interaction, &choices).await;
    }

    async fn choices(
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
        let found = if argument.kind.is_of_the_channel() {
            if !question.manager {
                return Ok(Vec::new());
            }
            let options = &command.data.options;
            let given = |name: &str| options.iter().find(|option| option.name == name);
            let section = given("section").and_then(|option| option.value.as_str());
            let elsewhere = given("channel").and_then(|option| option.value.as_channel_id());
            let channel = key(elsewhere.map_or(question.channel, |id| id.get()));
            let section = section.unwrap_or_default();
            self.bot
                .suggest_known(&channel, argument, section, typing.value)
                .await?
        } else {
            let locale = self.localizer(question).await?.locale();
            self.bot
                .suggest(locale, argument, typing.value, CHOICES)
                .await?
        };
        // What is too long to be a choice can still be typed.
        let fitting = found
            .into_iter()
            .filter(|found| length(&found.value) <= CHOICE);
        let choice = |found: commands::Suggestion| json!({ "name": fit(&found.name, CHOICE), "value": found.value });
        Ok(fitting.map(choice).collect())
    }
}

/// The first link of a message: of what it says, else of what it forwards, else of what is embedded in it.
fn link_of(message: &Message) -> Option<&str> {
    let forwarded = message.message_snapshots.iter();
    let texts = std::iter::once(&message.content).chain(forwarded.map(|of| &of.content));
    let mut said = texts.filter_map(|text| first_link(text));
    let embedded = || message.embeds.iter().find_map(|embed| embed.url.as_deref());
    said.next().map(|(_, link, _)| link).or_else(embedded)
}

/// What one question breaks is nobody else's.
async fn unbroken(answered: impl Future<Output = ()>) {
    if let Err(panic) = AssertUnwindSafe(answered).catch_unwind().await {
        tracing::error!(why = panicked(&*panic), "an interaction broke its handling");
    }
}
