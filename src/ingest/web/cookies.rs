//! Cookies for as long as one fetch takes: walls that only want to see one again let us by, and nobody is followed.

use reqwest::header::{self, HeaderMap};
use url::{Host, Url};

/// So many are kept of one fetch, each of so many bytes at most.
const MOST: usize = 30;
const LONGEST: usize = 4_096;

/// What servers have set on the way.
#[derive(Default)]
pub(super) struct Cookies(Vec<Cookie>);

struct Cookie {
    name: String,
    value: String,
    /// The host that set it, or with `is_wide` the domain that it set it for.
    host: String,
    is_wide: bool,
    path: String,
    is_secure: bool,
}

impl Cookies {
    /// Keeps what an answer sets (RFC 6265, section 5.2, as far as one fetch needs it).
    pub(super) fn keep(&mut self, address: &Url, headers: &HeaderMap) {
        for set in headers.get_all(header::SET_COOKIE) {
            let Some(cookie) = set.to_str().ok().and_then(|set| read(set, address)) else {
                continue;
            };
            let is_same = |kept: &Cookie| {
                kept.name == cookie.name && kept.host == cookie.host && kept.path == cookie.path
            };
            self.0.retain(|kept| !is_same(kept));
            if !cookie.value.is_empty() && self.0.len() < MOST {
                self.0.push(cookie);
            }
        }
    }

    /// What is shown to an address.
    pub(super) fn shown_to(&self, address: &Url) -> Option<String> {
        let host = address.host_str()?.to_ascii_lowercase();
        let fitting = self.0.iter().filter(|cookie| {
            let is_there = cookie.host == host || cookie.is_wide && is_within(&host, &cookie.host);
            is_there
                && is_below(address.path(), &cookie.path)
                && (!cookie.is_secure || address.scheme() == "https")
        });
        let pairs: Vec<String> = fitting
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

fn read(set: &str, address: &Url) -> Option<Cookie> {
    if set.len() > LONGEST {
        return None;
    }
    let mut parts = set.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let own = address.host_str()?.to_ascii_lowercase();
    let folder = address
        .path()
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let mut cookie = Cookie {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        host: own.clone(),
        is_wide: false,
        path: folder.to_owned(),
        is_secure: false,
    };
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "domain" => {
                let domain = value.trim().trim_start_matches('.').to_ascii_lowercase();
                // A whole top-level domain is nobody's, and numbers have no parts.
                let is_name = matches!(address.host(), Some(Host::Domain(_)));
                if domain == own {
                    cookie.is_wide = is_name;
                } else if is_name && domain.contains('.') && is_within(&own, &domain) {
                    cookie.host = domain;
                    cookie.is_wide = true;
                } else if !domain.is_empty() {
                    return None;
                }
            }
            "path" if value.trim().starts_with('/') => {
                cookie.path = value.trim().trim_end_matches('/').to_owned();
            }
            "secure" => cookie.is_secure = true,
            "max-age" if value.trim().parse::<i64>().is_ok_and(|age| age <= 0) => {
                cookie.value.clear();
            }
            _ => {}
        }
    }
    (!cookie.name.is_empty()).then_some(cookie)
}

/// Whether a host is a part of a domain.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|before| before.ends_with('.'))
}

/// Whether a path lies in a folder, which has no slash at its end.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
