//! What keeps two senders apart, one thing at a time: transactions of somebody who was superseded, parts in doubt, renewals,
//! transactions whose end nobody heard of.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tidings::delivery::pace::{Lane, Limits};
use tidings::delivery::{Gate, Sender, Sending, Transport, Worker};
use tidings::ingest::Recheck;
use tidings::ingest::folder::FileStat;
use tidings::runtime::App;
use tidings::task::{Clock, Term, since_boot};
use tidings_core::delivery::{Outgoing, Sent, Settlement};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};
use tidings_store::{
    ClaimCursor, Claimed, Fence, OpenMode, Process, ServerUrl, Store, StoreAddress, StoreError,
    WriteTx,
};

use tokio::sync::watch;

use super::line::{Line, Loss};
use crate::ground::{Ground, open_store};
use crate::harness::{CONFIG, PLAIN, channel, page};
use crate::postgres::{Database, Durability, Ending, Server, shared};

const DUTY: &str = "chat:forum";

const LEASE: Duration = Duration::from_secs(60);

fn noon() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

fn open(url: &str) -> Store {
    let url = ServerUrl::parse(url, Path::new("/")).unwrap();
    Store::open_at(&StoreAddress::Server(url), OpenMode::Work).unwrap()
}

/// A store of a test's own; `None` without PostgreSQL.
fn store() -> Option<(Database, Store)> {
    let database = Database::empty(shared()?);
    let store = open(&database.url());
    Some((database, store))
}

fn take(store: &Store, process: &str) -> Option<(Fence, bool)> {
    take_duty(store, DUTY, process)
}

fn take_duty(store: &Store, duty: &str, process: &str) -> Option<(Fence, bool)> {
    let taken = store
        .blocking()
        .write(|db| db.take_duty(duty, process, LEASE, noon()));
    taken.unwrap()
}

/// The lease runs out.
fn run_out(database: &Database) {
    database.execute("UPDATE leases SET until_at = 0");
}

fn post(store: &Store, wire: &str) {
    let posted = store.blocking().write(|db| {
        let channel = db.channel_or_new(&channel("forum:1"), noon())?;
        db.enqueue(&channel, &[db.add_part(wire)?], noon())
    });
    posted.unwrap();
}

fn claim(store: &Store, at: Timestamp) -> Result<Vec<Claimed>, StoreError> {
    let claiming = |db: &WriteTx<'_>| db.claim("forum", at, &mut ClaimCursor::default(), 10);
    store.blocking().write(claiming)
}

fn process(name: &str) -> Process {
    Process {
        name: name.to_owned(),
        started: noon(),
        settings: 1,
    }
}

#[test]
fn whoever_was_superseded_writes_nothing() {
    let Some((database, store)) = store() else {
        return;
    };
    post(&store, "squid");
    let (fence, is_laid_down) = take(&store, "one").unwrap();
    assert!(is_laid_down);
    assert_eq!(take(&store, "other"), None);
    let one = store.fenced(fence.clone());
    // Nobody may know that it has run out but the server.
    run_out(&database);
    assert!(matches!(claim(&one, noon()), Err(StoreError::Superseded(duty)) if duty == DUTY));
    let (newer, is_laid_down) = take(&store, "other").unwrap();
    assert!(newer.epoch > fence.epoch && !is_laid_down);
    assert!(matches!(
        claim(&one, noon()),
        Err(StoreError::Superseded(_))
    ));
    // What it lays down isn't its own any more.
    store.blocking().write(|db| db.lay_down(&fence)).unwrap();
    let other = store.fenced(newer.clone());
    assert_eq!(claim(&other, noon()).unwrap().len(), 1);
    store.blocking().write(|db| db.lay_down(&newer)).unwrap();
    let (_, is_laid_down) = take(&store, "one").unwrap();
    assert!(is_laid_down);
}

