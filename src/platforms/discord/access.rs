//! Who may change what a channel follows, and whether the bot may post somewhere.

use std::collections::HashMap;

use parking_lot::Mutex;
use serde::Deserialize;
use serenity::model::Permissions;

use super::Discord;
use super::api::{Call, Fault};
use crate::platforms::kit::lenient;
use tidings_core::ids::ChannelKey;

/// Kinds of channels that are remembered; with more, all are forgotten and asked for again.
const KEPT: usize = 10_000;

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
pub(super) struct Kind(pub(super) u8);

impl Kind {
    pub(super) const TEXT: Kind = Kind(0);
    pub(super) const PRIVATE: Kind = Kind(1);
    pub(super) const ANNOUNCEMENT: Kind = Kind(5);
    pub(super) const FORUM: Kind = Kind(15);
    pub(super) const MEDIA: Kind = Kind(16);

    /// Every kind that can be posted to in a server, as far as Discord's description of its API names them: it
    /// leaves out media channels.
    pub(super) const POSTABLE: [Kind; 6] = [
        Kind::TEXT,
        Kind::ANNOUNCEMENT,
        Kind(10),
        Kind(11),
        Kind(12),
        Kind::FORUM,
    ];

    /// Whether every message in it is a post of its own.
    pub(super) fn is_forum(self) -> bool {
        self == Kind::FORUM || self == Kind::MEDIA
    }

