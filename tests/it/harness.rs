//! A bot in a folder of its own, with a clock that the test sets and a console that it reads: so that a test
//! reads like a conversation. A test fails if a post was left unread.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp, Zoned};
use tidings::chat::commands::{ListPage, Reply};
use tidings::delivery::Worker;
use tidings::ingest::folder::FileStat;
use tidings::ingest::{PassSummary, Recheck, folder};
use tidings::platforms::console::{Console, Screen};
use tidings::roundups::Ticked;
use tidings::runtime::App;
use tidings::task::Clock;
use tidings_core::channel::ChannelRow;
use tidings_core::ids::{ChannelKey, ItemId, SectionId};
use tidings_core::platform::ChatPlatform;
use tidings_store::OPERATOR;
use tokio::runtime::{Handle, Runtime};
use tokio::task::block_in_place;

use crate::ground::{Ground, open_store};

/// Neither wrapped nor coloured, as into a pipe.
pub(crate) const PLAIN: Screen = Screen {
    width: None,
    colour: false,
};

/// What the bots of most tests are configured with.
pub(crate) const CONFIG: &str = r#"
[store]
path = "data/tidings.db"

[[section]]
slug = "us-nk"
title = "US–North Korea relations"
headings = ["US-NK Relations", "북미관계"]
match = ["North Korea-US", "envoy"]

[[section]]
slug = "inter-korean"
title = "Inter-Korean relations"
headings = ["Between the Koreas", "남북관계"]
match = ["Kaesong", "남북"]

[[section]]
slug = "japan"
title = "Japan"
match = ["Tokyo"]

[[source]]
name = "digests"
kind = "folder"
path = "digests"
stop_at = ["Hanbit Weekly is funded by"]
"#;

/// When a conversation begins: a Friday noon in UTC.
const START: &str = "2026-11-06T12:00[UTC]";

/// A bot and the one who talks to it.
pub(crate) struct Chat {
    bot: Option<App>,
    clock: Arc<AtomicI64>,
    console: Arc<Console>,
    printed: Printed,
    older: Option<ListPage>,
    files: u32,
    pub(crate) ground: Ground,
}

