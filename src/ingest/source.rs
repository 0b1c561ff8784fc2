//! A source as it is served.

use std::path::Path;
use std::sync::Arc;

use super::ReadingProfile;
use crate::settings::{Settings, SourceKind, SourceSettings};
use tidings_core::section::Definition;

/// A source: what the configuration says of it, and how its documents are read.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the configuration says of it.
    pub settings: SourceSettings,
    /// How its documents are read.
    pub profile: Arc<ReadingProfile>,
}

impl Source {
    /// All sources of a configuration, in its order.
    pub fn all(settings: &Settings, definitions: &[Definition]) -> Vec<Source> {
        let sources = settings.sources.iter();
        sources
            .map(|source| Source {
                profile: Arc::new(ReadingProfile::of(source, definitions, settings)),
                settings: source.clone(),
            })
            .collect()
    }

    /// Its name in the configuration.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Its folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match &self.settings.kind {
            SourceKind::Folder { path } => Some(path),
            SourceKind::Web { .. } => None,
        }
    }
}
