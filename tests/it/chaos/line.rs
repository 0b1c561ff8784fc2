//! The line between one process and the server: it can be held, so that nothing gets through, can lose how a transaction ended,
//! and can keep from the server that whoever writes locks others out.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch::{self, Receiver, Sender};

use crate::postgres;

/// What servers call their socket.
const SOCKET: &str = ".s.PGSQL.5432";

/// What whoever writes begins with, and what is carried instead where nothing is locked: it must be as long.
const LOCK: (&[u8; 21], &[u8; 21]) = (b"pg_advisory_xact_lock", b"abs                  ");

/// Where the next transaction that is committed gets lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// The server never hears of its end.
    Order = 1,
    /// It was committed, and nobody hears of it.
    Answer = 2,
    /// The server never hears of its end, and nothing gets through from then on.
    All = 3,
}

/// A line of a process's own.
pub(super) struct Line {
    folder: TempDir,
    server: Sender<PathBuf>,
    held: Sender<bool>,
    faults: Arc<Faults>,
}

/// What is wrong with it.
struct Faults {
    loss: AtomicU8,
    /// Whether nobody who writes locks anybody out.
    is_open: AtomicBool,
    held: Sender<bool>,
}

impl Line {
    /// One to the server whose socket is in a folder.
    pub(super) fn to(server: &Path) -> Line {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let (held, is_held) = watch::channel(false);
        let faults = Arc::new(Faults {
            loss: AtomicU8::default(),
            is_open: AtomicBool::default(),
            held: held.clone(),
        });
        let (leads_to, server) = watch::channel(server.join(SOCKET));
        let with = faults.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, mut held, with) = (server.clone(), is_held.clone(), with.clone());
                tokio::spawn(async move {
                    get_through(&mut held).await;
                    let server = server.borrow().clone();
                    if let Ok(server) = UnixStream::connect(server).await {
                        carry(client, server, held, with).await;
                    }
                });
            }
        });
        Line {
            folder,
            server: leads_to,
            held,
            faults,
        }
    }

    /// Where a database is behind it.
    pub(super) fn url(&self, database: &str) -> String {
        postgres::url(self.folder.path(), database)
    }

    /// Whoever connects from now on gets to another server.
    pub(super) fn lead_to(&self, server: &Path) {
        self.server.send_replace(server.join(SOCKET));
    }

    /// Nothing gets through any more, and nothing is closed.
    pub(super) fn hold(&self) {
        self.held.send_replace(true);
    }

    /// All of it gets through now.
    pub(super) fn release(&self) {
        self.held.send_replace(false);
    }

    /// The connection breaks at the end of the next transaction.
    pub(super) fn lose(&self, what: Loss) {
        self.faults.loss.store(what as u8, Ordering::SeqCst);
    }

    /// Whether that has happened.
    pub(super) fn has_lost(&self) -> bool {
        self.faults.loss.load(Ordering::SeqCst) == 0
    }

    /// From now on whoever writes over it keeps nobody else from writing.
    pub(super) fn leave_open(&self) {
        self.faults.is_open.store(true, Ordering::SeqCst);
    }
}

async fn get_through(held: &mut Receiver<bool>) {
    // That its test is over ends it as well.
    let _ = held.wait_for(|held| !held).await;
}

async fn carry(client: UnixStream, server: UnixStream, held: Receiver<bool>, faults: Arc<Faults>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (ends, is_ending) = watch::channel(false);
    tokio::select! {
        () = ask(from_client, to_server, held.clone(), faults, ends) => {}
        () = answer(from_server, to_client, held, is_ending) => {}
    }
}

async fn ask(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut held: Receiver<bool>,
    faults: Arc<Faults>,
    ends: Sender<bool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut bytes).await else {
            return;
        };
        get_through(&mut held).await;
        let said = &mut bytes[..count];
        if faults.is_open.load(Ordering::SeqCst) {
            open(said);
        }
        // A transaction begins as READ COMMITTED.
        let is_end = said.windows(7).any(|word| word == b"COMMIT\0");
        let lost = if is_end {
            faults.loss.swap(0, Ordering::SeqCst)
        } else {
            0
        };
        if lost == Loss::All as u8 {
            faults.held.send_replace(true);
        }
        if lost == Loss::Order as u8 || lost == Loss::All as u8 {
            return;
        }
        if lost == Loss::Answer as u8 {
            ends.send_replace(true);
        }
        if to.write_all(said).await.is_err() {
            return;
        }
    }
}

/// Takes the lock out of what a transaction begins with. That is short, and comes in one piece.
fn open(said: &mut [u8]) {
    let (lock, nothing) = LOCK;
    let at = said.windows(lock.len()).position(|word| word == lock);
    if let Some(at) = at {
        said[at..at + lock.len()].copy_from_slice(nothing);
    }
}

async fn answer(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut held: Receiver<bool>,
    is_ending: Receiver<bool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut bytes).await else {
            return;
        };
        get_through(&mut held).await;
        if *is_ending.borrow() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
