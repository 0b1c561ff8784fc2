//! What is new for a channel.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::engine::{Row, params};

use super::items::{COLUMNS, read_item};
use super::told::SourceName;
use super::windows::{Scope, Untold, Window};
use super::{ReadTx, Remembered, StoreError, slug};
use tidings_core::channel::Filter;
use tidings_core::ids::{ItemId, SectionId, SectionSlug, WatchId};
use tidings_core::item::Item;
use tidings_core::search::SpacedWords;

/// The tables behind [`COLUMNS`], in the order in which they are to be read.
const IN_ORDER: &str = "items CROSS JOIN sections ON sections.id = items.section_id \
     CROSS JOIN sources ON sources.id = items.source_id";

/// Of how many items the words are kept for the next filter: more than a day brings.
const REMEMBERED: usize = 5_000;

/// What is new for a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewItems {
    /// The newest ones, newest first, at most as many as were asked for.
    pub items: Vec<Item>,
    /// How many there are in all, by section.
    pub counts: Vec<(SectionSlug, usize)>,
    /// Who else tells the story of some of the items: by their numbers, in the order in which they came.
    pub also: Vec<(ItemId, Vec<SourceName>)>,
    /// How many more filters left out.
    pub left_out: usize,
    /// Of the items those that watches want, with the words of these.
    pub watched: Vec<(ItemId, String)>,
    /// Of those beyond the items what only a watch brings: its section, and the words of the watch.
    pub only_watched: Vec<(SectionSlug, String)>,
    /// With their push orders, those that filters and watches let through.
    pub got: Vec<(ItemId, i64)>,
}

impl NewItems {
    /// Counts one more item of a section.
    pub fn count(&mut self, section: &SectionSlug) {
        match self.counts.iter_mut().find(|(slug, _)| slug == section) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((section.clone(), 1)),
        }
    }

    /// Keeps the newest items, newest first.
    fn keep_newest(&mut self, limit: usize) {
        self.items.sort_unstable_by_key(|item| item.place);
        self.items.truncate(limit);
    }
}

