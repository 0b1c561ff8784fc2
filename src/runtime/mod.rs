//! The wiring of a process, and what runs in it: loops that are supervised, and what is looked after now and then.

mod connections;
mod duties;
mod running;
mod serve;
mod upkeep;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch::{self, Receiver};

pub use duties::Delivering;
pub use serve::{Ended, serve};

use crate::chat::Bot;
use crate::delivery::{Step, Worker};
use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::roundups::{Scheduler, Spring};
use crate::settings::{Settings, SourceKind, SourceSettings};
use crate::task::{Broken, Clock, Wake, supervise};
use crate::web::{Archive, Dashboard, Faces, Parts, Told, serve_pages};
use tidings_core::language::{Localizer, Texts};
use tidings_core::pages::Pages;
use tidings_core::platform::ChatPlatform;
use tidings_store::{Catalogues, Lock, Store, StoreError};

/// Everything that a running Tidings consists of.
pub struct App {
    settings: Arc<Settings>,
    store: Arc<Store>,
    catalogues: Arc<Catalogues>,
    texts: Arc<Texts>,
    clock: Arc<Clock>,
    bot: Arc<Bot>,
    ingest: Arc<Ingest>,
    scheduler: Arc<Scheduler>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Where that is served, once it is.
    pub served_at: Arc<OnceLock<SocketAddr>>,
    /// Where archive and dashboard are served, once they are.
    pub pages_at: Arc<OnceLock<SocketAddr>>,
    /// Loops that broke.
    pub broken: Arc<Broken>,
    /// Raised for the loops.
    pub wake: Arc<Wake>,
    /// Whether what came while nobody ran is loaded, so that roundups may be made.
    pub loaded: watch::Sender<bool>,
}

/// Why an application can't begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The texts that are built in.
    #[error(transparent)]
    Texts(#[from] tidings_core::language::BadTexts),
}

/// A source, as roundups wait for it.
fn spring(source: &SourceSettings) -> Spring {
    Spring {
        source: source.name.clone(),
        address: match &source.kind {
            SourceKind::Folder { .. } => None,
            SourceKind::Web { url, .. } => Some(url.to_string()),
        },
        poll: SignedDuration::try_from(source.poll).unwrap_or(SignedDuration::MAX),
    }
}

