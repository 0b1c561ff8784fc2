//! How a message is sent: the same body and the same nonce at every attempt.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::access::{Channel, ChannelKind};
use super::api::{Answered, Call, Fault};
use super::client::{BANNED, Discord};
use super::identity::{NAME, PERSON};
use super::limits::{TAGS, THREAD_NAME, fit};
use super::refusals::{Limit, Refusal, whose};
use super::wire::Wire;
use crate::platforms::kit::refusals::Whose;
use tidings_core::delivery::{Outgoing, SendError, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::text;

/// Behind a channel's number: what is to be published there.
const PUBLISH: &str = "/publish";

/// Unknown channel
/// (<https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes>, as those below).
const UNKNOWN_CHANNEL: u32 = 10_003;

/// “Cannot send messages in a non-text channel”, “cannot execute action on this channel type”, and “cannot send a
/// message in a forum channel”: a forum, most likely.
const NOT_TEXT: &[u32] = &[50_008, 50_024, 40_058];

/// The thread is locked.
const LOCKED: u32 = 160_005;

/// The thread is archived.
const ARCHIVED: u32 = 50_083;

/// What is refused when a forum's tags aren't those that we know: “unknown tag”, and “a tag is required to create a forum
/// post in this channel”.
const OTHER_TAGS: &[u32] = &[10_087, 40_067];

/// Invalid form body: what we sent can't be read.
const UNREADABLE: u32 = 50_035;

/// “Maximum number of edits to messages older than 1 hour reached. Try again later”.
const TOO_MANY_EDITS: u32 = 30_046;

/// The message is published already.
const PUBLISHED: u32 = 40_033;

/// Behind a channel's number: what is to get a thread there.
const DISCUSS: &str = "/discuss";

/// A thread was made from the message already.
const DISCUSSED: u32 = 160_004;

/// Behind a channel's number: which of its posts is to be called something else.
const RENAME: &str = "/name";

/// How long a thread stays open that nobody writes in, in minutes
/// (<https://docs.discord.com/developers/resources/channel#start-thread-from-message>).
const OPEN_FOR: u16 = 24 * 60;

/// A message that is to get a thread, as the ledger keeps it.
#[derive(Serialize, Deserialize)]
struct Discussion {
    message: String,
    /// What the thread is called.
    name: String,
}

/// A message that is to be published, as the ledger keeps it.
#[derive(Serialize, Deserialize)]
struct Publication {
    message: String,
}

/// A forum's post that is to be called something else, as the ledger keeps it.
#[derive(Serialize, Deserialize)]
struct Naming {
    thread: String,
    /// What it is called from now on.
    name: String,
}

/// What is read of a message or thread that was made.
#[derive(Deserialize)]
struct Made {
    id: String,
}

impl Discord {
    /// Sends one part, or does what is to be done about one that was sent.
    pub(super) async fn deliver(&self, message: &Outgoing) -> Result<Sent, SendError> {
        let refusals = self.standstill.times();
        let delivered = self.deliver_once(message).await;
        match &delivered {
            Ok(_) => self.standstill.is_over(refusals),
            Err(SendError::Standstill { wait, .. }) => {
                let wait = Duration::try_from(*wait).unwrap_or_default();
                self.gate.rest_all(wait);
            }
            Err(_) => {}
        }
        delivered
    }

    async fn deliver_once(&self, message: &Outgoing) -> Result<Sent, SendError> {
        let broken = |what: &str| SendError::Rejected(format!("the stored {what} is broken"));
        let address = message.channel.address();
        if let Some(channel) = address.strip_suffix(PUBLISH) {
            let stored = serde_json::from_str(&message.wire);
            let publication: Publication = stored.map_err(|_| broken("publication"))?;
            return self.publish(address, channel, &publication.message).await;
        }
        if let Some(channel) = address.strip_suffix(DISCUSS) {
            let stored = serde_json::from_str(&message.wire);
            let discussion: Discussion = stored.map_err(|_| broken("thread"))?;
            return self.open_thread(address, channel, &discussion).await;
        }
        if let Some(forum) = address.strip_suffix(RENAME) {
            let stored = serde_json::from_str(&message.wire);
            let naming: Naming = stored.map_err(|_| broken("name"))?;
            return self.rename(address, forum, &naming).await;
        }
        let channel = match address.strip_prefix(PERSON) {
            Some(person) => self.chat_with(address, person).await?,
            None => address.parse().map_err(|_| broken("address"))?,
        };
        let wire: Wire = serde_json::from_str(&message.wire).map_err(|_| broken("message"))?;
        let kind = self.kind(channel, message.platform_note.as_deref());
        if let Some(edited) = &message.edits {
            return self.correct(message, channel, kind, &wire, edited).await;
        }
        if kind.is_some_and(ChannelKind::is_forum) {
            return self.deliver_to_forum(message, channel, &wire).await;
        }
        match self
            .post(address, &channel.to_string(), &wire, &message.nonce)
            .await
        {
            Ok(made) => {
                let is_first = message.first_message.is_none();
                Ok(self.sent(made, channel, kind, &wire, is_first))
            }
            // A forum, perhaps. Only Discord knows: what isn't one is the channel's trouble like any other.
            Err(fault) if fault.is(NOT_TEXT) => {
                Err(match self.look_up_in_turn(address, channel).await {
                    Ok(about) if about.kind().is_forum() => SendError::NotTried,
                    Ok(_) => self.undelivered(address, fault),
                    Err(unknown) => self.undelivered(address, unknown),
                })
            }
            Err(fault) => Err(self.undelivered(address, fault)),
        }
    }

    /// The number of the chat with a person, which is opened where there is none
    /// (<https://docs.discord.com/developers/resources/user#create-dm>).
    async fn chat_with(&self, lane: &str, person: &str) -> Result<u64, SendError> {
        if let Some(known) = self.chats.lock().get(person) {
            return Ok(*known);
        }
        let call = Call::new(Method::POST, "users/@me/channels".to_owned())
            .body(&json!({ "recipient_id": person }));
        let answered = self.make(lane, &call).await;
        let answered = answered.map_err(|fault| self.undelivered(lane, fault))?;
        let chat = read(&answered).and_then(|made| made.id.parse().ok());
        let chat = chat.ok_or_else(|| SendError::Transient("Discord names no chat".to_owned()))?;
        self.chats.lock().insert(person.to_owned(), chat);
        Ok(chat)
    }

    /// Has a message that was sent say something else.
    async fn correct(
        &self,
        message: &Outgoing,
        channel: u64,
        kind: Option<ChannelKind>,
        wire: &Wire,
        edited: &str,
    ) -> Result<Sent, SendError> {
        let lane = message.channel.address();
        // A forum's post has the number of its first message, and holds the others.
        let channel = match kind {
            Some(kind) if kind.is_forum() => message
                .first_message
                .as_deref()
                .unwrap_or(edited)
                .to_owned(),
            _ => channel.to_string(),
        };
        let path = format!("channels/{channel}/messages/{edited}");
        let call = Call::new(Method::PATCH, path).body(&wire.correction());
        match self.change(lane, &channel, &call).await {
            Ok(_) => {
                let mut sent = Sent::as_message(edited);
                // A forum's post has the number of its first message.
                if wire.renames && kind.is_some_and(ChannelKind::is_forum) && channel == edited {
                    let name = Naming {
                        thread: channel,
                        name: fit(&wire.title, THREAD_NAME),
                    };
                    let to =
                        ChannelKey::new(NAME, &format!("{}{RENAME}", message.channel.address()));
                    sent.then
                        .extend(to.ok().zip(serde_json::to_string(&name).ok()));
                }
                Ok(sent)
            }
            Err(fault) => {
                let is_later = fault.is(&[TOO_MANY_EDITS]);
                Err(match self.undelivered(lane, fault) {
                    SendError::ChannelRefused(why) | SendError::Text(why) if is_later => {
                        SendError::Transient(why)
                    }
                    SendError::ChannelRefused(why) => SendError::Rejected(why),
                    other => other,
                })
            }
        }
    }

    /// Makes a call that changes something in a channel. A thread that is archived is opened for that.
    async fn change(&self, lane: &str, channel: &str, call: &Call) -> Result<Answered, Fault> {
        let answered = self.make(lane, call).await;
        if !answered.as_ref().is_err_and(|fault| fault.is(&[ARCHIVED])) {
            return answered;
        }
        let set = |archived| {
            let body = json!({ "archived": archived });
            Call::new(Method::PATCH, format!("channels/{channel}")).body(&body)
        };
        self.make(lane, &set(false)).await?;
        let answered = self.make(lane, call).await;
        // Nothing new stands there, so it lies where it lay. Where that may not be, nothing is lost.
        if let Err(fault) = self.make(lane, &set(true)).await {
            tracing::debug!(%fault, channel, "a thread couldn't be archived again");
        }
        answered
    }

    /// A post of its own for the first part; the others go into it.
    async fn deliver_to_forum(
        &self,
        message: &Outgoing,
        channel: u64,
        wire: &Wire,
    ) -> Result<Sent, SendError> {
        let lane = message.channel.address();
        let Some(thread) = &message.first_message else {
            let Some(about) = self.access.forum(channel) else {
                let looked = self.look_up_in_turn(lane, channel).await;
                let about = looked.map_err(|fault| self.undelivered(lane, fault))?;
                return Err(if about.kind().is_forum() {
                    SendError::NotTried
                } else {
                    SendError::ChannelRefused(
                        "messages can't be posted in this kind of channel".to_owned(),
                    )
                });
            };
            return match self.open_post(lane, channel, wire, &about).await {
                Ok(made) => Ok(Sent {
                    message: made.map(|made| made.id),
                    then: Vec::new(),
                }),
                Err(fault) => {
                    // It may have changed.
                    self.access.forget(channel);
                    Err(self.undelivered(lane, fault))
                }
            };
        };
        match self.post(lane, thread, wire, &message.nonce).await {
            Ok(made) => Ok(Sent {
                message: made.map(|made| made.id),
                then: Vec::new(),
            }),
            // Whoever deleted or locked the post wants no more of it; the forum itself is well.
            Err(fault) if fault.is(&[UNKNOWN_CHANNEL, LOCKED]) => Err(SendError::Rejected(
                format!("the forum post was deleted or locked: {fault}"),
            )),
            Err(fault) => Err(self.undelivered(lane, fault)),
        }
    }

    /// Makes a post in a forum. If that has other tags by now, they are asked for, and it is tried once more.
    async fn open_post(
        &self,
        lane: &str,
        forum: u64,
        wire: &Wire,
        about: &Channel,
    ) -> Result<Option<Made>, Fault> {
        let call = |about: &Channel| {
            Call::new(Method::POST, format!("channels/{forum}/threads"))
                .body(&thread_of(wire, about))
        };
        let mut answered = self.make(lane, &call(about)).await;
        if answered.as_ref().is_err_and(|fault| fault.is(OTHER_TAGS)) {
            let about = self.look_up_in_turn(lane, forum).await?;
            answered = self.make(lane, &call(&about)).await;
        }
        answered.map(|answered| read(&answered))
    }

    /// Posts a message, into a thread that is archived as well.
    async fn post(
        &self,
        lane: &str,
        channel: &str,
        wire: &Wire,
        nonce: &str,
    ) -> Result<Option<Made>, Fault> {
        let path = format!("channels/{channel}/messages");
        let call = |wire: &Wire| {
            let mut body = wire.body();
            body["nonce"] = json!(nonce);
            body["enforce_nonce"] = json!(true);
            Call::new(Method::POST, path.clone()).body(&body)
        };
        let mut answered = self.make(lane, &call(wire)).await;
        if answered.as_ref().is_err_and(|fault| fault.is(&[ARCHIVED])) {
            let open = Call::new(Method::PATCH, format!("channels/{channel}"))
                .body(&json!({ "archived": false }));
            self.make(lane, &open).await?;
            answered = self.make(lane, &call(wire)).await;
        }
        if let Err(fault) = &answered
            && fault.is(&[UNREADABLE])
        {
            tracing::error!(
                %fault, channel,
                "Discord can't read our message, which is a bug of Tidings: please report it. It goes in a simpler form"
            );
        }
        answered.map(|answered| read(&answered))
    }

    /// A call within a lane whose turn it is.
    pub(super) async fn make(&self, lane: &str, call: &Call) -> Result<Answered, Fault> {
        let answered = self.call(call).await;
        self.apply_rate_limits(lane, &answered);
        answered
    }

    fn sent(
        &self,
        made: Option<Made>,
        channel: u64,
        kind: Option<ChannelKind>,
        wire: &Wire,
        is_first: bool,
    ) -> Sent {
        let message = made.map(|made| made.id);
        let mut then = Vec::new();
        if let Some(message) = &message {
            let to = |what| ChannelKey::new(NAME, &format!("{channel}{what}")).ok();
            if wire.publish && kind == Some(ChannelKind::ANNOUNCEMENT) {
                let message = message.clone();
                let publication = serde_json::to_string(&Publication { message }).ok();
                then.extend(to(PUBLISH).zip(publication));
            }
            let is_discussed = wire.discuss && is_first && !wire.title.is_empty();
            if is_discussed && kind.is_none_or(ChannelKind::has_threads) {
                let discussion = Discussion {
                    message: message.clone(),
                    name: fit(&wire.title, THREAD_NAME),
                };
                then.extend(to(DISCUSS).zip(serde_json::to_string(&discussion).ok()));
            }
        }
        Sent { message, then }
    }

    /// Opens a thread under a message. Where one is open already, an earlier try had arrived.
    async fn open_thread(
        &self,
        lane: &str,
        channel: &str,
        discussion: &Discussion,
    ) -> Result<Sent, SendError> {
        let path = format!("channels/{channel}/messages/{}/threads", discussion.message);
        let call = Call::new(Method::POST, path).body(&json!({
            "name": discussion.name, "auto_archive_duration": OPEN_FOR,
        }));
        match self.make(lane, &call).await {
            Ok(_) => Ok(Sent::default()),
            Err(fault) if fault.is(&[DISCUSSED]) => Ok(Sent::default()),
            Err(fault) => {
                if fault.is_final() {
                    tracing::warn!(channel, %fault, "no thread could be opened under a roundup (/settings discuss)");
                }
                Err(self.about_what_was_sent(lane, fault))
            }
        }
    }

    /// Has a forum's post be called something else. Discord allows little of that, and says how long to wait.
    async fn rename(&self, lane: &str, forum: &str, naming: &Naming) -> Result<Sent, SendError> {
        let call = Call::new(Method::PATCH, format!("channels/{}", naming.thread))
            .body(&json!({ "name": naming.name }));
        match self.change(lane, &naming.thread, &call).await {
            Ok(_) => Ok(Sent::default()),
            Err(fault) => {
                if fault.is_final() {
                    tracing::warn!(forum, %fault, "a forum's post keeps its name, though its headline was corrected");
                }
                Err(self.about_what_was_sent(lane, fault))
            }
        }
    }

    /// What it means that something can't be done about a message that was sent: it is there, so nothing about the channel
    /// is wrong.
    fn about_what_was_sent(&self, lane: &str, fault: Fault) -> SendError {
        match self.undelivered(lane, fault) {
            SendError::ChannelRefused(why) | SendError::Text(why) => SendError::Rejected(why),
            other => other,
        }
    }

    /// Shows a message to the servers that follow the channel. Discord allows few of that in an hour, and says
    /// how long to wait.
    async fn publish(&self, lane: &str, channel: &str, message: &str) -> Result<Sent, SendError> {
        let path = format!("channels/{channel}/messages/{message}/crosspost");
        match self.make(lane, &Call::new(Method::POST, path)).await {
            Ok(_) => Ok(Sent::default()),
            Err(fault) if fault.is(&[PUBLISHED]) => Ok(Sent::default()),
            Err(fault) => Err(self.about_what_was_sent(lane, fault)),
        }
    }

    /// What a fault means for the ledger.
    fn undelivered(&self, lane: &str, fault: Fault) -> SendError {
        match fault {
            Fault::NoConnection(_) | Fault::Server(_) => SendError::Transient(fault.to_string()),
            Fault::NoAnswer(_) => SendError::Unknown(fault.to_string()),
            Fault::Overloaded(refusal) | Fault::Refused(refusal) => self.refused(lane, refusal),
        }
    }

    fn refused(&self, lane: &str, refusal: Refusal) -> SendError {
        let everybodys = |why: String| SendError::Standstill {
            wait: signed(self.standstill.begins(&why, None)),
            why,
            asked: false,
        };
        if let Some(limited) = refusal.limited {
            let asked = |wait| SendError::Standstill {
                why: refusal.to_string(),
                wait: signed(wait),
                asked: true,
            };
            match (limited.whose, limited.wait) {
                (Limit::Channel, Some(wait)) => return SendError::RetryAfter(signed(wait)),
                (Limit::Everybody, Some(wait)) => return asked(wait),
                (Limit::Banned, wait) => {
                    return SendError::Standstill {
                        why: BANNED.to_owned(),
                        wait: signed(self.banned.begins(BANNED, wait)),
                        asked: true,
                    };
                }
                // For how long isn't said: pauses that grow.
                (Limit::Channel, None) => {}
                (Limit::Everybody, None) => return everybodys(refusal.to_string()),
            }
        }
        match whose(&refusal) {
            Whose::Text => SendError::Text(refusal.to_string()),
            Whose::Channel => SendError::ChannelRefused(in_plain_words(refusal)),
            Whose::Account => everybodys(format!("Discord refuses the bot itself: {refusal}")),
            Whose::Overload if self.standstill.overload(lane) => {
                everybodys(format!("Discord is overloaded: {refusal}"))
            }
            Whose::Later | Whose::Overload => SendError::Transient(refusal.to_string()),
        }
    }
}

/// Why a channel takes nothing, for its people: what Discord says of the commonest cases tells them little.
fn in_plain_words(refusal: Refusal) -> String {
    match refusal.code {
        50_001 => "I can’t see this place".to_owned(),
        50_013 => "I lack a permission there".to_owned(),
        _ => refusal.message,
    }
}

fn signed(wait: Duration) -> SignedDuration {
    SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_secs(1))
}

/// What was made. That the answer can't be read doesn't unmake it.
fn read(answered: &Answered) -> Option<Made> {
    serde_json::from_slice(&answered.body).ok()
}

/// The body of a forum's post, with the tags that are called like its sections. A nonce isn't taken here.
fn thread_of(wire: &Wire, forum: &Channel) -> Value {
    let called = |name: &str| {
        let name = text::fold(name);
        move |(slug, title): &(String, String)| {
            text::fold(slug) == name || text::fold(title) == name
        }
    };
    let usable = || forum.available_tags.iter().filter(|tag| !tag.moderated);
    let mut tags: Vec<&str> = usable()
        .filter(|tag| wire.sections.iter().any(called(&tag.name)))
        .map(|tag| tag.id.as_str())
        .take(TAGS)
        .collect();
    if tags.is_empty() && forum.requires_tag() {
        tags.extend(usable().map(|tag| tag.id.as_str()).next());
    }
    json!({
        "name": fit(&wire.title, THREAD_NAME),
        "message": wire.body(),
        "applied_tags": tags,
    })
}
