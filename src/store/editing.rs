//! What editors change about single items: their words, the section they stand in, the story they tell. What may be done
//! and what it was before is the business of who calls; here is how it is written down.

use super::engine::{OptionalExtension, params};
use jiff::Timestamp;

use super::identity::standing;
use super::items::{COLUMNS, FROM, read_item};
use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::ids::{ChannelId, ItemId, SectionId};
use tidings_core::item::{Edited, Item, Standing};

/// An item as editors see it, whether readers do or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editable {
    /// The item, with the words that readers are told.
    pub item: Item,
    /// The section it stands in.
    pub section: SectionId,
    /// The section that it was filed in: the same, unless that has become part of another one since.
    pub filed: SectionId,
    /// Whether readers see it.
    pub standing: Standing,
    /// Whether an editor has filed it, and not its source.
    pub is_filed_by_editor: bool,
    /// What its source says.
    pub own: OwnWords,
    /// What of that an editor has set otherwise.
    pub edited: Edited,
}

/// What the source of an item says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// Plain text, one line.
    pub title: String,
    /// Plain text.
    pub summary: String,
    /// Where the whole story is.
    pub link: Option<String>,
}

/// The items of a standing in front of a number, the newest first. An index has those alone that readers don't see, and is
/// found where that is said in its own words.
fn all_standing(standing: Standing) -> String {
    let scope = match standing {
        Standing::Shown => "items.removed = 0",
        Standing::Removed => "items.removed <> 0 AND items.removed = 1",
        Standing::Hidden => "items.removed <> 0 AND items.removed = 2",
        Standing::Held => "items.removed <> 0 AND items.removed = 3",
    };
    format!(
        "SELECT {COLUMNS} FROM {FROM} WHERE {scope} AND items.id < ?1 ORDER BY items.id DESC LIMIT ?2"
    )
}

impl ReadTx<'_> {
    /// An item for an editor; `None` if there is none of this number.
    pub fn editable(&self, id: ItemId) -> Result<Option<Editable>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS}, items.section_id, coalesce(items.came_by, items.section_id) AS filed, items.removed, items.filed_by_editor, own.item_id AS own,
                 own.title AS own_title, own.summary AS own_summary, own.link AS own_link,
                 own.sets_title, own.sets_summary, own.sets_link
             FROM {FROM} LEFT JOIN own_words own ON own.item_id = items.id WHERE items.id = ?1"
        ))?;
        let mut rows = statement.query([id.get()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let item = read_item(row)?;
        let mut own = OwnWords {
            title: item.title.clone(),
            summary: item.summary.clone(),
            link: item.link.clone(),
        };
        let mut edited = Edited::default();
        if row.get::<_, Option<i64>>("own")?.is_some() {
            let sets = |column: &str| row.get::<_, bool>(column);
            edited = Edited {
                title: sets("sets_title")?.then_some(own.title),
                summary: sets("sets_summary")?.then_some(own.summary),
                link: sets("sets_link")?.then_some(own.link),
            };
            own = OwnWords {
                title: row.get("own_title")?,
                summary: row.get("own_summary")?,
                link: row.get("own_link")?,
            };
        }
        Ok(Some(Editable {
            section: SectionId::new(row.get("section_id")?),
            filed: SectionId::new(row.get("filed")?),
            standing: standing(row.get("removed")?)?,
            is_filed_by_editor: row.get("filed_by_editor")?,
            item,
            own,
            edited,
        }))
    }

    /// When title, summary, link or section of an item changed last, whether readers see it or not; `None` while they are what
    /// they were at first sight.
    pub fn corrected_at(&self, id: ItemId) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<Option<i64>> = self
            .conn
            .prepare_cached("SELECT updated_at FROM items WHERE id = ?1")?
            .query_row([id.get()], |row| row.get(0))
            .optional()?;
        from_ms_opt(at.flatten())
    }

    /// The items of a story, the leading one first: all that are kept, whether readers see them or not.
    pub fn story(&self, leader: ItemId) -> Result<Vec<ItemId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM items WHERE id = ?1 OR story = ?1 ORDER BY id <> ?1, id",
        )?;
        let items = statement.query_map([leader.get()], |row| Ok(ItemId::new(row.get(0)?)))?;
        items.map(|item| Ok(item?)).collect()
    }

    /// Which item leads the story that an item tells, whether readers see the item or not; `None` if there is no such item.
    pub fn leader_of(&self, item: ItemId) -> Result<Option<ItemId>, StoreError> {
        let leader = self
            .conn
            .prepare_cached("SELECT coalesce(story, id) FROM items WHERE id = ?1")?
            .query_row([item.get()], |row| row.get(0))
            .optional()?;
        Ok(leader.map(ItemId::new))
    }

    /// Items for an editor, the newest first: those that readers see, those that wait, those that were withdrawn, as asked
    /// for; behind the item of a number where one is given.
    pub fn items_standing(
        &self,
        standing: Standing,
        after: Option<ItemId>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let mut statement = self.conn.prepare_cached(&all_standing(standing))?;
        let after = after.map_or(i64::MAX, ItemId::get);
        let mut rows = statement.query(params![after, limit])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(read_item(row)?);
        }
        Ok(items)
    }
}

