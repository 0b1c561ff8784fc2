//! The pace, with made-up times; and once on the wire, against a server that counts.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

use proptest::prelude::*;
use tidings::delivery::pace::{Lane, Limits, Next, Pace, Ticket, Urgency};
use tidings_core::delivery::Rate;

use super::clockwork::{all_delivered, follower, long_news, run_until};
use super::harness::Stage;
use crate::harness::CONFIG;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

const PRIVATE: usize = 0;
const GROUP: usize = 1;

fn rate(count: usize, window: Duration) -> Rate {
    Rate { count, window }
}

/// Telegram's, with another rate over all.
fn limits(overall: Option<usize>) -> Limits {
    Limits {
        overall: overall.map(|count| rate(count, SECOND)),
        lanes: vec![
            vec![rate(1, SECOND)],
            vec![rate(1, SECOND), rate(20, MINUTE)],
        ],
        in_flight: 100,
    }
}

fn lane(number: usize, kind: usize) -> Lane {
    Lane {
        name: number.to_string(),
        kind,
    }
}

/// A message's way: how long until its answer, and when in between it was counted (0 to 1).
#[derive(Clone, Copy, Debug)]
struct Trip {
    time: Duration,
    counted: f64,
}

/// What became of a message.
#[derive(Clone, Copy, Debug)]
struct Sent {
    lane: usize,
    counted: Duration,
    answered: Duration,
}

/// Sends so many parts in each lane, as the worker does: a lane's next part queues up once the one before is
/// answered. Trips are taken in turn.
fn simulate(limits: Limits, lanes: &[(usize, usize)], trips: &[Trip]) -> Vec<Sent> {
    simulate_with(limits, lanes, trips, None)
}

/// The same with a server that tells when it counted, by a clock that is so far ahead.
fn simulate_with(
    limits: Limits,
    lanes: &[(usize, usize)],
    trips: &[Trip],
    ahead: Option<Duration>,
) -> Vec<Sent> {
    let mut pace = Pace::new(limits);
    let mut left: Vec<usize> = lanes.iter().map(|(parts, _)| *parts).collect();
    let mut lane_of: HashMap<Ticket, usize> = HashMap::new();
    let mut flying: BinaryHeap<Reverse<(Duration, Ticket)>> = BinaryHeap::new();
    let mut sent: Vec<Sent> = Vec::new();
    let mut now = Duration::ZERO;
    let enter = |pace: &mut Pace, at: usize, left: usize, now| {
        let waiting = u32::try_from(left.min(60)).unwrap();
        pace.enter(lane(at, lanes[at].1), Urgency::Part { waiting }, now)
    };
    for (at, parts) in left.iter().enumerate().filter(|(_, parts)| **parts > 0) {
        lane_of.insert(enter(&mut pace, at, *parts, now), at);
    }
    loop {
        let later = match pace.next(now) {
            Next::Go(ticket) => {
                let at = lane_of[&ticket];
                let busy = flying
                    .iter()
                    .any(|Reverse((_, other))| lane_of[other] == at);
                assert!(!busy, "two are under way in one lane");
                let trip = trips[sent.len() % trips.len()];
                sent.push(Sent {
                    lane: at,
                    counted: now + trip.time.mul_f64(trip.counted),
                    answered: now + trip.time,
                });
                flying.push(Reverse((now + trip.time, ticket)));
                continue;
            }
            Next::At(moment) => {
                assert!(moment > now, "it can be asked at once");
                Some(moment)
            }
            Next::Idle => None,
        };
        match (flying.peek().map(|Reverse((at, _))| *at), later) {
            (Some(answer), later) if later.is_none_or(|later| answer <= later) => {
                let Reverse((at, ticket)) = flying.pop().unwrap();
                now = at;
                if let Some(ahead) = ahead {
                    let sending = sent.iter().rev().find(|sent| sent.lane == lane_of[&ticket]);
                    let told = sending.unwrap().counted + ahead;
                    let told = Duration::from_millis(u64::try_from(told.as_millis()).unwrap());
                    pace.counted(&lane_of[&ticket].to_string(), told);
                }
                assert!(pace.done(ticket, true, now));
                let lane = lane_of[&ticket];
                left[lane] -= 1;
                if left[lane] > 0 {
                    lane_of.insert(enter(&mut pace, lane, left[lane], now), lane);
                }
            }
            (_, Some(later)) => now = later,
            (_, None) => break,
        }
    }
    let all: usize = lanes.iter().map(|(parts, _)| parts).sum();
    assert_eq!(sent.len(), all);
    sent
}

