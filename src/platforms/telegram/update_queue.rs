//! Updates in hand: those of one chat one after the other, chats beside each other, so that nobody waits for
//! what is slow elsewhere. What is handed in again while it is in hand, or done, is known.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::panic::AssertUnwindSafe;

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::FuturesUnordered;
use serde_json::Value;
use teloxide::types::{Update, UpdateKind};
use tokio::sync::oneshot;

use super::inbound::Inbound;
use super::unread::needed;
use crate::task::panicked;

/// Updates that are remembered as done; Telegram hands out at most a hundred at a time.
const REMEMBERED: usize = 1_000;

/// The updates in hand.
pub(super) struct Handling<'a> {
    inbound: &'a Inbound<'a>,
    going: FuturesUnordered<BoxFuture<'a, Done>>,
    /// What waits for its chat; a chat is here as long as one of its updates is in hand.
    queues: HashMap<i64, VecDeque<(i64, Incoming)>>,
    /// In hand, or to be handed in again because the store failed.
    open: BTreeSet<i64>,
    done: BTreeSet<i64>,
    newest: Option<i64>,
    waiting: HashMap<i64, Vec<oneshot::Sender<bool>>>,
}

/// An update, as far as it was read.
pub(super) struct Incoming {
    pub(super) update: Update,
    /// Whether nobody typed its message where it stands: it is forwarded, repeated by Telegram itself, or made by
    /// another bot for whoever sent it.
    pub(super) is_secondhand: bool,
    /// The number of its message, or of the message whose button was pressed, among those that one member of a group sees.
    pub(super) ephemeral: Option<i64>,
    /// What the message says that its message answers, and whose it is.
    pub(super) answers: Option<(u64, String)>,
}

struct Done {
    id: i64,
    chat: i64,
    handled: bool,
}

impl<'a> Handling<'a> {
    pub(super) fn new(inbound: &'a Inbound<'a>) -> Handling<'a> {
        Handling {
            inbound,
            going: FuturesUnordered::new(),
            queues: HashMap::new(),
            open: BTreeSet::new(),
            done: BTreeSet::new(),
            newest: None,
            waiting: HashMap::new(),
        }
    }

    /// Whether something is in hand.
    pub(super) fn is_busy(&self) -> bool {
        !self.going.is_empty()
    }

    /// Up to where everything is handled: the offset that acknowledges it.
    pub(super) fn offset(&self) -> Option<i32> {
        let offset = match self.open.first() {
            Some(oldest) => Some(*oldest),
            None => self.newest.map(|newest| newest + 1),
        };
        offset.and_then(|offset| i32::try_from(offset).ok())
    }

    /// Takes an update in hand, unless it is already. `tell` hears whether it was handled. `false` if there was
    /// nothing to take.
    pub(super) fn take(&mut self, update: &Value, tell: Option<oneshot::Sender<bool>>) -> bool {
        let known = |tell: Option<oneshot::Sender<bool>>| {
            // Whoever asked may be gone.
            let _ = tell.map(|tell| tell.send(true));
            false
        };
        let Some(id) = number(update) else {
            tracing::warn!("an update without a number that can be acknowledged is left out");
            return known(tell);
        };
        self.newest = Some(self.newest.map_or(id, |newest| newest.max(id)));
        if self.done.contains(&id) {
            return known(tell);
        }
        let is_secondhand = is_secondhand(update);
        let ephemeral = ephemeral(update);
        let answers = answered(update);
        let whole = read(&without_what_is_never_read(update.clone()));
        // What teloxide doesn't know it keeps as it came.
        let is_known = |read: &Result<Update, _>| {
            let kind = read.as_ref().ok().map(|update| &update.kind);
            kind.is_some_and(|kind| !matches!(kind, UpdateKind::Error(_)))
        };
        let read = if is_known(&whole) {
            whole
        } else {
            read(&needed(update))
        };
        let update: Update = match read {
            Ok(update) => update,
            Err(error) => {
                tracing::warn!(%error, "an update can't be read; it is left out");
                self.finish(id);
                known(tell);
                return true;
            }
        };
        if matches!(update.kind, UpdateKind::Error(_)) {
            tracing::warn!(
                update = id,
                "an update of a kind that isn't known is left out"
            );
        }
        let in_hand = self.waiting.contains_key(&id);
        self.waiting.entry(id).or_default().extend(tell);
        if in_hand {
            return false;
        }
        self.open.insert(id);
        let chat = chat_of(&update);
        let update = Incoming {
            update,
            is_secondhand,
            ephemeral,
            answers,
        };
        match self.queues.get_mut(&chat) {
            Some(queue) => queue.push_back((id, update)),
            None => {
                self.queues.insert(chat, VecDeque::new());
                self.start(id, chat, update);
            }
        }
        true
    }

    fn start(&mut self, id: i64, chat: i64, update: Incoming) {
        let inbound = self.inbound;
        let work = async move {
            let handled = AssertUnwindSafe(inbound.handle(update))
                .catch_unwind()
                .await;
            let handled = match handled {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    tracing::error!(%error, "an update can't be handled; it comes again");
                    false
                }
                // It would break whatever handles it again, and hold up all that comes behind it.
                Err(panic) => {
                    tracing::error!(
                        update = id,
                        why = panicked(&*panic),
                        "an update broke its handling; it is left out"
                    );
                    true
                }
            };
            Done { id, chat, handled }
        };
        self.going.push(work.boxed());
    }

    /// Works until one update is handled; says whether the store took it. For ever, if nothing is in hand.
    pub(super) async fn next(&mut self) -> bool {
        let Some(done) = self.going.next().await else {
            return std::future::pending().await;
        };
        if done.handled {
            self.finish(done.id);
        }
        for tell in self.waiting.remove(&done.id).into_iter().flatten() {
            let _ = tell.send(done.handled);
        }
        let queued = self
            .queues
            .get_mut(&done.chat)
            .and_then(VecDeque::pop_front);
        match queued {
            Some((id, update)) => self.start(id, done.chat, update),
            None => {
                self.queues.remove(&done.chat);
            }
        }
        done.handled
    }

    /// Works for ever.
    pub(super) async fn go_on(&mut self) {
        loop {
            self.next().await;
        }
    }

    fn finish(&mut self, id: i64) {
        self.open.remove(&id);
        self.done.insert(id);
        while self.done.len() > REMEMBERED {
            self.done.pop_first();
        }
    }
}

