//! The wire to Discord's REST API, over a client of our own.
//!
//! serenity's own client drops the headers of what fails, and with its rate limiter on it asks discord.com
//! whatever the configured address. Here each call comes back at once with what the headers say, and the
//! outbox's gate keeps the pace.

use std::fmt;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use super::identity::TITLE;
use super::invalid_requests::Invalid;
use super::refusals::{Limit, Limited, Refusal, whose};
use crate::platforms::kit::network::Failure;
use crate::platforms::kit::outage::Outage;
use crate::platforms::kit::refusals::Whose;
use crate::platforms::kit::{Broken, lenient, network};
use crate::settings::{Redaction, Secret};

/// What the bot calls itself, as <https://docs.discord.com/developers/reference#user-agent> asks.
const AGENT: &str = concat!(
    "DiscordBot (https://github.com/tidings/tidings, ",
    env!("CARGO_PKG_VERSION"),
    ")"
);

/// How long a call may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Discord's REST API for one bot.
pub(super) struct Api {
    client: reqwest::Client,
    /// `…/api/v10/`
    base: String,
    authorization: String,
    redaction: Redaction,
    pub(super) invalid: Invalid,
    pub(super) outage: Outage,
}

/// Never with the token.
impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: Method,
    /// Behind `/api/v10/`.
    path: String,
    body: Option<Vec<u8>>,
    /// Interactions bring a token of their own, and don't count among the bot's requests.
    authorized: bool,
    patience: Duration,
}

/// What Discord answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Answered {
    pub(super) body: Vec<u8>,
    /// How long calls of this kind have to rest.
    pub(super) rest: Option<Duration>,
    /// When Discord counted the call, by its own clock.
    pub(super) counted: Option<Duration>,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum Fault {
    /// The server couldn't be reached; nothing was sent.
    #[error("Discord can't be reached: {0}")]
    NoConnection(String),
    /// The request was written, and no answer came that can be read.
    #[error("Discord didn't answer: {0}")]
    NoAnswer(String),
    /// The server failed, and says so.
    #[error("Discord has trouble of its own: {0}")]
    Server(String),
    /// The server fails because too much is asked of it, and says so by one of Discord's codes.
    #[error("Discord is overloaded: {0}")]
    Overloaded(Refusal),
    /// The server refused.
    #[error("{0}")]
    Refused(Refusal),
}

impl Fault {
    /// Whether Discord refuses with one of its codes.
    pub(super) fn is(&self, codes: &[u32]) -> bool {
        matches!(self, Fault::Refused(refusal) if codes.contains(&refusal.code))
    }

    /// Whether the token isn't one, or not any more.
    pub(super) fn is_bad_token(&self) -> bool {
        matches!(self, Fault::Refused(refusal) if refusal.status == 401)
    }

    /// Whether another try would be refused as well.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Fault::Refused(refusal) if refusal.limited.is_none())
    }

    /// Whether what we wrote is refused for what it says.
    pub(super) fn is_of_the_text(&self) -> bool {
        matches!(self, Fault::Refused(refusal) if refusal.limited.is_none() && whose(refusal) == Whose::Text)
    }

    /// Set for a 429.
    pub(super) fn limited(&self) -> Option<Limited> {
        match self {
            Fault::Refused(refusal) => refusal.limited,
            _ => None,
        }
    }

    /// How long we are told to wait, if that is said.
    pub(super) fn wait(&self) -> Option<Duration> {
        self.limited()?.wait
    }
}

/// What is read of an explanation, whatever else in it has changed.
#[derive(Deserialize)]
struct ErrorBody {
    #[serde(default, deserialize_with = "lenient::field")]
    code: u32,
    #[serde(default, deserialize_with = "lenient::field")]
    message: String,
    errors: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "lenient::field")]
    retry_after: Option<f64>,
    #[serde(default, deserialize_with = "lenient::field")]
    global: Option<bool>,
}

impl Call {
    /// A call of the bot's.
    pub(super) fn new(method: Method, path: String) -> Call {
        Call {
            method,
            path,
            body: None,
            authorized: true,
            patience: PATIENCE,
        }
    }

    /// A call with an interaction's token.
    pub(super) fn of_interaction(method: Method, path: String, patience: Duration) -> Call {
        Call {
            authorized: false,
            patience,
            ..Call::new(method, path)
        }
    }

    pub(super) fn get(path: String) -> Call {
        Call::new(Method::GET, path)
    }

    pub(super) fn body(mut self, body: &impl Serialize) -> Call {
        // Our own structures always become JSON.
        self.body = serde_json::to_vec(body).ok();
        self
    }

