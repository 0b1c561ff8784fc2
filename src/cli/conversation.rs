//! A chat on the console: what is typed is answered, what is due is printed, what lies in the folders is loaded. Each
//! loop sleeps until its next moment or until something wakes it.

use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::future::FutureExt;
use tidings::chat::commands::{Invocation, ListPage, Reply};
use tidings::delivery::{Step, Transport, Worker};
use tidings::ingest::watch_source;
use tidings::platforms::console::{Console, Typed};
use tidings::platforms::kit::pipeline::{self, Question};
use tidings::runtime::{App, Delivering};
use tidings::task::{
    AFTER_FAILURE, FINISH, HEARTBEAT, panicked, sleep, stopped, stopper, supervise, until,
};
use tidings_core::post::Post;
use tidings_store::{Lock, StoreError};
use tokio::sync::watch::Receiver;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

/// Somebody at the console.
pub(super) struct ConsoleInput {
    /// The lines as they are typed; its end is the end of the chat.
    pub(super) lines: mpsc::Receiver<String>,
    /// Whether they may change what the console follows.
    pub(super) manager: bool,
}

/// Why a chat ended before its time.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChatError {
    /// The store, in the beginning; later failures are logged, and tried again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Answers can't be printed any more.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Runs the console chat until its input ends or `stop` is over. Everything configured must be loaded.
/// `lock` is what this process shares with others that chat on the same store, where that is a file.
///
/// # Errors
/// [`ChatError`].
pub(super) async fn chat(
    app: Arc<App>,
    console: Arc<Console>,
    typist: ConsoleInput,
    lock: Option<Lock>,
    delivering: Arc<Delivering>,
    stop: impl Future<Output = ()>,
) -> Result<(), ChatError> {
    // What was missed while nobody was there comes first.
    let platform: Arc<dyn Transport> = console.clone();
    let mut worker = Worker::new(platform.clone()).within(delivering.term());
    if delivering.is_ours() {
        delivering.scheduler().tick(&*console).await?;
        deliver(&app, &mut worker, &delivering).await?;
    }
    let worker = Arc::new(Mutex::new(worker));
    let (stopper, stopped) = stopper();
    let mut loops = JoinSet::new();
    let lock = Arc::new(lock);
    if delivering.is_ours() {
        loops.spawn(supervise(
            app.broken.clone(),
            "roundups".to_owned(),
            stopped.clone(),
            {
                let (scheduler, stop) = (delivering.scheduler().clone(), stopped.clone());
                move || {
                    let (scheduler, platform, stop) =
                        (scheduler.clone(), platform.clone(), stop.clone());
                    async move { scheduler.run(platform, scheduler.now(), stop).await }
                }
            },
        ));
        loops.spawn(supervise(
            app.broken.clone(),
            "printing".to_owned(),
            stopped.clone(),
            {
                let (app, worker, stop) = (app.clone(), worker.clone(), stopped.clone());
                let delivering = delivering.clone();
                move || {
                    let (worker, lock) = (worker.clone(), lock.clone());
                    print(app.clone(), worker, lock, delivering.clone(), stop.clone())
                }
            },
        ));
    }
    for source in app.ingest().sources() {
        let (ingest, broken) = (app.ingest().clone(), app.broken.clone());
        loops.spawn(watch_source(
            ingest,
            source.clone(),
            broken,
            stopped.clone(),
        ));
    }
    let listened = tokio::select! {
        listened = listen(&app, &console, &worker, &delivering, typist) => listened,
        () = stop => {
            tracing::info!("stopping");
            Ok(())
        }
    };
    stopper.send_replace(true);
    let finished = tokio::time::timeout(FINISH, async {
        while loops.join_next().await.is_some() {}
        finish(&app, &console, &worker, &delivering).await;
    });
    if finished.await.is_err() {
        tracing::warn!("some work in hand took too long; it is taken up at the next start");
    }
    Ok(listened?)
}

/// What is due or waiting goes out before the end.
async fn finish(app: &App, console: &Console, worker: &Mutex<Worker>, delivering: &Delivering) {
    if !delivering.is_ours() {
        return;
    }
    let served = delivering.scheduler().tick(console).await;
    let sent = deliver(app, &mut *worker.lock().await, delivering).await;
    if let Err(error) = served.map(|_| ()).and(sent.map(|_| ())) {
        tracing::error!(%error, "the last deliveries failed; they are taken up at the next start");
    }
}

