//! Interactions, from the moment at which somebody does something to the bot's last word about it.

use std::time::Instant;

use serde_json::{Value, json};

use super::body::{self, Purpose};
use super::rest::Answer;
use super::world::{Message, World};
use crate::fakes::clock::now;

const UNKNOWN: (u16, u32, &str) = (404, 10_062, "Unknown interaction");
const ACKNOWLEDGED: (u16, u32, &str) = (400, 40_060, "Interaction has already been acknowledged.");
const UNKNOWN_WEBHOOK: (u16, u32, &str) = (404, 10_015, "Unknown Webhook");

#[derive(Debug, Clone)]
pub(crate) struct Interaction {
    pub(crate) token: String,
    pub(crate) user: u64,
    pub(crate) channel: u64,
    pub(crate) at: Instant,
    pub(crate) state: State,
    /// What was said in answer, the first message first.
    pub(crate) messages: Vec<Message>,
    pub(crate) choices: Option<Value>,
    pub(crate) form: Option<Value>,
    /// The message whose component was used.
    pub(crate) of_message: Option<u64>,
    /// Who alone sees that message.
    pub(crate) of_only: Option<u64>,
    /// Whether the answer took that message's place.
    pub(crate) in_place: bool,
    pub(crate) private: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    /// Acknowledged; the answer comes later.
    Deferred,
    Answered,
}

/// `POST interactions/ID/TOKEN/callback`
pub(super) fn callback(world: &mut World, id: u64, token: &str, body: &Value) -> Answer {
    let at = now();
    let patience = world.acknowledge;
    let Some(interaction) = world.interactions.get(&id).filter(|i| i.token == token) else {
        world.violation(format!("an answer to an interaction {id} that there isn't"));
        return Answer::refused(UNKNOWN);
    };
    if interaction.state != State::Open {
        return Answer::refused(ACKNOWLEDGED);
    }
    if at.duration_since(interaction.at) > patience {
        return Answer::refused(UNKNOWN);
    }
    let data = &body["data"];
    let kind = body["type"].as_u64().unwrap_or(0);
    let has_message = interaction.of_message.is_some();
    let wrong = match kind {
        4 => body::message(data, Purpose::Answer),
        7 if has_message => body::message(data, Purpose::Edit),
        6 if has_message => Vec::new(),
        5 => Vec::new(),
        8 => body::choices(data),
        9 => body::form(data),
        _ => vec![format!("a callback of type {kind}")],
    };
    if !wrong.is_empty() {
        return Answer::malformed(world, "an interaction's callback", &wrong);
    }
    let number = world.id();
    let message = |only| Message {
        id: number,
        body: data.clone(),
        first: data.clone(),
        published: false,
        edits: 0,
        only,
        at,
    };
    let private = data["flags"].as_u64().unwrap_or(0) & 64 != 0;
    let interaction = world.interactions.get_mut(&id).expect("it was just there");
    let only = private.then_some(interaction.user);
    interaction.private = private;
    interaction.state = State::Answered;
    match kind {
        4 => interaction.messages.push(message(only)),
        5 => interaction.state = State::Deferred,
        6 => {
            interaction.state = State::Deferred;
            interaction.in_place = true;
        }
        7 => {
            interaction.in_place = true;
            let shown = Message {
                id: interaction.of_message.unwrap_or(number),
                ..message(interaction.of_only)
            };
            interaction.messages.push(shown);
        }
        8 => interaction.choices = Some(data["choices"].clone()),
        _ => interaction.form = Some(data.clone()),
    }
    if kind == 4 && !private {
        let (channel, shown) = (interaction.channel, interaction.messages[0].clone());
        world.channel(channel).messages.push(shown);
    }
    Answer::none()
}

/// What follows an acknowledgement, with its token.
pub(super) fn webhook(
    world: &mut World,
    verb: &str,
    token: &str,
    rest: &str,
    body: &Value,
) -> Answer {
    let found = world.interactions.iter().find(|(_, i)| i.token == token);
    let Some((&id, interaction)) = found else {
        world.violation(format!("a webhook {token} that there isn't"));
        return Answer::refused(UNKNOWN_WEBHOOK);
    };
    if interaction.state == State::Open {
        return Answer::refused(UNKNOWN_WEBHOOK);
    }
    let is_edit = verb == "PATCH" && rest == "/messages/@original";
    let is_more = verb == "POST" && rest.is_empty();
    if !is_edit && !is_more {
        world.violation(format!("{verb} of a webhook's {rest}"));
        return Answer::refused(UNKNOWN_WEBHOOK);
    }
    let purpose = if is_edit {
        Purpose::Edit
    } else {
        Purpose::Answer
    };
    let wrong = body::message(body, purpose);
    if !wrong.is_empty() {
        return Answer::malformed(world, "an answer", &wrong);
    }
    let number = world.id();
    let interaction = world.interactions.get_mut(&id).expect("it was just there");
    let private = if is_edit {
        interaction.private
    } else {
        body["flags"].as_u64().unwrap_or(0) & 64 != 0
    };
    let message = Message {
        id: number,
        body: body.clone(),
        first: body.clone(),
        published: false,
        edits: 0,
        only: if is_edit && interaction.in_place {
            interaction.of_only
        } else {
            private.then_some(interaction.user)
        },
        at: now(),
    };
    interaction.state = State::Answered;
    if is_edit && !interaction.messages.is_empty() {
        interaction.messages[0] = message.clone();
    } else {
        interaction.messages.push(message.clone());
    }
    let channel = interaction.channel;
    if !private && !interaction.in_place {
        world.channel(channel).messages.push(message);
    }
    Answer::ok(json!({ "id": number.to_string(), "channel_id": channel.to_string() }))
}
