//! The application: what wires the rooms together. [`Bot`] is everything that can be done, as ordinary
//! functions that are told the time; [`run`] holds the loops that do it.

mod asking;
mod desk;
mod fetching;
mod following;
mod hand;
mod http;
mod load;
mod lock;
mod roles;
pub mod run;
mod serve;
mod supervision;
pub mod trial;
mod upkeep;
mod watch;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch::Sender;

pub use desk::{Asker, Reach};
pub use lock::{Lock, Locked};
pub use serve::{Ended, serve};
pub use supervision::Broken;

use crate::delivery::{Turn, Worker};
use crate::metrics::Metrics;
use crate::roundups::{self, Press, Ticked};
use crate::settings::Settings;
use crate::sources::Reading;
use crate::sources::fetch::Fetcher;
use crate::sources::hand::Hand;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Speaker, Texts};
use tidings_core::platform::ChatPlatform;
use tidings_core::section::{Catalogue, Definition};
use tidings_store::{Store, StoreError};

/// What time it is. The core never asks; whoever calls it does.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Raised when there is work for loops; each of them sees it.
#[derive(Default)]
pub struct Wake {
    schedule: Sender<u64>,
    outbox: Sender<u64>,
}

impl Wake {
    /// Something may be due.
    pub fn schedule(&self) {
        self.schedule.send_modify(|times| *times += 1);
    }

    /// Something may be sent.
    pub fn outbox(&self) {
        self.outbox.send_modify(|times| *times += 1);
    }
}

/// Everything that a running Tidings consists of.
pub struct Bot {
    settings: Settings,
    store: Store,
    texts: Texts,
    definitions: Vec<Definition>,
    readings: Vec<Reading>,
    catalogue: RwLock<(i64, Arc<Catalogue>)>,
    fetcher: Fetcher,
    /// What is being read, once something is.
    hand: Mutex<Option<Arc<Hand>>>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Where that is served, once it is.
    pub served_at: OnceLock<SocketAddr>,
    /// Loops that broke.
    pub broken: Broken,
    /// Raised for the loops.
    pub wake: Wake,
    /// Raised to end a load early.
    pub stopping: AtomicBool,
    /// Raised while the sources are loaded at the start, and roundups wait for it.
    loading: AtomicBool,
    clock: Clock,
    /// The latest moment that it showed, in milliseconds since 1970.
    latest: AtomicI64,
}

/// The configured sections, as the core knows them.
/// The sections as the configuration has them.
pub fn definitions(settings: &Settings) -> Vec<Definition> {
    let sections = settings.sections.iter();
    sections
        .map(|section| Definition {
            slug: section.slug.clone(),
            title: section.title.clone(),
            headings: section.headings.clone(),
            phrases: section.phrases.clone(),
        })
        .collect()
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

impl Bot {
    /// Puts a bot together, and brings the stored sections in step with the configuration.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn new(settings: Settings, store: Store, clock: Clock) -> Result<Bot, StartError> {
        let definitions = definitions(&settings);
        let moved = if store.read(|db| db.is_configured(&definitions))? {
            Vec::new()
        } else {
            store.write(|db| db.configure_sections(&definitions, clock()))?
        };
        for (from, to) in moved {
            tracing::info!(%from, %to, "a discovered section is configured now; its items and subscriptions moved");
        }
        let readings = settings
            .sources
            .iter()
            .map(|source| Reading::of(source, &definitions, &settings))
            .collect();
        let bot = Bot {
            texts: Texts::new()?,
            readings,
            definitions,
            fetcher: Fetcher::new(settings.fetch),
            hand: Mutex::default(),
            settings,
            store,
            catalogue: RwLock::new((-1, Arc::new(Catalogue::default()))),
            metrics: Arc::default(),
            served_at: OnceLock::new(),
            broken: Broken::default(),
            wake: Wake::default(),
            stopping: AtomicBool::new(false),
            loading: AtomicBool::new(false),
            clock,
            latest: AtomicI64::new(i64::MIN),
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
        let now = (self.clock)();
        self.latest
            .fetch_max(now.as_millisecond(), Ordering::Relaxed);
        now
    }

    /// Whether the sources are still being loaded after the start.
    fn is_loading(&self) -> bool {
        self.loading.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Speaks the operator's language.
    pub fn speaker(&self) -> Speaker<'_> {
        self.texts.speaker(self.settings.defaults.locale)
    }

    /// Speaks a channel's language.
    fn speaker_in(&self, channel: &ChannelKey) -> Result<Speaker<'_>, StoreError> {
        let row = self.store.read(|db| db.channel(channel))?;
        let locale = row.map_or(self.settings.defaults.locale, |row| {
            row.settings.language(&self.settings.defaults)
        });
        Ok(self.texts.speaker(locale))
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
        let (stored, led) = self
            .store
            .read(|db| Ok::<_, StoreError>((db.sections()?, db.led_headings()?)))?;
        let catalogue = Arc::new(Catalogue::new(stored, &led, &self.definitions));
        *self.catalogue.write() = (version, catalogue.clone());
        Ok(catalogue)
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
    pub fn tick(&self, platform: &dyn ChatPlatform) -> Result<Ticked, StoreError> {
        let catalogue = self.catalogue()?;
        roundups::tick(
            &self.store,
            self.press(&catalogue),
            platform.name(),
            self.now(),
            &|post, manner| platform.render(post, manner),
        )
    }

    /// Sends what may be sent on a worker's platform until nothing is left to send now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn deliver(&self, worker: &mut Worker) -> Result<Turn, StoreError> {
        worker.drain(&self.store, &*self.clock).await
    }

    /// Takes up parts that other processes were sending for a worker's platform when they ended, if they all
    /// have. Nothing may be in the worker's own hands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_over(&self, worker: &Worker, lock: &Lock) -> Result<(), StoreError> {
        if lock.is_alone_now().unwrap_or(false) {
            let platform = worker.platform().name();
            let recovered = self.store.write(|db| db.recover(platform));
            if let Err(error) = lock.share() {
                tracing::warn!(%error, "the console's lock can't be shared again");
            }
            recovered?;
        }
        Ok(())
    }
}
