//! What an operator makes of sections that headings have discovered: one gets a better title, or is hidden from readers, and
//! comes back.

use serde_json::{Value, json};

use super::engine::{ToParam, params};
use super::{ReadTx, StoreError, WriteTx, search};
use tidings_core::ids::SectionId;
use tidings_core::item::Place;
use tidings_core::search::{to_tsvector, words};

/// Items that one statement on a server changes: it may take five seconds, and each item has a place in ten indexes.
const ITEMS_A_STATEMENT: usize = 1_000;

/// Bytes of words that one statement on a server brings, about.
const BYTES_A_STATEMENT: usize = 4 * 1024 * 1024;

impl ReadTx<'_> {
    /// The headings that an operator has led to a section, as they were written.
    pub fn led_headings(&self) -> Result<Vec<(String, SectionId)>, StoreError> {
        self.conn
            .prepare_cached("SELECT heading, section_id FROM headings ORDER BY heading")?
            .query_map([], |row| Ok((row.get(0)?, SectionId::new(row.get(1)?))))?
            .map(|row| Ok(row?))
            .collect()
    }

    /// How many channels follow a section by itself.
    pub fn followers(&self, section: SectionId) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM subscriptions WHERE section_id = ?1")?
            .query_row([section.get()], |row| row.get(0))?)
    }
}

