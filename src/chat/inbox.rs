//! What came in and is answered, so that an event that comes twice isn't answered twice; and how a platform stands.

use std::time::Duration;

use super::Bot;
use crate::task::sleep;
use tidings_core::platform::ChatPlatform;
use tidings_store::{Answer, PlatformState, StoreError};

/// Between two looks whether another process has given an answer.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

impl Bot {
    /// Puts the messages of an answer on their way, and notes that its event is answered: both or neither. Where another process
    /// has answered it meanwhile, that is enough.
    pub async fn handled(
        &self,
        platform: &dyn ChatPlatform,
        event: u64,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let noted = self.store.write(|db| {
            if db.mark_handled(platform.name(), event, now)? {
                db.add_answers(answer, now)?;
            }
            Ok::<_, StoreError>(())
        });
        noted.await?;
        if !answer.messages.is_empty() {
            self.wake.outbox();
        }
        Ok(())
    }

    /// Resolves once another process has given an answer that somebody alone sees; never where nobody else could.
    pub async fn given_elsewhere(&self, answer: &Answer) {
        let to = answer.messages.first().filter(|_| self.is_one_of_many());
        let Some((channel, _)) = to else {
            return std::future::pending().await;
        };
        loop {
            sleep(BETWEEN_LOOKS).await;
            let waits = self
                .store
                .read(|db| db.has_private_answer(channel, answer.asker));
            if matches!(waits.await, Ok(false)) {
                return;
            }
        }
    }

    /// How a platform stands.
    pub async fn platform_state(
        &self,
        platform: &dyn ChatPlatform,
    ) -> Result<PlatformState, StoreError> {
        let state = self.store.read(|db| db.platform(platform.name())).await?;
        Ok(state.unwrap_or_default())
    }

    /// Whether other processes may listen in this one's place.
    pub fn is_one_of_many(&self) -> bool {
        self.store.is_shared()
    }

    /// Into how many connections a platform's events are divided; `None` where nobody has said.
    pub async fn connections(
        &self,
        platform: &dyn ChatPlatform,
    ) -> Result<Option<u32>, StoreError> {
        self.store.read(|db| db.connections(platform.name())).await
    }

    /// Says into how many connections a platform's events are divided from now on.
    pub async fn divide(
        &self,
        platform: &dyn ChatPlatform,
        connections: u32,
    ) -> Result<(), StoreError> {
        self.store
            .write(|db| db.set_connections(platform.name(), connections))
            .await
    }

    /// Whether a connection of a bucket may introduce itself now, `gap` after the last one; else in how long to ask again.
    pub async fn introduce(
        &self,
        platform: &dyn ChatPlatform,
        bucket: u32,
        gap: Duration,
    ) -> Result<Option<Duration>, StoreError> {
        self.store
            .write(|db| db.introduce(platform.name(), bucket, gap))
            .await
    }

    /// A connection of a bucket has introduced itself without asking.
    pub async fn introduced(
        &self,
        platform: &dyn ChatPlatform,
        bucket: u32,
        gap: Duration,
    ) -> Result<(), StoreError> {
        self.store
            .write(|db| db.introduced(platform.name(), bucket, gap))
            .await
    }

    /// What proves that a platform brings something by itself, once somebody has had it brought.
    pub async fn webhook_secret(&self, platform: &str) -> Result<Option<String>, StoreError> {
        self.store.read(|db| db.webhook_secret(platform)).await
    }

    /// The same for whoever has it brought: `new` if there is none yet.
    pub async fn webhook_secret_or_new(
        &self,
        platform: &str,
        new: &str,
    ) -> Result<String, StoreError> {
        self.store
            .write(|db| db.webhook_secret_or_new(platform, new))
            .await
    }

    /// A platform was reached, as the account of this name.
    pub async fn reached(
        &self,
        platform: &dyn ChatPlatform,
        account: &str,
    ) -> Result<(), StoreError> {
        self.store
            .write(|db| db.platform_reached(platform.name(), account))
            .await
    }

    /// A platform can't be reached, or can again.
    pub async fn trouble(
        &self,
        platform: &dyn ChatPlatform,
        trouble: Option<&str>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let redaction = self.settings.redaction();
        let trouble = trouble.map(|trouble| redaction.text(trouble));
        let trouble = trouble.as_deref();
        let noted = self.store.write(|db| {
            db.platform_trouble(platform.name(), trouble, now)?;
            match trouble {
                Some(_) => Ok(()),
                None => db.release_backoff(platform.name(), now),
            }
        });
        noted.await?;
        if trouble.is_none() {
            self.wake.outbox();
        }
        Ok(())
    }

    /// The command menu of this hash is set, at places that the platform names.
    pub async fn menu_set(
        &self,
        platform: &dyn ChatPlatform,
        menu: u64,
        places: &str,
    ) -> Result<(), StoreError> {
        self.store
            .write(|db| db.platform_menu(platform.name(), menu, places))
            .await
    }
}
