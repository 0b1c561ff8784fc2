//! A platform whose events come through several connections, where several processes share the work: one of them looks after
//! the platform as a whole and sends, and each connection is listened to by one of them, whichever that is. Whoever hears a
//! question answers it.

use std::sync::Arc;

use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;

use super::App;
use super::duties::{Duties, chat, gateway};
use super::running::{Here, run};
use crate::platforms::kit::{Refused, Share};
use crate::task::{heartbeat, reason, sleep, stopped, stopper, supervise_until};

/// Does what of it is this process's, until told to stop or the platform refuses the bot: then returns why.
pub(super) async fn run_shared(
    here: Arc<Here>,
    duties: Arc<Duties>,
    loaded: Receiver<bool>,
    mut stop: Receiver<bool>,
) -> Option<Refused> {
    let (stopper, told) = stopper();
    let whole = async {
        let work = |holding, stop| {
            let (here, loaded) = (here.clone(), loaded.clone());
            run(here, Share::Account, holding, loaded, stop)
        };
        let duty = chat(here.service.name());
        let ended = duties.while_held(duty, told.clone(), work).await;
        stopper.send_replace(true);
        ended.flatten()
    };
    let listening = async {
        let refused = listen(here.clone(), duties.clone(), told.clone()).await;
        stopper.send_replace(true);
        refused
    };
    let ending = async {
        let mut told = told.clone();
        tokio::select! {
            () = stopped(&mut stop) => { stopper.send_replace(true); }
            () = stopped(&mut told) => {}
        }
    };
    let (whole, listening, ()) = tokio::join!(whole, listening, ending);
    whole.or(listening)
}

/// Listens to connections as long as they are this process's. When there are to be more or fewer, all are let go of first:
/// `Duties` sees that nobody takes one of the new ones before everybody has.
async fn listen(here: Arc<Here>, duties: Arc<Duties>, mut stop: Receiver<bool>) -> Option<Refused> {
    let app = &here.app;
    let mut total = None;
    let (mut ending, _) = stopper();
    let mut connections: JoinSet<Option<Refused>> = JoinSet::new();
    let refused = loop {
        match app.bot.connections(&*here.service).await {
            Ok(known) if known != total => {
                ending.send_replace(true);
                if let Some(refused) = all_of(&mut connections, app).await {
                    break Some(refused);
                }
                let (stopper, told) = stopper();
                ending = stopper;
                total = known;
                let total = total.unwrap_or_default();
                for index in 0..total {
                    let share = Share::Connection { index, total };
                    connections.spawn(hold(here.clone(), duties.clone(), share, told.clone()));
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "how many connections there are can't be read; it is tried again");
            }
        }
        tokio::select! {
            // One that ends by itself has been refused, and so are the others.
            Some(ended) = connections.join_next() => match of(ended, app) {
                Some(refused) => break Some(refused),
                None => sleep(heartbeat(true)).await,
            },
            () = sleep(heartbeat(true)) => {}
            () = stopped(&mut stop) => break None,
        }
    };
    ending.send_replace(true);
    refused.or(all_of(&mut connections, app).await)
}

/// Listens to one connection whenever that is this process's.
async fn hold(
    here: Arc<Here>,
    duties: Arc<Duties>,
    share: Share,
    stop: Receiver<bool>,
) -> Option<Refused> {
    let Share::Connection { index, total } = share else {
        return None;
    };
    let name = here.service.name();
    let work = |_, stop: Receiver<bool>| {
        let here = here.clone();
        async move {
            let _open = here.open();
            let what = format!("{name}: listening ({index}/{total})");
            let listen = {
                let (here, stop) = (here.clone(), stop.clone());
                move || {
                    let (here, stop) = (here.clone(), stop.clone());
                    async move {
                        let bot = here.app.bot.clone();
                        here.service.listen(bot, share, stop).await
                    }
                }
            };
            let listened = supervise_until(here.app.broken.clone(), what, stop, listen).await;
            here.ended(listened.err()?).await
        }
    };
    let ended = duties
        .while_held(gateway(name, index, total), stop, work)
        .await;
    ended.flatten()
}

async fn all_of(connections: &mut JoinSet<Option<Refused>>, app: &App) -> Option<Refused> {
    let mut refused = None;
    while let Some(ended) = connections.join_next().await {
        refused = refused.or(of(ended, app));
    }
    refused
}

fn of(ended: Result<Option<Refused>, tokio::task::JoinError>, app: &App) -> Option<Refused> {
    ended.unwrap_or_else(|broken| {
        app.broken.broke("connections", &reason(broken));
        None
    })
}
