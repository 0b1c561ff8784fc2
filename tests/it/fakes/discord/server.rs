//! A request's way through the server: recorded, hindered, counted, carried out, answered.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::faults::{Effect, strike};
use super::rest::{Answer, carry_out, is_of_interaction, route};
use super::world::Request;
use super::{Shared, World, openapi};
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
        let half = shared.with(|world| {
            let (least, most, dice) = world.latency.as_mut()?;
            Some(dice.between(*least, *most) / 2)
        });
        pause(half.unwrap_or_default()).await;
        let fate = answer(shared, &incoming).await;
        pause(half.unwrap_or_default()).await;
        match fate {
            Fate::Answer(status, headers, body) => {
                let keep_alive = incoming.keep_alive;
                connection
                    .write(status, &headers, body.as_bytes(), false, keep_alive)
                    .await?;
            }
            Fate::Reset => {
                connection.reset();
                return Ok(());
            }
            Fate::Close => return Ok(()),
        }
        if !incoming.keep_alive {
            return Ok(());
        }
    }
    Ok(())
}

type Headers = Vec<(&'static str, String)>;

enum Fate {
    Answer(u16, Headers, String),
    Reset,
    Close,
}

async fn answer(shared: &Arc<Shared>, incoming: &Incoming) -> Fate {
    let Some(path) = incoming.path.strip_prefix("/api/v10/") else {
        shared
            .with(|world| world.violation(format!("{}: not version 10 of the API", incoming.path)));
        return refused(404, 0, "404: Not Found", Vec::new());
    };
    // What is asked for besides changes nothing of what is answered here.
    let path = path.split('?').next().unwrap_or(path);
    let body = if incoming.body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&incoming.body).unwrap_or(Value::Null)
    };
    let route = route(&incoming.verb, path);
    let at = now();
    let (number, struck) = shared.with(|world| {
        check_headers(world, incoming, &route, &body);
        if !world.forgets
            && let Some(wrong) = openapi::wrong(&incoming.verb, path, &body)
        {
            world.violation(format!("{route}: {wrong}"));
        }
        let number = world.requests.len();
        if !world.forgets {
            world.requests.push(Request {
                route: route.clone(),
                path: path.to_owned(),
                body: body.clone(),
                at,
                status: None,
            });
        }
        (number, strike(&mut world.rules, &route, path, &body))
    });
    match &struck {
        Some(Effect::Answer(status, headers, body)) => {
            settle(shared, number, *status);
            return Fate::Answer(*status, headers.clone(), body.clone());
        }
        Some(Effect::Reset) => return Fate::Reset,
        _ => {}
    }
    let authorized = incoming.header("authorization") == format!("Bot {}", shared.token);
    let (answered, headers) = shared.with(|world| {
        if !is_of_interaction(path) && (world.revoked || !authorized) {
            return (Answer::refused((401, 0, "401: Unauthorized")), Vec::new());
        }
        let told = if is_of_interaction(path) {
            None
        } else {
            Some(world.limits.count(&format!("{route} {}", major(path)), at))
        };
        let headers = told
            .as_ref()
            .map(|told| told.headers.clone())
            .unwrap_or_default();
        if let Some((global, wait)) = told.and_then(|told| told.refused) {
            let body = json!({
                "message": "You are being rate limited.", "retry_after": wait, "global": global,
            });
            return (Answer { status: 429, body }, headers);
        }
        let address = shared.gateway;
        (
            carry_out(world, &incoming.verb, path, &body, address),
            headers,
        )
    });
    settle(shared, number, answered.status);
    match struck {
        Some(Effect::AnswerLost) => return Fate::Close,
        Some(Effect::Slow(delay)) => pause(delay).await,
        _ => {}
    }
    let text = if answered.body.is_null() {
        String::new()
    } else {
        answered.body.to_string()
    };
    Fate::Answer(answered.status, headers, text)
}

/// The channel or server that a limit belongs to.
fn major(path: &str) -> &str {
    let mut parts = path.split('/');
    match parts.next() {
        Some("channels" | "guilds" | "webhooks") => parts.next().unwrap_or_default(),
        _ => "",
    }
}

fn settle(shared: &Shared, number: usize, status: u16) {
    shared.with(|world| {
        if let Some(request) = world.requests.get_mut(number) {
            request.status = Some(status);
        }
    });
}

fn refused(status: u16, code: u32, message: &str, headers: Headers) -> Fate {
    let body = json!({ "code": code, "message": message });
    Fate::Answer(status, headers, body.to_string())
}

fn check_headers(world: &mut World, incoming: &Incoming, route: &str, body: &Value) {
    let agent = incoming.header("user-agent");
    if !agent.starts_with("DiscordBot (") {
        world.violation(format!("{route}: the user agent is {agent:?}"));
    }
    let has_body = !incoming.body.is_empty();
    if has_body
        && !incoming
            .header("content-type")
            .starts_with("application/json")
    {
        world.violation(format!("{route}: a body that isn't called JSON"));
    }
    if has_body && body.is_null() {
        world.violation(format!("{route}: a body that isn't JSON"));
    }
}