/// The most that any window holds, as a server counts.
fn most_in(window: Duration, mut counted: Vec<Duration>) -> usize {
    counted.sort();
    let within = |first: Duration| move |at: &&Duration| **at >= first && **at < first + window;
    let most = counted
        .iter()
        .map(|first| counted.iter().filter(within(*first)).count());
    most.max().unwrap_or(0)
}

fn trips(counted: std::ops::Range<f64>) -> impl Strategy<Value = Vec<Trip>> {
    let trip = (1..400u32, counted).prop_map(|(ms, counted)| Trip {
        time: MS * ms,
        counted,
    });
    prop::collection::vec(trip, 1..40)
}

fn lanes() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..6usize, PRIVATE..=GROUP), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rate_over_all_is_kept_where_a_message_is_counted_in_the_first_half_of_its_trip(
        count in 1..20usize, lanes in lanes(), trips in trips(0.0..0.5),
    ) {
        let sent = simulate(limits(Some(count)), &lanes, &trips);
        let most = most_in(SECOND, sent.iter().map(|sent| sent.counted).collect());
        prop_assert!(most <= count, "{most} in a second, where {count} are allowed");
    }

    #[test]
    fn the_rate_over_all_is_kept_with_a_server_that_tells_when_it_counts(
        count in 1..20usize, lanes in lanes(), trips in trips(0.0..1.0), ahead in 0..100_000u32,
    ) {
        let ahead = Some(Duration::from_secs(1_700_000_000) + MS * ahead);
        let sent = simulate_with(limits(Some(count)), &lanes, &trips, ahead);
        // The half of a trip that is spared until enough is known holds for servers that count early.
        let known = sent.iter().skip(150).map(|sent| sent.counted).collect();
        let most = most_in(SECOND, known);
        prop_assert!(most <= count, "{most} in a second, where {count} are allowed");
    }

    #[test]
    fn the_rates_of_a_lane_are_kept_whenever_a_message_is_counted(
        lanes in prop::collection::vec((0..30usize, PRIVATE..=GROUP), 1..12), trips in trips(0.0..1.0),
    ) {
        let sent = simulate(limits(None), &lanes, &trips);
        for (at, (_, kind)) in lanes.iter().enumerate() {
            let own = sent.iter().filter(|sent| sent.lane == at);
            let own: Vec<Duration> = own.map(|sent| sent.counted).collect();
            prop_assert!(most_in(SECOND, own.clone()) <= 1);
            if *kind == GROUP {
                prop_assert!(most_in(MINUTE, own) <= 20);
            }
        }
    }
}

const USUAL: &[Trip] = &[
    Trip {
        time: Duration::from_millis(50),
        counted: 0.5,
    },
    Trip {
        time: Duration::from_millis(80),
        counted: 0.5,
    },
    Trip {
        time: Duration::from_millis(20),
        counted: 0.5,
    },
];

#[test]
fn a_group_gets_twenty_a_minute_and_others_go_on() {
    let sent = simulate(limits(Some(30)), &[(41, GROUP), (41, PRIVATE)], USUAL);
    let last = |lane| {
        sent.iter()
            .rfind(|sent| sent.lane == lane)
            .unwrap()
            .answered
    };
    assert!(
        last(0) >= 2 * MINUTE && last(0) < 2 * MINUTE + 3 * SECOND,
        "{:?}",
        last(0)
    );
    assert!(
        last(1) >= 40 * SECOND && last(1) < 46 * SECOND,
        "{:?}",
        last(1)
    );
}

