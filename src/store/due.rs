//! Who is due, and when the next one is.

use std::ops::Range;

use super::engine::{self, params};
use jiff::Timestamp;

use super::channels::DUE_AT;
use super::windows::found_by;
use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::channel::{ChannelRow, SubscriptionRow, Target};
use tidings_core::ids::{ChannelId, SectionId};

/// A channel with everything that decides what it gets.
#[derive(Clone, Debug)]
pub struct DueChannel {
    /// The channel.
    pub channel: ChannelRow,
    /// All its subscriptions, whether due or not.
    pub subscriptions: Vec<SubscriptionRow>,
    /// Whether there are items beyond a cursor that it has already.
    pub has_exceptions: bool,
}

/// Adds channels that aren't there yet.
fn add_channels(
    found: &mut Vec<ChannelId>,
    rows: impl Iterator<Item = engine::Result<ChannelId>>,
) -> Result<(), StoreError> {
    for row in rows {
        let id = row?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(())
}

/// The slots that wait: from the first moment, up to the second. Mostly none do.
fn stretch(waiting: Option<&Range<Timestamp>>) -> (i64, i64) {
    waiting.map_or((i64::MAX, i64::MIN), |waiting| {
        (to_ms(waiting.start), to_ms(waiting.end))
    })
}

impl ReadTx<'_> {
    /// When the next channel of a platform is due.
    pub fn next_due(&self, platform: &str) -> Result<Option<Timestamp>, StoreError> {
        let due = self
            .conn
            .prepare_cached(
                "SELECT min(due_at) FROM channels WHERE platform = ?1 AND due_at IS NOT NULL",
            )?
            .query_row([platform], |row| row.get(0))?;
        from_ms_opt(due)
    }

    /// Channels of a platform whose time has come, the longest overdue first; without those whose slot waits.
    pub fn due_channels(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
        waiting: Option<&Range<Timestamp>>,
    ) -> Result<Vec<ChannelId>, StoreError> {
        let (from, until) = stretch(waiting);
        self.conn
            .prepare_cached(
                "SELECT id FROM channels WHERE platform = ?1 AND due_at IS NOT NULL AND due_at <= ?2
                 AND (due_at < ?4 OR due_at >= ?5)
                 AND (?4 >= ?5 OR NOT EXISTS (SELECT 1 FROM subscriptions s
                     WHERE s.channel_id = channels.id AND s.next_at >= ?4 AND s.next_at < ?5))
                 ORDER BY due_at, id LIMIT ?3",
            )?
            .query_map(params![platform, to_ms(now), limit, from, until], |row| {
                row.get(0).map(ChannelId::new)
            })?
            .map(|row| Ok(row?))
            .collect()
    }

    /// The last slot of a platform's that is before a moment and wasn't served.
    pub fn last_missed(
        &self,
        platform: &str,
        before: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let missed = self
            .conn
            .prepare_cached(
                // A channel is due at its first slot, and is served up to its last.
                "SELECT max(CASE WHEN paused_by IS NULL THEN (SELECT max(s.next_at) FROM subscriptions s
                     WHERE s.channel_id = channels.id AND s.next_at < ?2) ELSE due_at END)
                 FROM channels WHERE platform = ?1 AND due_at IS NOT NULL AND due_at < ?2",
            )?
            .query_row(params![platform, to_ms(before)], |row| row.get(0))?;
        from_ms_opt(missed)
    }

    /// Channels of a platform that follow something as it comes at a moment and haven't had its newest item; without those whose
    /// slot waits, which would be served with it.
    pub fn instant_channels(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
        waiting: Option<&Range<Timestamp>>,
    ) -> Result<Vec<ChannelId>, StoreError> {
        let (from, until) = stretch(waiting);
        let is_free = match waiting {
            Some(_) => {
                "NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.channel_id = subscriptions.channel_id
                     AND s.next_at >= ?6 AND s.next_at < ?7)"
            }
            // It costs something, and hardly ever does anybody wait.
            None => "?6 >= ?7",
        };
        let mut found = Vec::new();
        let newest: Vec<(i64, i64)> = self
            .conn
            .prepare_cached(
                "SELECT 0, value FROM facts WHERE name = 'last_push_order' UNION ALL
                 SELECT id, (SELECT max(push_order) FROM items WHERE section_id = sections.id
                             AND push_order IS NOT NULL)
                 FROM sections WHERE EXISTS (SELECT 1 FROM items WHERE section_id = sections.id
                             AND push_order IS NOT NULL) UNION ALL
                 SELECT section_id, max(push_order) FROM reports WHERE push_order IS NOT NULL GROUP BY section_id",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT channel_id FROM subscriptions
             WHERE platform = ?1 AND section_id = ?2 AND cursor < ?3 AND instant = 1 AND paused = 0
                 AND (open_until IS NULL OR open_until > ?5) AND {is_free}
             ORDER BY cursor, open_until NULLS FIRST, channel_id LIMIT ?4"
        ))?;
        for (section, push_order) in newest {
            if found.len() >= limit {
                break;
            }
            let rows = statement.query_map(
                params![
                    platform,
                    section,
                    push_order,
                    limit - found.len(),
                    to_ms(now),
                    from,
                    until
                ],
                |row| row.get(0).map(ChannelId::new),
            )?;
            add_channels(&mut found, rows)?;
        }
        let is_free = is_free.replace("?6", "?4").replace("?7", "?5");
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT channel_id FROM watches CROSS JOIN subscriptions ON section_id = -watches.id
             WHERE pending = 1 AND platform = ?1 AND cursor < newest AND instant = 1 AND paused = 0
                 AND (open_until IS NULL OR open_until > ?3) AND {is_free}
             ORDER BY watches.id, cursor, open_until NULLS FIRST, channel_id LIMIT ?2"
        ))?;
        let values = params![platform, limit - found.len(), to_ms(now), from, until];
        let rows = statement.query_map(values, |row| row.get(0).map(ChannelId::new))?;
        add_channels(&mut found, rows)?;
        Ok(found)
    }

    /// A channel with its subscriptions; `None` if it was forgotten meanwhile.
    pub fn due_channel(&self, id: ChannelId) -> Result<Option<DueChannel>, StoreError> {
        let Some(channel) = self.channel_by_id(id)? else {
            return Ok(None);
        };
        Ok(Some(DueChannel {
            subscriptions: self.subscriptions(id)?,
            has_exceptions: self
                .conn
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM delivered WHERE channel_id = ?1)")?
                .query_row([id.get()], |row| row.get(0))?,
            channel,
        }))
    }

    /// When the first item was seen that a subscription wants and that lies between its cursor and a push order.
    pub fn first_seen(
        &self,
        subscription: &SubscriptionRow,
        up_to: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let section = subscription.target.section();
        let scope = match subscription.target {
            Target::Section(_) => "section_id = ?3".to_owned(),
            Target::All => "?3 IS NULL".to_owned(),
            Target::Watch(id) => format!("?3 IS NULL AND {}", found_by(id, "items")),
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT coalesce((SELECT released_at FROM held WHERE item_id = items.id), items.seen_at) AS seen_at, items.id, items.title, items.summary, sections.slug AS section FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             WHERE {scope} AND push_order > ?1 AND push_order <= ?2 AND items.removed = 0 ORDER BY push_order"
        ))?;
        let section = section.map(SectionId::get);
        let mut rows = statement.walk(params![subscription.cursor, up_to, section])?;
        while let Some(row) = rows.next()? {
            if self.is_wanted(subscription.filter.as_ref(), row)? {
                return from_ms_opt(row.get("seen_at")?);
            }
        }
        Ok(None)
    }
}

