//! What this Bot API server can do that older ones can't: asked at each start, or found out by what it answers.

use std::sync::atomic::{AtomicBool, Ordering};

/// What the server can do, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Abilities {
    refuses_moments: AtomicBool,
}

impl Abilities {
    /// Returns true if the server refuses texts with moments in them.
    pub(super) fn refuses_moments(&self) -> bool {
        self.refuses_moments.load(Ordering::Relaxed)
    }

    /// The server refused a text with moments in it, and took it without them.
    pub(super) fn note_refused_moments(&self) {
        self.refuses_moments.store(true, Ordering::Relaxed);
    }
}
