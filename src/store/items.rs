//! Reading items: newest first, one by one, all of them.

use super::engine::{OptionalExtension, Row, params};

use super::{ReadTx, StoreError, WriteTx, slug};
use tidings_core::ids::{ItemId, SectionId};
use tidings_core::item::{Item, Place, Published};

/// What every query for items selects before anything else, for [`read_item`].
pub(super) const COLUMNS: &str = "items.id, items.title, items.summary, items.link, items.picture, items.published, \
     items.rank, items.position, coalesce(items.story, items.id) AS story, sections.slug AS section, sources.name AS source";

/// The tables behind [`COLUMNS`].
pub(super) const FROM: &str = "items JOIN sections ON sections.id = items.section_id \
     JOIN sources ON sources.id = items.source_id";

pub(super) fn published(text: Option<String>) -> Result<Option<Published>, StoreError> {
    text.map(|text| {
        Published::parse(&text).map_err(|text| StoreError::unexpected("a published date", text))
    })
    .transpose()
}

/// How many columns [`COLUMNS`] are.
pub(super) const WIDTH: usize = 11;

/// Columns are read by their places: looking for each by its name took some six per cent of a search.
pub(super) fn read_item(row: Row<'_>) -> Result<Item, StoreError> {
    let id: i64 = row.get(0)?;
    Ok(Item {
        id: ItemId::new(id),
        title: row.get(1)?,
        summary: row.get(2)?,
        link: row.get(3)?,
        picture: row.get(4)?,
        published: published(row.get(5)?)?,
        place: Place {
            rank: row.get(6)?,
            position: row.get(7)?,
            id,
        },
        story: ItemId::new(row.get(8)?),
        section: slug(row.get(9)?)?,
        source: row.get(10)?,
    })
}

/// Which items are asked for, and from where on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Of one section, or of all.
    pub section: Option<SectionId>,
    /// Only items behind this place.
    pub after: Place,
    /// At most so many.
    pub limit: usize,
}

impl ReadTx<'_> {
    /// Items, newest first.
    pub fn newest(&self, listing: Listing) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        self.each_newest(listing, |item| {
            items.push(item);
            Ok::<_, StoreError>(())
        })?;
        Ok(items)
    }

    /// Hands items over one by one, newest first, so that an archive of any size needs no memory.
    ///
    /// # Errors
    /// [`StoreError`], and what `take` returns.
    pub fn each_newest<E: From<StoreError>>(
        &self,
        listing: Listing,
        mut take: impl FnMut(Item) -> Result<(), E>,
    ) -> Result<(), E> {
        // CROSS JOIN keeps SQLite from walking the sections first and sorting all items afterwards.
        let scope = if listing.section.is_some() {
            "items.section_id = ?5 AND"
        } else {
            "?5 IS NULL AND"
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             CROSS JOIN sources ON sources.id = items.source_id
             WHERE {scope} items.removed = 0
               AND (items.rank, items.position, items.id) > (?1, ?2, ?3)
             ORDER BY items.rank, items.position, items.id LIMIT ?4"
        );
        let mut statement = self.conn.prepare_cached(&sql).map_err(StoreError::from)?;
        let mut rows = statement
            .query(params![
                listing.after.rank,
                listing.after.position,
                listing.after.id,
                i64::try_from(listing.limit).unwrap_or(i64::MAX),
                listing.section.map(SectionId::get),
            ])
            .map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            take(read_item(row)?)?;
        }
        Ok(())
    }

    /// Items that wait for their source's editors, newest first: who runs the bot sees them, and nobody reads them. Those of
    /// hidden sections nobody sees.
    pub fn held_items(&self, section: Option<SectionId>) -> Result<Vec<Item>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM held JOIN items ON items.id = held.item_id
             JOIN sections ON sections.id = items.section_id JOIN sources ON sources.id = items.source_id
             WHERE items.removed <> 0 AND items.removed = 3 AND held.state = 'held' AND sections.hidden = 0
               AND (?1 IS NULL OR items.section_id = ?1)
             ORDER BY items.rank, items.position, items.id"
        ))?;
        let mut rows = statement.walk([section.map(SectionId::get)])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(read_item(row)?);
        }
        Ok(items)
    }

    /// The place after which a page of a given size ends just above another place; `None` if fewer items than
    /// a page and one are above it.
    pub fn place_above(
        &self,
        section: Option<SectionId>,
        below: Place,
        size: usize,
    ) -> Result<Option<Place>, StoreError> {
        let scope = if section.is_some() {
            "section_id = ?5 AND"
        } else {
            "?5 IS NULL AND"
        };
        let sql = format!(
            "SELECT rank, position, id FROM items WHERE {scope} removed = 0
               AND (rank, position, id) < (?1, ?2, ?3)
             ORDER BY rank DESC, position DESC, id DESC LIMIT 1 OFFSET ?4"
        );
        let values = params![
            below.rank,
            below.position,
            below.id,
            i64::try_from(size).unwrap_or(i64::MAX),
            section.map(SectionId::get),
        ];
        let place = self.conn.prepare_cached(&sql)?.query_row(values, |row| {
            Ok(Place {
                rank: row.get(0)?,
                position: row.get(1)?,
                id: row.get(2)?,
            })
        });
        Ok(place.optional()?)
    }

    /// One item, unless it was removed.
    pub fn item(&self, id: ItemId) -> Result<Option<Item>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE items.id = ?1 AND items.removed = 0");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.get()])?;
        rows.next()?.map(read_item).transpose()
    }

    /// What an item's feed calls it.
    pub fn feed_id(&self, id: ItemId) -> Result<Option<String>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT feed_id FROM items WHERE id = ?1")?
            .query_row([id.get()], |row| row.get(0))?)
    }

    /// The greatest number that an item has had.
    pub fn greatest_item_id(&self) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .query_row("SELECT coalesce(max(id), 0) FROM items", [], |row| {
                row.get(0)
            })?)
    }
}

