//! What is found by words. SQLite's index is a table of its own (`sqlite.rs`), PostgreSQL's a column of the items
//! (`postgres.rs`). Both hold the same words of the same items, those that may be read, and find the same.

mod postgres;
mod sqlite;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::engine::Conn;
use super::{ReadTx, StoreError, WriteTx};
use tidings_core::item::{Item, Place};
use tidings_core::search::Query;

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
            sqlite::index(self, place, words)
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

/// The column of an item's words, and its value as the 20th parameter, where the index is on the items themselves.
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod trial {
    use super::*;
    use super::super::{OpenMode, Store};
    use super::super::engine::params;
    use tidings_core::search::{SpacedWords, words};

    struct Seed(u64);
    impl Seed {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }
        fn below(&mut self, n: usize) -> usize { (self.next() % n as u64) as usize }
        fn one<'a>(&mut self, of: &[&'a str]) -> &'a str { of[self.below(of.len())] }
    }
    const VOCABULARY: [&str; 30] = ["north", "south", "korea", "koreas", "summit", "summ", "summits", "café", "cafe", "북한", "북한은", "남북관계", "한", "계", "북", "日本", "日本語", "a", "b", "1", "u.s.", "北韓", "korea’s", "it's", "back\\slash", "naïve", "Ω", "K-pop", "ﷺ", "\u{E000}"];
    const BETWEEN: [&str; 6] = [" ", " ", ", ", "-", "", " \" "];

    fn text(seed: &mut Seed, most: usize) -> String {
        let mut out = String::new();
        for _ in 0..seed.below(most + 1) {
            out += seed.one(&VOCABULARY);
            out += seed.one(&BETWEEN);
        }
        out
    }

    fn fill(store: &Store) -> Vec<(Place, String, String, bool)> {
        let mut seed = Seed(4);
        let mut all = Vec::new();
        for id in 1..=600 {
            let (title, summary) = match id {
                1 => ("korea ".repeat(300), "north korea ".repeat(200)),
                2 => ("x".repeat(150), format!("{} {} korea", "y".repeat(100), "한".repeat(150))),
                3 => (String::new(), (0..20_000).map(|n| format!("w{n} ")).collect()),
                4 => ("한국".repeat(20_000), "korea".to_owned()),
                5 => ("😀".repeat(2_000), "𝒳".repeat(500) + &"\u{10428}".repeat(300)),
                6 => (String::new(), "korea a ".repeat(260) + "north korea summit"),
                7 => (String::new(), (0..4_000).map(|n| char::from_u32(0x10300 + n % 30).unwrap().to_string().repeat(24) + &n.to_string() + " ").collect()),
                _ => (text(&mut seed, 6), text(&mut seed, 25)),
            };
            let day = match seed.below(10) {
                0 => 40_000 + seed.below(3_000) as i64,
                1 => -4_000_000 + seed.below(100) as i64,
                2 => 2_932_000 + seed.below(100) as i64,
                3 => seed.below(20_000) as i64,
                _ => 20_000 + seed.below(100) as i64,
            };
            let seconds = day * 86_400 + if seed.below(2) == 0 { 0 } else { seed.below(86_400) as i64 };
            let place = Place { rank: -seconds, position: seed.below(5_000) as i64 / 3, id };
            all.push((place, title, summary, seed.below(20) > 0));
        }
        let done = store.blocking().write(|db| {
            db.conn.execute("INSERT INTO sources (id, name) VALUES (1, 'digests')", [])?;
            db.conn.execute("INSERT INTO documents (id, source_id, name, content_hash, rules_hash, size, modified, items, first_seen_at, loaded_at, reader) VALUES (1, 1, 'a', 0, 0, 0, 0, 0, 0, 0, 0)", [])?;
            for (place, title, summary, shown) in &all {
                db.conn.prepare_cached("INSERT INTO items (id, section_id, source_id, document_id, position, rank, title, summary, title_key, seen_at, removed) VALUES (?1, 1, 1, 1, ?2, ?3, ?4, ?5, 0, 0, ?6)")?
                    .execute(params![place.id, place.position, place.rank, title, summary, u32::from(!shown)])?;
                if *shown { db.index_words(*place, &words(title, summary))?; }
            }
            Ok::<_, StoreError>(())
        });
        done.unwrap();
        all
    }

    fn questions() -> Vec<Query> {
        let mut seed = Seed(9);
        let mut all: Vec<String> = Vec::new();
        for _ in 0..400 {
            let mut q = String::new();
            for _ in 0..1 + seed.below(3) {
                match seed.below(4) {
                    0 => q += &format!("{} ", seed.one(&VOCABULARY)),
                    1 => q += &format!("{}* ", seed.one(&VOCABULARY)),
                    2 => q += &format!("\"{}\" ", text(&mut seed, 3)),
                    _ => q += &format!("{}-{}* ", seed.one(&VOCABULARY), seed.one(&["k", "s", "su", "ko", "no", "북", "日"])),
                }
            }
            all.push(q);
        }
        for q in ["w15998", "w16001", "w17000", "w15*", "w19999*", "\"w15998 w15999\"", "\"north korea summit\"", "\"korea a\"", "한국한", "국한국", "/2", "2026", "'", "\\", "summ:*", "a & b", "!a", "a|b", "<->"] { all.push(q.to_owned()); }
        for n in [99, 100, 101, 149, 150, 151] { all.push("x".repeat(n)); all.push("x".repeat(n) + "*"); all.push("y".repeat(n)); all.push("𝒳".repeat(n)); all.push("\u{10428}".repeat(n)); all.push(format!("\"{} {}\"", "y".repeat(n), "한".repeat(20))); }
        all.iter().filter_map(|q| Query::parse(q)).collect()
    }

    fn check(store: &Store) {
        let all = fill(store);
        let mut all: Vec<_> = all.into_iter().filter(|one| one.3).map(|(place, title, summary, _)| (place, SpacedWords::of(&title, &summary))).collect();
        all.sort_by_key(|one| one.0);
        let mut found_any = 0;
        let mut failures = Vec::new();
        for query in questions() {
            let expected: Vec<i64> = all.iter().filter(|(_, words)| query.is_in(words)).map(|one| one.0.id).collect();
            found_any += usize::from(!expected.is_empty());
            let look = |after: Place, limit: usize, sorted: usize| -> Vec<i64> {
                let found: Result<Vec<Item>, StoreError> = store.blocking().read(|db| if db.conn.is_server() { postgres::search_with(db, &query, after, limit, sorted) } else { db.search(&query, after, limit) });
                found.unwrap().iter().map(|item| item.id.get()).collect()
            };
            for sorted in [5_000, 3, 0] {
                let got = look(Place::TOP, 100_000, sorted);
                if got != expected { failures.push(format!("{:?} {sorted} {} {} {:?} {:?}", query.text(), got.len(), expected.len(), got.iter().filter(|id| !expected.contains(id)).collect::<Vec<_>>(), expected.iter().filter(|id| !got.contains(id)).collect::<Vec<_>>())); }
                let mut paged = Vec::new();
                let mut after = Place::TOP;
                loop {
                    let page = look(after, 7, sorted);
                    let Some(last) = page.last() else { break };
                    after = all.iter().find(|one| one.0.id == *last).unwrap().0;
                    paged.extend(page);
                }
                if paged != expected { failures.push(format!("paged {:?} {sorted}", query.text())); }
            }
        }
        assert!(failures.is_empty(), "{} {failures:#?}", failures.len());
        assert!(found_any > 100, "{found_any}");
    }

    #[test]
    fn trial_file() {
        let folder = tempfile::tempdir().unwrap();
        check(&Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap());
    }
    #[test]
    fn trial_server() {
        let url = std::env::var("TRIAL_URL").unwrap();
        let store = Store::open_on_server(url.parse().unwrap(), None, OpenMode::Work).unwrap();
        check(&store);
    }
}
