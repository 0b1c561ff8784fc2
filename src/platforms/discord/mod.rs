//! Discord, through its REST API and its gateway. Channels and threads are written `discord:197038439483310086`,
//! a private chat as the channel that it is.
//!
//! | file | tells |
//! |---|---|
//! | `api`, `invalid` | how a request is made, and what a failure means |
//! | `limits`, `markdown`, `render`, `layout`, `components` | how a post becomes messages |
//! | `wire`, `sending` | what the ledger keeps of a message, and how it is sent |
//! | `refusals`, `simpler` | of whom a refusal speaks, and what goes instead of a text that is refused |
//! | `account`, `gateway`, `shards`, `closing` | who the bot is, and how events come in, through any trouble |
//! | `inbound`, `options`, `presses`, `answering` | what becomes of a command, a button, a form |
//! | `unread` | what becomes of events that serenity can't read |
//! | `membership` | that servers and channels come and go |
//! | `access`, `hindrances` | who may change what a channel follows, and where the bot may post |
//! | `rehearsal` | what becomes of events without a server |
//! | `registry` | the slash commands |

mod access;
mod account;
mod answering;
mod api;
mod closing;
mod components;
mod gateway;
mod hindrances;
mod inbound;
mod invalid;
mod layout;
mod limits;
mod markdown;
mod membership;
mod options;
mod presses;
mod refusals;
mod registry;
pub mod rehearsal;
mod render;
mod sending;
mod shards;
mod simpler;
mod unread;
mod wire;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::sync::watch::Receiver;

use self::access::Access;
use self::api::{Api, Call, Fault, Limit, Limited};
use self::sending::BANNED;
use self::wire::Wire;
use crate::chat::Bot;
use crate::delivery::pace::{Lane, Limits, Urgency};
use crate::delivery::{Gate, Sending, Transport};
use crate::platforms::kit::reader_limit::Questions;
use crate::platforms::kit::refusals::Standstill;
use crate::platforms::kit::{Broken, Introduction, Listening, PlatformSpec, Probing, Service};
use crate::settings::{DiscordSettings, Secret, Settings};
use tidings_core::delivery::Outgoing;
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Place, Post};

const NAME: &str = "discord";

/// What it is called in sentences.
const TITLE: &str = "Discord";

/// The variable that holds the token.
const TOKEN: &str = "DISCORD_TOKEN";

/// The row of [`super::ALL`].
pub const SPEC: PlatformSpec = PlatformSpec {
    name: NAME,
    token: Some(TOKEN),
    connect: Some(connect),
};

/// Requests under way at the same time.
const IN_FLIGHT: usize = 100;

/// The bot on Discord.
pub struct Discord {
    api: Api,
    gate: Arc<Gate>,
    access: Access,
    questions: Questions,
    /// Known once Discord was reached.
    account: OnceLock<Account>,
    /// Known once they were registered.
    commands: Mutex<render::Commands>,
    settings: DiscordSettings,
    token: Secret,
    /// The account is refused, or Discord is overloaded.
    standstill: Standstill,
    /// This address is kept out.
    banned: Standstill,
    /// A request was refused because of the token: whoever listens looks into it.
    doubted: Notify,
    /// So much was refused that nothing is sent for a while.
    braked: Notify,
}

/// Who the bot is.
#[derive(Clone, Debug)]
struct Account {
    /// Its user.
    id: u64,
    /// The application that it is the bot of.
    application: u64,
    name: String,
}

fn connect(settings: &Settings) -> Result<Option<Arc<dyn Service>>, Broken> {
    let Some(token) = settings.tokens.get(TOKEN) else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Discord::new(settings, token)?)))
}

/// The key of a channel or thread.
fn key(channel: u64) -> ChannelKey {
    #[expect(clippy::unwrap_used, reason = "a number makes a key")]
    ChannelKey::new(NAME, &channel.to_string()).unwrap()
}

/// The key of a server, which is a place that channels are part of and never a channel itself.
fn server(guild: u64) -> ChannelKey {
    #[expect(
        clippy::unwrap_used,
        reason = "a word, a slash and a number make a key"
    )]
    ChannelKey::new(NAME, &format!("guild/{guild}")).unwrap()
}

fn lane(name: &str) -> Lane {
    Lane {
        name: name.to_owned(),
        kind: 0,
    }
}

impl Discord {
    fn new(settings: &Settings, token: &Secret) -> Result<Discord, Broken> {
        let discord = &settings.discord;
        Ok(Discord {
            api: Api::new(discord.base(), token, settings.tokens.redaction())?,
            gate: Gate::new(Limits {
                overall: discord.rate,
                // What holds for a channel is in the headers of each answer.
                lanes: vec![Vec::new()],
                in_flight: IN_FLIGHT,
            }),
            access: Access::default(),
            questions: Questions::default(),
            account: OnceLock::new(),
            commands: Mutex::default(),
            settings: discord.clone(),
            token: token.clone(),
            standstill: Standstill::default(),
            banned: Standstill::default(),
            doubted: Notify::new(),
            braked: Notify::new(),
        })
    }

