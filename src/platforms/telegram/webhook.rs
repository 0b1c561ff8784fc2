//! Updates that Telegram brings by itself, to a small web server behind the operator's own one.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::post;
use parking_lot::Mutex;
use serde_json::Value;
use teloxide::payloads::{SetWebhook, SetWebhookSetters};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::client::Telegram;
use super::identity::{Account, NAME, TITLE};
use super::inbound::Inbound;
use super::listen::{KINDS, PATIENCE};
use super::update_queue::Handling;
use crate::chat::Bot;
use crate::listener::Bounded;
use crate::platforms::kit::Refused;
use crate::platforms::kit::trouble::{Trouble, pauses};
use crate::settings::Webhook;
use crate::task::{AFTER_FAILURE, since_boot, sleep};
use tidings_core::bounds::UPDATE_SIZE;

/// The header that proves that a request is Telegram's (<https://core.telegram.org/bots/api#setwebhook>).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// How often the token is looked at, since no poll tells that it was revoked.
const CHECK: Duration = Duration::from_secs(300);

/// After so long a secret that isn't the known one is looked up anew.
const ASKED_AGAIN: Duration = Duration::from_secs(1);

/// An update that was brought, and where to say whether it is handled.
type Brought = (Value, oneshot::Sender<bool>);

impl Telegram {
    /// Has updates brought, and takes them, until Telegram refuses the bot. Where several processes share the store, each of them takes
    /// what it is brought ([`Telegram::take_brought`]).
    pub(super) async fn hook(
        &self,
        bot: &Bot,
        account: &Account,
        webhook: &Webhook,
    ) -> Result<(), Refused> {
        let mut trouble = Trouble::new(self, TITLE, bot);
        if bot.is_one_of_many() {
            let secret = loop {
                match bot.webhook_secret_or_new(NAME, &secret()).await {
                    Ok(secret) => break secret,
                    Err(error) => {
                        tracing::error!(%error, "the webhook's secret can't be stored; it is tried again");
                        sleep(AFTER_FAILURE).await;
                    }
                }
            };
            return self.have_brought(webhook, &secret, &mut trouble).await;
        }
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
        let known = Known::Own(secret.clone());
        // Telegram may bring the first update before it has answered that the webhook is set.
        tokio::select! {
            refused = self.have_brought(webhook, &secret, &mut trouble) => refused,
            () = self.take_updates(bot, account, webhook, listener, known) => Ok(()),
        }
    }

    /// Takes the updates that this process is brought, whoever has them brought.
    pub(super) async fn take_brought(&self, bot: &Arc<Bot>, webhook: &Webhook) {
        let mut pauses = pauses();
        let listener = loop {
            match TcpListener::bind(webhook.listen).await {
                Ok(listener) => break listener,
                Err(error) => {
                    tracing::warn!(%error, listen = %webhook.listen, "the webhook can't listen; it is tried again");
                    sleep(pauses.next().unwrap_or(AFTER_FAILURE)).await;
                }
            }
        };
        let account = self.who_are_we_here().await;
        tracing::info!(listen = %webhook.listen, "taking updates");
        let known = Known::Stored(bot.clone(), Mutex::default());
        self.take_updates(bot, &account, webhook, listener, known)
            .await;
    }

    async fn take_updates(
        &self,
        bot: &Bot,
        account: &Account,
        webhook: &Webhook,
        listener: TcpListener,
        known: Known,
    ) {
        let (sender, mut brought) = mpsc::channel(64);
        let routes = routes(webhook, Arc::new(known), sender);
        let server = axum::serve(Bounded::new(listener), routes).into_future();
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
        tokio::select! {
            () = handle => {}
            served = server => tracing::error!(?served, "the webhook's server ended"),
        }
    }

    /// Sets the webhook, and sees now and then that the token is still good.
    async fn have_brought(
        &self,
        webhook: &Webhook,
        secret: &str,
        trouble: &mut Trouble<'_>,
    ) -> Result<(), Refused> {
        self.set_webhook(webhook, secret, trouble).await?;
        loop {
            sleep(CHECK).await;
            self.check_token().await?;
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
                    let what = format!("The webhook can't be set: {fault}");
                    sleep(trouble.begins(&what).await).await;
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

/// How it is known that a request is Telegram's.
enum Known {
    /// By a secret of this run.
    Own(String),
    /// By one that stands in the store, as it was there last, and when that was asked.
    Stored(Arc<Bot>, Mutex<Option<(Option<String>, Duration)>>),
}

impl Known {
    /// Whether what is shown is the secret.
    async fn is(&self, shown: &[u8]) -> bool {
        let is_it = |secret: &str| is_same(shown, secret.as_bytes());
        let (bot, last) = match self {
            Known::Own(secret) => return is_it(secret),
            Known::Stored(bot, last) => (bot, last),
        };
        let now = since_boot();
        {
            let last = last.lock();
            if let Some((secret, asked)) = &*last {
                let is_known = secret.as_deref().is_some_and(is_it);
                // Whoever guesses doesn't keep the store busy.
                if is_known || now.saturating_sub(*asked) < ASKED_AGAIN {
                    return is_known;
                }
            }
        }
        match bot.webhook_secret(NAME).await {
            Ok(secret) => {
                let is_known = secret.as_deref().is_some_and(is_it);
                *last.lock() = Some((secret, now));
                is_known
            }
            Err(error) => {
                tracing::error!(%error, "the webhook's secret can't be read; Telegram brings updates again");
                false
            }
        }
    }
}

fn routes(webhook: &Webhook, known: Arc<Known>, brought: mpsc::Sender<Brought>) -> Router {
    let take = async move |request: Request| {
        // Nothing is read of whoever can't show the secret.
        let shown = request.headers().get(SECRET_HEADER);
        let shown = shown.map(|value| value.as_bytes().to_vec());
        let is_telegram = match shown {
            Some(shown) => known.is(&shown).await,
            None => false,
        };
        if !is_telegram {
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
