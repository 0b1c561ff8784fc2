//! Buttons that are pressed, menus, and the form for a search. Lists turn their pages in place where only the
//! reader sees them; under what everybody sees, a reader gets an answer of their own.

use serenity::model::application::{
    ActionRowComponent, ComponentInteraction, ComponentInteractionDataKind, ModalInteraction,
};
use serenity::model::channel::MessageFlags;

use super::answering::Appearance;
use super::components::{self, Pressed, WORDS};
use super::identity::key;
use super::inbound::{Inbound, refusal};
use super::interactive::Interactive;
use super::options::Question;
use crate::chat::commands::{Action, Invocation, Prompt};
use crate::platforms::kit::reader_limit::Asking;

/// Between what a form asks for and how the item stood when it was opened.
const SEEN: char = '~';

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
            let say = self.localizer(&question).await;
            let say = say.unwrap_or_else(|_| self.bot.localizer());
            let form = components::search_form(say);
            self.discord.open_form(&question.interaction, &form).await;
            return;
        }
        if let Some(Pressed::Do(action)) = &pressed
            && let Some(prompt) = Prompt::of_action(action)
            && let Ok(Some((item, seen))) = self.bot.prompted(&key(question.user), prompt).await
        {
            let say = self.localizer(&question).await;
            let say = say.unwrap_or_else(|_| self.bot.localizer());
            let (title, fields) = prompt.form(say, &item);
            // What is changed while it is open isn't overwritten.
            let data = format!("{}{SEEN}{seen}", press.data.custom_id);
            let form = components::prompt_form(&data, &title, &fields);
            self.discord.open_form(&question.interaction, &form).await;
            return;
        }
        let flags = press.message.flags.unwrap_or_default();
        let is_own = question.private || flags.contains(MessageFlags::EPHEMERAL);
        let turns = matches!(
            pressed,
            Some(Pressed::Do(Action::Open(_) | Action::ShowPage(_)))
        );
        let shares = matches!(pressed, Some(Pressed::Share(_)));
        let asking = self.asking(&question);
        // What is refused is nobody else's business, and takes no list away.
        let is_refused = asking == Asking::TooMuch || shares && !question.may_write;
        let sets = matches!(pressed, Some(Pressed::Set(_))) && refusal(&question).is_none();
        let appearance = Appearance {
            private: !question.private && (!shares || is_refused),
            in_place: is_own && (turns || sets) && !is_refused,
        };
        let pressed = match pressed {
            Some(Pressed::Do(action)) => Some(Interactive::press(self, &question, action)),
            Some(Pressed::Share(shared)) => {
                Some(Interactive::in_public(self, &question, shared.asked()))
            }
            Some(Pressed::Read(asked)) => Some(Interactive::untyped(self, &question, asked)),
            Some(Pressed::Set(asked)) => Some(Interactive::setting(self, &question, asked)),
            Some(Pressed::Search) | None => None,
        };
        let work = async {
            let answering = async {
                match pressed {
                    Some(mut pressed) => {
                        pressed.asking = Some(asking);
                        self.asked(pressed).await
                    }
                    None => self.say(&question, "button-unknown").await,
                }
            };
            self.or_apology(&question, answering).await
        };
        self.discord
            .converse(&question.interaction, appearance, work)
            .await;
    }

    /// Answers a form: the words of a search, or what an editor was asked to write.
    pub(super) async fn form(&self, form: &ModalInteraction) {
        let question = Question::of_form(form);
        let inputs = form.data.components.iter().flat_map(|row| &row.components);
        let inputs = inputs.filter_map(|component| match component {
            ActionRowComponent::InputText(input) => Some((&input.custom_id, input.value.clone()?)),
            _ => None,
        });
        let inputs: Vec<(&String, String)> = inputs.collect();
        let field = |name: &str| {
            let written = inputs.iter().find(|(field, _)| *field == name);
            written.map(|(_, value)| value.clone())
        };
        let appearance = Appearance {
            private: !question.private,
            in_place: false,
        };
        let work = async {
            let asked = async {
                let data = form.data.custom_id.as_str();
                let (data, seen) = data.split_once(SEEN).unwrap_or((data, ""));
                let action = Action::decode(data);
                let prompt = action.as_ref().and_then(Prompt::of_action);
                let Some((action, prompt)) = action.zip(prompt) else {
                    let asked = Invocation::search(&field(WORDS).unwrap_or_default());
                    return self
                        .asked(Interactive::untyped(self, &question, asked))
                        .await;
                };
                let item = self.bot.prompted(&key(question.user), prompt).await?;
                // Whoever is no editor any more is told so.
                let action = item.map_or(action, |(item, now)| {
                    let seen = seen.parse().unwrap_or(now);
                    prompt.filled((&item, seen), field)
                });
                self.asked(Interactive::press(self, &question, action))
                    .await
            };
            self.or_apology(&question, asked).await
        };
        self.discord
            .converse(&question.interaction, appearance, work)
            .await;
    }
}