/// Prints what is in the outbox at this moment, as whoever delivers.
async fn deliver(
    app: &App,
    worker: &mut Worker,
    delivering: &Delivering,
) -> Result<Step, StoreError> {
    worker.drain(delivering.store(), &|| app.now()).await
}

/// Answers what is typed. What a command caused to be posted is there before the next command is read.
async fn listen(
    app: &App,
    console: &Console,
    worker: &Mutex<Worker>,
    delivering: &Delivering,
    mut typist: ConsoleInput,
) -> io::Result<()> {
    let mut older: Option<ListPage> = None;
    prompt(console);
    while let Some(line) = typist.lines.recv().await {
        console.typed();
        let line = line.trim();
        if is_farewell(line) {
            break;
        }
        if !line.is_empty() {
            let answering = answer(app, console, typist.manager, line, &mut older);
            let answered = AssertUnwindSafe(answering).catch_unwind().await;
            let reply = answered.unwrap_or_else(|panic| {
                tracing::error!(why = panicked(&*panic), "a command broke");
                Post::line(app.localizer().line("store-failed", &[])).into()
            });
            console.print(&reply.post)?;
            finish(app, console, worker, delivering).await;
            app.wake.schedule();
        }
        prompt(console);
    }
    Ok(())
}

/// Whether somebody wants to leave: an end of what is typed isn't what everybody thinks of.
fn is_farewell(line: &str) -> bool {
    let word = line.strip_prefix('/').unwrap_or(line);
    ["quit", "exit"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

fn prompt(console: &Console) {
    if let Err(error) = console.prompt() {
        tracing::debug!(%error, "the prompt can't be shown");
    }
}

async fn answer(
    app: &App,
    console: &Console,
    manager: bool,
    line: &str,
    older: &mut Option<ListPage>,
) -> Reply {
    let bot = app.bot();
    let line = &*Invocation::spelled_out(line);
    let typed = Typed::new(line, manager);
    let channel = typed.place();
    let is_more = line.eq_ignore_ascii_case("more")
        || line
            .split_whitespace()
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("/more"));
    let is_list = typed.asked().spec().is_some_and(|spec| spec.lists);
    let answering = async {
        match older.clone().filter(|_| is_more) {
            Some(page) => bot.show_page(console, channel, &page).await,
            None => {
                let met = bot.meet(console, channel, None).await?;
                if is_more {
                    let say = bot.localizer_at(&met, None);
                    return Ok(say.line("console-no-more", &[]).into());
                }
                pipeline::answer(bot, console, &met, &typed).await
            }
        }
    };
    match answering.await {
        Ok(reply) => {
            // A list replaces what /more goes on with, an empty one too.
            if is_more || is_list || reply.older.is_some() {
                older.clone_from(&reply.older);
            }
            reply
        }
        Err(error) => {
            tracing::error!(%error, command = line, "a command failed");
            Post::line(app.localizer().line("console-store-failed", &[])).into()
        }
    }
}

/// Prints what is in the outbox. Now and then it sees whether other processes that deliver for the console are
/// gone, and takes up what they had in hand. Once another process delivers for it, it ends.
async fn print(
    app: Arc<App>,
    worker: Arc<Mutex<Worker>>,
    lock: Arc<Option<Lock>>,
    delivering: Arc<Delivering>,
    mut stop: Receiver<bool>,
) {
    let mut woken = app.wake.sendable();
    while delivering.is_ours() {
        let sent = {
            let mut worker = worker.lock().await;
            if let Some(lock) = &*lock
                && let Err(error) = app.take_over(&worker, lock).await
            {
                tracing::error!(%error, "taking up what others left failed; it is tried again");
            }
            deliver(&app, &mut worker, &delivering).await
        };
        let pause = match sent {
            Ok(turn) => turn
                .next
                .map_or(HEARTBEAT, |next| until(app.now(), next).min(HEARTBEAT)),
            Err(StoreError::Superseded(_)) => break,
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
    tracing::warn!("what the console follows is delivered by whoever takes it over");
}
