//! What is known of the addresses that sources are fetched from.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;

use super::{Reader, StoreError, Writer, from_ms_opt, to_ms};
use crate::ids::SourceId;

/// What is known of one address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchState {
    /// Where it has moved for good.
    pub moved_to: Option<String>,
    /// What a server calls this state of it.
    pub etag: Option<String>,
    /// When it was last changed, as the server wrote it.
    pub last_modified: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// The time between two fetches, as it has adapted.
    pub interval: Option<Duration>,
    /// When it is fetched next.
    pub next_at: Option<Timestamp>,
    /// Since when it is gone for good.
    pub gone_at: Option<Timestamp>,
    /// When it was loaded first: from then on, what is new is pushed.
    pub baseline_at: Option<Timestamp>,
    /// Hash of the rules that the known state was read by.
    pub rules_hash: Option<i64>,
}

impl Reader<'_> {
    /// What is known of an address of a source of this name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn fetch_state(&self, source: &str, address: &str) -> Result<FetchState, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT * FROM fetches WHERE address = ?2
             AND source_id = (SELECT id FROM sources WHERE name = ?1)",
        )?;
        let mut rows = statement.query([source, address])?;
        let Some(row) = rows.next()? else {
            return Ok(FetchState::default());
        };
        let interval: Option<u64> = row.get("interval")?;
        Ok(FetchState {
            moved_to: row.get("moved_to")?,
            etag: row.get("etag")?,
            last_modified: row.get("last_modified")?,
            failures: row.get("failures")?,
            interval: interval.map(Duration::from_millis),
            next_at: from_ms_opt(row.get("next_at")?)?,
            gone_at: from_ms_opt(row.get("gone_at")?)?,
            baseline_at: from_ms_opt(row.get("baseline_at")?)?,
            rules_hash: row.get("rules_hash")?,
        })
    }
}

impl Reader<'_> {
    /// Whether an index led to an address when it was loaded first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn was_led_to(&self, source: SourceId, address: &str) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT 1 FROM led_to_at_first WHERE source_id = ?1 AND address = ?2")?
            .exists(params![source.get(), address])?)
    }
}

impl Writer<'_> {
    /// Notes what is known of a source's address. What was known of an earlier one is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_fetch_state(
        &self,
        source: SourceId,
        address: &str,
        state: &FetchState,
    ) -> Result<(), StoreError> {
        let interval = state
            .interval
            .map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX / 2));
        self.conn
            .prepare_cached("DELETE FROM fetches WHERE source_id = ?1 AND address <> ?2")?
            .execute(params![source.get(), address])?;
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO fetches (source_id, address, moved_to, etag, last_modified, failures, interval,
                     next_at, gone_at, baseline_at, rules_hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                source.get(),
                address,
                state.moved_to,
                state.etag,
                state.last_modified,
                state.failures,
                interval,
                state.next_at.map(to_ms),
                state.gone_at.map(to_ms),
                state.baseline_at.map(to_ms),
                state.rules_hash,
            ])?;
        Ok(())
    }

    /// Notes what an index leads to when it is loaded first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn led_to(&self, source: SourceId, addresses: &[String]) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO led_to_at_first (source_id, address) VALUES (?1, ?2)",
        )?;
        for address in addresses {
            insert.execute(params![source.get(), address])?;
        }
        Ok(())
    }
}
