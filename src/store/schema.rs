//! The tables on a server: made whole by one file that equals what SQLite's migrations lead to, each later change in one
//! transaction. Whoever makes or changes them holds the writers' lock: processes that begin at once don't do it twice.

use std::cmp::Ordering;

use super::engine::{Conn, Link, OptionalExtension, Purpose, Server, Session};
use super::{OpenMode, StoreError, migrations};

/// All tables as they stand after the newest migration that is in it.
const WHOLE: &str = include_str!("schema/postgres.sql");

/// The oldest server that will do: `server_version_num`, and what people call it.
const OLDEST_SERVER: (i64, &str) = (150_000, "PostgreSQL 15");

/// Checks that the tables are there and known to this program. To work in they are made where they are missing, and brought up
/// to date.
pub(super) fn open(
    server: &Server,
    link: &mut Option<Link>,
    access: OpenMode,
) -> Result<(), StoreError> {
    let found = server.run(link, Purpose::Read, |session| {
        let conn = Conn::Server(session);
        fits(&conn)?;
        number(&conn)
    })?;
    match (found, access) {
        (Some(found), _) if found >= migrations::newest() => is_known(found),
        (None, OpenMode::Look) => Err(StoreError::Missing),
        (Some(found), OpenMode::Look) => is_known(found),
        (_, OpenMode::Work) => server.run(link, Purpose::Schema, make),
    }
}

/// Makes the tables where there are none, in a transaction of whoever writes alone.
pub(super) fn make(session: Session<'_>) -> Result<(), StoreError> {
    let conn = Conn::Server(session);
    fits(&conn)?;
    // Another process may have done it while this one waited.
    if let Some(found) = number(&conn)? {
        return is_known(found);
    }
    let is_there = conn.query_row("SELECT to_regnamespace('tidings') IS NOT NULL", [], |row| {
        row.get::<_, bool>(0)
    })?;
    if !is_there {
        session.batch("CREATE SCHEMA tidings")?;
    }
    session.batch(WHOLE)?;
    conn.execute(
        "INSERT INTO facts (name, value) VALUES ('schema', ?1), ('oldest_program', ?1)",
        [migrations::newest()],
    )?;
    Ok(())
}

/// Whether this program knows a schema of this number.
fn is_known(found: i64) -> Result<(), StoreError> {
    let known = migrations::newest();
    match found.cmp(&known) {
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(StoreError::Newer { found, known }),
        Ordering::Less => Err(StoreError::Older { found, known }),
    }
}

/// The number of the schema; `None` where there is none.
pub(super) fn number(conn: &Conn<'_>) -> Result<Option<i64>, StoreError> {
    let is_made: bool = conn.query_row(
        "SELECT to_regclass('tidings.facts') IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    if !is_made {
        return Ok(None);
    }
    let number = conn
        .query_row("SELECT value FROM facts WHERE name = 'schema'", [], |row| {
            row.get(0)
        })
        .optional()?;
    number.map(Some).ok_or(StoreError::Foreign)
}

/// Whether the server is of a kind that we know how to talk to.
fn fits(conn: &Conn<'_>) -> Result<(), StoreError> {
    let (version, encoding): (i64, String) = conn.query_row(
        "SELECT current_setting('server_version_num')::bigint, current_setting('server_encoding')",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if version < OLDEST_SERVER.0 {
        let reason = format!(
            "it is of version {}, and {} or newer is needed",
            version / 10_000,
            OLDEST_SERVER.1
        );
        return Err(StoreError::Unfit(reason));
    }
    if encoding != "UTF8" {
        let reason = format!(
            "the database's encoding is {encoding}; make one with `CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0`"
        );
        return Err(StoreError::Unfit(reason));
    }
    Ok(())
}
