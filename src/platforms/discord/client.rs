//! The bot on Discord: its requests, its pace, and what it knows of its account.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::access::KnownChannels;
use super::api::{self, Api, Call, Fault};
use super::identity::Account;
use super::refusals::{Limit, Limited};
use super::render;
use crate::delivery::Gate;
use crate::delivery::pace::{Lane, Limits, Urgency};
use crate::platforms::kit::Broken;
use crate::platforms::kit::reader_limit::Questions;
use crate::platforms::kit::refusals::Standstill;
use crate::settings::{DiscordSettings, Secret, Settings};

/// Requests under way at the same time.
const IN_FLIGHT: usize = 100;

/// Why nothing is sent while Cloudflare keeps this address out
/// (<https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>).
pub(super) const BANNED: &str =
    "Discord keeps this address out for a while, with all bots at it (Cloudflare answers instead)";

/// How long nothing is sent after the token was refused, until that is looked into.
const DOUBT: Duration = Duration::from_secs(5);

/// So many interactions are remembered. What the gateway repeats comes soon behind the first.
const HEARD: usize = 1_000;

/// The bot on Discord.
pub struct Discord {
    pub(super) api: Api,
    pub(super) gate: Arc<Gate>,
    pub(super) access: KnownChannels,
    pub(super) questions: Questions,
    /// Known once Discord was reached.
    pub(super) account: OnceLock<Account>,
    /// Known once they were registered.
    pub(super) commands: Mutex<render::Commands>,
    /// The chats of people with the bot, by whose they are.
    pub(super) chats: Mutex<HashMap<String, u64>>,
    /// The interactions that came last.
    heard: Mutex<VecDeque<u64>>,
    pub(super) settings: DiscordSettings,
    pub(super) token: Secret,
    /// The account is refused, or Discord is overloaded.
    pub(super) standstill: Standstill,
    /// This address is kept out.
    pub(super) banned: Standstill,
    /// A request was refused because of the token: whoever listens looks into it.
    pub(super) doubted: Notify,
    /// So much was refused that nothing is sent for a while.
    pub(super) braked: Notify,
}

pub(super) fn lane(name: &str) -> Lane {
    Lane {
        name: name.to_owned(),
        kind: 0,
    }
}

impl Discord {
    pub(super) fn new(settings: &Settings, token: &Secret) -> Result<Discord, Broken> {
        let discord = &settings.discord;
        Ok(Discord {
            api: Api::new(discord.base(), token, settings.redaction())?,
            gate: Gate::new(Limits {
                overall: discord.rate,
                // What holds for a channel is in the headers of each answer.
                lanes: vec![Vec::new()],
                in_flight: IN_FLIGHT,
            }),
            access: KnownChannels::default(),
            questions: Questions::default(),
            account: OnceLock::new(),
            commands: Mutex::default(),
            chats: Mutex::default(),
            heard: Mutex::default(),
            settings: discord.clone(),
            token: token.clone(),
            standstill: Standstill::default(),
            banned: Standstill::default(),
            doubted: Notify::new(),
            braked: Notify::new(),
        })
    }

    /// Notes that an interaction came; says whether it is the first time.
    pub(super) fn hears(&self, interaction: u64) -> bool {
        let mut heard = self.heard.lock();
        // The last ones first: what comes twice comes soon.
        if heard.iter().rev().any(|known| *known == interaction) {
            return false;
        }
        if heard.len() >= HEARD {
            heard.pop_front();
        }
        heard.push_back(interaction);
        true
    }

    /// Makes a call of the bot's when the pace lets it, before any roundup.
    pub(super) async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<T, Fault> {
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
    pub(super) async fn call(&self, call: &Call) -> Result<api::Answered, Fault> {
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
    pub(super) fn apply_rate_limits(&self, lane: &str, answered: &Result<api::Answered, Fault>) {
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
