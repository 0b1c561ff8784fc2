//! A bot that runs with its production loops against a fake platform, in a folder of its own, with a clock that
//! the test sets.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tidings::ingest::Recheck;
use tidings::platforms;
use tidings::platforms::kit::Service;
use tidings::runtime::{App, Ended, serve};
use tidings::settings::Settings;
use tidings::task::Clock;
use tidings_core::ids::ChannelKey;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, block_in_place};

use crate::ground::{Ground, open_store};
use crate::harness::{CONFIG, loaded, moment, page, row};

/// When a conversation begins: a Friday noon in UTC.
const START: &str = "2026-11-06T12:00[UTC]";

/// How often the running clock moves on.
const BEAT: std::time::Duration = std::time::Duration::from_millis(20);

/// How far it moves then.
const STEP: SignedDuration = SignedDuration::from_millis(500);

/// What a stage needs to know of the platform that it plays on.
pub(crate) trait Fake: Clone {
    /// The platform's name.
    const NAME: &'static str;

    /// What is configured so that a test doesn't wait for a pace that needn't be kept.
    const FAST: &'static str;

    /// How many platforms a bot runs on it.
    const PLATFORMS: usize = 1;

    /// A server.
    fn begin() -> Self;

    /// The variables that lead a bot to it.
    fn variables(&self) -> Vec<(&'static str, String)>;

    /// The platforms that a bot with these settings runs.
    fn services(&self, settings: &Settings) -> Vec<Arc<dyn Service>> {
        let connects = platforms::ALL.iter().filter_map(|spec| spec.connect);
        connects
            .filter_map(|connect| connect(settings).unwrap())
            .collect()
    }

    /// Waits until a bot listens.
    async fn is_listened_to(&self);

    /// Fails the test if a bot broke the platform's rules, or left somebody without an answer.
    fn is_content(&self);
}

/// A bot's folder and clock, and the platform it talks to; they stay while the bot comes and goes.
pub(crate) struct Stage<F> {
    pub(crate) server: F,
    clock: Arc<AtomicI64>,
    running: Option<Running>,
    pub(crate) ground: Ground,
}

struct Running {
    bot: Arc<App>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Ended>,
}

impl<F: Fake> Stage<F> {
    /// A running bot with a small archive as its baseline, and without limits of pace.
    pub(crate) async fn new() -> Stage<F> {
        let mut stage = Stage::empty(&format!("{CONFIG}{}", F::FAST));
        stage.archive();
        stage.start().await;
        stage
    }

    /// A folder with a configuration, an empty source and no bot running.
    pub(crate) fn empty(config: &str) -> Stage<F> {
        let ground = Ground::new();
        fs::create_dir(ground.at("digests")).unwrap();
        fs::write(ground.at("tidings.toml"), config).unwrap();
        Stage {
            server: F::begin(),
            clock: Arc::new(AtomicI64::new(moment(START).as_millisecond())),
            running: None,
            ground,
        }
    }

    /// Two documents for the baseline.
    pub(crate) fn archive(&self) {
        self.write(
            "weekly-october-30-2026.txt",
            "# US-NK Relations
             Envoys meet in Geneva for a second day | The envoys agreed to a third.
             U.S. letter draws a reply | It was three pages long.
             # Japan
             Squid counted together | Research vessels will count from January.",
        );
        self.write(
            "weekly-november-4-2026.txt",
            "# Between the Koreas
             Kaesong gate gets new hinges | They don't squeak.
             # US-NK Relations
             Liaison office gets a door plate | It is made of brass.",
        );
    }

    /// Puts a document into the source's folder; see [`page`] for its form.
    pub(crate) fn write(&self, name: &str, lines: &str) {
        let file = self.ground.at("digests").join(name);
        fs::write(file, page(lines)).unwrap();
    }

    /// Puts a document into another source's folder; see [`page`] for its form.
    pub(crate) fn write_to(&self, folder: &str, name: &str, lines: &str) {
        let folder = self.ground.at(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), page(lines)).unwrap();
    }

    /// Puts a document into the source's folder as it is.
    pub(crate) fn put(&self, name: &str, text: &str) {
        fs::write(self.ground.at("digests").join(name), text).unwrap();
    }

    /// A document with news, loaded at once.
    pub(crate) fn news(&self, name: &str, lines: &str) {
        self.write(name, lines);
        self.load();
    }

    /// Has the bot begin with a store that is kept somewhere.
    pub(crate) fn keep_store(&self, from: &Path) {
        let folder = self.ground.at("data");
        fs::create_dir(&folder).unwrap();
        fs::copy(from, folder.join("tidings.db")).unwrap();
    }

    /// Changes the configuration, from the next start on.
    pub(crate) fn configure(&self, config: &str) {
        fs::write(self.ground.at("tidings.toml"), config).unwrap();
    }

    /// Loads what is in the folder.
    pub(crate) fn load(&self) {
        let app = self.app();
        for report in loaded(app, Recheck::Touched) {
            assert!(report.failed.is_empty(), "{:?}", report.failed);
        }
    }

    /// The running bot.
    pub(crate) fn app(&self) -> &App {
        &self.running.as_ref().expect("the bot runs").bot
    }

    /// Starts the bot, which loads its folder first; returns once it listens and may make roundups.
    pub(crate) async fn start(&mut self) {
        self.launch(true).await;
        self.server.is_listened_to().await;
        let mut loaded = self.app().loaded.subscribe();
        loaded.wait_for(|loaded| *loaded).await.unwrap();
    }

