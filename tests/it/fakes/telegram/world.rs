//! What the server knows: people, chats, messages, and what the bot has asked for so far.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::ephemeral::Ephemeral;
use super::faults::Rule;
use super::html::Entity;
use super::ledger::{Callback, Menus, Request};
use super::limits::Limits;
use super::updates::Queue;
use super::webhook::Webhook;

/// Who an anonymous administrator's messages come from.
pub(crate) const GROUP_ANONYMOUS_BOT: i64 = 1_087_968_824;
/// Who the messages of a user that posts as a channel come from.
pub(crate) const CHANNEL_BOT: i64 = 136_817_688;
/// The topic of a forum's messages that name no topic.
pub(crate) const GENERAL: i64 = 1;
/// The bot under test.
pub(crate) const BOT: i64 = 700_001;

#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) is_bot: bool,
    pub(crate) first_name: String,
    pub(crate) username: Option<String>,
    pub(crate) language_code: Option<String>,
    pub(crate) deactivated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Private,
    Group,
    Supergroup,
    /// A supergroup with topics.
    Forum,
    Channel,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup | Self::Forum => "supergroup",
            Self::Channel => "channel",
        }
    }
}

/// What an administrator may do; the rest is granted always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) can_post_messages: bool,
    pub(crate) can_edit_messages: bool,
    pub(crate) can_delete_messages: bool,
    pub(crate) can_manage_topics: bool,
    pub(crate) is_anonymous: bool,
}

impl Default for Rights {
    fn default() -> Self {
        Self {
            can_post_messages: true,
            can_edit_messages: true,
            can_delete_messages: true,
            can_manage_topics: true,
            is_anonymous: false,
        }
    }
}

/// How somebody stands to a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Creator { is_anonymous: bool },
    Administrator(Rights),
    Member,
    Restricted { can_send_messages: bool },
    Left,
    Kicked,
}

impl Status {
    pub(crate) fn is_in(self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }

    pub(crate) fn is_administrator(self) -> bool {
        matches!(self, Self::Creator { .. } | Self::Administrator(_))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Topic {
    pub(crate) name: String,
    pub(crate) closed: bool,
    pub(crate) deleted: bool,
}

impl Topic {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            closed: false,
            deleted: false,
        }
    }
}

/// Whom a message is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    Bot,
    Person(i64),
    /// An administrator who speaks as the group.
    Anonymous,
    /// A user who speaks in a group as the channel of this id.
    AsChannel(i64),
    /// The channel itself.
    Channel,
}

/// A message as it stands now; edits are applied.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) author: Author,
    pub(crate) date: i64,
    /// The text with its tags.
    pub(crate) raw: String,
    /// The same as it was sent, before any edit.
    pub(crate) first: String,
    pub(crate) at: Instant,
    /// The text as people read it.
    pub(crate) text: String,
    /// The formatting that was asked for.
    pub(crate) entities: Vec<Entity>,
    /// Commands, mentions and addresses that Telegram makes clickable by itself.
    pub(crate) detected: Vec<Entity>,
    pub(crate) reply_markup: Option<Value>,
    /// What the app invites to write as an answer.
    pub(crate) asks: Option<String>,
    pub(crate) link_preview_options: Option<Value>,
    pub(crate) disable_notification: bool,
    pub(crate) message_thread_id: Option<i64>,
    pub(crate) reply_parameters: Option<Value>,
    pub(crate) reply_to: Option<i64>,
    pub(crate) edits: usize,
    pub(crate) deleted: bool,
    /// Fields of messages that aren't text: stickers, photos, service messages.
    pub(crate) extra: Map<String, Value>,
}

impl Message {
    pub(crate) fn new(author: Author, text: &str) -> Self {
        Self {
            id: 0,
            author,
            date: crate::fakes::clock::unix_now(),
            raw: text.to_owned(),
            first: text.to_owned(),
            at: crate::fakes::clock::now(),
            text: text.to_owned(),
            entities: Vec::new(),
            detected: Vec::new(),
            reply_markup: None,
            asks: None,
            link_preview_options: None,
            disable_notification: false,
            message_thread_id: None,
            reply_parameters: None,
            reply_to: None,
            edits: 0,
            deleted: false,
            extra: Map::new(),
        }
    }

    /// The buttons' labels, row by row.
    pub(crate) fn labels(&self) -> Vec<Vec<String>> {
        self.rows()
            .iter()
            .map(|row| {
                let labels = row.iter().filter_map(|b| b["text"].as_str());
                labels.map(str::to_owned).collect()
            })
            .collect()
    }

    /// The data of the button with this label.
    pub(crate) fn data_of(&self, label: &str) -> Option<String> {
        let mut buttons = self.rows().into_iter().flatten();
        let button = buttons.find(|b| b["text"] == label)?;
        button["callback_data"].as_str().map(str::to_owned)
    }

    /// Where the button with this label leads.
    pub(crate) fn link_of(&self, label: &str) -> Option<String> {
        let mut buttons = self.rows().into_iter().flatten();
        let button = buttons.find(|b| b["text"] == label)?;
        button["url"].as_str().map(str::to_owned)
    }

    pub(super) fn rows(&self) -> Vec<Vec<Value>> {
        let rows = self
            .reply_markup
            .as_ref()
            .and_then(|m| m["inline_keyboard"].as_array());
        rows.into_iter()
            .flatten()
            .filter_map(|row| row.as_array().cloned())
            .collect()
    }
}