/// Where the console prints to.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Printed {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Chat {
    /// A bot with the usual configuration and an empty folder.
    pub(crate) fn new() -> Chat {
        Chat::with(CONFIG)
    }

    /// A bot with a configuration of its own, and an empty folder.
    pub(crate) fn with(config: &str) -> Chat {
        Chat::on(Ground::new(), config)
    }

    /// The same on a ground of its own.
    pub(crate) fn on(ground: Ground, config: &str) -> Chat {
        fs::create_dir(ground.at("digests")).unwrap();
        let printed = Printed::default();
        let mut chat = Chat {
            bot: None,
            clock: Arc::new(AtomicI64::new(moment(START).as_millisecond())),
            console: Arc::new(Console::new(
                Box::new(printed.clone()),
                Box::new(|| PLAIN),
                "",
            )),
            printed,
            older: None,
            files: 0,
            ground,
        };
        chat.configure(config);
        chat
    }

    /// A bot that has loaded a baseline: what comes from now on is news.
    pub(crate) fn started() -> Chat {
        let mut chat = Chat::new();
        chat.load();
        chat
    }

    /// Stops the bot, and starts it with another configuration.
    pub(crate) fn configure(&mut self, config: &str) {
        let file = self.path("tidings.toml");
        fs::write(&file, config).unwrap();
        self.restart();
    }

    /// Stops the bot, and starts it again.
    pub(crate) fn restart(&mut self) {
        self.bot = None;
        self.older = None;
        self.bot = Some(self.begun());
    }

    /// A bot on the same store, by the same clock: another process beside the one that is talked to.
    pub(crate) fn begun(&self) -> App {
        let settings = self.ground.settings();
        let store = open_store(&settings);
        let millis = self.clock.clone();
        let clock = Arc::new(Clock::new(move || {
            Timestamp::from_millisecond(millis.load(Ordering::Relaxed)).unwrap()
        }));
        store
            .blocking()
            .write(|db| db.recover(self.console.name()))
            .expect("nothing is in flight");
        App::new(settings, store, clock).unwrap()
    }

    pub(crate) fn app(&self) -> &App {
        self.bot.as_ref().unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.ground.at(name)
    }

    // The clock.

    /// Sets the clock to a moment such as `2019-03-09T08:00[Asia/Seoul]`.
    pub(crate) fn at(&mut self, when: &str) -> &mut Chat {
        let millis = moment(when).as_millisecond();
        self.clock.store(millis, Ordering::Relaxed);
        self
    }

    /// Sets the clock.
    pub(crate) fn set_clock(&mut self, at: Timestamp) {
        self.clock.store(at.as_millisecond(), Ordering::Relaxed);
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, time: SignedDuration) -> &mut Chat {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.clock.fetch_add(millis, Ordering::Relaxed);
        self
    }

    // The conversation.

    /// What the bot answers to a manager.
    pub(crate) fn say(&mut self, line: &str) -> String {
        self.ask(true, line)
    }

    /// What the bot answers to somebody who may only read.
    pub(crate) fn say_as_reader(&mut self, line: &str) -> String {
        self.ask(false, line)
    }

    fn ask(&mut self, manager: bool, line: &str) -> String {
        let channel = Console::channel();
        let bot = self.app().bot();
        let answering = bot.command(&*self.console, &channel, manager, line);
        let reply = block_on(answering).unwrap();
        self.hear(reply)
    }

    /// The next page of what was last answered.
    pub(crate) fn more(&mut self) -> String {
        let page = self.older.take().expect("a page that goes on");
        let (bot, channel) = (self.app().bot(), Console::channel());
        let reply = block_on(bot.show_page(&*self.console, &channel, &page)).unwrap();
        self.hear(reply)
    }

    /// Whether what was last answered goes on.
    pub(crate) fn has_more(&self) -> bool {
        self.older.is_some()
    }

    fn hear(&mut self, reply: Reply) -> String {
        self.older = reply.older;
        let answer = PLAIN.show(&reply.post);
        assert!(!answer.contains("{$"), "a text lacks a value: {answer}");
        answer
    }

    /// Makes the roundups that are due, and sends nothing.
    pub(crate) fn tick(&mut self) -> Ticked {
        block_on(self.app().scheduler().tick(&*self.console)).unwrap()
    }

    /// What is posted at this moment.
    pub(crate) fn posted(&mut self) -> String {
        self.tick();
        let mut worker = Worker::new(self.console.clone());
        block_on(self.app().deliver(&mut worker)).unwrap();
        let posts = self.printed.take();
        assert!(!posts.contains("{$"), "a text lacks a value: {posts}");
        posts
    }

    /// Sets the clock; what is posted then.
    pub(crate) fn tick_at(&mut self, when: &str) -> String {
        self.at(when).posted()
    }

    /// What a running bot does every minute; `room` is what is left of the disk.
    pub(crate) fn keep_up(&mut self, room: Option<u64>) -> String {
        let platforms: Vec<Arc<dyn ChatPlatform>> = vec![self.console.clone()];
        let app = self.app();
        block_on(app.keep_up(app.store(), &platforms, room, &mut 0)).unwrap();
        self.posted()
    }

    // The folder.

    /// Puts a document into the source's folder. Its time is the clock's.
    pub(crate) fn drop_file(&mut self, name: &str, text: impl AsRef<[u8]>) -> &mut Chat {
        self.drop_into("digests", name, text)
    }

    pub(crate) fn drop_into(
        &mut self,
        folder: &str,
        name: &str,
        text: impl AsRef<[u8]>,
    ) -> &mut Chat {
        let path = self.path(folder).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        self.files += 1;
        let millis = u64::try_from(self.clock.load(Ordering::Relaxed)).unwrap();
        // No two files of a test have the same time.
        let time = Duration::from_millis(millis) + Duration::from_micros(self.files.into());
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(UNIX_EPOCH + time).unwrap();
        self
    }

    /// Loads the configured sources as a running bot does; what came of it, in a line a source.
    pub(crate) fn load(&mut self) -> String {
        self.load_trusting(Recheck::Touched)
    }

    pub(crate) fn load_trusting(&mut self, trust: Recheck) -> String {
        summary(&loaded(self.app(), trust))
    }

    /// How often a manager's line is answered while the sources are loaded on another thread.
    pub(crate) fn answered_while_loading(&self, line: &str) -> usize {
        let (bot, channel) = (self.app(), Console::channel());
        std::thread::scope(|threads| {
            let loading = threads.spawn(|| loaded(bot, Recheck::Touched));
            let mut answered = 0;
            while !loading.is_finished() {
                block_on(bot.bot().command(&*self.console, &channel, true, line)).unwrap();
                answered += 1;
            }
            loading.join().unwrap();
            answered
        })
    }

    /// What `tidings load FILE` does.
    pub(crate) fn load_file(&mut self, path: &Path, push: bool) -> String {
        let name = path.to_string_lossy().into_owned();
        let looks = vec![FileStat::at(path, name).unwrap()];
        let loading = self.app().ingest().load_files(looks, push, &|_, _| {});
        summary(&block_on(loading).unwrap())
    }

    /// What is in the source's folder, by name.
    pub(crate) fn files(&self) -> Vec<String> {
        let looks = folder::list(&self.path("digests")).unwrap();
        looks.into_iter().map(|look| look.name).collect()
    }

    /// The section of a slug.
    pub(crate) fn section(&self, slug: &str) -> SectionId {
        let sections = self.app().store().blocking().read(|db| db.sections());
        let sections = sections.unwrap();
        let found = sections.iter().find(|s| s.slug.as_str() == slug);
        found.expect("a section").id
    }

    /// What `tidings sections hide` does.
    pub(crate) fn hide(&mut self, slug: &str) {
        let section = self.section(slug);
        let hidden =
            self.app().store().blocking().write(|db| {
                tidings::editing::sections::hide(db, section, OPERATOR, self.app().now())
            });
        hidden.unwrap().unwrap();
    }

    pub(crate) fn console(&self) -> Arc<Console> {
        self.console.clone()
    }

    /// What `tidings remove` does.
    pub(crate) fn remove(&mut self, id: i64) -> Option<String> {
        self.app()
            .store()
            .blocking()
            .write(|db| db.withdraw_item(ItemId::new(id)))
            .unwrap()
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.posted(), "", "a post was left unread");
        }
    }
}

