//! What the bot may do where (<https://docs.discord.com/developers/topics/permissions>).

use super::world::{THREAD, World};

pub(crate) const MANAGE_GUILD: u64 = 1 << 5;
pub(crate) const VIEW_CHANNEL: u64 = 1 << 10;
pub(crate) const SEND_MESSAGES: u64 = 1 << 11;
pub(crate) const EMBED_LINKS: u64 = 1 << 14;
pub(crate) const MENTION_EVERYONE: u64 = 1 << 17;
pub(crate) const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub(crate) const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;

/// What everybody may do in a new server.
pub(crate) const USUAL: u64 = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | SEND_MESSAGES_IN_THREADS;

/// Discord's words for a refusal: status, code, message.
pub(super) type Refused = (u16, u32, &'static str);

pub(super) const UNKNOWN_CHANNEL: Refused = (404, 10_003, "Unknown Channel");
pub(super) const MISSING_ACCESS: Refused = (403, 50_001, "Missing Access");
pub(super) const MISSING_PERMISSIONS: Refused = (403, 50_013, "Missing Permissions");
pub(super) const CANNOT_SEND_TO_USER: Refused = (403, 50_007, "Cannot send messages to this user");
pub(super) const ARCHIVED: Refused = (400, 50_083, "Thread is archived");

/// The bot's permissions in a channel.
pub(super) fn ours(world: &World, channel: u64) -> u64 {
    let Some(about) = world.channels.get(&channel) else {
        return 0;
    };
    let Some(guild) = about.guild else {
        return u64::MAX;
    };
    let guild_is = &world.guilds[&guild];
    if !guild_is.bot {
        return 0;
    }
    let inherited = about.parent.and_then(|parent| world.channels.get(&parent));
    let denied = about.denied | inherited.map_or(0, |parent| parent.denied);
    guild_is.roles[&guild].permissions & !denied
}

/// Whether the bot may post.
pub(super) fn may_post(world: &World, channel: u64) -> Result<(), Refused> {
    let about = world.channels.get(&channel).ok_or(UNKNOWN_CHANNEL)?;
    if about.blocked {
        return Err(CANNOT_SEND_TO_USER);
    }
    let ours = ours(world, channel);
    if ours & VIEW_CHANNEL == 0 {
        return Err(MISSING_ACCESS);
    }
    let send = if about.kind == THREAD {
        SEND_MESSAGES_IN_THREADS
    } else {
        SEND_MESSAGES
    };
    if ours & send == 0 {
        return Err(MISSING_PERMISSIONS);
    }
    if about.archived {
        return Err(if about.locked {
            MISSING_PERMISSIONS
        } else {
            ARCHIVED
        });
    }
    Ok(())
}
