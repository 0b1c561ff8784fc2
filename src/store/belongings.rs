//! What belongs to a database: the files that lie beside it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What SQLite keeps beside a database; it makes them with the database's own permissions.
pub(super) const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file's path with something behind its name.
pub(super) fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Whether a path is the database, or what belongs to it: nothing else may ever be written there.
pub(super) fn belongs_to(database: &Path, path: &Path) -> bool {
    let Ok(database) = database.canonicalize() else {
        return false;
    };
    let path = match path.canonicalize() {
        Ok(path) => path,
        Err(_) => match (folder_of(path).canonicalize(), path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => return false,
        },
    };
    // Locks, and what is in hand.
    let is_kept = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let own = database.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix(&*own).is_some_and(|rest| {
            rest.starts_with('.') && rest.ends_with(".lock") || rest.starts_with(".hand.")
        })
    };
    path == database
        || BESIDE.iter().any(|end| path == with_ending(&database, end))
        || path.parent() == database.parent() && is_kept(&path)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
