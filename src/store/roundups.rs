//! Who is due, what is new for them, and the outbox's beginning.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::channels::DUE_AT;
use super::items::{COLUMNS, read_item};
use super::{ReadTx, Remembered, StoreError, WriteTx, from_ms_opt, slug, to_ms};
use tidings_core::channel::{ChannelRow, Filter, SubscriptionRow, Target};
use tidings_core::ids::{ChannelId, ItemId, SectionId, SectionSlug, WatchId};
use tidings_core::item::Item;
use tidings_core::search::SpacedWords;

/// The tables behind [`COLUMNS`], in the order in which they are to be read.
const IN_ORDER: &str = "items CROSS JOIN sections ON sections.id = items.section_id \
     CROSS JOIN sources ON sources.id = items.source_id";

/// Of how many items the words are kept for the next filter: more than a day brings.
const REMEMBERED: usize = 5_000;

/// A channel with everything that decides what it gets.
#[derive(Clone, Debug)]
pub struct DueChannel {
    /// The channel.
    pub channel: ChannelRow,
    /// All its subscriptions, whether due or not.
    pub subscriptions: Vec<SubscriptionRow>,
    /// Whether there are items beyond a cursor that it has already.
    pub has_exceptions: bool,
}

/// The items of one subscription that a channel hasn't had.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// What is followed.
    pub target: Target,
    /// Sections that `all` leaves to subscriptions of their own, sorted.
    pub except: Vec<SectionId>,
    /// Items beyond this push order.
    pub after: i64,
    /// Which of them are wanted; `None` wants all.
    pub filter: Option<Filter>,
}

/// What of the items decides what a channel gets.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// What is served.
    pub windows: &'s [Window],
    /// For a channel with watches: those that aren't served now.
    pub waiting: Option<&'s [Window]>,
    /// Items up to this push order.
    pub up_to: i64,
    /// The channel whose exceptions count.
    pub exceptions_of: Option<ChannelId>,
    /// What it isn't told.
    pub untold: &'s Untold,
}

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

/// Adds channels that aren't there yet.
fn add_channels(
    found: &mut Vec<ChannelId>,
    rows: impl Iterator<Item = rusqlite::Result<ChannelId>>,
) -> Result<(), StoreError> {
    for row in rows {
        let id = row?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(())
}

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

/// What of some windows a channel isn't told, and what reports bring it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// Items that are left out, ascending.
    pub left_out: Vec<i64>,
    /// Items that reports bring, with the section in which.
    pub brought: Vec<(i64, SectionId)>,
}