impl WriteTx<'_> {
    /// Ends a channel's turn: notes its roundup, if there was one, and when it is due next.
    pub fn end_turn(
        &self,
        due: &DueChannel,
        roundup_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let id = due.channel.id;
        let subscriptions = due.subscriptions.iter();
        let watches = subscriptions.filter_map(|row| row.target.watch());
        if let Some(bulk) = &mut *self.bulk.borrow_mut() {
            bulk.end_turn(id, roundup_at, watches, due.has_exceptions);
            return Ok(());
        }
        for watch in watches {
            self.watch_is_served(watch)?;
        }
        if due.has_exceptions {
            self.forget_passed_exceptions(id)?;
        }
        self.conn
            .prepare_cached(&format!(
                "UPDATE channels SET last_roundup_at = coalesce(?2, last_roundup_at), due_at = {DUE_AT}
                 WHERE id = ?1"
            ))?
            .execute(params![id.get(), roundup_at.map(to_ms)])?;
        Ok(())
    }

    /// Drops what a channel has got out of turn, once its turn has got past it.
    pub(super) fn forget_passed_exceptions(&self, channel: ChannelId) -> Result<(), StoreError> {
        self.conn.execute(
            "DELETE FROM delivered WHERE channel_id = ?1 AND item_id NOT IN (
                 SELECT items.id FROM items WHERE items.push_order >
                     (SELECT min(cursor) FROM subscriptions WHERE channel_id = ?1))",
            [channel.get()],
        )?;
        Ok(())
    }
}
