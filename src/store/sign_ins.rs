//! Who is signed in to the dashboard: links that work once, and the sessions that they began. What a browser shows is a secret;
//! its hash stands here.

use super::engine::{OptionalExtension, params};
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, from_ms, from_ms_opt, to_ms};

/// A link that signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Whom it signs in.
    pub person: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who they are.
    pub person: String,
    /// When they were seen last.
    pub seen_at: Timestamp,
}

impl ReadTx<'_> {
    /// The link of a hash.
    pub fn sign_in(&self, hash: &str) -> Result<Option<SignIn>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT person, made_at, used_at FROM sign_ins WHERE hash = ?1")?;
        let mut rows = statement.query([hash])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(SignIn {
            person: row.get(0)?,
            made_at: from_ms(row.get(1)?)?,
            used_at: from_ms_opt(row.get(2)?)?,
        }))
    }

    /// The session of a hash.
    pub fn session(&self, hash: &str) -> Result<Option<Session>, StoreError> {
        let found: Option<(String, i64)> = self
            .conn
            .prepare_cached("SELECT person, seen_at FROM sessions WHERE hash = ?1")?
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let session = found.map(|(person, seen_at)| {
            Ok::<_, StoreError>(Session {
                person,
                seen_at: from_ms(seen_at)?,
            })
        });
        session.transpose()
    }

    /// Whether there is a link that was made, or a session that was seen last, before a moment.
    pub fn has_old_sign_ins(
        &self,
        links_before: Timestamp,
        sessions_before: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM sign_ins WHERE made_at < ?1)
                     OR EXISTS (SELECT 1 FROM sessions WHERE seen_at < ?2)",
            )?
            .query_row(
                params![to_ms(links_before), to_ms(sessions_before)],
                |row| row.get(0),
            )?)
    }
}

impl WriteTx<'_> {
    /// Keeps a link.
    pub fn add_sign_in(&self, hash: &str, person: &str, now: Timestamp) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO sign_ins (hash, person, made_at) VALUES (?1, ?2, ?3)",
            params![hash, person, to_ms(now)],
        )?;
        Ok(())
    }

    /// Notes that a link was used. `false` if it was before.
    pub fn use_sign_in(&self, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        let used = self.conn.execute(
            "UPDATE sign_ins SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL",
            params![hash, to_ms(now)],
        )?;
        Ok(used > 0)
    }

    /// Keeps a session.
    pub fn add_session(&self, hash: &str, person: &str, now: Timestamp) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO sessions (hash, person, seen_at) VALUES (?1, ?2, ?3)",
            params![hash, person, to_ms(now)],
        )?;
        Ok(())
    }

    /// Notes that somebody who is signed in was seen.
    pub fn session_seen(&self, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE sessions SET seen_at = ?2 WHERE hash = ?1")?
            .execute(params![hash, to_ms(now)])?;
        Ok(())
    }

    /// Ends a session.
    pub fn end_session(&self, hash: &str) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM sessions WHERE hash = ?1", [hash])?;
        Ok(())
    }

    /// Ends all sessions, and all links that weren't used. Returns how many sessions that were.
    pub fn end_sessions(&self) -> Result<usize, StoreError> {
        self.conn
            .execute("DELETE FROM sign_ins WHERE used_at IS NULL", [])?;
        Ok(self.conn.execute("DELETE FROM sessions", [])?)
    }

    /// Forgets links that were made, and sessions that were seen last, before a moment.
    pub fn forget_sign_ins(
        &self,
        links_before: Timestamp,
        sessions_before: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "DELETE FROM sign_ins WHERE made_at < ?1",
            [to_ms(links_before)],
        )?;
        self.conn.execute(
            "DELETE FROM sessions WHERE seen_at < ?1",
            [to_ms(sessions_before)],
        )?;
        Ok(())
    }
}
