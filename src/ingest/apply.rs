//! One pass over a source: documents are read and prepared on one thread and filed on another, many small
//! ones in one transaction, each of them whole.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::aside::{aside, no_thread};
use super::folder::FileStat;
use super::in_flight::InFlight;
use super::loader::{Failed, LeftOut, Loader, PassSummary, Progress, PushPolicy};
use super::plan::{Planner, Read, Recheck, Same};
use super::profile::ReadingProfile;
use tidings_core::addresses::redacted_name;
use tidings_core::bounds::{STACK, TRANSACTION_ITEMS};
use tidings_core::ids::SourceId;
use tidings_reader::Document;
use tidings_store::{Batch, Filed, KnownDocument, StoreError, TOO_ALIKE};

/// Documents filed in one transaction.
const DOCUMENTS_A_TRANSACTION: usize = 500;

/// Documents that wait between the two threads.
const AHEAD: usize = 64;

/// Reads the files of one source, on a thread of its own, ahead of whoever files what they hold.
struct ReadingAhead {
    planner: Planner,
    known: HashMap<String, KnownDocument>,
    reading: Arc<ReadingProfile>,
    recheck: Recheck,
    in_flight: Arc<InFlight>,
    stop: Arc<AtomicBool>,
    sender: Sender<Read>,
}

impl ReadingAhead {
    fn read_all(self, looks: Vec<FileStat>) {
        for look in looks {
            let known = self.known.get(&look.name);
            let bytes = look.bytes();
            self.in_flight.take(bytes);
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let read = self.planner.read(look, known, &self.reading, self.recheck);
            self.in_flight.is_by_now(bytes, read.bytes());
            if self.sender.blocking_send(read).is_err() {
                // The filing side has failed, and says so.
                return;
            }
        }
    }
}

