//! Servers and channels come and go: the bot is added and removed, channels and threads are deleted, opened again,
//! and allowed to it.

use std::collections::BTreeMap;

use serenity::model::event::Event;

use super::access::ChannelKind;
use super::identity::{key, server};
use super::inbound::Inbound;
use super::render;
use crate::chat::Scope;
use tidings_core::ids::ChannelKey;
use tidings_store::StoreError;

impl Inbound<'_> {
    /// A role was deleted: nobody is mentioned by it any more.
    pub(super) async fn role_is_gone(&self, guild: u64, role: u64) -> Result<(), StoreError> {
        let role = role.to_string();
        let is_left = |known: &str| render::role_number(known).as_ref() != Some(&role);
        self.bot.forget_roles(&server(guild), &is_left).await
    }

    /// A server is there, with these roles and channels, as far as they are told: what was believed of it is compared,
    /// since it may have changed while nobody heard.
    pub(super) async fn server_is_there(
        &self,
        guild: u64,
        roles: Option<&[u64]>,
        kinds: impl Iterator<Item = (u64, ChannelKind)>,
    ) -> Result<(), StoreError> {
        let place = server(guild);
        if let Some(roles) = roles {
            let is_role = |role: &str| {
                let number = render::role_number(role);
                number.is_none_or(|number| roles.iter().any(|known| known.to_string() == number))
            };
            self.bot.forget_roles(&place, &is_role).await?;
        }
        let kinds: BTreeMap<ChannelKey, ChannelKind> =
            kinds.map(|(channel, kind)| (key(channel), kind)).collect();
        let note = |channel: &ChannelKey| kinds.get(channel).map(|kind| kind.to_note());
        self.bot.compare_notes(&place, &note).await?;
        self.bot.mark_reachable(&place, Scope::Within).await?;
        Ok(())
    }

    /// Does what an event says about a place.
    pub(super) async fn event(&self, event: &Event) -> Result<(), StoreError> {
        let bot = self.bot;
        match event {
            // At start it comes for every server as well.
            Event::GuildCreate(event) => {
                let guild = event.guild.id.get();
                let roles: Vec<u64> = event.guild.roles.keys().map(|role| role.get()).collect();
                let channels = event.guild.channels.values();
                let kinds =
                    channels.map(|channel| (channel.id.get(), ChannelKind(channel.kind.into())));
                self.server_is_there(guild, Some(&roles), kinds).await?;
            }
            Event::GuildRoleDelete(event) => {
                self.role_is_gone(event.guild_id.get(), event.role_id.get())
                    .await?;
            }
            // An outage of Discord's isn't a removal.
            Event::GuildDelete(event) if !event.guild.unavailable => {
                let place = server(event.guild.id.get());
                bot.mark_unreachable(&place, Scope::Within, "the bot was removed from the server")
                    .await?;
            }
            Event::ChannelDelete(event) => {
                let channel = key(event.channel.id.get());
                bot.mark_unreachable(&channel, Scope::Place, "the channel was deleted")
                    .await?;
            }
            Event::ThreadDelete(event) => {
                let thread = key(event.thread.id.get());
                bot.mark_unreachable(&thread, Scope::Place, "the thread was deleted")
                    .await?;
            }
            Event::ChannelUpdate(event) => {
                let (id, kind) = (
                    event.channel.id.get(),
                    ChannelKind(event.channel.kind.into()),
                );
                self.discord.access.forget(id);
                let place = server(event.channel.guild_id.get());
                bot.note(&key(id), &kind.to_note(), Some(&place)).await?;
                bot.mark_reachable(&key(id), Scope::Place).await?;
            }
            Event::ThreadUpdate(event) => {
                let metadata = event.thread.thread_metadata.as_ref();
                if metadata.is_none_or(|thread| !thread.locked) {
                    bot.mark_reachable(&key(event.thread.id.get()), Scope::Place)
                        .await?;
                }
            }
            Event::GuildRoleUpdate(event) => {
                bot.mark_reachable(&server(event.role.guild_id.get()), Scope::Within)
                    .await?;
            }
            // Without the intent for members it comes for the bot alone: its roles have changed.
            Event::GuildMemberUpdate(event) => {
                bot.mark_reachable(&server(event.guild_id.get()), Scope::Within)
                    .await?;
            }
            _ => {}
        }
        Ok(())
    }
}
