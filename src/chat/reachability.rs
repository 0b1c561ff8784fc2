//! Where posts are welcome: what a platform tells of its channels.

use tokio::sync::watch::Receiver;

use super::Bot;
use tidings_core::channel::{ChannelRow, Pause, PausedBy};
use tidings_core::delivery::probe_after;
use tidings_core::ids::ChannelKey;
use tidings_store::{Reader, StoreError};

/// How far an event reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The place itself.
    Place,
    /// The place and all places in it, such as the topics of a chat.
    Within,
}

impl Bot {
    /// A place doesn't want posts any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_unreachable(
        &self,
        place: &ChannelKey,
        scope: Scope,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.now();
        self.store.write(|db| {
            for channel in reached(db, place, scope)? {
                db.pause_by_platform(&channel.key, reason, now, probe_after)?;
            }
            Ok(())
        })
    }

    /// Channels that didn't want posts and are to be asked about, at most so many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn resting(&self, platform: &str, most: usize) -> Result<Vec<ChannelKey>, StoreError> {
        self.store.read(|db| db.resting(platform, self.now(), most))
    }

    /// Changes whenever something may be due.
    pub fn scheduled(&self) -> Receiver<u64> {
        self.wake.scheduled()
    }

    /// A channel that didn't want posts was asked about and doesn't yet: it is asked about again later. What an
    /// event told meanwhile counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn still_unreachable(&self, channel: &ChannelKey) -> Result<(), StoreError> {
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

    /// A place wants posts again; what it missed comes in one catch-up. Returns whether anything is followed there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_reachable(&self, place: &ChannelKey, scope: Scope) -> Result<bool, StoreError> {
        let (stopped, follows) = self.store.read(|db| {
            let channels = reached(db, place, scope)?;
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
                for channel in reached(db, place, scope)? {
                    resumed |= db.mark_reachable(&channel.key, None)?;
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

    /// Compares what is noted of a place's channels with what they are now, where that is told.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn compare_notes(
        &self,
        place: &ChannelKey,
        now: &dyn Fn(&ChannelKey) -> Option<String>,
    ) -> Result<(), StoreError> {
        for row in self.store.read(|db| db.channels_within(place))? {
            if let Some(note) = now(&row.key).filter(|note| row.note.as_ref() != Some(note)) {
                self.note(&row.key, &note, Some(place))?;
            }
        }
        Ok(())
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

    /// Takes the roles out of the settings of a place's channels that aren't there any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_roles(
        &self,
        place: &ChannelKey,
        is_role: &dyn Fn(&str) -> bool,
    ) -> Result<(), StoreError> {
        let is_gone = |row: &ChannelRow| {
            let role = row.settings.role.as_deref();
            role.is_some_and(|role| !is_role(role))
        };
        let channels = self.store.read(|db| db.channels_within(place))?;
        for row in channels.into_iter().filter(is_gone) {
            let mut settings = row.settings.clone();
            settings.role = None;
            self.store.write(|db| db.save_settings(row.id, &settings))?;
            tracing::info!(channel = %row.key, "the role that posts mentioned is gone; nobody is mentioned there now");
        }
        Ok(())
    }
}

fn reached(
    db: &Reader<'_>,
    place: &ChannelKey,
    scope: Scope,
) -> Result<Vec<ChannelRow>, StoreError> {
    match scope {
        Scope::Place => Ok(db.channel(place)?.into_iter().collect()),
        Scope::Within => db.channels_within(place),
    }
}
