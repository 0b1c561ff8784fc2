//! Words to search: the bot asks for them in a chat with one person, and they come as an answer to its question.

use super::inbound::Inbound;
use super::typed::visible;
use crate::chat::commands::{Action, Invocation, Unparsed};
use crate::platforms::kit::pipeline::Asked;
use tidings_core::language::Locale;

impl Inbound<'_> {
    /// The search that a message asks for by answering the bot's question for words; `None` if it doesn't, or is a command.
    pub(super) fn searched(
        &self,
        answers: Option<&(u64, String)>,
        typed: Option<&str>,
    ) -> Option<Invocation> {
        let (_, question) = answers.filter(|(whose, _)| *whose == self.account.id)?;
        let words = typed?.trim();
        let is_ours = |locale| {
            let say = self.bot.localizer_of(locale);
            visible(question).starts_with(&say.text("search-ask", &[]))
        };
        (!words.starts_with('/') && Locale::all().any(is_ours)).then(|| Invocation::search(words))
    }
}

/// What was asked in a chat with one person: a search for nothing asks for words.
pub(super) fn asked_alone(asked: Result<Invocation, Unparsed>) -> Asked {
    match asked {
        Ok(asked) if asked == Invocation::search("") => Asked::Press(Action::Search),
        asked => Asked::Command(asked),
    }
}