impl ReadTx<'_> {
    /// When the next channel of a platform is due.
    pub fn next_due(&self, platform: &str) -> Result<Option<Timestamp>, StoreError> {
        let due = self
            .conn
            .prepare_cached(
                "SELECT min(due_at) FROM channels WHERE platform = ?1 AND due_at IS NOT NULL",
            )?
            .query_row([platform], |row| row.get(0))?;
        from_ms_opt(due)
    }

    /// Channels of a platform whose time has come, the longest overdue first.
    pub fn due_channels(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<ChannelId>, StoreError> {
        self.conn
            .prepare_cached(
                "SELECT id FROM channels WHERE platform = ?1 AND due_at IS NOT NULL AND due_at <= ?2
                 ORDER BY due_at LIMIT ?3",
            )?
            .query_map(params![platform, to_ms(now), limit], |row| {
                row.get(0).map(ChannelId::new)
            })?
            .map(|row| Ok(row?))
            .collect()
    }

    /// Channels of a platform that follow something as it comes at a moment and haven't had its newest item.
    pub fn instant_channels(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<ChannelId>, StoreError> {
        let mut found = Vec::new();
        let newest: Vec<(i64, i64)> = self
            .conn
            .prepare_cached(
                "SELECT 0, value FROM facts WHERE name = 'last_push_order' UNION ALL
                 SELECT id, (SELECT max(push_order) FROM items WHERE section_id = sections.id
                             AND push_order IS NOT NULL)
                 FROM sections WHERE EXISTS (SELECT 1 FROM items WHERE section_id = sections.id
                             AND push_order IS NOT NULL) UNION ALL
                 SELECT section_id, max(push_order) FROM reports WHERE push_order IS NOT NULL GROUP BY section_id",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT channel_id FROM subscriptions
             WHERE platform = ?1 AND section_id = ?2 AND cursor < ?3 AND instant = 1 AND paused = 0
                 AND (open_until IS NULL OR open_until > ?5)
             LIMIT ?4",
        )?;
        for (section, push_order) in newest {
            if found.len() >= limit {
                break;
            }
            let rows = statement.query_map(
                params![
                    platform,
                    section,
                    push_order,
                    limit - found.len(),
                    to_ms(now)
                ],
                |row| row.get(0).map(ChannelId::new),
            )?;
            add_channels(&mut found, rows)?;
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT channel_id FROM watches CROSS JOIN subscriptions ON section_id = -watches.id
             WHERE pending = 1 AND platform = ?1 AND cursor < newest AND instant = 1 AND paused = 0
                 AND (open_until IS NULL OR open_until > ?3)
             LIMIT ?2",
        )?;
        let values = params![platform, limit - found.len(), to_ms(now)];
        let rows = statement.query_map(values, |row| row.get(0).map(ChannelId::new))?;
        add_channels(&mut found, rows)?;
        Ok(found)
    }

    /// A channel with its subscriptions; `None` if it was forgotten meanwhile.
    pub fn due_channel(&self, id: ChannelId) -> Result<Option<DueChannel>, StoreError> {
        let Some(channel) = self.channel_by_id(id)? else {
            return Ok(None);
        };
        Ok(Some(DueChannel {
            subscriptions: self.subscriptions(id)?,
            has_exceptions: self
                .conn
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM delivered WHERE channel_id = ?1)")?
                .query_row([id.get()], |row| row.get(0))?,
            channel,
        }))
    }

    /// When the first item was seen that a subscription wants and that lies between its cursor and a push order.
    pub fn first_seen(
        &self,
        subscription: &SubscriptionRow,
        up_to: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let section = subscription.target.section();
        let scope = match subscription.target {
            Target::Section(_) => "section_id = ?3".to_owned(),
            Target::All => "?3 IS NULL".to_owned(),
            Target::Watch(id) => format!("?3 IS NULL AND {}", found_by(id, "items")),
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT items.seen_at, items.id, items.title, items.summary, sections.slug AS section FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             WHERE {scope} AND push_order > ?1 AND push_order <= ?2 ORDER BY push_order"
        ))?;
        let section = section.map(SectionId::get);
        let mut rows = statement.query(params![subscription.cursor, up_to, section])?;
        while let Some(row) = rows.next()? {
            if self.is_wanted(subscription.filter.as_ref(), row)? {
                return from_ms_opt(row.get("seen_at")?);
            }
        }
        Ok(None)
    }

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
                    "1",
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

    /// Whether a filter wants the item of a row, which has its `id`, `title`, `summary` and `section`.
    fn is_wanted(&self, filter: Option<&Filter>, row: &Row<'_>) -> Result<bool, StoreError> {
        let Some(filter) = filter else {
            return Ok(true);
        };
        let words = self.remembered.words(row)?;
        Ok(filter.wants(&words, &slug(row.get("section")?)?))
    }

    /// Takes the item of a row of [`ReadTx::each_new`], if a filter wants it.
    fn take(
        &self,
        row: &Row<'_>,
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
            "SELECT sections.slug, count(*) FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             WHERE {condition} GROUP BY items.section_id"
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
        mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare(&format!(
            "SELECT {COLUMNS}, items.beyond, items.push_order FROM {IN_ORDER} WHERE {}",
            scope.condition(window, "items")
        ))?;
        let mut rows = statement.query(scope.values(window))?;
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

impl Scope<'_> {
    /// What SQL says of what is new in a window: `items`, or `reports` with the items that they are of.
    fn condition(&self, window: &Window, told: &str) -> String {
        let joined = |ids: &mut dyn Iterator<Item = i64>| {
            let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
            ids.join(",")
        };
        let target = match window.target {
            Target::Section(id) => format!("{told}.section_id = {id}"),
            Target::All if window.except.is_empty() => "1".to_owned(),
            Target::All => {
                let ids = joined(&mut window.except.iter().map(|id| id.get()));
                format!("{told}.section_id NOT IN ({ids})")
            }
            Target::Watch(id) => found_by(id, told),
        };
        let left_out = match self.untold.left_out.as_slice() {
            [] => String::new(),
            ids => {
                let ids = joined(&mut ids.iter().copied());
                format!(" AND items.id NOT IN ({ids})")
            }
        };
        format!(
            "{target} AND {told}.push_order > ?1 AND {told}.push_order <= ?2 AND items.removed = 0
             AND (?3 IS NULL OR NOT EXISTS
                  (SELECT 1 FROM delivered WHERE channel_id = ?3 AND item_id = items.id)){left_out}"
        )
    }

    fn values(&self, window: &Window) -> (i64, i64, Option<i64>) {
        let channel = self.exceptions_of.map(ChannelId::get);
        (window.after, self.up_to, channel)
    }
}

