//! The two stores: each held, so that nobody else writes to it, for as long as the copy takes.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::super::belongings::{BESIDE, with_ending};
use super::super::engine::{Conn, Purpose, Server};
use super::super::leases::living_process;
use super::super::ownership::{Lock, Locked};
use super::super::{OpenMode, ServerUrl, StoreAddress, StoreError, connect, migrations, schema};
use super::failure::{CopyEnd, CopyError, NotCopied, reading, writing};
use super::tables::{are_empty, name_of};

/// Pages that SQLite keeps in memory, in KiB: with few of them it writes many of them again and again.
const CACHE: i64 = 64 * 1024;

/// What fails between the steps of a copy is the fault of the store that is read …
struct Reading(CopyError);

/// … or of the one that is written.
struct Writing(CopyError);

impl From<StoreError> for Reading {
    fn from(error: StoreError) -> Reading {
        Reading(reading(error))
    }
}

impl From<StoreError> for Writing {
    fn from(error: StoreError) -> Writing {
        Writing(writing(error))
    }
}

fn to(why: NotCopied) -> CopyError {
    CopyError {
        end: CopyEnd::To,
        why,
    }
}

/// Holds the lock of a file's bot.
fn hold(path: &Path, end: CopyEnd) -> Result<Lock, CopyError> {
    let why = match Lock::alone(path, "run") {
        Ok(Locked::Ours(lock)) => return Ok(lock),
        Ok(Locked::Theirs(Some(process))) => NotCopied::Running(format!("process {process}")),
        Ok(Locked::Theirs(None)) => NotCopied::Running("another process".to_owned()),
        Err(error) => NotCopied::Store(StoreError::CannotOpen(error.to_string())),
    };
    Err(CopyError { end, why })
}

/// Sees that no process lives that shares a store.
fn is_deserted(conn: &Conn<'_>, lease: Duration, end: CopyEnd) -> Result<(), CopyError> {
    let why = match living_process(conn, lease) {
        Ok(None) => return Ok(()),
        Ok(Some(process)) => NotCopied::Running(process),
        Err(error) => NotCopied::Store(error),
    };
    Err(CopyError { end, why })
}

fn server(url: &ServerUrl) -> Result<Server, StoreError> {
    Server::new(url.config(), url.connector()?)
}

/// Reads a store, as it is at one moment, while nobody writes to it.
pub(super) fn read<T>(
    address: &StoreAddress,
    lease: Duration,
    work: impl FnOnce(&Conn<'_>) -> Result<T, CopyError>,
) -> Result<T, CopyError> {
    if address.is_missing() {
        return Err(reading(StoreError::Missing));
    }
    match address {
        StoreAddress::File(path) => {
            let mut conn = connect(path, OpenMode::Look).map_err(reading)?;
            migrations::is_newest(&conn).map_err(reading)?;
            let _lock = hold(path, CopyEnd::From)?;
            // It writes nothing, and nobody else does meanwhile.
            let transaction = conn
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(reading)?;
            work(&Conn::Sqlite(&transaction))
        }
        StoreAddress::Server(url) => {
            let server = server(url).map_err(reading)?;
            let mut link = None;
            schema::open(&server, &mut link, OpenMode::Look).map_err(reading)?;
            // Whoever writes waits for the first transaction; the second one begins with the moment that stands since then.
            let done = server.run(&mut link, Purpose::Schema, |session| {
                is_deserted(&Conn::Server(session), lease, CopyEnd::From).map_err(Reading)?;
                server.run(&mut None, Purpose::Stream, |session| {
                    work(&Conn::Server(session)).map_err(Reading)
                })
            });
            done.map_err(|Reading(error)| error)
        }
    }
}

/// Sees that a store can be copied to, before anything is made, or waited for, there.
pub(super) fn look_before(address: &StoreAddress, source: &Conn<'_>) -> Result<(), CopyError> {
    match address {
        StoreAddress::File(path) => {
            let is_made = fs::metadata(path).is_ok_and(|about| about.len() > 0);
            if !is_made {
                return Ok(());
            }
            let conn = connect(path, OpenMode::Look).map_err(writing)?;
            migrations::verify(&conn).map_err(writing)?;
            is_another(&Conn::Sqlite(&conn), source)
        }
        StoreAddress::Server(url) => {
            let server = server(url).map_err(writing)?;
            let looked = server.run(&mut None, Purpose::Read, |session| {
                let conn = Conn::Server(session);
                if schema::number(&conn)?.is_none() {
                    return Ok(());
                }
                is_another(&conn, source).map_err(Writing)
            });
            looked.map_err(|Writing(error)| error)
        }
    }
}

/// Sees that a store isn't the one that is copied, and is empty.
fn is_another(target: &Conn<'_>, source: &Conn<'_>) -> Result<(), CopyError> {
    let name = name_of(target).map_err(writing)?;
    if name.is_some() && name == name_of(source).map_err(reading)? {
        return Err(to(NotCopied::Same));
    }
    is_empty(target)
}

fn is_empty(target: &Conn<'_>) -> Result<(), CopyError> {
    if are_empty(target).map_err(writing)? {
        Ok(())
    } else {
        Err(to(NotCopied::NotEmpty))
    }
}

/// Writes into a store that is made where it is missing. If `work` fails, nothing of it happened.
pub(super) fn write<T>(
    address: &StoreAddress,
    lease: Duration,
    work: impl FnOnce(&Conn<'_>) -> Result<T, CopyError>,
) -> Result<T, CopyError> {
    match address {
        StoreAddress::File(path) => {
            let is_new = !path.exists();
            let mut conn = connect(path, OpenMode::Work).map_err(writing)?;
            let _lock = hold(path, CopyEnd::To)?;
            let done = fill(&mut conn, path, work);
            drop(conn);
            if is_new && done.is_err() {
                // Ours, made a moment ago. What can't be removed is an empty store.
                for ending in BESIDE.into_iter().chain([""]) {
                    let _ = fs::remove_file(with_ending(path, ending));
                }
            }
            done
        }
        StoreAddress::Server(url) => {
            let server = server(url).map_err(writing)?;
            let done = server.run(&mut None, Purpose::Schema, |session| {
                schema::make(session)?;
                let conn = Conn::Server(session);
                is_deserted(&conn, lease, CopyEnd::To).map_err(Writing)?;
                is_empty(&conn).map_err(Writing)?;
                work(&conn).map_err(Writing)
            });
            done.map_err(|Writing(error)| error)
        }
    }
}

fn fill<T>(
    conn: &mut Connection,
    path: &Path,
    work: impl FnOnce(&Conn<'_>) -> Result<T, CopyError>,
) -> Result<T, CopyError> {
    migrations::migrate(conn, path).map_err(writing)?;
    conn.pragma_update(None, "cache_size", -CACHE)
        .map_err(writing)?;
    // All of them are looked for once, at the end.
    conn.pragma_update(None, "foreign_keys", false)
        .map_err(writing)?;
    let transaction = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(writing)?;
    let done = {
        let conn = Conn::Sqlite(&transaction);
        is_empty(&conn)?;
        work(&conn)?
    };
    transaction.commit().map_err(writing)?;
    Ok(done)
}
