//! Filing: a document's drafts become items, or are recognised as items that there are already.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::params;

use super::identity::{Known, Standing};
use super::sources::failure_columns;
use super::{StoreError, Writer, search, to_ms};
use crate::documents::{Draft, Unreadable};
use crate::ids::{ItemId, SectionId, SectionSlug, SourceId};
use crate::items::{Place, Published};
use crate::sections::Placement;

/// A draft with all that can be worked out about it without the store.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The draft itself.
    pub draft: Draft,
    /// Its own date, or its document's.
    pub published: Option<Published>,
    /// The section it belongs to.
    pub placement: Placement,
    /// The key of its title.
    pub title_key: i64,
    /// The key of its link; `None` where several drafts of the document share the link.
    pub link_key: Option<i64>,
    /// What the search finds it by.
    pub words: String,
}

/// One document to be filed.
#[derive(Debug)]
pub struct Filing<'d> {
    /// Where it came from.
    pub source: SourceId,
    /// Its name within the source.
    pub name: &'d str,
    /// Hash of its bytes.
    pub content_hash: i64,
    /// Hash of the rules it was read by.
    pub rules_hash: i64,
    /// Size in bytes.
    pub size: u64,
    /// The file's time, in nanoseconds since 1970.
    pub modified: i64,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Its drafts, or why there are none.
    pub drafts: Result<&'d [Prepared], &'d Unreadable>,
    /// Whether what an archive says of its items is put back: their numbers, sections and sources.
    pub restores: bool,
    /// Items published before this moment (in seconds since 1970) aren't pushed; `None` pushes nothing.
    pub push_from: Option<i64>,
}

/// What became of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    /// Items that weren't known.
    pub new: usize,
    /// Items that were known and have changed.
    pub updated: usize,
    /// Items that were known as they are.
    pub unchanged: usize,
    /// Items that are handed to subscribers.
    pub pushed: usize,
    /// Sections that its headings made.
    pub discovered: Vec<(SectionSlug, String)>,
}

/// Files documents in one transaction. What is the same for all of them is done once, at the end.
pub struct Batch<'w, 'c> {
    writer: &'w Writer<'c>,
    now: Timestamp,
    push_order: i64,
    counts: HashMap<i64, i64>,
    discovered: HashMap<SectionSlug, SectionId>,
    sources: HashMap<String, SourceId>,
    hidden: HashSet<i64>,
    /// Rows for the search, ascending: FTS5 collects them in memory only as long as they ascend.
    words: BTreeMap<i64, String>,
}

