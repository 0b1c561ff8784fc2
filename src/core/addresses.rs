//! Addresses: as they are kept, as they are compared, and as others may see them.

use std::borrow::Cow;

use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::bounds::{ADDRESS_LENGTH, PICTURE_LENGTH};

/// The part of a page that a link names, where it names one and doesn't track who follows it.
pub fn fragment(link: &str) -> Option<String> {
    let (_, fragment) = link.trim().split_once('#')?;
    let tracks = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_known = |known: &&str| name.eq_ignore_ascii_case(known);
        is_tracking(name, value)
            || (!value.is_empty() || name == "rss") && TRACKING_FRAGMENTS.iter().any(is_known)
    };
    // `#:~:text=` only leads the eye.
    let fragment = fragment.split(":~:").next().unwrap_or_default();
    let is_none = fragment.is_empty() || fragment.split('&').all(tracks);
    (!is_none).then(|| fragment.to_owned())
}

fn leads_the_eye(url: &Url) -> bool {
    url.fragment()
        .is_some_and(|fragment| fragment.starts_with(":~:"))
}

/// Whether two links lead to the same place: a fragment counts where both have one.
pub fn is_same_link(one: &str, other: &str) -> bool {
    canonical_link(one) == canonical_link(other)
        && match (fragment(one), fragment(other)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
}

/// Whether an address is that of a site's front page, and so of no story: `https://yna.example/`.
pub fn is_front_page(address: &str) -> bool {
    // Nearly all addresses have more slashes.
    const MOST_SLASHES: usize = 3;
    address.split('/').nth(MOST_SLASHES + 1).is_none()
        && url::Url::parse(address)
            .is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none())
}

/// The key of a canonical link.
pub fn link_key(link: &str) -> i64 {
    xxh3_64(canonical_link(link).as_bytes()).cast_signed()
}

/// The key that older versions gave a link, where that was another one: how its path is escaped mattered.
pub fn former_link_key(link: &str) -> Option<i64> {
    if !link.contains('%') {
        return None;
    }
    let former = canonical(link, |path| Cow::Borrowed(path));
    let former = xxh3_64(former.as_bytes()).cast_signed();
    (former != link_key(link)).then_some(former)
}

/// Fragments that only say where a reader came from, besides [`TRACKING`].
const TRACKING_FRAGMENTS: &[&str] = &[
    "echobox", "rss", "ref", "from", "source", "src", "intcid", "cid", "ftag", "tk", "track",
    "tracking",
];

/// Query parameters that say where a reader came from, not what is read.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "igsh",
    "ref_src",
    "mkt_tok",
    "srsltid",
    "vero_id",
    "oly_anon_id",
    "oly_enc_id",
    "ck_subscriber_id",
    "_bhlid",
    "_hsenc",
    "_hsmi",
    "_ga",
    "_gl",
    "gclsrc",
    "xtor",
    "at_medium",
    "at_campaign",
];

/// How names of such parameters begin: those of Google, Matomo, Piwik and HubSpot.
const TRACKING_BEGINS: &[&str] = &["utm_", "mtm_", "matomo_", "pk_", "piwik_", "gad_", "hsa_"];

/// Whether a parameter says where a reader came from. `ref` does where its value is a host, as Ghost writes it;
/// elsewhere it may be a branch or a reference.
fn is_tracking(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING_BEGINS.iter().any(|begin| name.starts_with(begin))
        || TRACKING.contains(&name.as_str())
        || name == "ref" && value.contains('.') && !value.contains('/')
}

/// Pages that only lead on, with the parameter that says where.
const REDIRECTORS: &[(&str, &str, &str)] = &[
    ("google.com", "/url", "q"),
    ("google.com", "/url", "url"),
    ("l.facebook.com", "/l.php", "u"),
    ("lm.facebook.com", "/l.php", "u"),
];

/// Where a link leads in the end, as far as it says so itself.
fn behind_redirector(url: Url) -> Url {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let leads_on = REDIRECTORS.iter().find_map(|(at, path, parameter)| {
        if host != *at || url.path() != *path {
            return None;
        }
        let (_, target) = url.query_pairs().find(|(name, _)| name == parameter)?;
        Url::parse(&target).ok().filter(Url::has_host)
    });
    leads_on.unwrap_or(url)
}

/// A link as it is kept: absolute, http or https, without what tracks readers. `None` if it leads nowhere else.
pub fn clean_link(base: Option<&str>, href: &str) -> Option<String> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') || href.len() > ADDRESS_LENGTH.most {
        return None;
    }
    // Some programs escape what they have escaped already.
    let href = match href.contains("&amp;") {
        true => Cow::Owned(href.replace("&amp;", "&")),
        false => Cow::Borrowed(href),
    };
    let href = match href.get(..4) {
        // A host that somebody wrote as people say it.
        Some(www) if www.eq_ignore_ascii_case("www.") => Cow::Owned(format!("https://{href}")),
        _ => href,
    };
    // Most links are absolute, and a base is as long to read as they are.
    let is_absolute = href.starts_with("https://") || href.starts_with("http://");
    let base = base.filter(|_| !is_absolute);
    let mut url = match base.and_then(|base| Url::parse(base).ok()) {
        Some(base) => base.join(&href).ok()?,
        None if href.starts_with("//") => Url::parse(&format!("https:{href}")).ok()?,
        None => Url::parse(&href).ok()?,
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    url = behind_redirector(url);
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let tracks = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        is_tracking(name, value)
    };
    // What isn't tracking stays as it is written.
    let query = url.query().map(|query| {
        let kept: Vec<&str> = query.split('&').filter(|pair| !tracks(pair)).collect();
        kept.join("&")
    });
    url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    if url.fragment().is_some() && fragment(url.as_str()).is_none() && !leads_the_eye(&url) {
        url.set_fragment(None);
    }
    // Letters that aren't ASCII are escaped by now, each byte in three.
    Some(url.into()).filter(|link: &String| link.len() <= ADDRESS_LENGTH.most)
}