impl WriteTx<'_> {
    /// Gives a section another title; its old one goes on leading to it.
    pub fn rename_section(&self, section: SectionId, title: &str) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO headings (heading, section_id)
             SELECT title, id FROM sections WHERE id = ?1 UNION SELECT slug, id FROM sections WHERE id = ?1
             ON CONFLICT (heading) DO UPDATE SET section_id = excluded.section_id",
            [section.get()],
        )?;
        self.set_title(section, title)
    }

    /// Gives a section its old title again, and lets the wrong one mean nothing any more. Its old headings stay.
    pub fn take_back_title(
        &self,
        section: SectionId,
        wrong: &str,
        title: &str,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "DELETE FROM headings WHERE heading = ?2 AND section_id = ?1",
            params![section.get(), wrong],
        )?;
        self.set_title(section, title)
    }

    fn set_title(&self, section: SectionId, title: &str) -> Result<(), StoreError> {
        self.reviews_of_section_changed(section)?;
        self.conn.execute(
            "UPDATE sections SET title = ?2 WHERE id = ?1",
            params![section.get(), title],
        )?;
        self.sections_changed()
    }

    /// Hides a section from readers, or shows it again: a hidden one isn't listed, its items are neither found nor
    /// pushed. What comes while it is hidden is stored like a baseline, so that nothing is pushed when it is shown.
    /// Returns how many items that concerns.
    pub fn set_hidden(&self, section: SectionId, hidden: bool) -> Result<usize, StoreError> {
        self.conn.execute(
            "UPDATE sections SET hidden = ?2 WHERE id = ?1",
            params![section.get(), hidden],
        )?;
        self.reviews_of_section_changed(section)?;
        if self.conn.is_server() {
            let items = self.set_hidden_in_bulk(section, hidden)?;
            self.sections_changed()?;
            return Ok(items);
        }
        let (was, is) = shown_as(hidden);
        let mut items = Vec::new();
        {
            let mut statement = self.conn.prepare_cached(
                "SELECT id, rank, position, title, summary FROM items WHERE section_id = ?1 AND removed = ?2",
            )?;
            let mut rows = statement.query([section.get(), was])?;
            while let Some(row) = rows.next()? {
                let place = Place {
                    id: row.get(0)?,
                    rank: row.get(1)?,
                    position: row.get(2)?,
                };
                let found_by = (!hidden).then(|| -> Result<String, StoreError> {
                    let (title, summary): (String, String) = (row.get(3)?, row.get(4)?);
                    Ok(words(&title, &summary))
                });
                items.push((place, found_by.transpose()?));
            }
        }
        // FTS5 collects rows in memory only as long as they ascend.
        items.sort_unstable_by_key(|(place, _)| search::row(*place));
        for (place, words) in &items {
            match words {
                Some(words) => self.index_words(*place, words)?,
                None => self.forget_words(*place)?,
            }
        }
        self.conn.execute(
            "UPDATE items SET removed = ?3 WHERE section_id = ?1 AND removed = ?2",
            [section.get(), was, is],
        )?;
        self.sections_changed()?;
        Ok(items.len())
    }

    /// The same of the items alone, many a statement: each is a journey to a server and back. None of them may take long.
    fn set_hidden_in_bulk(&self, section: SectionId, hidden: bool) -> Result<usize, StoreError> {
        let (was, is) = shown_as(hidden);
        let of = "SELECT id FROM items WHERE section_id = ?1 AND removed = ?2";
        self.each_thousand(of, &[section.get(), was], |some| {
            if !hidden {
                return self.show_again(some, is);
            }
            self.conn
                .prepare_cached(
                    "UPDATE items SET removed = ?2, words = NULL
                     FROM unnest(CAST(?1 AS bigint[])) AS one(id) WHERE items.id = one.id",
                )?
                .execute(params![some, is])?;
            Ok(())
        })
    }

    /// Goes through the items whose numbers a question is answered with, on a server, many at a time: as a list of the server's.
    /// Returns how many they are.
    fn each_thousand(
        &self,
        of: &str,
        values: &[i64],
        mut change: impl FnMut(&str) -> Result<(), StoreError>,
    ) -> Result<usize, StoreError> {
        let mut statement = self.conn.prepare_cached(of)?;
        let items = statement.query_map(values, |row| row.get(0))?;
        let items: Vec<i64> = items.collect::<Result<_, _>>()?;
        for some in items.chunks(ITEMS_A_STATEMENT) {
            let some: Vec<String> = some.iter().map(i64::to_string).collect();
            change(&format!("{{{}}}", some.join(",")))?;
        }
        Ok(items.len())
    }

    /// Changes the items of which `of` holds, which may begin with a `WITH`; returns how many they are. On a server no statement
    /// may take as long as very many do.
    pub(super) fn change_items(
        &self,
        (with, of): (&str, &str),
        set: &str,
        values: &[i64],
    ) -> Result<usize, StoreError> {
        if !self.conn.is_server() {
            let sql = format!("{with} UPDATE items SET {set} WHERE {of}");
            return Ok(self.conn.execute(&sql, values)?);
        }
        let update = format!(
            "UPDATE items SET {set} FROM unnest(CAST(?{} AS bigint[])) AS one(id) WHERE items.id = one.id",
            values.len() + 1
        );
        let which = format!("{with} SELECT id FROM items WHERE {of}");
        self.each_thousand(&which, values, |some| {
            let mut all: Vec<&dyn ToParam> = values.iter().map(|value| value as _).collect();
            all.push(&some);
            self.conn.prepare_cached(&update)?.execute(&all[..])?;
            Ok(())
        })
    }

    /// Has items, a list of the server's, be found again.
    fn show_again(&self, items: &str, is: i64) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT items.id, rank, title, summary
             FROM unnest(CAST(?1 AS bigint[])) AS one(id) JOIN items ON items.id = one.id",
        )?;
        let mut update = self.conn.prepare_cached(
            "UPDATE items SET removed = ?2, words = CAST(one.words AS tsvector)
             FROM jsonb_to_recordset(CAST(?1 AS jsonb)) AS one(id bigint, words text) WHERE items.id = one.id",
        )?;
        let (mut found, mut bytes) = (Vec::new(), 0);
        let mut write = |found: &mut Vec<Value>| {
            let all = Value::Array(std::mem::take(found)).to_string();
            update.execute(params![all, is])
        };
        let mut rows = statement.query([items])?;
        while let Some(row) = rows.next()? {
            let (id, rank): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (title, summary): (String, String) = (row.get(2)?, row.get(3)?);
            let words = to_tsvector(&words(&title, &summary), rank);
            bytes += words.len();
            found.push(json!({ "id": id, "words": words }));
            // A text may be as long as a book.
            if bytes > BYTES_A_STATEMENT {
                write(&mut found)?;
                bytes = 0;
            }
        }
        if !found.is_empty() {
            write(&mut found)?;
        }
        Ok(())
    }
}

/// What stands in a row for an item that is hidden from now on, or shown: before, and then.
fn shown_as(hidden: bool) -> (i64, i64) {
    if hidden { (0, 2) } else { (2, 0) }
}
