//! The line between one process and the server: it can be held, so that nothing gets through, and can lose how a transaction
//! ended.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch::{self, Receiver, Sender};

use crate::postgres;

/// What servers call their socket.
const SOCKET: &str = ".s.PGSQL.5432";

/// Where the next transaction that is committed gets lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// The server never hears of its end.
    Order = 1,
    /// It was committed, and nobody hears of it.
    Answer = 2,
}

/// A line of a process's own.
pub(super) struct Line {
    folder: TempDir,
    server: Sender<PathBuf>,
    held: Sender<bool>,
    loss: Arc<AtomicU8>,
}

impl Line {
    /// One to the server whose socket is in a folder.
    pub(super) fn to(server: &Path) -> Line {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let (held, is_held) = watch::channel(false);
        let loss = Arc::<AtomicU8>::default();
        let (leads_to, server) = watch::channel(server.join(SOCKET));
        let lost = loss.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, mut held, lost) = (server.clone(), is_held.clone(), lost.clone());
                tokio::spawn(async move {
                    get_through(&mut held).await;
                    let server = server.borrow().clone();
                    if let Ok(server) = UnixStream::connect(server).await {
                        carry(client, server, held, lost).await;
                    }
                });
            }
        });
        Line {
            folder,
            server: leads_to,
            held,
            loss,
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
        self.loss.store(what as u8, Ordering::SeqCst);
    }

    /// Whether that has happened.
    pub(super) fn has_lost(&self) -> bool {
        self.loss.load(Ordering::SeqCst) == 0
    }
}

async fn get_through(held: &mut Receiver<bool>) {
    // That its test is over ends it as well.
    let _ = held.wait_for(|held| !held).await;
}

async fn carry(client: UnixStream, server: UnixStream, held: Receiver<bool>, loss: Arc<AtomicU8>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (ends, is_ending) = watch::channel(false);
    tokio::select! {
        () = ask(from_client, to_server, held.clone(), loss, ends) => {}
        () = answer(from_server, to_client, held, is_ending) => {}
    }
}

async fn ask(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut held: Receiver<bool>,
    loss: Arc<AtomicU8>,
    ends: Sender<bool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut bytes).await else {
            return;
        };
        get_through(&mut held).await;
        let said = &bytes[..count];
        // A transaction begins as READ COMMITTED.
        let is_end = said.windows(7).any(|word| word == b"COMMIT\0");
        let lost = if is_end {
            loss.swap(0, Ordering::SeqCst)
        } else {
            0
        };
        if lost == Loss::Order as u8 {
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
