//! Stories: which item's story a new one joins, and what other sources say of it (design.md, “Stories”). Whether two items
//! tell one story is decided in core; here is what is asked about, and what is kept of the answer.
//!
//! Items of the last six days are found by the rare words, names and figures that they hold: an index, so that what a new
//! item costs doesn't grow with the archive.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::engine::{OptionalExtension, Param, ToParam, array, params};
use jiff::Timestamp;

use super::merging::FiledIn;
use super::{ReadTx, Remembered, StoreError, WriteTx};
use tidings_core::ids::{ItemId, SourceId};
use tidings_core::item::story::{Candidate, Features, Key, Unknown, WINDOW_SECONDS, join};
use tidings_core::item::{Item, Report, Telling};
use tidings_core::search::Query;

/// Items that share keys with a new one and are compared with it, those that share the most first: more are alike only
/// where dozens say nearly the same, and then any of them leads to the story.
const CANDIDATES: usize = 12;

/// Of each key the newest items that hold it. A word that more items hold in six days tells little, but a story that a
/// hundred tell is to be found all the same.
const HOLDERS: usize = 16;

/// Of how many items a transaction remembers what they say.
const REMEMBERED: usize = 2_000;

/// What two items share at least that are compared: two keys, or more of those that many items hold.
const SHARED: usize = 2 * RARE;

/// How much a key counts that fewer than [`HOLDERS`] items hold, beside one that more do.
const RARE: usize = 2;

/// Names of an item that earlier ones are looked for by.
const NAMES: usize = 6;

/// A name that so many items hold is no rare one.
const COMMON_NAME: usize = 40;

/// Items that one transaction drops from the index.
const FORGOTTEN: usize = 500;

/// When a report is handed to subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReportPush {
    /// It is only to be read.
    Never,
    /// At this place in their order.
    At(i64),
    /// As soon as the item that it is of is, which waits for its editors.
    WithItem,
}

/// The items of a story beside one of them, and what is said of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tellers {
    /// Other items of the story, in the order in which they came: number, title and the name of the source.
    pub items: Vec<(ItemId, String, String)>,
    /// What other sources say of the item itself.
    pub reports: Vec<Report>,
}

