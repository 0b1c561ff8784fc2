//! The world: servers, channels, messages, interactions, and what the bot has asked for.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::faults::Rule;
use super::interactions::Interaction;
use super::limits::Limits;
use super::permissions::USUAL;
use crate::fakes::clock::Dice;

/// The bot's user and application.
pub(crate) const BOT: u64 = 111_111_111_111_111_111;

pub(super) const TEXT: u8 = 0;
pub(super) const DM: u8 = 1;
pub(super) const ANNOUNCEMENT: u8 = 5;
pub(super) const THREAD: u8 = 11;
pub(super) const FORUM: u8 = 15;

/// How long a nonce keeps a message from being made twice.
const NONCE: Duration = Duration::from_secs(180);

#[derive(Debug, Clone)]
pub(crate) struct Guild {
    pub(crate) name: String,
    pub(crate) roles: BTreeMap<u64, Role>,
    /// Whether the bot is in it.
    pub(crate) bot: bool,
    pub(crate) channels: Vec<u64>,
}

#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) permissions: u64,
    pub(crate) mentionable: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Channel {
    pub(crate) guild: Option<u64>,
    pub(crate) name: String,
    pub(crate) kind: u8,
    pub(crate) parent: Option<u64>,
    /// Permissions that everybody lacks here, the bot included.
    pub(crate) denied: u64,
    pub(crate) tags: Vec<(u64, String)>,
    pub(crate) applied_tags: Vec<u64>,
    pub(crate) requires_tag: bool,
    pub(crate) archived: bool,
    pub(crate) locked: bool,
    /// A direct message whose other side doesn't want it.
    pub(crate) blocked: bool,
    pub(crate) messages: Vec<Message>,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) body: Value,
    /// The body as it was sent, before any edit.
    pub(crate) first: Value,
    pub(crate) published: bool,
    pub(crate) edits: usize,
    /// Set where only one person sees it.
    pub(crate) only: Option<u64>,
    pub(crate) at: Instant,
}

/// One request of the bot, as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// With numbers and tokens taken out: `POST channels/*/messages`.
    pub(crate) route: String,
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(crate) at: Instant,
    /// The answer's status; none yet, or none at all after a reset.
    pub(crate) status: Option<u16>,
}

