//! Several processes that share a store, and whatever may happen to them: they are killed and come back, are stopped where they
//! stand for longer than their leases and go on as if nothing had been, lose their lines to the server, and the server crashes,
//! or is lost for good and another one takes over that has all that was committed, while documents come and roundups are due. In the end every channel has every item, once, in order. On Telegram alone
//! something may have come twice: what was in flight when its sender was lost, and 20 s later at the earliest.
//!
//! `cargo test` runs a short one. A long one: `cargo test --test it -- --ignored the_long_chaos_test --nocapture`;
//! `TIDINGS_SEED` draws another one, `TIDINGS_PROCESSES`, `TIDINGS_CHANNELS` (on each platform), `TIDINGS_RATE` (parts a second
//! on each) and `TIDINGS_FAULTS` say how much of it there is.

mod connections;
mod crew;
mod fences;
mod line;
mod takeover;
mod weakened;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::str::FromStr;
use std::time::{Duration, Instant};

use tidings_store::IN_DOUBT;

use self::crew::{Crew, Setup};
use crate::fakes::clock::{Dice, now, pause};
use crate::postgres::Ending;

/// How far a repeat may be from its time: clocks may differ by a quarter of a second, and requests take their way.
const CLOCKS: Duration = Duration::from_millis(750);

/// How much of it there is.
#[derive(Clone, Copy)]
struct Size {
    setup: Setup,
    faults: usize,
    /// Which there are, in turns.
    kinds: &'static [Fault],
    /// Between two of them, at most.
    between: Duration,
}

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Kill,
    Pause,
    Hold,
    Crash,
    FailOver,
}

const PLATFORMS: [&str; 3] = ["telegram", "telegram", "discord"];

/// In turns, so that a short run has all of them.
const FAULTS: [Fault; 4] = [Fault::Pause, Fault::Hold, Fault::Kill, Fault::Crash];

/// The same, and the server is lost as well.
const ALL_FAULTS: [Fault; 5] = [
    Fault::Pause,
    Fault::Hold,
    Fault::Kill,
    Fault::Crash,
    Fault::FailOver,
];

/// What the environment names another run in.
const SEED: &str = "TIDINGS_SEED";

struct Chaos {
    crew: Crew,
    dice: Dice,
    lease: Duration,
    /// When each began, and when it was over.
    faults: Vec<(Fault, Instant, Instant)>,
}

impl Chaos {
    fn of(crew: Crew, seed: u64) -> Chaos {
        Chaos {
            crew,
            dice: Dice::new(seed),
            lease: Duration::from_secs(3),
            faults: Vec::new(),
        }
    }

    fn draw(&mut self, count: usize) -> usize {
        let sides = f64::from(u32::try_from(count).unwrap());
        let at = (self.dice.fraction() * sides) as usize;
        at.min(count - 1)
    }

    /// News comes for a while, and roundups are due.
    async fn live(&mut self, time: Duration) {
        let begun = now();
        while now().duration_since(begun) < time {
            if self.dice.fraction() < 0.25 {
                self.crew.write();
            }
            if self.dice.fraction() < 0.1 {
                self.crew.pass_time();
            }
            pause(Duration::from_millis(250)).await;
        }
    }

    /// Whoever sends on a platform, in the middle of that; somebody at any moment now and then.
    async fn victim(&mut self) -> usize {
        let platform = PLATFORMS[self.draw(PLATFORMS.len())];
        let any = self.draw(self.crew.members.len());
        if self.dice.fraction() < 0.2 {
            return any;
        }
        let title = self.crew.write();
        self.crew.arrived(platform, &title).await;
        let duty = format!("chat:{platform}");
        self.crew.holder(&duty).unwrap_or(any)
    }

