//! Copies of a database: never under a good name before they are whole, and never over what is there.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::belongings;
use super::error::StoreError;
use super::permissions;

/// Pages copied in one step. Other connections write between steps.
const PAGES_A_STEP: i32 = 1_000;

/// Different copies of one schema that may lie beside a store; somebody goes back again and again where there are
/// more.
const COPIES: u32 = 99;

/// Looks for damage.
pub(super) fn check(conn: &Connection) -> Result<(), StoreError> {
    let finding: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if finding == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged(finding))
    }
}

/// Copies a database beside itself before its schema changes. A copy that is there already, byte for byte, is
/// enough; another one of the same name stays, and the new one gets a number.
pub(super) fn copy_beside(source: &Connection, name: &Path) -> Result<PathBuf, StoreError> {
    let partial = Partial::copy(source, name)?;
    for number in 1..=COPIES {
        let name = match number {
            1 => name.to_owned(),
            _ => belongings::with_ending(name, &format!(".{number}")),
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
pub(super) struct Partial {
    file: PathBuf,
}

impl Partial {
    /// Copies a database, whole and checked, to beside a name.
    pub(super) fn copy(source: &Connection, to: &Path) -> Result<Partial, StoreError> {
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
    pub(super) fn put_at(self, to: &Path) -> Result<(), StoreError> {
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

    /// Gives the copy its name, whoever has it.
    pub(super) fn put_in_place_of(self, to: &Path) -> Result<(), StoreError> {
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
    let name = belongings::with_ending(
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
