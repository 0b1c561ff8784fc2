//! What answering a question may cost, counted in steps of SQLite's machine, so that it is the same on any machine. Whoever
//! writes, migrates or prunes isn't counted.
//!
//! The full-text index calls the handler as well (tried with SQLite 3.40: each page of the index that it reads is a
//! statement of a dozen steps), and an interruption reaches whoever asked. But a step of its stands for far more work, above all
//! where beginnings of words are looked for: 70 µs where any other takes 50 ns. So its steps weigh more.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use rusqlite::Connection;

use tidings_core::bounds::{QUESTION_STEPS, SEARCH_STEPS};

/// Steps from one look to the next.
const STRIDE: i32 = 100;

/// How much a step weighs while the full-text index is read.
const SEARCH_WEIGHT: u32 = (QUESTION_STEPS.most / SEARCH_STEPS.most) as u32;

/// What is left to one connection.
#[derive(Clone)]
pub(super) struct Steps(Arc<Left>);

struct Left {
    /// Steps; endless while nobody asks.
    steps: AtomicI64,
    weight: AtomicU32,
}

/// While somebody asks.
pub(super) struct Asking<'s>(&'s Left);

/// While something is looked for that an answer can do without, with what is kept for the rest.
pub(super) struct Lent<'s>(&'s Left, i64);

/// While the full-text index is read.
pub(super) struct Searching<'s>(&'s Left);

impl Steps {
    /// Counts what a connection does.
    pub(super) fn count(conn: &mut Connection) -> rusqlite::Result<Steps> {
        let left = Arc::new(Left {
            steps: AtomicI64::new(i64::MAX),
            weight: AtomicU32::new(1),
        });
        let counted = left.clone();
        conn.progress_handler(STRIDE, Some(move || counted.is_spent()))?;
        Ok(Steps(left))
    }

    /// From here on, as many steps are left as a question may take; until the end of what is returned.
    pub(super) fn asking(&self) -> Asking<'_> {
        let most = i64::try_from(QUESTION_STEPS.most).unwrap_or(i64::MAX);
        self.0.steps.store(most, Ordering::Relaxed);
        Asking(&self.0)
    }

    /// From here on, half of what is left may be taken by what the answer can do without; until the end of what is returned.
    pub(super) fn lend(&self) -> Lent<'_> {
        let left = self.0.steps.load(Ordering::Relaxed);
        let lent = if left == i64::MAX { left } else { left / 2 };
        self.0.steps.store(lent, Ordering::Relaxed);
        Lent(&self.0, left.saturating_sub(lent))
    }

    /// From here on, steps are those of the full-text index.
    pub(super) fn searching(&self) -> Searching<'_> {
        self.0.weight.store(SEARCH_WEIGHT, Ordering::Relaxed);
        Searching(&self.0)
    }
}

impl Left {
    fn is_spent(&self) -> bool {
        // Nobody else counts: a connection does one thing at a time.
        let steps = self.steps.load(Ordering::Relaxed);
        if steps == i64::MAX {
            return false;
        }
        let taken = i64::from(STRIDE) * i64::from(self.weight.load(Ordering::Relaxed));
        self.steps.store(steps - taken, Ordering::Relaxed);
        steps <= taken
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.steps.store(i64::MAX, Ordering::Relaxed);
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let left = self.0.steps.load(Ordering::Relaxed);
        if left != i64::MAX {
            self.0.steps.store(left.max(0) + self.1, Ordering::Relaxed);
        }
    }
}

impl Drop for Searching<'_> {
    fn drop(&mut self) {
        self.0.weight.store(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::super::{OpenMode, ReadTx, Store, StoreError};

    const ENDLESS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?1) SELECT count(*) FROM n";

    fn count(db: &ReadTx<'_>, to: i64) -> Result<i64, StoreError> {
        Ok(db.conn.query_row(ENDLESS, [to], |row| row.get(0))?)
    }

    #[test]
    fn a_question_ends_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        for _ in 0..4 {
            let asked = store.blocking().ask(|db| count(db, i64::MAX));
            assert!(matches!(asked, Err(StoreError::TooMuch)), "{asked:?}");
            // Each begins anew.
            let asked: Result<_, StoreError> = store.blocking().ask(|db| count(db, 1_000));
            assert_eq!(asked.unwrap(), 1_000);
        }
        // Twice as much as a question may.
        let many = 1_500_000;
        let read: Result<_, StoreError> = store.blocking().read(|db| count(db, many));
        assert_eq!(read.unwrap(), many);
        let written: Result<_, StoreError> = store.blocking().write(|db| count(db, many));
        assert_eq!(written.unwrap(), many);
    }

    #[test]
    fn the_full_text_index_is_counted_too() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let filled = store.blocking().write(|db| {
            let insert = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000)
                INSERT INTO search(rowid, words) SELECT x, 'a' || x || ' b' || x || ' c' || x || ' d' || x FROM n";
            db.conn.execute(insert, [])?;
            Ok::<_, StoreError>(())
        });
        filled.unwrap();
        let looked = |left: Option<i64>| -> Result<i64, StoreError> {
            store.blocking().read(|db| {
                let steps = db.steps.unwrap();
                let _asking = steps.asking();
                if let Some(left) = left {
                    let left = left * i64::from(super::SEARCH_WEIGHT);
                    steps.0.steps.store(left, super::Ordering::Relaxed);
                }
                let _searching = steps.searching();
                let sql =
                    "SELECT count(*) FROM search WHERE search MATCH 'a* AND b* AND c* AND d*'";
                Ok(db.conn.query_row(sql, [], |row| row.get(0))?)
            })
        };
        assert!(matches!(looked(Some(100)), Err(StoreError::TooMuch)));
        assert_eq!(looked(None).unwrap(), 3_000);
    }

    #[test]
    fn what_an_answer_can_do_without_leaves_half_for_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let rest = store.blocking().read(|db| {
            let steps = db.steps.unwrap();
            let _asking = steps.asking();
            {
                let _lent = steps.lend();
                assert!(matches!(count(db, i64::MAX), Err(StoreError::TooMuch)));
            }
            count(db, 10_000)
        });
        assert_eq!(rest.unwrap(), 10_000);
    }
}
