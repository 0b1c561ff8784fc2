//! The slash commands, made from the one command table. At each start they are compared with what Discord has, since
//! somebody may have wiped them, and registered where that is something else.

use reqwest::Method;
use serde_json::Value;
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::Permissions;
use serenity::model::application::{
    CommandOptionType, CommandType, InstallationContext, InteractionContext,
};
use serenity::model::channel::ChannelType;
use xxhash_rust::xxh3::xxh3_64;

use super::access::ChannelKind;
use super::api::{Call, Fault};
use super::client::Discord;
use super::identity::Account;
use super::limits::{CHOICE, NAME, fit};
use crate::chat::commands::{Argument, ArgumentKind, CommandSpec, MOST, Who};
use crate::chat::{Bot, commands};
use tidings_core::language::{Locale, Localizer};

/// Every command as Discord is to know it. Those of single servers are shown in all of a server's channels, so what is given
/// in private isn't among them.
fn all(bot: &Bot, is_everywhere: bool) -> Vec<Value> {
    let is_there = |spec: &&CommandSpec| bot.offers(spec) && (is_everywhere || !spec.alone);
    let there = commands::ALL.iter().filter(is_there);
    let made = there.map(|spec| command(bot, spec));
    let of_message = Some(commands::OF_MESSAGE).filter(|spec| bot.offers(spec));
    let made = made.chain(of_message.map(|_| message_command(bot)));
    let written = made.filter_map(|command| serde_json::to_value(command).ok());
    written.map(said).collect()
}

/// A value without what says nothing: serenity writes keys that have no value, or the one that they have anyway, and
/// Discord doesn't know all of them everywhere.
fn said(value: Value) -> Value {
    let says = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(values) => !values.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| (key, said(value)));
            Value::Object(fields.filter(|(_, value)| says(value)).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(said).collect()),
        value => value,
    }
}

fn command(bot: &Bot, spec: &CommandSpec) -> CreateCommand {
    let default = bot.localizer();
    let described = |say: Localizer<'_>| fit(&spec.summary(say), CHOICE);
    let mut command = CreateCommand::new(spec.name).description(described(default));
    for (code, say) in translations(bot) {
        command = command
            .name_localized(code, say.text(&format!("name-{}", spec.name), &[]))
            .description_localized(code, described(say));
    }
    let mut options: Vec<CreateCommandOption> = spec
        .arguments
        .iter()
        .map(|argument| option(bot, argument))
        .collect();
    if spec.elsewhere {
        let kinds = ChannelKind::POSTABLE.map(|kind| ChannelType::from(kind.0));
        let channel = described_option(bot, CommandOptionType::Channel, "channel");
        options.push(channel.channel_types(kinds.to_vec()));
    }
    if spec.who == Who::Managers {
        if spec.takes_role {
            options.push(described_option(bot, CommandOptionType::Role, "role"));
        }
        command = command
            .default_member_permissions(Permissions::MANAGE_GUILD)
            .integration_types(vec![InstallationContext::Guild])
            .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm]);
    } else if spec.alone {
        command = command
            .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
            .contexts(vec![InteractionContext::BotDm]);
    } else {
        command = command
            .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
            .contexts(vec![
                InteractionContext::Guild,
                InteractionContext::BotDm,
                InteractionContext::PrivateChannel,
            ]);
    }
    command.set_options(options)
}

/// The command in the menu of a message, which has a name as people read it, and nothing else.
fn message_command(bot: &Bot) -> CreateCommand {
    let named = |say: Localizer<'_>| fit(&say.text("message-suggest", &[]), NAME);
    let mut command = CreateCommand::new(named(bot.localizer()))
        .kind(CommandType::Message)
        .integration_types(vec![InstallationContext::Guild, InstallationContext::User])
        .contexts(vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ]);
    for (code, say) in translations(bot) {
        command = command.name_localized(code, named(say));
    }
    command
}

