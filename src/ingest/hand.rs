//! What is in hand: the documents that this process reads at this moment, in a file beside the store, or in a store that is on a
//! server. A document at which
//! the process ends, because a stack runs over or the memory runs out, names itself that way to the next process: it is
//! tried once more, and set aside when that process ended at it, too.
//!
//! A file is written without waiting for the disk: what ends a process leaves what it has written to the system. A
//! process that is killed while it reads a good document leaves one death behind; the document is forgiven when it is
//! read. On a server whatever is in hand for longer than any document takes has been the end of its process, so that another one
//! doesn't end at it as well.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use xxhash_rust::xxh3::xxh3_64;

use super::regular::open_file;
use tidings_reader::{Reason, Unreadable};
use tidings_store::Store;

/// How often the process may end at a document before it is set aside.
pub const DEATHS: u32 = 2;

/// From which size on a document is noted while it is read, in bytes. What nests in a smaller one doesn't fill the stack of
/// the threads that read (`bounds::STACK`), nor does it fill the memory.
const NOTED_FROM: usize = 64 * 1024;

/// What is in hand, and at which documents processes have ended.
pub struct Hand {
    notes: Notes,
    /// Which places of the file are taken.
    places: Mutex<Vec<bool>>,
    /// How often a process ended at what has this content.
    deaths: Mutex<HashMap<i64, u32>>,
}

/// Where it is noted.
enum Notes {
    Nowhere,
    Beside(File, PathBuf),
    Shared(SharedNotes),
}

/// Notes in a store that other processes share.
struct SharedNotes {
    store: Arc<Store>,
    /// Who reads.
    reader: String,
    /// For how long a document may be in hand.
    lease: Duration,
}

/// What a document is known by: its content, whatever it is called.
pub fn content(bytes: &[u8]) -> i64 {
    xxh3_64(bytes).cast_signed()
}

/// Bytes of a place in the file: a content, or zeros.
const PLACE: usize = 8;

/// Places of a file: as many as documents that one process reads at a time, and far fewer than anything else that is kept
/// beside a store would have.
const MOST_PLACES: u64 = 64;

/// Whether a name ends as those of these files do: in the number of a process and one of its files.
fn is_of_process(end: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    end.split_once('-')
        .is_some_and(|(process, file)| is_number(process) && is_number(file))
}

fn beside(database: &Path) -> String {
    let name = database.file_name().unwrap_or_default();
    format!("{}.hand.", name.to_string_lossy())
}

/// What processes that are gone had in hand, each as often as one had. Their files are taken away.
///
/// # Errors
/// What the system says of the store's folder.
pub fn left(database: &Path) -> io::Result<Vec<i64>> {
    let begins = beside(database);
    let folder = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut left = Vec::new();
    for entry in fs::read_dir(folder.unwrap_or(Path::new(".")))? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.to_str().and_then(|name| name.strip_prefix(&begins));
        if !is_ours.is_some_and(is_of_process) {
            continue;
        }
        // A copy of a store may be called so.
        let Ok(mut file) = open_file(&entry.path()) else {
            continue;
        };
        if file.metadata()?.len() > MOST_PLACES * PLACE as u64 {
            continue;
        }
        match file.try_lock() {
            Ok(()) => {}
            // Whoever writes it is alive.
            Err(TryLockError::WouldBlock) => continue,
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut places = Vec::new();
        file.read_to_end(&mut places)?;
        let contents = places.as_chunks::<PLACE>().0.iter();
        left.extend(
            contents
                .map(|place| i64::from_le_bytes(*place))
                .filter(|content| *content != 0),
        );
        fs::remove_file(entry.path())?;
    }
    Ok(left)
}

