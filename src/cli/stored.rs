//! `tidings backup`, `retry` and `remove`: what is done to what is stored.

use std::io::{self, Write};
use std::path::Path;

use tidings::editing::items::{self, ItemDeed};
use tidings::platforms;
use tidings::settings::{Settings, SourceKind, SourceSettings};
use tidings_core::ids::{DeliveryId, ItemId};
use tidings_reader::has_known_extension;
use tidings_store::{OPERATOR, OpenMode, StoreAddress, StoreError};

use super::context::{CliContext, CliError, at};

pub(super) fn backup(world: &CliContext, file: &Path, force: bool) -> Result<(), CliError> {
    let settings = world.settings()?;
    if let StoreAddress::Server(url) = &settings.store.address {
        return Err(CliError::Usage(format!(
            "the store {url} is on a server, which is backed up with its own tools, such as `pg_dump --schema tidings`"
        )));
    }
    let store = world.open(&settings, OpenMode::Look)?;
    if let Some(what) = needed_for(world, &settings, file) {
        return Err(CliError::Other(anyhow::anyhow!(
            "{}: it is {what}; nothing was written: name another file",
            file.display()
        )));
    }
    store.blocking().backup(file, force).map_err(|error| {
        let remedy = match &error {
            StoreError::Exists(_) if force => ": name another file",
            StoreError::Exists(_) => ": name another file, or replace that one with --force",
            _ => "",
        };
        CliError::Other(anyhow::anyhow!("{}: {error}{remedy}", file.display()))
    })?;
    writeln!(io::stdout(), "{}", file.display())?;
    Ok(())
}

/// What a file is to the bot, if it couldn't do without it.
fn needed_for(world: &CliContext, settings: &Settings, file: &Path) -> Option<String> {
    let file = file.canonicalize().ok()?;
    let is_it = |other: &Path| other.canonicalize().is_ok_and(|other| other == file);
    if is_it(&world.folder.join(&settings.file)) {
        return Some("the configuration".to_owned());
    }
    let named = |variable: &str| world.environment.get(&format!("{variable}_FILE"));
    let mut secrets = platforms::ALL.iter().filter_map(|spec| spec.token);
    let is_named = |name| named(name).is_some_and(|path| is_it(&world.folder.join(path.trim())));
    if secrets.any(is_named) {
        return Some("the file of a token".to_owned());
    }
    if ["STORE_URL", "COPY_URL"].into_iter().any(is_named) {
        return Some("the file of a password".to_owned());
    }
    let holds_it = |source: &&SourceSettings| {
        let SourceKind::Folder { path } = &source.kind else {
            return false;
        };
        let folder = path.canonicalize();
        folder.is_ok_and(|folder| file.starts_with(folder)) && has_known_extension(&file)
    };
    let source = settings.sources.iter().find(holds_it)?;
    Some(format!("a document of the source {}", source.name))
}

pub(super) fn retry(world: &CliContext, parts: &[i64]) -> Result<(), CliError> {
    let settings = world.settings()?;
    let store = world.open(&settings, OpenMode::Call)?;
    let now = world.clock.now();
    let only: Vec<DeliveryId> = parts.iter().copied().map(DeliveryId::new).collect();
    let only = (!only.is_empty()).then_some(only.as_slice());
    let retried = store
        .blocking()
        .write(|db| db.retry_dead(only, now))
        .map_err(at(store.address()))?;
    if retried == 0 && only.is_some() {
        return Err(CliError::Other(anyhow::anyhow!(
            "none of these parts was refused for good; `tidings status` lists those that were"
        )));
    }
    let said = match retried {
        0 => "nothing was refused for good".to_owned(),
        1 => "1 part is sent again".to_owned(),
        many => format!("{many} parts are sent again"),
    };
    writeln!(io::stdout(), "{said}")?;
    Ok(())
}

pub(super) fn remove(world: &CliContext, id: ItemId) -> Result<(), CliError> {
    let settings = world.settings()?;
    let store = world.open(&settings, OpenMode::Call)?;
    let now = world.clock.now();
    let removed = store.blocking().write(|db| {
        let title = db.current(id)?.map(|item| item.title);
        let removed = items::edit(db, id, &ItemDeed::Withdraw, None, OPERATOR, now)?;
        Ok::<_, StoreError>(title.filter(|_| removed.is_ok()))
    });
    match removed.map_err(at(store.address()))? {
        Some(title) => {
            writeln!(io::stdout(), "removed #{id}: {title}")?;
            Ok(())
        }
        None => Err(CliError::Other(anyhow::anyhow!(
            "there is no item {id}; `tidings items` lists those there are"
        ))),
    }
}
