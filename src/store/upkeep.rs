//! The database as a file: copies, a look at its health, totals.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::copies::{Partial, check};
use super::engine::Conn;
use super::{BUSY_TIMEOUT, Blocking, ReadTx, Store, StoreError, belongings};

/// How long those are waited for who read what was before something was erased.
const PATIENCE: Duration = Duration::from_millis(200);

/// What the store holds, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Items that readers can see.
    pub items: i64,
    /// Channels that something is kept about.
    pub channels: i64,
    /// Channels that nothing is delivered to at present.
    pub paused: i64,
    /// Subscriptions.
    pub subscriptions: i64,
}

impl ReadTx<'_> {
    /// What the store holds.
    pub fn totals(&self) -> Result<Totals, StoreError> {
        Ok(self.conn.query_row(
            "SELECT (SELECT CAST(coalesce(sum(items), 0) AS BIGINT) FROM sections WHERE hidden = 0), (SELECT count(*) FROM channels),
                 (SELECT count(*) FROM channels WHERE paused_by IS NOT NULL),
                 (SELECT count(*) FROM subscriptions)",
            [],
            |row| {
                Ok(Totals {
                    items: row.get(0)?,
                    channels: row.get(1)?,
                    paused: row.get(2)?,
                    subscriptions: row.get(3)?,
                })
            },
        )?)
    }

    /// Reads the whole file and looks for damage. Takes seconds for a gigabyte.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first finding, and other [`StoreError`]s.
    pub fn check_integrity(&self) -> Result<(), StoreError> {
        match self.conn {
            Conn::Sqlite(conn) => check(conn),
            // A server looks after its own files.
            Conn::Server(_) => Ok(()),
        }
    }
}

impl Store {
    /// What is left of the disk that the store is on, in bytes; `None` if the system doesn't say, or the disk is a server's.
    pub fn free_space(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.address.file()?.parent()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

impl Blocking<'_> {
    /// Copies the store to a file while it is in use. The copy is one moment's truth.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if there is such a file and it isn't to be replaced, or if it can't be: only files are,
    /// and the store itself never is. Other [`StoreError`]s; then nothing is left behind.
    pub fn backup(self, to: &Path, replace: bool) -> Result<(), StoreError> {
        let database = self.store.address.file();
        if database.is_some_and(|database| belongings::belongs_to(database, to)) {
            return Err(StoreError::Exists("it is the store itself"));
        }
        match std::fs::symlink_metadata(to) {
            Ok(_) if !replace => {
                return Err(StoreError::Exists("a file of this name exists already"));
            }
            Ok(about) if !about.is_file() => {
                return Err(StoreError::Exists("what has this name isn't a file"));
            }
            _ => {}
        }
        // SQLite would take them for the copy's own, and put into it what belongs elsewhere.
        let beside = ["-wal", "-journal"].map(|end| belongings::with_ending(to, end));
        if beside.iter().any(|file| file.exists()) {
            let reason = "another database's log (-wal or -journal) lies beside it, which would get into the copy";
            return Err(StoreError::Exists(reason));
        }
        let Some(file) = self.store.file() else {
            return Err(StoreError::Exists(
                "the store is on a server, whose `pg_dump` makes copies",
            ));
        };
        let partial = Partial::copy(&self.store.reader(&file.readers).conn, to)?;
        if replace {
            return partial.put_in_place_of(to);
        }
        partial.put_at(to)
    }

    /// Has what was erased leave the log beside the database, too. `false` if somebody reads what was before; then it
    /// is to be tried again.
    pub fn forget_log(self) -> Result<bool, StoreError> {
        let Some(file) = self.store.file() else {
            // A server's log is the server's.
            self.store.is_log_forgotten.store(true, Ordering::Relaxed);
            return Ok(true);
        };
        self.store.is_log_forgotten.store(false, Ordering::Relaxed);
        let conn = file.writer.lock();
        // Who writes next waits as long.
        conn.busy_timeout(PATIENCE)?;
        let busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        conn.busy_timeout(BUSY_TIMEOUT)?;
        let busy: bool = busy?;
        self.store.is_log_forgotten.store(!busy, Ordering::Relaxed);
        Ok(!busy)
    }

    /// Does what [`Blocking::forget_log`] does, where something was erased since it was done.
    pub fn forget_log_if_needed(self) -> Result<(), StoreError> {
        if !self.store.is_log_forgotten.load(Ordering::Relaxed) {
            self.forget_log()?;
        }
        Ok(())
    }
}
