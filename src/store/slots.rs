//! The slots that subscriptions wait for, as far as they are alike, and the clock by which they were set.

use super::engine::params;
use jiff::Timestamp;

use super::channels::DUE_AT;
use super::{ReadTx, StoreError, WriteTx, from_ms, from_ms_opt, to_ms};
use tidings_core::ids::ChannelId;
use tidings_core::schedule::Cadence;

/// The latest moment at which the bot ran.
const CLOCK: &str = "clock";

/// Since when the clock goes on steadily.
const STEADY: &str = "steady";

/// What some subscriptions have in common: a cadence, a zone, and the slot that they wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The cadence.
    pub cadence: Cadence,
    /// The channels' zone; `None` where they have set none.
    pub timezone: Option<String>,
    /// The slot.
    pub next_at: Timestamp,
    /// As in a subscription's row.
    pub open_until: Option<Timestamp>,
}

impl ReadTx<'_> {
    /// Every slot that somebody waits for.
    pub fn slots(&self) -> Result<Vec<Slot>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT s.cadence, c.timezone, s.next_at, s.open_until FROM subscriptions s
             JOIN channels c ON c.id = s.channel_id WHERE s.next_at IS NOT NULL",
        )?;
        let mut rows = statement.query([])?;
        let mut slots = Vec::new();
        while let Some(row) = rows.next()? {
            let cadence: String = row.get(0)?;
            slots.push(Slot {
                cadence: Cadence::stored(&cadence)
                    .map_err(|_| StoreError::unexpected("a cadence", cadence))?,
                timezone: row.get(1)?,
                next_at: from_ms(row.get(2)?)?,
                open_until: from_ms_opt(row.get(3)?)?,
            });
        }
        Ok(slots)
    }

    /// The latest moment at which the bot is known to have run, by the clock of that time.
    pub fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        from_ms_opt(self.known_fact(CLOCK)?)
    }

    /// Since when the clock goes on steadily, if it ever jumped.
    pub fn steady_since(&self) -> Result<Option<Timestamp>, StoreError> {
        from_ms_opt(self.known_fact(STEADY)?)
    }
}

impl WriteTx<'_> {
    /// What a channel follows on a schedule is due now.
    pub fn make_due(&self, channel: ChannelId, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE subscriptions SET next_at = ?2 WHERE channel_id = ?1 AND next_at > ?2",
            )?
            .execute(params![channel.get(), to_ms(now)])?;
        self.refresh_due(channel)
    }

    /// Notes what time it is.
    pub fn set_clock(&self, now: Timestamp) -> Result<(), StoreError> {
        self.keep_fact(CLOCK, to_ms(now))
    }

    /// Notes since when the clock goes on steadily.
    pub fn set_steady_since(&self, now: Timestamp) -> Result<(), StoreError> {
        self.keep_fact(STEADY, to_ms(now))
    }

    /// Has everybody who waits for a slot, and has been subscribed since a moment or longer, wait for another one.
    pub fn move_slot(&self, slot: &Slot, to: &Slot, since: Timestamp) -> Result<usize, StoreError> {
        let cadence = slot.cadence.to_string();
        let moved = self.conn.execute(
            "UPDATE subscriptions SET next_at = ?1, open_until = ?6
             WHERE cadence = ?2 AND next_at = ?3 AND open_until IS NOT DISTINCT FROM ?7 AND created_at <= ?4
             AND channel_id IN (SELECT id FROM channels WHERE timezone IS NOT DISTINCT FROM ?5)",
            params![
                to_ms(to.next_at),
                cadence,
                to_ms(slot.next_at),
                to_ms(since),
                slot.timezone,
                to.open_until.map(to_ms),
                slot.open_until.map(to_ms),
            ],
        )?;
        self.conn.execute(
            &format!(
                "UPDATE channels SET due_at = {DUE_AT}
                 WHERE id IN (SELECT channel_id FROM subscriptions WHERE cadence = ?1 AND next_at = ?2)"
            ),
            params![cadence, to_ms(to.next_at)],
        )?;
        Ok(moved)
    }
}
