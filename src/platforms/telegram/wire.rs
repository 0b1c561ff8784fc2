//! What the ledger keeps of a message, and how it is sent: the same text at every attempt.

use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use teloxide::payloads::{
    EditMessageText, EditMessageTextSetters, SendMessage, SendMessageSetters,
};
use teloxide::types::{
    ChatId, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageId,
    ParseMode, ReplyMarkup, ReplyParameters, ThreadId,
};

use super::abilities::Abilities;
use super::api::{Api, Fault, Refusal, WHILE_SOMEBODY_WAITS};
use super::ephemeral::{self, Ephemeral};
use super::html::{has_moments, without_moments};
use super::identity::NAME;
use super::refusals::{known, seconds_within, whose};
use super::under::link_of;
use crate::chat::commands::{Action, Button};
use crate::platforms::kit::network;
use crate::platforms::kit::refusals::{Standstill, Whose};
use crate::platforms::kit::simpler::{Holds, Step};
use tidings_core::delivery::{SendError, Sent as Delivered};
use tidings_core::ids::ChannelKey;

/// How long a message may take until its outcome counts as unknown. Long: giving up early costs a repeat.
const PATIENCE: Duration = Duration::from_secs(60);

/// With this begins what a button leads to, and no data of ours.
const LINK: &str = "https://";

/// A message as the ledger keeps it. The chat isn't part of it, so that channels can share it and move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wire {
    pub(super) html: String,
    /// How much simpler it is than it was composed, since Telegram refused that.
    #[serde(skip_serializing_if = "Step::is_first")]
    pub(super) step: Step,
    /// The HTML that it goes instead of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) instead_of: Option<String>,
    /// Which items of what was composed it holds.
    #[serde(skip_serializing_if = "Holds::is_all")]
    pub(super) holds: Holds,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) silent: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) previews: bool,
    /// What the preview is of; without it, of the first address in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) preview: Option<String>,
    /// The message that it answers, where that isn't clear otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_to: Option<i32>,
    /// The message that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) edit: Option<i32>,
    /// Who alone sees it, where others are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ephemeral: Option<Ephemeral>,
    /// Labels and data, row by row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) buttons: Vec<Vec<(String, String)>>,
    /// What is to be written as an answer to it, in a few words: the app asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) asks: Option<String>,
}

/// A chat, or a topic in it, as a channel's address has it: `-100123/45`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) chat: i64,
    pub(super) thread: Option<i32>,
}

impl Address {
    pub(super) fn parse(address: &str) -> Option<Address> {
        let (chat, thread) = match address.split_once('/') {
            Some((chat, thread)) => (chat, Some(thread.parse().ok()?)),
            None => (address, None),
        };
        Some(Address {
            chat: chat.parse().ok()?,
            thread,
        })
    }

    /// Returns true if it is a chat with one person: those are called by the person's number, and all others by one below zero
    /// (<https://core.telegram.org/bots/api#chat>).
    pub(super) fn is_private(self) -> bool {
        self.chat > 0
    }

    /// The channel's key.
    pub(super) fn key(self) -> ChannelKey {
        let address = match self.thread {
            Some(thread) => format!("{}/{thread}", self.chat),
            None => self.chat.to_string(),
        };
        #[expect(clippy::unwrap_used, reason = "numbers and a slash make a key")]
        ChannelKey::new(NAME, &address).unwrap()
    }
}

impl Wire {
    pub(super) fn with_buttons(&mut self, buttons: Vec<Vec<Button>>) {
        self.buttons = buttons
            .into_iter()
            .map(|row| row.into_iter().map(|b| (b.label, b.data)).collect())
            .collect();
    }

