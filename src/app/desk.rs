//! What a platform asks for on behalf of those who talk to it, and what it tells about its channels.

use jiff::Timestamp;

use super::Bot;
use crate::commands::{self, Action, Argument, Page, Reply, Request, Suggestion, Who};
use tidings_core::channel::{ChannelRow, Pause, PausedBy};
use tidings_core::delivery::probe_after;
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Locale, Speaker, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Line, Place};
use tidings_store::{Answer, PlatformState, Reader, StoreError};

/// How far an event reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The place itself.
    Place,
    /// The place and all places in it, such as the topics of a chat.
    Within,
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Asker {
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

impl Asker {
    /// Somebody who is answered in the channel's language.
    pub fn in_channel(channel: &ChannelKey, manager: bool) -> Asker {
        Asker {
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
        self.command_of(platform, &Asker::in_channel(channel, manager), line)
    }

    /// Answers a command of somebody.
    ///
    /// # Errors
    /// As for [`Bot::command`].
    pub fn command_of(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Asker,
        line: &str,
    ) -> Result<Reply, StoreError> {
        let reply =
            self.with_request(platform, asker, |request| commands::answer(request, line))?;
        let name = line.trim_start_matches('/').split_whitespace().next();
        let spec = name.and_then(commands::named);
        if asker.manager && spec.is_some_and(|spec| spec.who == Who::Managers) {
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
        asker: &Asker,
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
        let asker = Asker::in_channel(channel, false);
        self.with_request(platform, &asker, |request| commands::turn(request, page))
    }

    fn with_request(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Asker,
        answer: impl FnOnce(&Request<'_>) -> Reply,
    ) -> Result<Reply, StoreError> {
        let catalogue = self.catalogue()?;
        Ok(answer(&Request {
            store: &self.store,
            press: self.press(&catalogue),
            platform,
            channel: asker.channel.clone(),
            manager: asker.manager,
            private: asker.private,
            note: asker.note.as_deref(),
            hindrance: asker.hindrance.as_ref(),
            lifted: asker.lifted.as_ref(),
            say: self.speaker_for(asker)?.at(if asker.private {
                Place::Private
            } else {
                platform.place()
            }),
            sources: &self.settings.sources,
            now: self.now(),
            loading: self.is_loading(),
        }))
    }

    /// Speaks the language in which somebody is answered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn speaker_for(&self, asker: &Asker) -> Result<Speaker<'_>, StoreError> {
        match asker.locale {
            Some(locale) => Ok(self.texts.speaker(locale)),
            None => self.speaker_in(&asker.channel),
        }
    }

    /// Speaks a language.
    pub fn speaker_of(&self, locale: Locale) -> Speaker<'_> {
        self.texts.speaker(locale)
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
        Ok(self.speaker_in(channel)?.line(key, values))
    }

    /// Whether an event of a platform is answered already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_handled(&self, platform: &dyn ChatPlatform, event: u64) -> Result<bool, StoreError> {
        self.store.read(|db| db.is_handled(platform.name(), event))
    }

    /// Puts the messages of an answer on their way, and notes that its event is answered: both or neither.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn handled(
        &self,
        platform: &dyn ChatPlatform,
        event: u64,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let now = self.now();
        self.store.write(|db| {
            db.add_answers(answer, now)?;
            db.mark_handled(platform.name(), event, now)
        })?;
        if !answer.messages.is_empty() {
            self.wake.outbox();
        }
        Ok(())
    }

    /// What is kept about a channel.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn channel(&self, key: &ChannelKey) -> Result<Option<ChannelRow>, StoreError> {
        self.store.read(|db| db.channel(key))
    }

    /// A place doesn't want posts any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn unwelcome(
        &self,
        place: &ChannelKey,
        reach: Reach,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.now();
        self.store.write(|db| {
            for channel in reached(db, place, reach)? {
                db.pause_by_platform(&channel.key, reason, now, probe_after)?;
            }
            Ok(())
        })
    }

    /// A channel that didn't want posts was asked about and doesn't yet: it is asked about again later. What an
    /// event told meanwhile counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn still_unwelcome(&self, channel: &ChannelKey) -> Result<(), StoreError> {
        let now = self.now();
        self.store.write(|db| {
            let pause = db.channel(channel)?.and_then(|row| row.pause);
            match pause.filter(|pause| pause.by == PausedBy::Platform) {
                Some(pause) => {
                    let reason = pause.reason.unwrap_or_default();
                    db.pause_by_platform(channel, &reason, now, probe_after)
                }
                None => Ok(()),
            }
        })
    }

    /// Why a platform takes nothing for a channel, if that is so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stopped_by_platform(&self, channel: &ChannelKey) -> Result<Option<Pause>, StoreError> {
        let pause = self.channel(channel)?.and_then(|row| row.pause);
        Ok(pause.filter(|pause| pause.by == PausedBy::Platform))
    }

    /// A place wants posts again; what it missed comes in one catch-up. Says whether anything is followed there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn welcome(&self, place: &ChannelKey, reach: Reach) -> Result<bool, StoreError> {
        let (stopped, follows) = self.store.read(|db| {
            let channels = reached(db, place, reach)?;
            let mut follows = false;
            for channel in &channels {
                follows |= !db.subscriptions(channel.id)?.is_empty();
            }
            let stopped = channels.iter().any(|channel| channel.pause.is_some());
            Ok::<_, StoreError>((stopped, follows))
        })?;
        if stopped {
            let resumed = self.store.write(|db| {
                let mut resumed = false;
                for channel in reached(db, place, reach)? {
                    resumed |= db.welcome(&channel.key, None)?;
                }
                Ok::<_, StoreError>(resumed)
            })?;
            if resumed {
                tracing::info!(channel = %place, "a channel takes posts again");
                self.wake.schedule();
                self.wake.outbox();
            }
        }
        Ok(follows)
    }

    /// What a platform needs to know of a channel, and the place that it is part of; kept if anything is kept
    /// about the channel.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note(
        &self,
        channel: &ChannelKey,
        note: &str,
        place: Option<&ChannelKey>,
    ) -> Result<(), StoreError> {
        self.store.write(|db| db.note_channel(channel, note, place))
    }

    /// Values that somebody may mean who has typed so much of an argument, the likeliest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn suggest(
        &self,
        asker: &Asker,
        argument: &Argument,
        typed: &str,
        most: usize,
    ) -> Result<Vec<Suggestion>, StoreError> {
        let catalogue = self.catalogue()?;
        let say = self.speaker_for(asker)?;
        Ok(commands::suggest(&catalogue, say, argument, typed, most))
    }

    /// A channel has a new address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn moved(&self, from: &ChannelKey, to: &ChannelKey) -> Result<(), StoreError> {
        let now = self.now();
        if self.store.write(|db| db.move_channel(from, to, now))? {
            tracing::info!(%from, %to, "a channel has a new address; all that is kept about it moved");
            self.wake.outbox();
        }
        Ok(())
    }

    /// How a platform stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn platform_state(&self, platform: &dyn ChatPlatform) -> Result<PlatformState, StoreError> {
        let state = self.store.read(|db| db.platform(platform.name()))?;
        Ok(state.unwrap_or_default())
    }

    /// A platform was reached, as the account of this name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reached(&self, platform: &dyn ChatPlatform, account: &str) -> Result<(), StoreError> {
        self.store
            .write(|db| db.platform_reached(platform.name(), account))
    }

    /// A platform can't be reached, or can again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trouble(
        &self,
        platform: &dyn ChatPlatform,
        trouble: Option<&str>,
    ) -> Result<(), StoreError> {
        let now: Timestamp = self.now();
        let redaction = self.settings.tokens.redaction();
        let trouble = trouble.map(|trouble| redaction.text(trouble));
        let trouble = trouble.as_deref();
        self.store.write(|db| {
            db.platform_trouble(platform.name(), trouble, now)?;
            match trouble {
                Some(_) => Ok(()),
                None => db.hurry(platform.name(), now),
            }
        })?;
        if trouble.is_none() {
            self.wake.outbox();
        }
        Ok(())
    }

    /// The command menu of this hash is set, at places that the platform names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn menu_set(
        &self,
        platform: &dyn ChatPlatform,
        menu: u64,
        places: &str,
    ) -> Result<(), StoreError> {
        self.store
            .write(|db| db.platform_menu(platform.name(), menu, places))
    }
}

fn reached(
    db: &Reader<'_>,
    place: &ChannelKey,
    reach: Reach,
) -> Result<Vec<ChannelRow>, StoreError> {
    match reach {
        Reach::Place => Ok(db.channel(place)?.into_iter().collect()),
        Reach::Within => db.channels_within(place),
    }
}
