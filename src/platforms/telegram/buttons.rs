//! Buttons that are pressed. Every press is answered, whatever became of it; lists turn their pages in place.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use teloxide::payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters};
use teloxide::types::{CallbackQuery, Chat};

use super::api::Fault;
use super::client::Telegram;
use super::ephemeral::Ephemeral;
use super::identity::NAME;
use super::inbound::{Answers, Inbound, acting_in, address, language_of};
use super::render;
use super::under::link_of;
use super::wire::{Address, Wire};
use crate::chat::Met;
use crate::chat::commands::{Action, Reply};
use crate::platforms::kit::pipeline::{self, Acting, Asked, Outcome, Question};
use crate::platforms::kit::reader_limit::Asking;
use crate::platforms::kit::sharing::Shared;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Localizer};
use tidings_core::post::{Block, Line};
use tidings_store::{Answer, AnswerKind, StoreError};

/// How long one try of answering a press may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// How often it is tried: then whoever pressed has stopped waiting.
const TRIES: usize = 4;

/// The longest text that is shown for a press (<https://core.telegram.org/bots/api#answercallbackquery>).
const LONGEST: usize = 200;

/// What a press leads to: messages, and what is shown to whoever pressed.
type Closing = (Answer, Option<Notice>);

/// What whoever pressed sees at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Words.
    Says(String),
    /// A chat with the bot alone, which a link of ours opens.
    Leads(String),
}

/// A press of a button of ours.
struct Pressed<'p> {
    inbound: &'p Inbound<'p>,
    press: &'p CallbackQuery,
    chat: &'p Chat,
    /// The message under which the button is.
    message: i32,
    /// By what whoever pressed is answered so that nobody else sees it.
    alone: Option<Ephemeral>,
    /// Whether all are to see the answer, which asks for the right to write there.
    shares: bool,
    asked: Asked,
    place: ChannelKey,
}

/// Where a button was pressed; `None` if Telegram doesn't tell.
pub(super) fn pressed_in(press: &CallbackQuery) -> Option<Address> {
    let message = press.message.as_ref()?;
    match message.regular_message() {
        Some(message) => Some(address(message)),
        // Of a message that is gone or old, Telegram tells the chat and no topic.
        None if message.chat().is_private() => Some(Address {
            chat: message.chat().id.0,
            thread: None,
        }),
        None => None,
    }
}

