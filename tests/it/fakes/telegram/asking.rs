//! What the bot asks about chats, and its command menus and button answers.

use serde_json::{Value, json};

use super::answers::{Answer, Refusal};
use super::json;
use super::ledger::CallbackAnswer;
use super::sending::{open_chat, reachable};
use super::world::{BOT, Kind, Status, World};

pub(super) fn get_me(world: &World) -> Answer {
    Ok(json::me(world.user(BOT)))
}

pub(super) fn get_chat(world: &World, body: &Value) -> Answer {
    let chat = reachable(world, body)?;
    match (chat.kind, chat.bot()) {
        (Kind::Private, Status::Left) => Err(Refusal::bad("chat not found")),
        // Anybody may look at a private chat's person or a public chat.
        (Kind::Private, _) => Ok(json::full_chat(world, chat)),
        _ if chat.username.is_some() && chat.bot() != Status::Kicked => {
            Ok(json::full_chat(world, chat))
        }
        _ => open_chat(world, body).map(|chat| json::full_chat(world, chat)),
    }
}

pub(super) fn get_member(world: &World, body: &Value) -> Answer {
    let chat = open_chat(world, body)?;
    let id = body["user_id"].as_i64().unwrap_or_default();
    if chat.kind == Kind::Channel && !chat.bot().is_administrator() {
        return Err(Refusal::bad("member list is inaccessible"));
    }
    let Some(user) = world.people.get(&id) else {
        return Err(match chat.kind {
            Kind::Private | Kind::Group => Refusal::bad("user not found"),
            _ => Refusal::bad("PARTICIPANT_ID_INVALID"),
        });
    };
    let status = match chat.kind {
        Kind::Private if id != chat.id && id != BOT => return Err(Refusal::bad("user not found")),
        Kind::Private => Status::Member,
        _ => chat.status(id),
    };
    Ok(json::member(user, status, chat.kind))
}

pub(super) fn get_administrators(world: &World, body: &Value) -> Answer {
    let chat = open_chat(world, body)?;
    if chat.kind == Kind::Private {
        return Err(Refusal::bad(
            "there are no administrators in the private chat",
        ));
    }
    if chat.kind == Kind::Channel && !chat.bot().is_administrator() {
        return Err(Refusal::bad("member list is inaccessible"));
    }
    let bots_too = body["return_bots"] == true;
    let administrators = chat
        .members
        .iter()
        .filter(|(_, status)| status.is_administrator());
    let users = administrators.map(|(id, status)| (world.user(*id), *status));
    Ok(users
        .filter(|(user, _)| bots_too || !user.is_bot)
        .map(|(user, status)| json::member(user, status, chat.kind))
        .collect())
}

pub(super) fn get_member_count(world: &World, body: &Value) -> Answer {
    let chat = open_chat(world, body)?;
    let members = chat
        .members
        .values()
        .filter(|status| status.is_in())
        .count();
    Ok(json!(if chat.kind == Kind::Private {
        2
    } else {
        members
    }))
}

/// The key of a command menu: its scope as text, and its language.
fn menu_key(world: &World, body: &Value) -> Result<(String, String), Refusal> {
    let language = body["language_code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let Some(scope) = body.get("scope") else {
        return Ok(("default".to_owned(), language));
    };
    let mut key = scope["type"].as_str().unwrap_or_default().to_owned();
    if scope.get("chat_id").is_some() {
        key.push_str(&format!(" {}", reachable(world, scope)?.id));
    }
    if let Some(user) = scope["user_id"].as_i64() {
        key.push_str(&format!(" {user}"));
    }
    Ok((key, language))
}

pub(super) fn set_commands(world: &mut World, body: &Value) -> Answer {
    let key = menu_key(world, body)?;
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let commands = body["commands"].as_array().into_iter().flatten();
    let commands: Vec<_> = commands
        .map(|command| (word(&command["command"]), word(&command["description"])))
        .collect();
    let is_ephemeral = |command: &&Value| command["is_ephemeral"] == true;
    let ephemeral = body["commands"].as_array().into_iter().flatten();
    let ephemeral = ephemeral.filter(is_ephemeral);
    let ephemeral = ephemeral.map(|command| word(&command["command"]));
    let ephemeral = if world.is_older {
        Vec::new()
    } else {
        ephemeral.collect()
    };
    world.menus.ephemeral.insert(key.clone(), ephemeral);
    world.menus.set_calls += 1;
    if commands.is_empty() {
        world.menus.by_scope.remove(&key);
    } else {
        world.menus.by_scope.insert(key, commands);
    }
    Ok(true.into())
}

pub(super) fn get_commands(world: &World, body: &Value) -> Answer {
    let key = menu_key(world, body)?;
    let commands = world.menus.by_scope.get(&key).into_iter().flatten();
    let ephemeral = world.menus.ephemeral.get(&key);
    let shown = |(command, description): &(String, String)| {
        let mut shown = json!({ "command": command, "description": description });
        if ephemeral.is_some_and(|names| names.contains(command)) {
            shown["is_ephemeral"] = json!(true);
        }
        shown
    };
    Ok(commands.map(shown).collect())
}

pub(super) fn delete_commands(world: &mut World, body: &Value) -> Answer {
    let key = menu_key(world, body)?;
    world.menus.delete_calls += 1;
    world.menus.ephemeral.remove(&key);
    world.menus.by_scope.remove(&key);
    Ok(true.into())
}

pub(super) fn answer_callback(world: &mut World, body: &Value) -> Answer {
    let id = body["callback_query_id"].as_str().unwrap_or_default();
    let refusal =
        Refusal::bad("query is too old and response timeout expired or query ID is invalid");
    let Some(callback) = world.callbacks.get_mut(id) else {
        return Err(refusal.because(format!("the callback query \"{id}\" was never asked")));
    };
    if callback.expired || callback.answer.is_some() {
        return Err(refusal);
    }
    callback.answer = Some(CallbackAnswer {
        text: body["text"].as_str().unwrap_or_default().to_owned(),
        show_alert: body["show_alert"] == true,
        opens: body["url"].as_str().map(str::to_owned),
    });
    Ok(true.into())
}
