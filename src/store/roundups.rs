//! Who is due, what is new for them, and the outbox's beginning.

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::items::{COLUMNS, read_item};
use super::{Reader, Remembered, StoreError, Writer, from_ms_opt, to_ms};
use tidings_core::channel::{ChannelRow, Filter, SubscriptionRow, Target};
use tidings_core::ids::{ChannelId, ItemId, SectionId, SectionSlug, WatchId};
use tidings_core::item::Item;
use tidings_core::search::SpacedWords;

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

/// What is new for a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewItems {
    /// The newest ones, newest first, at most as many as were asked for.
    pub items: Vec<Item>,
    /// How many there are in all, by section.
    pub counts: Vec<(SectionSlug, usize)>,
    /// How many more filters left out.
    pub left_out: usize,
    /// Of the items those that watches want, with the words of these.
    pub watched: Vec<(ItemId, String)>,
    /// Of those beyond the items what only a watch brings: its section, and the words of the watch.
    pub only_watched: Vec<(SectionSlug, String)>,
    /// For a channel with watches: all that counts as delivered, with its push order.
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

    /// Takes an item that a filter wants; `false` if it doesn't.
    fn take(&mut self, found: Found, filter: Option<&Filter>, limit: usize) -> bool {
        if !found.is_wanted(filter) {
            self.left_out += 1;
            return false;
        }
        self.count(&found.item.section);
        if !found.is_beyond {
            self.items.push(found.item);
            // However many there are, few are in memory.
            if self.items.len() > 2 * limit + 100 {
                self.keep_newest(limit);
            }
        }
        true
    }

    /// Keeps the newest items, newest first.
    fn keep_newest(&mut self, limit: usize) {
        self.items.sort_unstable_by_key(|item| item.place);
        self.items.truncate(limit);
    }
}

fn slug(text: String) -> Result<SectionSlug, StoreError> {
    SectionSlug::from_stored(text).map_err(|text| StoreError::unexpected("a section's slug", text))
}