    async fn strike(&mut self, fault: Fault) {
        let victim = self.victim().await;
        let longer = self.lease + self.dice.between(Duration::ZERO, self.lease / 2);
        let begun = now();
        match fault {
            Fault::Kill => {
                self.crew.kill(victim);
                let time = self.dice.between(Duration::ZERO, self.lease);
                self.live(time).await;
                self.crew.start(victim);
            }
            Fault::Pause => {
                self.crew.signal(victim, "-STOP");
                self.live(longer).await;
                self.crew.signal(victim, "-CONT");
            }
            Fault::Hold => {
                self.crew.hold(victim);
                self.live(longer).await;
                self.crew.release(victim);
            }
            Fault::Crash => {
                self.crew.server.end(Ending::Crash);
                self.crew.server.start_again();
            }
            Fault::FailOver => {
                self.crew.fail_over();
                self.crew.have_standby().await;
            }
        }
        self.faults.push((fault, begun, now()));
    }

    async fn run(&mut self, size: &Size) {
        for at in 0..self.crew.members.len() {
            self.crew.start(at);
        }
        let first = self.crew.write();
        self.crew.arrived("telegram", &first).await;
        self.crew.arrived("discord", &first).await;
        for at in 0..size.faults {
            let time = self.dice.between(size.between / 3, size.between);
            self.live(time).await;
            self.strike(size.kinds[at % size.kinds.len()]).await;
        }
        self.crew.write();
        self.crew.rest().await;
        // What came after the last slot.
        self.crew.pass_time();
        self.crew.rest().await;
    }

    /// Whether something that arrived then may have come again: its sender was lost with it in hand. A busy machine takes its
    /// time to write down what was sent, and to come back after a crash.
    fn may_repeat(&self, at: Instant) -> bool {
        self.faults
            .iter()
            .any(|(_, begun, over)| *begun <= at + self.lease && at <= *over + self.lease)
    }

    /// What happened about a moment, and how many seconds before it or behind it.
    fn around(&self, at: Instant) -> Vec<String> {
        let since = |then: Instant| match then.checked_duration_since(at) {
            Some(later) => later.as_secs_f64(),
            None => -at.duration_since(then).as_secs_f64(),
        };
        let shown = |(fault, begun, over): &(Fault, Instant, Instant)| {
            let (begun, over) = (since(*begun), since(*over));
            (begun.abs() < 30.0).then(|| format!("{fault:?} {begun:.1}..{over:.1}"))
        };
        self.faults.iter().filter_map(shown).collect()
    }

    /// Looks at what every channel has got; returns how many parts and repeats there were, or what is wrong.
    fn judge(&self) -> Result<(usize, usize), String> {
        let (mut parts, mut repeats) = (0, 0);
        self.judge_slots()?;
        for (place, heard) in self.crew.heard() {
            parts += heard.len();
            for title in &self.crew.written {
                let copies = heard.iter().filter(|(_, text)| text.contains(title));
                let times: Vec<Instant> = copies.map(|(at, _)| *at).collect();
                let wrong = |what: &str| {
                    let gaps = times.windows(2).map(|two| two[1].duration_since(two[0]));
                    let gaps: Vec<Duration> = gaps.collect();
                    format!("{what}: {title} in {place}, {gaps:?}")
                };
                if times.is_empty() {
                    return Err(wrong("lost"));
                }
                if place.platform() == "discord" {
                    if times.len() > 1 {
                        return Err(wrong("twice"));
                    }
                    continue;
                }
                for two in times.windows(2) {
                    repeats += 1;
                    if two[1].duration_since(two[0]) + CLOCKS <= IN_DOUBT {
                        return Err(wrong("repeated while it may have been under way"));
                    }
                    if !self.may_repeat(two[0]) {
                        let around = self.around(two[0]);
                        return Err(wrong(&format!("repeated for nothing, {around:?}")));
                    }
                }
            }
            judge_order(&heard).map_err(|wrong| format!("{place} got {wrong}"))?;
        }
        Ok((parts, repeats))
    }

    /// No item is in two parts of a channel: then a slot was served twice.
    fn judge_slots(&self) -> Result<(), String> {
        let parts = parts_with(&self.crew.written, self.crew.rows(PARTS));
        let wanted = self.crew.places.len() * self.crew.written.len();
        let twice: Vec<_> = parts.iter().filter(|(_, count)| **count > 1).collect();
        if !twice.is_empty() {
            return Err(format!("served twice: {twice:?}"));
        }
        if parts.len() != wanted {
            return Err(format!("{} of {wanted} are served", parts.len()));
        }
        Ok(())
    }
}

