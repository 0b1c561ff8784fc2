//! The REST API: which route a request means, and what becomes of it.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use super::body::{self, Purpose};
use super::permissions::{
    ARCHIVED, CREATE_PUBLIC_THREADS, MISSING_ACCESS, MISSING_PERMISSIONS, Refused, UNKNOWN_CHANNEL,
    VIEW_CHANNEL, may_post, ours,
};
use super::world::{ANNOUNCEMENT, BOT, FORUM, TEXT, THREAD, World};
use super::{commands, interactions, shapes};
use crate::fakes::clock::now;

/// An answer to a request.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(super) fn none() -> Self {
        Self {
            status: 204,
            body: Value::Null,
        }
    }

    pub(super) fn refused((status, code, message): Refused) -> Self {
        Self {
            status,
            body: json!({ "code": code, "message": message }),
        }
    }

    /// Refused because of its body, which is a violation.
    pub(super) fn malformed(world: &mut World, what: &str, wrong: &[String]) -> Self {
        world.violation(format!("{what}: {}", wrong.join("; ")));
        let body = json!({ "code": 50_035, "message": "Invalid Form Body", "errors": { "_errors": wrong } });
        Self { status: 400, body }
    }
}

/// Whether a request carries an interaction's token instead of the bot's.
pub(super) fn is_of_interaction(path: &str) -> bool {
    path.starts_with("interactions/") || path.starts_with("webhooks/")
}

/// A request's route, with numbers and tokens taken out.
pub(super) fn route(verb: &str, path: &str) -> String {
    let mut secret = false;
    let parts = path.split('/').map(|part| {
        let is_number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let shown = if is_number || secret { "*" } else { part };
        secret = is_of_interaction(path) && is_number;
        shown
    });
    format!("{verb} {}", parts.collect::<Vec<_>>().join("/"))
}

/// Does what a request asks.
pub(super) fn carry_out(
    world: &mut World,
    verb: &str,
    path: &str,
    body: &Value,
    gateway: SocketAddr,
) -> Answer {
    let parts: Vec<&str> = path.split('/').collect();
    let number = |at: usize| {
        parts
            .get(at)
            .and_then(|part| part.parse::<u64>().ok())
            .unwrap_or(0)
    };
    match (verb, parts.as_slice()) {
        ("GET", ["gateway"]) => Answer::ok(json!({ "url": format!("ws://{gateway}") })),
        ("GET", ["gateway", "bot"]) => Answer::ok(json!({
            "url": format!("ws://{gateway}"),
            "shards": world.shards,
            "session_start_limit": {
                "total": 1000, "remaining": 990, "reset_after": 14_400_000, "max_concurrency": world.max_concurrency,
            },
        })),
        ("GET", ["users", "@me"]) => Answer::ok(shapes::bot()),
        ("POST", ["users", "@me", "channels"]) => {
            let person = body["recipient_id"].as_str().and_then(|id| id.parse().ok());
            match person {
                Some(person) => {
                    let chat = world.chat_with(person);
                    Answer::ok(json!({ "id": chat.to_string(), "type": 1 }))
                }
                None => Answer::malformed(world, "a chat", &["recipient_id".to_owned()]),
            }
        }
        ("GET", ["applications", "@me"]) => {
            Answer::ok(json!({ "id": BOT.to_string(), "name": "Tidings" }))
        }
        ("GET", ["applications", _, "commands"] | ["applications", _, "guilds", _, "commands"]) => {
            Answer::ok(commands::as_kept(world.commands.get(path)))
        }
        ("PUT", ["applications", _, "commands"] | ["applications", _, "guilds", _, "commands"]) => {
            let wrong = commands::all(body);
            if !wrong.is_empty() {
                return Answer::malformed(world, "the commands", &wrong);
            }
            let commands = body.as_array().cloned().unwrap_or_default();
            world.commands.insert(path.to_owned(), commands);
            world.registrations += 1;
            Answer::ok(commands::as_kept(world.commands.get(path)))
        }
        ("POST", ["interactions", _, token, "callback"]) => {
            interactions::callback(world, number(1), token, body)
        }
        (_, ["webhooks", _, token, ..]) => {
            let rest = path
                .splitn(4, '/')
                .nth(3)
                .map_or(String::new(), |rest| format!("/{rest}"));
            interactions::webhook(world, verb, token, &rest, body)
        }
        ("GET", ["channels", _]) => {
            let channel = number(1);
            match world.channels.get(&channel) {
                None => Answer::refused(UNKNOWN_CHANNEL),
                Some(_) if ours(world, channel) & VIEW_CHANNEL == 0 => {
                    Answer::refused(MISSING_ACCESS)
                }
                Some(_) => Answer::ok(shapes::channel(world, channel)),
            }
        }
        ("PATCH", ["channels", _]) => change_thread(world, number(1), body),
        ("POST", ["channels", _, "messages"]) => post(world, number(1), body),
        ("PATCH", ["channels", _, "messages", _]) => edit(world, number(1), number(3), body),
        ("POST", ["channels", _, "threads"]) => open_post(world, number(1), body),
        ("POST", ["channels", _, "messages", _, "threads"]) => {
            open_thread(world, number(1), number(3), body)
        }
        ("POST", ["channels", _, "messages", _, "crosspost"]) => {
            publish(world, number(1), number(3))
        }
        ("GET", ["guilds", _]) => match world.guilds.get(&number(1)) {
            Some(guild) if guild.bot => Answer::ok(shapes::guild(world, number(1))),
            _ => Answer::refused((404, 10_004, "Unknown Guild")),
        },
        ("GET", ["guilds", _, "members", _]) => match world.guilds.get(&number(1)) {
            Some(guild) if guild.bot => Answer::ok(json!({ "roles": [], "user": shapes::bot() })),
            _ => Answer::refused((404, 10_004, "Unknown Guild")),
        },
        _ => {
            world.violation(format!(
                "{verb} {path}: not a route of Discord's that this server has"
            ));
            Answer::refused((404, 0, "404: Not Found"))
        }
    }
}

