//! Loading: passes over the configured sources, files that somebody names, and what is said about both.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Ingest;
use super::aside::aside;
use crate::ingest::folder::{FileStat, Settling};
use crate::ingest::hand::{self, Hand};
use crate::ingest::{
    Failed, Loader, PassSummary, Progress, PushPolicy, ReadingProfile, Recheck, Source, folder,
};
use crate::settings::SourceSettings;
use crate::task::sleep;
use tidings_core::ids::{FILES, SourceId};
use tidings_reader::Document;
use tidings_store::{KnownDocument, SourceState, StoreAddress, StoreError};

/// How often a folder is looked at, at most, until a file in it is at rest; then the file is reported as
/// being written.
pub(super) const LOOKS: usize = 8;

/// Between two looks of somebody who waits.
pub(super) const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

impl Ingest {
    /// Loads all configured sources, one after the other. `progress` is called with a source's name, the
    /// documents done and their number; `between` is waited for between two looks at files that may not be at rest, once
    /// for all folders that have some.
    ///
    /// # Errors
    /// [`StoreError`]. What is wrong with a source or a document is in its report.
    pub async fn load_sources(
        &self,
        recheck: Recheck,
        between: Duration,
        progress: &(dyn Fn(&str, usize, usize) + Sync),
    ) -> Result<Vec<PassSummary>, StoreError> {
        let sources = self.sources.iter().map(|source| &**source).enumerate();
        let (web, folders): (Vec<_>, Vec<_>) =
            sources.partition(|(_, source)| source.folder().is_none());
        let mut reports = Vec::new();
        if !web.is_empty() {
            let done = |name: &str| progress(name, 1, 1);
            reports = self.load_web_sources(&web, recheck, &done).await?;
        }
        let mut settling: Vec<_> = folders
            .into_iter()
            .map(|(at, source)| (at, source, Settling::default()))
            .collect();
        for turn in 1..=LOOKS {
            let mut restless = Vec::new();
            for (at, source, mut files) in settling {
                match self.look(source, &mut files).await? {
                    Ok(true) if turn < LOOKS => restless.push((at, source, files)),
                    Ok(_) => {
                        let report = self.load_source(source, files, recheck, progress);
                        reports.push((at, report.await?));
                    }
                    Err(report) => reports.push((at, report)),
                }
            }
            settling = restless;
            if settling.is_empty() {
                break;
            }
            sleep(between).await;
        }
        // In the order of the configuration.
        reports.sort_by_key(|(at, _)| *at);
        Ok(reports.into_iter().map(|(_, report)| report).collect())
    }

    /// Looks at a source's folder; says whether it takes another look, or what became of the source whose folder can't
    /// be read.
    pub(super) async fn look(
        &self,
        source: &Source,
        files: &mut Settling,
    ) -> Result<Result<bool, PassSummary>, StoreError> {
        let Some(path) = source.folder() else {
            return Ok(Ok(false));
        };
        let known = self.known_documents(source).await?;
        let folder = path.to_owned();
        match aside(move || folder::list(&folder)).await? {
            Ok(found) => Ok(Ok(files.look(found, &|look| is_as_filed(&known, look)))),
            Err(error) => self.unreadable_folder(source, path, &error).await.map(Err),
        }
    }

    pub(super) async fn load_source(
        &self,
        source: &Source,
        files: Settling,
        recheck: Recheck,
        progress: &(dyn Fn(&str, usize, usize) + Sync),
    ) -> Result<PassSummary, StoreError> {
        let (looks, restless) = files.looks();
        let all = looks.iter().chain(&restless);
        let names: HashSet<String> = all.map(|look| look.name.clone()).collect();
        let progress = |done, total| progress(source.name(), done, total);
        let loaded = self.load_looks(source, looks, recheck, &progress);
        let mut report = loaded.await?;
        self.forget_vanished(source.name(), &|name| names.contains(name))
            .await?;
        report.documents += restless.len();
        report
            .failed
            .extend(restless.into_iter().map(|look| Failed {
                document: look.name,
                line: None,
                reason:
                    "somebody is still writing it; load it again when it is complete".to_owned(),
                news: true,
            }));
        Ok(report)
    }

    pub(super) async fn unreadable_folder(
        &self,
        source: &Source,
        path: &Path,
        error: &std::io::Error,
    ) -> Result<PassSummary, StoreError> {
        let reason = format!("the folder {} can't be read: {error}", path.display());
        let noted = self.store.write(|db| {
            let state = db.source(source.name())?;
            db.end_pass(state.id, Some(&reason), self.now())?;
            Ok::<_, StoreError>(state.last_error.as_ref() != Some(&reason))
        });
        let news = noted.await?;
        if news {
            tracing::warn!(source = source.name(), %error, folder = %path.display(), "a source can't be read");
        }
        Ok(PassSummary {
            name: source.name().to_owned(),
            failed: vec![Failed {
                document: path.display().to_string(),
                line: None,
                reason,
                news,
            }],
            ..PassSummary::default()
        })
    }

