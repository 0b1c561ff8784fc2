//! PostgreSQL's index of words, on a column of the items: which items hold them, but not which are the newest.
//!
//! So a question is asked in windows: the newest two months, which is enough for whatever is said often; then as many more as
//! may hold the rest, by what they held; then all items, if no more hold it (of a phrase: its words, wherever they stand) than can
//! be sorted at once; else year by year, and where one has too many of them, month by month. Each window is materialised:
//! otherwise the planner goes through all items by their dates, and looks for a rare word in each of them.

use std::iter::successors;

use super::super::engine::{OptionalExtension, array, params};
use super::super::items::{COLUMNS, read_item};
use super::super::{ReadTx, StoreError, WriteTx};
use tidings_core::item::{Item, Place};
use tidings_core::search::{Period, Query, to_tsvector};

/// How many items of a window are sorted at once: some ten milliseconds.
const SORTED: usize = 5_000;

/// How many months the first window has.
const FIRST: usize = 2;

/// How many months a window has at most before all items are asked for.
const MOST_MONTHS: usize = 36;

/// The column, and its value as the 19th parameter of what inserts an item.
pub(super) const COLUMN: (&str, &str) = (", words", ", CAST(?19 AS tsvector)");

/// Items that hold everything the query asks for, newest first, behind a place.
pub(super) fn search(
    db: &ReadTx<'_>,
    query: &Query,
    after: Place,
    limit: usize,
) -> Result<Vec<Item>, StoreError> {
    let mut search = Search {
        db,
        query,
        limit,
        after,
        found: Vec::new(),
    };
    let has_beginnings = query.beginnings().next().is_some();
    if has_beginnings {
        // All that begins so is gathered before it is looked at; of half a million items that is quicker the coarser it is.
        // Tried: 115 ms in 1 MB, 200 in the usual 4, 600 in 32.
        db.conn.execute("SET LOCAL work_mem = '1MB'", [])?;
    }
    search.run()?;
    if has_beginnings {
        db.conn.execute("SET LOCAL work_mem TO DEFAULT", [])?;
    }
    Ok(search.found)
}

