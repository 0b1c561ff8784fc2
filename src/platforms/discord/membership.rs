//! Servers and channels come and go: the bot is added and removed, channels and threads are deleted, opened again,
//! and allowed to it.

use serenity::model::event::Event;

use super::access::Kind;
use super::inbound::Inbound;
use super::{key, render, server};
use crate::chat::Scope;
use tidings_store::StoreError;

impl Inbound<'_> {
    /// A role was deleted: nobody is mentioned by it any more.
    pub(super) fn role_is_gone(&self, guild: u64, role: u64) -> Result<(), StoreError> {
        let role = role.to_string();
        let is_left = |known: &str| render::role_number(known).as_ref() != Some(&role);
        self.bot.forget_roles(&server(guild), &is_left)
    }

    /// Does what an event says about a place.
    pub(super) fn event(&self, event: &Event) -> Result<(), StoreError> {
        let bot = self.bot;
        match event {
            // At start it comes for every server as well.
            Event::GuildCreate(event) => {
                let guild = event.guild.id.get();
                let is_role = |role: &str| {
                    let number = render::role_number(role);
                    let mut known = event.guild.roles.keys();
                    number.is_none_or(|number| known.any(|known| known.get().to_string() == number))
                };
                bot.forget_roles(&server(guild), &is_role)?;
                bot.mark_reachable(&server(guild), Scope::Within)?;
            }
            Event::GuildRoleDelete(event) => {
                self.role_is_gone(event.guild_id.get(), event.role_id.get())?;
            }
            // An outage of Discord's isn't a removal.
            Event::GuildDelete(event) if !event.guild.unavailable => {
                let place = server(event.guild.id.get());
                bot.mark_unreachable(&place, Scope::Within, "the bot was removed from the server")?;
            }
            Event::ChannelDelete(event) => {
                let channel = key(event.channel.id.get());
                bot.mark_unreachable(&channel, Scope::Place, "the channel was deleted")?;
            }
            Event::ThreadDelete(event) => {
                let thread = key(event.thread.id.get());
                bot.mark_unreachable(&thread, Scope::Place, "the thread was deleted")?;
            }
            Event::ChannelUpdate(event) => {
                let (id, kind) = (event.channel.id.get(), Kind(event.channel.kind.into()));
                self.discord.access.forget(id);
                if bot.channel(&key(id))?.is_some() {
                    let place = server(event.channel.guild_id.get());
                    bot.note(&key(id), &kind.to_note(), Some(&place))?;
                }
                bot.mark_reachable(&key(id), Scope::Place)?;
            }
            Event::ThreadUpdate(event) => {
                let metadata = event.thread.thread_metadata.as_ref();
                if metadata.is_none_or(|thread| !thread.locked) {
                    bot.mark_reachable(&key(event.thread.id.get()), Scope::Place)?;
                }
            }
            Event::GuildRoleUpdate(event) => {
                bot.mark_reachable(&server(event.role.guild_id.get()), Scope::Within)?;
            }
            // Without the intent for members it comes for the bot alone: its roles have changed.
            Event::GuildMemberUpdate(event) => {
                bot.mark_reachable(&server(event.guild_id.get()), Scope::Within)?;
            }
            _ => {}
        }
        Ok(())
    }
}
