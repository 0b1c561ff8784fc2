//! The wiring of a process, and what runs in it: loops that are supervised, and what is looked after now and then.

mod serve;
mod upkeep;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

pub use serve::{Ended, serve};

use crate::chat::Bot;
use crate::delivery::{Step, Worker};
use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::roundups::Scheduler;
use crate::settings::Settings;
use crate::task::{Broken, Clock, Wake};
use tidings_core::language::{Localizer, Texts};
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
    /// Loops that broke.
    pub broken: Arc<Broken>,
    /// Raised for the loops.
    pub wake: Arc<Wake>,
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
        let scheduler = Arc::new(Scheduler::new(
            store.clone(),
            catalogues.clone(),
            settings.defaults.clone(),
            settings.labels(),
            settings.operator.editors.clone(),
            texts.clone(),
            clock.clone(),
            wake.clone(),
        ));
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
            broken: Arc::default(),
            wake,
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

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
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
