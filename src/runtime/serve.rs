//! The loops of a bot that runs chat platforms. Each platform has its own, so that the trouble of one is
//! nobody else's.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::App;
use super::connections::run_shared;
use super::duties::{Duties, Holding, KEEP, chat, fetch};
use super::running::{Here, run};
use super::upkeep::keep_up;
use crate::ingest::{Source, watch_source};
use crate::platforms::kit::{Refused, Service, Share};
use crate::task::{AFTER_FAILURE, FINISH, heartbeat, reason, sleep, stopped, stopper, supervise};
use crate::web::{self, Health};
use tidings_core::platform::ChatPlatform;
use tidings_store::StoreError;

/// For how long roundups wait for sources to be loaded that others look after, at most (design.md, scale.md “Missed slots”).
const PASSES: Duration = Duration::from_secs(120);

/// How a running bot ended.
#[derive(Debug)]
pub enum Ended {
    /// It was told to.
    Stopped,
    /// Every platform refuses it for good. What each said is in the log; this is the last one.
    Refused(Refused),
    /// No platform is listened to any more, through a fault of our own.
    Broken,
    /// A newer program has changed the store, and this one doesn't know it any more.
    Outdated,
}

/// Runs platforms until `stop` is over, or until the last of them refuses the bot. `loading` loads what is
/// configured; people are answered meanwhile, and roundups wait for it.
pub async fn serve(
    app: Arc<App>,
    services: Vec<Arc<dyn Service>>,
    loading: impl Future<Output = ()> + Send + 'static,
    stop: impl Future<Output = ()>,
) -> Ended {
    let (kept, keeping) = stopper();
    let (stopper, stopped) = stopper();
    let loaded = app.loaded.clone();
    let platforms: Vec<Arc<dyn ChatPlatform>> = services
        .iter()
        .map(|service| service.clone() as Arc<dyn ChatPlatform>)
        .collect();
    let is_chat = !platforms.is_empty();
    let names: Vec<&str> = platforms.iter().map(|platform| platform.name()).collect();
    let followed = platforms.clone();
    let duties = Arc::new(Duties::of(&app));
    // As long as anybody has something in hand, leases are renewed.
    let keeping = tokio::spawn(supervise(
        app.broken.clone(),
        "duties".to_owned(),
        keeping.clone(),
        {
            let duties = duties.clone();
            move || duties.clone().keep(keeping.clone())
        },
    ));
    let mut besides = JoinSet::new();
    besides.spawn(supervise(
        app.broken.clone(),
        "upkeep".to_owned(),
        stopped.clone(),
        {
            let (app, duties, stop) = (app.clone(), duties.clone(), stopped.clone());
            move || {
                let (app, platforms) = (app.clone(), platforms.clone());
                let (duties, stop) = (duties.clone(), stop.clone());
                async move {
                    let work = |holding: Holding, stop| {
                        keep_up(app.clone(), holding.store, platforms.clone(), stop)
                    };
                    duties.while_held(KEEP.to_owned(), stop, work).await;
                }
            }
        },
    ));
    if let Some(address) = app.settings().http {
        let health = Arc::new(Health {
            store: app.store.clone(),
            metrics: app.metrics.clone(),
            clock: app.clock.clone(),
            broken: app.broken.clone(),
            platforms: names,
            loaded: loaded.subscribe(),
            stop: stopped.clone(),
            served_at: app.served_at.clone(),
        });
        let stop = stopped.clone();
        let serve = move || web::serve(health.clone(), address, stop.clone());
        let name = "metrics and health".to_owned();
        besides.spawn(supervise(app.broken.clone(), name, stopped.clone(), serve));
    }
    besides.spawn({
        let (app, stop) = (app.clone(), stopped.clone());
        async move { app.serve_pages(followed, stop).await }
    });
    app.bot.set_loading(true);
    let here = services
        .into_iter()
        .map(|service| Arc::new(Here::new(app.clone(), service)));
    let here: Vec<Arc<Here>> = here.collect();
    if app.store.is_shared() {
        for here in &here {
            let (here, stop) = (here.clone(), stopped.clone());
            let name = format!("{}: receiving", here.service.name());
            besides.spawn(supervise(
                app.broken.clone(),
                name,
                stopped.clone(),
                move || {
                    let (here, stop) = (here.clone(), stop.clone());
                    async move {
                        // Whoever is brought something asks the platform about it, whoever sends.
                        let _open = here.open();
                        here.service.receive(here.app.bot.clone(), stop).await;
                    }
                },
            ));
        }
    }
    let mut running = JoinSet::new();
    for here in here {
        let ready = loaded.subscribe();
        let (duties, stop) = (duties.clone(), stopped.clone());
        running.spawn(async move {
            let duty = chat(here.service.name());
            if here.app.store.is_shared() && here.service.has_connections() {
                return run_shared(here, duties, ready, stop).await;
            }
            let work =
                |holding, stop| run(here.clone(), Share::Whole, holding, ready.clone(), stop);
            let ended = duties.while_held(duty, stop, work).await;
            ended.flatten()
        });
    }
    let mut watching = JoinSet::new();
    let loading = tokio::spawn(loading);
    tokio::pin!(stop, loading);
    let mut is_loading = true;
    let mut last = None;
    let ended = loop {
        tokio::select! {
            done = &mut loading, if is_loading => {
                is_loading = false;
                if let Err(broken) = done {
                    // The watches load what it left; that it broke stays to be seen.
                    app.broken.broke("loading", &reason(broken));
                }
                app.bot.set_loading(false);
                if app.store.is_shared() {
                    let (app, duties, loaded) = (app.clone(), duties.clone(), loaded.clone());
                    let stop = stopped.clone();
                    watching.spawn(async move {
                        passed(&app, &duties, stop).await;
                        loaded.send_replace(true);
                    });
                } else {
                    loaded.send_replace(true);
                }
                for source in app.ingest.sources() {
                    let (app, duties) = (app.clone(), duties.clone());
                    watching.spawn(watch(app, duties, source.clone(), stopped.clone()));
                }
            }
            // With pages alone there is nobody to listen to.
            ended = running.join_next(), if is_chat => match ended {
                Some(Ok(Some(refused))) => last = Some(refused),
                Some(Ok(None)) => {}
                Some(Err(broken)) => app.broken.broke("platforms", &reason(broken)),
                None => break last.map_or(Ended::Broken, Ended::Refused),
            },
            () = duties.outdated() => break Ended::Outdated,
            () = &mut stop => {
                tracing::info!("stopping");
                break Ended::Stopped;
            }
        }
    };
    stopper.send_replace(true);
    app.ingest.stop();
    let finished = timeout(FINISH, async {
        while running.join_next().await.is_some() {}
        while watching.join_next().await.is_some() {}
        while besides.join_next().await.is_some() {}
        if is_loading {
            let _ = loading.await;
        }
    });
    if finished.await.is_err() {
        tracing::warn!("some work in hand took too long; it is taken up at the next start");
    }
    kept.send_replace(true);
    let _ = keeping.await;
    duties.leave().await;
    ended
}

