//! Buttons that are pressed. Every press is answered, whatever became of it; lists turn their pages in place.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use teloxide::payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters};
use teloxide::types::{CallbackQuery, Chat};
use tokio::task::block_in_place;

use super::api::Fault;
use super::inbound::{Answers, Inbound, address, language_of};
use super::render;
use super::wire::{Address, Wire};
use crate::app::{Asker, Reach};
use crate::commands::{Action, Reply};
use crate::platforms::questions::Asking;
use crate::store::StoreError;

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
        let (answers, notice, stored) = match done {
            Ok((answers, notice)) => (answers, notice, Ok(())),
            Err(error) => (Answers::new(), None, Err(error)),
        };
        let stored = stored
            .and_then(|()| block_in_place(|| self.bot.handled(self.telegram, event, &answers)));
        self.close_press(press, notice.as_deref()).await;
        stored
    }

    /// What a press leads to: messages, and what is shown to whoever pressed.
    async fn pressed(
        &self,
        press: &CallbackQuery,
    ) -> Result<(Answers, Option<String>), StoreError> {
        let Some(message) = &press.message else {
            return Ok((Answers::new(), None));
        };
        let here = match message.regular_message() {
            Some(message) => address(message),
            None => Address {
                chat: message.chat().id.0,
                thread: None,
            },
        };
        let chat = message.chat();
        let key = here.key();
        self.bot.welcome(&key, Reach::Place)?;
        let locale = if chat.is_private() {
            self.private_language(here, Some(&press.from))?
        } else {
            None
        };
        let mut asker = Asker {
            channel: key.clone(),
            manager: false,
            locale,
            private: chat.is_private(),
        };
        // A notice is for whoever pressed.
        let say = match language_of(&press.from) {
            Some(theirs) if !chat.is_private() => self.bot.speaker_of(theirs),
            _ => self.bot.speaker_for(&asker)?,
        };
        let Some(action) = press.data.as_deref().and_then(Action::decode) else {
            return Ok((Answers::new(), Some(say.text("button-unknown", &[]))));
        };
        let refused = |key: &str| Ok((Answers::new(), Some(say.text(key, &[]))));
        if !chat.is_private() && self.asking(chat, &press.from).await == Asking::TooMuch {
            return refused("too-many-questions");
        }
        asker.manager = match self.may_manage(chat, press, &action).await {
            Ok(manager) => manager,
            Err(refusal) => return refused(refusal),
        };
        let reply = block_in_place(|| self.bot.press_button(self.telegram, &asker, &action))?;
        if matches!(action, Action::Follow(_)) {
            return Ok((self.messages(&key, &reply, say, None), None));
        }
        Ok((self.replace(message.id().0, &reply, &asker)?, None))
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
        let (chat, user) = (chat.id.0, press.from.id.0);
        let access = &self.telegram.access;
        if !must {
            return Ok(access.known(chat, user).unwrap_or(false));
        }
        match access.is_manager(&self.telegram.api, chat, user).await {
            Ok(true) => Ok(true),
            Ok(false) => Err("only-administrators"),
            Err(_) => Err("administrators-unknown"),
        }
    }

    /// A reply in the place of a message. What doesn't fit there follows behind.
    fn replace(&self, message: i32, reply: &Reply, asker: &Asker) -> Result<Answers, StoreError> {
        let texts = render::messages(&reply.post);
        let last = texts.len().saturating_sub(1);
        let say = self.bot.speaker_for(asker)?;
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
            crate::platforms::trouble::sleep(pause).await;
        }
    }
}