#[test]
fn a_lane_with_much_to_say_starves_nobody_and_all_end_together() {
    // Ten with thirty parts each, sixty with one: 36 seconds at ten a second, of which thirty are the least.
    let mut lanes = vec![(30, PRIVATE); 10];
    lanes.extend([(1, PRIVATE); 60]);
    let sent = simulate(limits(Some(10)), &lanes, USUAL);
    let end = sent.iter().map(|sent| sent.answered).max().unwrap();
    assert!(end < 41 * SECOND, "{end:?}");
    let small = sent.iter().filter(|sent| sent.lane >= 10);
    let last = small.map(|sent| sent.answered).max().unwrap();
    assert!(last < 30 * SECOND, "who has one part waits {last:?}");
    for at in 0..10 {
        let end = sent
            .iter()
            .filter(|sent| sent.lane == at)
            .map(|sent| sent.answered);
        let end = end.max().unwrap();
        assert!(end > 30 * SECOND, "lane {at} ends at {end:?}");
    }
}

#[test]
fn the_wire_is_filled() {
    let sent = simulate(limits(Some(30)), &[(4, PRIVATE); 300], USUAL);
    let end = sent.iter().map(|sent| sent.answered).max().unwrap();
    let share = 1_200.0 / 30.0 / end.as_secs_f64();
    assert!(share > 0.95, "{share} of the allowed rate");
}

#[test]
fn a_server_that_tells_when_it_counts_is_filled_even_better() {
    let limits = Limits {
        overall: Some(rate(50, SECOND)),
        lanes: vec![Vec::new()],
        in_flight: 100,
    };
    let ahead = Some(Duration::from_secs(1_700_000_000));
    let sent = simulate_with(limits, &[(3, PRIVATE); 1_000], USUAL, ahead);
    let end = sent.iter().map(|sent| sent.answered).max().unwrap();
    let share = 3_000.0 / 50.0 / end.as_secs_f64();
    assert!(share > 0.98, "{share} of the allowed rate");
    assert!(most_in(SECOND, sent.iter().map(|sent| sent.counted).collect()) <= 50);
}

fn part(pace: &mut Pace, number: usize, now: Duration) -> Ticket {
    pace.enter(lane(number, PRIVATE), Urgency::Part { waiting: 1 }, now)
}

#[test]
fn answers_go_before_parts() {
    let mut pace = Pace::new(limits(Some(1)));
    let old = pace.enter(
        lane(1, PRIVATE),
        Urgency::Part { waiting: 60 },
        Duration::ZERO,
    );
    let answer = pace.enter(lane(2, PRIVATE), Urgency::Question, SECOND);
    let second = pace.enter(lane(3, PRIVATE), Urgency::Question, SECOND);
    assert_eq!(pace.next(SECOND), Next::Go(answer));
    assert_eq!(
        pace.next(SECOND),
        Next::Idle,
        "one in a second, and it isn't answered yet"
    );
    assert!(pace.done(answer, false, SECOND));
    assert_eq!(pace.next(SECOND), Next::At(2 * SECOND));
    assert_eq!(pace.next(2 * SECOND), Next::Go(second));
    assert!(pace.done(second, false, 2 * SECOND));
    assert_eq!(pace.next(3 * SECOND), Next::Go(old));
    assert!(pace.done(old, true, 3 * SECOND) && !pace.done(old, true, 3 * SECOND));
}

#[test]
fn what_one_sees_alone_goes_before_other_answers_and_counts_like_them() {
    let mut pace = Pace::new(limits(None));
    let public = pace.enter(lane(1, PRIVATE), Urgency::Question, Duration::ZERO);
    assert_eq!(pace.next(Duration::ZERO), Next::Go(public));
    assert!(pace.done(public, true, MS));
    let later = pace.enter(lane(1, PRIVATE), Urgency::Question, MS);
    let alone = pace.enter(lane(1, PRIVATE), Urgency::Private, 2 * MS);
    assert_eq!(pace.next(2 * MS), Next::At(SECOND + MS));
    assert_eq!(pace.next(SECOND + MS), Next::Go(alone));
    assert!(pace.done(alone, true, SECOND + 2 * MS));
    assert_eq!(pace.next(SECOND + 2 * MS), Next::At(2 * SECOND + 2 * MS));
    assert_eq!(pace.next(2 * SECOND + 2 * MS), Next::Go(later));
}

