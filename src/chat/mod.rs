//! Chat: who asks what, what they are answered, and what a platform tells of its channels.

pub mod commands;
mod conversation;
mod inbox;
mod reachability;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use conversation::{Doing, Met, Requester, Spoken};
pub use reachability::Scope;

use crate::chat::commands::CommandSpec;
use crate::roundups::ComposeContext;
use crate::settings::Settings;
use crate::task::{Clock, Wake};
use tidings_core::language::{Locale, Localizer, Texts};
use tidings_core::pages::Pages;
use tidings_core::section::Catalogue;
use tidings_store::{Catalogues, Store};

/// What people talk to, on whichever platform.
pub struct Bot {
    settings: Arc<Settings>,
    labels: BTreeMap<String, String>,
    /// Where the archive's pages are, if people are led there.
    pages: Option<Pages>,
    store: Arc<Store>,
    catalogues: Arc<Catalogues>,
    texts: Arc<Texts>,
    clock: Arc<Clock>,
    wake: Arc<Wake>,
    /// Raised while the sources are loaded at the start, and roundups wait for it.
    loading: AtomicBool,
}

impl Bot {
    /// A bot that answers from a store.
    pub fn new(
        settings: Arc<Settings>,
        store: Arc<Store>,
        catalogues: Arc<Catalogues>,
        texts: Arc<Texts>,
        clock: Arc<Clock>,
        wake: Arc<Wake>,
    ) -> Bot {
        Bot {
            labels: settings.labels(),
            pages: settings.pages(),
            settings,
            store,
            catalogues,
            texts,
            clock,
            wake,
            loading: AtomicBool::new(false),
        }
    }

    /// The configuration.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns true if a command is there at all, as the bot is configured.
    pub fn offers(&self, spec: &CommandSpec) -> bool {
        spec.is_there(!self.settings.operator.editors.is_empty())
    }

    /// What time it is.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// Whether the sources are being loaded after the start: people are told that roundups wait for it.
    pub fn set_loading(&self, loading: bool) {
        self.loading.store(loading, Ordering::Relaxed);
    }

    fn is_loading(&self) -> bool {
        self.loading.load(Ordering::Relaxed)
    }

    /// Speaks the operator's language.
    pub fn localizer(&self) -> Localizer<'_> {
        self.texts.localizer(self.settings.defaults.locale)
    }

    /// Speaks a language.
    pub fn localizer_of(&self, locale: Locale) -> Localizer<'_> {
        self.texts.localizer(locale)
    }

    fn compose_context<'p>(&'p self, catalogue: &'p Catalogue) -> ComposeContext<'p> {
        ComposeContext {
            catalogue,
            defaults: &self.settings.defaults,
            texts: &self.texts,
            labels: &self.labels,
            pages: self.pages.as_ref(),
        }
    }
}