/// Watches one source whenever that is this process's. On a store that others share a folder that isn't on this machine is theirs.
async fn watch(app: Arc<App>, duties: Arc<Duties>, source: Arc<Source>, mut stop: Receiver<bool>) {
    let folder = source.folder().filter(|_| app.store.is_shared());
    let Some(folder) = folder else {
        load_while_held(&app, &duties, &source, std::future::pending(), stop).await;
        return;
    };
    loop {
        tokio::select! {
            () = comes(&app, &duties, &source) => {}
            () = stopped(&mut stop) => return,
        }
        if !load_while_held(&app, &duties, &source, goes(&app, &source), stop.clone()).await {
            return;
        }
        tracing::warn!(source = source.name(), folder = %folder.display(), "a folder is gone: whoever has it loads it");
    }
}

/// Watches one source whenever that is this process's, until it is told to stop, or until `gone`, and then returns true.
async fn load_while_held(
    app: &Arc<App>,
    duties: &Duties,
    source: &Arc<Source>,
    gone: impl Future<Output = ()>,
    stop: Receiver<bool>,
) -> bool {
    let work = |holding: Holding, mut stop: Receiver<bool>| {
        let (app, source) = (app.clone(), source.clone());
        let ingest = Arc::new(app.ingest.writing_through(holding.store));
        async move {
            // What the dashboard of any process asks of it is done here.
            let _held = ingest.hold(source.name());
            if app.store.is_shared() {
                let taken_up = tokio::select! {
                    taken_up = ingest.take_up(&source) => taken_up,
                    // What it has filed stays, as after a kill.
                    () = stopped(&mut stop) => return,
                };
                match taken_up {
                    // Whoever has taken over loads it; we are told in a moment.
                    Ok(()) | Err(StoreError::Superseded(_)) => {}
                    Err(error) => {
                        tracing::error!(source = source.name(), %error, "loading a source failed; it is tried again");
                    }
                }
            }
            watch_source(ingest, source, app.broken.clone(), stop).await;
        }
    };
    let (over, told) = stopper();
    let held = duties.while_held(fetch(source.name()), told, work);
    tokio::pin!(held, gone);
    let mut stop = stop;
    let is_gone = tokio::select! {
        _ = &mut held => return false,
        () = &mut gone => true,
        () = stopped(&mut stop) => false,
    };
    over.send_replace(true);
    held.await;
    is_gone
}

