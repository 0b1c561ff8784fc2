//! A look at a server before anybody relies on it: what it is, what we may do there, and what would cost messages one day.

use jiff::Timestamp;

use super::address::Tls;
use super::engine::{Conn, Link, OptionalExtension, Purpose, Server};
use super::schema::{self, Place};
use super::{OpenMode, ServerUrl, StoreError, from_ms, migrations};

/// What was found on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// What people call its version.
    pub version: String,
    /// How the line is kept from others.
    pub line: Line,
    /// The tables.
    pub tables: Tables,
    /// What lets us change the tables, as an upgrade has to, if we may not.
    pub grant: Option<String>,
    /// What its clock shows.
    pub now: Timestamp,
    /// Servers that follow it.
    pub replicas: Replicas,
    /// Whether a pooler stands between us and it, that hands out another connection for each transaction. One that loses what
    /// was prepared is an error.
    pub is_pooled: bool,
    /// The settings by which a crash may take back what was committed: messages then come twice.
    pub lax: Vec<String>,
}

/// How the line to a server is kept from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether it stays on this machine, where nobody is between.
    pub is_local: bool,
    /// The version of the protocol that keeps it, where one does.
    pub tls: Option<String>,
    /// Whether the server has shown that it is who it has to be.
    pub is_verified: bool,
}

/// The tables of a store on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// There are none yet.
    Missing,
    /// They are of an older version than this program.
    Older(i64),
    /// They are as this program knows them.
    Current(i64),
}

/// Servers that follow another one, and may take its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replicas {
    /// Nobody tells us.
    Untold,
    /// The names of those that may lack what was committed last; nobody else follows, or all others have it.
    Asynchronous(Vec<String>),
}

impl ServerUrl {
    /// Looks at a server; nothing about it changes.
    ///
    /// # Errors
    /// [`StoreError`]: why no store can be there, or be used.
    pub fn survey(&self) -> Result<Survey, StoreError> {
        let server = Server::new(self.config(), self.connector()?)?;
        let mut link = None;
        let found = server.run(&mut link, Purpose::Read, |session| {
            let conn = Conn::Server(session);
            let place = Place::look(&conn)?;
            place.verify(OpenMode::Work)?;
            Ok::<_, StoreError>(Survey {
                version: place.version.1.clone(),
                line: self.line(&conn)?,
                tables: tables(&conn).map_err(|error| place.explain(error))?,
                grant: place.change_grant(),
                replicas: replicas(&conn)?,
                is_pooled: false,
                lax: lax(&conn)?,
                now: Timestamp::UNIX_EPOCH,
            })
        })?;
        let is_pooled = is_pooled(&server, &mut link)?;
        // Last, so that whoever compares it has just heard it.
        let now = server.run(&mut link, Purpose::Read, |session| {
            let now = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";
            from_ms(Conn::Server(session).query_row(now, [], |row| row.get(0))?)
        })?;
        Ok(Survey {
            is_pooled,
            now,
            ..found
        })
    }

    fn line(&self, conn: &Conn<'_>) -> Result<Line, StoreError> {
        let told: Option<Option<String>> = conn
            .query_row(
                "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let told = told.flatten();
        Ok(Line {
            is_local: self.is_local(),
            // A pooler may speak TLS with us and none with the server.
            tls: match self.tls() {
                Tls::Disable => None,
                Tls::Prefer => told,
                Tls::Require | Tls::Verify { .. } => Some(told.unwrap_or_else(|| "TLS".to_owned())),
            },
            is_verified: matches!(self.tls(), Tls::Verify { .. }),
        })
    }
}

/// How the tables are; those of a newer version are an error.
fn tables(conn: &Conn<'_>) -> Result<Tables, StoreError> {
    let known = migrations::newest();
    match schema::number(conn)? {
        None => Ok(Tables::Missing),
        Some(found) if found > known => Err(StoreError::Newer { found, known }),
        Some(found) if found < known => Ok(Tables::Older(found)),
        Some(found) => Ok(Tables::Current(found)),
    }
}

/// Who follows, as far as we may know. Of each we see at least that it is there.
fn replicas(conn: &Conn<'_>) -> Result<Replicas, StoreError> {
    let mut statement = conn.prepare(
        "SELECT coalesce(application_name, ''), sync_state FROM pg_stat_replication ORDER BY 1",
    )?;
    let mut rows = statement.query([])?;
    let mut asynchronous = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, state): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        match state.as_deref() {
            None => return Ok(Replicas::Untold),
            // "potential" is one that waits until a synchronous one is lost.
            Some("sync" | "quorum") => {}
            Some(_) => asynchronous.push(name),
        }
    }
    Ok(Replicas::Asynchronous(asynchronous))
}

fn lax(conn: &Conn<'_>) -> Result<Vec<String>, StoreError> {
    let mut lax = Vec::new();
    for name in ["fsync", "synchronous_commit", "full_page_writes"] {
        let sql = format!("SELECT current_setting('{name}')");
        let value: String = conn.query_row(&sql, [], |row| row.get(0))?;
        if value == "off" {
            lax.push(name.to_owned());
        }
    }
    Ok(lax)
}

/// Prepares a statement in one transaction and runs it in another one, while somebody else's transaction has the connection
/// that the first was on, if it is anybody's.
fn is_pooled(server: &Server, link: &mut Option<Link>) -> Result<bool, StoreError> {
    let ours = "SELECT pg_backend_pid()::bigint";
    let ask = |link: &mut Option<Link>| {
        server.run(link, Purpose::Read, |session| {
            let conn = Conn::Server(session);
            let process: i64 = conn.prepare_cached(ours)?.query_row([], |row| row.get(0))?;
            Ok::<_, StoreError>(process)
        })
    };
    let first = ask(link)?;
    let mut besides = None;
    server.run(&mut besides, Purpose::Read, |session| {
        Conn::Server(session).query_row(ours, [], |row| row.get::<_, i64>(0))?;
        Ok(ask(link)? != first)
    })
}
