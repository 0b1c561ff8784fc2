//! Listening: who we are, the commands, and then events through serenity's gateway client, through any trouble.
//!
//! serenity resumes and reconnects by itself. What it doesn't do is done here: the gateway's address is asked from
//! the configured server before anything is connected, since serenity falls back to the public one; and where
//! a shard doesn't get through, `closing` finds out whether Discord refuses it, since serenity would go on for ever.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::FuturesUnordered;
use serde::Deserialize;
use serenity::all::{
    ClientBuilder, Context, Event, EventHandler, GatewayIntents, RawEventHandler, ShardId,
    ShardStageUpdateEvent,
};
use serenity::gateway::{ConnectionStage, GatewayError, ShardManager};
use serenity::http::HttpBuilder;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until, timeout};

use super::account::{pause_for, refused, wait_of};
use super::api::{Call, Fault};
use super::client::{Discord, lane};
use super::close_codes;
use super::close_codes::Closed;
use super::identity::{Account, NAME, TITLE};
use super::inbound::Inbound;
use super::shards::ShardStates;
use crate::chat::Bot;
use crate::delivery::pace::Urgency;
use crate::platforms::kit::lenient;
use crate::platforms::kit::trouble::{Trouble, pauses, tell_of};
use crate::platforms::kit::{Refused, Share};
use crate::settings::Shards;
use crate::task::{AFTER_FAILURE, sleep, stopped};
use tidings_core::bounds::WAIT;
use tidings_store::StoreError;

/// How long the gateway may take to say goodbye when the bot stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// Between two shards that introduce themselves
/// (<https://docs.discord.com/developers/events/gateway#sharding-max-concurrency>).
const BETWEEN_INTRODUCTIONS: Duration = Duration::from_secs(5);

/// How often Discord is asked how many shards it advises.
const ADVICE: Duration = Duration::from_hours(24);

/// What is said while nothing is sent because too much was refused.
const BRAKED: &str = "Discord has refused so many requests within ten minutes that nothing is sent until they are over: \
                      with more of them it would ban this address. Look at what the bot lacks, in `tidings status`";

/// Where the gateway is (<https://docs.discord.com/developers/events/gateway#get-gateway-bot>).
#[derive(Debug, Deserialize)]
struct Gateway {
    url: String,
    shards: u32,
    #[serde(default, deserialize_with = "lenient::field")]
    session_start_limit: Option<StartLimit>,
}

impl Gateway {
    /// Among which introductions a shard's is counted.
    fn bucket(&self, shard: u32) -> u32 {
        let at_once = self.session_start_limit.as_ref();
        shard % at_once.map_or(1, |limit| limit.max_concurrency.max(1))
    }
}

#[derive(Debug, Deserialize)]
struct StartLimit {
    remaining: u32,
    /// Milliseconds.
    reset_after: u64,
    /// How many shards may introduce themselves at the same time.
    #[serde(default, deserialize_with = "lenient::field")]
    max_concurrency: u32,
}

/// The shards that are listened to here.
#[derive(Clone, Copy)]
struct Held {
    first: u32,
    last: u32,
    /// All there are.
    total: u32,
    /// Whether other processes listen to others.
    is_shared: bool,
}

/// What serenity tells.
enum Heard {
    Event(Box<Event>),
    Stage(ShardStageUpdateEvent),
}

/// Passes on what serenity tells.
struct EventForwarder(UnboundedSender<Heard>);

impl EventForwarder {
    fn tell(&self, heard: Heard) {
        // Nobody listens any more when the bot stops.
        let _ = self.0.send(heard);
    }
}

#[serenity::async_trait]
impl RawEventHandler for EventForwarder {
    async fn raw_event(&self, _: Context, event: Event) {
        self.tell(Heard::Event(Box::new(event)));
    }
}

#[serenity::async_trait]
impl EventHandler for EventForwarder {
    async fn shard_stage_update(&self, _: Context, event: ShardStageUpdateEvent) {
        self.tell(Heard::Stage(event));
    }
}

/// Why listening to the gateway ended.
enum End {
    Stopped,
    Refused(Refused),
    /// The account is refused, though not its token: it is begun anew after a while.
    Unwanted(String),
    /// It is begun anew.
    Lost(String),
}

impl From<Closed> for End {
    fn from(closed: Closed) -> End {
        match closed {
            Closed::Final(why) => End::Refused(Refused(why)),
            Closed::Unwanted(why) => End::Unwanted(why),
        }
    }
}

