//! The loops of a bot that runs chat platforms. Each platform has its own, so that the trouble of one is
//! nobody else's.

use crate::task::{AFTER_FAILURE, FINISH, HEARTBEAT, reason, sleep, stopped, stopper, until};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::run::schedule;
use super::supervision::{supervise, supervise_until};
use super::upkeep::keep_up;
use super::watch::watch_source;
use super::{Bot, Reach, http};
use crate::delivery::{Transport, Worker, keep_waiting};
use crate::platforms::{Refused, Service};
use tidings_core::platform::ChatPlatform;
use tidings_store::StoreError;

/// How long what is done in hand is gathered before it is written down in one transaction: far below the
/// 100 ms that settling may lag behind the answers (design.md, promise 3).
const GATHER: Duration = Duration::from_millis(10);

/// How a running bot ended.
#[derive(Debug)]
pub enum Ended {
    /// It was told to.
    Stopped,
    /// Every platform refuses it for good. What each said is in the log; this is the last one.
    Refused(Refused),
    /// No platform is listened to any more, through a fault of our own.
    Broken,
}

/// Runs platforms until `stop` is over, or until the last of them refuses the bot. `load` loads what is
/// configured; people are answered meanwhile, and roundups wait for it.
pub async fn serve(
    bot: Arc<Bot>,
    services: Vec<Arc<dyn Service>>,
    load: impl FnOnce(&Bot) + Send + 'static,
    stop: impl Future<Output = ()>,
) -> Ended {
    let (stopper, stopped) = stopper();
    let loaded = watch::Sender::new(false);
    let platforms: Vec<Arc<dyn ChatPlatform>> = services
        .iter()
        .map(|service| service.clone() as Arc<dyn ChatPlatform>)
        .collect();
    let names: Vec<&str> = platforms.iter().map(|platform| platform.name()).collect();
    let mut besides = JoinSet::new();
    besides.spawn(supervise(
        bot.clone(),
        "upkeep".to_owned(),
        stopped.clone(),
        {
            let (bot, stop) = (bot.clone(), stopped.clone());
            move || keep_up(bot.clone(), platforms.clone(), stop.clone())
        },
    ));
    if let Some(address) = bot.settings().http {
        let serve = {
            let (bot, loaded, stop) = (bot.clone(), loaded.subscribe(), stopped.clone());
            move || {
                let (names, loaded) = (names.clone(), loaded.clone());
                http::serve(bot.clone(), address, names, loaded, stop.clone())
            }
        };
        let name = "metrics and health".to_owned();
        besides.spawn(supervise(bot.clone(), name, stopped.clone(), serve));
    }
    bot.loading.store(true, Ordering::Relaxed);
    let mut running = JoinSet::new();
    for service in services {
        let ready = loaded.subscribe();
        running.spawn(run(bot.clone(), service, ready, stopped.clone()));
    }
    let mut watching = JoinSet::new();
    let loading = tokio::task::spawn_blocking({
        let bot = bot.clone();
        move || load(&bot)
    });
    tokio::pin!(stop, loading);
    let mut is_loading = true;
    let mut last = None;
    let ended = loop {
        tokio::select! {
            done = &mut loading, if is_loading => {
                is_loading = false;
                if let Err(broken) = done {
                    // The watches load what it left; that it broke stays to be seen.
                    bot.broke("loading", &reason(broken));
                }
                bot.loading.store(false, Ordering::Relaxed);
                loaded.send_replace(true);
                for at in 0..bot.settings().sources.len() {
                    watching.spawn(watch_source(bot.clone(), at, stopped.clone()));
                }
            }
            ended = running.join_next() => match ended {
                Some(Ok(Some(refused))) => last = Some(refused),
                Some(Ok(None)) => {}
                Some(Err(broken)) => bot.broke("platforms", &reason(broken)),
                None => break last.map_or(Ended::Broken, Ended::Refused),
            },
            () = &mut stop => {
                tracing::info!("stopping");
                break Ended::Stopped;
            }
        }
    };
    stopper.send_replace(true);
    bot.stopping.store(true, Ordering::Relaxed);
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
    ended
}

