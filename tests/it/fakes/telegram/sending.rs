//! sendMessage, the edits, deleteMessage and sendChatAction: what a chat lets the bot do.

use serde_json::{Value, json};

use super::answers::{Answer, Refusal};
use super::detect::detect;
use super::ephemeral;
use super::html::{self, Entity, Formatted, units};
use super::keyboard;
use super::world::{Author, BOT, ChatState, GENERAL, Kind, Message, Rights, Status, World};

/// The chat a request is about, as long as the bot may speak to it at all.
pub(super) fn open_chat<'a>(world: &'a World, body: &Value) -> Result<&'a ChatState, Refusal> {
    let chat = reachable(world, body)?;
    let kind = chat.kind.name();
    match (chat.kind, chat.bot()) {
        (Kind::Private, Status::Kicked) => Err(Refusal::forbidden("bot was blocked by the user")),
        (Kind::Private, Status::Left) => Err(Refusal::forbidden(
            "bot can't initiate conversation with a user",
        )),
        (Kind::Group, Status::Kicked) => {
            Err(Refusal::forbidden("bot was kicked from the group chat"))
        }
        (Kind::Supergroup | Kind::Forum, Status::Kicked) => Err(Refusal::forbidden(
            "bot was kicked from the supergroup chat",
        )),
        (Kind::Channel, Status::Kicked) => {
            Err(Refusal::forbidden("bot was kicked from the channel chat"))
        }
        (_, Status::Left) => Err(Refusal::forbidden(&format!(
            "bot is not a member of the {kind} chat"
        ))),
        _ => Ok(chat),
    }
}

/// The chat a request is about, if it is still there.
pub(super) fn reachable<'a>(world: &'a World, body: &Value) -> Result<&'a ChatState, Refusal> {
    let chat = world
        .resolve(&body["chat_id"])
        .and_then(|id| world.chats.get(&id));
    let chat = chat.ok_or_else(|| Refusal::bad("chat not found"))?;
    if let Some(new) = chat.migrated_to {
        let refusal = Refusal::bad("group chat was upgraded to a supergroup chat");
        return Err(refusal.with(json!({ "migrate_to_chat_id": new })));
    }
    if chat.kind == Kind::Private && world.user(chat.id).deactivated {
        return Err(Refusal::forbidden("user is deactivated"));
    }
    Ok(chat)
}

pub(super) fn may_write(chat: &ChatState, thread: Option<i64>) -> Result<(), Refusal> {
    match (chat.kind, chat.bot()) {
        (
            Kind::Channel,
            Status::Administrator(Rights {
                can_post_messages: true,
                ..
            })
            | Status::Creator { .. },
        ) => {}
        (Kind::Channel, _) => {
            return Err(Refusal::bad(
                "need administrator rights in the channel chat",
            ));
        }
        (
            _,
            Status::Restricted {
                can_send_messages: false,
            },
        ) => {
            return Err(Refusal::bad(
                "not enough rights to send text messages to the chat",
            ));
        }
        _ => {}
    }
    let manages = match chat.bot() {
        Status::Administrator(rights) => rights.can_manage_topics,
        status => status.is_administrator(),
    };
    // Messages to General name no topic.
    let topic = chat.topics.get(&thread.unwrap_or(GENERAL));
    match (thread, topic) {
        (None, None) => Ok(()),
        (Some(GENERAL), _) | (Some(_), None) => Err(Refusal::bad("message thread not found")),
        (_, Some(topic)) if topic.deleted => Err(Refusal::bad("message thread not found")),
        (_, Some(topic)) if topic.closed && !manages => Err(Refusal::bad("TOPIC_CLOSED")),
        _ => Ok(()),
    }
}

/// Reads the text of a message, with or without tags, and measures it.
pub(super) fn formatted(world: &World, body: &Value) -> Result<Formatted, Refusal> {
    let raw = body["text"].as_str().unwrap_or_default();
    let read = if body.get("parse_mode").is_some() {
        let read = html::parse(raw)
            .map_err(|why| Refusal::bad(&format!("can't parse entities: {why}")).because(why))?;
        if world.is_older
            && read
                .entities
                .iter()
                .any(|entity| entity.kind == "date_time")
        {
            let why = "can't parse entities: Unsupported start tag \"tg-time\" at byte offset 0";
            return Err(Refusal::bad(why));
        }
        read
    } else {
        html::trimmed(Formatted {
            text: raw.to_owned(),
            entities: Vec::new(),
        })
    };
    let length = units(&read.text);
    if length == 0 {
        return Err(Refusal::bad("message text is empty").because("the text is empty"));
    }
    if length > 4096 {
        let why = format!("the text has {length} UTF-16 units; 4096 are allowed");
        return Err(Refusal::bad("message is too long").because(why));
    }
    if read.entities.len() > 100 {
        let why = format!(
            "the text has {} entities; 100 are allowed",
            read.entities.len()
        );
        return Err(Refusal::bad("too many entities").because(why));
    }
    // Of each its constructor, offset and length; of an address its bytes, filled up to four.
    let size = |entity: &Entity| {
        let address = entity
            .url
            .as_deref()
            .map_or(0, |url| (url.len() + 4) / 4 * 4);
        12 + address
    };
    let size: usize = read.entities.iter().map(size).sum();
    if size > 9_500 {
        let why = format!("the entities take up {size} bytes; about 9500 are allowed");
        return Err(Refusal::bad("ENTITIES_TOO_LONG").because(why));
    }
    Ok(read)
}

