//! At which documents processes have ended.
//!
//! On a server a document that is being read is a lease (`read:<content>`): a process that ends at it leaves it behind, and whoever
//! comes next finds that it has run out. A file's process notes beside it what it has in hand.

use std::collections::HashMap;
use std::time::Duration;

use super::engine::{Conn, OptionalExtension, Purpose, params};
use super::leases::{millis, now};
use super::{Connections, ReadTx, Store, StoreError, WriteTx};

/// What the leases of documents begin with; the content's hash stands behind it.
const READ: &str = "read:";

/// For how long it is waited until something is noted about a document: it is read without it, too.
const PATIENCE: Duration = Duration::from_secs(2);

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

/// Notes that processes ended so often while they read a document.
fn add_deaths(conn: &Conn<'_>, content_hash: i64, times: usize) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO deaths (content_hash, times) VALUES (?1, ?2)
         ON CONFLICT (content_hash) DO UPDATE SET times = deaths.times + ?2",
    )?
    .execute(params![content_hash, times])?;
    Ok(())
}

impl WriteTx<'_> {
    /// Notes that a process ended while it read a document.
    pub fn add_death(&self, content_hash: i64) -> Result<(), StoreError> {
        add_deaths(self.conn, content_hash, 1)
    }

    /// Notes at which documents processes have ended since that was noted last, where they share the store.
    pub fn note_left_documents(&self) -> Result<(), StoreError> {
        let Conn::Server(_) = self.conn else {
            return Ok(());
        };
        let over = "duty LIKE 'read:%' AND holder <> '' AND until_at <= ?1";
        let now = now(self.conn)?;
        self.conn.execute(
            &format!(
                "INSERT INTO deaths (content_hash, times)
                 SELECT CAST(substr(duty, 6) AS bigint), 1 FROM leases WHERE {over}
                 ON CONFLICT (content_hash) DO UPDATE SET times = deaths.times + 1"
            ),
            [now],
        )?;
        self.conn
            .execute(&format!("DELETE FROM leases WHERE {over}"), [now])?;
        Ok(())
    }

    /// Forgives a document that was read since.
    pub fn forgive(&self, content_hash: i64) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM deaths WHERE content_hash = ?1", [content_hash])?;
        Ok(())
    }
}

impl Store {
    /// Notes that somebody begins to read a document, which takes less than so long; returns how often a process has ended while it
    /// did. Where two read it at once, the first one is noted. Blocks whoever reads, on a thread of its own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_document(
        &self,
        content_hash: i64,
        reader: &str,
        lease: Duration,
    ) -> Result<u32, StoreError> {
        self.note_document(|conn| {
            let (duty, now) = (format!("{READ}{content_hash}"), now(conn)?);
            let left = conn
                .prepare_cached(
                    "DELETE FROM leases WHERE duty = ?1 AND holder <> '' AND until_at <= ?2",
                )?
                .execute(params![duty, now])?;
            if left > 0 {
                add_deaths(conn, content_hash, left)?;
            }
            conn.prepare_cached(
                "INSERT INTO leases (duty, holder, epoch, since_at, until_at) VALUES (?1, ?2, 1, ?3, ?4)
                 ON CONFLICT (duty) DO UPDATE SET holder = ?2, since_at = ?3, until_at = ?4 WHERE leases.until_at <= ?3",
            )?
            .execute(params![duty, reader, now, now + millis(lease)])?;
            let times = conn
                .prepare_cached("SELECT times FROM deaths WHERE content_hash = ?1")?
                .query_row([content_hash], |row| row.get(0))
                .optional()?;
            Ok(times.unwrap_or(0))
        })
    }

    /// Notes that somebody has read a document.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn put_document_down(&self, content_hash: i64, reader: &str) -> Result<(), StoreError> {
        self.note_document(|conn| {
            conn.prepare_cached("DELETE FROM leases WHERE duty = ?1 AND holder = ?2")?
                .execute(params![format!("{READ}{content_hash}"), reader])?;
            Ok(())
        })
    }

    fn note_document<T>(
        &self,
        note: impl FnOnce(&Conn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Connections::Server(connections) = &*self.connections else {
            return Err(StoreError::Query("a file has no leases".to_owned()));
        };
        let mut link = connections.documents.lock();
        connections
            .server
            .run(&mut link, Purpose::Renew(PATIENCE), |session| {
                note(&Conn::Server(session))
            })
    }
}
