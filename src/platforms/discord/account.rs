//! Who the bot is on Discord.

use std::time::Duration;

use serde::Deserialize;

use super::api::{Call, Fault};
use super::client::Discord;
use super::identity::{Account, TITLE, TOKEN};
use crate::chat::Bot;
use crate::platforms::kit::Refused;
use crate::platforms::kit::trouble::Trouble;
use crate::task::sleep;

#[derive(Deserialize)]
struct User {
    id: String,
    username: String,
}

#[derive(Deserialize)]
struct Application {
    id: String,
}

impl Discord {
    /// Asks Discord once who the bot is.
    pub(super) async fn ask_who_we_are(&self) -> Result<Account, Fault> {
        let unreadable = |_| Fault::NoAnswer("it gave a number that is none".to_owned());
        let user: User = self.ask(&Call::get("users/@me".to_owned())).await?;
        let application: Result<Application, Fault> =
            self.ask(&Call::get("applications/@me".to_owned())).await;
        let application = match application {
            Ok(application) => application.id,
            // Since 2016 an application and its bot have the same number.
            Err(Fault::Refused(refusal)) if refusal.status == 404 => user.id.clone(),
            Err(fault) => return Err(fault),
        };
        Ok(Account {
            id: user.id.parse().map_err(unreadable)?,
            application: application.parse().map_err(unreadable)?,
            name: user.username,
        })
    }

    /// Asks Discord who we are, until it says so.
    pub(super) async fn who_are_we(&self, bot: &Bot) -> Result<Account, Refused> {
        let mut trouble = Trouble::new(self, TITLE, bot);
        loop {
            match self.ask_who_we_are().await {
                Ok(account) => {
                    if let Err(error) = bot.reached(self, &account.name).await {
                        tracing::error!(%error, "the store can't be written");
                    }
                    return Ok(self.account.get_or_init(|| account).clone());
                }
                Err(fault) if fault.is_bad_token() => return Err(refused(&fault)),
                Err(fault) => sleep(pause_for(&fault, &mut trouble).await).await,
            }
        }
    }
}

/// How long to wait after a fault. One that refuses the account itself is waited for longer.
pub(super) async fn pause_for(fault: &Fault, trouble: &mut Trouble<'_>) -> Duration {
    match fault {
        Fault::Refused(refusal) if refusal.limited.is_none() => {
            trouble
                .refused(&format!("Discord refuses the bot itself: {fault}"))
                .await
        }
        fault => wait_of(fault, trouble.begins(&fault.to_string()).await),
    }
}

pub(super) fn wait_of(fault: &Fault, pause: Duration) -> Duration {
    fault.wait().unwrap_or(pause)
}

/// The bot isn't welcome at Discord itself.
pub(super) fn refused(fault: &Fault) -> Refused {
    Refused(format!(
        "Discord refuses the bot's token: {fault}. Set {TOKEN} to the token that the developer portal shows for the \
         bot"
    ))
}
