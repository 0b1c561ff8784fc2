//! The command menu, by scope and language: at each start it is compared with what Telegram shows, since somebody may
//! have wiped or changed it with @BotFather, and set where that is something else.

use std::time::Duration;

use teloxide::payloads::{GetMyCommands, SetMyCommands, SetMyCommandsSetters};
use teloxide::types::{BotCommand, BotCommandScope};

use super::api::Fault;
use super::client::Telegram;
use crate::chat::commands::Who;
use crate::chat::{Bot, commands};
use tidings_core::language::{Locale, Localizer};

const PATIENCE: Duration = Duration::from_secs(20);

/// The longest description of a command (<https://core.telegram.org/bots/api#botcommand>).
const LONGEST: usize = 256;

/// All the lists that Telegram is to know.
fn menus(bot: &Bot) -> Vec<SetMyCommands> {
    let scopes = [
        (BotCommandScope::AllPrivateChats, true),
        (BotCommandScope::AllGroupChats, false),
        (BotCommandScope::AllChatAdministrators, true),
    ];
    // Without a language it is what everybody else sees.
    let languages = [(None, bot.settings().defaults.locale)]
        .into_iter()
        .chain(Locale::all().map(|locale| (Some(locale), locale)));
    languages
        .flat_map(|(language, spoken)| {
            scopes.clone().map(|(scope, for_managers)| {
                let payload =
                    SetMyCommands::new(menu(bot.localizer_of(spoken), for_managers)).scope(scope);
                match language {
                    Some(locale) => payload.language_code(locale.code()),
                    None => payload,
                }
            })
        })
        .collect()
}

fn menu(say: Localizer<'_>, for_managers: bool) -> Vec<BotCommand> {
    commands::ALL
        .iter()
        .filter(|spec| for_managers || spec.who == Who::Everyone)
        .map(|spec| {
            let summary: String = spec.summary(say).chars().take(LONGEST).collect();
            BotCommand::new(spec.name, summary)
        })
        .collect()
}

impl Telegram {
    /// Sets the lists that aren't what Telegram shows.
    pub(super) async fn set_menu(&self, bot: &Bot) -> Result<(), Fault> {
        let mut lists = 0;
        for payload in &menus(bot) {
            let mut ask = GetMyCommands::new();
            ask.scope.clone_from(&payload.scope);
            ask.language_code.clone_from(&payload.language_code);
            let shown: Result<Vec<BotCommand>, Fault> = self.api.ask(&ask, PATIENCE).await;
            match shown {
                Ok(shown) if shown == payload.commands => continue,
                // A server that doesn't say is told.
                Ok(_) | Err(Fault::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
            self.api.call(payload, PATIENCE).await?;
            lists += 1;
        }
        tracing::debug!(lists, "the command menu is as it should be");
        Ok(())
    }
}