fn post(world: &mut World, channel: u64, body: &Value) -> Answer {
    if let Err(refused) = may_post(world, channel) {
        return Answer::refused(refused);
    }
    if world.channels[&channel].kind == FORUM {
        return Answer::refused((400, 50_008, "Cannot send messages in a non-text channel"));
    }
    let wrong = body::message(body, Purpose::Message);
    if !wrong.is_empty() {
        return Answer::malformed(world, "a message", &wrong);
    }
    let id = world.put(channel, body.clone(), now());
    Answer::ok(json!({ "id": id.to_string(), "channel_id": channel.to_string() }))
}

/// What the bot has posted says something else (<https://docs.discord.com/developers/resources/message#edit-message>).
fn edit(world: &mut World, channel: u64, message: u64, body: &Value) -> Answer {
    if !world.channels.contains_key(&channel) {
        return Answer::refused(UNKNOWN_CHANNEL);
    }
    if ours(world, channel) & VIEW_CHANNEL == 0 {
        return Answer::refused(MISSING_ACCESS);
    }
    let wrong = body::message(body, Purpose::Edit);
    if !wrong.is_empty() {
        return Answer::malformed(world, "an edit", &wrong);
    }
    if world.channel(channel).archived {
        return Answer::refused(ARCHIVED);
    }
    let messages = &mut world.channel(channel).messages;
    let Some(found) = messages.iter_mut().find(|found| found.id == message) else {
        return Answer::refused((404, 10_008, "Unknown Message"));
    };
    for (key, value) in body.as_object().into_iter().flatten() {
        found.body[key] = value.clone();
    }
    found.edits += 1;
    Answer::ok(json!({ "id": message.to_string(), "channel_id": channel.to_string() }))
}

