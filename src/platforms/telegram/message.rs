//! Updates and messages: which of them are meant for us, who sent them, and what is answered.
//!
//! An update is handled once its answer is in the ledger; only then is it acknowledged to Telegram.

use teloxide::types::{Message, MessageKind, Update, UpdateKind};
use xxhash_rust::xxh3::xxh3_64;

use super::buttons::pressed_in;
use super::identity::BROADCAST;
use super::inbound::{Inbound, Sender, address};
use super::names::named;
use super::remote_channel::named_channel;
use super::searching::asked_alone;
use super::typed::{Command, NotACommand, visible};
use super::update_queue::Incoming;
use super::wire::Address;
use super::written::Written;
use crate::chat::commands::Unparsed;
use crate::chat::{Met, Scope};
use crate::platforms::kit::pipeline::{self, Asked};
use tidings_core::channel::ChannelRow;
use tidings_store::{Answer, StoreError};

impl Inbound<'_> {
    /// Handles one update: its effects and its answer are stored when this returns.
    ///
    /// # Errors
    /// [`StoreError`]: it isn't handled, and is to be handed in again.
    pub(super) async fn handle(&self, incoming: Incoming) -> Result<(), StoreError> {
        let Incoming {
            update,
            is_secondhand,
            ephemeral,
            answers,
        } = incoming;
        let event = identity(&update, ephemeral);
        let place = place_of(&update).key();
        let met = self.bot.meet(self.telegram, &place, Some(event)).await?;
        if met.is_handled {
            // The answer to a press isn't kept; to give it twice does no harm.
            if let UpdateKind::CallbackQuery(press) = &update.kind {
                self.close_press(press, None).await;
            }
            return Ok(());
        }
        let is_noted = |row: &ChannelRow| row.note.as_deref() == Some(BROADCAST);
        if is_in_channel(&update) && met.row.as_ref().is_some_and(|row| !is_noted(row)) {
            self.bot.note(&place, BROADCAST, None).await?;
        }
        let answer = match &update.kind {
            UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => {
                let answers = answers.filter(|_| !is_secondhand);
                self.message(message, is_secondhand, ephemeral, answers, &met)
                    .await?
            }
            UpdateKind::CallbackQuery(press) => {
                return self.press(press, ephemeral, event, &met).await;
            }
            UpdateKind::MyChatMember(change) => self.membership(change).await?.into(),
            UpdateKind::ChatMember(change) => {
                self.rights_changed(change);
                Answer::default()
            }
            UpdateKind::Error(_) => {
                tracing::warn!(
                    update = update.id.0,
                    "an update of a kind that isn't known is left out"
                );
                Answer::default()
            }
            _ => Answer::default(),
        };
        self.bot.handled(self.telegram, event, &answer).await
    }

    async fn message(
        &self,
        message: &Message,
        is_secondhand: bool,
        ephemeral: Option<i64>,
        answers: Option<(u64, String)>,
        met: &Met,
    ) -> Result<Answer, StoreError> {
        let here = address(message);
        if self.service_message(message, here).await? {
            return Ok(Answer::default());
        }
        if met.stopped().is_some() {
            self.hears_of(message, here).await?;
        }
        let MessageKind::Common(_) = &message.kind else {
            return Ok(Answer::default());
        };
        // A channel's post that its discussion group repeats was answered in the channel.
        if message.is_automatic_forward() {
            return Ok(Answer::default());
        }
        let sender = sender(message);
        let is_private = message.chat.is_private();
        if let Sender::Somebody(user) = sender
            && user.is_bot
        {
            return Ok(Answer::default());
        }
        // What somebody else wrote is no command of who passes it on.
        let typed = message.text().filter(|_| !is_secondhand).map(visible);
        if let Some(name) = typed.as_deref().and_then(named) {
            self.telegram.heed_name(self.bot, name).await;
        }
        let searched = self
            .searched(answers.as_ref(), typed.as_deref())
            .filter(|_| is_private);
        let command = match searched {
            Some(search) => Ok(Some(Command {
                asked: Ok(search),
                addressed: true,
            })),
            None => self.command(typed.as_deref(), is_private),
        };
        let answers = answers.as_ref().filter(|_| is_private && !is_secondhand);
        let written = self.prompted(answers, message).await?;
        let Command { asked, addressed } = match command {
            Ok(Some(command)) => command,
            // For another bot, or talk.
            Ok(None) => return Ok(Answer::default()),
            // Nor is it a mistake that one could be told of.
            Err(NotACommand) if is_private && !is_secondhand => Command {
                asked: Err(Unparsed::Talk),
                addressed: true,
            },
            Err(NotACommand) => return Ok(Answer::default()),
        };
        let other = named_channel(asked.as_ref().ok()).filter(|_| is_private);
        let (named, asked) = match other {
            Some((named, rest)) => (Some(named), Ok(rest)),
            None => (None, asked),
        };
        let asked = match written {
            Some(action) => Asked::Press(action),
            None if is_private => asked_alone(asked),
            None => Asked::Command(asked),
        };
        if !is_private && !addressed && asked.spec().is_none() {
            return Ok(Answer::default());
        }
        let alone = self.alone(&message.chat, sender, ephemeral, &asked).await;
        let written = Written {
            inbound: self,
            message,
            sender,
            alone,
            is_ephemeral: ephemeral.is_some(),
            asked,
            named,
            place: here.key(),
        };
        pipeline::answer(self.bot, self.telegram, met, &written).await
    }

    /// Whatever comes from a place that took nothing shows that we may be welcome there again. Talk shows it now and then, so that a
    /// group which only doesn't let us speak isn't tried at each word.
    async fn hears_of(&self, message: &Message, here: Address) -> Result<(), StoreError> {
        let is_talk = matches!(message.kind, MessageKind::Common(_));
        if matches!(message.kind, MessageKind::LeftChatMember(_)) {
            return Ok(());
        }
        if !is_talk || self.telegram.access.is_first_word_for_long(here.chat) {
            self.bot.mark_reachable(&here.key(), Scope::Place).await?;
        }
        Ok(())
    }
}

