//! The one way from a question to its answer, on every platform: how much its asker may ask, what they may do, what it acts
//! on, what keeps it from being worth anything, the command itself, and what has to be said besides. What only the platform
//! can know is asked of it, in this order, and what it costs is one transaction: what stands in the store was read when it
//! came ([`Bot::meet`]), and its platform writes down that it is answered.

use std::future::{Future, ready};

use jiff::{SignedDuration, Timestamp};

use super::reader_limit::Asking;
use super::remote::name_channel;
use crate::chat::commands::{Action, CommandSpec, Invocation, Posting, Reply, Unparsed, Who};
use crate::chat::{Bot, Met, Requester, Spoken};
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Localizer, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Block, Line, Post};
use tidings_store::{AnswerKind, FRESH, StoreError};

/// What is asked.
pub enum Asked {
    /// A command, or what somebody meant to be one.
    Command(Result<Invocation, Unparsed>),
    /// A button.
    Press(Action),
}

impl Asked {
    /// The row of the command that was given, if it is one.
    pub fn spec(&self) -> Option<&'static CommandSpec> {
        match self {
            Asked::Command(Ok(invocation)) => Some(invocation.spec),
            Asked::Command(Err(Unparsed::TooLong(spec))) => Some(spec),
            Asked::Command(Err(Unparsed::Talk | Unparsed::Unknown(_))) | Asked::Press(_) => None,
        }
    }

    /// Returns true if only those may ask it who may change what a channel follows.
    pub fn is_for_managers(&self) -> bool {
        match self {
            Asked::Press(action) => action.follows().is_some(),
            Asked::Command(_) => self.spec().is_some_and(|spec| spec.who == Who::Managers),
        }
    }

    /// Returns true if those who may change something are told more.
    pub fn knows_managers(&self) -> bool {
        self.spec().is_some_and(|spec| spec.knows_managers)
    }

    /// Returns true if it changes something: then it is carried out however late it comes, and goes before questions.
    pub fn is_change(&self) -> bool {
        match self {
            Asked::Press(action) => action.is_change(),
            Asked::Command(asked) => asked.as_ref().is_ok_and(Invocation::is_change),
        }
    }

    /// Returns true if it is answered however late it comes, though it changes nothing.
    pub fn is_answered_late(&self) -> bool {
        self.spec().is_some_and(|spec| spec.answered_late)
    }

    /// What it has to do with whether the bot may post in the channel.
    pub fn posting(&self) -> Posting {
        match self {
            Asked::Press(action) if action.follows().is_some() => Posting::Needed,
            Asked::Press(_) => Posting::Indifferent,
            Asked::Command(_) => self
                .spec()
                .map_or(Posting::Indifferent, |spec| spec.posting),
        }
    }
}

/// What a question acts on.
#[derive(Clone, Debug)]
pub struct Acting {
    /// The channel.
    pub channel: ChannelKey,
    /// What the platform knows of the channel, and the place that it is part of: kept with what changes there.
    pub note: Option<String>,
    /// That place.
    pub part_of: Option<ChannelKey>,
    /// Where it isn't the place of the question.
    pub elsewhere: Option<Elsewhere>,
}

impl Acting {
    /// On the channel in which it was asked.
    pub fn here(place: &ChannelKey) -> Acting {
        Acting {
            channel: place.clone(),
            note: None,
            part_of: None,
            elsewhere: None,
        }
    }
}

/// A channel that is talked about in another place.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// What it is called over the answer.
    pub name: String,
    /// How commands name it there; `None` where they can't.
    pub option: Option<String>,
    /// The language that is spoken there.
    pub locale: Locale,
}

/// What becomes of a question.
pub struct Outcome<'a> {
    /// What is said.
    pub reply: Reply,
    /// Speaks the language that it is in.
    pub say: Localizer<'a>,
    /// Speaks the language in which it was asked.
    pub asked_in: Localizer<'a>,
    /// Whether the asker isn't let do what they want: nothing was looked up.
    pub is_refusal: bool,
    /// Whether it is to a change that somebody made who may.
    pub is_change: bool,
    /// Whether it is the last one for a while, and says so.
    pub is_last: bool,
    /// What was acted on, if anything was.
    pub acting: Option<Acting>,
}

impl Outcome<'_> {
    /// What it is for the ledger.
    pub fn kind(&self) -> AnswerKind {
        match self.is_change {
            true => AnswerKind::Change,
            false => AnswerKind::Question,
        }
    }
}

