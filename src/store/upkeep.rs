//! The database as a file: copies, a look at its health, totals.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{BUSY_TIMEOUT, Reader, Store, StoreError, permissions};
use tidings_core::channel::ChannelRow;

/// Pages copied in one step. Other connections write between steps.
const PAGES_A_STEP: i32 = 1_000;

/// Different copies of one schema that may lie beside a store; somebody goes back again and again where there are
/// more.
const COPIES: u32 = 99;

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
    /// Copies the store to a file while it is in use. The copy is one moment's truth.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if there is such a file and it isn't to be replaced, or if it can't be: only files are,
    /// and the store itself never is. Other [`StoreError`]s; then nothing is left behind.
    pub fn backup(&self, to: &Path, replace: bool) -> Result<(), StoreError> {
        if permissions::belongs_to(&self.path, to) {
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
        let partial = Partial::copy(&self.reader().conn, to)?;
        if replace {
            return partial.put_in_place_of(to);
        }
        partial.put_at(to)
    }

    /// What is left of the disk that the store is on, in bytes; `None` if the system doesn't say.
    pub fn free_space(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.path.parent()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Has what was erased leave the log beside the database, too. `false` if somebody reads what was before; then it
    /// is to be tried again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_log(&self) -> Result<bool, StoreError> {
        let conn = self.writer.lock();
        self.is_log_forgotten.store(false, Ordering::Relaxed);
        // Who writes next waits as long.
        conn.busy_timeout(PATIENCE)?;
        let busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        conn.busy_timeout(BUSY_TIMEOUT)?;
        let busy: bool = busy?;
        self.is_log_forgotten.store(!busy, Ordering::Relaxed);
        Ok(!busy)
    }

    /// Does what [`Store::forget_log`] does, where something was erased since it was done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_log_if_needed(&self) -> Result<(), StoreError> {
        if !self.is_log_forgotten.load(Ordering::Relaxed) {
            self.forget_log()?;
        }
        Ok(())
    }

    /// Erases all that is kept about a channel, so that it is in none of the store's files any more. What somebody
    /// reads at this moment leaves the log a little later.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing is erased.
    pub fn erase_channel(&self, channel: &ChannelRow) -> Result<(), StoreError> {
        self.is_log_forgotten.store(false, Ordering::Relaxed);
        self.write(|db| db.forget_channel(channel))?;
        self.forget_log().map(|_| ())
    }
}

/// Copies a database beside itself before its schema changes. A copy that is there already, byte for byte, is
/// enough; another one of the same name stays, and the new one gets a number.
pub(super) fn copy_beside(source: &Connection, name: &Path) -> Result<PathBuf, StoreError> {
    let partial = Partial::copy(source, name)?;
    for number in 1..=COPIES {
        let name = match number {
            1 => name.to_owned(),
            _ => permissions::with_ending(name, &format!(".{number}")),
        };
        if is_same(&partial.file, &name) {
            return Ok(name);
        }
        match std::fs::symlink_metadata(&name) {
            Ok(_) => {}
            Err(_) => {
                partial.put_at(&name)?;
                return Ok(name);
            }
        }
    }
    Err(StoreError::Exists("there are too many copies of this name"))
}

/// Whether two files hold the same.
fn is_same(one: &Path, other: &Path) -> bool {
    let about = |file: &Path| std::fs::symlink_metadata(file).ok();
    let alike = about(one).zip(about(other));
    if !alike.is_some_and(|(one, other)| other.is_file() && one.len() == other.len()) {
        return false;
    }
    let open = |file: &Path| std::fs::File::open(file).map(std::io::BufReader::new);
    let (Ok(one), Ok(other)) = (open(one), open(other)) else {
        return false;
    };
    let mut pairs = one.bytes().zip(other.bytes());
    pairs.all(|pair| matches!(pair, (Ok(one), Ok(other)) if one == other))
}

/// A copy under a name that nobody else has, so that a broken one never has the good name. Dropped, it is removed.
struct Partial {
    file: PathBuf,
}

impl Partial {
    fn copy(source: &Connection, to: &Path) -> Result<Partial, StoreError> {
        let partial = Partial {
            file: unused_name(to)?,
        };
        copy_pages(source, &partial.file)?;
        let file = std::fs::File::open(&partial.file);
        file.and_then(|file| file.sync_all())
            .map_err(cannot_write)?;
        Ok(partial)
    }

    /// Gives the copy its name, unless somebody else has it by now.
    fn put_at(self, to: &Path) -> Result<(), StoreError> {
        permissions::create(to).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => StoreError::Exists("a file of this name exists already"),
            _ => cannot_write(error),
        })?;
        let put = self.put_in_place_of(to);
        if put.is_err() {
            // Ours, made a moment ago, and empty.
            let _ = std::fs::remove_file(to);
        }
        put
    }

    fn put_in_place_of(self, to: &Path) -> Result<(), StoreError> {
        std::fs::rename(&self.file, to).map_err(cannot_write)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Once it has its name, there is nothing left. What can't be removed changes nothing.
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Makes an empty file beside another one, under a name that nobody has.
fn unused_name(beside: &Path) -> Result<PathBuf, StoreError> {
    let mut dice = [0; 8];
    getrandom::fill(&mut dice).map_err(|error| StoreError::CannotOpen(error.to_string()))?;
    let name = permissions::with_ending(
        beside,
        &format!(".{:016x}.partial", u64::from_ne_bytes(dice)),
    );
    permissions::create(&name).map_err(cannot_write)?;
    Ok(name)
}

fn cannot_write(error: std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::CannotOpen(error.to_string()),
    }
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
