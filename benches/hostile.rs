//! What documents cost that are written to cost much: `cargo bench --bench hostile [-- MEGABYTES] [NAME]`.
//!
//! Each is fetched from this process by another one, which reads, plans and files it and says what that took: processor time
//! and memory, beyond the document's own size and what the process has anyway. `core/bounds.rs` promises one second and 64 MB;
//! what takes more is marked with a star, and then the whole ends with 1.
//!
//! `cargo bench --bench hostile -- moves` measures how long a source that moves all its items to another section keeps others
//! from writing, while thousands of channels wait for them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement may fail where it stands"
)]

#[path = "../tests/it/documents/shapes.rs"]
mod shapes;
mod waiting;
mod weights;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tidings::ingest::Recheck;
use tidings::runtime::App;
use tidings::settings;
use tidings_core::channel::{SubscriptionRow, Target};
use tidings_core::ids::ChannelKey;
use tidings_core::schedule::{Cadence, Zone};
use tidings_store::{OpenMode, Store, StoreError};
use waiting::wait;

/// The largest document that comes over the web, in MB, unless another size is asked for.
const MEGABYTES: usize = 8;

/// What a document may cost: seconds, and MB.
const SECONDS: f64 = 1.0;
const MEMORY: f64 = 64.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, port, size] = &arguments[..]
        && word == "ask"
    {
        return ask(port, size.parse().expect("a size"));
    }
    if arguments.iter().any(|argument| argument == "moves") {
        return moves();
    }
    let numbers = arguments.iter().find_map(|text| text.parse().ok());
    let largest = numbers.unwrap_or(MEGABYTES) * 1_000_000;
    let wanted = arguments
        .iter()
        .find(|text| text.parse::<usize>().is_err() && !text.starts_with('-'));
    let is_wanted = |name: &str| wanted.is_none_or(|wanted| name.contains(wanted.as_str()));
    // What a document says around its text has room, too.
    let room = largest - 20_000;
    let mut are_kept = true;
    let mut look = |name: &str, document: &[u8]| {
        are_kept &= measure(name, document, largest);
    };
    for (name, weight) in weights::WEIGHTS {
        if is_wanted(name) {
            look(name, &weight(room));
        }
    }
    for (kind, shapes) in [
        ("feed", shapes::FEEDS),
        ("page", shapes::PAGES),
        ("markdown", shapes::BY_HAND),
        ("digest", shapes::DIGESTS),
        ("mail", shapes::MAILS),
        ("archive", shapes::ARCHIVES),
    ] {
        for (name, shape) in shapes {
            let name = format!("{kind}: {name}");
            if is_wanted(&name) {
                look(&name, shape(room).as_bytes());
            }
        }
    }
    if !are_kept {
        std::process::exit(1);
    }
}

/// A document before the hostile one, so that what happens once has happened.
const FIRST: &[u8] = b"<rss version=\"2.0\"><channel><item><title>The first of all</title><link>http://a.example/first</link>\
    <description>A text of it.</description></item></channel></rss>";

/// Prints a row, and says whether it keeps what is promised.
fn measure(name: &str, document: &[u8], largest: usize) -> bool {
    let document = &document[..document.len().min(largest)];
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let me = std::env::current_exe().expect("this program");
    let arguments = ["ask".to_owned(), port.to_string(), largest.to_string()];
    let child = Command::new(me)
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a process");
    for body in [FIRST, document] {
        serve(&listener, body);
    }
    let out = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&out.stdout);
    let mut said = said.trim().splitn(3, ' ');
    let mut number = || said.next().and_then(|text| text.parse::<f64>().ok());
    let (seconds, memory) = (number().unwrap_or(-1.0), number().unwrap_or(-1.0));
    let size = document.len() as f64 / 1e6;
    let beyond = memory - size;
    let is_kept = (0.0..=SECONDS).contains(&seconds) && beyond <= MEMORY;
    let mark = if is_kept { " " } else { "*" };
    let what = said.next().unwrap_or("it ended");
    println!("{mark} {name:<42}{size:>6.1} MB{seconds:>7.2} s{beyond:>8.1} MB beyond  {what}");
    is_kept
}

/// Answers requests until one was for the document.
fn serve(listener: &TcpListener, body: &[u8]) {
    loop {
        let (mut stream, _) = listener.accept().expect("a connection");
        let asked = request(&stream);
        let (status, body) = match asked.contains("robots.txt") {
            true => ("404 Not Found", &b""[..]),
            false => ("200 OK", body),
        };
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        let sent = stream.write_all(head.as_bytes());
        let sent = sent.and_then(|()| stream.write_all(body));
        sent.expect("an answer");
        if status.starts_with("200") {
            return;
        }
    }
}

/// What is asked for.
fn request(stream: &TcpStream) -> String {
    let mut asked = String::new();
    let mut lines = BufReader::new(stream);
    loop {
        let mut line = String::new();
        let length = lines.read_line(&mut line).expect("a request");
        if length == 0 || line.trim().is_empty() {
            return asked;
        }
        asked.push_str(&line);
    }
}

