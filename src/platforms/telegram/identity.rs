//! What Telegram is called, and who the bot is there.

pub(super) const NAME: &str = "telegram";

/// What it is called in sentences.
pub(super) const TITLE: &str = "Telegram";

/// What is noted of a broadcast channel, which readers can't answer in: Telegram numbers it like a group.
pub(super) const BROADCAST: &str = "channel";

/// The variable that holds the token.
pub(super) const TOKEN: &str = "TELEGRAM_TOKEN";

/// Who the bot is, and what it was called when that was asked.
#[derive(Clone, Debug, serde::Deserialize)]
pub(super) struct Account {
    pub(super) id: u64,
    pub(super) username: String,
}