impl Reader<'_> {
    /// When the next channel of a platform is due.
    ///
    /// # Errors
    /// [`StoreError`].
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
    ///
    /// # Errors
    /// [`StoreError`].
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

    /// Channels of a platform that follow something instantly and haven't had its newest item.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn instant_channels(
        &self,
        platform: &str,
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
                             AND push_order IS NOT NULL)",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT channel_id FROM subscriptions
             WHERE platform = ?1 AND section_id = ?2 AND cursor < ?3 AND instant = 1 AND paused = 0
             LIMIT ?4",
        )?;
        for (section, push_order) in newest {
            if found.len() >= limit {
                break;
            }
            let rows = statement.query_map(
                params![platform, section, push_order, limit - found.len()],
                |row| row.get(0).map(ChannelId::new),
            )?;
            for row in rows {
                let id = row?;
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT channel_id FROM watches CROSS JOIN subscriptions ON section_id = -watches.id
             WHERE pending = 1 AND platform = ?1 AND cursor < newest AND instant = 1 AND paused = 0
             LIMIT ?2",
        )?;
        let rows = statement.query_map(params![platform, limit - found.len()], |row| {
            row.get(0).map(ChannelId::new)
        })?;
        for row in rows {
            let id = row?;
            if !found.contains(&id) {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// A channel with its subscriptions; `None` if it was forgotten meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
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
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn first_seen(
        &self,
        subscription: &SubscriptionRow,
        up_to: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let section = subscription.target.section();
        let scope = match subscription.target {
            Target::Section(_) => "section_id = ?3".to_owned(),
            Target::All => "?3 IS NULL".to_owned(),
            Target::Watch(id) => format!("?3 IS NULL AND {}", found_by(id)),
        };
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT items.seen_at, items.title, items.summary, sections.slug FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             WHERE {scope} AND push_order > ?1 AND push_order <= ?2 ORDER BY push_order"
        ))?;
        let section = section.map(SectionId::get);
        let mut rows = statement.query(params![subscription.cursor, up_to, section])?;
        while let Some(row) = rows.next()? {
            let is_wanted = match &subscription.filter {
                Some(filter) => {
                    let (title, summary): (String, String) = (row.get(1)?, row.get(2)?);
                    let words = SpacedWords::of(&title, &summary);
                    filter.wants(&words, &slug(row.get(3)?)?)
                }
                None => true,
            };
            if is_wanted {
                return from_ms_opt(row.get(0)?);
            }
        }
        Ok(None)
    }

    /// Whether a window can bring anything: a watch may have found nothing.
    ///
    /// # Errors
    /// [`StoreError`].
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

    /// What is new in some windows up to a push order. `exceptions_of` names the channel whose exceptions
    /// count.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn new_items(
        &self,
        windows: &[Window],
        watching: Option<&[Window]>,
        up_to: i64,
        limit: usize,
        exceptions_of: Option<ChannelId>,
    ) -> Result<NewItems, StoreError> {
        let range = Range {
            up_to,
            exceptions_of,
        };
        if let Some(waiting) = watching {
            return self.new_watched(windows, waiting, range, limit);
        }
        let mut new = NewItems::default();
        for window in windows {
            match &window.filter {
                Some(filter) => self.add_filtered(window, filter, range, limit, &mut new)?,
                None => self.add_window(window, range, limit, &mut new)?,
            }
        }
        new.keep_newest(limit);
        Ok(new)
    }

    fn add_window(
        &self,
        window: &Window,
        range: Range,
        limit: usize,
        new: &mut NewItems,
    ) -> Result<(), StoreError> {
        let condition = condition(window);
        let channel = range.exceptions_of.map(ChannelId::get);
        let mut statement = self.conn.prepare(&format!(
            "SELECT sections.slug, count(*) FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             WHERE {condition} GROUP BY items.section_id"
        ))?;
        let mut rows = statement.query(params![window.after, range.up_to, channel])?;
        while let Some(row) = rows.next()? {
            new.counts.push((slug(row.get(0)?)?, row.get(1)?));
        }
        let mut statement = self.conn.prepare(&format!(
            "SELECT {COLUMNS} FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             CROSS JOIN sources ON sources.id = items.source_id
             WHERE {condition} AND items.beyond = 0 ORDER BY items.rank, items.position, items.id LIMIT ?4"
        ))?;
        let mut rows = statement.query(params![window.after, range.up_to, channel, limit])?;
        while let Some(row) = rows.next()? {
            new.items.push(read_item(row)?);
        }
        Ok(())
    }

    fn add_filtered(
        &self,
        window: &Window,
        filter: &Filter,
        range: Range,
        limit: usize,
        new: &mut NewItems,
    ) -> Result<(), StoreError> {
        let condition = condition(window);
        let mut statement = self.conn.prepare(&format!(
            "SELECT {COLUMNS}, items.beyond, items.push_order FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             CROSS JOIN sources ON sources.id = items.source_id
             WHERE {condition}"
        ))?;
        let channel = range.exceptions_of.map(ChannelId::get);
        let mut rows = statement.query(params![window.after, range.up_to, channel])?;
        while let Some(row) = rows.next()? {
            let words = self.remembered.words(row)?;
            if filter.wants(&words, &slug(row.get("section")?)?) {
                new.take(Found::read(row)?, None, limit);
            } else {
                new.left_out += 1;
            }
        }
        Ok(())
    }

    /// Goes through what is new in a window, whatever its filter, in no order.
    fn each_new(
        &self,
        window: &Window,
        range: Range,
        mut take: impl FnMut(Found) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let condition = condition(window);
        let mut statement = self.conn.prepare(&format!(
            "SELECT {COLUMNS}, items.beyond, items.push_order FROM items
             CROSS JOIN sections ON sections.id = items.section_id
             CROSS JOIN sources ON sources.id = items.source_id
             WHERE {condition}"
        ))?;
        let channel = range.exceptions_of.map(ChannelId::get);
        let mut rows = statement.query(params![window.after, range.up_to, channel])?;
        while let Some(row) = rows.next()? {
            take(Found::read(row)?)?;
        }
        Ok(())
    }

    /// What is new for a channel that has watches, of which some aren't served now (`waiting`). What several windows hold
    /// counts once, and what a watch wants comes even if a filter left it out.
    fn new_watched(
        &self,
        windows: &[Window],
        waiting: &[Window],
        range: Range,
        limit: usize,
    ) -> Result<NewItems, StoreError> {
        let mut new = NewItems::default();
        // By what watches each item is wanted, and whether they alone bring it.
        let mut watched: BTreeMap<ItemId, (Vec<WatchId>, bool)> = BTreeMap::new();
        let mut sections: BTreeMap<ItemId, SectionSlug> = BTreeMap::new();
        for window in windows {
            let Some(watch) = window.target.watch() else {
                continue;
            };
            self.each_new(window, range, |found| {
                let id = found.item.id;
                let (watches, _) = watched.entry(id).or_insert((Vec::new(), true));
                watches.push(watch);
                if watches.len() == 1 {
                    new.got.push((id, found.push_order));
                    sections.insert(id, found.item.section.clone());
                    new.take(found, None, limit);
                }
                Ok(())
            })?;
        }
        for window in windows
            .iter()
            .filter(|window| window.target.watch().is_none())
        {
            let filter = window.filter.as_ref();
            self.each_new(window, range, |found| {
                let (id, push_order) = (found.item.id, found.push_order);
                match watched.get_mut(&id) {
                    Some((_, alone)) => *alone &= !found.is_wanted(filter),
                    None if new.take(found, filter, limit) => new.got.push((id, push_order)),
                    None => {}
                }
                Ok(())
            })?;
        }
        new.keep_newest(limit);
        for window in waiting {
            let Some(watch) = window.target.watch() else {
                continue;
            };
            self.each_new(window, range, |found| {
                let (watches, _) = watched.entry(found.item.id).or_default();
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

/// From which push order on nothing counts, and whose exceptions do.
#[derive(Clone, Copy)]
struct Range {
    up_to: i64,
    exceptions_of: Option<ChannelId>,
}

/// An item of a window.
struct Found {
    item: Item,
    /// Whether it only counts, since its source brought too many at once.
    is_beyond: bool,
    push_order: i64,
}

impl Remembered {
    /// The words of an item, of which a row of [`COLUMNS`] tells.
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

impl Found {
    fn read(row: &Row<'_>) -> Result<Found, StoreError> {
        Ok(Found {
            item: read_item(row)?,
            is_beyond: row.get("beyond")?,
            push_order: row.get("push_order")?,
        })
    }

    fn is_wanted(&self, filter: Option<&Filter>) -> bool {
        filter.is_none_or(|filter| {
            let words = SpacedWords::of(&self.item.title, &self.item.summary);
            filter.wants(&words, &self.item.section)
        })
    }
}

/// What SQL says of the items of a window.
fn condition(window: &Window) -> String {
    let scope = match window.target {
        Target::Section(id) => format!("items.section_id = {id}"),
        Target::All if window.except.is_empty() => "1".to_owned(),
        Target::All => {
            let ids: Vec<String> = window.except.iter().map(ToString::to_string).collect();
            format!("items.section_id NOT IN ({})", ids.join(","))
        }
        Target::Watch(id) => found_by(id),
    };
    format!(
        "{scope} AND items.push_order > ?1 AND items.push_order <= ?2 AND items.removed = 0
         AND (?3 IS NULL OR NOT EXISTS
              (SELECT 1 FROM delivered WHERE channel_id = ?3 AND item_id = items.id))"
    )
}

/// What SQL says of what a watch found beyond a push order.
fn found_by(watch: WatchId) -> String {
    format!(
        "items.push_order IN (SELECT push_order FROM watched WHERE watch_id = {watch} AND push_order > ?1)"
    )
}

impl Writer<'_> {
    /// Stores one message's worth of wire text, to be shared by all channels that get it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_part(&self, wire: &str) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached("INSERT INTO parts (wire) VALUES (?1)")?
            .execute([wire])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Notes what a channel with watches has got, as far as another of its subscriptions could bring it again.
    ///
    /// # Errors
    /// [`StoreError`].
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
    ///
    /// # Errors
    /// [`StoreError`].
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
    ///
    /// # Errors
    /// [`StoreError`].
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
            .prepare_cached(
                "UPDATE channels SET last_roundup_at = coalesce(?2, last_roundup_at),
                     due_at = iif(paused_by IS NULL,
                         (SELECT min(next_at) FROM subscriptions WHERE channel_id = ?1), NULL)
                 WHERE id = ?1",
            )?
            .execute(params![id.get(), roundup_at.map(to_ms)])?;
        Ok(())
    }
}
