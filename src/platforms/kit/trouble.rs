//! Trouble with a platform: said once, shown by `/status`, and tried again after growing pauses.

use std::convert::Infallible;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::refusals::{Standstill, long_pauses};
use crate::chat::Bot;
use crate::delivery::Transport;

/// Growing, jittered pauses without end, from half a second to a minute.
pub fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(500))
        .with_max_delay(Duration::from_secs(60))
        .without_max_times()
        .with_jitter()
        .build()
}

/// Trouble as it goes on: said once when it begins, and once when it is over.
pub struct Trouble<'a> {
    platform: &'a dyn Transport,
    /// What the platform is called in sentences.
    title: &'static str,
    bot: &'a Bot,
    pauses: ExponentialBackoff,
    /// Between tries while the account itself is refused.
    long_pauses: ExponentialBackoff,
    /// What was said; `None` while all is well.
    pub said: Option<String>,
}

impl<'a> Trouble<'a> {
    /// None yet. `title` is what the platform is called in sentences.
    pub fn new(platform: &'a dyn Transport, title: &'static str, bot: &'a Bot) -> Trouble<'a> {
        Trouble {
            platform,
            title,
            bot,
            pauses: pauses(),
            long_pauses: long_pauses(),
            said: None,
        }
    }

    /// Something failed; returns how long to wait.
    pub async fn begins(&mut self, what: &str) -> Duration {
        self.say(what).await;
        self.pauses.next().unwrap_or(Duration::from_secs(60))
    }

    /// The account itself was refused, though not its token; returns how long to wait.
    pub async fn refused(&mut self, what: &str) -> Duration {
        self.say(what).await;
        self.long_pauses.next().unwrap_or(Duration::from_secs(600))
    }

    async fn say(&mut self, what: &str) {
        // Written down each time: what is heard elsewhere of the same platform may have said that all is well.
        self.note(Some(what)).await;
        if self.said.as_deref() != Some(what) {
            tracing::warn!("{what}. It is tried again");
            self.said = Some(what.to_owned());
        }
    }

    /// Something worked.
    pub async fn ends(&mut self) {
        if self.said.take().is_some() {
            tracing::info!("{} works again", self.title);
            // Another trouble may go on.
            self.note(self.platform.halted().as_deref()).await;
            self.pauses = pauses();
            self.long_pauses = long_pauses();
        }
    }

    async fn note(&self, what: Option<&str>) {
        note(self.platform, what, self.bot).await;
    }
}

/// Tells the operator of times in which a platform takes nothing from anybody, and when they are over; without end.
pub async fn tell_of(
    standstill: &Standstill,
    platform: &dyn Transport,
    title: &str,
    bot: &Bot,
) -> Infallible {
    // Whoever found out who we are wrote down that all is well, which ends no standstill.
    if platform.halted().is_some() {
        standstill.changed.notify_one();
    }
    let mut said: Option<String> = None;
    loop {
        standstill.changed.notified().await;
        let why = platform.halted();
        if why.is_none() || why != said {
            match &why {
                Some(why) => tracing::warn!("{why}. Nothing is sent meanwhile; it is tried again"),
                None => tracing::info!("{title} takes messages again"),
            }
        }
        // Written down each time it begins, as other trouble is.
        note(platform, why.as_deref(), bot).await;
        said = why;
    }
}

/// Writes down what keeps a platform from taking anything, or that nothing does any more: then nobody waits at its gate
/// because of it.
async fn note(platform: &dyn Transport, what: Option<&str>, bot: &Bot) {
    match bot.trouble(platform, what).await {
        Ok(()) if what.is_none() => platform.reopen(),
        Ok(()) => {}
        Err(error) => tracing::error!(%error, "the store can't be written"),
    }
}
