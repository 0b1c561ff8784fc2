//! What was typed: whether it is a command, and whether it is meant for us.

use super::inbound::Inbound;
use crate::chat::commands::{Invocation, Unparsed};

/// What was asked, or meant to be.
pub(super) struct Command {
    pub(super) asked: Result<Invocation, Unparsed>,
    /// Whether the bot was named.
    pub(super) addressed: bool,
}

/// Talk, a picture, anything else.
pub(super) struct NotACommand;

/// What was typed, without what nobody sees: it comes along when somebody copies from a message, ours included.
pub(super) fn visible(typed: &str) -> String {
    typed.replace(['\u{200B}', '\u{2060}', '\u{FEFF}'], "")
}

impl Inbound<'_> {
    /// What is meant for us, with the bot's name taken out. `None` if it is for another bot, or talk in a group.
    pub(super) fn command(
        &self,
        typed: Option<&str>,
        is_private: bool,
    ) -> Result<Option<Command>, NotACommand> {
        let text = typed.ok_or(NotACommand)?.trim();
        let is_ours = |name: &str| self.telegram.names.is_ours(name);
        let mut addressed = false;
        let mut rest = text;
        if let Some(named) = text.strip_prefix('@') {
            let end = named.find(char::is_whitespace).unwrap_or(named.len());
            if is_ours(&named[..end]) {
                addressed = true;
                rest = named[end..].trim_start();
            }
        }
        let spelled = match is_private {
            true => Invocation::spelled_out(rest),
            false => rest.into(),
        };
        let Some(command) = spelled.strip_prefix('/') else {
            if addressed {
                let asked = Err(Unparsed::Talk);
                return Ok(Some(Command { asked, addressed }));
            }
            return Err(NotACommand);
        };
        let end = command.find(char::is_whitespace).unwrap_or(command.len());
        let (word, words) = command.split_at(end);
        let name = match word.split_once('@') {
            Some((_, bot)) if !is_ours(bot) => return Ok(None),
            Some((name, _)) => {
                addressed = true;
                name
            }
            None => word,
        };
        Ok(Some(Command {
            asked: Invocation::parse(&format!("/{name}{words}")),
            addressed,
        }))
    }
}