impl Discord {
    /// Answers people until told to stop.
    pub(super) async fn answer_people(
        &self,
        bot: &Bot,
        share: Share,
        mut stop: Receiver<bool>,
    ) -> Result<(), Refused> {
        let is_beside = matches!(share, Share::Connection { .. });
        let known = self.account.get().filter(|_| is_beside).cloned();
        let account = match known {
            Some(account) => account,
            None => tokio::select! {
                account = self.who_are_we(bot) => account?,
                () = stopped(&mut stop) => return Ok(()),
            },
        };
        if !is_beside {
            tracing::info!(platform = NAME, bot = account.name, "platform");
        }
        let listening = async {
            match share {
                Share::Whole => self.keep_listening(bot, None, stop).await,
                Share::Account => self.keep_account(bot, stop).await,
                Share::Connection { index, total } => {
                    let held = Held {
                        first: index,
                        last: index,
                        total,
                        is_shared: true,
                    };
                    self.keep_listening(bot, Some(held), stop).await
                }
            }
        };
        // The commands are registered beside, and never end the listening.
        let commands = async {
            match is_beside {
                true => self.recall(&account).await,
                false => self.keep_commands(bot, &account).await,
            }
            std::future::pending().await
        };
        tokio::select! {
            ended = listening => ended,
            ended = commands => ended,
            never = tell_of(&self.standstill, self, TITLE, bot) => match never {},
            never = tell_of(&self.banned, self, TITLE, bot) => match never {},
        }
    }

    async fn keep_commands(&self, bot: &Bot, account: &Account) {
        let mut pauses = pauses();
        while let Err(fault) = self.register(bot, account).await {
            tracing::warn!(%fault, "the commands can't be registered; it is tried again");
            let pause = pauses.next().unwrap_or_default();
            sleep(wait_of(&fault, pause)).await;
        }
    }

    /// Says how many shards there are, and sees that the account is well, while others listen.
    async fn keep_account(&self, bot: &Bot, mut stop: Receiver<bool>) -> Result<(), Refused> {
        let mut trouble = Trouble::new(self, TITLE, bot);
        let mut asking = Instant::now();
        loop {
            tokio::select! {
                () = sleep_until(asking) => {
                    let pause = match self.ask_for_gateway().await {
                        Ok(gateway) => match self.divide(bot, &gateway).await {
                            Ok(()) => {
                                trouble.ends().await;
                                ADVICE
                            }
                            Err(error) => {
                                tracing::error!(%error, "how many shards there are can't be written down; it is tried again");
                                AFTER_FAILURE
                            }
                        },
                        Err(fault) if fault.is_bad_token() => return Err(refused(&fault)),
                        Err(fault) => pause_for(&fault, &mut trouble).await,
                    };
                    asking = Instant::now() + pause;
                }
                () = self.doubted.notified() => self.check_token().await?,
                () = self.braked.notified() => {
                    if let Some(rest) = self.api.invalid.rest() {
                        trouble.begins(BRAKED).await;
                        asking = asking.max(Instant::now() + rest);
                    }
                }
                () = stopped(&mut stop) => return Ok(()),
            }
        }
    }

    /// Says how many shards there are. A new number has every one of them begun anew, so it isn't changed for little: Discord
    /// advises one for a thousand servers, and lets one have 2,500
    /// (<https://docs.discord.com/developers/events/gateway#sharding>).
    async fn divide(&self, bot: &Bot, gateway: &Gateway) -> Result<(), StoreError> {
        let known = bot.connections(self).await?;
        let total = match (self.settings.shards.total(), known) {
            (Some(total), _) => total,
            (None, Some(known)) if (known.div_ceil(2)..=known * 2).contains(&gateway.shards) => {
                known
            }
            (None, _) => gateway.shards.max(1),
        };
        if known == Some(total) {
            return Ok(());
        }
        tracing::info!(total, "shards are shared among the processes");
        bot.divide(self, total).await
    }

    async fn ask_for_gateway(&self) -> Result<Gateway, Fault> {
        self.ask(&Call::get("gateway/bot".to_owned())).await
    }

    /// Waits until a shard may introduce itself, in whatever process others do.
    async fn await_turn(&self, bot: &Bot, gateway: &Gateway, shard: u32) {
        loop {
            let bucket = gateway.bucket(shard);
            let pause = match bot.introduce(self, bucket, BETWEEN_INTRODUCTIONS).await {
                Ok(None) => return,
                Ok(Some(wait)) => wait,
                Err(error) => {
                    tracing::error!(%error, shard, "whether a shard may introduce itself can't be asked; it is tried again");
                    AFTER_FAILURE
                }
            };
            sleep(pause).await;
        }
    }

