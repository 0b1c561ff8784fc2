//! Whoever asks a lot delays nobody: the pace with many kinds of sendings, in simulated time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use proptest::prelude::*;
use tidings::delivery::pace::{Lane, Limits, Next, Pace, Ticket, Urgency};
use tidings_core::delivery::Rate;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

const PRIVATE: usize = 0;
const GROUP: usize = 1;

/// How long a question waits (design.md: "one that waited a minute with us is dropped").
const PATIENCE: Duration = MINUTE;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum What {
    Change,
    Question,
    Part,
}

/// Something to be sent.
#[derive(Clone, Copy, Debug)]
struct Wish {
    at: Duration,
    lane: usize,
    what: What,
}

/// What became of it.
#[derive(Clone, Copy, Debug)]
struct Sent {
    wish: Wish,
    begun: Duration,
    done: Duration,
}

fn rate(count: usize, window: Duration) -> Rate {
    Rate { count, window }
}

/// Telegram's.
fn telegram() -> Limits {
    Limits {
        overall: Some(rate(30, SECOND)),
        lanes: vec![
            vec![rate(1, SECOND)],
            vec![rate(1, SECOND), rate(20, MINUTE)],
        ],
        in_flight: 100,
    }
}

/// Round trips in milliseconds, taken in turn.
const TRIPS: [u32; 5] = [60, 150, 90, 240, 40];

/// Sends wishes as the worker does: of each kind a lane has one at the gate, the next one queues up when that is over,
/// and a question that has waited for too long goes away.
fn simulate(limits: Limits, kinds: &[usize], mut wishes: Vec<Wish>) -> Vec<Sent> {
    wishes.sort_by_key(|wish| wish.at);
    let mut wishes = VecDeque::from(wishes);
    let mut pace = Pace::new(limits);
    let mut queues: BTreeMap<(usize, What), VecDeque<Wish>> = BTreeMap::new();
    let mut at_gate: HashMap<Ticket, Wish> = HashMap::new();
    let mut flying: BinaryHeap<Reverse<(Duration, Ticket)>> = BinaryHeap::new();
    let mut begun: HashMap<Ticket, Duration> = HashMap::new();
    let mut sent: Vec<Sent> = Vec::new();
    // Questions at the gate by the moment at which they go away; and who has something at the gate.
    let mut patience: BTreeSet<(Duration, Ticket)> = BTreeSet::new();
    let mut taken: BTreeSet<(usize, What)> = BTreeSet::new();
    let mut open: BTreeSet<(usize, What)> = BTreeSet::new();
    let mut now = Duration::ZERO;
    loop {
        while wishes.front().is_some_and(|wish| wish.at <= now) {
            let wish = wishes.pop_front().unwrap();
            let key = (wish.lane, wish.what);
            queues.entry(key).or_default().push_back(wish);
            open.insert(key);
        }
        while let Some((_, ticket)) = patience.first().copied().filter(|(at, _)| *at <= now) {
            patience.pop_first();
            pace.leave(ticket);
            let wish = at_gate.remove(&ticket).unwrap();
            taken.remove(&(wish.lane, wish.what));
            open.insert((wish.lane, wish.what));
        }
        for key in std::mem::take(&mut open) {
            let queue = queues.entry(key).or_default();
            queue.retain(|wish| wish.what != What::Question || wish.at + PATIENCE > now);
            if taken.contains(&key) {
                continue;
            }
            let waiting = u32::try_from(queue.len().min(60)).unwrap();
            if let Some(wish) = queue.pop_front() {
                let lane = Lane {
                    name: wish.lane.to_string(),
                    kind: kinds[wish.lane],
                };
                let urgency = match wish.what {
                    What::Change => Urgency::Change,
                    What::Question => Urgency::Question,
                    What::Part => Urgency::Part { waiting },
                };
                let ticket = pace.enter(lane, urgency, now);
                at_gate.insert(ticket, wish);
                taken.insert(key);
                if wish.what == What::Question {
                    patience.insert((wish.at + PATIENCE, ticket));
                }
            }
        }
        let later = match pace.next(now) {
            Next::Go(ticket) => {
                let trip = TRIPS[begun.len() % TRIPS.len()];
                begun.insert(ticket, now);
                patience.remove(&(at_gate[&ticket].at + PATIENCE, ticket));
                flying.push(Reverse((now + MS * trip, ticket)));
                continue;
            }
            Next::At(moment) => Some(moment),
            Next::Idle => None,
        };
        let answer = flying.peek().map(|Reverse((at, _))| *at);
        let arrival = wishes.front().map(|wish| wish.at);
        let goes_away = patience.first().map(|(at, _)| *at);
        let Some(then) = [answer, arrival, later, goes_away]
            .into_iter()
            .flatten()
            .min()
        else {
            assert!(
                queues.values().all(VecDeque::is_empty),
                "somebody waits for ever"
            );
            return sent;
        };
        now = then;
        while let Some(Reverse((at, ticket))) = flying.peek().copied().filter(|f| f.0.0 <= now) {
            flying.pop();
            assert!(pace.done(ticket, true, now));
            let wish = at_gate.remove(&ticket).unwrap();
            taken.remove(&(wish.lane, wish.what));
            open.insert((wish.lane, wish.what));
            let begun = begun[&ticket];
            sent.push(Sent {
                wish,
                begun,
                done: at,
            });
        }
    }
}

