//! PostgreSQL: connections, transactions, statements, and what they fail with.
//!
//! The driver is asynchronous, and our SQL isn't. Its connections live on a thread of their own, and whoever asks waits here,
//! whatever runtime it is on (tried: the driver's own blocking client panics where it is called from asynchronous code).
//!
//! Nothing is set for a session, and nothing at start-up: poolers that hand out a connection for each transaction would lose the
//! one and refuse the other. Each transaction says what it needs when it begins.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, IsolationLevel, NoTls, Portal, Row, Statement, Transaction};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::dialect;
use super::values::Param;
use super::{Error, Result};
use crate::StoreError;

/// For how long a statement may go without an answer; then its connection is given up.
const DEADLINE: Duration = Duration::from_secs(5);

/// For how long a connection may take to be made, where the URL doesn't say.
const CONNECTING: Duration = Duration::from_secs(10);

/// For how long whoever writes waits for its turn, as with SQLite.
const TURN: Duration = Duration::from_secs(10);

/// For how long a question may take in all.
const ASKED: Duration = Duration::from_secs(2);

/// Statements that a connection remembers. There are fewer that are used again and again.
const STATEMENTS: usize = 512;

/// The advisory lock that whoever writes holds until its transaction is over: one writes at a time, as with SQLite, so what a
/// transaction has read stays true until it ends. “TDNG”.
const WRITING: i64 = 0x5444_4E47;

/// Rows that a walk fetches first, and at most, at a time.
const BATCH: (i32, i32) = (64, 1_024);

/// Bytes of rows from which on fewer of them are fetched at a time: a text may be as long as a book.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To look, at one moment's truth.
    Read,
    /// To look at all there is, at one moment's truth, however long that takes.
    Stream,
    /// To answer somebody: it may not take long.
    Ask,
    /// To write, alone.
    Write,
    /// To renew leases, within so long.
    Renew(Duration),
    /// To make the tables, to change them or to fill them all, alone, however long that takes.
    Schema,
}

impl Purpose {
    /// What a transaction says when it begins.
    ///
    /// Queries are planned as SQLite plans them, by indexes and one table after the other: that is what they are written for.
    /// A process that is stopped in the middle of a transaction must not keep others from writing: the server ends it.
    fn settings(self) -> String {
        let (statement, idle) = match self {
            Purpose::Read | Purpose::Write => (5_000, 1_500),
            Purpose::Ask => (1_000, 1_500),
            Purpose::Renew(patience) => (patience.as_millis(), 1_500),
            Purpose::Stream | Purpose::Schema => (0, 0),
        };
        let lock = match self {
            Purpose::Write | Purpose::Schema => {
                format!("; SELECT pg_advisory_xact_lock({WRITING})")
            }
            Purpose::Read | Purpose::Stream | Purpose::Ask | Purpose::Renew(_) => String::new(),
        };
        format!(
            "SELECT set_config('search_path', 'tidings', true), set_config('statement_timeout', '{statement}', true),
                 set_config('lock_timeout', '2s', true), set_config('idle_in_transaction_session_timeout', '{idle}', true),
                 set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
                 set_config('enable_seqscan', 'off', true), set_config('random_page_cost', '1.1', true),
                 set_config('jit', 'off', true){lock}"
        )
    }

    fn deadline(self) -> Option<Duration> {
        match self {
            Purpose::Stream | Purpose::Schema => None,
            Purpose::Renew(patience) => Some(patience),
            Purpose::Read | Purpose::Ask | Purpose::Write => Some(DEADLINE),
        }
    }
}

/// A server, with the thread that its connections live on.
pub(crate) struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    handle: Handle,
    /// Dropped, it ends the thread.
    _ends: oneshot::Sender<()>,
}