/// The address of a picture as it is kept: cleaned as links are, and no longer than whoever shows pictures takes.
pub fn clean_picture(base: Option<&str>, src: &str) -> Option<String> {
    /// Thousands of short addresses would each become as long as the base that they are joined to.
    const LONGEST_BASE: usize = 512;
    let base = base.filter(|base| base.len() <= LONGEST_BASE);
    let src = Some(src).filter(|src| src.len() <= PICTURE_LENGTH.most)?;
    clean_link(base, src).filter(|picture| picture.len() <= PICTURE_LENGTH.most)
}

/// A link as it is compared: scheme and `www.` don't matter, nor do tracking parameters, a final slash, and how the letters of its
/// path are escaped. Of its fragment see [`is_same_link`].
pub fn canonical_link(link: &str) -> String {
    canonical(link, escaped_alike)
}

fn canonical(link: &str, path: impl for<'p> Fn(&'p str) -> Cow<'p, str>) -> String {
    let Ok(mut url) = Url::parse(link.trim()) else {
        return link.trim().to_owned();
    };
    url.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| !is_tracking(name, value))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
    let path = path(url.path());
    let path = path.trim_end_matches('/');
    let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
    format!("{host}{port}{path}{query}")
}

/// A path in which what needs no escape has none, and escapes are written in capitals (RFC 3986, sections 6.2.2.1 and 6.2.2.2).
fn escaped_alike(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut pieces = path.split('%');
    let mut alike = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece
            .get(..2)
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match byte.map(char::from) {
            Some(c) if c.is_ascii_alphanumeric() || "-._~".contains(c) => {
                alike.push(c);
                alike.push_str(&piece[2..]);
            }
            Some(_) => {
                alike.push('%');
                alike.push_str(&piece[..2].to_ascii_uppercase());
                alike.push_str(&piece[2..]);
            }
            None => {
                alike.push('%');
                alike.push_str(piece);
            }
        }
    }
    Cow::Owned(alike)
}

/// An address without a name and password.
pub fn without_credentials(mut address: Url) -> Url {
    // Only addresses without a host refuse, and have neither.
    let _ = address.set_username("");
    let _ = address.set_password(None);
    address
}

/// Parameters whose values are keys.
const SECRET: &[&str] = &[
    "token",
    "key",
    "secret",
    "auth",
    "password",
    "sig",
    "signature",
];

/// An address as logs and lists show it: without name and password, and without the values of keys.
pub fn redacted_url(address: &Url) -> String {
    let mut address = without_credentials(address.clone());
    let shown = address.query().map(|query| {
        let hidden = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_secret(name) => format!("{name}=..."),
            _ => pair.to_owned(),
        });
        hidden.collect::<Vec<_>>().join("&")
    });
    address.set_query(shown.as_deref());
    address.into()
}

/// A document's name as logs and lists show it. On the web it is the address, whole: two that differ in a key alone are two.
pub fn redacted_name(name: &str) -> Cow<'_, str> {
    let is_address = name.starts_with("https://") || name.starts_with("http://");
    match Url::parse(name) {
        Ok(address) if is_address => Cow::Owned(redacted_url(&address)),
        _ => Cow::Borrowed(name),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut words = name.split(['_', '-', '.']);
    words.any(|word| SECRET.iter().any(|secret| word.ends_with(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_is_longer_than_servers_take() {
        let link = |letters: usize| {
            clean_link(None, &format!("https://n.example/{}", "é".repeat(letters)))
        };
        let most = (ADDRESS_LENGTH.most - "https://n.example/".len()) / "%C3%A9".len();
        assert!(link(most).is_some());
        assert_eq!(link(most + 1), None);
    }

    #[test]
    fn one_path_may_be_escaped_in_several_ways() {
        for (one, other) in [
            ("/%ED%95%9C%EA%B5%AD/", "/%ed%95%9c%ea%b5%ad"),
            ("/%ED%95%9C%EA%B5%AD", "/한국"),
            ("/~u/a-b", "/%7Eu/a%2db"),
            ("/100%", "/100%"),
            ("/%zz%4", "/%zz%4"),
        ] {
            let [one, other] = [one, other].map(|path| format!("https://news.example{path}"));
            assert!(is_same_link(&one, &other), "{one} {other}");
            assert_eq!(link_key(&one), link_key(&other));
            let former = [&one, &other].map(|link| former_link_key(link).is_some());
            assert_eq!(former[0], one.contains("%7E"), "{one}");
            assert_eq!(
                former[1],
                other.contains("%e") || other.contains("%7E"),
                "{other}"
            );
        }
        for (one, other) in [("/a%2Fb", "/a/b"), ("/a%25", "/a"), ("/A", "/a")] {
            let [one, other] = [one, other].map(|path| format!("https://news.example{path}"));
            assert!(!is_same_link(&one, &other), "{one} {other}");
        }
    }
}
