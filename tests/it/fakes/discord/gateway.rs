//! The gateway (<https://docs.discord.com/developers/events/gateway>): introductions, heartbeats, events, and connections
//! that are taken up again.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast::Receiver;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::world::{BOT, World};
use super::{FakeDiscord, Shared, shapes};
use crate::fakes::clock::now;

/// What happens to connections of the gateway.
#[derive(Debug, Clone)]
pub(crate) enum Sign {
    /// Something happened in a server, or elsewhere; with its number.
    Event(Option<u64>, u64),
    /// Every connection is closed with this code.
    Close(u16),
    /// Every connection is told to come back.
    Reconnect,
    /// Every session is over; `true` if it may be resumed.
    Invalid(bool),
    /// Every connection is dropped without a word.
    Drop,
}

/// Between two introductions of a bot that may make one at a time
/// (<https://docs.discord.com/developers/events/gateway#sharding-max-concurrency>: five seconds), without what the network took more of
/// the first.
const BETWEEN_INTRODUCTIONS: Duration = Duration::from_millis(4_900);

/// The intent of servers, channels and roles; the bot needs no other.
const GUILDS: u64 = 1;

pub(super) async fn listen(shared: Arc<Shared>, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(Arc::clone(&shared), stream));
    }
}

async fn serve(shared: Arc<Shared>, stream: TcpStream) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else {
        return;
    };
    let mut signs = shared.signs.subscribe();
    let heartbeat = shared.look(|world| world.heartbeat);
    let hello = json!({ "op": 10, "d": { "heartbeat_interval": heartbeat }, "s": null, "t": null });
    if say(&mut socket, &hello).await.is_none() {
        return;
    }
    let mut shard: Option<[u64; 2]> = None;
    loop {
        let done = tokio::select! {
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    let heard = serde_json::from_str(&text).unwrap_or(Value::Null);
                    hear(&shared, &mut socket, &heard, &mut shard).await
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => None,
                Some(Ok(_)) => Some(()),
            },
            sign = signs.recv() => match sign {
                Ok(sign) => obey(&shared, &mut socket, sign, shard).await,
                Err(_) => None,
            },
        };
        if done.is_none() {
            break;
        }
    }
    if let Some(shard) = shard {
        shared.with(|world| {
            world.connected -= 1;
            let at = world.divided.iter().position(|other| *other == shard);
            at.map(|at| world.divided.swap_remove(at));
        });
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn say(socket: &mut Socket, what: &Value) -> Option<()> {
    socket.send(Message::Text(what.to_string())).await.ok()
}

async fn close(socket: &mut Socket, code: u16) -> Option<()> {
    let frame = CloseFrame {
        code: CloseCode::from(code),
        reason: "".into(),
    };
    // Whether it arrives or not, this connection is over.
    let _ = socket.close(Some(frame)).await;
    None
}

async fn hear(
    shared: &Arc<Shared>,
    socket: &mut Socket,
    heard: &Value,
    shard: &mut Option<[u64; 2]>,
) -> Option<()> {
    let data = &heard["d"];
    match heard["op"].as_u64() {
        Some(1) => {
            if shared.look(|world| world.heartless) {
                return Some(());
            }
            say(
                socket,
                &json!({ "op": 11, "d": null, "s": null, "t": null }),
            )
            .await
        }
        Some(2) => {
            let own = [0, 1].map(|at| data["shard"][at].as_u64().unwrap_or(0));
            let refused = shared.with(|world| introduced(world, data, own, &shared.token));
            if let Some(code) = refused {
                return close(socket, code).await;
            }
            *shard = Some(own);
            let (ready, guilds) = shared.with(|world| ready(world, shared, own));
            say(socket, &ready).await?;
            for guild in guilds {
                say(socket, &guild).await?;
            }
            shared.with(|world| {
                world.connected += 1;
                world.divided.push(own);
            });
            Some(())
        }
        Some(6) => {
            let seq = data["seq"].as_u64().unwrap_or(0);
            let own = data["session_id"].as_str().and_then(|id| {
                let (id, total) = id.strip_prefix("session-")?.split_once('-')?;
                Some([id.parse().ok()?, total.parse().ok()?])
            });
            let Some(own) = own else {
                let invalid = json!({ "op": 9, "d": false, "s": null, "t": null });
                return say(socket, &invalid).await;
            };
            *shard = Some(own);
            let missed = shared.with(|world| {
                world.resumed += 1;
                world.connected += 1;
                world.divided.push(own);
                let missed = world.events.iter().filter(|(number, ..)| *number > seq);
                missed
                    .map(|(number, name, data)| event(*number, name, data))
                    .collect::<Vec<_>>()
            });
            for missed in missed {
                say(socket, &missed).await?;
            }
            let last = shared.look(|world| world.events.len() as u64);
            say(socket, &event(last, "RESUMED", &json!({}))).await
        }
        _ => Some(()),
    }
}

/// Notes an introduction; the close code with which it is refused, if it is.
fn introduced(world: &mut World, data: &Value, shard: [u64; 2], token: &str) -> Option<u16> {
    let shown = data["token"].as_str().unwrap_or_default();
    if world.revoked || shown.trim_start_matches("Bot ") != token {
        return Some(4004);
    }
    if data["intents"] != GUILDS {
        world.violation(format!(
            "intents {}, where {GUILDS} is enough",
            data["intents"]
        ));
    }
    world.identified.push(shard);
    if world.is_strict_with_shards {
        let bucket = shard[0] % world.max_concurrency;
        let since = world.introduced_at.insert(bucket, now());
        let since = since.map(|at| at.elapsed());
        if let Some(since) = since.filter(|since| *since < BETWEEN_INTRODUCTIONS) {
            world.violation(format!(
                "shard {shard:?} introduces itself {since:?} after another"
            ));
        }
        let divided = world.divided.clone();
        for other in divided {
            if other[1] != shard[1] || other == shard {
                world.violation(format!(
                    "shard {shard:?} introduces itself beside {other:?}"
                ));
            }
        }
    }
    world.closes_with
}

fn ready(world: &mut World, shared: &Shared, own: [u64; 2]) -> (Value, Vec<Value>) {
    let here = |guild: u64| (guild >> 22) % own[1].max(1) == own[0];
    let guilds: Vec<u64> = world
        .guilds
        .iter()
        .filter(|(id, guild)| guild.bot && here(**id))
        .map(|(id, _)| *id)
        .collect();
    let unavailable = |id: &u64| json!({ "id": id.to_string(), "unavailable": true });
    let gateway = shared.gateway;
    let data = json!({
        "v": 10, "user": shapes::bot(), "session_id": format!("session-{}-{}", own[0], own[1]),
        "guilds": guilds.iter().map(unavailable).collect::<Vec<_>>(),
        "resume_gateway_url": format!("ws://{gateway}"), "shard": own,
        "application": { "id": BOT.to_string(), "flags": 0 },
    });
    let last = world.events.len() as u64;
    let about = guilds
        .iter()
        .map(|id| event(last, "GUILD_CREATE", &shapes::guild(world, *id)));
    (event(last, "READY", &data), about.collect())
}

fn event(number: u64, name: &str, data: &Value) -> Value {
    json!({ "op": 0, "s": number, "t": name, "d": data })
}

async fn obey(
    shared: &Arc<Shared>,
    socket: &mut Socket,
    sign: Sign,
    shard: Option<[u64; 2]>,
) -> Option<()> {
    match sign {
        Sign::Event(guild, number) => {
            let Some([own, total]) = shard else {
                return Some(());
            };
            // What happens in no server comes to the first shard.
            if guild.map_or(0, |guild| (guild >> 22) % total.max(1)) != own {
                return Some(());
            }
            let told = shared.look(|world| {
                let at = usize::try_from(number).ok()?.checked_sub(1)?;
                let (number, name, data) = world.events.get(at)?;
                Some(event(*number, name, data))
            });
            say(socket, &told?).await
        }
        Sign::Close(code) => close(socket, code).await,
        Sign::Reconnect => say(socket, &json!({ "op": 7, "d": null, "s": null, "t": null })).await,
        Sign::Invalid(resumable) => {
            say(
                socket,
                &json!({ "op": 9, "d": resumable, "s": null, "t": null }),
            )
            .await
        }
        Sign::Drop => None,
    }
}

impl FakeDiscord {
    /// Lets something happen to every connection.
    pub(crate) fn sign(&self, sign: Sign) {
        // Nobody may be connected.
        let _ = self.shared.signs.send(sign);
    }

    /// Tells an event to the shard of its server.
    pub(crate) fn emit(&self, guild: Option<u64>, name: &str, data: Value) {
        let number = self.with(|world| {
            let number = world.events.len() as u64 + 1;
            world.events.push((number, name.to_owned(), data));
            number
        });
        self.sign(Sign::Event(guild, number));
    }

    pub(super) fn emit_guild(&self, guild: u64) {
        let about = self.look(|world| shapes::guild(world, guild));
        self.emit(Some(guild), "GUILD_CREATE", about);
    }

    /// The bot is thrown out of a server.
    pub(crate) fn kick(&self, guild: u64) {
        self.with(|world| world.guilds.get_mut(&guild).expect("a server").bot = false);
        self.emit(
            Some(guild),
            "GUILD_DELETE",
            json!({ "id": guild.to_string() }),
        );
    }

    /// The bot is added again.
    pub(crate) fn add_again(&self, guild: u64) {
        self.with(|world| world.guilds.get_mut(&guild).expect("a server").bot = true);
        self.emit_guild(guild);
    }

    /// Somebody deletes all messages of a channel.
    pub(crate) fn delete_messages(&self, channel: u64) {
        self.with(|world| world.channel(channel).messages.clear());
    }

    /// A channel or thread is deleted.
    pub(crate) fn delete_channel(&self, channel: u64) {
        let (about, guild, thread) = self.with(|world| {
            let shape = shapes::channel(world, channel);
            let about = world.channels.remove(&channel).expect("a channel");
            (shape, about.guild, about.kind == super::world::THREAD)
        });
        let name = if thread {
            "THREAD_DELETE"
        } else {
            "CHANNEL_DELETE"
        };
        self.emit(guild, name, about);
    }
}
