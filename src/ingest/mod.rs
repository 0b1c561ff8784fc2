//! Ingest: where documents come from, what a pass over a source makes of them, and when it is made.

mod apply;
mod aside;
pub mod dry_run;
mod fetching;
pub mod folder;
pub mod hand;
mod holders;
mod in_flight;
mod loader;
mod on_demand;
mod pass;
mod plan;
mod profile;
mod regular;
mod source;
mod telling;
mod watch;
pub mod web;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use tokio::sync::OnceCell;

pub use fetching::FetchResult;
pub use holders::Holding;
pub use loader::{Failed, LeftOut, Loader, PassSummary, Progress, PushPolicy};
pub use plan::{Planner, Recheck};
pub use profile::ReadingProfile;
pub use source::Source;
pub use watch::watch_source;

use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::task::{Clock, Wake};
use hand::Hand;
use holders::Holders;
use tidings_core::language::Texts;
use tidings_store::{Catalogues, Store, StoreError};
use web::fetch::Fetcher;

/// What loads documents into a store.
#[derive(Clone)]
pub struct Ingest {
    settings: Arc<Settings>,
    store: Arc<Store>,
    catalogues: Arc<Catalogues>,
    texts: Arc<Texts>,
    sources: Vec<Arc<Source>>,
    fetcher: Arc<Fetcher>,
    /// What is being read, once something is.
    hand: Arc<OnceCell<Arc<Hand>>>,
    metrics: Arc<Metrics>,
    clock: Arc<Clock>,
    wake: Arc<Wake>,
    /// Raised to end a pass early.
    stopping: Arc<AtomicBool>,
    /// What of the sources this process holds.
    holders: Arc<Holders<Ingest>>,
}

impl Ingest {
    /// Reads the configured sources into a store.
    pub fn new(
        settings: Arc<Settings>,
        store: Arc<Store>,
        catalogues: Arc<Catalogues>,
        texts: Arc<Texts>,
        metrics: Arc<Metrics>,
        clock: Arc<Clock>,
        wake: Arc<Wake>,
    ) -> Ingest {
        let sources = Source::all(&settings, catalogues.definitions());
        Ingest {
            fetcher: Arc::new(Fetcher::new(settings.fetch)),
            sources: sources.into_iter().map(Arc::new).collect(),
            settings,
            store,
            catalogues,
            texts,
            hand: Arc::default(),
            metrics,
            clock,
            wake,
            stopping: Arc::default(),
            holders: Arc::default(),
        }
    }

    /// The same, writing through another handle of the store.
    #[must_use]
    pub fn writing_through(&self, store: Arc<Store>) -> Ingest {
        Ingest {
            store,
            ..self.clone()
        }
    }

    /// The configured sources, in their order.
    pub fn sources(&self) -> &[Arc<Source>] {
        &self.sources
    }

    /// Ends passes early: the document in hand is the last one.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether passes end early.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What plans passes by the sections as they are now.
    async fn planner(&self) -> Result<Planner, StoreError> {
        Ok(Planner {
            catalogue: self.catalogues.current().await?,
            hand: self.hand().await?,
            texts: self.texts.clone(),
            locale: self.settings.defaults.locale,
            now: self.now(),
        })
    }
}
