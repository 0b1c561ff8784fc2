//! Updates and messages: which of them are meant for us, who sent them, and what is answered.
//!
//! An update is handled once its answer is in the ledger; only then is it acknowledged to Telegram.

use jiff::{SignedDuration, Timestamp};
use teloxide::types::{Message, MessageKind, Update, UpdateKind};
use tokio::task::block_in_place;
use xxhash_rust::xxh3::xxh3_64;

use super::asking::{asked_at, number_of};
use super::elsewhere::elsewhere;
use super::handling::Incoming;
use super::inbound::{Answers, Inbound, Sender, address};
use super::names::named;
use super::typed::{Command, NotACommand, visible};
use super::wire::Address;
use crate::chat::commands::{Invocation, Reply, Unparsed};
use crate::chat::{Requester, Scope};
use crate::platforms::kit::reader_limit::Asking;
use tidings_core::channel::Pause;
use tidings_core::language::{Localizer, Value};
use tidings_core::post::Block;
use tidings_store::{Answer, AnswerKind, FRESH, StoreError};

/// What an answer has to say besides, and where.
pub(super) struct Asked {
    here: Address,
    reply_to: Option<i32>,
    /// When a change was asked for that is made late.
    late_change: Option<Timestamp>,
    /// That nothing more is answered for a while.
    last: Option<&'static str>,
    /// Why Telegram took nothing for the chat until this was asked.
    lifted: Option<Pause>,
}

