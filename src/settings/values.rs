//! Texts of the configuration turned into types. `None` means that the problem has been noted.

use std::net::SocketAddr;
use std::time::Duration;

use url::{Host, Url};

use super::keys::token_belongs_elsewhere;
use super::model::Shards;
use super::problems::{Problems, nearest};
use super::raw::Text;
use tidings_core::delivery::Rate;
use tidings_core::ids::{ChannelKey, SectionSlug};
use tidings_core::language::Locale;
use tidings_core::schedule::{Cadence, Zone};
use tidings_reader::Layout;

pub(super) fn zone(text: &Text, problems: &mut Problems) -> Option<Zone> {
    Zone::told(&text.value)
        .map_err(|error| problems.error(&text.spot, &error.to_string()))
        .ok()
}

pub(super) fn cadence(text: &Text, problems: &mut Problems) -> Option<Cadence> {
    Cadence::parse(&text.value)
        .map_err(|error| {
            let error = error.to_string();
            let error = error.trim_end_matches('.');
            problems.error(&text.spot, &format!("{error}. {}", text.example()));
        })
        .ok()
}

pub(super) fn slug(text: &Text, problems: &mut Problems) -> Option<SectionSlug> {
    SectionSlug::parse(&text.value)
        .map_err(|error| problems.error(&text.spot, &error))
        .ok()
}

pub(super) fn locale(text: &Text, problems: &mut Problems) -> Option<Locale> {
    let locale = Locale::parse(&text.value);
    if locale.is_none() {
        let codes: Vec<&str> = Locale::all().map(Locale::code).collect();
        choice(text, &codes, problems);
    }
    locale
}

pub(super) fn layout(text: &Text, problems: &mut Problems) -> Option<Layout> {
    match text.value.as_str() {
        "double" => Some(Layout::Double),
        "single" => Some(Layout::Single),
        _ => {
            choice(text, &["double", "single"], problems);
            None
        }
    }
}

/// Notes that a text isn't what it has to be.
fn isnt(text: &Text, what: &str, problems: &mut Problems) {
    let reason = format!(
        "is {:?}, which isn't {what}. {}",
        text.value,
        text.example()
    );
    problems.add(&text.spot, &reason);
}

/// Notes that a text isn't one of a few words.
pub(super) fn choice(text: &Text, words: &[&str], problems: &mut Problems) {
    let hint = match nearest(&text.value, words.iter().copied()) {
        Some(word) => format!(" Did you mean {word}?"),
        None => String::new(),
    };
    let reason = format!(
        "is {:?}, but has to be {}.{hint}",
        text.value,
        words.join(" or ")
    );
    problems.add(&text.spot, &reason);
}

/// A duration of at least a second: `30s`, `5m`, `1h` or `30d` (days of 24 hours).
pub(super) fn duration(text: &Text, problems: &mut Problems) -> Option<Duration> {
    /// A hundred years: dates this far apart can still be reckoned with.
    const MOST: u64 = 36_500 * 86_400;
    let number = text.value.trim_end_matches(|c: char| !c.is_ascii_digit());
    let seconds = match &text.value[number.len()..] {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3_600),
        "d" => Some(86_400),
        _ => None,
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let Some(seconds) = seconds.filter(|_| digits) else {
        isnt(
            text,
            "a duration: a whole number and s, m, h or d",
            problems,
        );
        return None;
    };
    // Digits alone only fail to parse when there are too many of them.
    let number = number.parse().unwrap_or(u64::MAX);
    let duration = number.saturating_mul(seconds);
    if (1..=MOST).contains(&duration) {
        return Some(Duration::from_secs(duration));
    }
    let reason = format!("is {:?}, but has to be from 1s to 36500d.", text.value);
    problems.add(&text.spot, &reason);
    None
}

/// A duration, or a word for none at all.
pub(super) fn duration_or(
    text: &Text,
    word: &str,
    problems: &mut Problems,
) -> Option<Option<Duration>> {
    if text.value == word {
        return Some(None);
    }
    duration(text, problems).map(Some)
}

/// An address that documents come from. Messages don't show it: some hold a key.
pub(super) fn source_url(text: &Text, problems: &mut Problems) -> Option<Url> {
    match Url::parse(&text.value) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => Some(url),
        _ => {
            let reason = "has to be an address that begins with http:// or https://.";
            problems.add(&text.spot, &format!("{reason} {}", text.example()));
            None
        }
    }
}