    /// The same for a broadcast channel: what a reader presses leads into a chat with the bot alone.
    pub(super) fn with_links(mut self, bot: &str) -> Wire {
        for (_, data) in self.buttons.iter_mut().flatten() {
            if let Some(link) = Action::decode(data).and_then(|action| link_of(bot, &action)) {
                *data = link;
            }
        }
        self
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Sends it; returns the message's number. A server that refuses moments gets it without them.
    pub(super) async fn send(
        &self,
        api: &Api,
        abilities: &Abilities,
        to: Address,
    ) -> Result<Delivered, Fault> {
        if !self.has_moments() {
            return self.send_as_is(api, abilities, to).await;
        }
        let bare = Wire {
            html: without_moments(&self.html),
            ..self.clone()
        };
        if abilities.refuses_moments() {
            return bare.send_as_is(api, abilities, to).await;
        }
        match self.send_as_is(api, abilities, to).await {
            Err(Fault::Refused(refusal)) if is(&refusal, UNREADABLE) => {
                let sent = bare.send_as_is(api, abilities, to).await;
                if sent.is_ok() {
                    tracing::info!(
                        "this Bot API server doesn't know moments; texts go without them"
                    );
                    abilities.note_refused_moments();
                }
                sent
            }
            sent => sent,
        }
    }

    async fn send_as_is(
        &self,
        api: &Api,
        abilities: &Abilities,
        to: Address,
    ) -> Result<Delivered, Fault> {
        let sent = match (&self.ephemeral, self.edit) {
            (Some(one), _) => self.show_alone(api, abilities, to, one).await,
            (None, Some(message)) => self.edit(api, to, message).await,
            (None, None) => self.post(api, to).await,
        };
        let refusal = match sent {
            Ok(sent) => return Ok(sent.delivered()),
            Err(Fault::Refused(refusal)) => refusal,
            Err(fault) => return Err(fault),
        };
        if is(&refusal, "message is not modified") {
            return Ok(Delivered {
                message: self.edit.map(|message| message.to_string()),
                then: Vec::new(),
            });
        }
        if self.edit.is_some() && UNEDITABLE.iter().any(|words| is(&refusal, words)) {
            // It is gone, or too old to be changed: the answer comes as a new one.
            return Ok(self.post(api, to).await?.delivered());
        }
        if is(&refusal, UNREADABLE) && !self.has_moments() {
            tracing::error!(
                %refusal, chat = to.chat,
                "Telegram can't read our HTML, which is a bug of Tidings: please report it. The message goes \
                 as plain text"
            );
        }
        Err(Fault::Refused(refusal))
    }

    /// Has a message that was sent say this; never sends a new one.
    pub(super) async fn correct(
        &self,
        api: &Api,
        abilities: &Abilities,
        to: Address,
        message: &str,
    ) -> Result<Delivered, Fault> {
        let number = message.parse().unwrap_or_default();
        let bare = || Wire {
            html: without_moments(&self.html),
            ..self.clone()
        };
        let edited = if self.has_moments() && abilities.refuses_moments() {
            bare().edit(api, to, number).await
        } else {
            match self.edit(api, to, number).await {
                Err(Fault::Refused(refusal)) if is(&refusal, UNREADABLE) && self.has_moments() => {
                    bare().edit(api, to, number).await
                }
                edited => edited,
            }
        };
        match edited {
            Ok(_) => Ok(Delivered::as_message(message)),
            Err(Fault::Refused(refusal)) if is(&refusal, "message is not modified") => {
                Ok(Delivered::as_message(message))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Shows it to one member of a group, who waits for a few seconds only: a lost answer is repeated before those are over.
    async fn show_alone(
        &self,
        api: &Api,
        abilities: &Abilities,
        to: Address,
        one: &Ephemeral,
    ) -> Result<Sent, Fault> {
        let mut message = json!({
            "chat_id": to.chat, "text": self.html, "link_preview_options": self.link_previews(),
        });
        if let Some(mode) = self.parse_mode() {
            message["parse_mode"] = json!(mode);
        }
        if let Some(keyboard) = self.keyboard() {
            message["reply_markup"] = json!(keyboard);
        }
        if let Some(ephemeral) = one.edit {
            let mut edit = message.clone();
            one.edit(&mut edit, ephemeral);
            let edited: Result<Value, Fault> = api
                .request("editEphemeralMessageText", &edit, WHILE_SOMEBODY_WAITS)
                .await;
            match edited {
                Ok(_) => return Ok(Sent(Value::Null)),
                Err(Fault::Refused(refusal)) if is(&refusal, "message is not modified") => {
                    return Ok(Sent(Value::Null));
                }
                Err(Fault::Refused(refusal)) if refusal.code == 404 => {
                    // There is no such method: sent anew, all would see it.
                    abilities.note_ephemeral(false);
                    return Err(Fault::Refused(refusal));
                }
                // It has vanished: the app was begun anew, or time has passed.
                Err(Fault::Refused(refusal)) if ephemeral::is_over(&refusal) => {}
                Err(fault) => return Err(fault),
            }
        }
        if let Some(thread) = to.thread {
            message["message_thread_id"] = json!(thread);
        }
        one.send(&mut message);
        let sent: Value = api
            .request("sendMessage", &message, WHILE_SOMEBODY_WAITS)
            .await?;
        if !ephemeral::is_ephemeral(&sent) {
            tracing::warn!(
                "this Bot API server doesn't know ephemeral messages: it showed an answer to all that was meant for \
                 one. From now on questions in groups are answered in the open"
            );
            abilities.note_ephemeral(false);
        }
        Ok(Sent(sent))
    }

    async fn post(&self, api: &Api, to: Address) -> Result<Sent, Fault> {
        let mut payload = SendMessage::new(ChatId(to.chat), &self.html)
            .link_preview_options(self.link_previews());
        payload.parse_mode = self.parse_mode();
        payload.message_thread_id = to.thread.map(|thread| ThreadId(MessageId(thread)));
        payload.disable_notification = self.silent.then_some(true);
        payload.reply_parameters = self
            .reply_to
            .map(|message| ReplyParameters::new(MessageId(message)).allow_sending_without_reply());
        let asks = || {
            let asks = ForceReply::new().input_field_placeholder(self.asks.clone()?);
            Some(ReplyMarkup::ForceReply(asks))
        };
        payload.reply_markup = self.keyboard().map(Into::into).or_else(asks);
        api.ask(&payload, PATIENCE).await
    }

    async fn edit(&self, api: &Api, to: Address, message: i32) -> Result<Sent, Fault> {
        let mut payload = EditMessageText::new(ChatId(to.chat), MessageId(message), &self.html)
            .link_preview_options(self.link_previews());
        payload.parse_mode = self.parse_mode();
        payload.reply_markup = self.keyboard();
        api.ask(&payload, PATIENCE).await
    }

    fn has_moments(&self) -> bool {
        !self.step.is_plain() && has_moments(&self.html)
    }

    pub(super) fn has_buttons(&self) -> bool {
        !self.buttons.is_empty() && self.step.has_buttons()
    }

    fn parse_mode(&self) -> Option<ParseMode> {
        (!self.step.is_plain()).then_some(ParseMode::Html)
    }

    fn link_previews(&self) -> LinkPreviewOptions {
        LinkPreviewOptions {
            is_disabled: !self.previews,
            url: self.preview.clone().filter(|_| self.previews),
            // The headlines are what is posted, and the preview is of one of them.
            prefer_small_media: self.previews && self.preview.is_some(),
            prefer_large_media: false,
            show_above_text: false,
        }
    }

    fn keyboard(&self) -> Option<InlineKeyboardMarkup> {
        if !self.has_buttons() {
            return None;
        }
        let button = |(label, data): &(String, String)| match data.parse() {
            Ok(link) if data.starts_with(LINK) => InlineKeyboardButton::url(label.clone(), link),
            _ => InlineKeyboardButton::callback(label.clone(), data.clone()),
        };
        Some(InlineKeyboardMarkup::new(
            self.buttons.iter().map(|row| row.iter().map(button)),
        ))
    }
}

/// A message that was sent. That its number can't be read doesn't take it back.
#[derive(Deserialize)]
struct Sent(Value);

impl Sent {
    fn delivered(&self) -> Delivered {
        let number = self.0["message_id"].as_i64();
        number.map_or_else(Delivered::default, |number| {
            Delivered::as_message(number.to_string())
        })
    }
}

/// With this Telegram says that it doesn't know a tag, or where it ends.
const UNREADABLE: &str = "can't parse entities";

/// With these Telegram says that a message can't be changed any more.
const UNEDITABLE: &[&str] = &[
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
];

fn is(refusal: &Refusal, words: &str) -> bool {
    refusal.code == 400 && refusal.description.to_lowercase().contains(words)
}

/// What a fault means for the ledger.
pub(super) fn undelivered(fault: Fault, to: Address, standstill: &Standstill) -> SendError {
    let wait = fault.retry_after();
    match fault {
        Fault::NoConnection(_) | Fault::Server(_) => SendError::Transient(fault.to_string()),
        Fault::NoAnswer(_) => SendError::Unknown(fault.to_string()),
        Fault::KeptOut(asked) => {
            let why = fault.to_string();
            SendError::Standstill {
                wait: signed(standstill.begins(&why, asked)),
                why,
                asked: true,
            }
        }
        Fault::Refused(refusal) => match wait {
            Some(wait) => SendError::RetryAfter(signed(wait)),
            None => refused(refusal, to, standstill),
        },
    }
}

/// What a refusal of an answer for one alone means for the ledger. It never becomes public, and says nothing about whether the
/// group takes posts; `refuses` hears of a group that takes no such answers.
pub(super) fn unshown(
    fault: Fault,
    to: Address,
    standstill: &Standstill,
    refuses: impl FnOnce(i64),
) -> SendError {
    let refusal = match fault {
        Fault::Refused(refusal)
            if matches!(refusal.code, 400 | 403 | 404) && refusal.migrate_to.is_none() =>
        {
            refusal
        }
        fault => return undelivered(fault, to, standstill),
    };
    if ephemeral::is_over(&refusal) {
        return SendError::Rejected(refusal.to_string());
    }
    match known(&refusal) {
        Some(Whose::Channel) => SendError::Rejected(refusal.to_string()),
        Some(_) => undelivered(Fault::Refused(refusal), to, standstill),
        None => {
            refuses(to.chat);
            SendError::Rejected(refusal.to_string())
        }
    }
}

fn signed(wait: Duration) -> SignedDuration {
    SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_secs(1))
}

fn refused(refusal: Refusal, to: Address, standstill: &Standstill) -> SendError {
    if let Some(chat) = refusal.migrate_to {
        let moved = Address { chat, ..to };
        return SendError::Moved(moved.key());
    }
    // The listener finds out whether it is the token.
    if refusal.code == 401 {
        return refuses_us(&refusal.to_string(), standstill);
    }
    // Another instance: nothing was sent.
    if refusal.code == 409 {
        return SendError::Transient(refusal.to_string());
    }
    if let Some(wait) = seconds_within(&refusal.description) {
        return SendError::RetryAfter(signed(network::wait_of(wait.into())));
    }
    match whose(&refusal) {
        Whose::Text => SendError::Text(refusal.to_string()),
        Whose::Channel => SendError::ChannelRefused(refusal.description),
        Whose::Account => refuses_us(&refusal.to_string(), standstill),
        Whose::Overload if standstill.overload(&to.chat.to_string()) => {
            everybodys(format!("Telegram is overloaded: {refusal}"), standstill)
        }
        Whose::Later | Whose::Overload => SendError::Transient(refusal.to_string()),
    }
}

/// The bot's account is refused.
fn refuses_us(what: &str, standstill: &Standstill) -> SendError {
    everybodys(
        format!("Telegram refuses the bot itself: {what}"),
        standstill,
    )
}

/// Nothing is taken from anybody.
fn everybodys(why: String, standstill: &Standstill) -> SendError {
    SendError::Standstill {
        wait: signed(standstill.begins(&why, None)),
        why,
        asked: false,
    }
}

#[cfg(test)]
mod tests {
    use super::Wire;

    #[test]
    fn a_part_of_an_older_version_is_read_and_written_as_it_was() {
        for stored in [
            r#"{"html":"<b>Japan</b>"}"#,
            r#"{"html":"a","previews":true,"preview":"https://cdn.example/a.jpg"}"#,
            r#"{"html":"a","step":"unlinked","instead_of":"<b>a</b>","silent":true,"previews":true,"reply_to":3,"edit":4,"buttons":[[["Older","o1.5.10.-1.2.3"]]]}"#,
        ] {
            let wire: Wire = serde_json::from_str(stored).unwrap();
            assert_eq!(serde_json::to_string(&wire).unwrap(), stored);
        }
    }
}
