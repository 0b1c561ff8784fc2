//! A bot with a few items, which hears what comes from people; begun anew now and then, so that nothing piles up.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use tempfile::TempDir;
use tidings::ingest::Recheck;
use tidings::platforms;
use tidings::runtime::App;
use tidings::settings::{self, Settings};
use tidings_store::{OpenMode, Store};
use tokio::runtime::Handle;

/// What time it always is: some minutes after the samples were sent.
pub(super) const NOW: i64 = 1_794_830_580;

/// Things that one bot hears.
const MOST: usize = 200;

const CONFIGURATION: &str = r#"
[store]
path = "tidings.db"

[telegram]
api_url = "http://127.0.0.1:1"

[discord]
api_url = "http://127.0.0.1:1"

[[section]]
slug = "us-nk"
title = "US–North Korea relations"
headings = ["US-NK Relations", "북미관계"]

[[section]]
slug = "japan"
title = "Japan"
match = ["Tokyo"]

[[source]]
name = "digests"
kind = "folder"
path = "digests"
"#;

const NEWS: &str = "Japan


Squid season opens early

Boats left the harbour of Hakodate at dawn. The catch is small.


Tokyo plants ferns on its roofs

A thousand of them, says the town hall.


US-NK Relations


Envoy speaks of a third meeting

남북 정상회담을 앞두고 그는 서울에 왔다.
";

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

/// A folder of this thread's own, in memory where there is such a place; it goes with the thread.
pub(super) fn folder() -> PathBuf {
    thread_local! {
        static FOLDER: TempDir = new_folder();
    }
    FOLDER.with(|folder| folder.path().to_owned())
}

fn new_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir());
    made.expect("a folder")
}

/// A bot, and what speaks for platforms.
pub(super) struct World {
    pub(super) bot: App,
    pub(super) telegram: platforms::telegram::rehearsal::Rehearsal,
    pub(super) discord: platforms::discord::rehearsal::Rehearsal,
    pub(super) services: Vec<Arc<dyn platforms::kit::Service>>,
    heard: usize,
    _folder: TempDir,
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all();
    builder.build().expect("a runtime")
});

/// Waits for the bot, within what [`with`] does or before it.
pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    match Handle::try_current() {
        Ok(handle) => tokio::task::block_in_place(|| handle.block_on(future)),
        Err(_) => RUNTIME.block_on(future),
    }
}

/// Does something with the bot. Whatever it does to channels is forgotten afterwards.
pub(super) fn with<T>(work: impl FnOnce(&mut World) -> T) -> T {
    WORLD.with_borrow_mut(|held| {
        if held.as_ref().is_some_and(|world| world.heard >= MOST) {
            *held = None;
        }
        let world = held.get_or_insert_with(World::new);
        world.heard += 1;
        let done = RUNTIME.block_on(async { work(world) });
        world.forget();
        done
    })
}

impl World {
    fn new() -> World {
        let folder = new_folder();
        let settings = || -> Settings {
            let environment: BTreeMap<String, String> = [
                (
                    "TELEGRAM_TOKEN",
                    "1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDfuzz",
                ),
                (
                    "DISCORD_TOKEN",
                    "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs-fuz",
                ),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
            settings::load(
                &folder.path().join("tidings.toml"),
                &environment,
                folder.path(),
            )
            .expect("a configuration")
        };
        fs::write(folder.path().join("tidings.toml"), CONFIGURATION).expect("a file");
        fs::create_dir(folder.path().join("digests")).expect("a folder");
        fs::write(folder.path().join("digests/2026-11-06.txt"), NEWS).expect("a file");
        let read = settings();
        let store = Store::open_at(&read.store.address, OpenMode::Work).expect("a store");
        let now = Timestamp::from_second(NOW).expect("a moment");
        let bot = App::new(
            read,
            store,
            Arc::new(tidings::task::Clock::new(move || now)),
        )
        .expect("a bot");
        let between = std::time::Duration::ZERO;
        let loading = bot
            .ingest()
            .load_sources(Recheck::Content, between, &|_, _, _| {});
        assert_eq!(wait(loading).expect("a source")[0].new, 3);
        let services = platforms::ALL
            .iter()
            .filter_map(|spec| spec.connect)
            .filter_map(|connect| connect(&settings()).expect("a platform"))
            .collect();
        World {
            telegram: platforms::telegram::rehearsal::Rehearsal::new(&settings(), "TidingsBot")
                .expect("a token"),
            discord: platforms::discord::rehearsal::Rehearsal::new(&settings(), "Tidings")
                .expect("a token"),
            services,
            bot,
            heard: 0,
            _folder: folder,
        }
    }

    /// A number that no other has that this bot hears.
    pub(super) fn number(&self) -> usize {
        self.heard
    }

    /// What channels follow, and how they are set: empty at first.
    pub(super) fn followed(&self) -> Vec<String> {
        let store = self.bot.store();
        let followed = store.blocking().read(|db| {
            let mut all = Vec::new();
            for channel in db.channels()? {
                for subscription in db.subscriptions(channel.id)? {
                    all.push(format!("{} {subscription:?}", channel.key));
                }
            }
            Ok::<_, tidings_store::StoreError>(all)
        });
        followed.expect("a store that can be read")
    }

    fn forget(&self) {
        let store = self.bot.store();
        let channels = store
            .blocking()
            .read(|db| db.channels())
            .expect("a store that can be read");
        for channel in channels {
            store
                .blocking()
                .write(|db| db.erase_channel(&channel))
                .expect("a store that can be written");
        }
    }
}
