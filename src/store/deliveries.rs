//! The outbox's rows: the ledger of every part on its way to a channel.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};

use super::{Pause, PausedBy, Reader, StoreError, Writer, from_ms, to_ms};
use crate::ids::{ChannelId, ChannelKey, DeliveryId};

/// How many open parts of one channel are counted: what is beyond makes no difference to its turn.
const COUNTED: u32 = 60;

/// A part that this process may send now. It is `sending` in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its row.
    pub id: DeliveryId,
    /// The row of the channel.
    pub channel_id: ChannelId,
    /// Where it goes.
    pub channel: ChannelKey,
    /// What the platform made of it when it was composed; the same at every attempt.
    pub wire: String,
    /// How often it was tried before.
    pub attempts: u32,
    /// Whether the channel is paused because it didn't want us, and this part finds out whether it does again.
    pub probe: bool,
    /// How many parts the channel has in the queue, this one included; counted up to 60.
    pub waiting: u32,
}

/// How far a walk along the channels has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    after: i64,
    /// Set when every channel was looked at since the walk began.
    pub complete: bool,
    /// When the next of the parts that had to stay may be tried.
    pub next: Option<Timestamp>,
}

impl Round {
    /// Whether the walk has begun and isn't over.
    pub fn is_under_way(&self) -> bool {
        !self.complete && self.after > 0
    }
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It arrived.
    Sent {
        /// The platform's own name for the message.
        message: Option<String>,
    },
    /// It was never tried: it waits as before.
    Untried,
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

/// What is to be done about the first part of a channel.
enum Head {
    Claimed(Claimed),
    Later(Timestamp),
    /// It is being sent, or a manager has stopped the channel.
    Taken,
}

fn key(text: String) -> Result<ChannelKey, StoreError> {
    text.parse()
        .map_err(|_| StoreError::unexpected("a channel", text))
}

impl Reader<'_> {
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
    /// Goes along the channels of a platform, and takes from each the first open part whose time has come,
    /// until there are enough; marks them as being sent. Parts of one channel go one after the other, and a
    /// walk goes on where the last one ended, so that every channel has its turn.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn claim(
        &self,
        platform: &str,
        now: Timestamp,
        round: &mut Round,
        limit: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut head = self.conn.prepare_cached(
            "SELECT channel_id, id FROM deliveries
             WHERE platform = ?1 AND channel_id > ?2 AND state IN ('pending', 'sending', 'unknown')
             ORDER BY channel_id, id LIMIT 1",
        )?;
        let mut claimed = Vec::new();
        // Enough to come round however many channels rest; the walk goes on at the next call.
        let mut steps = limit * 8;
        while claimed.len() < limit && steps > 0 {
            steps -= 1;
            let next: Option<(i64, i64)> = head
                .query_row(params![platform, round.after], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let Some((channel, delivery)) = next else {
                round.after = 0;
                round.complete = true;
                break;
            };
            round.after = channel;
            match self.claim_head(DeliveryId::new(delivery), now)? {
                Head::Claimed(part) => claimed.push(part),
                Head::Later(at) => round.next = Some(round.next.map_or(at, |next| next.min(at))),
                Head::Taken => {}
            }
        }
        Ok(claimed)
    }

    /// Takes the first open part of one channel, if its time has come.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn claim_of(
        &self,
        channel: ChannelId,
        now: Timestamp,
        round: &mut Round,
    ) -> Result<Option<Claimed>, StoreError> {
        let head: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT id FROM deliveries WHERE channel_id = ?1 AND state IN ('pending', 'sending', 'unknown')
                 ORDER BY id LIMIT 1",
            )?
            .query_row([channel.get()], |row| row.get(0))
            .optional()?;
        let Some(head) = head else {
            return Ok(None);
        };
        Ok(match self.claim_head(DeliveryId::new(head), now)? {
            Head::Claimed(part) => Some(part),
            Head::Later(at) => {
                round.next = Some(round.next.map_or(at, |next| next.min(at)));
                None
            }
            Head::Taken => None,
        })
    }

    fn claim_head(&self, id: DeliveryId, now: Timestamp) -> Result<Head, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT d.channel_id, c.key, p.wire, d.attempts, d.state, d.not_before_at, c.paused_by, c.retry_at,
                 (SELECT count(*) FROM (SELECT 1 FROM deliveries e WHERE e.channel_id = d.channel_id
                      AND e.state IN ('pending', 'sending', 'unknown') LIMIT ?2))
             FROM deliveries d JOIN channels c ON c.id = d.channel_id JOIN parts p ON p.id = d.part_id
             WHERE d.id = ?1",
        )?;
        let mut rows = statement.query(params![id.get(), COUNTED])?;
        let Some(row) = rows.next()? else {
            return Ok(Head::Taken);
        };
        let state: String = row.get(4)?;
        let paused: Option<String> = row.get(6)?;
        if state == "sending" || paused.as_deref() == Some("manager") {
            return Ok(Head::Taken);
        }
        let ready: i64 = row.get(5)?;
        let retry: Option<i64> = row.get(7)?;
        let ready = if paused.is_some() {
            retry.unwrap_or(0).max(ready)
        } else {
            ready
        };
        if ready > to_ms(now) {
            return Ok(Head::Later(from_ms(ready)?));
        }
        let part = Claimed {
            id,
            channel_id: ChannelId::new(row.get(0)?),
            channel: key(row.get(1)?)?,
            wire: row.get(2)?,
            attempts: row.get(3)?,
            probe: paused.is_some(),
            waiting: row.get(8)?,
        };
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?1",
            )?
            .execute([id.get()])?;
        Ok(Head::Claimed(part))
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
            Settlement::Untried => {
                self.conn
                    .prepare_cached(
                        "UPDATE deliveries SET state = 'pending', attempts = attempts - 1 WHERE id = ?1",
                    )?
                    .execute([id.get()])?;
                return Ok(());
            }
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

    /// A channel that didn't want us does again: deliveries go on. `false` if the platform hadn't stopped them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn welcome(&self, key: &ChannelKey) -> Result<bool, StoreError> {
        match self.channel(key)? {
            Some(channel)
                if channel
                    .pause
                    .as_ref()
                    .is_some_and(|pause| pause.by == PausedBy::Platform) =>
            {
                self.set_pause(channel.id, None)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// At start, when nobody else delivers for the platform: what was being sent when the last process ended
    /// has an unknown fate, and is tried again. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn recover(&self, platform: &str) -> Result<usize, StoreError> {
        let parts = self.conn.execute(
            "UPDATE deliveries SET state = 'unknown' WHERE platform = ?1 AND state = 'sending'",
            [platform],
        )?;
        Ok(parts + self.recover_answers(platform)?)
    }
}
