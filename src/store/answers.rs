//! Answers to people on their way, and what was answered already.
//!
//! An answer is stored in the transaction that notes its event as handled; only then is the event
//! acknowledged to the platform. So a crash neither loses a command nor has it done twice over.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};

use super::{Reader, StoreError, Writer, from_ms_opt, to_ms};
use crate::ids::{AnswerId, ChannelKey};

/// How long events are remembered as handled: platforms keep what isn't acknowledged for a day, so nothing
/// older comes again.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(48);

/// How often an answer may have been in flight when the process ended: after that, somebody may have read it
/// twice already.
const INTERRUPTIONS: u32 = 2;

/// An answer that this process may send now. It is `sending` in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedAnswer {
    /// Its row.
    pub id: AnswerId,
    /// Where it goes.
    pub channel: ChannelKey,
    /// What the platform made of it.
    pub wire: String,
    /// How often it was tried before.
    pub attempts: u32,
}

impl ClaimedAnswer {
    /// A name for it that no other answer has.
    pub fn nonce(&self) -> String {
        format!("a{:x}", self.id.get())
    }
}

impl Reader<'_> {
    /// Whether an event of a platform is answered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_handled(&self, platform: &str, event: u64) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT 1 FROM handled WHERE platform = ?1 AND event = ?2")?
            .query_row(params![platform, event.cast_signed()], |_| Ok(()))
            .optional()?
            .is_some())
    }

    /// When the next answer of a platform may be tried; `None` if none waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_answer(&self, platform: &str) -> Result<Option<Timestamp>, StoreError> {
        let next = self
            .conn
            .prepare_cached(
                "SELECT min(not_before_at) FROM answers WHERE platform = ?1 AND state <> 'sending'",
            )?
            .query_row([platform], |row| row.get(0))?;
        from_ms_opt(next)
    }
}

impl Writer<'_> {
    /// Notes that an event is answered, and forgets those that can't come again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_handled(
        &self,
        platform: &str,
        event: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO handled (platform, event, handled_at) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![platform, event.cast_signed(), to_ms(now)])?;
        let old = now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        self.conn
            .prepare_cached("DELETE FROM handled WHERE handled_at < ?1")?
            .execute([to_ms(old)])?;
        Ok(())
    }

    /// Puts one message of an answer on its way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_answer(
        &self,
        channel: &ChannelKey,
        wire: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO answers (platform, channel, wire, state, not_before_at, created_at)
                 VALUES (?1, ?2, ?3, 'pending', ?4, ?4)",
            )?
            .execute(params![
                channel.platform(),
                channel.to_string(),
                wire,
                to_ms(now)
            ])?;
        Ok(())
    }

    /// Takes the next answer of each channel of a platform whose time has come, oldest first, and marks it as
    /// being sent.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn claim_answers(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<ClaimedAnswer>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT a.id, a.channel, a.wire, a.attempts FROM answers a
             WHERE a.platform = ?1 AND a.state <> 'sending' AND a.not_before_at <= ?2
               AND NOT EXISTS (SELECT 1 FROM answers b WHERE b.channel = a.channel AND b.id < a.id)
             ORDER BY a.id LIMIT ?3",
        )?;
        let mut rows = statement.query(params![platform, to_ms(now), limit])?;
        let mut claimed = Vec::new();
        while let Some(row) = rows.next()? {
            let channel: String = row.get(1)?;
            claimed.push(ClaimedAnswer {
                id: AnswerId::new(row.get(0)?),
                channel: channel
                    .parse()
                    .map_err(|_| StoreError::unexpected("a channel", channel))?,
                wire: row.get(2)?,
                attempts: row.get(3)?,
            });
        }
        let mut mark = self.conn.prepare_cached(
            "UPDATE answers SET state = 'sending', attempts = attempts + 1 WHERE id = ?1",
        )?;
        for answer in &claimed {
            mark.execute([answer.id.get()])?;
        }
        Ok(claimed)
    }

    /// An answer has arrived, or never will.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_answer(&self, id: AnswerId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM answers WHERE id = ?1")?
            .execute([id.get()])?;
        Ok(())
    }

    /// An answer didn't arrive, and is tried again; `unknown` if it may have arrived all the same.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn postpone_answer(
        &self,
        id: AnswerId,
        not_before: Timestamp,
        error: &str,
        unknown: bool,
    ) -> Result<(), StoreError> {
        let state = if unknown { "unknown" } else { "pending" };
        self.conn
            .prepare_cached(
                "UPDATE answers SET state = ?2, not_before_at = ?3, last_error = ?4 WHERE id = ?1",
            )?
            .execute(params![id.get(), state, to_ms(not_before), error])?;
        Ok(())
    }

    /// An answer was claimed and never tried.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn return_answer(&self, id: AnswerId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE answers SET state = 'pending', attempts = attempts - 1 WHERE id = ?1",
            )?
            .execute([id.get()])?;
        Ok(())
    }

    /// The platform refuses what an answer says: other texts go instead, in its place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn replace_answer(
        &self,
        id: AnswerId,
        instead: &[String],
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some((first, rest)) = instead.split_first() else {
            return self.end_answer(id);
        };
        // What comes behind in the same channel goes behind the new texts as well.
        let channel = "(SELECT channel FROM answers WHERE id = ?1)";
        let last: i64 = self
            .conn
            .query_row("SELECT max(id) FROM answers", [], |row| row.get(0))?;
        for wire in rest {
            self.conn.execute(
                "INSERT INTO answers (platform, channel, wire, state, not_before_at, created_at)
                 SELECT platform, channel, ?2, 'pending', ?3, created_at FROM answers WHERE id = ?1",
                params![id.get(), wire, to_ms(now)],
            )?;
        }
        if !rest.is_empty() {
            const KEPT: &str = "platform, channel, wire, state, attempts, interrupted, not_before_at, last_error, created_at";
            let behind = format!("channel = {channel} AND id > ?1 AND id <= ?2");
            self.conn.execute(
                &format!("INSERT INTO answers ({KEPT}) SELECT {KEPT} FROM answers WHERE {behind} ORDER BY id"),
                params![id.get(), last],
            )?;
            self.conn.execute(
                &format!("DELETE FROM answers WHERE {behind}"),
                params![id.get(), last],
            )?;
        }
        self.conn.execute(
            "UPDATE answers SET state = 'pending', attempts = 0, wire = ?2, not_before_at = ?3, last_error = ?4
             WHERE id = ?1",
            params![id.get(), first, to_ms(now), error],
        )?;
        Ok(())
    }

    /// At start: answers that were being sent when the last process ended are repeated once, no more.
    pub(super) fn recover_answers(&self, platform: &str) -> Result<usize, StoreError> {
        let interrupted = self.conn.execute(
            "UPDATE answers SET state = 'unknown', interrupted = interrupted + 1
             WHERE platform = ?1 AND state = 'sending'",
            [platform],
        )?;
        self.conn.execute(
            "DELETE FROM answers WHERE platform = ?1 AND interrupted >= ?2",
            params![platform, INTERRUPTIONS],
        )?;
        Ok(interrupted)
    }
}
