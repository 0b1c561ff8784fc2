//! Refusals: of whom a platform speaks when it refuses. Each platform has its table; what isn't in it is the
//! channel's trouble.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Of whom a refusal speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// What we wrote: it goes again simpler.
    Text,
    /// The channel: it is paused, and tried again.
    Channel,
    /// The channel takes no more at the moment.
    Later,
    /// The bot itself: everything waits.
    Account,
    /// The platform is overloaded, perhaps only where this channel lives.
    Overload,
}

/// Channels that have to meet an overload within [`TOGETHER`] before it counts as everybody's (design.md, “Chat
/// commands”).
const CHANNELS: usize = 3;

const TOGETHER: Duration = Duration::from_secs(60);

/// The first pause after a refusal of the account, and the longest one (design.md, promise 6).
const FIRST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(600);

/// Growing pauses without end, from half a minute to ten minutes.
pub fn long_pauses() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(FIRST)
        .with_max_delay(LONGEST)
        .without_max_times()
        .build()
}

/// Times in which a platform takes nothing from anybody, for a reason of the account's or the server's.
#[derive(Default)]
pub struct Standstill {
    state: Mutex<State>,
    /// It has begun, once more perhaps, or is over: whoever listens tells the operator.
    pub changed: Notify,
}

struct State {
    pauses: ExponentialBackoff,
    /// Why, and until when nothing is tried.
    now: Option<(String, Instant)>,
    /// How often it has begun.
    times: u64,
    /// Channels that met an overload, and when they did so last.
    overloaded: Vec<(String, Instant)>,
}

impl Default for State {
    fn default() -> State {
        State {
            pauses: long_pauses(),
            now: None,
            times: 0,
            overloaded: Vec::new(),
        }
    }
}

impl State {
    /// How long to wait.
    fn begins(&mut self, why: &str, asked: Option<Duration>, now: Instant) -> Duration {
        let rest = match &self.now {
            Some((_, until)) if *until > now => *until - now,
            _ => self.pauses.next().unwrap_or(LONGEST),
        };
        let pause = asked.map_or(rest, |asked| asked.max(rest));
        self.now = Some((why.to_owned(), now + pause));
        self.times += 1;
        pause
    }

    fn overload(&mut self, channel: &str, now: Instant) -> bool {
        self.overloaded
            .retain(|(other, at)| other != channel && now - *at < TOGETHER);
        self.overloaded.push((channel.to_owned(), now));
        self.overloaded.len() >= CHANNELS
    }
}

impl Standstill {
    /// Everything is refused, for a time that the platform names or one that grows. Many refusals at the same time are
    /// one. Returns how long to wait.
    pub fn begins(&self, why: &str, asked: Option<Duration>) -> Duration {
        let pause = self.state.lock().begins(why, asked, Instant::now());
        self.changed.notify_one();
        pause
    }

    /// A channel met an overload. Whether it is everybody's by now.
    pub fn overload(&self, channel: &str) -> bool {
        self.state.lock().overload(channel, Instant::now())
    }

    /// How often it has begun, for whoever is about to send: see [`Standstill::is_over`].
    pub fn times(&self) -> u64 {
        self.state.lock().times
    }

    /// Something was taken that was sent when it had begun so many `times`. What was on its way already when everything
    /// was refused says nothing of that.
    pub fn is_over(&self, times: u64) {
        let mut state = self.state.lock();
        if state.times != times {
            return;
        }
        let before = std::mem::take(&mut *state);
        state.times = times;
        if before.now.is_some() {
            self.changed.notify_one();
        }
    }

    /// Why nothing is taken, if that is so.
    pub fn why(&self) -> Option<String> {
        let state = self.state.lock();
        state.now.as_ref().map(|(why, _)| why.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_on_its_way_already_ends_nothing() {
        let standstill = Standstill::default();
        let before = standstill.times();
        standstill.begins("frozen", None);
        standstill.is_over(before);
        assert_eq!(standstill.why().as_deref(), Some("frozen"));
        standstill.is_over(standstill.times());
        assert_eq!(standstill.why(), None);
    }

    #[test]
    fn the_pause_grows_from_half_a_minute_to_ten() {
        let (mut state, mut now) = (State::default(), Instant::now());
        let mut pauses = Vec::new();
        for _ in 0..7 {
            let pause = state.begins("frozen", None, now);
            // What is refused at the same time makes it no longer.
            assert_eq!(state.begins("frozen", None, now), pause);
            pauses.push(pause.as_secs());
            now += pause;
        }
        assert_eq!(pauses, [30, 60, 120, 240, 480, 600, 600]);
    }

    #[test]
    fn a_longer_wait_that_was_asked_for_is_kept() {
        let (mut state, now) = (State::default(), Instant::now());
        let hour = Duration::from_secs(3_600);
        assert_eq!(state.begins("banned", Some(hour), now), hour);
        assert_eq!(state.begins("banned", None, now), hour);
    }

    #[test]
    fn an_overload_is_everybodys_once_three_channels_meet_it_within_a_minute() {
        let (mut state, now) = (State::default(), Instant::now());
        for _ in 0..5 {
            assert!(!state.overload("one", now));
        }
        assert!(!state.overload("two", now));
        let later = now + TOGETHER;
        assert!(!state.overload("three", later));
        assert!(!state.overload("one", later));
        assert!(state.overload("two", later));
    }
}
