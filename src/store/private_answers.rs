//! Answers that their askers alone see where others are: how they end that came too late, or that nobody took. They never
//! become public; where the asker has a chat with the bot alone, it is said there, once.

use super::engine::params;
use jiff::Timestamp;

use super::{StoreError, WriteTx, to_ms};
use tidings_core::ids::AnswerId;

impl WriteTx<'_> {
    /// Ends the private answers of a platform whose time is over; all of them, where no moment is given, but for those
    /// that are being sent.
    pub(super) fn end_private_answers(
        &self,
        platform: &str,
        now: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut over = self.conn.prepare_cached(
            "SELECT id FROM answers
             WHERE platform = ?1 AND expires_at IS NOT NULL AND state <> 'sending' AND (?2 IS NULL OR expires_at <= ?2)
             ORDER BY id",
        )?;
        let rows = over.query_map(params![platform, now.map(to_ms)], |row| row.get(0))?;
        let over: Vec<i64> = rows.collect::<Result<_, _>>()?;
        if !over.is_empty() {
            tracing::info!(
                platform,
                answers = over.len(),
                "private answers came too late and aren't given"
            );
        }
        for id in over {
            self.give_up_private_answer(AnswerId::new(id))?;
        }
        Ok(())
    }

    /// A private answer isn't given any more, nor what follows behind it. That is said to its asker alone, unless the answer
    /// may have arrived all the same, or unless another one said so and is still on its way.
    pub fn give_up_private_answer(&self, id: AnswerId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM answers WHERE first_id = ?1 AND state <> 'sending'")?
            .execute([id.get()])?;
        let told = self
            .conn
            .prepare_cached(
                "UPDATE answers SET channel = late_to, wire = late, kind = 'question', state = 'pending', attempts = 0,
                     not_before_at = created_at, late = NULL, late_to = NULL, expires_at = NULL
                 WHERE id = ?1 AND late IS NOT NULL AND late_to IS NOT NULL AND state <> 'unknown'
                   AND NOT EXISTS (
                       SELECT 1 FROM answers b WHERE b.channel = answers.late_to AND b.wire = answers.late)",
            )?
            .execute([id.get()])?;
        if told == 0 {
            self.end_answer(id)?;
        }
        Ok(())
    }
}
