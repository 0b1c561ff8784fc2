//! Loops that break: noticed, told, begun anew, and never the end that looks like a good one.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tidings::chat::Bot;
use tidings::delivery::{Sending, Transport};
use tidings::ingest::Recheck;
use tidings::platforms::kit::{Introduction, Listening, Probing, Refused, Service, Share};
use tidings::runtime::{App, Ended, serve};
use tidings::task::Clock;
use tidings_core::delivery::{Outgoing, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};
use tokio::sync::oneshot;
use tokio::sync::watch::Receiver;
use tokio::task::{JoinHandle, block_in_place};

use crate::fakes::clock::pause;
use crate::ground::{Ground, open_store};
use crate::harness::{CONFIG, PLAIN, block_on, channel, loaded, page};

/// A platform whose listening goes wrong as often as the test says.
#[derive(Default)]
struct Fragile {
    sent: Mutex<Vec<String>>,
    /// How often listening was begun.
    listened: AtomicUsize,
    /// How many times it panics, and how many times it ends early, before it goes on.
    panics: usize,
    ends: usize,
    refuses: bool,
}

impl ChatPlatform for Fragile {
    fn name(&self) -> &'static str {
        "fragile"
    }

    fn render(&self, post: &Post, _: &DeliveryOptions) -> Vec<String> {
        vec![PLAIN.show(post)]
    }
}

impl Transport for Fragile {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            self.sent.lock().unwrap().push(message.wire.clone());
            Ok(Sent::as_message("1"))
        })
    }
}

impl Service for Fragile {
    fn listen<'a>(&'a self, _: Arc<Bot>, _: Share, mut stop: Receiver<bool>) -> Listening<'a> {
        Box::pin(async move {
            let time = self.listened.fetch_add(1, Ordering::Relaxed);
            if time < self.panics {
                panic!("the wire snapped");
            }
            if time < self.panics + self.ends {
                return Ok(());
            }
            if self.refuses {
                return Err(Refused("FRAGILE_TOKEN is refused".to_owned()));
            }
            let _ = stop.wait_for(|stop| *stop).await;
            Ok(())
        })
    }

    fn introduce(&self) -> Introduction<'_> {
        Box::pin(async { Ok("fragile".to_owned()) })
    }

    fn invitation(&self) -> Introduction<'_> {
        self.introduce()
    }

    fn probe<'a>(&'a self, _: &'a ChannelKey) -> Probing<'a> {
        Box::pin(async { false })
    }
}

struct Run {
    platform: Arc<Fragile>,
    bot: Arc<App>,
    breaks: Arc<AtomicBool>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Ended>,
    ground: Ground,
}

/// Runs a bot whose clock panics from the beginning, if `breaks` says so: then all loops break.
fn run(platform: Fragile, breaks: bool) -> Run {
    let ground = Ground::new();
    fs::create_dir(ground.at("digests")).unwrap();
    let file = ground.at("tidings.toml");
    let more = "[http]\nlisten = \"0\"\n";
    fs::write(&file, format!("{CONFIG}{more}")).unwrap();
    let mut settings = ground.settings();
    settings.operator.notify = Some("fragile:1".parse().unwrap());
    let store = open_store(&settings);
    let broken = Arc::new(AtomicBool::new(false));
    let clock = {
        let broken = broken.clone();
        Arc::new(Clock::new(move || {
            assert!(!broken.load(Ordering::Relaxed), "the clock is broken");
            Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 365 * 57)
        }))
    };
    let bot = Arc::new(App::new(settings, store, clock).unwrap());
    broken.store(breaks, Ordering::Relaxed);
    let platform = Arc::new(platform);
    let (stop, stopped) = oneshot::channel::<()>();
    let loading = {
        let bot = bot.clone();
        async move {
            loaded(&bot, Recheck::Touched);
        }
    };
    let task = tokio::spawn(serve(bot.clone(), vec![platform.clone()], loading, async {
        let _ = stopped.await;
    }));
    Run {
        platform,
        bot,
        breaks: broken,
        stop: Some(stop),
        task,
        ground,
    }
}

