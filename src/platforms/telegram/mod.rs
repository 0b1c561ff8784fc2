//! Telegram, through the Bot API. Channels are written `telegram:-100123`, a forum topic `telegram:-100123/45`.
//!
//! | file | tells |
//! |---|---|
//! | `api` | how a request is made, and what a failure means |
//! | `autolink`, `html`, `render` | how a post becomes messages |
//! | `wire` | what the ledger keeps of a message, and how it is sent |
//! | `typed`, `inbound`, `elsewhere`, `buttons`, `membership` | what becomes of what comes in |
//! | `access` | who may change what a chat follows, and who may write |
//! | `asking` | who asks, how much, and how long ago |
//! | `listen`, `webhook`, `handling`, `unread` | how updates come in, however they are changed, and that nobody waits for another one's |
//! | `menu` | the command menu |
//! | `names` | what the bot is called by now |
//! | `refusals`, `simpler` | of whom a refusal speaks, and what goes instead of a text that is refused |
//! | `rehearsal` | what becomes of updates without a server |
//! | `throttle` | whether a “too many requests” is meant for a chat or for all |

mod access;
mod api;
mod asking;
mod autolink;
mod buttons;
mod elsewhere;
mod handling;
mod html;
mod inbound;
mod listen;
mod membership;
mod menu;
mod names;
mod pieces;
mod refusals;
pub mod rehearsal;
mod render;
mod simpler;
mod throttle;
mod typed;
mod unread;
mod webhook;
mod wire;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use teloxide::payloads::GetMe;
use tokio::sync::watch::Receiver;

use self::access::Access;
use self::api::Api;
use self::names::Names;
use self::throttle::Throttle;
use self::wire::{Address, Wire, undelivered};
use crate::chat::Bot;
use crate::delivery::pace::{Lane, Limits};
use crate::delivery::{Gate, Sending, Transport};
use crate::platforms::kit::reader_limit::Questions;
use crate::platforms::kit::refusals::Standstill;
use crate::platforms::kit::{Broken, Introduction, Listening, PlatformSpec, Probing, Service};
use crate::settings::{Secret, Settings, TelegramSettings};
use tidings_core::delivery::{Outgoing, Rate, SendError, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};

const NAME: &str = "telegram";

/// What it is called in sentences.
const TITLE: &str = "Telegram";

/// The variable that holds the token.
const TOKEN: &str = "TELEGRAM_TOKEN";

/// The row of [`super::ALL`].
pub const SPEC: PlatformSpec = PlatformSpec {
    name: NAME,
    token: Some(TOKEN),
    connect: Some(connect),
};

/// Requests under way at the same time.
const IN_FLIGHT: usize = 100;

/// The kinds of lanes.
const PRIVATE: usize = 0;
const GROUP: usize = 1;

/// The bot on Telegram.
pub struct Telegram {
    api: Api,
    gate: Arc<Gate>,
    access: Access,
    questions: Questions,
    throttle: Throttle,
    standstill: Standstill,
    /// Known once Telegram was reached.
    account: OnceLock<Account>,
    names: Names,
    settings: TelegramSettings,
}

/// Who the bot is, and what it was called when that was asked.
#[derive(Clone, Debug, serde::Deserialize)]
struct Account {
    id: u64,
    username: String,
}

fn connect(settings: &Settings) -> Result<Option<Arc<dyn Service>>, Broken> {
    let Some(token) = settings.tokens.get(TOKEN) else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Telegram::new(settings, token)?)))
}

fn limits(settings: &TelegramSettings) -> Limits {
    let a_chat: Vec<Rate> = settings.chat_rate.into_iter().collect();
    let a_group = a_chat.iter().copied().chain(settings.group_rate).collect();
    Limits {
        overall: settings.rate,
        lanes: vec![a_chat, a_group],
        in_flight: IN_FLIGHT,
    }
}

impl Telegram {
    fn new(settings: &Settings, token: &Secret) -> Result<Telegram, Broken> {
        let telegram = &settings.telegram;
        Ok(Telegram {
            api: Api::new(telegram.base(), token, settings.tokens.redaction())?,
            gate: Gate::new(limits(telegram)),
            access: Access::default(),
            questions: Questions::default(),
            throttle: Throttle::default(),
            standstill: Standstill::default(),
            account: OnceLock::new(),
            names: Names::default(),
            settings: telegram.clone(),
        })
    }

