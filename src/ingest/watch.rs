//! Watching folders: the system's events say when to look, and a look now and then serves where there are
//! none. A file is loaded when two looks found it the same.

use crate::task::{Broken, heartbeat, sleep, stopped, supervise, until};
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio::sync::watch::Receiver;

use super::Ingest;
use super::aside::aside;
use crate::ingest::folder::Debouncer;
use crate::ingest::{Recheck, Source, folder};
use tidings_store::StoreError;

/// Between two looks at a file that may not be at rest. Together with the time that loading takes, a new
/// file's headlines are there within two seconds.
const BETWEEN_LOOKS: Duration = Duration::from_millis(1_000);

/// Between two looks at a folder that can't be watched or read.
const RETRY: Duration = Duration::from_secs(30);

/// After how long a loop that waits for its next fetch asks again when that is, at the latest.
const LOOK_AT_CLOCK: Duration = Duration::from_secs(60);

/// Watches one source until the bot stops, and begins anew whenever that breaks.
pub async fn watch_source(
    ingest: Arc<Ingest>,
    source: Arc<Source>,
    broken: Arc<Broken>,
    stop: Receiver<bool>,
) {
    let name = format!("source {}", source.name());
    let watching = {
        let stop = stop.clone();
        let (source, broken) = (source.clone(), broken.clone());
        move || watch(ingest.clone(), source.clone(), broken.clone(), stop.clone())
    };
    supervise(broken.clone(), name, stop, watching).await;
    // Whoever has it from now on says whether it is stored.
    broken.is_stored(source.name());
}

/// Watches one source until the bot stops.
async fn watch(
    ingest: Arc<Ingest>,
    source: Arc<Source>,
    broken: Arc<Broken>,
    mut stop: Receiver<bool>,
) {
    let Some(path) = source.folder() else {
        return poll(ingest, &source, &broken, stop).await;
    };
    let changed = Arc::new(Notify::new());
    let mut watcher = watch_folder(path, &changed);
    let mut rest = Debouncer::default();
    // What came while the first load was over and nobody watched yet has caused no event.
    let mut wait = BETWEEN_LOOKS;
    loop {
        // A second look is worth something only after its time, whatever events come in between: a file that
        // is written piece by piece causes one at each piece.
        let patient = wait == BETWEEN_LOOKS;
        let event = tokio::select! {
            () = changed.notified(), if !patient => true,
            () = pass(&ingest, wait) => false,
            () = stopped(&mut stop) => return,
        };
        if watcher.is_none() {
            watcher = watch_folder(path, &changed);
        }
        let scheduled = !event && wait == source.settings.poll;
        let looked = look(&ingest, &source, &mut rest, scheduled).await;
        note(&broken, &source, &looked);
        wait = match looked {
            Ok(true) => BETWEEN_LOOKS,
            Ok(false) if watcher.is_none() => RETRY.min(source.settings.poll),
            Ok(false) => source.settings.poll,
            // Whoever has taken over loads it; we are told in a moment.
            Err(StoreError::Superseded(_)) => RETRY,
            Err(error) => {
                tracing::error!(source = source.name(), %error, "loading a source failed; it is tried again");
                RETRY.min(source.settings.poll)
            }
        };
    }
}

/// Fetches one source on the web whenever its time has come, until the bot stops.
async fn poll(ingest: Arc<Ingest>, source: &Source, broken: &Broken, mut stop: Receiver<bool>) {
    loop {
        let fetched = tokio::select! {
            fetched = ingest.fetch(source, false) => fetched,
            () = stopped(&mut stop) => return,
        };
        let applied = match fetched {
            Ok(Some(fetched)) => {
                let applied = ingest.apply_fetch(source, fetched, Recheck::Touched);
                applied.await.map(|_| ())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let next = match applied {
            Ok(()) => ingest.next_fetch(source).await,
            Err(error) => Err(error),
        };
        note(broken, source, &next);
        let wait = match next {
            // The clock may be set, so it is looked at now and then.
            Ok(Some(next)) => until(ingest.now(), next).min(LOOK_AT_CLOCK),
            Ok(None) => LOOK_AT_CLOCK,
            Err(StoreError::Superseded(_)) => RETRY,
            Err(error) => {
                tracing::error!(source = source.name(), %error, "fetching a source failed; it is tried again");
                RETRY
            }
        };
        tokio::select! {
            () = pass(&ingest, wait) => {}
            () = stopped(&mut stop) => return,
        }
    }
}

/// Has the process count as unwell as long as what comes from a source can't be stored. Whoever took the source over has it
/// stored.
fn note<T>(broken: &Broken, source: &Source, done: &Result<T, StoreError>) {
    match done {
        Ok(_) | Err(StoreError::Superseded(_)) => broken.is_stored(source.name()),
        Err(error) => broken.is_unstored(source.name(), &error.to_string()),
    }
}

/// Waits, by our clock too: it may be set, and goes on while the machine sleeps. Roundups may wait for what comes.
async fn pass(ingest: &Ingest, wait: Duration) {
    let often = heartbeat(ingest.store.is_shared());
    let begun = ingest.now();
    let end = SignedDuration::try_from(wait).ok();
    let end = end.and_then(|wait| begun.checked_add(wait).ok());
    let mut left = wait;
    while !left.is_zero() {
        let some = left.min(often);
        sleep(some).await;
        left -= some;
        if let Some(end) = end {
            left = left.min(until(ingest.now(), end));
        }
    }
}

/// Looks once, and loads what is at rest. Returns whether something isn't.
async fn look(
    ingest: &Ingest,
    source: &Source,
    rest: &mut Debouncer,
    scheduled: bool,
) -> Result<bool, StoreError> {
    let Some(path) = source.folder() else {
        return Ok(false);
    };
    let known = ingest.known_documents(source).await?;
    let listed = path.to_owned();
    let looks = match aside(move || folder::list(&listed)).await? {
        Ok(looks) => looks,
        Err(error) => {
            ingest.unreadable_folder(source, path, &error).await?;
            return Ok(false);
        }
    };
    let names: HashSet<String> = looks.iter().map(|look| look.name.clone()).collect();
    let unknown = looks
        .into_iter()
        .filter(|look| !super::pass::is_as_filed(&known, look))
        .collect();
    let (ready, restless) = rest.look(unknown);
    if scheduled || !ready.is_empty() {
        ingest
            .load_looks(source, ready, Recheck::Touched, &|_, _| {})
            .await?;
        ingest
            .forget_vanished(source.name(), &|name| names.contains(name))
            .await?;
    }
    Ok(restless)
}

fn watch_folder(path: &Path, changed: &Arc<Notify>) -> Option<RecommendedWatcher> {
    let changed = changed.clone();
    let tell = move |event: notify::Result<notify::Event>| {
        // That somebody reads a file, as we do, is no news.
        if event.is_ok_and(|event| event.kind.is_access() && !closed_after_writing(&event)) {
            return;
        }
        changed.notify_one();
    };
    // A link to somewhere large would have all of that watched.
    let config = notify::Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(tell, config).ok()?;
    watcher.watch(path, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

fn closed_after_writing(event: &notify::Event) -> bool {
    use notify::event::{AccessKind, AccessMode};
    event.kind == notify::EventKind::Access(AccessKind::Close(AccessMode::Write))
}