impl Inbound<'_> {
    /// Handles a press.
    pub(super) async fn press(
        &self,
        press: &CallbackQuery,
        ephemeral: Option<i64>,
        event: u64,
        met: &Met,
    ) -> Result<(), StoreError> {
        let (notice, stored) = match self.pressed(press, ephemeral, met).await {
            Ok((answer, notice)) => {
                let presses = &self.telegram.presses;
                let names_press = answer.kind == AnswerKind::Private;
                let sent = names_press.then(|| presses.expect(&press.id.0));
                let stored = self.bot.handled(self.telegram, event, &answer).await;
                match sent {
                    Some(sent) if stored.is_ok() => {
                        let elsewhere = self.bot.given_elsewhere(&answer);
                        presses.wait(&press.id.0, sent, elsewhere).await;
                    }
                    _ => presses.are_over(&press.id.0),
                }
                (notice, stored)
            }
            Err(error) => (None, Err(error)),
        };
        self.close_press(press, notice.as_ref()).await;
        stored
    }

    async fn pressed(
        &self,
        press: &CallbackQuery,
        ephemeral: Option<i64>,
        met: &Met,
    ) -> Result<Closing, StoreError> {
        let theirs = language_of(&press.from);
        let data = press.data.as_deref().unwrap_or_default();
        let bot = self.telegram.names.ours();
        let link = bot
            .zip(Action::decode(data))
            .and_then(|(bot, action)| link_of(&bot, &action));
        let (Some(message), Some(here)) = (press.message.as_ref(), pressed_in(press)) else {
            // What hangs under a roundup is as good in a chat with the bot alone.
            let astray = || {
                let theirs = theirs.map(|theirs| self.bot.localizer_of(theirs));
                let say = theirs.unwrap_or_else(|| self.bot.localizer());
                Notice::Says(say.text("button-astray", &[]))
            };
            let notice = link.map_or_else(astray, Notice::Leads);
            return Ok((Answer::default(), Some(notice)));
        };
        let chat = message.chat();
        // In a broadcast channel nobody can be answered; a post that was sent before it was known to be one has no links.
        if let Some(link) = link.filter(|_| chat.is_channel()) {
            return Ok((Answer::default(), Some(Notice::Leads(link))));
        }
        let shared = Shared::read(data).map(Shared::asked);
        // What managers alone may isn't shared: no button of ours says so.
        let shared = shared.filter(|asked| !asked.is_for_managers());
        let (asked, shares) = match (shared, Action::decode(data)) {
            (Some(shared), _) => (shared, true),
            (None, Some(action)) => (Asked::Press(action), false),
            (None, None) => {
                self.bot.welcome(met).await?;
                let is_set = chat.is_private() && met.language().is_some();
                let say = self.bot.localizer_at(met, theirs.filter(|_| !is_set));
                let unknown = Notice::Says(say.text("button-unknown", &[]));
                return Ok((Answer::default(), Some(unknown)));
            }
        };
        let alone = self.presser_alone(chat, &press.from, &press.id.0, ephemeral);
        let pressed = Pressed {
            inbound: self,
            press,
            chat,
            message: message.id().0,
            alone: alone.filter(|_| !shares),
            shares,
            asked,
            place: here.key(),
        };
        pipeline::answer(self.bot, self.telegram, met, &pressed).await
    }

    /// Whether somebody who administers nothing may change what others see in a chat, by turning a page or by sharing one;
    /// `refusal` tells who may not.
    async fn may_show(
        &self,
        chat: &Chat,
        press: &CallbackQuery,
        refusal: &'static str,
    ) -> Result<(), &'static str> {
        if chat.is_private() {
            return Ok(());
        }
        if chat.is_channel() {
            return Err("button-in-channel");
        }
        let Telegram { access, api, .. } = self.telegram;
        match access.may_write(api, chat.id.0, press.from.id.0).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(refusal),
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
        must: bool,
    ) -> Result<bool, &'static str> {
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

    /// Tells Telegram that a press is done with, and whoever pressed what there is to say.
    pub(super) async fn close_press(&self, press: &CallbackQuery, notice: Option<&Notice>) {
        let mut payload = AnswerCallbackQuery::new(press.id.clone());
        match notice {
            Some(Notice::Says(words)) => {
                let words: String = words.chars().take(LONGEST).collect();
                payload = payload.text(words).show_alert(true);
            }
            Some(Notice::Leads(link)) => payload.url = link.parse().ok(),
            None => {}
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
            crate::task::sleep(pause).await;
        }
    }
}

