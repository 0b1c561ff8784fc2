//! A channel: what it set for itself, what it follows, and why nothing is delivered to it.

mod filter;
mod following;
mod settings;

use jiff::Timestamp;

use crate::ids::{ChannelId, ChannelKey, SectionId, WatchId};
use crate::schedule::Cadence;

pub use filter::{Filter, FilterError};
pub use following::{Following, FollowingChange, MergedSubscription, MovedItem, Wish, open_until};
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

impl ChannelRow {
    /// Whether it is paused until a moment that has come.
    pub fn is_pause_over(&self, now: Timestamp) -> bool {
        let until = self.pause.as_ref().and_then(|pause| pause.until);
        until.is_some_and(|until| until <= now)
    }
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
    /// The next slot; `None` for those that are instant at all times.
    pub next_at: Option<Timestamp>,
    /// Where it is instant within windows: when the last one ends that has begun. `None` for all others.
    pub open_until: Option<Timestamp>,
}

impl SubscriptionRow {
    /// Whether it brings what is new as it comes at a moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.cadence.is_instant() || self.open_until.is_some_and(|end| now < end)
    }

    /// When it brings a roundup next; `None` while it brings what is new as it comes.
    pub fn next_roundup(&self, now: Timestamp) -> Option<Timestamp> {
        self.next_at.filter(|_| !self.is_open(now))
    }
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
    /// Until when, where a manager said so.
    pub until: Option<Timestamp>,
}
