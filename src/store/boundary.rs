//! The one boundary between SQL, which is synchronous, and code that isn't.
//!
//! [`Store::read`], [`Store::ask`] and [`Store::write`] run a function in one transaction and are awaited; meanwhile the
//! runtime goes on with others on another thread. What such a function is given is its own: it returns what it found, and
//! changes nothing that it captures (which `Fn` makes sure of), so that an engine whose transactions fail when they meet
//! may run it again. Once it has begun it ends: dropping the future undoes nothing.
//!
//! [`Store::blocking`] is the same for whoever may block: the command line and tests.

use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::TransactionBehavior;
use tokio::task::block_in_place;

use super::engine::{Conn, Purpose};
use super::holding::{Fence, Process, Renewed};
use super::recent::Recent;
use super::steps::Steps;

use super::{Connections, Counted, ReadTx, Remembered, Store, StoreError, WriteTx};

impl Store {
    /// Reads, while others may write.
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError`].
    pub async fn read<T, E: From<StoreError>>(
        &self,
        work: impl Fn(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        block_in_place(|| self.blocking().read(work))
    }

    /// Reads for somebody who asks: what takes more steps than a question may ends there, and is [`StoreError::TooMuch`].
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError`].
    pub async fn ask<T, E: From<StoreError>>(
        &self,
        work: impl Fn(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        block_in_place(|| self.blocking().ask(work))
    }

    /// Writes. If `work` fails, nothing of it happened.
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError`].
    pub async fn write<T, E: From<StoreError>>(
        &self,
        work: impl Fn(&WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        block_in_place(|| self.blocking().write(work))
    }

    /// Renews leases: [`Blocking::renew`].
    pub async fn renew(
        &self,
        process: &Process,
        held: &[Fence],
        lease: Duration,
    ) -> Result<Renewed, StoreError> {
        block_in_place(|| self.blocking().renew(process, held, lease))
    }

    /// What time it is by the server's clock; `None` for a file, which has none.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        block_in_place(|| self.blocking().server_time())
    }

    /// A number that changes whenever another connection has written, in this process or another one.
    /// Asking costs microseconds and reads no table.
    pub async fn data_version(&self) -> Result<i64, StoreError> {
        match &*self.connections {
            // There is nothing to wait for.
            Connections::File(_) => self.current_version(),
            Connections::Server(_) => block_in_place(|| self.current_version()),
        }
    }

    /// Has what was erased leave the log beside the database, where that isn't done.
    pub async fn forget_log_if_needed(&self) -> Result<(), StoreError> {
        block_in_place(|| self.blocking().forget_log_if_needed())
    }

    /// The store for whoever may block a thread: the command line and tests.
    pub fn blocking(&self) -> Blocking<'_> {
        Blocking { store: self }
    }

    fn current_version(&self) -> Result<i64, StoreError> {
        match &*self.connections {
            Connections::File(file) => {
                file.check_place(&self.address)?;
                // The number is the connection's own, so it always has to be asked of the same one: one that nobody reads
                // with, since whoever asks is not to wait for them.
                let conn = file.version.lock();
                let mut version = conn.prepare_cached("PRAGMA data_version")?;
                Ok(version.query_row([], |row| row.get(0))?)
            }
            Connections::Server(connections) => {
                let mut link = self.reader(&connections.readers);
                // Which transactions are over: it changes whenever one that has written is.
                let over = "SELECT pg_current_snapshot()::text";
                let snapshot = connections.server.ask_alone(&mut link, over)?;
                let mut digest = DefaultHasher::new();
                snapshot.hash(&mut digest);
                Ok(digest.finish().cast_signed())
            }
        }
    }
}

/// The store, blocking the thread that asks.
#[derive(Clone, Copy)]
pub struct Blocking<'s> {
    pub(super) store: &'s Store,
}

impl Blocking<'_> {
    /// As [`Store::read`].
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError`].
    pub fn read<T, E: From<StoreError>>(
        self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.look(false, work)
    }

    /// As [`Store::ask`].
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError`].
    pub fn ask<T, E: From<StoreError>>(
        self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.look(true, work)
    }

    /// As [`Store::write`].
    ///
    /// # Errors
    /// What `work` returns, and [`StoreError`].
    pub fn write<T, E: From<StoreError>>(
        self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.count();
        let file = match &*self.store.connections {
            Connections::File(file) => file,
            Connections::Server(connections) => {
                let mut link = connections.writer.lock();
                let (result, recent) =
                    connections
                        .server
                        .run(&mut link, Purpose::Write, |session| {
                            let conn = Conn::Server(session);
                            let writer = WriteTx::on(&conn, self.store);
                            if let Some(fence) = &self.store.fence {
                                writer.check(fence)?;
                            }
                            Ok::<_, E>((work(&writer)?, writer.recent.take()))
                        })?;
                self.store.keep_recent(recent);
                return Ok(result);
            }
        };
        file.check_place(&self.store.address)?;
        let mut conn = file.writer.lock();
        let transaction = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let (result, has_erased, recent) = {
            let conn = Conn::Sqlite(&transaction);
            let writer = WriteTx::on(&conn, self.store);
            (
                work(&writer)?,
                writer.has_erased.get(),
                writer.recent.take(),
            )
        };
        transaction.commit().map_err(StoreError::from)?;
        self.store.keep_recent(recent);
        drop(conn);
        if has_erased && let Err(error) = self.forget_log() {
            tracing::warn!(%error, "what was erased stands in the log beside the store; it is tried again");
        }
        Ok(result)
    }

    fn look<T, E: From<StoreError>>(
        self,
        is_asked: bool,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.count();
        let file = match &*self.store.connections {
            Connections::File(file) => file,
            Connections::Server(connections) => {
                let mut link = self.store.reader(&connections.readers);
                let purpose = if is_asked {
                    Purpose::Ask
                } else {
                    Purpose::Read
                };
                return connections.server.run(&mut link, purpose, |session| {
                    work(&ReadTx::on(&Conn::Server(session), None))
                });
            }
        };
        let reader = self.store.reader(&file.readers);
        let Counted { conn, steps } = &*reader;
        let transaction = conn.unchecked_transaction().map_err(StoreError::from)?;
        let result = {
            // Over before the transaction is: its end isn't counted.
            let _asking = is_asked.then(|| steps.asking());
            work(&ReadTx::on(&Conn::Sqlite(conn), Some(steps)))?
        };
        transaction.finish().map_err(StoreError::from)?;
        Ok(result)
    }
}

impl<'c> ReadTx<'c> {
    pub(super) fn on(conn: &'c Conn<'c>, steps: Option<&'c Steps>) -> ReadTx<'c> {
        ReadTx {
            conn,
            steps,
            remembered: Remembered::default(),
        }
    }

    /// Does what an answer can do without, with half of what is left to it.
    pub(super) fn attempt<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _lent = self.steps.map(Steps::lend);
        match self.conn {
            Conn::Sqlite(_) => work(),
            Conn::Server(session) => session.attempt(work),
        }
    }
}

impl<'c> WriteTx<'c> {
    fn on(conn: &'c Conn<'c>, store: &'c Store) -> WriteTx<'c> {
        WriteTx {
            reader: ReadTx::on(conn, None),
            has_erased: Cell::new(false),
            epoch: store.epoch(),
            bulk: RefCell::default(),
            shared_recent: &store.recent,
            recent: RefCell::default(),
            is_retold: Cell::new(false),
        }
    }
}

impl Store {
    /// How many transactions were begun since it was opened.
    pub fn transactions(&self) -> usize {
        self.transactions.load(Ordering::Relaxed)
    }

    /// Keeps what a transaction has used, once it is over.
    fn keep_recent(&self, recent: Option<Recent>) {
        if recent.is_some() {
            *self.recent.lock() = recent;
        }
    }

    fn count(&self) {
        self.transactions.fetch_add(1, Ordering::Relaxed);
    }
}