impl Hand {
    /// A hand that knows at which documents processes have ended, and notes what it takes beside a store.
    ///
    /// # Errors
    /// What the system says of the file.
    pub fn beside(database: &Path, deaths: HashMap<i64, u32>) -> io::Result<Hand> {
        let begins = beside(database);
        // Numbers of processes come again, and one process may hold several stores' files.
        let mut numbers = 0_u32..;
        loop {
            let number = numbers.next().unwrap_or_default();
            let name = format!("{begins}{}-{number}", process::id());
            let path = database.with_file_name(name);
            match OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .open(&path)
            {
                Ok(file) => {
                    file.lock()?;
                    return Ok(Hand::noting(Notes::Beside(file, path), deaths));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// A hand that knows at which documents processes have ended, and notes what it takes in a store that others share. No document
    /// is in hand for as long as `lease`.
    pub fn shared(store: Arc<Store>, lease: Duration, deaths: HashMap<i64, u32>) -> Hand {
        // Told from theirs, who may have the same number on another machine.
        let chance = RandomState::new().build_hasher().finish();
        let reader = format!("{}:{chance:x}", process::id());
        let notes = SharedNotes {
            store,
            reader,
            lease,
        };
        Hand::noting(Notes::Shared(notes), deaths)
    }

    /// A hand that knows at which documents processes have ended, and notes nothing.
    pub fn knowing(deaths: HashMap<i64, u32>) -> Hand {
        Hand::noting(Notes::Nowhere, deaths)
    }

    fn noting(notes: Notes, deaths: HashMap<i64, u32>) -> Hand {
        Hand {
            notes,
            places: Mutex::default(),
            deaths: Mutex::new(deaths),
        }
    }

    /// How often a process ended at what has this content, as far as is known: of what is noted it is known once it was read.
    pub fn deaths(&self, content: i64) -> u32 {
        self.deaths
            .lock()
            .get(&content)
            .copied()
            .unwrap_or_default()
    }

    /// Reads something of a document of so many bytes, which is in hand meanwhile. A small one isn't noted: it can hold
    /// nothing at which a process would end, while one that is killed often would in time be killed twice at the same.
    ///
    /// # Errors
    /// [`Reason::SetAside`] without trying, and what reading it says.
    pub fn read<T>(
        &self,
        content: i64,
        size: usize,
        read: impl FnOnce() -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        self.may_read(content)?;
        let _held = (size >= NOTED_FROM).then(|| self.take(content));
        // Others may have ended at it since.
        self.may_read(content)?;
        if self.deaths(content) > 0 {
            tracing::warn!("a process ended while this document was read; it is tried once more");
        }
        read()
    }

    fn may_read(&self, content: i64) -> Result<(), Unreadable> {
        if self.deaths(content) < DEATHS {
            return Ok(());
        }
        Err(Unreadable {
            line: 0,
            reason: Reason::SetAside,
        })
    }

    fn take(&self, content: i64) -> Held<'_> {
        if let Notes::Shared(notes) = &self.notes {
            match notes
                .store
                .take_document(content, &notes.reader, notes.lease)
            {
                Ok(0) => {
                    self.deaths.lock().remove(&content);
                }
                Ok(times) => {
                    self.deaths.lock().insert(content, times);
                }
                // Without the note, the document is read all the same.
                Err(error) => tracing::debug!(%error, "what is being read can't be noted"),
            }
            return Held {
                hand: self,
                content,
                place: 0,
            };
        }
        let mut places = self.places.lock();
        let free = places.iter().position(|is_taken| !is_taken);
        let place = free.unwrap_or(places.len());
        match places.get_mut(place) {
            Some(is_taken) => *is_taken = true,
            None => places.push(true),
        }
        drop(places);
        let held = Held {
            hand: self,
            content,
            place,
        };
        held.write(content);
        held
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        if let Notes::Beside(_, path) = &self.notes {
            // Whoever comes next would find nothing in it.
            let _ = fs::remove_file(path);
        }
    }
}

/// A document in hand.
struct Held<'h> {
    hand: &'h Hand,
    content: i64,
    place: usize,
}

impl Held<'_> {
    fn write(&self, content: i64) {
        if let Notes::Beside(file, _) = &self.hand.notes {
            let at = u64::try_from(self.place * PLACE).unwrap_or_default();
            // Without the note, the document is read all the same.
            let _ = file.write_all_at(&content.to_le_bytes(), at);
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Notes::Shared(notes) = &self.hand.notes {
            let put = notes.store.put_document_down(self.content, &notes.reader);
            if let Err(error) = put {
                tracing::debug!(%error, "what was read can't be noted");
            }
            return;
        }
        self.write(0);
        if let Some(is_taken) = self.hand.places.lock().get_mut(self.place) {
            *is_taken = false;
        }
    }
}
