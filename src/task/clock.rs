//! What time it is, for those who wait. The core is told.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The clock of a process. It may be set while it runs, and be wrong for a while.
pub struct Clock {
    ask: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// The latest moment that it showed, in milliseconds since 1970.
    latest: AtomicI64,
}

impl Clock {
    /// A clock that is asked like this.
    pub fn new(ask: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock {
            ask: Box::new(ask),
            latest: AtomicI64::new(i64::MIN),
        }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let now = (self.ask)();
        self.latest
            .fetch_max(now.as_millisecond(), Ordering::Relaxed);
        now
    }

    /// How far it shows less than it did.
    pub fn set_back(&self, now: Timestamp) -> SignedDuration {
        let latest = self.latest.load(Ordering::Relaxed);
        SignedDuration::from_millis(latest.saturating_sub(now.as_millisecond()).max(0))
    }

    /// What it shows now is right, whatever it showed before.
    pub fn is_right(&self, now: Timestamp) {
        self.latest.store(now.as_millisecond(), Ordering::Relaxed);
    }
}
