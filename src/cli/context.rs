//! What a call needs to know of the world around it, and why it fails.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use tidings::runtime::{App, StartError};
use tidings::settings::{self, Redaction, Settings, SettingsError};
use tidings::task::Clock;
use tidings_store::{OpenMode, Store, StoreAddress, StoreError};

use super::log::Log;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// Wrong usage or configuration: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The configuration is wrong: exit code 2.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store, with where it is.
    #[error("the store {address}: {error}")]
    Store {
        address: StoreAddress,
        error: StoreError,
    },
    /// Everything else.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
    /// It was said already, line by line.
    #[error("")]
    Said,
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> CliError {
        CliError::Other(error.into())
    }
}

/// What a call needs to know of the world around it.
pub(super) struct CliContext {
    pub(super) config: PathBuf,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) folder: PathBuf,
    pub(super) clock: Arc<Clock>,
    pub(super) redaction: Redaction,
    pub(super) verbose: bool,
    pub(super) log: Log,
}

impl CliContext {
    /// The edge: the process's environment enters here.
    pub(super) fn new(config: PathBuf, verbose: bool, log: Log) -> Result<CliContext, CliError> {
        // What is no text is seen by the settings, which refuse it where they read it.
        let text = |name: OsString| name.to_string_lossy().into_owned();
        let environment = std::env::vars_os()
            .map(|(name, value)| (text(name), text(value)))
            .collect();
        let folder = std::env::current_dir()?;
        Ok(CliContext {
            config,
            verbose,
            log,
            redaction: Redaction::of_environment(&environment, &folder),
            environment,
            folder,
            clock: Arc::new(Clock::of_system()),
        })
    }

    pub(super) fn settings(&self) -> Result<Settings, CliError> {
        Ok(settings::load(
            &self.config,
            &self.environment,
            &self.folder,
        )?)
    }

    /// The store that the settings name.
    pub(super) fn open(&self, settings: &Settings, access: OpenMode) -> Result<Store, CliError> {
        let address = &settings.store.address;
        let opened = if access == OpenMode::Look && address.is_missing() {
            Err(StoreError::Missing)
        } else {
            Store::open_at(address, access)
        };
        opened.map_err(at(address))
    }

    /// A bot on the configured store.
    pub(super) fn app(&self, access: OpenMode) -> Result<App, CliError> {
        let settings = self.settings()?;
        let store = self.open(&settings, access)?;
        let failed = at(store.address());
        App::new(settings, store, self.clock.clone()).map_err(|error| match error {
            StartError::Store(error) => failed(error),
            StartError::Texts(error) => CliError::Other(error.into()),
        })
    }
}

/// Said beside an empty list, which says nothing itself.
pub(super) fn say_nothing_yet(address: &StoreAddress) -> io::Result<()> {
    writeln!(
        io::stderr(),
        "Nothing has been loaded into {address} yet: `tidings load` does, and so does `tidings run`."
    )
}

/// Names the store that an error is about.
pub(super) fn at(address: &StoreAddress) -> impl Fn(StoreError) -> CliError + use<> {
    let address = address.clone();
    move |error| CliError::Store {
        address: address.clone(),
        error,
    }
}
