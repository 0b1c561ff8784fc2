//! How fast the archive answers browsers: `cargo bench --bench web [-- ITEMS]`.
//!
//! One session on a store of a million items, so it prints its own table: how long each kind of page takes when it is asked
//! for again and again (other items and days each time), and how many answers there are in a second when sixteen ask at
//! once. Client and server share the machine.

mod made;
mod seed;
mod waiting;

use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan};
use tidings::delivery::pace::{Lane, Limits};
use tidings::delivery::{Gate, Sending, Transport, Worker};
use tidings::ingest::Recheck;
use tidings::runtime::App;
use tidings::settings;
use tidings::task::{Clock, sleep, stopper};
use tidings::web::serve_pages;
use tidings_core::delivery::{Outgoing, Rate, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};
use tidings_store::{OpenMode, Store, StoreError};
use waiting::wait;

const ITEMS_A_PAGE: usize = 100;

/// How often each kind of page is asked for.
const TIMES: usize = 1_000;

/// How many ask at once, and for how long.
const AT_ONCE: usize = 16;
const LASTS: Duration = Duration::from_secs(5);

/// Messages a second that Telegram takes of a bot (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).
const PACE: usize = 30;

const CONFIG: &str = r#"
[store]
path = "bench.db"
[[section]]
slug = "us-nk"
title = "US–North Korea relations"
headings = ["US-NK Relations"]
[[section]]
slug = "japan"
title = "Japan"
[[source]]
name = "digests"
kind = "folder"
path = "digests"
[web]
listen = "127.0.0.1:8080"
url = "https://news.example.org"
archive = true
"#;

#[expect(clippy::disallowed_methods, reason = "measuring needs a clock")]
fn now() -> Instant {
    Instant::now()
}

fn main() {
    let items = std::env::args().skip(1).find_map(|a| a.parse().ok());
    let items: usize = items.unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    fs::create_dir_all(path.join("digests")).expect("a folder");
    fs::write(path.join("tidings.toml"), CONFIG).expect("a configuration");
    let mut seed = seed::Seed(7);
    let first: jiff::civil::Date = "2010-01-01".parse().expect("a day");
    for at in 0..items / ITEMS_A_PAGE {
        let day = first + i32::try_from(at / 2).unwrap_or(0).days();
        let name = format!("digests/{}-{day}.txt", at % 2);
        fs::write(path.join(name), made::page(&mut seed, ITEMS_A_PAGE)).expect("a page");
    }
    let settings = settings::load(&path.join("tidings.toml"), &Default::default(), path);
    let settings = settings.expect("settings");
    let store = Store::open_at(&settings.store.address, OpenMode::Work).expect("a store");
    let moment: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a moment");
    let clock = Arc::new(Clock::new(move || moment));
    let app = App::new(settings, store, clock).expect("a bot");
    let loading = app
        .ingest()
        .load_sources(Recheck::Content, Duration::ZERO, &|_, _, _| {});
    wait(loading).expect("loaded");

    let faces = app.faces(Vec::new()).expect("pages");
    let (_stop, stopped) = stopper();
    let served_at: Arc<OnceLock<SocketAddr>> = Arc::default();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let serving = serve_pages(faces, any, served_at.clone(), Arc::default(), stopped);
    let address = wait(async {
        tokio::spawn(serving);
        loop {
            if let Some(address) = served_at.get() {
                break *address;
            }
            tokio::task::yield_now().await;
        }
    });
    let client = reqwest::Client::new();
    let days = i32::try_from(items / ITEMS_A_PAGE / 2).unwrap_or(1).max(1);
    let number = |at: usize| 1 + at * 7_919 % items;
    let day = |at: usize| first + i32::try_from(at * 31).unwrap_or(0).rem_euclid(days).days();
    type Path<'p> = Box<dyn Fn(usize) -> String + Sync + 'p>;
    let kinds: Vec<(&str, Path<'_>)> = vec![
        ("/", Box::new(|_| "/".to_owned())),
        (
            "/?after=…",
            Box::new(|at| format!("/?after={}", number(at))),
        ),
        ("/s/us-nk", Box::new(|_| "/s/us-nk".to_owned())),
        ("/i/…", Box::new(|at| format!("/i/{}", number(at)))),
        ("/d/…", Box::new(|at| format!("/d/{}", day(at)))),
        ("/feed.atom", Box::new(|_| "/feed.atom".to_owned())),
        (
            "/search?q=korea",
            Box::new(|_| "/search?q=korea".to_owned()),
        ),
        (
            "/search?q=summit+envoy",
            Box::new(|_| "/search?q=summit+envoy".to_owned()),
        ),
        (
            "/search?q=남북관계",
            Box::new(|_| "/search?q=%EB%82%A8%EB%B6%81%EA%B4%80%EA%B3%84".to_owned()),
        ),
    ];
    for (name, path) in &kinds {
        let mut times = Vec::with_capacity(TIMES);
        for at in 0..TIMES {
            let url = format!("http://{address}{}", path(at));
            let begun = now();
            let answered = wait(async {
                let answer = client.get(&url).send().await.expect("an answer");
                let status = answer.status();
                answer.bytes().await.expect("a page");
                status
            });
            times.push(begun.elapsed());
            assert!(answered.is_success(), "{url}: {answered}");
        }
        times.sort_unstable();
        let at = |share: f64| times[((TIMES - 1) as f64 * share) as usize];
        println!("{name:<28}p50 {:.2?}, p99 {:.2?}", at(0.5), at(0.99));
    }
    let ask = async |path: &Path<'_>| {
        let answered = AtomicUsize::new(0);
        let begun = now();
        let asking = (0..AT_ONCE).map(|who| {
            let (client, answered) = (&client, &answered);
            async move {
                let mut at = who * 1_000;
                while begun.elapsed() < LASTS {
                    let url = format!("http://{address}{}", path(at));
                    let answer = client.get(&url).send().await.expect("an answer");
                    answer.bytes().await.expect("a page");
                    answered.fetch_add(1, Ordering::Relaxed);
                    at += 1;
                }
            }
        });
        futures_util::future::join_all(asking).await;
        answered.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
    };
    for (name, path) in &kinds[..4] {
        let each = wait(ask(path));
        println!("{AT_ONCE} at once, {name:<16}{each:.0} answers/s");
    }
    let alone = wait(delivered_beside(&app, sleep(LASTS)));
    let beside = wait(delivered_beside(&app, ask(&kinds[1].1)));
    println!("parts delivered a second    {alone:.1} alone, {beside:.1} beside that");
}

