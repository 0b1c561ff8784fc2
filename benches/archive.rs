//! How a large archive behaves: `cargo bench --bench archive [-- ITEMS CHANNELS [keep]]`; with `keep` the store is
//! left behind, for a look with `tidings --config …`. With 0 channels only loading and filing are measured.
//!
//! Not a micro-benchmark but one session on a store of a million items and 100,000 subscriptions, so it prints
//! its own table: loading, a reader's waits meanwhile, loading again, commands, what is due, a roundup for all.

mod agencies;
mod made;
mod seed;
mod waiting;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan};
use tidings::delivery::{Sending, Transport};
use tidings::ingest::Recheck;
use tidings::ingest::folder::FileStat;
use tidings::runtime::App;
use tidings::settings;
use tidings_core::channel::{Filter, SubscriptionRow, Target};
use tidings_core::delivery::{Outgoing, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};
use tidings_core::schedule::{Cadence, Zone};
use tidings_core::search::Query;
use tidings_store::{OpenMode, Store, StoreError};
use waiting::wait;

const ITEMS_A_PAGE: usize = 100;

/// How many watches there are.
const WATCHES: usize = 100_000;

/// How many items are filed among them.
const FILED: u32 = 2_000;

/// How many items a page has as publishers write them.
const USUAL: usize = 20;

/// How many different filters 100,000 channels have.
const FILTERS: usize = 200;

const CONFIG: &str = r#"
[store]
path = "bench.db"
[[section]]
slug = "us-nk"
title = "US–North Korea relations"
headings = ["US-NK Relations"]
match = ["North Korea-US", "NK-US", "Pompeo"]
[[section]]
slug = "inter-korean"
title = "Inter-Korean relations"
headings = ["Inter-Korean Relations"]
[[section]]
slug = "south-korea"
title = "South Korea"
headings = ["South Korea News"]
[[section]]
slug = "economy"
title = "Economy"
[[section]]
slug = "japan"
title = "Japan"
[[source]]
name = "digests"
kind = "folder"
path = "digests"
"#;

/// A platform that only exists to have channels.
struct Nowhere;

impl ChatPlatform for Nowhere {
    fn name(&self) -> &'static str {
        "nowhere"
    }

    fn render(&self, post: &Post, _manner: &DeliveryOptions) -> Vec<String> {
        serde_json::to_string(post).into_iter().collect()
    }
}

impl Transport for Nowhere {
    fn send<'a>(&'a self, _message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async { Ok(Sent::default()) })
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring needs a clock")]
fn now() -> Instant {
    Instant::now()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = now();
    let result = work();
    (result, start.elapsed())
}

