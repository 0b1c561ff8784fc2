//! Delivery: the outbox. Claims parts and answers, has the platform send them, and writes down what became of them.
//!
//! What happens to a part next is decided by one type, [`SendError`], and by `delivery::verdict`. At a restart:
//!
//! | state | at a restart |
//! |---|---|
//! | `pending` | is sent |
//! | `sending` | was in flight when the process ended: becomes `unknown` |
//! | `unknown` | is repeated with the same text |
//! | `sent` | stays |
//! | `dead` | stays, and is shown by `/status` |
//!
//! A message that was sent may have to be edited, since what it shows was corrected: an edit is a row of its own, with the
//! states that `tidings_store` names. It is made only once its part is `sent`, so none overtakes it, and may be
//! repeated without harm.
//!
//! Answers to people are kept by the same ledger until they have arrived, and go before parts. One that was in
//! flight at two restarts isn't repeated a third time. One that its asker alone sees, among others, lives for 15 seconds
//! and for no restart: it is tried, repeated while its outcome is unknown, and then deleted.

mod gate;
pub mod pace;
mod sender;
mod settling;
mod turns;
mod work;
mod worker;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tidings_core::delivery::{Outgoing, SendError, Sent};

use jiff::Timestamp;

pub use gate::{Gate, Pass};
pub use sender::Sender;
pub use worker::{Step, Worker};

use pace::Lane;
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_store::{Store, StoreError};

/// A future of what became of a message.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Sent, SendError>> + Send + 'a>>;

/// A platform that takes messages.
pub trait Transport: ChatPlatform {
    /// Sends one part or one message of an answer.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a>;

    /// Why the platform takes nothing from anybody at the moment; `None` where it does.
    fn halted(&self) -> Option<String> {
        None
    }

    /// Lets people through the gate, after it was closed as well.
    fn open(&self) {}

    /// Lets nobody through the gate any more, and sends those away who wait.
    fn close(&self) {}

    /// The platform can be reached again: nobody waits at the gate because it couldn't.
    fn reopen(&self) {}

    /// Where a message to a channel waits for its turn; `None` where nothing needs to wait.
    fn gate(&self, _channel: &ChannelKey) -> Option<(&Arc<Gate>, Lane)> {
        None
    }
}

/// A channel that may be anybody's: a platform has one gate for all of them.
fn anybody(platform: &dyn Transport) -> Option<ChannelKey> {
    ChannelKey::new(platform.name(), "0").ok()
}

/// Has what another process has sent just now count at the gate of whoever sends in its place: a platform counts by its token.
/// What may have arrived counts as sent now.
pub async fn keep_pace(
    platform: &dyn Transport,
    store: &Store,
    now: Timestamp,
) -> Result<(), StoreError> {
    let anybody = anybody(platform);
    let Some((gate, _)) = anybody.as_ref().and_then(|channel| platform.gate(channel)) else {
        return Ok(());
    };
    let since = now
        .checked_sub(gate.longest_window())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let sent = store
        .read(|db| db.sent_since(platform.name(), since))
        .await?;
    for (channel, at) in sent {
        if let Some((gate, lane)) = platform.gate(&channel) {
            let ago = now.duration_since(at.unwrap_or(now));
            gate.remember(&lane, Duration::try_from(ago).unwrap_or_default());
        }
    }
    Ok(())
}

/// Has those wait at the gate again whom the platform asked to before this process began.
pub async fn keep_waiting(
    platform: &dyn Transport,
    store: &Store,
    now: Timestamp,
) -> Result<(), StoreError> {
    let anybody = anybody(platform);
    for wait in store.read(|db| db.waits(platform.name(), now)).await? {
        let rest = Duration::try_from(wait.until.duration_since(now)).unwrap_or_default();
        let Some((gate, lane)) = wait
            .channel
            .as_ref()
            .or(anybody.as_ref())
            .and_then(|channel| platform.gate(channel))
        else {
            continue;
        };
        match wait.channel {
            Some(_) => gate.rest(&lane.name, rest),
            None => gate.hold_all(rest),
        }
    }
    Ok(())
}
