//! Stories: which item's story a new one joins, and what other sources say of it (design.md, “Stories”). Whether two items
//! tell one story is decided in core; here is what is asked about, and what is kept of the answer.
//!
//! Items of the last six days are found by the rare words, names and figures that they hold (`recent`), so that what a new
//! item costs doesn't grow with the archive. Many are compared on a thread of their own while the next ones are stored.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::thread::{self, Scope, ScopedJoinHandle};

use super::engine::{OptionalExtension, Param, Row, ToParam, array, params};
use jiff::Timestamp;

use super::merging::FiledIn;
use super::recent::{self, Recent};
use super::{ReadTx, StoreError, WriteTx};
use tidings_core::ids::{ItemId, SourceId};
use tidings_core::item::story::{Features, Key, Unknown, WINDOW_SECONDS, best_match, may_lead};
use tidings_core::item::{Draft, Item, Prepared, Report, Saying, Telling};
use tidings_core::search::Query;

/// From so many items on they are compared beside what is stored next: a thread costs as much as five.
const BESIDE: usize = 32;

/// So many are compared at once in a transaction of a server, which ends one that says nothing for a second and a half: long
/// texts take some ten milliseconds each.
const AT_ONCE: usize = 16;

/// Of so many items what their candidates say is read at a time, and stands in memory until all of them are compared.
const READ_TOGETHER: usize = 16;

/// What counts how often something that was said went, or came behind newer items.
const RETOLD: &str = "retold";

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
    /// What other sources say of all of them, of the item itself first.
    pub reports: Vec<Report>,
}

/// A row of a source's name and its link.
fn read_report(row: Row<'_>) -> Result<Report, super::engine::Error> {
    Ok(Report {
        source: row.get(0)?,
        link: row.get(1)?,
    })
}

