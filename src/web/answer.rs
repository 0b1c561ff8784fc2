//! How an answer goes out: with what tells a browser to trust nothing else, with what spares those who have it already, and
//! compressed where that is welcome.

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_128;

/// Pages load nothing from elsewhere and run nothing; nobody puts them into a frame.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Others may keep a page for so long: what changes is seen within a minute.
const BRIEF: &str = "public, max-age=60";

/// Its address changes with what it says.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Shorter answers aren't worth compressing.
const WORTH_IT: usize = 1_024;

/// What is answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// What the text is.
    pub(super) kind: &'static str,
    pub(super) text: String,
    /// When what it shows changed last, where that is known.
    pub(super) modified: Option<Timestamp>,
    /// Whether it is the same for ever.
    pub(super) is_constant: bool,
    /// Where it leads.
    pub(super) location: Option<String>,
}

/// The type of pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";

impl Answer {
    /// A text that is there.
    pub(super) fn new(kind: &'static str, text: String) -> Answer {
        Answer {
            status: StatusCode::OK,
            kind,
            text,
            modified: None,
            is_constant: false,
            location: None,
        }
    }

    /// A few words of our own.
    pub(super) fn plain(status: StatusCode, text: &str) -> Answer {
        Answer {
            status,
            ..Answer::new("text/plain; charset=utf-8", format!("{text}\n"))
        }
    }

    /// What was asked for is elsewhere for good.
    pub(super) fn moved(to: String) -> Answer {
        Answer {
            location: Some(to),
            ..Answer::plain(StatusCode::PERMANENT_REDIRECT, "moved")
        }
    }

    /// The answer with its headers, compressed where that `is_welcome`.
    pub(super) fn ready(self, is_welcome: bool) -> Ready {
        let mut headers = HeaderMap::new();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = value.parse() {
                headers.insert(name, value);
            }
        };
        set(CONTENT_SECURITY_POLICY, POLICY);
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(REFERRER_POLICY, "strict-origin-when-cross-origin");
        set(
            CACHE_CONTROL,
            match self.is_constant {
                _ if self.status.is_server_error() => "no-store",
                true => FOR_EVER,
                false => BRIEF,
            },
        );
        set(VARY, "Accept-Encoding");
        if let Some(location) = &self.location {
            set(LOCATION, location);
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            set(ALLOW, "GET, HEAD");
        }
        let mut tag = None;
        if self.status == StatusCode::OK {
            // Weak: compressed or not, it says the same.
            let own = format!("W/\"{:032x}\"", xxh3_128(self.text.as_bytes()));
            set(ETAG, &own);
            tag = Some(own);
            if let Some(modified) = self.modified {
                set(LAST_MODIFIED, &http_date(modified));
            }
        }
        set(CONTENT_TYPE, self.kind);
        let mut bytes = self.text.into_bytes();
        if bytes.len() >= WORTH_IT
            && is_welcome
            && let Some(smaller) = compressed(&bytes)
        {
            set(CONTENT_ENCODING, "gzip");
            bytes = smaller;
        }
        set(CONTENT_LENGTH, &bytes.len().to_string());
        Ready {
            status: self.status,
            headers,
            tag,
            modified: self.modified,
            bytes: bytes.into(),
        }
    }

    /// The answer as it goes to whoever asked like this.
    pub(super) fn send(self, method: &Method, asked: &HeaderMap) -> Response<Body> {
        self.ready(accepts_gzip(asked)).send(method, asked)
    }
}

/// An answer that is ready to go out, to whoever takes it as it is.
pub(super) struct Ready {
    status: StatusCode,
    headers: HeaderMap,
    tag: Option<String>,
    modified: Option<Timestamp>,
    bytes: Bytes,
}

impl Ready {
    /// How many bytes its text takes.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns true if it is what was asked for.
    pub(super) fn is_found(&self) -> bool {
        self.status == StatusCode::OK
    }

    /// The answer to whoever asked like this: no more than that it is the same, where they have it.
    pub(super) fn send(&self, method: &Method, asked: &HeaderMap) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = self.headers.clone();
        if let Some(tag) = &self.tag
            && is_known(asked, tag, self.modified)
        {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            for of_the_text in [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LENGTH] {
                response.headers_mut().remove(of_the_text);
            }
            return response;
        }
        *response.status_mut() = self.status;
        if method != Method::HEAD {
            *response.body_mut() = Body::from(self.bytes.clone());
        }
        response
    }
}

fn http_date(at: Timestamp) -> String {
    httpdate::fmt_http_date(at.into())
}

/// Whether whoever asks has it already (RFC 9110, 13.2.2: the date counts only where no tag is given).
fn is_known(asked: &HeaderMap, tag: &str, modified: Option<Timestamp>) -> bool {
    let mut tags = asked.get_all(IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        return tags
            .filter_map(|tags| tags.to_str().ok())
            .flat_map(|tags| tags.split(','))
            .any(|known| known.trim() == "*" || opaque(known) == opaque(tag));
    }
    let since = asked
        .get(IF_MODIFIED_SINCE)
        .and_then(|since| since.to_str().ok());
    let since = since.and_then(|since| httpdate::parse_http_date(since).ok());
    let since = since.and_then(|since| Timestamp::try_from(since).ok());
    since
        .zip(modified)
        .is_some_and(|(since, modified)| modified.as_second() <= since.as_second())
}

/// Whether a gzip is welcome (RFC 9110, 12.5.3).
pub(super) fn accepts_gzip(asked: &HeaderMap) -> bool {
    let mut codings = asked
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|codings| codings.to_str().ok())
        .flat_map(|codings| codings.split(','));
    codings.any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let quality: String = quality.chars().filter(|c| !c.is_whitespace()).collect();
        let is_refused = quality
            .strip_prefix("q=")
            .and_then(|quality| quality.parse::<f32>().ok())
            .is_some_and(|quality| quality <= 0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

fn compressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
