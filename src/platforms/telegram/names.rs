//! What the bot is called: told at each start, and asked again where somebody names a bot that isn't known to be another
//! one, since @BotFather may have given ours a new name meanwhile (design.md, promise 6).

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How long another bot's name is taken for another's.
const HOLDS: Duration = Duration::from_secs(3_600);

/// Names of others that are kept; with more, all are forgotten and asked for again.
const KEPT: usize = 1_000;

/// Our name, and names that aren't ours.
#[derive(Debug, Default)]
pub(super) struct Names {
    ours: Mutex<String>,
    others: Mutex<HashMap<String, Instant>>,
}

impl Names {
    pub(super) fn are_now(&self, ours: &str) {
        ours.clone_into(&mut self.ours.lock());
    }

    /// What the bot is called, without its `@`; nothing before that was told.
    pub(super) fn ours(&self) -> String {
        self.ours.lock().clone()
    }

    pub(super) fn is_ours(&self, name: &str) -> bool {
        self.ours.lock().eq_ignore_ascii_case(name)
    }

    pub(super) fn is_anothers(&self, name: &str) -> bool {
        let others = self.others.lock();
        let known = others.get(&name.to_ascii_lowercase());
        known.is_some_and(|at| at.elapsed() < HOLDS)
    }

    pub(super) fn note_another(&self, name: &str) {
        let mut others = self.others.lock();
        if others.len() >= KEPT {
            others.clear();
        }
        others.insert(name.to_ascii_lowercase(), Instant::now());
    }
}

/// The bot that a command is addressed to: that of `/latest@our_bot`, or of `@our_bot /latest`. Names of bots end in
/// “bot”, so nobody else is meant (<https://core.telegram.org/bots/features#botfather>).
pub(super) fn named(typed: &str) -> Option<&str> {
    let word = typed.split_whitespace().next()?;
    let name = match word.strip_prefix('@') {
        Some(name) => name,
        None => word.strip_prefix('/')?.split_once('@')?.1,
    };
    let end = name.get(name.len().checked_sub(3)?..)?;
    end.eq_ignore_ascii_case("bot").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_bot_is_named_behind_a_command_or_in_front_of_it() {
        for (typed, name) in [
            ("/latest@news_bot us-nk", Some("news_bot")),
            ("  @NewsBot /latest", Some("NewsBot")),
            ("@ana what do you think?", None),
            ("/latest us-nk", None),
            ("mail to ana@robot", None),
            ("/latest@", None),
            ("@봇", None),
            ("", None),
        ] {
            assert_eq!(named(typed), name, "{typed}");
        }
    }
}
