//! What a configuration says, checked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use super::redaction::{Redaction, password};
use super::tokens::Tokens;
use tidings_core::channel::Defaults;
use tidings_core::delivery::Rate;
use tidings_core::ids::{ChannelKey, SectionSlug};
use tidings_core::pages::Pages;
use tidings_core::schedule::Zone;
use tidings_core::section::Definition;
use tidings_reader::{Layout, Selectors};
use tidings_store::StoreAddress;

/// The whole configuration, checked.
#[derive(Debug)]
pub struct Settings {
    /// The configuration file, as it was named.
    pub file: PathBuf,
    /// Where everything is kept.
    pub store: StoreSettings,
    /// What holds for channels that set nothing.
    pub defaults: Defaults,
    /// How Telegram is reached, and how fast.
    pub telegram: TelegramSettings,
    /// How Discord is reached.
    pub discord: DiscordSettings,
    /// Who is told when something is wrong.
    pub operator: Operator,
    /// How sources on the web are fetched.
    pub fetch: FetchBounds,
    /// Where metrics and health are served; nowhere unless it is set.
    pub http: Option<SocketAddr>,
    /// Where archive and dashboard are served on the web; nowhere unless one of them is wanted.
    pub web: Option<WebSettings>,
    /// The sections, in the order of the file, which is the order in which their phrases are tried.
    pub sections: Vec<Section>,
    /// The sources, in the order of the file.
    pub sources: Vec<SourceSettings>,
    /// The platforms' tokens, from the environment or the files it names.
    pub tokens: Tokens,
    /// A number for what processes that share a store have to agree about: `[defaults]`, sections, sources, `[operator]`, as they
    /// are written. Where a folder lies on a machine is that machine's; another version of Tidings reckons the same.
    pub fingerprint: i64,
}

impl Settings {
    /// What readers call the sources whose label is configured, by their names.
    pub fn labels(&self) -> BTreeMap<String, String> {
        let labelled = self.sources.iter().filter_map(|source| {
            let label = source.label.clone()?;
            Some((source.name.clone(), label))
        });
        labelled.collect()
    }

    /// Where the archive's pages are, if chat may lead there: others than this machine have to see them.
    pub fn pages(&self) -> Option<Pages> {
        let web = self.web.as_ref();
        let web = web.filter(|web| web.archive && !web.is_near());
        web.map(|web| Pages::at(web.base()))
    }

    /// What is needed to keep the secrets out of texts.
    pub fn redaction(&self) -> Redaction {
        let secret = match &self.store.address {
            StoreAddress::Server(url) => password(url),
            StoreAddress::File(_) => None,
        };
        Redaction::of(self.tokens.all().chain(secret))
    }

    /// The sections as the configuration has them.
    pub fn definitions(&self) -> Vec<Definition> {
        let sections = self.sections.iter();
        sections
            .map(|section| Definition {
                slug: section.slug.clone(),
                title: section.title.clone(),
                headings: section.headings.clone(),
                phrases: section.phrases.clone(),
            })
            .collect()
    }
}

/// `[store]`
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// Where it is.
    pub address: StoreAddress,
    /// How long a duty stays with the process that has it, unless that renews it; only where processes share a store.
    pub lease: Duration,
    /// How long parts are kept after they arrived; with `None` for ever.
    pub keep_sent: Option<Duration>,
    /// How long channels are kept after their deliveries stopped; with `None` for ever.
    pub keep_paused: Option<Duration>,
}

/// `[fetch]`: how an operator bounds fetching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchBounds {
    /// Between two requests to one host and port.
    pub host_pause: Duration,
    /// How long one fetch may take in all.
    pub patience: Duration,
    /// The largest document after decompression, in bytes.
    pub largest: usize,
    /// The most items that a document may hold.
    pub items: usize,
}

/// `[operator]`: who is told when something is wrong.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The channel that is told; with `None` the log alone.
    pub notify: Option<ChannelKey>,
    /// Who looks at what sources with `hold` bring: people, by their private chats; on Discord by their own numbers.
    pub editors: Vec<ChannelKey>,
    /// How long a source or a platform may fail until that is told.
    pub failing: Duration,
    /// How long nothing new may be loaded until that is told; with `None` it never is.
    pub quiet: Option<Duration>,
}

/// `[web]`: the archive, on pages that everybody reads, and the dashboard, for editors and whoever runs the bot.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// Where this process listens.
    pub listen: SocketAddr,
    /// The address that people see: http or https, a host and perhaps a port, nothing else. A [`Url`] without a path always
    /// prints one: see [`WebSettings::base`].
    pub url: Url,
    /// Whether the archive is served.
    pub archive: bool,
    /// Whether the dashboard is served.
    pub dashboard: bool,
}

impl WebSettings {
    /// The address that people see as text to which a path can be added: never a slash at the end.
    pub fn base(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Returns true if people see the pages on this machine alone.
    pub fn is_on_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        }
    }

    /// Returns true if only this machine, or a private network, reaches the pages.
    pub fn is_near(&self) -> bool {
        match self.url.host() {
            Some(Host::Ipv4(address)) => {
                address.is_loopback()
                    || address.is_private()
                    || address.is_link_local()
                    || address.is_unspecified()
            }
            Some(Host::Ipv6(address)) => {
                address.is_loopback()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
                    || address.is_unspecified()
            }
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => true,
        }
    }
}

