//! The application: what wires the rooms together. [`Bot`] is everything that can be done, as ordinary
//! functions that are told the time; [`run`] holds the loops that do it.

mod load;
mod lock;
pub mod run;
mod watch;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use parking_lot::RwLock;
use tokio::sync::Notify;

pub use lock::{Lock, Locked};

use crate::commands::{self, Page, Reply, Request};
use crate::ids::ChannelKey;
use crate::locales::{Speaker, Texts};
use crate::outbox::{self, Platform, Unsettled};
use crate::roundups::{self, Press, Ticked};
use crate::sections::{Catalogue, Definition};
use crate::settings::Settings;
use crate::sources::Reading;
use crate::store::{Store, StoreError};

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
    lane: tokio::sync::Mutex<Unsettled>,
    /// Raised for the loops.
    pub wake: Wake,
    /// Raised to end a load early.
    pub stopping: AtomicBool,
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
            lane: tokio::sync::Mutex::default(),
            wake: Wake::default(),
            stopping: AtomicBool::new(false),
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
        Ok(answer(&Request {
            store: &self.store,
            press: self.press(&catalogue),
            platform,
            channel: channel.clone(),
            manager,
            say: self.speaker_in(channel)?,
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
        let mut lane = self.lane.lock().await;
        while outbox::deliver(&self.store, platform, &*self.clock, &mut lane).await? > 0 {}
        Ok(())
    }

    /// A text of ours for a channel.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn say(&self, channel: &ChannelKey, key: &str) -> Result<Reply, StoreError> {
        Ok(self.speaker_in(channel)?.line(key, &[]).into())
    }

    /// Takes up parts that other processes were sending for a platform when they ended, if they all have.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_over(&self, platform: &dyn Platform, lock: &Lock) -> Result<(), StoreError> {
        // Nothing of this process's own is in flight while the lane is held.
        let _lane = self.lane.lock().await;
        if lock.is_alone_now().unwrap_or(false) {
            let recovered = self.store.write(|db| db.recover(platform.name()));
            if let Err(error) = lock.share() {
                tracing::warn!(%error, "the console's lock can't be shared again");
            }
            recovered?;
        }
        Ok(())
    }
}
