//! What goes wrong where something is missing that keeps it from going wrong, and that the judges find it. Here is what lies with
//! the server: whoever writes locks nobody out; another server takes over for which nobody has waited. What each process has for
//! itself (its epoch, its deadline, the rest of what is in doubt) is looked at one by one in [`super::fences`].

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tidings::ingest::Recheck;
use tidings::platforms::console::Console;
use tidings::runtime::App;
use tidings::settings;
use tidings::task::Clock;
use tidings_store::{OpenMode, ServerUrl, Store, StoreAddress};

use super::crew::{Crew, Setup};
use super::line::Line;
use super::{Chaos, PARTS, SETUP, parts_with};
use crate::harness::{CONFIG, PLAIN, block_on, channel, loaded, page};
use crate::postgres::{Database, shared};

fn noon() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

/// Two processes make the roundup of one slot at once; returns in how many parts the channel gets its headline. `None` without
/// PostgreSQL.
async fn parts_of_a_slot(with_locks: bool) -> Option<usize> {
    let server = shared()?;
    let database = Database::empty(server);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tidings.toml");
    fs::write(&file, CONFIG).unwrap();
    fs::create_dir(folder.path().join("digests")).unwrap();
    let lines = [0; 2].map(|_| Line::to(server.socket()));
    let bots = lines.each_ref().map(|line| {
        let url = line.url(database.name());
        let variables = [("STORE_URL".to_owned(), url.clone())].into();
        let settings = settings::load(&file, &variables, folder.path()).unwrap();
        let url = ServerUrl::parse(&url, Path::new("/")).unwrap();
        let store = Store::open_at(&StoreAddress::Server(url), OpenMode::Work).unwrap();
        Arc::new(App::new(settings, store, Arc::new(Clock::new(noon))).unwrap())
    });
    let console = Arc::new(Console::new(
        Box::new(std::io::sink()),
        Box::new(|| PLAIN),
        "",
    ));
    loaded(&bots[0], Recheck::Touched);
    let place = channel("console:1");
    let told = bots[0]
        .bot()
        .command(&*console, &place, true, "/subscribe all daily 09:00");
    block_on(told).unwrap();
    let title = "Squid is counted".to_owned();
    let text = page(&format!("# Japan\n{title} | All of them."));
    fs::write(folder.path().join("digests/2026-11-29.txt"), text).unwrap();
    loaded(&bots[0], Recheck::Touched);
    let due = noon().as_millisecond() - 1_000;
    database.execute(&format!(
        "UPDATE subscriptions SET next_at = {due}; UPDATE channels SET due_at = {due}"
    ));
    if !with_locks {
        lines.iter().for_each(Line::leave_open);
    }
    // Whoever has reckoned what a channel gets waits here, and so does whoever waits for that one.
    let locked = database.lock("LOCK TABLE deliveries IN SHARE MODE");
    let ticks = bots.map(|bot| {
        let console = console.clone();
        tokio::spawn(async move { bot.scheduler().tick(&*console).await })
    });
    while database.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    drop(locked);
    for tick in ticks {
        tick.await.unwrap().unwrap();
    }
    let titles = [title];
    let parts = parts_with(&titles, database.rows(PARTS));
    assert_eq!(parts.len(), 1, "{parts:?}");
    parts.into_values().next()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_writers_lock_a_slot_is_served_twice() {
    for (with_locks, parts) in [(true, 1), (false, 2)] {
        let Some(found) = parts_of_a_slot(with_locks).await else {
            return;
        };
        assert_eq!(found, parts, "with locks: {with_locks}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failover_that_nobody_waited_for_things_come_twice() {
    let setup = Setup {
        members: 2,
        channels: 2,
        cadence: |_| "instant",
        ..SETUP
    };
    let Some(mut crew) = Crew::new(&setup) else {
        return;
    };
    crew.have_one_left_behind().await;
    for at in 0..crew.members.len() {
        crew.start(at);
    }
    crew.write();
    crew.rest().await;
    crew.fail_over();
    crew.write();
    crew.rest().await;
    let chaos = Chaos::of(crew, 0);
    let wrong = chaos.judge().unwrap_err();
    println!("{wrong}");
    assert!(
        wrong.starts_with("twice") || wrong.starts_with("repeated"),
        "{wrong}"
    );
}
