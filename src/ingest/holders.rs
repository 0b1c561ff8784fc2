//! What loads each source in this process: where processes share a store, only whoever holds a source loads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// What loads each source that this process holds.
pub(super) struct Holders<T>(Mutex<BTreeMap<String, Arc<T>>>);

impl<T> Default for Holders<T> {
    fn default() -> Self {
        Holders(Mutex::default())
    }
}

impl<T> Holders<T> {
    /// Notes that a source is held, until what is returned is dropped.
    pub(super) fn hold(self: &Arc<Self>, source: &str, holder: Arc<T>) -> Holding<T> {
        self.0.lock().insert(source.to_owned(), holder);
        Holding {
            holders: self.clone(),
            source: source.to_owned(),
        }
    }

    /// What loads a source here; `None` where another process does.
    pub(super) fn of(&self, source: &str) -> Option<Arc<T>> {
        self.0.lock().get(source).cloned()
    }
}

/// A source is this process's as long as this lives.
pub struct Holding<T> {
    holders: Arc<Holders<T>>,
    source: String,
}

impl<T> Drop for Holding<T> {
    fn drop(&mut self) {
        self.holders.0.lock().remove(&self.source);
    }
}