/// Languages other than the default, by Discord's names of them
/// (<https://docs.discord.com/developers/reference#locales>).
fn translations(bot: &Bot) -> impl Iterator<Item = (&'static str, Localizer<'_>)> {
    let default = bot.settings().defaults.locale;
    let codes =
        Locale::all().flat_map(|locale| locale.tags().iter().map(move |tag| (*tag, locale)));
    codes
        .filter(move |(_, locale)| *locale != default)
        .map(|(code, locale)| (code, bot.localizer_of(locale)))
}

fn described_option(bot: &Bot, kind: CommandOptionType, name: &str) -> CreateCommandOption {
    let about = |say: Localizer<'_>| fit(&say.text(&format!("option-{name}"), &[]), CHOICE);
    let mut option = CreateCommandOption::new(kind, name, about(bot.localizer()));
    for (code, say) in translations(bot) {
        option = option
            .name_localized(code, say.text(&format!("option-name-{name}"), &[]))
            .description_localized(code, about(say));
    }
    option
}

fn option(bot: &Bot, argument: &Argument) -> CreateCommandOption {
    let kind = match argument.kind {
        ArgumentKind::Number | ArgumentKind::Count => CommandOptionType::Integer,
        _ => CommandOptionType::String,
    };
    let mut option = described_option(bot, kind, argument.name).required(argument.required);
    match argument.kind {
        ArgumentKind::Section
        | ArgumentKind::SectionOrAll
        | ArgumentKind::When
        | ArgumentKind::HowLong
        | ArgumentKind::Zone
        | ArgumentKind::Filter
        | ArgumentKind::Watch => {
            option = option.set_autocomplete(true);
        }
        ArgumentKind::Number => option = option.min_int_value(1),
        ArgumentKind::Count => option = option.min_int_value(1).max_int_value(MOST as u64),
        ArgumentKind::Choice(choices) => {
            for choice in choices {
                option = option.add_string_choice(*choice, *choice);
            }
        }
        ArgumentKind::Text => {}
    }
    option
}

/// Where commands are registered that are there in all servers.
fn everywhere(account: &Account) -> String {
    format!("applications/{}/commands", account.application)
}

/// Whether Discord has these commands, and no others. It says more of each than we do.
fn are_shown(ours: &[Value], shown: &[Value]) -> bool {
    let named = |name: &Value| shown.iter().find(|command| command["name"] == *name);
    let is_shown =
        |command: &Value| named(&command["name"]).is_some_and(|found| holds(found, command));
    ours.len() == shown.len() && ours.iter().all(is_shown)
}

/// Whether a value holds all that another says. The order of plain values in lists means nothing, that of options does.
fn holds(shown: &Value, ours: &Value) -> bool {
    match (shown, ours) {
        (Value::Object(shown), Value::Object(ours)) => {
            let has = |(name, value): (&String, &Value)| {
                shown.get(name).is_some_and(|shown| holds(shown, value))
            };
            // What we leave out is neither there nor demanded.
            let left_out = [
                "options",
                "choices",
                "channel_types",
                "name_localizations",
                "description_localizations",
                "required",
                "autocomplete",
                "min_value",
                "max_value",
                "min_length",
                "max_length",
                "default_member_permissions",
                "nsfw",
            ];
            let more = |name: &&str| {
                let shown = shown.get(*name).cloned().map(said);
                let is_empty = shown.as_ref().is_none_or(|shown| match shown {
                    Value::Array(values) => values.is_empty(),
                    Value::Object(fields) => fields.is_empty(),
                    value => matches!(value, Value::Null | Value::Bool(false)),
                });
                !is_empty && !ours.contains_key(*name)
            };
            ours.iter().all(has) && !left_out.iter().any(more)
        }
        (Value::Array(shown), Value::Array(ours)) => {
            let is_plain = |values: &[Value]| values.iter().all(|value| !value.is_object());
            shown.len() == ours.len()
                && if is_plain(ours) {
                    ours.iter().all(|value| shown.contains(value))
                } else {
                    shown
                        .iter()
                        .zip(ours)
                        .all(|(shown, ours)| holds(shown, ours))
                }
        }
        (Value::Number(shown), Value::Number(ours)) => shown.as_f64() == ours.as_f64(),
        (shown, ours) => shown == ours,
    }
}

