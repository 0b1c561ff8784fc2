//! What somebody asks of a single source at once: that it is loaded, or what it would load.

use std::path::Path;
use std::sync::Arc;

use super::aside::aside;
use super::dry_run::DryRun;
use super::folder::Settling;
use super::holders::Holding;
use super::pass::{BETWEEN_LOOKS, LOOKS};
use super::{Ingest, PassSummary, Recheck, Source};
use crate::task::sleep;
use tidings_store::StoreError;

impl Ingest {
    /// A source of the configuration.
    pub fn source(&self, name: &str) -> Option<&Arc<Source>> {
        self.sources().iter().find(|source| source.name() == name)
    }

    /// Notes that this process holds a source, and loads it by this, until what is returned is dropped.
    #[must_use]
    pub fn hold(self: &Arc<Self>, source: &str) -> Holding<Ingest> {
        self.holders.hold(source, self.clone())
    }

    /// What loads a source in this process; `None` where another process does.
    pub fn holder(self: &Arc<Self>, source: &str) -> Option<Arc<Ingest>> {
        match self.store.is_shared() {
            false => Some(self.clone()),
            true => self.holders.of(source),
        }
    }

    /// Loads a source now, whatever its interval.
    ///
    /// # Errors
    /// [`StoreError`]. What is wrong with the source or a document is in the report.
    pub async fn load_now(&self, source: &Source) -> Result<PassSummary, StoreError> {
        if let Some(fetched) = self.fetch(source, true).await? {
            return self.apply_fetch(source, fetched, Recheck::Touched).await;
        }
        self.load_folder(source).await
    }

    async fn load_folder(&self, source: &Source) -> Result<PassSummary, StoreError> {
        let mut files = Settling::default();
        for _ in 0..LOOKS {
            match self.look(source, &mut files).await? {
                Ok(true) => sleep(BETWEEN_LOOKS).await,
                Ok(false) => break,
                Err(report) => return Ok(report),
            }
        }
        let loaded = self.load_source(source, files, Recheck::Touched, &|_, _, _| {});
        loaded.await
    }

    /// Loads what is new of a source, when it is taken up.
    ///
    /// # Errors
    /// [`StoreError`]. What is wrong with the source or a document is in the report.
    pub async fn take_up(&self, source: &Source) -> Result<(), StoreError> {
        if source.folder().is_some() {
            self.load_folder(source).await?;
        } else if let Some(fetched) = self.fetch(source, false).await? {
            self.apply_fetch(source, fetched, Recheck::Touched).await?;
        }
        Ok(())
    }

    /// Whether a source's folder is on this machine; where it lies may answer slowly.
    pub async fn has_folder(&self, source: &Source) -> bool {
        let Some(folder) = source.folder().map(Path::to_owned) else {
            return true;
        };
        aside(move || folder.is_dir()).await.unwrap_or(false)
    }

    /// Notes that a source's folder is nowhere.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn miss_folder(&self, source: &Source) -> Result<(), StoreError> {
        if let Some(path) = source.folder() {
            let nowhere = std::io::Error::from(std::io::ErrorKind::NotFound);
            self.unreadable_folder(source, path, &nowhere).await?;
        }
        Ok(())
    }

    /// What a source would load; nothing is stored. Else what is wrong with it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn try_out(
        &self,
        source: &Arc<Source>,
    ) -> Result<Result<DryRun, String>, StoreError> {
        let planner = self.planner().await?;
        if source.folder().is_none() {
            let tried = DryRun::of_web(&planner, &self.fetcher, source, Some(&*self.store)).await;
            return Ok(match tried {
                Ok(tried) => Ok(tried.unwrap_or_default()),
                Err(wrong) => Err(wrong.to_string()),
            });
        }
        let source = source.clone();
        let tried = aside(move || {
            let path = source.folder().unwrap_or(Path::new(""));
            let tried = DryRun::of_folder(&planner, &source, path);
            tried.map_err(|error| format!("the folder {} can't be read: {error}", path.display()))
        });
        tried.await
    }
}