/// What stands in each channel's ledger.
const PARTS: &str = "SELECT c.key, p.wire FROM deliveries d JOIN channels c ON c.id = d.channel_id JOIN parts p ON p.id = d.part_id";

/// In how many parts of each channel there is each of these headlines.
fn parts_with(
    titles: &[String],
    rows: Vec<Vec<Option<String>>>,
) -> BTreeMap<(String, &str), usize> {
    let mut parts = BTreeMap::new();
    for row in rows {
        let [Some(key), Some(wire)] = row.as_slice() else {
            panic!("{row:?}");
        };
        for title in titles.iter().filter(|title| wire.contains(*title)) {
            *parts.entry((key.clone(), title.as_str())).or_default() += 1;
        }
    }
    parts
}

/// Later documents come later, but for what is repeated.
fn judge_order(heard: &[(Instant, String)]) -> Result<(), String> {
    let mut newest = 0;
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    for (_, text) in heard {
        if !seen.insert(text) {
            continue;
        }
        let numbers = text.match_indices("Squid ");
        let numbers = numbers.map(|(at, _)| text[at + 6..at + 10].parse().unwrap());
        let numbers: Vec<usize> = numbers.collect();
        let oldest = numbers.iter().min().copied().unwrap_or(newest);
        if oldest < newest {
            return Err(format!("{oldest} after {newest}"));
        }
        newest = numbers.iter().max().copied().unwrap_or(newest).max(newest);
    }
    Ok(())
}

/// Two of three follow what comes, the others a schedule.
fn mixed(at: usize) -> &'static str {
    ["instant", "instant", "daily 09:00"][at % 3]
}

async fn unleash(seed: u64, size: Size) {
    let Some(mut crew) = Crew::new(&Setup { seed, ..size.setup }) else {
        return;
    };
    if size.kinds.contains(&Fault::FailOver) {
        crew.have_standby().await;
    }
    let mut chaos = Chaos::of(crew, seed);
    let begun = now();
    chaos.run(&size).await;
    let judged = chaos.judge();
    let (parts, repeats) =
        judged.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}\n{}", chaos.crew.log()));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (fault, _, _) in &chaos.faults {
        *counts.entry(format!("{fault:?}")).or_default() += 1;
    }
    println!(
        "seed {seed}: {} channels, {} processes, {} documents, {counts:?}, {parts} parts arrived, {repeats} headlines repeated on Telegram, {:?}",
        chaos.crew.places.len(),
        chaos.crew.members.len(),
        chaos.crew.written.len(),
        now().duration_since(begun)
    );
}

/// A number that the environment gives, or one that is always the same.
#[expect(clippy::disallowed_methods, reason = "a test's own arguments")]
fn given<T: FromStr<Err: Debug>>(name: &str, usual: T) -> T {
    let given = std::env::var(name).ok();
    given.map_or(usual, |given| given.parse().unwrap())
}

const SETUP: Setup = Setup {
    members: 3,
    channels: 12,
    lease: "3s",
    rate: 10,
    seed: 0,
    cadence: mixed,
};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_to_processes_everything_arrives_once_and_in_order() {
    let size = Size {
        setup: SETUP,
        faults: 4,
        kinds: &FAULTS,
        between: Duration::from_millis(500),
    };
    unleash(given(SEED, 20_261_129), size).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_takes_over_and_everything_arrives_once_and_in_order() {
    let size = Size {
        setup: SETUP,
        faults: 3,
        kinds: &[Fault::Kill, Fault::FailOver, Fault::Pause],
        between: Duration::from_millis(500),
    };
    unleash(given(SEED, 20_261_130), size).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn the_long_chaos_test() {
    let size = Size {
        setup: Setup {
            members: given("TIDINGS_PROCESSES", 3),
            channels: given("TIDINGS_CHANNELS", 40),
            rate: given("TIDINGS_RATE", 25),
            ..SETUP
        },
        faults: given("TIDINGS_FAULTS", 40),
        kinds: &ALL_FAULTS,
        between: Duration::from_secs(4),
    };
    unleash(given(SEED, 1), size).await;
}