impl Server {
    /// Begins the thread; nothing is connected yet.
    pub(crate) fn new(
        config: Config,
        tls: Option<MakeRustlsConnect>,
    ) -> std::result::Result<Server, StoreError> {
        let no_thread = |error: std::io::Error| StoreError::CannotOpen(error.to_string());
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(no_thread)?;
        let handle = runtime.handle().clone();
        let (ends, ended) = oneshot::channel();
        thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || {
                // An error is the end as well: nobody asks any more.
                let _ = runtime.block_on(ended);
            })
            .map_err(no_thread)?;
        Ok(Server {
            config,
            tls,
            handle,
            _ends: ends,
        })
    }

    /// Makes a connection.
    pub(crate) fn connect(&self) -> std::result::Result<Link, StoreError> {
        let (config, tls) = (self.config.clone(), self.tls.clone());
        let patience = config.get_connect_timeout().copied().unwrap_or(CONNECTING);
        let (tell, told) = sync_channel(1);
        self.handle.spawn(async move {
            let connected = match tls {
                Some(tls) => config.connect(tls).await.map(|(client, connection)| {
                    tokio::spawn(connection);
                    client
                }),
                None => config.connect(NoTls).await.map(|(client, connection)| {
                    tokio::spawn(connection);
                    client
                }),
            };
            // Whoever asked may have given up.
            let _ = tell.send(connected);
        });
        // Each host may take as long.
        let hosts = u32::try_from(self.config.get_hosts().len())
            .unwrap_or(1)
            .max(1);
        match told.recv_timeout(patience.saturating_mul(hosts)) {
            Ok(Ok(client)) => Ok(Link {
                client,
                statements: RefCell::default(),
                is_broken: Cell::new(false),
            }),
            Ok(Err(error)) => Err(trouble(&error)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Err(StoreError::Unreachable("it doesn't answer".to_owned()))
            }
        }
    }

    /// Runs something inside of one transaction, over a connection that is made anew where there is none, or none that works.
    pub(crate) fn run<T, E: From<StoreError>>(
        &self,
        link: &mut Option<Link>,
        purpose: Purpose,
        work: impl FnOnce(Session<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let begun_at = Instant::now();
        let mut is_fresh = false;
        loop {
            if link.as_ref().is_none_or(Link::is_over) {
                *link = None;
                *link = Some(self.connect()?);
                is_fresh = true;
            }
            let Some(Link {
                client,
                statements,
                is_broken,
            }) = link.as_mut()
            else {
                continue;
            };
            let error = match begin(client, purpose) {
                Ok(transaction) => {
                    let session = Session {
                        transaction: &transaction,
                        statements,
                        is_broken,
                        purpose,
                        until: (purpose == Purpose::Ask).then(|| begun_at + ASKED),
                    };
                    let done = work(session)?;
                    let committed = wait(transaction.commit(), purpose.deadline());
                    committed.inspect_err(|_| is_broken.set(true))?;
                    return Ok(done);
                }
                Err(error) => error,
            };
            match error {
                // Others write for long; that is waited for.
                StoreError::Busy if begun_at.elapsed() < TURN => {}
                StoreError::Unreachable(_) => {
                    *link = None;
                    // It may have been lost long ago, and nobody has noticed.
                    if is_fresh {
                        return Err(error.into());
                    }
                }
                error => return Err(error.into()),
            }
        }
    }

    /// What a single statement outside of any transaction says: a text.
    pub(crate) fn ask_alone(
        &self,
        link: &mut Option<Link>,
        sql: &str,
    ) -> std::result::Result<String, StoreError> {
        if link.as_ref().is_none_or(Link::is_over) {
            *link = None;
            *link = Some(self.connect()?);
        }
        let Some(Link {
            client, is_broken, ..
        }) = link.as_ref()
        else {
            return Err(StoreError::Unreachable("there is no connection".to_owned()));
        };
        let row = wait(client.query_one(sql, &[]), Some(DEADLINE));
        let row = row.inspect_err(|_| is_broken.set(true))?;
        row.try_get(0).map_err(|error| trouble(&error))
    }
}

fn begin(
    client: &mut Client,
    purpose: Purpose,
) -> std::result::Result<Transaction<'_>, StoreError> {
    let transaction = client.build_transaction();
    let transaction = match purpose {
        Purpose::Read | Purpose::Stream | Purpose::Ask => transaction
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true),
        // Each statement sees what stands when it begins, and nobody else writes.
        Purpose::Write | Purpose::Schema | Purpose::Renew(_) => {
            transaction.isolation_level(IsolationLevel::ReadCommitted)
        }
    };
    let transaction = wait(transaction.start(), Some(DEADLINE))?;
    wait(
        transaction.batch_execute(&purpose.settings()),
        Some(DEADLINE),
    )?;
    Ok(transaction)
}

