//! Identity: the items that a document's drafts already are (design.md, promise 2).
//!
//! All drafts are looked at together, layer by layer: the feeds' ids, then the links, then the titles. So an item for
//! which one entry of the document stands is never taken for another one by its title.

use std::collections::HashSet;

use super::engine::{Params, Row, Rows, array, params};

use super::looks::{Asked, By, OwnDocuments, Search, Seen};
use super::prepared::Filing;
use super::search::MOST_ITEMS;
use super::{ReadTx, StoreError};
use tidings_core::addresses::former_link_key;
use tidings_core::ids::{ItemId, SectionId, SourceId};
use tidings_core::item::story::{Features, Unknown, Verdict, compare};
use tidings_core::item::{
    DAY, Edited, FeedId, KnownItem, Prepared, SAME_TITLE_DAYS, Standing, earlier_title_keys,
    folded_title, is_own_title, link_key, near_title_keys, title_key_at, twins,
};

/// A link of another source's within so many days tells of the same item.
const REPORT_DAYS: i64 = 7;

/// So many items of other sources with one address are looked at, the newest: that one of them tells of it is all that is
/// asked.
const REPORTS: i64 = 100;

/// Documents with more entries aren't looked for in what was said long ago: that is twenty looks into the index for each.
const BARE: usize = 2_000;

/// So many documents with one content are asked whether they are there still, the newest.
const COPIES: i64 = 100;

/// What [`read_known`] reads.
const KNOWN: &str = "SELECT items.id, section_id, source_id, document_id, position, rank, items.title, items.summary, \
     items.link, picture, published, written, feed_id, title_key, link_key, removed, push_order, own.item_id AS own, \
     own.title AS own_title, own.summary AS own_summary, own.link AS own_link, sets_title, sets_summary, sets_link \
     FROM items LEFT JOIN own_words own ON own.item_id = items.id";

/// What a draft is.
pub(super) enum Found {
    /// An item that isn't known.
    New,
    /// This one.
    Known(Box<KnownItem>),
    /// What an earlier entry of the same document says.
    Twin,
    /// What another source's item says.
    Elsewhere(ItemId),
}

