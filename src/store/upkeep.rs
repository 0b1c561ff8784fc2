//! The database as a file: copies, a look at its health, totals.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{Reader, Store, StoreError};

/// Pages copied in one step. Other connections write between steps.
const PAGES_A_STEP: i32 = 1_000;

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

impl Reader<'_> {
    /// What the store holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn totals(&self) -> Result<Totals, StoreError> {
        Ok(self.conn.query_row(
            "SELECT (SELECT coalesce(sum(items), 0) FROM sections WHERE NOT hidden), (SELECT count(*) FROM channels),
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
        check(self.conn)
    }
}

fn check(conn: &Connection) -> Result<(), StoreError> {
    let finding: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if finding == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged(finding))
    }
}

impl Store {
    /// Copies the store to a new file while it is in use. The copy is one moment's truth.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is left behind then.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let source = self.reader();
        copy(&source, to)
    }
}

/// Copies a database to a file that doesn't exist yet: beside it first, so that a broken copy never has
/// the good name.
pub(super) fn copy(source: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let failed = |error: std::io::Error| StoreError::CannotOpen(error.to_string());
    let copied = copy_pages(source, partial)
        .and_then(|()| {
            std::fs::File::open(partial)
                .and_then(|f| f.sync_all())
                .map_err(failed)
        })
        .and_then(|()| std::fs::rename(partial, to).map_err(failed));
    if copied.is_err() {
        // What is left of a failed copy is of no use to anybody; that it can't be removed changes nothing.
        let _ = std::fs::remove_file(partial);
    }
    copied
}

fn copy_pages(source: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut target = Connection::open(to)?;
    let backup = Backup::new(source, &mut target)?;
    backup.run_to_completion(PAGES_A_STEP, Duration::ZERO, None)?;
    drop(backup);
    // A copy of a damaged store would be found out when it is needed.
    check(&target)?;
    // One file is easier to carry away than a file with a log beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(())
}
