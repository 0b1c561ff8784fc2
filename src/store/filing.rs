//! Filing: a document's drafts become items, or are recognised as items that there are already.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::params;

use super::identity::Asked;
use super::identity::Found;
use super::prepared::{Filed, Filing};
use super::{StoreError, Writer, search, to_ms};
use tidings_core::bounds::LOOKS;
use tidings_core::ids::{SectionId, SectionSlug, SourceId};
use tidings_core::item::{KnownItem, Place, Prepared, Revision, Standing};
use tidings_core::section::Placement;

/// Why a document's entries aren't filed.
pub const TOO_ALIKE: &str = "it has too many entries of one title or address to tell which are known already, and isn't filed";

/// Files documents in one transaction. What is the same for all of them is done once, at the end.
pub struct Batch<'w, 'c, 'd> {
    pub(super) writer: &'w Writer<'c>,
    pub(super) now: Timestamp,
    pub(super) push_order: i64,
    pub(super) counts: HashMap<i64, i64>,
    pub(super) discovered: HashMap<SectionSlug, SectionId>,
    pub(super) sources: HashMap<String, SourceId>,
    pub(super) hidden: HashSet<i64>,
    /// What is handed to subscribers.
    pub(super) pushed: Vec<Place>,
    /// Their push orders and words, for the watches that may be about them.
    pub(super) watchable: Vec<(i64, &'d str)>,
    /// How many looks at known items each document may take.
    pub(super) looks: usize,
    /// Rows for the search, ascending: FTS5 collects them in memory only as long as they ascend.
    pub(super) words: BTreeMap<i64, Cow<'d, str>>,
}

