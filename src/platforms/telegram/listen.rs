//! Listening: who we are, the menu, and then updates, through any trouble.

use std::time::Duration;

use serde_json::Value;
use teloxide::payloads::{DeleteWebhook, GetMe, GetUpdates, GetUpdatesSetters};
use teloxide::types::AllowedUpdate;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::api::Fault;
use super::client::Telegram;
use super::identity::{Account, NAME, TITLE, TOKEN};
use super::inbound::Inbound;
use super::update_queue::Handling;
use crate::chat::Bot;
use crate::platforms::kit::Refused;
use crate::platforms::kit::trouble::{Trouble, pauses, tell_of};
use crate::task::{sleep, stopped};

/// The updates that we use. Others aren't sent to us at all.
pub(super) const KINDS: [AllowedUpdate; 5] = [
    AllowedUpdate::Message,
    AllowedUpdate::ChannelPost,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
    // Telegram tells it only where the bot is an administrator.
    AllowedUpdate::ChatMember,
];

/// How long a poll waits for something to happen, in seconds.
const POLL: u32 = 25;

/// How long a poll may take in all.
const POLL_PATIENCE: Duration = Duration::from_secs(40);

/// How long updates are waited for before the next poll: what takes longer waits for Telegram, and is
/// acknowledged by a later one.
const MOMENT: Duration = Duration::from_millis(250);

/// Before the next poll, where one brought nothing that is new.
const AGAIN: Duration = Duration::from_secs(1);

/// How long any other call may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks at a token that calls are refused for.
const DOUBT: Duration = Duration::from_secs(1);

/// How long the last word to Telegram may take when the bot stops.
const FAREWELL: Duration = Duration::from_secs(2);

impl Telegram {
    /// Answers people until told to stop.
    pub(super) async fn answer_people(
        &self,
        bot: &Bot,
        mut stop: Receiver<bool>,
    ) -> Result<(), Refused> {
        let mut told = stop.clone();
        let listening = async {
            let account = tokio::select! {
                account = self.who_are_we(bot) => account?,
                () = stopped(&mut stop) => return Ok(()),
            };
            tracing::info!(platform = NAME, bot = %format!("@{}", account.username), "platform");
            // What the menu is answered tells what the server can do.
            let menu = self.abilities.asked_again(|| self.keep_menu(bot), sleep);
            let updates = async {
                match &self.settings.webhook {
                    None => self.poll(bot, &account, &mut stop).await,
                    Some(webhook) => tokio::select! {
                        refused = self.hook(bot, &account, webhook) => refused,
                        () = stopped(&mut stop) => Ok(()),
                    },
                }
            };
            // A call that is refused because of the token tells sooner than the next poll.
            let doubts = async {
                loop {
                    self.api.doubted.notified().await;
                    self.check_token().await?;
                    sleep(DOUBT).await;
                }
            };
            let standstills = tell_of(&self.standstill, self, TITLE, bot);
            tokio::select! {
                refused = updates => refused,
                refused = doubts => refused,
                // The menu is set beside, and never ends the listening.
                () = menu => Ok(()),
                never = standstills => match never {},
            }
        };
        tokio::select! {
            listened = listening => listened,
            // The poll sees it as well, and takes its leave.
            () = async {
                stopped(&mut told).await;
                sleep(FAREWELL + Duration::from_millis(500)).await;
            } => Ok(()),
        }
    }

    /// Asks Telegram who we are, until it says so.
    async fn who_are_we(&self, bot: &Bot) -> Result<Account, Refused> {
        let mut trouble = Trouble::new(self, TITLE, bot);
        loop {
            match self.api.ask(&GetMe::new(), PATIENCE).await {
                Ok(account) => {
                    let account: Account = account;
                    let name = format!("@{}", account.username);
                    if let Err(error) = bot.reached(self, &name).await {
                        tracing::error!(%error, "the store can't be written");
                    }
                    self.names.are_now(&account.username);
                    return Ok(self.account.get_or_init(|| account).clone());
                }
                Err(fault) => {
                    if fault.is_bad_token() {
                        self.check_token().await?;
                    }
                    sleep(pause_for(&fault, &mut trouble).await).await;
                }
            }
        }
    }

    /// The same for whoever doesn't listen, and tells nobody of trouble: another process does.
    pub(super) async fn who_are_we_here(&self) -> Account {
        let mut pauses = pauses();
        loop {
            if let Some(account) = self.account.get() {
                return account.clone();
            }
            match self.api.ask::<_, Account>(&GetMe::new(), PATIENCE).await {
                Ok(account) => {
                    self.names.are_now(&account.username);
                    return self.account.get_or_init(|| account).clone();
                }
                Err(fault) => {
                    tracing::warn!(%fault, "Telegram doesn't say who we are; it is asked again");
                    let pause = pauses.next().unwrap_or(PATIENCE);
                    sleep(fault.retry_after().unwrap_or(pause)).await;
                }
            }
        }
    }

