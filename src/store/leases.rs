//! Who does what, where several processes share a store on a server: each duty has one holder at a time, by a lease that runs
//! out unless it is renewed, and an epoch that grows with every holder.
//!
//! What a holder writes is fenced: its transaction, which alone writes as long as it lasts, looks first whether the duty is still
//! held in its epoch, by the server's clock. A take-over is such a transaction, too, so none comes in between. A process that was
//! stopped, and goes on as if nothing had been, therefore changes nothing; what it had begun to send before is in doubt for as long
//! as a request may take, and isn't repeated meanwhile.
//!
//! A file has one process, which holds every duty: there nothing of this is asked.

use std::time::Duration;

use jiff::Timestamp;

use super::engine::{Conn, OptionalExtension, Purpose, params};
use super::holding::{Fence, Held, Process, Renewed};
use super::{Blocking, Connections, ReadTx, Store, StoreError, WriteTx, from_ms, schema, to_ms};
use tidings_core::ids::DeliveryId;

/// For how long what a lost holder was sending may still arrive: no request to a platform takes longer.
pub const IN_DOUBT: Duration = Duration::from_secs(20);

/// Leases of silence after which a process is taken for dead.
pub const SILENCE: u32 = 3;

/// The server's time, in milliseconds since 1970.
const NOW: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

pub(super) fn now(conn: &Conn<'_>) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {NOW}"))?
        .query_row([], |row| row.get(0))?)
}

/// The name of a process that shares the store and lives; `None` if there is none.
pub(super) fn living_process(
    conn: &Conn<'_>,
    lease: Duration,
) -> Result<Option<String>, StoreError> {
    let Conn::Server(_) = conn else {
        return Ok(None);
    };
    let since = now(conn)? - i64::from(SILENCE) * millis(lease);
    let mut statement =
        conn.prepare_cached("SELECT name FROM processes WHERE seen_at >= ?1 LIMIT 1")?;
    Ok(statement.query_row([since], |row| row.get(0)).optional()?)
}

pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl ReadTx<'_> {
    /// The duties that anybody has ever held, in alphabetical order. Those of a lease that has run out are nobody's.
    pub fn duties(&self) -> Result<Vec<Held>, StoreError> {
        let Conn::Server(_) = self.conn else {
            return Ok(Vec::new());
        };
        let now = now(self.conn)?;
        let mut statement = self.conn.prepare_cached(
            "SELECT duty, holder, epoch, since_at, until_at FROM leases WHERE duty NOT LIKE 'read:%' ORDER BY duty",
        )?;
        let mut rows = statement.query([])?;
        let mut duties = Vec::new();
        while let Some(row) = rows.next()? {
            let (holder, until): (String, i64) = (row.get(1)?, row.get(4)?);
            duties.push(Held {
                duty: row.get(0)?,
                holder: Some(holder).filter(|holder| !holder.is_empty() && until > now),
                epoch: row.get(2)?,
                since: from_ms(row.get(3)?)?,
            });
        }
        Ok(duties)
    }

    /// The processes that share the store, the one that began last first.
    pub fn processes(&self) -> Result<Vec<Process>, StoreError> {
        let heard = self.heard_of()?.into_iter();
        Ok(heard.map(|(process, _)| process).collect())
    }

    /// The same, each with when it was heard of last. Where the last of them was killed, nobody has counted it as dead.
    pub fn heard_of(&self) -> Result<Vec<(Process, Timestamp)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT name, started_at, settings, seen_at FROM processes ORDER BY started_at DESC, name DESC",
        )?;
        let mut rows = statement.query([])?;
        let mut processes = Vec::new();
        while let Some(row) = rows.next()? {
            let process = Process {
                name: row.get(0)?,
                started: from_ms(row.get(1)?)?,
                settings: row.get(2)?,
            };
            processes.push((process, from_ms(row.get(3)?)?));
        }
        Ok(processes)
    }

    /// What the server's clock shows, by which the processes go that share the store; `None` if the store is a file.
    pub fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        match self.conn {
            Conn::Sqlite(_) => Ok(None),
            Conn::Server(_) => from_ms(now(self.conn)?).map(Some),
        }
    }
}

