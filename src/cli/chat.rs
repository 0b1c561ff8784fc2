//! `tidings run` and `tidings chat`.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::ValueEnum;
use tidings::app::run::{ChatError, Typist};
use tidings::app::{Bot, Lock, Locked, run};
use tidings::outbox::Platform;
use tidings::platforms;
use tidings::platforms::console::{Console, Screen};
use tidings::post::Post;
use tidings::settings::Settings;
use tidings::sources::Trust;
use tidings::store::{Access, StoreError};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::{Failure, World, at};

/// Between two looks at a file that is new when a chat begins, or a load.
pub(super) const BETWEEN_LOOKS: Duration = Duration::from_millis(1_000);

/// How long the document in hand may take once the process is told to end.
const FINISH: Duration = Duration::from_secs(4);

/// The longest line that is read as a command, in bytes; what is beyond is cut off.
const LONGEST_LINE: usize = 64 * 1024;

/// Who types.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Asker {
    Manager,
    Reader,
}

/// Runs every platform whose token is set; without any, the console chat if there is a terminal.
pub(super) fn run(world: &World) -> Result<(), Failure> {
    let settings = world.settings()?;
    let variables: Vec<&str> = platforms::ALL
        .iter()
        .filter_map(|spec| spec.token)
        .collect();
    let unspoken: Vec<&str> = platforms::ALL
        .iter()
        .filter(|spec| !spec.spoken)
        .filter_map(|spec| spec.token)
        .collect();
    let set = tokens_set(&settings, &unspoken);
    if !set.is_empty() {
        return Err(Failure::Usage(format!(
            "{} is set, but this version of Tidings speaks no chat platform besides the console yet; \
             unset it, or try `tidings chat`",
            set.join(" and ")
        )));
    }
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        let names: Vec<String> = variables
            .iter()
            .map(|name| format!("{name} (or {name}_FILE)"))
            .collect();
        return Err(Failure::Usage(format!(
            "no chat platform has a token: set {}; or use `tidings chat`, which needs none",
            names.join(" or ")
        )));
    }
    let path = settings.store.path.clone();
    // The folder has to be there before a lock can lie in it.
    drop(world.open(&settings, Access::Work)?);
    let _alone = match Lock::alone(&path, "run")? {
        Locked::Ours(lock) => lock,
        Locked::Theirs(process) => {
            let who = process.map_or_else(String::new, |id| format!(" (process {id})"));
            return Err(Failure::Other(anyhow::anyhow!(
                "another `tidings run`{who} is running on the store {}; stop that one first, or name another \
                 store in [store] path",
                path.display()
            )));
        }
    };
    tracing::info!(
        "no platform has a token, so this is the console chat; set {} to run a platform",
        variables.join(" or ")
    );
    chat(world, Asker::Manager)
}

fn tokens_set(settings: &Settings, variables: &[&str]) -> Vec<String> {
    let tokens = [
        ("TELEGRAM_TOKEN", settings.tokens.telegram.is_some()),
        ("DISCORD_TOKEN", settings.tokens.discord.is_some()),
    ];
    tokens
        .iter()
        .filter(|(name, set)| *set && variables.contains(name))
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

/// Runs the console chat.
pub(super) fn chat(world: &World, asker: Asker) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let done = runtime.block_on(talk(world, asker));
    // The thread that reads standard input can't be stopped; it ends with the process.
    runtime.shutdown_background();
    done
}

async fn talk(world: &World, asker: Asker) -> Result<(), Failure> {
    let stop = stop_signals()?;
    let bot = Arc::new(world.bot(Access::Work)?);
    let path = bot.store().path().to_owned();
    let failed = at(&path);
    let typed = io::stdin().is_terminal() && io::stdout().is_terminal();
    let console = Arc::new(Console::new(
        Box::new(io::stdout()),
        Box::new(screen),
        if typed { "> " } else { "" },
    ));
    let (lock, alone) = Lock::join(&path, "console")?;
    if alone {
        let platform: &dyn Platform = &*console;
        bot.store()
            .write(|db| db.recover(platform.name()))
            .map_err(&failed)?;
        lock.share()?;
    }
    let loading = bot.clone();
    let mut loaded = tokio::task::spawn_blocking(move || begin(&loading));
    tokio::pin!(stop);
    tokio::select! {
        loaded = &mut loaded => loaded.map_err(anyhow::Error::from)?.map_err(&failed)?,
        () = &mut stop => {
            // The document in hand is finished, within reason.
            bot.stopping.store(true, Ordering::Relaxed);
            let _ = tokio::time::timeout(FINISH, loaded).await;
            return Ok(());
        }
    }
    if typed {
        console.print(&welcome(&bot).map_err(&failed)?)?;
    }
    let typist = Typist {
        lines: lines(),
        manager: asker == Asker::Manager,
    };
    match run::chat(bot, console, typist, lock, stop).await {
        Ok(()) => Ok(()),
        Err(ChatError::Store(error)) => Err(failed(error)),
        Err(ChatError::Output(error)) => Err(error.into()),
    }
}

/// Loads what is configured, and says in at most five lines what there is.
fn begin(bot: &Bot) -> Result<(), StoreError> {
    let wait = || pause(BETWEEN_LOOKS);
    tracing::info!("tidings {}", env!("CARGO_PKG_VERSION"));
    let reports = bot.load_sources(Trust::SizeAndTime, &wait, &|_, _, _| {})?;
    let platform = platforms::console::SPEC.name;
    let (totals, next) = bot
        .store()
        .read(|db| Ok::<_, StoreError>((db.totals()?, db.next_due(platform)?)))?;
    tracing::info!(store = %bot.store().path().display(), items = totals.items, "store");
    let documents: usize = reports.iter().map(|report| report.documents).sum();
    tracing::info!(sources = reports.len(), documents, "sources");
    let next = next.map_or_else(|| "none".to_owned(), |at| at.to_string());
    tracing::info!(platform, next, "next roundup");
    Ok(())
}

fn welcome(bot: &Bot) -> Result<Post, StoreError> {
    let items = bot.store().read(|db| db.totals())?.items;
    let sections = bot.catalogue()?.sections().len();
    let values = [("items", items.into()), ("sections", sections.into())];
    Ok(Post::line(bot.speaker().line("console-welcome", &values)))
}

fn screen() -> Screen {
    let terminal = console::Term::stdout();
    let shown = terminal.features().is_attended();
    Screen {
        width: shown.then(|| usize::from(terminal.size().1).max(20)),
        colour: shown && console::colors_enabled(),
    }
}

/// Lines of standard input, read on a thread of their own: a blocked read must not hold up the bot.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut line = Vec::new();
        loop {
            line.clear();
            match input.read_until(b'\n', &mut line) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "standard input can't be read");
                    return;
                }
            }
            line.truncate(LONGEST_LINE);
            let text = String::from_utf8_lossy(&line).into_owned();
            if sender.blocking_send(text).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Resolves when somebody asks the process to end.
pub(super) fn stop_signals() -> Result<impl Future<Output = ()>, Failure> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge: waits between two looks at a file"
)]
pub(super) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// Writes a line of a result.
pub(super) fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