#[derive(Debug)]
pub(crate) struct World {
    /// A field of interactions that Discord has changed, and what it is now.
    pub(crate) strange: Option<(&'static str, Value)>,
    /// Chats with the bot alone, by whose they are.
    pub(crate) chats: BTreeMap<u64, u64>,
    pub(crate) guilds: BTreeMap<u64, Guild>,
    pub(crate) channels: BTreeMap<u64, Channel>,
    pub(crate) interactions: BTreeMap<u64, Interaction>,
    /// Registered commands, by the path under which they were.
    pub(crate) commands: BTreeMap<String, Vec<Value>>,
    pub(crate) registrations: usize,
    pub(crate) requests: Vec<Request>,
    pub(crate) violations: Vec<String>,
    pub(crate) accepted: usize,
    /// Whether the token is one.
    pub(crate) revoked: bool,
    /// What `GET /gateway/bot` says.
    pub(crate) shards: u32,
    /// Whether shards have to introduce themselves one after the other, and to be of one division.
    pub(crate) is_strict_with_shards: bool,
    /// Connected shards, and when one has introduced itself last.
    pub(crate) divided: Vec<[u64; 2]>,
    pub(super) introduced_at: BTreeMap<u64, Instant>,
    /// How many shards may introduce themselves at the same time.
    pub(crate) max_concurrency: u64,
    /// Shards that have introduced themselves, and how often; and connections that went on where they were.
    pub(crate) identified: Vec<[u64; 2]>,
    pub(crate) resumed: usize,
    pub(crate) connected: usize,
    /// Whether heartbeats are answered.
    pub(crate) heartless: bool,
    pub(crate) heartbeat: u64,
    /// Events by their numbers, for connections that resume.
    pub(crate) events: Vec<(u64, String, Value)>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) limits: Limits,
    pub(crate) latency: Option<(Duration, Duration, Dice)>,
    pub(crate) forgets: bool,
    /// How long an interaction may wait for its acknowledgement.
    pub(crate) acknowledge: Duration,
    /// How often each interaction is told of.
    pub(crate) deliveries: usize,
    pub(crate) publications_an_hour: usize,
    /// A close code that every connection gets as soon as it has introduced itself.
    pub(crate) closes_with: Option<u16>,
    ids: u64,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            strange: None,
            chats: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            interactions: BTreeMap::new(),
            commands: BTreeMap::new(),
            registrations: 0,
            requests: Vec::new(),
            violations: Vec::new(),
            accepted: 0,
            revoked: false,
            shards: 1,
            is_strict_with_shards: false,
            divided: Vec::new(),
            introduced_at: BTreeMap::new(),
            max_concurrency: 1,
            identified: Vec::new(),
            resumed: 0,
            connected: 0,
            heartless: false,
            heartbeat: 41_250,
            events: Vec::new(),
            rules: Vec::new(),
            limits: Limits::default(),
            latency: None,
            forgets: false,
            acknowledge: Duration::from_secs(3),
            deliveries: 1,
            publications_an_hour: 10,
            closes_with: None,
            ids: 1_100_000_000_000_000_000,
        }
    }

    /// The next server belongs to the next shard.
    pub(crate) fn next_shard(&mut self) {
        self.ids += 1 << 22;
    }

    pub(super) fn id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    pub(crate) fn channel(&mut self, id: u64) -> &mut Channel {
        self.channels.get_mut(&id).expect("there is such a channel")
    }

    pub(super) fn new_guild(&mut self, name: &str) -> u64 {
        let id = self.id();
        let everyone = Role {
            name: "@everyone".to_owned(),
            permissions: USUAL,
            mentionable: false,
        };
        let guild = Guild {
            name: name.to_owned(),
            roles: [(id, everyone)].into(),
            bot: true,
            channels: Vec::new(),
        };
        self.guilds.insert(id, guild);
        id
    }

    /// A server with some channels, nobody being told of it.
    pub(crate) fn crowd(&mut self, name: &str, channels: usize) {
        let guild = self.new_guild(name);
        for number in 0..channels {
            self.new_channel(Some(guild), &format!("channel-{number}"), TEXT, None);
        }
    }

    pub(super) fn new_role(&mut self, guild: u64, name: &str) -> u64 {
        let id = self.id();
        let role = Role {
            name: name.to_owned(),
            permissions: 0,
            mentionable: true,
        };
        let guild = self.guilds.get_mut(&guild).expect("there is such a server");
        guild.roles.insert(id, role);
        id
    }

    /// The chat of somebody with the bot.
    pub(super) fn chat_with(&mut self, person: u64) -> u64 {
        if let Some(known) = self.chats.get(&person) {
            return *known;
        }
        let chat = self.new_channel(None, &person.to_string(), DM, None);
        self.chats.insert(person, chat);
        chat
    }

    pub(super) fn new_channel(
        &mut self,
        guild: Option<u64>,
        name: &str,
        kind: u8,
        parent: Option<u64>,
    ) -> u64 {
        let id = self.id();
        let channel = Channel {
            guild,
            name: name.to_owned(),
            kind,
            parent,
            denied: 0,
            tags: Vec::new(),
            applied_tags: Vec::new(),
            requires_tag: false,
            archived: false,
            locked: false,
            blocked: false,
            messages: Vec::new(),
        };
        self.channels.insert(id, channel);
        if let Some(guild) = guild.and_then(|guild| self.guilds.get_mut(&guild)) {
            guild.channels.push(id);
        }
        id
    }

    /// Puts a message into a channel; one of the same nonce that is there already stays as it is.
    pub(super) fn put(&mut self, channel: u64, body: Value, now: Instant) -> u64 {
        let nonce = body.get("nonce").filter(|_| body["enforce_nonce"] == true);
        if let Some(nonce) = nonce {
            let recent = self.channels[&channel].messages.iter();
            let same = recent.rev().find(|message| {
                message.body.get("nonce") == Some(nonce) && now.duration_since(message.at) < NONCE
            });
            if let Some(same) = same {
                return same.id;
            }
        }
        let id = self.id();
        self.accepted += 1;
        let message = Message {
            id,
            first: body.clone(),
            body,
            published: false,
            edits: 0,
            only: None,
            at: now,
        };
        if !self.forgets {
            self.channel(channel).messages.push(message);
        }
        id
    }

    /// Notes that the bot did what it mustn't.
    pub(super) fn violation(&mut self, what: impl Into<String>) {
        self.violations.push(what.into());
    }
}