    /// Lets those rest whom the outcome says to let rest of what was sent when everything had been refused so often.
    fn apply_rate_limits(&self, lane: &str, refusals: u64, outcome: &Result<Sent, SendError>) {
        if let Err(SendError::RetryAfter(wait)) = outcome {
            let wait = Duration::try_from(*wait).unwrap_or_default();
            self.gate.rest(lane, wait);
            if self.throttle.refused(lane) {
                tracing::warn!(?wait, "Telegram wants all sending to wait");
                self.gate.rest_all(wait);
            }
        } else if let Err(SendError::Standstill { wait, .. }) = outcome {
            self.gate
                .rest_all(Duration::try_from(*wait).unwrap_or_default());
        } else if outcome.is_ok() {
            self.throttle.accepted();
            self.standstill.is_over(refusals);
        }
        if let Some(pause) = self.api.outage.rest() {
            self.gate.rest_all(pause);
        }
    }
}

/// What Telegram counts as one chat: all of a chat's topics together.
fn lane(channel: &ChannelKey) -> Lane {
    let address = channel.address();
    let name = address.split('/').next().unwrap_or(address);
    Lane {
        name: name.to_owned(),
        kind: if name.starts_with('-') {
            GROUP
        } else {
            PRIVATE
        },
    }
}

impl ChatPlatform for Telegram {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, post: &Post, manner: &DeliveryOptions) -> Vec<String> {
        let wire = |html| Wire {
            html,
            silent: manner.silent,
            previews: manner.previews,
            ..Wire::default()
        };
        let messages = render::messages(post).into_iter();
        messages.map(|html| wire(html).to_text()).collect()
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

    fn heeds(&self, setting: &str, _note: Option<&str>) -> bool {
        // There are no roles, and no servers that follow a channel.
        !matches!(setting, "role" | "publish")
    }
}

impl Transport for Telegram {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let channel = &message.channel;
            let broken = |what: &str| SendError::Rejected(format!("the stored {what} is broken"));
            let to = Address::parse(channel.address()).ok_or_else(|| broken("address"))?;
            let wire: Wire = serde_json::from_str(&message.wire).map_err(|_| broken("message"))?;
            let refusals = self.standstill.times();
            let sent = wire.send(&self.api, to).await;
            let outcome = sent.map_err(|fault| undelivered(fault, to, &self.standstill));
            self.apply_rate_limits(&lane(channel).name, refusals, &outcome);
            outcome
        })
    }

    fn halted(&self) -> Option<String> {
        self.standstill.why()
    }

    fn close(&self) {
        self.gate.close();
    }

    fn reopen(&self) {
        self.gate.end_rest();
    }

    fn gate(&self, channel: &ChannelKey) -> Option<(&Arc<Gate>, Lane)> {
        Some((&self.gate, lane(channel)))
    }
}

impl Service for Telegram {
    fn listen<'a>(&'a self, bot: Arc<Bot>, stop: Receiver<bool>) -> Listening<'a> {
        Box::pin(async move { self.answer_people(&bot, stop).await })
    }

    fn introduce(&self) -> Introduction<'_> {
        Box::pin(async move {
            let account: Result<Account, _> = self.api.ask(&GetMe::new(), listen::PATIENCE).await;
            match account {
                Ok(account) => Ok(format!("@{}", account.username)),
                Err(fault) if fault.is_bad_token() => Err(listen::refused(&fault).0),
                Err(fault) => Err(format!(
                    "{fault}. Look at [telegram] api_url and the network"
                )),
            }
        })
    }

    fn invitation(&self) -> Introduction<'_> {
        Box::pin(async move {
            let name = self.introduce().await?;
            let name = name.trim_start_matches('@');
            Ok(format!("https://t.me/{name}?startgroup=true"))
        })
    }

    fn probe<'a>(&'a self, channel: &'a ChannelKey) -> Probing<'a> {
        Box::pin(async move { self.is_welcome(channel).await })
    }
}