fn summary(reports: &[PassSummary]) -> String {
    let mut lines = Vec::new();
    for report in reports {
        let PassSummary {
            name,
            new,
            updated,
            unchanged,
            pushed,
            ..
        } = report;
        lines.push(format!(
            "{name}: {new} new, {updated} updated, {unchanged} unchanged, {pushed} pushed"
        ));
        lines.extend(
            report
                .discovered
                .iter()
                .map(|(slug, title)| format!("discovered {slug}: {title}")),
        );
        lines.extend(report.failed.iter().map(|failed| {
            let line = failed.line.map(|at| format!(", line {at}"));
            let news = if failed.news { "" } else { " (as reported)" };
            format!(
                "failed{news} {}{}: {}",
                failed.document,
                line.unwrap_or_default(),
                failed.reason
            )
        }));
    }
    lines.join("\n")
}

/// A moment such as `2019-03-09T08:00[Asia/Seoul]`.
pub(crate) fn moment(when: &str) -> Timestamp {
    let zoned: Zoned = when.parse().unwrap_or_else(|e| panic!("{when}: {e}"));
    zoned.timestamp()
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
});

/// Waits for something within a test, whether it has a runtime of its own or none.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    match Handle::try_current() {
        Ok(own) => block_in_place(|| own.block_on(future)),
        Err(_) => RUNTIME.block_on(future),
    }
}

/// Loads what is configured, without a pause between two looks at a file.
pub(crate) fn loaded(app: &App, recheck: Recheck) -> Vec<PassSummary> {
    let loading = app
        .ingest()
        .load_sources(recheck, Duration::ZERO, &|_, _, _| {});
    block_on(loading).unwrap()
}

/// What is kept about a channel.
pub(crate) fn row(app: &App, channel: &ChannelKey) -> Option<ChannelRow> {
    app.store()
        .blocking()
        .read(|db| db.channel(channel))
        .unwrap()
}

pub(crate) fn channel(key: &str) -> ChannelKey {
    key.parse().unwrap()
}

/// A page as a publisher saves it: each line is a heading (`# …`), or a title and, behind `|`, the
/// paragraphs of its summary.
pub(crate) fn page(lines: &str) -> String {
    let mut page = String::new();
    for line in lines.trim().lines().map(str::trim) {
        if line.is_empty() {
            continue;
        }
        let gap = if page.is_empty() { "" } else { "\n\n" };
        page.push_str(gap);
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        page.push_str(parts.join("\n\n").trim_start_matches("# "));
        page.push('\n');
    }
    page
}
