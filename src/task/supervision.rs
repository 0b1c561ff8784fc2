//! Loops that go on as long as the bot runs. One that breaks, or ends early, is logged, told to the operator, shown by
//! `/readyz`, and begun anew after a pause that grows.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;

use super::{reason, sleep, stopped};

/// The pause before a loop is begun anew the first time; each further one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause before a loop is begun anew.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long a loop has to go on until it counts as well again: longer than the operator's notice takes to see it.
const STEADY: Duration = Duration::from_secs(90);

/// What doesn't do what it should, by its name, with the reason.
#[derive(Debug, Default)]
pub struct Broken {
    /// Loops that broke and haven't gone on for long since.
    loops: Mutex<BTreeMap<String, String>>,
    /// Addresses that somebody else listens on: their loops are well, and go on trying.
    addresses: Mutex<BTreeMap<String, String>>,
    /// Where that comes from that can't be stored.
    unstored: Mutex<BTreeMap<String, String>>,
}

impl Broken {
    /// The loops with the reasons, in alphabetical order.
    pub fn list(&self) -> Vec<(String, String)> {
        self.loops.lock().clone().into_iter().collect()
    }

    /// The keys of addresses that are taken, with what the system says, in alphabetical order.
    pub fn taken(&self) -> Vec<(String, String)> {
        self.addresses.lock().clone().into_iter().collect()
    }

    /// What can't be stored, with the reasons, in alphabetical order.
    pub fn unstored(&self) -> Vec<(String, String)> {
        self.unstored.lock().clone().into_iter().collect()
    }

    /// What comes from there can't be stored.
    pub fn is_unstored(&self, name: &str, why: &str) {
        self.unstored.lock().insert(name.to_owned(), why.to_owned());
    }

    /// What comes from there is stored.
    pub fn is_stored(&self, name: &str) {
        self.unstored.lock().remove(name);
    }

    /// The address of a key is taken. Returns true if that is news.
    pub fn is_taken(&self, key: &str, why: &str) -> bool {
        let known = self.addresses.lock().insert(key.to_owned(), why.to_owned());
        known.as_deref() != Some(why)
    }

    /// The address of a key is listened on.
    pub fn is_listened_on(&self, key: &str) {
        self.addresses.lock().remove(key);
    }

    /// A loop broke, or ended early.
    pub fn broke(&self, name: &str, why: &str) {
        tracing::error!(task = name, why, "a loop broke");
        self.loops.lock().insert(name.to_owned(), why.to_owned());
    }

    fn contains(&self, name: &str) -> bool {
        self.loops.lock().contains_key(name)
    }

    /// A loop goes on again.
    pub fn is_well(&self, name: &str) {
        if self.loops.lock().remove(name).is_some() {
            tracing::info!(task = name, "a loop goes on again");
        }
    }
}

/// Runs a loop until it is told to stop, or until it ends for good, with `Err`. Whenever it breaks, and when it ends
/// without either, it is begun anew.
///
/// # Errors
/// What the loop ended with for good.
pub async fn supervise_until<E, F>(
    broken: Arc<Broken>,
    name: String,
    mut stop: Receiver<bool>,
    begin: impl Fn() -> F,
) -> Result<(), E>
where
    E: Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
{
    let mut pause = FIRST_PAUSE;
    loop {
        // Whoever drops us ends it as well.
        let mut task = JoinSet::new();
        task.spawn(begin());
        let ended = tokio::select! {
            ended = task.join_next() => ended,
            () = sleep(STEADY), if broken.contains(&name) => {
                broken.is_well(&name);
                pause = FIRST_PAUSE;
                task.join_next().await
            }
        };
        let why = match ended {
            Some(Ok(Err(end))) => return Err(end),
            _ if *stop.borrow() => return Ok(()),
            Some(Ok(Ok(()))) | None => "it ended before its time".to_owned(),
            Some(Err(panic)) => reason(panic),
        };
        broken.broke(&name, &why);
        tokio::select! {
            () = sleep(pause) => {}
            () = stopped(&mut stop) => return Ok(()),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Runs a loop that only ends when it is told to stop.
pub async fn supervise<F>(
    broken: Arc<Broken>,
    name: String,
    stop: Receiver<bool>,
    begin: impl Fn() -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let begin = || {
        let running = begin();
        async move {
            running.await;
            Ok::<(), Infallible>(())
        }
    };
    let _ = supervise_until(broken, name, stop, begin).await;
}
