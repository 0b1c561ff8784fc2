//! Processes of the real program that share a store, each with a line of its own to the server.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tidings::ingest::Recheck;
use tidings::runtime::App;
use tidings::settings::{self, Settings};
use tidings_core::ids::ChannelKey;
use tidings_store::{OpenMode, Store, StoreError};

use super::line::Line;
use crate::fakes::clock::{now, pause};
use crate::fakes::discord::{FakeDiscord, Message};
use crate::fakes::telegram::{FakeTelegram, Request};
use crate::harness::{CONFIG, PLAIN, block_on, channel, loaded, page};
use crate::postgres::{Database, Durability, Ending, Server};
use tidings::platforms::console::Console;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// The lock that whoever writes holds on a server.
const WRITING: i64 = 0x5444_4E47;

/// One process.
pub(super) struct Member {
    line: Line,
    child: Option<Child>,
}

impl Member {
    fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may be paused; that takes no notice of anything else.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// All of them, with the world around them.
pub(super) struct Crew {
    pub(super) members: Vec<Member>,
    pub(super) telegram: FakeTelegram,
    pub(super) discord: FakeDiscord,
    pub(super) places: Vec<ChannelKey>,
    /// Headlines in the order in which they came.
    pub(super) written: Vec<String>,
    database: Database,
    pub(super) server: Arc<Server>,
    /// Who takes over where the server is lost.
    standby: Option<Arc<Server>>,
    folder: TempDir,
}

/// What they are begun with.
#[derive(Clone, Copy)]
pub(super) struct Setup {
    pub(super) members: usize,
    /// On each platform.
    pub(super) channels: usize,
    pub(super) lease: &'static str,
    /// Parts in a second on each platform. Where news comes faster at times, much waits at the gates when something happens.
    pub(super) rate: usize,
    pub(super) seed: u64,
    /// Of the channel with a number.
    pub(super) cadence: fn(usize) -> &'static str,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the real program lives in real time"
)]
fn real_time() -> Timestamp {
    Timestamp::now()
}

