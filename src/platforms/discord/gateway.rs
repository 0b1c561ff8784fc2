//! Listening: who we are, the commands, and then events through serenity's gateway client, through any trouble.
//!
//! serenity resumes and reconnects by itself. What it doesn't do is done here: the gateway's address is asked from
//! the configured server before anything is connected, since serenity falls back to the public one; and where
//! a shard doesn't get through, `closing` finds out whether Discord refuses it, since serenity would go on for ever.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
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
use super::api::Call;
use super::client::{Discord, lane};
use super::close_codes;
use super::close_codes::Closed;
use super::identity::{Account, NAME, TITLE};
use super::inbound::Inbound;
use super::shards::ShardStates;
use crate::chat::Bot;
use crate::delivery::pace::Urgency;
use crate::platforms::kit::Refused;
use crate::platforms::kit::lenient;
use crate::platforms::kit::trouble::{Trouble, pauses, tell_of};
use crate::settings::Shards;
use crate::task::{sleep, stopped};
use tidings_core::bounds::WAIT;

/// How long the gateway may take to say goodbye when the bot stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// Between two shards that introduce themselves
/// (<https://docs.discord.com/developers/events/gateway#sharding-max-concurrency>).
const BETWEEN_INTRODUCTIONS: Duration = Duration::from_secs(5);

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

#[derive(Debug, Deserialize)]
struct StartLimit {
    remaining: u32,
    /// Milliseconds.
    reset_after: u64,
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
        mut stop: Receiver<bool>,
    ) -> Result<(), Refused> {
        let account = tokio::select! {
            account = self.who_are_we(bot) => account?,
            () = stopped(&mut stop) => return Ok(()),
        };
        tracing::info!(platform = NAME, bot = account.name, "platform");
        let commands = self.keep_commands(bot, &account);
        let listening = self.keep_listening(bot, stop);
        // The commands are registered beside, and never end the listening.
        let commands = async {
            commands.await;
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

    /// Listens, and begins anew whenever it ends.
    async fn keep_listening(&self, bot: &Bot, mut stop: Receiver<bool>) -> Result<(), Refused> {
        let mut trouble = Trouble::new(self, TITLE, bot);
        loop {
            let call = Call::get("gateway/bot".to_owned());
            let gateway = tokio::select! {
                gateway = self.ask::<Gateway>(&call) => gateway,
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
                        .listen_once(bot, &gateway, &mut trouble, &mut stop)
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
        gateway: &Gateway,
        trouble: &mut Trouble<'_>,
        stop: &mut Receiver<bool>,
    ) -> End {
        // Shards that an operator has chosen may be refused, and serenity would go round in circles then.
        if let Shards::Range { first, total, .. } = self.settings.shards {
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
        let shards = self.settings.shards;
        let (first, last, total) = match shards {
            Shards::Auto => (0, gateway.shards.max(1) - 1, gateway.shards.max(1)),
            Shards::Range { first, last, total } => (first, last, total),
        };
        let farewell = ShutdownGuard(Some(manager.clone()));
        let inbound = Inbound { discord: self, bot };
        let mut answering = FuturesUnordered::new();
        let states = ShardStates::expecting(first..=last, total);
        // serenity counts the end of the range in.
        let running = client.start_shard_range(first..last, total);
        let end = tokio::select! {
            ended = running => end_of(ended),
            end = self.attend(&inbound, &mut answering, &mut heard, trouble, states, (&manager, gateway)) => end,
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
        (manager, gateway): (&ShardManager, &Gateway),
    ) -> End {
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
                    Some(Heard::Event(event)) => answering.extend(inbound.hear(*event).await),
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
            let ending = tokio::spawn(async move { manager.shutdown_all().await });
            // Whether it ended in time makes no difference.
            let _ = timeout(FAREWELL, ending).await;
        }
    }
}

impl Drop for ShutdownGuard {
    fn drop(&mut self) {
        if let (Some(manager), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(async move { manager.shutdown_all().await });
        }
    }
}
