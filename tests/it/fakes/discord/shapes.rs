//! Things of the world as Discord's JSON, with all that serenity wants of them.

use serde_json::{Value, json};

use super::world::{BOT, World};

pub(super) fn bot() -> Value {
    json!({
        "id": BOT.to_string(), "username": "Tidings", "discriminator": "0", "global_name": null, "avatar": null,
        "bot": true, "verified": true, "mfa_enabled": false, "email": null, "flags": 0, "public_flags": 0,
    })
}

pub(super) fn user(id: u64, name: &str) -> Value {
    json!({
        "id": id.to_string(), "username": name.to_lowercase(), "global_name": name, "discriminator": "0",
        "avatar": null, "public_flags": 0,
    })
}

pub(super) fn channel(world: &World, id: u64) -> Value {
    let about = &world.channels[&id];
    let overwrites = match about.guild {
        Some(guild) if about.denied != 0 => json!([
            { "id": guild.to_string(), "type": 0, "allow": "0", "deny": about.denied.to_string() }
        ]),
        _ => json!([]),
    };
    let tags: Vec<Value> = about
        .tags
        .iter()
        .map(|(id, name)| {
            json!({ "id": id.to_string(), "name": name, "moderated": false, "emoji_id": null, "emoji_name": null })
        })
        .collect();
    let mut shape = json!({
        "id": id.to_string(), "type": about.kind, "name": about.name, "position": 0, "nsfw": false,
        "permission_overwrites": overwrites, "flags": if about.requires_tag { 1 << 4 } else { 0 },
        "rate_limit_per_user": 0, "topic": null, "last_message_id": null,
        "parent_id": about.parent.map(|parent| parent.to_string()),
        "available_tags": tags,
        "applied_tags": about.applied_tags.iter().map(u64::to_string).collect::<Vec<_>>(),
    });
    if let Some(guild) = about.guild {
        shape["guild_id"] = json!(guild.to_string());
    }
    if about.kind == super::world::THREAD {
        shape["owner_id"] = json!(BOT.to_string());
        shape["message_count"] = json!(0);
        shape["member_count"] = json!(1);
        shape["thread_metadata"] = json!({
            "archived": about.archived, "locked": about.locked, "auto_archive_duration": 4320,
            "archive_timestamp": "2026-01-01T00:00:00+00:00",
        });
    }
    shape
}

pub(super) fn role(world: &World, guild: u64, id: u64) -> Value {
    let role = &world.guilds[&guild].roles[&id];
    json!({
        "id": id.to_string(), "name": role.name, "permissions": role.permissions.to_string(), "position": 0,
        "color": 0, "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
        "hoist": false, "managed": false, "mentionable": role.mentionable, "flags": 0, "icon": null,
        "unicode_emoji": null,
    })
}

pub(super) fn guild(world: &World, id: u64) -> Value {
    let guild = &world.guilds[&id];
    let roles: Vec<Value> = guild
        .roles
        .keys()
        .map(|role| self::role(world, id, *role))
        .collect();
    let of_guild = |kind: &dyn Fn(u8) -> bool| -> Vec<Value> {
        let channels = guild.channels.iter();
        let own =
            channels.filter(|id| world.channels.get(id).is_some_and(|about| kind(about.kind)));
        own.map(|channel| self::channel(world, *channel)).collect()
    };
    let thread = super::world::THREAD;
    let mut shape = json!({
        "id": id.to_string(), "name": guild.name, "icon": null, "splash": null, "discovery_splash": null,
        "owner_id": "222222222222222222", "afk_channel_id": null, "afk_timeout": 300,
        "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0,
        "roles": roles, "emojis": [], "features": [], "mfa_level": 0, "application_id": null,
        "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null,
        "max_presences": null, "max_members": 500_000, "vanity_url_code": null, "description": null,
    });
    let rest = json!({
        "banner": null, "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US",
        "public_updates_channel_id": null, "nsfw_level": 0, "premium_progress_bar_enabled": false,
        "safety_alerts_channel_id": null, "stickers": [], "widget_enabled": false,
        "joined_at": "2026-01-01T00:00:00+00:00", "large": false, "unavailable": false, "member_count": 3,
        "voice_states": [], "members": [], "presences": [], "stage_instances": [],
        "guild_scheduled_events": [], "soundboard_sounds": [],
        "channels": of_guild(&|kind| kind != thread), "threads": of_guild(&|kind| kind == thread),
    });
    for (name, value) in rest.as_object().into_iter().flatten() {
        shape[name] = value.clone();
    }
    shape
}
