//! Whether a “too many requests” is meant for a chat or for everything. Telegram doesn't say; what tells is
//! that one chat after the other is refused, and none is served in between.

use parking_lot::Mutex;

/// Different chats refused in a row that mean everything: by chance that many hardly ever meet.
const CHATS: usize = 4;

/// The chats that were refused since a message last got through.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    refused: Mutex<Vec<String>>,
}

impl Throttle {
    /// A chat was told to wait. Returns whether everything is to.
    pub(super) fn refused(&self, chat: &str) -> bool {
        let mut refused = self.refused.lock();
        if !refused.iter().any(|known| known == chat) {
            refused.push(chat.to_owned());
        }
        refused.len() >= CHATS
    }

    /// A message got through.
    pub(super) fn accepted(&self) {
        self.refused.lock().clear();
    }
}
