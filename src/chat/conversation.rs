//! What people ask, and what they are answered.

use super::Bot;
use crate::chat::commands;
use crate::chat::commands::{
    Action, Argument, Invocation, Page, Reply, Request, Suggestion, Typing, Unparsed, Who,
};
use tidings_core::channel::{ChannelRow, Pause};
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Localizer, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Line, Place};
use tidings_store::StoreError;

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Requester {
    /// The channel that a command acts on.
    pub channel: ChannelKey,
    /// Whether they may change what it follows.
    pub manager: bool,
    /// The language of a private answer; without it, the channel's.
    pub locale: Option<Locale>,
    /// Whether the channel is a chat with them alone.
    pub private: bool,
    /// What the platform knows of the channel at this moment, for one that nothing is kept about yet.
    pub note: Option<String>,
    /// What the platform knows to keep posts from the channel at this moment, said so that it can be mended.
    pub hindrance: Option<Line>,
    /// Why the platform took nothing for the channel until this very question was asked, if that was so.
    pub lifted: Option<Pause>,
}

impl Requester {
    /// Somebody who is answered in the channel's language.
    pub fn in_channel(channel: &ChannelKey, manager: bool) -> Requester {
        Requester {
            channel: channel.clone(),
            manager,
            locale: None,
            private: false,
            note: None,
            hindrance: None,
            lifted: None,
        }
    }
}

impl Bot {
    /// Answers a command.
    ///
    /// # Errors
    /// Only if the sections can't be read; everything else is answered.
    pub fn command(
        &self,
        platform: &dyn ChatPlatform,
        channel: &ChannelKey,
        manager: bool,
        line: &str,
    ) -> Result<Reply, StoreError> {
        let asker = Requester::in_channel(channel, manager);
        self.invoke(platform, &asker, &Invocation::parse(line))
    }

    /// Answers what somebody asked.
    ///
    /// # Errors
    /// As for [`Bot::command`].
    pub fn invoke(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        asked: &Result<Invocation, Unparsed>,
    ) -> Result<Reply, StoreError> {
        let reply =
            self.with_request(platform, asker, |request| commands::answer(request, asked))?;
        let is_managers = |asked: &Invocation| asked.spec.who == Who::Managers;
        if asker.manager && asked.as_ref().is_ok_and(is_managers) {
            self.wake_all();
        }
        Ok(reply)
    }

    /// A manager has changed something: a roundup may be due, or on its way.
    fn wake_all(&self) {
        self.wake.schedule();
        self.wake.outbox();
    }

    /// Does what a button says.
    ///
    /// # Errors
    /// As for [`Bot::command`].
    pub fn press_button(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        action: &Action,
    ) -> Result<Reply, StoreError> {
        let reply = self.with_request(platform, asker, |request| commands::press(request, action));
        if asker.manager && matches!(action, Action::Follow(_)) {
            self.wake_all();
        }
        reply
    }

    /// Shows a later page of a list.
    ///
    /// # Errors
    /// As for [`Bot::command`].
    pub fn turn(
        &self,
        platform: &dyn ChatPlatform,
        channel: &ChannelKey,
        page: &Page,
    ) -> Result<Reply, StoreError> {
        let asker = Requester::in_channel(channel, false);
        self.with_request(platform, &asker, |request| commands::turn(request, page))
    }

    fn with_request(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        answer: impl FnOnce(&Request<'_>) -> Reply,
    ) -> Result<Reply, StoreError> {
        let catalogue = self.catalogues.current()?;
        Ok(answer(&Request {
            store: &self.store,
            context: self.compose_context(&catalogue),
            platform,
            channel: asker.channel.clone(),
            manager: asker.manager,
            private: asker.private,
            note: asker.note.as_deref(),
            hindrance: asker.hindrance.as_ref(),
            lifted: asker.lifted.as_ref(),
            say: self.localizer_for(asker)?.at(if asker.private {
                Place::Private
            } else {
                platform.place()
            }),
            sources: &self.settings.sources,
            commands: commands::ALL,
            now: self.now(),
            loading: self.is_loading(),
        }))
    }

    /// Speaks the language in which somebody is answered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn localizer_for(&self, asker: &Requester) -> Result<Localizer<'_>, StoreError> {
        match asker.locale {
            Some(locale) => Ok(self.texts.localizer(locale)),
            None => self.localizer_in(&asker.channel),
        }
    }

    /// A text of ours for a channel.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn say(&self, channel: &ChannelKey, key: &str) -> Result<Reply, StoreError> {
        Ok(self.say_line(channel, key, &[])?.into())
    }

    /// A line of ours for a channel.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn say_line(
        &self,
        channel: &ChannelKey,
        key: &str,
        values: &[(&str, Value<'_>)],
    ) -> Result<Line, StoreError> {
        Ok(self.localizer_in(channel)?.line(key, values))
    }

    /// What is kept about a channel.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn channel(&self, key: &ChannelKey) -> Result<Option<ChannelRow>, StoreError> {
        self.store.read(|db| db.channel(key))
    }

    /// Values that somebody may mean who has typed so much of an argument, the likeliest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn suggest(
        &self,
        asker: &Requester,
        argument: &Argument,
        typed: &str,
        most: usize,
    ) -> Result<Vec<Suggestion>, StoreError> {
        let catalogue = self.catalogues.current()?;
        let say = self.localizer_for(asker)?;
        Ok(commands::suggest(&catalogue, say, argument, typed, most))
    }

    /// What may be meant by the end of a line that is typed on a platform where nothing completes them, and from which byte on it is typed instead.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn complete(
        &self,
        platform: &dyn ChatPlatform,
        channel: &ChannelKey,
        manager: bool,
        line: &str,
        most: usize,
    ) -> Result<(usize, Vec<Suggestion>), StoreError> {
        let catalogue = self.catalogues.current()?;
        let say = self.localizer_in(channel)?;
        let typing = Typing {
            platform,
            manager,
            line,
        };
        Ok(commands::complete(&catalogue, say, typing, most))
    }
}
