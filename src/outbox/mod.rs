//! The outbox: claims parts and answers, has the platform send them, and writes down what became of them.
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
//! Answers to people are kept by the same ledger until they have arrived, and go before parts. One that was in
//! flight at two restarts isn't repeated a third time.

mod gate;
pub mod pace;
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
pub use worker::{Turn, Worker};

use pace::Lane;
use tidings_core::ids::ChannelKey;
use tidings_core::post::{Manner, Place, Post};
use tidings_store::{Store, StoreError};

/// A future of what became of a message.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Sent, SendError>> + Send + 'a>>;

/// A chat platform, as the outbox sees it.
pub trait Platform: Send + Sync {
    /// Its name, the first half of its channels' keys.
    fn name(&self) -> &'static str;

    /// Turns a post into wire texts, one for each message that it takes. Pure: what is stored is what
    /// every attempt sends.
    fn render(&self, post: &Post, manner: &Manner) -> Vec<String>;

    /// What goes instead of a wire text that the platform refuses for what it says: plainer, then without links,
    /// then in halves, until all but the offending item is there. Empty where nothing simpler is left. Pure.
    fn simpler(&self, _wire: &str) -> Vec<String> {
        Vec::new()
    }

    /// Why the platform takes nothing from anybody at the moment; `None` where it does.
    fn halted(&self) -> Option<String> {
        None
    }

    /// Sends one part or one message of an answer.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a>;

    /// Whether answers have buttons here.
    fn has_buttons(&self) -> bool {
        false
    }

    /// What sentences call the places of its channels, but for chats with one person.
    fn place(&self) -> Place {
        Place::Channel
    }

    /// Who is mentioned, in the platform's own notation, from what somebody typed; `None` if it is nobody.
    fn role(&self, typed: &str) -> Option<String> {
        Some(typed.to_owned())
    }

    /// Whether a setting acts here, in a channel that the platform has noted something about.
    fn heeds(&self, _setting: &str, _note: Option<&str>) -> bool {
        true
    }

    /// Lets nobody through the gate any more, and sends those away who wait.
    fn close(&self) {}

    /// The platform can be reached again: nobody waits at the gate because it couldn't.
    fn reopen(&self) {}

    /// Where a message to a channel waits for its turn; `None` where nothing needs to wait.
    fn gate(&self, _channel: &ChannelKey) -> Option<(&Arc<Gate>, Lane)> {
        None
    }
}

/// Has those wait at the gate again whom the platform asked to before this process began.
///
/// # Errors
/// [`StoreError`].
pub fn keep_waiting(
    platform: &dyn Platform,
    store: &Store,
    now: Timestamp,
) -> Result<(), StoreError> {
    for wait in store.read(|db| db.waits(platform.name(), now))? {
        let rest = Duration::try_from(wait.until.duration_since(now)).unwrap_or_default();
        let anybody = ChannelKey::new(platform.name(), "0").ok();
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
