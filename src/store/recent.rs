//! What the newest items are found by, in memory: whoever files an item looks here for those that may tell its story, and
//! writes one row for those that come next. The rows of the last six days fill it when a process files for the first time;
//! afterwards it is told of each item.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use tidings_core::item::story::{Features, Key};

/// So many items are looked among, the newest: 8,000 a day, and at most 30 MB.
const MOST: usize = 50_000;

/// Items that share keys with a new one and are compared with it, those that share the most first: more are alike only
/// where dozens say nearly the same, and then any of them leads to the story.
const CANDIDATES: usize = 12;

/// Of each key the newest items that hold it. A word that more items hold in six days tells little, but a story that a
/// hundred tell is to be found all the same.
const HOLDERS: usize = 16;

/// What two items share at least that are compared: two keys, or more of those that many items hold.
const SHARED: usize = 2 * RARE;

/// How much a key counts that fewer than [`HOLDERS`] items hold, beside one that more do.
const RARE: usize = 2;

/// How much of what items say is remembered, in bytes: some two thousand of the length of a digest's.
const REMEMBERED: usize = 12 * 1024 * 1024;

/// The newest items by their keys.
#[derive(Default)]
pub(super) struct Recent {
    /// Which state of the rows it was filled from: it changes where rows went, or came behind others.
    pub(super) state: i64,
    /// In the order in which they came.
    items: VecDeque<(i64, Box<[Key]>)>,
    /// The newest that hold a key, ascending.
    holders: HashMap<Key, Vec<i64>, BuildHasherDefault<KeyHasher>>,
    /// What items say, and how much of the room that was counted as: it may grow while it is compared.
    features: HashMap<i64, (Arc<Features>, usize)>,
    /// Whose features they are, in the order in which they were read.
    read: VecDeque<i64>,
    /// How much they take, in bytes.
    bytes: usize,
}

impl Recent {
    pub(super) fn of_state(state: i64) -> Recent {
        Recent {
            state,
            ..Recent::default()
        }
    }

    /// How many rows fill it.
    pub(super) const fn room() -> usize {
        MOST
    }

    /// The item that came last; none has this number, or a lower one, where there is none.
    pub(super) fn newest(&self) -> i64 {
        self.items.back().map_or(i64::MIN, |(item, _)| *item)
    }

    /// Adds an item. One that comes behind newer ones is found as well.
    pub(super) fn add(&mut self, item: i64, keys: &[Key]) {
        let place = match self.newest() < item {
            true => self.items.len(),
            false => self.items.partition_point(|(known, _)| *known < item),
        };
        self.items.insert(place, (item, keys.into()));
        for key in keys {
            let held = self.holders.entry(*key).or_default();
            let place = held.partition_point(|known| *known < item);
            held.insert(place, item);
            if held.len() > HOLDERS {
                held.remove(0);
            }
        }
        if self.items.len() > MOST
            && let Some((oldest, keys)) = self.items.pop_front()
        {
            for key in keys {
                let Some(held) = self.holders.get_mut(&key) else {
                    continue;
                };
                held.retain(|known| *known != oldest);
                if held.is_empty() {
                    self.holders.remove(&key);
                }
            }
        }
    }

    /// The items that share the most with one that has these keys.
    pub(super) fn near(&self, keys: &[Key]) -> Vec<i64> {
        let mut shared: Vec<(i64, usize)> = Vec::new();
        for held in keys.iter().filter_map(|key| self.holders.get(key)) {
            let weight = if held.len() < HOLDERS { RARE } else { 1 };
            shared.extend(held.iter().map(|item| (*item, weight)));
        }
        shared.sort_unstable_by_key(|(item, _)| *item);
        let mut near: Vec<(i64, usize)> = Vec::new();
        for (item, weight) in shared {
            match near.last_mut() {
                Some((last, count)) if *last == item => *count += weight,
                _ => near.push((item, weight)),
            }
        }
        near.retain(|(_, count)| *count >= SHARED);
        // Of those that share as many, the one that came first.
        near.sort_unstable_by_key(|(item, count)| (std::cmp::Reverse(*count), *item));
        near.truncate(CANDIDATES);
        near.into_iter().map(|(item, _)| item).collect()
    }

    /// Remembers what an item says, until it is told to [forget](Recent::forget).
    pub(super) fn remember(&mut self, item: i64, features: Arc<Features>) {
        let bytes = features.bytes();
        self.bytes += bytes;
        match self.features.insert(item, (features, bytes)) {
            Some((_, known)) => self.bytes -= known,
            None => self.read.push_back(item),
        }
    }

