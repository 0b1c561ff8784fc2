//! A message as a question: who asks, on what, and what is sent back.

use jiff::Timestamp;
use teloxide::types::Message;

use super::alone::Late;
use super::asking::{asked_at, number_of};
use super::ephemeral::Ephemeral;
use super::inbound::{Inbound, Sender, acting_in, language_of};
use super::prompted::person;
use crate::platforms::kit::pipeline::{Acting, Asked, Outcome, Question};
use crate::platforms::kit::reader_limit::Asking;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Localizer};
use tidings_core::post::Line;
use tidings_store::{Answer, StoreError};

/// A message that asks something.
pub(super) struct Written<'w> {
    pub(super) inbound: &'w Inbound<'w>,
    pub(super) message: &'w Message,
    pub(super) sender: Sender<'w>,
    pub(super) asked: Asked,
    /// By what its sender is answered so that nobody else sees it.
    pub(super) alone: Option<Ephemeral>,
    /// Whether nobody else saw the message itself.
    pub(super) is_ephemeral: bool,
    /// The channel that a private chat's command names, if it names one.
    pub(super) named: Option<String>,
    pub(super) place: ChannelKey,
}

impl Question for Written<'_> {
    type Answer = Answer;

    fn asked(&self) -> &Asked {
        &self.asked
    }

    fn place(&self) -> &ChannelKey {
        &self.place
    }

    fn is_private(&self) -> bool {
        self.message.chat.is_private()
    }

    fn person(&self) -> Option<ChannelKey> {
        // In company somebody else may speak for them.
        person(self.message).filter(|_| self.is_private())
    }

    fn name(&self) -> Option<String> {
        Some(self.message.from.as_ref()?.full_name())
    }

    fn locale(&self) -> Option<Locale> {
        let is_alone = self.alone.is_some() && !self.asked.is_change();
        let theirs = self.message.from.as_ref();
        let theirs = theirs.filter(|_| self.is_private() || is_alone);
        theirs.and_then(language_of)
    }

    fn refused_in(&self) -> Option<Locale> {
        let theirs = self.message.from.as_ref();
        let theirs = theirs.filter(|_| self.is_private() || self.alone.is_some());
        theirs.and_then(language_of)
    }

    fn asked_at(&self) -> Option<Timestamp> {
        asked_at(self.message)
    }

    async fn limit(&self) -> Asking {
        self.inbound.asking(self.message, self.sender).await
    }

    fn limit_together(&self) -> Asking {
        let who = number_of(self.message);
        self.inbound.asking_together(&self.message.chat, who)
    }

    async fn rights(&self) -> Result<bool, &'static str> {
        if self.named.is_some() {
            // It is the channel's administrators who may, and that is asked there.
            return Ok(true);
        }
        let Written {
            message,
            sender,
            asked,
            ..
        } = self;
        self.inbound.is_manager(message, *sender, asked).await
    }

    async fn acting(&self, say: Localizer<'_>) -> Result<Result<Acting, Line>, StoreError> {
        match &self.named {
            Some(name) => self.there(name, say).await,
            None if self.is_for_one_alone() => self.alone(say).await,
            None => Ok(Ok(acting_in(&self.message.chat, &self.place))),
        }
    }

    fn too_much(&self, _: Localizer<'_>) -> Answer {
        // The last one that was answered said so.
        Answer::default()
    }

    fn answer(&self, outcome: Outcome<'_>) -> Answer {
        let Outcome { reply, say, .. } = &outcome;
        let is_private = self.is_private();
        if let (Some(one), Sender::Somebody(user)) = (&self.alone, self.sender)
            && (!outcome.is_change || reply.failed)
        {
            let late = Late {
                user,
                chat: &self.message.chat,
                asked_at: self.asked_at(),
            };
            let asked = &self.asked;
            let inbound = self.inbound;
            return inbound.answer_alone(&self.place, one, &outcome, asked, Some(late));
        }
        let reply_to = (!is_private && !self.is_ephemeral).then_some(self.message.id.0);
        let messages = match &outcome.acting {
            Some(_) if self.is_for_one_alone() => self.to_one_alone(reply, *say, outcome.asked_in),
            _ => self.inbound.messages(&self.place, reply, *say, reply_to),
        };
        let may_be_late = !outcome.is_change && !self.asked.is_answered_late();
        let late = (may_be_late && is_private).then(|| {
            let line = say.line("answer-late", &[]).into();
            let mut messages = self
                .inbound
                .messages(&self.place, &line, *say, None)
                .into_iter();
            messages.next().map(|(_, wire)| wire)
        });
        Answer {
            messages,
            asker: Some(number_of(self.message)),
            is_first: outcome.is_last,
            kind: outcome.kind(),
            asked_at: self.asked_at().filter(|_| may_be_late),
            late: late.flatten(),
            late_to: None,
        }
    }
}
