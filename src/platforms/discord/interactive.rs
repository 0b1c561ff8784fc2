//! An interaction as a question: who may ask it, what it acts on, what keeps it from being worth anything.

use super::access::ChannelKind;
use super::answering::Answer;
use super::identity::{key, person, server};
use super::inbound::{Inbound, refusal};
use super::options::{self, Typed};
use super::render;
use crate::chat::commands::{Action, Invocation, Posting};
use crate::platforms::kit::pipeline::{Acting, Asked, Elsewhere, Outcome, Question};
use crate::platforms::kit::reader_limit::Asking;
use serenity::model::guild::Role;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Localizer};
use tidings_core::post::Line;
use tidings_store::StoreError;

/// Where a command acts.
pub(super) struct Target {
    pub(super) channel: u64,
    pub(super) kind: Option<ChannelKind>,
    /// Whether it is where the command was given.
    pub(super) here: bool,
}

/// What is asked by an interaction.
pub(super) struct Interactive<'i> {
    inbound: &'i Inbound<'i>,
    pub(super) question: &'i options::Question,
    asked: Asked,
    target: Target,
    /// Who is to be mentioned.
    role: Option<&'i Role>,
    pub(super) place: ChannelKey,
    /// Whether everybody sees the answer, which asks for the right to write there.
    is_public: bool,
    /// What a *Share* button shows, under an answer that only the asker sees.
    share: Option<String>,
    /// Whether it was chosen in a form, which goes on showing what is set.
    is_of_form: bool,
    /// How much the asker asks, where that is known already.
    pub(super) asking: Option<Asking>,
}

impl<'i> Interactive<'i> {
    /// A slash command.
    pub(super) fn command(
        inbound: &'i Inbound<'i>,
        question: &'i options::Question,
        typed: &Typed<'i>,
    ) -> Interactive<'i> {
        let other = typed
            .channel
            .filter(|channel| channel.id.get() != question.channel);
        let mut interactive =
            Interactive::new(inbound, question, Asked::Command(Ok(typed.asked.clone())));
        interactive.share = Some(typed.asked.to_string()).filter(|_| !question.private);
        interactive.role = typed.role;
        if let Some(named) = typed.channel {
            interactive.target.kind = Some(ChannelKind(named.kind.into()));
        }
        if let Some(other) = other {
            interactive.target.channel = other.id.get();
            interactive.target.here = false;
        }
        interactive
    }

    /// A choice in a form of settings.
    pub(super) fn setting(
        inbound: &'i Inbound<'i>,
        question: &'i options::Question,
        asked: Invocation,
    ) -> Interactive<'i> {
        Interactive {
            is_of_form: true,
            ..Interactive::new(inbound, question, Asked::Command(Ok(asked)))
        }
    }

    /// What is asked without being typed as a command: the words of the form for a search, a headline that was chosen.
    pub(super) fn untyped(
        inbound: &'i Inbound<'i>,
        question: &'i options::Question,
        asked: Invocation,
    ) -> Interactive<'i> {
        let share = question.guild.map(|_| asked.to_string());
        Interactive {
            share,
            ..Interactive::new(inbound, question, Asked::Command(Ok(asked)))
        }
    }

    /// What is done with a message, which is nobody's business but who does it.
    pub(super) fn of_message(
        inbound: &'i Inbound<'i>,
        question: &'i options::Question,
        asked: Invocation,
    ) -> Interactive<'i> {
        Interactive::new(inbound, question, Asked::Command(Ok(asked)))
    }

    /// A button, or a choice of a menu.
    pub(super) fn press(
        inbound: &'i Inbound<'i>,
        question: &'i options::Question,
        action: Action,
    ) -> Interactive<'i> {
        let share = question.guild.and_then(|_| action.encode());
        Interactive {
            share,
            ..Interactive::new(inbound, question, Asked::Press(action))
        }
    }

    /// What is shown to everybody.
    pub(super) fn in_public(
        inbound: &'i Inbound<'i>,
        question: &'i options::Question,
        asked: Asked,
    ) -> Interactive<'i> {
        Interactive {
            is_public: true,
            ..Interactive::new(inbound, question, asked)
        }
    }

    fn new(
        inbound: &'i Inbound<'i>,
        question: &'i options::Question,
        asked: Asked,
    ) -> Interactive<'i> {
        Interactive {
            inbound,
            question,
            asked,
            target: Target {
                channel: question.channel,
                kind: question.kind,
                here: true,
            },
            role: None,
            place: key(question.channel),
            is_public: false,
            share: None,
            is_of_form: false,
            asking: None,
        }
    }

    /// Returns true if roundups are to be discussed in threads.
    fn has_discussed(&self) -> bool {
        match &self.asked {
            Asked::Command(Ok(asked)) => asked.has_discussed(),
            Asked::Command(Err(_)) | Asked::Press(_) => false,
        }
    }

    /// The role that is to be mentioned by a setting.
    fn set_role(&self) -> Option<&str> {
        match &self.asked {
            Asked::Command(Ok(asked)) => asked.role(),
            Asked::Command(Err(_)) | Asked::Press(_) => None,
        }
    }
}

