//! The store: all SQL, and nobody else's. Its public functions speak domain types; no rusqlite type
//! leaves this folder, because PostgreSQL is to join SQLite here.
//!
//! One connection writes, two read, and one is asked whether something has changed. [`Store::read`] and [`Store::write`] run a function inside of one
//! transaction each: what it reads is one moment's truth, and what it writes is there whole or not at all.
//! Write-ahead logging lets readers go on while somebody writes, in this process or in another one.
//!
//! SQL is synchronous, and who calls mostly isn't: `boundary.rs` is the one place where they meet.
//!
//! Whatever asks or writes fails with [`StoreError`]; only what may fail otherwise says so.
//!
//! `synchronous` is FULL: a settled delivery survives a power cut, not only a killed process.

mod address;
mod answers;
mod archive;
mod belongings;
mod boundary;
mod bulk;
mod bulk_writing;
mod catalogues;
mod channels;
mod claims;
mod claims_in_bulk;
mod connections;
mod copies;
mod copying;
mod corrections;
mod curating;
mod deaths;
mod deeds;
mod deliveries;
mod due;
mod editing;
mod engine;
mod error;
mod facts;
mod fetches;
mod filing;
mod following;
mod holding;
mod housekeeping;
mod identity;
mod incidents;
mod items;
mod leases;
mod looks;
mod merging;
mod migrations;
mod new_items;
mod opening;
mod ownership;
mod pauses;
mod permissions;
mod pieces;
mod place;
mod platforms;
mod prepared;
mod private_answers;
mod recent;
mod recutting;
mod replanning;
mod reviews;
mod roundups;
mod schema;
mod search;
mod sections;
mod sign_ins;
mod slots;
mod sources;
mod steps;
mod stories;
mod suggestions;
mod survey;
mod target;
mod tls;
mod told;
mod turns;
mod updating;
mod upkeep;
mod waits;
mod watches;
mod windows;
mod works;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs;
use std::ops::Deref;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::{FairMutex, Mutex, MutexGuard};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tidings_core::channel::Filter;
use tidings_core::ids::SectionSlug;
use tidings_core::search::SpacedWords;

use self::bulk::Bulk;
use self::engine::{Conn, Link, Server};
use self::recent::Recent;
use self::steps::Steps;

pub use address::{ServerUrl, StoreAddress, UrlError};
pub use answers::{Answer, AnswerKind, ClaimedAnswer, FRESH};
pub use archive::{Dated, Direction, Numbered, Stretch};
pub use boundary::Blocking;
pub use catalogues::Catalogues;
pub use claims::{ClaimCursor, Claimed};
pub use copying::{Copied, CopyEnd, CopyError, NotCopied, copy};
pub use corrections::{CORRECTABLE, ClaimedEdit, Current, Edition, Stale, TOGETHER};
pub use deeds::{Deed, DeedKind, NewDeed, OPERATOR, Undone};
pub use deliveries::{DeadPart, DeadText, Queue, RefusedPost};
pub use due::DueChannel;
pub use editing::{Editable, OwnWords};
pub use error::StoreError;
pub use fetches::FetchState;
pub use filing::{Batch, TOO_ALIKE};
pub use holding::{CONNECTION, Fence, Held, Process, Renewed, connection_of};
pub use housekeeping::Pruned;
pub use incidents::Incident;
pub use items::Listing;
pub use leases::{IN_DOUBT, SILENCE};
pub use opening::OpenMode;
pub use ownership::{Lock, Locked};
pub use platforms::PlatformState;
pub use prepared::{DocumentFailure, Filed, Filing};
pub use reviews::{
    HeldItem, HeldState, LastDeed, Review, ReviewDeed, ReviewMessage, ReviewTelling, Voice,
};
pub use roundups::NewItems;
pub use sections::SectionSummary;
pub use sign_ins::{Session, SignIn};
pub use slots::Slot;
pub use sources::{FailedDocument, KnownDocument, SourceState};
pub use stories::Tellers;
pub use suggestions::{Suggester, Suggestion};
pub use survey::{Line, Replicas, Survey, Tables};
pub use tls::TlsError;
pub use told::{Retold, SourceName};
pub use upkeep::Totals;
pub use waits::Wait;
pub use windows::{Scope, Untold, Window};
pub use works::{Outcome, Work};

