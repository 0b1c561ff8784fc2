//! SQLite's full-text index, a table of its own. A row's number holds the published day, the place in the document and the
//! item's number, so that reading a word's rows backwards yields items newest first, however they arrived, without sorting
//! them all. Only items that have a time of day need sorting, within their day.

use super::super::engine::{Conn, Rows, params};
use super::super::{ReadTx, Steps, StoreError, WriteTx};
use tidings_core::ids::ItemId;
use tidings_core::item::{Item, Place};
use tidings_core::search::Query;

const SECONDS_A_DAY: i64 = 86_400;

/// Bits of a row number that hold the item: 134 million items. The fewer there are, the smaller is the
/// index, since it stores the differences between row numbers.
const ITEM_BITS: u32 = 27;
const ITEM_MASK: i64 = (1 << ITEM_BITS) - 1;

/// The greatest number of an item that a row can hold.
pub(in super::super) const MOST_ITEMS: i64 = ITEM_MASK;

/// Bits that hold the place in the document. Items further down than that are in the order of their numbers,
/// which within a document is the same.
const PLACE_BITS: u32 = 12;
const PLACE_MASK: i64 = (1 << PLACE_BITS) - 1;

/// One bit says that an item has a time of day, which makes it newer than those of the day as a whole.
const TIMED_SHIFT: u32 = ITEM_BITS + PLACE_BITS;
const DAY_SHIFT: u32 = TIMED_SHIFT + 1;

/// Days before 1970 count too; the earliest date there is, 1 January of the year -9999, is day -4 371 587.
const DAY_OFFSET: i64 = 4_371_600;

/// The greatest number that is left for the day.
const LAST_DAY: i64 = (1 << (63 - DAY_SHIFT)) - 1;

/// The row of an item. Within a day, earlier places have greater rows: they come first.
pub(in super::super) fn row(place: Place) -> i64 {
    let seconds = place.rank.saturating_neg();
    let day = seconds
        .div_euclid(SECONDS_A_DAY)
        .saturating_add(DAY_OFFSET)
        .clamp(0, LAST_DAY);
    let timed = i64::from(seconds.rem_euclid(SECONDS_A_DAY) != 0);
    // A timed item's place is found by sorting.
    let position = if timed == 1 {
        0
    } else {
        place.position.clamp(0, PLACE_MASK)
    };
    (day << DAY_SHIFT)
        | (timed << TIMED_SHIFT)
        | ((PLACE_MASK - position) << ITEM_BITS)
        | (ITEM_MASK - (place.id & ITEM_MASK))
}

fn item_of(row: i64) -> ItemId {
    ItemId::new(ITEM_MASK - (row & ITEM_MASK))
}

/// The timed items of one day, or all others of it, have this in common.
fn group_of(row: i64) -> i64 {
    row >> TIMED_SHIFT
}

fn is_timed(row: i64) -> bool {
    group_of(row) & 1 == 1
}

/// Items that hold everything the query asks for, newest first, behind a place.
pub(super) fn search(
    db: &ReadTx<'_>,
    query: &Query,
    after: Place,
    limit: usize,
) -> Result<Vec<Item>, StoreError> {
    let from = match after {
        Place::TOP => i64::MAX,
        // From the beginning of the timed items of that day: what precedes it there is passed over.
        after if is_timed(row(after)) => row(after) | ((1 << TIMED_SHIFT) - 1),
        after => row(after) - 1,
    };
    let mut statement = db.conn.prepare_cached(
        "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid <= ?2 ORDER BY rowid DESC",
    )?;
    let mut rows = statement.query(params![query.to_fts5(), from])?;
    let mut found: Vec<Item> = Vec::new();
    let mut timed: Vec<Item> = Vec::new();
    let mut group = None;
    while let Some(number) = next_row(db, &mut rows)? {
        if group != Some(group_of(number)) {
            timed.sort_unstable_by_key(|item| item.place);
            found.append(&mut timed);
            group = Some(group_of(number));
        }
        if found.len() >= limit {
            break;
        }
        let item = db.item(item_of(number))?;
        let list = if is_timed(number) {
            &mut timed
        } else {
            &mut found
        };
        list.extend(item.filter(|item| item.place > after));
    }
    timed.sort_unstable_by_key(|item| item.place);
    found.append(&mut timed);
    found.truncate(limit);
    Ok(found)
}

/// Returns true if so many rows behind a place hold everything the query asks for: no item is looked at. Those of its own day
/// aren't counted where they may as well stand before it.
pub(super) fn are_plainly(
    db: &ReadTx<'_>,
    many: usize,
    query: &Query,
    after: Place,
) -> Result<bool, StoreError> {
    let row = row(after);
    let below = match is_timed(row) {
        true => group_of(row) << TIMED_SHIFT,
        false => row,
    };
    let _searching = db.steps.map(Steps::searching);
    let mut statement = db.conn.prepare_cached(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 AND rowid < ?2 LIMIT ?3)",
    )?;
    let found: i64 =
        statement.query_row(params![query.to_fts5(), below, many], |row| row.get(0))?;
    Ok(usize::try_from(found).is_ok_and(|found| found >= many))
}

/// The next row that is found.
fn next_row(db: &ReadTx<'_>, rows: &mut Rows<'_>) -> Result<Option<i64>, StoreError> {
    let _searching = db.steps.map(Steps::searching);
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

/// How many items hold a word, counted up to so many.
pub(super) fn holders(db: &ReadTx<'_>, word: &str, most: i64) -> Result<i64, StoreError> {
    Ok(db
        .conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2)",
        )?
        .query_row(params![format!("\"{word}\""), most], |row| row.get(0))?)
}

/// Has an item be found by its words.
pub(super) fn index(conn: &Conn<'_>, place: Place, words: &str) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![row(place), words])?;
    Ok(())
}

/// Has an item be found no more.
pub(super) fn forget(db: &WriteTx<'_>, place: Place) -> Result<(), StoreError> {
    db.conn
        .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute([row(place)])?;
    Ok(())
}