    /// Loads files of a source that are at rest, and ends the pass.
    pub async fn load_looks(
        &self,
        source: &Source,
        looks: Vec<FileStat>,
        recheck: Recheck,
        progress: Progress<'_>,
    ) -> Result<PassSummary, StoreError> {
        let state = self.store.write(|db| db.source(source.name())).await?;
        let push = self.push(&source.settings, &state);
        let loaded = self.load(state.id, &source.profile, looks, recheck, push, progress);
        let report = loaded.await?;
        if !report.stopped {
            self.store
                .write(|db| db.end_pass(state.id, None, self.now()))
                .await?;
        }
        let report = PassSummary {
            name: source.name().to_owned(),
            ..report
        };
        self.tell(&report);
        Ok(report)
    }

    /// Files documents of a source that came over the web.
    pub(super) async fn load_documents(
        &self,
        source: &Source,
        state: &SourceState,
        documents: Vec<Document>,
        recheck: Recheck,
        push: PushPolicy,
    ) -> Result<PassSummary, StoreError> {
        let loader = self.loader().await?;
        let (profile, most) = (&source.profile, source.settings.max_burst);
        let loaded = loader.load_documents(state.id, profile, documents, recheck, push, most);
        let report = loaded.await?;
        if report.beyond > 0 {
            tracing::warn!(
                source = source.name(),
                new = report.new,
                beyond = report.beyond,
                "more new items came at once than max_burst allows: the newest are pushed, the others count as “N more”"
            );
            self.store
                .write(|db| db.note_burst(state.id, report.beyond, self.now()))
                .await?;
        }
        if let Some(title) = &report.title {
            self.store
                .write(|db| db.note_title(state.id, title))
                .await?;
        }
        self.wake_for(&report);
        Ok(report)
    }

    /// Wakes whoever posts what came, and edits what was posted of what has changed.
    fn wake_for(&self, report: &PassSummary) {
        if report.pushed + report.updated > 0 {
            self.wake.schedule();
        }
    }

    /// Where what is being read is noted. Whoever is first to read something finds out what processes that are gone had
    /// in hand.
    pub(super) async fn hand(&self) -> Result<Arc<Hand>, StoreError> {
        let hand = self.hand.get_or_try_init(|| self.take_hand());
        hand.await.cloned()
    }

    async fn take_hand(&self) -> Result<Arc<Hand>, StoreError> {
        let StoreAddress::File(path) = self.store.address() else {
            // Whatever this process holds when it is the first to read something: it is for all that is read later.
            let store = Arc::new(self.store.unfenced());
            store.write(|db| db.note_left_documents()).await?;
            let deaths = store.read(|db| db.deaths()).await?;
            // Before anybody takes over what a lost process did, it has to be known at what it ended.
            let lease = self.settings.store.lease / 2;
            return Ok(Arc::new(Hand::shared(store, lease, deaths)));
        };
        let left = hand::left(path).unwrap_or_else(|error| {
            tracing::warn!(%error, "what other processes had in hand can't be seen");
            Vec::new()
        });
        if !left.is_empty() {
            let noted = self
                .store
                .write(|db| left.iter().try_for_each(|content| db.add_death(*content)));
            noted.await?;
        }
        let deaths = self.store.read(|db| db.deaths()).await?;
        let hand = Hand::beside(path, deaths.clone()).unwrap_or_else(|error| {
            tracing::warn!(%error, "what is being read can't be noted beside the store");
            Hand::knowing(deaths)
        });
        Ok(Arc::new(hand))
    }