    async fn keep_menu(&self, bot: &Bot) {
        let mut pauses = pauses();
        while let Err(fault) = self.set_menu(bot).await {
            tracing::warn!(%fault, "the command menu can't be set; it is tried again");
            let pause = pauses.next().unwrap_or_default();
            sleep(fault.retry_after().unwrap_or(pause)).await;
        }
    }

    /// Whether the token is refused for good: a single “not found” may have come from elsewhere.
    pub(super) async fn check_token(&self) -> Result<(), Refused> {
        match self.api.ask::<_, Account>(&GetMe::new(), PATIENCE).await {
            Err(fault) if fault.is_bad_token() => Err(refused(&fault)),
            _ => Ok(()),
        }
    }

    async fn poll(
        &self,
        bot: &Bot,
        account: &Account,
        stop: &mut Receiver<bool>,
    ) -> Result<(), Refused> {
        let inbound = Inbound {
            telegram: self,
            bot,
            account,
        };
        let mut trouble = Trouble::new(self, TITLE, bot);
        let begun = Instant::now();
        let mut handling = Handling::new(&inbound);
        loop {
            let handled = tokio::select! {
                handled = handle(&mut handling) => handled,
                () = stopped(stop) => return Ok(()),
            };
            if !handled {
                let what = "The store can't be written, so updates aren't acknowledged";
                sleep(trouble.begins(what).await).await;
            }
            // Without an offset Telegram gives all that isn't acknowledged. A poll that doesn't wait finds out
            // soonest whether trouble is over; and what is still in hand would be given at once again.
            let waits = !handling.is_busy() && trouble.said.is_none();
            let mut request = GetUpdates::new()
                .timeout(if waits { POLL } else { 0 })
                .allowed_updates(KINDS);
            request.offset = handling.offset();
            let polled: Result<Vec<Value>, Fault> = tokio::select! {
                polled = self.api.ask(&request, POLL_PATIENCE) => polled,
                () = handling.go_on() => continue,
                () = stopped(stop) => {
                    if request.offset.is_some() {
                        let last = request.timeout(0).limit(1);
                        // What isn't acknowledged now comes again, and is known then.
                        let _ = self.api.ask::<_, Vec<Value>>(&last, FAREWELL).await;
                    }
                    return Ok(());
                }
            };
            let pause = match polled {
                Ok(updates) => {
                    trouble.ends().await;
                    let mut taken = updates.is_empty();
                    for update in &updates {
                        taken |= handling.take(update, None);
                    }
                    if taken || handling.is_busy() {
                        continue;
                    }
                    // Nothing but what is done already, or can't be acknowledged: it would come again at once.
                    AGAIN
                }
                Err(fault) if fault.is_bad_token() => {
                    self.check_token().await?;
                    trouble.begins(&fault.to_string()).await
                }
                Err(Fault::Refused(refusal)) if refusal.code == 409 => {
                    if refusal.description.contains("webhook") {
                        let _ = self.api.call(&DeleteWebhook::new(), PATIENCE).await;
                        trouble.begins(
                            "A webhook is set for this bot, so polls bring nothing; it is deleted",
                        ).await
                    } else if bot.is_one_of_many() && begun.elapsed() < POLL_PATIENCE {
                        // Whoever listened before us may not have heard yet that it is over.
                        AGAIN
                    } else {
                        trouble.begins(
                            "Another program polls with the same token, perhaps a second Tidings: stop it, or \
                             give this one a token of its own",
                        ).await
                    }
                }
                Err(fault) => pause_for(&fault, &mut trouble).await,
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = stopped(stop) => return Ok(()),
            }
        }
    }
}

/// How long to wait after a fault. One that refuses the account itself is waited for longer.
async fn pause_for(fault: &Fault, trouble: &mut Trouble<'_>) -> Duration {
    match fault.retry_after() {
        asked if matches!(fault, Fault::KeptOut(_)) => {
            let pause = trouble.refused(&fault.to_string()).await;
            asked.map_or(pause, |asked| asked.max(pause))
        }
        Some(wait) => wait.max(trouble.begins(&fault.to_string()).await),
        None if matches!(fault, Fault::Refused(_))
            && !fault.is_bad_token()
            && !fault.is_too_much() =>
        {
            trouble
                .refused(&format!("Telegram refuses the bot itself: {fault}"))
                .await
        }
        None => trouble.begins(&fault.to_string()).await,
    }
}

/// Gives what is in hand a moment, so that the next poll acknowledges what takes no longer. `false` if the
/// store failed.
async fn handle(handling: &mut Handling<'_>) -> bool {
    let moment = sleep(MOMENT);
    tokio::pin!(moment);
    let mut handled = true;
    while handling.is_busy() {
        tokio::select! {
            taken = handling.next() => handled &= taken,
            () = &mut moment => break,
        }
    }
    handled
}

/// The bot isn't welcome at Telegram itself.
pub(super) fn refused(fault: &Fault) -> Refused {
    Refused(format!(
        "Telegram refuses the bot's token: {fault}. Set {TOKEN} to the token that @BotFather shows for the bot"
    ))
}
