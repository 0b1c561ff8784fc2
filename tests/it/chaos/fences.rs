//! What keeps two senders apart, one thing at a time: transactions of somebody who was superseded, parts in doubt, renewals,
//! transactions whose end nobody heard of.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tidings_core::delivery::Settlement;
use tidings_store::{
    ClaimCursor, Claimed, Fence, OpenMode, Process, ServerUrl, Store, StoreAddress, StoreError,
    WriteTx,
};

use super::line::{Line, Loss};
use crate::harness::channel;
use crate::postgres::{Database, shared};

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
    let taken = store
        .blocking()
        .write(|db| db.take_duty(DUTY, process, LEASE));
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
    take(&store, &one.name).unwrap();
    let until = || {
        database
            .rows("SELECT until_at FROM leases")
            .remove(0)
            .remove(0)
    };
    let first = until();
    store.blocking().renew(&one, &[], LEASE * 2).unwrap();
    assert_eq!(until(), first);
    let held = [DUTY.to_owned(), "keep".to_owned()];
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
