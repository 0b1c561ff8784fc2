//! Who may change what a channel follows, and whether the bot may post somewhere.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use serde::Deserialize;
use serenity::model::Permissions;
use tokio::time::Instant;

use crate::platforms::kit::lenient;

/// Kinds of channels that are remembered; with more, all are forgotten and asked for again.
const KEPT: usize = 10_000;

/// For how long a forum's tags count as known: what happens to it may be told to another process.
const KNOWN_FOR: Duration = Duration::from_secs(600);

/// The permissions that the bot is invited with: all that roundups need, and nothing else.
const INVITED_WITH: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::EMBED_LINKS);

/// The link by which somebody adds the bot to a server.
pub(super) fn invitation(application: u64) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={}",
        INVITED_WITH.bits()
    )
}

/// What kind of channel it is
/// (<https://docs.discord.com/developers/resources/channel#channel-object-channel-types>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct ChannelKind(pub(super) u8);

impl ChannelKind {
    pub(super) const TEXT: ChannelKind = ChannelKind(0);
    pub(super) const PRIVATE: ChannelKind = ChannelKind(1);
    pub(super) const ANNOUNCEMENT: ChannelKind = ChannelKind(5);
    pub(super) const FORUM: ChannelKind = ChannelKind(15);
    pub(super) const MEDIA: ChannelKind = ChannelKind(16);

    /// Every kind that can be posted to in a server, as far as Discord's description of its API names them: it
    /// leaves out media channels.
    pub(super) const POSTABLE: [ChannelKind; 6] = [
        ChannelKind::TEXT,
        ChannelKind::ANNOUNCEMENT,
        ChannelKind(10),
        ChannelKind(11),
        ChannelKind(12),
        ChannelKind::FORUM,
    ];

    /// Whether every message in it is a post of its own.
    pub(super) fn is_forum(self) -> bool {
        self == ChannelKind::FORUM || self == ChannelKind::MEDIA
    }

    /// Whether messages in it can have threads.
    pub(super) fn has_threads(self) -> bool {
        self == ChannelKind::TEXT || self == ChannelKind::ANNOUNCEMENT
    }

    pub(super) fn is_thread(self) -> bool {
        (10..=12).contains(&self.0)
    }

    /// Whether somebody with these permissions may write in it.
    pub(super) fn lets_write(self, has: Permissions) -> bool {
        let send = if self.is_thread() {
            Permissions::SEND_MESSAGES_IN_THREADS
        } else {
            Permissions::SEND_MESSAGES
        };
        has.intersects(send | Permissions::ADMINISTRATOR)
    }

    /// The kind that the ledger has noted, if it has.
    pub(super) fn noted(note: Option<&str>) -> Option<ChannelKind> {
        note.and_then(|note| note.parse().ok()).map(ChannelKind)
    }

    /// Kind as the ledger notes it.
    pub(super) fn to_note(self) -> String {
        self.0.to_string()
    }

    /// What has to be allowed where posts go.
    pub(super) fn needs(self) -> Permissions {
        let send = if self.is_thread() {
            Permissions::SEND_MESSAGES_IN_THREADS
        } else {
            Permissions::SEND_MESSAGES
        };
        let mut needs = Permissions::VIEW_CHANNEL | send | Permissions::EMBED_LINKS;
        if self.is_forum() {
            // All parts but the first go into the post.
            needs |= Permissions::SEND_MESSAGES_IN_THREADS;
        }
        needs
    }

    /// Whether somebody with these permissions may post.
    pub(super) fn is_open_to(self, has: Permissions) -> bool {
        has.contains(Permissions::ADMINISTRATOR) || has.contains(self.needs())
    }
}

/// What is read of a channel (<https://docs.discord.com/developers/resources/channel#channel-object>).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Channel {
    #[serde(rename = "type")]
    pub(super) kind: ChannelKind,
    #[serde(default, deserialize_with = "lenient::field")]
    pub(super) guild_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::field")]
    pub(super) parent_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub(super) permission_overwrites: Vec<Overwrite>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub(super) available_tags: Vec<Tag>,
    #[serde(default, deserialize_with = "lenient::field")]
    flags: u64,
}

impl Channel {
    /// The server that it is part of.
    pub(super) fn guild(&self) -> Option<u64> {
        self.guild_id.as_ref()?.parse().ok()
    }

    pub(super) fn kind(&self) -> ChannelKind {
        self.kind
    }

    /// Whether a forum takes no post without a tag
    /// (<https://docs.discord.com/developers/resources/channel#channel-object-channel-flags>).
    pub(super) fn requires_tag(&self) -> bool {
        self.flags & (1 << 4) != 0
    }
}

/// A tag of a forum.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Tag {
    pub(super) id: String,
    pub(super) name: String,
    /// Only moderators may set it.
    #[serde(default, deserialize_with = "lenient::field")]
    pub(super) moderated: bool,
}

/// What is allowed to a role or somebody in one channel, and what isn't.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Overwrite {
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient::field")]
    pub(super) allow: String,
    #[serde(default, deserialize_with = "lenient::field")]
    pub(super) deny: String,
}

/// What is known of channels without asking.
#[derive(Debug, Default)]
pub(super) struct KnownChannels {
    pub(super) kinds: Mutex<HashMap<u64, ChannelKind>>,
    /// Forums with their tags, until something happens to them, and since when they are known.
    forums: Mutex<HashMap<u64, (Instant, Channel)>>,
}

impl KnownChannels {
    /// Notes what a channel is.
    pub(super) fn note(&self, channel: u64, kind: ChannelKind) {
        let mut kinds = self.kinds.lock();
        if kinds.len() >= KEPT {
            kinds.clear();
        }
        kinds.insert(channel, kind);
    }

    pub(super) fn keep_forum(&self, channel: u64, about: &Channel) {
        let mut forums = self.forums.lock();
        if forums.len() >= KEPT {
            forums.clear();
        }
        forums.insert(channel, (Instant::now(), about.clone()));
    }

    /// A forum as it was last seen.
    pub(super) fn forum(&self, channel: u64) -> Option<Channel> {
        let forums = self.forums.lock();
        let (since, about) = forums.get(&channel)?;
        (since.elapsed() < KNOWN_FOR).then(|| about.clone())
    }

    /// Something happened to a channel: what it is has to be asked again.
    pub(super) fn forget(&self, channel: u64) {
        self.forums.lock().remove(&channel);
    }
}

/// Permissions as they are written, without those that don't fit into 64 bits yet.
pub(super) fn bits(text: &str) -> Permissions {
    let bits: u128 = text.parse().unwrap_or(0);
    let low = u64::try_from(bits & u128::from(u64::MAX));
    Permissions::from_bits_truncate(low.unwrap_or(0))
}

/// Whether somebody with these permissions may change what a server's channels follow.
pub(super) fn is_manager(permissions: Permissions) -> bool {
    permissions.intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR)
}
