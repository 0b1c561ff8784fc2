//! Claims: which parts of the outbox a process may send now.

use super::engine::{OptionalExtension, Row, params};
use jiff::Timestamp;

use super::corrections::LEFT_BEHIND;
use super::deliveries::key;
use super::{StoreError, WriteTx, from_ms, to_ms};
use tidings_core::ids::{ChannelId, ChannelKey, DeliveryId};

/// How many open parts of one channel are counted: what is beyond makes no difference to its turn.
pub(super) const COUNTED: u32 = 60;

/// A part that this process may send now. It is `sending` in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its row.
    pub id: DeliveryId,
    /// The row of the channel.
    pub channel_id: ChannelId,
    /// Where it goes.
    pub channel: ChannelKey,
    /// What the platform made of it when it was composed; the same at every attempt, until the platform refuses it
    /// for what it says.
    pub wire: String,
    /// Which piece of it this is, where it goes in pieces since it was refused.
    pub piece: Option<i64>,
    /// How often it was tried before.
    pub attempts: u32,
    /// Whether the channel is paused because it didn't want us, and this part finds out whether it does again.
    pub probe: bool,
    /// How many parts the channel has in the queue, this one included; counted up to 60.
    pub waiting: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// What the platform noted about the channel.
    pub note: Option<String>,
    /// What the platform called the first part of the same post, if this is a later one.
    pub first: Option<String>,
}

impl Claimed {
    /// A name for what is sent that no other part or piece ever has: row numbers begin anew with another store,
    /// together with the moment they don't. At most 25 letters, digits and hyphens.
    pub fn nonce(&self) -> String {
        let moment = self.created_at.as_millisecond();
        match self.piece {
            Some(piece) => format!("p{piece:x}-{moment:x}"),
            None => format!("{:x}-{moment:x}", self.id.get()),
        }
    }
}

/// How far a walk along the channels has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimCursor {
    pub(super) after: i64,
    /// Set when every channel was looked at since the walk began.
    pub complete: bool,
    /// When the next of the parts that had to stay may be tried.
    pub next: Option<Timestamp>,
}

impl ClaimCursor {
    /// A part had to stay until a moment.
    pub(super) fn waits_until(&mut self, at: Timestamp) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }

    /// Whether the walk has begun and isn't over.
    pub fn is_under_way(&self) -> bool {
        !self.complete && self.after > 0
    }
}

/// What is to be done about the first part of a channel.
enum Head {
    Claimed(Claimed),
    Later(Timestamp),
    /// It is being sent, or a manager has stopped the channel.
    Taken,
    /// All that it would have shown was withdrawn: it isn't sent.
    Withdrawn,
}

/// What is to be known of a channel's first open part, `d`; ?2 is [`COUNTED`].
pub(super) const HEAD: &str = "d.channel_id, c.key, p.wire, d.attempts, d.state, d.not_before_at, c.paused_by, c.retry_at,
    (SELECT count(*) FROM (SELECT 1 FROM deliveries e WHERE e.channel_id = d.channel_id
         AND e.state IN ('pending', 'sending', 'unknown') LIMIT ?2) AS waiting),
    d.created_at, c.note,
    CASE WHEN d.post_id <> d.id THEN (SELECT f.message_id FROM deliveries f WHERE f.id = d.post_id) ELSE d.message_id END,
    (SELECT i.id FROM pieces i WHERE i.delivery_id = d.id ORDER BY i.place LIMIT 1),
    (SELECT i.wire FROM pieces i WHERE i.delivery_id = d.id ORDER BY i.place LIMIT 1),
    p.edition, d.edition, p.id, d.id";

/// Where that stands.
pub(super) const OF_HEAD: &str =
    "JOIN channels c ON c.id = d.channel_id JOIN parts p ON p.id = d.part_id";

/// A channel's first open part.
pub(super) enum Seen {
    /// It may be sent; with the text, and the edition of it, that goes instead of the one it was composed of.
    Ready(Box<Claimed>, Option<(i64, i64)>),
    Later(Timestamp),
    /// It is being sent, or a manager has stopped the channel.
    Taken,
}