    /// Its name in the pace: what Discord counts together.
    pub(super) fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

impl Api {
    pub(super) fn new(server: &str, token: &Secret, redaction: Redaction) -> Result<Api, Broken> {
        Ok(Api {
            client: network::client(TITLE, AGENT)?,
            base: format!("{server}/api/v10/"),
            authorization: format!("Bot {}", token.expose()),
            redaction,
            invalid: Invalid::default(),
            outage: Outage::default(),
        })
    }

    /// The client itself, for serenity, which only holds it.
    pub(super) fn client(&self) -> reqwest::Client {
        self.client.clone()
    }

    /// Makes a call.
    pub(super) async fn call(&self, call: &Call) -> Result<Answered, Fault> {
        let mut request = self
            .client
            .request(call.method.clone(), format!("{}{}", self.base, call.path))
            .timeout(call.patience);
        if call.authorized {
            request = request.header(AUTHORIZATION, &self.authorization);
        }
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        let response = request.send().await.map_err(fault);
        self.outage
            .note(!matches!(response, Err(Fault::NoConnection(_))));
        let response = response?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await;
        let rest = Api::resting(&headers);
        if status.is_success() {
            let body = body.map_err(fault)?.to_vec();
            return Ok(Answered {
                body,
                rest,
                counted: counted(&headers),
            });
        }
        // That it was refused or failed is certain, whatever became of the explanation.
        let body = body.unwrap_or_default();
        Err(self.refused(status, &headers, &body))
    }

