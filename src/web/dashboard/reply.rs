//! How an answer of the dashboard goes out: nobody keeps it, indexes it, frames it, or is told where it came from.

use axum::body::Body;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    LOCATION, REFERRER_POLICY, SET_COOKIE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{Method, Response, StatusCode};

use crate::web::answer::{HTML, POLICY};

/// What is answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) text: String,
    /// Where it leads.
    pub(super) location: Option<String>,
    /// A cookie that is set.
    pub(super) cookie: Option<String>,
    /// After how many seconds the page is asked for again by itself.
    pub(super) refresh: Option<u32>,
    /// The methods that its address takes, where it was asked by another one.
    pub(super) allowed: Option<&'static str>,
    /// Whether it says by what somebody is known here.
    pub(super) challenge: bool,
}

/// A 401 says what would be enough (RFC 9110, 15.5.2). Browsers know no such scheme, and show the page, which says how to sign in.
const CHALLENGE: &str = "Cookie realm=\"Tidings dashboard\"";

impl Reply {
    /// A page.
    pub(super) fn page(status: StatusCode, text: String) -> Reply {
        Reply {
            status,
            text,
            location: None,
            cookie: None,
            refresh: None,
            allowed: None,
            challenge: false,
        }
    }

    /// To another page, after something was done.
    pub(super) fn leading(to: String) -> Reply {
        Reply {
            location: Some(to),
            ..Reply::page(StatusCode::SEE_OTHER, String::new())
        }
    }

    pub(super) fn send(self, method: &Method) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = value.parse() {
                headers.insert(name, value);
            }
        };
        set(CONTENT_SECURITY_POLICY, POLICY);
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(X_FRAME_OPTIONS, "DENY");
        set(REFERRER_POLICY, "no-referrer");
        set(CACHE_CONTROL, "no-store");
        set(HeaderName::from_static("x-robots-tag"), "noindex");
        set(CONTENT_TYPE, HTML);
        if let Some(allowed) = self.allowed {
            set(ALLOW, allowed);
        }
        if self.challenge {
            set(WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Some(location) = &self.location {
            set(LOCATION, location);
        }
        if let Some(cookie) = &self.cookie {
            set(SET_COOKIE, cookie);
        }
        if let Some(seconds) = self.refresh {
            set(HeaderName::from_static("refresh"), &seconds.to_string());
        }
        set(CONTENT_LENGTH, &self.text.len().to_string());
        if method != Method::HEAD {
            *response.body_mut() = Body::from(self.text);
        }
        response
    }
}
