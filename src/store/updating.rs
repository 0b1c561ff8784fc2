//! What a source says anew of an item that is known changes it in place.

use std::borrow::Cow;

use rusqlite::params;

use super::filing::Batch;
use super::prepared::{Id, Prepared};
use super::sameness::{Known, Standing};
use super::{StoreError, search};
use tidings_core::ids::{ItemId, SectionId};
use tidings_core::item::{Place, title_key};

impl Batch<'_, '_, '_> {
    /// Updates an item in place; says whether a reader could notice.
    pub(super) fn update(
        &mut self,
        known: &Known,
        section: i64,
        own: bool,
        position: i64,
        prepared: &Prepared,
    ) -> Result<bool, StoreError> {
        let draft = &prepared.draft;
        // Another page that repeats the headline takes nothing away, and changes neither date nor section:
        // otherwise the two pages would go on undoing each other.
        let (section, position) = if own {
            (section, position)
        } else {
            (known.section, known.position)
        };
        let title = if prepared.title_is_made {
            &known.title
        } else {
            &draft.title
        };
        let summary = if draft.summary.is_empty() && !own {
            &known.summary
        } else {
            &draft.summary
        };
        let link = draft.link.as_ref().or(known.link.as_ref().filter(|_| !own));
        // A first sight stays; the publisher's word may come later, and may be corrected.
        let written = prepared
            .written
            .filter(|_| own || known.written == Some(false));
        let (published, is_written) = match written {
            Some(written) => (Some(written.to_string()), Some(true)),
            None if known.published.is_none() => (
                Some(prepared.published.to_string()),
                Some(prepared.written.is_some()),
            ),
            None => (known.published.clone(), known.written),
        };
        let rank = if published == known.published {
            known.rank
        } else {
            prepared.rank()
        };
        let feed_id = match &prepared.id {
            Id::Own(id) | Id::Counted(id) => Some(id),
            Id::None => known.feed_id.as_ref(),
            Id::Shared => None,
        };
        let link_key = match &draft.link {
            Some(_) => prepared.link_key,
            None => known.link_key,
        };
        let title_key = if prepared.title_is_made {
            known.title_key
        } else if draft.is_wordless || is_written == Some(false) {
            // What is undated is found again by when it was said last.
            prepared.title_key
        } else {
            title_key(title, rank)
        };
        let is_hidden = self.hidden.contains(&section);
        let changed = known.title != *title
            || known.summary != *summary
            || known.link.as_ref() != link
            || known.section != section
            || known.published != published;
        let is_known_by_the_same = known.feed_id.as_ref() == feed_id
            && known.link_key == link_key
            && known.title_key == title_key
            && known.written == is_written;
        if !changed && known.position == position && is_known_by_the_same {
            return Ok(false);
        }
        self.writer
            .conn
            .prepare_cached(
                "UPDATE items SET title = ?2, summary = ?3, link = ?4, section_id = ?5, published = ?6,
                     rank = ?7, position = ?8, feed_id = ?9, link_key = ?10, title_key = ?11,
                     removed = iif(?12, 2, 0), written = ?13
                 WHERE id = ?1",
            )?
            .execute(params![
                known.id,
                title,
                summary,
                link,
                section,
                published,
                rank,
                position,
                feed_id,
                link_key,
                title_key,
                is_hidden,
                is_written,
            ])?;
        if known.section != section {
            *self.counts.entry(known.section).or_default() -= 1;
            *self.counts.entry(section).or_default() += 1;
            if let Some(order) = known.push_order {
                self.writer.item_moved(
                    ItemId::new(known.id),
                    order,
                    SectionId::new(known.section),
                    SectionId::new(section),
                    self.now,
                )?;
            }
        }
        let old = search::row(known.place());
        let new = search::row(Place {
            rank,
            position,
            id: known.id,
        });
        if changed || old != new {
            if known.standing == Standing::Shown && self.words.remove(&old).is_none() {
                self.writer
                    .conn
                    .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
                    .execute([old])?;
            }
            if !is_hidden {
                let words = tidings_core::search::words(title, summary);
                self.words.insert(new, Cow::Owned(words));
            }
        }
        Ok(changed)
    }
}
