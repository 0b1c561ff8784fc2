//! A line that somebody typed, as a question. At the console nobody has to be asked about anything.

use crate::chat::commands::{Invocation, Reply};
use crate::platforms::kit::pipeline::{Asked, Outcome, Question};
use crate::platforms::kit::reader_limit::Asking;
use tidings_core::ids::ChannelKey;

use super::Console;

/// A line that somebody typed.
pub struct Typed {
    place: ChannelKey,
    asked: Asked,
    manager: bool,
}

impl Typed {
    /// By somebody who may change what the console follows, or who may not.
    pub fn new(line: &str, manager: bool) -> Typed {
        Typed {
            place: Console::channel(),
            asked: Asked::Command(Invocation::parse(line)),
            manager,
        }
    }
}

impl Question for Typed {
    type Answer = Reply;

    fn asked(&self) -> &Asked {
        &self.asked
    }

    fn place(&self) -> &ChannelKey {
        &self.place
    }

    async fn limit(&self) -> Asking {
        Asking::May
    }

    async fn rights(&self) -> Result<bool, &'static str> {
        Ok(self.manager)
    }

    fn answer(&self, outcome: Outcome<'_>) -> Reply {
        outcome.reply
    }
}
