//! Suggestions: links that readers send to the editors. Of who suggests something nothing is kept but how often they did
//! so today, under a number that is another one tomorrow.

use super::engine::{OptionalExtension, params};
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, to_ms};
use tidings_core::channel::ChannelRow;
use tidings_core::ids::ItemId;
use tidings_core::item::{Item, is_same_link, link_key};

/// Items that are looked at whose links have the same key: of one address there are seldom two.
const LOOKED_AT: i64 = 50;

/// A link that a reader suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The link.
    pub link: String,
    /// What the reader says beside it; may be empty.
    pub words: String,
    /// What the reader's platform is called.
    pub reader_on: String,
}

/// Who suggests something, as far as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggester<'s> {
    /// A number that is theirs on this day.
    pub person: i64,
    /// The day.
    pub day: &'s str,
}

impl ReadTx<'_> {
    /// The newest item of the archive that has a link, by itself or by a report.
    pub fn item_of_link(&self, link: &str) -> Result<Option<Item>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, link FROM items WHERE link_key = ?1 AND removed = 0 ORDER BY id DESC LIMIT ?2",
        )?;
        let mut rows = statement.query([link_key(link), LOOKED_AT])?;
        while let Some(row) = rows.next()? {
            let known: Option<String> = row.get(1)?;
            if known.is_some_and(|known| is_same_link(&known, link)) {
                return self.item(ItemId::new(row.get(0)?));
            }
        }
        let reported: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT items.id FROM reports JOIN items ON items.id = reports.item_id
                 WHERE reports.link = ?1 AND items.removed = 0 ORDER BY items.id DESC LIMIT 1",
            )?
            .query_row([link], |row| row.get(0))
            .optional()?;
        match reported {
            Some(id) => self.item(ItemId::new(id)),
            None => Ok(None),
        }
    }

    /// Returns true if the editors were sent a link, or are about to be.
    pub fn is_suggested(&self, link: &str) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT link FROM suggestions WHERE link_key = ?1")?;
        let mut rows = statement.query([link_key(link)])?;
        while let Some(row) = rows.next()? {
            let known: String = row.get(0)?;
            if is_same_link(&known, link) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many links somebody has suggested on a day.
    pub fn suggested_by(&self, who: Suggester<'_>) -> Result<usize, StoreError> {
        let count = self
            .conn
            .prepare_cached("SELECT count FROM suggested WHERE person = ?1 AND day = ?2")?
            .query_row(params![who.person, who.day], |row| row.get(0))
            .optional()?;
        Ok(count.unwrap_or(0))
    }

    /// What the editors on a platform weren't told yet, with its numbers, oldest first.
    pub fn untold_suggestions(&self, platform: &str) -> Result<Vec<(i64, Suggestion)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, link, words, reader_on FROM untold_suggestions
             JOIN suggestions ON suggestions.id = suggestion_id WHERE platform = ?1 ORDER BY id",
        )?;
        let untold = statement.query_map([platform], |row| {
            let suggestion = Suggestion {
                link: row.get(1)?,
                words: row.get(2)?,
                reader_on: row.get(3)?,
            };
            Ok((row.get(0)?, suggestion))
        })?;
        untold.map(|one| Ok(one?)).collect()
    }

    /// Returns true if something is kept of suggestions from before a moment, or of who suggested on another day.
    pub fn has_old_suggestions(&self, before: Timestamp, day: &str) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM suggested WHERE day <> ?2)
                 OR EXISTS (SELECT 1 FROM suggestions WHERE at < ?1)",
        )?;
        Ok(statement.query_row(params![to_ms(before), day], |row| row.get(0))?)
    }
}

impl WriteTx<'_> {
    /// Keeps a suggestion until the editors on all of these platforms are told, and counts it.
    pub fn suggest<'p>(
        &self,
        suggestion: &Suggestion,
        who: Suggester<'_>,
        platforms: impl Iterator<Item = &'p str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = self
            .conn
            .prepare_cached(
                "INSERT INTO suggestions (link, link_key, words, reader_on, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .insert(params![
                suggestion.link,
                link_key(&suggestion.link),
                suggestion.words,
                suggestion.reader_on,
                to_ms(now)
            ])?;
        for platform in platforms {
            self.conn
                .prepare_cached(
                    "INSERT INTO untold_suggestions (platform, suggestion_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                )?
                .execute(params![platform, id])?;
        }
        self.conn
            .prepare_cached(
                "INSERT INTO suggested (person, day, count) VALUES (?1, ?2, 1)
                 ON CONFLICT (person) DO UPDATE SET day = ?2,
                     count = CASE WHEN suggested.day = ?2 THEN suggested.count + 1 ELSE 1 END",
            )?
            .execute(params![who.person, who.day])?;
        Ok(())
    }

    /// Has a platform's editors told of a suggestion: what it says to whom, each by a message of their own. What the reader
    /// said isn't kept any longer than until all are.
    pub fn tell_suggestion(
        &self,
        suggestion: i64,
        platform: &str,
        messages: &[(String, Vec<&ChannelRow>)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for (wire, editors) in messages {
            let part = self.add_part(wire)?;
            for editor in editors {
                self.enqueue(editor, &[part], now)?;
            }
        }
        self.conn
            .prepare_cached(
                "DELETE FROM untold_suggestions WHERE platform = ?1 AND suggestion_id = ?2",
            )?
            .execute(params![platform, suggestion])?;
        self.conn
            .prepare_cached(
                "UPDATE suggestions SET words = '' WHERE id = ?1
                   AND NOT EXISTS (SELECT 1 FROM untold_suggestions WHERE suggestion_id = ?1)",
            )?
            .execute([suggestion])?;
        Ok(())
    }

    /// Drops suggestions from before a moment, and how often somebody suggested on another day.
    pub fn forget_suggestions(&self, before: Timestamp, day: &str) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM suggested WHERE day <> ?1", [day])?;
        self.conn
            .execute("DELETE FROM suggestions WHERE at < ?1", [to_ms(before)])?;
        Ok(())
    }
}
