//! Many rows a statement, where each statement is a journey to a server and back: a roundup for 100,000 channels took 37 s row by
//! row (scale.md). With a file a statement costs next to nothing, and nothing here does anything.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use jiff::Timestamp;

use super::channels::{DUE_AT, read_channel, read_subscription};
use super::due::DueChannel;
use super::engine::{Conn, params};
use super::{ReadTx, StoreError, WriteTx, target, to_ms};
use tidings_core::channel::SubscriptionRow;
use tidings_core::ids::{ChannelId, WatchId};

/// What is written at the end, as PostgreSQL's arrays of JSON.
#[derive(Default)]
pub(super) struct Bulk {
    advanced: Rows,
    enqueued: Vec<Enqueued>,
    ended: Rows,
    /// What asks how far channels have come, and so waits until that is written: watches that were served, and channels that
    /// have got something out of turn.
    served: BTreeSet<WatchId>,
    with_exceptions: Vec<ChannelId>,
}

/// Rows as the text of a JSON array.
#[derive(Default)]
struct Rows(String);

struct Enqueued {
    channel: i64,
    platform: String,
    part: i64,
    at: i64,
    /// Whether it is the first part of a post.
    is_first: bool,
}

impl Rows {
    fn add(&mut self, row: &[(&str, Option<i64>)]) {
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
    fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| format!("{}]", self.0))
    }
}

impl Bulk {
    pub(super) fn advance(&mut self, channel: ChannelId, subscription: &SubscriptionRow) {
        self.advanced.add(&[
            ("channel", Some(channel.get())),
            ("section", Some(target::to_column(subscription.target))),
            ("cursor", Some(subscription.cursor)),
            ("next_at", subscription.next_at.map(to_ms)),
            ("open_until", subscription.open_until.map(to_ms)),
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
            at: to_ms(now),
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
        let at = roundup_at.map(to_ms);
        self.ended
            .add(&[("channel", Some(channel.get())), ("at", at)]);
        self.served.extend(watches);
        if has_exceptions {
            self.with_exceptions.push(channel);
        }
    }

    fn write(&self, conn: &Conn<'_>) -> Result<(), StoreError> {
        if let Some(rows) = self.advanced.text() {
            conn.prepare_cached(
                "UPDATE subscriptions SET cursor = x.cursor, next_at = x.next_at, open_until = x.open_until
                 FROM jsonb_to_recordset(CAST(?1 AS jsonb))
                     AS x(channel bigint, section bigint, cursor bigint, next_at bigint, open_until bigint)
                 WHERE subscriptions.channel_id = x.channel AND subscriptions.section_id = x.section",
            )?
            .execute([rows])?;
        }
        self.write_enqueued(conn)?;
        if let Some(rows) = self.ended.text() {
            conn.prepare_cached(&format!(
                "UPDATE channels SET last_roundup_at = coalesce(x.at, last_roundup_at), due_at = {DUE_AT}
                 FROM jsonb_to_recordset(CAST(?1 AS jsonb)) AS x(channel bigint, at bigint)
                 WHERE channels.id = x.channel"
            ))?
            .execute([rows])?;
        }
        Ok(())
    }

    fn write_enqueued(&self, conn: &Conn<'_>) -> Result<(), StoreError> {
        if self.enqueued.is_empty() {
            return Ok(());
        }
        // Numbers first: later parts of a post name its first one.
        let mut numbers =
            conn.prepare_cached("SELECT nextval('deliveries_id_seq') FROM generate_series(1, ?1)")?;
        let numbers = numbers.query_map([self.enqueued.len()], |row| row.get(0))?;
        let mut numbers: Vec<i64> = numbers.collect::<Result<_, _>>()?;
        numbers.sort_unstable();
        let mut platforms: HashMap<&str, Rows> = HashMap::new();
        let mut first = None;
        for (row, number) in self.enqueued.iter().zip(numbers) {
            if row.is_first {
                first = Some(number);
            }
            platforms.entry(&row.platform).or_default().add(&[
                ("id", Some(number)),
                ("channel", Some(row.channel)),
                ("part", Some(row.part)),
                ("at", Some(row.at)),
                ("post", first.filter(|first| *first != number)),
            ]);
        }
        for (platform, rows) in platforms {
            conn.prepare_cached(
                "INSERT INTO deliveries (id, channel_id, platform, part_id, state, not_before_at, created_at, post_id)
                 SELECT x.id, x.channel, ?2, x.part, 'pending', x.at, x.at, x.post
                 FROM jsonb_to_recordset(CAST(?1 AS jsonb))
                     AS x(id bigint, channel bigint, part bigint, at bigint, post bigint)",
            )?
            .execute(params![rows.text(), platform])?;
        }
        Ok(())
    }
}

impl ReadTx<'_> {
    /// Channels with their subscriptions, in the order of their numbers here; without those that were forgotten meanwhile.
    pub fn due_channels_of(&self, ids: &[ChannelId]) -> Result<Vec<DueChannel>, StoreError> {
        if !self.conn.is_server() {
            let due = ids.iter().map(|id| self.due_channel(*id));
            return due.filter_map(Result::transpose).collect();
        }
        let wanted: Vec<String> = ids.iter().map(|id| id.get().to_string()).collect();
        let wanted = format!("{{{}}}", wanted.join(","));
        let mut channels = self.conn.prepare_cached(
            "SELECT channels.*, EXISTS (SELECT 1 FROM delivered WHERE channel_id = channels.id) AS has_exceptions
             FROM unnest(CAST(?1 AS bigint[])) AS wanted(id) JOIN channels ON channels.id = wanted.id",
        )?;
        let mut rows = channels.query([&wanted])?;
        let mut found: HashMap<ChannelId, DueChannel> = HashMap::new();
        while let Some(row) = rows.next()? {
            let channel = read_channel(row)?;
            let due = DueChannel {
                subscriptions: Vec::new(),
                has_exceptions: row.get("has_exceptions")?,
                channel,
            };
            found.insert(due.channel.id, due);
        }
        let mut subscriptions = self.conn.prepare_cached(
            "SELECT section_id, cadence, filter, cursor, next_at, open_until, channel_id
             FROM unnest(CAST(?1 AS bigint[])) AS wanted(id) JOIN subscriptions ON channel_id = wanted.id
             ORDER BY channel_id, section_id",
        )?;
        let mut rows = subscriptions.query([&wanted])?;
        while let Some(row) = rows.next()? {
            let subscription = read_subscription(&self.remembered, row)?;
            if let Some(due) = found.get_mut(&ChannelId::new(row.get("channel_id")?)) {
                due.subscriptions.push(subscription);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

impl WriteTx<'_> {
    /// Serves channels: what is written about them is gathered, and written many rows at a time when all are served. Nothing that
    /// was gathered may be read meanwhile.
    pub fn in_bulk<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !self.conn.is_server() {
            return work();
        }
        *self.bulk.borrow_mut() = Some(Bulk::default());
        let done = work();
        let gathered = self.bulk.borrow_mut().take();
        let done = done?;
        if let Some(gathered) = gathered {
            gathered.write(self.conn)?;
            for watch in gathered.served {
                self.watch_is_served(watch)?;
            }
            for channel in gathered.with_exceptions {
                self.forget_passed_exceptions(channel)?;
            }
        }
        Ok(done)
    }
}
