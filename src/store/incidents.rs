//! Incidents: what is wrong at present, and was told to the operator.

use super::engine::params;
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, from_ms, to_ms};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// What it is about; the same as long as it goes on.
    pub key: String,
    /// What was told.
    pub text: String,
    /// When it was told.
    pub begun_at: Timestamp,
}

impl ReadTx<'_> {
    /// Everything that was told and isn't over.
    pub fn incidents(&self) -> Result<Vec<Incident>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT key, text, begun_at FROM incidents ORDER BY key")?;
        let mut rows = statement.query([])?;
        let mut incidents = Vec::new();
        while let Some(row) = rows.next()? {
            incidents.push(Incident {
                key: row.get(0)?,
                text: row.get(1)?,
                begun_at: from_ms(row.get(2)?)?,
            });
        }
        Ok(incidents)
    }
}

impl WriteTx<'_> {
    /// Notes that something is wrong, or that it is worse than it was.
    pub fn begin_incident(&self, key: &str, text: &str, now: Timestamp) -> Result<(), StoreError> {
        let known = self.conn.execute(
            "UPDATE incidents SET text = ?2 WHERE key = ?1",
            params![key, text],
        )?;
        if known == 0 {
            self.conn.execute(
                "INSERT INTO incidents (key, text, begun_at) VALUES (?1, ?2, ?3)",
                params![key, text, to_ms(now)],
            )?;
        }
        Ok(())
    }

    /// Notes that something is over.
    pub fn end_incident(&self, key: &str) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM incidents WHERE key = ?1", [key])?;
        Ok(())
    }
}
