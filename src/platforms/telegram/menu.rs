//! The command menu, by scope and language, set only when it has changed.

use std::time::Duration;

use teloxide::payloads::{SetMyCommands, SetMyCommandsSetters};
use teloxide::types::{BotCommand, BotCommandScope};
use xxhash_rust::xxh3::xxh3_64;

use super::api::Fault;
use super::{Account, Telegram};
use crate::app::Bot;
use crate::commands::{self, Who};
use crate::locales::{Locale, Speaker};

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
        .chain(Locale::ALL.iter().map(|locale| (Some(*locale), *locale)));
    languages
        .flat_map(|(language, spoken)| {
            scopes.clone().map(|(scope, for_managers)| {
                let payload =
                    SetMyCommands::new(menu(bot.speaker_of(spoken), for_managers)).scope(scope);
                match language {
                    Some(locale) => payload.language_code(locale.code()),
                    None => payload,
                }
            })
        })
        .collect()
}

fn menu(say: Speaker<'_>, for_managers: bool) -> Vec<BotCommand> {
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
    /// Sets the menu, if it isn't the one that was set last.
    pub(super) async fn set_menu(&self, bot: &Bot, account: &Account) -> Result<(), Fault> {
        let menus = menus(bot);
        let text = serde_json::to_string(&menus).unwrap_or_default();
        let hash = xxh3_64(format!("{}{text}", account.id).as_bytes());
        let known = bot.platform_state(self).map(|state| state.menu);
        if known.is_ok_and(|menu| menu == Some(hash)) {
            return Ok(());
        }
        for payload in &menus {
            self.api.call(payload, PATIENCE).await?;
        }
        if let Err(error) = bot.menu_set(self, hash, "") {
            tracing::error!(%error, "the store can't be written");
        }
        tracing::debug!(lists = menus.len(), "the command menu is set");
        Ok(())
    }
}
