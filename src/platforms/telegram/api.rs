//! The wire to the Bot API: teloxide's payloads and types over a client of our own.
//!
//! teloxide's own client hides what the ledger needs to know: it drops the status and the parameters of most
//! errors, and answers any 5xx by sleeping ten seconds inside of the call. Here each call comes back at once
//! and says whether the request arrived.
//!
//! The token is part of every address, so no error of the client is passed on with its address.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use teloxide::requests::Payload;
use tokio::sync::Notify;

use super::identity::{TITLE, TOKEN};
use crate::platforms::kit::network::Failure;
use crate::platforms::kit::outage::Outage;
use crate::platforms::kit::{Broken, lenient, network};
use crate::settings::{Redaction, Secret};

/// How long Telegram may think about it, while somebody waits.
pub(super) const WHILE_SOMEBODY_WAITS: Duration = Duration::from_secs(5);

/// The Bot API of one bot.
pub(super) struct Api {
    client: reqwest::Client,
    /// `…/bot<token>/`
    base: String,
    redaction: Redaction,
    pub(super) outage: Outage,
    /// A call was refused because of the token: whoever listens looks into it.
    pub(super) doubted: Notify,
}

/// Never with the token.
impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// The server couldn't be reached; nothing was sent.
    #[error("Telegram can't be reached: {0}")]
    NoConnection(String),
    /// The request was written, and no answer came that can be read.
    #[error("Telegram didn't answer: {0}")]
    NoAnswer(String),
    /// The server failed, and says so.
    #[error("Telegram has trouble of its own: {0}")]
    Server(String),
    /// Too much was asked of something in front of the server, which answers instead of it: it may say how long nothing
    /// is to be tried.
    #[error(
        "Something in front of Telegram answers instead of it and lets nothing through for a while (status 429)"
    )]
    KeptOut(Option<Duration>),
    /// The server refused.
    #[error("{0}")]
    Refused(Refusal),
}

/// What the Bot API says when it refuses (<https://core.telegram.org/bots/api#making-requests>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) description: String,
    /// Seconds to wait.
    pub(super) retry_after: Option<u32>,
    pub(super) migrate_to: Option<i64>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {})", self.description, self.code)
    }
}

impl Fault {
    /// Whether the token isn't one, or not any more. A wrong token is part of a wrong address, so it may be
    /// “not found” too.
    pub(super) fn is_bad_token(&self) -> bool {
        match self {
            Fault::Refused(refusal) => {
                refusal.code == 401 || refusal.code == 404 && refusal.description == "Not Found"
            }
            _ => false,
        }
    }

    /// How long we are told to wait, if that is said.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Fault::Refused(refusal) if refusal.code == 429 => {
                let seconds = refusal.retry_after.filter(|seconds| *seconds > 0)?;
                Some(network::wait_of(seconds.into()))
            }
            Fault::KeptOut(wait) => *wait,
            _ => None,
        }
    }

    /// Whether too much was asked for.
    pub(super) fn is_too_much(&self) -> bool {
        matches!(self, Fault::Refused(refusal) if refusal.code == 429)
    }
}

/// What is read of an answer, whatever else in it has changed.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
struct Envelope<T> {
    ok: bool,
    result: Option<T>,
    #[serde(default, deserialize_with = "lenient::field")]
    error_code: Option<u16>,
    #[serde(default, deserialize_with = "lenient::field")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient::field")]
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(default, deserialize_with = "lenient::field")]
    retry_after: Option<u32>,
    #[serde(default, deserialize_with = "lenient::field")]
    migrate_to_chat_id: Option<i64>,
}

impl Api {
    pub(super) fn new(server: &str, token: &Secret, redaction: Redaction) -> Result<Api, Broken> {
        // It becomes a part of addresses; what isn't one there would be another address.
        let is_token = |c: char| c.is_ascii_alphanumeric() || ":_-".contains(c);
        if !token.expose().chars().all(is_token) {
            return Err(Broken(format!(
                "{TOKEN} isn't a token of Telegram's: those are made of digits, a colon, and then letters, digits, \
                 hyphens and underscores. Set it to what @BotFather shows for the bot"
            )));
        }
        Ok(Api {
            client: network::client(TITLE, concat!("tidings/", env!("CARGO_PKG_VERSION")))?,
            base: format!("{server}/bot{}/", token.expose()),
            redaction,
            outage: Outage::default(),
            doubted: Notify::new(),
        })
    }