/// Whether a text is a host, as it stands in an address: a name or a number, without port, path or pattern.
pub(super) fn host(text: &Text, problems: &mut Problems) -> bool {
    let name = text.value.trim_matches(['[', ']']);
    let is_one = name.parse::<std::net::IpAddr>().is_ok()
        || name
            .chars()
            .all(|c| c.is_alphanumeric() || "-_.".contains(c));
    if !is_one {
        let reason = format!(
            "holds {:?}, which isn't a host: a name or a number, without port, path or pattern. {}",
            text.value,
            text.example()
        );
        problems.add(&text.spot, &reason);
    }
    is_one
}

/// Whether a text is a CSS selector.
pub(super) fn selector(text: &Text, problems: &mut Problems) -> bool {
    let is_one = tidings_reader::html::links::is_selector(&text.value);
    if !is_one {
        isnt(text, "a CSS selector", problems);
    }
    is_one
}

/// A whole number of at least 1.
pub(super) fn count(text: &Text, problems: &mut Problems) -> Option<usize> {
    let count = text.value.parse().ok().filter(|count| *count > 0);
    if count.is_none() {
        isnt(text, "a whole number from 1", problems);
    }
    count
}

/// A size: a whole number of kB or MB.
pub(super) fn size(text: &Text, problems: &mut Problems) -> Option<usize> {
    let number = text.value.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text.value[number.len()..].trim() {
        "kB" | "KB" => Some(1_000),
        "MB" => Some(1_000_000),
        _ => None,
    };
    let size = number.parse::<usize>().ok().zip(unit);
    let size = size
        .and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|size| *size > 0);
    if size.is_none() {
        isnt(text, "a size: a whole number and kB or MB", problems);
    }
    size
}

/// A channel, as it is written everywhere.
pub(super) fn channel(text: &Text, problems: &mut Problems) -> Option<ChannelKey> {
    let key: Option<ChannelKey> = text.value.parse().ok();
    let platforms = ["telegram", "discord", "console"];
    if let Some(key) = &key
        && !platforms.contains(&key.platform())
    {
        let hint = nearest(key.platform(), platforms)
            .map_or(String::new(), |name| format!(" Did you mean {name}?"));
        let reason = format!(
            "is {:?}, but there is no platform {:?}.{hint} {}",
            text.value,
            key.platform(),
            text.example()
        );
        problems.add(&text.spot, &reason);
        return None;
    }
    let key = key.filter(|key| is_address(key.platform(), key.address()));
    if key.is_none() {
        isnt(
            text,
            "a channel: a platform, a colon and its number there",
            problems,
        );
    }
    key
}

/// An editor: a person, by the private chat on Telegram, on Discord by their own number.
pub(super) fn editor(text: &Text, problems: &mut Problems) -> Option<ChannelKey> {
    let key = channel(text, problems)?;
    let is_person = match key.platform() {
        "telegram" => !key.address().starts_with('-') && !key.address().contains('/'),
        platform => platform == "discord",
    };
    if !is_person {
        isnt(
            text,
            "a person: telegram: and the number of a private chat, or discord: and a user's number",
            problems,
        );
        return None;
    }
    Some(key)
}

/// Whether an address can be one of a platform's channels.
fn is_address(platform: &str, address: &str) -> bool {
    let is_number = |text: &str| text.parse::<u64>().is_ok_and(|number| number > 0);
    match platform {
        "telegram" => {
            let (chat, topic) = match address.split_once('/') {
                Some((chat, topic)) => (chat, Some(topic)),
                None => (address, None),
            };
            is_number(chat.strip_prefix('-').unwrap_or(chat)) && topic.is_none_or(is_number)
        }
        "discord" => is_number(address),
        _ => true,
    }
}

/// An address and a port of this machine; a port alone is the loopback's.
pub(super) fn listen_near(text: &Text, problems: &mut Problems) -> Option<SocketAddr> {
    match text.value.parse() {
        Ok(port) => Some(SocketAddr::from(([127, 0, 0, 1], port))),
        Err(_) => listen(text, problems),
    }
}

/// The address of an API server. Messages don't show it: people paste tokens into such addresses.
pub(super) fn api_url(text: &Text, problems: &mut Problems) -> Option<Url> {
    let reason = match Url::parse(&text.value) {
        Ok(url) if !["http", "https"].contains(&url.scheme()) => {
            "has to begin with http:// or https://.".to_owned()
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            "has to begin with http:// or https://.".to_owned()
        }
        Err(error) => format!("isn't an address: {error}."),
        Ok(url) if holds_token(&url) => {
            problems.add(&text.spot, &token_belongs_elsewhere("telegram"));
            return None;
        }
        Ok(url) if !is_bare(&url) => {
            "has to be a server's address without a user name, ? or #.".to_owned()
        }
        Ok(mut url) => {
            let path = url.path().trim_end_matches('/').to_owned();
            url.set_path(&path);
            return Some(url);
        }
    };
    problems.add(&text.spot, &format!("{reason} {}", text.example()));
    None
}

