//! A Telegram that lives in memory: the Bot API over loopback, strict about what the bot asks, with people and
//! chats that a test moves about.
//!
//! A test makes people and chats, lets them act ([`Person`], [`Chat`]), waits for what the bot does
//! ([`FakeTelegram::wait_for`]), and in the end asks for [`FakeTelegram::violations`]. The server has a thread
//! and a runtime of its own, so that it works beside any test and any paused clock.
#![allow(dead_code, unused_imports, reason = "not every test plays every part")]

mod answers;
mod asking;
mod body;
mod chats;
mod detect;
mod ephemeral;
mod faults;
mod html;
mod json;
mod keyboard;
mod ledger;
mod limits;
mod params;
mod people;
mod polling;
mod selftest;
mod sending;
mod server;
mod speech;
mod transcript;
mod updates;
mod waiting;
mod webhook;
mod world;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{oneshot, watch};

use super::port::Port;

pub(crate) use chats::Chat;
pub(crate) use faults::{Fault, Injected};
pub(crate) use ledger::{Callback, CallbackAnswer, Request};
pub(crate) use people::Person;
pub(crate) use speech::Speech;
pub(crate) use world::{Author, BOT, GENERAL, Kind, Message, Rights, Status, World};

/// What the server's tasks and the test's handles have in common.
pub(super) struct Shared {
    world: Mutex<World>,
    /// Counts every change, for those who wait for one.
    changed: watch::Sender<u64>,
    /// Counts what concerns polls: new updates, new polls, webhooks.
    arrived: watch::Sender<u64>,
    token: String,
}

impl Shared {
    /// Looks at the world or changes it, then wakes whoever waits for that.
    fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.lock();
        let before = (world.updates.next_id, world.webhook.hook.is_some());
        let result = act(&mut world);
        let after = (world.updates.next_id, world.webhook.hook.is_some());
        drop(world);
        if before != after {
            self.arrived.send_modify(|n| *n += 1);
        }
        self.touch();
        result
    }

    /// The same for looks that nobody needs to hear of.
    fn with_quietly<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.lock())
    }

    /// Whoever asks the server from inside `with` or `wait_for` gets told, rather than stuck.
    fn lock(&self) -> MutexGuard<'_, World> {
        let world = self.world.try_lock_for(Duration::from_secs(10));
        world.expect(
            "a closure given to `with` or `wait_for` must only look at the world it is given",
        )
    }

    fn touch(&self) {
        self.changed.send_modify(|n| *n += 1);
    }
}

/// The server's thread; it ends with the last handle.
struct Host {
    port: Port,
    _end: oneshot::Sender<()>,
}

/// The server, as a test holds it. Clones are the same server.
#[derive(Clone)]
pub(crate) struct FakeTelegram {
    shared: Arc<Shared>,
    host: Arc<Host>,
}

impl fmt::Debug for FakeTelegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeTelegram")
            .field("address", &self.host.port.address())
            .finish_non_exhaustive()
    }
}

