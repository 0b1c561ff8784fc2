//! Who has been told what: stories that several tell, and what posts show of them.

use std::collections::HashSet;

use super::engine::params;

use super::windows::{Scope, Untold, Window};
use super::{ReadTx, StoreError, WriteTx};
use tidings_core::ids::{ChannelId, ItemId, SectionId};
use tidings_core::item::Item;

/// A source, as it is configured and as it calls itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceName {
    /// Its name in the configuration.
    pub name: String,
    /// What it calls itself, where it said so.
    pub title: Option<String>,
}

/// Something new that isn't the only one to tell its story, or was told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retold {
    /// The item, or that which a report is of.
    pub item: i64,
    /// The item that leads its story.
    pub story: i64,
    /// Its place in the order in which items are handed to subscribers.
    pub order: i64,
    /// Where it is filed.
    pub section: SectionId,
    /// Whether it is a report.
    pub is_report: bool,
}

impl ReadTx<'_> {
    /// What of some windows isn't the only one to tell its story, or was told before to anybody; in the order in which
    /// it came.
    pub fn retold(
        &self,
        windows: &[Window],
        up_to: i64,
        exceptions_of: Option<ChannelId>,
    ) -> Result<Vec<Retold>, StoreError> {
        let scope = Scope {
            windows,
            waiting: None,
            up_to,
            exceptions_of,
            untold: &Untold::default(),
        };
        let mut retold = Vec::new();
        for window in windows {
            for (told, from, condition) in [
                (
                    "items",
                    "items",
                    "(items.story IS NOT NULL
                      OR EXISTS (SELECT 1 FROM items others WHERE others.story = items.id)
                      OR EXISTS (SELECT 1 FROM reports WHERE item_id = items.id)
                      OR EXISTS (SELECT 1 FROM shown WHERE item_id = items.id))",
                ),
                (
                    "reports",
                    "reports CROSS JOIN items ON items.id = reports.item_id",
                    "TRUE",
                ),
            ] {
                let mut statement = self.conn.prepare_cached(&format!(
                    "SELECT items.id, items.title, items.summary, coalesce(items.story, items.id) AS story,
                         {told}.push_order, {told}.section_id, sections.slug AS section
                     FROM {from} CROSS JOIN sections ON sections.id = {told}.section_id
                     WHERE {} AND {condition}",
                    scope.condition(window, told)
                ))?;
                let mut rows = statement.query(scope.values(window))?;
                while let Some(row) = rows.next()? {
                    // A report is about the item that it is of.
                    if self.is_wanted(window.filter.as_ref(), row)? {
                        retold.push(Retold {
                            item: row.get("id")?,
                            story: row.get("story")?,
                            order: row.get("push_order")?,
                            section: SectionId::new(row.get("section_id")?),
                            is_report: told == "reports",
                        });
                    }
                }
            }
        }
        retold.sort_unstable_by_key(|one| one.order);
        Ok(retold)
    }

    /// The channels that have got a story: one of its items was put into a post for them.
    pub fn who_got(&self, story: i64) -> Result<HashSet<ChannelId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT deliveries.channel_id FROM items
             CROSS JOIN shown ON shown.item_id = items.id
             CROSS JOIN deliveries ON deliveries.part_id = shown.post
             WHERE items.id = ?1 OR items.story = ?1",
        )?;
        let channels = statement.query_map([story], |row| row.get(0).map(ChannelId::new))?;
        channels.map(|channel| Ok(channel?)).collect()
    }

    /// The other sources that tell an item's story, in the order in which they came.
    pub fn also(&self, item: &Item) -> Result<Vec<SourceName>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sources.name, sources.title, min(told.at) FROM (
                 SELECT source_id, seen_at AS at, id FROM items
                 WHERE (id = ?1 OR story = ?1) AND removed = 0
                 UNION ALL
                 SELECT reports.source_id, reports.seen_at, 9223372036854775807 FROM reports JOIN items ON items.id = reports.item_id
                 WHERE (items.id = ?1 OR items.story = ?1) AND items.removed = 0
             ) AS told JOIN sources ON sources.id = told.source_id
             WHERE sources.name <> ?2 GROUP BY sources.id ORDER BY min(told.at), min(told.id), sources.id",
        )?;
        let sources = statement.query_map(params![item.story.get(), item.source], |row| {
            Ok(SourceName {
                name: row.get(0)?,
                title: row.get(1)?,
            })
        })?;
        sources.map(|source| Ok(source?)).collect()
    }
}

impl WriteTx<'_> {
    /// Notes what a composed post shows of some windows, or counts among “N more”; `post` is its first part;
    /// `got` what filters and watches let through.
    pub fn note_shown(
        &self,
        post: i64,
        scope: Scope<'_>,
        got: &[(ItemId, i64)],
    ) -> Result<(), StoreError> {
        // What filters and watches let through was looked at one by one.
        let whole = |window: &&Window| scope.waiting.is_none() && window.filter.is_none();
        for window in scope.windows.iter().filter(whole) {
            let (after, up_to, channel) = scope.values(window);
            self.conn
                .prepare_cached(&format!(
                    "INSERT INTO shown (post, item_id) SELECT ?4, items.id FROM items WHERE {} ON CONFLICT DO NOTHING",
                    scope.condition(window, "items")
                ))?
                .execute(params![after, up_to, channel, post])?;
        }
        let mut note = self.conn.prepare_cached(
            "INSERT INTO shown (post, item_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        let brought = scope.untold.brought.iter().map(|(item, _)| *item);
        for item in brought.chain(got.iter().map(|(item, _)| item.get())) {
            note.execute([post, item])?;
        }
        Ok(())
    }

    /// Notes what a channel with watches has got, as far as another of its subscriptions could bring it again.
    pub fn note_got(&self, channel: ChannelId, got: &[(ItemId, i64)]) -> Result<(), StoreError> {
        let mut note = self.conn.prepare_cached(
            "INSERT INTO delivered (channel_id, item_id) SELECT ?1, ?2 WHERE EXISTS (
                 SELECT 1 FROM subscriptions WHERE channel_id = ?1 AND cursor < ?3
                 AND (section_id IN (0, (SELECT section_id FROM items WHERE id = ?2))
                      OR EXISTS (SELECT 1 FROM watched WHERE watch_id = -section_id AND push_order = ?3)))
             ON CONFLICT DO NOTHING",
        )?;
        for (item, push_order) in got {
            note.execute([channel.get(), item.get(), *push_order])?;
        }
        Ok(())
    }
}
