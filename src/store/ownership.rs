//! Who works on a store: locks beside the database file, so that processes know of each other. The system lets go of them when a
//! process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A lock that is held as long as this lives.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// What became of asking for a lock.
#[derive(Debug)]
pub enum Locked {
    /// It is ours.
    Ours(Lock),
    /// Another process has it; its number, if it left one.
    Theirs(Option<u32>),
}

fn beside(database: &Path, kind: &str) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{kind}.lock"));
    database.with_file_name(name)
}

fn open(database: &Path, kind: &str) -> io::Result<File> {
    let lock = beside(database, kind);
    // A pipe or a folder says no more than that it can't do what files can.
    if std::fs::metadata(&lock).is_ok_and(|about| !about.is_file()) {
        let lock = lock.display();
        return Err(io::Error::other(format!(
            "{lock} isn't a file, as the store's locks are; move it away"
        )));
    }
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        // Nobody else's concern, and a lock that others could hold would stop us.
        .mode(0o600)
        .open(lock)
}

impl Lock {
    /// Asks to be the only one of a kind, and leaves this process's number for whoever asks next.
    ///
    /// # Errors
    /// What the system says.
    pub fn alone(database: &Path, kind: &str) -> io::Result<Locked> {
        let mut file = open(database, kind)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                write!(file, "{}", std::process::id())?;
                file.flush()?;
                Ok(Locked::Ours(Lock { file }))
            }
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Who it is only makes the message better.
                let _ = file.read_to_string(&mut text);
                Ok(Locked::Theirs(text.trim().parse().ok()))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Joins the others of a kind; says whether there were none.
    ///
    /// # Errors
    /// What the system says.
    pub fn join(database: &Path, kind: &str) -> io::Result<(Lock, bool)> {
        let mut file = open(database, kind)?;
        file.rewind()?;
        let alone = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                file.lock_shared()?;
                false
            }
            Err(TryLockError::Error(error)) => return Err(error),
        };
        Ok((Lock { file }, alone))
    }

    /// Asks whether the others that had joined are gone. Whoever hears yes holds the lock alone until
    /// [`Lock::share`].
    ///
    /// # Errors
    /// What the system says.
    pub fn is_alone_now(&self) -> io::Result<bool> {
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => {
                // Trying to hold it alone may have let go of the shared hold.
                self.file.lock_shared()?;
                Ok(false)
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Lets others join, after [`Lock::join`] has said that there were none.
    ///
    /// # Errors
    /// What the system says.
    pub fn share(&self) -> io::Result<()> {
        self.file.lock_shared()
    }
}