pub(super) fn read_head(row: Row<'_>, now: Timestamp) -> Result<Seen, StoreError> {
    let state: String = row.get(4)?;
    let paused: Option<String> = row.get(6)?;
    if state == "sending" || paused.as_deref() == Some("manager") {
        return Ok(Seen::Taken);
    }
    let ready: i64 = row.get(5)?;
    let retry: Option<i64> = row.get(7)?;
    let ready = if paused.is_some() {
        retry.unwrap_or(0).max(ready)
    } else {
        ready
    };
    if ready > to_ms(now) {
        return Ok(Seen::Later(from_ms(ready)?));
    }
    let attempts: u32 = row.get(3)?;
    let piece: Option<i64> = row.get(12)?;
    let (newest, tried): (i64, i64) = (row.get(14)?, row.get(15)?);
    // What was tried goes as it went.
    let edition = if attempts == 0 { newest } else { tried };
    let corrected = if piece.is_none() && edition > 0 {
        Some((row.get(16)?, edition))
    } else {
        None
    };
    let wire = match piece {
        Some(_) => row.get(13)?,
        None => row.get(2)?,
    };
    let part = Claimed {
        id: DeliveryId::new(row.get(17)?),
        channel_id: ChannelId::new(row.get(0)?),
        channel: key(row.get(1)?)?,
        wire,
        attempts,
        probe: paused.is_some(),
        waiting: row.get(8)?,
        created_at: from_ms(row.get(9)?)?,
        note: row.get(10)?,
        piece,
        // What came before it of a first part, or of the only one, is the first part.
        first: reachable(row.get(11)?),
    };
    Ok(Seen::Ready(Box::new(part), corrected))
}

impl WriteTx<'_> {
    /// Goes along the channels of a platform, and takes from each the first open part whose time has come,
    /// until there are enough; marks them as being sent. Parts of one channel go one after the other, and a
    /// walk goes on where the last one ended, so that every channel has its turn.
    pub fn claim(
        &self,
        platform: &str,
        now: Timestamp,
        round: &mut ClaimCursor,
        limit: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        if self.conn.is_server() {
            return self.claim_in_bulk(platform, now, round, limit);
        }
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
                Head::Later(at) => round.waits_until(at),
                Head::Taken => {}
                // The next one's turn comes.
                Head::Withdrawn => round.after = channel - 1,
            }
        }
        Ok(claimed)
    }

    /// Takes the first open parts of channels whose time has come, of the last ones first, until there are enough; those that it
    /// has looked at are taken out.
    pub fn claim_of_each(
        &self,
        channels: &mut Vec<ChannelId>,
        now: Timestamp,
        round: &mut ClaimCursor,
        limit: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut claimed = Vec::new();
        while claimed.len() < limit && !channels.is_empty() {
            if self.conn.is_server() {
                let missing = limit - claimed.len();
                let taken = channels.split_off(channels.len().saturating_sub(missing));
                claimed.extend(self.claim_of_in_bulk(&taken, now, round)?);
            } else if let Some(channel) = channels.pop() {
                claimed.extend(self.claim_of(channel, now, round)?);
            }
        }
        Ok(claimed)
    }

    /// Takes the first open part of one channel, if its time has come.
    pub fn claim_of(
        &self,
        channel: ChannelId,
        now: Timestamp,
        round: &mut ClaimCursor,
    ) -> Result<Option<Claimed>, StoreError> {
        loop {
            let Some(head) = self.head_of(channel)? else {
                return Ok(None);
            };
            return Ok(match self.claim_head(head, now)? {
                Head::Claimed(part) => Some(part),
                Head::Later(at) => {
                    round.waits_until(at);
                    None
                }
                Head::Taken => None,
                Head::Withdrawn => continue,
            });
        }
    }

    /// The first open part of a channel.
    fn head_of(&self, channel: ChannelId) -> Result<Option<DeliveryId>, StoreError> {
        let head = self
            .conn
            .prepare_cached(
                "SELECT id FROM deliveries WHERE channel_id = ?1 AND state IN ('pending', 'sending', 'unknown')
                 ORDER BY id LIMIT 1",
            )?
            .query_row([channel.get()], |row| row.get(0))
            .optional()?;
        Ok(head.map(DeliveryId::new))
    }

    fn claim_head(&self, id: DeliveryId, now: Timestamp) -> Result<Head, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {HEAD} FROM deliveries d {OF_HEAD} WHERE d.id = ?1"
        ))?;
        let mut rows = statement.query(params![id.get(), COUNTED])?;
        let Some(row) = rows.next()? else {
            return Ok(Head::Taken);
        };
        let (mut part, corrected) = match read_head(row, now)? {
            Seen::Ready(part, corrected) => (part, corrected),
            Seen::Later(at) => return Ok(Head::Later(at)),
            Seen::Taken => return Ok(Head::Taken),
        };
        if let Some((text, edition)) = corrected {
            match self.edition(text, edition)? {
                Some(corrected) => part.wire = corrected,
                None => {
                    self.leave_out(id, edition, now)?;
                    return Ok(Head::Withdrawn);
                }
            }
            self.conn
                .prepare_cached("UPDATE deliveries SET edition = ?2 WHERE id = ?1")?
                .execute([id.get(), edition])?;
        }
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, epoch = ?2 WHERE id = ?1",
            )?
            .execute(params![id.get(), self.epoch])?;
        Ok(Head::Claimed(*part))
    }

    /// A part isn't sent any more, and counts as if it had been.
    fn leave_out(&self, id: DeliveryId, edition: i64, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET state = 'sent', edition = ?2, settled_at = ?3 WHERE id = ?1",
            )?
            .execute(params![id.get(), edition, to_ms(now)])?;
        // Of a post whose first part isn't sent, the next one is the first.
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET post_id = nullif((SELECT min(id) FROM deliveries WHERE post_id = ?1), id)
                 WHERE post_id = ?1",
            )?
            .execute([id.get()])?;
        Ok(())
    }

    /// What the platform called the first part of a post.
    pub(super) fn first_of(&self, post: i64) -> Result<Option<String>, StoreError> {
        let first = self
            .conn
            .prepare_cached("SELECT message_id FROM deliveries WHERE id = ?1")?
            .query_row([post], |row| row.get(0))
            .optional()?;
        Ok(reachable(first.flatten()))
    }
}