fn main() {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse().ok())
        .collect();
    let items = numbers.first().copied().unwrap_or(1_000_000);
    let channels = numbers.get(1).copied().unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_pages(folder.path(), items);
    let clock = Arc::new(Mutex::new(
        "2026-11-22T08:00:00Z"
            .parse::<Timestamp>()
            .expect("a moment"),
    ));
    let bot = bot(folder.path(), &clock);

    let (waits, (_, took)) = while_reading(&bot, || timed(|| load(&bot)));
    row(
        "load into an empty store",
        &format!("{:.0} items/s", items as f64 / took.as_secs_f64()),
    );
    percentiles("  /latest us-nk meanwhile", waits);
    let (_, took) = timed(|| load(&bot));
    row(
        "load the same again",
        &format!("{:.0} items/s", items as f64 / took.as_secs_f64()),
    );
    let size = fs::metadata(folder.path().join("bench.db")).map_or(0, |about| about.len());
    row("size of the store", &format!("{} MB", size / 1_000_000));

    if channels == 0 {
        file_alone(&bot, folder.path(), &clock);
        return;
    }
    for command in [
        "/latest us-nk",
        "/latest",
        "/sections",
        "/search korea",
        "/search exportzz",
        "/search 정상회담",
        "/search 남북관계",
        "/search \"north korea\" summit",
        "/status",
        "/subscriptions",
    ] {
        percentiles(command, ask(&bot, command, 300));
    }

    percentiles("/search summ*", ask(&bot, "/search summ*", 10));

    make_channels(&bot, channels);
    let (due, took) = timed(|| {
        bot.store()
            .blocking()
            .read(|db| db.due_channels("nowhere", bot.now() + 25.hours(), 500, None))
            .map(|due| due.len())
    });
    row(
        &format!("find {} due of {channels}", due.expect("a list")),
        &format!("{took:.2?}"),
    );
    // In turns, and the quickest of each: whatever else the machine does hits both.
    let (mut plain, mut filtered) = (Duration::MAX, Duration::MAX);
    let mut roundups = 0;
    for round in 0..3 {
        set_filters(&bot, false);
        let (_, took) = roundup(&bot, folder.path(), &clock, 20 + 2 * round);
        plain = plain.min(took);
        set_filters(&bot, true);
        let (some, took) = roundup(&bot, folder.path(), &clock, 21 + 2 * round);
        (roundups, filtered) = (some, filtered.min(took));
    }
    row(
        &format!("a roundup for {channels} channels"),
        &format!("{plain:.2?}"),
    );
    row(
        &format!("  for {roundups} of them with {FILTERS} filters"),
        &format!(
            "{filtered:.2?}, {:.2} times that",
            filtered.as_secs_f64() / plain.as_secs_f64()
        ),
    );
    file_alone(&bot, folder.path(), &clock);
    let plain = filing(&bot, folder.path(), &clock, 26);
    make_watches(&bot, &|at| format!("nowhere{at} korea"));
    let unrelated = filing(&bot, folder.path(), &clock, 27);
    make_watches(&bot, &|at| {
        let tail = made::tail(at as u64 % made::TAIL);
        format!(
            "{tail} {}",
            ["talks", "court", "visit", "north korea", "strike"][at / 20_000 % 5]
        )
    });
    let related = filing(&bot, folder.path(), &clock, 28);
    let about = |took: Duration| format!("{:.2?} an item", took / FILED);
    row("file items that are handed to subscribers", &about(plain));
    row(
        &format!("  with {WATCHES} watches of other words"),
        &about(unrelated),
    );
    row(
        &format!("  with {WATCHES} more, of their words"),
        &about(related),
    );
    row("peak memory of this process", &memory("VmHWM"));
    drop(bot);
    if std::env::args().any(|a| a == "keep") {
        println!("kept in {}", folder.keep().display());
        return;
    }
    let (bot, took) = timed(|| self::bot(folder.path(), &clock));
    row("open the store again", &format!("{took:.2?}"));
    let (_, took) = timed(|| {
        let looking = bot
            .ingest()
            .load_sources(Recheck::Touched, Duration::ZERO, &|_, _, _| {});
        wait(looking).map(|reports| reports.len())
    });
    row("look at its unchanged sources", &format!("{took:.2?}"));
}

fn row(name: &str, value: &str) {
    println!("{name:<60}{value}");
}

fn write_pages(folder: &Path, items: usize) {
    fs::create_dir_all(folder.join("digests")).expect("a folder");
    fs::write(folder.join("tidings.toml"), CONFIG).expect("a configuration");
    let mut seed = seed::Seed(7);
    let first: jiff::civil::Date = "2010-01-01".parse().expect("a day");
    for at in 0..items / ITEMS_A_PAGE {
        // Two pages a day, for fourteen years where there are 10,000 pages.
        let day = first + i32::try_from(at / 2).unwrap_or(0).days();
        let name = format!(
            "digests/{}-{day}.txt",
            if at % 2 == 0 { "morning" } else { "evening" }
        );
        fs::write(folder.join(name), made::page(&mut seed, ITEMS_A_PAGE)).expect("a page");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever measures names the server so"
)]
fn url() -> Option<String> {
    std::env::var("STORE_URL").ok()
}

fn bot(folder: &Path, clock: &Arc<Mutex<Timestamp>>) -> App {
    // Where STORE_URL names an empty database on a server, the store is there.
    let url = url().map(|url| ("STORE_URL".to_owned(), url));
    let environment = url.into_iter().collect();
    let settings =
        settings::load(&folder.join("tidings.toml"), &environment, folder).expect("settings");
    let store = Store::open_at(&settings.store.address, OpenMode::Work).expect("a store");
    let clock = clock.clone();
    App::new(
        settings,
        store,
        Arc::new(tidings::task::Clock::new(move || {
            *clock.lock().expect("the clock")
        })),
    )
    .expect("a bot")
}

