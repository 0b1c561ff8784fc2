//! Identity: the item that a draft already is (design.md, promise 2).

use rusqlite::params;

use super::filing::Prepared;
use super::search::MOST_ITEMS;
use super::{Reader, StoreError};
use crate::ids::SourceId;
use crate::items::{Place, SAME_TITLE_DAYS, canonical_link, link_key, near_title_keys};
use crate::text;

/// Whether readers see an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Shown,
    /// Taken out by the operator; kept so that it isn't loaded again.
    Removed,
    /// Hidden with its section.
    Hidden,
}

impl Standing {
    fn from_stored(number: i64) -> Result<Standing, StoreError> {
        match number {
            0 => Ok(Standing::Shown),
            1 => Ok(Standing::Removed),
            2 => Ok(Standing::Hidden),
            _ => Err(StoreError::unexpected("items.removed", number.to_string())),
        }
    }
}

/// An item as it is stored, as far as filing asks.
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) section: i64,
    pub(super) document: i64,
    pub(super) position: i64,
    pub(super) rank: i64,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) link: Option<String>,
    pub(super) published: Option<String>,
    pub(super) standing: Standing,
    pub(super) push_order: Option<i64>,
}

impl Known {
    pub(super) fn place(&self) -> Place {
        Place {
            rank: self.rank,
            position: self.position,
            id: self.id,
        }
    }
}

const KNOWN: &str = "SELECT id, section_id, document_id, position, rank, title, summary, link, published, \
     removed, push_order FROM items";

impl Reader<'_> {
    /// The item that a draft of a document already is: by the feed's id within the source, by the canonical link, by
    /// the folded title within the source and 30 days.
    pub(super) fn find_item(
        &self,
        source: SourceId,
        rank: i64,
        prepared: &Prepared,
        document: &[Prepared],
    ) -> Result<Option<Known>, StoreError> {
        if let Some(feed_id) = &prepared.draft.feed_id {
            let found = self.find_where(
                "WHERE feed_id = ?1 AND source_id = ?2",
                params![feed_id, source.get()],
                |_| true,
            )?;
            if let Some(found) = found
                && !self.was_passed_on(&found, prepared, document)?
            {
                return Ok(Some(found));
            }
        }
        let found = self.find_by_link(prepared)?;
        if found.is_some() {
            return Ok(found);
        }
        let span = SAME_TITLE_DAYS * 86_400;
        let mut folded = None;
        let mut nearest: Option<Known> = None;
        // One plain look into the index for each key: a list of keys, or an order, would make SQLite build a
        // table for each draft.
        for key in near_title_keys(prepared.title_key) {
            let found = self.find_where(
                "WHERE title_key = ?1 AND source_id = ?2",
                params![key, source.get()],
                |known| {
                    let same = known.rank.abs_diff(rank) <= span.unsigned_abs()
                        && (known.title == prepared.draft.title
                            || *folded.get_or_insert_with(|| text::fold(&prepared.draft.title))
                                == text::fold(&known.title));
                    let nearer = nearest
                        .as_ref()
                        .is_none_or(|n| known.rank.abs_diff(rank) < n.rank.abs_diff(rank));
                    same && nearer
                },
            )?;
            nearest = found.or(nearest);
        }
        Ok(nearest)
    }

    fn find_by_link(&self, prepared: &Prepared) -> Result<Option<Known>, StoreError> {
        let (Some(key), Some(link)) = (prepared.link_key, &prepared.draft.link) else {
            return Ok(None);
        };
        let canonical = canonical_link(link);
        self.find_where("WHERE link_key = ?1", params![key], |known| {
            let own = known.link.as_ref();
            own.is_some_and(|own| canonical_link(own) == canonical)
        })
    }

    /// Whether a feed has given an item's id to another one, as feeds do that count from their top: then the draft's
    /// link is another item's with its title, or the item's link is another draft's.
    fn was_passed_on(
        &self,
        known: &Known,
        prepared: &Prepared,
        document: &[Prepared],
    ) -> Result<bool, StoreError> {
        let (Some(was), Some(is)) = (&known.link, &prepared.draft.link) else {
            return Ok(false);
        };
        let key = link_key(was);
        if key == link_key(is) {
            return Ok(false);
        }
        if document.iter().any(|other| other.link_key == Some(key)) {
            return Ok(true);
        }
        let other = self.find_by_link(prepared)?;
        Ok(
            other
                .is_some_and(|other| text::fold(&other.title) == text::fold(&prepared.draft.title)),
        )
    }

    /// The item that an archive names by its number, if it is still that one.
    pub(super) fn find_archived(
        &self,
        number: i64,
        prepared: &Prepared,
    ) -> Result<Option<Known>, StoreError> {
        self.find_where("WHERE id = ?1", [number], |known| {
            text::fold(&known.title) == text::fold(&prepared.draft.title)
        })
    }

    /// Whether an item that an archive brings may have its number again: where it is nobody else's, and not so great
    /// that the search couldn't tell items apart.
    pub(super) fn is_free(&self, number: i64) -> Result<bool, StoreError> {
        let is_taken = self
            .conn
            .prepare_cached("SELECT 1 FROM items WHERE id = ?1")?
            .exists([number])?;
        Ok(!is_taken && (1..=MOST_ITEMS).contains(&number))
    }

    /// Whether an archive brought an item of this source, so that none of the source's documents has it yet.
    pub(super) fn was_archived(&self, item: i64, source: SourceId) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM items JOIN documents ON documents.id = document_id
                 WHERE items.id = ?1 AND items.source_id = ?2 AND documents.source_id <> ?2",
            )?
            .exists([item, source.get()])?)
    }

    /// The document's row, and behind it those of documents with the same content: a file that was renamed
    /// goes on speaking for its items.
    pub(super) fn own_documents(
        &self,
        source: SourceId,
        content_hash: i64,
        document: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let mut own = vec![document];
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM documents WHERE content_hash = ?1 AND source_id = ?2 AND id <> ?3",
        )?;
        let others = statement.query_map(params![content_hash, source.get(), document], |row| {
            row.get(0)
        })?;
        for other in others {
            own.push(other?);
        }
        Ok(own)
    }

    /// The source of files that belong to no other.
    pub(super) fn files_source(&self) -> Result<SourceId, StoreError> {
        Ok(SourceId::new(
            self.conn
                .prepare_cached("SELECT coalesce((SELECT id FROM sources WHERE name = ?1), 0)")?
                .query_row([crate::settings::FILES], |row| row.get(0))?,
        ))
    }

    fn find_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
        mut is_it: impl FnMut(&Known) -> bool,
    ) -> Result<Option<Known>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!("{KNOWN} {condition}"))?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            let known = Known {
                id: row.get("id")?,
                section: row.get("section_id")?,
                document: row.get("document_id")?,
                position: row.get("position")?,
                rank: row.get("rank")?,
                title: row.get("title")?,
                summary: row.get("summary")?,
                link: row.get("link")?,
                published: row.get("published")?,
                standing: Standing::from_stored(row.get("removed")?)?,
                push_order: row.get("push_order")?,
            };
            if is_it(&known) {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }
}
