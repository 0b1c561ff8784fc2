//! What somebody asks the dashboard for.

use axum::http::header::{COOKIE, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};
use url::form_urlencoded;

use crate::sign_in::Secret;
use crate::web::address::decoded;

/// The longest form: a summary of any length that readers can stand.
pub(super) const LONGEST_FORM: usize = 262_144;

/// The name under which a page is told that it is kept up to date.
pub(super) const LIVE: &str = "live";

/// Values by their names.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn read(encoded: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first value of a name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A number of a name.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.get(name).parse().ok().filter(|number| *number > 0)
    }
}

/// The session's cookie, as a browser sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cookie {
    /// None that could be one.
    Missing,
    /// One.
    One(Secret),
    /// Several that differ. The server of a neighbouring name can set one as well, and nothing tells which is ours.
    Several,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Whether it asks to change something.
    pub(super) is_post: bool,
    /// The parts of its path behind `/dashboard`, decoded.
    pub(super) path: Vec<String>,
    /// What stands behind the question mark.
    pub(super) query: Fields,
    /// What a form sent.
    pub(super) form: Fields,
    /// What may be a session's secret.
    pub(super) cookie: Cookie,
    /// Where a browser says that it comes from.
    origin: Option<String>,
}

impl Request {
    /// Reads a request; `body` is a form's. `None` if its path isn't text.
    pub(super) fn read(
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        cookie: &str,
        body: &[u8],
    ) -> Option<Request> {
        let path = uri.path().strip_prefix("/dashboard")?;
        let parts = path.split('/').filter(|part| !part.is_empty());
        let path: Option<Vec<String>> = parts.map(decoded).collect();
        Some(Request {
            is_post: *method == Method::POST,
            path: path?,
            query: Fields::read(uri.query().unwrap_or_default().as_bytes()),
            form: Fields::read(body),
            cookie: cookie_named(headers, cookie),
            origin: headers
                .get(ORIGIN)
                .map(|origin| origin.to_str().unwrap_or_default().to_owned()),
        })
    }

    /// The parts of its path.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// Returns true if a page looks again by itself: that nobody is there for it must not keep a session alive.
    pub(super) fn looks_by_itself(&self) -> bool {
        let is_work = self.path.first().is_some_and(|part| part == "work");
        !self.is_post && (is_work || !self.query.get(LIVE).is_empty())
    }

    /// Returns true if its browser says that it comes from another site.
    pub(super) fn is_from_elsewhere(&self, own: &str) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin != own)
    }
}

/// The cookie of a name that can be a secret.
fn cookie_named(headers: &HeaderMap, name: &str) -> Cookie {
    let cookies = headers.get_all(COOKIE).iter();
    let cookies = cookies.filter_map(|cookies| cookies.to_str().ok());
    let pairs = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut secrets = pairs.filter_map(|(known, value)| {
        let own = known.trim() == name;
        Secret::shown(value.trim()).filter(|_| own)
    });
    match secrets.next() {
        None => Cookie::Missing,
        Some(first) if secrets.all(|other| other == first) => Cookie::One(first),
        Some(_) => Cookie::Several,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::*;

    fn read(uri: &str, cookie: &str) -> Option<Request> {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookie.parse().unwrap());
        Request::read(
            &Method::GET,
            &uri.parse().unwrap(),
            &headers,
            "tidings",
            b"title=a+b&title=c",
        )
    }

    #[test]
    fn paths_are_read_as_they_are_meant() {
        let path = |uri: &str| read(uri, "a=b").map(|request| request.path);
        assert_eq!(path("/dashboard"), Some(vec![]));
        assert_eq!(path("/dashboard/"), Some(vec![]));
        let channel = "/dashboard/channels/lines%3A-100%2F45";
        assert_eq!(
            path(channel),
            Some(vec!["channels".to_owned(), "lines:-100/45".to_owned()])
        );
        assert_eq!(path("/dashboard/a+b"), Some(vec!["a+b".to_owned()]));
        assert_eq!(path("/dashboard/%ff"), None);
        assert_eq!(path("/elsewhere"), None);
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let secret = Secret::new().unwrap();
        let cookies = format!("tidings=short; x=1; tidings={}; y", secret.text());
        let request = read("/dashboard", &cookies).unwrap();
        assert_eq!(request.cookie, Cookie::One(secret.clone()));
        let again = format!("{cookies}; tidings={}", secret.text());
        let request = read("/dashboard", &again).unwrap();
        assert_eq!(request.cookie, Cookie::One(secret));
        assert_eq!(read("/dashboard", "a=b").unwrap().cookie, Cookie::Missing);
        let other = Secret::new().unwrap();
        let two = format!("{cookies}; tidings={}", other.text());
        assert_eq!(read("/dashboard", &two).unwrap().cookie, Cookie::Several);
        assert_eq!(request.form.get("title"), "a b");
        assert_eq!(request.form.get("nothing"), "");
    }
}