/// A handle of the store for whoever holds a duty, which is over as soon as `work` begins.
async fn lost<T>(
    ground: &Ground,
    store: &Store,
    duty: &str,
    work: impl AsyncFnOnce(Arc<Store>) -> Result<T, StoreError>,
) {
    let (fence, _) = take_duty(store, duty, "one").unwrap();
    let fenced = Arc::new(store.fenced(fence));
    ground.execute("UPDATE leases SET until_at = 0");
    let done = work(fenced).await.map(drop);
    assert!(
        matches!(&done, Err(StoreError::Superseded(lost)) if lost == duty),
        "{duty}: {done:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_lost_a_source_or_the_upkeep_writes_nothing_of_it() {
    let Some(server) = shared() else { return };
    let ground = Ground::on(server);
    fs::write(ground.at("tidings.toml"), CONFIG).unwrap();
    fs::create_dir(ground.at("digests")).unwrap();
    let settings = ground.settings();
    let store = open_store(&settings);
    let app = App::new(settings, store, Arc::new(Clock::new(noon))).unwrap();
    let text = page("# Japan\nSquid counted | All of them.");
    fs::write(ground.at("digests/2026-11-28.txt"), text).unwrap();
    let passes = "sources WHERE last_pass_at IS NOT NULL";
    let load = async |store| {
        let ingest = app.ingest().writing_through(store);
        let loading = ingest.load_sources(Recheck::Touched, Duration::ZERO, &|_, _, _| {});
        loading.await
    };
    lost(&ground, app.store(), "fetch:digests", &load).await;
    assert_eq!((ground.count("items"), ground.count(passes)), (0, 0));
    // As after a pass that took its time.
    let stat = FileStat::at(
        &ground.at("digests/2026-11-28.txt"),
        "2026-11-28.txt".to_owned(),
    );
    let looks = vec![stat.unwrap()];
    let file = async |store| {
        let ingest = app.ingest().writing_through(store);
        let source = ingest.source("digests").unwrap();
        let recheck = Recheck::Touched;
        ingest.load_looks(source, looks, recheck, &|_, _| {}).await
    };
    lost(&ground, app.store(), "fetch:digests", file).await;
    assert_eq!((ground.count("items"), ground.count(passes)), (0, 0));
    // The disk is full, which the operator should know.
    let keep = async |store| app.keep_up(&store, &[], Some(0), &mut 0).await;
    lost(&ground, app.store(), "keep", &keep).await;
    assert_eq!(ground.count("incidents"), 0);
    // Whoever holds them does it.
    load(app.store().clone()).await.unwrap();
    keep(app.store().clone()).await.unwrap();
    assert_eq!((ground.count("items"), ground.count(passes)), (1, 1));
    assert_eq!(ground.count("incidents"), 1);
}

#[test]
fn what_a_lost_sender_had_in_hand_rests_whatever_happens() {
    let Some((database, store)) = store() else {
        return;
    };
    post(&store, "squid");
    let (fence, _) = take(&store, "one").unwrap();
    let part = claim(&store.fenced(fence.clone()), noon())
        .unwrap()
        .remove(0);
    run_out(&database);
    let (newer, _) = take(&store, "other").unwrap();
    let other = store.fenced(newer);
    let taking = other
        .blocking()
        .write(|db| db.take_over("forum", after(20)));
    assert_eq!(taking.unwrap(), 1);
    // The platform is reached once more, which ends other waits.
    let reached = store
        .blocking()
        .write(|db| db.release_backoff("forum", after(1)));
    reached.unwrap();
    assert_eq!(claim(&other, after(19)).unwrap(), []);
    // The lost one comes back, and knows that it arrived.
    let unsettled = |epoch| {
        let asked = store
            .blocking()
            .write(|db| db.is_unsettled(part.id, None, epoch));
        asked.unwrap()
    };
    assert!(unsettled(fence.epoch));
    // From now on somebody else sends it.
    assert_eq!(claim(&other, after(20)).unwrap().len(), 1);
    assert!(!unsettled(fence.epoch));
}

#[test]
fn what_is_known_to_have_arrived_is_settled_before_anybody_takes_over() {
    let Some((database, store)) = store() else {
        return;
    };
    post(&store, "squid");
    let (fence, _) = take(&store, "one").unwrap();
    let part = claim(&store.fenced(fence.clone()), noon())
        .unwrap()
        .remove(0);
    run_out(&database);
    let settled = store.blocking().write(|db| {
        assert!(db.is_unsettled(part.id, None, fence.epoch)?);
        let sent = Settlement::Sent { message: None };
        db.settle(part.id, &sent, after(1))?;
        db.is_unsettled(part.id, None, fence.epoch)
    });
    assert!(!settled.unwrap());
}

#[test]
fn what_a_process_does_not_know_that_it_holds_runs_out() {
    let Some((database, store)) = store() else {
        return;
    };
    let one = process("one");
    let (fence, _) = take(&store, &one.name).unwrap();
    let until = || {
        database
            .rows("SELECT until_at FROM leases")
            .remove(0)
            .remove(0)
    };
    let first = until();
    store.blocking().renew(&one, &[], LEASE * 2).unwrap();
    assert_eq!(until(), first);
    let older = Fence {
        epoch: fence.epoch - 1,
        ..fence.clone()
    };
    store.blocking().renew(&one, &[older], LEASE * 2).unwrap();
    assert_eq!(until(), first);
    let held = [fence];
    let renewed = store.blocking().renew(&one, &held, LEASE * 2).unwrap();
    assert_ne!(until(), first);
    assert_eq!(renewed.duties[0].holder.as_deref(), Some("one"));
    assert_eq!(renewed.processes, [one]);
    // What has run out isn't renewed any more.
    run_out(&database);
    let renewed = store
        .blocking()
        .renew(&process("one"), &held, LEASE)
        .unwrap();
    assert_eq!(renewed.duties[0].holder, None);
}

/// A platform whose gate and whose answers a test opens.
struct Forum {
    gate: Arc<Gate>,
    asked: Mutex<Vec<String>>,
    answers: watch::Sender<bool>,
}

impl Forum {
    fn new() -> Arc<Forum> {
        Arc::new(Forum {
            gate: Gate::new(Limits {
                overall: None,
                lanes: vec![Vec::new()],
                in_flight: 10,
            }),
            asked: Mutex::default(),
            answers: watch::Sender::new(false),
        })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn is_asked(&self) {
        while self.asked().is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

impl ChatPlatform for Forum {
    fn name(&self) -> &'static str {
        "forum"
    }

    fn render(&self, post: &Post, _: &DeliveryOptions) -> Vec<String> {
        vec![PLAIN.show(post)]
    }
}

impl Transport for Forum {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(message.wire.clone());
            let mut answers = self.answers.subscribe();
            let _ = answers.wait_for(|answers| *answers).await;
            Ok(Sent::as_message("1"))
        })
    }

    fn gate(&self, channel: &ChannelKey) -> Option<(&Arc<Gate>, Lane)> {
        let name = channel.address().to_owned();
        Some((&self.gate, Lane { name, kind: 0 }))
    }
}