impl ReadTx<'_> {
    /// What each draft of a document is.
    ///
    /// # Errors
    /// [`StoreError::TooMuch`] if that takes more looks than are left.
    pub(super) fn recognise(&self, asked: &Asked<'_>) -> Result<Vec<Found>, StoreError> {
        let search = Search::new(asked);
        let mut found: Vec<Option<Found>> = Vec::with_capacity(asked.drafts.len());
        let mut taken = HashSet::new();
        for (at, prepared) in asked.drafts.iter().enumerate() {
            let mut known = None;
            if asked.restores
                && let Some(own) = &prepared.draft.archived
                && let Some(number) = own.id
            {
                let is_own = own.is_of(asked.archive);
                let source = (!is_own).then_some(asked.sources[at]);
                known = self.find_archived(number, prepared, source)?;
            }
            if known.is_none() {
                known = self.find_by_id(at, &search)?;
            }
            let known = known.filter(|known| taken.insert(known.id));
            found.push(known.map(|known| Found::Known(Box::new(known))));
        }
        for at in twins(asked.drafts, |at| found[at].is_some()) {
            found[at] = Some(Found::Twin);
        }
        let mut elsewhere = vec![None; asked.drafts.len()];
        self.foresee_links(&search, |at| found[at].is_none())?;
        for at in 0..asked.drafts.len() {
            if found[at].is_none() {
                let by_link = self.find_by_link(at, &search, &taken)?;
                elsewhere[at] = by_link.elsewhere;
                if let Some(known) = by_link.own {
                    taken.insert(known.id);
                    found[at] = Some(Found::Known(Box::new(known)));
                }
            }
        }
        // Where some are found by what identifies them, ids and links don't change with every fetch.
        let is_stable = (0..asked.drafts.len()).any(|at| {
            let is_known = matches!(found[at], Some(Found::Known(_)));
            is_known && !(is_counted(&asked.drafts[at]) && asked.drafts[at].link_key.is_none())
        });
        self.foresee_titles(&search, |at| found[at].is_none())?;
        for at in 0..asked.drafts.len() {
            if found[at].is_none()
                && let Some(known) = self.find_by_title(at, &search, is_stable, &taken)?
            {
                taken.insert(known.id);
                found[at] = Some(Found::Known(Box::new(known)));
            }
            if found[at].is_none() && elsewhere[at].is_none() {
                elsewhere[at] = self.find_elsewhere_by_title(at, &search)?;
            }
            if found[at].is_none()
                && let Some(item) = elsewhere[at]
            {
                found[at] = Some(Found::Elsewhere(item));
            }
        }
        let found = found.into_iter();
        Ok(found.map(|found| found.unwrap_or(Found::New)).collect())
    }

    fn find_by_id(&self, at: usize, search: &Search<'_>) -> Result<Option<KnownItem>, StoreError> {
        let asked = search.asked;
        let prepared = &asked.drafts[at];
        let (FeedId::Own(id) | FeedId::Counted(id)) = &prepared.id else {
            return Ok(None);
        };
        let source = asked.sources[at].get();
        let found = self.find_where(
            "WHERE feed_id = ?1 AND source_id = ?2 ORDER BY id",
            params![id, source],
            |_| true,
        )?;
        let Some(known) = found else { return Ok(None) };
        let known = Seen::new(known);
        let was_passed_on = self.was_passed_on(&known, at, search)?;
        Ok((!was_passed_on).then_some(known.known))
    }

    /// Whether a feed has given an item's id to another one, as feeds do that count from their top: then nothing else
    /// speaks for the item, and it is another draft, or the draft is another item.
    fn was_passed_on(
        &self,
        known: &Seen,
        at: usize,
        search: &Search<'_>,
    ) -> Result<bool, StoreError> {
        let prepared = &search.asked.drafts[at];
        let pair = search.pair(at, known);
        // A link that several of its items share tells none of them.
        let has_one_link = prepared.link_key.is_some() && pair.has_one_link();
        if has_one_link || pair.has_one_title() {
            return Ok(false);
        }
        if is_counted(prepared) {
            return Ok(true);
        }
        let other = |place: usize| {
            let is_other = place != at && search.may_look();
            is_other.then(|| search.pair(place, known))
        };
        let (linked, titled) = search.drafts_like(&known.known);
        let mut linked = linked.iter().filter_map(|place| other(*place));
        let mut titled = titled
            .filter(|_| prepared.draft.link.is_none())
            .filter_map(other);
        if linked.any(|pair| pair.has_one_link()) || titled.any(|pair| pair.has_title_of_item()) {
            return Ok(true);
        }
        let other = self.find_by_link(at, search, &HashSet::new())?.own;
        Ok(other.is_some_and(|other| search.pair(at, &Seen::new(other)).has_one_title()))
    }

    /// The item of the draft's own source that its link leads to, and whether another source has one.
    fn find_by_link(
        &self,
        at: usize,
        search: &Search<'_>,
        taken: &HashSet<ItemId>,
    ) -> Result<ByLink, StoreError> {
        let (prepared, source) = (&search.asked.drafts[at], search.asked.sources[at]);
        let (Some(key), Some(link)) = (prepared.link_key, &prepared.draft.link) else {
            return Ok(ByLink::default());
        };
        let (one, source) = (By::Link, source.get());
        let crowd = |key| {
            search.crowd((one, key, source), |item| {
                let condition = "WHERE link_key = ?1 AND source_id = ?2 ORDER BY id";
                self.each_where(condition, [key, source], item)
            })
        };
        let own: Vec<_> = link_keys(key, link).map(crowd).collect::<Result<_, _>>()?;
        let mut nearest = None;
        let mut loose = 0;
        for seen in own.iter().flat_map(|crowd| crowd.iter()) {
            let known = &seen.known;
            // As it is written, and with its title: nothing is nearer.
            let is_as_written = known.link.as_ref() == Some(link)
                && known.title == prepared.draft.title
                && (prepared.written.is_none() || known.published == Some(prepared.published));
            if !search.may_look() {
                break;
            }
            if is_as_written && !taken.contains(&known.id) {
                nearest = Some(((false, false, 0), seen));
                break;
            }
            let pair = search.pair(at, seen);
            let is_exact = pair.has_one_part();
            // One of several parts of the page: none of them is meant.
            if !is_exact && loose > 1
                || !pair.has_one_link()
                || taken.contains(&known.id)
                || pair.is_another()
            {
                continue;
            }
            loose += usize::from(!is_exact);
            let distance = (!is_exact, !pair.has_one_title(), known.time_from(prepared));
            if nearest.is_none_or(|(nearest, _)| distance < nearest) {
                nearest = Some((distance, seen));
            }
        }
        search.check()?;
        // What leads to several parts of a page is none of them.
        let nearest = nearest.filter(|((is_loose, ..), _)| !is_loose || loose == 1);
        let found = nearest.map(|(_, seen)| seen.known.clone());
        Ok(ByLink {
            elsewhere: match found {
                Some(_) => None,
                None => self.find_elsewhere(at, key, search)?,
            },
            own: found,
        })
    }

    /// The first item of another source that a draft's link leads to.
    fn find_elsewhere(
        &self,
        at: usize,
        key: i64,
        search: &Search<'_>,
    ) -> Result<Option<ItemId>, StoreError> {
        let (prepared, source) = (&search.asked.drafts[at], search.asked.sources[at].get());
        let crowd = |key| {
            search.crowd((By::LinkElsewhere, key, source), |item| {
                let condition = "WHERE link_key = ?1 AND source_id <> ?2 AND removed <> 2 ORDER BY id DESC LIMIT ?3";
                self.each_where(condition, [key, source, REPORTS], item)
            })
        };
        let link = prepared.draft.link.as_deref().unwrap_or_default();
        let others: Vec<_> = link_keys(key, link).map(crowd).collect::<Result<_, _>>()?;
        let is_report = |seen: &&Seen| {
            // An undated one has no moment to reckon with.
            let is_near = seen.known.time_from(prepared) <= (REPORT_DAYS * DAY).unsigned_abs();
            search.may_look()
                && (is_near || prepared.written.is_none())
                && search.pair(at, seen).has_one_link()
        };
        let others = others.iter().flat_map(|crowd| crowd.iter());
        let reported = others.filter(is_report).map(|seen| seen.known.id);
        let first = reported.min();
        search.check()?;
        Ok(first)
    }

    fn find_by_title(
        &self,
        at: usize,
        search: &Search<'_>,
        is_stable: bool,
        taken: &HashSet<ItemId>,
    ) -> Result<Option<KnownItem>, StoreError> {
        let asked = search.asked;
        let prepared = &asked.drafts[at];
        if prepared.draft.is_wordless {
            return Ok(None);
        }
        let source = asked.sources[at].get();
        let span = (SAME_TITLE_DAYS * DAY).unsigned_abs();
        let mut nearest: Option<KnownItem> = None;
        // One plain look into the index for each key: a list of keys, or another order than the index's own, would make
        // SQLite build a table for each draft.
        for key in title_keys(asked, prepared) {
            let crowd = search.crowd((By::Title, key, source), |item| {
                let condition = "WHERE title_key = ?1 AND source_id = ?2 ORDER BY id";
                self.each_where(condition, [key, source], item)
            })?;
            for seen in crowd.iter() {
                if !search.may_look() {
                    break;
                }
                let known = &seen.known;
                let distance = known.time_from(prepared);
                let is_nearer = nearest
                    .as_ref()
                    .is_none_or(|nearest| distance < nearest.time_from(prepared));
                // What its document has said all along without a date was said when its key was made last.
                let is_near = distance <= span
                    || prepared.written.is_none()
                        && known.written == Some(false)
                        && asked.own.rows.contains(&known.document);
                let pair = search.pair(at, seen);
                if is_nearer
                    && is_near
                    && !taken.contains(&known.id)
                    && pair.has_one_title()
                    && pair.says_the_same(&asked.own.rows, is_stable)
                {
                    nearest = Some(known.clone());
                    break;
                }
            }
            search.check()?;
        }
        Ok(nearest)
    }

    /// The item of another source that says the same under a title that is nobody else's.
    fn find_elsewhere_by_title(
        &self,
        at: usize,
        search: &Search<'_>,
    ) -> Result<Option<ItemId>, StoreError> {
        let (prepared, source) = (&search.asked.drafts[at], search.asked.sources[at]);
        if prepared.draft.is_wordless {
            return Ok(None);
        }
        let folded = folded_title(&prepared.draft.title);
        if !is_own_title(&folded) {
            return Ok(None);
        }
        let span = (REPORT_DAYS * DAY).unsigned_abs();
        let mut first: Option<KnownItem> = None;
        for key in near_title_keys(prepared.title_key) {
            let others = search.crowd((By::TitleElsewhere, key, source.get()), |item| {
                let condition =
                    "WHERE title_key = ?1 AND source_id <> ?2 AND removed <> 2 ORDER BY id DESC LIMIT ?3";
                self.each_where(condition, [key, source.get(), REPORTS], item)
            })?;
            for seen in others.iter().filter(|_| search.may_look()) {
                let known = &seen.known;
                if known.time_from(prepared) <= span
                    && first.as_ref().is_none_or(|first| known.id < first.id)
                    && search.pair(at, seen).has_one_title()
                {
                    first = Some(known.clone());
                }
            }
            search.check()?;
        }
        let Some(known) = first else { return Ok(None) };
        let features = |source: SourceId, title: &str, summary: &str, rank: i64| {
            let name: String = self
                .conn
                .prepare_cached("SELECT name FROM sources WHERE id = ?1")?
                .query_row([source.get()], |row| row.get(0))?;
            Ok::<_, StoreError>(Features::of(title, summary, &name, -rank))
        };
        let draft = &prepared.draft;
        let theirs = features(known.source, &known.title, &known.summary, known.rank)?;
        let new = features(source, &draft.title, &draft.summary, prepared.rank())?;
        let is_same = match compare(&theirs, &new, &Unknown) {
            Verdict::Same(_) => true,
            // Common words alone are no event that others tell of, but on one day they are what one has from the other.
            Verdict::Unlike => says_word_for_word(&known, prepared),
            Verdict::Differs(_) => false,
        };
        Ok(is_same.then_some(known.id))
    }

    /// The item that an archive names by its number, if it is still that one. In an archive of another store, of one of
    /// whose sources it would be, the number may be anything's: there it is what has its source, its title and its time, and no
    /// other link or id.
    fn find_archived(
        &self,
        number: i64,
        prepared: &Prepared,
        of_another: Option<SourceId>,
    ) -> Result<Option<KnownItem>, StoreError> {
        self.find_where("WHERE id = ?1", [number], |known| {
            let Some(source) = of_another else {
                return true;
            };
            let (draft, edited) = (&prepared.draft, known.edited.as_ref());
            let is_titled = known.has_title_of(prepared)
                || edited.is_some_and(|it| it.title.as_ref() == Some(&draft.title));
            let links = known.link_key.zip(prepared.link_key);
            let has_other_link = links.is_some_and(|(known, new)| known != new)
                && edited.is_none_or(|it| it.link.as_ref() != Some(&draft.link));
            let has_other_id = match (&prepared.id, &known.feed_id) {
                (FeedId::Own(new), Some(known)) => new != known,
                _ => false,
            };
            let id = prepared.id.as_deref();
            let is_tied = links.is_some_and(|(known, new)| known == new)
                || id.is_some() && known.feed_id.as_deref() == id;
            // A column of the day before has the same title.
            let is_near = is_tied || known.time_from(prepared) == 0;
            known.source == source && is_titled && is_near && !has_other_link && !has_other_id
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
    pub(super) fn was_archived(&self, item: ItemId, source: SourceId) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM items JOIN documents ON documents.id = document_id
                 WHERE items.id = ?1 AND items.source_id = ?2 AND documents.source_id <> ?2",
            )?
            .exists([item.get(), source.get()])?)
    }

    /// The document that is filed, and those with the same content that are gone: a file that was renamed goes on speaking for
    /// its items. Beside one that is still there it is another document.
    pub(super) fn own_documents(
        &self,
        filing: &Filing<'_>,
        is_there: &dyn Fn(&str, u64, i64) -> bool,
    ) -> Result<OwnDocuments, StoreError> {
        let mut own = OwnDocuments::default();
        let mut statement = self.conn.prepare_cached(
            "SELECT id, first_seen_at, loaded_at FROM documents WHERE source_id = ?1 AND name = ?2",
        )?;
        let mut known = statement.query(params![filing.source.get(), filing.name])?;
        match known.next()? {
            Some(row) => own.add(row)?,
            None => own.rows.push(0),
        }
        if filing.drafts.is_empty() {
            return Ok(own);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT id, first_seen_at, loaded_at, name, size, modified FROM documents
             WHERE content_hash = ?1 AND source_id = ?2 AND id <> ?3 ORDER BY id DESC LIMIT ?4",
        )?;
        let mut others = statement.query(params![
            filing.content_hash,
            filing.source.get(),
            own.rows[0],
            COPIES
        ])?;
        while let Some(other) = others.next()? {
            let name: String = other.get(3)?;
            if !is_there(&name, other.get(4)?, other.get(5)?) {
                own.add(other)?;
            }
        }
        Ok(own)
    }

    /// The source of files that belong to no other.
    pub(super) fn files_source(&self) -> Result<SourceId, StoreError> {
        Ok(SourceId::new(
            self.conn
                .prepare_cached("SELECT coalesce((SELECT id FROM sources WHERE name = ?1), 0)")?
                .query_row([tidings_core::ids::FILES], |row| row.get(0))?,
        ))
    }

    /// Whether a source has an item with the id, the link or the title of one of these drafts.
    pub fn knows_one_of(&self, source: SourceId, drafts: &[Prepared]) -> Result<bool, StoreError> {
        let own = source.get();
        for prepared in drafts {
            let mut known = None;
            if let FeedId::Own(id) | FeedId::Counted(id) = &prepared.id {
                known = self.find_where(
                    "WHERE feed_id = ?1 AND source_id = ?2 ORDER BY id",
                    params![id, own],
                    |_| true,
                )?;
            }
            if known.is_none()
                && let Some(link) = &prepared.draft.link
            {
                known = self.find_where(
                    "WHERE link_key = ?1 ORDER BY id",
                    [link_key(link)],
                    |known| known.source == source && known.has_link_of(prepared),
                )?;
            }
            for key in near_title_keys(prepared.title_key) {
                if known.is_none() && !prepared.draft.is_wordless {
                    known = self.find_where(
                        "WHERE title_key = ?1 AND source_id = ?2 ORDER BY id",
                        params![key, own],
                        |known| known.has_title_of(prepared),
                    )?;
                }
            }
            if known.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether anything of a source is stored.
    pub fn has_items(&self, source: SourceId) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM documents WHERE source_id = ?1
                 AND EXISTS (SELECT 1 FROM items WHERE document_id = documents.id) LIMIT 1",
            )?
            .exists([source.get()])?)
    }

    /// Looks at once, where each look is a journey to a server and back, for the items that the links of these drafts may lead to.
    fn foresee_links(
        &self,
        search: &Search<'_>,
        is_open: impl Fn(usize) -> bool,
    ) -> Result<(), StoreError> {
        if !self.conn.is_server() {
            return Ok(());
        }
        let keys = search.keys(is_open, |prepared| {
            prepared.link_key.filter(|_| prepared.draft.link.is_some())
        });
        for (source, keys) in keys {
            self.foresee(search, By::Link, source, &keys)?;
            // Where the source has one itself, theirs are seldom asked for, and reading them costs looks.
            let is_none = |key: &i64| search.has_none((By::Link, *key, source));
            let keys: HashSet<i64> = keys.into_iter().filter(is_none).collect();
            self.foresee(search, By::LinkElsewhere, source, &keys)?;
        }
        Ok(())
    }

    /// The same for the items that may have their titles.
    fn foresee_titles(
        &self,
        search: &Search<'_>,
        is_open: impl Fn(usize) -> bool,
    ) -> Result<(), StoreError> {
        if !self.conn.is_server() {
            return Ok(());
        }
        let has_words = |prepared: &&Prepared| !prepared.draft.is_wordless;
        let asked = search.asked;
        let keys = search.keys(&is_open, |prepared| {
            let prepared = Some(prepared).filter(has_words);
            prepared
                .into_iter()
                .flat_map(|prepared| title_keys(asked, prepared))
        });
        for (source, keys) in keys {
            self.foresee(search, By::Title, source, &keys)?;
        }
        let keys = search.keys(&is_open, |prepared| {
            let is_own = |prepared: &&Prepared| is_own_title(&folded_title(&prepared.draft.title));
            let prepared = Some(prepared).filter(has_words).filter(is_own);
            prepared
                .into_iter()
                .flat_map(|prepared| near_title_keys(prepared.title_key))
        });
        for (source, keys) in keys {
            self.foresee(search, By::TitleElsewhere, source, &keys)?;
        }
        Ok(())
    }

    fn foresee(
        &self,
        search: &Search<'_>,
        by: By,
        source: i64,
        keys: &HashSet<i64>,
    ) -> Result<(), StoreError> {
        let is_unread = |key: &i64| !search.has_read((by, *key, source));
        let keys: HashSet<i64> = keys.iter().copied().filter(is_unread).collect();
        let numbers = array(keys.iter().copied());
        let column = by.column();
        let read = |item: &mut dyn FnMut(KnownItem) -> bool| match by {
            By::Title | By::Link => {
                let condition =
                    format!("WHERE {column} = ANY (CAST(?1 AS bigint[])) AND source_id = ?2");
                let mut statement = self.conn.prepare_cached(&format!("{KNOWN} {condition}"))?;
                hand_over(statement.walk(params![numbers, source])?, item)
            }
            By::TitleElsewhere | By::LinkElsewhere => {
                let mut statement = self.conn.prepare_cached(&format!(
                    "SELECT known.* FROM unnest(CAST(?1 AS bigint[])) AS wanted(key), LATERAL (
                         {KNOWN} WHERE {column} = wanted.key AND source_id <> ?2 AND removed <> 2
                         ORDER BY items.id DESC LIMIT ?3) AS known"
                ))?;
                hand_over(statement.walk(params![numbers, source, REPORTS])?, item)
            }
        };
        search.foresee(by, source, &keys, read)
    }

    fn find_where(
        &self,
        condition: &str,
        values: impl Params,
        mut is_it: impl FnMut(&KnownItem) -> bool,
    ) -> Result<Option<KnownItem>, StoreError> {
        let mut found = None;
        self.each_where(condition, values, &mut |known| {
            let is_it = is_it(&known);
            found = is_it.then_some(known);
            !is_it
        })?;
        Ok(found)
    }

    /// Hands over items, as long as it is told to go on.
    fn each_where(
        &self,
        condition: &str,
        values: impl Params,
        item: &mut dyn FnMut(KnownItem) -> bool,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(&format!("{KNOWN} {condition}"))?;
        hand_over(statement.query(values)?, item)
    }
}

