//! Where posts are welcome: what a platform tells of its channels.

use tokio::sync::watch::Receiver;

use super::{Bot, Met};
use tidings_core::channel::{ChannelRow, PausedBy};
use tidings_core::delivery::probe_after;
use tidings_core::ids::ChannelKey;
use tidings_store::{ReadTx, StoreError};

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
    pub async fn mark_unreachable(
        &self,
        place: &ChannelKey,
        scope: Scope,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let paused = self.store.write(|db| {
            for channel in reached(db, place, scope)? {
                db.pause_by_platform(&channel.key, reason, now, probe_after)?;
            }
            Ok(())
        });
        paused.await
    }

    /// Channels that didn't want posts and are to be asked about, at most so many.
    pub async fn resting(
        &self,
        platform: &str,
        most: usize,
    ) -> Result<Vec<ChannelKey>, StoreError> {
        let now = self.now();
        self.store.read(|db| db.resting(platform, now, most)).await
    }

    /// Changes whenever something may be due.
    pub fn scheduled(&self) -> Receiver<u64> {
        self.wake.scheduled()
    }

    /// A channel that didn't want posts was asked about and doesn't yet: it is asked about again later. What an
    /// event told meanwhile counts.
    pub async fn still_unreachable(&self, channel: &ChannelKey) -> Result<(), StoreError> {
        let now = self.now();
        let paused = self.store.write(|db| {
            let pause = db.channel(channel)?.and_then(|row| row.pause);
            match pause.filter(|pause| pause.by == PausedBy::Platform) {
                Some(pause) => {
                    let reason = pause.reason.unwrap_or_default();
                    db.pause_by_platform(channel, &reason, now, probe_after)
                }
                None => Ok(()),
            }
        });
        paused.await
    }

    /// Whatever is asked at a place shows that posts are welcome there.
    pub async fn welcome(&self, met: &Met) -> Result<(), StoreError> {
        match &met.row {
            Some(row) if met.stopped().is_some() => self
                .mark_reachable(&row.key, Scope::Place)
                .await
                .map(|_| ()),
            _ => Ok(()),
        }
    }

    /// What is kept about a channel, where it follows anything.
    pub async fn follower(&self, channel: &ChannelKey) -> Result<Option<ChannelRow>, StoreError> {
        let found = self.store.read(|db| {
            let Some(row) = db.channel(channel)? else {
                return Ok(None);
            };
            Ok((!db.subscriptions(row.id)?.is_empty()).then_some(row))
        });
        found.await
    }

    /// Whether a channel is known to be part of a place.
    pub async fn is_part_of(
        &self,
        channel: &ChannelKey,
        place: &ChannelKey,
    ) -> Result<bool, StoreError> {
        self.store.read(|db| db.is_part_of(channel, place)).await
    }

    /// A place wants posts again; what it missed comes in one catch-up. Returns whether anything is followed there.
    pub async fn mark_reachable(
        &self,
        place: &ChannelKey,
        scope: Scope,
    ) -> Result<bool, StoreError> {
        let standing = self.store.read(|db| {
            let channels = reached(db, place, scope)?;
            let mut follows = false;
            for channel in &channels {
                follows |= !db.subscriptions(channel.id)?.is_empty();
            }
            let stopped = channels.iter().any(|channel| channel.pause.is_some());
            Ok::<_, StoreError>((stopped, follows))
        });
        let (stopped, follows) = standing.await?;
        if stopped {
            let resumed = self.store.write(|db| {
                let mut resumed = false;
                for channel in reached(db, place, scope)? {
                    resumed |= db.mark_reachable(&channel.key, None)?;
                }
                Ok::<_, StoreError>(resumed)
            });
            if resumed.await? {
                tracing::info!(channel = %place, "a channel takes posts again");
                self.wake.schedule();
                self.wake.outbox();
            }
        }
        Ok(follows)
    }

    /// What a platform needs to know of a channel, and the place that it is part of; kept if anything is kept
    /// about the channel.
    pub async fn note(
        &self,
        channel: &ChannelKey,
        note: &str,
        place: Option<&ChannelKey>,
    ) -> Result<(), StoreError> {
        // Platforms tell of all channels that change, and most aren't kept.
        if self.store.read(|db| db.channel(channel)).await?.is_none() {
            return Ok(());
        }
        self.store
            .write(|db| db.note_channel(channel, note, place))
            .await
    }

    /// Compares what is noted of a place's channels with what they are now, where that is told.
    pub async fn compare_notes(
        &self,
        place: &ChannelKey,
        now: &(dyn Fn(&ChannelKey) -> Option<String> + Send + Sync),
    ) -> Result<(), StoreError> {
        for row in self.store.read(|db| db.channels_within(place)).await? {
            if let Some(note) = now(&row.key).filter(|note| row.note.as_ref() != Some(note)) {
                self.note(&row.key, &note, Some(place)).await?;
            }
        }
        Ok(())
    }

    /// A channel has a new address.
    pub async fn moved(&self, from: &ChannelKey, to: &ChannelKey) -> Result<(), StoreError> {
        let now = self.now();
        let moved = self.store.write(|db| db.move_channel(from, to, now));
        if moved.await? {
            tracing::info!(%from, %to, "a channel has a new address; all that is kept about it moved");
            self.wake.outbox();
        }
        Ok(())
    }

    /// Takes the roles out of the settings of a place's channels that aren't there any more.
    pub async fn forget_roles(
        &self,
        place: &ChannelKey,
        is_role: &(dyn Fn(&str) -> bool + Send + Sync),
    ) -> Result<(), StoreError> {
        let is_gone = |row: &ChannelRow| {
            let role = row.settings.role.as_deref();
            role.is_some_and(|role| !is_role(role))
        };
        let channels = self.store.read(|db| db.channels_within(place)).await?;
        for row in channels.into_iter().filter(is_gone) {
            let mut settings = row.settings.clone();
            settings.role = None;
            let saved = self.store.write(|db| db.save_settings(row.id, &settings));
            saved.await?;
            tracing::info!(channel = %row.key, "the role that posts mentioned is gone; nobody is mentioned there now");
        }
        Ok(())
    }
}

fn reached(
    db: &ReadTx<'_>,
    place: &ChannelKey,
    scope: Scope,
) -> Result<Vec<ChannelRow>, StoreError> {
    match scope {
        Scope::Place => Ok(db.channel(place)?.into_iter().collect()),
        Scope::Within => db.channels_within(place),
    }
}
