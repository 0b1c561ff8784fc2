//! The wires to Telegram and Discord: how much of the allowed rate roundups fill, what a message costs without
//! limits, and what very many servers cost.
//!
//! `cargo bench --bench wire` runs all; `cargo bench --bench wire -- discord-paced` one of them. The fakes run in a
//! process of their own, so that processor time and memory are the bot's alone.
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
    pub(crate) mod port;
    pub(crate) mod telegram;
}

use std::collections::BTreeMap;
use std::fs;
use std::future::ready;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fakes::discord::FakeDiscord;
use fakes::telegram::FakeTelegram;
use jiff::Timestamp;
use tidings::platforms;
use tidings::platforms::kit::Service;
use tidings::runtime::{App, serve};
use tidings::settings::{self, Settings};
use tidings_core::ids::ChannelKey;
use tidings_core::post::{Block, DeliveryOptions, Entry, Line, Post};
use tidings_store::{OpenMode, Store, StoreError};

/// What one run is to be like.
struct Run {
    name: &'static str,
    platform: &'static str,
    channels: usize,
    parts: usize,
    /// Whether the official limits hold, and round trips take 20 to 80 ms; then the messages a second over all.
    limit: Option<usize>,
}

const RUNS: [Run; 4] = [
    Run {
        name: "telegram-free",
        platform: "telegram",
        channels: 500,
        parts: 20_000,
        limit: None,
    },
    Run {
        name: "telegram-paced",
        platform: "telegram",
        channels: 500,
        parts: 2_000,
        limit: Some(30),
    },
    Run {
        name: "discord-free",
        platform: "discord",
        channels: 1_000,
        parts: 20_000,
        limit: None,
    },
    Run {
        name: "discord-paced",
        platform: "discord",
        channels: 1_000,
        parts: 3_000,
        limit: Some(50),
    },
];

/// Servers that Discord tells of when the bot connects.
const SERVERS: usize = 10_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|a| a == "serve") {
        return match arguments[at + 1].as_str() {
            "servers" => serve_many_servers(),
            name => serve_fake(RUNS.iter().find(|run| run.name == name).unwrap()),
        };
    }
    let names = RUNS.iter().map(|run| run.name).chain(["servers"]);
    let is_chosen = |name: &str| arguments.iter().any(|a| a == name);
    let all = !names.into_iter().any(is_chosen);
    for run in RUNS.iter().filter(|run| all || is_chosen(run.name)) {
        measure(run);
    }
    if all || is_chosen("servers") {
        measure_many_servers();
    }
}

/// What the two fakes have in common here.
trait Counting: Clone + Send + 'static {
    fn accepted(&self) -> usize;
    fn refused(&self) -> usize;
    fn violations(&self) -> usize;
}

impl Counting for FakeTelegram {
    fn accepted(&self) -> usize {
        FakeTelegram::accepted(self)
    }
    fn refused(&self) -> usize {
        self.refused_by_limits()
    }
    fn violations(&self) -> usize {
        FakeTelegram::violations(self).len()
    }
}

impl Counting for FakeDiscord {
    fn accepted(&self) -> usize {
        FakeDiscord::accepted(self)
    }
    fn refused(&self) -> usize {
        self.refused_by_limits()
    }
    fn violations(&self) -> usize {
        FakeDiscord::violations(self).len()
    }
}

const TRIP: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(80));

