//! What an editor is asked to write about an item, and writes as an answer to the bot's question.

use teloxide::types::Message;

use super::identity::NAME;
use super::inbound::Inbound;
use crate::chat::commands::{Action, Prompt};
use tidings_core::ids::ChannelKey;
use tidings_core::language::Locale;
use tidings_store::StoreError;

impl Inbound<'_> {
    /// What a message wants done by answering the bot's question about an item; `None` if it doesn't, or is a command.
    pub(super) async fn prompted(
        &self,
        answers: Option<&(u64, String)>,
        message: &Message,
    ) -> Result<Option<Action>, StoreError> {
        let ours = answers.filter(|(whose, _)| *whose == self.account.id);
        let (Some((_, question)), Some(text)) = (ours, message.text()) else {
            return Ok(None);
        };
        let speakers = || Locale::all().map(|locale| self.bot.localizer_of(locale));
        let prompt = Prompt::asked_by(question, speakers());
        let Some(prompt) = prompt.filter(|_| !text.trim_start().starts_with('/')) else {
            return Ok(None);
        };
        let Some(person) = person(message) else {
            return Ok(None);
        };
        let item = self.bot.prompted(&person, prompt).await?;
        // Whoever is no editor any more, or comes too late, is told so.
        Ok(Some(item.map_or_else(
            || prompt.asking(),
            |(item, seen)| prompt.answered(text, (&item, seen), speakers()),
        )))
    }
}

/// Who wrote a message, by what the configuration calls people.
pub(super) fn person(message: &Message) -> Option<ChannelKey> {
    let from = message.from.as_ref()?;
    ChannelKey::new(NAME, &from.id.to_string()).ok()
}