/// Hands over the items of these rows, as long as it is told to go on.
fn hand_over(
    mut rows: Rows<'_>,
    item: &mut dyn FnMut(KnownItem) -> bool,
) -> Result<(), StoreError> {
    while let Some(row) = rows.next()? {
        if !item(read_known(row)?) {
            break;
        }
    }
    Ok(())
}

fn read_known(row: Row<'_>) -> Result<KnownItem, StoreError> {
    let is_edited = row.get::<_, Option<i64>>(17)?.is_some();
    let (title, summary, link) = (row.get(6)?, row.get(7)?, row.get(8)?);
    let (words, edited) = match is_edited {
        false => ((title, summary, link), None),
        true => {
            let edited = Edited {
                title: row.get::<_, bool>(21)?.then_some(title),
                summary: row.get::<_, bool>(22)?.then_some(summary),
                link: row.get::<_, bool>(23)?.then_some(link),
            };
            let own = (row.get(18)?, row.get(19)?, row.get(20)?);
            (own, Some(edited))
        }
    };
    let (title, summary, link) = words;
    Ok(KnownItem {
        id: ItemId::new(row.get(0)?),
        section: SectionId::new(row.get(1)?),
        source: SourceId::new(row.get(2)?),
        document: row.get(3)?,
        position: row.get(4)?,
        rank: row.get(5)?,
        title,
        summary,
        link,
        picture: row.get(9)?,
        published: super::items::published(row.get(10)?)?,
        written: row.get(11)?,
        feed_id: row.get(12)?,
        title_key: row.get(13)?,
        link_key: row.get(14)?,
        standing: standing(row.get(15)?)?,
        push_order: row.get(16)?,
        edited,
    })
}

