//! What a *Share* button carries, under an answer that its asker alone sees: a press asks the same anew, for all.

use super::pipeline::Asked;
use crate::chat::commands::{Action, Invocation};

/// In front of what a Share button shows to everybody: a command, or a button's data.
const SHARE: char = '!';

/// What is shown to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shared {
    /// What a command answers.
    Command(Invocation),
    /// What a button leads to.
    Action(Action),
}

impl Shared {
    /// Reads a Share button's data; `None` if it is none.
    pub fn read(data: &str) -> Option<Shared> {
        let shared = data.strip_prefix(SHARE)?;
        if shared.starts_with('/') {
            return Invocation::parse(shared).ok().map(Shared::Command);
        }
        Action::decode(shared).map(Shared::Action)
    }

    /// The data of a button that shares the answer to a question; `None` if that can't be asked again.
    pub fn data_of(asked: &Asked) -> Option<String> {
        let shared = match asked {
            Asked::Command(Ok(invocation)) => invocation.to_string(),
            Asked::Command(Err(_)) => return None,
            Asked::Press(action) => action.encode()?,
        };
        Some(data(&shared))
    }

    /// What it asks.
    pub fn asked(self) -> Asked {
        match self {
            Shared::Command(invocation) => Asked::Command(Ok(invocation)),
            Shared::Action(action) => Asked::Press(action),
        }
    }
}

/// The data of a button that shows everybody what a command or a button's data leads to.
pub fn data(shared: &str) -> String {
    format!("{SHARE}{shared}")
}
