//! Events without a server: what becomes of them up to where Discord would have to be asked or told something. Fuzzing
//! hears whatever may come by it.

use futures_util::future::FutureExt;
use serde_json::Value;
use serenity::model::event::{Event, GatewayEvent};

use super::access::KnownChannels;
use super::client::Discord;
use super::identity::{Account, TOKEN};
use super::inbound::Inbound;
use crate::chat::Bot;
use crate::platforms::kit::Broken;
use crate::platforms::kit::reader_limit::Questions;
use crate::settings::Settings;

/// A bot that hears events, and whose requests aren't waited for.
pub struct Rehearsal(Discord);

impl Rehearsal {
    /// A bot of this name.
    ///
    /// # Errors
    /// [`Broken`], without a token too.
    pub fn new(settings: &Settings, name: &str) -> Result<Rehearsal, Broken> {
        let token = settings.tokens.get(TOKEN);
        let token = token.ok_or_else(|| Broken(format!("{TOKEN} isn't set")))?;
        let discord = Discord::new(settings, token)?;
        discord.account.get_or_init(|| Account {
            id: 1,
            application: 1,
            name: name.to_owned(),
        });
        Ok(Rehearsal(discord))
    }

    /// Hears what the gateway says, as if nothing had come before it. Returns whether it is an event that is read. Within a
    /// runtime of several threads alone.
    pub fn hear(&mut self, bot: &Bot, said: &Value) -> bool {
        self.0.questions = Questions::default();
        self.0.access = KnownChannels::default();
        let event = match serde_json::from_value(said.clone()) {
            Ok(GatewayEvent::Dispatch(_, event)) => event,
            _ => return false,
        };
        let is_read = !matches!(event, Event::Unknown(_));
        let inbound = Inbound {
            discord: &self.0,
            bot,
        };
        if let Some(Some(answering)) = inbound.hear(event).now_or_never() {
            // What waits for an answer of Discord's is dropped.
            let _ = answering.now_or_never();
        }
        is_read
    }
}
