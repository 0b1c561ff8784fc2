//! Many rows a statement, where each statement is a journey to a server and back: a roundup for 100,000 channels took 37 s row by
//! row (scale.md). With a file a statement costs next to nothing, and nothing here does anything.

use std::collections::HashMap;

use super::bulk::{Bulk, Rows};
use super::channels::{DUE_AT, read_channel, read_subscription};
use super::due::DueChannel;
use super::engine::{Conn, array, params};
use super::{ReadTx, StoreError, WriteTx};
use tidings_core::ids::ChannelId;

impl Bulk {
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
        let wanted = array(ids.iter().map(|id| id.get()));
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
