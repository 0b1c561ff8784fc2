//! The table of all keys. It drives the check for unknown keys, the types, the defaults, the variables of
//! the environment and the examples in messages: a new key is one line here.

use super::problems::{Problems, Spot, nearest};

/// Why an address with a password isn't taken where it stands.
pub(super) const PASSWORD_BELONGS_ELSEWHERE: &str = "holds a password, which never comes from the configuration. Take it \
     out, and set the whole address in STORE_URL, or in the file that STORE_URL_FILE names.";

/// One table of the file.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Written `[[name]]`, any number of times.
    pub(super) repeated: bool,
    /// The key by which messages tell one of several apart.
    pub(super) label: &'static str,
    pub(super) keys: &'static [Key],
}

/// One key of a table.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) default: Option<&'static str>,
    pub(super) example: &'static str,
}

/// What may stand behind a key. Scalars can be overridden by the environment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// True or false, in quotes or without.
    Flag,
    /// A whole number, in quotes or without.
    Number,
    Texts,
    /// Whole numbers, in quotes or without.
    Numbers,
}

const fn single(name: &'static str, keys: &'static [Key]) -> Table {
    Table {
        name,
        repeated: false,
        label: "",
        keys,
    }
}

const fn repeated(name: &'static str, label: &'static str, keys: &'static [Key]) -> Table {
    Table {
        name,
        repeated: true,
        label,
        keys,
    }
}

const fn default(name: &'static str, default: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Text,
        default: Some(default),
        example: default,
    }
}

const fn text(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Text,
        default: None,
        example,
    }
}

const fn texts(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Texts,
        default: None,
        example,
    }
}

const fn numbers(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Numbers,
        default: None,
        example,
    }
}

const fn number(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Number,
        default: None,
        example,
    }
}

/// Off unless it is set.
const fn flag(name: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Flag,
        default: None,
        example: "true",
    }
}

const fn platform(api_url: &'static str) -> Key {
    default("api_url", api_url)
}

pub(super) static STORE: Table = single(
    "store",
    &[
        default("path", "../data/tidings.db"),
        text("url", "postgres://tidings@db.example.org/tidings"),
        default("lease", "10s"),
        default("keep_sent", "30d"),
        default("keep_paused", "forever"),
    ],
);
pub(super) static OPERATOR: Table = single(
    "operator",
    &[
        text("notify", "telegram:123456789"),
        texts("editors", "telegram:123456789"),
        default("failing", "6h"),
        default("quiet", "14d"),
    ],
);
pub(super) static FETCH: Table = single(
    "fetch",
    &[
        default("host_pause", "1s"),
        default("patience", "60s"),
        default("largest", "8MB"),
        number("items", "5000"),
    ],
);
pub(super) static HTTP: Table = single("http", &[text("listen", "127.0.0.1:9090")]);
pub(super) static WEB: Table = single(
    "web",
    &[
        text("listen", "127.0.0.1:8080"),
        text("url", "https://news.example.org"),
        flag("archive"),
        flag("dashboard"),
    ],
);
pub(super) static DEFAULTS: Table = single(
    "defaults",
    &[
        default("timezone", "UTC"),
        default("locale", "en"),
        default("when", "daily 09:00"),
    ],
);
pub(super) static TELEGRAM: Table = single(
    "telegram",
    &[
        platform("https://api.telegram.org"),
        text("webhook_url", "https://bot.example.org/tidings"),
        text("listen", "127.0.0.1:8081"),
        // From https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
        default("rate", "30/s"),
        default("chat_rate", "1/s"),
        default("group_rate", "20/m"),
    ],
);
pub(super) static DISCORD: Table = single(
    "discord",
    &[
        platform("https://discord.com"),
        numbers("guilds", "197038439483310086"),
        default("shards", "auto"),
        // From https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
        default("rate", "50/s"),
    ],
);
pub(super) static SECTION: Table = repeated(
    "section",
    "slug",
    &[
        text("slug", "us-nk"),
        text("title", "US–North Korea relations"),
        texts("headings", "US-NK Relations"),
        texts("match", "North Korea-US"),
    ],
);
pub(super) static SOURCE: Table = repeated(
    "source",
    "name",
    &[
        text("name", "digests"),
        text("kind", "folder"),
        text("path", "digests"),
        text("url", "https://example.org/news"),
        texts("stop_at", "Share this page"),
        text("layout", "single"),
        default("poll", "5m"),
        text("poll_max", "1h"),
        text("section", "us-nk"),
        text("timezone", "Asia/Seoul"),
        text("label", "Zoom in Korea"),
        texts("ignore", "Sponsored"),
        texts("allow_private", "127.0.0.1"),
        text("max_age", "30d"),
        number("max_burst", "100"),
        text("hold", "30m"),
        text("follow", "h2.entry-title a"),
        text("item", "article.item"),
        text("title", "h3"),
        text("summary", "p.summary"),
        text("link", "h3 a"),
        text("date", "time"),
    ],
);

pub(super) static TABLES: [&Table; 10] = [
    &STORE, &DEFAULTS, &TELEGRAM, &DISCORD, &OPERATOR, &FETCH, &HTTP, &WEB, &SECTION, &SOURCE,
];

impl Key {
    /// The key with a value that works.
    pub(super) fn assignment(&self) -> String {
        match self.shape {
            Shape::Text => format!("{} = {:?}", self.name, self.example),
            Shape::Number | Shape::Flag => format!("{} = {}", self.name, self.example),
            Shape::Texts => format!("{} = [{:?}]", self.name, self.example),
            Shape::Numbers => format!("{} = [{}]", self.name, self.example),
        }
    }
}

/// Reports a key that isn't in the table. Its value is never shown: it may be a token.
pub(super) fn unknown(spot: &Spot, table: Option<&Table>, key: &str, problems: &mut Problems) {
    if key.to_lowercase().contains("token") {
        problems.add(
            spot,
            &token_belongs_elsewhere(table.map_or("", |table| table.name)),
        );
        return;
    }
    let siblings: Vec<&str> = match table {
        Some(table) => table.keys.iter().map(|key| key.name).collect(),
        None => TABLES.iter().map(|table| table.name).collect(),
    };
    let full = |name: &str| table.map_or(name.to_owned(), |table| format!("{}.{name}", table.name));
    let elsewhere = TABLES
        .iter()
        .find(|other| other.keys.iter().any(|known| known.name == key));
    let hint = match (nearest(key, siblings.iter().copied()), elsewhere) {
        (Some(near), _) => format!("Did you mean {}?", full(near)),
        (None, Some(other)) => format!("Did you mean {}.{key}?", other.name),
        (None, None) => format!("Known here: {}.", siblings.join(", ")),
    };
    problems.add(spot, &format!("isn't a key of Tidings. {hint}"));
}

/// Why a token's key is refused; `platform` may be the name of any table.
pub(super) fn token_belongs_elsewhere(platform: &str) -> String {
    let variables = match platform {
        "telegram" => "TELEGRAM_TOKEN or TELEGRAM_TOKEN_FILE",
        "discord" => "DISCORD_TOKEN or DISCORD_TOKEN_FILE",
        _ => "TELEGRAM_TOKEN or DISCORD_TOKEN",
    };
    format!(
        "isn't read: tokens never come from the configuration. Take it out and set {variables}."
    )
}

/// A name as messages can show it: on one line, and quoted where it isn't plain.
pub(super) fn printable(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}
