//! What the bot has asked for so far: its requests, its answers to presses, its command menus.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::Value;

/// A press of a button, until (and after) the bot answers it.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    pub(crate) chat: i64,
    pub(crate) message: i64,
    pub(crate) from: i64,
    pub(crate) label: String,
    pub(crate) data: String,
    pub(crate) expired: bool,
    pub(super) at: Instant,
    pub(crate) answer: Option<CallbackAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallbackAnswer {
    pub(crate) text: String,
    pub(crate) show_alert: bool,
    /// The address that the app opens.
    pub(crate) opens: Option<String>,
}

/// One request of the bot, as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// As the documentation spells it: `sendMessage`.
    pub(crate) method: String,
    pub(crate) body: Value,
    pub(crate) at: Instant,
    pub(crate) chat: Option<i64>,
    /// The answer's status; none yet, or none at all after a reset.
    pub(crate) status: Option<u16>,
}

/// The command menus, by scope and language, and how often they were set.
#[derive(Debug, Default)]
pub(crate) struct Menus {
    pub(crate) by_scope: BTreeMap<(String, String), Vec<(String, String)>>,
    /// The names of those commands in them that are ephemeral.
    pub(super) ephemeral: BTreeMap<(String, String), Vec<String>>,
    pub(crate) set_calls: usize,
    pub(crate) delete_calls: usize,
}

impl Menus {
    /// Whether an app in a language without a list of its own sends a command of a scope as an ephemeral message.
    pub(super) fn is_ephemeral(&self, scope: &str, name: &str) -> bool {
        let key = (scope.to_owned(), String::new());
        let ephemeral = self.ephemeral.get(&key);
        ephemeral.is_some_and(|names| names.iter().any(|known| known == name))
    }
}
