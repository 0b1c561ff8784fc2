//! How an interaction is answered: within three seconds, or acknowledged within them and answered later; and
//! never not at all.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::api::{Call, Fault};
use super::card::Cards;
use super::client::Discord;
use super::limits::{ACKNOWLEDGE, CONTENT, fit};
use super::simpler::speaks_of_buttons;
use super::wire::{Message, answer_of_cards, deferred};
use crate::platforms::kit::simpler::Said;
use crate::task::sleep;

/// How long an answer may take until the interaction is acknowledged without it: about half of the time that
/// Discord leaves, so that a slow network has its part.
const THINKING: Duration = Duration::from_millis(1_200);

/// How long one try of answering may take.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// How long one try of a later answer may take.
const LATER: Duration = Duration::from_secs(10);

/// How often a later answer is tried.
const TRIES: u32 = 6;

/// Between two tries; it doubles each time for a later answer.
const PAUSE: Duration = Duration::from_millis(150);

/// “Interaction has already been acknowledged”
/// (<https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes>).
const ACKNOWLEDGED: u32 = 40_060;

// Kinds of callbacks
// (https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type).
const MESSAGE: u8 = 4;
const MESSAGE_LATER: u8 = 5;
const UPDATE_LATER: u8 = 6;
const UPDATE: u8 = 7;
const CHOICES: u8 = 8;
const FORM: u8 = 9;

/// What names an interaction to Discord.
#[derive(Clone, Debug)]
pub(super) struct Interaction {
    pub(super) id: u64,
    pub(super) token: String,
    pub(super) application: u64,
}

/// How an answer appears; known before the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Appearance {
    /// For whoever asked alone.
    pub(super) private: bool,
    /// In the place of the message whose button was pressed.
    pub(super) in_place: bool,
}

/// An answer: messages, with what stands under the last of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) messages: Vec<Message>,
    pub(super) components: Vec<Value>,
    /// Messages of cards behind the others.
    pub(super) cards: Vec<Cards>,
    /// What goes instead of the cards, if Discord refuses them.
    pub(super) without_cards: Vec<Message>,
}

impl Answer {
    /// What goes instead of it once it was refused: the same without what hangs under it, if that is to blame; else plain
    /// text without it. `None` if it wasn't refused, or if nothing simpler is left.
    fn simpler(&self, called: Called) -> Option<Answer> {
        let of_buttons = match called {
            Called::Refused { of_buttons } => of_buttons && !self.components.is_empty(),
            Called::Done | Called::Already | Called::Failed => return None,
        };
        if !self.cards.is_empty() {
            let messages = self.messages.iter().chain(&self.without_cards);
            return Some(Answer {
                messages: messages.cloned().collect(),
                components: self.components.clone(),
                ..Answer::default()
            });
        }
        let plain = |message: &Message| Message {
            content: fit(&message.plain(true).content, CONTENT),
            embeds: Vec::new(),
        };
        let messages: Vec<Message> = if of_buttons {
            self.messages.clone()
        } else {
            self.messages.iter().map(plain).collect()
        };
        let is_simpler = messages != self.messages || !self.components.is_empty();
        is_simpler.then_some(Answer {
            messages,
            ..Answer::default()
        })
    }

    fn bodies(&self, appearance: Appearance) -> Vec<Value> {
        let last = self.messages.len().saturating_sub(1);
        let bodies = self.messages.iter().enumerate().map(|(at, message)| {
            let components = if at == last {
                self.components.as_slice()
            } else {
                &[]
            };
            if at == 0 && appearance.in_place {
                message.edit(components)
            } else {
                message.answer(components, appearance.private)
            }
        });
        let cards = self.cards.iter();
        let cards = cards.map(|cards| answer_of_cards(cards, appearance.private));
        bodies.chain(cards).collect()
    }
}

impl Discord {
    /// Answers an interaction with what `work` comes to, whatever happens.
    pub(super) async fn converse(
        &self,
        interaction: &Interaction,
        appearance: Appearance,
        work: impl Future<Output = Answer>,
    ) {
        let since = Instant::now();
        tokio::pin!(work);
        let early = tokio::select! {
            answer = &mut work => Some(answer),
            () = sleep(THINKING) => None,
        };
        let (now, later) = if appearance.in_place {
            (UPDATE, UPDATE_LATER)
        } else {
            (MESSAGE, MESSAGE_LATER)
        };
        let Some(answer) = early else {
            let data = (!appearance.in_place).then(|| deferred(appearance.private));
            let called = self
                .callback(interaction, later, data.as_ref(), since)
                .await;
            if matches!(called, Called::Failed | Called::Refused { .. }) {
                return;
            }
            let answer = work.await;
            self.rest_of(interaction, answer, appearance, 0).await;
            return;
        };
        let mut simplest = answer.clone();
        let called = loop {
            let bodies = simplest.bodies(appearance);
            let Some(body) = bodies.first() else { return };
            let called = self.callback(interaction, now, Some(body), since).await;
            match simplest.simpler(called) {
                Some(simpler) => simplest = simpler,
                None => break called,
            }
        };
        match called {
            Called::Done => self.rest_of(interaction, answer, appearance, 1).await,
            // An earlier try had arrived, or something else has answered: the answer is put in its place.
            Called::Already => self.rest_of(interaction, answer, appearance, 0).await,
            Called::Failed | Called::Refused { .. } => {}
        }
    }

