//! What can go wrong with a store, told apart by what an operator can do about it.

use std::fmt::Display;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Written by a newer Tidings.
    #[error(
        "it was written by a newer version of Tidings (schema {found}, this one knows {known}); run that version, \
         or restore the backup from before the upgrade"
    )]
    Newer {
        /// The file's schema number.
        found: i64,
        /// The newest schema number of this program.
        known: i64,
    },
    /// Written by an older Tidings, and only looked at.
    #[error(
        "it was written by an older version of Tidings (schema {found}, this one knows {known}); `tidings run` brings it up to date"
    )]
    Older {
        /// The store's schema number.
        found: i64,
        /// The newest schema number of this program.
        known: i64,
    },
    /// A database of something else.
    #[error("it is the database of another program; name another one in [store]")]
    Foreign,
    /// There is no such file, or nothing in it.
    #[error("there is none yet; `tidings run`, `chat` or `load` makes it")]
    Missing,
    /// The file that was opened lies there no longer: it was removed, or another one was put in its place.
    #[error(
        "its file was removed or replaced while this process had it open, so nothing is written any more; stop this process, see \
         that the right file is there, and begin anew"
    )]
    TakenAway,
    /// There is nothing on the server.
    #[error(
        "there are no tables yet; `tidings run` makes them, and `tidings copy` does from another store"
    )]
    NoTables,
    /// It can't be opened: a folder, or no permission.
    #[error(
        "it can't be opened ({0}); check [store] path and the permissions of the file and its folder"
    )]
    CannotOpen(String),
    /// A copy can't have this name.
    #[error("{0}; nothing was written")]
    Exists(&'static str),
    /// Its folder can't be made.
    #[error("its folder {} can't be created: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another process holds it.
    #[error("another program is holding it locked; close that one, or try again")]
    Busy,
    /// It can't be written.
    #[error("it is read-only; make the file and its folder writable for this user")]
    ReadOnly,
    /// The disk is full, or a quota is reached.
    #[error("the disk is full; make room, nothing was damaged")]
    Full,
    /// The disk failed.
    #[error("reading or writing it failed ({0}); check the disk")]
    Disk(String),
    /// Not a database, or a broken one.
    #[error(
        "it is damaged or not a database ({0}); it was left as it is: restore a backup (`tidings backup` makes them) \
         or move it away to begin anew"
    )]
    Damaged(String),
    /// A value that no version of this program writes.
    #[error(
        "it holds {what} that makes no sense: {value}; restore a backup, and please report this"
    )]
    Unexpected {
        /// What was read.
        what: &'static str,
        /// Its text.
        value: String,
    },
    /// Another process holds the duty by now that was written for.
    #[error("another process has taken over “{0}”")]
    Superseded(String),
    /// The server can't be reached, or was lost.
    #[error(
        "its server can't be reached ({0}); see that it runs, that it may be reached from here, and that the URL names its host \
         and port"
    )]
    Unreachable(String),
    /// The server was lost while it carried something out, and doesn't say whether that was done.
    #[error("its server was lost, and whether the last change was made can't be found out ({0})")]
    Undecided(String),
    /// The server has no connection left for us.
    #[error(
        "its server has no connection left ({0}); raise its max_connections or the limit of the user, or run fewer programs on \
         it: a process of Tidings opens at most six, and more for pages on the web"
    )]
    Crowded(String),
    /// The server doesn't let us in.
    #[error(
        "its server refuses us ({0}); check the user of its URL, the password, which comes in STORE_URL or STORE_URL_FILE, and \
         the server's pg_hba.conf"
    )]
    Refused(String),
    /// The server doesn't let us in over a line that others may read.
    #[error(
        "its server refuses us without TLS ({0}); write sslmode=verify-full or sslmode=require into its URL, or allow this \
         machine in the server's pg_hba.conf"
    )]
    TlsWanted(String),
    /// The server can't make the line safe.
    #[error(
        "its server speaks no TLS ({0}); turn it on there (ssl = on), or write sslmode=disable where nobody can listen in"
    )]
    NoTls(String),
    /// The server may be anybody.
    #[error(
        "its server shows a certificate that isn't trusted ({0}); name the file of the authority that signed it with \
         sslrootcert, and the host as the certificate has it"
    )]
    Untrusted(String),
    /// The server takes no writes.
    #[error(
        "its server only reads ({0}); name the one that takes writes, or all of them with target_session_attrs=read-write"
    )]
    Standby(String),
    /// The server has no such database.
    #[error(
        "its server says: {0}; name another one, or make it: `CREATE DATABASE name OWNER user ENCODING 'UTF8' TEMPLATE template0`"
    )]
    NoDatabase(String),
    /// The server doesn't permit something.
    #[error("its server says: {said}; let an administrator say: `{grant}`")]
    NoRights {
        /// What the server says.
        said: String,
        /// What mends it.
        grant: String,
    },
    /// Its line can't be made safe as its URL wants it.
    #[error(transparent)]
    Tls(#[from] crate::tls::TlsError),
    /// The server is of a version that we don't know how to talk to, or is set up otherwise.
    #[error("its server won't do: {0}")]
    Unfit(String),
    /// The server took too long over something that isn't a question.
    #[error(
        "its server took too long over something; see what keeps it busy (pg_stat_activity names it), or its disk"
    )]
    Slow,
    /// A question took more steps than one may.
    #[error("answering took too many steps")]
    TooMuch,
    /// Everything else is a defect of this program.
    #[error("a query failed: {0}")]
    Query(String),
}

impl StoreError {
    /// The same once more, for whoever has to hear of it as well.
    pub(crate) fn again(&self) -> StoreError {
        match self {
            StoreError::Unreachable(text) => StoreError::Unreachable(text.clone()),
            StoreError::Standby(text) => StoreError::Standby(text.clone()),
            StoreError::Disk(text) => StoreError::Disk(text.clone()),
            StoreError::Unfit(text) => StoreError::Unfit(text.clone()),
            StoreError::NoRights { said, grant } => StoreError::NoRights {
                said: said.clone(),
                grant: grant.clone(),
            },
            StoreError::Slow => StoreError::Slow,
            StoreError::TooMuch => StoreError::TooMuch,
            StoreError::Busy => StoreError::Busy,
            StoreError::Full => StoreError::Full,
            StoreError::ReadOnly => StoreError::ReadOnly,
            other => StoreError::Query(other.to_string()),
        }
    }

    /// A value that was read back and that nobody knows.
    pub fn unexpected(what: &'static str, value: impl Display) -> StoreError {
        StoreError::Unexpected {
            what,
            value: value.to_string(),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        let text = error.to_string();
        let Some(code) = error.sqlite_error_code() else {
            return StoreError::Query(text);
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
            // Only a question that takes too long is ever interrupted.
            ErrorCode::OperationInterrupted => StoreError::TooMuch,
            ErrorCode::ReadOnly => StoreError::ReadOnly,
            ErrorCode::DiskFull => StoreError::Full,
            ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed => {
                StoreError::Disk(text)
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged(text),
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => StoreError::CannotOpen(text),
            _ => StoreError::Query(text),
        }
    }
}