impl Question for Pressed<'_> {
    type Answer = Closing;

    fn asked(&self) -> &Asked {
        &self.asked
    }

    fn place(&self) -> &ChannelKey {
        &self.place
    }

    fn is_private(&self) -> bool {
        self.chat.is_private()
    }

    fn person(&self) -> Option<ChannelKey> {
        ChannelKey::new(NAME, &self.press.from.id.to_string()).ok()
    }

    fn name(&self) -> Option<String> {
        Some(self.press.from.full_name())
    }

    fn locale(&self) -> Option<Locale> {
        let is_alone = self.alone.is_some() && !self.asked.is_change() || self.is_search();
        language_of(&self.press.from).filter(|_| self.is_private() || is_alone)
    }

    /// A notice is for whoever pressed.
    fn refused_in(&self) -> Option<Locale> {
        language_of(&self.press.from)
    }

    async fn acting(&self, _: Localizer<'_>) -> Result<Result<Acting, Line>, StoreError> {
        Ok(Ok(acting_in(self.chat, &self.place)))
    }

    async fn limit(&self) -> Asking {
        if self.is_private() {
            return self.inbound.asking_alone(self.chat);
        }
        let who = &self.press.from;
        self.inbound.asking_in_company(self.chat, who).await
    }

    fn limit_together(&self) -> Asking {
        let who = self.press.from.id.0.cast_signed();
        self.inbound.asking_together(self.chat, who)
    }

    async fn rights(&self) -> Result<bool, &'static str> {
        if self.shares {
            // What everybody sees offers nothing that only managers may.
            let may = self
                .inbound
                .may_show(self.chat, self.press, "share-not-yours");
            return may.await.map(|()| false);
        }
        let must = self.asked.is_for_managers();
        let manager = self.inbound.may_manage(self.chat, self.press, must).await?;
        // The message changes for all who see it, or another one comes.
        if !must && !manager && self.alone.is_none() && !self.is_search() {
            let refusal = match self.is_under_post() {
                true => "read-not-yours",
                false => "button-not-yours",
            };
            let may = self.inbound.may_show(self.chat, self.press, refusal);
            may.await?;
        }
        Ok(manager)
    }

    fn answer(&self, outcome: Outcome<'_>) -> Closing {
        let Outcome { reply, say, .. } = &outcome;
        // How to search is seen at once, and by nobody else; so is what went wrong where all would see it.
        let is_open = self.alone.is_none() && !self.is_private();
        let is_notice = self.is_search() && !self.is_private()
            || self.is_under_post() && is_open && reply.failed;
        if outcome.is_refusal || is_notice {
            let said = reply.post.blocks.iter().filter_map(|block| match block {
                Block::Line(line) => Some(line.to_text()),
                _ => None,
            });
            let said = said.collect::<Vec<_>>().join("\n");
            return (Answer::default(), Some(Notice::Says(said)));
        }
        if let Some(one) = self.alone.as_ref().filter(|_| !outcome.is_change) {
            let (inbound, asked) = (self.inbound, &self.asked);
            let answer = inbound.answer_alone(&self.place, one, &outcome, asked, None);
            return (answer, None);
        }
        let answer = if self.shares || self.is_under_post() || self.is_sign_in() {
            // What was pressed stays as it is.
            let under = self.is_under_post() && is_open && !self.shares;
            let reply_to = under.then_some(self.message);
            Answer {
                messages: self.inbound.messages(&self.place, reply, *say, reply_to),
                asked_at: Some(self.inbound.bot.now()),
                asker: Some(self.press.from.id.0.cast_signed()),
                ..Answer::default()
            }
        } else if outcome.is_change {
            Answer {
                messages: self.inbound.messages(&self.place, reply, *say, None),
                kind: AnswerKind::Change,
                ..Answer::default()
            }
        } else {
            Answer {
                messages: self.replaced(reply, *say),
                asked_at: Some(self.inbound.bot.now()),
                asker: Some(self.press.from.id.0.cast_signed()),
                ..Answer::default()
            }
        };
        (answer, None)
    }
}

impl Pressed<'_> {
    /// Returns true if the button hangs under a roundup: what it shows never takes the roundup's place.
    fn is_under_post(&self) -> bool {
        matches!(
            self.asked,
            Asked::Press(Action::Summaries(_) | Action::Search)
        )
    }

    /// Returns true if it brings a link: what stands over the button is worth keeping.
    fn is_sign_in(&self) -> bool {
        matches!(self.asked, Asked::Press(Action::SignIn))
    }

    fn is_search(&self) -> bool {
        matches!(self.asked, Asked::Press(Action::Search))
    }

    /// A reply in the place of the message. What doesn't fit there follows behind.
    fn replaced(&self, reply: &Reply, say: Localizer<'_>) -> Answers {
        let texts = render::messages(&reply.post);
        let last = texts.len().saturating_sub(1);
        let wires = texts.into_iter().enumerate().map(|(at, message)| {
            let mut wire = Wire {
                html: message.html,
                edit: (at == 0).then_some(self.message),
                ..Wire::default()
            };
            if at == last {
                wire.with_buttons(reply.buttons(say));
            }
            (self.place.clone(), wire.to_text())
        });
        wires.collect()
    }
}
