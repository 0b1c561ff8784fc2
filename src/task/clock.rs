//! What time it is, for those who wait. The core is told.

use std::sync::atomic::{AtomicI64, Ordering};

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};

use super::term::since_boot;

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
    /// What a server's clock showed when the machine began, in milliseconds: processes that share a store go by it, and whoever sets
    /// the machine's own clock sets nothing here. [`UNTOLD`] until it was asked; `None` where nobody asks.
    of_server: Option<AtomicI64>,
}

/// What no server's clock shows.
const UNTOLD: i64 = i64::MIN;

impl Clock {
    /// A clock that is asked like this.
    pub fn new(ask: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock {
            ask: Box::new(ask),
            latest: AtomicI64::new(i64::MIN),
            of_server: None,
        }
    }

    /// The system's clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "the edge: the one place that reads the clock"
    )]
    pub fn of_system() -> Clock {
        Clock {
            of_server: Some(AtomicI64::new(UNTOLD)),
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
        let of_server = self.of_server.as_ref().map(|at| at.load(Ordering::Relaxed));
        let told = of_server.filter(|at| *at != UNTOLD);
        let told = told.and_then(|at| Timestamp::from_millisecond(at + millis_since_boot()).ok());
        told.unwrap_or_else(|| (self.ask)())
    }

    /// The store's server showed this moment when it was asked, which took so long: from now on it is what this clock shows, but for
    /// what answers take on their way.
    pub fn is_of_server(&self, shown: Timestamp, taken: Duration) {
        let Some(of_server) = &self.of_server else {
            return;
        };
        let taken = SignedDuration::try_from(taken).unwrap_or_default();
        // It shows more by now, though nobody knows how much.
        let now = self.asked();
        let ahead = shown.duration_since(now);
        let off = if ahead.is_negative() {
            (ahead + taken).min(SignedDuration::ZERO)
        } else {
            ahead
        };
        let right = if off.abs() > ON_THE_WAY {
            now.checked_add(off).unwrap_or(shown)
        } else {
            now
        };
        let known = of_server.load(Ordering::Relaxed);
        if known == UNTOLD || off.abs() > ON_THE_WAY {
            of_server.store(
                right.as_millisecond() - millis_since_boot(),
                Ordering::Relaxed,
            );
        }
    }

    /// By how much the machine's clock is behind (or, below nothing, ahead of) a server's, which shows this moment, where that is
    /// so much that the operator should know.
    pub fn differs(&self, shown: Timestamp) -> Option<SignedDuration> {
        self.behind(shown).filter(|off| off.abs() > NOTABLE)
    }

    /// By how much the machine's clock is behind a server's, which shows this moment; `None` for a clock that nobody corrects.
    pub fn behind(&self, shown: Timestamp) -> Option<SignedDuration> {
        self.of_server.as_ref()?;
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

fn millis_since_boot() -> i64 {
    i64::try_from(since_boot().as_millis()).unwrap_or(i64::MAX)
}

/// What a system's time is in the calendar: one before 1970 is 1970.
fn moment(time: SystemTime) -> Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::try_from(UNIX_EPOCH + since.min(LATEST)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn whoever_sets_the_machine_s_clock_sets_nothing_that_a_server_has_told() {
        let shown = Arc::new(AtomicI64::new(1_800_000_000_000));
        let machine = shown.clone();
        let clock = Clock {
            of_server: Some(AtomicI64::new(UNTOLD)),
            ..Clock::new(move || {
                Timestamp::from_millisecond(machine.load(Ordering::Relaxed)).unwrap()
            })
        };
        let at = |millis| Timestamp::from_millisecond(millis).unwrap();
        assert_eq!(clock.now(), at(1_800_000_000_000));
        let is_near = |millis: i64| {
            let off = clock.now().duration_since(at(millis)).abs();
            off < SignedDuration::from_secs(60)
        };
        // Five minutes behind the server's, and then set back by a day, or ahead by one.
        clock.is_of_server(at(1_800_000_300_000), Duration::ZERO);
        for day in [0, -86_400_000, 86_400_000] {
            shown.store(1_800_000_000_000 + day, Ordering::Relaxed);
            assert!(is_near(1_800_000_300_000), "{}", clock.now());
            assert!(clock.set_back(clock.now()) < SignedDuration::from_secs(1));
        }
        // The server's own clock is followed wherever it goes.
        clock.is_of_server(at(1_700_000_000_000), Duration::ZERO);
        assert!(is_near(1_700_000_000_000), "{}", clock.now());
        assert!(clock.set_back(clock.now()) > SignedDuration::from_hours(1));
    }

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