struct Search<'s> {
    db: &'s ReadTx<'s>,
    query: &'s Query,
    limit: usize,
    /// What is before this place was looked through.
    after: Place,
    found: Vec<Item>,
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), StoreError> {
        let mut span = FIRST;
        while let Some(rank) = self.next_rank_unless_done()? {
            let months = successors(Some(Period::month_of(rank)), |month| Some(month.before()));
            let months: Vec<Period> = months.take(span).collect();
            let known = self.found.len();
            self.look_densely(&months)?;
            let found = self.found.len() - known;
            // As many months as may hold the rest.
            span = match found {
                0 => break,
                found => span * self.left().div_ceil(found).max(1),
            };
            if span > MOST_MONTHS {
                break;
            }
        }
        if self.is_done() || self.look_at_all()? {
            return Ok(());
        }
        while let Some(rank) = self.next_rank_unless_done()? {
            let year = Period::year_of(rank);
            if self.look(&[year])? {
                continue;
            }
            while let Some(rank) = self.next_rank_unless_done()? {
                if Period::year_of(rank) != year {
                    break;
                }
                self.look_densely(&[Period::month_of(rank)])?;
            }
        }
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.found.len() >= self.limit
    }

    fn left(&self) -> usize {
        self.limit.saturating_sub(self.found.len())
    }

    /// The rank of the next item that could be found.
    fn next_rank(&self) -> Result<Option<i64>, StoreError> {
        let mut statement = self.db.conn.prepare_cached(
            "SELECT rank FROM items WHERE removed = 0 AND (rank, position, id) > (?1, ?2, ?3)
             ORDER BY rank, position, id LIMIT 1",
        )?;
        let after = self.after;
        let rank = statement.query_row([after.rank, after.position, after.id], |row| row.get(0));
        Ok(rank.optional()?)
    }

    fn next_rank_unless_done(&self) -> Result<Option<i64>, StoreError> {
        if self.is_done() {
            Ok(None)
        } else {
            self.next_rank()
        }
    }

    /// Looks through what was published in these periods, the newest first, or through all; `false` where too many items
    /// hold what is asked for.
    fn look(&mut self, periods: &[Period]) -> Result<bool, StoreError> {
        let mut statement = self.db.conn.prepare_cached(&format!(
            "WITH hit AS MATERIALIZED (
                 SELECT id, rank, position FROM items
                 WHERE words @@ CAST(?1 AS tsquery) AND (rank, position, id) > (?2, ?3, ?4) LIMIT ?5),
             page AS MATERIALIZED (
                 SELECT id, (SELECT count(*) FROM hit) AS hits FROM hit ORDER BY rank, position, id LIMIT ?6)
             SELECT {COLUMNS}, page.hits AS hits FROM page JOIN items ON items.id = page.id
                 JOIN sections ON sections.id = items.section_id JOIN sources ON sources.id = items.source_id
             WHERE items.removed = 0 ORDER BY items.rank, items.position, items.id"
        ))?;
        let after = self.after;
        let mut rows = statement.query(params![
            self.query.to_tsquery(periods),
            after.rank,
            after.position,
            after.id,
            SORTED + 1,
            self.left(),
        ])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let hits: usize = row.get("hits")?;
            if hits > SORTED {
                return Ok(false);
            }
            found.push(read_item(row)?);
        }
        self.found.append(&mut found);
        self.pass(periods);
        Ok(true)
    }

    /// The same, however many there are: where there are very many, the next ones are met soon by going through all items.
    fn look_densely(&mut self, periods: &[Period]) -> Result<(), StoreError> {
        if self.look(periods)? {
            return Ok(());
        }
        // Looking at the condition's outcome keeps the planner from the index of words.
        let mut statement = self.db.conn.prepare_cached(&format!(
            "WITH page AS MATERIALIZED (
                 SELECT id FROM items
                 WHERE removed = 0 AND (words @@ CAST(?1 AS tsquery)) IS TRUE
                   AND (rank, position, id) > (?2, ?3, ?4) AND rank <= ?5
                 ORDER BY rank, position, id LIMIT ?6)
             SELECT {COLUMNS} FROM page JOIN items ON items.id = page.id
                 JOIN sections ON sections.id = items.section_id JOIN sources ON sources.id = items.source_id
             ORDER BY items.rank, items.position, items.id"
        ))?;
        let after = self.after;
        let mut rows = statement.query(params![
            self.query.to_tsquery(&[]),
            after.rank,
            after.position,
            after.id,
            end_of(periods),
            self.left(),
        ])?;
        while let Some(row) = rows.next()? {
            self.found.push(read_item(row)?);
        }
        self.pass(periods);
        Ok(())
    }

    /// Looks through all that is left; `false` where too many items hold the words that are asked for.
    fn look_at_all(&mut self) -> Result<bool, StoreError> {
        if !self.query.has_phrases() {
            return self.look(&[]);
        }
        // Whether words stand next to each other is looked for in each item that holds them: of common ones a million items may
        // hold each, and that takes a second.
        let mut statement = self.db.conn.prepare_cached(
            "SELECT id FROM items WHERE words @@ CAST(?1 AS tsquery) AND (rank, position, id) > (?2, ?3, ?4) LIMIT ?5",
        )?;
        let after = self.after;
        let near = statement.query_map(
            params![
                self.query.to_tsquery_of_words(),
                after.rank,
                after.position,
                after.id,
                SORTED + 1
            ],
            |row| row.get(0),
        )?;
        let near: Vec<i64> = near.collect::<Result<_, _>>()?;
        if near.len() > SORTED {
            return Ok(false);
        }
        let mut statement = self.db.conn.prepare_cached(&format!(
            "WITH hit AS MATERIALIZED (
                 SELECT items.id, rank, position FROM unnest(CAST(?1 AS bigint[])) AS near(id) JOIN items ON items.id = near.id
                 WHERE words @@ CAST(?2 AS tsquery)),
             page AS MATERIALIZED (SELECT id FROM hit ORDER BY rank, position, id LIMIT ?3)
             SELECT {COLUMNS} FROM page JOIN items ON items.id = page.id
                 JOIN sections ON sections.id = items.section_id JOIN sources ON sources.id = items.source_id
             WHERE items.removed = 0 ORDER BY items.rank, items.position, items.id"
        ))?;
        let mut rows = statement.query(params![
            array(near),
            self.query.to_tsquery(&[]),
            self.left()
        ])?;
        while let Some(row) = rows.next()? {
            self.found.push(read_item(row)?);
        }
        self.pass(&[]);
        Ok(true)
    }

    /// These periods were looked through.
    fn pass(&mut self, periods: &[Period]) {
        self.after = Place {
            rank: end_of(periods),
            position: i64::MAX,
            id: i64::MAX,
        };
    }
}

/// The last rank of periods, or of all times.
fn end_of(periods: &[Period]) -> i64 {
    let last = periods.last();
    last.map_or(i64::MAX, |period| period.last_rank())
}

/// How many items hold a word, counted up to so many.
pub(super) fn holders(db: &ReadTx<'_>, word: &str, most: i64) -> Result<i64, StoreError> {
    Ok(db
        .conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM items WHERE words @@ CAST(?1 AS tsquery) LIMIT ?2) AS hit",
        )?
        .query_row(params![format!("'{word}'"), most], |row| row.get(0))?)
}

/// Has an item be found by its words, and no others.
pub(super) fn index(db: &WriteTx<'_>, place: Place, words: &str) -> Result<(), StoreError> {
    db.conn
        .prepare_cached("UPDATE items SET words = CAST(?2 AS tsvector) WHERE id = ?1")?
        .execute(params![place.id, to_tsvector(words, place.rank)])?;
    Ok(())
}

/// Has an item be found no more.
pub(super) fn forget(db: &WriteTx<'_>, place: Place) -> Result<(), StoreError> {
    db.conn
        .prepare_cached("UPDATE items SET words = NULL WHERE id = ?1")?
        .execute([place.id])?;
    Ok(())
}