#[test]
fn a_lane_that_rests_holds_up_nobody_and_a_rest_of_all_everybody() {
    let mut pace = Pace::new(limits(None));
    let (first, second) = (
        part(&mut pace, 1, Duration::ZERO),
        part(&mut pace, 2, Duration::ZERO),
    );
    pace.rest("1", 10 * SECOND);
    pace.rest("1", 5 * SECOND);
    assert_eq!(pace.next(Duration::ZERO), Next::Go(second));
    assert_eq!(
        pace.next(Duration::ZERO),
        Next::At(10 * SECOND),
        "the longer rest holds"
    );
    // An answer in the lane waits as well.
    let answer = pace.enter(lane(1, PRIVATE), Urgency::Question, SECOND);
    assert_eq!(pace.next(SECOND), Next::At(10 * SECOND));
    let third = part(&mut pace, 3, SECOND);
    pace.rest_all(20 * SECOND);
    pace.rest_all(2 * SECOND);
    assert_eq!(pace.next(SECOND), Next::At(20 * SECOND));
    assert_eq!(pace.next(20 * SECOND), Next::Go(answer));
    assert_eq!(pace.next(20 * SECOND), Next::Go(third));
    assert_eq!(pace.next(20 * SECOND), Next::Idle, "the lane is busy");
    assert!(pace.done(answer, true, 21 * SECOND));
    assert_eq!(pace.next(21 * SECOND), Next::At(22 * SECOND));
    assert_eq!(pace.next(22 * SECOND), Next::Go(first));
}

#[test]
fn who_gives_up_waiting_holds_up_nobody() {
    let mut limits = limits(None);
    limits.in_flight = 1;
    let mut pace = Pace::new(limits);
    let tickets: Vec<Ticket> = (0..3).map(|at| part(&mut pace, at, MS)).collect();
    pace.leave(tickets[0]);
    assert_eq!(pace.next(MS), Next::Go(tickets[1]));
    assert_eq!(
        pace.next(MS),
        Next::Idle,
        "no more than one request at a time"
    );
    assert!(!pace.done(tickets[0], true, MS), "it was never under way");
    assert!(pace.done(tickets[1], true, MS));
    assert_eq!(pace.next(MS), Next::Go(tickets[2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_counts_never_has_to_refuse() {
    let pace = "[telegram]\nrate = \"20/s\"\nchat_rate = \"2/s\"\ngroup_rate = \"10/m\"\n";
    let mut stage = Stage::empty(&format!("{CONFIG}{pace}"));
    stage.archive();
    stage.server.enforce_limits(20, 2, 10);
    stage.server.latency(5 * MS, 20 * MS, 7);
    stage.start().await;
    let mut people = Vec::new();
    for at in 0..12 {
        let person = follower(&stage, &format!("Reader {at}"), "us-nk").await;
        person.asks("/settings style summaries").await;
        people.push(person);
    }
    let ana = stage.server.person("Ana");
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    group.asks(&ana, "/subscribe us-nk instant").await;
    stage.news("2026-11-06.txt", &long_news("Word", 16));
    // Somebody asks meanwhile.
    for person in &people[..4] {
        person.says("/read 1");
    }
    run_until(&stage, "the roundups", || {
        (people[0].chat().sent() >= 5).then_some(())
    })
    .await;
    all_delivered(&stage).await;
    assert_eq!(stage.server.refused_by_limits(), 0);
    assert!(people.iter().all(|person| person.chat().sent() >= 5));
    stage.over().await;
}