fn load(bot: &App) {
    let loading = bot
        .ingest()
        .load_sources(Recheck::Content, Duration::ZERO, &|_, _, _| {});
    wait(loading).expect("loaded");
}

/// Reads all the time while `work` is done; returns how long each read took.
fn while_reading<T>(bot: &App, work: impl FnOnce() -> T) -> (Vec<Duration>, T) {
    let done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let reader = threads.spawn(|| {
            let mut waits = Vec::new();
            while !done.load(Ordering::Relaxed) {
                waits.extend(ask(bot, "/latest us-nk", 1));
                std::thread::park_timeout(Duration::from_millis(20));
            }
            waits
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        (reader.join().expect("the reader"), result)
    })
}

fn ask(bot: &App, command: &str, times: usize) -> Vec<Duration> {
    let channel = ChannelKey::new("nowhere", "asker").expect("a key");
    (0..times)
        .map(|_| {
            timed(|| wait(bot.bot().command(&Nowhere, &channel, true, command)).expect("an answer"))
                .1
        })
        .collect()
}

fn percentiles(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| {
        times
            .get((times.len() as f64 * share) as usize)
            .copied()
            .unwrap_or_default()
    };
    let most = times.last().copied().unwrap_or_default();
    row(
        name,
        &format!("p50 {:.2?}, p99 {:.2?}, most {most:.2?}", at(0.5), at(0.99)),
    );
}

fn make_channels(bot: &App, channels: usize) {
    let zone = Zone::find("UTC").expect("a zone");
    let cadence = Cadence::parse("daily 09:00").expect("a cadence");
    for from in (0..channels).step_by(5_000) {
        bot.store()
            .blocking()
            .write(|db| {
                for at in from..(from + 5_000).min(channels) {
                    let key = ChannelKey::new("nowhere", &at.to_string()).expect("a key");
                    let channel = db.channel_or_new(&key, bot.now())?;
                    let row = SubscriptionRow {
                        target: Target::All,
                        filter: None,
                        cursor: db.newest_push()?,
                        next_at: cadence.next_after(bot.now(), zone.tz()),
                        open_until: None,
                        cadence: cadence.clone(),
                    };
                    db.save_subscription(&channel, &row, bot.now())?;
                }
                Ok::<_, StoreError>(())
            })
            .expect("channels");
    }
}

/// A page of a day, loaded, and the roundup that everybody gets of it: how many got one, and how long that took.
fn roundup(bot: &App, folder: &Path, clock: &Mutex<Timestamp>, day: u64) -> (usize, Duration) {
    let page = made::page(&mut seed::Seed(77 + day), 100);
    fs::write(folder.join(format!("digests/2026-11-{day}.txt")), page).expect("a page");
    load(bot);
    *clock.lock().expect("the clock") += 25.hours();
    let (ticked, took) = timed(|| wait(bot.scheduler().tick(&Nowhere)).expect("a tick"));
    (ticked.roundups, took)
}

/// How long it takes to load a page of so many items that are news.
fn filing(bot: &App, folder: &Path, clock: &Mutex<Timestamp>, day: u64) -> Duration {
    let page = made::page(&mut seed::Seed(770 + day), FILED as usize);
    fs::write(
        folder.join(format!("digests/news-2026-11-{day:02}.txt")),
        page,
    )
    .expect("a page");
    *clock.lock().expect("the clock") += 1.hours();
    timed(|| load(bot)).1
}

/// What it costs to look for the stories of new items: those of today beside some that are too old for that. None is handed
/// to anybody, which costs as well.
fn file_alone(bot: &App, folder: &Path, clock: &Mutex<Timestamp>) {
    for items in [FILED as usize, USUAL] {
        let agencies = Pages {
            texts: "of affairs that many report",
            items,
            write: agencies::page,
        };
        let alike = Pages {
            texts: "that share most of their words",
            items,
            write: |seed, items, _| made::page(seed, items),
        };
        for pages in [agencies, alike] {
            compare(bot, folder, clock, &pages);
        }
    }
}

