//! The one place of the fakes that reads clocks and waits: a server lives in real time.

use std::time::{Duration, Instant};

#[expect(
    clippy::disallowed_methods,
    reason = "a server notes when a request arrives"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Seconds since 1970, as in a message's `date`.
#[expect(clippy::disallowed_methods, reason = "messages carry the real date")]
pub(crate) fn unix_now() -> i64 {
    jiff::Timestamp::now().as_second()
}

#[expect(
    clippy::disallowed_methods,
    reason = "artificial delays are what this is for"
)]
pub(crate) async fn pause(duration: Duration) {
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}

/// A small seeded generator (splitmix64): the same seed gives the same delays and faults.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// At least 0, below 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        let top = u32::try_from(self.next() >> 32).unwrap_or(0);
        f64::from(top) / (f64::from(u32::MAX) + 1.0)
    }

    pub(crate) fn between(&mut self, least: Duration, most: Duration) -> Duration {
        least + most.saturating_sub(least).mul_f64(self.fraction())
    }
}