/// A connection.
pub(crate) struct Link {
    client: Client,
    statements: RefCell<Statements>,
    /// Whether an answer is owed on it that nobody waits for any more.
    is_broken: Cell<bool>,
}

impl Link {
    fn is_over(&self) -> bool {
        self.is_broken.get() || self.client.is_closed()
    }
}

/// Statements that the server has parsed: each by its text, and by the types of its parameters.
type Statements = HashMap<String, Vec<(Vec<Type>, Statement)>>;

/// A transaction under way.
#[derive(Clone, Copy)]
pub(crate) struct Session<'c> {
    pub(super) transaction: &'c Transaction<'c>,
    statements: &'c RefCell<Statements>,
    is_broken: &'c Cell<bool>,
    purpose: Purpose,
    /// When a question is over.
    until: Option<Instant>,
}

impl<'c> Session<'c> {
    /// A statement to be run in it.
    pub(super) fn prepare(&self, sql: &str) -> Prepared<'c> {
        Prepared {
            session: *self,
            sql: sql.to_owned(),
        }
    }

    /// Runs statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> std::result::Result<(), StoreError> {
        self.wait(self.transaction.batch_execute(sql))
    }

    pub(super) fn wait<T>(
        &self,
        answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> std::result::Result<T, StoreError> {
        if self.until.is_some_and(|until| Instant::now() >= until) {
            return Err(StoreError::TooMuch);
        }
        let answered = wait(answer, self.purpose.deadline());
        if let Err(StoreError::Unreachable(_)) = &answered {
            self.is_broken.set(true);
        }
        answered
    }

    /// The statement as the server knows it for parameters of these types.
    fn statement(&self, sql: &str, params: &[Param<'_>]) -> Result<Statement> {
        let types: Vec<Type> = params.iter().map(Param::server_type).collect();
        let known = self.statements.borrow().get(sql).and_then(|known| {
            let found = known.iter().find(|(of, _)| *of == types);
            found.map(|(_, statement)| statement.clone())
        });
        if let Some(statement) = known {
            return Ok(statement);
        }
        let text = dialect::for_server(sql);
        let statement = self.wait(self.transaction.prepare_typed(&text, &types))?;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENTS {
            statements.clear();
        }
        let known = statements.entry(sql.to_owned()).or_default();
        known.push((types, statement.clone()));
        Ok(statement)
    }
}

/// A statement of a transaction.
pub(crate) struct Prepared<'c> {
    session: Session<'c>,
    sql: String,
}