impl ReadTx<'_> {
    /// What other sources say of an item, in the order in which they came.
    pub fn reports(&self, item: ItemId) -> Result<Vec<Report>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sources.name, reports.link FROM reports JOIN sources ON sources.id = reports.source_id
             WHERE reports.item_id = ?1 ORDER BY reports.seen_at, reports.source_id",
        )?;
        let reports = statement.query_map([item.get()], |row| {
            Ok(Report {
                source: row.get(0)?,
                link: row.get(1)?,
            })
        })?;
        reports.map(|report| Ok(report?)).collect()
    }

    /// Who else tells an item's story, or of the item itself.
    pub fn tellers(&self, item: ItemId) -> Result<Tellers, StoreError> {
        let leader = self.leader(item.get())?;
        let mut statement = self.conn.prepare_cached(
            "SELECT items.id, items.title, sources.name FROM items JOIN sources ON sources.id = items.source_id
             WHERE (items.id = ?1 OR items.story = ?1) AND items.id <> ?2 AND items.removed = 0 ORDER BY items.id",
        )?;
        let items = statement.query_map([leader, item.get()], |row| {
            Ok((ItemId::new(row.get(0)?), row.get(1)?, row.get(2)?))
        })?;
        Ok(Tellers {
            items: items.collect::<Result<_, _>>()?,
            reports: self.reports(item)?,
        })
    }

    /// Earlier items about the rarest of some names, the newest first. A name that very many items hold tells nothing.
    pub fn before(
        &self,
        item: &Item,
        names: &[&str],
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found: Vec<(usize, Vec<Item>)> = Vec::new();
        for name in names.iter().take(NAMES) {
            // As it is written: what only begins so is looked for in very many words, and there may be a million items.
            let Some(query) = Query::parse(name) else {
                continue;
            };
            let looked = self.attempt(|| {
                if self.are_plainly(COMMON_NAME, &query, item.place)? {
                    return Ok(Vec::new());
                }
                self.search(&query, item.place, COMMON_NAME)
            });
            let items = match looked {
                // So common a name tells nothing, and the item is shown without it.
                Err(StoreError::TooMuch) => break,
                found => found?,
            };
            if !items.is_empty() && items.len() < COMMON_NAME {
                found.push((items.len(), items));
            }
        }
        found.sort_by_key(|(count, _)| *count);
        let mut before: Vec<Item> = Vec::new();
        for (_, items) in found {
            for earlier in items {
                let is_told = earlier.story == item.story || earlier.place.rank <= item.place.rank;
                if !is_told && before.iter().all(|known| known.id != earlier.id) {
                    before.push(earlier);
                }
            }
            if before.len() >= most {
                break;
            }
        }
        before.sort_unstable_by_key(|item| item.place);
        before.truncate(most);
        Ok(before)
    }

    /// The item that leads an item's story for readers: where they don't see the one that does, the first that they see.
    pub fn leads(&self, item: &Item) -> Result<ItemId, StoreError> {
        if item.story == item.id {
            return Ok(item.id);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM items WHERE (id = ?1 OR story = ?1) AND removed = 0 ORDER BY id <> ?1, id LIMIT 1",
        )?;
        let found = statement.query_row([item.story.get()], |row| row.get(0));
        Ok(found.optional()?.map_or(item.id, ItemId::new))
    }

    fn leader(&self, item: i64) -> Result<i64, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT coalesce(story, id) FROM items WHERE id = ?1")?;
        let leader = statement.query_row([item], |row| row.get(0)).optional()?;
        Ok(leader.unwrap_or(item))
    }

    /// Whether there is something that [`WriteTx::forget_tellings`] drops.
    pub fn has_old_tellings(&self, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM tellings WHERE moment < ?1")?;
        Ok(statement.exists([begin_of_window(now)])?)
    }

    fn features(&self, item: i64) -> Result<Option<Arc<Features>>, StoreError> {
        if let Some(known) = self.remembered.features.borrow().get(&item) {
            return Ok(Some(known.clone()));
        }
        let mut statement = self
            .conn
            .prepare_cached("SELECT features FROM tellings WHERE item_id = ?1")?;
        let text: Option<String> = statement.query_row([item], |row| row.get(0)).optional()?;
        let Some(text) = text else {
            return Ok(None);
        };
        let features = Arc::new(read_features(text)?);
        self.remembered.tell(item, Arc::clone(&features));
        Ok(Some(features))
    }

    /// The item whose story a new one joins: the leader of the best match's.
    fn story_of(&self, new: &Features, keys: &[Key]) -> Result<Option<i64>, StoreError> {
        let mut shared: HashMap<i64, usize> = HashMap::new();
        for found in self.holders_of(keys)? {
            let weight = if found.len() < HOLDERS { RARE } else { 1 };
            for item in found {
                *shared.entry(item).or_default() += weight;
            }
        }
        let mut near: Vec<(usize, i64)> = shared
            .into_iter()
            .filter(|(_, count)| *count >= SHARED)
            .map(|(item, count)| (count, item))
            .collect();
        // Of those that share as many, the one that came first.
        near.sort_unstable_by_key(|(count, item)| (std::cmp::Reverse(*count), *item));
        near.truncate(CANDIDATES);
        let items: Vec<i64> = near.iter().map(|(_, item)| *item).collect();
        let leaders = self.foresee_tellings(&items)?;
        let mut known: Vec<(i64, Arc<Features>, Option<Arc<Features>>)> =
            Vec::with_capacity(near.len());
        for (_, item) in near {
            let Some(features) = self.features(item)? else {
                continue;
            };
            let leader = match leaders.get(&item) {
                Some(leader) => *leader,
                None => self.leader(item)?,
            };
            let leading = match leader == item {
                true => None,
                false => self.features(leader)?,
            };
            known.push((leader, features, leading));
        }
        let candidates = known.iter().map(|(_, item, leader)| Candidate {
            item,
            leader: leader.as_ref().unwrap_or(item),
        });
        Ok(join(new, candidates, &Unknown).map(|at| known[at].0))
    }

    /// The newest items that hold each of these keys.
    fn holders_of(&self, keys: &[Key]) -> Result<Vec<Vec<i64>>, StoreError> {
        if self.conn.is_server() {
            // Each look is a journey to a server and back.
            let mut holders: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
            let mut statement = self.conn.prepare_cached(
                "SELECT wanted.key, held.item_id FROM unnest(CAST(?1 AS bigint[])) AS wanted(key), LATERAL (
                     SELECT item_id FROM telling_keys WHERE telling_keys.key = wanted.key
                     ORDER BY item_id DESC LIMIT ?2) AS held",
            )?;
            let mut rows =
                statement.query(params![array(keys.iter().map(|key| key.0)), HOLDERS])?;
            while let Some(row) = rows.next()? {
                holders.entry(row.get(0)?).or_default().push(row.get(1)?);
            }
            return Ok(holders.into_values().collect());
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT item_id FROM telling_keys WHERE key = ?1 ORDER BY item_id DESC LIMIT ?2",
        )?;
        let mut holders = Vec::with_capacity(keys.len());
        for key in keys {
            let found = statement.query_map(params![key.0, HOLDERS], |row| row.get(0))?;
            holders.push(found.collect::<Result<_, _>>()?);
        }
        Ok(holders)
    }

    /// Reads at once what items and the leaders of their stories say, where each look is a journey to a server and back. Returns
    /// which leads which.
    fn foresee_tellings(&self, items: &[i64]) -> Result<HashMap<i64, i64>, StoreError> {
        if !self.conn.is_server() || items.is_empty() {
            return Ok(HashMap::new());
        }
        let items = array(items.iter().copied());
        let mut statement = self.conn.prepare_cached(
            "SELECT id, coalesce(story, id) FROM items WHERE id = ANY (CAST(?1 AS bigint[]))",
        )?;
        let found = statement.query_map([items], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let leaders: HashMap<i64, i64> = found.collect::<Result<_, _>>()?;
        let unknown = {
            let known = self.remembered.features.borrow();
            let named = leaders.iter().flat_map(|(item, leader)| [*item, *leader]);
            let unknown: BTreeSet<i64> = named.filter(|item| !known.contains_key(item)).collect();
            unknown
        };
        if unknown.is_empty() {
            return Ok(leaders);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT item_id, features FROM tellings WHERE item_id = ANY (CAST(?1 AS bigint[]))",
        )?;
        let found = statement.query_map([array(unknown)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in found {
            let (item, text) = row?;
            self.remembered.tell(item, Arc::new(read_features(text)?));
        }
        Ok(leaders)
    }
}

impl Remembered {
    fn tell(&self, item: i64, features: Arc<Features>) {
        let mut known = self.features.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(item, features);
    }
}

fn read_features(text: String) -> Result<Features, StoreError> {
    serde_json::from_str(&text).map_err(|_| StoreError::unexpected("what an item says", text))
}

/// The row that says that an item holds a key.
fn held<'k>(key: &'k Key, item: &'k i64) -> Vec<Param<'k>> {
    vec![key.0.to_param(), item.to_param()]
}

/// What was said before it can't be the beginning of a story any more, in seconds since 1970.
fn begin_of_window(now: Timestamp) -> i64 {
    let window = i64::try_from(WINDOW_SECONDS).unwrap_or(i64::MAX);
    now.as_second().saturating_sub(window)
}

impl WriteTx<'_> {
    /// Finds the story of an item that has just been stored, and has later ones find it.
    pub(super) fn tell(&self, item: i64, telling: &Telling) -> Result<(), StoreError> {
        let keys = telling.features.keys(&Unknown);
        if let Some(leader) = self.story_of(&telling.features, &keys)? {
            self.conn
                .prepare_cached("UPDATE items SET story = ?2 WHERE id = ?1")?
                .execute([item, leader])?;
        }
        self.index(item, telling, &keys)
    }

    /// Has later items find what one says.
    fn index(&self, item: i64, telling: &Telling, keys: &[Key]) -> Result<(), StoreError> {
        let Telling { features, moment } = telling;
        self.remembered.tell(item, Arc::clone(features));
        let text = serde_json::to_string(&**features)
            .map_err(|error| StoreError::unexpected("what an item says", error))?;
        self.conn
            .prepare_cached("INSERT INTO tellings (item_id, moment, features) VALUES (?1, ?2, ?3)")?
            .execute(params![item, moment, text])?;
        self.conn
            .prepare_cached(
                "INSERT INTO telling_keys (key, item_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute_each(keys.iter().map(|key| held(key, &item)))?;
        Ok(())
    }

    /// Notes what a source says of another one's item: the first time that it does. Returns whether it is that.
    pub(super) fn report(
        &self,
        item: i64,
        source: SourceId,
        filed_in: FiledIn,
        link: Option<&str>,
        now: i64,
        push: ReportPush,
    ) -> Result<bool, StoreError> {
        let push_order = match push {
            ReportPush::At(order) => Some(order),
            ReportPush::Never | ReportPush::WithItem => None,
        };
        let added = self
            .conn
            .prepare_cached(
                "INSERT INTO reports (item_id, source_id, link, section_id, seen_at, push_order, came_by, waits)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                item,
                source.get(),
                link,
                filed_in.section,
                now,
                push_order,
                filed_in.came_by,
                push == ReportPush::WithItem
            ])?;
        Ok(added > 0)
    }

    /// An item that waited for its editors is news: so are the reports of it that waited with it, behind a place in the push
    /// order, where readers see their sections. Returns the last place.
    pub(super) fn push_waiting_reports(&self, item: i64, after: i64) -> Result<i64, StoreError> {
        let mut waiting = self.conn.prepare_cached(
            "SELECT reports.source_id, sections.hidden FROM reports JOIN sections ON sections.id = reports.section_id
             WHERE reports.item_id = ?1 AND reports.waits = 1 ORDER BY reports.seen_at, reports.source_id",
        )?;
        let waiting = waiting.query_map([item], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let waiting: Vec<(i64, bool)> = waiting.collect::<Result<_, _>>()?;
        let mut last = after;
        for (source, is_hidden) in waiting {
            let order = (!is_hidden).then_some(last + 1);
            last = order.unwrap_or(last);
            self.conn
                .prepare_cached(
                    "UPDATE reports SET waits = 0, push_order = ?3 WHERE item_id = ?1 AND source_id = ?2",
                )?
                .execute(params![item, source, order])?;
        }
        Ok(last)
    }

    /// Puts back which item leads an item's story.
    pub(super) fn restore_story(
        &self,
        item: i64,
        leader: i64,
        telling: Option<&Telling>,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE items SET story = nullif(?2, ?1) WHERE id = ?1")?
            .execute([item, leader])?;
        match telling {
            Some(telling) => self.index(item, telling, &telling.features.keys(&Unknown)),
            None => Ok(()),
        }
    }

    /// Later items find again what one says that was taken out, and may wait for its editors now; what is too old for that is
    /// dropped as ever.
    pub(super) fn tell_again(&self, id: ItemId) -> Result<(), StoreError> {
        let mut known = self
            .conn
            .prepare_cached("SELECT 1 FROM tellings WHERE item_id = ?1")?;
        if known.exists([id.get()])? {
            return Ok(());
        }
        let mut said = self.conn.prepare_cached(
            "SELECT items.title, items.summary, sources.name, items.rank FROM items
             JOIN sources ON sources.id = items.source_id WHERE items.id = ?1",
        )?;
        let telling = said.query_row([id.get()], |row| {
            let (title, summary, source): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let moment = -row.get::<_, i64>(3)?;
            let features = Arc::new(Features::of(&title, &summary, &source, moment));
            Ok(Telling { features, moment })
        })?;
        self.index(id.get(), &telling, &telling.features.keys(&Unknown))
    }

    /// An item is taken out: the next one of its story leads from now on.
    pub(super) fn hand_over(&self, item: i64) -> Result<(), StoreError> {
        let next: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT id FROM items WHERE story = ?1 AND removed = 0 ORDER BY id LIMIT 1",
            )?
            .query_row([item], |row| row.get(0))
            .optional()?;
        if let Some(next) = next {
            // Its own as well: who got it has got the story.
            self.conn.execute(
                "UPDATE items SET story = nullif(?2, id) WHERE story = ?1 OR id = ?1",
                [item, next],
            )?;
        }
        self.forget_telling(item)
    }

    /// Drops some of what items said that are too old for anything to join their stories.
    pub fn forget_tellings(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT item_id FROM tellings WHERE moment < ?1 LIMIT ?2")?;
        let old =
            statement.query_map(params![begin_of_window(now), FORGOTTEN], |row| row.get(0))?;
        let old: Vec<i64> = old.collect::<Result<_, _>>()?;
        for item in &old {
            self.forget_telling(*item)?;
        }
        Ok(())
    }

    fn forget_telling(&self, item: i64) -> Result<(), StoreError> {
        let Some(features) = self.features(item)? else {
            return Ok(());
        };
        let keys = features.keys(&Unknown);
        self.conn
            .prepare_cached("DELETE FROM telling_keys WHERE key = ?1 AND item_id = ?2")?
            .execute_each(keys.iter().map(|key| held(key, &item)))?;
        self.remembered.features.borrow_mut().remove(&item);
        self.conn
            .prepare_cached("DELETE FROM tellings WHERE item_id = ?1")?
            .execute([item])?;
        Ok(())
    }
}
