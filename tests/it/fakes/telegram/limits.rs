//! Telegram's pace: so many messages a second in all and in one chat, so many a minute in one group.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// Sliding windows over the arrivals of accepted messages. Off until a test sets them.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub(super) rates: Option<Rates>,
    pub(super) refused: usize,
    overall: VecDeque<Instant>,
    chats: HashMap<i64, VecDeque<Instant>>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    pub(super) overall_per_second: usize,
    pub(super) private_per_second: usize,
    pub(super) group_per_minute: usize,
}

impl Limits {
    /// Counts a message, or says after how many seconds it may be tried again.
    pub(super) fn admit(&mut self, chat: i64, at: Instant) -> Result<(), u64> {
        let Some(rates) = self.rates else {
            return Ok(());
        };
        let second = Duration::from_secs(1);
        let (most, window) = if chat > 0 {
            (rates.private_per_second, second)
        } else {
            (rates.group_per_minute, Duration::from_secs(60))
        };
        let own = self.chats.entry(chat).or_default();
        let full = wait(own, most, window, at).max(wait(
            &mut self.overall,
            rates.overall_per_second,
            second,
            at,
        ));
        if let Some(wait) = full {
            self.refused += 1;
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            return Err(seconds.max(1));
        }
        own.push_back(at);
        self.overall.push_back(at);
        Ok(())
    }
}

/// How long until the window has room, if it is full.
fn wait(
    arrivals: &mut VecDeque<Instant>,
    most: usize,
    window: Duration,
    at: Instant,
) -> Option<Duration> {
    while arrivals
        .front()
        .is_some_and(|&first| at.duration_since(first) >= window)
    {
        arrivals.pop_front();
    }
    if arrivals.len() < most {
        return None;
    }
    let leaves = arrivals.len().saturating_sub(most.max(1));
    let first = arrivals.get(leaves).copied().unwrap_or(at);
    Some((first + window).saturating_duration_since(at))
}