impl Inbound<'_> {
    /// Handles one update: its effects and its answer are stored when this returns.
    ///
    /// # Errors
    /// [`StoreError`]: it isn't handled, and is to be handed in again.
    pub(super) async fn handle(&self, incoming: Incoming) -> Result<(), StoreError> {
        let Incoming {
            update,
            is_secondhand,
        } = incoming;
        let event = identity(&update);
        let is_handled = self.bot.is_handled(self.telegram, event)?;
        let answer = match &update.kind {
            // The answer to a press isn't kept; to give it twice does no harm.
            UpdateKind::CallbackQuery(press) if is_handled => {
                self.close_press(press, None).await;
                return Ok(());
            }
            _ if is_handled => return Ok(()),
            UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => {
                self.message(message, is_secondhand).await?
            }
            UpdateKind::CallbackQuery(press) => return self.press(press, event).await,
            UpdateKind::MyChatMember(change) => self.membership(change)?.into(),
            UpdateKind::ChatMember(change) => {
                self.rights_changed(change);
                Answer::default()
            }
            UpdateKind::Error(_) => {
                tracing::warn!(
                    update = update.id.0,
                    "an update of a kind that isn't known is left out"
                );
                Answer::default()
            }
            _ => Answer::default(),
        };
        block_in_place(|| self.bot.handled(self.telegram, event, &answer))
    }

    async fn message(&self, message: &Message, is_secondhand: bool) -> Result<Answer, StoreError> {
        let here = address(message);
        if self.service_message(message, here)? {
            return Ok(Answer::default());
        }
        let lifted = self.bot.stopped_by_platform(&here.key())?;
        if lifted.is_some() {
            self.hears_of(message, here)?;
        }
        let MessageKind::Common(_) = &message.kind else {
            return Ok(Answer::default());
        };
        // A channel's post that its discussion group repeats was answered in the channel.
        if message.is_automatic_forward() {
            return Ok(Answer::default());
        }
        let sender = sender(message);
        let is_private = message.chat.is_private();
        if let Sender::Somebody(user) = sender
            && user.is_bot
        {
            return Ok(Answer::default());
        }
        // What somebody else wrote is no command of who passes it on.
        let typed = message.text().filter(|_| !is_secondhand).map(visible);
        if let Some(name) = typed.as_deref().and_then(named) {
            self.telegram.heed_name(self.bot, name).await;
        }
        let command = match self.command(typed.as_deref(), is_private) {
            Ok(Some(command)) => command,
            // For another bot, or talk.
            Ok(None) => return Ok(Answer::default()),
            // Nor is it a mistake that one could be told of.
            Err(NotACommand) if is_private && !is_secondhand => Command {
                asked: Err(Unparsed::Talk),
                addressed: true,
            },
            Err(NotACommand) => return Ok(Answer::default()),
        };
        let is_known = command.spec().is_some();
        if !is_private && !command.addressed && !is_known {
            return Ok(Answer::default());
        }
        self.bot.mark_reachable(&here.key(), Scope::Place)?;
        let other = elsewhere(&command).filter(|_| is_private);
        let is_change = match &other {
            Some((_, asked)) => asked.is_change(),
            None => command.is_change(),
        };
        let asked_at = asked_at(message);
        let age = asked_at.map_or(SignedDuration::ZERO, |at| self.bot.now().duration_since(at));
        if age > FRESH && !is_change {
            tracing::info!(
                channel = %here.key(),
                ?age,
                "a question is too old to be answered; if it isn't, this machine's clock is wrong"
            );
            return Ok(Answer::default());
        }
        let asking = self.asking(message, sender).await;
        if asking == Asking::TooMuch {
            return Ok(Answer::default());
        }
        let may = match (&other, sender) {
            (Some(_), _) => Ok(true),
            _ => self.is_manager(message, sender, &command).await,
        };
        let kind = if is_change && may == Ok(true) {
            AnswerKind::Change
        } else {
            AnswerKind::Question
        };
        let together = match kind {
            AnswerKind::Change => Asking::May,
            AnswerKind::Question => self.asking_together(&message.chat, number_of(message)),
        };
        if together == Asking::TooMuch {
            return Ok(Answer::default());
        }
        let asked = Asked {
            here,
            reply_to: (!is_private).then_some(message.id.0),
            late_change: asked_at.filter(|_| age > FRESH),
            last: match (asking, together) {
                (Asking::Last, _) if is_private => Some("last-question-alone"),
                (Asking::Last, _) => Some("last-question"),
                (_, Asking::Last) => Some("last-question-together"),
                _ => None,
            },
            lifted,
        };
        let messages = self.answer(message, sender, &command, other, may, &asked);
        let messages = messages.await?;
        let is_question = kind == AnswerKind::Question;
        Ok(Answer {
            messages,
            asker: Some(number_of(message)),
            is_first: asked.last.is_some(),
            kind,
            asked_at: asked_at.filter(|_| is_question),
            late: if is_question && is_private {
                self.too_late(message)?
            } else {
                None
            },
        })
    }

    /// The answer to a command; `may` says whether the sender may change anything, or why nobody knows.
    async fn answer(
        &self,
        message: &Message,
        sender: Sender<'_>,
        command: &Command,
        other: Option<(String, Invocation)>,
        may: Result<bool, &'static str>,
        asked: &Asked,
    ) -> Result<Answers, StoreError> {
        let key = asked.here.key();
        let reply_to = asked.reply_to;
        let asker = Requester {
            channel: key.clone(),
            manager: may == Ok(true),
            locale: self.language(message)?,
            private: message.chat.is_private(),
            note: None,
            hindrance: None,
            lifted: asked.lifted.clone(),
        };
        let say = self.bot.localizer_for(&asker)?;
        if let Err(refusal) = may {
            let reply = say.line(refusal, &[]).into();
            return Ok(self.messages(&key, &reply, say, reply_to));
        }
        if let Some((other, asked_there)) = other {
            let mut reply = self.manage(message, &asker, &other, asked_there).await?;
            self.remark(&mut reply, say, asked)?;
            return Ok(self.messages(&key, &reply, say, reply_to));
        }
        let is_confidential = command.spec().is_some_and(|spec| spec.confidential);
        if is_confidential && !asker.private {
            return self.preview_alone(message, sender, command, reply_to).await;
        }
        let mut reply = block_in_place(|| self.bot.invoke(self.telegram, &asker, &command.asked))?;
        // It may have changed the language.
        let say = self.bot.localizer_for(&asker)?;
        self.remark(&mut reply, say, asked)?;
        Ok(self.messages(&key, &reply, say, reply_to))
    }

    /// Says besides what somebody has to know about how they ask.
    fn remark(
        &self,
        reply: &mut Reply,
        say: Localizer<'_>,
        asked: &Asked,
    ) -> Result<(), StoreError> {
        if let Some(at) = asked.late_change.filter(|_| !reply.failed) {
            let defaults = &self.bot.settings().defaults;
            let row = self.bot.channel(&asked.here.key())?;
            let zone = row
                .as_ref()
                .map_or(&defaults.timezone, |row| row.settings.zone(defaults));
            let moment = say.moment(at, self.bot.now(), zone);
            let line = say.line("change-late", &[("moment", Value::Text(&moment))]);
            reply.post.push(Block::Line(line));
        }
        if let Some(last) = asked.last {
            reply.post.push(Block::Line(say.line(last, &[])));
        }
        Ok(())
    }

    /// What is said in a private chat instead of an answer that comes too late.
    fn too_late(&self, message: &Message) -> Result<Option<String>, StoreError> {
        let key = address(message).key();
        let say = match self.language(message)? {
            Some(locale) => self.bot.localizer_of(locale),
            None => self
                .bot
                .localizer_for(&Requester::in_channel(&key, false))?,
        };
        let line = say.line("answer-late", &[]).into();
        let mut messages = self.messages(&key, &line, say, None).into_iter();
        Ok(messages.next().map(|(_, wire)| wire))
    }

    /// Whatever comes from a place that took nothing shows that we may be welcome there again. Talk shows it now and then, so that a
    /// group which only doesn't let us speak isn't tried at each word.
    fn hears_of(&self, message: &Message, here: Address) -> Result<(), StoreError> {
        let is_talk = matches!(message.kind, MessageKind::Common(_));
        if matches!(message.kind, MessageKind::LeftChatMember(_)) {
            return Ok(());
        }
        if !is_talk || self.telegram.access.is_first_word_for_long(here.chat) {
            self.bot.mark_reachable(&here.key(), Scope::Place)?;
        }
        Ok(())
    }
}

fn sender(message: &Message) -> Sender<'_> {
    if message.chat.is_private() || message.chat.is_channel() {
        return Sender::Manager;
    }
    match (&message.sender_chat, &message.from) {
        // An anonymous administrator speaks as the group.
        (Some(chat), _) if chat.id == message.chat.id => Sender::Manager,
        (Some(_), _) | (None, None) => Sender::Masked,
        (None, Some(user)) => Sender::Somebody(user),
    }
}

/// The same for an update that is handed out again, and different from any other, even if Telegram begins to
/// count anew.
fn identity(update: &Update) -> u64 {
    let what = match &update.kind {
        UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => {
            format!("m{} {} {}", message.chat.id, message.id.0, message.date)
        }
        UpdateKind::CallbackQuery(press) => format!("c{}", press.id.0),
        UpdateKind::MyChatMember(change) | UpdateKind::ChatMember(change) => format!(
            "s{} {} {:?}",
            change.chat.id,
            change.date,
            change.new_chat_member.status()
        ),
        _ => String::new(),
    };
    xxh3_64(format!("{} {what}", update.id.0).as_bytes())
}