/// How long a statement waits for another process's transaction before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Readers beside the writer: more add nothing on small machines (measured: 44,000 queries a second to
/// 64 callers with two).
const READERS: usize = 2;

/// Compiled statements kept for each connection; there are fewer different ones than this.
const STATEMENTS: usize = 128;

/// The database with its connections, which its clones share.
#[derive(Clone)]
pub struct Store {
    address: StoreAddress,
    connections: Arc<Connections>,
    next_reader: Arc<AtomicUsize>,
    transactions: Arc<AtomicUsize>,
    /// Whether nothing that was erased stands in the log beside the file.
    is_log_forgotten: Arc<AtomicBool>,
    /// What new items are compared with, but while a transaction has it.
    recent: Arc<Mutex<Option<Recent>>>,
    /// The duty that is written for, where whoever writes must hold it.
    fence: Option<Fence>,
}

/// The connections of a store.
enum Connections {
    File(Box<FileConnections>),
    Server(Box<ServerConnections>),
}

/// Connections to a file.
struct FileConnections {
    /// Fair, so that a long load doesn't keep everybody else waiting.
    writer: FairMutex<Connection>,
    readers: [Mutex<Counted>; READERS],
    /// Whether something has changed is asked here.
    version: Mutex<Connection>,
    /// Which file it is: what is written to one that was taken away is gone with this process.
    file: Option<FileId>,
}

/// Which file one is on this machine: its device, and its number there.
type FileId = (u64, u64);

fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    let about = fs::metadata(path).ok()?;
    Some((about.dev(), about.ino()))
}

impl FileConnections {
    /// Whether the file is still where it was opened.
    fn check_place(&self, address: &StoreAddress) -> Result<(), StoreError> {
        let is_there = address.file().is_none_or(|path| file_id(path) == self.file);
        match is_there {
            true => Ok(()),
            false => Err(StoreError::TakenAway),
        }
    }
}

/// Connections to a server, each made as soon as it is needed.
struct ServerConnections {
    server: Server,
    /// Fair, so that a long load doesn't keep everybody else waiting.
    writer: FairMutex<Option<Link>>,
    readers: [Mutex<Option<Link>>; READERS],
    /// For renewing leases, which waits for nobody.
    renewals: Mutex<Option<Link>>,
    /// For noting documents that are being read: as many are as are filed, and whoever files keeps the writer for long.
    documents: Mutex<Option<Link>>,
}

/// A connection whose steps are counted.
struct Counted {
    conn: Connection,
    steps: Steps,
}

/// One consistent look at the store.
pub struct ReadTx<'c> {
    conn: &'c Conn<'c>,
    /// What is left to it, where that is counted.
    steps: Option<&'c Steps>,
    /// What was read already, where the same is read for many channels.
    remembered: Remembered,
}

/// What a transaction needn't work out twice.
#[derive(Default)]
struct Remembered {
    /// Filters by their texts.
    filters: RefCell<HashMap<String, Filter>>,
    /// The words of items, as filters look at them.
    words: RefCell<HashMap<i64, Rc<SpacedWords>>>,
}

/// One transaction that may write, and reads what it has written.
pub struct WriteTx<'c> {
    reader: ReadTx<'c>,
    /// Whether something was erased that is to be in none of the store's files any more.
    has_erased: Cell<bool>,
    /// In which epoch it writes.
    epoch: i64,
    /// What is gathered to be written at once.
    bulk: RefCell<Option<Bulk>>,
    /// What new items are compared with; whose transaction fails doesn't put it back.
    shared_recent: &'c Mutex<Option<Recent>>,
    recent: RefCell<Option<Recent>>,
    /// Whether it was noted that everybody is to read that anew.
    is_retold: Cell<bool>,
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &ReadTx<'c> {
        &self.reader
    }
}