/// Whether a text stands anywhere in something.
fn says(body: &Value, text: &str) -> bool {
    match body {
        Value::String(said) => said.contains(text),
        Value::Array(parts) => parts.iter().any(|part| says(part, text)),
        Value::Object(parts) => parts.values().any(|part| says(part, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

impl Crew {
    /// Channels that follow everything, a baseline, and nobody who runs yet; `None` without PostgreSQL.
    pub(super) fn new(setup: &Setup) -> Option<Crew> {
        let server = Server::start(
            Durability::Full,
            &["log_checkpoints=off", "synchronous_commit=on"],
        )?;
        let database = Database::empty(&server);
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("digests")).unwrap();
        let rate = setup.rate;
        let lease = setup.lease;
        let config = format!(
            "{CONFIG}\n[telegram]\nrate = \"{rate}/s\"\nchat_rate = \"off\"\ngroup_rate = \"off\"\n[discord]\nrate = \"{rate}/s\"\n"
        )
        .replace("[store]", &format!("[store]\nlease = \"{lease}\""));
        fs::write(folder.path().join("tidings.toml"), config).unwrap();
        let members = (0..setup.members).map(|_| Member {
            line: Line::to(server.socket()),
            child: None,
        });
        let mut crew = Crew {
            members: members.collect(),
            telegram: FakeTelegram::start(),
            discord: FakeDiscord::start(),
            places: Vec::new(),
            written: Vec::new(),
            database,
            server,
            standby: None,
            folder,
        };
        crew.begin(setup);
        Some(crew)
    }

    /// From now on another server has all that is committed.
    pub(super) async fn have_standby(&mut self) {
        self.standby = Some(self.server.standby().await);
    }

    /// There is another server that has all that is committed until now, and nothing of what is from now on.
    pub(super) async fn have_one_left_behind(&mut self) {
        self.standby = Some(self.server.left_behind().await);
    }

    /// The server is lost for good, and the other one takes over at its address.
    pub(super) fn fail_over(&mut self) {
        let standby = self.standby.take().unwrap();
        self.server.end(Ending::Crash);
        for member in &self.members {
            member.line.lead_to(standby.socket());
        }
        standby.take_over();
        self.database = self.database.taken_over_by(&standby);
        self.server = standby;
    }

    fn settings(&self) -> Settings {
        let url = ("STORE_URL".to_owned(), self.database.url());
        let variables = BTreeMap::from([url]);
        let file = self.folder.path().join("tidings.toml");
        settings::load(&file, &variables, self.folder.path()).unwrap()
    }

    fn begin(&mut self, setup: &Setup) {
        let settings = self.settings();
        let store = Store::open_at(&settings.store.address, OpenMode::Work).unwrap();
        let clock = Arc::new(tidings::task::Clock::new(real_time));
        let bot = App::new(settings, store, clock).unwrap();
        loaded(&bot, Recheck::Touched);
        let console = Console::new(Box::new(std::io::sink()), Box::new(|| PLAIN), "");
        let guild = self.discord.guild("Korea watchers");
        let trip = (Duration::from_millis(50), Duration::from_millis(250));
        self.telegram.latency(trip.0, trip.1, setup.seed);
        self.discord.latency(trip.0, trip.1, setup.seed);
        for at in 0..setup.channels {
            let group = self.telegram.supergroup(&format!("Group {at}")).with_bot();
            let text = self.discord.text(guild, &format!("news-{at}"));
            for key in [
                format!("telegram:{}", group.id()),
                format!("discord:{text}"),
            ] {
                let key = channel(&key);
                let cadence = (setup.cadence)(at);
                for line in [
                    format!("/subscribe all {cadence}"),
                    "/settings cap 100".to_owned(),
                ] {
                    block_on(bot.bot().command(&console, &key, true, &line)).unwrap();
                }
                self.places.push(key);
            }
        }
    }

    /// Starts a process that isn't running.
    pub(super) fn start(&mut self, at: usize) {
        let log = self.folder.path().join(format!("log-{at}"));
        let log = File::options().create(true).append(true).open(log).unwrap();
        let member = &mut self.members[at];
        assert!(member.child.is_none());
        let child = Command::new(env!("CARGO_BIN_EXE_tidings"))
            .arg("run")
            .current_dir(self.folder.path())
            .env_clear()
            .env("TIDINGS_CONFIG", "tidings.toml")
            .env("STORE_URL", member.line.url(self.database.name()))
            .env("TELEGRAM_TOKEN", self.telegram.token())
            .env("TIDINGS_TELEGRAM__API_URL", self.telegram.api_url())
            .env("DISCORD_TOKEN", self.discord.token())
            .env("TIDINGS_DISCORD__API_URL", self.discord.api_url())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        member.child = Some(child);
    }

    /// Kills one where it stands.
    pub(super) fn kill(&mut self, at: usize) {
        let mut child = self.members[at].child.take().unwrap();
        // None of them ends by itself.
        assert_eq!(child.try_wait().unwrap(), None, "{}", self.log());
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Waits until one has ended as it was told to.
    pub(super) async fn ended(&mut self, at: usize) {
        let mut child = self.members[at].child.take().unwrap();
        let ended = tokio::task::spawn_blocking(move || child.wait()).await;
        let status = ended.unwrap().unwrap();
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }

    /// Sends a signal to one.
    pub(super) fn signal(&self, at: usize, signal: &str) {
        let id = self.members[at].id().unwrap().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Nothing gets through between one and the server.
    pub(super) fn hold(&self, at: usize) {
        self.members[at].line.hold();
    }

    /// It does again.
    pub(super) fn release(&self, at: usize) {
        self.members[at].line.release();
    }

    /// Which process holds a duty.
    pub(super) fn holder(&self, duty: &str) -> Option<usize> {
        let rows = self.database.rows(&format!(
            "SELECT holder FROM leases WHERE duty = '{duty}' AND until_at > extract(epoch FROM clock_timestamp()) * 1000"
        ));
        let name = rows.first()?.first()?.clone()?;
        let id: u32 = name.rsplit(':').nth(1)?.parse().unwrap();
        self.members
            .iter()
            .position(|member| member.id() == Some(id))
    }

    /// Waits until a duty has a holder other than `not`.
    pub(super) async fn held(&self, duty: &str, not: Option<usize>) -> usize {
        let begun = now();
        while now().duration_since(begun) < PATIENCE {
            match self.holder(duty) {
                Some(at) if Some(at) != not => return at,
                _ => pause(Duration::from_millis(20)).await,
            }
        }
        panic!("nobody takes {duty}\n{}", self.log());
    }

    /// A document with one headline.
    pub(super) fn write(&mut self) -> String {
        let number = self.written.len() + 1;
        let title = format!("Squid {number:04} is counted");
        let text = page(&format!(
            "# US-NK Relations\n{title} | There are many. Read more https://news.example/{number}"
        ));
        let name = format!("2026-11-06-{number:04}.txt");
        let folder = self.folder.path();
        fs::write(folder.join(&name), text).unwrap();
        fs::rename(folder.join(&name), folder.join("digests").join(&name)).unwrap();
        self.written.push(title.clone());
        title
    }

    /// Time passes: whatever is scheduled is due.
    pub(super) fn pass_time(&self) {
        let due = real_time().as_millisecond() - 1_000;
        // One transaction, while nobody else writes.
        self.database.execute(&format!(
            "SELECT pg_advisory_xact_lock({WRITING});
             UPDATE subscriptions SET next_at = {due} WHERE next_at IS NOT NULL;
             UPDATE channels SET due_at = {due} WHERE due_at IS NOT NULL"
        ));
    }

    /// Waits until everything is loaded.
    pub(super) async fn loaded(&self) {
        let begun = now();
        while now().duration_since(begun) < PATIENCE {
            let items = self.rows("SELECT count(*) FROM items")[0][0].clone();
            if items == Some(self.written.len().to_string()) {
                return;
            }
            pause(Duration::from_millis(20)).await;
        }
        panic!("nobody loads what is there\n{}", self.log());
    }

    /// See [`Server::rows`].
    pub(super) fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        self.database.rows(sql)
    }

    /// Waits until everything is loaded, and what is due is delivered, for as long as something becomes of it.
    pub(super) async fn rest(&self) {
        let (mut begun, mut last) = (now(), String::new());
        let store = Store::open_at(&self.settings().store.address, OpenMode::Look).unwrap();
        while now().duration_since(begun) < PATIENCE {
            pause(Duration::from_millis(100)).await;
            let state = store.blocking().read(|db| {
                let mut open = 0;
                for platform in ["telegram", "discord"] {
                    open += db.instant_channels(platform, real_time(), 10, None)?.len();
                    open += db.due_channels(platform, real_time(), 10, None)?.len();
                }
                Ok::<_, StoreError>((db.totals()?.items, open, db.queue(None)?))
            });
            let (items, open, queue) = state.unwrap();
            assert_eq!(queue.dead, 0, "{}", self.log());
            let written = i64::try_from(self.written.len()).unwrap();
            if items == written && open == 0 && queue.waiting == 0 {
                return;
            }
            let found = format!("{items} of {written} items, {open} open, {queue:?}");
            if found != last {
                (begun, last) = (now(), found);
            }
        }
        let waiting = self.rows(
            "SELECT platform, state, count(*), min(attempts), max(attempts), to_timestamp(min(not_before_at) / 1000), clock_timestamp()
             FROM deliveries WHERE state NOT IN ('sent', 'dead') GROUP BY 1, 2",
        );
        panic!(
            "it doesn't come to rest: {last}\n{waiting:?}\n{}",
            self.log()
        );
    }

    /// What has arrived in each channel, in order.
    pub(super) fn heard(&self) -> BTreeMap<ChannelKey, Vec<(Instant, String)>> {
        let places = self.places.iter();
        let mut heard: BTreeMap<_, Vec<_>> =
            places.map(|place| (place.clone(), Vec::new())).collect();
        self.each_on_discord(|place, message| {
            let text = message.body.to_string();
            heard.get_mut(place).unwrap().push((message.at, text));
        });
        // Who was killed, or hung up, doesn't hear that it was taken.
        let is_taken = |request: &Request| request.status.is_none_or(|status| status == 200);
        for request in self.telegram.requests("sendMessage") {
            let chat = format!("telegram:{}", request.body["chat_id"]);
            if let Some(heard) = heard
                .get_mut(&channel(&chat))
                .filter(|_| is_taken(&request))
            {
                let text = request.body["text"].as_str().unwrap().to_owned();
                heard.push((request.at, text));
            }
        }
        heard
    }

    fn each_on_discord(&self, mut take: impl FnMut(&ChannelKey, &Message)) {
        let is_there = |place: &&ChannelKey| place.platform() == "discord";
        self.discord.look(|world| {
            for place in self.places.iter().filter(is_there) {
                let channel: u64 = place.address().parse().unwrap();
                world.channels[&channel]
                    .messages
                    .iter()
                    .for_each(|message| take(place, message));
            }
        });
    }

    /// Waits until a headline has arrived on a platform.
    pub(super) async fn arrived(&self, platform: &str, title: &str) -> Instant {
        let begun = now();
        while now().duration_since(begun) < PATIENCE {
            let mut found = None;
            if platform == "discord" {
                self.each_on_discord(|_, message| {
                    if found.is_none() && says(&message.body, title) {
                        found = Some(message.at);
                    }
                });
            } else {
                found = self.telegram.first("sendMessage", |request| {
                    let text = request.body["text"].as_str().unwrap_or_default();
                    request.status.is_none_or(|status| status == 200) && text.contains(title)
                });
            }
            if let Some(at) = found {
                return at;
            }
            pause(Duration::from_millis(10)).await;
        }
        panic!("{title} doesn't arrive\n{}", self.log());
    }

    /// What they have logged last.
    pub(super) fn log(&self) -> String {
        let mut all = String::new();
        for at in 0..self.members.len() {
            let log = fs::read(self.folder.path().join(format!("log-{at}"))).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            let lines: Vec<&str> = log.lines().rev().take(60).collect();
            let lines: Vec<&str> = lines.into_iter().rev().collect();
            all.push_str(&format!("===== {at}\n{}\n", lines.join("\n")));
        }
        all
    }
}
