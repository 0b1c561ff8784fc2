//! What is gathered to be written many rows a statement.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;

use super::target;
use tidings_core::channel::SubscriptionRow;
use tidings_core::ids::{ChannelId, WatchId};

/// What is written at the end, as PostgreSQL's arrays of JSON.
#[derive(Default)]
pub(super) struct Bulk {
    pub(super) advanced: Rows,
    pub(super) enqueued: Vec<Enqueued>,
    pub(super) ended: Rows,
    /// What asks how far channels have come, and so waits until that is written: watches that were served, and channels that
    /// have got something out of turn.
    pub(super) served: BTreeSet<WatchId>,
    pub(super) with_exceptions: Vec<ChannelId>,
}

/// Rows as the text of a JSON array.
#[derive(Default)]
pub(super) struct Rows(String);

pub(super) struct Enqueued {
    pub(super) channel: i64,
    pub(super) platform: String,
    pub(super) part: i64,
    pub(super) at: i64,
    /// Whether it is the first part of a post.
    pub(super) is_first: bool,
}

impl Rows {
    pub(super) fn add(&mut self, row: &[(&str, Option<i64>)]) {
        self.0.push(if self.0.is_empty() { '[' } else { ',' });
        for (index, (name, value)) in row.iter().enumerate() {
            let begin = if index == 0 { '{' } else { ',' };
            let value = value.map_or_else(|| "null".to_owned(), |value| value.to_string());
            // Writing into a string can't fail.
            let _ = write!(self.0, "{begin}\"{name}\":{value}");
        }
        self.0.push('}');
    }

    /// The whole; `None` if there is none.
    pub(super) fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| format!("{}]", self.0))
    }
}

impl Bulk {
    pub(super) fn advance(&mut self, channel: ChannelId, subscription: &SubscriptionRow) {
        self.advanced.add(&[
            ("channel", Some(channel.get())),
            ("section", Some(target::to_column(subscription.target))),
            ("cursor", Some(subscription.cursor)),
            (
                "next_at",
                subscription.next_at.map(Timestamp::as_millisecond),
            ),
            (
                "open_until",
                subscription.open_until.map(Timestamp::as_millisecond),
            ),
        ]);
    }

    pub(super) fn enqueue(
        &mut self,
        channel: ChannelId,
        platform: &str,
        parts: &[i64],
        now: Timestamp,
    ) {
        let parts = parts.iter().enumerate();
        self.enqueued.extend(parts.map(|(index, part)| Enqueued {
            channel: channel.get(),
            platform: platform.to_owned(),
            part: *part,
            at: now.as_millisecond(),
            is_first: index == 0,
        }));
    }

    pub(super) fn end_turn(
        &mut self,
        channel: ChannelId,
        roundup_at: Option<Timestamp>,
        watches: impl Iterator<Item = WatchId>,
        has_exceptions: bool,
    ) {
        let at = roundup_at.map(Timestamp::as_millisecond);
        self.ended
            .add(&[("channel", Some(channel.get())), ("at", at)]);
        self.served.extend(watches);
        if has_exceptions {
            self.with_exceptions.push(channel);
        }
    }
}