/// The bot: fetches twice, and says what the second time took.
fn ask(port: &str, largest: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("tidings.toml");
    let config = format!(
        "[fetch]\nhost_pause = \"0s\"\nlargest = \"{}MB\"\n[[section]]\nslug = \"japan\"\ntitle = \"Japan\"\n\
         match = [\"Tokyo\", \"squid boats\"]\n[[source]]\nname = \"s\"\nkind = \"page\"\n\
         url = \"http://127.0.0.1:{port}/feed\"\nallow_private = [\"127.0.0.1\"]\n",
        largest / 1_000_000
    );
    fs::write(&file, config).expect("a configuration");
    let settings = settings::load(&file, &BTreeMap::new(), folder.path()).expect("settings");
    let store = Store::open(&folder.path().join("tidings.db"), OpenMode::Work).expect("a store");
    let clock = || Timestamp::from_second(1_795_000_000).expect("a time");
    let bot = App::new(settings, store, Arc::new(tidings::task::Clock::new(clock)));
    let bot = bot.expect("a bot");
    let load = || {
        let loading = bot
            .ingest()
            .load_sources(Recheck::Content, Duration::ZERO, &|_, _, _| {});
        wait(loading).expect("loaded")
    };
    load();
    // From here on the most that there is at once is counted anew.
    fs::write("/proc/self/clear_refs", "5").expect("Linux");
    let (before, spent) = (memory("VmRSS:"), processor());
    let summaries = load();
    let (after, took) = (memory("VmHWM:"), processor() - spent);
    let summary = &summaries[0];
    let why = summary
        .failed
        .first()
        .map_or("", |failed| failed.reason.as_str());
    println!("{took:.2} {:.1} {} new {why}", after - before, summary.new);
}

/// Items that are moved, and channels that follow where they go.
const MOVED: usize = 5_000;
const FOLLOWERS: usize = 10_000;

#[expect(clippy::disallowed_methods, reason = "measuring needs a clock")]
fn now() -> Instant {
    Instant::now()
}

/// Moves items that subscribers wait for, pass by pass, until all are moved.
fn moves() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = |phrase: &str| {
        format!(
            "[[section]]\nslug = \"japan\"\ntitle = \"Japan\"\nmatch = [\"{phrase}\"]\n[[source]]\nname = \"s\"\n\
             kind = \"folder\"\npath = \"digests\"\n"
        )
    };
    let bot = |phrase: &str| {
        let file = folder.path().join("tidings.toml");
        fs::write(&file, config(phrase)).expect("a configuration");
        let settings = settings::load(&file, &BTreeMap::new(), folder.path()).expect("settings");
        let store = folder.path().join("tidings.db");
        let store = Store::open(&store, OpenMode::Work).expect("a store");
        let clock = || Timestamp::from_second(1_795_000_000).expect("a time");
        App::new(settings, store, Arc::new(tidings::task::Clock::new(clock))).expect("a bot")
    };
    let load = |bot: &App| {
        let begun = now();
        let loading = bot
            .ingest()
            .load_sources(Recheck::Content, Duration::ZERO, &|_, _, _| {});
        let summaries = wait(loading).expect("loaded");
        (
            begun.elapsed(),
            summaries.iter().map(|it| it.updated).sum::<usize>(),
        )
    };
    let digests = folder.path().join("digests");
    fs::create_dir_all(&digests).expect("a folder");
    fs::write(digests.join("2026-10-01.txt"), "Old news\n\nIt is old.\n").expect("a page");
    let first = bot("Tokyo");
    load(&first);
    let items: String = (0..MOVED)
        .map(|at| format!("Kobe hosts fair {at}\n\nIt is large.\n\n\n"))
        .collect();
    fs::write(digests.join("2026-11-18.txt"), items).expect("a page");
    load(&first);
    let zone = Zone::find("UTC").expect("a zone");
    let daily = Cadence::parse("daily 09:00").expect("a cadence");
    let made = first.store().blocking().write(|db| {
        let japan = db.sections()?;
        let japan = japan.iter().find(|it| it.slug.as_str() == "japan");
        let japan = japan.expect("a section").id;
        for at in 0..FOLLOWERS {
            let key = ChannelKey::new("nowhere", &at.to_string()).expect("a key");
            let channel = db.channel_or_new(&key, first.now())?;
            let row = SubscriptionRow {
                target: Target::Section(japan),
                filter: None,
                cursor: 0,
                next_at: daily.next_after(first.now(), zone.tz()),
                open_until: None,
                cadence: daily.clone(),
            };
            db.save_subscription(&channel, &row, first.now())?;
        }
        Ok::<_, StoreError>(())
    });
    made.expect("channels");
    drop(first);
    let second = bot("Kobe");
    for pass in 1..=3 {
        let (took, updated) = load(&second);
        println!(
            "pass {pass}: {updated} of {MOVED} items moved in {took:.2?}, {FOLLOWERS} channels follow"
        );
    }
}

/// A line of Linux's own account of this process, in MB.
fn memory(line: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|found| found.strip_prefix(line));
    let kilobytes = found.and_then(|text| text.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1_024.0 / 1e6
}

/// The processor time that this process has had, in seconds: Linux counts hundredths.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = behind
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
