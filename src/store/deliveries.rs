//! The outbox's rows: the ledger of every part on its way to a channel.

use super::engine::{Conn, OptionalExtension, params};
use jiff::Timestamp;
use tidings_core::channel::ChannelRow;
use tidings_core::delivery::Settlement;

use super::{ReadTx, StoreError, WriteTx, from_ms, from_ms_opt, to_ms};
use tidings_core::ids::{ChannelId, ChannelKey, DeliveryId};

/// How an outbox stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Parts that wait, are being sent, or have an unknown fate.
    pub waiting: usize,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
    /// Parts that were refused for good.
    pub dead: usize,
    /// Messages that are to be corrected.
    pub edits: usize,
    /// Messages that couldn't be corrected.
    pub uncorrected: usize,
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

/// A part that was refused for good, with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadText {
    /// Where it should have gone, and why it didn't.
    pub part: DeadPart,
    /// What would have been sent.
    pub wire: String,
    /// When it was refused.
    pub refused_at: Option<Timestamp>,
}

/// A text that was refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedPost {
    /// The text's row.
    pub part: i64,
    /// How many channels didn't get it.
    pub channels: usize,
    /// Why, in words.
    pub error: String,
}

/// Rows of the outbox that are looked at for what arrived in a day.
const MOST_COUNTED: usize = 100_000;

/// A stored channel's key.
pub(super) fn key(text: String) -> Result<ChannelKey, StoreError> {
    text.parse()
        .map_err(|_| StoreError::unexpected("a channel", text))
}

impl ReadTx<'_> {
    /// The number of the newest part that anybody was to get.
    pub fn newest_delivery(&self) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT coalesce(max(id), 0) FROM deliveries")?
            .query_row([], |row| row.get(0))?)
    }

    /// Where parts of a platform went since a moment, and when; `None` for those that are in doubt. It looks at every part that is
    /// kept, so it is for whoever begins to send.
    pub fn sent_since(
        &self,
        platform: &str,
        since: Timestamp,
    ) -> Result<Vec<(ChannelKey, Option<Timestamp>)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.key, CASE WHEN d.state = 'sent' THEN d.settled_at END FROM deliveries d
             JOIN channels c ON c.id = d.channel_id
             WHERE d.platform = ?1 AND (d.state = 'unknown' OR d.state = 'sent' AND d.settled_at >= ?2)
             ORDER BY d.settled_at, d.id",
        )?;
        let mut rows = statement.query(params![platform, to_ms(since)])?;
        let mut sent = Vec::new();
        while let Some(row) = rows.next()? {
            sent.push((key(row.get(0)?)?, from_ms_opt(row.get(1)?)?));
        }
        Ok(sent)
    }

    /// How the outbox stands, for one channel or for all.
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
            edits: self.edits(channel)?,
            uncorrected: self.uncorrected(channel)?,
        })
    }

    /// How a platform's outbox stands.
    pub fn queue_of(&self, platform: &str) -> Result<Queue, StoreError> {
        let (waiting, oldest): (usize, Option<i64>) = self
            .conn
            .prepare_cached(
                "SELECT count(*), min(created_at) FROM deliveries
                 WHERE platform = ?1 AND state IN ('pending', 'sending', 'unknown')",
            )?
            .query_row([platform], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let dead = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM deliveries WHERE state = 'dead' AND platform = ?1",
            )?
            .query_row([platform], |row| row.get(0))?;
        Ok(Queue {
            waiting,
            oldest: oldest.map(from_ms).transpose()?,
            dead,
            ..Queue::default()
        })
    }

    /// The texts that were refused for good, each with the channels that were to get it.
    pub fn refused_posts(&self) -> Result<Vec<RefusedPost>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT part_id, count(*), coalesce(min(last_error), '') FROM deliveries WHERE state = 'dead'
             GROUP BY part_id ORDER BY part_id",
        )?;
        let mut rows = statement.query([])?;
        let mut posts = Vec::new();
        while let Some(row) = rows.next()? {
            posts.push(RefusedPost {
                part: row.get(0)?,
                channels: row.get(1)?,
                error: row.get(2)?,
            });
        }
        Ok(posts)
    }

    /// How many parts arrived in each hour of the day before a moment, the first hour first. Of a very large outbox only what
    /// was made last is counted.
    pub fn arrived_by_hour(&self, now: Timestamp) -> Result<[usize; 24], StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT (?1 - settled_at) / 3600000, count(*)
             FROM (SELECT state, settled_at FROM deliveries ORDER BY id DESC LIMIT ?2) AS newest
             WHERE state = 'sent' AND settled_at > ?1 - 86400000 AND settled_at <= ?1 GROUP BY 1",
        )?;
        let mut rows = statement.query(params![to_ms(now), MOST_COUNTED])?;
        let mut hours = [0; 24];
        while let Some(row) = rows.next()? {
            let ago: usize = row.get(0)?;
            if let Some(hour) = 23_usize.checked_sub(ago) {
                hours[hour] = row.get(1)?;
            }
        }
        Ok(hours)
    }

    /// The parts that were refused for good, with what they say, the latest first: at most `limit`, those before a number
    /// where one is given.
    pub fn dead_texts(
        &self,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<Vec<DeadText>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT d.id, c.key, coalesce(d.last_error, ''), p.wire, d.settled_at FROM deliveries d
             JOIN channels c ON c.id = d.channel_id JOIN parts p ON p.id = d.part_id
             WHERE d.state = 'dead' AND (?1 IS NULL OR d.id < ?1) ORDER BY d.id DESC LIMIT ?2",
        )?;
        let mut rows = statement.query(params![before.map(DeliveryId::get), limit])?;
        let mut texts = Vec::new();
        while let Some(row) = rows.next()? {
            texts.push(DeadText {
                part: DeadPart {
                    id: DeliveryId::new(row.get(0)?),
                    channel: key(row.get(1)?)?,
                    error: row.get(2)?,
                },
                wire: row.get(3)?,
                refused_at: from_ms_opt(row.get(4)?)?,
            });
        }
        Ok(texts)
    }

    /// A part that was refused for good; `None` if it isn't one any more.
    pub fn dead_part(&self, id: DeliveryId) -> Result<Option<DeadPart>, StoreError> {
        let after = Some(DeliveryId::new(id.get() + 1));
        let found = self.dead_texts(after, 1)?.into_iter().next();
        Ok(found.map(|text| text.part).filter(|part| part.id == id))
    }

    /// The parts that were refused for good, oldest first.
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

