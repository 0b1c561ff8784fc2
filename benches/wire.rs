//! The wire to Telegram: how much of the allowed rate roundups fill, and what a message costs without limits.
//!
//! `cargo bench --bench wire` runs both; `cargo bench --bench wire -- paced` or `-- free` one of them. The fake
//! Bot API runs in a process of its own, so that the processor time is the bot's alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement may fail where it stands"
)]

#[path = "../tests/it/fakes"]
mod fakes {
    pub(crate) mod clock;
    pub(crate) mod discord;
    pub(crate) mod http;
    pub(crate) mod telegram;
}

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fakes::telegram::FakeTelegram;
use jiff::Timestamp;
use tidings::app::{Bot, serve};
use tidings::ids::ChannelKey;
use tidings::platforms::{self, Service};
use tidings::post::{Block, Entry, Line, Manner, Post};
use tidings::settings;
use tidings::store::{Access, Store, StoreError};

/// Chats that get roundups.
const CHATS: usize = 500;

/// The first chat of the fake's people.
const FIRST_CHAT: i64 = 1_001;

/// What one run is to be like.
struct Run {
    name: &'static str,
    parts: usize,
    /// Whether the official limits hold, and round trips take 20 to 80 ms.
    limits: bool,
}

const RUNS: [Run; 2] = [
    Run {
        name: "free",
        parts: 20_000,
        limits: false,
    },
    Run {
        name: "paced",
        parts: 2_000,
        limits: true,
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|a| a == "serve") {
        let parts = arguments[at + 2].parse().unwrap();
        return serve_fake(arguments[at + 1] == "limits", parts);
    }
    for run in &RUNS {
        let chosen = |run: &Run| arguments.iter().any(|a| a == run.name);
        if chosen(run) || !RUNS.iter().any(chosen) {
            measure(run);
        }
    }
}

/// The fake Bot API, until its standard input ends; then it says what it has seen.
fn serve_fake(limits: bool, parts: usize) {
    let telegram = FakeTelegram::start();
    for _ in 0..CHATS {
        let _ = telegram.person("Reader").known();
    }
    telegram.forget_requests();
    if limits {
        telegram.enforce_limits(30, 1, 20);
        telegram.latency(Duration::from_millis(20), Duration::from_millis(80), 7);
    }
    let mut out = std::io::stdout();
    writeln!(out, "{} {}", telegram.api_url(), telegram.token()).unwrap();
    out.flush().unwrap();
    let watched = telegram.clone();
    let took = std::thread::spawn(move || arrivals(&watched, parts));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    writeln!(
        out,
        "{} {} {} {}",
        telegram.accepted(),
        telegram.refused_by_limits(),
        telegram.violations().len(),
        took.join().unwrap().as_millis(),
    )
    .unwrap();
}

