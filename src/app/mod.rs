//! The application: what wires the rooms together. [`Bot`] is everything that can be done, as ordinary
//! functions that are told the time; [`run`] holds the loops that do it.

mod lock;
pub mod run;
mod watch;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::RwLock;
use tokio::sync::Notify;

pub use lock::{Lock, Locked};

use crate::commands::{self, Page, Reply, Request};
use crate::ids::{ChannelKey, SourceId};
use crate::locales::{Speaker, Texts};
use crate::outbox::{self, Platform};
use crate::roundups::{self, Press, Ticked};
use crate::sections::{Catalogue, Definition};
use crate::settings::{FILES, Settings, Source, SourceKind};
use crate::sources::folder::{self, Look};
use crate::sources::{Failed, Loader, Progress, Push, Reading, Report, Trust};
use crate::store::{KnownDocument, Store, StoreError};

/// How often a folder is looked at, at most, until a file in it is at rest; then the file is reported as
/// being written.
const LOOKS: usize = 8;

/// What time it is. The core never asks; whoever calls it does.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Raised when there is work for a loop.
#[derive(Default)]
pub struct Wake {
    /// Something may be due.
    pub schedule: Notify,
    /// Something may be sent.
    pub outbox: Notify,
}

/// Everything that a running Tidings consists of.
pub struct Bot {
    settings: Settings,
    store: Store,
    texts: Texts,
    definitions: Vec<Definition>,
    readings: Vec<Reading>,
    source_names: Vec<String>,
    catalogue: RwLock<(i64, Arc<Catalogue>)>,
    /// Held while a platform's parts are claimed, sent and settled, so that they stay in order.
    lane: tokio::sync::Mutex<()>,
    /// Raised for the loops.
    pub wake: Wake,
    clock: Clock,
}

/// Why an application can't begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The texts that are built in.
    #[error(transparent)]
    Texts(#[from] crate::locales::BadTexts),
}

