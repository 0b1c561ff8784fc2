//! Who is answered alone where others are (design.md, "In groups, readers' questions are answered privately wherever the
//! platform can"), and with what: the answer, or a word in their private chat that it comes too late.

use jiff::Timestamp;
use teloxide::types::{Chat, User};

use super::access;
use super::client::Telegram;
use super::ephemeral::{Ephemeral, WINDOW};
use super::html::inert;
use super::inbound::{Answers, Inbound, Sender};
use super::render;
use super::wire::{Address, Wire};
use crate::chat::commands::{Button, MOST_DATA, Reply};
use crate::platforms::kit::pipeline::{Asked, Outcome};
use crate::platforms::kit::sharing::Shared;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Localizer, Value};
use tidings_store::{Answer, AnswerKind};

/// The private chat of somebody.
pub(super) fn private_chat(user: &User) -> Address {
    Address {
        chat: user.id.0.cast_signed(),
        thread: None,
    }
}

impl Inbound<'_> {
    /// By what the sender of a message may be answered alone; `None` where all see the answer. `ephemeral` is the number of
    /// a message that nobody else saw. What came in the open needs a bot that administers the group: where that isn't known,
    /// Telegram is asked, unless a manager waits for a change, of which all are told anyway.
    pub(super) async fn alone(
        &self,
        chat: &Chat,
        sender: Sender<'_>,
        ephemeral: Option<i64>,
        asked: &Asked,
    ) -> Option<Ephemeral> {
        // Who speaks as the group or as a channel has no number to answer to.
        let Sender::Somebody(user) = sender else {
            return None;
        };
        if ephemeral.is_some() {
            self.telegram.abilities.hears_ephemeral();
        }
        if !is_group(chat) || !self.telegram.abilities.has_ephemeral(chat.id.0) {
            return None;
        }
        let one = Ephemeral {
            receiver: user.id.0,
            reply_to: ephemeral,
            ..Ephemeral::default()
        };
        let known = self.telegram.access.administers(chat.id.0);
        let may = match known {
            _ if ephemeral.is_some() => true,
            Some(known) => known,
            None => !asked.is_change() && self.is_administrator(chat.id.0).await,
        };
        may.then_some(one)
    }

    /// By what whoever pressed a button is answered alone, in the place of a message that they alone see, or beside one that
    /// all see.
    pub(super) fn presser_alone(
        &self,
        chat: &Chat,
        user: &User,
        press: &str,
        ephemeral: Option<i64>,
    ) -> Option<Ephemeral> {
        let abilities = &self.telegram.abilities;
        if ephemeral.is_some() {
            abilities.hears_ephemeral();
        }
        // A message that one alone sees can't be changed for all.
        let may = ephemeral.is_some() || is_group(chat) && abilities.has_ephemeral(chat.id.0);
        may.then(|| Ephemeral {
            receiver: user.id.0,
            press: Some(press.to_owned()),
            edit: ephemeral,
            ..Ephemeral::default()
        })
    }

    /// Whether the bot administers a group: then it may show something to one member without having been asked in private.
    async fn is_administrator(&self, group: i64) -> bool {
        let Telegram { access, api, .. } = self.telegram;
        match access::member(api, group, self.account.id).await {
            Ok(us) => {
                access.note_administers(group, us.is_manager());
                us.is_manager()
            }
            Err(fault) => {
                tracing::debug!(group, %fault, "Telegram doesn't say what the bot may in a group");
                false
            }
        }
    }

    /// An answer that its asker alone sees, where others are. `asked_at` is when they asked, in a message that they alone see.
    pub(super) fn answer_alone(
        &self,
        place: &ChannelKey,
        one: &Ephemeral,
        outcome: &Outcome<'_>,
        asked: &Asked,
        late: Option<Late<'_>>,
    ) -> Answer {
        let is_late = |late: &Late<'_>| {
            let age = late.asked_at.map(|at| self.bot.now().duration_since(at));
            one.reply_to.is_some() && age.is_some_and(|age| age > WINDOW)
        };
        let hint = late.as_ref().and_then(|late| self.late(late, outcome.say));
        let asker = Some(one.receiver.cast_signed());
        if late.as_ref().is_some_and(is_late) {
            let is_first = self.telegram.told.is_first(one.receiver);
            return Answer {
                messages: hint.filter(|_| is_first).into_iter().collect(),
                asker,
                ..Answer::default()
            };
        }
        let (late_to, late) = hint.unzip();
        Answer {
            messages: self.shown_alone(place, one, outcome, asked),
            kind: AnswerKind::Private,
            asker,
            late,
            late_to,
            is_first: outcome.is_last,
            ..Answer::default()
        }
    }

    /// What is said in the asker's private chat where the answer comes too late.
    fn late(&self, late: &Late<'_>, say: Localizer<'_>) -> Option<(ChannelKey, String)> {
        let group = inert(late.chat.title().unwrap_or_default());
        let line = say.line("answer-late-alone", &[("name", Value::Text(&group))]);
        let to = private_chat(late.user).key();
        let mut messages = self.messages(&to, &line.into(), say, None).into_iter();
        messages.next()
    }

    /// An answer as messages that one alone sees, with what stands under the last one, and a way to share it.
    fn shown_alone(
        &self,
        place: &ChannelKey,
        one: &Ephemeral,
        outcome: &Outcome<'_>,
        asked: &Asked,
    ) -> Answers {
        let Outcome { reply, say, .. } = outcome;
        let is_shared = !outcome.is_refusal && !reply.failed && !asked.is_for_managers();
        let share = is_shared.then(|| share(asked, *say)).flatten();
        let texts = render::messages(&reply.post);
        let last = texts.len().saturating_sub(1);
        let wires = texts.into_iter().enumerate().map(|(at, message)| {
            let mut wire = Wire {
                html: message.html,
                ephemeral: Some(Ephemeral {
                    goes_on: at < last,
                    ..one.clone().part(at)
                }),
                ..Wire::default()
            };
            if at == last {
                wire.with_buttons(buttons(reply, *say, share.clone()));
            }
            (place.clone(), wire.to_text())
        });
        wires.collect()
    }
}

/// To whom it is said that an answer comes too late.
#[derive(Clone, Copy)]
pub(super) struct Late<'m> {
    pub(super) user: &'m User,
    pub(super) chat: &'m Chat,
    pub(super) asked_at: Option<Timestamp>,
}

/// A button that shows the answer to all; `None` if its data doesn't fit.
fn share(asked: &Asked, say: Localizer<'_>) -> Option<Button> {
    let data = Shared::data_of(asked).filter(|data| data.len() <= MOST_DATA)?;
    Some(Button {
        label: say.text("button-share", &[]),
        data,
    })
}

fn buttons(reply: &Reply, say: Localizer<'_>, share: Option<Button>) -> Vec<Vec<Button>> {
    let mut rows = reply.buttons(say);
    rows.extend(share.map(|share| vec![share]));
    rows
}

/// Only in groups one member is shown what the others don't see.
fn is_group(chat: &Chat) -> bool {
    chat.is_group() || chat.is_supergroup()
}
