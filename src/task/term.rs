//! For how long something may be done that others could do instead.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The time in which a duty is ours for certain. It ends unless it is extended, and its clones end with it.
#[derive(Clone, Debug)]
pub struct Term(Arc<AtomicU64>);

/// What the machine's clock shows that goes on while it sleeps, and that nobody sets. Leases are reckoned by it: one that was
/// put to sleep with a lease in hand must not think that no time has passed.
pub fn since_boot() -> Duration {
    let now = clock_gettime(ClockId::Boottime);
    Duration::try_from(now).unwrap_or_default()
}

fn millis(moment: Duration) -> u64 {
    u64::try_from(moment.as_millis()).unwrap_or(u64::MAX)
}

impl Term {
    /// One that never ends: nobody else is there.
    pub fn endless() -> Term {
        Term(Arc::new(AtomicU64::new(u64::MAX)))
    }

    /// Whether it never ends by itself.
    pub fn is_endless(&self) -> bool {
        self.0.load(Ordering::SeqCst) == u64::MAX
    }

    /// One that ends at a moment of [`since_boot`].
    pub fn until(moment: Duration) -> Term {
        Term(Arc::new(AtomicU64::new(millis(moment))))
    }

    /// It ends at a later moment of [`since_boot`]. One that is over stays over.
    pub fn extend(&self, moment: Duration) {
        let now = millis(since_boot());
        let extended = |until| (until > now).then(|| millis(moment).max(until));
        // It failed because it is over, and then there is nothing to do.
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, extended);
    }

    /// Ends it.
    pub fn end(&self) {
        self.0.store(0, Ordering::SeqCst);
    }

    /// What is left of it.
    pub fn left(&self) -> Duration {
        let until = self.0.load(Ordering::SeqCst);
        Duration::from_millis(until.saturating_sub(millis(since_boot())))
    }

    /// Returns true if it is over.
    pub fn is_over(&self) -> bool {
        self.left().is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_that_is_over_stays_over() {
        let term = Term::until(since_boot() + Duration::from_secs(60));
        assert!(!term.is_over());
        term.extend(since_boot() + Duration::from_secs(90));
        assert!(term.left() > Duration::from_secs(60));
        // Nothing shortens it but its end.
        term.extend(since_boot());
        assert!(term.left() > Duration::from_secs(60));
        term.end();
        term.extend(since_boot() + Duration::from_secs(90));
        assert!(term.is_over());
        assert!(!term.is_endless() && Term::endless().is_endless());
        assert!(!Term::endless().is_over());
    }
}