fn as_params<'p>(params: &'p [Param<'p>]) -> Vec<&'p (dyn ToSql + Sync)> {
    params
        .iter()
        .map(|param| param as &(dyn ToSql + Sync))
        .collect()
}

impl Prepared<'_> {
    /// Runs it; returns how many rows it changed.
    pub(super) fn execute(&self, params: &[Param<'_>]) -> Result<usize> {
        let statement = self.session.statement(&self.sql, params)?;
        let transaction = self.session.transaction;
        let params = as_params(params);
        let rows = self
            .session
            .wait(transaction.execute(&statement, &params))?;
        Ok(usize::try_from(rows).unwrap_or(usize::MAX))
    }

    /// The same, which says the number of the row that it inserts.
    pub(super) fn inserting(&self) -> Prepared<'_> {
        Prepared {
            session: self.session,
            sql: format!("{} RETURNING id", self.sql),
        }
    }

    /// All its rows.
    pub(super) fn all(&self, params: &[Param<'_>]) -> Result<Vec<Row>> {
        let statement = self.session.statement(&self.sql, params)?;
        let transaction = self.session.transaction;
        let params = as_params(params);
        Ok(self.session.wait(transaction.query(&statement, &params))?)
    }

    /// Its rows, fetched as they are walked along: there may be far more than anybody wants.
    pub(super) fn walk(&self, params: &[Param<'_>]) -> Result<Batches<'_>> {
        let session = self.session;
        if self.sql.contains(" LIMIT ") {
            return Ok(Batches {
                session,
                portal: None,
                rows: self.all(params)?,
                next: 0,
                size: 0,
            });
        }
        let statement = session.statement(&self.sql, params)?;
        let params = as_params(params);
        // The server plans for all the rows, and would sort them where an index has them in their order.
        let is_ordered = self.sql.contains("ORDER BY");
        if is_ordered {
            session.batch("SET LOCAL enable_sort = off")?;
        }
        let portal = session.wait(session.transaction.bind(&statement, &params))?;
        if is_ordered {
            session.batch("SET LOCAL enable_sort = on")?;
        }
        Ok(Batches {
            session,
            portal: Some(portal),
            rows: Vec::new(),
            next: 0,
            size: BATCH.0,
        })
    }
}

/// Rows that are fetched as they are walked along.
pub(crate) struct Batches<'s> {
    session: Session<'s>,
    /// Where more come from.
    portal: Option<Portal>,
    rows: Vec<Row>,
    next: usize,
    size: i32,
}

impl Batches<'_> {
    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<&Row>> {
        if self.next == self.rows.len()
            && let Some(portal) = &self.portal
        {
            let transaction = self.session.transaction;
            self.rows = self
                .session
                .wait(transaction.query_portal(portal, self.size))?;
            self.next = 0;
            if i32::try_from(self.rows.len()).is_ok_and(|rows| rows < self.size) {
                self.portal = None;
            }
            let bytes: usize = self.rows.iter().map(Row::raw_size_bytes).sum();
            self.size = if bytes > BATCH_BYTES {
                (self.size / 4).max(1)
            } else if bytes > BATCH_BYTES / 4 {
                self.size
            } else {
                (self.size * 4).min(BATCH.1)
            };
        }
        let at = self.next;
        self.next = (at + 1).min(self.rows.len());
        Ok(self.rows.get(at))
    }
}

/// Wakes the thread that waits.
struct Waiting(Thread);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for an answer of the server's, on this thread.
fn wait<T>(
    answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    patience: Option<Duration>,
) -> std::result::Result<T, StoreError> {
    let mut answer = pin!(answer);
    let waker = Waker::from(Arc::new(Waiting(thread::current())));
    let mut context = Context::from_waker(&waker);
    let until = patience.map(|patience| Instant::now() + patience);
    loop {
        if let Poll::Ready(answered) = answer.as_mut().poll(&mut context) {
            return answered.map_err(|error| trouble(&error));
        }
        match until {
            None => thread::park(),
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(StoreError::Unreachable(
                        "it doesn't answer any more".to_owned(),
                    ));
                }
                thread::park_timeout(left);
            }
        }
    }
}

pub(super) fn failure(error: tokio_postgres::Error) -> Error {
    Error::Store(trouble(&error))
}

/// What an error of the driver's means to us.
fn trouble(error: &tokio_postgres::Error) -> StoreError {
    let Some(told) = error.as_db_error() else {
        let mut text = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(deeper) = source {
            let deeper_text = deeper.to_string();
            if !text.contains(&deeper_text) {
                text = format!("{text}: {deeper_text}");
            }
            source = deeper.source();
        }
        return if error.is_closed() || is_of_connection(error) {
            StoreError::Unreachable(text)
        } else {
            StoreError::Query(text)
        };
    };
    let text = told.message().to_owned();
    let code = told.code();
    match *code {
        SqlState::QUERY_CANCELED => StoreError::TooMuch,
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::T_R_SERIALIZATION_FAILURE => StoreError::Busy,
        SqlState::DISK_FULL => StoreError::Full,
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly,
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            StoreError::Refused(text)
        }
        SqlState::INVALID_CATALOG_NAME => StoreError::NoDatabase(text),
        SqlState::INSUFFICIENT_PRIVILEGE => StoreError::NoRights(text),
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => StoreError::Unreachable(text),
        ref code if code.code().starts_with("08") || code.code().starts_with("57P") => {
            StoreError::Unreachable(text)
        }
        ref code => StoreError::Query(format!("{text} ({})", code.code())),
    }
}

/// Whether the connection is what failed: it wasn't made, or it was lost.
fn is_of_connection(error: &tokio_postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(deeper) = source {
        if deeper.is::<std::io::Error>() {
            return true;
        }
        source = deeper.source();
    }
    // Its kinds aren't told apart but by their words.
    error.to_string().starts_with("error connecting")
}
