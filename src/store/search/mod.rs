//! What is found by words. SQLite's index is a table of its own (`sqlite.rs`), PostgreSQL's a column of the items
//! (`postgres.rs`). Both hold the same words of the same items, those that may be read, and find the same.

mod copied;
mod postgres;
mod sqlite;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::engine::Conn;
use super::{ReadTx, StoreError, WriteTx};
use tidings_core::item::{Item, Place};
use tidings_core::search::Query;

pub(super) use copied::CopiedWords;
pub(super) use sqlite::{MOST_ITEMS, row};

impl ReadTx<'_> {
    /// Items that hold everything the query asks for, newest first, behind a place.
    pub fn search(
        &self,
        query: &Query,
        after: Place,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        if self.conn.is_server() {
            postgres::search(self, query, after, limit)
        } else {
            sqlite::search(self, query, after, limit)
        }
    }

    /// Returns true if the index alone tells that so many items behind a place hold everything the query asks for; `false` tells
    /// nothing. On a server it always has to be looked for.
    pub(super) fn are_plainly(
        &self,
        many: usize,
        query: &Query,
        after: Place,
    ) -> Result<bool, StoreError> {
        Ok(!self.conn.is_server() && sqlite::are_plainly(self, many, query, after)?)
    }

    /// How many items hold a word, counted up to so many.
    pub(super) fn holders(&self, word: &str, most: i64) -> Result<i64, StoreError> {
        if self.conn.is_server() {
            postgres::holders(self, word, most)
        } else {
            sqlite::holders(self, word, most)
        }
    }
}

impl WriteTx<'_> {
    /// Has an item be found by its words, which it wasn't.
    pub(super) fn index_words(&self, place: Place, words: &str) -> Result<(), StoreError> {
        if self.conn.is_server() {
            postgres::index(self, place, words)
        } else {
            sqlite::index(self.conn, place, words)
        }
    }

    /// Has an item be found no more.
    pub(super) fn forget_words(&self, place: Place) -> Result<(), StoreError> {
        if self.conn.is_server() {
            postgres::forget(self, place)
        } else {
            sqlite::forget(self, place)
        }
    }
}

/// The column of an item's words, and its value as the 19th parameter, where the index is on the items themselves.
pub(super) fn column_of_items(conn: &Conn<'_>) -> Option<(&'static str, &'static str)> {
    conn.is_server().then_some(postgres::COLUMN)
}

/// Words that the search learns at the end of a batch, by the rows of SQLite's index: FTS5 collects them in memory only as long
/// as they ascend.
#[derive(Default)]
pub(super) struct NewWords<'d>(BTreeMap<i64, (Place, Cow<'d, str>)>);

impl<'d> NewWords<'d> {
    /// Of a new item. On PostgreSQL its row has them already.
    pub(super) fn add(&mut self, db: &WriteTx<'_>, place: Place, words: Cow<'d, str>) {
        if !db.conn.is_server() {
            self.0.insert(row(place), (place, words));
        }
    }

    /// Instead of those by which it was found, where it was; by none, where it isn't found any more.
    pub(super) fn replace(
        &mut self,
        db: &WriteTx<'_>,
        old: Option<Place>,
        new: Option<(Place, Cow<'d, str>)>,
    ) -> Result<(), StoreError> {
        if let Some(old) = old {
            let is_new = self.0.remove(&row(old)).is_some();
            // PostgreSQL writes the new ones over the old ones.
            let is_in_the_way = if db.conn.is_server() {
                new.is_none()
            } else {
                !is_new
            };
            if is_in_the_way {
                db.forget_words(old)?;
            }
        }
        if let Some((place, words)) = new {
            self.0.insert(row(place), (place, words));
        }
        Ok(())
    }

    /// Has the search learn them.
    pub(super) fn learn(&self, db: &WriteTx<'_>) -> Result<(), StoreError> {
        let mut words = self.0.values();
        words.try_for_each(|(place, words)| db.index_words(*place, words))
    }
}