impl WriteTx<'_> {
    /// Sees that a duty is still held.
    pub(super) fn check(&self, fence: &Fence) -> Result<(), StoreError> {
        let is_held = self
            .conn
            .prepare_cached(&format!(
                "SELECT 1 FROM leases WHERE duty = ?1 AND holder = ?2 AND epoch = ?3 AND until_at > {NOW}"
            ))?
            .exists(params![fence.duty, fence.holder, fence.epoch])?;
        if is_held {
            return Ok(());
        }
        Err(StoreError::Superseded(fence.duty.clone()))
    }

    /// Takes a duty that nobody holds, at a moment by the taker's clock: what the holder does and notes is later. `None` if somebody
    /// holds it. Says besides whether the last holder has laid it down, so that
    /// nothing of its is under way.
    pub fn take_duty(
        &self,
        duty: &str,
        process: &str,
        lease: Duration,
        since: Timestamp,
    ) -> Result<Option<(Fence, bool)>, StoreError> {
        let now = now(self.conn)?;
        let known: Option<(String, i64, i64)> = self
            .conn
            .prepare_cached("SELECT holder, epoch, until_at FROM leases WHERE duty = ?1")?
            .query_row([duty], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let (is_laid_down, epoch) = match known {
            Some((holder, _, until)) if !holder.is_empty() && until > now => return Ok(None),
            Some((holder, epoch, _)) => (holder.is_empty(), epoch + 1),
            None => (true, 1),
        };
        self.conn
            .prepare_cached(
                "INSERT INTO leases (duty, holder, epoch, since_at, until_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (duty) DO UPDATE SET holder = ?2, epoch = ?3, since_at = ?4, until_at = ?5",
            )?
            .execute(params![duty, process, epoch, to_ms(since), now + millis(lease)])?;
        let fence = Fence {
            duty: duty.to_owned(),
            holder: process.to_owned(),
            epoch,
        };
        Ok(Some((fence, is_laid_down)))
    }

    /// A platform's sender was lost: what it was sending is in doubt, and isn't repeated before a moment. Neither is what it was
    /// editing: an older text that arrives late must not take the place of a newer one.
    pub fn take_over(&self, platform: &str, not_before: Timestamp) -> Result<usize, StoreError> {
        for table in ["deliveries", "answers"] {
            self.conn
                .prepare_cached(&format!(
                    "UPDATE {table} SET not_before_at = ?2
                     WHERE platform = ?1 AND state = 'sending' AND not_before_at < ?2"
                ))?
                .execute(params![platform, to_ms(not_before)])?;
        }
        let parts = self.recover(platform)?;
        self.conn
            .prepare_cached(
                "UPDATE edits SET not_before_at = ?2 WHERE platform = ?1 AND state = 'unknown' AND not_before_at < ?2",
            )?
            .execute(params![platform, to_ms(not_before)])?;
        Ok(parts)
    }

    /// Whether what became of a part, or of its piece, that was taken in hand in an epoch may still be written down: that wasn't
    /// done, and nobody has taken it in hand anew. It is being sent, then, or in doubt if somebody has taken over since.
    pub fn is_unsettled(
        &self,
        part: DeliveryId,
        piece: Option<i64>,
        epoch: i64,
    ) -> Result<bool, StoreError> {
        let is_open = self
            .conn
            .prepare_cached(
                "SELECT 1 FROM deliveries WHERE id = ?1 AND epoch = ?2 AND state IN ('sending', 'unknown')",
            )?
            .exists([part.get(), epoch])?;
        let next = self.first_piece(part)?.map(|(piece, _)| piece);
        Ok(is_open && next == piece)
    }

    /// Lays a duty down, if it is still ours: whoever takes it needn't wait.
    pub fn lay_down(&self, fence: &Fence) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE leases SET holder = '', until_at = 0 WHERE duty = ?1 AND holder = ?2 AND epoch = ?3",
            )?
            .execute(params![fence.duty, fence.holder, fence.epoch])?;
        Ok(())
    }

    /// A process ends: nobody has to wait until it counts as dead.
    pub fn end_process(&self, process: &str) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM processes WHERE name = ?1")?
            .execute([process])?;
        Ok(())
    }
}

impl Blocking<'_> {
    /// As [`Store::server_time`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn server_time(self) -> Result<Option<Timestamp>, StoreError> {
        if !self.store.is_shared() {
            return Ok(None);
        }
        let now = self.read(|db| now(db.conn))?;
        from_ms(now).map(Some)
    }

    /// Renews what a process has in hand, says that it lives, and how duties stand. It waits for nobody who writes, and has a
    /// connection of its own; an answer that comes later than a quarter of the lease is none.
    ///
    /// What is its own by name alone isn't renewed: a duty that it took, or laid down, without hearing that this was done would be
    /// nobody's for as long as it lives.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn renew(
        self,
        process: &Process,
        held: &[Fence],
        lease: Duration,
    ) -> Result<Renewed, StoreError> {
        let Connections::Server(connections) = &*self.store.connections else {
            return Err(StoreError::Query("a file has no leases".to_owned()));
        };
        let mut link = connections.renewals.lock();
        let purpose = Purpose::Renew(lease / 4);
        connections.server.run(&mut link, purpose, |session| {
            let conn = Conn::Server(session);
            let db = ReadTx::on(&conn, None);
            schema::admits(&conn)?;
            let now = now(&conn)?;
            let lease = millis(lease);
            // A list of texts, as a text: neither a duty nor a number has a tab or a line's end.
            let in_hand = held.iter().map(|held| format!("{}\n{}", held.duty, held.epoch));
            let in_hand = in_hand.collect::<Vec<_>>().join("\t");
            conn.prepare_cached(
                "UPDATE leases SET until_at = ?2
                 WHERE holder = ?1 AND until_at > ?3 AND duty || chr(10) || epoch = ANY (string_to_array(?4, chr(9)))",
            )?
            .execute(params![process.name, now + lease, now, in_hand])?;
            conn.prepare_cached(
                "INSERT INTO processes (name, started_at, seen_at, settings) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE SET seen_at = ?3",
            )?
            .execute(params![
                process.name,
                process.started.as_millisecond(),
                now,
                process.settings
            ])?;
            conn.prepare_cached("DELETE FROM processes WHERE seen_at < ?1")?
                .execute([now - i64::from(SILENCE) * lease])?;
            Ok(Renewed {
                now: from_ms(now)?,
                duties: db.duties()?,
                processes: db.processes()?,
            })
        })
    }
}

impl Store {
    /// The same store for whoever holds a duty: what is written through it is refused with [`StoreError::Superseded`] as soon as
    /// somebody else holds it.
    #[must_use]
    pub fn fenced(&self, fence: Fence) -> Store {
        Store {
            fence: Some(fence),
            ..self.clone()
        }
    }

    /// The same store for whoever holds no duty.
    #[must_use]
    pub fn unfenced(&self) -> Store {
        Store {
            fence: None,
            ..self.clone()
        }
    }

    /// The epoch of the duty that it writes for; 0 where there are no leases.
    pub fn epoch(&self) -> i64 {
        self.fence.as_ref().map_or(0, |fence| fence.epoch)
    }

    /// Whether other processes may share it, each with duties of its own.
    pub fn is_shared(&self) -> bool {
        matches!(*self.connections, Connections::Server(_))
    }
}
