//! The queue of updates, and how `getUpdates` takes from it.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use super::json;
use super::world::{Author, BOT, Message, Status, World};

/// The kinds a bot may ask for.
pub(super) const KINDS: &[&str] = &[
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
];

/// The kinds a bot gets only where it asks for them.
const ON_DEMAND: &[&str] = &["chat_member", "message_reaction", "message_reaction_count"];

#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub(crate) id: i64,
    pub(crate) kind: String,
    pub(crate) body: Value,
}

#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) pending: VecDeque<Update>,
    pub(crate) next_id: i64,
    /// The highest id that the bot has confirmed (by an offset, or by taking it from the webhook).
    pub(crate) last_confirmed: Option<i64>,
    /// What the bot asked for last; none means the usual kinds.
    pub(crate) allowed: Option<Vec<String>>,
    /// How often each update was given out.
    pub(crate) given: BTreeMap<i64, usize>,
    /// How many polls were ended by another one.
    pub(crate) conflicts: usize,
    pub(super) poll: u64,
    pub(super) waiting: usize,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            pending: VecDeque::new(),
            next_id: 500_000,
            last_confirmed: None,
            allowed: None,
            given: BTreeMap::new(),
            conflicts: 0,
            poll: 0,
            waiting: 0,
        }
    }
}

impl Queue {
    pub(super) fn push(&mut self, kind: &str, content: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        let mut body = Map::new();
        body.insert("update_id".to_owned(), json!(id));
        body.insert(kind.to_owned(), content);
        self.pending.push_back(Update {
            id,
            kind: kind.to_owned(),
            body: body.into(),
        });
        id
    }

    /// Forgets what an offset confirms: all lower ids, or, where it is negative, all but the last ones.
    pub(super) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let drop = self.pending.len().saturating_sub(keep);
            if let Some(last) = self.pending.drain(..drop).next_back() {
                self.last_confirmed = self.last_confirmed.max(Some(last.id));
            }
        } else if offset > 0 {
            self.pending.retain(|update| update.id >= offset);
            let confirmed = (offset - 1).min(self.next_id - 1);
            self.last_confirmed = self.last_confirmed.max(Some(confirmed));
        }
    }

    /// Forgets what the bot doesn't ask for.
    pub(super) fn keep_allowed(&mut self) {
        let allowed = &self.allowed;
        self.pending.retain(|update| match allowed {
            Some(kinds) => kinds.contains(&update.kind) || !KINDS.contains(&update.kind.as_str()),
            None => !ON_DEMAND.contains(&update.kind.as_str()),
        });
    }

    pub(super) fn batch(&mut self, limit: usize) -> Vec<Value> {
        self.keep_allowed();
        let batch: Vec<&Update> = self.pending.iter().take(limit).collect();
        for update in &batch {
            *self.given.entry(update.id).or_default() += 1;
        }
        batch
            .into_iter()
            .map(|update| update.body.clone())
            .collect()
    }
}

impl World {
    /// Stores a message of a person and, where the bot is there to see it, tells the bot.
    pub(super) fn post(&mut self, chat: i64, message: Message) -> i64 {
        let id = self.chat_mut(chat).add(message);
        self.announce(chat, id, false);
        id
    }

    /// Tells the bot about a message that is new or edited.
    pub(super) fn announce(&mut self, chat: i64, id: i64, edited: bool) {
        let state = self.chat(chat);
        if !state.bot().is_in() {
            return;
        }
        let Some(message) = state.messages.get(&id) else {
            return;
        };
        let post = state.kind == super::world::Kind::Channel;
        let kind = match (post, edited) {
            (false, false) => "message",
            (false, true) => "edited_message",
            (true, false) => "channel_post",
            (true, true) => "edited_channel_post",
        };
        let body = json::message(self, state, message);
        self.updates.push(kind, body);
    }

    /// A message that tells of an event: `new_chat_members`, `forum_topic_closed` …
    pub(super) fn service(
        &mut self,
        chat: i64,
        by: Author,
        thread: Option<i64>,
        field: &str,
        content: Value,
    ) -> i64 {
        let mut message = Message::new(by, "");
        message.message_thread_id = thread;
        message.extra.insert(field.to_owned(), content);
        self.post(chat, message)
    }

    /// Changes how somebody stands to a chat, and tells the bot if it may know.
    pub(super) fn set_status(&mut self, chat: i64, by: i64, user: i64, new: Status) {
        let state = self.chat(chat);
        let old = state.status(user);
        let sees = user == BOT || state.bot().is_administrator();
        if old != new && sees {
            let kind = state.kind;
            let of = self.user(user);
            let body = json!({
                "chat": json::chat(self, state),
                "from": json::user(self.user(by)),
                "date": crate::fakes::clock::unix_now(),
                "old_chat_member": json::member(of, old, kind),
                "new_chat_member": json::member(of, new, kind),
            });
            let name = if user == BOT {
                "my_chat_member"
            } else {
                "chat_member"
            };
            self.updates.push(name, body);
        }
        self.chat_mut(chat).members.insert(user, new);
    }
}
