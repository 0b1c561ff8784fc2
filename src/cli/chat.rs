//! `tidings chat`: the console as a chat.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use super::conversation;
use super::conversation::{ChatError, Typist};
use clap::ValueEnum;
use tidings::ingest::Trust;
use tidings::platforms;
use tidings::platforms::console::{Console, Screen};
use tidings::runtime::App;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::Post;
use tidings_store::Lock;
use tidings_store::{Access, StoreError};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::editor::Line;
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
    let app = Arc::new(world.app(Access::Work)?);
    let path = app.store().path().to_owned();
    let failed = at(&path);
    let typed = io::stdin().is_terminal() && io::stdout().is_terminal();
    if typed && !world.verbose && io::stderr().is_terminal() {
        world.log.quieten();
    }
    let line = if typed {
        Line::new().map_err(anyhow::Error::from)?
    } else {
        None
    };
    let console = Arc::new(match &line {
        Some(line) => {
            if io::stderr().is_terminal() {
                world.log.divert(Some(line.above()));
            }
            Console::new(line.above(), Box::new(screen), "").edited(line.ready())
        }
        None => {
            let prompt = if typed { "> " } else { "" };
            Console::new(Box::new(io::stdout()), Box::new(screen), prompt)
        }
    });
    let (lock, alone) = Lock::join(&path, "console")?;
    if alone {
        let platform: &dyn ChatPlatform = &*console;
        app.store()
            .write(|db| db.recover(platform.name()))
            .map_err(&failed)?;
        app.scheduler().set_right().map_err(&failed)?;
        lock.share()?;
    }
    let loading = app.clone();
    let mut loaded = tokio::task::spawn_blocking(move || {
        begin(&loading)?;
        say_next(&loading, &[platforms::console::SPEC.name])
    });
    tokio::pin!(stop);
    tokio::select! {
        loaded = &mut loaded => loaded.map_err(anyhow::Error::from)?.map_err(&failed)?,
        () = &mut stop => {
            // The document in hand is finished, within reason.
            app.ingest().stop();
            let _ = tokio::time::timeout(FINISH, loaded).await;
            return Ok(());
        }
    }
    if typed {
        console.print(&welcome(&app).map_err(&failed)?)?;
    }
    let manager = asker == Asker::Manager;
    let (lines, restore) = match line {
        Some(line) => {
            let (lines, restore) = line.lines(app.clone(), manager);
            (lines, Some(restore))
        }
        None => (lines(), None),
    };
    let typist = Typist { lines, manager };
    let done = conversation::chat(app, console, typist, lock, stop).await;
    drop(restore);
    world.log.divert(None);
    match done {
        Ok(()) => Ok(()),
        Err(ChatError::Store(error)) => Err(failed(error)),
        Err(ChatError::Output(error)) => Err(error.into()),
    }
}

/// Loads what is configured, and says what there is.
pub(super) fn begin(app: &App) -> Result<(), StoreError> {
    let wait = || pause(BETWEEN_LOOKS);
    let store = app.store().path().display();
    tracing::info!(%store, "tidings {}", env!("CARGO_PKG_VERSION"));
    for warning in app.settings().tokens.warnings() {
        tracing::warn!("{warning}");
    }
    let definitions = app.settings().definitions();
    for (section, channels) in app.store().read(|db| db.left_behind(&definitions))? {
        tracing::warn!(section = %section.slug, channels, "a section that channels follow isn't configured any more");
    }
    let reports = app
        .ingest()
        .load_sources(Trust::SizeAndTime, &wait, &|_, _, _| {})?;
    let items = app.store().read(|db| db.totals())?.items;
    let documents: usize = reports.iter().map(|report| report.documents).sum();
    tracing::info!(sources = reports.len(), documents, items, "sources");
    Ok(())
}

/// Says when the next roundup on one of the platforms is due.
pub(super) fn say_next(app: &App, platforms: &[&str]) -> Result<(), StoreError> {
    let mut next = None;
    for platform in platforms {
        let due = app.store().read(|db| db.next_due(platform))?;
        next = match (next, due) {
            (Some(next), Some(due)) => Some(due.min(next)),
            (next, due) => next.or(due),
        };
    }
    let next = next.map_or_else(|| "none".to_owned(), |at| at.to_string());
    tracing::info!(next, "next roundup");
    Ok(())
}

fn welcome(app: &App) -> Result<Post, StoreError> {
    let items = app.store().read(|db| db.totals())?.items;
    let sections = app.catalogues().current()?.sections().len();
    let values = [("items", items.into()), ("sections", sections.into())];
    Ok(Post::line(app.speaker().line("console-welcome", &values)))
}

pub(super) fn screen() -> Screen {
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
