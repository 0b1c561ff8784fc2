//! The two engines behind one surface: SQLite, which is embedded, and a PostgreSQL server. There is one SQL text for both
//! (`dialect.rs` says what is written otherwise), and what is above this folder doesn't know which one it talks to, but where
//! an engine has something of its own.

mod dialect;
mod filling;
mod outcome;
mod purpose;
mod server;
mod session;
mod trouble;
mod values;
mod waiting;

pub(super) use self::filling::{Filling, quoted};
pub(super) use self::outcome::{Error, OptionalExtension, Result};
pub(super) use self::purpose::Purpose;
pub(super) use self::server::{Link, Server};
pub(super) use self::session::Session;
pub(super) use self::values::{FromColumn, Kind, Param, Params, ToParam, array};

use self::session::{Batches, Prepared};

/// Parameters of different types.
macro_rules! params {
    ($($param:expr),* $(,)?) => {
        &[$(&$param as &dyn $crate::engine::ToParam),*] as &[&dyn $crate::engine::ToParam]
    };
}
pub(super) use params;

/// A connection inside of a transaction.
pub(super) enum Conn<'c> {
    /// To a file.
    Sqlite(&'c rusqlite::Connection),
    /// To a server.
    Server(Session<'c>),
}

impl Conn<'_> {
    /// Returns true if it is a server's.
    pub(super) fn is_server(&self) -> bool {
        matches!(self, Conn::Server(_))
    }

    /// Has rows of a table numbered behind all that are there, after one was inserted with a number of its own. SQLite does that
    /// by itself.
    pub(super) fn number_is_taken(&self, table: &str) -> Result<()> {
        if let Conn::Server(_) = self {
            let sql = format!("SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))");
            self.query_row(&sql, [], |row| row.get::<_, i64>(0))?;
        }
        Ok(())
    }

    /// A statement that is used again and again: it is compiled once.
    pub(super) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(match self {
            Conn::Sqlite(conn) => Statement::Cached(conn.prepare_cached(sql)?),
            Conn::Server(session) => Statement::Server(session.prepare(sql)),
        })
    }

    /// A statement that is made for one time.
    pub(super) fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(match self {
            Conn::Sqlite(conn) => Statement::Once(conn.prepare(sql)?),
            Conn::Server(session) => Statement::Server(session.prepare(sql)),
        })
    }

    /// Begins to put rows into a table, many at once, each with a value for each of these columns.
    pub(super) fn fill(&self, table: &str, columns: &[&str]) -> Result<Filling<'_>> {
        match self {
            Conn::Sqlite(conn) => Filling::of_file(conn, table, columns),
            Conn::Server(session) => Filling::of_server(*session, table, columns),
        }
    }

    /// Runs a statement once; returns how many rows it changed.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare(sql)?.execute(params)
    }

    /// The first row of a statement that runs once.
    pub(super) fn query_row<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare(sql)?.query_row(params, map)
    }
}

/// Parameters as a server's driver takes them; SQLite is given them one by one.
fn listed<P: Params>(params: &P) -> Vec<Param<'_>> {
    params.params().collect()
}