impl ReadTx<'_> {
    /// Whether a window can bring anything: a watch may have found nothing.
    pub fn has_found(&self, window: &Window, up_to: i64) -> Result<bool, StoreError> {
        let Some(watch) = window.target.watch() else {
            return Ok(true);
        };
        let exists = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM watched
                     WHERE watch_id = ?1 AND push_order > ?2 AND push_order <= ?3)",
            )?
            .query_row([watch.get(), window.after, up_to], |row| row.get(0))?;
        Ok(exists)
    }

    /// What is new for a channel, and at most so many of its items.
    pub fn new_items(&self, scope: Scope<'_>, limit: usize) -> Result<NewItems, StoreError> {
        if let Some(waiting) = scope.waiting {
            return self.new_watched(waiting, scope, limit);
        }
        let mut new = NewItems::default();
        for window in scope.windows {
            match &window.filter {
                Some(filter) => self.each_new(window, scope, |row| {
                    self.take(row, Some(filter), limit, &mut new)
                })?,
                None => self.add_window(window, scope, limit, &mut new)?,
            }
        }
        self.finish(&mut new, limit, scope.untold)?;
        Ok(new)
    }

    /// An item that a report brings, in the section of the report.
    fn bring(&self, item: i64, section: SectionId, new: &mut NewItems) -> Result<(), StoreError> {
        let Some(mut item) = self.item(ItemId::new(item))? else {
            return Ok(());
        };
        item.section = self.section_slug(section)?;
        new.count(&item.section);
        new.items.push(item);
        Ok(())
    }

    /// Whether a filter wants the item of a row, which has its `id`, `title`, `summary` and `section`.
    pub(super) fn is_wanted(
        &self,
        filter: Option<&Filter>,
        row: Row<'_>,
    ) -> Result<bool, StoreError> {
        let Some(filter) = filter else {
            return Ok(true);
        };
        let words = self.remembered.words(row)?;
        Ok(filter.wants(&words, &slug(row.get("section")?)?))
    }

    /// Takes the item of a row of [`ReadTx::each_new`], if a filter wants it.
    fn take(
        &self,
        row: Row<'_>,
        filter: Option<&Filter>,
        limit: usize,
        new: &mut NewItems,
    ) -> Result<(), StoreError> {
        if !self.is_wanted(filter, row)? {
            new.left_out += 1;
            return Ok(());
        }
        let item = read_item(row)?;
        new.got.push((item.id, row.get("push_order")?));
        new.count(&item.section);
        // Its source may have brought too many at once: then it only counts.
        if !row.get::<_, bool>("beyond")? {
            new.items.push(item);
            // However many there are, few are in memory.
            if new.items.len() > 2 * limit + 100 {
                new.keep_newest(limit);
            }
        }
        Ok(())
    }

    /// What reports bring, and who else tells the newest.
    fn finish(&self, new: &mut NewItems, limit: usize, untold: &Untold) -> Result<(), StoreError> {
        for (item, section) in &untold.brought {
            self.bring(*item, *section, new)?;
        }
        new.keep_newest(limit);
        for item in &new.items {
            let also = self.also(item)?;
            if !also.is_empty() {
                new.also.push((item.id, also));
            }
        }
        Ok(())
    }

    fn add_window(
        &self,
        window: &Window,
        scope: Scope<'_>,
        limit: usize,
        new: &mut NewItems,
    ) -> Result<(), StoreError> {
        let condition = scope.condition(window, "items");
        let (after, up_to, channel) = scope.values(window);
        let mut statement = self.conn.prepare(&format!(
            "SELECT sections.slug, found.count FROM (
                 SELECT items.section_id, count(*) AS count FROM items WHERE {condition} GROUP BY items.section_id
             ) AS found CROSS JOIN sections ON sections.id = found.section_id"
        ))?;
        let mut rows = statement.query(params![after, up_to, channel])?;
        while let Some(row) = rows.next()? {
            new.counts.push((slug(row.get(0)?)?, row.get(1)?));
        }
        let mut statement = self.conn.prepare(&format!(
            "SELECT {COLUMNS} FROM {IN_ORDER}
             WHERE {condition} AND items.beyond = 0 ORDER BY items.rank, items.position, items.id LIMIT ?4"
        ))?;
        let mut rows = statement.query(params![after, up_to, channel, limit])?;
        while let Some(row) = rows.next()? {
            new.items.push(read_item(row)?);
        }
        Ok(())
    }

    /// Goes through what is new in a window, whatever its filter, in no order.
    fn each_new(
        &self,
        window: &Window,
        scope: Scope<'_>,
        mut take: impl FnMut(Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare(&format!(
            "SELECT {COLUMNS}, items.beyond, items.push_order FROM {IN_ORDER} WHERE {}",
            scope.condition(window, "items")
        ))?;
        let mut rows = statement.walk(scope.values(window))?;
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    }

    /// What is new for a channel that has watches, of which some aren't served now (`waiting`). What several windows hold
    /// counts once, and what a watch wants comes even if a filter left it out.
    fn new_watched(
        &self,
        waiting: &[Window],
        scope: Scope<'_>,
        limit: usize,
    ) -> Result<NewItems, StoreError> {
        let mut new = NewItems::default();
        // By what watches each item is wanted, and whether they alone bring it.
        let mut watched: BTreeMap<ItemId, (Vec<WatchId>, bool)> = BTreeMap::new();
        let mut sections: BTreeMap<ItemId, SectionSlug> = BTreeMap::new();
        for window in scope.windows {
            let Some(watch) = window.target.watch() else {
                continue;
            };
            self.each_new(window, scope, |row| {
                let id = ItemId::new(row.get("id")?);
                let (watches, _) = watched.entry(id).or_insert((Vec::new(), true));
                watches.push(watch);
                if watches.len() == 1 {
                    sections.insert(id, slug(row.get("section")?)?);
                    self.take(row, None, limit, &mut new)?;
                }
                Ok(())
            })?;
        }
        let others = scope.windows.iter();
        for window in others.filter(|window| window.target.watch().is_none()) {
            let filter = window.filter.as_ref();
            self.each_new(window, scope, |row| {
                match watched.get_mut(&ItemId::new(row.get("id")?)) {
                    Some((_, alone)) => *alone &= !self.is_wanted(filter, row)?,
                    None => self.take(row, filter, limit, &mut new)?,
                }
                Ok(())
            })?;
        }
        self.finish(&mut new, limit, scope.untold)?;
        let watches = scope.windows.iter().chain(waiting);
        let watches: Vec<WatchId> = watches.filter_map(|window| window.target.watch()).collect();
        let brought = &scope.untold.brought;
        let is_brought = |item: &&Item| brought.iter().any(|(id, _)| *id == item.id.get());
        for item in new.items.iter().filter(is_brought) {
            let words = SpacedWords::of(&item.title, &item.summary);
            for watch in &watches {
                if self.watch(*watch)?.is_in(&words) {
                    watched.entry(item.id).or_default().0.push(*watch);
                }
            }
        }
        for window in waiting {
            let Some(watch) = window.target.watch() else {
                continue;
            };
            self.each_new(window, scope, |row| {
                let (watches, _) = watched.entry(ItemId::new(row.get("id")?)).or_default();
                watches.push(watch);
                Ok(())
            })?;
        }
        let words = |watches: &[WatchId]| -> Result<Vec<String>, StoreError> {
            watches
                .iter()
                .map(|watch| self.watch_words(*watch))
                .collect()
        };
        for item in &new.items {
            if let Some((watches, _)) = watched.remove(&item.id) {
                new.watched.push((item.id, words(&watches)?.join(", ")));
            }
        }
        for (id, (watches, _)) in watched.iter().filter(|(_, (_, alone))| *alone) {
            let section = sections.get(id).cloned();
            new.only_watched
                .extend(section.zip(words(&watches[..1])?.pop()));
        }
        Ok(new)
    }
}

impl Remembered {
    /// The words of the item of a row, which has its `id`, `title` and `summary`.
    fn words(&self, row: Row<'_>) -> Result<Rc<SpacedWords>, StoreError> {
        let id = row.get("id")?;
        let mut known = self.words.borrow_mut();
        if let Some(words) = known.get(&id) {
            return Ok(words.clone());
        }
        let (title, summary): (String, String) = (row.get("title")?, row.get("summary")?);
        let words = Rc::new(SpacedWords::of(&title, &summary));
        if known.len() < REMEMBERED {
            known.insert(id, words.clone());
        }
        Ok(words)
    }
}
