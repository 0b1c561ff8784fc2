//! What the bot is called by now, where somebody names a bot that may be ours.

use teloxide::payloads::GetMe;

use super::api::WHILE_SOMEBODY_WAITS;
use super::client::Telegram;
use super::identity::Account;
use crate::chat::Bot;

impl Telegram {
    /// Finds out whether a bot that somebody names is ours, where that isn't known.
    pub(super) async fn heed_name(&self, bot: &Bot, name: &str) {
        if self.names.is_ours(name) || self.names.is_anothers(name) {
            return;
        }
        let Ok(account) = self
            .api
            .ask::<_, Account>(&GetMe::new(), WHILE_SOMEBODY_WAITS)
            .await
        else {
            return;
        };
        if !self.names.is_ours(&account.username) {
            let now = format!("@{}", account.username);
            tracing::info!(bot = now, "the bot has a new name");
            if let Err(error) = bot.reached(self, &now).await {
                tracing::error!(%error, "the store can't be written");
            }
            self.names.are_now(&account.username);
        }
        if !self.names.is_ours(name) {
            self.names.note_another(name);
        }
    }
}
