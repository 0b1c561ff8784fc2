//! The outbox's rows: the ledger of every part on its way to a channel.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{Pause, PausedBy, Reader, StoreError, Writer, from_ms, from_ms_opt, to_ms};
use crate::ids::{ChannelKey, DeliveryId};

/// A part that this process may send now. It is `sending` in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its row.
    pub id: DeliveryId,
    /// Where it goes.
    pub channel: ChannelKey,
    /// What the platform made of it when it was composed; the same at every attempt.
    pub wire: String,
    /// How often it was tried before.
    pub attempts: u32,
    /// Whether the channel is paused because it didn't want us, and this part finds out whether it does again.
    pub probe: bool,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It arrived.
    Sent {
        /// The platform's own name for the message.
        message: Option<String>,
    },
    /// It did not arrive, and is tried again.
    Later {
        /// Not before this moment.
        not_before: Timestamp,
        /// Why, in words.
        error: String,
        /// Whether it may have arrived all the same.
        unknown: bool,
    },
    /// The platform refuses it for good.
    Dead {
        /// Why, in words.
        error: String,
    },
}

/// How an outbox stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Parts that wait, are being sent, or have an unknown fate.
    pub waiting: usize,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
    /// Parts that were refused for good.
    pub dead: usize,
}

/// A part that was refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadPart {
    /// Its row.
    pub id: DeliveryId,
    /// Where it should have gone.
    pub channel: ChannelKey,
    /// Why it didn't.
    pub error: String,
}

fn key(text: String) -> Result<ChannelKey, StoreError> {
    text.parse()
        .map_err(|_| StoreError::unexpected("a channel", text))
}

impl Reader<'_> {
    /// When the next part of a platform may be tried; `None` if none waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_attempt(&self, platform: &str) -> Result<Option<Timestamp>, StoreError> {
        from_ms_opt(
            self.conn
                .prepare_cached(
                    "SELECT min(max(d.not_before_at, coalesce(c.retry_at, 0))) FROM deliveries d
                     JOIN channels c ON c.id = d.channel_id
                          AND (c.paused_by IS NULL OR c.paused_by = 'platform')
                     WHERE d.platform = ?1 AND d.state IN ('pending', 'sending', 'unknown')
                       AND d.state <> 'sending'",
                )?
                .query_row([platform], |row| row.get(0))?,
        )
    }

    /// How the outbox stands, for one channel or for all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn queue(&self, channel: Option<&ChannelKey>) -> Result<Queue, StoreError> {
        let key = channel.map(ToString::to_string);
        let (waiting, oldest): (usize, Option<i64>) = self
            .conn
            .prepare_cached(
                "SELECT count(*), min(created_at) FROM deliveries
                 WHERE state IN ('pending', 'sending', 'unknown')
                   AND (?1 IS NULL OR channel_id = (SELECT id FROM channels WHERE key = ?1))",
            )?
            .query_row([&key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let dead = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM deliveries WHERE state = 'dead'
                   AND (?1 IS NULL OR channel_id = (SELECT id FROM channels WHERE key = ?1))",
            )?
            .query_row([&key], |row| row.get(0))?;
        Ok(Queue {
            waiting,
            oldest: oldest.map(from_ms).transpose()?,
            dead,
        })
    }

    /// The parts that were refused for good, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dead_parts(&self) -> Result<Vec<DeadPart>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT d.id, c.key, coalesce(d.last_error, '') FROM deliveries d
             JOIN channels c ON c.id = d.channel_id WHERE d.state = 'dead' ORDER BY d.id",
        )?;
        let mut rows = statement.query([])?;
        let mut parts = Vec::new();
        while let Some(row) = rows.next()? {
            parts.push(DeadPart {
                id: DeliveryId::new(row.get(0)?),
                channel: key(row.get(1)?)?,
                error: row.get(2)?,
            });
        }
        Ok(parts)
    }
}