/// How many are let through while somebody waits, before they are, at most; of the same lane, if it is named.
fn most_that_go_first(sent: &[Sent], lane: Option<usize>, what: What) -> usize {
    let mut of_lane: Vec<&Sent> = sent
        .iter()
        .filter(|sent| lane.is_none_or(|lane| sent.wish.lane == lane))
        .collect();
    of_lane.sort_by_key(|sent| sent.begun);
    let mut last = Duration::ZERO;
    let mut most = 0;
    for own in of_lane.iter().filter(|sent| sent.wish.what == what) {
        // It waits from when it is asked for and the one before it is let through.
        let since = own.wish.at.max(last);
        let between = of_lane.iter().filter(|other| {
            other.wish.what != what && other.begun > since && other.begun < own.begun
        });
        most = most.max(between.count());
        last = own.begun;
    }
    most
}

fn wishes(lanes: usize) -> impl Strategy<Value = Vec<Wish>> {
    let what = prop_oneof![Just(What::Change), Just(What::Question), Just(What::Part)];
    let burst = (0..180_000u32, 0..lanes, what, 1..30usize);
    prop::collection::vec(burst, 1..20).prop_map(|bursts| {
        let wishes = bursts.into_iter().flat_map(|(ms, lane, what, count)| {
            let at = MS * ms;
            std::iter::repeat_n(Wish { at, lane, what }, count)
        });
        wishes.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_kind_starves_in_a_lane_whatever_comes(wishes in wishes(2)) {
        let sent = simulate(telegram(), &[GROUP, PRIVATE], wishes);
        for lane in 0..2 {
            for what in [What::Change, What::Question, What::Part] {
                // One may be let through in the very moment at which the wait begins.
                let most = most_that_go_first(&sent, Some(lane), what);
                prop_assert!(most <= 3, "{most} went before a {what:?} in lane {lane}");
            }
        }
    }

    #[test]
    fn no_kind_starves_over_all_whatever_comes(wishes in wishes(60)) {
        // Each in a lane of its own that takes it at any time.
        let limits = Limits {
            overall: Some(rate(3, SECOND)),
            lanes: vec![Vec::new()],
            in_flight: 2,
        };
        let wishes: Vec<Wish> = wishes.into_iter().enumerate().map(|(lane, wish)| Wish { lane, ..wish }).collect();
        let sent = simulate(limits, &vec![0; wishes.len()], wishes);
        for what in [What::Change, What::Question, What::Part] {
            let all = [What::Change, What::Question, What::Part];
            let begun = |of: What| sent.iter().filter(move |sent| sent.wish.what == of);
            for own in begun(what) {
                let since = own.wish.at;
                let within = |sent: &&Sent| sent.begun > since && sent.begun < own.begun;
                let ours = begun(what).filter(within).count();
                let others: usize = all.iter().filter(|of| **of != what).map(|of| begun(*of).filter(within).count()).sum();
                prop_assert!(others <= 2 * ours + 4, "{others} others and {ours} of its own went before a {what:?}");
            }
        }
    }

    #[test]
    fn the_rates_hold_whatever_comes(wishes in wishes(8)) {
        let kinds: Vec<usize> = (0..8).map(|lane| lane % 2).collect();
        let sent = simulate(telegram(), &kinds, wishes);
        for lane in (0..8).filter(|lane| kinds[*lane] == GROUP) {
            let own: Vec<&Sent> = sent.iter().filter(|sent| sent.wish.lane == lane).collect();
            for first in &own {
                let within = own.iter().filter(|sent| sent.begun >= first.begun && sent.done < first.begun + MINUTE);
                prop_assert!(within.count() <= 20);
            }
        }
    }
}

/// People who ask something each so many seconds, one after the other, for four minutes.
fn people(lanes: impl Iterator<Item = usize>, each: Duration, what: What) -> Vec<Wish> {
    let lanes: Vec<usize> = lanes.collect();
    let shift = each / u32::try_from(lanes.len()).unwrap();
    let ask = |(at, lane): (usize, usize)| {
        let first = shift * u32::try_from(at).unwrap();
        (0..)
            .map(move |n| Wish {
                at: first + each * n,
                lane,
                what,
            })
            .take_while(|wish| wish.at < 4 * MINUTE)
    };
    lanes.into_iter().enumerate().flat_map(ask).collect()
}

fn latest(sent: &[Sent], what: What, lane: usize, since: Duration) -> Duration {
    let own = sent
        .iter()
        .filter(|s| s.wish.what == what && s.wish.lane == lane && s.wish.at == since);
    own.map(|sent| sent.done).max().expect("it was sent") - since
}

#[test]
fn thirty_people_who_ask_in_a_group_hold_up_neither_its_roundup_nor_its_manager() {
    // As many questions as a group may ask in a minute, three messages each, all at once.
    let questions = (0..5).flat_map(|minute| {
        let wish = Wish {
            at: MINUTE * minute,
            lane: 0,
            what: What::Question,
        };
        std::iter::repeat_n(wish, 60)
    });
    for second in (125..185).step_by(2) {
        let slot = SECOND * second;
        let mut wishes: Vec<Wish> = questions.clone().collect();
        wishes.extend(std::iter::repeat_n(
            Wish {
                at: slot,
                lane: 0,
                what: What::Part,
            },
            5,
        ));
        let pause = slot + 7 * SECOND;
        wishes.push(Wish {
            at: pause,
            lane: 0,
            what: What::Change,
        });
        let sent = simulate(telegram(), &[GROUP], wishes);
        let roundup = latest(&sent, What::Part, 0, slot);
        assert!(
            roundup <= MINUTE,
            "at {second} s the roundup took {roundup:?}"
        );
        let answer = latest(&sent, What::Change, 0, pause);
        assert!(
            answer <= 5 * SECOND,
            "at {second} s the manager waited {answer:?}"
        );
    }
}

#[test]
fn people_in_private_chats_delay_nobodys_roundup() {
    // Thirty-six who ask each second, and get answers of three messages; three hundred channels whose slot has come.
    let mut kinds = vec![PRIVATE; 36];
    let mut wishes: Vec<Wish> = people(0..36, SECOND, What::Question);
    wishes = wishes.iter().flat_map(|wish| [*wish; 3]).collect();
    let slot = 2 * MINUTE;
    for channel in 0..300 {
        kinds.push(if channel % 2 == 0 { GROUP } else { PRIVATE });
        wishes.push(Wish {
            at: slot,
            lane: 36 + channel,
            what: What::Part,
        });
    }
    // Another thirty who change something each second, and a manager in a group.
    kinds.extend([PRIVATE; 30]);
    wishes.extend(people(336..366, SECOND, What::Change));
    kinds.push(GROUP);
    let pause = slot + 3 * SECOND;
    wishes.push(Wish {
        at: pause,
        lane: 366,
        what: What::Change,
    });
    let sent = simulate(telegram(), &kinds, wishes);
    let last = (36..336)
        .map(|lane| latest(&sent, What::Part, lane, slot))
        .max()
        .unwrap();
    assert!(last <= MINUTE, "the last roundup took {last:?}");
    let answer = latest(&sent, What::Change, 366, pause);
    assert!(answer <= 5 * SECOND, "the manager waited {answer:?}");
}

#[test]
fn roundups_get_a_third_and_questions_the_rest_while_both_wait() {
    let mut wishes = vec![
        Wish {
            at: Duration::ZERO,
            lane: 0,
            what: What::Part
        };
        40
    ];
    wishes.extend(
        [Wish {
            at: Duration::ZERO,
            lane: 0,
            what: What::Question,
        }; 40],
    );
    let mut sent = simulate(telegram(), &[PRIVATE], wishes);
    sent.sort_by_key(|sent| sent.begun);
    let parts = sent[..30]
        .iter()
        .filter(|sent| sent.wish.what == What::Part)
        .count();
    assert_eq!(parts, 10);
}
