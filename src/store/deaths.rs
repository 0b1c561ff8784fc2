//! At which documents processes have ended.

use std::collections::HashMap;

use super::{ReadTx, StoreError, WriteTx};

impl ReadTx<'_> {
    /// How often a process ended while it read a document, by its content's hash.
    pub fn deaths(&self) -> Result<HashMap<i64, u32>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT content_hash, times FROM deaths")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTx<'_> {
    /// Notes that a process ended while it read a document.
    pub fn add_death(&self, content_hash: i64) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO deaths (content_hash, times) VALUES (?1, 1)
             ON CONFLICT (content_hash) DO UPDATE SET times = deaths.times + 1",
            [content_hash],
        )?;
        Ok(())
    }

    /// Forgives a document that was read since.
    pub fn forgive(&self, content_hash: i64) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM deaths WHERE content_hash = ?1", [content_hash])?;
        Ok(())
    }
}
