//! What an answer says beside its document: where it leads, how long it holds, why there is none.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode, Version};
use url::{Host, Url};

use super::error::{FetchError, RetryAfter};
use super::guard::NotPublic;
use tidings_core::bounds::ADDRESS_LENGTH;
use tidings_core::network::is_public;

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

/// Whether a server says where its answer ends; what ends with the connection may have been cut.
pub(super) fn is_framed(response: &Response) -> bool {
    let headers = response.headers();
    let closes = response.version() <= Version::HTTP_10
        || headers
            .get(header::CONNECTION)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
    !closes
        || headers.contains_key(header::CONTENT_LENGTH)
        || headers.contains_key(header::TRANSFER_ENCODING)
}

pub(super) fn target(response: &Response, from: &Url) -> Result<Url, FetchError> {
    let location = response.headers().get(header::LOCATION);
    // Some servers write addresses in letters of their own, which `Url` then encodes.
    let location = location.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let to = location.and_then(|to| from.join(&to).ok());
    to.filter(|to| to.as_str().len() <= ADDRESS_LENGTH.most)
        .ok_or_else(|| FetchError::Redirect("a redirect that leads nowhere".to_owned()))
}

/// What went wrong underneath, in words that say where.
pub(super) fn network(error: reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return FetchError::TooSlow;
    }
    let error = error.without_url();
    let what = if error.is_connect() {
        "it can't be reached"
    } else if error.is_decode() || error.is_body() {
        "what it sends is incomplete or can't be unpacked"
    } else {
        "the connection broke off"
    };
    let mut cause: &dyn Error = &error;
    while let Some(source) = cause.source() {
        if let Some(NotPublic(name)) = source.downcast_ref() {
            return FetchError::Private(name.clone());
        }
        cause = source;
    }
    FetchError::Network(format!("{what}: {cause}"))
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

/// The longest time that a server can ask for: more is a mistake of its writer.
const LONGEST_WISH: f64 = 1e9;

/// How long an answer holds (RFC 9111): only what says how long, not what forbids keeping it.
pub(super) fn fresh(headers: &HeaderMap) -> Option<Duration> {
    let Some(control) = headers.get(header::CACHE_CONTROL) else {
        let expires = headers.get(header::EXPIRES)?.to_str().ok()?;
        let (then, now) = (http_date(expires)?, server_time(headers)?);
        return Duration::try_from(then.duration_since(now)).ok();
    };
    let directives = || {
        control
            .to_str()
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
    };
    if directives().any(|directive| matches!(directive, "no-store" | "no-cache")) {
        return None;
    }
    let seconds = directives().find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.eq_ignore_ascii_case("max-age")
            .then(|| value.trim_matches('"').parse().ok())
            .flatten()
    })?;
    Some(Duration::from_secs(seconds))
}

/// `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        // “nan” is a number to the parser, and no time to wait.
        let wait = Duration::try_from_secs_f64(seconds.clamp(0.0, LONGEST_WISH));
        return wait.ok().map(RetryAfter::For);
    }
    let then = http_date(value)?;
    Some(match server_time(headers) {
        Some(now) => {
            RetryAfter::For(Duration::try_from(then.duration_since(now)).unwrap_or_default())
        }
        None => RetryAfter::Until(then),
    })
}

fn server_time(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(header::DATE)?.to_str().ok()?)
}

/// A date in any of the three forms of HTTP.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(text.trim()).ok()?).ok()
}