impl WriteTx<'_> {
    /// Takes an item out of the archive: it stays known, so that it isn't loaded again, and may be restored. Returns its
    /// title; `None` if there is no such item.
    pub fn withdraw_item(&self, id: ItemId) -> Result<Option<String>, StoreError> {
        let found: Option<(String, i64, Place, u8)> = self
            .conn
            .query_row(
                "SELECT title, section_id, rank, position, removed FROM items WHERE id = ?1 AND removed IN (0, 2, 3)",
                [id.get()],
                |row| {
                    let place = Place {
                        rank: row.get(2)?,
                        position: row.get(3)?,
                        id: id.get(),
                    };
                    Ok((row.get(0)?, row.get(1)?, place, row.get(4)?))
                },
            )
            .optional()?;
        let Some((title, section, place, was)) = found else {
            return Ok(None);
        };
        // It stays whole, and in its place: it is recognised when its page is loaded again, and may be restored.
        self.conn
            .execute("UPDATE items SET removed = 1 WHERE id = ?1", [id.get()])?;
        self.mark_stale(id.get())?;
        self.hand_over(id.get())?;
        self.review_of_item_changed(id)?;
        self.conn.execute(
            "UPDATE held SET state = 'withdrawn' WHERE item_id = ?1",
            [id.get()],
        )?;
        // What is held doesn't count yet; what is hidden does, but isn't found.
        if was != 3 {
            self.conn.execute(
                "UPDATE sections SET items = items - 1 WHERE id = ?1",
                [section],
            )?;
        }
        if was == 0 {
            self.forget_words(place)?;
        }
        Ok(Some(title))
    }

    /// Puts back an item that was withdrawn; that is no news, but who hasn't come to its place yet gets it there. Returns
    /// true if it was.
    pub fn restore_item(&self, id: ItemId) -> Result<bool, StoreError> {
        let mut withdrawn = self
            .conn
            .prepare_cached("SELECT 1 FROM items WHERE id = ?1 AND removed = 1")?;
        if !withdrawn.exists([id.get()])? {
            return Ok(false);
        }
        self.show_item(id.get())?;
        self.mark_stale(id.get())?;
        self.tell_again(id)?;
        // What its source has corrected meanwhile is read once more.
        self.conn.execute(
            "UPDATE documents SET rules_hash = 0 WHERE id = (SELECT document_id FROM items WHERE id = ?1)",
            [id.get()],
        )?;
        // A server isn't asked for what has changed alone, then.
        self.conn.execute(
            "UPDATE fetches SET rules_hash = NULL WHERE source_id = (SELECT source_id FROM items WHERE id = ?1)",
            [id.get()],
        )?;
        self.review_of_item_changed(id)?;
        self.conn.execute(
            "UPDATE held SET state = 'out' WHERE item_id = ?1",
            [id.get()],
        )?;
        Ok(true)
    }

    /// Puts an item that nobody could read into its section, the lists and the search. Returns its words; `None` if its
    /// section is hidden, and it with that.
    pub(super) fn show_item(&self, id: i64) -> Result<Option<String>, StoreError> {
        let (section, is_hidden, place, title, summary) = self
            .conn
            .prepare_cached(
                "UPDATE items SET removed = CASE (SELECT hidden FROM sections WHERE id = section_id) WHEN 1 THEN 2 ELSE 0 END
                 WHERE id = ?1
                 RETURNING section_id, removed = 2, rank, position, title, summary",
            )?
            .query_row([id], |row| {
                let place = Place {
                    rank: row.get(2)?,
                    position: row.get(3)?,
                    id,
                };
                let (section, is_hidden): (i64, bool) = (row.get(0)?, row.get(1)?);
                let (title, summary): (String, String) = (row.get(4)?, row.get(5)?);
                Ok((section, is_hidden, place, title, summary))
            })?;
        self.conn
            .prepare_cached("UPDATE sections SET items = items + 1 WHERE id = ?1")?
            .execute([section])?;
        if is_hidden {
            return Ok(None);
        }
        let words = tidings_core::search::words(&title, &summary);
        self.index_words(place, &words)?;
        Ok(Some(words))
    }
}
