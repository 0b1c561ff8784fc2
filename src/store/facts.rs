//! Single numbers that the whole store goes by, each under a name of ours.

use super::engine::{OptionalExtension, params};
use super::{ReadTx, StoreError, WriteTx};

impl ReadTx<'_> {
    /// One that every store has.
    pub(super) fn fact(&self, name: &str) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM facts WHERE name = ?1")?
            .query_row([name], |row| row.get(0))?)
    }

    /// One that may not be known yet.
    pub(super) fn known_fact(&self, name: &str) -> Result<Option<i64>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM facts WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }
}

impl WriteTx<'_> {
    pub(super) fn keep_fact(&self, name: &str, value: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO facts (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            )?
            .execute(params![name, value])?;
        Ok(())
    }
}