/// True or false.
pub(super) fn flag(text: &Text, problems: &mut Problems) -> Option<bool> {
    let flag = text.value.parse().ok();
    if flag.is_none() {
        isnt(text, "true or false", problems);
    }
    flag
}

/// The address at which people see the pages: a scheme, a host, perhaps a port.
pub(super) fn web_url(text: &Text, problems: &mut Problems) -> Option<Url> {
    let url = api_url(text, problems)?;
    if url.path() != "/" {
        let reason =
            "has to be a scheme, a host and perhaps a port, without a path: pages have their own.";
        problems.add(&text.spot, &format!("{reason} {}", text.example()));
        return None;
    }
    Some(url)
}

/// The address that Telegram calls. Telegram itself takes only https.
pub(super) fn webhook_url(text: &Text, problems: &mut Problems) -> Option<Url> {
    let url = api_url(text, problems)?;
    let is_near = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "http" && !is_near {
        let reason = "begins with http://, but Telegram calls only https:// addresses. Put a server that speaks \
                      https in front of [telegram] listen.";
        problems.add(&text.spot, &format!("{reason} {}", text.example()));
        return None;
    }
    if url.path() == "/" {
        let reason = "needs a path, so that not everybody's visits are updates.";
        problems.add(&text.spot, &format!("{reason} {}", text.example()));
        return None;
    }
    Some(url)
}

/// An address and a port of this machine.
pub(super) fn listen(text: &Text, problems: &mut Problems) -> Option<SocketAddr> {
    let address = text.value.parse().ok();
    if address.is_none() {
        isnt(text, "an address with a port", problems);
    }
    address
}

/// So many in a second, minute or hour (`30/s`, `20/m`), or `off`.
pub(super) fn rate(text: &Text, problems: &mut Problems) -> Option<Option<Rate>> {
    if text.value == "off" {
        return Some(None);
    }
    let parts = text.value.split_once('/').and_then(|(count, unit)| {
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => return None,
        };
        let count: usize = count.trim().parse().ok().filter(|count| *count > 0)?;
        Some(Rate {
            count: count.min(100_000),
            window: Duration::from_secs(seconds),
        })
    });
    if parts.is_none() {
        isnt(
            text,
            "a rate: a whole number, a slash and s, m or h; or off",
            problems,
        );
    }
    parts.map(Some)
}

/// The number of a Discord server (<https://docs.discord.com/developers/reference#snowflakes>).
pub(super) fn snowflake(text: &Text, problems: &mut Problems) -> Option<u64> {
    let number = text.value.parse().ok().filter(|number| *number > 0);
    if number.is_none() {
        isnt(text, "a server's number", problems);
    }
    number
}

/// `auto`, a number, or some of several: `16`, `0-3/16`, `5/16`.
pub(super) fn shards(text: &Text, problems: &mut Problems) -> Option<Shards> {
    if text.value == "auto" {
        return Some(Shards::Auto);
    }
    if let Some(total) = text.value.trim().parse().ok().filter(|total| *total > 0) {
        return Some(Shards::Range {
            first: 0,
            last: total - 1,
            total,
        });
    }
    let range = text.value.split_once('/').and_then(|(range, total)| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let (first, last, total) = (number(first)?, number(last)?, number(total)?);
        (first <= last && last < total).then_some(Shards::Range { first, last, total })
    });
    if range.is_none() {
        isnt(
            text,
            "auto, how many shards there are, or a range of them such as 0-3/16, counted from 0",
            problems,
        );
    }
    range
}

fn is_bare(url: &Url) -> bool {
    let user = !url.username().is_empty() || url.password().is_some();
    !user && url.query().is_none() && url.fragment().is_none()
}

/// Telegram's requests go to `/bot<token>/method`, and such an address is what examples on the web show.
fn holds_token(url: &Url) -> bool {
    let mut parts = url.path().split('/');
    parts.any(|part| part.starts_with("bot") && (part.contains(':') || part.contains("%3A")))
}

/// The text as it is compared. What folds to nothing would equal nothing, or everything.
pub(super) fn folded(text: &Text, problems: &mut Problems) -> Option<String> {
    let folded = tidings_core::text::fold(&text.value);
    if folded.is_empty() {
        let reason = format!(
            "is {:?}, without a letter or digit. {}",
            text.value,
            text.example()
        );
        problems.add(&text.spot, &reason);
        return None;
    }
    Some(folded)
}

pub(super) fn texts(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}
