//! What long tasks have in common: how they wait, how they are told to stop, and why one broke.

mod clock;
mod supervision;
mod term;
mod wake;

use std::any::Any;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch::{self, Receiver, Sender};
use tokio::task::JoinError;

pub use clock::Clock;
pub use supervision::{Broken, supervise, supervise_until};
pub use term::{Term, since_boot};
pub use wake::Wake;

/// How often a loop that sleeps looks at the clock, which may have been set, and asks SQLite whether
/// another process has written: whoever removes an item or sends parts again on the command line sees it done within
/// seconds.
pub const HEARTBEAT: Duration = Duration::from_secs(5);

/// How often a loop looks at the clock, and whether somebody else has written: more often where other processes share the store.
pub fn heartbeat(is_shared: bool) -> Duration {
    if is_shared {
        Duration::from_secs(1)
    } else {
        HEARTBEAT
    }
}

/// The pause after a failure of the store.
pub const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// How long loops may take to finish what they have in hand once they are told to stop.
pub const FINISH: Duration = Duration::from_secs(4);

/// A signal that tells loops to stop, and what they hear it by.
pub fn stopper() -> (Sender<bool>, Receiver<bool>) {
    watch::channel(false)
}

/// Resolves when the loops are told to stop.
pub async fn stopped(stop: &mut Receiver<bool>) {
    // Nobody left to say it is an end as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// How long it is until a moment; nothing if it is over.
pub fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO)
}

/// Waits for so long.
#[expect(
    clippy::disallowed_methods,
    reason = "an application loop: the one place that waits"
)]
pub async fn sleep(time: Duration) {
    // Rounded up, so that waking up early doesn't make a turn for nothing.
    tokio::time::sleep(time + Duration::from_millis(1)).await;
}

/// Why a task broke.
pub fn reason(broken: JoinError) -> String {
    match broken.try_into_panic() {
        Ok(panic) => panicked(&*panic),
        Err(cancelled) => cancelled.to_string(),
    }
}

/// What a panic said.
pub fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("it panicked: {}", text.unwrap_or("without a word"))
}