impl Remembered {
    /// The words of the item of a row, which has its `id`, `title` and `summary`.
    fn words(&self, row: &Row<'_>) -> Result<Rc<SpacedWords>, StoreError> {
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

/// What SQL says of what a watch found beyond a push order.
fn found_by(watch: WatchId, told: &str) -> String {
    format!(
        "{told}.push_order IN (SELECT push_order FROM watched WHERE watch_id = {watch} AND push_order > ?1)"
    )
}

impl WriteTx<'_> {
    /// Notes what a composed post shows of some windows, or counts among “N more”; `post` is its first part.
    pub fn note_shown(
        &self,
        post: i64,
        scope: Scope<'_>,
        new: &NewItems,
    ) -> Result<(), StoreError> {
        // What filters and watches let through was looked at one by one.
        let whole = |window: &&Window| scope.waiting.is_none() && window.filter.is_none();
        for window in scope.windows.iter().filter(whole) {
            let (after, up_to, channel) = scope.values(window);
            self.conn
                .prepare_cached(&format!(
                    "INSERT OR IGNORE INTO shown (post, item_id) SELECT ?4, items.id FROM items WHERE {}",
                    scope.condition(window, "items")
                ))?
                .execute(params![after, up_to, channel, post])?;
        }
        let mut note = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO shown (post, item_id) VALUES (?1, ?2)")?;
        let brought = scope.untold.brought.iter().map(|(item, _)| *item);
        for item in brought.chain(new.got.iter().map(|(item, _)| item.get())) {
            note.execute([post, item])?;
        }
        Ok(())
    }

    /// Stores one message's worth of wire text, to be shared by all channels that get it.
    pub fn add_part(&self, wire: &str) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached("INSERT INTO parts (wire) VALUES (?1)")?
            .execute([wire])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Notes what a channel with watches has got, as far as another of its subscriptions could bring it again.
    pub fn note_got(&self, channel: ChannelId, got: &[(ItemId, i64)]) -> Result<(), StoreError> {
        let mut note = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO delivered (channel_id, item_id) SELECT ?1, ?2 WHERE EXISTS (
                 SELECT 1 FROM subscriptions WHERE channel_id = ?1 AND cursor < ?3
                 AND (section_id IN (0, (SELECT section_id FROM items WHERE id = ?2))
                      OR EXISTS (SELECT 1 FROM watched WHERE watch_id = -section_id AND push_order = ?3)))",
        )?;
        for (item, push_order) in got {
            note.execute([channel.get(), item.get(), *push_order])?;
        }
        Ok(())
    }

    /// Puts a post's parts into the outbox for a channel.
    pub fn enqueue(
        &self,
        channel: &ChannelRow,
        parts: &[i64],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO deliveries (channel_id, platform, part_id, state, not_before_at, created_at, post_id)
             VALUES (?1, ?2, ?3, 'pending', ?4, ?4, ?5)",
        )?;
        let mut first: Option<i64> = None;
        for part in parts {
            insert.execute(params![
                channel.id.get(),
                channel.key.platform(),
                part,
                to_ms(now),
                first
            ])?;
            first = first.or_else(|| Some(self.conn.last_insert_rowid()));
        }
        Ok(())
    }

    /// Ends a channel's turn: notes its roundup, if there was one, and when it is due next.
    pub fn end_turn(
        &self,
        due: &DueChannel,
        roundup_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let id = due.channel.id;
        for watch in due
            .subscriptions
            .iter()
            .filter_map(|row| row.target.watch())
        {
            self.watch_is_served(watch)?;
        }
        if due.has_exceptions {
            self.conn.execute(
                "DELETE FROM delivered WHERE channel_id = ?1 AND item_id NOT IN (
                     SELECT items.id FROM items WHERE items.push_order >
                         (SELECT min(cursor) FROM subscriptions WHERE channel_id = ?1))",
                [id.get()],
            )?;
        }
        self.conn
            .prepare_cached(&format!(
                "UPDATE channels SET last_roundup_at = coalesce(?2, last_roundup_at), due_at = {DUE_AT}
                 WHERE id = ?1"
            ))?
            .execute(params![id.get(), roundup_at.map(to_ms)])?;
        Ok(())
    }
}
