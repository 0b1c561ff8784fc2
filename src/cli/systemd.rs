//! What systemd is told: that the bot is up, that it is alive, that it stops. Elsewhere nobody listens, and nothing is said.

use std::sync::Arc;
use std::time::Duration;

use sd_notify::NotifyState;
use tidings::runtime::App;

pub(super) fn say(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::debug!(%error, "systemd can't be told");
    }
}

/// Tells the watchdog, if there is one, that the bot is alive, as long as its tasks go on and its file can be read.
pub(super) async fn keep_watchdog(app: Arc<App>) {
    let Some(patience) = sd_notify::watchdog_enabled() else {
        return;
    };
    loop {
        match app.store().data_version().await {
            Ok(_) => say(NotifyState::Watchdog),
            // A server that is away comes back, and beginning anew brings it no sooner.
            Err(_) if app.store().is_shared() => say(NotifyState::Watchdog),
            Err(error) => {
                tracing::error!(%error, "the store can't be read, and the watchdog isn't told otherwise")
            }
        }
        pause(patience / 3).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge: an application loop")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