impl Loader<'_> {
    /// Loads files of one source.
    ///
    /// # Errors
    /// [`StoreError`]; what was filed before it stays.
    pub async fn load(
        &self,
        source: SourceId,
        reading: &Arc<ReadingProfile>,
        looks: Vec<FileStat>,
        recheck: Recheck,
        push: PushPolicy,
        progress: Progress<'_>,
    ) -> Result<PassSummary, StoreError> {
        let names: Vec<&str> = looks.iter().map(|look| look.name.as_str()).collect();
        let known = self.store.read(|db| db.documents_named(source, &names));
        let known = known.await?;
        let total = looks.len();
        let mut report = PassSummary {
            documents: total,
            ..PassSummary::default()
        };
        let (sender, mut receiver) = channel(AHEAD);
        let in_flight = Arc::<InFlight>::default();
        // Whoever still reads ahead finds out that nobody takes it, however this ends.
        let _open = in_flight.until_dropped();
        let ahead = ReadingAhead {
            planner: self.planner.clone(),
            known,
            reading: reading.clone(),
            recheck,
            in_flight: in_flight.clone(),
            stop: self.stop.clone(),
            sender,
        };
        let thread = thread::Builder::new().stack_size(STACK.most);
        let thread = thread
            .spawn(move || ahead.read_all(looks))
            .map_err(no_thread)?;
        let mut done = 0;
        while let Some(batch) = next_batch(&mut receiver).await {
            done += batch.len();
            self.file(source, reading, push, &batch, usize::MAX, &mut report)
                .await?;
            in_flight.free(batch.iter().map(Read::bytes).sum());
            progress(done, total);
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
        }
        report.stopped = done < total && self.stop.load(Ordering::Relaxed);
        // The document in hand is read to its end: a process that ends in the midst of one seems to have died of it.
        receiver.close();
        while receiver.recv().await.is_some() {}
        if let Err(panic) = thread.join() {
            resume_unwind(panic);
        }
        Ok(report)
    }

    /// Loads documents of one source that are in memory already. Of its new items the newest `most` are pushed as such.
    ///
    /// # Errors
    /// [`StoreError`]; what was filed before it stays.
    pub async fn load_documents(
        &self,
        source: SourceId,
        reading: &Arc<ReadingProfile>,
        documents: Vec<Document>,
        recheck: Recheck,
        push: PushPolicy,
        most: Option<usize>,
    ) -> Result<PassSummary, StoreError> {
        let names: Vec<&str> = documents
            .iter()
            .map(|document| document.name.as_str())
            .collect();
        let known = self.store.read(|db| db.documents_named(source, &names));
        let known = known.await?;
        let mut report = PassSummary {
            documents: documents.len(),
            ..PassSummary::default()
        };
        let (planner, profile) = (self.planner.clone(), reading.clone());
        let read_all = move || {
            let read = |document: Document| {
                let look = FileStat::in_memory(&document);
                let known = known.get(&look.name);
                planner.read_bytes(look, document, known, &profile, recheck)
            };
            documents.into_iter().map(read).collect::<Vec<Read>>()
        };
        let reads = aside(read_all).await?;
        let most = most.unwrap_or(usize::MAX);
        self.file(source, reading, push, &reads, most, &mut report)
            .await?;
        Ok(report)
    }

    /// Files what was read, in as few transactions as have room for it. Of what is new the newest `most` are pushed as such.
    async fn file(
        &self,
        source: SourceId,
        reading: &ReadingProfile,
        push: PushPolicy,
        reads: &[Read],
        most: usize,
        report: &mut PassSummary,
    ) -> Result<(), StoreError> {
        let mut idle = true;
        let mut failed = Vec::new();
        let mut unchanged = 0;
        let mut ignored = 0;
        for read in reads {
            match read {
                Read::Unchanged(same) => {
                    unchanged += same.items;
                    ignored += same.ignored;
                    failed.extend(same.failure.as_ref().map(|(line, reason)| Failed {
                        document: redacted_name(&same.look.name).into_owned(),
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
            report.unchanged += unchanged;
            report.ignored += ignored;
            report.failed.extend(failed);
            return Ok(());
        }
        let (push_from, hold_until) = match push {
            PushPolicy::None => (None, None),
            PushPolicy::From { from, hold_until } => (Some(from), hold_until),
        };
        let mut filed: Vec<Filed> = Vec::new();
        let mut beyond = 0;
        let mut rest = reads;
        while !rest.is_empty() {
            let pushed: usize = filed.iter().map(|filed| filed.pushed).sum();
            let written = self.store.write(|db| {
                let mut batch = Batch::new(db, self.planner.now)?;
                let mut filed = Vec::new();
                let mut done = 0;
                for read in rest {
                    match read {
                        Read::Unchanged(Same { look, touched, .. }) if *touched => {
                            db.touch_document(source, &look.name, look.size, look.modified)?;
                        }
                        Read::Unchanged(_) => {}
                        Read::Fresh(fresh) => {
                            let filing = fresh.filing(source, reading, push_from, hold_until);
                            let look = &fresh.look;
                            let one = batch.file(&filing, &|name, size, modified| {
                                look.has_beside(name, size, modified)
                            })?;
                            // What has no room any more begins the next transaction.
                            let Some(one) = one else { break };
                            if fresh.is_forgiven {
                                db.forgive(fresh.content_hash)?;
                            }
                            filed.push(one);
                        }
                    }
                    done += 1;
                }
                // What was pushed before may be on its way already: what comes now takes what that has left.
                let beyond = batch.push_at_most(most.saturating_sub(pushed))?;
                batch.finish()?;
                Ok::<_, StoreError>((filed, beyond, done))
            });
            let (new, over, done) = written.await?;
            filed.extend(new);
            beyond += over;
            rest = &rest[done..];
        }
        report.unchanged += unchanged;
        report.ignored += ignored;
        report.beyond += beyond;
        report.failed.extend(failed);
        let fresh = reads.iter().filter_map(|read| match read {
            Read::Fresh(fresh) => Some(fresh),
            Read::Unchanged(_) => None,
        });
        for (fresh, filed) in fresh.zip(filed) {
            report.new += filed.new;
            report.updated += filed.updated;
            report.unchanged += filed.unchanged;
            report.ignored += filed.ignored;
            report.pushed += filed.pushed;
            report.discovered.extend(filed.discovered);
            if !fresh.unread.lines.is_empty() {
                report.unread.push(LeftOut {
                    document: redacted_name(&fresh.look.name).into_owned(),
                    unread: fresh.unread.clone(),
                });
            }
            if let Ok(page) = &fresh.drafts {
                report.title = page.title.clone().or(report.title.take());
            }
            if filed.is_too_much {
                report.failed.push(Failed {
                    document: redacted_name(&fresh.look.name).into_owned(),
                    line: None,
                    reason: TOO_ALIKE.to_owned(),
                    news: fresh.is_news,
                });
            } else if let Some(unreadable) = fresh.trouble() {
                report.failed.push(Failed {
                    document: redacted_name(&fresh.look.name).into_owned(),
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
async fn next_batch(receiver: &mut Receiver<Read>) -> Option<Vec<Read>> {
    let mut batch = vec![receiver.recv().await?];
    let weigh = |read: &Read| match read {
        Read::Fresh(fresh) => fresh.drafts.as_ref().map_or(0, |page| page.drafts.len()),
        _ => 0,
    };
    let mut items = weigh(&batch[0]);
    while items < TRANSACTION_ITEMS.most && batch.len() < DOCUMENTS_A_TRANSACTION {
        let Ok(read) = receiver.try_recv() else { break };
        items += weigh(&read);
        batch.push(read);
    }
    Some(batch)
}
