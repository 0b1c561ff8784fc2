//! Many rows into one table: on SQLite one by one, which is quick there; on PostgreSQL in one stream, which is several times as
//! quick as statements are.

use std::fmt::Write;
use std::pin::Pin;

use futures_util::SinkExt;
use tokio_postgres::CopyInSink;
use tokio_postgres::types::private::BytesMut;

use super::outcome::{Error, Result};
use super::session::Session;
use super::values::Param;
use crate::error::StoreError;

/// Bytes that are sent at a time.
const SENT: usize = 64 * 1024;

/// A table that is being filled. What is dropped before [`Filling::finish`] fails the transaction on a server.
pub(crate) enum Filling<'c> {
    /// In a file.
    File(rusqlite::CachedStatement<'c>),
    /// On a server.
    Server(Stream<'c>),
}

/// Rows on their way to a server.
pub(crate) struct Stream<'c> {
    session: Session<'c>,
    sink: Pin<Box<CopyInSink<BytesMut>>>,
    unsent: BytesMut,
}

impl<'c> Filling<'c> {
    pub(super) fn of_file(
        conn: &'c rusqlite::Connection,
        table: &str,
        columns: &[&str],
    ) -> Result<Filling<'c>> {
        let numbers: Vec<String> = (1..=columns.len())
            .map(|number| format!("?{number}"))
            .collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            quoted(table),
            list(columns),
            numbers.join(", ")
        );
        Ok(Filling::File(conn.prepare_cached(&sql)?))
    }

    pub(super) fn of_server(
        session: Session<'c>,
        table: &str,
        columns: &[&str],
    ) -> Result<Filling<'c>> {
        let sql = format!("COPY {} ({}) FROM STDIN", quoted(table), list(columns));
        let sink = session.wait(session.transaction.copy_in(&sql))?;
        Ok(Filling::Server(Stream {
            session,
            sink: Box::pin(sink),
            unsent: BytesMut::with_capacity(2 * SENT),
        }))
    }

    /// Puts a row into it.
    pub(crate) fn push(&mut self, row: &[Param<'_>]) -> Result<()> {
        match self {
            Filling::File(statement) => {
                statement.execute(rusqlite::params_from_iter(row))?;
            }
            Filling::Server(stream) => {
                write_row(row, &mut stream.unsent)?;
                if stream.unsent.len() >= SENT {
                    stream.send()?;
                }
            }
        }
        Ok(())
    }

    /// Sees that all rows are there.
    pub(crate) fn finish(self) -> Result<()> {
        if let Filling::Server(mut stream) = self {
            stream.send()?;
            stream.session.wait(stream.sink.as_mut().finish())?;
        }
        Ok(())
    }
}

impl Stream<'_> {
    fn send(&mut self) -> Result<()> {
        let full = self.unsent.split();
        Ok(self.session.wait(self.sink.send(full))?)
    }
}

/// A name as it stands in a statement of either engine.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    names.join(", ")
}

/// A row in PostgreSQL's text format: a line of values with tabs between them.
fn write_row(row: &[Param<'_>], out: &mut BytesMut) -> Result<()> {
    for (at, value) in row.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\t");
        }
        let written = match value {
            Param::Null(_) => out.write_str("\\N"),
            Param::Int(number) => write!(out, "{number}"),
            Param::Real(number) => write!(out, "{number}"),
            Param::Text(text) => {
                write_text(text, out);
                Ok(())
            }
            Param::Bytes(bytes) => out
                .write_str("\\\\x")
                .and_then(|()| bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))),
            Param::TooLarge => Err(std::fmt::Error),
        };
        written.map_err(|_| {
            Error::Store(StoreError::Query(
                "a value is none of a column's".to_owned(),
            ))
        })?;
    }
    out.extend_from_slice(b"\n");
    Ok(())
}

/// A text in which nothing ends a value or a line.
fn write_text(text: &str, out: &mut BytesMut) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\t', '\n', '\r']) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain.as_bytes());
        out.extend_from_slice(match special.as_bytes()[0] {
            b'\t' => b"\\t",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            _ => b"\\\\",
        });
        rest = &special[1..];
    }
    out.extend_from_slice(rest.as_bytes());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::*;
    use crate::engine::values::Kind;

    #[test]
    fn a_row_is_one_line_whatever_stands_in_it() {
        let mut out = BytesMut::new();
        let row = [
            Param::Int(-7),
            Param::Null(Kind::Text),
            Param::Text("a\tb\\N\r\n\\.\nç".into()),
            Param::Text("".into()),
            Param::Bytes(&[0, 255]),
            Param::Real(0.5),
        ];
        write_row(&row, &mut out).unwrap();
        let line = "-7\t\\N\ta\\tb\\\\N\\r\\n\\\\.\\nç\t\t\\\\x00ff\t0.5\n";
        assert_eq!(std::str::from_utf8(&out).unwrap(), line);
        assert!(write_row(&[Param::TooLarge], &mut out).is_err());
    }
}
