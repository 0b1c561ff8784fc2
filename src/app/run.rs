//! The loops of a running bot: what is due, what is to be sent, what is in the folders, what is typed.
//! Each sleeps until its next moment or until something wakes it.

use crate::task::{AFTER_FAILURE, FINISH, HEARTBEAT, panicked, sleep, stopped, stopper, until};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch::Receiver;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::supervision::supervise;
use super::{Bot, Lock, watch};
use crate::commands::{self, Page, Reply, Suggestion, Typing};
use crate::delivery::{Transport, Worker};
use crate::platforms::console::Console;
use tidings_core::post::Post;
use tidings_store::StoreError;

/// Somebody at the console.
pub struct Typist {
    /// The lines as they are typed; its end is the end of the chat.
    pub lines: mpsc::Receiver<String>,
    /// Whether they may change what the console follows.
    pub manager: bool,
}

/// Why a chat ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The store, in the beginning; later failures are logged, and tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Answers can't be printed any more.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Runs the console chat until its input ends or `stop` is over. Everything configured must be loaded.
/// `lock` is what this process shares with others that chat on the same store.
///
/// # Errors
/// [`ChatError`].
pub async fn chat(
    bot: Arc<Bot>,
    console: Arc<Console>,
    typist: Typist,
    lock: Lock,
    stop: impl Future<Output = ()>,
) -> Result<(), ChatError> {
    // What was missed while nobody was there comes first.
    tokio::task::block_in_place(|| bot.tick(&*console))?;
    let platform: Arc<dyn Transport> = console.clone();
    let mut worker = Worker::new(platform.clone());
    bot.deliver(&mut worker).await?;
    let worker = Arc::new(Mutex::new(worker));
    let (stopper, stopped) = stopper();
    let mut loops = JoinSet::new();
    loops.spawn(supervise(
        bot.clone(),
        "roundups".to_owned(),
        stopped.clone(),
        {
            let (bot, stop) = (bot.clone(), stopped.clone());
            move || schedule(bot.clone(), platform.clone(), stop.clone())
        },
    ));
    let lock = Arc::new(lock);
    loops.spawn(supervise(
        bot.clone(),
        "printing".to_owned(),
        stopped.clone(),
        {
            let (bot, worker, stop) = (bot.clone(), worker.clone(), stopped.clone());
            move || print(bot.clone(), worker.clone(), lock.clone(), stop.clone())
        },
    ));
    for at in 0..bot.settings().sources.len() {
        loops.spawn(watch::watch_source(bot.clone(), at, stopped.clone()));
    }
    let listened = tokio::select! {
        listened = listen(&bot, &console, &worker, typist) => listened,
        () = stop => {
            tracing::info!("stopping");
            Ok(())
        }
    };
    stopper.send_replace(true);
    let finished = tokio::time::timeout(FINISH, async {
        while loops.join_next().await.is_some() {}
        finish(&bot, &console, &worker).await;
    });
    if finished.await.is_err() {
        tracing::warn!("some work in hand took too long; it is taken up at the next start");
    }
    Ok(listened?)
}

/// What is due or waiting goes out before the end.
async fn finish(bot: &Bot, console: &Console, worker: &Mutex<Worker>) {
    let served = tokio::task::block_in_place(|| bot.tick(console));
    let sent = bot.deliver(&mut *worker.lock().await).await;
    if let Err(error) = served.map(|_| ()).and(sent.map(|_| ())) {
        tracing::error!(%error, "the last deliveries failed; they are taken up at the next start");
    }
}

/// Answers what is typed. What a command caused to be posted is there before the next command is read.
async fn listen(
    bot: &Bot,
    console: &Console,
    worker: &Mutex<Worker>,
    mut typist: Typist,
) -> io::Result<()> {
    let mut older: Option<Page> = None;
    prompt(console);
    while let Some(line) = typist.lines.recv().await {
        console.typed();
        let line = line.trim();
        if !line.is_empty() {
            let answered = tokio::task::block_in_place(|| {
                let answer = || answer(bot, console, typist.manager, line, &mut older);
                catch_unwind(AssertUnwindSafe(answer))
            });
            let reply = answered.unwrap_or_else(|panic| {
                tracing::error!(why = panicked(&*panic), "a command broke");
                Post::line(bot.speaker().line("store-failed", &[])).into()
            });
            console.print(&reply.post)?;
            finish(bot, console, worker).await;
            bot.wake.schedule();
        }
        prompt(console);
    }
    Ok(())
}

