//! Moments that a clock wrote down which was ahead for a while.

use super::engine::params;
use jiff::{SignedDuration, Timestamp};

use super::{StoreError, WriteTx, to_ms};

impl WriteTx<'_> {
    /// Has what waits longer than it ever has to wait no more: parts, answers and platforms that are left alone beyond
    /// `wait` from now, channels that are asked again beyond `probe`. Returns how many there were.
    pub fn replan_waits(
        &self,
        now: Timestamp,
        wait: SignedDuration,
        probe: SignedDuration,
    ) -> Result<usize, StoreError> {
        let after = |time| to_ms(now.checked_add(time).unwrap_or(Timestamp::MAX));
        let mut changed = 0;
        for update in [
            "UPDATE deliveries SET not_before_at = ?1
             WHERE state IN ('pending', 'sending', 'unknown') AND not_before_at > ?2",
            "UPDATE answers SET not_before_at = ?1 WHERE not_before_at > ?2",
            "UPDATE edits SET not_before_at = ?1 WHERE not_before_at > ?2",
            "UPDATE waits SET until_at = ?1 WHERE until_at > ?2",
        ] {
            let mut statement = self.conn.prepare_cached(update)?;
            changed += statement.execute(params![to_ms(now), after(wait)])?;
        }
        changed += self
            .conn
            .prepare_cached(
                "UPDATE channels SET retry_at = ?1 WHERE paused_by = 'platform' AND retry_at > ?2",
            )?
            .execute(params![to_ms(now), after(probe)])?;
        Ok(changed)
    }

    /// Has what is said to have happened later than now have happened now: otherwise pauses, troubles and answers would
    /// be younger than anything for as long as the clock was ahead.
    pub fn replan_past(&self, now: Timestamp) -> Result<(), StoreError> {
        // A pause lasts as long as it was meant to, and never for as long as the clock was ahead.
        self.conn.execute(
            "UPDATE channels SET paused_until = paused_until - (paused_at - ?1), due_at = due_at - (paused_at - ?1)
             WHERE paused_until IS NOT NULL AND paused_at > ?1",
            [to_ms(now)],
        )?;
        // So does what waits for its editors.
        self.conn.execute(
            "UPDATE held SET until_at = until_at - (SELECT seen_at - ?1 FROM items WHERE items.id = held.item_id)
             WHERE state = 'held' AND until_at IS NOT NULL
                 AND EXISTS (SELECT 1 FROM items WHERE items.id = held.item_id AND items.seen_at > ?1)",
            [to_ms(now)],
        )?;
        for (table, column) in [
            ("channels", "paused_at"),
            ("channels", "refused_at"),
            ("channels", "last_roundup_at"),
            ("subscriptions", "created_at"),
            ("answers", "created_at"),
            ("handled", "handled_at"),
            ("platforms", "trouble_at"),
            ("sources", "failing_at"),
            ("items", "seen_at"),
            ("held", "released_at"),
            ("reviews", "begun_at"),
            ("deliveries", "edited_at"),
            ("incidents", "begun_at"),
        ] {
            let update = format!("UPDATE {table} SET {column} = ?1 WHERE {column} > ?1");
            self.conn.execute(&update, [to_ms(now)])?;
        }
        // The moment of an open part is in the name by which its repeats are known.
        self.conn.execute(
            "UPDATE deliveries SET created_at = CASE WHEN created_at > ?1 THEN ?1 ELSE created_at END,
                 settled_at = CASE WHEN settled_at > ?1 THEN ?1 ELSE settled_at END
             WHERE state IN ('sent', 'dead') AND (created_at > ?1 OR settled_at > ?1)",
            [to_ms(now)],
        )?;
        Ok(())
    }
}
