//! Watches: searches that channels follow, and what they find among the items that are filed.
//!
//! A watch is filed under one word, which occurs in whatever it finds: its rarest. An item that is filed looks up its own
//! words, so that it meets the watches that may be about it and no others, however many there are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::engine::{OptionalExtension, params};

use super::{ReadTx, StoreError, WriteTx};
use tidings_core::ids::WatchId;
use tidings_core::search::{Query, SpacedWords};

/// How many items a word is counted in before it is as common as any.
const COMMON: i64 = 2_000;

/// By how many letters a beginning is looked up at most.
const LETTERS: usize = 20;

fn read_watch(words: String) -> Result<Query, StoreError> {
    Query::parse(&words).ok_or_else(|| StoreError::unexpected("a watch", words))
}

impl ReadTx<'_> {
    /// What a watch asks for, in its canonical text.
    pub fn watch_words(&self, watch: WatchId) -> Result<String, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT words FROM watches WHERE id = ?1")?
            .query_row([watch.get()], |row| row.get(0))?)
    }

    /// The watch of these words, if anybody follows it.
    pub fn watch_of(&self, query: &Query) -> Result<Option<WatchId>, StoreError> {
        let found = self
            .conn
            .prepare_cached("SELECT id FROM watches WHERE words = ?1")?
            .query_row([query.text()], |row| row.get(0));
        Ok(found.optional()?.map(WatchId::new))
    }

    /// What a watch asks for.
    pub fn watch(&self, watch: WatchId) -> Result<Query, StoreError> {
        read_watch(self.watch_words(watch)?)
    }

    /// Under which word a watch is filed, with the letters of a beginning.
    fn watch_key<'q>(&self, query: &'q Query) -> Result<(usize, &'q str), StoreError> {
        let mut rarest: Option<(i64, usize, &str)> = None;
        for word in query.whole_words() {
            let found = self.holders(word, COMMON)?;
            // Of equally rare ones the longest: it will stay rare.
            let key = (found, usize::MAX - word.len(), word);
            rarest = Some(rarest.map_or(key, |rarest| rarest.min(key)));
        }
        if let Some((_, _, word)) = rarest {
            return Ok((0, word));
        }
        let longest = query.beginnings().max_by_key(|word| word.chars().count());
        let longest = longest.ok_or_else(|| StoreError::unexpected("a watch", query.text()))?;
        let end = longest.char_indices().nth(LETTERS).map(|(at, _)| at);
        let word = &longest[..end.unwrap_or(longest.len())];
        Ok((word.chars().count(), word))
    }
}

impl WriteTx<'_> {
    /// The watch of these words, made where it is missing. Somebody has to follow it.
    pub fn watch_or_new(&self, query: &Query) -> Result<WatchId, StoreError> {
        if let Some(id) = self.watch_of(query)? {
            return Ok(id);
        }
        let id = self
            .conn
            .prepare_cached("INSERT INTO watches (words) VALUES (?1)")?
            .insert([query.text()])?;
        let (letters, word) = self.watch_key(query)?;
        self.conn
            .prepare_cached(
                "INSERT INTO watch_words (letters, word, watch_id) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![letters, word, id])?;
        Ok(WatchId::new(id))
    }

    /// Forgets a watch that nobody follows any more.
    pub(super) fn forget_unfollowed(&self, watch: WatchId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "DELETE FROM watches WHERE id = ?1
                 AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE section_id = -?1)",
            )?
            .execute([watch.get()])?;
        Ok(())
    }

    /// Somebody has come to follow a watch instantly, or may again: what it found isn't theirs yet.
    pub(super) fn watch_is_pending(&self, watch: WatchId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE watches SET pending = 1 WHERE id = ?1 AND pending = 0")?
            .execute([watch.get()])?;
        Ok(())
    }

    /// Somebody has got what a watch found: what nobody waits for is dropped.
    pub(super) fn watch_is_served(&self, watch: WatchId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "DELETE FROM watched WHERE watch_id = ?1
                 AND push_order <= (SELECT min(cursor) FROM subscriptions WHERE section_id = -?1)",
            )?
            .execute([watch.get()])?;
        self.conn
            .prepare_cached(
                "UPDATE watches SET pending = 0 WHERE id = ?1 AND pending = 1 AND NOT EXISTS (
                     SELECT 1 FROM subscriptions WHERE section_id = -?1 AND instant = 1 AND cursor < newest)",
            )?
            .execute([watch.get()])?;
        Ok(())
    }

    /// Looks for the watches that are about items which are handed to subscribers now: their push orders and words.
    pub(super) fn note_watched(&self, items: &[(i64, Cow<'_, str>)]) -> Result<(), StoreError> {
        let lengths = self.watched_lengths()?;
        if lengths.is_empty() {
            return Ok(());
        }
        let mut newest: BTreeMap<WatchId, i64> = BTreeMap::new();
        let mut note = self.conn.prepare_cached(
            "INSERT INTO watched (watch_id, push_order) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        for (push_order, words) in items {
            for watch in self.watches_about(&SpacedWords::from_words(words), &lengths)? {
                note.execute([watch.get(), *push_order])?;
                newest.insert(watch, *push_order);
            }
        }
        let mut update = self.conn.prepare_cached(
            "UPDATE watches SET newest = ?2, pending = CASE WHEN pending = 1 OR EXISTS (
                 SELECT 1 FROM subscriptions WHERE section_id = -?1 AND instant = 1) THEN 1 ELSE 0 END
             WHERE id = ?1",
        )?;
        for (watch, push_order) in newest {
            update.execute([watch.get(), push_order])?;
        }
        Ok(())
    }

    /// The numbers of letters by which watches are filed.
    fn watched_lengths(&self) -> Result<Vec<usize>, StoreError> {
        let mut exists = self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM watch_words WHERE letters = ?1)")?;
        let mut lengths = Vec::new();
        for letters in 0..=LETTERS {
            if exists.query_row([letters], |row| row.get(0))? {
                lengths.push(letters);
            }
        }
        Ok(lengths)
    }

    /// The watches that find an item.
    fn watches_about(
        &self,
        words: &SpacedWords,
        lengths: &[usize],
    ) -> Result<Vec<WatchId>, StoreError> {
        let mut keys: Vec<(usize, &str)> = Vec::new();
        for word in words.each() {
            for letters in lengths {
                let end = match letters {
                    0 => Some(word.len()),
                    _ => word
                        .char_indices()
                        .map(|(at, _)| at)
                        .chain([word.len()])
                        .nth(*letters),
                };
                keys.extend(end.map(|end| (*letters, &word[..end])));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let mut lookup = self.conn.prepare_cached(
            "SELECT watches.id, watches.words FROM watch_words
                 CROSS JOIN watches ON watches.id = watch_id WHERE letters = ?1 AND word = ?2",
        )?;
        let mut found = Vec::new();
        for (letters, word) in keys {
            let mut rows = lookup.query(params![letters, word])?;
            while let Some(row) = rows.next()? {
                if read_watch(row.get(1)?)?.is_in(words) {
                    found.push(WatchId::new(row.get(0)?));
                }
            }
        }
        Ok(found)
    }
}
