//! What an answer says beside its document: where it leads, how long it holds, why there is none.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode};
use url::{Host, Url};

use super::fetch::FetchError;
use super::guard::{NotPublic, is_public};

/// Refuses addresses that no look-up is asked for: those written as numbers, and other schemes.
pub(super) fn check(address: &Url, allow_private: &[String]) -> Result<(), FetchError> {
    if !matches!(address.scheme(), "http" | "https") {
        let what = format!("{}: isn't http or https", address.scheme());
        return Err(FetchError::Redirect(what));
    }
    let ip = match address.host() {
        Some(Host::Ipv4(ip)) => ip.into(),
        Some(Host::Ipv6(ip)) => ip.into(),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(FetchError::Redirect("an address without a host".to_owned())),
    };
    let name = address
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']']);
    let is_allowed = allow_private
        .iter()
        .any(|host| host.trim_matches(['[', ']']).eq_ignore_ascii_case(name));
    if is_allowed || is_public(ip) {
        Ok(())
    } else {
        Err(FetchError::Private(name.to_owned()))
    }
}

pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

pub(super) fn target(response: &Response, from: &Url) -> Result<Url, FetchError> {
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    let to = location.and_then(|to| from.join(to).ok());
    to.ok_or_else(|| FetchError::Redirect("a redirect that leads nowhere".to_owned()))
}

pub(super) fn network(error: reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return FetchError::TooSlow;
    }
    let error = error.without_url();
    let mut cause: &dyn Error = &error;
    while let Some(source) = cause.source() {
        if let Some(NotPublic(name)) = source.downcast_ref() {
            return FetchError::Private(name.clone());
        }
        cause = source;
    }
    FetchError::Network(cause.to_string())
}

pub(super) fn charset_of(content_type: &str) -> Option<String> {
    let parameter = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_owned())
    });
    parameter.filter(|charset| !charset.is_empty())
}

/// How long an answer holds (RFC 9111): only what says how long, not what forbids keeping it.
pub(super) fn fresh(headers: &HeaderMap) -> Option<Duration> {
    let control = headers.get(header::CACHE_CONTROL)?.to_str().ok()?;
    let seconds = control.split(',').find_map(|directive| {
        let (name, value) = directive.trim().split_once('=')?;
        name.eq_ignore_ascii_case("max-age")
            .then(|| value.trim_matches('"').parse().ok())
            .flatten()
    })?;
    Some(Duration::from_secs(seconds))
}

/// `Retry-After` in seconds. As a date it would have to be compared with the server's own clock.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = jiff::fmt::rfc2822::parse(value).ok()?;
    let now = headers.get(header::DATE)?.to_str().ok();
    let now = jiff::fmt::rfc2822::parse(now?).ok()?;
    Duration::try_from(then.timestamp().duration_since(now.timestamp())).ok()
}
