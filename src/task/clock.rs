//! What time it is, for those who wait. The core is told.

use std::sync::atomic::{AtomicI64, Ordering};

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};

/// The latest moment that the system's clock can show: the year 9800. The calendar ends with the year 9999, and what is
/// planned from now on, at most a hundred years ahead, has to have a date.
const LATEST: Duration = Duration::from_secs(247_090_953_600);

/// What a server's clock may differ because its answer took its time.
const ON_THE_WAY: SignedDuration = SignedDuration::from_millis(250);

/// What a machine's clock may differ from a server's until somebody is told.
const NOTABLE: SignedDuration = SignedDuration::from_secs(2);

/// The clock of a process. It may be set while it runs, and be wrong for a while.
pub struct Clock {
    ask: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// The latest moment that it showed, in milliseconds since 1970.
    latest: AtomicI64,
    /// What is added to it, in milliseconds: processes that share a store go by its server's clock. `None` where they don't.
    offset: Option<AtomicI64>,
}

impl Clock {
    /// A clock that is asked like this.
    pub fn new(ask: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock {
            ask: Box::new(ask),
            latest: AtomicI64::new(i64::MIN),
            offset: None,
        }
    }

    /// The system's clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "the edge: the one place that reads the clock"
    )]
    pub fn of_system() -> Clock {
        Clock {
            offset: Some(AtomicI64::new(0)),
            ..Clock::new(|| moment(SystemTime::now()))
        }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let now = self.asked();
        self.latest
            .fetch_max(now.as_millisecond(), Ordering::Relaxed);
        now
    }

    fn asked(&self) -> Timestamp {
        let now = (self.ask)();
        let offset = self
            .offset
            .as_ref()
            .map_or(0, |o| o.load(Ordering::Relaxed));
        now.checked_add(SignedDuration::from_millis(offset))
            .unwrap_or(now)
    }

    /// The store's server showed this moment when it was asked, which took so long: the system's clock is corrected by what it
    /// differs. Returns by how much, in all, where that is more than answers take on their way.
    pub fn is_of_server(&self, shown: Timestamp, taken: Duration) -> Option<SignedDuration> {
        let offset = self.offset.as_ref()?;
        let taken = SignedDuration::try_from(taken).unwrap_or_default();
        // It shows more by now, though nobody knows how much.
        let ahead = shown.duration_since(self.asked());
        let off = if ahead.is_negative() {
            (ahead + taken).min(SignedDuration::ZERO)
        } else {
            ahead
        };
        if off.abs() > ON_THE_WAY {
            let millis = i64::try_from(off.as_millis()).unwrap_or(0);
            offset.fetch_add(millis, Ordering::Relaxed);
        }
        let all = SignedDuration::from_millis(offset.load(Ordering::Relaxed));
        (all.abs() > ON_THE_WAY).then_some(all)
    }

    /// By how much the machine's clock is behind (or, below nothing, ahead of) a server's, which shows this moment, where that is
    /// so much that the operator should know.
    pub fn differs(&self, shown: Timestamp) -> Option<SignedDuration> {
        self.behind(shown).filter(|off| off.abs() > NOTABLE)
    }

    /// By how much the machine's clock is behind a server's, which shows this moment; `None` for a clock that nobody corrects.
    pub fn behind(&self, shown: Timestamp) -> Option<SignedDuration> {
        self.offset.as_ref()?;
        Some(shown.duration_since((self.ask)()))
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

/// What a system's time is in the calendar: one before 1970 is 1970.
fn moment(time: SystemTime) -> Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::try_from(UNIX_EPOCH + since.min(LATEST)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_beyond_the_calendar_shows_something() {
        let after = |seconds| moment(UNIX_EPOCH + Duration::from_secs(seconds)).to_string();
        assert_eq!(after(1_764_000_000), "2025-11-24T16:00:00Z");
        for beyond in [253_402_207_200, 253_402_300_800, 1 << 60] {
            assert_eq!(after(beyond), "9800-01-01T00:00:00Z");
        }
        let before = UNIX_EPOCH - Duration::from_secs(1 << 60);
        assert_eq!(moment(before), Timestamp::UNIX_EPOCH);
    }
}
