//! A channel: what it set for itself, what it follows, and why nothing is delivered to it.

mod filter;
mod following;
mod settings;

use jiff::Timestamp;

use crate::ids::{ChannelId, ChannelKey, SectionId, WatchId};
use crate::schedule::Cadence;

pub use filter::{Filter, FilterError};
pub use following::{Following, FollowingChange, MovedItem};
pub use settings::{ChannelSettings, DEFAULT_CAP, Defaults, GREATEST_CAP, Style};

/// A channel as it is stored.
#[derive(Clone, Debug)]
pub struct ChannelRow {
    /// Its row.
    pub id: ChannelId,
    /// Its name.
    pub key: ChannelKey,
    /// What it set for itself.
    pub settings: ChannelSettings,
    /// Set while nothing is delivered.
    pub pause: Option<Pause>,
    /// When its last roundup was made.
    pub last_roundup_at: Option<Timestamp>,
    /// What its platform noted about it.
    pub note: Option<String>,
}

/// A subscription as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// What it follows.
    pub target: Target,
    /// When it is served.
    pub cadence: Cadence,
    /// Which of its items are wanted; `None` wants all.
    pub filter: Option<Filter>,
    /// Items up to this push order are delivered, or count as such.
    pub cursor: i64,
    /// The next slot; `None` for instant ones.
    pub next_at: Option<Timestamp>,
}

/// What a subscription follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Every section that the channel doesn't follow by itself.
    All,
    /// One section.
    Section(SectionId),
    /// What a search finds, in whichever section: a watch.
    Watch(WatchId),
}

impl Target {
    /// The section, if it is one.
    pub fn section(self) -> Option<SectionId> {
        match self {
            Target::All | Target::Watch(_) => None,
            Target::Section(id) => Some(id),
        }
    }

    /// The watch, if it is one.
    pub fn watch(self) -> Option<WatchId> {
        match self {
            Target::All | Target::Section(_) => None,
            Target::Watch(id) => Some(id),
        }
    }
}

/// Who stopped a channel's deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PausedBy {
    /// Somebody who may, with `/pause`.
    Manager,
    /// The platform: kicked, blocked, closed, no permission.
    Platform,
}

/// Why nothing is delivered to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Who stopped it.
    pub by: PausedBy,
    /// Since when.
    pub since: Timestamp,
    /// In words, for `/status`.
    pub reason: Option<String>,
}