    /// Listens to some shards, or as configured, and begins anew whenever it ends.
    async fn keep_listening(
        &self,
        bot: &Bot,
        held: Option<Held>,
        mut stop: Receiver<bool>,
    ) -> Result<(), Refused> {
        let mut trouble = Trouble::new(self, TITLE, bot);
        if held.is_some() {
            // What whoever listened before has said nobody else takes back. Others say theirs again.
            let known = bot.platform_state(self).await.unwrap_or_default();
            trouble.said = known.trouble.map(|(what, _)| what);
        }
        loop {
            let gateway = tokio::select! {
                gateway = self.ask_for_gateway() => gateway,
                () = stopped(&mut stop) => return Ok(()),
            };
            let pause = match gateway {
                Ok(gateway) => match spent(&gateway) {
                    Some(wait) => {
                        trouble
                            .begins("Discord lets the bot begin no more sessions for a while")
                            .await;
                        wait
                    }
                    None => match self
                        .listen_once(bot, held, &gateway, &mut trouble, &mut stop)
                        .await
                    {
                        End::Stopped => return Ok(()),
                        End::Refused(refused) => return Err(refused),
                        End::Unwanted(what) => trouble.refused(&what).await,
                        End::Lost(what) => trouble.begins(&what).await,
                    },
                },
                Err(fault) if fault.is_bad_token() => return Err(refused(&fault)),
                Err(fault) => pause_for(&fault, &mut trouble).await,
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = stopped(&mut stop) => return Ok(()),
            }
        }
    }

    /// Listens with one client of serenity's, until it ends.
    async fn listen_once(
        &self,
        bot: &Bot,
        held: Option<Held>,
        gateway: &Gateway,
        trouble: &mut Trouble<'_>,
        stop: &mut Receiver<bool>,
    ) -> End {
        // Shards that an operator has chosen may be refused, and serenity would go round in circles then.
        if let (None, Shards::Range { first, total, .. }) = (held, self.settings.shards) {
            let asked = close_codes::reason(&gateway.url, self.token.expose(), [first, total]);
            if let Some(closed) = asked.await {
                return closed.into();
            }
            tokio::select! {
                () = sleep(BETWEEN_INTRODUCTIONS) => {}
                () = stopped(stop) => return End::Stopped,
            }
        }
        let (sender, mut heard) = unbounded_channel();
        let http = HttpBuilder::new(self.token.expose())
            .client(self.api.client())
            .proxy(self.settings.base())
            // With it on, serenity goes to discord.com whatever the proxy is.
            .ratelimiter_disabled(true)
            .build();
        // Servers and channels that come and go; commands need no intent at all.
        let building = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS)
            .raw_event_handler(EventForwarder(sender.clone()))
            .event_handler(EventForwarder(sender));
        // serenity asks for the gateway once more, and that counts as well.
        let pass = self.gate.pass(lane("GET gateway"), Urgency::Change).await;
        let mut client = match building.await {
            Ok(client) => client,
            Err(error) => return End::Lost(format!("The gateway client can't be made: {error}")),
        };
        drop(pass);
        // If asking for it has failed since, serenity would take the public one.
        *client.ws_url.lock().await = gateway.url.trim_end_matches('/').to_owned();
        let manager = client.shard_manager.clone();
        let held = held.unwrap_or_else(|| {
            let (first, last, total) = match self.settings.shards {
                Shards::Auto => (0, gateway.shards.max(1) - 1, gateway.shards.max(1)),
                Shards::Range { first, last, total } => (first, last, total),
            };
            Held {
                first,
                last,
                total,
                is_shared: false,
            }
        });
        let Held {
            first, last, total, ..
        } = held;
        if held.is_shared {
            tokio::select! {
                () = self.await_turn(bot, gateway, first) => {}
                () = stopped(stop) => return End::Stopped,
            }
        }
        let farewell = ShutdownGuard(Some(manager.clone()));
        let inbound = Inbound { discord: self, bot };
        let mut answering = FuturesUnordered::new();
        let states = ShardStates::expecting(first..=last, total);
        // serenity counts the end of the range in.
        let running = client.start_shard_range(first..last, total);
        let end = tokio::select! {
            ended = running => end_of(ended),
            end = self.attend(&inbound, &mut answering, &mut heard, trouble, states, (&manager, gateway, held)) => end,
            () = stopped(stop) => End::Stopped,
        };
        // Whoever asked something is answered before the end.
        let finishing = async { while answering.next().await.is_some() {} };
        let _ = timeout(FAREWELL, finishing).await;
        farewell.say().await;
        end
    }

    /// Does what is heard, until the platform refuses us.
    async fn attend<'i>(
        &self,
        inbound: &'i Inbound<'_>,
        answering: &mut FuturesUnordered<BoxFuture<'i, ()>>,
        heard: &mut UnboundedReceiver<Heard>,
        trouble: &mut Trouble<'_>,
        mut shards: ShardStates,
        (manager, gateway, held): (&ShardManager, &Gateway, Held),
    ) -> End {
        let bot = inbound.bot;
        let mut braked_until: Option<Instant> = None;
        loop {
            let overdue = shards.overdue();
            let released = async {
                match braked_until {
                    Some(until) => sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                told = heard.recv() => match told {
                    Some(Heard::Event(event)) => {
                        if let Event::Ready(ready) = &*event
                            && held.is_shared
                        {
                            // serenity does that by itself where a session is over.
                            let shard = ready.ready.shard.map_or(held.first, |shard| shard.id.0);
                            let noted = inbound.discord.note_introduction(bot, gateway.bucket(shard));
                            answering.push(noted.boxed());
                        }
                        answering.extend(inbound.hear(*event).await);
                    }
                    Some(Heard::Stage(stage)) => {
                        shards.note(&stage);
                        if shards.all_connected() {
                            trouble.ends().await;
                        }
                    }
                    None => return End::Lost("The gateway client ended".to_owned()),
                },
                Some(()) = answering.next() => {}
                () = self.braked.notified() => {
                    if let Some(rest) = self.api.invalid.rest() {
                        trouble.begins(BRAKED).await;
                        braked_until = Some(Instant::now() + rest);
                    }
                }
                () = released => {
                    braked_until = None;
                    trouble.ends().await;
                }
                () = self.doubted.notified() => {
                    if let Err(refused) = self.check_token().await {
                        return End::Refused(refused);
                    }
                }
                shard = overdue => {
                    // What is told comes through tasks of its own, so two things may have changed places.
                    if is_connected(manager, shard).await {
                        shards.connected(shard);
                    } else {
                        trouble.begins(&format!("Discord's gateway can't be reached (shard {shard})")).await;
                        shards.said(shard);
                        if held.is_shared {
                            self.await_turn(bot, gateway, shard).await;
                        }
                        let url = &gateway.url;
                        let shard = [shard, shards.total()];
                        if let Some(closed) = close_codes::reason(url, self.token.expose(), shard).await {
                            return closed.into();
                        }
                    }
                }
            }
        }
    }

    async fn note_introduction(&self, bot: &Bot, bucket: u32) {
        if let Err(error) = bot.introduced(self, bucket, BETWEEN_INTRODUCTIONS).await {
            tracing::error!(%error, "the store can't be written");
        }
    }

    /// Whether the token is refused for good.
    async fn check_token(&self) -> Result<(), Refused> {
        // Not through the gate, which rests as long as the token is in doubt.
        match self.api.call(&Call::get("users/@me".to_owned())).await {
            Err(fault) if fault.is_bad_token() => Err(refused(&fault)),
            _ => Ok(()),
        }
    }
}

