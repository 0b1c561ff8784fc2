//! How many requests Discord has refused lately: with too many it bans the whole address.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::limits::INVALID_REQUESTS;

/// The time over which Discord counts.
const WINDOW: Duration = Duration::from_secs(600);

/// How much of Discord's patience is used up at most: other programs at the same address are counted too.
const MOST: usize = INVALID_REQUESTS / 4;

/// The refusals of the last ten minutes.
#[derive(Debug, Default)]
pub(super) struct Invalid(Mutex<VecDeque<Instant>>);

impl Invalid {
    /// A request was refused.
    pub(super) fn note(&self) {
        self.0.lock().push_back(Instant::now());
    }

    /// How long nothing may be asked for, if too much was refused.
    pub(super) fn rest(&self) -> Option<Duration> {
        let now = Instant::now();
        let mut times = self.0.lock();
        while times
            .front()
            .is_some_and(|at| now.duration_since(*at) >= WINDOW)
        {
            times.pop_front();
        }
        if times.len() < MOST {
            return None;
        }
        let oldest = times.front()?;
        Some(WINDOW.saturating_sub(now.duration_since(*oldest)))
    }
}
