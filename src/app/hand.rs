//! What this process has in hand, and what those before it had when they ended.

use std::sync::Arc;

use super::Bot;
use crate::sources::hand::{self, Hand};
use tidings_store::StoreError;

impl Bot {
    /// Where what is being read is noted. Whoever is first to read something finds out what processes that are gone had
    /// in hand.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn hand(&self) -> Result<Arc<Hand>, StoreError> {
        let mut known = self.hand.lock();
        if let Some(hand) = &*known {
            return Ok(hand.clone());
        }
        let path = self.store.path();
        let left = hand::left(path).unwrap_or_else(|error| {
            tracing::warn!(%error, "what other processes had in hand can't be seen");
            Vec::new()
        });
        if !left.is_empty() {
            self.store
                .write(|db| left.iter().try_for_each(|content| db.add_death(*content)))?;
        }
        let deaths = self.store.read(|db| db.deaths())?;
        let hand = Hand::beside(path, deaths.clone()).unwrap_or_else(|error| {
            tracing::warn!(%error, "what is being read can't be noted beside the store");
            Hand::knowing(deaths)
        });
        Ok(known.insert(Arc::new(hand)).clone())
    }
}