impl WriteTx<'_> {
    /// Stores one message's worth of wire text, to be shared by all channels that get it.
    pub fn add_part(&self, wire: &str) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .prepare_cached("INSERT INTO parts (wire) VALUES (?1)")?
            .insert([wire])?)
    }

    /// Puts a post's parts into the outbox for a channel.
    pub fn enqueue(
        &self,
        channel: &ChannelRow,
        parts: &[i64],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(bulk) = &mut *self.bulk.borrow_mut() {
            bulk.enqueue(channel.id, channel.key.platform(), parts, now);
            return Ok(());
        }
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO deliveries (channel_id, platform, part_id, state, not_before_at, created_at, post_id)
             VALUES (?1, ?2, ?3, 'pending', ?4, ?4, ?5)",
        )?;
        let mut first: Option<i64> = None;
        for part in parts {
            let id = insert.insert(params![
                channel.id.get(),
                channel.key.platform(),
                part,
                to_ms(now),
                first
            ])?;
            first.get_or_insert(id);
        }
        Ok(())
    }

    /// Writes down what became of a part.
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
                if self.next_piece(id, message.as_deref(), now)? {
                    return Ok(());
                }
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
            Settlement::Dead { error } => {
                if self.set_piece_aside(id, error, now)? {
                    return Ok(());
                }
                ("dead", None, Some(error), None, Some(to_ms(now)))
            }
        };
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET state = ?2, message_id = coalesce(message_id, ?3),
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

    /// A platform can be reached again: what waits for its next try needn't wait any longer, but where the platform
    /// itself has asked for it. What is in doubt on a server may be so because its sender was lost, and may still arrive.
    pub fn release_backoff(&self, platform: &str, now: Timestamp) -> Result<(), StoreError> {
        let released = match self.conn {
            Conn::Sqlite(_) => "('pending', 'unknown')",
            Conn::Server(_) => "('pending')",
        };
        let in_deliveries = "(SELECT key FROM channels WHERE id = channel_id)";
        for (table, channel) in [
            ("deliveries", in_deliveries),
            ("answers", "answers.channel"),
        ] {
            self.conn.execute(
                &format!(
                    "UPDATE {table} SET not_before_at = ?2
                     WHERE platform = ?1 AND state IN {released} AND not_before_at > ?2
                       AND NOT EXISTS (SELECT 1 FROM waits w WHERE w.platform = ?1 AND w.until_at > ?2
                           AND w.channel IN ('', {channel}))"
                ),
                params![platform, to_ms(now)],
            )?;
        }
        Ok(())
    }

    /// A channel follows nothing any more: what waits for it goes, but for what may be on its way already, and for what it gets
    /// as an editor's. Returns how many parts are on their way.
    pub fn withdraw(&self, channel: ChannelId) -> Result<usize, StoreError> {
        // A roundup shows items, which is noted of its first part; what editors are told of shows none.
        let id = channel.get();
        let mut waiting = self.conn.prepare_cached(
            "DELETE FROM deliveries WHERE channel_id = ?1 AND state = 'pending'
                 AND (post_id IS NOT NULL OR EXISTS (SELECT 1 FROM shown WHERE shown.post = deliveries.part_id))
                 AND NOT EXISTS (SELECT 1 FROM review_messages told WHERE told.part_id = deliveries.part_id)
             RETURNING part_id",
        )?;
        let parts = waiting.query_map([id], |row| row.get(0))?;
        let parts: Vec<i64> = parts.collect::<Result<_, _>>()?;
        for part in parts {
            self.conn
                .prepare_cached(
                    "DELETE FROM parts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE part_id = ?1)",
                )?
                .execute([part])?;
        }
        Ok(self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM deliveries WHERE channel_id = ?1 AND state IN ('sending', 'unknown')",
            )?
            .query_row([id], |row| row.get(0))?)
    }

    /// How many parts wait for a channel or are on their way to it.
    pub fn on_their_way(&self, channel: ChannelId) -> Result<usize, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM deliveries WHERE channel_id = ?1 AND state IN ('pending', 'sending', 'unknown')",
            )?
            .query_row([channel.get()], |row| row.get(0))?)
    }

    /// Has dead parts tried again, all or some of them. Returns how many there were.
    pub fn retry_dead(
        &self,
        only: Option<&[DeliveryId]>,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        const AGAIN: &str = "UPDATE deliveries SET state = 'pending', attempts = 0, settled_at = NULL, not_before_at = ?1
             WHERE state = 'dead'";
        let Some(only) = only else {
            return Ok(self.conn.execute(AGAIN, [to_ms(now)])?);
        };
        let mut retried = 0;
        for id in only {
            let one = format!("{AGAIN} AND id = ?2");
            retried += self.conn.execute(&one, params![to_ms(now), id.get()])?;
        }
        Ok(retried)
    }

    /// Gives a part up that was refused for good. `false` if there is no such part.
    pub fn give_up(&self, id: DeliveryId) -> Result<bool, StoreError> {
        let part: Option<i64> = self
            .conn
            .prepare_cached(
                "DELETE FROM deliveries WHERE id = ?1 AND state = 'dead' RETURNING part_id",
            )?
            .query_row([id.get()], |row| row.get(0))
            .optional()?;
        let Some(part) = part else { return Ok(false) };
        self.forget_part(part)?;
        Ok(true)
    }

    /// At start, when nobody else delivers for the platform: what was being sent when the last process ended
    /// has an unknown fate, and is tried again. Returns how many there were.
    pub fn recover(&self, platform: &str) -> Result<usize, StoreError> {
        let parts = self.conn.execute(
            "UPDATE deliveries SET state = 'unknown' WHERE platform = ?1 AND state = 'sending'",
            [platform],
        )?;
        self.recover_edits(platform)?;
        Ok(parts + self.recover_answers(platform)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::*;
    use crate::{OpenMode, Store};

    #[test]
    fn what_an_editor_is_told_stays_when_they_end_their_last_subscription() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let left = store.blocking().write(|db| {
            let now = Timestamp::UNIX_EPOCH;
            let channel = db.channel_or_new(&ChannelKey::new("forum", "1").unwrap(), now)?;
            let suggested = db.add_part("A suggestion")?;
            db.enqueue(&channel, &[suggested], now)?;
            let roundup = [db.add_part("A roundup")?, db.add_part("its end")?];
            db.enqueue(&channel, &roundup, now)?;
            db.conn.execute(
                "INSERT INTO shown (post, item_id) VALUES (?1, 1)",
                [roundup[0]],
            )?;
            assert_eq!(db.withdraw(channel.id)?, 0);
            let mut left = db.conn.prepare("SELECT wire FROM parts")?;
            let left = left.query_map([], |row| row.get::<_, String>(0))?;
            Ok::<_, StoreError>(left.collect::<Result<Vec<_>, _>>()?)
        });
        assert_eq!(left.unwrap(), ["A suggestion"]);
    }
}
