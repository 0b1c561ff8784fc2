//! The tables on a server: made whole by one file that equals what SQLite's migrations lead to, each later change in one
//! transaction. Whoever makes or changes them holds the writers' lock: processes that begin at once don't do it twice.

use super::engine::{Conn, Link, OptionalExtension, Purpose, Server, Session, params};
use super::{OpenMode, StoreError, migrations};

/// All tables as they stand after the newest migration that is in it.
const WHOLE: &str = include_str!("schema/postgres.sql");

/// The oldest server that will do: `server_version_num`, and what people call it.
const OLDEST_SERVER: (i64, &str) = (150_000, "PostgreSQL 15");

/// What was changed since, each under the number that the schema has with it, with the oldest program that may go on beside it. A
/// change that only adds leaves that as it was; what takes something away waits until no such program is in use any more.
const LATER: &[(i64, i64, &str)] = &[];

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
        let found = number(&conn)?;
        if found.is_some() {
            admits(&conn)?;
        }
        Ok::<_, StoreError>(found)
    })?;
    match (found, access) {
        (Some(found), _) if found >= migrations::newest() => Ok(()),
        (None, OpenMode::Look) => Err(StoreError::Missing),
        (Some(found), OpenMode::Look) => Err(StoreError::Older {
            found,
            known: migrations::newest(),
        }),
        (_, OpenMode::Work) => server.run(link, Purpose::Schema, |session| {
            let conn = Conn::Server(session);
            // Another process may have done it while this one waited.
            if let Some(found) = number(&conn)? {
                return update(&conn, session, found);
            }
            let is_there =
                conn.query_row("SELECT to_regnamespace('tidings') IS NOT NULL", [], |row| {
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
        }),
    }
}

/// Makes the changes that are missing.
fn update(conn: &Conn<'_>, session: Session<'_>, found: i64) -> Result<(), StoreError> {
    for (number, oldest, change) in LATER.iter().filter(|(number, _, _)| *number > found) {
        session.batch(change)?;
        for (name, value) in [("schema", number), ("oldest_program", oldest)] {
            conn.execute(
                "UPDATE facts SET value = ?2 WHERE name = ?1",
                params![name, value],
            )?;
        }
    }
    Ok(())
}

/// Whether the tables, which a newer program may have changed, are still such as this program knows.
///
/// # Errors
/// [`StoreError::Newer`] if not.
pub(super) fn admits(conn: &Conn<'_>) -> Result<(), StoreError> {
    let oldest: i64 = conn
        .prepare_cached("SELECT value FROM facts WHERE name = 'oldest_program'")?
        .query_row([], |row| row.get(0))?;
    if oldest > migrations::newest() {
        return Err(StoreError::Newer {
            found: oldest,
            known: migrations::newest(),
        });
    }
    Ok(())
}

/// The number of the schema; `None` where there is none.
fn number(conn: &Conn<'_>) -> Result<Option<i64>, StoreError> {
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