/// A statement.
pub(super) enum Statement<'c> {
    Cached(rusqlite::CachedStatement<'c>),
    Once(rusqlite::Statement<'c>),
    Server(Prepared<'c>),
}

impl<'c> Statement<'c> {
    /// Runs it; returns how many rows it changed.
    pub(super) fn execute(&mut self, params: impl Params) -> Result<usize> {
        let bound = || rusqlite::params_from_iter(params.params());
        Ok(match self {
            Statement::Cached(statement) => statement.execute(bound())?,
            Statement::Once(statement) => statement.execute(bound())?,
            Statement::Server(statement) => statement.execute(&listed(&params))?,
        })
    }

    /// Inserts one row; returns its number, which is in a column called `id`.
    pub(super) fn insert(&mut self, params: impl Params) -> Result<i64> {
        let bound = || rusqlite::params_from_iter(params.params());
        match self {
            Statement::Cached(statement) => Ok(statement.insert(bound())?),
            Statement::Once(statement) => Ok(statement.insert(bound())?),
            Statement::Server(statement) => {
                let rows = statement.inserting().all(&listed(&params))?;
                Row::Server(rows.first().ok_or(Error::NoRows)?).get(0)
            }
        }
    }

    /// Runs it once for each of these rows of parameters, in their order: on a server that is one journey.
    pub(super) fn execute_each<'r>(
        &mut self,
        rows: impl IntoIterator<Item = Vec<Param<'r>>>,
    ) -> Result<()> {
        let statement: &mut rusqlite::Statement<'_> = match self {
            Statement::Server(statement) => return statement.all_of_each(rows).map(|_| ()),
            Statement::Cached(statement) => statement,
            Statement::Once(statement) => statement,
        };
        for row in rows {
            statement.execute(rusqlite::params_from_iter(row))?;
        }
        Ok(())
    }

    /// Inserts a row for each of these rows of parameters, as [`Statement::execute_each`] runs it; returns their numbers.
    pub(super) fn insert_each<'r>(
        &mut self,
        rows: impl IntoIterator<Item = Vec<Param<'r>>>,
    ) -> Result<Vec<i64>> {
        let statement: &mut rusqlite::Statement<'_> = match self {
            Statement::Server(statement) => {
                let answers = statement.inserting().all_of_each(rows)?;
                let answers = answers.iter();
                return answers
                    .map(|rows| Row::Server(rows.first().ok_or(Error::NoRows)?).get(0))
                    .collect();
            }
            Statement::Cached(statement) => statement,
            Statement::Once(statement) => statement,
        };
        let rows = rows.into_iter();
        rows.map(|row| Ok(statement.insert(rusqlite::params_from_iter(row))?))
            .collect()
    }

    /// Its rows, to be walked along.
    pub(super) fn query(&mut self, params: impl Params) -> Result<Rows<'_>> {
        let bound = || rusqlite::params_from_iter(params.params());
        Ok(match self {
            Statement::Cached(statement) => Rows::Sqlite(statement.query(bound())?),
            Statement::Once(statement) => Rows::Sqlite(statement.query(bound())?),
            Statement::Server(statement) => Rows::Server(statement.rows(&listed(&params))?),
        })
    }

    /// As [`Statement::query`], where there may be far more rows than anybody wants: they are fetched as they are walked along, in
    /// the order of an index.
    pub(super) fn walk(&mut self, params: impl Params) -> Result<Rows<'_>> {
        match self {
            Statement::Server(statement) => Ok(Rows::Server(statement.walk(&listed(&params))?)),
            Statement::Cached(_) | Statement::Once(_) => self.query(params),
        }
    }

    /// Its rows, each made into something.
    pub(super) fn query_map<T, F: FnMut(Row<'_>) -> Result<T>>(
        &mut self,
        params: impl Params,
        map: F,
    ) -> Result<Mapped<'_, F>> {
        Ok(Mapped {
            rows: self.query(params)?,
            map,
        })
    }

    /// Returns true if it has a row.
    pub(super) fn exists(&mut self, params: impl Params) -> Result<bool> {
        Ok(self.query(params)?.next()?.is_some())
    }

    /// Its first row.
    pub(super) fn query_row<T>(
        &mut self,
        params: impl Params,
        map: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<T> {
        if let Statement::Server(statement) = self {
            let rows = statement.all(&listed(&params))?;
            return map(Row::Server(rows.first().ok_or(Error::NoRows)?));
        }
        let mut rows = self.query(params)?;
        map(rows.next()?.ok_or(Error::NoRows)?)
    }
}

/// Rows that are walked along.
pub(super) enum Rows<'s> {
    Sqlite(rusqlite::Rows<'s>),
    Server(Batches<'s>),
}

impl Rows<'_> {
    /// The next one.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>> {
        Ok(match self {
            Rows::Sqlite(rows) => rows.next()?.map(Row::Sqlite),
            Rows::Server(rows) => rows.next()?.map(Row::Server),
        })
    }
}

/// Rows that are made into something.
pub(super) struct Mapped<'s, F> {
    rows: Rows<'s>,
    map: F,
}

impl<T, F: FnMut(Row<'_>) -> Result<T>> Iterator for Mapped<'_, F> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        match self.rows.next() {
            Ok(row) => row.map(&mut self.map),
            Err(error) => Some(Err(error)),
        }
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Server(&'r tokio_postgres::Row),
}

/// Which column of a row: its number, or its name.
pub(super) trait Column:
    rusqlite::RowIndex + tokio_postgres::row::RowIndex + std::fmt::Display
{
}

impl Column for usize {}
impl Column for &str {}

impl Row<'_> {
    /// What stands in a column.
    pub(super) fn get<C: Column, T: FromColumn>(self, column: C) -> Result<T> {
        match self {
            Row::Sqlite(row) => Ok(row.get(column)?),
            Row::Server(row) => {
                let wire = row.try_get(column).map_err(trouble::failure)?;
                T::from_wire(&wire)
            }
        }
    }
}

impl<'r> Row<'r> {
    /// What stands in a column, whatever it is, to be put into another store: U+0000 stands in none.
    pub(super) fn value(self, column: usize) -> Result<Param<'r>> {
        match self {
            Row::Sqlite(row) => values::stored(row.get_ref(column)?),
            Row::Server(row) => {
                let wire: values::Wire<'r> = row.try_get(column).map_err(trouble::failure)?;
                wire.value()
            }
        }
    }
}
