//! The bot on Telegram: its requests, its pace, and what it knows of its account.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::abilities::Abilities;
use super::access::Rights;
use super::api::Api;
use super::ephemeral::{Presses, Told};
use super::identity::Account;
use super::names::Names;
use super::throttle::Throttle;
use crate::delivery::Gate;
use crate::delivery::pace::{Lane, Limits};
use crate::platforms::kit::Broken;
use crate::platforms::kit::reader_limit::Questions;
use crate::platforms::kit::refusals::Standstill;
use crate::settings::{Secret, Settings, TelegramSettings};
use tidings_core::delivery::{Rate, SendError, Sent};
use tidings_core::ids::ChannelKey;

/// Requests under way at the same time.
const IN_FLIGHT: usize = 100;

/// The kinds of lanes.
const PRIVATE: usize = 0;
const GROUP: usize = 1;

/// The bot on Telegram.
pub struct Telegram {
    pub(super) api: Api,
    pub(super) gate: Arc<Gate>,
    pub(super) access: Rights,
    pub(super) questions: Questions,
    pub(super) throttle: Throttle,
    pub(super) standstill: Standstill,
    /// Known once Telegram was reached.
    pub(super) account: OnceLock<Account>,
    pub(super) names: Names,
    pub(super) abilities: Abilities,
    pub(super) presses: Presses,
    pub(super) told: Told,
    pub(super) settings: TelegramSettings,
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
    pub(super) fn new(settings: &Settings, token: &Secret) -> Result<Telegram, Broken> {
        let telegram = &settings.telegram;
        Ok(Telegram {
            api: Api::new(telegram.base(), token, settings.redaction())?,
            gate: Gate::new(limits(telegram)),
            access: Rights::default(),
            questions: Questions::default(),
            throttle: Throttle::default(),
            standstill: Standstill::default(),
            account: OnceLock::new(),
            names: Names::default(),
            abilities: Abilities::default(),
            presses: Presses::default(),
            told: Told::default(),
            settings: telegram.clone(),
        })
    }

    /// Lets those rest whom the outcome says to let rest of what was sent when everything had been refused so often.
    pub(super) fn apply_rate_limits(
        &self,
        lane: &str,
        refusals: u64,
        outcome: &Result<Sent, SendError>,
    ) {
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
pub(super) fn lane(channel: &ChannelKey) -> Lane {
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