fn sender(message: &Message) -> Sender<'_> {
    if message.chat.is_private() || message.chat.is_channel() {
        return Sender::Manager;
    }
    match (&message.sender_chat, &message.from) {
        // An anonymous administrator speaks as the group.
        (Some(chat), _) if chat.id == message.chat.id => Sender::Manager,
        (Some(_), _) | (None, None) => Sender::Masked,
        (None, Some(user)) => Sender::Somebody(user),
    }
}

/// Where an update happened, as far as it says so.
fn place_of(update: &Update) -> Address {
    let chat = |chat: i64| Address { chat, thread: None };
    match &update.kind {
        UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => address(message),
        UpdateKind::CallbackQuery(press) => pressed_in(press).unwrap_or(chat(0)),
        UpdateKind::MyChatMember(change) | UpdateKind::ChatMember(change) => chat(change.chat.id.0),
        _ => chat(0),
    }
}

/// Whether an update happened in a broadcast channel.
fn is_in_channel(update: &Update) -> bool {
    match &update.kind {
        UpdateKind::ChannelPost(_) => true,
        UpdateKind::CallbackQuery(press) => press
            .message
            .as_ref()
            .is_some_and(|message| message.chat().is_channel()),
        UpdateKind::MyChatMember(change) => change.chat.is_channel(),
        _ => false,
    }
}

/// The same for an update that is handed out again, and different from any other, even if Telegram begins to
/// count anew.
fn identity(update: &Update, ephemeral: Option<i64>) -> u64 {
    let what = match &update.kind {
        UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => {
            let ephemeral = ephemeral.map_or_else(String::new, |number| format!(" e{number}"));
            let Message { chat, id, date, .. } = message;
            format!("m{} {} {date}{ephemeral}", chat.id, id.0)
        }
        UpdateKind::CallbackQuery(press) => format!("c{}", press.id.0),
        UpdateKind::MyChatMember(change) | UpdateKind::ChatMember(change) => format!(
            "s{} {} {:?}",
            change.chat.id,
            change.date,
            change.new_chat_member.status()
        ),
        _ => String::new(),
    };
    xxh3_64(format!("{} {what}", update.id.0).as_bytes())
}