impl FakeTelegram {
    /// A server on a free port of this machine.
    pub(crate) fn start() -> Self {
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new()),
            changed: watch::Sender::new(0),
            arrived: watch::Sender::new(0),
            token: "700001:AAFakeTokenForTheFakeServer-0123456".to_owned(),
        });
        let (told, ready) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel::<()>();
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime for the fake server");
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let address = listener.local_addr().expect("a bound port");
                let listening = tokio::spawn(server::listen(Arc::clone(&theirs), listener));
                tokio::spawn(webhook::deliver(theirs));
                told.send((Handle::current(), address, listening))
                    .expect("the test waits");
                // An error is the news: the last handle is gone.
                let _ = ended.await;
            });
        });
        let (runtime, address, listening) = ready.recv().expect("the fake server starts");
        let host = Host {
            port: Port::new(runtime, address, listening),
            _end: end,
        };
        Self {
            shared,
            host: Arc::new(host),
        }
    }

    /// What goes into `[telegram] api_url`.
    pub(crate) fn api_url(&self) -> String {
        format!("http://{}", self.host.port.address())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.host.port.address()
    }

    pub(crate) fn token(&self) -> &str {
        &self.shared.token
    }

    /// Closes the port and every connection: the bot's next attempt to connect is refused.
    pub(crate) async fn go_down(&self) {
        self.host.port.go_down().await;
    }

    /// Listens on the same port again.
    pub(crate) async fn come_back(&self) {
        let shared = Arc::clone(&self.shared);
        let serve = |listener| server::listen(shared, listener);
        self.host.port.come_back(serve).await;
    }

    /// Looks at the world or changes it. For what no other function offers.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.shared.with(act)
    }

    /// Answers with 429 what goes beyond: messages a second in all and in one private chat, and a minute in one
    /// group or channel. Only accepted messages count; windows slide.
    pub(crate) fn enforce_limits(
        &self,
        overall_per_second: usize,
        private_per_second: usize,
        group_per_minute: usize,
    ) {
        let rates = limits::Rates {
            overall_per_second,
            private_per_second,
            group_per_minute,
        };
        self.with(|world| world.limits.rates = Some(rates));
    }

    /// Counts requests without keeping them, for benchmarks.
    pub(crate) fn forget_requests(&self) {
        self.with(|world| world.forget_requests = true);
    }

    /// Whether `setWebhook` takes `http://` addresses; it does unless told otherwise.
    pub(crate) fn allow_http_webhooks(&self, allow: bool) {
        self.with(|world| world.webhook.allow_http = allow);
    }

    /// Connects here for webhooks, whatever host their address names (also for `https://`, without TLS).
    pub(crate) fn deliver_webhooks_to(&self, address: SocketAddr) {
        self.with(|world| world.webhook.instead = Some(address));
    }

    /// Puts an update of any kind into the queue; its id.
    pub(crate) fn push_raw(&self, kind: &str, content: Value) -> i64 {
        self.with(|world| world.updates.push(kind, content))
    }

    /// Everything the bot did that the API's documentation forbids. Should be empty at the end of a test.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.shared.with_quietly(|world| world.violations.clone())
    }

    /// The same, and forgets them: for tests that provoke some.
    pub(crate) fn take_violations(&self) -> Vec<String> {
        self.shared
            .with_quietly(|world| std::mem::take(&mut world.violations))
    }

    /// Fails the test if there were violations.
    pub(crate) fn assert_clean(&self) {
        let violations = self.violations();
        assert!(
            violations.is_empty(),
            "the bot broke the rules of the Bot API:\n{}",
            violations.join("\n")
        );
    }

    /// The requests with this method so far, oldest first.
    pub(crate) fn requests(&self, method: &str) -> Vec<Request> {
        let wanted = |request: &&Request| request.method.eq_ignore_ascii_case(method);
        self.shared
            .with_quietly(|world| world.requests.iter().filter(wanted).cloned().collect())
    }

    /// When the first request with this method came of which something holds.
    pub(crate) fn first(&self, method: &str, holds: impl Fn(&Request) -> bool) -> Option<Instant> {
        let wanted = |request: &&Request| request.method.eq_ignore_ascii_case(method);
        self.shared.with_quietly(|world| {
            let mut wanted = world.requests.iter().filter(wanted);
            wanted
                .find(|request| holds(request))
                .map(|request| request.at)
        })
    }

    pub(crate) fn all_requests(&self) -> Vec<Request> {
        self.shared.with_quietly(|world| world.requests.clone())
    }

    /// How many requests with this method there were.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.shared
            .with_quietly(|world| waiting::count(world, method))
    }

    /// Messages and text edits that were carried out.
    pub(crate) fn accepted(&self) -> usize {
        self.shared.with_quietly(|world| world.accepted)
    }

    /// How often the limits said 429.
    pub(crate) fn refused_by_limits(&self) -> usize {
        self.shared.with_quietly(|world| world.limits.refused)
    }

    /// The ids of presses that the bot hasn't answered.
    pub(crate) fn unanswered_callbacks(&self) -> Vec<String> {
        let open = |world: &World| {
            let open = world
                .callbacks
                .iter()
                .filter(|(_, callback)| callback.answer.is_none());
            open.map(|(id, _)| id.clone()).collect()
        };
        self.shared.with_quietly(|world| open(world))
    }

    /// From now on the presses so far are too old to be answered.
    pub(crate) fn expire_callbacks(&self) {
        self.with(|world| {
            world
                .callbacks
                .values_mut()
                .for_each(|callback| callback.expired = true)
        });
    }

    /// What the bot answered to a press.
    pub(crate) fn callback_answer(&self, id: &str) -> Option<CallbackAnswer> {
        self.shared.with_quietly(|world| {
            world
                .callbacks
                .get(id)
                .and_then(|callback| callback.answer.clone())
        })
    }

    /// The commands shown in a scope (`default`, `chat -1`, `chat_member -1 1001`) and language (or "").
    pub(crate) fn menu(&self, scope: &str, language: &str) -> Vec<(String, String)> {
        let key = (scope.to_owned(), language.to_owned());
        self.shared
            .with_quietly(|world| world.menus.by_scope.get(&key).cloned().unwrap_or_default())
    }

    /// How often `setMyCommands` succeeded.
    pub(crate) fn menu_calls(&self) -> usize {
        self.shared.with_quietly(|world| world.menus.set_calls)
    }

    /// The highest update id the bot has confirmed.
    pub(crate) fn last_confirmed(&self) -> Option<i64> {
        self.shared
            .with_quietly(|world| world.updates.last_confirmed)
    }

    /// Updates that the bot hasn't confirmed.
    pub(crate) fn pending_updates(&self) -> usize {
        self.shared
            .with_quietly(|world| world.updates.pending.len())
    }

    /// How many polls were ended by a second one.
    pub(crate) fn poll_conflicts(&self) -> usize {
        self.shared.with_quietly(|world| world.updates.conflicts)
    }
}
