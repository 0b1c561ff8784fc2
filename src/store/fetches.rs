//! What is known of the addresses that sources are fetched from.

use std::time::Duration;
use tidings_core::moves::Moves;

use super::engine::params;
use jiff::{SignedDuration, Timestamp};

use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::ids::SourceId;

/// How far clocks are set back that were right.
const LITTLE: SignedDuration = SignedDuration::from_mins(1);

/// What is known of one address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchState {
    /// Where it is asked for besides.
    pub moves: Moves,
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
    /// When that was decided; read, and written with the source's passes.
    pub planned_at: Option<Timestamp>,
    /// Since when it is gone for good.
    pub gone_at: Option<Timestamp>,
    /// When it was loaded first: from then on, what is new is pushed.
    pub baseline_at: Option<Timestamp>,
    /// Hash of the rules that the known state was read by.
    pub rules_hash: Option<i64>,
}

impl FetchState {
    /// Whether a fetch is to be waited for still. What was planned later than now was planned by a clock that was ahead,
    /// and isn't waited for; a clock that is set back a little changes nothing.
    pub fn waits(&self, now: Timestamp) -> bool {
        let by_another_clock = self
            .planned_at
            .is_some_and(|planned| planned.duration_since(now) > LITTLE);
        !by_another_clock && self.next_at.is_some_and(|next| next > now)
    }
}

impl ReadTx<'_> {
    /// What is known of an address of a source of this name.
    pub fn fetch_state(&self, source: &str, address: &str) -> Result<FetchState, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT f.*, s.last_pass_at FROM fetches f JOIN sources s ON s.id = f.source_id
             WHERE s.name = ?1 AND f.address = ?2",
        )?;
        let mut rows = statement.query([source, address])?;
        let Some(row) = rows.next()? else {
            return Ok(FetchState::default());
        };
        let interval: Option<u64> = row.get("interval")?;
        Ok(FetchState {
            moves: Moves {
                moved_to: row.get("moved_to")?,
                moving: row
                    .get::<_, Option<String>>("moving_to")?
                    .zip(from_ms_opt(row.get("moving_at")?)?),
                asked_at: from_ms_opt(row.get("asked_at")?)?,
                trusted: row.get("trusted")?,
            },
            etag: row.get("etag")?,
            last_modified: row.get("last_modified")?,
            failures: row.get("failures")?,
            interval: interval.map(Duration::from_millis),
            next_at: from_ms_opt(row.get("next_at")?)?,
            planned_at: from_ms_opt(row.get("last_pass_at")?)?,
            gone_at: from_ms_opt(row.get("gone_at")?)?,
            baseline_at: from_ms_opt(row.get("baseline_at")?)?,
            rules_hash: row.get("rules_hash")?,
        })
    }
}

impl ReadTx<'_> {
    /// Whether an index led to an address when it was loaded first.
    pub fn was_led_to(&self, source: SourceId, address: &str) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT 1 FROM led_to_at_first WHERE source_id = ?1 AND address = ?2")?
            .exists(params![source.get(), address])?)
    }
}

impl WriteTx<'_> {
    /// Notes what is known of a source's address. What was known of an earlier one is forgotten.
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
            .prepare_cached("DELETE FROM fetches WHERE source_id = ?1")?
            .execute([source.get()])?;
        self.conn
            .prepare_cached(
                "INSERT INTO fetches (source_id, address, moved_to, etag, last_modified, failures, interval,
                     next_at, gone_at, baseline_at, rules_hash, moving_to, moving_at, asked_at, trusted)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(params![
                source.get(),
                address,
                state.moves.moved_to,
                state.etag,
                state.last_modified,
                state.failures,
                interval,
                state.next_at.map(to_ms),
                state.gone_at.map(to_ms),
                state.baseline_at.map(to_ms),
                state.rules_hash,
                state.moves.moving.as_ref().map(|(to, _)| to),
                state.moves.moving.as_ref().map(|(_, since)| to_ms(*since)),
                state.moves.asked_at.map(to_ms),
                state.moves.trusted,
            ])?;
        Ok(())
    }

    /// Notes what an index leads to when it is loaded first.
    pub fn led_to(&self, source: SourceId, addresses: &[String]) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO led_to_at_first (source_id, address) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        for address in addresses {
            insert.execute(params![source.get(), address])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::FetchState;

    #[test]
    fn what_a_clock_that_was_ahead_has_planned_isnt_waited_for() {
        let now: Timestamp = "2026-11-06T12:00:00Z".parse().unwrap();
        let after = |minutes| Some(now + SignedDuration::from_mins(minutes));
        let waits = |planned_at, next_at| {
            let state = FetchState {
                next_at,
                planned_at,
                ..FetchState::default()
            };
            state.waits(now)
        };
        assert!(waits(after(-5), after(5)));
        assert!(waits(after(-5), after(24 * 60)));
        assert!(!waits(after(-5), after(0)));
        assert!(!waits(None, None));
        // Set back a little, by hours, by years.
        assert!(waits(after(1), after(6)));
        assert!(!waits(after(120), after(125)));
        assert!(!waits(after(5_000_000), after(5_000_005)));
    }
}