    fn is_thread(self) -> bool {
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

    /// Kind as the ledger notes it.
    pub(super) fn to_note(self) -> String {
        self.0.to_string()
    }

    /// What has to be allowed where posts go.
    fn needs(self) -> Permissions {
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
    kind: Kind,
    #[serde(default, deserialize_with = "lenient::field")]
    guild_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::field")]
    parent_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    permission_overwrites: Vec<Overwrite>,
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

    pub(super) fn kind(&self) -> Kind {
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

#[derive(Clone, Debug, Deserialize)]
struct Overwrite {
    id: String,
    #[serde(default, deserialize_with = "lenient::field")]
    allow: String,
    #[serde(default, deserialize_with = "lenient::field")]
    deny: String,
}

#[derive(Deserialize)]
struct Guild {
    #[serde(default, deserialize_with = "lenient::list")]
    roles: Vec<Role>,
}

#[derive(Deserialize)]
struct Role {
    id: String,
    #[serde(default, deserialize_with = "lenient::field")]
    permissions: String,
    #[serde(default, deserialize_with = "lenient::field")]
    mentionable: bool,
}

#[derive(Deserialize)]
struct Member {
    #[serde(default, deserialize_with = "lenient::list")]
    roles: Vec<String>,
}

/// What is known of channels without asking.
#[derive(Debug, Default)]
pub(super) struct Access {
    kinds: Mutex<HashMap<u64, Kind>>,
    /// Forums with their tags, until something happens to them.
    forums: Mutex<HashMap<u64, Channel>>,
}

fn look(channel: u64) -> Call {
    Call::get(format!("channels/{channel}"))
}

impl Access {
    /// Notes what a channel is.
    pub(super) fn note(&self, channel: u64, kind: Kind) {
        let mut kinds = self.kinds.lock();
        if kinds.len() >= KEPT {
            kinds.clear();
        }
        kinds.insert(channel, kind);
    }

    fn keep_forum(&self, channel: u64, about: &Channel) {
        let mut forums = self.forums.lock();
        if forums.len() >= KEPT {
            forums.clear();
        }
        forums.insert(channel, about.clone());
    }

    /// A forum as it was last seen.
    pub(super) fn forum(&self, channel: u64) -> Option<Channel> {
        self.forums.lock().get(&channel).cloned()
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

impl Discord {
    /// What kind of channel it is, from the ledger's note or as it was last seen.
    pub(super) fn kind(&self, channel: u64, note: Option<&str>) -> Option<Kind> {
        let noted = note.and_then(|note| note.parse().ok()).map(Kind);
        let seen = self.access.kinds.lock().get(&channel).copied();
        // A forum stays one, whatever was noted before anybody looked.
        seen.filter(|seen| seen.is_forum()).or(noted).or(seen)
    }

    /// Asks what a channel is.
    pub(super) async fn look_up(&self, channel: u64) -> Result<Channel, Fault> {
        let about: Channel = self.ask(&look(channel)).await?;
        self.access.note(channel, about.kind);
        Ok(about)
    }

    /// The same in the turn of a part: it takes up that turn.
    pub(super) async fn look_up_in_turn(&self, lane: &str, channel: u64) -> Result<Channel, Fault> {
        let answered = self.make(lane, &look(channel)).await?;
        let about: Channel = serde_json::from_slice(&answered.body)
            .map_err(|error| Fault::NoAnswer(format!("its answer can't be read: {error}")))?;
        self.access.note(channel, about.kind);
        self.access.keep_forum(channel, &about);
        Ok(about)
    }

    /// What the bot lacks to post in a channel. `ours` are its permissions there, where Discord told them; else
    /// it is asked. `pings` says whether a role is to be mentioned that not everybody may mention.
    ///
    /// # Errors
    /// [`Fault`], if Discord doesn't say.
    pub(super) async fn lacking(
        &self,
        channel: u64,
        kind: Option<Kind>,
        ours: Option<Permissions>,
        pings: bool,
    ) -> Result<Permissions, Fault> {
        let (kind, has) = match (kind, ours) {
            (Some(kind), Some(ours)) => (kind, ours),
            _ => match self.permissions(channel).await {
                Ok(found) => found,
                Err(fault) if fault.is(&[50_001, 10_003]) => return Ok(Permissions::VIEW_CHANNEL),
                Err(fault) => return Err(fault),
            },
        };
        let mut needs = kind.needs();
        if pings {
            needs |= Permissions::MENTION_EVERYONE;
        }
        if has.contains(Permissions::ADMINISTRATOR) {
            return Ok(Permissions::empty());
        }
        Ok(needs - has)
    }

    /// Whether everybody may mention a role of a server; `None` if there is no such role.
    ///
    /// # Errors
    /// [`Fault`], if Discord doesn't say.
    pub(super) async fn is_mentionable(
        &self,
        guild: u64,
        role: &str,
    ) -> Result<Option<bool>, Fault> {
        let of_guild: Guild = self.ask(&Call::get(format!("guilds/{guild}"))).await?;
        let role = of_guild.roles.iter().find(|known| known.id == role);
        Ok(role.map(|role| role.mentionable))
    }

    /// The bot's permissions in a channel
    /// (<https://docs.discord.com/developers/topics/permissions#permission-overwrites>).
    async fn permissions(&self, channel: u64) -> Result<(Kind, Permissions), Fault> {
        let about = self.look_up(channel).await?;
        self.permissions_in(about).await
    }

    async fn permissions_in(&self, about: Channel) -> Result<(Kind, Permissions), Fault> {
        let all = (about.kind, Permissions::all());
        let (Some(guild), Some(account)) = (&about.guild_id, self.account.get()) else {
            // A private chat.
            return Ok(all);
        };
        let us = account.id.to_string();
        let of_guild: Guild = self.ask(&Call::get(format!("guilds/{guild}"))).await?;
        let member: Member = self
            .ask(&Call::get(format!("guilds/{guild}/members/{us}")))
            .await?;
        let has_role = |id: &str| id == guild || member.roles.iter().any(|role| role == id);
        let roles = of_guild.roles.iter().filter(|role| has_role(&role.id));
        let base = roles.fold(Permissions::empty(), |sum, role| {
            sum | bits(&role.permissions)
        });
        if base.contains(Permissions::ADMINISTRATOR) {
            return Ok(all);
        }
        // A thread has the permissions of what it is in.
        let overwrites = match &about.parent_id {
            Some(parent) if about.kind.is_thread() => {
                let parent: Channel = self.ask(&Call::get(format!("channels/{parent}"))).await?;
                parent.permission_overwrites
            }
            _ => about.permission_overwrites,
        };
        let apply = |has: Permissions, over: &[&Overwrite]| {
            let sum = |pick: fn(&Overwrite) -> &String| {
                over.iter()
                    .fold(Permissions::empty(), |sum, o| sum | bits(pick(o)))
            };
            (has - sum(|o| &o.deny)) | sum(|o| &o.allow)
        };
        let of = |pick: &dyn Fn(&str) -> bool| {
            overwrites
                .iter()
                .filter(|o| pick(&o.id))
                .collect::<Vec<_>>()
        };
        let has = apply(base, &of(&|id| id == guild));
        let has = apply(has, &of(&|id| id != guild && has_role(id)));
        let has = apply(has, &of(&|id| id == us));
        Ok((about.kind, has))
    }

    /// Whether the bot may post in a channel for certain.
    pub(super) async fn is_welcome(&self, channel: &ChannelKey) -> bool {
        let Ok(channel) = channel.address().parse() else {
            return false;
        };
        let Ok(about) = self.look_up(channel).await else {
            return false;
        };
        // A private chat doesn't tell who blocked us.
        if about.guild_id.is_none() {
            return false;
        }
        let found = self.permissions_in(about).await;
        found.is_ok_and(|(kind, has)| has.contains(kind.needs()))
    }
}

/// Whether somebody with these permissions may change what a server's channels follow.
pub(super) fn is_manager(permissions: Permissions) -> bool {
    permissions.intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR)
}
