//! Carries updates to the bot's webhook, one after the other, each until the bot takes it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use super::Shared;
use crate::fakes::clock::{pause, unix_now};

const PAUSE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hook {
    pub(crate) url: String,
    pub(crate) secret: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Webhook {
    pub(crate) hook: Option<Hook>,
    pub(crate) set_calls: usize,
    /// When and why a delivery failed last.
    pub(crate) last_error: Option<(i64, String)>,
    /// Updates the bot has taken, and attempts in all.
    pub(crate) delivered: usize,
    pub(crate) attempts: usize,
    pub(super) allow_http: bool,
    /// Where to connect instead of where the address says.
    pub(super) instead: Option<SocketAddr>,
}

impl Default for Webhook {
    fn default() -> Self {
        Self {
            hook: None,
            set_calls: 0,
            last_error: None,
            delivered: 0,
            attempts: 0,
            allow_http: true,
            instead: None,
        }
    }
}

/// Runs as long as the server.
pub(super) async fn deliver(shared: Arc<Shared>) {
    let mut arrived = shared.arrived.subscribe();
    loop {
        arrived.mark_unchanged();
        let next = shared.with(|world| {
            let hook = world.webhook.hook.clone()?;
            world.updates.keep_allowed();
            let update = world.updates.pending.front()?;
            Some((
                hook,
                world.webhook.instead,
                update.id,
                update.body.to_string(),
            ))
        });
        let Some((hook, instead, id, body)) = next else {
            if arrived.changed().await.is_err() {
                return;
            }
            continue;
        };
        let sent = timeout(PATIENCE, post(&hook, instead, &body)).await;
        let failure = match sent {
            Ok(Ok(status)) if (200..300).contains(&status) => None,
            Ok(Ok(status)) => Some(format!("Wrong response from the webhook: {status}")),
            Ok(Err(why)) => Some(why),
            Err(_) => Some("Connection timed out".to_owned()),
        };
        let failed = failure.is_some();
        shared.with(|world| {
            world.webhook.attempts += 1;
            *world.updates.given.entry(id).or_default() += 1;
            match failure {
                Some(why) => world.webhook.last_error = Some((unix_now(), why)),
                None => {
                    world.webhook.delivered += 1;
                    world.updates.confirm(id + 1);
                }
            }
        });
        if failed {
            pause(PAUSE).await;
        }
    }
}

/// One POST over a connection of its own; the answer's status.
async fn post(hook: &Hook, instead: Option<SocketAddr>, body: &str) -> Result<u16, String> {
    let url = Url::parse(&hook.url).map_err(|e| e.to_string())?;
    let host = url.host_str().ok_or("the webhook's address has no host")?;
    let mut stream = match instead {
        Some(address) => TcpStream::connect(address).await,
        None if url.scheme() == "http" => {
            TcpStream::connect((host, url.port().unwrap_or(80))).await
        }
        None => return Err("the fake server speaks no TLS: use deliver_webhooks_to".to_owned()),
    }
    .map_err(|e| format!("Connection refused: {e}"))?;
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let secret = hook.secret.as_ref();
    let secret = secret.map(|secret| format!("X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"));
    let request = format!(
        "POST {path}{query} HTTP/1.1\r\nHost: {host}{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n{secret}\r\n{body}",
        path = url.path(),
        length = body.len(),
        secret = secret.unwrap_or_default(),
    );
    let exchange = async {
        stream.set_nodelay(true)?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        let mut chunk = [0; 1024];
        while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut chunk).await? {
                0 => break,
                n => answer.extend_from_slice(&chunk[..n]),
            }
        }
        std::io::Result::Ok(answer)
    };
    let answer = exchange.await.map_err(|e| e.to_string())?;
    let head = String::from_utf8_lossy(&answer);
    let status = head
        .split_whitespace()
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.ok_or_else(|| "Read error: no answer".to_owned())
}