impl WriteTx<'_> {
    /// Keeps what the source of an item says by now that an editor has corrected.
    pub(super) fn set_own_words(
        &self,
        item: ItemId,
        (title, summary, link): (&str, &str, Option<&str>),
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE own_words SET title = ?2, summary = ?3, link = ?4 WHERE item_id = ?1",
            )?
            .execute(params![item.get(), title, summary, link])?;
        Ok(())
    }

    /// Has an item say what an editor wants, and what its source says where they want nothing else. Where it was posted, it
    /// is corrected.
    pub fn correct_item(
        &self,
        known: &Editable,
        edited: &Edited,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Editable { item, own, .. } = known;
        let id = item.id.get();
        let title = edited.title.as_ref().unwrap_or(&own.title);
        let summary = edited.summary.as_ref().unwrap_or(&own.summary);
        let link = edited.link.as_ref().unwrap_or(&own.link);
        self.conn
            .prepare_cached(
                "UPDATE items SET title = ?2, summary = ?3, link = ?4, updated_at = ?5 WHERE id = ?1",
            )?
            .execute(params![id, title, summary, link, to_ms(now)])?;
        if *edited == Edited::default() {
            self.conn
                .prepare_cached("DELETE FROM own_words WHERE item_id = ?1")?
                .execute([id])?;
        } else {
            self.conn
                .prepare_cached(
                    "INSERT INTO own_words (item_id, title, summary, link, sets_title, sets_summary, sets_link)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                     ON CONFLICT (item_id) DO UPDATE SET sets_title = ?5, sets_summary = ?6, sets_link = ?7",
                )?
                .execute(params![
                    id,
                    own.title,
                    own.summary,
                    own.link,
                    edited.title.is_some(),
                    edited.summary.is_some(),
                    edited.link.is_some(),
                ])?;
        }
        if known.standing == Standing::Shown {
            self.forget_words(item.place)?;
            let words = tidings_core::search::words(title, summary);
            self.index_words(item.place, &words)?;
        }
        self.held_changed(id)?;
        self.mark_stale(id)
    }

    /// Files an item under another section, as an editor wants it or as it was before one did. Nothing is pushed for that,
    /// and who was owed the item still gets it where they follow the new section. Returns the channels that don't; where
    /// that is undone, they are `owed` it again.
    pub fn file_item(
        &self,
        known: &Editable,
        section: SectionId,
        is_filed_by_editor: bool,
        owed: &[ChannelId],
        now: Timestamp,
    ) -> Result<Vec<ChannelId>, StoreError> {
        let id = known.item.id;
        let mut filed = self.filed_in(section)?;
        if is_filed_by_editor {
            // Where an editor puts it, it stays, whatever becomes of a merge.
            filed.came_by = None;
        }
        let section = SectionId::new(filed.section);
        let order: Option<i64> = self
            .conn
            .prepare_cached(
                "UPDATE items SET section_id = ?2, filed_by_editor = ?3, updated_at = ?4, came_by = ?5 WHERE id = ?1
                 RETURNING push_order",
            )?
            .query_row(
                params![id.get(), filed.section, is_filed_by_editor, to_ms(now), filed.came_by],
                |row| row.get(0),
            )?;
        let mut lost = Vec::new();
        if known.standing == Standing::Shown {
            let mut count = self
                .conn
                .prepare_cached("UPDATE sections SET items = items + ?2 WHERE id = ?1")?;
            count.execute(params![known.section.get(), -1])?;
            count.execute(params![section.get(), 1])?;
        }
        // Who is owed it gets it once it can be read, wherever it was withdrawn meanwhile.
        if let Some(order) = order {
            lost = self.item_filed(id, order, (known.section, section), owed, now)?;
        }
        self.held_changed(id.get())?;
        Ok(lost)
    }

    /// Says of items which one leads their story.
    pub fn lead_items(&self, items: &[(ItemId, ItemId)]) -> Result<(), StoreError> {
        let mut lead = self
            .conn
            .prepare_cached("UPDATE items SET story = nullif(?2, ?1) WHERE id = ?1")?;
        for (item, leader) in items {
            lead.execute([item.get(), leader.get()])?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::super::{OpenMode, Store};
    use super::*;

    /// How SQLite goes about a question.
    fn plan(db: &ReadTx<'_>, sql: &str) -> Result<String, StoreError> {
        let mut statement = db
            .conn
            .prepare_cached(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let mut rows = statement.query(params![i64::MAX, 50])?;
        let mut plan = String::new();
        while let Some(row) = rows.next()? {
            let step: String = row.get(3)?;
            plan.push_str(&step);
            plan.push('\n');
        }
        Ok(plan)
    }

    #[test]
    fn what_readers_dont_see_is_listed_without_looking_through_what_they_see() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tidings.db"), OpenMode::Work).unwrap();
        for (standing, way) in [
            (Standing::Shown, "items USING INTEGER PRIMARY KEY (rowid<?)"),
            (
                Standing::Removed,
                "items USING INDEX items_aside (removed=? AND id<?)",
            ),
            (
                Standing::Hidden,
                "items USING INDEX items_aside (removed=? AND id<?)",
            ),
            (
                Standing::Held,
                "items USING INDEX items_aside (removed=? AND id<?)",
            ),
        ] {
            let sql = all_standing(standing);
            let plan = store.blocking().read(|db| plan(db, &sql)).unwrap();
            assert!(plan.contains(way), "{standing:?}: {plan}");
            assert!(!plan.contains("ORDER BY"), "{standing:?} is sorted: {plan}");
        }
    }
}
