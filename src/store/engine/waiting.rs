//! Waiting for a server: how long that may take is measured here, since nobody above can.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::trouble::trouble;
use crate::error::StoreError;

/// The moment by which waiting is measured.
#[expect(
    clippy::disallowed_methods,
    reason = "the engine's own patience with a server; nothing that is stored depends on it"
)]
pub(super) fn moment() -> Instant {
    Instant::now()
}

/// Wakes the thread that waits.
struct Waiting(Thread);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for an answer of the server's, on this thread.
pub(super) fn wait<T>(
    answer: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    patience: Option<Duration>,
) -> std::result::Result<T, StoreError> {
    let mut answer = pin!(answer);
    let waker = Waker::from(Arc::new(Waiting(thread::current())));
    let mut context = Context::from_waker(&waker);
    let until = patience.map(|patience| moment() + patience);
    loop {
        if let Poll::Ready(answered) = answer.as_mut().poll(&mut context) {
            return answered.map_err(|error| trouble(&error));
        }
        match until {
            None => thread::park(),
            Some(until) => {
                let left = until.saturating_duration_since(moment());
                if left.is_zero() {
                    return Err(StoreError::Unreachable(
                        "it doesn't answer any more".to_owned(),
                    ));
                }
                thread::park_timeout(left);
            }
        }
    }
}