/// The time between the first message and the last one.
#[expect(clippy::disallowed_methods, reason = "looks a thousand times a second")]
fn arrivals(telegram: &FakeTelegram, parts: usize) -> Duration {
    let mut first = None;
    loop {
        let accepted = telegram.accepted();
        if accepted > 0 {
            let first = *first.get_or_insert_with(Instant::now);
            if accepted >= parts {
                return first.elapsed();
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The fake's process.
struct Fake {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    url: String,
    token: String,
}

impl Fake {
    fn start(run: &Run) -> Fake {
        let kind = if run.limits { "limits" } else { "free" };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["serve", kind, &run.parts.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let (url, token) = line.trim().split_once(' ').unwrap();
        Fake {
            url: url.to_owned(),
            token: token.to_owned(),
            child,
            input,
            output,
        }
    }

    /// Messages taken, refused as too fast, violations, and milliseconds between the first and the last message.
    fn end(mut self) -> [usize; 4] {
        writeln!(self.input).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        self.child.wait().unwrap();
        let numbers: Vec<usize> = line
            .split_whitespace()
            .map(|n| n.parse().unwrap())
            .collect();
        numbers.try_into().unwrap()
    }
}

fn measure(run: &Run) {
    let fake = Fake::start(run);
    let folder = tempfile::tempdir().unwrap();
    let pace = if run.limits {
        ""
    } else {
        "[telegram]\nrate = \"off\"\nchat_rate = \"off\"\ngroup_rate = \"off\"\n"
    };
    let config = folder.path().join("tidings.toml");
    fs::write(&config, format!("[store]\npath = \"tidings.db\"\n{pace}")).unwrap();
    let environment = BTreeMap::from([
        ("TELEGRAM_TOKEN".to_owned(), fake.token.clone()),
        ("TIDINGS_TELEGRAM__API_URL".to_owned(), fake.url.clone()),
    ]);
    let read = || settings::load(&config, &environment, folder.path()).unwrap();
    let settings = read();
    let services: Vec<Arc<dyn Service>> = platforms::ALL
        .iter()
        .filter_map(|spec| spec.connect)
        .filter_map(|connect| connect(&settings).unwrap())
        .collect();
    let store = Store::open(&settings.store.path, Access::Work).unwrap();
    enqueue(&store, &*services[0], run.parts);
    let bot = Arc::new(Bot::new(read(), store, Arc::new(moment)).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let before = processor_time();
    let watched = bot.clone();
    runtime.block_on(serve(bot, services, |_| {}, async move {
        while watched.store().read(|db| db.queue(None)).unwrap().waiting > 0 {
            wait(Duration::from_millis(if run.limits { 100 } else { 20 })).await;
        }
    }));
    let spent = processor_time() - before;
    let [taken, refused, violations, took] = fake.end();
    let took = Duration::from_millis(u64::try_from(took).unwrap());
    let rate = run.parts as f64 / took.as_secs_f64();
    println!(
        "{}: {taken} of {} messages to {CHATS} chats in {:.2} s: {rate:.1}/s, {} refused, {violations} \
         violations, {:.3} ms of processor time a message{}",
        run.name,
        run.parts,
        took.as_secs_f64(),
        refused,
        spent.as_secs_f64() * 1_000.0 / run.parts as f64,
        if run.limits {
            format!(", {:.1}% of 30/s", rate / 0.3)
        } else {
            String::new()
        }
    );
}

/// Puts as many different parts for each chat into the ledger as it takes.
fn enqueue(store: &Store, platform: &dyn Service, parts: usize) {
    store
        .write(|db| {
            for at in 0..CHATS {
                let address = (FIRST_CHAT + i64::try_from(at).unwrap()).to_string();
                let key = ChannelKey::new(platform.name(), &address).unwrap();
                let channel = db.channel_or_new(&key, moment())?;
                for number in 0..parts / CHATS {
                    for wire in platform.render(&roundup(number), &Manner::default()) {
                        let part = db.add_part(&wire)?;
                        db.enqueue(&channel, &[part], moment())?;
                    }
                }
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

/// A roundup of an ordinary day.
fn roundup(number: usize) -> Post {
    let mut post = Post::default();
    post.push(Block::Title {
        text: format!("Roundup · day {number}"),
        note: None,
    });
    post.push(Block::Section {
        title: "US–North Korea relations".to_owned(),
        slug: "us-nk".to_owned(),
        note: String::new(),
    });
    for at in 0..7 {
        post.push(Block::Entry(Entry {
            id: at,
            date: None,
            title: format!("Envoys meet in Geneva for day {at} of talks & agree on lunch"),
            link: Some(format!("https://example.org/news/{number}/{at}?a=1&b=2")),
            summary: None,
            section: None,
        }));
    }
    post.push(Block::Hints(vec![Line::plain("7 headlines")]));
    post
}

/// User and system time of this process. The clock of `/proc` ticks a hundred times a second.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split(' ').collect();
    let ticks: u64 = fields[12].parse::<u64>().unwrap() + fields[13].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

#[expect(clippy::disallowed_methods, reason = "measuring needs a clock")]
fn moment() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "waits for the end of the run")]
async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}