fn compare(bot: &App, folder: &Path, clock: &Mutex<Timestamp>, pages: &Pages) {
    let today = *clock.lock().expect("the clock");
    let before = |days: i32| (today - (24 * days).hours()).strftime("%F").to_string();
    let (mut old, mut fresh) = (Vec::new(), Vec::new());
    for round in 0..7 {
        old.push(alone(bot, folder, clock, pages, round, &before(20)));
        let day = i32::try_from(round % 3).unwrap_or(0);
        fresh.push(alone(bot, folder, clock, pages, round, &before(day)));
    }
    let mut ratios: Vec<f64> = old
        .iter()
        .zip(&fresh)
        .map(|(old, fresh)| fresh.as_secs_f64() / old.as_secs_f64())
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    old.sort_unstable();
    fresh.sort_unstable();
    row(
        &format!("file news {}, {} a page", pages.texts, pages.items),
        &format!(
            "{:.2?} an item, those too old for a story {:.2?}; {:.2} times that (medians)",
            fresh[3] / FILED,
            old[3] / FILED,
            ratios[3]
        ),
    );
}

/// Pages of so many items each.
struct Pages {
    texts: &'static str,
    items: usize,
    /// Writes one of a day.
    write: fn(&mut seed::Seed, usize, u64) -> String,
}

/// How long it takes to load so many items quietly, one page after the other.
fn alone(
    bot: &App,
    folder: &Path,
    clock: &Mutex<Timestamp>,
    pages: &Pages,
    round: u64,
    day: &str,
) -> Duration {
    let number: u64 = day.replace('-', "").parse().expect("a day");
    let (texts, items) = (pages.texts.len(), pages.items);
    let mut seed = seed::Seed(number + 50 * round + items as u64);
    let mut looks = Vec::new();
    for page in 0..FILED as usize / items {
        let name = format!("alone-{texts}-{items}-{round}-{page}-{day}.txt");
        let path = folder.join(&name);
        fs::write(&path, (pages.write)(&mut seed, items, number)).expect("a page");
        looks.push(FileStat::at(&path, name).expect("a file"));
    }
    *clock.lock().expect("the clock") += 1.minutes();
    timed(|| {
        for look in looks {
            let loading = bot.ingest().load_files(vec![look], false, &|_, _| {});
            wait(loading).expect("loaded");
        }
    })
    .1
}

/// Has each of so many channels watch for something.
fn make_watches(bot: &App, words: &dyn Fn(usize) -> String) {
    let store = bot.store().blocking();
    let all = store.read(|db| db.channels()).expect("channels");
    let all: Vec<_> = all.into_iter().cycle().take(WATCHES).enumerate().collect();
    for some in all.chunks(5_000) {
        let made = store.write(|db| {
            for (at, channel) in some {
                let query = Query::parse(&words(*at)).expect("words");
                let row = SubscriptionRow {
                    target: Target::Watch(db.watch_or_new(&query)?),
                    filter: None,
                    cadence: Cadence::instant(),
                    cursor: db.newest_push()?,
                    next_at: None,
                    open_until: None,
                };
                db.save_subscription(channel, &row, bot.now())?;
            }
            Ok::<_, StoreError>(())
        });
        made.expect("watches");
    }
}

/// Gives each channel one of so many filters, or none.
fn set_filters(bot: &App, some: bool) {
    let wanted = [
        "summit",
        "envoy",
        "border",
        "trade",
        "seoul",
        "korea",
        "north",
        "talks",
        "minister",
        "정상회담",
    ];
    let begun = [
        "nuc", "sanc", "fami", "rail", "econ", "expo", "hist", "memo", "isla", "fish",
    ];
    let filter = |at: usize| {
        let (one, other) = (wanted[at % 10], begun[at / 10 % 10]);
        let but = if (at / 100).is_multiple_of(2) {
            "-\"south letter\""
        } else {
            "-남북관계"
        };
        Filter::parse(&format!("{one}, {other}*, military {but}"), |_| None).expect("a filter")
    };
    let store = bot.store().blocking();
    let set = store.write(|db| {
        for (at, channel) in db.channels()?.into_iter().enumerate() {
            for row in db.subscriptions(channel.id)? {
                let row = SubscriptionRow {
                    filter: some.then(|| filter(at % FILTERS)),
                    ..row
                };
                db.save_subscription(&channel, &row, bot.now())?;
            }
        }
        Ok::<_, StoreError>(())
    });
    set.expect("filters");
}

/// A line of Linux's own account of this process.
fn memory(line: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|l| l.strip_prefix(line));
    found.map_or_else(
        || "unknown".into(),
        |l| l.trim_start_matches(':').trim().to_owned(),
    )
}