impl Bot {
    /// What may be meant by the end of a line that is typed on the console, and from which byte on it is typed instead.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn complete(
        &self,
        console: &Console,
        manager: bool,
        line: &str,
        most: usize,
    ) -> Result<(usize, Vec<Suggestion>), StoreError> {
        let catalogue = self.catalogue()?;
        let say = self.speaker_in(&Console::channel())?;
        let typing = Typing {
            platform: console,
            manager,
            line,
        };
        Ok(commands::complete(&catalogue, say, typing, most))
    }
}

fn prompt(console: &Console) {
    if let Err(error) = console.prompt() {
        tracing::debug!(%error, "the prompt can't be shown");
    }
}

fn answer(
    bot: &Bot,
    console: &Console,
    manager: bool,
    line: &str,
    older: &mut Option<Page>,
) -> Reply {
    let channel = Console::channel();
    let is_more = line
        .split_whitespace()
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("/more"));
    let asked = match older.take() {
        Some(page) if is_more => bot.turn(console, &channel, &page),
        None if is_more => bot.say(&channel, "console-no-more"),
        kept => {
            *older = kept;
            bot.command(console, &channel, manager, line)
        }
    };
    match asked {
        Ok(reply) => {
            // A list replaces what /more goes on with, an empty one too.
            let is_list = ["/latest", "/search"].iter().any(|name| {
                line.get(..name.len())
                    .is_some_and(|l| l.eq_ignore_ascii_case(name))
            });
            if is_list || reply.older.is_some() {
                older.clone_from(&reply.older);
            }
            reply
        }
        Err(error) => {
            tracing::error!(%error, command = line, "a command failed");
            Post::line(bot.speaker().line("console-store-failed", &[])).into()
        }
    }
}

/// Makes roundups when they are due.
pub(super) async fn schedule(
    bot: Arc<Bot>,
    platform: Arc<dyn Transport>,
    mut stop: Receiver<bool>,
) {
    let mut version = None;
    let mut woken = bot.wake.schedule.subscribe();
    loop {
        let worked = tokio::task::block_in_place(|| serve(&bot, &*platform, &mut version));
        let pause = match worked {
            Ok(next) => next.map_or(HEARTBEAT, |next| until(bot.now(), next).min(HEARTBEAT)),
            Err(error) => {
                tracing::error!(%error, "making roundups failed; it is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            // New items may be for somebody who follows them instantly.
            _ = woken.changed() => version = None,
            () = stopped(&mut stop) => return,
        }
    }
}

/// One turn: if something is due, or somebody wrote. Returns when the next channel is due.
fn serve(
    bot: &Bot,
    platform: &dyn Transport,
    version: &mut Option<i64>,
) -> Result<Option<Timestamp>, StoreError> {
    if bot.was_set_back() {
        bot.set_right()?;
    }
    let seen = bot.store().data_version()?;
    let due = bot.store().read(|db| db.next_due(platform.name()))?;
    if *version != Some(seen) || due.is_some_and(|due| due <= bot.now()) {
        let ticked = bot.tick(platform)?;
        *version = Some(bot.store().data_version()?);
        if ticked.roundups > 0 {
            bot.wake.outbox();
        }
    }
    bot.store().read(|db| db.next_due(platform.name()))
}

/// Prints what is in the outbox. Now and then it sees whether other processes that deliver for the console are
/// gone, and takes up what they had in hand.
async fn print(
    bot: Arc<Bot>,
    worker: Arc<Mutex<Worker>>,
    lock: Arc<Lock>,
    mut stop: Receiver<bool>,
) {
    let mut woken = bot.wake.outbox.subscribe();
    loop {
        let sent = {
            let mut worker = worker.lock().await;
            if let Err(error) = bot.take_over(&worker, &lock) {
                tracing::error!(%error, "taking up what others left failed; it is tried again");
            }
            bot.deliver(&mut worker).await
        };
        let pause = match sent {
            Ok(turn) => turn
                .next
                .map_or(HEARTBEAT, |next| until(bot.now(), next).min(HEARTBEAT)),
            Err(error) => {
                tracing::error!(%error, "sending failed; it is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            _ = woken.changed() => {}
            () = stopped(&mut stop) => return,
        }
    }
}
