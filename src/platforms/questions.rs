//! How much may be asked of us.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::delivery::Rate;

const MINUTE: Duration = Duration::from_secs(60);

/// How many things a reader may ask where others are, or whoever speaks as a channel there (design.md, promise 8).
pub(super) const IN_COMPANY: Rate = Rate {
    count: 20,
    window: MINUTE,
};

/// How many things anybody may ask in a chat with the bot alone (design.md, promise 8).
pub(super) const ALONE: Rate = Rate {
    count: 60,
    window: MINUTE,
};

/// Askers that are remembered; with more, those who were quiet for long are forgotten.
const KEPT: usize = 10_000;

/// Who asks: somebody in a place, by the platform's numbers of both, or all in a place together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asker {
    One(i64, i64),
    All(i64),
}

/// What was asked lately.
#[derive(Debug, Default)]
pub(super) struct Questions(Mutex<HashMap<Asker, Vec<Instant>>>);

/// Whether somebody may ask one thing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    May,
    /// This is the last one for a while.
    Last,
    /// It is one too many.
    TooMuch,
}

impl Questions {
    /// Counts a question. What is too much isn't counted.
    pub(super) fn ask(&self, asker: Asker, most: Rate) -> Asking {
        let mut all = self.0.lock();
        if all.len() >= KEPT {
            // No rate has a longer window that matters here than the one that is asked about.
            let longest = most.window.max(MINUTE);
            all.retain(|_, times| times.last().is_some_and(|at| at.elapsed() < longest));
        }
        let times = all.entry(asker).or_default();
        times.retain(|at| at.elapsed() < most.window);
        if times.len() >= most.count {
            return Asking::TooMuch;
        }
        times.push(Instant::now());
        if times.len() == most.count {
            Asking::Last
        } else {
            Asking::May
        }
    }
}