/// A message, as long as it can be reached.
fn reachable(message: Option<String>) -> Option<String> {
    message.filter(|message| message != LEFT_BEHIND)
}

#[cfg(test)]
mod tests {
    use tidings_core::delivery::Settlement;
    use tidings_core::ids::ChannelKey;

    use super::*;
    use crate::{Edition, OpenMode, Stale, Store};
    use tidings_core::platform::{Anew, Recutting};

    #[test]
    fn where_the_first_part_of_a_post_is_left_out_the_next_one_is_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let now: Timestamp = "2026-11-06T12:00:00Z".parse().unwrap();
        let (first, second) = store
            .blocking()
            .write(|db| {
                let key = ChannelKey::new("forum", "1").unwrap();
                let channel = db.channel_or_new(&key, now)?;
                let parts = [
                    db.add_part("one")?,
                    db.add_part("two")?,
                    db.add_part("three")?,
                ];
                db.enqueue(&channel, &parts, now)?;
                db.keep_composed(parts[0], "forum", &parts[..1], "{}", &[], now)?;
                let stale = Stale {
                    first_part: parts[0],
                    parts: parts[..1].to_vec(),
                    made: "{}".to_owned(),
                };
                let withdrawn = Edition {
                    fresh: None,
                    edited: "gone".to_owned(),
                    unmarked: None,
                    mark: None,
                };
                let recut: Recutting<'_> = &|_| Anew::Unknown;
                db.correct(&stale, "{}", &[withdrawn], true, recut, now)?;
                let mut claimed = Vec::new();
                for _ in 0..2 {
                    let part = db.claim_of(channel.id, now, &mut ClaimCursor::default())?;
                    let part = part.expect("a part");
                    let message = Some(format!("message {}", part.wire));
                    db.settle(part.id, &Settlement::Sent { message }, now)?;
                    claimed.push((part.wire, part.first));
                }
                Ok::<_, StoreError>((claimed.remove(0), claimed.remove(0)))
            })
            .unwrap();
        assert_eq!(first, ("two".to_owned(), None));
        let begun = Some("message two".to_owned());
        assert_eq!(second, ("three".to_owned(), begun));
    }
}
