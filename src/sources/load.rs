//! One pass over a source: documents are read and prepared on one thread and filed on another, many small
//! ones in one transaction, each of them whole.

use std::collections::HashMap;
use std::fs;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::Reading;
use super::folder::Look;
use crate::documents::{self, Document, Reason, Unreadable};
use crate::ids::{SectionSlug, SourceId};
use crate::items;
use crate::search;
use crate::sections::Catalogue;
use crate::store::{Batch, Filing, KnownDocument, Prepared, Store, StoreError};

/// The largest document that is read, in bytes. A year of weekly digests is a thousandth of it.
const LARGEST_DOCUMENT: u64 = 256 * 1024 * 1024;

/// Items filed in one transaction, unless a single document holds more: a compromise between asking the
/// disk seldom and keeping nobody else waiting.
const ITEMS_A_TRANSACTION: usize = 4_000;

/// Documents filed in one transaction.
const DOCUMENTS_A_TRANSACTION: usize = 500;

/// Documents that wait between the two threads.
const AHEAD: usize = 64;

/// Whether a file's size and time are enough to know that it is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// They are: what was filed isn't read again. For the looks that a running bot takes.
    SizeAndTime,
    /// They aren't: everything is read and compared.
    Nothing,
    /// Nothing is: what is unchanged is filed again, so that what was loaded quietly can be pushed.
    NotEvenContent,
}

/// Which new items are handed to subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// None: a baseline, or files from elsewhere.
    None,
    /// Those published at this moment or later, in seconds since 1970.
    From(i64),
}

/// A document that couldn't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its name.
    pub document: String,
    /// The line, from 1; `None` where the trouble has none.
    pub line: Option<u32>,
    /// What is wrong.
    pub reason: String,
    /// Whether this is its first report.
    pub news: bool,
}

/// What a pass did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The source's name.
    pub name: String,
    /// Documents looked at.
    pub documents: usize,
    /// Items that weren't known.
    pub new: usize,
    /// Items that have changed.
    pub updated: usize,
    /// Items that are as they were.
    pub unchanged: usize,
    /// Items handed to subscribers.
    pub pushed: usize,
    /// Documents that couldn't be read.
    pub failed: Vec<Failed>,
    /// Sections that headings made.
    pub discovered: Vec<(SectionSlug, String)>,
    /// Whether it was ended early.
    pub stopped: bool,
}

/// How far a pass is: documents done, and in all.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Loads documents into a store.
#[derive(Clone, Copy)]
pub struct Loader<'l> {
    /// The store.
    pub store: &'l Store,
    /// The sections there are.
    pub catalogue: &'l Catalogue,
    /// Said to be the present.
    pub now: Timestamp,
    /// Raised by whoever wants the pass to end early. What is in hand is finished.
    pub stop: &'l AtomicBool,
}

/// A document between the two threads.
enum Read {
    /// As it was filed.
    Unchanged(Same),
    Fresh(Box<Fresh>),
}

struct Same {
    look: Look,
    /// Whether the file's size and time are to be written down anew.
    touched: bool,
    items: usize,
    failure: Option<(Option<u32>, String)>,
}

struct Fresh {
    look: Look,
    content_hash: i64,
    first_seen: Timestamp,
    drafts: Result<Vec<Prepared>, Unreadable>,
    is_news: bool,
}

