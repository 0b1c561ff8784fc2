//! What the archive's pages show: items with when they came and were corrected, story by story, day by day, and how the
//! archive is called where its entries are read elsewhere.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::engine::{OptionalExtension, Row, params};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::items::{COLUMNS, FROM, WIDTH, published, read_item};
use super::{ReadTx, StoreError, from_ms, from_ms_opt, slug};
use tidings_core::ids::{ItemId, SectionId, SectionSlug};
use tidings_core::item::{Item, Place, Published};

/// An item with when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The item.
    pub item: Item,
    /// When it was first seen.
    pub seen: Timestamp,
    /// When its title, summary, link or section changed last, if they ever did.
    pub corrected: Option<Timestamp>,
    /// Whether nothing else tells its story, and nobody reports it: most items are so, and there is nothing more to ask.
    pub is_alone: bool,
    /// The language that the feed which brought it says it is in.
    pub language: Option<String>,
}

impl Dated {
    /// When what is read of it changed last: its first sight, where nothing has.
    pub fn updated(&self) -> Timestamp {
        self.corrected.unwrap_or(self.seen)
    }

    /// The day under which it stands: as it is written, a moment's in `zone`, or that of its first sight.
    pub fn day(&self, zone: &TimeZone) -> Date {
        day(self.item.published, self.seen, zone)
    }
}

fn day(published: Option<Published>, seen: Timestamp, zone: &TimeZone) -> Date {
    published.unwrap_or(Published::Time(seen)).day(zone)
}

/// What a number stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// An item that everybody may read.
    Shown(Box<Dated>),
    /// An item that was taken out, or hidden with its section.
    Withdrawn,
    /// Nothing yet.
    Unknown,
}

/// Which items a list is of.
#[derive(Clone, Copy)]
pub struct Stretch<'z> {
    /// Of one section, or of all.
    pub section: Option<SectionId>,
    /// Of one day in a zone, or of all.
    pub day: Option<(Date, &'z TimeZone)>,
}

impl Stretch<'_> {
    /// The first and the last rank that its items can have.
    fn ranks(&self) -> (i64, i64) {
        let Some((date, zone)) = self.day else {
            return (i64::MIN, i64::MAX);
        };
        let (begin, end) = bounds(date, zone);
        let midnight = Published::Date(date).seconds();
        (-midnight.max(end - 1), -midnight.min(begin))
    }
}

/// When a day begins in a zone, and when the next one does, in seconds since 1970.
fn bounds(date: Date, zone: &TimeZone) -> (i64, i64) {
    let begin = |date: Date| {
        let begin = date.to_zoned(zone.clone()).ok();
        begin.map_or(Published::Date(date).seconds(), |begin| {
            begin.timestamp().as_second()
        })
    };
    let first = begin(date);
    // Behind the calendar's last day there is none.
    (first, date.tomorrow().map_or(first + 86_400, begin))
}

/// Which way from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards older news.
    Earlier,
    /// Towards newer news.
    Later,
}

/// What is selected behind [`COLUMNS`] for [`read_dated`].
const DATED: &str = "items.seen_at, items.updated_at,
     (items.story IS NULL AND NOT EXISTS (SELECT 1 FROM items others WHERE others.story = items.id)
      AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.item_id = items.id)) AS is_alone,
     (SELECT language FROM documents WHERE documents.id = items.document_id) AS language";

/// The index in the order of “newest first” is walked, and nothing is sorted.
const WALKED: &str = "items CROSS JOIN sections ON sections.id = items.section_id
     CROSS JOIN sources ON sources.id = items.source_id";

fn read_dated(row: Row<'_>) -> Result<Dated, StoreError> {
    Ok(Dated {
        item: read_item(row)?,
        seen: from_ms(row.get(WIDTH)?)?,
        corrected: from_ms_opt(row.get(WIDTH + 1)?)?,
        is_alone: row.get(WIDTH + 2)?,
        language: row.get(WIDTH + 3)?,
    })
}

