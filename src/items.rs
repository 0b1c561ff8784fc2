//! Items: what a draft becomes when it is filed, and what makes two drafts the same item.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::bounds::ADDRESS_LENGTH;
use crate::ids::{ItemId, SectionSlug};
use crate::text;

/// A title repeated within this many days in one source is the same item (design.md, promise 2).
pub const SAME_TITLE_DAYS: i64 = 30;

/// When something was published: to the day, or to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Published {
    /// A day, in whatever zone the publisher lives.
    Date(Date),
    /// A moment.
    Time(Timestamp),
}

impl Published {
    /// The moment to sort by, in seconds since 1970: a day counts from its midnight in UTC.
    pub fn seconds(self) -> i64 {
        match self {
            Published::Date(date) => date
                .to_zoned(TimeZone::UTC)
                .map_or(0, |midnight| midnight.timestamp().as_second()),
            Published::Time(time) => time.as_second(),
        }
    }

    /// The day to show to a reader in `zone`.
    pub fn day(self, zone: &TimeZone) -> Date {
        match self {
            Published::Date(date) => date,
            Published::Time(time) => time.to_zoned(zone.clone()).date(),
        }
    }

    /// Takes back what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// The text, if it is neither an RFC 3339 date nor a time.
    pub fn parse(text: &str) -> Result<Published, String> {
        if text.len() == 10 {
            text.parse().map(Published::Date).map_err(|_| text.into())
        } else {
            text.parse().map(Published::Time).map_err(|_| text.into())
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Published::Date(date) => date.fmt(f),
            Published::Time(time) => time.fmt(f),
        }
    }
}

/// A stored headline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Its number.
    pub id: ItemId,
    /// The section it is filed under.
    pub section: SectionSlug,
    /// The name of the source it came from.
    pub source: String,
    /// Plain text, one line.
    pub title: String,
    /// Plain text; paragraphs are separated by an empty line. May be empty.
    pub summary: String,
    /// Where the whole story is.
    pub link: Option<String>,
    /// When it was published, if known.
    pub published: Option<Published>,
    /// Where it stands among all items.
    pub place: Place,
}

/// Where an item stands in “newest first”: published date descending, then the order in the document,
/// then the order of arrival. Smaller is newer. As a cursor it stays right while items arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Seconds since 1970, negated.
    pub rank: i64,
    /// The place in the document, from 0.
    pub position: i64,
    /// The item's number.
    pub id: i64,
}

impl Place {
    /// Before every item.
    pub const TOP: Place = Place {
        rank: i64::MIN,
        position: i64::MIN,
        id: i64::MIN,
    };
}

/// Bits of a title's key that say when it was published, in stretches of [`SAME_TITLE_DAYS`].
const TIME_BITS: u32 = 16;

/// The key under which titles are compared: a hash behind the time, so that titles of one time lie side by
/// side in the index and loading an archive in its order touches few pages. Equal titles of one stretch of
/// time have equal keys; whoever finds an equal key compares the folded titles themselves.
pub fn title_key(title: &str, rank: i64) -> i64 {
    let hash = key(&text::fold(title)).cast_unsigned() >> TIME_BITS;
    (stretch(rank) << (64 - TIME_BITS)) | hash.cast_signed()
}

/// The keys that an equal title within [`SAME_TITLE_DAYS`] may have.
pub fn near_title_keys(title_key: i64) -> [i64; 3] {
    let step = 1 << (64 - TIME_BITS);
    [
        title_key,
        title_key.wrapping_sub(step),
        title_key.wrapping_add(step),
    ]
}

fn stretch(rank: i64) -> i64 {
    rank.saturating_neg().div_euclid(SAME_TITLE_DAYS * 86_400)
}

/// The key of a canonical link.
pub fn link_key(link: &str) -> i64 {
    key(&canonical_link(link))
}

fn key(text: &str) -> i64 {
    xxh3_64(text.as_bytes()).cast_signed()
}

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
    let href = href.replace("&amp;", "&");
    let href = match href.get(..4) {
        // A host that somebody wrote as people say it.
        Some(www) if www.eq_ignore_ascii_case("www.") => format!("https://{href}"),
        _ => href,
    };
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
    Some(url.into())
}

/// A link as it is compared: scheme and `www.` don't matter, nor do fragment, tracking parameters and a
/// final slash.
pub fn canonical_link(link: &str) -> String {
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
    let path = url.path().trim_end_matches('/');
    let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
    format!("{host}{port}{path}{query}")
}
