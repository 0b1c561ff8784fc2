//! The command menu, by scope and language: at each start it is compared with what Telegram shows, since somebody may
//! have wiped or changed it with @BotFather, and set where that is something else. What it shows also tells whether the server
//! knows ephemeral messages: an older one doesn't give back what it doesn't know.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use teloxide::types::BotCommandScope;

use super::api::Fault;
use super::client::Telegram;
use crate::chat::commands::{CommandSpec, Who};
use crate::chat::{Bot, commands};
use crate::platforms::kit::lenient;
use tidings_core::language::{Locale, Localizer};

const PATIENCE: Duration = Duration::from_secs(20);

/// The longest description of a command (<https://core.telegram.org/bots/api#botcommand>).
const LONGEST: usize = 256;

/// A command as a menu shows it (<https://core.telegram.org/bots/api#botcommand>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct MenuCommand {
    command: String,
    description: String,
    /// Whether it is sent so that nobody but the bot sees it.
    #[serde(
        default,
        deserialize_with = "lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    is_ephemeral: Option<bool>,
}

impl MenuCommand {
    fn is_ephemeral(&self) -> bool {
        self.is_ephemeral == Some(true)
    }
}

/// One of the lists that Telegram is to know.
#[derive(Clone, Debug, Serialize)]
struct Menu {
    commands: Vec<MenuCommand>,
    scope: BotCommandScope,
    #[serde(skip_serializing_if = "Option::is_none")]
    language_code: Option<&'static str>,
}

/// All the lists that Telegram is to know.
fn menus(bot: &Bot) -> Vec<Menu> {
    let scopes = [
        (BotCommandScope::AllPrivateChats, true, false),
        (BotCommandScope::AllGroupChats, false, true),
        (BotCommandScope::AllChatAdministrators, true, true),
    ];
    // Without a language it is what everybody else sees.
    let languages = [(None, bot.settings().defaults.locale)]
        .into_iter()
        .chain(Locale::all().map(|locale| (Some(locale), locale)));
    languages
        .flat_map(|(language, spoken)| {
            scopes
                .clone()
                .map(|(scope, for_managers, in_company)| Menu {
                    commands: menu(bot, bot.localizer_of(spoken), for_managers, in_company),
                    scope,
                    language_code: language.map(Locale::code),
                })
        })
        .collect()
}

fn menu(bot: &Bot, say: Localizer<'_>, for_managers: bool, in_company: bool) -> Vec<MenuCommand> {
    let shown = |spec: &&CommandSpec| {
        let may = for_managers || spec.who == Who::Everyone;
        may && bot.offers(spec) && !(spec.alone && in_company)
    };
    let shown = commands::ALL.iter().filter(shown);
    let menu = shown.map(|spec| MenuCommand {
        command: spec.name.to_owned(),
        description: spec.summary(say).chars().take(LONGEST).collect(),
        is_ephemeral: (in_company && spec.is_for_asker()).then_some(true),
    });
    menu.collect()
}

/// What an older server keeps of a list.
fn as_older(commands: &[MenuCommand]) -> Vec<MenuCommand> {
    let older = |command: &MenuCommand| MenuCommand {
        is_ephemeral: None,
        ..command.clone()
    };
    commands.iter().map(older).collect()
}

impl Telegram {
    /// Sets the lists that aren't what Telegram shows.
    pub(super) async fn set_menu(&self, bot: &Bot) -> Result<(), Fault> {
        let mut lists = 0;
        // Whether the server gives back that a command is ephemeral, as soon as that was tried.
        let mut gives: Option<bool> = None;
        for menu in &menus(bot) {
            let is_tried = menu.commands.iter().any(MenuCommand::is_ephemeral);
            let mut shown = self.shown(menu).await?;
            if !is_as_it_should_be(menu, shown.as_deref(), gives) {
                let _: Value = self.api.request("setMyCommands", menu, PATIENCE).await?;
                lists += 1;
                if is_tried && gives.is_none() {
                    shown = self.shown(menu).await?;
                }
            }
            if let Some(shown) = shown.filter(|_| is_tried && gives.is_none()) {
                let now = shown.iter().any(MenuCommand::is_ephemeral);
                self.abilities.note_ephemeral(now);
                gives = Some(now);
            }
        }
        tracing::debug!(lists, ephemeral = ?gives, "the command menu is as it should be");
        Ok(())
    }

    /// What Telegram shows of a list; `None` if it doesn't say.
    async fn shown(&self, menu: &Menu) -> Result<Option<Vec<MenuCommand>>, Fault> {
        let mut ask = json!({ "scope": menu.scope });
        if let Some(language) = menu.language_code {
            ask["language_code"] = json!(language);
        }
        match self.api.request("getMyCommands", &ask, PATIENCE).await {
            Ok(shown) => Ok(Some(shown)),
            Err(Fault::Refused(_)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// A server that doesn't say what it shows is told.
fn is_as_it_should_be(
    menu: &Menu,
    shown: Option<&[MenuCommand]>,
    gives_ephemeral: Option<bool>,
) -> bool {
    let Some(shown) = shown else { return false };
    match gives_ephemeral {
        Some(false) => as_older(shown) == as_older(&menu.commands),
        Some(true) | None => *shown == *menu.commands,
    }
}
