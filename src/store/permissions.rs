//! Who may read the database and its copies: its owner, and the folder's group where that may read the folder.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::StoreError;
use super::belongings::{BESIDE, with_ending};

/// Reading and writing for the owner.
const OWNER: u32 = 0o600;

/// Besides, reading for the group.
const GROUP: u32 = 0o040;

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
    // What is no database is left as it is, its permissions too.
    if !may_be_database(&database) {
        return Err(StoreError::Damaged("file is not a database".to_owned()));
    }
    let most = most(folder_of(&database));
    let beside = BESIDE.iter().map(|ending| with_ending(&database, ending));
    for file in beside.chain([database.clone()]) {
        restrict(&file, most);
    }
    Ok(())
}

/// What a database begins with (<https://www.sqlite.org/fileformat2.html#the_database_header>).
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Whether a file begins as a database does, or is empty: SQLite makes one of that, and of a single byte as well. What can't be
/// read, SQLite says.
fn may_be_database(file: &Path) -> bool {
    let is_file = fs::metadata(file).is_ok_and(|about| about.is_file());
    let opened = File::open(file).ok().filter(|_| is_file);
    let Some(opened) = opened else {
        return true;
    };
    let mut begin = Vec::new();
    let read = opened.take(MAGIC.len() as u64).read_to_end(&mut begin);
    read.is_err() || begin.is_empty() || begin == MAGIC
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