    /// Starts the bot without waiting until it listens; `load` says whether it loads its folder.
    pub(crate) async fn launch(&mut self, load: bool) {
        let loaded = self.begin(move |bot| {
            if load {
                loaded(bot, Recheck::Touched);
            }
        });
        loaded.await.unwrap();
    }

    /// Starts the bot, which loads its folder only when it is told to; returns once it listens.
    pub(crate) async fn start_loading(&mut self) -> std::sync::mpsc::Sender<()> {
        let (tell, told) = std::sync::mpsc::channel();
        let _loaded = self.begin(move |bot| {
            let _ = told.recv();
            loaded(bot, Recheck::Touched);
        });
        self.server.is_listened_to().await;
        tell
    }

    /// Has the bot run; tells when `load` is done.
    fn begin(&mut self, load: impl FnOnce(&App) + Send + 'static) -> oneshot::Receiver<()> {
        let read = || self.ground.settings_with(self.server.variables());
        let settings = read();
        let store = open_store(&settings);
        store.blocking().write(|db| db.recover(F::NAME)).unwrap();
        let millis = self.clock.clone();
        let clock = Arc::new(Clock::new(move || {
            Timestamp::from_millisecond(millis.load(Ordering::Relaxed)).unwrap()
        }));
        let services = self.server.services(&settings);
        assert_eq!(services.len(), F::PLATFORMS);
        let bot = Arc::new(App::new(read(), store, clock).unwrap());
        let (stop, stopped) = oneshot::channel();
        let (tell, loaded) = oneshot::channel();
        let loading = {
            let bot = bot.clone();
            async move {
                block_in_place(|| load(&bot));
                let _ = tell.send(());
            }
        };
        let task = tokio::spawn(serve(bot.clone(), services, loading, async {
            let _ = stopped.await;
        }));
        self.running = Some(Running { bot, stop, task });
        loaded
    }

    /// Stops the bot as a signal does; how it ended.
    pub(crate) async fn stop(&mut self) -> Ended {
        let running = self.running.take().expect("the bot runs");
        let _ = running.stop.send(());
        running.task.await.unwrap()
    }

    /// Waits until the bot ends by itself.
    pub(crate) async fn ended(&mut self) -> Ended {
        let running = self.running.take().expect("the bot runs");
        running.task.await.unwrap()
    }

    /// Ends the bot as a kill does: nothing is finished, nothing is settled.
    pub(crate) async fn kill(&mut self) {
        let running = self.running.take().expect("the bot runs");
        running.task.abort();
        let _ = running.task.await;
        // A task in the middle of a transaction ends with it, as a killed process doesn't.
        while Arc::strong_count(&running.bot) > 1 {
            tokio::task::yield_now().await;
        }
    }

    /// Stops the bot, and starts it again.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    /// Sets the clock while no bot runs.
    pub(crate) fn set(&self, when: &str) {
        let millis = moment(when).as_millisecond();
        self.clock.store(millis, Ordering::Relaxed);
    }

    /// Breaks the clock: whoever looks at it panics, until it is set.
    pub(crate) fn break_clock(&self) {
        self.clock.store(i64::MAX, Ordering::Relaxed);
    }

    /// Sets the clock, and has the loops look at it.
    pub(crate) fn at(&self, when: &str) {
        self.set(when);
        self.app().wake.schedule();
        self.app().wake.outbox();
    }

    /// Lets the clock jump.
    pub(crate) fn pass(&self, time: SignedDuration) {
        let then: Timestamp = self.app().now().checked_add(time).unwrap();
        self.at(&format!("{then}[UTC]"));
    }

    /// Lets the clock run until something has come: pauses of seconds take hundredths of them.
    pub(crate) async fn run<T>(&self, coming: impl Future<Output = T>) -> T {
        tokio::pin!(coming);
        loop {
            tokio::select! {
                come = &mut coming => return come,
                () = crate::fakes::clock::pause(BEAT) => self.pass(STEP),
            }
        }
    }

    /// Waits until a look finds something that no request tells of.
    pub(crate) async fn seen<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        for _ in 0..1_500 {
            if let Some(found) = look() {
                return found;
            }
            crate::fakes::clock::pause(BEAT).await;
        }
        panic!("waited in vain for {what}");
    }

    /// Why nothing is delivered to a channel; `None` while it is.
    pub(crate) fn pause_of(&self, address: u64) -> Option<String> {
        self.pause_of_address(&address.to_string())
    }

    pub(crate) fn pause_of_address(&self, address: &str) -> Option<String> {
        let key = ChannelKey::new(F::NAME, address).unwrap();
        let row = row(self.app(), &key)?;
        row.pause.map(|pause| pause.reason.unwrap_or_default())
    }

    /// Parts that wait, and parts that were refused for good.
    pub(crate) fn queue(&self) -> (usize, usize) {
        let queue = self
            .app()
            .store()
            .blocking()
            .read(|db| db.queue(None))
            .unwrap();
        (queue.waiting, queue.dead)
    }

    /// Ends the scenario: the bot stops, and the platform found nothing wrong with what it asked.
    pub(crate) async fn over(mut self) {
        if self.running.is_some() {
            let ended = self.stop().await;
            assert!(matches!(ended, Ended::Stopped), "{ended:?}");
        }
        self.server.is_content();
    }
}