impl Store {
    /// Opens the store, wherever it is.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_at(address: &StoreAddress, access: OpenMode) -> Result<Store, StoreError> {
        match address {
            StoreAddress::File(path) => Store::open(path, access),
            StoreAddress::Server(url) => Store::open_on_server(url, access),
        }
    }

    /// Opens a store that is a file.
    ///
    /// # Errors
    /// [`StoreError`], each variant with its remedy; the file is as it was.
    pub fn open(path: &Path, access: OpenMode) -> Result<Store, StoreError> {
        let mut writer = connect(path, access)?;
        match access {
            OpenMode::Work | OpenMode::Call => migrations::migrate(&mut writer, path)?,
            OpenMode::Look => migrations::verify(&writer)?,
        }
        let reader = || {
            let mut conn = connect(path, access)?;
            conn.pragma_update(None, "query_only", true)?;
            let steps = Steps::count(&mut conn)?;
            Ok::<_, StoreError>(Mutex::new(Counted { conn, steps }))
        };
        Ok(Store {
            address: StoreAddress::File(path.to_owned()),
            connections: Arc::new(Connections::File(Box::new(FileConnections {
                readers: [reader()?, reader()?],
                version: Mutex::new(reader()?.into_inner().conn),
                writer: FairMutex::new(writer),
                file: file_id(path),
            }))),
            next_reader: Arc::default(),
            transactions: Arc::default(),
            is_log_forgotten: Arc::default(),
            recent: Arc::default(),
            fence: None,
        })
    }

    /// Opens a store on a server.
    fn open_on_server(url: &ServerUrl, access: OpenMode) -> Result<Store, StoreError> {
        let server = Server::new(url.config(), url.connector()?)?;
        let mut link = None;
        schema::open(&server, &mut link, access)?;
        Ok(Store {
            address: StoreAddress::Server(url.clone()),
            connections: Arc::new(Connections::Server(Box::new(ServerConnections {
                server,
                writer: FairMutex::new(link),
                readers: Default::default(),
                renewals: Mutex::default(),
                documents: Mutex::default(),
            }))),
            next_reader: Arc::default(),
            transactions: Arc::default(),
            is_log_forgotten: Arc::new(AtomicBool::new(true)),
            recent: Arc::default(),
            fence: None,
        })
    }

    /// Where it is.
    pub fn address(&self) -> &StoreAddress {
        &self.address
    }

    /// A reader that is free, else the next one.
    fn reader<'r, R>(&self, readers: &'r [Mutex<R>; READERS]) -> MutexGuard<'r, R> {
        for reader in readers {
            if let Some(free) = reader.try_lock() {
                return free;
            }
        }
        let next = self.next_reader.fetch_add(1, Ordering::Relaxed) % READERS;
        readers[next].lock()
    }

    /// The connections to the file; `None` if the store is on a server.
    fn file(&self) -> Option<&FileConnections> {
        match &*self.connections {
            Connections::File(file) => Some(file),
            Connections::Server(_) => None,
        }
    }
}

fn connect(path: &Path, access: OpenMode) -> Result<Connection, StoreError> {
    use rusqlite::OpenFlags;
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if access != OpenMode::Look {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|source| StoreError::Folder {
                folder: folder.to_owned(),
                source,
            })?;
        }
    }
    if access != OpenMode::Look {
        permissions::make_private(path)?;
    }
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan depends on the statement alone. Otherwise SQLite compiles a statement anew whenever a bound
    // value might suggest another plan, which took half of the time of loading.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    // What is erased leaves the file's bytes: pages are filled with zeros where rows go.
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // In KiB. Three connections of this size stay far below what the bot may use in all.
    conn.pragma_update(None, "cache_size", -4096)?;
    Ok(conn)
}

fn to_ms(time: Timestamp) -> i64 {
    time.as_millisecond()
}

fn from_ms(ms: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::unexpected("a moment", ms))
}

/// A section's slug, as its column has it.
fn slug(text: String) -> Result<SectionSlug, StoreError> {
    SectionSlug::from_stored(text).map_err(|text| StoreError::unexpected("a section's slug", text))
}

fn from_ms_opt(ms: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    ms.map(from_ms).transpose()
}
