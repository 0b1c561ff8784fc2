//! The words of items that come from another store: the index is made anew, from what the items say.

use std::collections::BTreeMap;

use super::super::StoreError;
use super::super::engine::{Conn, Kind, Param};
use super::sqlite;
use tidings_core::item::Place;
use tidings_core::search::{to_tsvector, words};

/// The column of the words, where the index is on the items themselves.
const COLUMN: &str = "words";

/// Bytes of words that are kept until SQLite's index learns them, in the order of its rows: as many as it collects in memory.
const KEPT: usize = 16 * 1024 * 1024;

/// What an item needs to be found, by its columns.
const ITEM: [&str; 6] = ["id", "rank", "position", "removed", "title", "summary"];

/// Makes the index while the items are copied.
pub(in super::super) struct CopiedWords {
    is_server: bool,
    /// Where in a row each column of [`ITEM`] is.
    at: [usize; ITEM.len()],
    /// By the rows of SQLite's index.
    kept: BTreeMap<i64, (Place, String)>,
    bytes: usize,
}

impl CopiedWords {
    /// For rows of the table `items` with these columns.
    pub(in super::super) fn new(conn: &Conn<'_>, columns: &[&str]) -> Result<Self, StoreError> {
        let mut at = [0; ITEM.len()];
        for (at, name) in at.iter_mut().zip(ITEM) {
            let found = columns.iter().position(|column| *column == name);
            *at = found.ok_or_else(|| StoreError::Query(format!("items have no {name}")))?;
        }
        Ok(CopiedWords {
            is_server: conn.is_server(),
            at,
            kept: BTreeMap::new(),
            bytes: 0,
        })
    }

    /// The column that comes behind those of the items, if one does.
    pub(in super::super) fn column(&self) -> Option<&'static str> {
        self.is_server.then_some(COLUMN)
    }

    /// Has an item be found, if it may be read. Where there is a column for its words, they are put behind the row's values.
    pub(in super::super) fn add(
        &mut self,
        conn: &Conn<'_>,
        row: &mut Vec<Param<'_>>,
    ) -> Result<(), StoreError> {
        let number = |column: usize| match row[self.at[column]] {
            Param::Int(number) => Ok(number),
            ref other => Err(StoreError::unexpected(ITEM[column], format!("{other:?}"))),
        };
        let (id, rank, position, removed) = (number(0)?, number(1)?, number(2)?, number(3)?);
        let text = |column: usize| match &row[self.at[column]] {
            Param::Text(text) => text.as_ref(),
            _ => "",
        };
        // What is removed, hidden or held is found by nobody.
        let words = (removed == 0).then(|| words(text(4), text(5)));
        if self.is_server {
            let words = words.map(|words| to_tsvector(&words, rank));
            row.push(match words {
                Some(words) => Param::Text(words.into()),
                None => Param::Null(Kind::Text),
            });
            return Ok(());
        }
        if let Some(words) = words {
            let place = Place { rank, position, id };
            self.bytes += words.len();
            self.kept.insert(sqlite::row(place), (place, words));
        }
        if self.bytes >= KEPT {
            self.learn(conn)?;
        }
        Ok(())
    }

    /// Has SQLite's index learn what is left.
    pub(in super::super) fn learn(&mut self, conn: &Conn<'_>) -> Result<(), StoreError> {
        for (place, words) in self.kept.values() {
            sqlite::index(conn, *place, words)?;
        }
        self.kept.clear();
        self.bytes = 0;
        Ok(())
    }
}
