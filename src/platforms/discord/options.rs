//! What came in, as the core wants it: who asks where, and a slash command as the command that it stands for.

use serenity::model::Permissions;
use serenity::model::application::{
    AuthorizingIntegrationOwner, CommandData, CommandInteraction, ComponentInteraction,
    InteractionContext, ModalInteraction, ResolvedValue,
};
use serenity::model::channel::PartialChannel;
use serenity::model::guild::Role;
use serenity::model::id::UserId;

use super::access::{ChannelKind, is_manager};
use super::answering::Interaction;
use crate::chat::commands::{self, ArgumentKind, Invocation};
use tidings_core::language::Locale;

/// Somebody asks something somewhere.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) interaction: Interaction,
    /// The server, if it is in one.
    pub(super) guild: Option<u64>,
    pub(super) channel: u64,
    pub(super) kind: Option<ChannelKind>,
    pub(super) user: u64,
    /// What they call themselves.
    pub(super) name: String,
    /// Whether they may change what is followed there.
    pub(super) manager: bool,
    /// Whether Discord lets them write there.
    pub(super) may_write: bool,
    /// Whether it is a chat with the bot alone.
    pub(super) private: bool,
    /// Whether the bot itself is there, not only the asker's own installation of it.
    pub(super) present: bool,
    /// The bot's permissions there.
    pub(super) ours: Option<Permissions>,
    /// The asker's language, if we speak it.
    pub(super) locale: Option<Locale>,
}

/// The same fields of the three kinds of interactions, which serenity gives three types.
macro_rules! question {
    ($interaction:expr, $owners:expr, $context:expr) => {{
        let i = $interaction;
        let owners: &[AuthorizingIntegrationOwner] = $owners;
        let installed = owners
            .iter()
            .any(|owner| matches!(owner, AuthorizingIntegrationOwner::GuildInstall(_)));
        let guild = i.guild_id.map(|guild| guild.get());
        let permissions = i.member.as_ref().and_then(|member| member.permissions);
        let kind = i.channel.as_ref().map(|channel| ChannelKind(channel.kind.into()));
        let private = guild.is_none() && $context != Some(InteractionContext::PrivateChannel);
        // Where Discord doesn't say who asks, serenity puts a user of no number: nobody's direct message is anybody's.
        let is_somebody = i.user.id != UserId::default();
        Question {
            interaction: Interaction {
                id: i.id.get(),
                token: i.token.clone(),
                application: i.application_id.get(),
            },
            guild,
            channel: i.channel_id.get(),
            kind,
            user: i.user.id.get(),
            name: i.user.display_name().to_owned(),
            manager: private && is_somebody || guild.is_some() && permissions.is_some_and(is_manager),
            may_write: guild.is_none()
                || permissions.is_some_and(|has| kind.unwrap_or(ChannelKind::TEXT).lets_write(has)),
            private,
            present: private || guild.is_some() && (installed || owners.is_empty()),
            ours: i.app_permissions,
            locale: language_of(&i.locale),
        }
    }};
}

impl Question {
    /// Whether the bot may post there for certain. That somebody gives a command says nothing about it.
    pub(super) fn is_open(&self) -> bool {
        let open = self
            .kind
            .zip(self.ours)
            .is_some_and(|(kind, ours)| kind.is_open_to(ours));
        self.private || self.present && open
    }

    pub(super) fn of_command(interaction: &CommandInteraction) -> Question {
        let owners = &interaction.authorizing_integration_owners.0;
        question!(interaction, owners, interaction.context)
    }

    pub(super) fn of_press(interaction: &ComponentInteraction) -> Question {
        let owners = &interaction.authorizing_integration_owners.0;
        question!(interaction, owners, interaction.context)
    }

    pub(super) fn of_form(interaction: &ModalInteraction) -> Question {
        // serenity drops these two; a search is answered alike wherever it is asked.
        question!(interaction, &[], None)
    }
}

/// The language of somebody whose Discord speaks `en-GB`, for example; `None` if we don't.
pub(super) fn language_of(locale: &str) -> Option<Locale> {
    locale.split('-').next().and_then(Locale::parse)
}

/// A slash command as the command that it stands for, and what only Discord's has.
pub(super) struct Typed<'d> {
    pub(super) asked: Invocation,
    /// The channel that it is about, if it isn't the one that it was given in.
    pub(super) channel: Option<&'d PartialChannel>,
    /// Who is to be mentioned.
    pub(super) role: Option<&'d Role>,
}

/// Why a slash command isn't carried out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unclear<'d> {
    /// There is no such command any more.
    NoCommand,
    /// What was chosen for this option isn't told.
    Option(&'d str),
}

impl<'d> Typed<'d> {
    /// # Errors
    /// [`Unclear`].
    pub(super) fn read(data: &'d CommandData) -> Result<Typed<'d>, Unclear<'d>> {
        let spec = commands::find(&data.name).ok_or(Unclear::NoCommand)?;
        let options = data.options();
        let mut words = String::new();
        // Words of any kind would take in what stands behind them.
        let mut between = ' ';
        for argument in spec.arguments {
            let given = options.iter().find(|option| option.name == argument.name);
            let value = match given.map(|option| &option.value) {
                Some(ResolvedValue::String(text)) => {
                    text.split_whitespace().collect::<Vec<_>>().join(" ")
                }
                Some(ResolvedValue::Integer(number)) => number.to_string(),
                _ => continue,
            };
            if !words.is_empty() && !value.is_empty() {
                words.push(between);
            }
            words.push_str(&value);
            if argument.kind == ArgumentKind::Text {
                between = commands::APART;
            }
        }
        let mut typed = Typed {
            asked: Invocation::new(spec, words),
            channel: None,
            role: None,
        };
        for option in &options {
            match option.value {
                ResolvedValue::Channel(channel) => typed.channel = Some(channel),
                ResolvedValue::Role(role) => typed.role = Some(role),
                // It would act here instead of where it was meant to.
                ResolvedValue::Unresolved(_) => return Err(Unclear::Option(option.name)),
                _ => {}
            }
        }
        Ok(typed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CommandData, Typed, Unclear};

    #[test]
    fn a_channel_that_nothing_is_said_of_is_not_this_one() {
        let mut data = json!({
            "id": "1", "name": "pause", "type": 1,
            "options": [{ "name": "channel", "type": 7, "value": "5002" }],
        });
        let read = |data: &serde_json::Value| -> CommandData {
            serde_json::from_value(data.clone()).unwrap()
        };
        let unread = read(&data);
        assert_eq!(Typed::read(&unread).err(), Some(Unclear::Option("channel")));
        data["options"] = json!([]);
        assert!(Typed::read(&read(&data)).is_ok());
        data["name"] = json!("shout");
        assert_eq!(Typed::read(&read(&data)).err(), Some(Unclear::NoCommand));
    }
}