/// How long to wait until another session may be begun, if all are spent.
fn spent(gateway: &Gateway) -> Option<Duration> {
    let limit = gateway.session_start_limit.as_ref()?;
    (limit.remaining == 0).then(|| {
        let wait = Duration::from_millis(limit.reset_after.max(1_000));
        wait.min(WAIT.time())
    })
}

fn end_of(ended: Result<(), serenity::Error>) -> End {
    let Err(error) = ended else {
        return End::Lost("The connection to Discord's gateway ended".to_owned());
    };
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => {
            End::Refused(Refused(close_codes::token_refused()))
        }
        serenity::Error::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => End::Unwanted(close_codes::intents_refused()),
        other => End::Lost(format!(
            "The connection to Discord's gateway ended: {other}"
        )),
    }
}

async fn is_connected(manager: &ShardManager, shard: u32) -> bool {
    let runners = manager.runners.lock().await;
    let runner = runners.get(&ShardId(shard));
    runner.is_some_and(|runner| runner.stage == ConnectionStage::Connected)
}

/// Ends serenity's tasks, which would go on for ever by themselves, even where nobody waits for them.
struct ShutdownGuard(Option<Arc<ShardManager>>);

impl ShutdownGuard {
    /// Gives them some time; what takes longer ends later.
    async fn say(mut self) {
        if let Some(manager) = self.0.take() {
            let has_begun = !manager.runners.lock().await.is_empty();
            let ending = tokio::spawn(end(manager));
            // Whether it ended in time makes no difference.
            if has_begun {
                let _ = timeout(FAREWELL, ending).await;
            }
        }
    }
}

impl Drop for ShutdownGuard {
    fn drop(&mut self) {
        if let (Some(manager), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(end(manager));
        }
    }
}

/// serenity ends nothing as long as no shard is there, and begins one later that couldn't be begun before: that is waited for.
async fn end(manager: Arc<ShardManager>) {
    while manager.runners.lock().await.is_empty() {
        if Arc::strong_count(&manager) == 1 {
            // Nobody is left who would begin one.
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    manager.shutdown_all().await;
}
