//! The ledger alone: `cargo bench --bench ledger [-- PARTS CHANNELS]`.
//!
//! A platform that answers at once takes every part, so what is measured is claiming, settling and the disk: each
//! turn of the worker is one transaction, made durable by one fsync (`synchronous = FULL`), and holds as many parts
//! as were answered meanwhile. Then a process of its own starts on a store with a million pending parts.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tidings::delivery::{Sending, Transport, Worker};
use tidings_core::delivery::{Outgoing, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};
use tidings_store::{OpenMode, ServerUrl, Store, StoreAddress, StoreError};

/// What the platforms of several processes are called.
const NAMES: [&str; 4] = ["nowhere", "nowhereb", "nowherec", "nowhered"];

/// A platform that takes everything at once.
struct Nowhere {
    name: &'static str,
    sent: AtomicUsize,
}

impl Nowhere {
    fn called(name: &'static str) -> Arc<Nowhere> {
        let sent = AtomicUsize::new(0);
        Arc::new(Nowhere { name, sent })
    }
}

impl ChatPlatform for Nowhere {
    fn name(&self) -> &'static str {
        self.name
    }

    fn render(&self, _: &Post, _: &DeliveryOptions) -> Vec<String> {
        Vec::new()
    }
}

impl Transport for Nowhere {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(Sent::as_message(message.nonce.clone())) })
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring needs a clock")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "rows carry the real date")]
fn moment() -> Timestamp {
    Timestamp::now()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [restart, file] = arguments.as_slice()
        && restart == "restart"
    {
        return self::restart(Path::new(file));
    }
    if let [send, name] = arguments.as_slice()
        && send == "send"
    {
        let name = NAMES.iter().find(|known| *known == name);
        self::send(Path::new(""), name.expect("a name"));
        return;
    }
    let numbers: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    let parts = numbers.first().copied().unwrap_or(1_000_000);
    let channels = numbers.get(1).copied().unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a temporary folder");

    let file = folder.path().join("flow.db");
    let few = parts.min(100_000);
    fill(&file, NAMES[0], few, few / 20);
    flow(&file, few);

    if url().is_some() {
        return share(&file, few);
    }
    let file = folder.path().join("full.db");
    fill(&file, NAMES[0], parts, channels);
    let me = std::env::current_exe().expect("this program");
    let started = Command::new(me).arg("restart").arg(&file).status();
    assert!(started.expect("a process").success());
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever measures names the server so"
)]
fn url() -> Option<String> {
    std::env::var("STORE_URL").ok()
}

/// The store in a file, or, where STORE_URL names an empty database, on a server.
fn open(file: &Path) -> Store {
    let address = match url() {
        Some(url) => StoreAddress::Server(ServerUrl::parse(&url, Path::new("")).expect("a URL")),
        None => StoreAddress::File(file.to_owned()),
    };
    Store::open_at(&address, OpenMode::Work).expect("a store")
}

fn row(name: &str, figure: &str) {
    println!("{name:<54}{figure}");
}

/// Pending parts of half a kilobyte, evenly over channels; ten channels share a text.
fn fill(file: &Path, platform: &str, parts: usize, channels: usize) {
    let store = open(file);
    let wire = "A headline and what there is to say of it. ".repeat(12);
    let each = parts / channels;
    for from in (0..channels).step_by(2_000) {
        store
            .blocking()
            .write(|db| {
                let mut texts = Vec::new();
                for at in from..(from + 2_000).min(channels) {
                    if at % 10 == 0 {
                        texts.clear();
                        for _ in 0..each {
                            texts.push(db.add_part(&wire)?);
                        }
                    }
                    let key = ChannelKey::new(platform, &at.to_string()).expect("a key");
                    let channel = db.channel_or_new(&key, moment())?;
                    db.enqueue(&channel, &texts, moment())?;
                }
                Ok::<_, StoreError>(())
            })
            .expect("parts");
    }
}

/// The same by several processes, each of which sends for a platform of its own: one sends for a token.
fn share(file: &Path, parts: usize) {
    let me = std::env::current_exe().expect("this program");
    for processes in [1, 2, 4] {
        let names = &NAMES[..processes];
        for name in names {
            fill(file, name, parts / processes, parts / 20 / processes);
        }
        let start = now();
        let begin = |name: &&str| {
            Command::new(&me)
                .args(["send", name])
                .spawn()
                .expect("a process")
        };
        let sending: Vec<_> = names.iter().map(begin).collect();
        for mut process in sending {
            assert!(process.wait().expect("an end").success());
        }
        row(
            &format!("  by {processes} processes, with their start"),
            &format!(
                "{:.0} parts/s",
                parts as f64 / start.elapsed().as_secs_f64()
            ),
        );
    }
}

/// Everything from pending to sent.
fn flow(file: &Path, parts: usize) {
    let start = now();
    assert_eq!(send(file, NAMES[0]), parts);
    let took = start.elapsed();
    row(
        "claimed, sent to nowhere and settled, durably",
        &format!("{:.0} parts/s", parts as f64 / took.as_secs_f64()),
    );
}

/// Sends what a platform has; returns how much that was.
fn send(file: &Path, name: &'static str) -> usize {
    let store = open(file);
    let platform = Nowhere::called(name);
    let mut worker = Worker::new(platform.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("a runtime");
    runtime
        .block_on(async {
            loop {
                let turn = worker.step(&store, moment()).await?;
                if worker.is_busy() {
                    worker.finished().await;
                } else if turn.claimed == 0 && !worker.has_more() {
                    return Ok::<_, StoreError>(());
                }
            }
        })
        .expect("delivered");
    platform.sent.load(Ordering::Relaxed)
}

/// From opening a store to the first send.
fn restart(file: &Path) {
    let start = now();
    let store = open(file);
    store
        .blocking()
        .write(|db| db.recover("nowhere"))
        .expect("recovered");
    let platform = Nowhere::called(NAMES[0]);
    let mut worker = Worker::new(platform.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let first = runtime.block_on(async {
        worker.step(&store, moment()).await.expect("a turn");
        worker.finished().await;
        start.elapsed()
    });
    row(
        "start with all pending, to the first send",
        &format!("{first:.2?}"),
    );
    let until = now() + Duration::from_secs(10);
    runtime.block_on(async {
        while now() < until {
            worker.step(&store, moment()).await.expect("a turn");
            if !worker.is_busy() {
                // Few parts were asked for, and all are sent.
                break;
            }
            worker.finished().await;
        }
    });
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    row(
        "memory at most, sending for ten seconds",
        most.map_or("unknown", str::trim),
    );
    let queue = store.blocking().read(|db| db.queue(None)).expect("a queue");
    row("pending afterwards", &queue.waiting.to_string());
}