/// A fake platform, until its standard input ends; then it says what it has seen.
fn serve_fake(run: &Run) {
    if run.platform == "telegram" {
        let telegram = FakeTelegram::start();
        for _ in 0..run.channels {
            let _ = telegram.person("Reader").known();
        }
        telegram.forget_requests();
        if let Some(limit) = run.limit {
            telegram.enforce_limits(limit, 1, 20);
            telegram.latency(TRIP.0, TRIP.1, 7);
        }
        // Its people have numbers one after the other.
        return tell(
            &telegram,
            &telegram.api_url(),
            telegram.token(),
            1_001,
            run.parts,
        );
    }
    let discord = FakeDiscord::start();
    let guild = discord.guild("Korea watchers");
    let channels: Vec<u64> = (0..run.channels)
        .map(|_| discord.text(guild, "news"))
        .collect();
    discord.forget_requests();
    if let Some(limit) = run.limit {
        discord.enforce_limits(limit, 5);
        discord.latency(TRIP.0, TRIP.1, 7);
    }
    tell(
        &discord,
        &discord.api_url(),
        discord.token(),
        channels[0],
        run.parts,
    );
}

/// Says where the fake is and which number its first channel has, and in the end what it has seen.
fn tell(fake: &impl Counting, url: &str, token: &str, first: u64, parts: usize) {
    let mut out = std::io::stdout();
    writeln!(out, "{url} {token} {first}").unwrap();
    out.flush().unwrap();
    let watched = fake.clone();
    let took = std::thread::spawn(move || arrivals(&watched, parts));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let took = took.join().unwrap().as_millis();
    let (accepted, refused, violations) = (fake.accepted(), fake.refused(), fake.violations());
    writeln!(out, "{accepted} {refused} {violations} {took}").unwrap();
}