/// What a transcript shows besides messages.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    Said(i64),
    /// A number among the messages that one member sees.
    SaidAlone(i64),
    /// A callback query's id.
    Pressed(String),
    Note(String),
}

#[derive(Debug, Clone)]
pub(crate) struct ChatState {
    pub(crate) id: i64,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    pub(crate) username: Option<String>,
    pub(crate) members: BTreeMap<i64, Status>,
    pub(crate) messages: BTreeMap<i64, Message>,
    /// What one member sees, by its number among such messages.
    pub(crate) alone: BTreeMap<i64, Ephemeral>,
    /// The ids of the bot's own messages, oldest first.
    pub(crate) sent: Vec<i64>,
    /// By message_thread_id.
    pub(crate) topics: BTreeMap<i64, Topic>,
    pub(crate) migrated_to: Option<i64>,
    pub(crate) timeline: Vec<Event>,
    pub(super) next_message: i64,
}

impl ChatState {
    pub(crate) fn status(&self, user: i64) -> Status {
        self.members.get(&user).copied().unwrap_or(Status::Left)
    }

    pub(crate) fn bot(&self) -> Status {
        self.status(BOT)
    }

    pub(super) fn add(&mut self, mut message: Message) -> i64 {
        let id = self.next_message;
        self.next_message += 1;
        message.id = id;
        if message.author == Author::Bot {
            self.sent.push(id);
        }
        self.timeline.push(Event::Said(id));
        self.messages.insert(id, message);
        id
    }

    /// The bot's messages that weren't deleted.
    pub(crate) fn bots_messages(&self) -> impl Iterator<Item = &Message> {
        self.sent
            .iter()
            .filter_map(|id| self.messages.get(id))
            .filter(|m| !m.deleted)
    }
}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) people: BTreeMap<i64, User>,
    pub(crate) chats: BTreeMap<i64, ChatState>,
    pub(crate) updates: Queue,
    pub(crate) webhook: Webhook,
    pub(crate) menus: Menus,
    pub(crate) callbacks: BTreeMap<String, Callback>,
    pub(crate) requests: Vec<Request>,
    pub(crate) counts: BTreeMap<String, usize>,
    pub(crate) violations: Vec<String>,
    /// Messages and edits that were carried out.
    pub(crate) accepted: usize,
    pub(super) forget_requests: bool,
    /// Whether the server is of before Bot API 9.5.
    pub(crate) is_older: bool,
    /// How far its clock is ahead of this machine's.
    pub(super) ahead: Duration,
    pub(super) limits: Limits,
    pub(super) rules: Vec<Rule>,
    pub(super) latency: Option<super::faults::Latency>,
    pub(super) groups_made: i64,
    pub(super) supergroups_made: i64,
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self::default();
        let bots = [
            (BOT, "Tidings", "TidingsTestBot"),
            (GROUP_ANONYMOUS_BOT, "Group", "GroupAnonymousBot"),
            (CHANNEL_BOT, "Channel", "Channel_Bot"),
        ];
        for (id, first_name, username) in bots {
            let user = User {
                id,
                is_bot: true,
                first_name: first_name.to_owned(),
                username: Some(username.to_owned()),
                ..User::default()
            };
            world.people.insert(id, user);
        }
        world
    }

    pub(crate) fn user(&self, id: i64) -> &User {
        self.people
            .get(&id)
            .unwrap_or_else(|| panic!("the test speaks of a person {id} whom it never made"))
    }

    pub(crate) fn chat(&self, id: i64) -> &ChatState {
        self.chats
            .get(&id)
            .unwrap_or_else(|| panic!("the test speaks of a chat {id} that it never made"))
    }

    pub(super) fn chat_mut(&mut self, id: i64) -> &mut ChatState {
        self.chats
            .get_mut(&id)
            .unwrap_or_else(|| panic!("the test speaks of a chat {id} that it never made"))
    }

    pub(super) fn make_chat(&mut self, kind: Kind, title: &str, person: i64) -> i64 {
        let id = match kind {
            Kind::Private => person,
            Kind::Group => {
                self.groups_made += 1;
                -self.groups_made
            }
            Kind::Supergroup | Kind::Forum | Kind::Channel => {
                self.supergroups_made += 1;
                -1_001_000_000_000 - self.supergroups_made
            }
        };
        let mut chat = ChatState {
            id,
            kind,
            title: title.to_owned(),
            username: None,
            members: BTreeMap::new(),
            messages: BTreeMap::new(),
            alone: BTreeMap::new(),
            sent: Vec::new(),
            topics: BTreeMap::new(),
            migrated_to: None,
            timeline: Vec::new(),
            next_message: 1,
        };
        if kind == Kind::Forum {
            // A topic's thread has the id of its first message, and the thread 1 is General.
            chat.next_message = 2;
            chat.topics.insert(GENERAL, Topic::new("General"));
        }
        self.chats.insert(id, chat);
        id
    }

    /// The id of the chat that a `chat_id` names: a number, or a public chat's @username.
    pub(super) fn resolve(&self, chat_id: &Value) -> Option<i64> {
        if let Some(id) = chat_id.as_i64() {
            return Some(id);
        }
        let name = chat_id.as_str()?;
        let Some(username) = name.strip_prefix('@') else {
            return name.parse().ok();
        };
        let same = |chat: &&ChatState| {
            let own = chat.username.as_deref();
            chat.kind != Kind::Private && own.is_some_and(|own| own.eq_ignore_ascii_case(username))
        };
        self.chats.values().find(same).map(|chat| chat.id)
    }
}
