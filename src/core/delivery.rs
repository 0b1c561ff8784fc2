//! A message on its way: what it is, what may become of it, and what the ledger writes down for that.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use xxhash_rust::xxh3::xxh3_64;

use crate::ids::ChannelKey;

/// At most so many sendings in any stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: usize,
    /// In which time.
    pub window: Duration,
}

/// A message that arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The platform's own name for it, if it has one.
    pub message: Option<String>,
    /// What the platform has to do next about it, each as an answer of its own: its address and wire text. It is in
    /// the ledger as soon as the message counts as sent, so a crash in between loses nothing.
    pub then: Vec<(ChannelKey, String)>,
}

impl Sent {
    /// A message with nothing left to do.
    pub fn as_message(message: impl Into<String>) -> Sent {
        Sent {
            message: Some(message.into()),
            then: Vec::new(),
        }
    }
}

/// One message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Where it goes.
    pub channel: ChannelKey,
    /// What the platform made of it; the same at every attempt.
    pub wire: String,
    /// A name for it that is the same at every attempt, and another message's never within days. At most 25
    /// letters, digits and hyphens.
    pub nonce: String,
    /// What the platform noted about the channel.
    pub platform_note: Option<String>,
    /// What the platform called the first part of the same post, if this is a later one.
    pub first_message: Option<String>,
    /// What the platform called the message that it takes the place of; `None` for a new one. To say the same twice does no harm then.
    pub edits: Option<String>,
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
    ChannelRefused(String),
    /// The channel has a new address: all that is kept about it moves there, and the part is sent there.
    #[error("it moved to {0}")]
    Moved(ChannelKey),
    /// The platform refuses what it says: it goes again simpler, as its platform puts it more simply.
    #[error("{0}")]
    Text(String),
    /// The platform refuses this part for good, however it is put: it is set aside.
    #[error("{0}")]
    Rejected(String),
    /// The platform takes nothing from anybody for so long: everything waits. Nothing is wrong with the part or its
    /// channel.
    #[error("{why}")]
    Standstill {
        /// Why, in words.
        why: String,
        /// For how long.
        wait: SignedDuration,
        /// Whether that is what the platform asked for: then a restart doesn't end it.
        asked: bool,
    },
    /// Something else had to be asked or done first, which took up this turn: it counts as never tried.
    #[error("it wasn't ready")]
    NotTried,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It arrived.
    Sent {
        /// The platform's own name for the message.
        message: Option<String>,
    },
    /// It was never tried: it waits as before.
    Untried,
    /// It did not arrive, and is tried again.
    Later {
        /// Not before this moment.
        not_before: Timestamp,
        /// Why, in words.
        error: String,
        /// Whether it may have arrived all the same.
        unknown: bool,
    },
    /// The platform refuses it for good.
    Dead {
        /// Why, in words.
        error: String,
    },
}

/// The first pause after a failure; each further one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// The longest pause between two attempts.
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// The longest pause before a message is repeated that may have arrived: platforms recognise a repeat for a few
/// minutes only.
const LONGEST_DOUBT: SignedDuration = SignedDuration::from_secs(30);

/// How long to wait before the next attempt, after so many. What failed at the same time is tried again at
/// slightly different times: `whose` row it is shortens the pause by up to a quarter.
fn pause_after(attempts: u32, longest: SignedDuration, whose: i64) -> SignedDuration {
    let pause = 2i32
        .checked_pow(attempts.min(16))
        .and_then(|factor| FIRST_PAUSE.checked_mul(factor))
        .map_or(longest, |pause| pause.min(longest));
    let dice = xxh3_64(format!("{whose} {attempts}").as_bytes()) % 256;
    let less = i32::try_from(dice).unwrap_or(0);
    pause - pause * less / 1_024
}

/// What the ledger writes down for the outcome of an attempt after so many others, for the row of this number.
pub fn verdict(
    whose: i64,
    attempts: u32,
    outcome: Result<Sent, SendError>,
    now: Timestamp,
) -> Settlement {
    let later = |wait: SignedDuration, error: String, unknown| Settlement::Later {
        not_before: now.checked_add(wait).unwrap_or(now),
        error,
        unknown,
    };
    match outcome {
        Ok(sent) => Settlement::Sent {
            message: sent.message,
        },
        Err(SendError::RetryAfter(wait)) => {
            let error = SendError::RetryAfter(wait).to_string();
            later(wait, error, false)
        }
        Err(SendError::Transient(error)) => {
            later(pause_after(attempts, LONGEST_PAUSE, whose), error, false)
        }
        Err(SendError::Unknown(error)) => {
            later(pause_after(attempts, LONGEST_DOUBT, whose), error, true)
        }
        Err(SendError::ChannelRefused(error)) => later(SignedDuration::ZERO, error, false),
        Err(moved @ SendError::Moved(_)) => later(SignedDuration::ZERO, moved.to_string(), false),
        Err(SendError::Standstill { why, wait, .. }) => later(wait, why, false),
        Err(SendError::Text(error) | SendError::Rejected(error)) => Settlement::Dead { error },
        Err(SendError::NotTried) => Settlement::Untried,
    }
}

/// The first pause before a channel that doesn't want us is tried again (design.md, promise 6); each further
/// one is twice as long, up to [`LONGEST_PROBE`].
const FIRST_PROBE: SignedDuration = SignedDuration::from_secs(30);

/// The longest pause before a channel is tried again (design.md, promise 6).
pub const LONGEST_PROBE: SignedDuration = SignedDuration::from_hours(1);

/// How long to wait before a channel that doesn't want us is tried again, after so many tries.
pub fn probe_after(tries: u32) -> SignedDuration {
    2i32.checked_pow(tries.min(16))
        .and_then(|factor| FIRST_PROBE.checked_mul(factor))
        .map_or(LONGEST_PROBE, |pause| pause.min(LONGEST_PROBE))
}
