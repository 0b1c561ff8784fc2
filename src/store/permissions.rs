//! Who may read the database and its copies: its owner, and the folder's group where that may read the folder.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Reading and writing for the owner.
const OWNER: u32 = 0o600;

/// Besides, reading for the group.
const GROUP: u32 = 0o040;

/// What SQLite keeps beside a database; it makes them with the database's own permissions.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What a file in a folder may permit at most.
fn most(folder: &Path) -> u32 {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    match fs::metadata(folder) {
        Ok(about) if about.mode() & GROUP != 0 => OWNER | GROUP,
        _ => OWNER,
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

/// A file's path with something behind its name.
pub(super) fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes a file that doesn't exist yet, as private as its folder asks for.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], and what else the system says.
pub(super) fn create(file: &Path) -> io::Result<File> {
    let mode = most(folder_of(file));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(mode);
    options.open(file)
}

/// Makes the database file where it is missing, and takes from the one that is there, and from what SQLite keeps
/// beside it, what others may do.
pub(super) fn make_private(database: &Path) -> Result<(), StoreError> {
    match create(database) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == io::ErrorKind::StorageFull => return Err(StoreError::Full),
        Err(error) => return Err(StoreError::CannotOpen(error.to_string())),
    }
    // SQLite follows links, and keeps its other files where the database really is.
    let Ok(database) = database.canonicalize() else {
        return Ok(());
    };
    let most = most(folder_of(&database));
    let beside = BESIDE.iter().map(|ending| with_ending(&database, ending));
    for file in beside.chain([database.clone()]) {
        restrict(&file, most);
    }
    Ok(())
}

fn restrict(file: &Path, most: u32) {
    let Ok(about) = fs::symlink_metadata(file) else {
        return;
    };
    let mode = about.mode() & 0o777;
    if about.is_file() && mode & !most != 0 {
        let restricted = fs::set_permissions(file, Permissions::from_mode(mode & most));
        if let Err(error) = restricted {
            // Somebody else's file, which its owner has to look after.
            tracing::warn!(file = %file.display(), %error, "others may read the store; restrict it with chmod 600");
        }
    }
}

/// Whether a path is the database, or what belongs to it: nothing else may ever be written there.
pub(super) fn belongs_to(database: &Path, path: &Path) -> bool {
    let Ok(database) = database.canonicalize() else {
        return false;
    };
    let path = match path.canonicalize() {
        Ok(path) => path,
        Err(_) => match (folder_of_any(path).canonicalize(), path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => return false,
        },
    };
    let is_lock = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let own = database.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix(&*own)
            .is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".lock"))
    };
    path == database
        || BESIDE.iter().any(|end| path == with_ending(&database, end))
        || path.parent() == database.parent() && is_lock(&path)
}

fn folder_of_any(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