    async fn loader(&self) -> Result<Loader<'_>, StoreError> {
        Ok(Loader {
            store: &self.store,
            planner: self.planner().await?,
            stop: self.stopping.clone(),
        })
    }

    /// What a source's new items are: a baseline at first, then news unless they are old.
    pub(super) fn push(&self, source: &SourceSettings, state: &SourceState) -> PushPolicy {
        if state.baseline_at.is_none() {
            return PushPolicy::None;
        }
        let from = source.max_age.map_or(i64::MIN, |age| {
            self.now().as_second() - i64::try_from(age.as_secs()).unwrap_or(i64::MAX)
        });
        PushPolicy::From {
            from,
            hold_until: self.hold_until(source),
        }
    }

    /// Until when what a source brings now waits for its editors.
    fn hold_until(&self, source: &SourceSettings) -> Option<Timestamp> {
        let hold = SignedDuration::try_from(source.hold?).ok()?;
        self.now().checked_add(hold).ok()
    }

    /// Loads files that somebody names. Those in a configured source's folder belong to that source; others
    /// are stored under a name of their own and pushed only if `push` says so.
    pub async fn load_files(
        &self,
        looks: Vec<FileStat>,
        push: bool,
        progress: Progress<'_>,
    ) -> Result<Vec<PassSummary>, StoreError> {
        let mut reports = Vec::new();
        let mut others = looks;
        for source in &self.sources {
            let root = source.folder().and_then(|path| path.canonicalize().ok());
            let Some(root) = root else {
                continue;
            };
            let mut own = Vec::new();
            others.retain(|look| {
                let inside = look
                    .path
                    .canonicalize()
                    .ok()
                    .and_then(|full| Some(full.strip_prefix(&root).ok()?.to_owned()));
                let Some(inside) = inside else { return true };
                own.push(FileStat {
                    name: folder::name_of(inside.as_os_str()),
                    ..look.clone()
                });
                false
            });
            if own.is_empty() {
                continue;
            }
            let state = self.store.write(|db| db.source(source.name())).await?;
            // Somebody wants it now, however old it is; its editors look at it first all the same.
            let push = if state.baseline_at.is_some() || push {
                PushPolicy::From {
                    from: i64::MIN,
                    hold_until: self.hold_until(&source.settings),
                }
            } else {
                PushPolicy::None
            };
            let (profile, recheck) = (&source.profile, Recheck::Content);
            let loaded = self.load(state.id, profile, own, recheck, push, progress);
            reports.push(PassSummary {
                name: source.name().to_owned(),
                ..loaded.await?
            });
        }
        if !others.is_empty() {
            let state = self.store.write(|db| db.source(FILES)).await?;
            let reading = ReadingProfile::for_files(&self.settings, self.catalogues.definitions());
            let reading = Arc::new(reading);
            let (recheck, push) = if push {
                (
                    Recheck::Everything,
                    PushPolicy::From {
                        from: i64::MIN,
                        hold_until: None,
                    },
                )
            } else {
                (Recheck::Content, PushPolicy::None)
            };
            let loaded = self.load(state.id, &reading, others, recheck, push, progress);
            let report = loaded.await?;
            self.forget_vanished(FILES, &|name| Path::new(name).exists())
                .await?;
            self.store
                .write(|db| db.end_pass(state.id, None, self.now()))
                .await?;
            reports.push(PassSummary {
                name: FILES.to_owned(),
                ..report
            });
        }
        for report in &reports {
            self.tell(report);
        }
        Ok(reports)
    }

    async fn load(
        &self,
        source: SourceId,
        reading: &Arc<ReadingProfile>,
        looks: Vec<FileStat>,
        recheck: Recheck,
        push: PushPolicy,
        progress: Progress<'_>,
    ) -> Result<PassSummary, StoreError> {
        let loader = self.loader().await?;
        let loaded = loader.load(source, reading, looks, recheck, push, progress);
        let report = loaded.await?;
        self.wake_for(&report);
        Ok(report)
    }

    pub(super) async fn known_documents(
        &self,
        source: &Source,
    ) -> Result<HashMap<String, KnownDocument>, StoreError> {
        let known = self.store.write(|db| {
            let state = db.source(source.name())?;
            db.documents(state.id)
        });
        known.await
    }

    /// A document that can't be read and is taken away is no trouble any more.
    pub(super) async fn forget_vanished(
        &self,
        source: &str,
        is_there: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<(), StoreError> {
        let known = self.store.read(|db| {
            let sources = db.sources()?;
            Ok::<_, StoreError>(sources.into_iter().find(|known| known.name == source))
        });
        if let Some(state) = known.await? {
            for failed in &state.failed {
                if !is_there(&failed.document) {
                    self.store
                        .write(|db| db.forget_failure(state.id, &failed.document))
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Logs what an operator wants to know of a pass.
    pub(super) fn tell(&self, report: &PassSummary) {
        for (slug, title) in &report.discovered {
            tracing::info!(section = %slug, title, source = report.name, "a heading made a new section");
        }
        for failed in report.failed.iter().filter(|failed| failed.news) {
            tracing::warn!(
                source = report.name,
                document = failed.document,
                line = failed.line,
                reason = failed.reason,
                "a document can't be read"
            );
        }
        for left_out in &report.unread {
            tracing::info!(
                source = report.name,
                document = left_out.document,
                "{}",
                left_out.unread
            );
        }
        self.metrics.loaded(&report.name, report.new);
        if report.new + report.updated > 0 {
            let PassSummary {
                new,
                updated,
                pushed,
                ..
            } = report;
            tracing::info!(source = report.name, new, updated, pushed, "loaded");
        }
    }
}

/// Whether a file looks as it did when it was filed.
pub(super) fn is_as_filed(known: &HashMap<String, KnownDocument>, look: &FileStat) -> bool {
    known
        .get(&look.name)
        .is_some_and(|known| look.same_as(known.size, known.modified))
}
