//! How processes share the connections by which a platform tells its events, where it divides them: how many there are in all,
//! and when the next one may introduce itself.

use std::time::Duration;

use super::leases::{millis, now};
use super::{ReadTx, StoreError, WriteTx};

/// Into how many connections a platform's events are divided.
fn total(platform: &str) -> String {
    format!("connections:{platform}")
}

/// When the next of a platform's connections may introduce itself, of those that are counted together.
fn introduction(platform: &str, bucket: u32) -> String {
    format!("introduction:{platform}:{bucket}")
}

impl ReadTx<'_> {
    /// Into how many connections a platform's events are divided; `None` where nobody has said.
    pub fn connections(&self, platform: &str) -> Result<Option<u32>, StoreError> {
        let Some(known) = self.known_fact(&total(platform))? else {
            return Ok(None);
        };
        match u32::try_from(known) {
            Ok(known) if known > 0 => Ok(Some(known)),
            _ => Err(StoreError::unexpected("a number of connections", known)),
        }
    }
}

impl WriteTx<'_> {
    /// Says into how many connections a platform's events are divided from now on.
    pub fn set_connections(&self, platform: &str, connections: u32) -> Result<(), StoreError> {
        self.keep_fact(&total(platform), i64::from(connections))
    }

    /// A connection wants to introduce itself, of a bucket whose connections do it one after the other, `gap` apart, whatever
    /// process they are in. `None` if it is its turn; then the others wait. Else for how long it has to. By the server's clock: a
    /// file has one process, which has nobody to wait for.
    pub fn introduce(
        &self,
        platform: &str,
        bucket: u32,
        gap: Duration,
    ) -> Result<Option<Duration>, StoreError> {
        if !self.conn.is_server() {
            return Ok(None);
        }
        let now = now(self.conn)?;
        let wait = self
            .known_fact(&introduction(platform, bucket))?
            .map(|next| Duration::from_millis(u64::try_from(next - now).unwrap_or_default()))
            // One that is farther away was written before the server's clock was set.
            .filter(|wait| !wait.is_zero() && *wait <= gap);
        if wait.is_none() {
            self.introduced(platform, bucket, gap)?;
        }
        Ok(wait)
    }

    /// A connection has introduced itself without asking.
    pub fn introduced(&self, platform: &str, bucket: u32, gap: Duration) -> Result<(), StoreError> {
        if !self.conn.is_server() {
            return Ok(());
        }
        let next = now(self.conn)? + millis(gap);
        self.keep_fact(&introduction(platform, bucket), next)
    }
}
