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
const LATER: &[(i64, i64, &str)] = &[
    (29, 28, include_str!("schema/0029_pieces_sent.sql")),
    (30, 28, include_str!("migrations/0030_long_words.sql")),
    (31, 28, include_str!("schema/0031_webhooks.sql")),
    (32, 28, include_str!("schema/0032_works.sql")),
    (33, 28, include_str!("schema/0033_review_voices.sql")),
    (34, 28, include_str!("schema/0034_telling_keys.sql")),
    (35, 28, include_str!("migrations/0035_short_tellings.sql")),
];

/// Checks that the tables are there and known to this program. For those who run they are made where they are missing, and brought
/// up to date.
pub(super) fn open(
    server: &Server,
    link: &mut Option<Link>,
    access: OpenMode,
) -> Result<(), StoreError> {
    let found = server.run(link, Purpose::Read, |session| {
        let conn = Conn::Server(session);
        let place = Place::look(&conn)?;
        place.verify(access)?;
        let found = number(&conn).map_err(|error| place.explain(error))?;
        if found.is_some() {
            admits(&conn)?;
        }
        Ok::<_, StoreError>(found)
    })?;
    match (found, access) {
        (Some(found), _) if found >= migrations::newest() => Ok(()),
        (None, OpenMode::Look | OpenMode::Call) => Err(StoreError::NoTables),
        (Some(found), OpenMode::Look | OpenMode::Call) => Err(StoreError::Older {
            found,
            known: migrations::newest(),
        }),
        (_, OpenMode::Work) => server.run(link, Purpose::Schema, make),
    }
}

