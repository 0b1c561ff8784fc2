//! Documents between the thread that reads and the one that files: so many bytes of them that neither waits, and a folder
//! of large ones doesn't stand in memory as a whole.

use parking_lot::{Condvar, Mutex};

use tidings_core::bounds::BYTES_AHEAD;

#[derive(Default)]
pub(super) struct InFlight {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    bytes: usize,
    is_over: bool,
}

impl InFlight {
    /// Takes a document of so many bytes on, as soon as what is on its way leaves room. A document that is larger than
    /// all the room goes alone.
    pub(super) fn take(&self, bytes: usize) {
        let mut state = self.state.lock();
        self.changed.wait_while(&mut state, |state| {
            let is_full = state.bytes.saturating_add(bytes) > BYTES_AHEAD.most;
            state.bytes > 0 && is_full && !state.is_over
        });
        state.bytes = state.bytes.saturating_add(bytes);
    }

    /// What a document was taken on with is `before` no more: it has turned out to be so many bytes.
    pub(super) fn is_by_now(&self, before: usize, bytes: usize) {
        let mut state = self.state.lock();
        state.bytes = state.bytes.saturating_sub(before).saturating_add(bytes);
        self.changed.notify_all();
    }

    /// Makes the room of documents free that are filed.
    pub(super) fn free(&self, bytes: usize) {
        let mut state = self.state.lock();
        state.bytes = state.bytes.saturating_sub(bytes);
        self.changed.notify_all();
    }

    /// Lets nobody wait any more, once what this gives is dropped: nothing will be filed.
    pub(super) fn until_dropped(&self) -> Open<'_> {
        Open(self)
    }
}

/// As long as documents are filed.
pub(super) struct Open<'f>(&'f InFlight);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.state.lock().is_over = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_turns_out_to_be_counts() {
        let in_flight = InFlight::default();
        in_flight.take(100);
        in_flight.is_by_now(100, 300);
        in_flight.take(50);
        in_flight.is_by_now(50, 0);
        assert_eq!(in_flight.state.lock().bytes, 300);
        in_flight.free(300);
        assert_eq!(in_flight.state.lock().bytes, 0);
    }
}