impl Loader<'_> {
    /// Loads files of one source.
    ///
    /// # Errors
    /// [`StoreError`]; what was filed before it stays.
    pub fn load(
        &self,
        source: SourceId,
        reading: &Reading,
        looks: Vec<Look>,
        trust: Trust,
        push: Push,
        progress: Progress<'_>,
    ) -> Result<Report, StoreError> {
        let known = self.store.read(|db| db.documents(source))?;
        let total = looks.len();
        let mut report = Report {
            documents: total,
            ..Report::default()
        };
        let (sender, receiver) = sync_channel(AHEAD);
        std::thread::scope(|threads| {
            threads.spawn(|| self.read_all(looks, &known, reading, trust, sender));
            let mut done = 0;
            while let Some(batch) = next_batch(&receiver) {
                done += batch.len();
                self.file(source, reading, push, &batch, &mut report)?;
                progress(done, total);
                if self.stop.load(Ordering::Relaxed) && done < total {
                    report.stopped = true;
                    break;
                }
            }
            // Whoever still reads ahead finds out that nobody takes it.
            drop(receiver);
            Ok(report)
        })
    }

    fn read_all(
        &self,
        looks: Vec<Look>,
        known: &HashMap<String, KnownDocument>,
        reading: &Reading,
        trust: Trust,
        sender: SyncSender<Read>,
    ) {
        for look in looks {
            let known = known.get(&look.name);
            let read = self.read(look, known, reading, trust);
            if sender.send(read).is_err() {
                // The filing side has failed, and says so.
                return;
            }
        }
    }

    fn read(
        &self,
        look: Look,
        known: Option<&KnownDocument>,
        reading: &Reading,
        trust: Trust,
    ) -> Read {
        let as_it_was = |look: Look, known: &KnownDocument| {
            Read::Unchanged(Same {
                touched: !look.same_as(known.size, known.modified),
                look,
                items: known.items,
                failure: known.failure.clone(),
            })
        };
        if let Some(known) = known.filter(|k| k.rules_hash == reading.hash)
            && trust == Trust::SizeAndTime
            && look.same_as(known.size, known.modified)
        {
            return as_it_was(look, known);
        }
        let file_time = Timestamp::from_nanosecond(look.modified.into()).unwrap_or(self.now);
        let first_seen = known.map_or(file_time, |known| known.first_seen);
        let fresh = |mut look: Look, content_hash, drafts: Result<Vec<Prepared>, Unreadable>| {
            let is_news = match (&drafts, known.and_then(|known| known.failure.as_ref())) {
                (Err(new), Some((line, reason))) => {
                    line.unwrap_or(0) != new.line
                        || *reason != new.reason.to_string()
                        || known.is_some_and(|k| k.content_hash != content_hash)
                }
                _ => true,
            };
            if let Err(Unreadable {
                reason: Reason::Io(_),
                ..
            }) = drafts
            {
                // Permissions may be mended without a change of size or time: it is tried at each look.
                look.modified = -1;
            }
            Read::Fresh(Box::new(Fresh {
                look,
                content_hash,
                first_seen,
                drafts,
                is_news,
            }))
        };
        let broken = |reason| Err(Unreadable { line: 0, reason });
        if look.size > LARGEST_DOCUMENT {
            let most = LARGEST_DOCUMENT / (1024 * 1024);
            return fresh(look, 0, broken(Reason::TooLarge(most)));
        }
        let bytes = match fs::read(&look.path) {
            Ok(bytes) => bytes,
            Err(error) => return fresh(look, 0, broken(Reason::Io(error.to_string()))),
        };
        let content_hash = xxh3_64(&bytes).cast_signed();
        if let Some(known) = known
            && known.content_hash == content_hash
            && known.rules_hash == reading.hash
            && trust != Trust::NotEvenContent
        {
            return as_it_was(look, known);
        }
        let _span = tracing::info_span!("document", name = look.name).entered();
        let document = Document {
            name: look.name.clone(),
            bytes,
            seen: first_seen,
            address: None,
            charset: None,
        };
        let drafts = documents::parse(&document, &reading.rules)
            .map(|page| self.prepare(page, reading.section.as_deref()));
        fresh(look, content_hash, drafts)
    }

    /// Works out everything about a page's drafts that doesn't need the store.
    fn prepare(&self, page: documents::Page, section: Option<&str>) -> Vec<Prepared> {
        let section = section
            .and_then(|slug| self.catalogue.by_slug(slug))
            .map(|section| section.id);
        let mut links: HashMap<i64, usize> = HashMap::new();
        for link in page.drafts.iter().filter_map(|d| d.link.as_deref()) {
            *links.entry(items::link_key(link)).or_default() += 1;
        }
        page.drafts
            .into_iter()
            .filter_map(|draft| {
                let published = draft.published.unwrap_or(page.published);
                Some(Prepared {
                    published: Some(published),
                    placement: self.catalogue.place(&draft, section)?,
                    title_key: items::title_key(&draft.title, -published.seconds()),
                    link_key: draft
                        .link
                        .as_deref()
                        .map(items::link_key)
                        .filter(|key| links.get(key) == Some(&1)),
                    words: search::words(&draft.title, &draft.summary),
                    draft,
                })
            })
            .collect()
    }

    fn file(
        &self,
        source: SourceId,
        reading: &Reading,
        push: Push,
        reads: &[Read],
        report: &mut Report,
    ) -> Result<(), StoreError> {
        let mut idle = true;
        for read in reads {
            match read {
                Read::Unchanged(same) => {
                    report.unchanged += same.items;
                    report
                        .failed
                        .extend(same.failure.as_ref().map(|(line, reason)| Failed {
                            document: same.look.name.clone(),
                            line: *line,
                            reason: reason.clone(),
                            news: false,
                        }));
                    idle &= !same.touched;
                }
                Read::Fresh(_) => idle = false,
            }
        }
        if idle {
            return Ok(());
        }
        let push_from = match push {
            Push::None => None,
            Push::From(from) => Some(from),
        };
        let filed = self.store.write(|db| {
            let mut batch = Batch::new(db, self.now)?;
            let mut filed = Vec::new();
            for read in reads {
                if let Read::Unchanged(Same {
                    look,
                    touched: true,
                    ..
                }) = read
                {
                    db.touch_document(source, &look.name, look.size, look.modified)?;
                }
                let Read::Fresh(fresh) = read else { continue };
                filed.push(batch.file(&Filing {
                    source,
                    name: &fresh.look.name,
                    content_hash: fresh.content_hash,
                    rules_hash: reading.hash,
                    size: fresh.look.size,
                    modified: fresh.look.modified,
                    first_seen: fresh.first_seen,
                    drafts: fresh.drafts.as_deref(),
                    push_from,
                })?);
            }
            batch.finish()?;
            Ok::<_, StoreError>(filed)
        })?;
        let fresh = reads.iter().filter_map(|read| match read {
            Read::Fresh(fresh) => Some(fresh),
            Read::Unchanged(_) => None,
        });
        for (fresh, filed) in fresh.zip(filed) {
            report.new += filed.new;
            report.updated += filed.updated;
            report.unchanged += filed.unchanged;
            report.pushed += filed.pushed;
            report.discovered.extend(filed.discovered);
            if let Err(unreadable) = &fresh.drafts {
                report.failed.push(Failed {
                    document: fresh.look.name.clone(),
                    line: Some(unreadable.line).filter(|line| *line > 0),
                    reason: unreadable.reason.to_string(),
                    news: fresh.is_news,
                });
            }
        }
        Ok(())
    }
}

/// Waits for a document, and takes with it what else is ready, up to a transaction's worth.
fn next_batch(receiver: &Receiver<Read>) -> Option<Vec<Read>> {
    let mut batch = vec![receiver.recv().ok()?];
    let weigh = |read: &Read| match read {
        Read::Fresh(fresh) => fresh.drafts.as_ref().map_or(0, Vec::len),
        _ => 0,
    };
    let mut items = weigh(&batch[0]);
    while items < ITEMS_A_TRANSACTION && batch.len() < DOCUMENTS_A_TRANSACTION {
        let Ok(read) = receiver.try_recv() else { break };
        items += weigh(&read);
        batch.push(read);
    }
    Some(batch)
}
