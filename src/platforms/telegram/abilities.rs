//! What this Bot API server can do that older ones can't: asked at each start, or found out by what it answers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How long a no holds: after that it is tried again.
const HOLDS: Duration = Duration::from_secs(86_400);

/// Groups that are kept; with more, those whose no is over are forgotten.
const KEPT: usize = 10_000;

/// What the server can do, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Abilities {
    ephemeral: Mutex<Known>,
    /// When a group took no ephemeral message.
    refusing: Mutex<HashMap<i64, Instant>>,
    refuses_moments: AtomicBool,
}

/// Whether the server knows ephemeral messages.
#[derive(Clone, Copy, Debug, Default)]
enum Known {
    #[default]
    NotYet,
    Yes,
    No(Instant),
}

impl Abilities {
    /// Returns true if the server is known to know ephemeral messages, and the group to take them, as far as it was tried.
    pub(super) fn has_ephemeral(&self, group: i64) -> bool {
        self.knows_ephemeral() && !self.is_refusing(group, Instant::now())
    }

    /// Returns true if the server is known to know ephemeral messages.
    pub(super) fn knows_ephemeral(&self) -> bool {
        matches!(*self.ephemeral.lock(), Known::Yes)
    }

    /// Returns true if the server is known not to know ephemeral messages.
    pub(super) fn lacks_ephemeral(&self) -> bool {
        matches!(*self.ephemeral.lock(), Known::No(at) if at.elapsed() < HOLDS)
    }

    /// The server was asked whether it knows ephemeral messages.
    pub(super) fn note_ephemeral(&self, knows: bool) {
        let known = if knows {
            Known::Yes
        } else {
            Known::No(Instant::now())
        };
        *self.ephemeral.lock() = known;
    }

    /// Asks what the server can do: at once, and again after a day where it couldn't do something, for it may have become a
    /// newer one by then. Without an end.
    pub(super) async fn asked_again<A: Future<Output = ()>, S: Future<Output = ()>>(
        &self,
        ask: impl Fn() -> A,
        sleep: impl Fn(Duration) -> S,
    ) {
        loop {
            ask().await;
            sleep(HOLDS).await;
            while self.knows_ephemeral() {
                sleep(HOLDS).await;
            }
        }
    }

    /// An ephemeral message has come, so the server knows them; unless it showed everybody what was meant for one alone.
    pub(super) fn hears_ephemeral(&self) {
        if !self.lacks_ephemeral() {
            *self.ephemeral.lock() = Known::Yes;
        }
    }

    /// A group takes no ephemeral message, for a reason of its own.
    pub(super) fn note_refusing(&self, group: i64) {
        self.note_refusing_at(group, Instant::now());
    }

    fn note_refusing_at(&self, group: i64, now: Instant) {
        let mut refusing = self.refusing.lock();
        if refusing.len() >= KEPT {
            refusing.retain(|_, at| now.duration_since(*at) < HOLDS);
        }
        refusing.insert(group, now);
    }

    fn is_refusing(&self, group: i64, now: Instant) -> bool {
        let refusing = self.refusing.lock();
        let at = refusing.get(&group);
        at.is_some_and(|at| now.duration_since(*at) < HOLDS)
    }

    /// Returns true if the server refuses texts with moments in them.
    pub(super) fn refuses_moments(&self) -> bool {
        self.refuses_moments.load(Ordering::Relaxed)
    }

    /// The server refused a text with moments in it, and took it without them.
    pub(super) fn note_refused_moments(&self) {
        self.refuses_moments.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_refuses_is_tried_again_after_a_day() {
        let abilities = Abilities::default();
        abilities.note_ephemeral(true);
        let then = Instant::now();
        abilities.note_refusing_at(-5, then);
        assert!(!abilities.has_ephemeral(-5) && abilities.has_ephemeral(-6));
        assert!(abilities.is_refusing(-5, then + HOLDS - Duration::from_secs(1)));
        assert!(!abilities.is_refusing(-5, then + HOLDS));
    }

    #[tokio::test]
    async fn an_older_server_is_asked_again_after_a_day_and_a_newer_one_isnt() {
        let abilities = Abilities::default();
        let (days, asked) = (Mutex::new(0), Mutex::new(Vec::new()));
        let asking = abilities.asked_again(
            || async {
                let mut asked = asked.lock();
                asked.push(*days.lock());
                abilities.note_ephemeral(asked.len() != 2);
            },
            |slept| {
                let mut days = days.lock();
                *days += slept.as_secs() / 86_400;
                // It shows everybody what one alone was to see.
                if *days == 3 {
                    abilities.note_ephemeral(false);
                }
                let is_over = *days == 9;
                async move {
                    if is_over {
                        std::future::pending().await
                    }
                }
            },
        );
        assert!(futures_util::poll!(std::pin::pin!(asking)).is_pending());
        assert_eq!(*asked.lock(), [0, 3, 4]);
        assert!(abilities.has_ephemeral(-5));
    }

    #[test]
    fn a_server_that_showed_it_to_all_is_old_whatever_comes_from_it() {
        let abilities = Abilities::default();
        assert!(!abilities.has_ephemeral(-5) && !abilities.lacks_ephemeral());
        abilities.hears_ephemeral();
        assert!(abilities.has_ephemeral(-5));
        abilities.note_ephemeral(false);
        abilities.hears_ephemeral();
        assert!(!abilities.has_ephemeral(-5) && abilities.lacks_ephemeral());
    }
}
