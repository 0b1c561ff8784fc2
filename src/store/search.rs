//! The full-text index. A row's number holds the published day and the item's number, so that reading a
//! word's rows backwards yields items newest first, however they arrived, without sorting them all.

use rusqlite::params;

use super::items::{COLUMNS, FROM, read_item};
use super::{Reader, StoreError};
use crate::items::{Item, Place};
use crate::search::Query;

const SECONDS_A_DAY: i64 = 86_400;

/// Bits of a row number that hold the item: 134 million items. The fewer there are, the smaller is the
/// index, since it stores the differences between row numbers.
const ITEM_BITS: u32 = 27;
const ITEM_MASK: i64 = (1 << ITEM_BITS) - 1;

/// Days before 1970 count too; the earliest date there is, 1 January of the year -9999, is day -4 371 587.
const DAY_OFFSET: i64 = 4_400_000;

/// How many of one day's items are put in their exact order. Beyond that, which takes a day of this many
/// items with the same word, they come in the order of arrival.
const EXACT_IN_A_DAY: usize = 1_000;

/// The row of an item. Within a day, earlier items have greater rows: they come first.
pub(super) fn row(rank: i64, item: i64) -> i64 {
    let day = rank
        .saturating_neg()
        .div_euclid(SECONDS_A_DAY)
        .saturating_add(DAY_OFFSET)
        .clamp(0, DAY_OFFSET * 2);
    (day << ITEM_BITS) | (ITEM_MASK - (item & ITEM_MASK))
}

fn item_of(row: i64) -> i64 {
    ITEM_MASK - (row & ITEM_MASK)
}

impl Reader<'_> {
    /// Items that hold everything the query asks for, newest first, behind a place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn search(
        &self,
        query: &Query,
        after: Place,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let from = if after == Place::TOP {
            i64::MAX
        } else {
            // The whole day of the last one shown: what precedes it there is passed over below.
            row(after.rank, 0)
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid <= ?2 ORDER BY rowid DESC",
        )?;
        let mut rows = statement.query(params![query.to_fts5(), from])?;
        let mut found: Vec<Item> = Vec::new();
        let mut day = None;
        let mut of_day: Vec<Item> = Vec::new();
        loop {
            let number: Option<i64> = rows.next()?.map(|row| row.get(0)).transpose()?;
            let this_day = number.map(|number| number >> ITEM_BITS);
            if this_day != day {
                of_day.sort_unstable_by_key(|item| item.place);
                found.append(&mut of_day);
                day = this_day;
            }
            let Some(number) = number.filter(|_| found.len() < limit) else {
                break;
            };
            if of_day.len() < EXACT_IN_A_DAY.max(limit) {
                let item = self.found_item(item_of(number))?;
                of_day.extend(item.filter(|item| item.place > after));
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    fn found_item(&self, id: i64) -> Result<Option<Item>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE items.id = ?1 AND items.removed = 0");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id])?;
        rows.next()?.map(read_item).transpose()
    }
}
