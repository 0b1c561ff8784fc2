//! Messages that come in: which of them are meant for us, who sent them, and what is answered.
//!
//! An update is handled once its answer is in the ledger; only then is it acknowledged to Telegram.

use teloxide::types::{Chat, Message, MessageKind, Update, UpdateKind, User};
use tokio::task::block_in_place;
use xxhash_rust::xxh3::xxh3_64;

use super::elsewhere::{elsewhere, to_be_copied};
use super::wire::{Address, Wire};
use super::{Account, Telegram, render};
use crate::app::{Asker, Bot, Reach};
use crate::commands::{self, Reply, Who};
use crate::ids::ChannelKey;
use crate::locales::{Locale, Speaker};
use crate::platforms::questions::Asking;
use crate::post::Block;
use crate::store::{ChannelRow, PausedBy, StoreError};

/// What is answered: messages as the ledger keeps them, with where they go.
pub(super) type Answers = Vec<(ChannelKey, String)>;

/// What came in, with all that an answer needs.
pub(super) struct Inbound<'a> {
    pub(super) telegram: &'a Telegram,
    pub(super) bot: &'a Bot,
    pub(super) account: &'a Account,
}

/// Who sent a message, as far as rights are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender<'m> {
    /// Whoever it is administers the chat: it is their own, or the chat itself speaks.
    Manager,
    /// Somebody in a group.
    Somebody(&'m User),
    /// Somebody who speaks as another channel; who it is can't be known.
    Masked,
}

/// A command as it was typed.
pub(super) struct Command<'t> {
    /// With the slash, without the bot's name.
    pub(super) line: String,
    pub(super) name: &'t str,
    /// Whether the bot was named.
    addressed: bool,
}

