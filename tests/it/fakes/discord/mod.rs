//! A Discord that lives in memory: its REST API and its gateway over loopback, strict about what the bot sends, with
//! people and servers that a test moves about.
//!
//! A test makes servers, channels and people, lets people ask ([`Person::asks`]), waits for what the bot does
//! ([`FakeDiscord::wait_for`]), and in the end asks for [`FakeDiscord::assert_clean`]. The server has a thread and a
//! runtime of its own, so that it works beside any test.
#![allow(dead_code, unused_imports, reason = "not every test plays every part")]

mod body;
mod commands;
mod components;
mod faults;
mod gateway;
mod interactions;
mod limits;
pub(crate) mod markdown;
mod openapi;
mod people;
mod permissions;
mod rest;
mod selftest;
mod server;
mod shapes;
mod transcript;
mod waiting;
mod world;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{broadcast, oneshot, watch};

use super::port::Port;

pub(crate) use faults::{Fault, Scope};
pub(crate) use gateway::Sign;
pub(crate) use interactions::State;
pub(crate) use people::{Asked, Person, Said};
pub(crate) use permissions::{
    CREATE_PUBLIC_THREADS, EMBED_LINKS, MANAGE_GUILD, MENTION_EVERYONE, SEND_MESSAGES, USUAL,
    VIEW_CHANNEL,
};
pub(crate) use world::{BOT, Message, Request, World};

/// What the server's tasks and the test's handles have in common.
pub(super) struct Shared {
    world: Mutex<World>,
    /// Counts every change, for those who wait for one.
    changed: watch::Sender<u64>,
    /// What happens to connections of the gateway, besides events.
    signs: broadcast::Sender<Sign>,
    token: String,
    gateway: SocketAddr,
}

impl Shared {
    fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let result = act(&mut self.world.lock());
        self.changed.send_modify(|n| *n += 1);
        result
    }

    fn look<T>(&self, act: impl FnOnce(&World) -> T) -> T {
        act(&self.world.lock())
    }
}

/// The server's thread; it ends with the last handle.
struct Host {
    port: Port,
    _end: oneshot::Sender<()>,
}

/// The server, as a test holds it. Clones are the same server.
#[derive(Clone)]
pub(crate) struct FakeDiscord {
    shared: Arc<Shared>,
    host: Arc<Host>,
}

impl fmt::Debug for FakeDiscord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeDiscord")
            .field("address", &self.host.port.address())
            .finish_non_exhaustive()
    }
}