impl<'w, 'c> Batch<'w, 'c> {
    /// Begins a batch within a transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn new(writer: &'w Writer<'c>, now: Timestamp) -> Result<Batch<'w, 'c>, StoreError> {
        Ok(Batch {
            push_order: writer.fact("last_push_order")?,
            writer,
            now,
            counts: HashMap::new(),
            discovered: HashMap::new(),
            sources: HashMap::new(),
            hidden: writer.hidden_sections()?,
            words: BTreeMap::new(),
        })
    }

    /// Files one document.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn file(&mut self, filing: &Filing<'_>) -> Result<Filed, StoreError> {
        let items = filing.drafts.map_or(0, <[Prepared]>::len);
        let (line, reason) = failure_columns(filing.drafts.err());
        let document: i64 = self
            .writer
            .conn
            .prepare_cached(
                "INSERT INTO documents (source_id, name, content_hash, rules_hash, size, modified, items,
                     first_seen_at, loaded_at, error_line, error_reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (source_id, name) DO UPDATE SET content_hash = ?3, rules_hash = ?4, size = ?5,
                     modified = ?6, items = ?7, loaded_at = ?9, error_line = ?10, error_reason = ?11
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
                    line,
                    reason,
                ],
                |row| row.get(0),
            )?;
        let own = self
            .writer
            .own_documents(filing.source, filing.content_hash, document)?;
        let mut filed = Filed::default();
        let mut touched = HashSet::new();
        for (position, prepared) in filing.drafts.unwrap_or_default().iter().enumerate() {
            let position = i64::try_from(position).unwrap_or(i64::MAX);
            self.file_draft(filing, &own, position, prepared, &mut touched, &mut filed)?;
        }
        Ok(filed)
    }

    fn file_draft(
        &mut self,
        filing: &Filing<'_>,
        own: &[i64],
        position: i64,
        prepared: &Prepared,
        touched: &mut HashSet<i64>,
        filed: &mut Filed,
    ) -> Result<(), StoreError> {
        let section = self.section(&prepared.placement, filed)?;
        let rank = -prepared
            .published
            .map_or(self.now.as_second(), Published::seconds);
        let push = filing.push_from.is_some_and(|from| -rank >= from);
        let archived = prepared.draft.archived.as_ref();
        let archived = archived.filter(|_| filing.restores);
        let source = match archived.and_then(|archived| archived.source.as_deref()) {
            Some(name) => self.source(name)?,
            None => filing.source,
        };
        let number = archived.and_then(|archived| archived.id);
        let known = match number {
            Some(number) => self.writer.find_archived(number, prepared)?,
            None => None,
        };
        let known = match known {
            Some(known) => Some(known),
            None => {
                let document = filing.drafts.unwrap_or_default();
                self.writer.find_item(source, rank, prepared, document)?
            }
        };
        let is_hidden = self.hidden.contains(&section);
        let Some(known) = known else {
            let push = push && !is_hidden;
            let order = push.then(|| self.next_push_order());
            filed.pushed += usize::from(push);
            let draft = &prepared.draft;
            self.writer
                .conn
                .prepare_cached(
                    "INSERT INTO items (section_id, source_id, document_id, position, rank, title, summary, link,
                         published, feed_id, title_key, link_key, seen_at, push_order, id, removed)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, iif(?16, 2, 0))",
                )?
                .execute(params![
                    section,
                    source.get(),
                    own[0],
                    position,
                    rank,
                    draft.title,
                    draft.summary,
                    draft.link,
                    prepared.published.map(|p| p.to_string()),
                    draft.feed_id,
                    prepared.title_key,
                    prepared.link_key,
                    to_ms(self.now),
                    order,
                    match number {
                        Some(number) if self.writer.is_free(number)? => Some(number),
                        _ => None,
                    },
                    is_hidden,
                ])?;
            let id = self.writer.conn.last_insert_rowid();
            *self.counts.entry(section).or_default() += 1;
            let row = search::row(Place { rank, position, id });
            let words = (!is_hidden).then(|| prepared.words.clone());
            self.words.extend(words.map(|words| (row, words)));
            touched.insert(id);
            filed.new += 1;
            return Ok(());
        };
        if known.standing == Standing::Removed || !touched.insert(known.id) {
            // Taken out by the operator, or twice on one page: the first one counts.
            filed.unchanged += 1;
            return Ok(());
        }
        if push && known.push_order.is_none() && filing.source == self.writer.files_source()? {
            // `tidings load --push` on a file that had been loaded quietly.
            let order = self.next_push_order();
            filed.pushed += 1;
            self.writer.conn.execute(
                "UPDATE items SET push_order = ?2 WHERE id = ?1",
                [known.id, order],
            )?;
        }
        // What an archive brought belongs to its source's own document as soon as that is loaded.
        let known_document = own.contains(&known.document);
        let adopts = !known_document
            && archived.is_none()
            && self.writer.was_archived(known.id, filing.source)?;
        if known.document != own[0] && (known_document || adopts) {
            self.writer
                .conn
                .prepare_cached("UPDATE items SET document_id = ?2 WHERE id = ?1")?
                .execute([known.id, own[0]])?;
        }
        let own = known_document || adopts;
        if self.update(&known, section, own, position, rank, prepared)? {
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
            Placement::New { slug, title } => (slug, title),
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

    /// Updates an item in place; says whether a reader could notice.
    fn update(
        &mut self,
        known: &Known,
        section: i64,
        own: bool,
        position: i64,
        rank: i64,
        prepared: &Prepared,
    ) -> Result<bool, StoreError> {
        let draft = &prepared.draft;
        // Another page that repeats the headline takes nothing away, and changes neither date nor section:
        // otherwise the two pages would go on undoing each other.
        let section = if own { section } else { known.section };
        let summary = if draft.summary.is_empty() && !own {
            &known.summary
        } else {
            &draft.summary
        };
        let link = draft.link.as_ref().or(known.link.as_ref().filter(|_| !own));
        let published = prepared.published.map(|p| p.to_string());
        let (rank, position, published) = if own || known.published.is_none() {
            (rank, position, published)
        } else {
            (known.rank, known.position, known.published.clone())
        };
        let is_hidden = self.hidden.contains(&section);
        let changed = known.title != draft.title
            || known.summary != *summary
            || known.link.as_ref() != link
            || known.section != section
            || known.published != published;
        if !changed && known.position == position {
            return Ok(false);
        }
        self.writer
            .conn
            .prepare_cached(
                "UPDATE items SET title = ?2, summary = ?3, link = ?4, section_id = ?5, published = ?6,
                     rank = ?7, position = ?8, feed_id = coalesce(?9, feed_id),
                     link_key = coalesce(?10, link_key), title_key = ?11, removed = iif(?12, 2, 0)
                 WHERE id = ?1",
            )?
            .execute(params![
                known.id,
                draft.title,
                summary,
                link,
                section,
                published,
                rank,
                position,
                draft.feed_id,
                prepared.link_key,
                prepared.title_key,
                is_hidden,
            ])?;
        if known.section != section {
            *self.counts.entry(known.section).or_default() -= 1;
            *self.counts.entry(section).or_default() += 1;
            if let Some(order) = known.push_order {
                self.writer.item_moved(
                    ItemId::new(known.id),
                    order,
                    SectionId::new(known.section),
                    SectionId::new(section),
                    self.now,
                )?;
            }
        }
        let old = search::row(known.place());
        let new = search::row(Place {
            rank,
            position,
            id: known.id,
        });
        if changed || old != new {
            if known.standing == Standing::Shown && self.words.remove(&old).is_none() {
                self.writer
                    .conn
                    .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
                    .execute([old])?;
            }
            if !is_hidden {
                let words = crate::search::words(&draft.title, summary);
                self.words.insert(new, words);
            }
        }
        Ok(changed)
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
        Ok(())
    }
}