impl Question for Interactive<'_> {
    type Answer = Answer;

    fn asked(&self) -> &Asked {
        &self.asked
    }

    fn place(&self) -> &ChannelKey {
        &self.place
    }

    fn is_private(&self) -> bool {
        self.question.private
    }

    fn person(&self) -> Option<ChannelKey> {
        Some(key(self.question.user))
    }

    fn name(&self) -> Option<String> {
        Some(self.question.name.clone())
    }

    fn locale(&self) -> Option<Locale> {
        self.question.locale.filter(|_| !self.is_public)
    }

    fn refused_in(&self) -> Option<Locale> {
        self.question.locale
    }

    fn is_welcome(&self) -> bool {
        self.question.is_open()
    }

    fn besides(&self) -> Option<Invocation> {
        let role = self.role?;
        Some(Invocation::set_role(&format!("<@&{}>", role.id)))
    }

    async fn limit(&self) -> Asking {
        self.asking
            .unwrap_or_else(|| self.inbound.asking(self.question))
    }

    async fn rights(&self) -> Result<bool, &'static str> {
        let question = self.question;
        if self.is_public {
            // What everybody sees offers nothing that only managers may.
            return match question.may_write {
                true => Ok(false),
                false => Err("share-not-yours"),
            };
        }
        if !self.target.here && question.guild.is_none() {
            // Nobody's rights in another place are told here.
            return Err("channel-needs-server");
        }
        // What another channel follows is for those to see who may change it.
        let must = self.asked.is_for_managers() || !self.target.here;
        match refusal(question).filter(|_| must) {
            Some(key) => Err(key),
            None => Ok(question.manager && question.present),
        }
    }

    async fn acting(&self, say: Localizer<'_>) -> Result<Result<Acting, Line>, StoreError> {
        let (question, target) = (self.question, &self.target);
        let discord = self.inbound.discord;
        let kind = target.kind.or_else(|| discord.kind(target.channel, None));
        let mut acting = Acting {
            note: kind.map(|kind| kind.to_note()),
            part_of: question.guild.map(server).or_else(|| {
                let is_alone = question.private && target.here;
                is_alone.then(|| person(&question.user.to_string()))
            }),
            ..Acting::here(&key(target.channel))
        };
        if !target.here {
            let is_followed = self.asked.posting() == Posting::Needed;
            if let Some(line) = self
                .inbound
                .foreign(question, target, is_followed, say)
                .await?
            {
                return Ok(Err(line));
            }
            let name = format!("<#{}>", target.channel);
            acting.elsewhere = Some(Elsewhere {
                option: Some(format!("channel:{name}")),
                name,
                locale: say.locale(),
            });
        }
        Ok(Ok(acting))
    }

    async fn obstacle(&self, _: &Acting, say: Localizer<'_>) -> Option<Line> {
        let (inbound, question, target) = (self.inbound, self.question, &self.target);
        if self.asked.posting() == Posting::Needed && !question.private {
            let pings = self.role.is_some_and(|role| !role.mentionable);
            let is_everyone = |role: &Role| Some(role.id.get()) == question.guild;
            if self.role.is_some_and(is_everyone) {
                return Some(say.line("role-everyone", &[]));
            }
            if let Some(lacking) = inbound.hindrance(question, target, pings, say).await {
                return Some(lacking);
            }
        }
        if self.has_discussed()
            && target.kind.is_none_or(ChannelKind::has_threads)
            && !question.private
            && let Some(lacking) = inbound.no_threads(question, target, say).await
        {
            return Some(lacking);
        }
        let set_role = self.set_role()?;
        let is_everyone = |guild: u64| set_role.contains(&guild.to_string());
        if question.guild.is_some_and(is_everyone) {
            return Some(say.line("role-everyone", &[]));
        }
        let role = render::role_number(set_role)?;
        inbound.wrong_role(question, target, &role, say).await
    }

    async fn lacking(&self, _: &Acting, say: Localizer<'_>) -> Result<Option<Line>, StoreError> {
        let lacking = self.inbound.lacking_there(self.question, &self.target, say);
        lacking.await
    }

    fn answer(&self, mut outcome: Outcome<'_>) -> Answer {
        // A change that was typed is answered by itself.
        if self.asked.is_change() && !self.is_of_form {
            outcome.reply.form = None;
        }
        let shares = !outcome.is_refusal
            && !outcome.reply.failed
            && !self.asked.is_for_managers()
            && self.target.here;
        let share = self.share.as_deref().filter(|_| shares);
        self.inbound.messages(&outcome.reply, outcome.say, share)
    }
}
