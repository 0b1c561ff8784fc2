//! Names of things, as types that can't be mixed up: row numbers, section slugs, channel keys.

use std::fmt;
use std::str::FromStr;

use crate::text;

/// A source with this name holds the files given to `tidings load`, so no configured one may have it.
pub const FILES: &str = "files";

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Wraps the number of a stored row.
            pub const fn new(number: i64) -> $name {
                $name(number)
            }

            /// The number, as users and the database know it.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id! {
    /// The number of an item: the same in every channel, never reused.
    ItemId
}
row_id! {
    /// The number of a section's row; stable while slugs and titles change.
    SectionId
}
row_id! {
    /// The number of a search that channels follow.
    WatchId
}
row_id! {
    /// The number of a source's row.
    SourceId
}
row_id! {
    /// The number of a channel's row.
    ChannelId
}
row_id! {
    /// The number of one part in the outbox.
    DeliveryId
}
row_id! {
    /// The number of what waits for a source's editors.
    ReviewId
}
row_id! {
    /// The number of something that an editor or the operator did.
    DeedId
}
row_id! {
    /// The number of one message of an answer on its way.
    AnswerId
}

/// The longest slug that a configuration may name, in characters (design.md, “Configuration”).
pub const MAX_SLUG: usize = 32;

/// Slugs with a meaning of their own: every section, and the catch-all section.
pub const RESERVED_SLUGS: [&str; 2] = [ALL, MORE];

/// What subscribes to every section.
pub const ALL: &str = "all";

/// The catch-all section's slug.
pub const MORE: &str = "more";

/// A section's stable short name, such as `us-nk`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionSlug(String);

impl SectionSlug {
    /// Reads a slug as an operator writes it in the configuration.
    ///
    /// # Errors
    /// A sentence that says what is wrong and how to mend it.
    pub fn parse(text: &str) -> Result<SectionSlug, String> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() {
            return Err("a slug can't be empty; write something like us-nk".into());
        }
        if RESERVED_SLUGS.contains(&text) {
            return Err(format!("“{text}” is reserved; choose another slug"));
        }
        if text.chars().count() > MAX_SLUG {
            return Err(format!("a slug has at most {MAX_SLUG} characters"));
        }
        if !text.chars().all(allowed) || text.starts_with('-') || text.ends_with('-') {
            let mended = SectionSlug::from_heading(text)
                .map(|slug| format!("; for example {slug}"))
                .unwrap_or_default();
            return Err(format!(
                "a slug holds lower-case letters a-z, digits and hyphens between them{mended}"
            ));
        }
        Ok(SectionSlug(text.to_owned()))
    }

    /// Makes the slug of a section that a document's heading discovers. Letters of every script stay;
    /// a reserved word gets a number. `None` if the heading has no letter or digit.
    pub fn from_heading(heading: &str) -> Option<SectionSlug> {
        let slug = text::fold_name(heading).replace(' ', "-");
        match slug.as_str() {
            "" => None,
            reserved if RESERVED_SLUGS.contains(&reserved) => {
                Some(SectionSlug(format!("{reserved}-2")))
            }
            _ => Some(SectionSlug(slug)),
        }
    }

    /// The catch-all section's slug.
    pub fn more() -> SectionSlug {
        SectionSlug(MORE.to_owned())
    }

    /// Takes back a slug that was stored. Anything else in its place means a damaged database.
    ///
    /// # Errors
    /// The text, if it can't have been a slug.
    pub fn from_stored(text: String) -> Result<SectionSlug, String> {
        if text.is_empty() || text.chars().any(char::is_whitespace) {
            return Err(text);
        }
        Ok(SectionSlug(text))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SectionSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One place that can be posted to, written `platform:address`, such as `console:local`. The address
/// is the platform's own business; the core only carries it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelKey {
    platform: String,
    address: String,
}

/// A text that isn't a channel key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” isn't a channel; channels are written platform:address")]
pub struct NotAChannelKey(String);

impl ChannelKey {
    /// Puts a key together.
    ///
    /// # Errors
    /// If a half is empty, or the platform isn't plain lower-case letters.
    pub fn new(platform: &str, address: &str) -> Result<ChannelKey, NotAChannelKey> {
        let named = !platform.is_empty() && platform.bytes().all(|b| b.is_ascii_lowercase());
        let placed = !address.is_empty() && !address.chars().any(char::is_whitespace);
        if !named || !placed {
            return Err(NotAChannelKey(format!("{platform}:{address}")));
        }
        Ok(ChannelKey {
            platform: platform.to_owned(),
            address: address.to_owned(),
        })
    }

    /// The platform's name.
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// The address within the platform.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl FromStr for ChannelKey {
    type Err = NotAChannelKey;

    fn from_str(text: &str) -> Result<ChannelKey, NotAChannelKey> {
        let (platform, address) = text
            .split_once(':')
            .ok_or_else(|| NotAChannelKey(text.to_owned()))?;
        ChannelKey::new(platform, address)
    }
}

impl fmt::Display for ChannelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.platform, self.address)
    }
}
