//! Why a shard doesn't get through: Discord says it with the code with which it closes a connection, and serenity
//! keeps some of those to itself.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use serenity::model::gateway::GatewayIntents;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::identity::TOKEN;

/// How long Discord may take to close a connection that it doesn't want.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is said where the gateway refuses the token.
pub(super) fn token_refused() -> String {
    format!(
        "Discord's gateway refuses the bot's token. Set {TOKEN} to the token that the developer portal shows"
    )
}

/// What is said where it refuses the intents.
pub(super) fn intents_refused() -> String {
    "Discord's gateway refuses the bot's intents, though it asks for nothing but GUILDS. Look at the bot's page in the \
     developer portal"
        .to_owned()
}

/// Why Discord closes a shard's connection.
pub(super) enum Closed {
    /// For good, until the operator changes something.
    Final(String),
    /// The account isn't wanted at the moment.
    Unwanted(String),
}

/// Introduces a shard by hand. The reason, if Discord refuses it; `None` if it doesn't, or can't be reached.
pub(super) async fn reason(url: &str, token: &str, shard: [u32; 2]) -> Option<Closed> {
    let code = timeout(PATIENCE, close_code(url, token, shard))
        .await
        .ok()??;
    let [number, total] = shard;
    // https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
    match code {
        4004 => Some(Closed::Final(token_refused())),
        4010 => Some(Closed::Final(format!(
            "Discord refuses shard {number} of {total}: there is no such shard (code 4010). Look at [discord] shards"
        ))),
        4011 => Some(Closed::Final(format!(
            "Discord refuses shard {number} of {total}: the bot is in too many servers for so few (code 4011). Set \
             [discord] shards to \"auto\", or to a range of more shards"
        ))),
        4013 | 4014 => Some(Closed::Unwanted(intents_refused())),
        _ => None,
    }
}

async fn close_code(url: &str, token: &str, shard: [u32; 2]) -> Option<u16> {
    let address = format!("{}/?v=10", url.trim_end_matches('/'));
    let (mut socket, _) = connect_async(address).await.ok()?;
    let introduction = json!({
        "op": 2,
        "d": {
            "token": token,
            "intents": GatewayIntents::GUILDS.bits(),
            "shard": shard,
            "properties": { "os": "any", "browser": "tidings", "device": "tidings" },
        },
    });
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) => {
                let heard: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
                match heard["op"].as_u64() {
                    Some(10) => socket
                        .send(Message::Text(introduction.to_string()))
                        .await
                        .ok()?,
                    // It is welcome, or to come again later.
                    Some(0 | 9) => break,
                    _ => {}
                }
            }
            Message::Close(frame) => return Some(frame?.code.into()),
            _ => {}
        }
    }
    // Nobody waits for the answer to a goodbye.
    let _ = socket.close(None).await;
    None
}