impl ReadTx<'_> {
    /// What other sources say of an item, in the order in which they came.
    pub fn reports(&self, item: ItemId) -> Result<Vec<Report>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sources.name, reports.link FROM reports JOIN sources ON sources.id = reports.source_id
             WHERE reports.item_id = ?1 ORDER BY reports.seen_at, reports.source_id",
        )?;
        let reports = statement.query_map([item.get()], read_report)?;
        reports.map(|report| Ok(report?)).collect()
    }

    /// Who else tells an item's story, in items of their own or as reports.
    pub fn tellers(&self, item: ItemId) -> Result<Tellers, StoreError> {
        let leader = self.leader(item.get())?;
        let mut statement = self.conn.prepare_cached(
            "SELECT items.id, items.title, sources.name FROM items JOIN sources ON sources.id = items.source_id
             WHERE (items.id = ?1 OR items.story = ?1) AND items.id <> ?2 AND items.removed = 0 ORDER BY items.id",
        )?;
        let items = statement.query_map([leader, item.get()], |row| {
            Ok((ItemId::new(row.get(0)?), row.get(1)?, row.get(2)?))
        })?;
        let mut reported = self.conn.prepare_cached(
            "SELECT sources.name, reports.link FROM items JOIN reports ON reports.item_id = items.id
             JOIN sources ON sources.id = reports.source_id
             WHERE (items.id = ?1 OR items.story = ?1) AND (items.id = ?2 OR items.removed = 0)
             ORDER BY CASE items.id WHEN ?2 THEN 0 ELSE 1 END, reports.seen_at, reports.item_id, reports.source_id",
        )?;
        let reports = reported.query_map([leader, item.get()], read_report)?;
        Ok(Tellers {
            items: items.collect::<Result<_, _>>()?,
            reports: reports
                .map(|report| Ok(report?))
                .collect::<Result<_, StoreError>>()?,
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
}

/// What an item says, as the column has it: on a server as JSON, which programs read that are older than the shorter form and may
/// go on beside this one.
fn written(features: &Features, is_server: bool) -> Result<String, StoreError> {
    if !is_server {
        return Ok(features.written());
    }
    serde_json::to_string(features)
        .map_err(|error| StoreError::unexpected("what an item says", error))
}

/// What an item says, as another store has it, as the column of a server has it.
pub(super) fn for_server(column: &Param<'_>) -> Result<Param<'static>, StoreError> {
    match column {
        Param::Text(text) => {
            let features = read_features(text.clone().into_owned())?;
            Ok(Param::Text(written(&features, true)?.into()))
        }
        other => Err(StoreError::unexpected(
            "what an item says",
            format!("{other:?}"),
        )),
    }
}

fn read_features(text: String) -> Result<Features, StoreError> {
    let read = match text.starts_with('{') {
        true => serde_json::from_str(&text).ok(),
        false => Features::read(&text),
    };
    read.ok_or_else(|| StoreError::unexpected("what an item says", text))
}

/// The keys that an item is found by, as the column has them.
fn read_keys(keys: String) -> Result<Vec<Key>, StoreError> {
    match recent::read(&keys) {
        Some(keys) => Ok(keys),
        None => Err(StoreError::unexpected("what an item is found by", keys)),
    }
}

/// What was said before it can't be the beginning of a story any more, in seconds since 1970.
fn begin_of_window(now: Timestamp) -> i64 {
    let window = i64::try_from(WINDOW_SECONDS).unwrap_or(i64::MAX);
    now.as_second().saturating_sub(window)
}

impl WriteTx<'_> {
    /// What new items are compared with, as it is by now; it is put back once it has been used.
    fn recent(&self) -> Result<Recent, StoreError> {
        // Nobody else writes within this transaction.
        if let Some(recent) = self.recent.take() {
            return Ok(recent);
        }
        let kept = self.shared_recent.lock().take().unwrap_or_default();
        let state = self.known_fact(RETOLD)?.unwrap_or_default();
        let mut recent = match kept.state == state {
            true => kept,
            false => Recent::of_state(state),
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT item_id, keys FROM tellings WHERE item_id > ?1 ORDER BY item_id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![recent.newest(), Recent::room()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        let rows: Vec<(i64, Option<String>)> = rows.collect::<Result<_, _>>()?;
        let old = match rows.iter().any(|(_, keys)| keys.is_none()) {
            true => self.keys_of_old()?,
            false => HashMap::new(),
        };
        for (item, keys) in rows.into_iter().rev() {
            match keys {
                Some(keys) => recent.add(item, &read_keys(keys)?),
                None => {
                    let keys = old.get(&item).map(Vec::as_slice);
                    recent.add(item, keys.unwrap_or_default());
                }
            }
        }
        Ok(recent)
    }

    /// What the newest items of older programs are found by, which kept what those say alone: working it out for all of them
    /// would take too long within a transaction.
    fn keys_of_old(&self) -> Result<HashMap<i64, Vec<Key>>, StoreError> {
        const MOST: usize = 2_000;
        let mut statement = self.conn.prepare_cached(
            "SELECT item_id, features FROM tellings WHERE keys IS NULL ORDER BY item_id DESC LIMIT ?1",
        )?;
        let rows = statement.query_map(params![MOST], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.map(|row| {
            let (item, features) = row?;
            Ok((item, read_features(features)?.keys(&Unknown)))
        })
        .collect()
    }

    /// Files what was found out about some items, in the order in which they came: their stories, and what later ones find
    /// them by.
    fn tell(&self, mut recent: Recent, compared: Vec<Compared>) -> Result<(), StoreError> {
        self.keep(compared.iter().map(|it| &it.said))?;
        let mut matches: Vec<Option<i64>> = Vec::with_capacity(compared.len());
        for some in compared.chunks(READ_TOGETHER) {
            let unread = some.iter().filter(|it| it.same == Same::Unread);
            self.remember(&mut recent, unread.flat_map(|it| it.near.iter().copied()))?;
            matches.extend(some.iter().map(|it| match it.same {
                Same::Known(item) => item,
                Same::Unread => it.best_of(&recent),
            }));
            recent.forget();
        }
        let mut leaders = self.leaders(matches.iter().filter_map(|it| *it))?;
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (it, found) in compared.iter().zip(matches) {
            // One that somebody has taken out meanwhile leads nowhere.
            let Some((found, leader)) =
                found.and_then(|found| Some((found, *leaders.get(&found)?)))
            else {
                continue;
            };
            if leader != found {
                self.remember(&mut recent, [leader])?;
                // What is too old to be compared has nothing against it.
                let leading = recent.features(leader);
                if leading.is_some_and(|leading| !may_lead(leading, &it.features)) {
                    continue;
                }
            }
            leaders.insert(it.said.item, leader);
            joined.push((it.said.item, leader));
        }
        recent.forget();
        self.conn
            .prepare_cached("UPDATE items SET story = ?2 WHERE id = ?1")?
            .execute_each(joined.iter().map(pair))?;
        self.recent.replace(Some(recent));
        Ok(())
    }

    /// Reads what some items say, where that isn't remembered.
    fn remember(
        &self,
        recent: &mut Recent,
        items: impl IntoIterator<Item = i64>,
    ) -> Result<(), StoreError> {
        let unread = items.into_iter();
        let unread = unread.filter(|item| recent.features(*item).is_none());
        let unread: BTreeSet<i64> = unread.collect();
        if unread.is_empty() {
            return Ok(());
        }
        let mut found: Vec<(i64, String)> = Vec::new();
        if self.conn.is_server() {
            // Each look is a journey to a server and back.
            let mut statement = self.conn.prepare_cached(
                "SELECT item_id, features FROM tellings WHERE item_id = ANY (CAST(?1 AS bigint[]))",
            )?;
            let rows =
                statement.query_map([array(unread)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            found = rows.collect::<Result<_, _>>()?;
        } else {
            let mut statement = self
                .conn
                .prepare_cached("SELECT features FROM tellings WHERE item_id = ?1")?;
            for item in unread {
                let features = statement.query_row([item], |row| row.get(0)).optional()?;
                found.extend(features.map(|features| (item, features)));
            }
        }
        for (item, features) in found {
            recent.remember(item, Arc::new(read_features(features)?));
        }
        Ok(())
    }

    /// Which items lead the stories of some; of those that can't be joined any more nothing is said.
    fn leaders(
        &self,
        items: impl IntoIterator<Item = i64>,
    ) -> Result<HashMap<i64, i64>, StoreError> {
        let items: BTreeSet<i64> = items.into_iter().collect();
        if items.is_empty() {
            return Ok(HashMap::new());
        }
        if self.conn.is_server() {
            let mut statement = self.conn.prepare_cached(
                "SELECT items.id, coalesce(items.story, items.id) FROM items JOIN tellings ON tellings.item_id = items.id
                 WHERE items.id = ANY (CAST(?1 AS bigint[]))",
            )?;
            let rows = statement.query_map([array(items)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            return rows.map(|row| Ok(row?)).collect();
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT coalesce(items.story, items.id) FROM items JOIN tellings ON tellings.item_id = items.id
             WHERE items.id = ?1",
        )?;
        let mut leaders = HashMap::new();
        for item in items {
            let leader = statement.query_row([item], |row| row.get(0)).optional()?;
            leaders.extend(leader.map(|leader| (item, leader)));
        }
        Ok(leaders)
    }

    /// Has later items find what one says that came before others.
    fn index(&self, item: i64, features: &Features, keys: &[Key]) -> Result<(), StoreError> {
        self.keep([&Said::of(item, features, keys, self.conn.is_server())?])?;
        self.note_retold()?;
        if let Some(recent) = self.recent.borrow_mut().as_mut() {
            recent.add(item, keys);
        }
        Ok(())
    }

    /// Writes down what items say.
    fn keep<'s>(&self, said: impl IntoIterator<Item = &'s Said>) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO tellings (item_id, moment, features, keys) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute_each(said.into_iter().map(Said::row))?;
        Ok(())
    }

    /// Others, and this process's next transaction, fill their windows anew.
    fn note_retold(&self) -> Result<(), StoreError> {
        if self.is_retold.replace(true) {
            return Ok(());
        }
        let state = self.known_fact(RETOLD)?.unwrap_or_default() + 1;
        self.keep_fact(RETOLD, state)?;
        if let Some(recent) = self.recent.borrow_mut().as_mut() {
            recent.state = state;
        }
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
        saying: Option<&Saying>,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE items SET story = nullif(?2, ?1) WHERE id = ?1")?
            .execute([item, leader])?;
        match saying {
            Some(saying) => self.index(item, &saying.features, &saying.keys),
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
        let features = said.query_row([id.get()], |row| {
            let (title, summary, source): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Features::of(
                &title,
                &summary,
                &source,
                -row.get::<_, i64>(3)?,
            ))
        })?;
        self.index(id.get(), &features, &features.keys(&Unknown))
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
        let mut statement = self
            .conn
            .prepare_cached("SELECT features FROM tellings WHERE item_id = ?1 AND keys IS NULL")?;
        let old = statement.query_row([item], |row| row.get(0)).optional()?;
        if let Some(features) = old {
            // An older program has filed it.
            let keys = read_features(features)?.keys(&Unknown);
            self.conn
                .prepare_cached("DELETE FROM telling_keys WHERE key = ?1 AND item_id = ?2")?
                .execute_each(
                    keys.iter()
                        .map(|key| vec![key.0.to_param(), item.to_param()]),
                )?;
        }
        let gone = self
            .conn
            .prepare_cached("DELETE FROM tellings WHERE item_id = ?1")?
            .execute([item])?;
        if gone > 0 {
            self.recent.take();
            self.note_retold()?;
        }
        Ok(())
    }
}

/// An item that has just been stored, and whose story is looked for.
#[derive(Clone, Copy)]
struct Untold<'d> {
    item: i64,
    draft: &'d Draft,
    telling: &'d Telling,
}

/// What an item says, as its row has it.
struct Said {
    item: i64,
    moment: i64,
    features: String,
    keys: String,
}

impl Said {
    fn of(
        item: i64,
        features: &Features,
        keys: &[Key],
        is_server: bool,
    ) -> Result<Said, StoreError> {
        Ok(Said {
            item,
            moment: features.moment(),
            features: written(features, is_server)?,
            keys: recent::written(keys),
        })
    }

    fn row(&self) -> Vec<Param<'_>> {
        let values: [&dyn ToParam; 4] = [&self.item, &self.moment, &self.features, &self.keys];
        values.into_iter().map(ToParam::to_param).collect()
    }
}

/// What was found out about one without the store.
struct Compared {
    said: Said,
    features: Arc<Features>,
    /// The items that are to be compared with it.
    near: Vec<i64>,
    same: Same,
}

/// Which item tells the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    /// This one, or none.
    Known(Option<i64>),
    /// What some say isn't remembered.
    Unread,
}

impl Compared {
    /// Reads what an item says, compares it with recent ones, and adds it to them.
    fn of(
        untold: Untold<'_>,
        recent: &mut Recent,
        is_server: bool,
    ) -> Result<Compared, StoreError> {
        let Untold {
            item,
            draft,
            telling,
        } = untold;
        let Saying { features, keys } = telling.saying(draft);
        let mut compared = Compared {
            said: Said::of(item, &features, &keys, is_server)?,
            near: recent.near(&keys),
            features: Arc::clone(&features),
            same: Same::Unread,
        };
        if compared
            .near
            .iter()
            .all(|it| recent.features(*it).is_some())
        {
            compared.same = Same::Known(compared.best_of(recent));
        }
        recent.add(item, &keys);
        recent.remember(item, features);
        recent.forget();
        Ok(compared)
    }

    /// The best match among those near to it of which it is remembered what they say.
    fn best_of(&self, recent: &Recent) -> Option<i64> {
        let near = self.near.iter().copied();
        let near = near.filter_map(|item| Some((item, &**recent.features(item)?)));
        let near: Vec<(i64, &Features)> = near.collect();
        let said = near.iter().map(|(_, features)| *features);
        best_match(&self.features, said, &Unknown).map(|at| near[at].0)
    }
}

fn compare_all(
    untold: &[Untold<'_>],
    recent: &mut Recent,
    is_server: bool,
) -> Result<Vec<Compared>, StoreError> {
    let untold = untold.iter();
    untold
        .map(|it| Compared::of(*it, recent, is_server))
        .collect()
}

fn pair((item, leader): &(i64, i64)) -> Vec<Param<'_>> {
    vec![item.to_param(), leader.to_param()]
}

/// Finds the stories of a document's new items, while the next ones are stored.
pub(super) struct Teller<'s, 'e, 'd> {
    scope: &'s Scope<'s, 'e>,
    untold: Vec<Untold<'d>>,
    comparing: Option<Comparing<'s>>,
}

type Comparing<'s> = ScopedJoinHandle<'s, (Recent, Result<Vec<Compared>, StoreError>)>;

impl<'s, 'd: 's> Teller<'s, '_, 'd> {
    pub(super) fn new<'e>(scope: &'s Scope<'s, 'e>) -> Teller<'s, 'e, 'd> {
        Teller {
            scope,
            untold: Vec::new(),
            comparing: None,
        }
    }

    /// Adds an item that was stored last.
    pub(super) fn add(&mut self, item: i64, prepared: &'d Prepared) {
        let draft = &prepared.draft;
        let telling = prepared.telling.as_deref();
        self.untold.extend(telling.map(|telling| Untold {
            item,
            draft,
            telling,
        }));
    }

    /// Begins with those that were added.
    pub(super) fn begin(&mut self, writer: &WriteTx<'_>) -> Result<(), StoreError> {
        self.end(writer)?;
        let untold = std::mem::take(&mut self.untold);
        if untold.is_empty() {
            return Ok(());
        }
        let is_server = writer.conn.is_server();
        if !is_server && untold.len() >= BESIDE {
            let (theirs, mut recent) = (untold.clone(), writer.recent()?);
            let beside = move || {
                let compared = compare_all(&theirs, &mut recent, is_server);
                (recent, compared)
            };
            let thread = thread::Builder::new().name("stories".to_owned());
            if let Ok(comparing) = thread.spawn_scoped(self.scope, beside) {
                self.comparing = Some(comparing);
                return Ok(());
            }
        }
        let at_once = if is_server { AT_ONCE } else { untold.len() };
        for some in untold.chunks(at_once) {
            let mut recent = writer.recent()?;
            let compared = compare_all(some, &mut recent, is_server)?;
            writer.tell(recent, compared)?;
        }
        Ok(())
    }

    /// Ends with those that were begun with.
    pub(super) fn end(&mut self, writer: &WriteTx<'_>) -> Result<(), StoreError> {
        let Some(comparing) = self.comparing.take() else {
            return Ok(());
        };
        match comparing.join() {
            Ok((recent, compared)) => writer.tell(recent, compared?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use std::sync::Arc;

    use serde_json::Value;
    use tidings_core::ids::SectionSlug;
    use tidings_core::item::{FeedId, Published};
    use tidings_core::section::{Discovered, Placement};

    use super::*;
    use crate::filing::Batch;
    use crate::prepared::Filing;
    use crate::{OpenMode, Store};

    /// Labelled items of many stories, in the order of time.
    const STREAM: &str = include_str!("../../tests/it/stories/stream.jsonl");

    fn drafts() -> Vec<Prepared> {
        let section = Arc::new(Discovered {
            slug: SectionSlug::from_heading("News").unwrap(),
            title: "News".to_owned(),
        });
        let rows = STREAM.lines().zip(0..).map(|(line, at)| {
            let row: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let moment: Timestamp = text("published").parse().unwrap();
            let draft = Draft {
                title: text("title"),
                summary: text("summary"),
                ..Draft::default()
            };
            let now = moment.as_second();
            Prepared {
                title_is_made: false,
                id: FeedId::Own(at.to_string()),
                written: None,
                published: Published::Time(moment),
                placement: Placement::New(Arc::clone(&section)),
                title_key: at,
                old_title_key: None,
                link_key: None,
                words: String::new(),
                telling: Telling::of(&draft, &text("source"), now, now).map(Box::new),
                draft,
            }
        });
        rows.collect()
    }

    /// Files items as one document; returns nothing but what a transaction does.
    fn file(store: &Store, name: &str, drafts: &[Prepared]) {
        let filed = store.blocking().write(|db| {
            let mut batch = Batch::new(db, Timestamp::UNIX_EPOCH)?;
            let filing = Filing::plain(db.source("feed")?.id, name, drafts);
            let filed = batch.file(&filing, &|_, _, _| true)?;
            batch.finish()?;
            Ok::<_, StoreError>(filed)
        });
        assert_eq!(filed.unwrap().unwrap().new, drafts.len());
    }

    /// Which item leads each one's story.
    fn leaders(store: &Store) -> Vec<i64> {
        let leaders = store.blocking().read(|db| {
            let mut all = db
                .conn
                .prepare_cached("SELECT coalesce(story, id) FROM items ORDER BY id")?;
            let all = all.query_map([], |row| row.get(0))?;
            all.map(|leader| Ok::<i64, StoreError>(leader?)).collect()
        });
        leaders.unwrap()
    }

    #[test]
    fn stories_are_the_same_however_their_items_are_filed() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| Store::open(&folder.path().join(name), OpenMode::Work).unwrap();
        let drafts = drafts();
        // Compared beside what is stored next.
        let store = open("at once");
        file(&store, "all", &drafts);
        let at_once = leaders(&store);
        let joined = at_once
            .iter()
            .zip(1..)
            .filter(|(leader, id)| **leader != *id);
        assert!(joined.count() > 50);
        // By two processes, of which each begins anew once.
        let mut processes = [open("in turns"), open("in turns")];
        for (at, draft) in drafts.iter().enumerate() {
            if at % 97 == 0 {
                processes[at / 97 % 2] = open("in turns");
            }
            let process = &processes[at % 3 / 2];
            file(process, &at.to_string(), std::slice::from_ref(draft));
        }
        assert_eq!(leaders(&processes[0]), at_once);
        // Of what an older program has filed it is worked out what it is found by.
        let store = open("older");
        file(&store, "first", &drafts[..100]);
        let older = store.blocking().write(|db| {
            let forgotten = db.conn.execute("UPDATE tellings SET keys = NULL", [])?;
            let mut rows = db
                .conn
                .prepare_cached("SELECT item_id, features FROM tellings")?;
            let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let rows: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
            for (item, features) in rows {
                let json = for_server(&Param::Text(features.into()))?;
                assert!(matches!(&json, Param::Text(json) if json.starts_with('{')));
                db.conn
                    .prepare_cached("UPDATE tellings SET features = ?2 WHERE item_id = ?1")?
                    .execute_each([vec![item.to_param(), json]])?;
            }
            Ok::<_, StoreError>(forgotten)
        });
        assert!(older.unwrap() > 50);
        let store = open("older");
        file(&store, "rest", &drafts[100..]);
        assert_eq!(leaders(&store), at_once);
        // In a transaction that fails nothing is learnt.
        let store = open("after a failure");
        let (first, rest) = drafts.split_at(100);
        file(&store, "first", first);
        let failed: Result<(), StoreError> = store.blocking().write(|db| {
            let recent = db.recent()?;
            db.recent.replace(Some(recent));
            Err(StoreError::TooMuch)
        });
        assert!(failed.is_err() && store.recent.lock().is_none());
        file(&store, "rest", rest);
        assert_eq!(leaders(&store), at_once);
    }
}