fn state(database: &Database) -> String {
    let rows = database.rows("SELECT state FROM deliveries");
    rows[0][0].clone().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_at_the_gate_isn_t_sent_once_the_term_is_over() {
    let Some((database, store)) = store() else {
        return;
    };
    post(&store, "squid");
    let (fence, _) = take(&store, "one").unwrap();
    let one = store.fenced(fence);
    let forum = Forum::new();
    let term = Term::until(since_boot() + LEASE);
    let mut worker = Worker::new(forum.clone()).within(term.clone());
    forum.gate.rest_all(LEASE);
    assert_eq!(worker.step(&one, noon()).await.unwrap().claimed, 1);
    // As if the process had been stopped for that long.
    term.end();
    forum.gate.end_rest();
    worker.finished().await;
    assert_eq!(forum.asked(), Vec::<String>::new());
    worker.stop();
    worker.step(&one, noon()).await.unwrap();
    assert_eq!(state(&database), "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_sender_that_hears_of_an_arrival_late_keeps_it_from_coming_twice() {
    let Some((database, store)) = store() else {
        return;
    };
    post(&store, "squid");
    let (fence, _) = take(&store, "one").unwrap();
    let one = Arc::new(store.fenced(fence));
    let forum = Forum::new();
    let clock = Arc::new(Clock::new(noon));
    let sender = Sender::new(one, clock, Arc::default(), Arc::default());
    let (_stop, stopped) = watch::channel(false);
    let sending = tokio::spawn({
        let forum = forum.clone();
        let term = Term::until(since_boot() + LEASE);
        async move { sender.run(forum, term, false, stopped).await }
    });
    forum.is_asked().await;
    run_out(&database);
    let (newer, _) = take(&store, "other").unwrap();
    let other = store.fenced(newer);
    let taken = other
        .blocking()
        .write(|db| db.take_over("forum", after(20)));
    assert_eq!(taken.unwrap(), 1);
    assert_eq!(state(&database), "unknown");
    forum.answers.send_replace(true);
    // It hears that it was superseded, and ends.
    let ended = tokio::time::timeout(LEASE / 2, sending).await;
    ended.unwrap().unwrap();
    assert_eq!(state(&database), "sent");
    assert_eq!(claim(&other, after(30)).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_found_out_what_became_of_a_transaction_whose_end_was_lost() {
    let Some(server) = shared() else { return };
    let database = Database::empty(server);
    let line = Line::to(server.socket());
    let store = open(&line.url(database.name()));
    post(&store, "one");
    line.lose(Loss::Answer);
    post(&store, "two");
    assert!(line.has_lost());
    line.lose(Loss::Order);
    let lost = store.blocking().write(|db| db.add_part("three"));
    assert!(line.has_lost());
    assert!(matches!(lost, Err(StoreError::Unreachable(_))), "{lost:?}");
    post(&store, "four");
    let wires = database.rows("SELECT wire FROM parts ORDER BY id");
    let wires: Vec<String> = wires.into_iter().flatten().flatten().collect();
    assert_eq!(wires, ["one", "two", "four"]);
}

/// Of a transaction that nothing was written down of when its server crashed not even the number is left: it goes to somebody
/// else, whose end isn't ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_others_were_given_after_a_crash_is_not_ours() {
    // Nothing is written down but what is committed.
    let settings = ["wal_writer_delay=10s", "synchronous_commit=on"];
    let Some(server) = Server::start(Durability::Full, &settings) else {
        return;
    };
    let database = Database::empty(&server);
    let line = Line::to(server.socket());
    let store = open(&line.url(database.name()));
    line.lose(Loss::All);
    let writing = tokio::task::spawn_blocking(move || {
        let write = |db: &WriteTx<'_>| db.channel_or_new(&channel("forum:1"), noon()).map(|_| ());
        store.blocking().write(write)
    });
    while !line.has_lost() {
        assert!(!writing.is_finished(), "it isn't written");
        tokio::task::yield_now().await;
    }
    server.end(Ending::Crash);
    server.start_again();
    for _ in 0..20 {
        database.execute("UPDATE facts SET value = value WHERE name = 'schema'");
    }
    line.release();
    let written = writing.await.unwrap();
    assert!(
        matches!(written, Err(StoreError::Unreachable(_))),
        "{written:?}"
    );
    assert_eq!(
        database.rows("SELECT count(*) FROM channels"),
        [[Some("0".to_owned())]]
    );
}
