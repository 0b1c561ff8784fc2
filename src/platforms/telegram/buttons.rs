//! Buttons that are pressed. Every press is answered, whatever became of it; lists turn their pages in place.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use teloxide::payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters};
use teloxide::types::{CallbackQuery, Chat};
use tokio::task::block_in_place;

use super::api::Fault;
use super::client::Telegram;
use super::inbound::{Answers, Inbound, address, language_of};
use super::render;
use super::wire::{Address, Wire};
use crate::chat::commands::{Action, Reply};
use crate::chat::{Requester, Scope};
use crate::platforms::kit::reader_limit::Asking;
use tidings_store::{Answer, AnswerKind, StoreError};

/// How long one try of answering a press may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// How often it is tried: then whoever pressed has stopped waiting.
const TRIES: usize = 4;

/// The longest text that is shown for a press (<https://core.telegram.org/bots/api#answercallbackquery>).
const LONGEST: usize = 200;

impl Inbound<'_> {
    /// Handles a press.
    pub(super) async fn press(&self, press: &CallbackQuery, event: u64) -> Result<(), StoreError> {
        let done = self.pressed(press).await;
        let (answer, notice, stored) = match done {
            Ok((answer, notice)) => (answer, notice, Ok(())),
            Err(error) => (Answer::default(), None, Err(error)),
        };
        let stored = stored
            .and_then(|()| block_in_place(|| self.bot.handled(self.telegram, event, &answer)));
        self.close_press(press, notice.as_deref()).await;
        stored
    }

    /// What a press leads to: messages, and what is shown to whoever pressed.
    async fn pressed(&self, press: &CallbackQuery) -> Result<(Answer, Option<String>), StoreError> {
        let message = press.message.as_ref();
        let here = message.and_then(|message| match message.regular_message() {
            Some(message) => Some(address(message)),
            // Of a message that is gone or old, Telegram tells the chat and no topic.
            None if message.chat().is_private() => Some(Address {
                chat: message.chat().id.0,
                thread: None,
            }),
            None => None,
        });
        let (Some(message), Some(here)) = (message, here) else {
            let theirs = language_of(&press.from).map(|theirs| self.bot.localizer_of(theirs));
            let say = theirs.unwrap_or_else(|| self.bot.localizer());
            return Ok((Answer::default(), Some(say.text("button-astray", &[]))));
        };
        let chat = message.chat();
        let key = here.key();
        self.bot.mark_reachable(&key, Scope::Place)?;
        let locale = if chat.is_private() {
            self.private_language(here, Some(&press.from))?
        } else {
            None
        };
        let mut asker = Requester {
            channel: key.clone(),
            manager: false,
            locale,
            private: chat.is_private(),
            note: None,
            hindrance: None,
            lifted: None,
        };
        // A notice is for whoever pressed.
        let say = match language_of(&press.from) {
            Some(theirs) if !chat.is_private() => self.bot.localizer_of(theirs),
            _ => self.bot.localizer_for(&asker)?,
        };
        let Some(action) = press.data.as_deref().and_then(Action::decode) else {
            return Ok((Answer::default(), Some(say.text("button-unknown", &[]))));
        };
        let refused = |key: &str| Ok((Answer::default(), Some(say.text(key, &[]))));
        let asking = if chat.is_private() {
            self.asking_alone(chat)
        } else {
            self.asking_in_company(chat, &press.from).await
        };
        if asking == Asking::TooMuch {
            return refused("too-many-questions");
        }
        asker.manager = match self.may_manage(chat, press, &action).await {
            Ok(manager) => manager,
            Err(refusal) => return refused(refusal),
        };
        if matches!(action, Action::Follow(_)) {
            let reply = block_in_place(|| self.bot.press_button(self.telegram, &asker, &action))?;
            let answer = Answer {
                messages: self.messages(&key, &reply, say, None),
                kind: AnswerKind::Change,
                ..Answer::default()
            };
            return Ok((answer, None));
        }
        // The message changes for all who see it.
        if !asker.manager
            && let Err(refusal) = self.may_turn(chat, press).await
        {
            return refused(refusal);
        }
        if self.asking_together(chat, press.from.id.0.cast_signed()) == Asking::TooMuch {
            return refused("too-many-questions");
        }
        let reply = block_in_place(|| self.bot.press_button(self.telegram, &asker, &action))?;
        let answer = Answer {
            messages: self.replace(message.id().0, &reply, &asker)?,
            asked_at: Some(self.bot.now()),
            asker: Some(press.from.id.0.cast_signed()),
            ..Answer::default()
        };
        Ok((answer, None))
    }

    /// Whether somebody who administers nothing may change what others see in a chat, by turning a page.
    async fn may_turn(&self, chat: &Chat, press: &CallbackQuery) -> Result<(), &'static str> {
        if chat.is_private() {
            return Ok(());
        }
        if chat.is_channel() {
            return Err("button-in-channel");
        }
        let Telegram { access, api, .. } = self.telegram;
        match access.may_write(api, chat.id.0, press.from.id.0).await {
            Ok(true) => Ok(()),
            Ok(false) => Err("button-not-yours"),
            Err(fault) => {
                tracing::warn!(chat = chat.id.0, %fault, "Telegram doesn't say who may write in a chat");
                Err("rights-unknown")
            }
        }
    }

    async fn may_manage(
        &self,
        chat: &Chat,
        press: &CallbackQuery,
        action: &Action,
    ) -> Result<bool, &'static str> {
        let must = matches!(action, Action::Follow(_));
        if chat.is_private() {
            return Ok(true);
        }
        let is_channel = chat.is_channel();
        let refusal = if is_channel {
            "only-channel-administrators"
        } else {
            "only-administrators"
        };
        let (chat, user) = (chat.id.0, press.from.id.0);
        let access = &self.telegram.access;
        if !must && !is_channel {
            return Ok(access.known(chat, user).unwrap_or(false));
        }
        match access.is_manager_now(&self.telegram.api, chat, user).await {
            Ok(is_manager) if !must => Ok(is_manager),
            Ok(true) => Ok(true),
            Ok(false) => Err(refusal),
            Err(_) => Err("administrators-unknown"),
        }
    }

    /// A reply in the place of a message. What doesn't fit there follows behind.
    fn replace(
        &self,
        message: i32,
        reply: &Reply,
        asker: &Requester,
    ) -> Result<Answers, StoreError> {
        let texts = render::messages(&reply.post);
        let last = texts.len().saturating_sub(1);
        let say = self.bot.localizer_for(asker)?;
        let wires = texts.into_iter().enumerate().map(|(at, html)| {
            let mut wire = Wire {
                html,
                edit: (at == 0).then_some(message),
                ..Wire::default()
            };
            if at == last {
                wire.with_buttons(reply.buttons(say));
            }
            (asker.channel.clone(), wire.to_text())
        });
        Ok(wires.collect())
    }

    /// Tells Telegram that a press is done with, and whoever pressed what there is to say.
    pub(super) async fn close_press(&self, press: &CallbackQuery, notice: Option<&str>) {
        let mut payload = AnswerCallbackQuery::new(press.id.clone());
        if let Some(notice) = notice {
            let notice: String = notice.chars().take(LONGEST).collect();
            payload = payload.text(notice).show_alert(true);
        }
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_times(TRIES)
            .with_jitter()
            .build();
        for pause in pauses {
            let fault = match self.telegram.api.call(&payload, PATIENCE).await {
                Ok(_) => return,
                Err(fault) => fault,
            };
            match &fault {
                // Too old, or answered already.
                Fault::Refused(refusal) if refusal.code == 400 => return,
                _ => tracing::debug!(%fault, "a press couldn't be answered"),
            }
            let pause = fault.retry_after().unwrap_or(pause).min(PATIENCE);
            crate::platforms::kit::trouble::sleep(pause).await;
        }
    }
}
