//! A transaction on a server: its statements, their rows, and how it goes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Instant;

use futures_util::TryStreamExt;
use futures_util::stream::FuturesOrdered;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Portal, Row, SimpleQueryMessage, Statement, Transaction};

use super::dialect;
use super::outcome::Result;
use super::purpose::Purpose;
use super::values::Param;
use super::waiting::{moment, wait};
use crate::error::StoreError;

/// Statements that a connection remembers. There are fewer that are used again and again.
const STATEMENTS: usize = 512;

/// Runs of a statement that are on their way at once.
const TOGETHER: usize = 256;

/// Rows that a walk fetches first, and at most, at a time.
const BATCH: (i32, i32) = (64, 1_024);

/// Bytes of rows from which on fewer of them are fetched at a time: a text may be as long as a book.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Statements that the server has parsed: each by its text, and by the types of its parameters.
pub(super) type Statements = HashMap<String, Vec<(Vec<Type>, Statement)>>;

/// What a server counts up when it takes over from another one.
const TIMELINE: &str = "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";

/// What changes when a server begins anew, on purpose or after a crash: its start, and with it the beginning of its counts, which
/// a crash alone throws away, too (<https://www.postgresql.org/docs/current/monitoring-stats.html>).
const RUN: &str = "extract(epoch FROM pg_postmaster_start_time()) || '/' ||
    coalesce((SELECT CAST(extract(epoch FROM stats_reset) AS text) FROM pg_stat_bgwriter), '')";

/// The first number that the last checkpoint hadn't seen given away. Recovery ends with one.
const NOT_SEEN: &str = "(SELECT CAST(CAST(CAST(split_part(next_xid, ':', 1) AS bigint) * 4294967296
    + CAST(split_part(next_xid, ':', 2) AS bigint) AS text) AS xid8) FROM pg_control_checkpoint())";

/// By what a server knows a transaction.
pub(super) struct Number {
    id: String,
    /// After a failover the same numbers may be given to others.
    timeline: String,
    /// So may those be, after a crash, of which nothing had been written down.
    run: String,
}

/// What a server says of a transaction whose end wasn't heard of.
pub(super) enum End {
    Committed,
    Aborted,
    /// Nobody knows yet.
    Open,
    /// Nobody will.
    Unknown(String),
}

impl Number {
    /// The statement that asks how it ended.
    pub(super) fn question(&self) -> String {
        let Number { id, run, .. } = self;
        format!(
            "SELECT CASE WHEN pg_is_in_recovery() THEN 'in recovery' ELSE {TIMELINE} || ' ' ||
                 CASE WHEN {RUN} <> '{run}' AND xid8 '{id}' >= {NOT_SEEN} THEN 'aborted'
                     WHEN xid8 '{id}' >= pg_snapshot_xmax(pg_current_snapshot()) THEN 'in progress'
                     ELSE coalesce(pg_xact_status('{id}'), 'forgotten') END END"
        )
    }

    /// What the answer to that means.
    pub(super) fn end(&self, answer: &str) -> End {
        let of_ours = answer.strip_prefix(&self.timeline);
        match of_ours.map(str::trim_start) {
            Some("committed") => End::Committed,
            Some("aborted") => End::Aborted,
            // Its process hasn't noticed yet that nobody is there any more.
            Some("in progress") => End::Open,
            Some(_) => End::Unknown(answer.to_owned()),
            // Another server is about to take over.
            None if answer == "in recovery" => End::Open,
            // One that has taken over knows of it whatever arrived there, or has given the number to another one; what was
            // under way when it took over is no more.
            None if answer.ends_with("committed") => {
                End::Unknown("another server has taken over".to_owned())
            }
            None => End::Aborted,
        }
    }
}

/// A transaction under way.
#[derive(Clone, Copy)]
pub(crate) struct Session<'c> {
    pub(super) transaction: &'c Transaction<'c>,
    pub(super) statements: &'c RefCell<Statements>,
    pub(super) is_broken: &'c Cell<bool>,
    pub(super) purpose: Purpose,
    pub(super) course: &'c Course,
}

/// How a transaction goes.
pub(super) struct Course {
    /// When a question is over.
    pub(super) until: Cell<Option<Instant>>,
    /// What a statement has failed with: the server takes nothing more of the transaction.
    pub(super) failed: RefCell<Option<StoreError>>,
}