    /// A server's own words, without any token: some repeat what they were called with.
    fn redacted(&self, words: &str) -> String {
        self.redaction.text(words).into_owned()
    }

    /// Calls a method.
    pub(super) async fn call<P>(&self, payload: &P, patience: Duration) -> Result<P::Output, Fault>
    where
        P: Payload + Serialize,
        P::Output: DeserializeOwned,
    {
        self.ask(payload, patience).await
    }

    /// Calls a method, and reads only what is wanted of its result.
    pub(super) async fn ask<P, T>(&self, payload: &P, patience: Duration) -> Result<T, Fault>
    where
        P: Payload + Serialize,
        T: DeserializeOwned,
    {
        self.request(P::NAME, payload, patience).await
    }

    /// Calls a method that teloxide doesn't know, or not as it is by now.
    pub(super) async fn request<P, T>(
        &self,
        method: &str,
        payload: &P,
        patience: Duration,
    ) -> Result<T, Fault>
    where
        P: Serialize,
        T: DeserializeOwned,
    {
        let body = serde_json::to_vec(payload).map_err(|error| {
            Fault::NoConnection(format!("the request can't be written: {error}"))
        })?;
        let response = self
            .client
            .post(format!("{}{method}", self.base))
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .timeout(patience)
            .body(body)
            .send()
            .await
            .map_err(fault);
        self.outage
            .note(!matches!(response, Err(Fault::NoConnection(_))));
        let response = response?;
        let status = response.status();
        let after = response.headers().get(reqwest::header::RETRY_AFTER);
        let after: Option<u32> = after.and_then(|after| after.to_str().ok()?.parse().ok());
        let body = response.bytes().await.map_err(fault)?;
        let read: Result<Envelope<T>, _> = serde_json::from_slice(&body);
        match read {
            Ok(Envelope {
                ok: true,
                result: Some(result),
                ..
            }) => Ok(result),
            Ok(Envelope {
                ok: false,
                error_code,
                description,
                parameters,
                ..
            }) => {
                let code = error_code.unwrap_or(status.as_u16());
                let said = description.filter(|said| !said.trim().is_empty());
                let description = said.unwrap_or_else(|| format!("no reason given ({status})"));
                let description = self.redacted(&description);
                if code < 400 {
                    // It says that it failed, and not how.
                    return Err(Fault::Server(description));
                }
                if code >= 500 {
                    return Err(Fault::Server(format!("{description} (code {code})")));
                }
                let retry_after = parameters.as_ref().and_then(|p| p.retry_after);
                let fault = Fault::Refused(Refusal {
                    code,
                    retry_after: retry_after
                        .or_else(|| seconds_at_end(&description))
                        .or(after),
                    migrate_to: parameters.and_then(|p| p.migrate_to_chat_id),
                    description,
                });
                if fault.is_bad_token() {
                    self.doubted.notify_one();
                }
                Err(fault)
            }
            _ if status.is_server_error() => Err(Fault::Server(format!("status {status}"))),
            _ if status.is_success() => Err(Fault::NoAnswer("its answer can't be read".to_owned())),
            _ if status == StatusCode::TOO_MANY_REQUESTS => {
                let after = after.filter(|seconds| *seconds > 0);
                Err(Fault::KeptOut(
                    after.map(|seconds| network::wait_of(seconds.into())),
                ))
            }
            // A proxy on the way, perhaps: nothing says that the request got any further.
            _ => Err(Fault::Server(format!(
                "status {status}, without the Bot API's explanation"
            ))),
        }
    }
}

/// “Too Many Requests: retry after 35”
fn seconds_at_end(description: &str) -> Option<u32> {
    let (_, seconds) = description.rsplit_once("retry after ")?;
    seconds.trim().parse().ok()
}

fn fault(error: reqwest::Error) -> Fault {
    match network::failure(error) {
        Failure::NoConnection(words) => Fault::NoConnection(words),
        Failure::NoAnswer(words) => Fault::NoAnswer(words),
    }
}