impl FakeDiscord {
    /// A server on free ports of this machine.
    pub(crate) fn start() -> Self {
        let (told, ready) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel::<()>();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime for the fake server");
            runtime.block_on(async {
                let rest = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let gateway = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let shared = Arc::new(Shared {
                    world: Mutex::new(World::new()),
                    changed: watch::Sender::new(0),
                    signs: broadcast::Sender::new(256),
                    token: "MTExMTExMTExMTExMTExMTEx.Fake0.TokenForTheFakeServer".to_owned(),
                    gateway: gateway.local_addr().expect("a bound port"),
                });
                let address = rest.local_addr().expect("a bound port");
                tokio::spawn(gateway::listen(Arc::clone(&shared), gateway));
                let listening = tokio::spawn(server::listen(Arc::clone(&shared), rest));
                told.send((shared, Handle::current(), address, listening))
                    .expect("the test waits");
                // An error is the news: the last handle is gone.
                let _ = ended.await;
            });
        });
        let (shared, runtime, address, listening) = ready.recv().expect("the fake server starts");
        let host = Host {
            port: Port::new(runtime, address, listening),
            _end: end,
        };
        Self {
            shared,
            host: Arc::new(host),
        }
    }

    /// What goes into `[discord] api_url`.
    pub(crate) fn api_url(&self) -> String {
        format!("http://{}", self.host.port.address())
    }

    pub(crate) fn token(&self) -> &str {
        &self.shared.token
    }

    /// Closes the REST port and its connections: the bot's next attempt to connect is refused.
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

    pub(crate) fn look<T>(&self, act: impl FnOnce(&World) -> T) -> T {
        self.shared.look(act)
    }

    /// A server with the bot in it, and with one role for everybody; its number.
    pub(crate) fn guild(&self, name: &str) -> u64 {
        let guild = self.with(|world| world.new_guild(name));
        self.emit_guild(guild);
        guild
    }

    /// A text channel in a server.
    pub(crate) fn text(&self, guild: u64, name: &str) -> u64 {
        self.channel(guild, name, world::TEXT, None)
    }

    pub(crate) fn announcements(&self, guild: u64, name: &str) -> u64 {
        self.channel(guild, name, world::ANNOUNCEMENT, None)
    }

    /// A forum with tags.
    pub(crate) fn forum(&self, guild: u64, name: &str, tags: &[&str]) -> u64 {
        let forum = self.channel(guild, name, world::FORUM, None);
        self.with(|world| {
            for tag in tags {
                let id = world.id();
                world.channel(forum).tags.push((id, (*tag).to_owned()));
            }
        });
        forum
    }

    pub(crate) fn thread(&self, parent: u64, name: &str) -> u64 {
        let guild = self.look(|world| world.channels[&parent].guild);
        self.channel(
            guild.expect("threads are in servers"),
            name,
            world::THREAD,
            Some(parent),
        )
    }

    fn channel(&self, guild: u64, name: &str, kind: u8, parent: Option<u64>) -> u64 {
        self.with(|world| world.new_channel(Some(guild), name, kind, parent))
    }

    /// A role of a server that everybody may mention.
    pub(crate) fn role(&self, guild: u64, name: &str) -> u64 {
        self.with(|world| world.new_role(guild, name))
    }

    /// Takes permissions from everybody in a channel, or gives them back with nothing.
    pub(crate) fn deny(&self, channel: u64, permissions: u64) {
        let guild = self.with(|world| {
            let channel = world.channel(channel);
            channel.denied = permissions;
            channel.guild
        });
        let about = self.look(|world| shapes::channel(world, channel));
        self.emit(guild, "CHANNEL_UPDATE", about);
    }

    /// Gives everybody in a server permissions that they don't have in a new one.
    pub(crate) fn allow(&self, guild: u64, permissions: u64) {
        self.with(|world| {
            let roles = &mut world.guilds.get_mut(&guild).expect("a server").roles;
            roles.get_mut(&guild).expect("everybody").permissions |= permissions;
        });
    }

    /// Answers with 429 what goes beyond: requests a second in all, and messages in one channel within five.
    pub(crate) fn enforce_limits(&self, global: usize, channel: usize) {
        self.with(|world| world.limits.enforce(global, channel));
    }

    /// Gives every request a round trip between the two, half before and half after it is carried out.
    pub(crate) fn latency(&self, least: Duration, most: Duration, seed: u64) {
        self.with(|world| {
            world.latency = Some((least, most, crate::fakes::clock::Dice::new(seed)))
        });
    }

    /// Counts requests without keeping them, for benchmarks.
    pub(crate) fn forget_requests(&self) {
        self.with(|world| world.forgets = true);
    }

    /// How often the limits said 429.
    pub(crate) fn refused_by_limits(&self) -> usize {
        self.look(|world| world.limits.refused)
    }

    /// Messages that were carried out.
    pub(crate) fn accepted(&self) -> usize {
        self.look(|world| world.accepted)
    }

    /// Everything the bot did that Discord's documentation forbids.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.look(|world| world.violations.clone())
    }

    /// The same, and forgets them: for tests that provoke some.
    pub(crate) fn take_violations(&self) -> Vec<String> {
        self.with(|world| std::mem::take(&mut world.violations))
    }

    /// Fails the test if there were violations.
    pub(crate) fn assert_clean(&self) {
        let violations = self.violations();
        assert!(
            violations.is_empty(),
            "the bot broke Discord's rules:\n{}",
            violations.join("\n")
        );
    }

    /// Interactions that the bot has said nothing about.
    pub(crate) fn unanswered(&self) -> Vec<u64> {
        self.look(|world| {
            let open = world
                .interactions
                .iter()
                .filter(|(_, i)| i.state != State::Answered);
            open.map(|(id, _)| *id).collect()
        })
    }

    /// The requests of a route so far, such as `POST channels/*/messages`.
    pub(crate) fn requests(&self, route: &str) -> Vec<Request> {
        let of_route = |world: &World| {
            let requests = world
                .requests
                .iter()
                .filter(|request| request.route == route);
            requests.cloned().collect()
        };
        self.look(of_route)
    }
}