/// Runs one platform; returns why it refused the bot, if that was the end.
async fn run(
    bot: Arc<Bot>,
    service: Arc<dyn Service>,
    loaded: Receiver<bool>,
    stop: Receiver<bool>,
) -> Option<Refused> {
    let platform: Arc<dyn Transport> = service.clone();
    let ending = watch::Sender::new(false);
    let named = |what: &str| format!("{}: {what}", service.name());
    let mut loops = JoinSet::new();
    loops.spawn(supervise(
        bot.clone(),
        named("sending"),
        ending.subscribe(),
        {
            let (bot, platform, stop) = (bot.clone(), platform.clone(), ending.subscribe());
            let begun = AtomicBool::new(false);
            move || {
                let again = begun.swap(true, Ordering::Relaxed);
                send(bot.clone(), platform.clone(), again, stop.clone())
            }
        },
    ));
    loops.spawn(supervise(
        bot.clone(),
        named("probing"),
        ending.subscribe(),
        {
            let (bot, service, stop) = (bot.clone(), service.clone(), ending.subscribe());
            move || probe(bot.clone(), service.clone(), stop.clone())
        },
    ));
    loops.spawn(supervise(
        bot.clone(),
        named("roundups"),
        ending.subscribe(),
        {
            let (bot, ending) = (bot.clone(), ending.subscribe());
            move || {
                let (bot, platform) = (bot.clone(), platform.clone());
                let (mut loaded, mut ending) = (loaded.clone(), ending.clone());
                async move {
                    tokio::select! {
                        _ = loaded.wait_for(|loaded| *loaded) => {}
                        () = stopped(&mut ending) => return,
                    }
                    schedule(bot, platform, ending).await;
                }
            }
        },
    ));
    let listened = supervise_until(bot.clone(), named("listening"), stop.clone(), {
        let (bot, service) = (bot.clone(), service.clone());
        move || {
            let (bot, service, stop) = (bot.clone(), service.clone(), stop.clone());
            async move { service.listen(bot, stop).await }
        }
    })
    .await;
    ending.send_replace(true);
    service.close();
    while loops.join_next().await.is_some() {}
    let refused = listened.err()?;
    tracing::error!("{refused}");
    if let Err(error) = bot.trouble(&*service, Some(&refused.0)) {
        tracing::error!(%error, "the store can't be written");
    }
    Some(refused)
}

/// Channels that are asked about in one turn.
const PROBED: usize = 100;

/// Asks now and then about channels that didn't want posts, as long as no part waits that would find out.
async fn probe(bot: Arc<Bot>, service: Arc<dyn Service>, mut stop: Receiver<bool>) {
    let mut woken = bot.wake.schedule.subscribe();
    loop {
        let asked = tokio::select! {
            asked = probe_once(&bot, &*service) => asked,
            () = stopped(&mut stop) => return,
        };
        if let Err(error) = asked {
            tracing::error!(%error, "stopped channels can't be looked after; it is tried again");
        }
        tokio::select! {
            () = sleep(HEARTBEAT) => {}
            _ = woken.changed() => {}
            () = stopped(&mut stop) => return,
        }
    }
}

async fn probe_once(bot: &Bot, service: &dyn Service) -> Result<(), StoreError> {
    let resting = bot
        .store()
        .read(|db| db.resting(service.name(), bot.now(), PROBED))?;
    for channel in resting {
        if service.probe(&channel).await {
            bot.welcome(&channel, Reach::Place)?;
        } else {
            bot.still_unwelcome(&channel)?;
        }
    }
    Ok(())
}

/// Sends what is in the outbox, as it comes. Begun `again`, it takes up first what the loop that broke had in hand.
async fn send(bot: Arc<Bot>, platform: Arc<dyn Transport>, again: bool, mut stop: Receiver<bool>) {
    if again {
        let recover = || bot.store().write(|db| db.recover(platform.name()));
        if let Err(error) = tokio::task::block_in_place(recover) {
            tracing::error!(%error, "what was in hand can't be taken up; it is tried again");
            // Early, so that it is begun once more.
            return;
        }
    }
    let waiting = || keep_waiting(&*platform, bot.store(), bot.now());
    if let Err(error) = tokio::task::block_in_place(waiting) {
        tracing::error!(%error, "what the platform asked for before the start can't be read");
    }
    let mut worker = Worker::new(platform).measured(bot.metrics.clone());
    let mut woken = bot.wake.outbox.subscribe();
    loop {
        let turned = tokio::task::block_in_place(|| worker.turn(bot.store(), bot.now()));
        let pause = match turned {
            Ok(turn) => {
                if turn.welcomed {
                    bot.wake.schedule();
                }
                match turn.next {
                    _ if worker.has_more() => Duration::ZERO,
                    Some(next) => until(bot.now(), next).min(HEARTBEAT),
                    None => HEARTBEAT,
                }
            }
            Err(error) => {
                tracing::error!(%error, "writing down what was sent failed; it is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = worker.finished() => sleep(GATHER).await,
            _ = woken.changed() => worker.look_again(),
            () = sleep(pause) => if pause == HEARTBEAT { worker.look_again() },
            () = stopped(&mut stop) => break,
        }
    }
    worker.stop();
    // What is in flight is waited for, within what whoever stops us allows; what waits at the gate is sent away.
    while worker.is_busy() {
        worker.finished().await;
    }
    let settled = tokio::task::block_in_place(|| worker.turn(bot.store(), bot.now()));
    if let Err(error) = settled {
        tracing::error!(%error, "writing down what was sent failed; it is repeated at the next start");
    }
}
