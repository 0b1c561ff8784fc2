//! What runs a platform: it is listened to, asked who we are there, and where a channel stands.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::watch::Receiver;

use crate::chat::Bot;
use crate::delivery::Transport;
use crate::settings::Settings;
use crate::task::stopped;
use tidings_core::ids::ChannelKey;

/// One row of the platform table.
pub struct PlatformSpec {
    /// Its name, the first half of its channels' keys.
    pub name: &'static str,
    /// The environment variable that holds its token; `None` where it needs none.
    pub token: Option<&'static str>,
    /// Makes it ready to run, if its token is set; `None` where `tidings run` doesn't run it.
    pub connect: Option<Connect>,
}

/// Makes a platform ready to run; `Ok(None)` if its token isn't set.
pub type Connect = fn(&Settings) -> Result<Option<Arc<dyn Service>>, Broken>;

/// Why a platform can't even begin.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

/// The platform refuses the bot for good: a revoked token, for example. Says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// A future that ends when a platform isn't listened to any more.
pub type Listening<'a> = Pin<Box<dyn Future<Output = Result<(), Refused>> + Send + 'a>>;

/// A future that ends when nothing is taken any more of what a platform brings.
pub type Receiving<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A future of the bot's name on a platform.
pub type Introduction<'a> = Pin<Box<dyn Future<Output = Result<String, String>> + Send + 'a>>;

/// A future of whether a channel wants posts for certain.
pub type Probing<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// What of a platform's events somebody listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// All of them, and whatever else there is to look after.
    Whole,
    /// None: what there is to look after besides, once for all who listen to the platform's connections. Among that is to say
    /// in the store how many connections there are.
    Account,
    /// What one of the platform's connections tells.
    Connection {
        /// Which one, counted from 0.
        index: u32,
        /// How many there are in all.
        total: u32,
    },
}

/// A platform that people talk to the bot on.
pub trait Service: Transport {
    /// Answers people until `stop` says so, through any trouble; ends early only if the platform refuses the
    /// bot for good.
    fn listen<'a>(&'a self, bot: Arc<Bot>, share: Share, stop: Receiver<bool>) -> Listening<'a>;

    /// Whether its events are divided among connections that several processes may share. Where they aren't, or nobody shares,
    /// [`Share::Whole`] is asked of it, and nothing else.
    fn has_connections(&self) -> bool {
        false
    }

    /// Takes what the platform brings by itself until `stop` says so: in each of the processes that share a store, whichever of them
    /// listens and has it brought. Most platforms bring nothing.
    fn receive<'a>(&'a self, _bot: Arc<Bot>, mut stop: Receiver<bool>) -> Receiving<'a> {
        Box::pin(async move { stopped(&mut stop).await })
    }

    /// Asks the platform once who the bot is there: its name, or what is wrong and how to mend it.
    fn introduce(&self) -> Introduction<'_>;

    /// Asks the platform for the link by which the bot is invited, or says what is wrong.
    fn invitation(&self) -> Introduction<'_> {
        Box::pin(ready(Err(format!("{} has no invitations", self.name()))))
    }

    /// Asks the platform whether a channel that didn't want posts does again, without anybody there seeing it.
    /// `false` as well where that can't be found out without posting.
    fn probe<'a>(&'a self, channel: &'a ChannelKey) -> Probing<'a>;
}
