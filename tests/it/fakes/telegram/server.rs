//! A request's way through the server: recorded, hindered, checked, carried out, answered.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::answers::{Answer, Refusal, render};
use super::body::parameters;
use super::faults::{Control, Effect, strike};
use super::ledger::Request;
use super::params::{self, Method};
use super::world::World;
use super::{Shared, asking, ephemeral, polling, sending};
use crate::fakes::clock::{now, pause};
use crate::fakes::http::{Connection, Incoming};

/// Takes connections until it is dropped, and drops them with it.
pub(super) async fn listen(shared: Arc<Shared>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(Arc::clone(&shared), stream));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(shared: Arc<Shared>, stream: TcpStream) {
    // A client that breaks off in the middle of a request is none of our business.
    let _ = talk(&shared, stream).await;
}

async fn talk(shared: &Arc<Shared>, stream: TcpStream) -> io::Result<()> {
    let mut connection = Connection::new(stream)?;
    while let Some(incoming) = connection.read().await? {
        let keep_alive = incoming.keep_alive;
        let polls = incoming.path.to_ascii_lowercase().ends_with("/getupdates");
        let fate = if polls {
            // A poll whose client has gone must not take updates or fight with the next one.
            tokio::select! {
                fate = answer(shared, incoming) => fate,
                () = connection.hung_up() => return Ok(()),
            }
        } else {
            answer(shared, incoming).await
        };
        match fate {
            Fate::Answer(status, body) => {
                connection
                    .write(status, &[], &body, false, keep_alive)
                    .await?
            }
            Fate::Cut(status, body) => {
                return connection.write(status, &[], &body, true, false).await;
            }
            Fate::Reset => {
                connection.reset();
                return Ok(());
            }
            Fate::Close => return Ok(()),
        }
        if !keep_alive {
            return Ok(());
        }
    }
    Ok(())
}

enum Fate {
    Answer(u16, Vec<u8>),
    Cut(u16, Vec<u8>),
    Reset,
    Close,
}

fn refuse(refusal: Refusal) -> Fate {
    let (status, body) = render(&Err(refusal));
    Fate::Answer(status, body)
}

async fn answer(shared: &Arc<Shared>, incoming: Incoming) -> Fate {
    let named = incoming
        .path
        .strip_prefix("/bot")
        .and_then(|rest| rest.split_once('/'));
    let Some((token, name)) = named else {
        let Incoming { verb, path, .. } = incoming;
        // The port may have been another test's Discord a moment ago, whose bot hasn't noticed yet.
        if !path.starts_with("/api/v10/") {
            shared.with(|world| {
                world
                    .violations
                    .push(format!("{verb} {path}: not a method of the Bot API"))
            });
        }
        return refuse(Refusal::new(404, "Not Found"));
    };
    if token != shared.token {
        shared.with(|world| *world.counts.entry("wrong token".to_owned()).or_default() += 1);
        return refuse(Refusal::new(401, "Unauthorized"));
    }
    let method = params::method(name);
    let (Some(method), "GET" | "POST") = (method, incoming.verb.as_str()) else {
        let what = format!("{} {name}: there is no such method", incoming.verb);
        shared.with(|world| world.violations.push(what));
        return refuse(Refusal::new(404, "Not Found"));
    };
    let trip =
        shared.with_quietly(|world| world.latency.as_mut().map(super::faults::Latency::draw));
    let half = trip.unwrap_or_default() / 2;
    pause(half).await;
    let fate = carry_out(shared, method, &incoming).await;
    pause(half).await;
    fate
}

/// Notes the request, asks the faults about it, and does what it asks.
async fn carry_out(shared: &Arc<Shared>, method: &Method, incoming: &Incoming) -> Fate {
    let (body, unreadable) = match parameters(incoming, method) {
        Ok(body) => (body, None),
        Err(why) => (Value::Null, Some(why)),
    };
    let at = now();
    let (number, struck) = shared.with(|world| {
        let chat = world.resolve(&body["chat_id"]);
        let number = note(world, method.0, &body, at, chat);
        (number, strike(&mut world.rules, method.0, chat, &body))
    });
    let (effect, control) = match struck {
        Some((effect, control)) => (Some(effect), Some(control)),
        None => (None, None),
    };
    match effect.clone() {
        Some(Effect::Answer(code, description, parameters)) => {
            let mut refusal = Refusal::new(code, &description);
            refusal.parameters = parameters;
            settle(shared, number, code);
            return refuse(refusal);
        }
        Some(Effect::Body(code, page)) => {
            settle(shared, number, code);
            return Fate::Answer(code, page.into_bytes());
        }
        Some(Effect::Reset) => return Fate::Reset,
        Some(Effect::SlowBefore(delay)) => pause(delay).await,
        Some(Effect::HoldBefore) => hold(shared, control.as_deref()).await,
        _ => {}
    }
    let answer = match unreadable {
        Some(why) => Err(Refusal::bad("can't parse the request").because(why)),
        None => process(shared, method, &body).await,
    };
    let (status, rendered) = render(&answer);
    shared.with(|world| {
        let violation = answer.err().and_then(|refusal| refusal.violation);
        if let Some(why) = violation {
            world.violations.push(format!("{} {body}: {why}", method.0));
        }
        if let Some(request) = number.and_then(|n| world.requests.get_mut(n)) {
            request.status = Some(status);
        }
    });
    match effect {
        Some(Effect::SlowAfter(delay)) => pause(delay).await,
        Some(Effect::HoldAfter) => hold(shared, control.as_deref()).await,
        Some(Effect::AnswerLost) => return Fate::Close,
        Some(Effect::Truncated) => return Fate::Cut(status, rendered),
        _ => {}
    }
    Fate::Answer(status, rendered)
}