impl Run {
    async fn seen<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        for _ in 0..1_500 {
            if let Some(found) = look() {
                return found;
            }
            pause(Duration::from_millis(20)).await;
        }
        panic!("waited in vain for {what}: {:?}", self.bot.broken.list());
    }

    fn sent(&self, text: &str) -> Option<()> {
        let sent = self.platform.sent.lock().unwrap();
        sent.iter().any(|sent| sent.contains(text)).then_some(())
    }

    async fn ready(&self) -> (u16, String) {
        let served = || self.bot.served_at.get().copied();
        let address = self.seen("an address", served).await;
        let answer = reqwest::get(format!("http://{address}/readyz"))
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn stop(mut self) -> Ended {
        let _ = self.stop.take().unwrap().send(());
        self.task.await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_loop_that_breaks_is_seen_and_begun_anew() {
    // Who shares a store has to know what time it is before anything begins: there it breaks once all runs.
    let is_alone = Ground::keeps_files();
    let run = run(Fragile::default(), is_alone);
    if !is_alone {
        let mut loaded = run.bot.loaded.subscribe();
        loaded.wait_for(|loaded| *loaded).await.unwrap();
        run.breaks.store(true, Ordering::Relaxed);
    }
    let mut names = vec!["fragile: probing", "fragile: roundups", "fragile: sending"];
    if is_alone {
        names.extend(["loading", "upkeep"]);
    }
    let broken = run
        .seen("broken loops", || {
            let broken = run.bot.broken.list();
            let is_there = |name: &str| broken.iter().any(|(broken, _)| broken == name);
            names.iter().all(|name| is_there(name)).then_some(broken)
        })
        .await;
    assert!(
        broken
            .iter()
            .all(|(_, why)| why.contains("the clock is broken"))
    );
    let (status, why) = run.ready().await;
    assert_eq!(status, 503);
    for name in names {
        assert!(why.contains(name), "{name} isn't in {why}");
    }
    run.breaks.store(false, Ordering::Relaxed);
    if !is_alone {
        // What has no reason to begin anew comes round every minute.
        let platforms: Vec<Arc<dyn ChatPlatform>> = vec![run.platform.clone()];
        run.bot
            .keep_up(run.bot.store(), &platforms, None, &mut 0)
            .await
            .unwrap();
    }
    run.seen("the notice", || run.sent("A part of Tidings broke"))
        .await;
    // And everything goes on.
    let channel = channel("fragile:2");
    let say =
        |line: &str| block_on(run.bot.bot().command(&*run.platform, &channel, true, line)).unwrap();
    say("/subscribe japan instant");
    // What breaks before it is loaded is no baseline yet.
    let baseline = run.ground.at("digests/2026-12-31.txt");
    fs::write(baseline, page("# Japan\nSquid counted | All of them.")).unwrap();
    let items = || {
        block_in_place(|| {
            run.bot
                .store()
                .blocking()
                .read(|db| db.totals())
                .unwrap()
                .items
        })
    };
    run.seen("the baseline", || (items() == 1).then_some(()))
        .await;
    let news = run.ground.at("digests/2027-01-01.txt");
    fs::write(news, page("# Japan\nSquid recounted | One more.")).unwrap();
    run.seen("the roundup", || run.sent("Squid recounted"))
        .await;
    assert!(matches!(run.stop().await, Ended::Stopped));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_breaks_or_ends_early_is_listened_to_again_and_not_ready() {
    for (panics, ends, why) in [(1, 0, "the wire snapped"), (0, 1, "before its time")] {
        let platform = Fragile {
            panics,
            ends,
            ..Fragile::default()
        };
        let run = run(platform, false);
        let listened = || (run.platform.listened.load(Ordering::Relaxed) == 2).then_some(());
        run.seen("a second time", listened).await;
        let (status, said) = run.ready().await;
        assert_eq!(status, 503);
        assert!(
            said.contains("fragile: listening") && said.contains(why),
            "{said}"
        );
        assert!(matches!(run.stop().await, Ended::Stopped));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_last_platform_is_no_good_end() {
    let platform = Fragile {
        panics: 1,
        refuses: true,
        ..Fragile::default()
    };
    let run = run(platform, false);
    match run.task.await.unwrap() {
        Ended::Refused(refused) => assert!(refused.0.contains("FRAGILE_TOKEN")),
        other => panic!("{other:?}"),
    }
}