fn open_post(world: &mut World, forum: u64, body: &Value) -> Answer {
    if let Err(refused) = may_post(world, forum) {
        return Answer::refused(refused);
    }
    let about = &world.channels[&forum];
    let mut wrong = body::message(&body["message"], Purpose::Post);
    if about.kind != FORUM {
        wrong.push("a post in what is no forum".to_owned());
    }
    let name = body["name"].as_str().unwrap_or_default();
    if !(1..=100).contains(&name.chars().count()) {
        wrong.push(format!("name: {}", body["name"]));
    }
    for key in body.as_object().into_iter().flatten().map(|(key, _)| key) {
        if !["name", "message", "applied_tags"].contains(&key.as_str()) {
            wrong.push(format!("{key}: unknown"));
        }
    }
    let tags: Vec<u64> = body["applied_tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.as_str()?.parse().ok())
        .collect();
    let is_tag = |tag: &u64| about.tags.iter().any(|(id, _)| id == tag);
    if tags.len() > 5 {
        wrong.push(format!("applied_tags: {tags:?}"));
    }
    if !tags.iter().all(is_tag) {
        return Answer::refused((404, 10_087, "Unknown tag"));
    }
    if about.requires_tag && tags.is_empty() {
        return Answer::refused((
            400,
            40_067,
            "A tag is required to create a forum post in this channel",
        ));
    }
    if !wrong.is_empty() {
        return Answer::malformed(world, "a forum post", &wrong);
    }
    let guild = about.guild;
    let thread = world.new_channel(guild, name, THREAD, Some(forum));
    world.channel(thread).applied_tags = tags;
    world.put(thread, body["message"].clone(), now());
    // The first message of a post has the post's own number.
    world.channel(thread).messages[0].id = thread;
    Answer {
        status: 201,
        body: shapes::channel(world, thread),
    }
}

/// A thread under a message, which has the message's number
/// (<https://docs.discord.com/developers/resources/channel#start-thread-from-message>).
fn open_thread(world: &mut World, channel: u64, message: u64, body: &Value) -> Answer {
    let Some(about) = world.channels.get(&channel) else {
        return Answer::refused(UNKNOWN_CHANNEL);
    };
    let (guild, kind) = (about.guild, about.kind);
    let is_there = about.messages.iter().any(|known| known.id == message);
    let may = ours(world, channel);
    if may & VIEW_CHANNEL == 0 {
        return Answer::refused(MISSING_ACCESS);
    }
    if kind != TEXT && kind != ANNOUNCEMENT {
        world.violation("a thread under a message where there are none");
        return Answer::refused((400, 50_024, "Cannot execute action on this channel type"));
    }
    if may & CREATE_PUBLIC_THREADS == 0 {
        return Answer::refused(MISSING_PERMISSIONS);
    }
    if !is_there {
        return Answer::refused((404, 10_008, "Unknown Message"));
    }
    if world.channels.contains_key(&message) {
        return Answer::refused((
            400,
            160_004,
            "A thread has already been created for this message",
        ));
    }
    let mut wrong = Vec::new();
    let name = body["name"].as_str().unwrap_or_default();
    if !(1..=100).contains(&name.chars().count()) {
        wrong.push(format!("name: {}", body["name"]));
    }
    if ![60, 1_440, 4_320, 10_080].contains(&body["auto_archive_duration"].as_u64().unwrap_or(0)) {
        wrong.push(format!(
            "auto_archive_duration: {}",
            body["auto_archive_duration"]
        ));
    }
    for key in body.as_object().into_iter().flatten().map(|(key, _)| key) {
        if !["name", "auto_archive_duration"].contains(&key.as_str()) {
            wrong.push(format!("{key}: unknown"));
        }
    }
    if !wrong.is_empty() {
        return Answer::malformed(world, "a thread", &wrong);
    }
    let made = world.new_channel(guild, name, THREAD, Some(channel));
    let thread = world.channels.remove(&made).expect("it was just made");
    world.channels.insert(message, thread);
    let of_guild = guild.and_then(|guild| world.guilds.get_mut(&guild));
    for known in of_guild.into_iter().flat_map(|guild| &mut guild.channels) {
        if *known == made {
            *known = message;
        }
    }
    Answer {
        status: 201,
        body: shapes::channel(world, message),
    }
}

fn change_thread(world: &mut World, thread: u64, body: &Value) -> Answer {
    match world.channels.get_mut(&thread) {
        None => Answer::refused(UNKNOWN_CHANNEL),
        Some(about) if about.locked => Answer::refused((403, 50_013, "Missing Permissions")),
        Some(about) => {
            about.archived = body["archived"].as_bool().unwrap_or(about.archived);
            if about.archived && body["archived"] != true {
                return Answer::refused(ARCHIVED);
            }
            if let Some(name) = body["name"].as_str() {
                name.clone_into(&mut about.name);
            }
            Answer::ok(shapes::channel(world, thread))
        }
    }
}

fn publish(world: &mut World, channel: u64, message: u64) -> Answer {
    let most = world.publications_an_hour;
    let Some(about) = world.channels.get_mut(&channel) else {
        return Answer::refused(UNKNOWN_CHANNEL);
    };
    if about.kind != ANNOUNCEMENT {
        world.violation("a message published in what is no announcement channel");
        return Answer::refused((400, 50_024, "Cannot execute action on this channel type"));
    }
    let published = about
        .messages
        .iter()
        .filter(|message| message.published)
        .count();
    let Some(found) = about.messages.iter_mut().find(|found| found.id == message) else {
        return Answer::refused((404, 10_008, "Unknown Message"));
    };
    if found.published {
        return Answer::refused((400, 40_033, "This message has already been crossposted"));
    }
    if published >= most {
        let wait = Duration::from_secs(3_000).as_secs_f64();
        let body = json!({ "message": "You are being rate limited.", "retry_after": wait, "global": false });
        return Answer { status: 429, body };
    }
    found.published = true;
    Answer::ok(json!({ "id": message.to_string() }))
}