impl Inbound<'_> {
    /// Handles one update: its effects and its answer are stored when this returns.
    ///
    /// # Errors
    /// [`StoreError`]: it isn't handled, and is to be handed in again.
    pub(super) async fn handle(&self, update: Update) -> Result<(), StoreError> {
        let event = identity(&update);
        let is_handled = self.bot.is_handled(self.telegram, event)?;
        let answers = match &update.kind {
            // The answer to a press isn't kept; to give it twice does no harm.
            UpdateKind::CallbackQuery(press) if is_handled => {
                self.close_press(press, None).await;
                return Ok(());
            }
            _ if is_handled => return Ok(()),
            UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => {
                self.message(message).await?
            }
            UpdateKind::CallbackQuery(press) => return self.press(press, event).await,
            UpdateKind::MyChatMember(change) => self.membership(change)?,
            UpdateKind::Error(_) => {
                tracing::warn!(
                    update = update.id.0,
                    "an update of a kind that isn't known is left out"
                );
                Answers::new()
            }
            _ => Answers::new(),
        };
        block_in_place(|| self.bot.handled(self.telegram, event, &answers))
    }

    async fn message(&self, message: &Message) -> Result<Answers, StoreError> {
        let here = address(message);
        if self.service_message(message, here)? {
            return Ok(Answers::new());
        }
        self.hears_of(message, here)?;
        let MessageKind::Common(_) = &message.kind else {
            return Ok(Answers::new());
        };
        // A channel's post that its discussion group repeats was answered in the channel.
        if message.is_automatic_forward() {
            return Ok(Answers::new());
        }
        let sender = sender(message);
        let is_private = message.chat.is_private();
        if let Sender::Somebody(user) = sender
            && user.is_bot
        {
            return Ok(Answers::new());
        }
        let typed = message.text().map(visible);
        let command = match self.command(typed.as_deref()) {
            Ok(Some(command)) => command,
            // For another bot, or talk.
            Ok(None) => return Ok(Answers::new()),
            Err(NotACommand) if is_private => Command {
                line: String::new(),
                name: "",
                addressed: true,
            },
            Err(NotACommand) => return Ok(Answers::new()),
        };
        let is_known = commands::named(command.name).is_some();
        if !is_private && !command.addressed && !is_known {
            return Ok(Answers::new());
        }
        let key = here.key();
        self.bot.welcome(&key, Reach::Place)?;
        let reply_to = (!is_private).then_some(message.id.0);
        let locale = self.language(message)?;
        let asker = |manager| Asker {
            channel: key.clone(),
            manager,
            locale,
            private: is_private,
        };
        let asking = match sender {
            Sender::Somebody(user) => self.asking(&message.chat, user).await,
            Sender::Manager | Sender::Masked => Asking::May,
        };
        if asking == Asking::TooMuch {
            return Ok(Answers::new());
        }
        if is_private && let Some((other, line)) = elsewhere(&command) {
            let asker = asker(true);
            let reply = self.manage(message, &asker, &other, &line).await?;
            let say = self.bot.speaker_for(&asker)?;
            let mut answers = self.messages(&key, &reply, say, reply_to);
            for (_, wire) in &mut answers {
                *wire = to_be_copied(wire, &other);
            }
            return Ok(answers);
        }
        let manager = match self.is_manager(message, sender, &command).await {
            Ok(manager) => manager,
            Err(key_of_refusal) => {
                let say = self.bot.speaker_for(&asker(false))?;
                let reply = say.line(key_of_refusal, &[]).into();
                return Ok(self.messages(&key, &reply, say, reply_to));
            }
        };
        if command.name.eq_ignore_ascii_case("preview") && !is_private {
            return self
                .preview_alone(message, sender, &command.line, reply_to)
                .await;
        }
        let asker = asker(manager);
        let mut reply =
            block_in_place(|| self.bot.command_of(self.telegram, &asker, &command.line))?;
        let say = self.bot.speaker_for(&asker)?;
        if asking == Asking::Last {
            let last = say.line("last-question", &[]);
            reply.post.push(Block::Line(last));
        }
        Ok(self.messages(&key, &reply, say, reply_to))
    }

    /// Whatever comes from a place shows that we may be welcome there again. Talk shows it now and then, so that a
    /// group which only doesn't let us speak isn't tried at each word.
    fn hears_of(&self, message: &Message, here: Address) -> Result<(), StoreError> {
        let is_talk = matches!(message.kind, MessageKind::Common(_));
        if matches!(message.kind, MessageKind::LeftChatMember(_)) {
            return Ok(());
        }
        let stopped = |row: ChannelRow| row.pause.is_some_and(|p| p.by == PausedBy::Platform);
        if !self.bot.channel(&here.key())?.is_some_and(stopped) {
            return Ok(());
        }
        if !is_talk || self.telegram.access.is_first_word_for_long(here.chat) {
            self.bot.welcome(&here.key(), Reach::Place)?;
        }
        Ok(())
    }

    /// What is meant for us, with the bot's name taken out. `None` if it is for another bot, or talk in a group.
    fn command<'t>(&self, typed: Option<&'t str>) -> Result<Option<Command<'t>>, NotACommand> {
        let text = typed.ok_or(NotACommand)?.trim();
        let is_ours = |name: &str| name.eq_ignore_ascii_case(&self.account.username);
        let mut addressed = false;
        let mut rest = text;
        if let Some(named) = text.strip_prefix('@') {
            let end = named.find(char::is_whitespace).unwrap_or(named.len());
            if is_ours(&named[..end]) {
                addressed = true;
                rest = named[end..].trim_start();
            }
        }
        let Some(command) = rest.strip_prefix('/') else {
            if addressed {
                let line = rest.to_owned();
                let name = "";
                return Ok(Some(Command {
                    line,
                    name,
                    addressed,
                }));
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
            line: format!("/{name}{words}"),
            name,
            addressed,
        }))
    }

    /// Whether somebody in a group may ask one thing more. Its administrators aren't counted.
    pub(super) async fn asking(&self, chat: &Chat, user: &User) -> Asking {
        let (access, api) = (&self.telegram.access, &self.telegram.api);
        if access.known(chat.id.0, user.id.0) == Some(true) {
            return Asking::May;
        }
        match self.telegram.questions.ask(chat.id.0, user.id.0) {
            Asking::May => Asking::May,
            counted => match access.is_manager(api, chat.id.0, user.id.0).await {
                Ok(true) => Asking::May,
                _ => counted,
            },
        }
    }

    /// Whether the sender may change what the chat follows; asked only where it matters.
    async fn is_manager(
        &self,
        message: &Message,
        sender: Sender<'_>,
        command: &Command<'_>,
    ) -> Result<bool, &'static str> {
        let spec = commands::named(command.name);
        let must = spec.is_some_and(|spec| spec.who == Who::Managers)
            || command.line.to_lowercase().starts_with("/start sub_");
        // These only say more to somebody who may.
        let matters =
            must || spec.is_some_and(|spec| matches!(spec.name, "help" | "start" | "latest"));
        let user = match sender {
            Sender::Manager => return Ok(true),
            Sender::Masked if must => return Err("only-administrators"),
            Sender::Masked => return Ok(false),
            Sender::Somebody(user) => user,
        };
        let chat = message.chat.id.0;
        let access = &self.telegram.access;
        if !matters {
            return Ok(access.known(chat, user.id.0).unwrap_or(false));
        }
        match access.is_manager(&self.telegram.api, chat, user.id.0).await {
            Ok(false) if must => Err("only-administrators"),
            Ok(is_manager) => Ok(is_manager),
            Err(fault) => {
                tracing::warn!(chat, %fault, "Telegram doesn't say who administers a chat");
                if must {
                    Err("administrators-unknown")
                } else {
                    Ok(false)
                }
            }
        }
    }

    /// The language of a private answer: what the chat was set to, else the asker's own.
    fn language(&self, message: &Message) -> Result<Option<Locale>, StoreError> {
        if !message.chat.is_private() {
            return Ok(None);
        }
        self.private_language(address(message), message.from.as_ref())
    }

    pub(super) fn private_language(
        &self,
        chat: Address,
        user: Option<&User>,
    ) -> Result<Option<Locale>, StoreError> {
        let row = self.bot.channel(&chat.key())?;
        if row.is_some_and(|row| row.settings.locale.is_some()) {
            return Ok(None);
        }
        Ok(user.and_then(language_of))
    }

    /// A reply as messages; its buttons stand under the last one.
    pub(super) fn messages(
        &self,
        to: &ChannelKey,
        reply: &Reply,
        say: Speaker<'_>,
        reply_to: Option<i32>,
    ) -> Answers {
        let texts = render::messages(&reply.post);
        let last = texts.len().saturating_sub(1);
        let texts = texts.into_iter().enumerate();
        texts
            .map(|(at, html)| {
                let mut wire = Wire {
                    html,
                    reply_to: reply_to.filter(|_| at == 0),
                    ..Wire::default()
                };
                if at == last {
                    wire.with_buttons(reply.buttons(say));
                }
                (to.clone(), wire.to_text())
            })
            .collect()
    }
}

/// The language that somebody uses Telegram in, if we speak it.
pub(super) fn language_of(user: &User) -> Option<Locale> {
    let code = user.language_code.as_deref()?;
    Locale::parse(code.split(['-', '_']).next()?)
}

/// Talk, a picture, anything else.
struct NotACommand;

/// What was typed, without what nobody sees: it comes along when somebody copies from a message, ours included.
fn visible(typed: &str) -> String {
    typed.replace(['\u{200B}', '\u{2060}', '\u{FEFF}'], "")
}

/// Where a message is, and is answered.
pub(super) fn address(message: &Message) -> Address {
    let thread = message.thread_id.filter(|_| message.is_topic_message);
    Address {
        chat: message.chat.id.0,
        thread: thread.map(|thread| thread.0.0),
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
        UpdateKind::MyChatMember(change) => format!(
            "s{} {} {:?}",
            change.chat.id,
            change.date,
            change.new_chat_member.status()
        ),
        _ => String::new(),
    };
    xxh3_64(format!("{} {what}", update.id.0).as_bytes())
}
