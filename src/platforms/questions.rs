//! How much a reader may ask of us in a group.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How many things a reader may ask in a group within a minute (design.md, promise 8).
const QUESTIONS: usize = 20;

const MINUTE: Duration = Duration::from_secs(60);

/// Readers that are remembered; with more, those who were quiet for a minute are forgotten.
const KEPT: usize = 10_000;

/// What readers have asked within the last minute.
#[derive(Debug, Default)]
pub(super) struct Questions(Mutex<HashMap<(i64, u64), Vec<Instant>>>);

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
    /// Counts a reader's question.
    pub(super) fn ask(&self, chat: i64, user: u64) -> Asking {
        let mut all = self.0.lock();
        if all.len() >= KEPT {
            all.retain(|_, times| times.last().is_some_and(|at| at.elapsed() < MINUTE));
        }
        let times = all.entry((chat, user)).or_default();
        times.retain(|at| at.elapsed() < MINUTE);
        if times.len() >= QUESTIONS {
            return Asking::TooMuch;
        }
        times.push(Instant::now());
        if times.len() == QUESTIONS {
            Asking::Last
        } else {
            Asking::May
        }
    }
}
