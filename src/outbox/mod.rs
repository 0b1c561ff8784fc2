//! The outbox: claims parts, has the platform send them, and writes down what became of them.
//!
//! What happens to a part next is decided by one type, [`SendError`], and by [`verdict`]. At a restart:
//!
//! | state | at a restart |
//! |---|---|
//! | `pending` | is sent |
//! | `sending` | was in flight when the process ended: becomes `unknown` |
//! | `unknown` | is repeated with the same text |
//! | `sent` | stays |
//! | `dead` | stays, and is shown by `/status` |

use std::future::Future;
use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};

use crate::ids::ChannelKey;
use crate::post::Post;
use crate::store::{Claimed, Settlement, Store, StoreError};

/// A future that a platform returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, SendError>> + Send + 'a>>;

/// A chat platform, as the outbox sees it.
pub trait Platform: Send + Sync {
    /// Its name, the first half of its channels' keys.
    fn name(&self) -> &'static str;

    /// Turns a post into wire texts, one for each message that it takes. Pure: what is stored is what
    /// every attempt sends.
    fn render(&self, post: &Post) -> Vec<String>;

    /// Sends one part; returns the platform's name for the message, if it has one.
    fn send<'a>(&'a self, channel: &'a ChannelKey, wire: &'a str) -> Sending<'a>;
}

/// Why a part didn't arrive. Each variant says what the ledger does next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too fast: tried again after this time.
    #[error("told to wait {0:?}")]
    RetryAfter(SignedDuration),
    /// It certainly didn't arrive: tried again, after growing pauses, without limit.
    #[error("{0}")]
    Transient(String),
    /// The request was written and no answer came: repeated until answered.
    #[error("{0}")]
    Unknown(String),
    /// The channel doesn't want us: it is paused, and the part waits.
    #[error("{0}")]
    Gone(String),
    /// The platform refuses this part for good: it is set aside.
    #[error("{0}")]
    Rejected(String),
}

/// The first pause after a failure; each further one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// The longest pause between two attempts.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Parts claimed in one transaction.
const PARTS_A_CLAIM: usize = 50;

/// How long to wait before the next attempt, after so many.
pub fn pause_after(attempts: u32) -> SignedDuration {
    2i32.checked_pow(attempts.min(16))
        .and_then(|factor| FIRST_PAUSE.checked_mul(factor))
        .map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// What the ledger writes down for the outcome of an attempt.
pub fn verdict(
    part: &Claimed,
    outcome: Result<Option<String>, SendError>,
    now: Timestamp,
) -> Settlement {
    let later = |wait: SignedDuration, error: String, unknown| Settlement::Later {
        not_before: now.checked_add(wait).unwrap_or(now),
        error,
        unknown,
    };
    match outcome {
        Ok(message) => Settlement::Sent { message },
        Err(SendError::RetryAfter(wait)) => {
            let error = SendError::RetryAfter(wait).to_string();
            later(wait, error, false)
        }
        Err(SendError::Transient(error)) => later(pause_after(part.attempts), error, false),
        Err(SendError::Unknown(error)) => later(pause_after(part.attempts), error, true),
        Err(SendError::Gone(error)) => later(SignedDuration::ZERO, error, false),
        Err(SendError::Rejected(error)) => Settlement::Dead { error },
    }
}

/// The first pause before a channel that doesn't want us is tried again (design.md, promise 6); each further
/// one is twice as long, up to [`LONGEST_PROBE`].
const FIRST_PROBE: SignedDuration = SignedDuration::from_secs(30);

/// The longest pause before a channel is tried again (design.md, promise 6).
const LONGEST_PROBE: SignedDuration = SignedDuration::from_hours(1);

/// How long to wait before a channel that doesn't want us is tried again, after so many tries.
pub fn probe_after(tries: u32) -> SignedDuration {
    2i32.checked_pow(tries.min(16))
        .and_then(|factor| FIRST_PROBE.checked_mul(factor))
        .map_or(LONGEST_PROBE, |pause| pause.min(LONGEST_PROBE))
}

/// What became of parts, as long as it isn't written down: kept when the store fails, so that a part whose
/// fate is known isn't forgotten, nor the parts behind it held up.
#[derive(Debug, Default)]
pub struct Unsettled {
    outcomes: Vec<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    part: Claimed,
    settlement: Settlement,
    gone: Option<String>,
}

impl Unsettled {
    fn write_down(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        if self.outcomes.is_empty() {
            return Ok(());
        }
        store.write(|db| {
            for outcome in &self.outcomes {
                db.settle(outcome.part.id, &outcome.settlement, now)?;
                let key = &outcome.part.channel;
                match (&outcome.gone, &outcome.settlement) {
                    (Some(reason), _) => db.pause_by_platform(key, reason, now, probe_after)?,
                    (None, Settlement::Sent { .. }) if outcome.part.probe => db.welcome(key)?,
                    _ => {}
                }
            }
            Ok::<_, StoreError>(())
        })?;
        self.outcomes.clear();
        Ok(())
    }
}

/// Sends what may be sent now, one round: claim, send, settle. Returns how many parts were tried.
///
/// # Errors
/// [`StoreError`]. What became of the parts is kept in `unsettled`, and written down in the next round.
pub async fn deliver(
    store: &Store,
    platform: &dyn Platform,
    clock: &(dyn Fn() -> Timestamp + Send + Sync),
    unsettled: &mut Unsettled,
) -> Result<usize, StoreError> {
    unsettled.write_down(store, clock())?;
    let claimed = store.write(|db| db.claim(platform.name(), clock(), PARTS_A_CLAIM))?;
    let tried = claimed.len();
    for part in claimed {
        let outcome = platform.send(&part.channel, &part.wire).await;
        if let Err(error) = &outcome {
            tracing::warn!(channel = %part.channel, part = %part.id, %error, "a part was not delivered");
        }
        let gone = match &outcome {
            Err(SendError::Gone(reason)) => Some(reason.clone()),
            _ => None,
        };
        unsettled.outcomes.push(Outcome {
            settlement: verdict(&part, outcome, clock()),
            part,
            gone,
        });
    }
    unsettled.write_down(store, clock())?;
    Ok(tried)
}
