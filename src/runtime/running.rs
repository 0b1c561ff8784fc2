//! One platform in the hands of this process: its loops, and its gate, which is open as long as anybody here has to do with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::watch::{self, Receiver};
use tokio::task::JoinSet;

use super::App;
use super::duties::Holding;
use crate::delivery::{Sender, Transport};
use crate::platforms::kit::{Refused, Service, Share, probe};
use crate::task::{stopped, supervise, supervise_until};
use tidings_core::platform::ChatPlatform;

/// A platform that this process may have to do with.
pub(super) struct Here {
    pub(super) app: Arc<App>,
    pub(super) service: Arc<dyn Service>,
    /// How many here have to do with it now.
    busy: Mutex<usize>,
}

impl Here {
    pub(super) fn new(app: Arc<App>, service: Arc<dyn Service>) -> Here {
        Here {
            app,
            service,
            busy: Mutex::new(0),
        }
    }

    /// Opens the platform's gate until what is returned is dropped.
    pub(super) fn open(&self) -> Open<'_> {
        let mut busy = self.busy.lock();
        *busy += 1;
        self.service.open();
        Open(self)
    }

    /// Says that the platform has refused the bot.
    pub(super) async fn ended(&self, refused: Refused) -> Option<Refused> {
        tracing::error!("{refused}");
        if let Err(error) = self.app.bot.trouble(&*self.service, Some(&refused.0)).await {
            tracing::error!(%error, "the store can't be written");
        }
        Some(refused)
    }
}

/// Somebody has to do with a platform.
pub(super) struct Open<'h>(&'h Here);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let mut busy = self.0.busy.lock();
        *busy -= 1;
        // Whoever waits for something that isn't this process's any more is sent away.
        self.0.service.close();
        if *busy > 0 {
            self.0.service.open();
        }
    }
}

/// Runs one platform as long as that is this process's; returns why it refused the bot, if that was the end.
pub(super) async fn run(
    here: Arc<Here>,
    share: Share,
    holding: Holding,
    loaded: Receiver<bool>,
    stop: Receiver<bool>,
) -> Option<Refused> {
    let Here { app, service, .. } = &*here;
    let platform: Arc<dyn Transport> = service.clone();
    let open = here.open();
    let ending = watch::Sender::new(false);
    let named = |what: &str| format!("{}: {what}", service.name());
    let mut loops = JoinSet::new();
    loops.spawn(supervise(
        app.broken.clone(),
        named("sending"),
        ending.subscribe(),
        {
            let sender = Arc::new(Sender::new(
                holding.store.clone(),
                app.clock.clone(),
                app.wake.clone(),
                app.metrics.clone(),
            ));
            let term = holding.term.clone();
            let (platform, stop) = (platform.clone(), ending.subscribe());
            let begun = AtomicBool::new(false);
            move || {
                let again = begun.swap(true, Ordering::Relaxed);
                let (sender, platform, stop) = (sender.clone(), platform.clone(), stop.clone());
                let term = term.clone();
                async move { sender.run(platform, term, again, stop).await }
            }
        },
    ));
    loops.spawn(supervise(
        app.broken.clone(),
        named("probing"),
        ending.subscribe(),
        {
            let (bot, service, stop) = (app.bot.clone(), service.clone(), ending.subscribe());
            move || probe(bot.clone(), service.clone(), stop.clone())
        },
    ));
    loops.spawn(supervise(
        app.broken.clone(),
        named("roundups"),
        ending.subscribe(),
        {
            let scheduler = Arc::new(app.scheduler.writing_through(holding.store.clone()));
            let ending = ending.subscribe();
            let platform: Arc<dyn ChatPlatform> = platform.clone();
            move || {
                let (scheduler, platform) = (scheduler.clone(), platform.clone());
                let (mut loaded, mut ending) = (loaded.clone(), ending.clone());
                async move {
                    let begun = scheduler.now();
                    tokio::select! {
                        _ = loaded.wait_for(|loaded| *loaded) => {}
                        () = stopped(&mut ending) => return,
                    }
                    scheduler.run(platform, begun, ending).await;
                }
            }
        },
    ));
    let listened = supervise_until(app.broken.clone(), named("listening"), stop.clone(), {
        let (bot, service) = (app.bot.clone(), service.clone());
        move || {
            let (bot, service, stop) = (bot.clone(), service.clone(), stop.clone());
            async move { service.listen(bot, share, stop).await }
        }
    })
    .await;
    ending.send_replace(true);
    drop(open);
    while loops.join_next().await.is_some() {}
    here.ended(listened.err()?).await
}