pub(super) fn send(world: &mut World, body: &Value) -> Answer {
    if let Some(to) = ephemeral::parameters(world, body) {
        return ephemeral::send(world, body, to);
    }
    let read = formatted(world, body)?;
    let chat = open_chat(world, body)?;
    let thread = body["message_thread_id"].as_i64();
    may_write(chat, thread)?;
    let mut message = Message::new(Author::Bot, "");
    let reply = body.get("reply_parameters");
    // An older server doesn't know what else may be answered.
    let reply = reply.filter(|reply| !world.is_older || reply.get("message_id").is_some());
    if let Some(reply) = reply {
        if reply.get("ephemeral_message_id").is_some() {
            let why = "only an ephemeral message answers an ephemeral message";
            return Err(Refusal::bad("REPLY_TO_INVALID").because(why));
        }
        let original = reply["message_id"].as_i64().filter(|id| {
            let found = chat.messages.get(id);
            found.is_some_and(|original| !original.deleted)
        });
        if original.is_none() && reply["allow_sending_without_reply"] != true {
            return Err(Refusal::bad("message to be replied not found"));
        }
        message.reply_to = original;
        message.reply_parameters = Some(reply.clone());
    }
    let id = chat.id;
    message.disable_notification = body["disable_notification"] == true;
    message.message_thread_id = thread;
    write(&mut message, body, read);
    message.first.clone_from(&message.raw);
    world.accepted += 1;
    let state = world.chat_mut(id);
    let sent = state.add(message);
    Ok(show(world, id, sent))
}

/// Gives a message its text, keyboard and preview.
pub(super) fn write(message: &mut Message, body: &Value, read: Formatted) {
    message.raw = body["text"].as_str().unwrap_or_default().to_owned();
    message.detected = detect(&read.text, &read.entities);
    message.text = read.text;
    message.entities = read.entities;
    message.reply_markup = keyboard::normal(body.get("reply_markup"));
    let asks = &body["reply_markup"]["input_field_placeholder"];
    message.asks = asks.as_str().map(str::to_owned);
    message.link_preview_options = body.get("link_preview_options").cloned();
}

fn show(world: &World, chat: i64, message: i64) -> Value {
    let state = world.chat(chat);
    match state.messages.get(&message) {
        Some(message) => super::json::message(world, state, message),
        None => Value::Null,
    }
}

/// The bot's own message that an edit is about.
fn to_edit<'a>(world: &'a mut World, body: &Value) -> Result<(i64, &'a mut Message), Refusal> {
    let chat = open_chat(world, body)?.id;
    let id = body["message_id"].as_i64().unwrap_or_default();
    let message = world.chat_mut(chat).messages.get_mut(&id);
    match message.filter(|message| !message.deleted) {
        None => Err(Refusal::bad("message to edit not found")),
        Some(message) if message.author != Author::Bot => {
            Err(Refusal::bad("message can't be edited"))
        }
        Some(message) => Ok((chat, message)),
    }
}

pub(super) fn not_modified() -> Refusal {
    Refusal::bad(
        "message is not modified: specified new message content and reply markup are exactly the same as \
         a current content and reply markup of the message",
    )
}

pub(super) fn edit_text(world: &mut World, body: &Value) -> Answer {
    let read = formatted(world, body)?;
    let (chat, message) = to_edit(world, body)?;
    let markup = keyboard::normal(body.get("reply_markup"));
    if (&message.text, &message.entities, &message.reply_markup)
        == (&read.text, &read.entities, &markup)
    {
        return Err(not_modified());
    }
    write(message, body, read);
    message.edits += 1;
    let id = message.id;
    world.accepted += 1;
    Ok(show(world, chat, id))
}

pub(super) fn edit_markup(world: &mut World, body: &Value) -> Answer {
    let (chat, message) = to_edit(world, body)?;
    let markup = keyboard::normal(body.get("reply_markup"));
    if message.reply_markup == markup {
        return Err(not_modified());
    }
    message.reply_markup = markup;
    message.edits += 1;
    let id = message.id;
    Ok(show(world, chat, id))
}

pub(super) fn delete(world: &mut World, body: &Value) -> Answer {
    let chat = open_chat(world, body)?;
    let (id, bot, private) = (chat.id, chat.bot(), chat.kind == Kind::Private);
    let message = body["message_id"].as_i64().unwrap_or_default();
    let message = world.chat_mut(id).messages.get_mut(&message);
    let message = message
        .filter(|message| !message.deleted)
        .ok_or_else(|| Refusal::bad("message to delete not found"))?;
    let may = match bot {
        Status::Administrator(rights) => rights.can_delete_messages,
        _ => private,
    };
    if message.author != Author::Bot && !may {
        return Err(Refusal::bad("message can't be deleted"));
    }
    message.deleted = true;
    Ok(true.into())
}

pub(super) fn action(world: &mut World, body: &Value) -> Answer {
    let chat = open_chat(world, body)?;
    may_write(chat, body["message_thread_id"].as_i64())?;
    Ok(true.into())
}

pub(super) fn leave(world: &mut World, body: &Value) -> Answer {
    let chat = open_chat(world, body)?;
    if chat.kind == Kind::Private {
        return Err(Refusal::bad(
            "chat member status can't be changed in private chats",
        ));
    }
    let id = chat.id;
    world.set_status(id, BOT, BOT, Status::Left);
    Ok(true.into())
}
