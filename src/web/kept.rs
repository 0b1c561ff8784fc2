//! Answers that were made, ready to go out once more for as long as nothing in the store has changed: a front page that
//! thousands ask for is made once. How much is kept has a bound, whatever is asked for.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use super::address::Asked;
use super::answer::Ready;

/// Bytes that are kept in all.
const MOST: usize = 4 << 20;

/// An answer that is longer isn't kept: many others would have to go for it.
const LONGEST: usize = MOST / 8;

/// What an answer takes besides its text, roughly.
const BESIDES: usize = 1_024;

/// An answer also tells of time itself: by which year something was corrected. So none is kept longer than others may keep it.
const LASTS: SignedDuration = SignedDuration::from_mins(1);

/// What an answer is found by: what was asked for, and whether it may be compressed.
pub(super) type Key = (Asked, bool);

/// What is kept.
#[derive(Default)]
pub(super) struct Kept(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    /// The version of the store at which the answers were made.
    version: Option<i64>,
    answers: HashMap<Key, (Arc<Ready>, Timestamp)>,
    /// The one that was kept first is the first to go.
    order: VecDeque<Key>,
    bytes: usize,
}

impl Kept {
    /// What was answered at a version of the store, if it is kept still.
    pub(super) fn find(&self, version: i64, key: &Key, now: Timestamp) -> Option<Arc<Ready>> {
        let mut shelf = self.0.lock();
        if shelf.version != Some(version) {
            *shelf = Shelf {
                version: Some(version),
                ..Shelf::default()
            };
        }
        let (ready, made_at) = shelf.answers.get(key)?;
        let age = now.duration_since(*made_at);
        let is_fresh = age >= SignedDuration::ZERO && age < LASTS;
        is_fresh.then(|| ready.clone())
    }

    /// Keeps what was answered. The version is the one that the store had before the answer was looked up: what the answer
    /// tells is at least as new.
    pub(super) fn keep(&self, version: i64, key: Key, ready: &Arc<Ready>, now: Timestamp) {
        let size = ready.len() + BESIDES;
        let mut shelf = self.0.lock();
        // Something has changed while it was made.
        if shelf.version != Some(version) || size > LONGEST {
            return;
        }
        let kept = (ready.clone(), now);
        match shelf.answers.insert(key.clone(), kept) {
            Some((old, _)) => shelf.bytes -= old.len() + BESIDES,
            None => shelf.order.push_back(key),
        }
        shelf.bytes += size;
        while shelf.bytes > MOST
            && let Some(oldest) = shelf.order.pop_front()
        {
            if let Some((old, _)) = shelf.answers.remove(&oldest) {
                shelf.bytes -= old.len() + BESIDES;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::super::answer::Answer;
    use super::*;
    use tidings_core::ids::ItemId;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    fn key(number: i64) -> Key {
        (Asked::Item(ItemId::new(number)), false)
    }

    fn ready(bytes: usize) -> Arc<Ready> {
        Arc::new(Answer::new("text/plain", "a".repeat(bytes)).ready(false))
    }

    #[test]
    fn what_has_changed_since_isnt_answered_again() {
        let kept = Kept::default();
        assert!(kept.find(1, &key(7), at(0)).is_none());
        kept.keep(1, key(7), &ready(10), at(0));
        assert!(kept.find(1, &key(7), at(59)).is_some());
        assert!(kept.find(1, &key(8), at(0)).is_none());
        assert!(
            kept.find(1, &(Asked::Item(ItemId::new(7)), true), at(0))
                .is_none()
        );
        // Nor what is old, or from a clock that was set back since.
        assert!(kept.find(1, &key(7), at(60)).is_none());
        assert!(kept.find(1, &key(7), at(-1)).is_none());
        assert!(kept.find(2, &key(7), at(0)).is_none());
        // It was made before somebody saw that something has changed.
        kept.keep(1, key(7), &ready(10), at(0));
        assert!(kept.find(2, &key(7), at(0)).is_none());
    }

    #[test]
    fn it_keeps_so_much_and_no_more() {
        let kept = Kept::default();
        kept.find(1, &key(0), at(0));
        for number in 0..10_000 {
            kept.keep(1, key(number), &ready(3_000), at(0));
            // The same once more takes no more room.
            kept.keep(1, key(number), &ready(3_000), at(1));
        }
        let shelf = kept.0.lock();
        let held: usize = shelf.answers.values().map(|(ready, _)| ready.len()).sum();
        assert!(held <= MOST && held > MOST / 2, "{held}");
        assert_eq!(shelf.order.len(), shelf.answers.len());
        assert_eq!(shelf.bytes, held + BESIDES * shelf.answers.len());
        drop(shelf);
        assert!(kept.find(1, &key(9_999), at(1)).is_some());
        assert!(kept.find(1, &key(0), at(1)).is_none());
        kept.keep(1, key(0), &ready(LONGEST), at(1));
        assert!(kept.find(1, &key(0), at(1)).is_none());
    }
}
