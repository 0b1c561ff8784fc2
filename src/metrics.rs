//! What is counted while the bot runs, in the form that Prometheus reads.

use std::time::Duration;

use jiff::SignedDuration;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::status::{OutboxStanding, Sharing};

/// Where the buckets of the latency end, in seconds: from a server next door to one in trouble.
const BUCKETS: [f64; 10] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfSource {
    source: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfPlatform {
    platform: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfOutcome {
    platform: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfProcess {
    process: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfDuty {
    duty: String,
    process: String,
}

/// The counters of one bot.
pub struct Metrics {
    registry: Registry,
    loaded: Family<OfSource, Counter>,
    sends: Family<OfOutcome, Counter>,
    refused_as_too_many: Family<OfPlatform, Counter>,
    latency: Family<OfPlatform, Histogram, fn() -> Histogram>,
    lag: Family<OfPlatform, Gauge<f64, std::sync::atomic::AtomicU64>>,
    queue: Family<OfPlatform, Gauge>,
    dead: Family<OfPlatform, Gauge>,
    age: Family<OfPlatform, Gauge<f64, std::sync::atomic::AtomicU64>>,
    begun: Family<OfProcess, Gauge>,
    behind: Family<OfProcess, Gauge>,
    taken: Family<OfDuty, Gauge>,
    clock: Family<Vec<(String, String)>, Gauge<f64, std::sync::atomic::AtomicU64>>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::with_prefix("tidings");
        let loaded = Family::default();
        registry.register("items_loaded", "New items, by source", loaded.clone());
        let sends = Family::default();
        registry.register(
            "sends",
            "Messages that were tried, by platform and outcome",
            sends.clone(),
        );
        let refused_as_too_many = Family::default();
        registry.register(
            "too_many_requests",
            "Messages that a platform refused as too many (429)",
            refused_as_too_many.clone(),
        );
        let latency =
            Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        registry.register_with_unit(
            "send_latency",
            "From the request to what became of it",
            Unit::Seconds,
            latency.clone(),
        );
        let lag = Family::default();
        registry.register_with_unit(
            "due_lag",
            "How long the most overdue roundup has been due",
            Unit::Seconds,
            lag.clone(),
        );
        let queue = Family::default();
        registry.register("queue_parts", "Parts that wait", queue.clone());
        let dead = Family::default();
        registry.register(
            "dead_parts",
            "Parts that were refused for good",
            dead.clone(),
        );
        let age = Family::default();
        registry.register_with_unit(
            "queue_age",
            "How long the oldest waiting part has waited",
            Unit::Seconds,
            age.clone(),
        );
        // What is known of a store on a server alone: with a file nothing stands under these.
        let begun = Family::default();
        registry.register_with_unit(
            "process_begun",
            "When a process began that shares the store, since 1970",
            Unit::Seconds,
            begun.clone(),
        );
        let behind = Family::default();
        registry.register(
            "process_behind",
            "Whether another process has begun since with another configuration",
            behind.clone(),
        );
        let taken = Family::default();
        registry.register_with_unit(
            "duty_taken",
            "When a process took a duty that it holds, since 1970",
            Unit::Seconds,
            taken.clone(),
        );
        let clock = Family::default();
        registry.register_with_unit(
            "clock_behind",
            "By how much the clock of this machine is behind the clock of the store's server",
            Unit::Seconds,
            clock.clone(),
        );
        Metrics {
            registry,
            loaded,
            sends,
            refused_as_too_many,
            latency,
            lag,
            queue,
            dead,
            age,
            begun,
            behind,
            taken,
            clock,
        }
    }
}

fn of(platform: &str) -> OfPlatform {
    OfPlatform {
        platform: platform.to_owned(),
    }
}

impl Metrics {
    /// A source has yielded so many new items.
    pub fn loaded(&self, source: &str, new: usize) {
        let source = OfSource {
            source: source.to_owned(),
        };
        let new = u64::try_from(new).unwrap_or(u64::MAX);
        self.loaded.get_or_create(&source).inc_by(new);
    }

    /// A message was tried, and this became of it.
    pub fn sent(&self, platform: &str, outcome: &'static str, took: Duration) {
        let which = OfOutcome {
            platform: platform.to_owned(),
            outcome,
        };
        self.sends.get_or_create(&which).inc();
        if outcome == "too_many" {
            self.refused_as_too_many.get_or_create(&of(platform)).inc();
        }
        self.latency
            .get_or_create(&of(platform))
            .observe(took.as_secs_f64());
    }

    /// A platform's outbox stands like this.
    pub fn stands(&self, platform: &str, standing: &OutboxStanding) {
        let OutboxStanding { lag, queue, age } = standing;
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.lag.get_or_create(&of(platform)).set(lag.as_secs_f64());
        self.queue
            .get_or_create(&of(platform))
            .set(count(queue.waiting));
        self.dead
            .get_or_create(&of(platform))
            .set(count(queue.dead));
        self.age.get_or_create(&of(platform)).set(age.as_secs_f64());
    }

    /// The processes that share the store stand like this.
    pub fn shared(&self, sharing: &Sharing, clock: Option<SignedDuration>) {
        // Who is gone is named no more.
        self.begun.clear();
        self.behind.clear();
        self.taken.clear();
        for standing in &sharing.processes {
            let process = &standing.process.name;
            let which = OfProcess {
                process: process.clone(),
            };
            let begun = standing.process.started.as_second();
            self.begun.get_or_create(&which).set(begun);
            let behind = i64::from(standing.is_behind);
            self.behind.get_or_create(&which).set(behind);
            for held in &standing.duties {
                let which = OfDuty {
                    duty: held.duty.clone(),
                    process: process.clone(),
                };
                let since = held.since.as_second();
                self.taken.get_or_create(&which).set(since);
            }
        }
        if let Some(behind) = clock {
            self.clock
                .get_or_create(&Vec::new())
                .set(behind.as_secs_f64());
        }
    }

    /// Everything as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Only a writer that fails can make it fail, and a string doesn't.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