impl Bot {
    /// Puts a bot together, and brings the stored sections in step with the configuration.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(settings: Settings, store: Store, clock: Clock) -> Result<Bot, StartError> {
        let definitions: Vec<Definition> = settings
            .sections
            .iter()
            .map(|section| Definition {
                slug: section.slug.clone(),
                title: section.title.clone(),
                headings: section.headings.clone(),
                phrases: section.phrases.clone(),
            })
            .collect();
        let moved = store.write(|db| db.configure_sections(&definitions, clock()))?;
        for (from, to) in moved {
            tracing::info!(%from, %to, "a discovered section is configured now; its items and subscriptions moved");
        }
        let readings = settings
            .sources
            .iter()
            .map(|source| {
                let section = source.section.as_ref().map(ToString::to_string);
                Reading::new(&definitions, source.layout, &source.stop_at, section)
            })
            .collect();
        let bot = Bot {
            texts: Texts::new()?,
            readings,
            source_names: settings.sources.iter().map(|s| s.name.clone()).collect(),
            definitions,
            settings,
            store,
            catalogue: RwLock::new((-1, Arc::new(Catalogue::default()))),
            lane: tokio::sync::Mutex::new(()),
            wake: Wake::default(),
            clock,
        };
        bot.catalogue()?;
        Ok(bot)
    }

    /// The configuration.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Speaks the operator's language.
    pub fn speaker(&self) -> Speaker<'_> {
        self.texts.speaker(self.settings.defaults.locale)
    }

    /// The sections as they are now, whichever process found them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn catalogue(&self) -> Result<Arc<Catalogue>, StoreError> {
        let version = self.store.read(|db| db.sections_version())?;
        {
            let held = self.catalogue.read();
            if held.0 == version {
                return Ok(held.1.clone());
            }
        }
        let stored = self.store.read(|db| db.sections())?;
        let catalogue = Arc::new(Catalogue::new(stored, &self.definitions));
        *self.catalogue.write() = (version, catalogue.clone());
        Ok(catalogue)
    }

    /// Answers a command.
    ///
    /// # Errors
    /// Only if the sections can't be read; everything else is answered.
    pub fn command(
        &self,
        platform: &dyn Platform,
        channel: &ChannelKey,
        manager: bool,
        line: &str,
    ) -> Result<Reply, StoreError> {
        self.with_request(platform, channel, manager, |request| {
            commands::answer(request, line)
        })
    }

    /// Shows a later page of a list.
    ///
    /// # Errors
    /// As for [`Bot::command`].
    pub fn turn(
        &self,
        platform: &dyn Platform,
        channel: &ChannelKey,
        page: &Page,
    ) -> Result<Reply, StoreError> {
        self.with_request(platform, channel, false, |request| {
            commands::turn(request, page)
        })
    }

    fn with_request(
        &self,
        platform: &dyn Platform,
        channel: &ChannelKey,
        manager: bool,
        answer: impl FnOnce(&Request<'_>) -> Reply,
    ) -> Result<Reply, StoreError> {
        let catalogue = self.catalogue()?;
        let row = self.store.read(|db| db.channel(channel))?;
        let locale = row.map_or(self.settings.defaults.locale, |row| {
            row.settings.language(&self.settings.defaults)
        });
        Ok(answer(&Request {
            store: &self.store,
            press: self.press(&catalogue),
            platform,
            channel: channel.clone(),
            manager,
            say: self.texts.speaker(locale),
            sources: &self.source_names,
            now: self.now(),
        }))
    }

    fn press<'p>(&'p self, catalogue: &'p Catalogue) -> Press<'p> {
        Press {
            catalogue,
            defaults: &self.settings.defaults,
            texts: &self.texts,
        }
    }

    /// Makes the roundups that are due on a platform.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tick(&self, platform: &dyn Platform) -> Result<Ticked, StoreError> {
        let catalogue = self.catalogue()?;
        roundups::tick(
            &self.store,
            self.press(&catalogue),
            platform.name(),
            self.now(),
            &|post| platform.render(post),
        )
    }

    /// Sends what may be sent on a platform until nothing is left to send now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn deliver(&self, platform: &dyn Platform) -> Result<(), StoreError> {
        let _lane = self.lane.lock().await;
        while outbox::deliver(&self.store, platform, &*self.clock).await? > 0 {}
        Ok(())
    }

    /// Loads all configured sources, one after the other. `progress` is called with a source's name, the
    /// documents done and their number; `wait` is called between two looks at files that may not be at rest.
    ///
    /// # Errors
    /// [`StoreError`]. What is wrong with a source or a document is in its report.
    pub fn load_sources(
        &self,
        trust: Trust,
        wait: &dyn Fn(),
        progress: &(dyn Fn(&str, usize, usize) + Sync),
    ) -> Result<Vec<Report>, StoreError> {
        (0..self.settings.sources.len())
            .map(|at| self.load_source(at, trust, wait, progress))
            .collect()
    }

    fn load_source(
        &self,
        at: usize,
        trust: Trust,
        wait: &dyn Fn(),
        progress: &(dyn Fn(&str, usize, usize) + Sync),
    ) -> Result<Report, StoreError> {
        let source = &self.settings.sources[at];
        let SourceKind::Folder { path } = &source.kind;
        let known = self.known_documents(source)?;
        let is_known = |look: &Look| is_as_filed(&known, look);
        let (looks, restless) = match folder::settled(path, &is_known, LOOKS, wait) {
            Ok(found) => found,
            Err(error) => return self.unreadable_folder(source, path, &error),
        };
        let name = source.name.clone();
        let mut report = self.load_looks(at, looks, trust, &|done, total| {
            progress(&name, done, total)
        })?;
        self.forget_vanished(source, &known, path)?;
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

    fn unreadable_folder(
        &self,
        source: &Source,
        path: &Path,
        error: &std::io::Error,
    ) -> Result<Report, StoreError> {
        let reason = format!("the folder {} can't be read: {error}", path.display());
        let news = self.store.write(|db| {
            let state = db.source(&source.name)?;
            db.end_pass(state.id, Some(&reason), self.now())?;
            Ok::<_, StoreError>(state.last_error.as_ref() != Some(&reason))
        })?;
        if news {
            tracing::warn!(source = source.name, %error, folder = %path.display(), "a source can't be read");
        }
        Ok(Report {
            name: source.name.clone(),
            failed: vec![Failed {
                document: path.display().to_string(),
                line: None,
                reason,
                news,
            }],
            ..Report::default()
        })
    }

    /// Loads files of a source that are at rest, and ends the pass.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn load_looks(
        &self,
        at: usize,
        looks: Vec<Look>,
        trust: Trust,
        progress: Progress<'_>,
    ) -> Result<Report, StoreError> {
        let source = &self.settings.sources[at];
        let state = self.store.write(|db| db.source(&source.name))?;
        let push = if state.baseline_at.is_none() {
            Push::None
        } else {
            Push::From(source.max_age.map_or(i64::MIN, |age| {
                self.now().as_second() - i64::try_from(age.as_secs()).unwrap_or(i64::MAX)
            }))
        };
        let report = self.load(state.id, &self.readings[at], looks, trust, push, progress)?;
        self.store
            .write(|db| db.end_pass(state.id, None, self.now()))?;
        let report = Report {
            name: source.name.clone(),
            ..report
        };
        self.tell(&report);
        Ok(report)
    }

    /// Loads files that somebody names. Those in a configured source's folder belong to that source; others
    /// are stored under a name of their own and pushed only if `push` says so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn load_files(
        &self,
        looks: Vec<Look>,
        push: bool,
        progress: Progress<'_>,
    ) -> Result<Vec<Report>, StoreError> {
        let mut reports = Vec::new();
        let mut others = looks;
        for (at, source) in self.settings.sources.iter().enumerate() {
            let SourceKind::Folder { path } = &source.kind;
            let Ok(root) = path.canonicalize() else {
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
                own.push(Look {
                    name: inside.to_string_lossy().replace('\\', "/"),
                    ..look.clone()
                });
                false
            });
            if own.is_empty() {
                continue;
            }
            let state = self.store.write(|db| db.source(&source.name))?;
            let push = if state.baseline_at.is_some() || push {
                Push::From(i64::MIN)
            } else {
                Push::None
            };
            let report = self.load(
                state.id,
                &self.readings[at],
                own,
                Trust::Nothing,
                push,
                progress,
            )?;
            reports.push(Report {
                name: source.name.clone(),
                ..report
            });
        }
        if !others.is_empty() {
            let state = self.store.write(|db| db.source(FILES))?;
            let reading = Reading::for_files(&self.settings, &self.definitions);
            let push = if push {
                Push::From(i64::MIN)
            } else {
                Push::None
            };
            let report = self.load(state.id, &reading, others, Trust::Nothing, push, progress)?;
            reports.push(Report {
                name: FILES.to_owned(),
                ..report
            });
        }
        for report in &reports {
            self.tell(report);
        }
        Ok(reports)
    }

    fn load(
        &self,
        source: SourceId,
        reading: &Reading,
        looks: Vec<Look>,
        trust: Trust,
        push: Push,
        progress: Progress<'_>,
    ) -> Result<Report, StoreError> {
        let catalogue = self.catalogue()?;
        let loader = Loader {
            store: &self.store,
            catalogue: &catalogue,
            now: self.now(),
        };
        let report = loader.load(source, reading, looks, trust, push, progress)?;
        if report.pushed > 0 {
            self.wake.schedule.notify_one();
        }
        Ok(report)
    }

    fn known_documents(
        &self,
        source: &Source,
    ) -> Result<std::collections::HashMap<String, KnownDocument>, StoreError> {
        self.store.write(|db| {
            let state = db.source(&source.name)?;
            db.documents(state.id)
        })
    }

    /// A document that can't be read and is taken away is no trouble any more.
    fn forget_vanished(
        &self,
        source: &Source,
        known: &std::collections::HashMap<String, KnownDocument>,
        folder: &Path,
    ) -> Result<(), StoreError> {
        for (name, document) in known {
            if document.failure.is_some() && !folder.join(name).exists() {
                self.store.write(|db| {
                    let state = db.source(&source.name)?;
                    db.forget_failure(state.id, name)
                })?;
            }
        }
        Ok(())
    }

    /// Logs what an operator wants to know of a pass.
    fn tell(&self, report: &Report) {
        for (slug, title) in &report.discovered {
            tracing::info!(section = %slug, title, source = report.name, "a heading made a new section");
        }
        for failed in report.failed.iter().filter(|failed| failed.news) {
            let line = failed.line.unwrap_or(0);
            tracing::warn!(
                source = report.name,
                document = failed.document,
                line,
                reason = failed.reason,
                "a document can't be read"
            );
        }
        if report.new + report.updated > 0 {
            let Report {
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
fn is_as_filed(known: &std::collections::HashMap<String, KnownDocument>, look: &Look) -> bool {
    known
        .get(&look.name)
        .is_some_and(|known| look.same_as(known.size, known.modified))
}
