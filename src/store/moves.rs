//! When items or whole sections move: nobody gets an item twice for that, and nobody loses one.

use jiff::Timestamp;

use super::{StoreError, Writer};
use tidings_core::channel::{SubscriptionRow, Target};
use tidings_core::ids::{ChannelId, ChannelKey, ItemId, SectionId};

impl Writer<'_> {
    /// Notes that a channel has a section's items between two push orders, whatever a cursor says. The upper
    /// end is included.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_delivered(
        &self,
        channel: ChannelId,
        section: SectionId,
        from: i64,
        to: i64,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT OR IGNORE INTO delivered (channel_id, item_id)
             SELECT ?1, id FROM items WHERE section_id = ?2 AND push_order > ?3 AND push_order <= ?4",
            [channel.get(), section.get(), from, to],
        )?;
        Ok(())
    }

    /// When an item that was handed to subscribers moves to another section: who has it doesn't get it again,
    /// who is owed it still gets it, and who didn't follow its old section isn't pushed it.
    pub(super) fn item_moved(
        &self,
        item: ItemId,
        push_order: i64,
        from: SectionId,
        to: SectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let channels: Vec<i64> = self
            .conn
            .prepare_cached(
                "SELECT DISTINCT channel_id FROM subscriptions
                 WHERE section_id IN (0, ?1, ?2) AND cursor < ?3 ORDER BY 1",
            )?
            .query_map([from.get(), to.get(), push_order], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for id in channels {
            let Some(channel) = self.channel_by_id(ChannelId::new(id))? else {
                continue;
            };
            let rows = self.subscriptions(channel.id)?;
            let find = |target| rows.iter().find(|row| row.target == target);
            let serving = |section| find(Target::Section(section)).or(find(Target::All));
            let owed = |row: &SubscriptionRow| row.cursor < push_order;
            let (Some(new), old) = (serving(to), serving(from)) else {
                continue;
            };
            match (old.is_some_and(owed), owed(new)) {
                (false, true) => {
                    self.conn
                        .prepare_cached(
                            "INSERT OR IGNORE INTO delivered (channel_id, item_id) VALUES (?1, ?2)",
                        )?
                        .execute([id, item.get()])?;
                }
                (true, false) => {
                    // Back to just before the item, with everything else behind it noted as delivered.
                    for section in self.sections()? {
                        let own = find(Target::Section(section.id)).is_some();
                        if new.target == Target::Section(section.id)
                            || new.target == Target::All && !own
                        {
                            self.mark_delivered(channel.id, section.id, push_order, new.cursor)?;
                        }
                    }
                    let row = SubscriptionRow {
                        cursor: push_order - 1,
                        ..new.clone()
                    };
                    self.save_subscription(&channel, &row, now)?;
                }
                (true, true) | (false, false) => {}
            }
        }
        Ok(())
    }

    /// Before a section becomes part of another one: subscriptions to the first become subscriptions to the
    /// second. What a channel has already isn't pushed again, what it is owed isn't lost, and what it never
    /// followed isn't pushed.
    pub(super) fn merge_subscriptions(
        &self,
        from: SectionId,
        to: SectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let channels: Vec<i64> = self
            .conn
            .prepare(
                "SELECT DISTINCT channel_id FROM subscriptions WHERE section_id IN (?1, ?2) ORDER BY 1",
            )?
            .query_map([from.get(), to.get()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let newest = self.newest_push()?;
        for id in channels {
            let Some(channel) = self.channel_by_id(ChannelId::new(id))? else {
                continue;
            };
            let rows = self.subscriptions(channel.id)?;
            let find = |target| rows.iter().find(|row| row.target == target);
            let all = find(Target::All);
            let old = find(Target::Section(from));
            let kept = find(Target::Section(to));
            // A section that isn't followed counts as delivered to its end.
            let progress =
                |row: Option<&SubscriptionRow>| row.or(all).map_or(newest, |row| row.cursor);
            let (old_progress, kept_progress) = (progress(old), progress(kept));
            let cursor = old_progress.min(kept_progress);
            self.mark_delivered(channel.id, from, cursor, old_progress)?;
            self.mark_delivered(channel.id, to, cursor, kept_progress)?;
            if let Some(row) = kept.or(old) {
                let row = SubscriptionRow {
                    target: Target::Section(to),
                    cursor,
                    ..row.clone()
                };
                self.save_subscription(&channel, &row, now)?;
            }
            self.delete_subscription(channel.id, Target::Section(from))?;
        }
        Ok(())
    }

    /// A channel has a new address: all that is kept about it goes along, parts and answers on their way
    /// included. Where the new address is known already, both become one channel. `false` if nothing was kept
    /// under the old one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn move_channel(
        &self,
        from: &ChannelKey,
        to: &ChannelKey,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let keys = (from.to_string(), to.to_string());
        self.conn.execute(
            "UPDATE answers SET channel = ?2 WHERE channel = ?1",
            (&keys.0, &keys.1),
        )?;
        let Some(old) = self.channel(from)? else {
            return Ok(false);
        };
        let Some(new) = self.channel(to)? else {
            self.conn.execute(
                "UPDATE channels SET key = ?2 WHERE key = ?1",
                (&keys.0, &keys.1),
            )?;
            return Ok(true);
        };
        let held = self.subscriptions(new.id)?;
        for row in self.subscriptions(old.id)? {
            if let Some(held) = held.iter().find(|held| held.target == row.target)
                && let Target::Section(section) = row.target
            {
                self.mark_delivered(new.id, section, row.cursor, held.cursor)?;
            }
            self.save_subscription(&new, &row, now)?;
        }
        self.save_settings(new.id, &old.settings)?;
        for table in ["deliveries", "delivered"] {
            self.conn.execute(
                &format!("UPDATE OR IGNORE {table} SET channel_id = ?2 WHERE channel_id = ?1"),
                [old.id.get(), new.id.get()],
            )?;
        }
        self.forget_channel(&old)?;
        self.refresh_due(new.id)?;
        Ok(true)
    }
}