/// `[telegram]`
#[derive(Clone, Debug)]
pub struct TelegramSettings {
    /// Where the Bot API is.
    pub server: PlatformSettings,
    /// Set where Telegram brings updates by itself; otherwise they are polled for.
    pub webhook: Option<Webhook>,
    /// Messages over all; `None` is without a limit, as are the others.
    pub rate: Option<Rate>,
    /// Messages in one chat.
    pub chat_rate: Option<Rate>,
    /// Messages in one group or channel, besides.
    pub group_rate: Option<Rate>,
}

impl TelegramSettings {
    /// As [`PlatformSettings::base`].
    pub fn base(&self) -> &str {
        self.server.base()
    }
}

/// Where Telegram brings updates to.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The address for Telegram: https, as it is seen from outside.
    pub url: Url,
    /// Where this process listens for it.
    pub listen: SocketAddr,
}

/// `[discord]`
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    /// Where the API is.
    pub server: PlatformSettings,
    /// Commands are registered in these servers alone, where they are there at once; empty for everywhere.
    pub guilds: Vec<u64>,
    /// Which connections this process holds.
    pub shards: Shards,
    /// Requests over all; `None` is without a limit.
    pub rate: Option<Rate>,
}

impl DiscordSettings {
    /// As [`PlatformSettings::base`].
    pub fn base(&self) -> &str {
        self.server.base()
    }
}

/// Which of Discord's connections this process holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shards {
    /// As many as Discord advises.
    Auto,
    /// Some of several that other processes share.
    Range {
        /// The first, counted from 0.
        first: u32,
        /// The last.
        last: u32,
        /// All there are.
        total: u32,
    },
}

impl Shards {
    /// How many there are in all; `None` for as many as Discord advises.
    pub fn total(self) -> Option<u32> {
        match self {
            Shards::Auto => None,
            Shards::Range { total, .. } => Some(total),
        }
    }

    /// Whether another process has to hold some of them.
    pub fn is_some(self) -> bool {
        match self {
            Shards::Auto => false,
            Shards::Range { first, last, total } => first > 0 || last + 1 < total,
        }
    }
}

/// The server of a platform.
#[derive(Clone, Debug)]
pub struct PlatformSettings {
    /// The API server: http or https, without user name, query or fragment. Its path has no slash at the
    /// end, except that a [`Url`] without a path always prints one: see [`PlatformSettings::base`].
    pub api_url: Url,
}

impl PlatformSettings {
    /// The API server as text to which a path such as `/api/v10` can be added: never a slash at the end.
    pub fn base(&self) -> &str {
        self.api_url.as_str().trim_end_matches('/')
    }
}

/// `[[section]]`
#[derive(Clone, Debug)]
pub struct Section {
    /// Its stable name; no two sections share one.
    pub slug: SectionSlug,
    /// Its name for readers.
    pub title: String,
    /// Headings of digest pages that mean this section. Folded, no two sections share a heading, title or slug.
    pub headings: Vec<String>,
    /// Phrases that claim an item with no heading of its own (the key `match`).
    pub phrases: Vec<String>,
}

/// `[[source]]`
#[derive(Clone, Debug)]
pub struct SourceSettings {
    /// Its name; no two sources share one, and none is called `files`.
    pub name: String,
    /// What it reads, and where.
    pub kind: SourceKind,
    /// The phrases at which a page ends.
    pub stop_at: Vec<String>,
    /// How blank lines are read.
    pub layout: Layout,
    /// The time between two looks, at least a second.
    pub poll: Duration,
    /// The longest time between two fetches of a source on the web that doesn't change, however long its server says
    /// that an answer holds; not less than `poll`.
    pub poll_max: Duration,
    /// The section of items that nothing else places; with `None` they go to `more`.
    pub section: Option<SectionSlug>,
    /// Items published longer ago than this are stored, not pushed; with `None` all are pushed.
    pub max_age: Option<Duration>,
    /// So many items of one pass are pushed at most, the newest ones; with `None` all are.
    pub max_burst: Option<usize>,
    /// How long what it brings waits for its editors; with `None` it is news at once.
    pub hold: Option<Duration>,
    /// The zone of moments that it writes without one, and of first sights; with `None` the former stay days, and the
    /// latter are days in the zone of `[defaults]`.
    pub timezone: Option<Zone>,
    /// Its name for readers; with `None` what its feed calls itself, else `name`.
    pub label: Option<String>,
    /// Items whose titles hold such a phrase aren't loaded.
    pub ignore: Vec<String>,
    /// Hosts on private addresses that it may be fetched from.
    pub allow_private: Vec<String>,
    /// Where its web pages have what.
    pub selectors: Selectors,
}

/// A text as the configuration file has it.
pub fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Where a source's documents come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// The files of a folder.
    Folder {
        /// The folder, which may not exist yet.
        path: PathBuf,
    },
    /// An address on the web.
    Web {
        /// The address.
        url: Url,
        /// What is there.
        kind: WebKind,
        /// Where an index has its links to digests, as a CSS selector; with `None` the page is the digest.
        follow: Option<String>,
    },
}

/// What is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebKind {
    /// A feed.
    Feed,
    /// A web page.
    Page,
}
