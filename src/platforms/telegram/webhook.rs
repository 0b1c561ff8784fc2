//! Updates that Telegram brings by itself, to a small web server behind the operator's own one.

use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::Value;
use teloxide::payloads::{SetWebhook, SetWebhookSetters};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::client::Telegram;
use super::identity::{Account, TITLE};
use super::inbound::Inbound;
use super::listen::{KINDS, PATIENCE};
use super::update_queue::Handling;
use crate::chat::Bot;
use crate::listener::Bounded;
use crate::platforms::kit::Refused;
use crate::platforms::kit::trouble::Trouble;
use crate::settings::Webhook;
use crate::task::sleep;
use tidings_core::bounds::UPDATE_SIZE;

/// The header that proves that a request is Telegram's (<https://core.telegram.org/bots/api#setwebhook>).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// How often the token is looked at, since no poll tells that it was revoked.
const CHECK: Duration = Duration::from_secs(300);

/// An update that was brought, and where to say whether it is handled.
type Brought = (Value, oneshot::Sender<bool>);

impl Telegram {
    /// Takes updates until Telegram refuses the bot.
    pub(super) async fn hook(
        &self,
        bot: &Bot,
        account: &Account,
        webhook: &Webhook,
    ) -> Result<(), Refused> {
        let mut trouble = Trouble::new(self, TITLE, bot);
        let listener = loop {
            match TcpListener::bind(webhook.listen).await {
                Ok(listener) => break listener,
                Err(error) => {
                    let what = format!("The webhook can't listen on {}: {error}", webhook.listen);
                    sleep(trouble.begins(&what).await).await;
                }
            }
        };
        let secret = secret();
        let (sender, mut brought) = mpsc::channel(64);
        let server = axum::serve(
            Bounded::new(listener),
            routes(webhook, secret.clone(), sender),
        )
        .into_future();
        tokio::pin!(server);
        // Telegram may bring the first update before it has answered that the webhook is set.
        let set = self.set_webhook(webhook, &secret, &mut trouble);
        let inbound = Inbound {
            telegram: self,
            bot,
            account,
        };
        let handle = async {
            let mut handling = Handling::new(&inbound);
            loop {
                tokio::select! {
                    brought = brought.recv() => match brought {
                        Some((update, done)) => {
                            handling.take(&update, Some(done));
                        }
                        None => return,
                    },
                    () = handling.go_on() => {}
                }
            }
        };
        let watch = async {
            set.await?;
            loop {
                sleep(CHECK).await;
                self.check_token().await?;
            }
        };
        tokio::select! {
            refused = watch => refused,
            () = handle => Ok(()),
            served = &mut server => {
                tracing::error!(?served, "the webhook's server ended");
                Ok(())
            }
        }
    }

    async fn set_webhook(
        &self,
        webhook: &Webhook,
        secret: &str,
        trouble: &mut Trouble<'_>,
    ) -> Result<(), Refused> {
        let payload = SetWebhook::new(webhook.url.clone())
            .allowed_updates(KINDS)
            .secret_token(secret);
        loop {
            match self.api.call(&payload, PATIENCE).await {
                Ok(_) => {
                    trouble.ends().await;
                    tracing::info!(url = %webhook.url, listen = %webhook.listen, "webhook");
                    return Ok(());
                }
                Err(fault) if fault.is_bad_token() => {
                    self.check_token().await?;
                    sleep(trouble.begins(&fault.to_string()).await).await;
                }
                Err(fault) => {
                    let pause = trouble
                        .begins(&format!("The webhook can't be set: {fault}"))
                        .await;
                    sleep(fault.retry_after().unwrap_or(pause)).await;
                }
            }
        }
    }
}

fn routes(webhook: &Webhook, secret: String, brought: mpsc::Sender<Brought>) -> Router {
    let take = async move |request: Request| {
        // Nothing is read of whoever can't show the secret.
        let shown = request.headers().get(SECRET_HEADER);
        let shown = shown.map(|value| value.as_bytes());
        if !shown.is_some_and(|shown| is_same(shown, secret.as_bytes())) {
            return StatusCode::UNAUTHORIZED;
        }
        let Ok(body) = to_bytes(request.into_body(), UPDATE_SIZE.most).await else {
            return StatusCode::PAYLOAD_TOO_LARGE;
        };
        let Ok(update) = serde_json::from_slice(&body) else {
            return StatusCode::BAD_REQUEST;
        };
        let (done, handled) = oneshot::channel();
        if brought.send((update, done)).await.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        // Anything but 200 has Telegram bring it again.
        match handled.await {
            Ok(true) => StatusCode::OK,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        }
    };
    // Compared, not routed: in a route some characters are placeholders, and may be letters in an address.
    let path = webhook.url.path().to_owned();
    let at_path = move |request: Request, next: Next| {
        let is_ours = request.uri().path() == path;
        async move {
            if is_ours {
                next.run(request).await
            } else {
                StatusCode::NOT_FOUND.into_response()
            }
        }
    };
    Router::new()
        .fallback_service(post(take))
        .layer(middleware::from_fn(at_path))
}

/// Takes as long wherever two texts differ, so that the secret can't be found piece by piece.
fn is_same(shown: &[u8], secret: &[u8]) -> bool {
    let differ = shown
        .iter()
        .zip(secret)
        .fold(0, |differ, (a, b)| differ | (a ^ b));
    shown.len() == secret.len() && differ == 0
}

/// A new secret for each run: it never has to be kept.
fn secret() -> String {
    let mut bytes = [0; 24];
    // Without the system's randomness nobody can be trusted; an empty secret is refused by everybody.
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "the system has no random numbers");
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