    /// Makes a call of the bot's when the pace lets it, before any roundup.
    async fn ask<T: serde::de::DeserializeOwned>(&self, call: &Call) -> Result<T, Fault> {
        let name = call.route();
        let closed = || Fault::NoConnection("the bot is stopping".to_owned());
        let mut pass = self
            .gate
            .pass(lane(&name), Urgency::Change)
            .await
            .ok_or_else(closed)?;
        let answered = self.call(call).await;
        pass.answered();
        self.apply_rate_limits(&name, &answered);
        let body = answered?.body;
        serde_json::from_slice(&body)
            .map_err(|error| Fault::NoAnswer(format!("its answer can't be read: {error}")))
    }

    /// Makes a call right now, and heeds only what is everybody's.
    async fn call(&self, call: &Call) -> Result<api::Answered, Fault> {
        let bans = self.banned.times();
        let answered = self.api.call(call).await;
        match &answered {
            Ok(_) => self.banned.is_over(bans),
            Err(fault) => {
                if let Some(Limited { wait, whose }) = fault.limited()
                    && whose == Limit::Banned
                {
                    self.gate.hold_all(self.banned.begins(BANNED, wait));
                }
            }
        }
        answered
    }

    /// Lets those rest whom an answer says to let rest.
    fn apply_rate_limits(&self, lane: &str, answered: &Result<api::Answered, Fault>) {
        match answered {
            Ok(answered) => {
                if let Some(counted) = answered.counted {
                    self.gate.counted(lane, counted);
                }
                if let Some(rest) = answered.rest {
                    self.gate.rest(lane, rest);
                }
            }
            Err(fault) => {
                if let Some(Limited { wait, whose }) = fault.limited() {
                    match (whose, wait) {
                        (Limit::Channel, Some(wait)) => self.gate.rest(lane, wait),
                        (Limit::Everybody, Some(wait)) => {
                            tracing::warn!(?wait, "Discord wants all sending to wait");
                            self.gate.hold_all(wait);
                        }
                        // Whoever tries it again waits for longer each time.
                        (Limit::Channel | Limit::Everybody, None) => {}
                        // `call` has heeded it.
                        (Limit::Banned, _) => {}
                    }
                }
                if fault.is_bad_token() {
                    self.gate.rest_all(DOUBT);
                    self.doubted.notify_one();
                }
            }
        }
        if let Some(pause) = self.api.outage.rest() {
            self.gate.rest_all(pause);
        }
        if let Some(pause) = self.api.invalid.rest() {
            self.gate.rest_all(pause);
            self.braked.notify_one();
        }
    }
}

/// How long nothing is sent after the token was refused, until that is looked into.
const DOUBT: Duration = Duration::from_secs(5);

impl ChatPlatform for Discord {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, post: &Post, manner: &DeliveryOptions) -> Vec<String> {
        render::wires(post, manner)
    }

    fn simpler(&self, wire: &str, refusal: &str) -> Vec<String> {
        let wire: Result<Wire, _> = serde_json::from_str(wire);
        let simpler = wire.map(|wire| wire.simpler(refusal)).unwrap_or_default();
        simpler.iter().map(Wire::to_text).collect()
    }

    fn in_plain_words(&self, refusal: &str) -> Option<&'static str> {
        refusals::in_plain_words(refusal)
    }

    fn has_buttons(&self) -> bool {
        true
    }

    fn place(&self) -> Place {
        Place::Server
    }

    fn role(&self, typed: &str) -> Option<String> {
        render::role_number(typed).map(|number| format!("<@&{number}>"))
    }

    fn heeds(&self, setting: &str, note: Option<&str>) -> bool {
        let kind = note.and_then(|note| note.parse().ok()).map(access::Kind);
        match setting {
            // Embeds have no previews of links.
            "previews" => false,
            "publish" => kind.is_none_or(|kind| kind == access::Kind::ANNOUNCEMENT),
            "role" => kind != Some(access::Kind::PRIVATE),
            _ => true,
        }
    }
}

impl Transport for Discord {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.deliver(message))
    }

    fn halted(&self) -> Option<String> {
        self.banned.why().or_else(|| self.standstill.why())
    }

    fn close(&self) {
        self.gate.close();
    }

    fn reopen(&self) {
        self.gate.end_rest();
    }

    fn gate(&self, channel: &ChannelKey) -> Option<(&Arc<Gate>, Lane)> {
        Some((&self.gate, lane(channel.address())))
    }
}

impl Service for Discord {
    fn listen<'a>(&'a self, bot: Arc<Bot>, stop: Receiver<bool>) -> Listening<'a> {
        Box::pin(async move { self.answer_people(&bot, stop).await })
    }

    fn introduce(&self) -> Introduction<'_> {
        Box::pin(async move {
            match self.ask_who_we_are().await {
                Ok(account) => Ok(account.name),
                Err(fault) => Err(unreachable(&fault)),
            }
        })
    }

    fn invitation(&self) -> Introduction<'_> {
        Box::pin(async move {
            match self.ask_who_we_are().await {
                Ok(account) => Ok(access::invitation(account.application)),
                Err(fault) => Err(unreachable(&fault)),
            }
        })
    }

    fn probe<'a>(&'a self, channel: &'a ChannelKey) -> Probing<'a> {
        Box::pin(async move { self.is_welcome(channel).await })
    }
}

/// What an operator is told who only wanted to know.
fn unreachable(fault: &Fault) -> String {
    if fault.is_bad_token() {
        gateway::refused(fault).0
    } else {
        format!("{fault}. Look at [discord] api_url and the network")
    }
}
