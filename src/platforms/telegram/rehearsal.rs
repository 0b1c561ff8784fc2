//! Updates without a server: what becomes of them up to where Telegram would have to be asked something. Fuzzing hears
//! whatever may come by it.

use futures_util::future::FutureExt;
use serde_json::Value;

use super::abilities::Abilities;
use super::access::Rights;
use super::client::Telegram;
use super::identity::{Account, TOKEN};
use super::inbound::Inbound;
use super::update_queue::Handling;
use crate::chat::Bot;
use crate::platforms::kit::Broken;
use crate::platforms::kit::reader_limit::Questions;
use crate::settings::Settings;

/// A bot that hears updates, and whose requests aren't waited for.
pub struct Rehearsal(Telegram, Account);

impl Rehearsal {
    /// A bot of this name.
    ///
    /// # Errors
    /// [`Broken`], without a token too.
    pub fn new(settings: &Settings, name: &str) -> Result<Rehearsal, Broken> {
        let token = settings.tokens.get(TOKEN);
        let token = token.ok_or_else(|| Broken(format!("{TOKEN} isn't set")))?;
        let account = Account {
            id: 1,
            username: name.to_owned(),
        };
        let telegram = Telegram::new(settings, token)?;
        telegram.names.are_now(name);
        Ok(Rehearsal(telegram, account))
    }

    /// Hears an update as if nothing had come before it. Returns whether it was handled; else it waits for an answer of
    /// Telegram's, and is dropped. Within a runtime of several threads alone.
    pub fn hear(&mut self, bot: &Bot, update: &Value) -> bool {
        let Rehearsal(telegram, account) = self;
        telegram.questions = Questions::default();
        telegram.access = Rights::default();
        telegram.abilities = Abilities::default();
        let inbound = Inbound {
            telegram,
            bot,
            account,
        };
        let mut handling = Handling::new(&inbound);
        handling.take(update, None);
        !handling.is_busy() || handling.next().now_or_never() == Some(true)
    }
}