impl<'w, 'c, 'd> Batch<'w, 'c, 'd> {
    /// Begins a batch within a transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn new(writer: &'w Writer<'c>, now: Timestamp) -> Result<Batch<'w, 'c, 'd>, StoreError> {
        Ok(Batch {
            push_order: writer.fact("last_push_order")?,
            writer,
            now,
            counts: HashMap::new(),
            discovered: HashMap::new(),
            sources: HashMap::new(),
            hidden: writer.hidden_sections()?,
            pushed: Vec::new(),
            watchable: Vec::new(),
            looks: LOOKS.most,
            words: BTreeMap::new(),
        })
    }

    /// Files one document. Of others with the same content it is asked, by name, size and the file's time, whether they
    /// are there still as they were filed: then this one is no new name of theirs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn file(
        &mut self,
        filing: &Filing<'d>,
        is_there: &dyn Fn(&str, u64, i64) -> bool,
    ) -> Result<Filed, StoreError> {
        let items = filing.drafts.len();
        let failure = filing.failure.as_ref();
        let document: i64 = self
            .writer
            .conn
            .prepare_cached(
                "INSERT INTO documents (source_id, name, content_hash, rules_hash, size, modified, items,
                     first_seen_at, loaded_at, error_line, error_reason, ignored, reader)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                 ON CONFLICT (source_id, name) DO UPDATE SET content_hash = ?3, rules_hash = ?4, size = ?5,
                     modified = ?6, items = ?7, first_seen_at = ?8, loaded_at = ?9, error_line = ?10,
                     error_reason = ?11, ignored = ?12, reader = ?13
                 RETURNING id",
            )?
            .query_row(
                params![
                    filing.source.get(),
                    filing.name,
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
                ],
                |row| row.get(0),
            )?;
        let own = self.writer.own_documents(filing, document, is_there)?;
        for key in filing.shared {
            self.writer
                .conn
                .prepare_cached("INSERT OR IGNORE INTO shared (document_id, key) VALUES (?1, ?2)")?
                .execute([document, *key])?;
        }
        let mut filed = Filed {
            ignored: filing.ignored,
            ..Filed::default()
        };
        let drafts = filing.drafts;
        let mut sources = Vec::with_capacity(drafts.len());
        for prepared in drafts {
            let archived = prepared.draft.archived.as_ref();
            let archived = archived.filter(|_| filing.restores);
            sources.push(match archived.and_then(|own| own.source.as_deref()) {
                Some(name) => self.source(name)?,
                None => filing.source,
            });
        }
        let found = match self.writer.recognise(&Asked {
            sources: &sources,
            drafts,
            own: &own,
            restores: filing.restores,
            looks: self.looks,
        }) {
            Ok(found) => found,
            Err(StoreError::TooMuch) => {
                filed.is_too_much = true;
                self.writer
                    .conn
                    .prepare_cached(
                        "UPDATE documents SET error_line = NULL, error_reason = ?2 WHERE id = ?1",
                    )?
                    .execute(params![document, TOO_ALIKE])?;
                return Ok(filed);
            }
            Err(error) => return Err(error),
        };
        let all = drafts.iter().zip(&sources).zip(found).zip(0..);
        for (((prepared, source), found), position) in all {
            match found {
                Found::New => {
                    self.file_new(filing, *source, own[0], position, prepared, &mut filed)?;
                }
                Found::Known(known) if known.standing != Standing::Removed => {
                    self.file_known(filing, &own, position, prepared, &known, &mut filed)?;
                }
                // Taken out by the operator, said twice, or told by another source already.
                Found::Known(_) | Found::Twin | Found::Elsewhere => filed.unchanged += 1,
            }
        }
        Ok(filed)
    }

    fn file_new(
        &mut self,
        filing: &Filing<'_>,
        source: SourceId,
        document: i64,
        position: i64,
        prepared: &'d Prepared,
        filed: &mut Filed,
    ) -> Result<(), StoreError> {
        let section = self.section(&prepared.placement, filed)?;
        let rank = prepared.rank();
        let is_hidden = self.hidden.contains(&section);
        let push = self.is_to_be_pushed(filing, prepared) && !is_hidden;
        let order = push.then(|| self.next_push_order());
        filed.pushed += usize::from(push);
        let draft = &prepared.draft;
        let number = draft.archived.as_ref().filter(|_| filing.restores);
        self.writer
            .conn
            .prepare_cached(
                "INSERT INTO items (section_id, source_id, document_id, position, rank, title, summary, link,
                     published, feed_id, title_key, link_key, seen_at, push_order, id, removed, written)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, iif(?16, 2, 0), ?17)",
            )?
            .execute(params![
                section,
                source.get(),
                document,
                position,
                rank,
                draft.title,
                draft.summary,
                draft.link,
                prepared.published.to_string(),
                prepared.id.as_deref(),
                prepared.title_key,
                prepared.link_key,
                to_ms(self.now),
                order,
                match number.and_then(|own| own.id) {
                    Some(number) if self.writer.is_free(number)? => Some(number),
                    _ => None,
                },
                is_hidden,
                prepared.written.is_some(),
            ])?;
        let id = self.writer.conn.last_insert_rowid();
        *self.counts.entry(section).or_default() += 1;
        let place = Place { rank, position, id };
        if !is_hidden {
            let words = Cow::Borrowed(prepared.words.as_str());
            self.words.insert(search::row(place), words);
        }
        if push {
            self.pushed.push(place);
        }
        self.watchable
            .extend(order.map(|order| (order, prepared.words.as_str())));
        filed.new += 1;
        Ok(())
    }

    /// Whether a draft is handed to subscribers if it is new: not if its day was over before that moment.
    fn is_to_be_pushed(&self, filing: &Filing<'_>, prepared: &Prepared) -> bool {
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
        let section = self.section(&prepared.placement, filed)?;
        if self.is_to_be_pushed(filing, prepared)
            && known.push_order.is_none()
            && filing.source == self.writer.files_source()?
        {
            // `tidings load --push` on a file that had been loaded quietly.
            let order = self.next_push_order();
            filed.pushed += 1;
            self.pushed.push(known.place());
            self.watchable.push((order, prepared.words.as_str()));
            self.writer.conn.execute(
                "UPDATE items SET push_order = ?2 WHERE id = ?1",
                [known.id.get(), order],
            )?;
        }
        // What an archive brought belongs to its source's own document as soon as that is loaded.
        let is_archive = filing.restores && prepared.draft.archived.is_some();
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
        let section = SectionId::new(section);
        let revision = Revision::of(known, prepared, section, position, is_own);
        if let Some(revision) = &revision {
            self.revise(known, revision)?;
        }
        if revision.is_some_and(|revision| revision.is_visible) {
            filed.updated += 1;
        } else {
            filed.unchanged += 1;
        }
        Ok(())
    }

    fn source(&mut self, name: &str) -> Result<SourceId, StoreError> {
        if let Some(id) = self.sources.get(name) {
            return Ok(*id);
        }
        let id = self.writer.source(name)?.id;
        self.sources.insert(name.to_owned(), id);
        Ok(id)
    }

    fn next_push_order(&mut self) -> i64 {
        self.push_order += 1;
        self.push_order
    }

    fn section(&mut self, placement: &Placement, filed: &mut Filed) -> Result<i64, StoreError> {
        let (slug, title) = match placement {
            Placement::Existing(id) => return Ok(id.get()),
            Placement::New(section) => (&section.slug, &section.title),
        };
        if let Some(id) = self.discovered.get(slug) {
            return Ok(id.get());
        }
        let (id, new) = self.writer.discover_section(slug, title)?;
        if new {
            filed.discovered.push((slug.clone(), title.clone()));
        }
        self.discovered.insert(slug.clone(), id);
        Ok(id.get())
    }

    /// Of what is handed to subscribers only the newest `most` items are shown; the others count among those beyond a
    /// roundup's cap. Returns how many that are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn push_at_most(&mut self, most: usize) -> Result<usize, StoreError> {
        if self.pushed.len() <= most {
            return Ok(0);
        }
        self.pushed.sort_unstable();
        let mut beyond = self
            .writer
            .conn
            .prepare_cached("UPDATE items SET beyond = 1 WHERE id = ?1")?;
        for place in &self.pushed[most..] {
            beyond.execute([place.id])?;
        }
        Ok(self.pushed.len() - most)
    }

    /// Ends the batch: the search learns the new words, and the counters their sums.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn finish(self) -> Result<(), StoreError> {
        let conn = self.writer.conn;
        let mut insert =
            conn.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?;
        for (row, words) in &self.words {
            insert.execute(params![row, words])?;
        }
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

    use super::super::{Access, Store};
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
            draft: Draft {
                title: title.to_owned(),
                summary: format!("{title} {id} {link:?}"),
                link,
                ..Draft::default()
            },
        }
    }

    /// Files entries as one document, with so many looks.
    fn file(store: &Store, drafts: &[Prepared], looks: usize) -> Filed {
        let filed = store.blocking().write(|db| {
            let mut batch = Batch::new(db, Timestamp::UNIX_EPOCH)?;
            batch.looks = looks;
            let filing = Filing {
                source: db.source("feed")?.id,
                name: "a",
                content_hash: 0,
                rules_hash: 0,
                reader: 0,
                size: 0,
                modified: 0,
                first_seen: Timestamp::UNIX_EPOCH,
                drafts,
                failure: None,
                ignored: 0,
                shared: &[],
                restores: false,
                push_from: None,
            };
            let filed = batch.file(&filing, &|_, _, _| true)?;
            batch.finish()?;
            Ok::<_, StoreError>(filed)
        });
        filed.unwrap()
    }

    #[test]
    fn recognising_grows_with_the_entries_and_not_with_their_square() {
        const ENTRIES: usize = 300;
        let folder = tempfile::tempdir().unwrap();
        type Kind = (&'static str, fn(usize, usize) -> Prepared);
        let kinds: [Kind; 4] = [
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
            ("swapped ids", |at, fetch| {
                entry(
                    &format!("Title {at}"),
                    &format!("{at}"),
                    &format!("g{}", (at + 7 * fetch) % ENTRIES),
                )
            }),
        ];
        for (kind, of) in kinds {
            let store = Store::open(&folder.path().join(kind), Access::Work).unwrap();
            for fetch in 0..2 {
                let drafts: Vec<Prepared> = (0..ENTRIES).map(|at| of(at, fetch)).collect();
                let filed = file(&store, &drafts, 60 * ENTRIES);
                assert!(!filed.is_too_much, "{kind}, {fetch}");
            }
        }
    }

    #[test]
    fn what_would_take_too_long_to_recognise_is_a_failure_of_its_document() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), Access::Work).unwrap();
        let column = |fetch: usize| -> Vec<Prepared> {
            let entries = (0..100).map(|at| entry("The column", &format!("{fetch}/{at}"), ""));
            entries.collect()
        };
        assert_eq!(file(&store, &column(0), 5_000).new, 100);
        let filed = file(&store, &column(1), 5_000);
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
        let filed = file(&store, &column(1)[..2], 5_000);
        assert!(!filed.is_too_much);
        assert!(
            store.blocking().read(|db| db.sources()).unwrap()[0]
                .failed
                .is_empty()
        );
    }
}
