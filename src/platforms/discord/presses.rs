//! Buttons that are pressed, menus, and the form for a search. Lists turn their pages in place where only the
//! reader sees them; under what everybody sees, a reader gets an answer of their own.

use serenity::model::application::{
    ActionRowComponent, ComponentInteraction, ComponentInteractionDataKind, ModalInteraction,
};
use serenity::model::channel::MessageFlags;
use tokio::task::block_in_place;

use super::answering::{Answer, Appearance};
use super::components::{self, Pressed, WORDS};
use super::inbound::{Inbound, Target, refusal};
use super::options::Question;
use crate::chat::commands::{Action, Invocation};
use crate::chat::{Requester, Scope};
use crate::platforms::kit::reader_limit::Asking;
use tidings_store::StoreError;

impl Inbound<'_> {
    /// Answers a press.
    pub(super) async fn press(&self, press: &ComponentInteraction) {
        let question = Question::of_press(press);
        let choice = match &press.data.kind {
            ComponentInteractionDataKind::StringSelect { values } => values.first(),
            _ => None,
        };
        let pressed = Pressed::read(&press.data.custom_id, choice.map(String::as_str));
        if pressed == Some(Pressed::Search) {
            let say = self.asker(&question, question.channel);
            let say = say.and_then(|asker| self.bot.localizer_for(&asker));
            let say = say.unwrap_or_else(|_| self.bot.localizer());
            let form = components::search_form(say);
            self.discord.open_form(&question.interaction, &form).await;
            return;
        }
        let flags = press.message.flags.unwrap_or_default();
        let is_own = question.private || flags.contains(MessageFlags::EPHEMERAL);
        let turns = matches!(
            pressed,
            Some(Pressed::Do(Action::Open(_) | Action::Turn(_)))
        );
        let shares = matches!(pressed, Some(Pressed::Share(_) | Pressed::ShareAction(_)));
        let refusal = if self.asking(&question) == Asking::TooMuch {
            Some("too-many-questions")
        } else if shares && !question.may_write {
            Some("share-not-yours")
        } else {
            None
        };
        // What is refused is nobody else's business, and takes no list away.
        let is_public = shares && refusal.is_none();
        let appearance = Appearance {
            private: !question.private && !is_public,
            in_place: is_own && turns && refusal.is_none(),
        };
        let work = async {
            let answering = async {
                match (refusal, pressed) {
                    (Some(refusal), _) => self.say(&question, refusal),
                    (None, Some(pressed)) => self.pressed(&question, pressed).await,
                    (None, None) => self.say(&question, "button-unknown"),
                }
            };
            self.or_apology(&question, answering).await
        };
        self.discord
            .converse(&question.interaction, appearance, work)
            .await;
    }

    async fn pressed(&self, question: &Question, pressed: Pressed) -> Result<Answer, StoreError> {
        let mut asker = self.asker(question, question.channel)?;
        if question.is_open() {
            self.bot.mark_reachable(&asker.channel, Scope::Place)?;
        }
        match pressed {
            Pressed::Do(action @ Action::Follow(_)) => self.follow(question, &asker, &action).await,
            Pressed::Do(action) => {
                let reply = self.act(&asker, &action)?;
                let share = action
                    .encode()
                    .filter(|_| question.guild.is_some() && !reply.failed);
                let say = self.bot.localizer_for(&asker)?;
                Ok(self.messages(&reply, say, share.as_deref()))
            }
            Pressed::Share(asked) => {
                in_public(&mut asker);
                let reply = self.run(&asker, asked)?;
                Ok(self.messages(&reply, self.bot.localizer_for(&asker)?, None))
            }
            Pressed::ShareAction(action) => {
                in_public(&mut asker);
                let reply = self.act(&asker, &action)?;
                Ok(self.messages(&reply, self.bot.localizer_for(&asker)?, None))
            }
            Pressed::Search => self.say(question, "button-unknown"),
        }
    }

    fn act(
        &self,
        asker: &Requester,
        action: &Action,
    ) -> Result<crate::chat::commands::Reply, StoreError> {
        block_in_place(|| self.bot.press_button(self.discord, asker, action))
    }

    async fn follow(
        &self,
        question: &Question,
        asker: &Requester,
        action: &Action,
    ) -> Result<Answer, StoreError> {
        if let Some(key) = refusal(question) {
            return self.say(question, key);
        }
        let say = self.bot.localizer_for(asker)?;
        let target = Target {
            channel: question.channel,
            kind: question.kind,
            here: true,
        };
        if !question.private
            && let Some(lacking) = self.hindrance(question, &target, false, say).await
        {
            return Ok(self.messages(&lacking.into(), say, None));
        }
        let reply = self.act(asker, action)?;
        self.note(question, &target)?;
        Ok(self.messages(&reply, say, None))
    }

    /// Answers the form for a search.
    pub(super) async fn form(&self, form: &ModalInteraction) {
        let question = Question::of_form(form);
        let inputs = form.data.components.iter().flat_map(|row| &row.components);
        let words = inputs.filter_map(|component| match component {
            ActionRowComponent::InputText(input) if input.custom_id == WORDS => input.value.clone(),
            _ => None,
        });
        let asked = Invocation::search(&words.collect::<Vec<_>>().join(" "));
        let appearance = Appearance {
            private: !question.private,
            in_place: false,
        };
        let work = async {
            let answering = async { self.searched(&question, asked) };
            self.or_apology(&question, answering).await
        };
        self.discord
            .converse(&question.interaction, appearance, work)
            .await;
    }

    fn searched(&self, question: &Question, asked: Invocation) -> Result<Answer, StoreError> {
        if self.asking(question) == Asking::TooMuch {
            return self.say(question, "too-many-questions");
        }
        let asker = self.asker(question, question.channel)?;
        let line = asked.to_string();
        let reply = self.run(&asker, asked)?;
        let share = (question.guild.is_some() && !reply.failed).then_some(line.as_str());
        Ok(self.messages(&reply, self.bot.localizer_for(&asker)?, share))
    }
}

/// What everybody sees is in the channel's language, and offers nothing that only managers may.
fn in_public(asker: &mut Requester) {
    asker.locale = None;
    asker.manager = false;
}