impl Discord {
    /// Registers the commands where Discord has others.
    pub(super) async fn register(&self, bot: &Bot, account: &Account) -> Result<(), Fault> {
        let commands = all(bot, self.settings.guilds.is_empty());
        let everywhere = everywhere(account);
        let places = self.places(account);
        let text = serde_json::to_string(&commands).unwrap_or_default();
        let hash = xxh3_64(format!("{places:?}{text}").as_bytes());
        let known = bot.platform_state(self).await.unwrap_or_default();
        // Where they were before and no longer are to be, they would stand beside the new ones.
        let before = known.menu_places.or(known.menu.map(|_| everywhere));
        let before = before.unwrap_or_default();
        let old = before.split(' ').filter(|place| !place.is_empty());
        let old = old.filter(|old| !places.iter().any(|place| place == old));
        let emptied = old.map(|place| (place.to_owned(), &[][..]));
        let filled = places
            .iter()
            .map(|place| (place.clone(), commands.as_slice()));
        let mut failed = None;
        for (place, commands) in emptied.chain(filled) {
            let shown = Call::get(format!("{place}?with_localizations=true"));
            if let Ok(Value::Array(shown)) = self.ask::<Value>(&shown).await
                && are_shown(commands, &shown)
            {
                self.keep(&shown);
                continue;
            }
            let call = Call::new(Method::PUT, place.clone()).body(&commands);
            match self.ask::<Value>(&call).await {
                Ok(shown) => self.keep(shown.as_array().map_or(&[][..], Vec::as_slice)),
                // Another server's commands aren't to wait for one that doesn't have the bot.
                Err(Fault::Refused(refusal)) if matches!(refusal.status, 403 | 404) => {
                    tracing::warn!(%refusal, place, "the commands can't be registered there; look at [discord] guilds");
                }
                Err(fault) => failed = Some(fault),
            }
        }
        if let Some(fault) = failed {
            return Err(fault);
        }
        if let Err(error) = bot.menu_set(self, hash, &places.join(" ")).await {
            tracing::error!(%error, "the store can't be written");
        }
        tracing::debug!(commands = commands.len(), "the commands are registered");
        Ok(())
    }

    /// Where the commands are registered.
    fn places(&self, account: &Account) -> Vec<String> {
        let application = account.application;
        match self.settings.guilds.as_slice() {
            [] => vec![everywhere(account)],
            guilds => guilds
                .iter()
                .map(|guild| format!("applications/{application}/guilds/{guild}/commands"))
                .collect(),
        }
    }

    /// Learns the numbers of commands that another process registers, unless they are known.
    pub(super) async fn recall(&self, account: &Account) {
        if !self.commands.lock().is_empty() {
            return;
        }
        for place in self.places(account) {
            match self.ask::<Value>(&Call::get(place)).await {
                Ok(shown) => self.keep(shown.as_array().map_or(&[][..], Vec::as_slice)),
                // Without them commands are named as they are typed.
                Err(fault) => tracing::debug!(%fault, "the commands' numbers can't be read"),
            }
        }
    }

    /// Keeps the numbers of commands, unless each server has its own.
    fn keep(&self, shown: &[Value]) {
        if self.settings.guilds.len() > 1 || shown.is_empty() {
            return;
        }
        let numbers = shown.iter().filter_map(|command| {
            let number = command["id"].as_str()?;
            let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            let name = command["name"].as_str().filter(|_| is_number)?;
            Some((name.to_owned(), number.to_owned()))
        });
        *self.commands.lock() = numbers.collect();
    }
}