impl<'c> Session<'c> {
    /// A statement to be run in it.
    pub(super) fn prepare(&self, sql: &str) -> Prepared<'c> {
        Prepared {
            session: *self,
            sql: sql.to_owned(),
        }
    }

    /// By what the server knows what was written in it; `None` if nothing was, or if nobody asks.
    pub(super) fn number(&self) -> std::result::Result<Option<Number>, StoreError> {
        if self.purpose != Purpose::Write {
            return Ok(None);
        }
        let asked = format!("SELECT pg_current_xact_id_if_assigned()::text, {TIMELINE}, {RUN}");
        let messages = self.wait(self.transaction.simple_query(&asked))?;
        Ok(messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(Number {
                id: row.get(0)?.to_owned(),
                timeline: row.get(1)?.to_owned(),
                run: row.get(2)?.to_owned(),
            }),
            _ => None,
        }))
    }

    /// Runs statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> std::result::Result<(), StoreError> {
        self.wait(self.transaction.batch_execute(sql))
    }

    pub(super) fn wait<T>(
        &self,
        answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> std::result::Result<T, StoreError> {
        let until = self.course.until.get();
        if until.is_some_and(|until| moment() >= until) {
            return Err(StoreError::TooMuch);
        }
        let answered = wait(answer, self.purpose.deadline()).map_err(|error| match error {
            // Only of a question is that an answer.
            StoreError::TooMuch if self.purpose != Purpose::Ask => StoreError::Slow,
            error => error,
        });
        if let Err(error) = &answered {
            // A server that takes no writes any more may have handed them on to another one of the URL's.
            if matches!(error, StoreError::Unreachable(_) | StoreError::Standby(_)) {
                self.is_broken.set(true);
            }
            let mut failed = self.course.failed.borrow_mut();
            failed.get_or_insert_with(|| error.again());
        }
        answered
    }

    /// Does what can be done without, in half of the time that is left: where it fails, the rest goes on as if it hadn't been.
    pub(crate) fn attempt<T>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, StoreError>,
    ) -> std::result::Result<T, StoreError> {
        let until = self.course.until.get();
        let half = until.map(|until| {
            let now = moment();
            now + until.saturating_duration_since(now) / 2
        });
        self.batch("SAVEPOINT attempt")?;
        self.course.until.set(half);
        let done = work();
        self.course.until.set(until);
        if done.is_ok() {
            self.batch("RELEASE SAVEPOINT attempt")?;
        } else if !self.is_broken.get() {
            self.course.failed.take();
            self.batch("ROLLBACK TO SAVEPOINT attempt")?;
        }
        done
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

    /// All its rows for each of these rows of parameters. They go out together, and are run in their order.
    pub(super) fn all_of_each<'r>(
        &self,
        rows: impl IntoIterator<Item = Vec<Param<'r>>>,
    ) -> Result<Vec<Vec<Row>>> {
        let mut rows = rows.into_iter();
        let mut answers = Vec::new();
        loop {
            let params: Vec<Vec<Param<'r>>> = rows.by_ref().take(TOGETHER).collect();
            if params.is_empty() {
                return Ok(answers);
            }
            let mut asked = FuturesOrdered::new();
            for params in &params {
                let statement = self.session.statement(&self.sql, params)?;
                let transaction = self.session.transaction;
                asked.push_back(
                    async move { transaction.query(&statement, &as_params(params)).await },
                );
            }
            answers.extend(self.session.wait(asked.try_collect::<Vec<_>>())?);
        }
    }

    /// All its rows, to be walked along.
    pub(super) fn rows(&self, params: &[Param<'_>]) -> Result<Batches<'_>> {
        Ok(Batches {
            session: self.session,
            portal: None,
            rows: self.all(params)?,
            next: 0,
            size: 0,
        })
    }

    /// Its rows, fetched as they are walked along: there may be far more than anybody wants.
    pub(super) fn walk(&self, params: &[Param<'_>]) -> Result<Batches<'_>> {
        let session = self.session;
        let statement = session.statement(&self.sql, params)?;
        let params = as_params(params);
        // The server plans for all the rows, and would sort them where an index has them in their order.
        session.batch("SET LOCAL enable_sort = off")?;
        let portal = session.wait(session.transaction.bind(&statement, &params))?;
        session.batch("SET LOCAL enable_sort = on")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_is_known_on_its_own_timeline_alone() {
        let number = Number {
            id: "7".to_owned(),
            timeline: "00000001".to_owned(),
            run: "1".to_owned(),
        };
        let ends = |answer: &str| match number.end(answer) {
            End::Committed => "committed",
            End::Aborted => "aborted",
            End::Open => "open",
            End::Unknown(_) => "unknown",
        };
        for (answer, end) in [
            ("00000001 committed", "committed"),
            ("00000001 aborted", "aborted"),
            ("00000001 in progress", "open"),
            ("00000001 forgotten", "unknown"),
            ("in recovery", "open"),
            // The number may be another one's by now; what wasn't committed anywhere was ours or nobody's.
            ("00000002 committed", "unknown"),
            ("00000002 aborted", "aborted"),
            ("00000002 in progress", "aborted"),
        ] {
            assert_eq!(ends(answer), end, "{answer}");
        }
    }
}