async fn hold(shared: &Arc<Shared>, control: Option<&Control>) {
    if let Some(control) = control {
        control.gate(|| shared.touch()).await;
    }
}

fn note(
    world: &mut World,
    method: &str,
    body: &Value,
    at: Instant,
    chat: Option<i64>,
) -> Option<usize> {
    match world.counts.get_mut(method) {
        Some(count) => *count += 1,
        None => {
            world.counts.insert(method.to_owned(), 1);
        }
    }
    if world.forget_requests {
        return None;
    }
    world.requests.push(Request {
        method: method.to_owned(),
        body: body.clone(),
        at,
        chat,
        status: None,
    });
    Some(world.requests.len() - 1)
}

fn settle(shared: &Shared, number: Option<usize>, status: u16) {
    shared.with(|world| {
        if let Some(request) = number.and_then(|n| world.requests.get_mut(n)) {
            request.status = Some(status);
        }
    });
}

async fn process(shared: &Arc<Shared>, method: &Method, body: &Value) -> Answer {
    let faults = method.faults(body);
    if let Some(first) = faults.first() {
        let all = faults.join("; ");
        return Err(Refusal::bad(&as_told(first)).because(all));
    }
    if method.0 == "getUpdates" {
        return polling::get_updates(shared, body).await;
    }
    shared.with(|world| dispatch(world, method.0, body))
}

/// The real server has its own words for the commonest mistakes.
fn as_told(fault: &str) -> String {
    match fault {
        "parameter \"chat_id\" is required" => "chat_id is empty".to_owned(),
        "parameter \"text\" is required" => "message text is empty".to_owned(),
        _ => match fault.strip_prefix("parameter \"callback_query_id\"") {
            Some(_) => {
                "query is too old and response timeout expired or query ID is invalid".to_owned()
            }
            None => fault.to_owned(),
        },
    }
}

fn dispatch(world: &mut World, method: &str, body: &Value) -> Answer {
    let is_message = matches!(
        method,
        "sendMessage" | "editMessageText" | "editEphemeralMessageText"
    );
    if is_message
        && let Some(chat) = world.resolve(&body["chat_id"])
        && let Err(seconds) = world.limits.admit(chat, now())
    {
        let refusal = Refusal::new(429, &format!("Too Many Requests: retry after {seconds}"));
        return Err(refusal.with(serde_json::json!({ "retry_after": seconds })));
    }
    if world.is_older && method.contains("Ephemeral") {
        return Err(Refusal::new(404, "Not Found"));
    }
    match method {
        "editEphemeralMessageText" => ephemeral::edit_text(world, body),
        "editEphemeralMessageReplyMarkup" => ephemeral::edit_markup(world, body),
        "deleteEphemeralMessage" => ephemeral::delete(world, body),
        "getMe" => asking::get_me(world),
        "setWebhook" => polling::set_webhook(world, body),
        "deleteWebhook" => polling::delete_webhook(world, body),
        "getWebhookInfo" => polling::webhook_info(world),
        "sendMessage" => sending::send(world, body),
        "editMessageText" => sending::edit_text(world, body),
        "editMessageReplyMarkup" => sending::edit_markup(world, body),
        "deleteMessage" => sending::delete(world, body),
        "sendChatAction" => sending::action(world, body),
        "leaveChat" => sending::leave(world, body),
        "answerCallbackQuery" => asking::answer_callback(world, body),
        "setMyCommands" => asking::set_commands(world, body),
        "getMyCommands" => asking::get_commands(world, body),
        "deleteMyCommands" => asking::delete_commands(world, body),
        "getChat" => asking::get_chat(world, body),
        "getChatMember" => asking::get_member(world, body),
        "getChatAdministrators" => asking::get_administrators(world, body),
        "getChatMemberCount" => asking::get_member_count(world, body),
        _ => Err(Refusal::new(404, "Not Found")),
    }
}
