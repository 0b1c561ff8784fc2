//! A thousand sources that are due at once: `cargo bench --bench fetching [-- SOURCES]`.
//!
//! Each is a feed of twenty items on a port of its own of a server in another process, so that time and memory are the
//! bot's alone. They are fetched and stored, fetched again when nothing has changed, and loaded when everything has: feeds of
//! today's news, whose stories are looked for, and in turns with them feeds of the same that are too old for that.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement may fail where it stands"
)]

mod agencies;
mod seed;
mod waiting;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tidings::ingest::Recheck;
use tidings::runtime::App;
use tidings::settings;
use tidings_store::{OpenMode, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use waiting::wait;

const SOURCES: usize = 1_000;
const ITEMS: usize = 20;

/// How often both are measured, in turns.
const ROUNDS: usize = 3;

/// States of the server's feeds: of today's news, and from so much on of those of two months ago.
const FRESH: usize = 1;
const OLD: usize = 11;

/// The 18th of November 2026, in seconds since 1970.
const BEGIN: i64 = 1_795_000_000;

/// What the bot believes that the time is, in seconds since 1970.
static TIME: AtomicI64 = AtomicI64::new(BEGIN);

/// Which state of its feeds the server is in, and what it has answered.
static STATE: AtomicUsize = AtomicUsize::new(1);
static WHOLE: AtomicUsize = AtomicUsize::new(0);
static UNCHANGED: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sources = arguments.iter().find_map(|text| text.parse().ok());
    if arguments.iter().any(|argument| argument == "serve") {
        return serve(sources.unwrap_or(SOURCES));
    }
    let sources = sources.unwrap_or(SOURCES);
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let old = measure(sources, OLD);
            measure(sources, FRESH).as_secs_f64() / old.as_secs_f64()
        })
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    println!("with stories {:.2} times that (median)", ratios[ROUNDS / 2]);
}

#[expect(clippy::disallowed_methods, reason = "measuring needs a clock")]
fn now() -> Instant {
    Instant::now()
}

fn clock() -> Timestamp {
    Timestamp::from_second(TIME.load(Ordering::Relaxed)).expect("a time")
}

/// Fetches feeds of items of a state; how long it took while all were new.
fn measure(sources: usize, first: usize) -> Duration {
    // From here on the most memory is this measurement's.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (mut server, ports) = start(sources);
    TIME.store(BEGIN, Ordering::Relaxed);
    let mut whole = Duration::ZERO;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = "[fetch]\nhost_pause = \"0s\"\n".to_owned();
    for port in ports {
        let _ = write!(
            config,
            "[[source]]\nname = \"s{port}\"\nkind = \"feed\"\nurl = \"http://127.0.0.1:{port}/feed\"\n\
             allow_private = [\"127.0.0.1\"]\n"
        );
    }
    let file = folder.path().join("tidings.toml");
    fs::write(&file, config).expect("a configuration");
    let settings = settings::load(&file, &BTreeMap::new(), folder.path()).expect("settings");
    let store = Store::open(&folder.path().join("tidings.db"), OpenMode::Work).expect("a store");
    let bot = Arc::new(
        App::new(settings, store, Arc::new(tidings::task::Clock::new(clock))).expect("a bot"),
    );
    println!(
        "{sources} sources of {ITEMS} items{}, memory before {} MB",
        if first == OLD {
            " too old for a story"
        } else {
            ""
        },
        peak()
    );
    for (what, state) in [("new", first), ("unchanged", first), ("changed", first + 1)] {
        let stdin = server.stdin.as_mut().expect("a pipe");
        writeln!(stdin, "{state}").expect("a word to the server");
        let start = now();
        let loading = bot
            .ingest()
            .load_sources(Recheck::Touched, Duration::ZERO, &|_, _, _| {});
        let reports = wait(loading);
        let took = start.elapsed();
        let reports = reports.expect("loaded");
        let failed: usize = reports.iter().map(|report| report.failed.len()).sum();
        let new: usize = reports.iter().map(|report| report.new).sum();
        println!(
            "{what:<12}{:>8.2} s  {new:>7} new items, {failed} failed, peak memory {} MB",
            took.as_secs_f64(),
            peak()
        );
        if what == "new" {
            whole = took;
        }
        TIME.fetch_add(86_400, Ordering::Relaxed);
    }
    drop(server.stdin.take());
    let mut said = String::new();
    let mut out = BufReader::new(server.stdout.take().expect("a pipe"));
    out.read_line(&mut said).expect("what the server counted");
    println!("the server answered {}", said.trim());
    server.wait().expect("the server's end");
    whole
}

/// The most memory that this process has had, in MB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.unwrap_or(0) / 1_024
}

fn start(sources: usize) -> (Child, Vec<u16>) {
    let me = std::env::current_exe().expect("this program");
    let mut server = Command::new(me)
        .args(["serve", &sources.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a server");
    let mut out = BufReader::new(server.stdout.take().expect("a pipe"));
    let mut line = String::new();
    out.read_line(&mut line).expect("its ports");
    server.stdout = Some(out.into_inner());
    let ports = line.split_whitespace().filter_map(|port| port.parse().ok());
    (server, ports.collect())
}

fn serve(sources: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut ports = Vec::new();
        for _ in 0..sources {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            ports.push(
                listener
                    .local_addr()
                    .expect("an address")
                    .port()
                    .to_string(),
            );
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(stream));
                }
            });
        }
        println!("{}", ports.join(" "));
        let _ = tokio::task::spawn_blocking(|| {
            for state in std::io::stdin().lines().map_while(Result::ok) {
                STATE.store(state.parse().unwrap_or(1), Ordering::Relaxed);
            }
        })
        .await;
        println!(
            "{} times whole, {} times “not modified”",
            WHOLE.load(Ordering::Relaxed),
            UNCHANGED.load(Ordering::Relaxed)
        );
    });
    std::process::exit(0);
}

async fn answer(mut stream: TcpStream) {
    let port = stream.local_addr().map_or(0, |address| address.port());
    let mut request = Vec::new();
    let mut piece = [0; 2_048];
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        request.extend_from_slice(&piece[..length]);
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let state = STATE.load(Ordering::Relaxed);
        let asked = String::from_utf8_lossy(&request).to_lowercase();
        let answer = if asked.contains(&format!("if-none-match: \"{state}\"")) {
            UNCHANGED.fetch_add(1, Ordering::Relaxed);
            format!("HTTP/1.1 304 Not Modified\r\netag: \"{state}\"\r\n\r\n")
        } else {
            WHOLE.fetch_add(1, Ordering::Relaxed);
            let body = feed(port, state);
            let length = body.len();
            format!(
                "HTTP/1.1 200 OK\r\netag: \"{state}\"\r\ncontent-length: {length}\r\n\r\n{body}"
            )
        };
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        request.clear();
    }
}

fn feed(port: u16, state: usize) -> String {
    let mut items = String::new();
    let month = if state < OLD { "Nov" } else { "Sep" };
    for item in state * 5..state * 5 + ITEMS {
        let mut seed = seed::Seed(u64::from(port) * 1_000 + item as u64);
        let (title, summary) = agencies::item(&mut seed, item, 20_261_117);
        let _ = write!(
            items,
            "<item><guid>{port}-{item}</guid><title>{title}</title>\
             <link>https://news.example/{port}/{item}?utm_source=feed</link><pubDate>17 {month} 2026 10:00:00 GMT</pubDate>\
             <description>&lt;p&gt;{summary}&lt;/p&gt;</description></item>"
        );
    }
    format!("<rss version=\"2.0\"><channel><title>Harbour {port}</title>{items}</channel></rss>")
}
