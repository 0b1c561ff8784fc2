//! The operator's configuration: a TOML file, overridden by the environment, read once at start.
//!
//! Everything that could be wrong is found here, all of it in one go, and said with file, line, key and
//! the way to mend it; what [`load`] returns needs no further checks. `keys` is the table of what may be
//! written, `raw` reads the file by it, `environment` lays the variables over that and finds the tokens,
//! `build` makes the settings of it with the help of `values`. Nothing here looks at the process's own environment: it is an argument.

mod build;
mod environment;
mod keys;
mod load;
mod model;
mod problems;
mod raw;
mod redaction;
mod sources;
mod store;
mod tokens;
mod values;

pub use load::load;
pub use model::{
    DiscordSettings, FetchBounds, Operator, PlatformSettings, Section, Settings, Shards,
    SourceKind, SourceSettings, StoreSettings, TelegramSettings, WebKind, WebSettings, Webhook,
    quoted,
};
pub use problems::{Problem, SettingsError, read_named};
pub use redaction::Redaction;
pub use store::copy_url;
pub use tidings_reader::{Layout, Selectors};
pub use tokens::{Secret, Tokens};
