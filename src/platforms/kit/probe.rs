//! Channels that were unwelcoming are asked about now and then.

use std::sync::Arc;

use tokio::sync::watch::Receiver;

use super::Service;
use crate::chat::{Bot, Scope};
use crate::task::{HEARTBEAT, sleep, stopped};
use tidings_store::StoreError;

/// Channels that are asked about in one turn.
const PROBED: usize = 100;

/// Asks now and then about channels that didn't want posts, as long as no part waits that would find out.
pub async fn probe(bot: Arc<Bot>, service: Arc<dyn Service>, mut stop: Receiver<bool>) {
    let mut woken = bot.scheduled();
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
    let resting = bot.resting(service.name(), PROBED).await?;
    for channel in resting {
        if service.probe(&channel).await {
            bot.mark_reachable(&channel, Scope::Place).await?;
        } else {
            bot.still_unreachable(&channel).await?;
        }
    }
    Ok(())
}