/// Where an update may say in what kind of chat it happened.
const KINDS_OF_CHATS: [&str; 5] = [
    "/message/chat/type",
    "/channel_post/chat/type",
    "/callback_query/message/chat/type",
    "/my_chat_member/chat/type",
    "/chat_member/chat/type",
];

/// Reads an update: as text, since teloxide's reader borrows from it.
fn read(update: &Value) -> Result<Update, serde_json::Error> {
    // A number would be taken for the place of a kind among those that teloxide knows: 0 for a private chat, in which
    // everybody is a manager.
    let mut kinds = KINDS_OF_CHATS.iter().filter_map(|at| update.pointer(at));
    if !kinds.all(Value::is_string) {
        return Err(serde::de::Error::custom("the type of a chat is no word"));
    }
    serde_json::from_str(&update.to_string())
}

/// An update's number, if an offset behind it can be asked for.
fn number(update: &Value) -> Option<i64> {
    let id = update.get("update_id")?.as_i64()?;
    (0..i64::from(i32::MAX)).contains(&id).then_some(id)
}

/// Parts of a message that nobody here reads. Telegram invents new kinds of them now and then, and a message must not
/// be lost because teloxide doesn't know one.
const NEVER_READ: [&str; 9] = [
    "entities",
    "caption_entities",
    "quote",
    "external_reply",
    "reply_to_message",
    "reply_markup",
    "link_preview_options",
    "effect_id",
    "via_bot",
];

/// What only a message has that nobody typed where it stands
/// (<https://core.telegram.org/bots/api#message>; those behind the first two are of servers before Bot API 7.0).
const SECONDHAND: [&str; 8] = [
    "via_bot",
    "forward_origin",
    "forward_date",
    "forward_from",
    "forward_from_chat",
    "forward_sender_name",
    "forward_from_message_id",
    "is_automatic_forward",
];

fn is_secondhand(update: &Value) -> bool {
    let messages = ["message", "channel_post"];
    let mut messages = messages.iter().filter_map(|kind| update.get(kind));
    let says = |message: &Value, name| {
        let value: Option<&Value> = message.get(name);
        value.is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
    };
    messages.any(|message| SECONDHAND.iter().any(|name| says(message, name)))
}

/// The number of an ephemeral message (<https://core.telegram.org/bots/api#message>), which has none of the others.
fn ephemeral(update: &Value) -> Option<i64> {
    let messages = ["/message", "/callback_query/message"];
    let mut messages = messages.iter().filter_map(|at| update.pointer(at));
    messages.find_map(|message| message.get("ephemeral_message_id")?.as_i64())
}

/// What a message answers: whose message, and what that says.
fn answered(update: &Value) -> Option<(u64, String)> {
    let answered = update.pointer("/message/reply_to_message")?;
    let whose = answered.pointer("/from/id")?.as_u64()?;
    Some((whose, answered.get("text")?.as_str()?.to_owned()))
}

fn without_what_is_never_read(mut update: Value) -> Value {
    for place in ["/message", "/channel_post", "/callback_query/message"] {
        if let Some(message) = update.pointer_mut(place).and_then(Value::as_object_mut) {
            for name in NEVER_READ {
                message.remove(name);
            }
        }
    }
    update
}

fn chat_of(update: &Update) -> i64 {
    match &update.kind {
        UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => message.chat.id.0,
        UpdateKind::CallbackQuery(press) => press.message.as_ref().map_or(0, |m| m.chat().id.0),
        UpdateKind::MyChatMember(change) | UpdateKind::ChatMember(change) => change.chat.id.0,
        _ => 0,
    }
}
