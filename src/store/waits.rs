//! Waits: until when a platform has asked to be left alone. They hold for parts and answers alike, and across a
//! restart (design.md, promise 3).

use super::engine::params;
use jiff::Timestamp;

use super::deliveries::key;
use super::{ReadTx, StoreError, WriteTx, from_ms, to_ms};
use tidings_core::ids::ChannelKey;

/// A wait that a platform has asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Who is to wait; `None` for everybody.
    pub channel: Option<ChannelKey>,
    /// Until when.
    pub until: Timestamp,
}

impl ReadTx<'_> {
    /// A platform's waits that aren't over.
    pub fn waits(&self, platform: &str, now: Timestamp) -> Result<Vec<Wait>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT channel, until_at FROM waits WHERE platform = ?1 AND until_at > ?2 ORDER BY channel",
        )?;
        let mut rows = statement.query(params![platform, to_ms(now)])?;
        let mut waits = Vec::new();
        while let Some(row) = rows.next()? {
            let channel: String = row.get(0)?;
            let channel = (!channel.is_empty()).then(|| key(channel)).transpose()?;
            let until = from_ms(row.get(1)?)?;
            waits.push(Wait { channel, until });
        }
        Ok(waits)
    }

    /// Whether there are waits that are over, of any platform.
    pub fn has_waits_over(&self, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM waits WHERE until_at <= ?1")?;
        Ok(statement.exists([to_ms(now)])?)
    }
}

impl WriteTx<'_> {
    /// Notes that a platform has asked a channel, or everybody, to wait.
    pub fn note_wait(
        &self,
        platform: &str,
        channel: Option<&ChannelKey>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let channel = channel.map(ToString::to_string).unwrap_or_default();
        self.conn
            .prepare_cached(
                "INSERT INTO waits (platform, channel, until_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (platform, channel) DO UPDATE SET until_at = ?3 WHERE ?3 > waits.until_at",
            )?
            .execute(params![platform, channel, to_ms(until)])?;
        Ok(())
    }

    /// Forgets the waits that are over: they tell who was written to.
    pub fn forget_waits(&self, now: Timestamp) -> Result<(), StoreError> {
        self.has_erased.set(true);
        self.conn
            .prepare_cached("DELETE FROM waits WHERE until_at <= ?1")?
            .execute([to_ms(now)])?;
        Ok(())
    }
}
