//! Filing: a document's drafts become items, or are recognised as items that there are already.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::thread;

use super::engine::params;
use jiff::Timestamp;

use super::following::Followers;
use super::identity::Found;
use super::looks::Asked;
use super::merging::FiledIn;
use super::prepared::{Filed, Filing};
use super::search::NewWords;
use super::stories::{ReportPush, Teller};
use super::{StoreError, WriteTx, to_ms};
use tidings_core::bounds::{LOOKS, MOVES, SECTIONS, TRANSACTION_BYTES, TRANSACTION_ITEMS};
use tidings_core::ids::{ReviewId, SectionId, SectionSlug, SourceId};
use tidings_core::item::{KnownItem, Place, Prepared, Revision, Standing};
use tidings_core::search::words;
use tidings_core::section::Placement;

/// Why a document's entries aren't filed.
pub const TOO_ALIKE: &str = "it has too many entries of one title or address to tell which are known already, and isn't filed";

/// Files documents in one transaction, as many as it has room for: nobody else can write meanwhile. What is the same for all
/// of them is done once, at the end.
pub struct Batch<'w, 'c, 'd> {
    pub(super) writer: &'w WriteTx<'c>,
    pub(super) now: Timestamp,
    pub(super) push_order: i64,
    pub(super) counts: HashMap<i64, i64>,
    pub(super) discovered: HashMap<SectionSlug, SectionId>,
    pub(super) sources: HashMap<String, SourceId>,
    pub(super) hidden: HashSet<i64>,
    /// Sections that are part of others, with what they are part of.
    merged: HashMap<i64, i64>,
    /// What is handed to subscribers.
    pub(super) pushed: Vec<Place>,
    /// What an archive brought with its story, under the number that it had.
    pub(super) restored: HashSet<i64>,
    /// Their push orders and words, for the watches that may be about them.
    pub(super) watchable: Vec<(i64, Cow<'d, str>)>,
    /// What is left of the looks at known items.
    pub(super) looks: Cell<usize>,
    /// What is left of the channels that may be gone through for items that move.
    pub(super) moves: usize,
    /// Who follows the sections between which an item moved last.
    pub(super) followers: Option<Followers>,
    /// Whether an item has stayed where it was, for want of those.
    is_left_behind: bool,
    pub(super) room: Room,
    /// How many sections there are.
    pub(super) sections: usize,
    /// What the search learns at the end.
    pub(super) words: NewWords<'d>,
    /// The review that what is held waits in: all of a batch is one source's.
    pub(super) review: Option<ReviewId>,
}

/// What was filed in a transaction so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Room {
    documents: usize,
    items: usize,
    bytes: usize,
}

impl Room {
    /// With one document more.
    fn with(self, drafts: &[Prepared]) -> Room {
        let bytes = drafts.iter().map(Prepared::bytes);
        Room {
            documents: self.documents + 1,
            items: self.items + drafts.len(),
            bytes: self.bytes + bytes.sum::<usize>(),
        }
    }

    /// Whether that is more than a transaction holds, unless it is a single document.
    fn is_too_much(self) -> bool {
        self.documents > 1
            && (self.items > TRANSACTION_ITEMS.most || self.bytes > TRANSACTION_BYTES.most)
    }
}