impl Writer<'_> {
    /// Takes the next part of each channel of a platform whose time has come, oldest first, and marks it as
    /// being sent. Parts of one channel go one after the other.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn claim(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT d.id, c.key, p.wire, d.attempts, c.paused_by IS NOT NULL FROM deliveries d
             JOIN channels c ON c.id = d.channel_id
                  AND (c.paused_by IS NULL OR c.paused_by = 'platform' AND c.retry_at <= ?2)
             JOIN parts p ON p.id = d.part_id
             WHERE d.platform = ?1 AND d.state IN ('pending', 'sending', 'unknown')
               AND d.state <> 'sending' AND d.not_before_at <= ?2
               AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.channel_id = d.channel_id AND e.id < d.id
                               AND e.state IN ('pending', 'sending', 'unknown'))
             ORDER BY d.id LIMIT ?3",
        )?;
        let mut rows = statement.query(params![platform, to_ms(now), limit])?;
        let mut claimed = Vec::new();
        while let Some(row) = rows.next()? {
            claimed.push(Claimed {
                id: DeliveryId::new(row.get(0)?),
                channel: key(row.get(1)?)?,
                wire: row.get(2)?,
                attempts: row.get(3)?,
                probe: row.get(4)?,
            });
        }
        let mut mark = self.conn.prepare_cached(
            "UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?1",
        )?;
        for part in &claimed {
            mark.execute([part.id.get()])?;
        }
        Ok(claimed)
    }

    /// Writes down what became of a part.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn settle(
        &self,
        id: DeliveryId,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (state, message, error, not_before, settled) = match settlement {
            Settlement::Sent { message } => {
                ("sent", message.as_deref(), None, None, Some(to_ms(now)))
            }
            Settlement::Later {
                not_before,
                error,
                unknown,
            } => {
                let state = if *unknown { "unknown" } else { "pending" };
                (state, None, Some(error), Some(to_ms(*not_before)), None)
            }
            Settlement::Dead { error } => ("dead", None, Some(error), None, Some(to_ms(now))),
        };
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET state = ?2, message_id = coalesce(?3, message_id),
                     last_error = coalesce(?4, last_error), not_before_at = coalesce(?5, not_before_at),
                     settled_at = ?6 WHERE id = ?1",
            )?
            .execute(params![
                id.get(),
                state,
                message,
                error,
                not_before,
                settled
            ])?;
        Ok(())
    }

    /// Stops deliveries to a channel that doesn't want us, until `pause` of the number of tries is over. A
    /// manager's pause stays as it is, and a forgotten channel stays forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pause_by_platform(
        &self,
        key: &ChannelKey,
        reason: &str,
        now: Timestamp,
        pause: fn(u32) -> SignedDuration,
    ) -> Result<(), StoreError> {
        let Some(channel) = self.channel(key)? else {
            return Ok(());
        };
        let by_platform = |p: &Pause| p.by == PausedBy::Platform;
        if channel.pause.as_ref().is_some_and(|p| !by_platform(p)) {
            return Ok(());
        }
        if channel.pause.is_none() {
            let stopped = Pause {
                by: PausedBy::Platform,
                since: now,
                reason: Some(reason.to_owned()),
            };
            self.set_pause(channel.id, Some(&stopped))?;
        }
        let tries: u32 = self.conn.query_row(
            "SELECT tries FROM channels WHERE id = ?1",
            [channel.id.get()],
            |row| row.get(0),
        )?;
        let retry = now.checked_add(pause(tries)).unwrap_or(now);
        self.conn.execute(
            "UPDATE channels SET tries = tries + 1, retry_at = ?2 WHERE id = ?1",
            [channel.id.get(), to_ms(retry)],
        )?;
        Ok(())
    }

    /// A channel that didn't want us took a part: deliveries go on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn welcome(&self, key: &ChannelKey) -> Result<(), StoreError> {
        match self.channel(key)? {
            Some(channel) if channel.pause.is_some() => self.set_pause(channel.id, None),
            _ => Ok(()),
        }
    }

    /// At start, when nobody else delivers for the platform: what was being sent when the last process ended
    /// has an unknown fate, and is tried again. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn recover(&self, platform: &str) -> Result<usize, StoreError> {
        Ok(self.conn.execute(
            "UPDATE deliveries SET state = 'unknown' WHERE platform = ?1 AND state = 'sending'",
            [platform],
        )?)
    }
}
