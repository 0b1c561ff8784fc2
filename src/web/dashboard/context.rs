//! What the dashboard is made of.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::limits::Limits;
use crate::chat::Bot;
use crate::ingest::Ingest;
use crate::settings::{Settings, WebSettings};
use crate::sign_in::Secret;
use crate::task::{Broken, Clock, Wake};
use crate::web::site::Site;
use crate::web::style::style_path;
use tidings_core::language::{Localizer, Texts};
use tidings_core::pages::Pages;
use tidings_core::platform::ChatPlatform;
use tidings_store::{Catalogues, OpenMode, Store, StoreAddress, StoreError};

/// What a dashboard is told of the rest.
pub struct Parts {
    /// The configuration.
    pub settings: Arc<Settings>,
    /// Where it writes.
    pub store: Arc<Store>,
    /// The texts.
    pub texts: Arc<Texts>,
    /// What time it is.
    pub clock: Arc<Clock>,
    /// What channels are changed by.
    pub bot: Arc<Bot>,
    /// What sources are fetched by.
    pub ingest: Arc<Ingest>,
    /// Loops that broke.
    pub broken: Arc<Broken>,
    /// Raised for the loops.
    pub wake: Arc<Wake>,
    /// The platforms that run.
    pub platforms: Vec<Arc<dyn ChatPlatform>>,
}

/// The dashboard.
pub struct Dashboard {
    pub(super) parts: Parts,
    /// Pages are read through connections of their own, so that nobody who looks delays a delivery.
    pub(super) reading: Arc<Store>,
    pub(super) catalogues: Catalogues,
    pub(super) site: Site,
    /// The scheme, host and port of its pages, as browsers write where a form comes from.
    pub(super) origin: String,
    /// Whether its cookie is sent over https alone.
    pub(super) is_secure: bool,
    pub(super) limits: Limits,
    /// By what others know that it has work in hand.
    pub(super) name: String,
    /// Raised when something is asked for.
    pub(super) asked: Notify,
    /// The work that is being done here, by its names.
    pub(super) in_hand: Mutex<HashSet<String>>,
}

/// A name that nobody guesses.
pub(super) fn fresh_name() -> Result<String, getrandom::Error> {
    Ok(Secret::new()?.text()[..16].to_owned())
}

impl Dashboard {
    /// On a store that is there already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(
        address: &StoreAddress,
        web: &WebSettings,
        parts: Parts,
    ) -> Result<Dashboard, StoreError> {
        let reading = Arc::new(Store::open_at(address, OpenMode::Look)?);
        Ok(Dashboard {
            catalogues: Catalogues::new(reading.clone(), parts.settings.definitions()),
            reading,
            site: Site {
                pages: Pages::at(web.base()),
                defaults: parts.settings.defaults.clone(),
                labels: parts.settings.labels(),
                style: style_path(),
            },
            origin: web.url.origin().ascii_serialization(),
            is_secure: !(web.url.scheme() == "http" && web.is_on_loopback()),
            limits: Limits::default(),
            name: fresh_name().unwrap_or_else(|_| std::process::id().to_string()),
            asked: Notify::new(),
            in_hand: Mutex::default(),
            parts,
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Speaks the language of its pages.
    pub(super) fn say(&self) -> Localizer<'_> {
        self.parts.texts.localizer(self.site.defaults.locale)
    }

    pub(super) fn text(&self, key: &str) -> String {
        self.say().text(key, &[])
    }

    /// A platform that runs.
    pub(super) fn platform(&self, name: &str) -> Option<&Arc<dyn ChatPlatform>> {
        let mut platforms = self.parts.platforms.iter();
        platforms.find(|platform| platform.name() == name)
    }
}