impl<'w, 'c, 'd> Batch<'w, 'c, 'd> {
    /// Begins a batch within a transaction.
    pub fn new(writer: &'w WriteTx<'c>, now: Timestamp) -> Result<Batch<'w, 'c, 'd>, StoreError> {
        Ok(Batch {
            push_order: writer.fact("last_push_order")?,
            writer,
            now,
            counts: HashMap::new(),
            discovered: HashMap::new(),
            sources: HashMap::new(),
            hidden: writer.hidden_sections()?,
            merged: writer.merged_sections()?,
            pushed: Vec::new(),
            restored: HashSet::new(),
            watchable: Vec::new(),
            looks: Cell::new(LOOKS.most),
            moves: MOVES.most,
            followers: None,
            is_left_behind: false,
            room: Room::default(),
            sections: writer.section_count()?,
            words: NewWords::default(),
            review: None,
        })
    }

    /// Files one document; `None` where the transaction has no room left for it: then nothing of it was filed, and another
    /// transaction has to begin. Of others with the same content it is asked, by name, size and the file's time, whether
    /// they are there still as they were filed: then this one is no new name of theirs.
    pub fn file(
        &mut self,
        filing: &Filing<'d>,
        is_there: &dyn Fn(&str, u64, i64) -> bool,
    ) -> Result<Option<Filed>, StoreError> {
        let room = self.room.with(filing.drafts);
        if room.is_too_much() {
            return Ok(None);
        }
        let drafts = filing.drafts;
        let mut sources = Vec::with_capacity(drafts.len());
        let archive = self.archive(filing)?;
        let is_own = |prepared: &Prepared| {
            let archived = prepared.draft.archived.as_ref();
            archived.is_some_and(|own| own.is_of(archive.as_deref()))
        };
        for prepared in drafts {
            let archived = prepared.draft.archived.as_ref();
            // An own entry says the label of its source, and that is none's name.
            let archived = archived.filter(|_| filing.restores && !is_own(prepared));
            sources.push(match archived.and_then(|own| own.source.as_deref()) {
                Some(name) => self.source(name)?,
                None => filing.source,
            });
        }
        let mut own = self.writer.own_documents(filing, is_there)?;
        let found = self.writer.recognise(&Asked {
            sources: &sources,
            drafts,
            own: &own,
            restores: filing.restores,
            archive: archive.as_deref(),
            looks: &self.looks,
        });
        // What the archive itself says of its items changes nothing about them.
        let found = found.map(|found| {
            let own = found.into_iter().zip(drafts);
            let found = own.map(|(found, prepared)| match found {
                Found::Known(_) if is_own(prepared) => Found::Twin,
                found => found,
            });
            found.collect()
        });
        let found = match found {
            Ok(found) => Some(found),
            // Others may have used up what there was.
            Err(StoreError::TooMuch) if room.documents > 1 => return Ok(None),
            Err(StoreError::TooMuch) => None,
            Err(error) => return Err(error),
        };
        self.room = room;
        own.rows[0] = self.document(filing, own.rows[0])?;
        self.write(filing, &own.rows, &sources, found).map(Some)
    }

    /// The archive's own UUID, where a document's drafts come from archives that have one.
    fn archive(&self, filing: &Filing<'_>) -> Result<Option<String>, StoreError> {
        let mut archived = filing.drafts.iter();
        let are_archived = filing.restores
            && archived.any(|prepared| {
                let archived = prepared.draft.archived.as_ref();
                archived.is_some_and(|own| own.archive.is_some())
            });
        are_archived.then(|| self.writer.archive()).transpose()
    }

    /// Writes down a document's row, which is known by a number or is new (0); returns its number.
    fn document(&self, filing: &Filing<'_>, known: i64) -> Result<i64, StoreError> {
        let failure = filing.failure.as_ref();
        let items = filing.drafts.len();
        let values = params![
            known,
            filing.content_hash,
            filing.rules_hash,
            filing.size,
            filing.modified,
            items,
            to_ms(filing.first_seen),
            to_ms(self.now),
            failure.and_then(|failure| failure.line),
            failure.map(|failure| &failure.reason),
            filing.ignored,
            filing.reader,
            filing.language,
            filing.source.get(),
            filing.name,
        ];
        let conn = self.writer.conn;
        // Which of them it is was asked for already; and a name may be too long for an index that `ON CONFLICT` could go by
        // on PostgreSQL.
        let document = if known == 0 {
            conn.prepare_cached(
                "INSERT INTO documents (content_hash, rules_hash, size, modified, items, first_seen_at, loaded_at,
                     error_line, error_reason, ignored, reader, language, source_id, name)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .insert(&values[1..])?
        } else {
            conn.prepare_cached(
                "UPDATE documents SET content_hash = ?2, rules_hash = ?3, size = ?4, modified = ?5, items = ?6,
                     first_seen_at = ?7, loaded_at = ?8, error_line = ?9, error_reason = ?10, ignored = ?11, reader = ?12,
                     language = coalesce(?13, language)
                 WHERE id = ?1",
            )?
            .execute(&values[..13])?;
            known
        };
        for key in filing.shared {
            self.writer
                .conn
                .prepare_cached(
                    "INSERT INTO shared (document_id, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                )?
                .execute([document, *key])?;
        }
        Ok(document)
    }

    /// Writes down a document's drafts, each as it was found; `None` where that took too much.
    fn write(
        &mut self,
        filing: &Filing<'d>,
        own: &[i64],
        sources: &[SourceId],
        found: Option<Vec<Found>>,
    ) -> Result<Filed, StoreError> {
        let mut filed = Filed {
            ignored: filing.ignored,
            ..Filed::default()
        };
        let Some(found) = found else {
            filed.is_too_much = true;
            self.writer
                .conn
                .prepare_cached(
                    "UPDATE documents SET error_line = NULL, error_reason = ?2 WHERE id = ?1",
                )?
                .execute(params![own[0], TOO_ALIKE])?;
            return Ok(filed);
        };
        self.write_found(filing, own, sources, found, &mut filed)?;
        if std::mem::take(&mut self.is_left_behind) {
            // As if other rules had read it: so it is read again, and the others move.
            self.writer
                .conn
                .prepare_cached("UPDATE documents SET rules_hash = 0 WHERE id = ?1")?
                .execute([own[0]])?;
        }
        Ok(filed)
    }

    /// Writes down drafts as they were found, and finds the stories of those that are new meanwhile.
    fn write_found(
        &mut self,
        filing: &Filing<'d>,
        own: &[i64],
        sources: &[SourceId],
        found: Vec<Found>,
        filed: &mut Filed,
    ) -> Result<(), StoreError> {
        thread::scope(|scope| {
            let all = filing.drafts.iter().zip(sources).zip(found).zip(0..);
            let (mut new, mut teller) = (Vec::new(), Teller::new(scope));
            for (((prepared, source), found), position) in all {
                if !matches!(found, Found::New) {
                    self.file_new(&mut new, &mut teller, filing, filed)?;
                }
                match found {
                    Found::New => {
                        let origin = (*source, own[0], position);
                        self.add_new(&mut new, &mut teller, filing, origin, prepared, filed)?;
                    }
                    Found::Known(known) if known.standing != Standing::Removed => {
                        self.file_known(filing, own, position, prepared, &known, filed)?;
                    }
                    // Taken out by the operator, or said twice.
                    Found::Elsewhere(item) => {
                        let filed_in = self.section(&prepared.placement, filed)?;
                        let section = filed_in.section;
                        let (link, now) = (prepared.draft.link.as_deref(), to_ms(self.now));
                        let pushes = self.is_to_be_pushed(filing, prepared)
                            && !self.hidden.contains(&section);
                        // What one source publishes, another one holds no longer.
                        let is_held = pushes && self.writer.is_held(item.get())?;
                        let publishes = is_held && filing.hold_until.is_none();
                        if publishes {
                            self.publish(item.get())?;
                        }
                        // What waits for its editors is brought nowhere meanwhile; the report waits with it.
                        let waits = pushes && is_held && !publishes;
                        let pushes = pushes && !waits;
                        let push = match (pushes, waits) {
                            (true, _) => ReportPush::At(self.push_order + 1),
                            (false, true) => ReportPush::WithItem,
                            (false, false) => ReportPush::Never,
                        };
                        let is_first =
                            self.writer
                                .report(item.get(), *source, filed_in, link, now, push)?;
                        if is_first && pushes {
                            let order = self.next_push_order();
                            // It brings the known item, in its words.
                            let known = self.writer.item(item)?;
                            self.watchable.extend(known.map(|known| {
                                let words = words(&known.title, &known.summary);
                                (order, Cow::Owned(words))
                            }));
                        }
                        filed.unchanged += 1;
                    }
                    Found::Known(_) | Found::Twin => filed.unchanged += 1,
                }
            }
            self.file_new(&mut new, &mut teller, filing, filed)?;
            teller.begin(self.writer)?;
            teller.end(self.writer)
        })
    }

    /// Has a held item go out.
    fn publish(&mut self, item: i64) -> Result<(), StoreError> {
        self.writer
            .conn
            .prepare_cached("UPDATE facts SET value = ?1 WHERE name = 'last_push_order'")?
            .execute([self.push_order])?;
        self.writer.held_changed(item)?;
        self.writer.release(item, self.now)?;
        self.push_order = self.writer.fact("last_push_order")?;
        Ok(())
    }

    /// Whether a draft is handed to subscribers if it is new: not if its day was over before that moment.
    pub(super) fn is_to_be_pushed(&self, filing: &Filing<'_>, prepared: &Prepared) -> bool {
        let latest = prepared.published.latest();
        filing.push_from.is_some_and(|from| latest >= from)
    }

    fn file_known(
        &mut self,
        filing: &Filing<'_>,
        own: &[i64],
        position: i64,
        prepared: &'d Prepared,
        known: &KnownItem,
        filed: &mut Filed,
    ) -> Result<(), StoreError> {
        let filed_in = self.section(&prepared.placement, filed)?;
        let mut section = filed_in.section;
        if section != known.section.get() && self.writer.is_filed_by_editor(known.id.get())? {
            section = known.section.get();
        }
        if section != known.section.get() && known.push_order.is_some() && self.moves == 0 {
            section = known.section.get();
            self.is_left_behind = true;
        }
        if self.is_to_be_pushed(filing, prepared)
            && known.push_order.is_none()
            && filing.source == self.writer.files_source()?
        {
            // `tidings load --push` on a file that had been loaded quietly.
            let order = self.next_push_order();
            filed.pushed += 1;
            self.pushed.push(known.place());
            self.watchable
                .push((order, Cow::Borrowed(prepared.words.as_str())));
            self.writer.conn.execute(
                "UPDATE items SET push_order = ?2 WHERE id = ?1",
                [known.id.get(), order],
            )?;
        }
        // What an archive brought belongs to its source's own document as soon as that is loaded.
        let archived = prepared.draft.archived.as_deref();
        let archived = archived.filter(|_| filing.restores);
        let is_archive = archived.is_some();
        if let Some(archived) = archived {
            self.restore_reports(known.id.get(), known.source.get(), filed_in, archived)?;
        }
        let known_document = own.contains(&known.document);
        let adopts =
            !known_document && !is_archive && self.writer.was_archived(known.id, filing.source)?;
        if known.document != own[0] && (known_document || adopts) {
            self.writer
                .conn
                .prepare_cached("UPDATE items SET document_id = ?2 WHERE id = ?1")?
                .execute([known.id.get(), own[0]])?;
        }
        let is_own = known_document || adopts;
        // What an archive repeats of an editor's words isn't its source's.
        if is_archive && known.edited.is_some() {
            filed.unchanged += 1;
            return Ok(());
        }
        let section = SectionId::new(section);
        let revision = Revision::of(known, prepared, section, position, is_own);
        if let Some(revision) = &revision {
            self.revise(known, prepared, revision)?;
        }
        if is_own && !self.merged.is_empty() {
            self.writer.note_came_by(known.id.get(), filed_in)?;
        }
        if revision.is_some_and(|revision| revision.is_visible) {
            filed.updated += 1;
        } else {
            filed.unchanged += 1;
        }
        Ok(())
    }

    pub(super) fn source(&mut self, name: &str) -> Result<SourceId, StoreError> {
        if let Some(id) = self.sources.get(name) {
            return Ok(*id);
        }
        let id = self.writer.source(name)?.id;
        self.sources.insert(name.to_owned(), id);
        Ok(id)
    }

    pub(super) fn next_push_order(&mut self) -> i64 {
        self.push_order += 1;
        self.push_order
    }

    pub(super) fn section(
        &mut self,
        placement: &Placement,
        filed: &mut Filed,
    ) -> Result<FiledIn, StoreError> {
        let id = match placement {
            Placement::Existing(id) => *id,
            Placement::New(section) => self.discovered(&section.slug, &section.title, filed)?,
        };
        Ok(FiledIn::of(id.get(), &self.merged))
    }

    fn discovered(
        &mut self,
        slug: &SectionSlug,
        title: &str,
        filed: &mut Filed,
    ) -> Result<SectionId, StoreError> {
        if let Some(id) = self.discovered.get(slug) {
            return Ok(*id);
        }
        let may_be_made = self.sections < SECTIONS.most;
        let (id, new) = self.writer.discover_section(slug, title, may_be_made)?;
        if new {
            self.sections += 1;
            filed.discovered.push((slug.clone(), title.to_owned()));
        }
        self.discovered.insert(slug.clone(), id);
        Ok(id)
    }

    /// Of what is handed to subscribers only the newest `most` stories are shown; the others count among those beyond a
    /// roundup's cap. Returns how many items that are.
    pub fn push_at_most(&mut self, most: usize) -> Result<usize, StoreError> {
        if self.pushed.len() <= most {
            return Ok(0);
        }
        self.pushed.sort_unstable();
        let conn = self.writer.conn;
        let mut story_of =
            conn.prepare_cached("SELECT coalesce(story, id) FROM items WHERE id = ?1")?;
        let mut put_beyond = conn.prepare_cached("UPDATE items SET beyond = 1 WHERE id = ?1")?;
        let mut shown: HashSet<i64> = HashSet::new();
        let mut beyond = 0;
        for place in &self.pushed {
            let story = story_of.query_row([place.id], |row| row.get(0))?;
            if shown.len() < most {
                shown.insert(story);
            } else if !shown.contains(&story) {
                put_beyond.execute([place.id])?;
                beyond += 1;
            }
        }
        Ok(beyond)
    }

    /// Ends the batch: the search learns the new words, and the counters their sums.
    pub fn finish(self) -> Result<(), StoreError> {
        let conn = self.writer.conn;
        self.words.learn(self.writer)?;
        for (section, count) in self.counts {
            conn.prepare_cached("UPDATE sections SET items = items + ?2 WHERE id = ?1")?
                .execute([section, count])?;
        }
        conn.prepare_cached("UPDATE facts SET value = ?1 WHERE name = 'last_push_order'")?
            .execute([self.push_order])?;
        self.writer.note_watched(&self.watchable)?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use tidings_core::item::{Draft, FeedId, Published, link_key, title_key};

    use super::super::{OpenMode, Store};
    use super::*;

    /// An entry of a feed.
    fn entry(title: &str, link: &str, id: &str) -> Prepared {
        let published = Published::Time(Timestamp::UNIX_EPOCH);
        let link = (!link.is_empty()).then(|| format!("https://e.example/{link}"));
        Prepared {
            title_is_made: false,
            id: match id {
                "" => FeedId::None,
                id => FeedId::Own(id.to_owned()),
            },
            written: None,
            published,
            placement: Placement::New(std::sync::Arc::new(tidings_core::section::Discovered {
                slug: SectionSlug::from_heading("News").unwrap(),
                title: "News".to_owned(),
            })),
            title_key: title_key(title, -published.seconds()),
            old_title_key: None,
            link_key: link.as_deref().map(link_key),
            words: String::new(),
            telling: None,
            draft: Draft {
                title: title.to_owned(),
                summary: format!("{title} {id} {link:?}"),
                link,
                ..Draft::default()
            },
        }
    }

    /// Files documents in one transaction, with so many looks; returns what became of them, and what looks are left.
    fn file_all(
        store: &Store,
        documents: &[(&str, Vec<Prepared>)],
        looks: usize,
    ) -> (Vec<Option<Filed>>, usize) {
        let filed = store.blocking().write(|db| {
            let mut batch = Batch::new(db, Timestamp::UNIX_EPOCH)?;
            batch.looks.set(looks);
            let mut all = Vec::new();
            for (name, drafts) in documents {
                let filing = Filing::plain(db.source("feed")?.id, name, drafts);
                all.push(batch.file(&filing, &|_, _, _| true)?);
            }
            let left = batch.looks.get();
            batch.finish()?;
            Ok::<_, StoreError>((all, left))
        });
        filed.unwrap()
    }

    /// Files entries as one document, with so many looks; returns what became of it, and what looks it took.
    fn file(store: &Store, drafts: &[Prepared], looks: usize) -> (Filed, usize) {
        let (mut filed, left) = file_all(store, &[("a", drafts.to_vec())], looks);
        (filed.remove(0).unwrap(), looks - left)
    }

    #[test]
    fn recognising_grows_with_the_entries_and_not_with_their_square() {
        const ENTRIES: usize = 150;
        let folder = tempfile::tempdir().unwrap();
        type Kind = (&'static str, fn(usize, usize) -> Prepared);
        let kinds: [Kind; 5] = [
            ("other titles and links", |at, fetch| {
                entry(
                    &format!("Title {at} {fetch}"),
                    &format!("{fetch}/{at}"),
                    &format!("g{at}"),
                )
            }),
            ("one title", |at, fetch| {
                entry("The column", &format!("{fetch}/{at}"), &format!("g{at}"))
            }),
            ("other ids", |at, fetch| {
                entry(
                    &format!("Title {at}"),
                    &format!("{at}"),
                    &format!("{fetch}g{at}"),
                )
            }),
            ("passed on ids", |at, fetch| {
                entry(
                    &format!("Title {at}"),
                    &format!("{at}"),
                    &format!("g{}", at + fetch),
                )
            }),
            ("one title, nothing else", |at, fetch| {
                entry("The column", &format!("{fetch}/{at}"), "")
            }),
        ];
        for (kind, of) in kinds {
            let [few, many] = [ENTRIES, 4 * ENTRIES].map(|entries| {
                let store = folder.path().join(format!("{kind} {entries}"));
                let store = Store::open(&store, OpenMode::Work).unwrap();
                let [_, looks] = [0, 1].map(|fetch| {
                    let drafts: Vec<Prepared> = (0..entries).map(|at| of(at, fetch)).collect();
                    file(&store, &drafts, LOOKS.most).1
                });
                looks
            });
            // Where all have one title, each is one look at each; the rows are read once.
            let squared = if kind == "one title, nothing else" {
                16 * ENTRIES * ENTRIES
            } else {
                0
            };
            assert!(
                many <= 5 * few + squared,
                "{kind}: {few} looks, and {many} where there are four times as many"
            );
        }
    }

    #[test]
    fn what_has_no_room_in_a_transaction_begins_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let column = |fetch: usize| -> Vec<Prepared> {
            let entries = (0..20).map(|at| entry("The column", &format!("{fetch}/{at}"), ""));
            entries.collect()
        };
        // Twenty rows that are read are more than half of this.
        const LOOKS: usize = 8_000;
        file(&store, &column(0), LOOKS);
        let (filed, _) = file_all(&store, &[("b", column(1)), ("c", column(2))], LOOKS);
        assert_eq!(filed[0].as_ref().unwrap().new, 20);
        assert_eq!(filed[1], None, "others have used up what there was");
        // Nothing of it was filed: it is no document yet, let alone one that failed.
        let known = store
            .blocking()
            .read(|db| db.documents(db.sources()?[0].id))
            .unwrap();
        assert!(!known.contains_key("c"), "{:?}", known.keys());
        // By its name each is found as among all.
        let named = store.blocking().read(|db| {
            let source = db.sources()?[0].id;
            db.documents_named(source, &["b", "c", "no such"])
        });
        let b = known.get("b").cloned().map(|b| ("b".to_owned(), b));
        assert_eq!(named.unwrap(), b.into_iter().collect());
        let (filed, _) = file_all(&store, &[("c", column(2)[..4].to_vec())], 2 * LOOKS);
        assert_eq!(filed[0].as_ref().unwrap().new, 4);
        // Nor do more items fit than a transaction has room for, unless one document has them.
        let many = |name: &'static str| {
            let entries = (0..TRANSACTION_ITEMS.most)
                .map(|at| entry(&format!("{name} {at}"), &format!("{name}{at}"), ""));
            (name, entries.collect::<Vec<_>>())
        };
        let (filed, _) = file_all(&store, &[many("d"), many("e")], usize::MAX);
        assert_eq!(filed[0].as_ref().unwrap().new, TRANSACTION_ITEMS.most);
        assert_eq!(filed[1], None);
    }

    #[test]
    fn headings_make_no_sections_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let under = |at: usize| {
            let slug = SectionSlug::from_heading(&format!("Heading {at}")).unwrap();
            let title = format!("Heading {at}");
            Prepared {
                placement: Placement::New(std::sync::Arc::new(tidings_core::section::Discovered {
                    slug,
                    title,
                })),
                ..entry(&format!("Title {at}"), "", "")
            }
        };
        let drafts: Vec<Prepared> = (0..SECTIONS.most + 10).map(under).collect();
        let (filed, _) = file(&store, &drafts, usize::MAX);
        assert_eq!(filed.new, SECTIONS.most + 10);
        let sections = store.blocking().read(|db| db.section_summaries()).unwrap();
        assert_eq!(sections.len(), SECTIONS.most);
        let more = sections
            .iter()
            .find(|one| one.section.slug.as_str() == "more");
        assert_eq!(more.unwrap().items, 11, "what is beyond isn't lost");
    }

    #[test]
    fn what_would_take_too_long_to_recognise_is_a_failure_of_its_document() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let column = |fetch: usize| -> Vec<Prepared> {
            let entries = (0..100).map(|at| entry("The column", &format!("{fetch}/{at}"), ""));
            entries.collect()
        };
        assert_eq!(file(&store, &column(0), 5_000).0.new, 100);
        let (filed, _) = file(&store, &column(1), 5_000);
        assert!(filed.is_too_much);
        assert_eq!((filed.new, filed.updated), (0, 0));
        let failed = store
            .blocking()
            .read(|db| db.sources())
            .unwrap()
            .remove(0)
            .failed;
        assert_eq!(failed.len(), 1);
        assert!(format!("{failed:?}").contains(TOO_ALIKE), "{failed:?}");
        // The rest of the store goes on, and so does the document once it is another one.
        let (filed, _) = file(&store, &column(1)[..2], LOOKS.most);
        assert!(!filed.is_too_much);
        assert!(
            store.blocking().read(|db| db.sources()).unwrap()[0]
                .failed
                .is_empty()
        );
    }
}
