//! What the store is rid of in time: parts that arrived long ago, channels that were stopped long ago, and the
//! space that both leave.

use super::engine::params;
use jiff::Timestamp;

use super::deliveries::key;
use super::{Blocking, ReadTx, StoreError, WriteTx, to_ms};
use tidings_core::ids::ChannelKey;

/// A file smaller than this isn't worth compacting, in bytes.
const WORTHWHILE: i64 = 64 * 1024 * 1024;

/// A step of a walk along the outbox's rows, oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Parts that were dropped.
    pub parts: usize,
    /// Where the next step begins; `None` if there is nothing old behind it.
    pub next: Option<i64>,
}

impl ReadTx<'_> {
    /// When the sources last yielded an item.
    pub fn newest_arrival(&self) -> Result<Option<Timestamp>, StoreError> {
        let seen: Option<i64> = self
            .conn
            .prepare_cached("SELECT seen_at FROM items ORDER BY id DESC LIMIT 1")?
            .query_map([], |row| row.get(0))?
            .next()
            .transpose()?;
        super::from_ms_opt(seen)
    }

    /// Channels that were stopped before a moment and are stopped still.
    pub fn paused_before(
        &self,
        moment: Timestamp,
        limit: usize,
    ) -> Result<Vec<ChannelKey>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT key FROM channels WHERE paused_at IS NOT NULL AND paused_at < ?1 AND paused_until IS NULL
             ORDER BY id LIMIT ?2",
        )?;
        let mut rows = statement.query(params![to_ms(moment), limit])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.push(key(row.get(0)?)?);
        }
        Ok(keys)
    }
}

impl WriteTx<'_> {
    /// Looks at some of the outbox's rows behind a number, and drops those that arrived before a moment, with the
    /// texts that nobody else needs. Rows are in the order in which they were made, so nothing has to be indexed
    /// for it, and those that are still wanted are passed over once.
    pub fn prune_sent(
        &self,
        before: Timestamp,
        after: i64,
        rows: usize,
    ) -> Result<Pruned, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, part_id, created_at, state, settled_at FROM deliveries WHERE id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let mut found = statement.query(params![after, rows])?;
        let mut pruned = Pruned::default();
        let mut old = Vec::new();
        let mut seen = 0;
        let mut last = after;
        while let Some(row) = found.next()? {
            let created: i64 = row.get(2)?;
            if created >= to_ms(before) {
                // Nothing behind it is older.
                seen = 0;
                break;
            }
            seen += 1;
            last = row.get(0)?;
            let state: String = row.get(3)?;
            let settled: Option<i64> = row.get(4)?;
            if state == "sent" && settled.is_some_and(|at| at < to_ms(before)) {
                old.push((last, row.get::<_, i64>(1)?));
            }
        }
        drop(found);
        let mut delete = self
            .conn
            .prepare_cached("DELETE FROM deliveries WHERE id = ?1")?;
        for (id, _) in &old {
            pruned.parts += delete.execute([id])?;
        }
        old.sort_unstable_by_key(|(_, part)| *part);
        old.dedup_by_key(|(_, part)| *part);
        for (_, part) in &old {
            self.forget_part(*part)?;
        }
        pruned.next = (seen == rows).then_some(last);
        Ok(pruned)
    }

    /// Forgets a text that nobody is to get any more, if that is so.
    pub(super) fn forget_part(&self, part: i64) -> Result<(), StoreError> {
        let forgotten = self
            .conn
            .prepare_cached(
                "DELETE FROM parts WHERE id = ?1
                 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE part_id = ?1)",
            )?
            .execute([part])?;
        if forgotten > 0 {
            self.conn
                .prepare_cached("DELETE FROM shown WHERE post = ?1")?
                .execute([part])?;
        }
        Ok(())
    }
}

impl Blocking<'_> {
    /// Gives the file system back what the file no longer needs, where that is more than half of a large file. What is
    /// free otherwise is filled again by what comes. Takes as long as copying the file.
    ///
    /// # Errors
    /// [`StoreError`]; the file is as it was.
    pub fn compact(self) -> Result<bool, StoreError> {
        let Some(file) = self.store.file() else {
            // A server sees to that itself.
            return Ok(false);
        };
        let conn = file.writer.lock();
        let pragma = |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
        let (free, all): (i64, i64) = (pragma("freelist_count")?, pragma("page_count")?);
        let size: i64 = all.saturating_mul(pragma("page_size")?);
        if size < WORTHWHILE || free.saturating_mul(2) < all {
            return Ok(false);
        }
        conn.execute_batch("VACUUM")?;
        Ok(true)
    }
}