impl App {
    /// Puts everything together, and brings the stored sections in step with the configuration.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(settings: Settings, store: Store, clock: Arc<Clock>) -> Result<App, StartError> {
        let (settings, store) = (Arc::new(settings), Arc::new(store));
        let definitions = settings.definitions();
        let (catalogues, moved) = Catalogues::configured(store.clone(), definitions, clock.now())?;
        for (from, to) in moved {
            tracing::info!(%from, %to, "a discovered section is configured now; its items and subscriptions moved");
        }
        let catalogues = Arc::new(catalogues);
        let (texts, wake) = (Arc::new(Texts::new()?), Arc::<Wake>::default());
        let metrics = Arc::<Metrics>::default();
        let bot = Arc::new(Bot::new(
            settings.clone(),
            store.clone(),
            catalogues.clone(),
            texts.clone(),
            clock.clone(),
            wake.clone(),
        ));
        let ingest = Arc::new(Ingest::new(
            settings.clone(),
            store.clone(),
            catalogues.clone(),
            texts.clone(),
            metrics.clone(),
            clock.clone(),
            wake.clone(),
        ));
        let scheduler = Scheduler::new(
            store.clone(),
            catalogues.clone(),
            settings.defaults.clone(),
            settings.labels(),
            settings.operator.editors.clone(),
            texts.clone(),
            clock.clone(),
            wake.clone(),
        );
        let springs = settings.sources.iter().map(spring).collect();
        let scheduler = scheduler.leading_to(settings.pages()).waiting_for(springs);
        let scheduler = Arc::new(scheduler);
        Ok(App {
            settings,
            store,
            catalogues,
            texts,
            clock,
            bot,
            ingest,
            scheduler,
            metrics,
            served_at: Arc::default(),
            pages_at: Arc::default(),
            broken: Arc::default(),
            wake,
            loaded: watch::Sender::default(),
        })
    }

    /// The configuration.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The store.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The sections.
    pub fn catalogues(&self) -> &Catalogues {
        &self.catalogues
    }

    /// The archive on the web, where one is configured; `platforms` are those that run. It reads the store through connections
    /// of its own.
    pub fn archive(
        &self,
        platforms: Vec<Arc<dyn ChatPlatform>>,
    ) -> Result<Option<Archive>, StoreError> {
        let Some(web) = self.settings.web.as_ref().filter(|web| web.archive) else {
            return Ok(None);
        };
        let told = Told {
            pages: Pages::at(web.base()),
            defaults: self.settings.defaults.clone(),
            labels: self.settings.labels(),
            definitions: self.settings.definitions(),
            platforms,
        };
        let (texts, clock) = (self.texts.clone(), self.clock.clone());
        Archive::open(self.store.address(), texts, clock, told).map(Some)
    }

    /// The dashboard, where it is configured; `platforms` are those that run. It reads the store through connections of its own.
    pub fn dashboard(
        &self,
        platforms: Vec<Arc<dyn ChatPlatform>>,
    ) -> Result<Option<Dashboard>, StoreError> {
        let Some(web) = self.settings.web.as_ref().filter(|web| web.dashboard) else {
            return Ok(None);
        };
        let parts = Parts {
            settings: self.settings.clone(),
            store: self.store.clone(),
            texts: self.texts.clone(),
            clock: self.clock.clone(),
            bot: self.bot.clone(),
            ingest: self.ingest.clone(),
            broken: self.broken.clone(),
            wake: self.wake.clone(),
            platforms,
        };
        Dashboard::open(self.store.address(), web, parts).map(Some)
    }

    /// Archive and dashboard, as far as they are configured.
    pub fn faces(&self, platforms: Vec<Arc<dyn ChatPlatform>>) -> Result<Faces, StoreError> {
        Ok(Faces {
            archive: self.archive(platforms.clone())?.map(Arc::new),
            dashboard: self.dashboard(platforms)?.map(Arc::new),
        })
    }

    /// Serves archive and dashboard until told to stop, as far as they are configured.
    pub async fn serve_pages(&self, platforms: Vec<Arc<dyn ChatPlatform>>, stop: Receiver<bool>) {
        let Some(web) = &self.settings.web else {
            return;
        };
        let faces = match self.faces(platforms) {
            Ok(faces) => faces,
            Err(error) => {
                let why = format!("the store can't be opened for them: {error}");
                return self.broken.broke("pages on the web", &why);
            }
        };
        let (broken, served_at, address) = (self.broken.clone(), self.pages_at.clone(), web.listen);
        let serve = {
            let (broken, stop) = (broken.clone(), stop.clone());
            move || {
                let (faces, served_at) = (faces.clone(), served_at.clone());
                serve_pages(faces, address, served_at, broken.clone(), stop.clone())
            }
        };
        supervise(broken, "pages on the web".to_owned(), stop, serve).await;
    }

    /// What people talk to.
    pub fn bot(&self) -> &Arc<Bot> {
        &self.bot
    }

    /// What loads documents.
    pub fn ingest(&self) -> &Arc<Ingest> {
        &self.ingest
    }

    /// What makes roundups.
    pub fn scheduler(&self) -> &Arc<Scheduler> {
        &self.scheduler
    }

    /// The clock of this process.
    pub fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// By how much this machine's clock is behind (or, below nothing, ahead of) that of the store's server, which shows this
    /// moment, where the operator should know.
    pub fn clock_differs(&self, shown: Timestamp) -> Option<SignedDuration> {
        self.clock.differs(shown)
    }

    /// Speaks the operator's language.
    pub fn localizer(&self) -> Localizer<'_> {
        self.texts.localizer(self.settings.defaults.locale)
    }

    /// Sends what may be sent on a worker's platform until nothing is left to send now.
    pub async fn deliver(&self, worker: &mut Worker) -> Result<Step, StoreError> {
        worker.drain(&self.store, &|| self.clock.now()).await
    }

    /// Takes up parts that other processes were sending for a worker's platform when they ended, if they all
    /// have. Nothing may be in the worker's own hands.
    pub async fn take_over(&self, worker: &Worker, lock: &Lock) -> Result<(), StoreError> {
        if lock.is_alone_now().unwrap_or(false) {
            let platform = worker.platform().name();
            let recovered = self.store.write(|db| db.recover(platform)).await;
            if let Err(error) = lock.share() {
                tracing::warn!(%error, "the console's lock can't be shared again");
            }
            recovered?;
        }
        Ok(())
    }
}