/// Whether a feed counts its entries instead of naming them: who is first today has the number of who was first yesterday.
fn is_counted(prepared: &Prepared) -> bool {
    matches!(prepared.id, FeedId::Counted(_))
}

/// Whether a draft with an item's title says nothing else than the item within a day: it has the same summary, or one of them
/// has none.
fn says_word_for_word(known: &KnownItem, prepared: &Prepared) -> bool {
    let (old, new) = (&known.summary, &prepared.draft.summary);
    known.time_from(prepared) < DAY.unsigned_abs()
        && (old.is_empty() || new.is_empty() || folded_title(old) == folded_title(new))
}

/// The keys under which a link is known: its own, and that of older versions.
fn link_keys(key: i64, link: &str) -> impl Iterator<Item = i64> {
    [key].into_iter().chain(former_link_key(link))
}

/// Every title key under which [`ReadTx::find_by_title`] looks.
fn title_keys(asked: &Asked<'_>, prepared: &Prepared) -> Vec<i64> {
    let key = prepared.title_key;
    let mut keys = near_title_keys(key).to_vec();
    keys.extend(prepared.old_title_key.into_iter().flat_map(near_title_keys));
    // What has neither id, link nor date is known by when it was said last, which may be long ago.
    let is_bare = prepared.written.is_none()
        && prepared.link_key.is_none()
        && !matches!(prepared.id, FeedId::Own(_) | FeedId::Counted(_));
    if is_bare {
        for at in &asked.own.said_at {
            for near in near_title_keys(title_key_at(key, *at)) {
                if !keys.contains(&near) {
                    keys.push(near);
                }
            }
        }
        if asked.drafts.len() <= BARE {
            keys.extend(earlier_title_keys(key));
        }
    }
    keys
}

impl OwnDocuments {
    /// One more of them, by its row, and when it was seen first and read last.
    fn add(&mut self, row: Row<'_>) -> Result<(), StoreError> {
        self.rows.push(row.get(0)?);
        for column in [1, 2] {
            let at = row.get::<_, i64>(column)?.div_euclid(1_000);
            if !self.said_at.contains(&at) {
                self.said_at.push(at);
            }
        }
        Ok(())
    }
}

/// Whether readers see an item, as a column.
pub(super) fn standing(number: i64) -> Result<Standing, StoreError> {
    match number {
        0 => Ok(Standing::Shown),
        1 => Ok(Standing::Removed),
        2 => Ok(Standing::Hidden),
        3 => Ok(Standing::Held),
        _ => Err(StoreError::unexpected("items.removed", number.to_string())),
    }
}

#[derive(Default)]
struct ByLink {
    own: Option<KnownItem>,
    elsewhere: Option<ItemId>,
}