/// A question as its platform hands it in. What only the platform can know is asked of it.
pub trait Question: Send + Sync {
    /// What answers are made of there.
    type Answer: Default + Send;

    /// What is asked.
    fn asked(&self) -> &Asked;

    /// Where it is asked.
    fn place(&self) -> &ChannelKey;

    /// Returns true if the place is a chat with the asker alone.
    fn is_private(&self) -> bool {
        false
    }

    /// The asker, by what the configuration calls people; `None` where nobody speaks for themselves.
    fn person(&self) -> Option<ChannelKey> {
        None
    }

    /// What the asker calls themselves.
    fn name(&self) -> Option<String> {
        None
    }

    /// The asker's language, where the answer is for them alone; else it is in the place's.
    fn locale(&self) -> Option<Locale> {
        None
    }

    /// The language in which the asker is refused something.
    fn refused_in(&self) -> Option<Locale> {
        self.locale()
    }

    /// When it was asked, where the platform may hand it in late.
    fn asked_at(&self) -> Option<Timestamp> {
        None
    }

    /// Returns true if that it is asked shows that posts are welcome in the place.
    fn is_welcome(&self) -> bool {
        true
    }

    /// A second command that goes with it.
    fn besides(&self) -> Option<Invocation> {
        None
    }

    /// Counts it among what its asker asks.
    fn limit(&self) -> impl Future<Output = Asking> + Send;

    /// Counts it among what all in the place ask together.
    fn limit_together(&self) -> Asking {
        Asking::May
    }

    /// Whether the asker may change what a channel follows; or why they may not ask this at all, as the key of a text.
    fn rights(&self) -> impl Future<Output = Result<bool, &'static str>> + Send;

    /// What it acts on; or why that can't be.
    fn acting(
        &self,
        _say: Localizer<'_>,
    ) -> impl Future<Output = Result<Result<Acting, Line>, StoreError>> + Send {
        ready(Ok(Ok(Acting::here(self.place()))))
    }

    /// What keeps what is asked from being worth anything, said so that it can be mended.
    fn obstacle(
        &self,
        _acting: &Acting,
        _say: Localizer<'_>,
    ) -> impl Future<Output = Option<Line>> + Send {
        ready(None)
    }

    /// What the bot lacks in the channel at this moment, said likewise.
    fn lacking(
        &self,
        _acting: &Acting,
        _say: Localizer<'_>,
    ) -> impl Future<Output = Result<Option<Line>, StoreError>> + Send {
        ready(Ok(None))
    }

    /// The answer to what is too much; on some platforms that is nothing.
    fn too_much(&self, say: Localizer<'_>) -> Self::Answer {
        self.answer(refusal(say.line("too-many-questions", &[]), say))
    }

    /// The answer as the platform sends it.
    fn answer(&self, outcome: Outcome<'_>) -> Self::Answer;
}

fn refusal<'a>(line: Line, say: Localizer<'a>) -> Outcome<'a> {
    Outcome {
        reply: Reply {
            failed: true,
            ..Reply::from(line)
        },
        say,
        asked_in: say,
        is_refusal: true,
        is_change: false,
        is_last: false,
        acting: None,
    }
}