    /// Opens a form.
    pub(super) async fn open_form(&self, interaction: &Interaction, form: &Value) {
        self.callback(interaction, FORM, Some(form), Instant::now())
            .await;
    }

    /// Gives the choices of an autocompletion. One that comes too late is of no use, so it is tried once.
    pub(super) async fn complete(&self, interaction: &Interaction, choices: &[Value]) {
        let call = callback(interaction, CHOICES, Some(&json!({ "choices": choices })));
        if let Err(fault) = self.call(&call).await {
            tracing::debug!(%fault, "choices couldn't be given");
        }
    }

    /// Answers in the time that there is for it.
    async fn callback(
        &self,
        interaction: &Interaction,
        kind: u8,
        data: Option<&Value>,
        since: Instant,
    ) -> Called {
        let call = callback(interaction, kind, data);
        loop {
            let fault = match self.call(&call).await {
                Ok(_) => return Called::Done,
                Err(fault) => fault,
            };
            if fault.is(&[ACKNOWLEDGED]) {
                return Called::Already;
            }
            let pause = fault.wait().unwrap_or(PAUSE);
            if fault.is_of_the_text() {
                tracing::warn!(%fault, "Discord doesn't take an answer as it is");
                return Called::refused(&fault);
            }
            if fault.is_final() || since.elapsed() + pause >= Duration::from_secs(ACKNOWLEDGE) {
                tracing::warn!(%fault, "an interaction couldn't be answered");
                return Called::Failed;
            }
            sleep(pause).await;
        }
    }

    /// Sends the messages of an answer from one on; the first of all is put in the place of the acknowledgement.
    async fn rest_of(
        &self,
        interaction: &Interaction,
        mut answer: Answer,
        appearance: Appearance,
        from: usize,
    ) {
        let Interaction {
            application, token, ..
        } = interaction;
        let base = format!("webhooks/{application}/{token}");
        let mut at = from;
        while let Some(body) = answer.bodies(appearance).get(at) {
            let call = if at == 0 {
                // Who may see it was said when it was acknowledged.
                let mut body = body.clone();
                if let Some(body) = body.as_object_mut() {
                    body.remove("flags");
                }
                let path = format!("{base}/messages/@original");
                Call::of_interaction(Method::PATCH, path, LATER).body(&body)
            } else {
                Call::of_interaction(Method::POST, base.clone(), LATER).body(body)
            };
            let called = self.insist(&call).await;
            match answer.simpler(called) {
                Some(simpler) => answer = simpler,
                None if called == Called::Done => at += 1,
                None => return,
            }
        }
    }

    /// Makes a call until it is answered, or has failed too often.
    async fn insist(&self, call: &Call) -> Called {
        let mut pause = PAUSE;
        for _ in 0..TRIES {
            let fault = match self.call(call).await {
                Ok(_) => return Called::Done,
                Err(fault) => fault,
            };
            if fault.is_final() {
                tracing::warn!(%fault, "an answer couldn't be given");
                return if fault.is_of_the_text() {
                    Called::refused(&fault)
                } else {
                    Called::Failed
                };
            }
            let wait = fault.wait().unwrap_or(pause);
            tracing::debug!(%fault, "an answer is tried again");
            sleep(wait).await;
            pause *= 3;
        }
        tracing::warn!("an answer couldn't be given, however often it was tried");
        Called::Failed
    }
}

/// What became of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Called {
    Done,
    Already,
    /// For what it says, or for what hangs under it.
    Refused {
        of_buttons: bool,
    },
    Failed,
}

impl Called {
    fn refused(fault: &Fault) -> Called {
        Called::Refused {
            of_buttons: speaks_of_buttons(&fault.to_string()),
        }
    }
}

fn callback(interaction: &Interaction, kind: u8, data: Option<&Value>) -> Call {
    let mut body = json!({ "type": kind });
    if let Some(data) = data {
        body["data"] = data.clone();
    }
    let Interaction { id, token, .. } = interaction;
    let path = format!("interactions/{id}/{token}/callback");
    Call::of_interaction(Method::POST, path, PATIENCE).body(&body)
}