    /// Forgets what was read first of what is too much.
    pub(super) fn forget(&mut self) {
        while self.bytes > REMEMBERED
            && let Some(oldest) = self.read.pop_front()
        {
            let forgotten = self.features.remove(&oldest);
            self.bytes -= forgotten.map_or(0, |(_, bytes)| bytes);
        }
    }

    /// What an item says, if that is remembered.
    pub(super) fn features(&self, item: i64) -> Option<&Arc<Features>> {
        self.features.get(&item).map(|(features, _)| features)
    }
}

/// Keys are hashes already.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_i64(&mut self, key: i64) {
        self.0 = key.cast_unsigned();
    }
}

/// Digits of a key, as it is written.
const DIGITS: usize = 16;

/// Keys as the column has them: digits of one after the other.
pub(super) fn written(keys: &[Key]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(keys.len() * DIGITS);
    for key in keys {
        // A string takes whatever is written.
        let _ = write!(text, "{:016x}", key.0.cast_unsigned());
    }
    text
}

/// The keys that a column has; `None` if those are none.
pub(super) fn read(text: &str) -> Option<Vec<Key>> {
    let keys = text.as_bytes().chunks(DIGITS).map(|digits| {
        let digits = std::str::from_utf8(digits).ok()?;
        let is_whole = digits.len() == DIGITS && !digits.starts_with('+');
        let key = u64::from_str_radix(digits, 16).ok().filter(|_| is_whole)?;
        Some(Key(key.cast_signed()))
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &[i64]) -> Vec<Key> {
        keys.iter().copied().map(Key).collect()
    }

    #[test]
    fn keys_are_read_as_they_were_written() {
        for some in [&[][..], &[0], &[i64::MIN, -1, 1, i64::MAX]] {
            assert_eq!(read(&written(&keys(some))), Some(keys(some)));
        }
        for none in [
            "1",
            "000000000000000g",
            "+00000000000000f",
            "00000000000000001",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn those_that_share_the_most_come_first_and_then_those_that_came_first() {
        let mut recent = Recent::default();
        recent.add(5, &keys(&[1, 2]));
        recent.add(7, &keys(&[1, 2, 3]));
        recent.add(9, &keys(&[3, 4]));
        // One that an archive brings back with its number.
        recent.add(6, &keys(&[1, 2]));
        assert_eq!(recent.newest(), 9);
        assert_eq!(recent.near(&keys(&[1, 2, 3])), [7, 5, 6]);
        assert_eq!(recent.near(&keys(&[3])), [0_i64; 0], "one word is no story");
    }

    #[test]
    fn a_word_that_many_hold_counts_half_and_leads_to_the_newest() {
        let mut recent = Recent::default();
        for item in 1..=40 {
            recent.add(item, &keys(&[1, 2]));
        }
        assert_eq!(recent.near(&keys(&[1, 2])), [0_i64; 0]);
        recent.add(41, &keys(&[1, 2, 3]));
        assert_eq!(recent.near(&keys(&[1, 2, 3])), [41]);
        assert!(recent.holders[&Key(1)].iter().copied().eq(26..=41));
    }

    #[test]
    fn it_grows_only_so_far() {
        let mut recent = Recent::default();
        let last = i64::try_from(MOST).unwrap() + 100;
        for item in 1..=last {
            recent.add(item, &keys(&[item, -item / 3]));
        }
        assert_eq!(recent.items.len(), MOST);
        assert!(recent.holders.len() < 2 * MOST);
        assert!(!recent.holders.contains_key(&Key(100)));
        assert!(recent.holders.contains_key(&Key(101)));
    }

    #[test]
    fn what_items_say_is_forgotten_when_it_takes_too_much() {
        let title = "Norland envoy Harmon arrives in Seoul for talks on prisoners";
        let said = |at| Arc::new(Features::of(title, &title.repeat(4), "wire", at));
        let each = said(0).bytes();
        let room = REMEMBERED / each;
        let mut recent = Recent::default();
        let last = i64::try_from(room + 10).unwrap();
        for item in 1..=last {
            // Said twice, it is remembered once.
            recent.remember(item, said(item));
            recent.remember(item, said(item));
        }
        assert!(
            recent.features(1).is_some(),
            "nothing is forgotten in between"
        );
        recent.forget();
        assert_eq!(recent.features.len(), room);
        assert_eq!(recent.bytes, room * each);
        assert!(recent.features(10).is_none() && recent.features(11).is_some());
    }
}
