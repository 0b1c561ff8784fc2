//! How often something may be tried.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// Within what time tries are counted.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Wrong links over all in a minute: nobody guesses one, and nobody is to keep us busy with it.
const WRONG_LINKS: usize = 10;

/// What one session may do in a minute.
const DEEDS: usize = 60;

/// The moments of tries that count still.
type Tries = Vec<Timestamp>;

/// What was tried lately.
#[derive(Default)]
pub(super) struct Limits {
    wrong_links: Mutex<Tries>,
    /// By the token of the session's forms.
    deeds: Mutex<HashMap<String, Tries>>,
}

impl Limits {
    /// Counts a wrong link. `false` if there were too many.
    pub(super) fn may_be_wrong(&self, now: Timestamp) -> bool {
        count(&mut self.wrong_links.lock(), WRONG_LINKS, now)
    }

    /// Counts something that a session does. `false` if that is too much.
    pub(super) fn may_do(&self, session: &str, now: Timestamp) -> bool {
        let mut deeds = self.deeds.lock();
        deeds.retain(|_, tries| {
            tries.retain(|at| counts(*at, now));
            !tries.is_empty()
        });
        count(deeds.entry(session.to_owned()).or_default(), DEEDS, now)
    }
}

/// A clock that was set back makes nobody wait.
fn counts(at: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(at);
    age >= SignedDuration::ZERO && age < MINUTE
}

fn count(tries: &mut Tries, most: usize, now: Timestamp) -> bool {
    tries.retain(|at| counts(*at, now));
    let may = tries.len() < most;
    if may {
        tries.push(now);
    }
    may
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_later_it_may_be_tried_again() {
        let limits = Limits::default();
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        assert!((0..10).all(|_| limits.may_be_wrong(at(0))));
        assert!(!limits.may_be_wrong(at(59)));
        assert!(limits.may_be_wrong(at(60)));
        assert!((0..60).all(|second| limits.may_do("a", at(second))));
        assert!(!limits.may_do("a", at(59)));
        assert!(limits.may_do("b", at(59)));
        assert!(limits.may_do("a", at(60)));
    }
}
