//! What a call needs to know of the world around it, and why it fails.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tidings::runtime::{App, StartError};
use tidings::settings::{self, Redaction, Settings, SettingsError};
use tidings::task::Clock;
use tidings_store::{OpenMode, Store, StoreError};

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
    /// The store, with its file.
    #[error("the store {}: {error}", path.display())]
    Store { path: PathBuf, error: StoreError },
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
        let path = &settings.store.path;
        let opened = if access == OpenMode::Look && !path.exists() {
            Err(StoreError::Missing)
        } else {
            Store::open(path, access)
        };
        opened.map_err(at(path))
    }

    /// A bot on the configured store.
    pub(super) fn app(&self, access: OpenMode) -> Result<App, CliError> {
        let settings = self.settings()?;
        let store = self.open(&settings, access)?;
        let path = settings.store.path.clone();
        App::new(settings, store, self.clock.clone()).map_err(|error| match error {
            StartError::Store(error) => at(&path)(error),
            StartError::Texts(error) => CliError::Other(error.into()),
        })
    }
}

/// Names the file that a store's error is about.
pub(super) fn at(path: &Path) -> impl Fn(StoreError) -> CliError + use<> {
    let path = path.to_owned();
    move |error| CliError::Store {
        path: path.clone(),
        error,
    }
}
