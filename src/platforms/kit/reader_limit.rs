//! How much may be asked of us.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use tidings_core::delivery::Rate;

const MINUTE: Duration = Duration::from_secs(60);

/// How many things a reader may ask where others are, or whoever speaks as a channel there (design.md, promise 8).
pub const IN_COMPANY: Rate = Rate {
    count: 20,
    window: MINUTE,
};

/// How many things anybody may ask in a chat with the bot alone (design.md, promise 8).
pub const ALONE: Rate = Rate {
    count: 60,
    window: MINUTE,
};

/// Askers that are remembered; with more, those who were quiet for long are forgotten.
const KEPT: usize = 10_000;

/// Who asks: somebody in a place, by the platform's numbers of both, or all in a place together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Somebody, in a place.
    One(i64, i64),
    /// All in a place.
    All(i64),
}

/// Where a place asks more than it may be answered, whoever has asked less than the others is answered all the same, up
/// to so many times as much.
const BEYOND: usize = 3;

/// What was asked lately.
#[derive(Debug, Default)]
pub struct Questions(Mutex<HashMap<Counted, Vec<(Instant, i64)>>>);

/// Whether somebody may ask one thing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// They may.
    May,
    /// This is the last one for a while.
    Last,
    /// It is one too many.
    TooMuch,
}

impl Questions {
    /// Counts a question. What is too much isn't counted.
    pub fn ask(&self, asker: Counted, most: Rate) -> Asking {
        self.count(asker, 0, most, |times| times.len() < most.count)
    }

    /// Counts a question of somebody among those of all in a place. Once those are too many, they are too many for
    /// whoever has had an equal share of them, and for nobody else.
    pub fn ask_together(&self, place: i64, who: i64, most: Rate) -> Asking {
        self.count(Counted::All(place), who, most, |times| {
            let theirs = times.iter().filter(|(_, of)| *of == who).count();
            let mut askers: Vec<i64> = times.iter().map(|(_, of)| *of).chain([who]).collect();
            askers.sort_unstable();
            askers.dedup();
            let share = (most.count / askers.len()).max(1);
            times.len() < most.count || theirs < share && times.len() < most.count * BEYOND
        })
    }

    fn count(
        &self,
        asker: Counted,
        who: i64,
        most: Rate,
        may: impl Fn(&[(Instant, i64)]) -> bool,
    ) -> Asking {
        let mut all = self.0.lock();
        if all.len() >= KEPT {
            // No rate has a longer window that matters here than the one that is asked about.
            let longest = most.window.max(MINUTE);
            all.retain(|_, times| times.last().is_some_and(|(at, _)| at.elapsed() < longest));
        }
        let times = all.entry(asker).or_default();
        times.retain(|(at, _)| at.elapsed() < most.window);
        if !may(times) {
            return Asking::TooMuch;
        }
        times.push((Instant::now(), who));
        if times.len() == most.count {
            Asking::Last
        } else {
            Asking::May
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_little_may_ask_where_another_has_asked_all() {
        let questions = Questions::default();
        for at in 1..=IN_COMPANY.count {
            let asking = questions.ask_together(-1, 7, IN_COMPANY);
            assert_eq!(asking == Asking::Last, at == IN_COMPANY.count, "{at}");
        }
        assert_eq!(questions.ask_together(-1, 7, IN_COMPANY), Asking::TooMuch);
        for _ in 0..IN_COMPANY.count / 2 {
            assert_eq!(questions.ask_together(-1, 8, IN_COMPANY), Asking::May);
        }
        assert_eq!(questions.ask_together(-1, 8, IN_COMPANY), Asking::TooMuch);
        assert_eq!(questions.ask_together(-1, 9, IN_COMPANY), Asking::May);
        assert_eq!(questions.ask_together(-2, 7, IN_COMPANY), Asking::May);
    }

    #[test]
    fn a_place_of_many_is_bounded_all_the_same() {
        let questions = Questions::default();
        let asked = (0..1_000)
            .filter(|who| questions.ask_together(-1, *who, IN_COMPANY) != Asking::TooMuch);
        assert_eq!(asked.count(), IN_COMPANY.count * BEYOND);
    }
}
