//! PostgreSQL: connections, transactions, statements, and what they fail with.
//!
//! The driver is asynchronous, and our SQL isn't. Its connections live on a thread of their own, and whoever asks waits here,
//! whatever runtime it is on (tried: the driver's own blocking client panics where it is called from asynchronous code).
//!
//! Nothing is set for a session, and nothing at start-up: poolers that hand out a connection for each transaction would lose the
//! one and refuse the other. Each transaction says what it needs when it begins.

use std::cell::{Cell, RefCell};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;
use tokio_postgres::{Client, Config, IsolationLevel, NoTls, Transaction};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::purpose::{DEADLINE, Purpose};
use super::session::{Course, End, Number, Session, Statements};
use super::trouble::trouble;
use super::waiting::{moment, wait};
use crate::error::StoreError;

/// For how long a connection may take to be made, where the URL doesn't say.
const CONNECTING: Duration = Duration::from_secs(10);

/// For how long whoever writes waits for its turn, as with SQLite.
const TURN: Duration = Duration::from_secs(10);

/// For how long a question may take in all.
const ASKED: Duration = Duration::from_secs(2);

/// Between two questions about what became of a transaction.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(100);

/// So many are asked.
const QUESTIONS: usize = 50;

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
        let no_thread =
            |error: std::io::Error| StoreError::Unreachable(format!("no thread: {error}"));
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

    /// What lets the user of the URL connect.
    fn connect_grant(&self) -> String {
        let user = self.config.get_user().unwrap_or("user");
        let database = self.config.get_dbname().unwrap_or(user);
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        format!(
            "GRANT CONNECT ON DATABASE {} TO {}",
            quoted(database),
            quoted(user)
        )
    }

    /// Makes a connection.
    pub(crate) fn connect(&self, purpose: Purpose) -> std::result::Result<Link, StoreError> {
        let (config, tls) = (self.config.clone(), self.tls.clone());
        let patience = config.get_connect_timeout().copied().unwrap_or(CONNECTING);
        let patience = purpose.connecting(patience);
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
            Ok(Err(error)) => Err(match trouble(&error) {
                // Before there is a connection, it is the database that lets nobody in.
                StoreError::NoRights { said, .. } => StoreError::NoRights {
                    said,
                    grant: self.connect_grant(),
                },
                trouble => trouble,
            }),
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
        let begun_at = moment();
        let mut is_fresh = false;
        loop {
            if link.as_ref().is_none_or(Link::is_over) {
                *link = None;
                *link = Some(self.connect(purpose)?);
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
                    let course = Course {
                        until: Cell::new((purpose == Purpose::Ask).then(|| begun_at + ASKED)),
                        failed: RefCell::default(),
                    };
                    let session = Session {
                        transaction: &transaction,
                        statements,
                        is_broken,
                        purpose,
                        course: &course,
                    };
                    let done = work(session)?;
                    // The server would take it back in silence, whatever whoever asked made of the error.
                    if let Some(failed) = course.failed.take() {
                        return Err(failed.into());
                    }
                    let number = session.number()?;
                    let committed = wait(transaction.commit(), purpose.deadline());
                    let Err(error) = committed else {
                        return Ok(done);
                    };
                    is_broken.set(true);
                    return match (number, &error) {
                        (Some(number), StoreError::Unreachable(why))
                            if self.is_committed(&number, why)? =>
                        {
                            Ok(done)
                        }
                        _ => Err(error.into()),
                    };
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

    /// Whether a transaction whose end wasn't heard of was committed. It is asked again and again, for about as long as whoever
    /// writes may wait: a server that crashed comes back, and knows.
    fn is_committed(&self, number: &Number, why: &str) -> std::result::Result<bool, StoreError> {
        let mut link = None;
        let mut why = why.to_owned();
        for _ in 0..QUESTIONS {
            match self.ask_alone(&mut link, &number.question()) {
                Ok(answer) => match number.end(&answer) {
                    End::Committed => return Ok(true),
                    End::Aborted => return Ok(false),
                    End::Open => why = answer,
                    End::Unknown(why) => return Err(StoreError::Undecided(why)),
                },
                Err(StoreError::Unreachable(now)) => why = now,
                // Another server, perhaps, which has never heard of it.
                Err(error) => return Err(StoreError::Undecided(error.to_string())),
            }
            thread::park_timeout(BETWEEN_QUESTIONS);
        }
        Err(StoreError::Undecided(why))
    }

    /// What a single statement outside of any transaction says: a text.
    pub(crate) fn ask_alone(
        &self,
        link: &mut Option<Link>,
        sql: &str,
    ) -> std::result::Result<String, StoreError> {
        if link.as_ref().is_none_or(Link::is_over) {
            *link = None;
            *link = Some(self.connect(Purpose::Read)?);
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
    let patience = Some(purpose.beginning());
    let transaction = wait(transaction.start(), patience)?;
    wait(transaction.batch_execute(&purpose.settings()), patience)?;
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