/// Makes the tables where there are none, or what they lack, in a transaction of whoever writes alone.
pub(super) fn make(session: Session<'_>) -> Result<(), StoreError> {
    let conn = Conn::Server(session);
    let place = Place::look(&conn)?;
    place.verify(OpenMode::Work)?;
    // Another process may have done it while this one waited.
    if let Some(found) = number(&conn)? {
        admits(&conn)?;
        return update(&conn, session, found);
    }
    if place.owner.is_none() {
        session.batch("CREATE SCHEMA tidings")?;
    }
    session.batch(WHOLE)?;
    conn.execute(
        "INSERT INTO facts (name, value) VALUES ('schema', ?1), ('oldest_program', ?1)",
        [migrations::newest()],
    )?;
    Ok(())
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
    let oldest: Option<i64> = conn
        .prepare_cached("SELECT value FROM facts WHERE name = 'oldest_program'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    // Whoever doesn't say it admits nobody else.
    let oldest = match oldest {
        Some(oldest) => oldest,
        None => number(conn)?.unwrap_or(0),
    };
    if oldest > migrations::newest() {
        return Err(StoreError::Newer {
            found: oldest,
            known: migrations::newest(),
        });
    }
    Ok(())
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

/// The database that a connection leads into, and what we may do there.
pub(super) struct Place {
    /// `server_version_num`, and what people call it.
    pub(super) version: (i64, String),
    pub(super) encoding: String,
    /// The names of database and user, as SQL takes them.
    pub(super) database: String,
    pub(super) user: String,
    pub(super) may_make: bool,
    /// Whose the schema is, as SQL takes the name; `None` if there is none.
    pub(super) owner: Option<String>,
    /// Whether we may do what its owner may.
    pub(super) owns: bool,
    /// Whether we may look into it.
    pub(super) may_use: bool,
    /// Whether the server only follows another one.
    pub(super) is_standby: bool,
}

impl Place {
    pub(super) fn look(conn: &Conn<'_>) -> Result<Place, StoreError> {
        let place = conn.query_row(
            "SELECT current_setting('server_version_num')::bigint, current_setting('server_version'),
                 current_setting('server_encoding'), quote_ident(current_database()), quote_ident(current_user),
                 has_database_privilege(current_database(), 'CREATE'), quote_ident(pg_get_userbyid(s.nspowner)),
                 coalesce(pg_has_role(s.nspowner, 'USAGE'), false),
                 coalesce(has_schema_privilege(s.oid, 'USAGE'), false), pg_is_in_recovery()
             FROM (SELECT 1) AS here LEFT JOIN pg_namespace AS s ON s.nspname = 'tidings'",
            [],
            |row| {
                Ok(Place {
                    version: (row.get(0)?, row.get(1)?),
                    encoding: row.get(2)?,
                    database: row.get(3)?,
                    user: row.get(4)?,
                    may_make: row.get(5)?,
                    owner: row.get(6)?,
                    owns: row.get(7)?,
                    may_use: row.get(8)?,
                    is_standby: row.get(9)?,
                })
            },
        );
        Ok(place?)
    }

    /// What lets us change the tables, if we may not.
    pub(super) fn change_grant(&self) -> Option<String> {
        let owner = self.owner.as_ref().filter(|_| !self.owns)?;
        Some(format!("GRANT {owner} TO {}", self.user))
    }

    /// An error with what would let us do what we may not.
    pub(super) fn explain(&self, error: StoreError) -> StoreError {
        match (error, self.change_grant()) {
            (StoreError::NoRights { said, .. }, Some(grant)) => {
                StoreError::NoRights { said, grant }
            }
            (error, _) => error,
        }
    }

    /// Why the database won't do, if it won't.
    pub(super) fn verify(&self, access: OpenMode) -> Result<(), StoreError> {
        if self.version.0 < OLDEST_SERVER.0 {
            return Err(StoreError::Unfit(format!(
                "it is of version {}, and {} or newer is needed",
                self.version.1, OLDEST_SERVER.1
            )));
        }
        if self.encoding != "UTF8" {
            return Err(StoreError::Unfit(format!(
                "the database's encoding is {}; make another one with `CREATE DATABASE name OWNER {} ENCODING 'UTF8' TEMPLATE \
                 template0`",
                self.encoding, self.user
            )));
        }
        if self.is_standby && access != OpenMode::Look {
            return Err(StoreError::Standby("it is a standby".to_owned()));
        }
        let missing = |said: String, grant: String| Err(StoreError::NoRights { said, grant });
        match &self.owner {
            Some(owner) if !self.may_use => missing(
                format!(
                    "the schema tidings belongs to {owner}, and {} may not use it",
                    self.user
                ),
                format!("GRANT {owner} TO {}", self.user),
            ),
            None if !self.may_make && access == OpenMode::Work => missing(
                format!(
                    "{} may not make the schema tidings in the database {}",
                    self.user, self.database
                ),
                format!(
                    "GRANT CREATE ON DATABASE {} TO {}",
                    self.database, self.user
                ),
            ),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            version: (160_004, "16.4".to_owned()),
            encoding: "UTF8".to_owned(),
            database: "news".to_owned(),
            user: "tidings".to_owned(),
            may_make: true,
            owner: None,
            owns: false,
            may_use: false,
            is_standby: false,
        }
    }

    fn refused(place: &Place) -> String {
        place.verify(OpenMode::Work).unwrap_err().to_string()
    }

    #[test]
    fn the_newest_change_has_the_newest_number() {
        // Otherwise it would be made once more in tables that were made with it.
        let newest = LATER.last().map(|(number, _, _)| *number);
        assert_eq!(newest, Some(migrations::newest()));
    }

    #[test]
    fn a_server_that_is_too_old_is_named() {
        assert!(place().verify(OpenMode::Work).is_ok());
        let old = Place {
            version: (140_012, "14.12".to_owned()),
            ..place()
        };
        assert_eq!(
            refused(&old),
            "its server won't do: it is of version 14.12, and PostgreSQL 15 or newer is needed"
        );
    }

    #[test]
    fn missing_rights_are_said_with_the_grant() {
        let poor = Place {
            may_make: false,
            ..place()
        };
        assert!(refused(&poor).ends_with("`GRANT CREATE ON DATABASE news TO tidings`"));
        // Whoever only looks needn't make it.
        assert!(poor.verify(OpenMode::Look).is_ok());
        let foreign = Place {
            owner: Some("ana".to_owned()),
            ..place()
        };
        assert!(refused(&foreign).ends_with("`GRANT ana TO tidings`"));
    }
}
