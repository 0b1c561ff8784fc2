//! What came in with all that an answer needs: how much its asker asks, in which language they are answered, and how.

use super::answering::Answer;
use super::client::Discord;
use super::identity::key;
use super::options::Question;
use super::{components, parts, render};
use crate::chat::Bot;
use crate::chat::commands::Reply;
use crate::platforms::kit::reader_limit;
use crate::platforms::kit::reader_limit::{ALONE, Asking, IN_COMPANY};
use tidings_core::language::Localizer;
use tidings_store::StoreError;

/// What came in, with all that an answer needs.
pub(super) struct Inbound<'a> {
    pub(super) discord: &'a Discord,
    pub(super) bot: &'a Bot,
}

impl Inbound<'_> {
    /// Counts a question. Those of a server's managers aren't counted.
    pub(super) fn asking(&self, question: &Question) -> Asking {
        if question.guild.is_some() && question.manager {
            return Asking::May;
        }
        let place = question.guild.unwrap_or(question.channel).cast_signed();
        let asker = reader_limit::Counted::One(place, question.user.cast_signed());
        let most = if question.private { ALONE } else { IN_COMPANY };
        self.discord.questions.ask(asker, most)
    }

    /// A text of ours, about nothing that is kept.
    pub(super) async fn say(&self, question: &Question, text: &str) -> Result<Answer, StoreError> {
        let say = self.localizer(question).await?;
        Ok(self.messages(&say.line(text, &[]).into(), say, None))
    }

    /// Speaks the language in which somebody is answered.
    pub(super) async fn localizer(&self, question: &Question) -> Result<Localizer<'_>, StoreError> {
        let place = key(question.channel);
        let met = self.bot.meet(self.discord, &place, None).await?;
        let is_set = question.private && met.language().is_some();
        let theirs = question.locale.filter(|_| !is_set);
        Ok(self.bot.localizer_at(&met, theirs))
    }

    /// A reply as messages; `share` is what a Share button under it shows.
    pub(super) fn messages(
        &self,
        reply: &Reply,
        say: Localizer<'_>,
        share: Option<&str>,
    ) -> Answer {
        let components = components::under(reply, say, share);
        let commands = self.discord.commands.lock();
        if let Some(preview) = &reply.preview
            && let Some(cards) = parts::previewed(preview)
        {
            return Answer {
                messages: render::messages(&preview.before, &commands),
                components,
                cards,
                without_cards: render::messages(&preview.roundup, &commands),
            };
        }
        let post = reply.form.as_ref().map_or(&reply.post, |form| &form.post);
        Answer {
            messages: render::messages(post, &commands),
            components,
            ..Answer::default()
        }
    }
}

/// Why somebody may not change anything; `None` if they may.
pub(super) fn refusal(question: &Question) -> Option<&'static str> {
    if !question.present && question.guild.is_none() {
        Some("bot-not-in-chat")
    } else if !question.present {
        Some("bot-not-here")
    } else if !question.manager {
        Some("only-server-managers")
    } else {
        None
    }
}
