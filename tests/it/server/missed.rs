//! Roundups that were missed wait for whoever loads: where processes share a store that may be another one, which takes over later.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tidings::ingest::Recheck;
use tidings::platforms::console::Console;
use tidings::roundups::Turns;
use tidings::runtime::App;
use tidings::task::Clock;

use crate::fakes::web::{Reply, Site};
use crate::ground::{Ground, open_store};
use crate::harness::{CONFIG, PLAIN, channel, page};
use crate::postgres::shared;

struct Bot {
    app: App,
    console: Console,
    clock: Arc<AtomicI64>,
    turns: Turns,
    ground: Ground,
}

impl Bot {
    /// One that follows a section at six, and has loaded nothing but a baseline; `None` without PostgreSQL.
    async fn begun() -> Option<Bot> {
        Some(Bot::on(Ground::on(shared()?), CONFIG).await)
    }

    async fn on(ground: Ground, config: &str) -> Bot {
        fs::write(ground.at("tidings.toml"), config).unwrap();
        fs::create_dir(ground.at("digests")).unwrap();
        let settings = ground.settings();
        let store = open_store(&settings);
        let millis = Arc::new(AtomicI64::new(0));
        let clock = {
            let millis = millis.clone();
            Clock::new(move || Timestamp::from_millisecond(millis.load(Ordering::Relaxed)).unwrap())
        };
        let mut bot = Bot {
            app: App::new(settings, store, Arc::new(clock)).unwrap(),
            console: Console::new(Box::new(io::sink()), Box::new(|| PLAIN), ""),
            clock: millis,
            turns: Turns::default(),
            ground,
        };
        bot.at("2026-11-06T12:00:00Z");
        bot.load().await;
        let place = channel("console:local");
        for line in ["/subscribe japan daily 18:00", "/subscribe us-nk instant"] {
            let said = bot.app.bot().command(&bot.console, &place, true, line);
            said.await.unwrap();
        }
        bot
    }

    fn at(&mut self, moment: &str) {
        let moment: Timestamp = moment.parse().unwrap();
        self.clock.store(moment.as_millisecond(), Ordering::Relaxed);
    }

    fn later(&mut self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    async fn load(&self) {
        let ingest = self.app.ingest();
        let loading = ingest.load_sources(Recheck::Touched, Duration::ZERO, &|_, _, _| {});
        loading.await.unwrap();
    }

    fn drop_file(&self, name: &str, text: &str) {
        let path = self.ground.at("digests").join(name);
        fs::write(&path, page(text)).unwrap();
    }

    /// A turn of the scheduler; whether the slot that was due is served.
    async fn serves(&mut self) -> bool {
        let scheduler = self.app.scheduler();
        let turn = scheduler.turn(&self.console, &mut self.turns);
        let next = turn.await.unwrap().unwrap();
        let now = self.app.now();
        let due: i64 = self
            .ground
            .value("SELECT due_at FROM channels")
            .parse()
            .unwrap();
        let is_served = due > now.as_millisecond();
        if !is_served {
            assert_eq!(next.duration_since(now), SignedDuration::from_secs(1));
        }
        is_served
    }

    fn posted(&self, words: &str) -> i64 {
        let part = format!("parts WHERE wire LIKE '%{words}%'");
        self.ground.count(&part)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_that_was_missed_waits_for_every_source_that_was_due_before_it() {
    let Some(mut bot) = Bot::begun().await else {
        return;
    };
    // One that isn't late waits for nobody.
    bot.drop_file("2026-11-06.txt", "# Japan\nSquid counted | All of them.");
    bot.at("2026-11-06T18:00:59Z");
    assert!(bot.serves().await);
    bot.load().await;
    // The night was long.
    bot.drop_file("2026-11-07.txt", "# Japan\nWalrus seen | Once.");
    bot.at("2026-11-07T18:05:00Z");
    assert!(!bot.serves().await);
    bot.later(30);
    assert!(!bot.serves().await);
    bot.load().await;
    assert!(bot.serves().await);
    assert_eq!((bot.posted("Walrus"), bot.posted("Squid")), (1, 1));
    // What was loaded since the slot was planned, and isn't due again, isn't waited for.
    bot.drop_file("2026-11-08.txt", "# Japan\nOctopus met | At sea.");
    bot.at("2026-11-08T17:58:00Z");
    bot.load().await;
    bot.at("2026-11-08T18:02:00Z");
    assert!(bot.serves().await);
    assert_eq!(bot.posted("Octopus"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_for_two_minutes_at_most_and_for_no_source_that_fails() {
    let Some(mut bot) = Bot::begun().await else {
        return;
    };
    bot.at("2026-11-06T18:05:00Z");
    assert!(!bot.serves().await);
    // What comes as it comes to the same place waits with it.
    let file = bot.ground.at("elsewhere.txt");
    fs::write(&file, page("# US-NK Relations\nEnvoy sent | By train.")).unwrap();
    let looks =
        vec![tidings::ingest::folder::FileStat::at(&file, "elsewhere.txt".to_owned()).unwrap()];
    let loading = bot.app.ingest().load_files(looks, true, &|_, _| {});
    loading.await.unwrap();
    bot.later(119);
    assert!(!bot.serves().await);
    assert_eq!(bot.posted("Envoy"), 0);
    bot.later(1);
    assert!(bot.serves().await);
    assert_eq!(bot.posted("Envoy"), 1);
    bot.at("2026-11-07T18:05:00Z");
    assert!(!bot.serves().await);
    fs::rename(bot.ground.at("digests"), bot.ground.at("gone")).unwrap();
    bot.load().await;
    assert!(bot.serves().await);
    let failing = "SELECT last_error FROM sources WHERE name = 'digests'";
    assert!(bot.ground.value(failing).contains("can't be read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_machine_wakes_up_its_feeds_are_asked_before_what_was_missed_is_made() {
    let site = Site::start();
    let feed = |items: &[&str]| {
        let items = items.iter().map(|title| {
            format!(
                "<item><guid>{title}</guid><title>{title}</title><category>Japan</category></item>"
            )
        });
        let items: String = items.collect();
        Reply::page(format!(
            "<rss version=\"2.0\"><channel><title>W</title>{items}</channel></rss>"
        ))
    };
    site.set("/feed", feed(&["Squid counted"]));
    let url = site.url("/feed");
    let config = format!(
        "{CONFIG}[[source]]\nname = \"web\"\nkind = \"feed\"\nurl = \"{url}\"\nallow_private = [\"127.0.0.1\"]\n"
    );
    let mut bot = Bot::on(Ground::new(), &config).await;
    // The machine slept over the slot, and wakes an hour later.
    site.set("/feed", feed(&["Walrus seen", "Squid counted"]));
    bot.at("2026-11-06T19:00:00Z");
    assert!(!bot.serves().await);
    assert_eq!(bot.posted("Walrus"), 0);
    bot.load().await;
    assert!(bot.serves().await);
    assert_eq!((bot.posted("Walrus"), bot.posted("Squid")), (1, 0));
    // Whatever the web does, it is waited for two minutes.
    bot.at("2026-11-07T19:00:00Z");
    assert!(!bot.serves().await);
    bot.later(120);
    assert!(bot.serves().await);
}