    fn refused(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Fault {
        let read: Option<ErrorBody> = serde_json::from_slice(body).ok();
        if status.is_server_error() {
            let refusal = read.map(|read| Refusal {
                status: status.as_u16(),
                code: read.code,
                message: self.redaction.text(&read.message).into_owned(),
                limited: None,
            });
            return match refusal.filter(|refusal| whose(refusal) == Whose::Overload) {
                Some(refusal) => Fault::Overloaded(refusal),
                None => Fault::Server(format!("status {status}")),
            };
        }
        let shared = text(headers, "x-ratelimit-scope") == Some("shared");
        if matches!(status.as_u16(), 401 | 403 | 429) && !shared {
            self.invalid.note();
        }
        let explains = read
            .as_ref()
            .is_some_and(|body| !body.message.is_empty() || body.global.is_some());
        let is_discords = explains || headers.contains_key("x-ratelimit-scope");
        // Cloudflare keeps some addresses out with a 403.
        let is_kept_out = status == StatusCode::FORBIDDEN && !is_discords && is_of_cloudflare(body);
        let limited = (status == StatusCode::TOO_MANY_REQUESTS || is_kept_out).then(|| {
            let said = read.as_ref().and_then(|body| body.retry_after);
            let seconds = said.or_else(|| number(headers, "retry-after"));
            let global = read.as_ref().and_then(|body| body.global) == Some(true)
                || text(headers, "x-ratelimit-scope") == Some("global");
            Limited {
                wait: seconds.filter(|seconds| *seconds > 0.0).map(seconds_of),
                whose: match (is_discords, global) {
                    (false, _) => Limit::Banned,
                    (true, true) => Limit::Everybody,
                    (true, false) => Limit::Channel,
                },
            }
        });
        let Some(read) = read else {
            if limited.is_none() && status != StatusCode::UNAUTHORIZED {
                // A proxy on the way, perhaps: nothing says that the request got any further.
                return Fault::Server(format!("status {status}, without Discord's explanation"));
            }
            return Fault::Refused(Refusal {
                status: status.as_u16(),
                code: 0,
                message: format!("status {status}"),
                limited,
            });
        };
        let mut message = read.message;
        if message.trim().is_empty() {
            message = format!("no reason given ({status})");
        }
        if let Some(errors) = read.errors {
            message = format!("{message}: {errors}");
        }
        // Some servers repeat what they were called with.
        let message = self.redaction.text(&message).into_owned();
        Fault::Refused(Refusal {
            status: status.as_u16(),
            code: read.code,
            message,
            limited,
        })
    }

    /// Takes from the headers how long calls of a kind have to rest
    /// (<https://docs.discord.com/developers/topics/rate-limits#header-format>).
    fn resting(headers: &HeaderMap) -> Option<Duration> {
        let remaining = number(headers, "x-ratelimit-remaining")?;
        let after = number(headers, "x-ratelimit-reset-after")?;
        if remaining >= 1.0 {
            return None;
        }
        Some(seconds_of(after))
    }
}

/// Whether an answer that Discord doesn't explain is one of Cloudflare's pages, or its bare “error code: 1020”
/// (<https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/>).
fn is_of_cloudflare(body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body).to_lowercase();
    body.contains("cloudflare") || body.trim_start().starts_with("error code: 1")
}

/// When a call was counted: the moment at which its limit begins anew, less the time until then (the same page).
fn counted(headers: &HeaderMap) -> Option<Duration> {
    let reset = number(headers, "x-ratelimit-reset")?;
    let after = number(headers, "x-ratelimit-reset-after")?;
    Duration::try_from_secs_f64(reset - after).ok()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<f64> {
    text(headers, name)?.parse().ok()
}

/// A little longer than was said, since both clocks are read roughly.
fn seconds_of(seconds: f64) -> Duration {
    network::wait_of(seconds) + Duration::from_millis(5)
}

fn fault(error: reqwest::Error) -> Fault {
    match network::failure(error) {
        Failure::NoConnection(words) => Fault::NoConnection(words),
        Failure::NoAnswer(words) => Fault::NoAnswer(words),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    /// What becomes of a refusal: of whom it speaks, how many seconds are to be waited, and by which code.
    fn of(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &str,
    ) -> (String, Option<u64>, u32) {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, HeaderValue::from_static(value));
        }
        let api = Api {
            client: reqwest::Client::new(),
            base: String::new(),
            authorization: String::new(),
            redaction: Redaction::default(),
            invalid: Invalid::default(),
            outage: Outage::default(),
        };
        let status = StatusCode::from_u16(status).unwrap();
        match api.refused(status, &all, body.as_bytes()) {
            Fault::Refused(refusal) => {
                let whose = refusal
                    .limited
                    .map(|limited| format!("{:?}", limited.whose));
                let whose = whose.unwrap_or_else(|| "refused".to_owned());
                let wait = refusal.limited.and_then(|limited| limited.wait);
                (whose, wait.map(|wait| wait.as_secs()), refusal.code)
            }
            Fault::Server(_) => ("failed".to_owned(), None, 0),
            other => (other.to_string(), None, 0),
        }
    }

    #[test]
    fn a_refusal_is_cloudflares_where_discord_explains_nothing() {
        let page = "<!doctype html><title>Access denied | discord.com used Cloudflare to restrict access</title>";
        let scope = ("x-ratelimit-scope", "user");
        for (status, headers, body, whose, wait) in [
            // Pages and bare words, with a time, without, and with one that is none.
            (
                429,
                &[("retry-after", "900")][..],
                page,
                "Banned",
                Some(900),
            ),
            (429, &[], page, "Banned", None),
            (
                429,
                &[("retry-after", "0")],
                "error code: 1015",
                "Banned",
                None,
            ),
            (
                429,
                &[("retry-after", "Sun, 29 Nov 2026 03:00:00 GMT")],
                page,
                "Banned",
                None,
            ),
            (429, &[], "", "Banned", None),
            // Its own JSON isn't Discord's.
            (
                429,
                &[],
                r#"{"title":"Error 1015","status":429,"retry_after":30,"cloudflare_error":true}"#,
                "Banned",
                Some(30),
            ),
            // Other ways to keep an address out.
            (403, &[], "error code: 1020", "Banned", None),
            (403, &[("retry-after", "60")], page, "Banned", Some(60)),
            (
                403,
                &[],
                r#"{"title":"Error 1010: Access denied","cloudflare_error":true}"#,
                "Banned",
                None,
            ),
            // Somebody else's page says nothing of whom.
            (
                403,
                &[],
                "<title>Blocked by your company</title>",
                "failed",
                None,
            ),
            (404, &[], page, "failed", None),
            (502, &[], page, "failed", None),
            // Discord's own, whatever else has changed in them.
            (
                429,
                &[],
                r#"{"message":"You are being rate limited.","retry_after":2.5,"global":false}"#,
                "Channel",
                Some(2),
            ),
            (
                429,
                &[("retry-after", "3")],
                r#"{"message":{"en":"Slow"},"retry_after":"2.5","global":false}"#,
                "Channel",
                Some(3),
            ),
            (
                429,
                &[scope],
                r#"{"message":["Slow"],"retry_after":4,"code":"none"}"#,
                "Channel",
                Some(4),
            ),
            (
                429,
                &[],
                r#"{"message":"Slow","retry_after":5,"global":true,"code":null}"#,
                "Everybody",
                Some(5),
            ),
            (
                403,
                &[],
                r#"{"message":"Cloudflare is fine","code":50013}"#,
                "refused",
                None,
            ),
        ] {
            let (found, waits, _) = of(status, headers, body);
            assert_eq!(
                (found.as_str(), waits),
                (whose, wait),
                "{status} {headers:?} {body}"
            );
        }
    }

    #[test]
    fn a_code_is_read_whatever_has_changed_beside_it() {
        for body in [
            r#"{"message":"Missing Access","code":50001}"#,
            r#"{"message":{"text":"Missing Access"},"code":50001,"errors":7}"#,
            r#"{"message":null,"code":50001,"retry_after":"never","global":"no"}"#,
        ] {
            assert_eq!(
                of(403, &[], body),
                ("refused".to_owned(), None, 50_001),
                "{body}"
            );
        }
    }
}