/// The time between the first message and the last one.
#[expect(clippy::disallowed_methods, reason = "looks a thousand times a second")]
fn arrivals(fake: &impl Counting, parts: usize) -> Duration {
    let mut first = None;
    loop {
        let accepted = fake.accepted();
        if accepted > 0 {
            let first = *first.get_or_insert_with(Instant::now);
            if accepted >= parts {
                return first.elapsed();
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A Discord that tells of very many servers, until its standard input ends; then how many connections it has.
fn serve_many_servers() {
    let discord = FakeDiscord::start();
    discord.with(|world| {
        for _ in 0..SERVERS {
            world.crowd("Korea watchers", 12);
        }
    });
    discord.forget_requests();
    let mut out = std::io::stdout();
    writeln!(out, "{} {} 0", discord.api_url(), discord.token()).unwrap();
    out.flush().unwrap();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let introduced = discord.look(|world| world.identified.len());
    writeln!(out, "{introduced} 0 0 0").unwrap();
}

/// The most memory that this process has used, while a bot heard of very many servers.
fn measure_many_servers() {
    let fake = Fake::start("servers");
    let folder = tempfile::tempdir().unwrap();
    let (settings, services, read) = configured(&folder, "discord", &fake, "");
    let store = Store::open_at(&settings.store.address, OpenMode::Work).unwrap();
    let bot =
        Arc::new(App::new(read(), store, Arc::new(tidings::task::Clock::new(moment))).unwrap());
    let runtime = two_workers();
    let before = processor_time();
    runtime.block_on(serve(bot.clone(), services, ready(()), async {
        // It is over when nothing has been heard for a while.
        let mut last = Duration::ZERO;
        loop {
            wait(Duration::from_secs(2)).await;
            let now = processor_time();
            if now > before + Duration::from_secs(1) && now - last < Duration::from_millis(20) {
                return;
            }
            last = now;
        }
    }));
    let [connected, ..] = fake.end();
    println!(
        "servers: {SERVERS} servers heard of by {connected} connection, {} MB of memory at most, {:.1} s of processor \
         time",
        most_memory() / 1_024,
        (processor_time() - before).as_secs_f64()
    );
}

/// The fake's process.
struct Fake {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    url: String,
    token: String,
    /// The number of its first channel.
    first: i64,
}

impl Fake {
    fn start(name: &str) -> Fake {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["serve", name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        Fake {
            url: words[0].to_owned(),
            token: words[1].to_owned(),
            first: words[2].parse().unwrap(),
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

/// Settings for a fake, the platform that they lead to, and the settings once more.
fn configured<'f>(
    folder: &'f tempfile::TempDir,
    platform: &str,
    fake: &Fake,
    pace: &str,
) -> (Settings, Vec<Arc<dyn Service>>, impl Fn() -> Settings + 'f) {
    let config = folder.path().join("tidings.toml");
    fs::write(&config, format!("[store]\npath = \"tidings.db\"\n{pace}")).unwrap();
    let name = platform.to_uppercase();
    let environment = BTreeMap::from([
        (format!("{name}_TOKEN"), fake.token.clone()),
        (format!("TIDINGS_{name}__API_URL"), fake.url.clone()),
    ]);
    let read = move || settings::load(&config, &environment, folder.path()).unwrap();
    let settings = read();
    let services = platforms::ALL
        .iter()
        .filter_map(|spec| spec.connect)
        .filter_map(|connect| connect(&settings).unwrap())
        .collect();
    (settings, services, read)
}

fn two_workers() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

fn measure(run: &Run) {
    let fake = Fake::start(run.name);
    let folder = tempfile::tempdir().unwrap();
    let pace = match (run.limit, run.platform) {
        (Some(_), _) => "",
        (None, "discord") => "[discord]\nrate = \"off\"\n",
        (None, _) => "[telegram]\nrate = \"off\"\nchat_rate = \"off\"\ngroup_rate = \"off\"\n",
    };
    let (settings, services, read) = configured(&folder, run.platform, &fake, pace);
    let store = Store::open_at(&settings.store.address, OpenMode::Work).unwrap();
    enqueue(&store, &*services[0], run, fake.first);
    let bot =
        Arc::new(App::new(read(), store, Arc::new(tidings::task::Clock::new(moment))).unwrap());
    let runtime = two_workers();
    let before = processor_time();
    let watched = bot.clone();
    let paced = run.limit.is_some();
    runtime.block_on(serve(bot, services, ready(()), async move {
        while watched
            .store()
            .blocking()
            .read(|db| db.queue(None))
            .unwrap()
            .waiting
            > 0
        {
            wait(Duration::from_millis(if paced { 100 } else { 20 })).await;
        }
    }));
    let spent = processor_time() - before;
    let [taken, refused, violations, took] = fake.end();
    let took = Duration::from_millis(u64::try_from(took).unwrap());
    let rate = run.parts as f64 / took.as_secs_f64();
    let share = run.limit.map_or_else(String::new, |limit| {
        format!(", {:.1}% of {limit}/s", rate / limit as f64 * 100.0)
    });
    println!(
        "{}: {taken} of {} messages to {} channels in {:.2} s: {rate:.1}/s, {refused} refused, {violations} \
         violations, {:.3} ms of processor time a message{share}",
        run.name,
        run.parts,
        run.channels,
        took.as_secs_f64(),
        spent.as_secs_f64() * 1_000.0 / run.parts as f64,
    );
}

/// Puts as many different parts for each chat into the ledger as it takes.
fn enqueue(store: &Store, platform: &dyn Service, run: &Run, first: i64) {
    store
        .blocking()
        .write(|db| {
            for at in 0..run.channels {
                let address = (first + i64::try_from(at).unwrap()).to_string();
                let key = ChannelKey::new(platform.name(), &address).unwrap();
                let channel = db.channel_or_new(&key, moment())?;
                for number in 0..run.parts / run.channels {
                    for wire in platform.render(&roundup(number), &DeliveryOptions::default()) {
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
            withdrawn: false,
            id: at,
            date: None,
            title: format!("Envoys meet in Geneva for day {at} of talks & agree on lunch"),
            link: Some(format!("https://example.org/news/{number}/{at}?a=1&b=2")),
            picture: None,
            cut: false,
            summary: None,
            section: None,
            also: None,
            remark: None,
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

/// The most memory that this process ever used, in kilobytes.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "measuring needs a clock")]
fn moment() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "waits for the end of the run")]
async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}