/// Resolves once a source's folder is there. While nobody has it, that is noted as any other trouble with a source is.
async fn comes(app: &App, duties: &Duties, source: &Source) {
    let patience = app.settings().store.lease * 2;
    let mut unheld = Duration::ZERO;
    while !app.ingest.has_folder(source).await {
        sleep(heartbeat(true)).await;
        unheld += heartbeat(true);
        if unheld < patience {
            continue;
        }
        unheld = Duration::ZERO;
        let noted = async {
            match duties.held_since(&fetch(source.name())).await? {
                Some(_) => Ok(()),
                None => app.ingest.miss_folder(source).await,
            }
        };
        if let Err(error) = noted.await {
            tracing::warn!(source = source.name(), %error, "that a folder is missing can't be noted; it is tried again");
        }
    }
}

/// Resolves once a folder was gone at two looks.
async fn goes(app: &App, source: &Source) {
    let mut looks = 0;
    while looks < 2 {
        sleep(AFTER_FAILURE).await;
        looks = match app.ingest.has_folder(source).await {
            true => 0,
            false => looks + 1,
        };
    }
}

/// Waits until every source has had a pass since somebody took it up, so that what came while nobody ran is in the roundups
/// that were missed; at most so long as [`PASSES`].
async fn passed(app: &App, duties: &Duties, mut stop: Receiver<bool>) {
    let all = async {
        for source in app.ingest.sources() {
            loop {
                match is_passed(app, duties, source).await {
                    Ok(true) => break,
                    Ok(false) => {}
                    Err(error) => {
                        tracing::warn!(source = source.name(), %error, "whether it was loaded can't be read; it is tried again");
                        sleep(AFTER_FAILURE).await;
                    }
                }
                sleep(heartbeat(true)).await;
            }
        }
    };
    tokio::select! {
        _ = timeout(PASSES, all) => {}
        () = stopped(&mut stop) => {}
    }
}

async fn is_passed(app: &App, duties: &Duties, source: &Source) -> Result<bool, StoreError> {
    // Where nobody has it, it may be noted that it fails.
    let since = duties.held_since(&fetch(source.name())).await?;
    let since = since.unwrap_or(duties.began());
    let state = app.store.read(|db| db.source_state(source.name())).await?;
    if state.is_some_and(|state| state.last_pass_at.is_some_and(|at| at >= since)) {
        return Ok(true);
    }
    let next = app.ingest.next_fetch(source).await?;
    Ok(next.is_some_and(|next| next > app.clock.now()))
}
