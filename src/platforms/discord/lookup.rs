//! What Discord says of a channel, and what the bot may do there.

use serde::Deserialize;
use serenity::model::Permissions;

use super::access::{Channel, ChannelKind, Overwrite, bits};
use super::api::{Call, Fault};
use super::client::Discord;
use crate::platforms::kit::lenient;
use tidings_core::ids::ChannelKey;

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

fn look(channel: u64) -> Call {
    Call::get(format!("channels/{channel}"))
}

impl Discord {
    /// What kind of channel it is, from the ledger's note or as it was last seen.
    pub(super) fn kind(&self, channel: u64, note: Option<&str>) -> Option<ChannelKind> {
        let noted = ChannelKind::noted(note);
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
    /// it is asked. `besides` is what is needed for more than to post.
    ///
    /// # Errors
    /// [`Fault`], if Discord doesn't say.
    pub(super) async fn lacking(
        &self,
        channel: u64,
        kind: Option<ChannelKind>,
        ours: Option<Permissions>,
        besides: Permissions,
    ) -> Result<Permissions, Fault> {
        let (kind, has) = match (kind, ours) {
            (Some(kind), Some(ours)) => (kind, ours),
            _ => match self.permissions(channel).await {
                Ok(found) => found,
                Err(fault) if fault.is(&[50_001, 10_003]) => return Ok(Permissions::VIEW_CHANNEL),
                Err(fault) => return Err(fault),
            },
        };
        let needs = kind.needs() | besides;
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
    async fn permissions(&self, channel: u64) -> Result<(ChannelKind, Permissions), Fault> {
        let about = self.look_up(channel).await?;
        self.permissions_in(about).await
    }

    async fn permissions_in(&self, about: Channel) -> Result<(ChannelKind, Permissions), Fault> {
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