impl ReadTx<'_> {
    /// When what an item's page says besides it changed last: who else tells its story, or of it, and what editors did.
    pub fn beside_changed(&self, item: &Item) -> Result<Timestamp, StoreError> {
        let changed: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT max(at) FROM (
                     SELECT max(CASE WHEN updated_at > seen_at THEN updated_at ELSE seen_at END) AS at
                     FROM items WHERE story = ?1 OR id = ?1
                     UNION ALL SELECT max(seen_at) FROM reports WHERE item_id = ?2) AS changes",
            )?
            .query_row([item.story.get(), item.id.get()], |row| row.get(0))?;
        from_ms(changed.unwrap_or(0).max(self.deeds_changed()?))
    }

    /// The language that the feed which brought an item says it is in.
    pub fn item_language(&self, id: ItemId) -> Result<Option<String>, StoreError> {
        let language = self
            .conn
            .prepare_cached(
                "SELECT documents.language FROM items JOIN documents ON documents.id = items.document_id
                 WHERE items.id = ?1",
            )?
            .query_row([id.get()], |row| row.get(0))
            .optional()?;
        Ok(language.flatten())
    }

    /// What the archive is called in the identifiers of its entries: a UUID.
    pub fn archive(&self) -> Result<String, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT uuid FROM archive")?
            .query_row([], |row| row.get(0))?)
    }

    /// What a number stands for.
    pub fn standing(&self, id: ItemId) -> Result<Numbered, StoreError> {
        let sql =
            format!("SELECT {COLUMNS}, {DATED}, items.removed FROM {FROM} WHERE items.id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.get()])?;
        let Some(row) = rows.next()? else {
            return Ok(Numbered::Unknown);
        };
        let removed: i64 = row.get("removed")?;
        match removed {
            0 => Ok(Numbered::Shown(Box::new(read_dated(row)?))),
            // What waits for its editors is nobody's yet.
            3 => Ok(Numbered::Unknown),
            _ => Ok(Numbered::Withdrawn),
        }
    }

    /// Where an item stands or stood, so that a list goes on behind one that is gone.
    pub fn place_of(&self, id: ItemId) -> Result<Option<Place>, StoreError> {
        let place = self
            .conn
            .prepare_cached("SELECT rank, position FROM items WHERE id = ?1")?
            .query_row([id.get()], |row| {
                Ok(Place {
                    rank: row.get(0)?,
                    position: row.get(1)?,
                    id: id.get(),
                })
            });
        Ok(place.optional()?)
    }

    /// Every item of a section, or of all, newest first.
    pub fn dated(
        &self,
        section: Option<SectionId>,
        after: Place,
        limit: usize,
    ) -> Result<Vec<Dated>, StoreError> {
        let stretch = Stretch { section, day: None };
        let mut found = Vec::new();
        self.walk(&stretch, after, &mut |dated| {
            found.push(dated);
            Ok(found.len() < limit)
        })?;
        found.truncate(limit);
        Ok(found)
    }

    /// The stories of a stretch, newest first, each once: where its newest item there stands.
    pub fn stories(
        &self,
        stretch: &Stretch<'_>,
        after: Place,
        limit: usize,
    ) -> Result<Vec<Dated>, StoreError> {
        let mut found = Vec::new();
        self.walk(stretch, after, &mut |dated| {
            let is_on = stretch
                .day
                .is_none_or(|(date, zone)| dated.day(zone) == date);
            if is_on && (dated.is_alone || !self.is_told_above(&dated.item, stretch)?) {
                found.push(dated);
            }
            Ok(found.len() < limit)
        })?;
        Ok(found)
    }

    fn walk(
        &self,
        stretch: &Stretch<'_>,
        after: Place,
        take: &mut dyn FnMut(Dated) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let scope = if stretch.section.is_some() {
            "items.section_id = ?4 AND"
        } else {
            "?4 IS NULL AND"
        };
        let sql = format!(
            "SELECT {COLUMNS}, {DATED} FROM {WALKED} WHERE {scope} items.removed = 0
               AND (items.rank, items.position, items.id) > (?1, ?2, ?3)
             ORDER BY items.rank, items.position, items.id"
        );
        let (first, last) = stretch.ranks();
        let above = Place {
            rank: first,
            position: i64::MIN,
            id: i64::MIN,
        };
        let from = match stretch.day {
            Some(_) => after.max(above),
            None => after,
        };
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.walk(params![
            from.rank,
            from.position,
            from.id,
            stretch.section.map(SectionId::get)
        ])?;
        while let Some(row) = rows.next()? {
            let dated = read_dated(row)?;
            if dated.item.place.rank > last || !take(dated)? {
                break;
            }
        }
        Ok(())
    }

    /// Whether a newer item of its story stands in the same stretch.
    fn is_told_above(&self, item: &Item, stretch: &Stretch<'_>) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT section_id, published, seen_at FROM items
             WHERE (id = ?1 OR story = ?1) AND removed = 0 AND (rank, position, id) < (?2, ?3, ?4)",
        )?;
        let place = item.place;
        let mut rows = statement.query(params![
            item.story.get(),
            place.rank,
            place.position,
            place.id
        ])?;
        while let Some(row) = rows.next()? {
            let section = SectionId::new(row.get(0)?);
            let told = published(row.get(1)?)?;
            let seen = from_ms(row.get(2)?)?;
            let is_in = stretch.section.is_none_or(|own| own == section)
                && stretch
                    .day
                    .is_none_or(|(date, zone)| day(told, seen, zone) == date);
            if is_in {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The nearest day with news before or behind a day.
    pub fn day_beside(
        &self,
        date: Date,
        zone: &TimeZone,
        direction: Direction,
    ) -> Result<Option<Date>, StoreError> {
        let (begin, end) = bounds(date, zone);
        let midnight = Published::Date(date).seconds();
        let (sql, from) = match direction {
            Direction::Earlier => (
                // What is only dated that day stands at its midnight in UTC, and may be much.
                "SELECT published, seen_at FROM items WHERE removed = 0 AND rank > ?1 AND rank <> ?2
                 ORDER BY rank, position, id",
                -begin,
            ),
            Direction::Later => (
                "SELECT published, seen_at FROM items WHERE removed = 0 AND rank <= ?1 AND rank <> ?2
                 ORDER BY rank DESC, position DESC, id DESC",
                -end.min(midnight + 86_400),
            ),
        };
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.walk([from, -midnight])?;
        while let Some(row) = rows.next()? {
            let found = day(published(row.get(0)?)?, from_ms(row.get(1)?)?, zone);
            let is_beside = match direction {
                Direction::Earlier => found < date,
                Direction::Later => found > date,
            };
            if is_beside {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// What all sections hold, as a number: it changes when an item comes, goes or moves, and when a section does. It is 0
    /// for nobody.
    pub fn sections_digest(&self) -> Result<u64, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, title, hidden, items, merged_into FROM sections ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut digest = DefaultHasher::new();
        while let Some(row) = rows.next()? {
            let (id, title, hidden, items): (i64, String, bool, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let merged_into: Option<i64> = row.get(4)?;
            (id, title, hidden, items, merged_into).hash(&mut digest);
        }
        Ok(digest.finish().max(1))
    }

    /// The section that a slug means since an operator has made its own one part of another.
    pub fn led_slug(&self, gone: &str) -> Result<Option<SectionSlug>, StoreError> {
        let found: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT sections.slug FROM headings JOIN sections ON sections.id = headings.section_id
                 WHERE headings.heading = ?1",
            )?
            .query_row([gone], |row| row.get(0))
            .optional()?;
        found.map(slug).transpose()
    }

    /// The numbers of items whose published moments lie in a stretch of seconds since 1970, its end not included, newest
    /// first, with when each was updated last.
    pub fn numbers(
        &self,
        from: i64,
        to: i64,
        after: Place,
        limit: usize,
    ) -> Result<Vec<(ItemId, Timestamp)>, StoreError> {
        let above = Place {
            rank: 1_i64.saturating_sub(to),
            position: i64::MIN,
            id: i64::MIN,
        };
        let after = after.max(above);
        let mut statement = self.conn.prepare_cached(
            "SELECT id, coalesce(updated_at, seen_at) FROM items
             WHERE removed = 0 AND (rank, position, id) > (?1, ?2, ?3) AND rank <= ?4
             ORDER BY rank, position, id LIMIT ?5",
        )?;
        let mut rows = statement.query(params![
            after.rank,
            after.position,
            after.id,
            from.saturating_neg(),
            i64::try_from(limit).unwrap_or(i64::MAX)
        ])?;
        let mut numbers = Vec::new();
        while let Some(row) = rows.next()? {
            numbers.push((ItemId::new(row.get(0)?), from_ms(row.get(1)?)?));
        }
        Ok(numbers)
    }

    /// When the newest item that readers see was published, of those that have a date.
    pub fn newest_published(&self) -> Result<Option<Published>, StoreError> {
        let newest = self
            .conn
            .prepare_cached("SELECT max(published) FROM items WHERE removed = 0")?
            .query_row([], |row| row.get(0))?;
        published(newest)
    }

    /// The place of the newest item that was published before a moment, in seconds since 1970.
    pub fn newest_before(&self, moment: i64) -> Result<Option<Place>, StoreError> {
        let found = self
            .conn
            .prepare_cached(
                "SELECT rank, position, id FROM items WHERE removed = 0 AND rank > ?1
                 ORDER BY rank, position, id LIMIT 1",
            )?
            .query_row([moment.saturating_neg()], |row| {
                Ok(Place {
                    rank: row.get(0)?,
                    position: row.get(1)?,
                    id: row.get(2)?,
                })
            });
        Ok(found.optional()?)
    }

    /// The item with which a full page of `size` items ends in a stretch of seconds as [`ReadTx::numbers`] has it; `None`
    /// where there is less behind `after`.
    pub fn end_of_page(
        &self,
        from: i64,
        after: Place,
        size: usize,
    ) -> Result<Option<Place>, StoreError> {
        let found = self
            .conn
            .prepare_cached(
                "SELECT rank, position, id FROM items
                 WHERE removed = 0 AND (rank, position, id) > (?1, ?2, ?3) AND rank <= ?4
                 ORDER BY rank, position, id LIMIT 1 OFFSET ?5",
            )?
            .query_row(
                params![
                    after.rank,
                    after.position,
                    after.id,
                    from.saturating_neg(),
                    i64::try_from(size).unwrap_or(i64::MAX) - 1
                ],
                |row| {
                    Ok(Place {
                        rank: row.get(0)?,
                        position: row.get(1)?,
                        id: row.get(2)?,
                    })
                },
            );
        Ok(found.optional()?)
    }
}