/// As many parts a second as Telegram lets a bot send are on their way to nowhere meanwhile; returns how many arrived each second.
async fn delivered_beside<T>(app: &App, meanwhile: impl Future<Output = T>) -> f64 {
    let store = app.store().clone();
    let filled = store.write(|db| {
        for at in 0..PACE * 10 {
            let key = ChannelKey::new("nowhere", &at.to_string()).expect("a key");
            let channel = db.channel_or_new(&key, app.now())?;
            let part = db.add_part("A headline and what there is to say of it.")?;
            db.enqueue(&channel, &[part], app.now())?;
        }
        Ok::<_, StoreError>(())
    });
    filled.await.expect("parts");
    let platform = Arc::new(Nowhere {
        gate: Gate::new(Limits {
            overall: Some(Rate {
                count: PACE,
                window: Duration::from_secs(1),
            }),
            lanes: vec![Vec::new()],
            in_flight: 100,
        }),
        sent: AtomicUsize::new(0),
    });
    let mut worker = Worker::new(platform.clone());
    let sending = async {
        loop {
            worker.step(&store, app.now()).await.expect("a turn");
            worker.finished().await;
        }
    };
    let begun = now();
    tokio::select! {
        () = sending => {}
        _ = meanwhile => {}
    }
    platform.sent.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// A platform that takes everything at once, at a pace.
struct Nowhere {
    gate: Arc<Gate>,
    sent: AtomicUsize,
}

impl ChatPlatform for Nowhere {
    fn name(&self) -> &'static str {
        "nowhere"
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

    fn gate(&self, channel: &ChannelKey) -> Option<(&Arc<Gate>, Lane)> {
        let name = channel.address().to_owned();
        Some((&self.gate, Lane { name, kind: 0 }))
    }
}