/// Answers a question. `met` is what is kept about its place; a question that was answered already is none.
///
/// # Errors
/// [`StoreError`]: nothing was done, and nothing is to be answered but that.
pub async fn answer<Q: Question>(
    bot: &Bot,
    platform: &dyn ChatPlatform,
    met: &Met,
    question: &Q,
) -> Result<Q::Answer, StoreError> {
    let asked = question.asked();
    if question.is_welcome() {
        bot.welcome(met).await?;
    }
    // A private chat is answered as it was set.
    let is_set = question.is_private() && met.language().is_some();
    let theirs = question.locale().filter(|_| !is_set);
    let say = bot.localizer_at(met, theirs);
    let refusing = bot.localizer_at(met, question.refused_in().filter(|_| !is_set));
    let asked_at = question.asked_at();
    let age = asked_at.map_or(SignedDuration::ZERO, |at| bot.now().duration_since(at));
    if age > FRESH && !asked.is_change() && !asked.is_answered_late() {
        tracing::info!(
            channel = %question.place(),
            ?age,
            "a question is too old to be answered; if it isn't, this machine's clock is wrong"
        );
        return Ok(Q::Answer::default());
    }
    let asking = question.limit().await;
    if asking == Asking::TooMuch {
        return Ok(question.too_much(refusing));
    }
    let rights = question.rights().await;
    let is_change = asked.is_change() && rights == Ok(true);
    let together = if is_change {
        Asking::May
    } else {
        question.limit_together()
    };
    if together == Asking::TooMuch {
        return Ok(question.too_much(refusing));
    }
    let last = match (asking, together) {
        (Asking::Last, _) if question.is_private() => Some("last-question-alone"),
        (Asking::Last, _) => Some("last-question"),
        (_, Asking::Last) => Some("last-question-together"),
        _ => None,
    };
    let refuse = |line: Line, say| {
        question.answer(Outcome {
            is_last: last.is_some(),
            is_change,
            ..refusal(line, say)
        })
    };
    let manager = match rights {
        Ok(manager) => manager,
        Err(key) => return Ok(refuse(refusing.line(key, &[]), refusing)),
    };
    let acting = match question.acting(say).await? {
        Ok(acting) => acting,
        Err(line) => return Ok(refuse(line, say)),
    };
    if let Some(line) = question.obstacle(&acting, say).await {
        return Ok(refuse(line, say));
    }
    let lacking = match asked.posting() {
        Posting::Told => question.lacking(&acting, say).await?,
        Posting::Needed | Posting::Indifferent => None,
    };
    let is_here = acting.elsewhere.is_none();
    let requester = Requester {
        channel: acting.channel.clone(),
        manager,
        person: question.person(),
        name: question.name(),
        locale: match &acting.elsewhere {
            Some(elsewhere) => Some(elsewhere.locale),
            None => theirs,
        },
        private: question.is_private() && is_here,
        note: acting.note.clone(),
        part_of: acting.part_of.clone(),
        hindrance: lacking,
        lifted: met
            .stopped()
            .filter(|_| is_here && question.is_welcome())
            .cloned(),
    };
    let spoken = match asked {
        Asked::Command(asked) => bot.invoke(platform, &requester, asked).await?,
        Asked::Press(action) => bot.press_button(platform, &requester, action).await?,
    };
    let (asked_in, Spoken { mut reply, say }) = (say, spoken);
    if let Some(second) = question.besides().filter(|_| !reply.failed) {
        let second = bot.invoke(platform, &requester, &Ok(second)).await?;
        // When the next roundup comes was said by the command itself.
        let said = second.reply.post.blocks.into_iter().take(1);
        say_besides(&mut reply.post, said);
    }
    if let Some(elsewhere) = &acting.elsewhere {
        reply = about(elsewhere, reply, say);
    }
    if let Some(at) = asked_at.filter(|_| age > FRESH && asked.is_change() && !reply.failed) {
        let moment = say.moment(at, bot.now(), &bot.zone(met));
        let line = say.line("change-late", &[("moment", Value::Text(&moment))]);
        say_besides(&mut reply.post, [Block::Line(line)]);
    }
    if let Some(last) = last {
        reply.post.push(Block::Line(say.line(last, &[])));
    }
    Ok(question.answer(Outcome {
        reply,
        say,
        asked_in,
        is_refusal: false,
        is_change,
        is_last: last.is_some(),
        acting: Some(acting),
    }))
}

/// Says more in an answer: what one can do next stays the last thing in it.
fn say_besides(post: &mut Post, said: impl IntoIterator<Item = Block>) {
    let hints = matches!(post.blocks.last(), Some(Block::Hints(_)));
    let at = post.blocks.len() - usize::from(hints);
    post.blocks.splice(at..at, said);
}

/// An answer about another channel, with the channel's name over it and in the commands that it suggests. Its buttons would
/// act where they are pressed, so there are none.
fn about(elsewhere: &Elsewhere, reply: Reply, say: Localizer<'_>) -> Reply {
    let values = [("name", Value::Text(&elsewhere.name))];
    let mut post = Post::line(say.line("about-channel", &values));
    let mut blocks = reply.post.blocks;
    if let Some(option) = &elsewhere.option {
        blocks
            .iter_mut()
            .for_each(|block| name_channel(block, option));
    }
    post.blocks.append(&mut blocks);
    Reply {
        failed: reply.failed,
        ..Reply::from(post)
    }
}
