//! Times in which a platform's server can't even be connected to: nothing is tried meanwhile.

use std::time::Duration;

use backon::ExponentialBackoff;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::trouble::pauses;

/// Whether the server can be connected to. Many calls that fail at the same time are one outage.
pub struct Outage(Mutex<State>);

struct State {
    pauses: ExponentialBackoff,
    /// Nothing is tried before this moment.
    until: Option<Instant>,
}

impl Default for Outage {
    fn default() -> Outage {
        Outage(Mutex::new(State {
            pauses: pauses(),
            until: None,
        }))
    }
}

impl Outage {
    /// How long to leave the server alone, if it couldn't be connected to.
    pub fn rest(&self) -> Option<Duration> {
        let until = self.0.lock().until?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    /// Notes whether the server could be connected to.
    pub fn note(&self, connected: bool) {
        let mut state = self.0.lock();
        if connected {
            if state.until.take().is_some() {
                state.pauses = pauses();
            }
            return;
        }
        let now = Instant::now();
        if state.until.is_none_or(|until| until <= now) {
            let pause = state.pauses.next().unwrap_or_default();
            state.until = Some(now + pause);
        }
    }
}
