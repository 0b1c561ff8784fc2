//! `tidings chat`: the console as a chat.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use super::conversation;
use super::conversation::{ChatError, ConsoleInput};
use clap::ValueEnum;
use tidings::platforms;
use tidings::platforms::console::Console;
use tidings::runtime::{App, Delivering};
use tidings::task::stopper;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::Post;
use tidings_store::{Lock, OpenMode, StoreAddress, StoreError};
use tokio::sync::mpsc;

use super::context::{CliContext, CliError, at};
use super::editor::Line;
use super::starting::{begin, say_next, screen, stop_signals};

/// How long the document in hand may take once the process is told to end.
const FINISH: Duration = Duration::from_secs(4);

/// The longest line that is read as a command, in bytes; what is beyond is cut off.
const LONGEST_LINE: usize = 64 * 1024;

/// Who types.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Role {
    Manager,
    Reader,
}

/// What goes on beside the chat.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    /// The archive is served, where one is configured.
    Archive,
}

/// Runs the console chat. `access` says whether tables on a server may be made for it.
pub(super) fn chat(
    world: &CliContext,
    asker: Role,
    beside: Beside,
    access: OpenMode,
) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let done = runtime.block_on(talk(world, asker, beside, access));
    // The thread that reads standard input can't be stopped; it ends with the process.
    runtime.shutdown_background();
    done
}

async fn talk(
    world: &CliContext,
    asker: Role,
    beside: Beside,
    access: OpenMode,
) -> Result<(), CliError> {
    let stop = stop_signals()?;
    let app = Arc::new(world.app(access)?);
    let failed = at(app.store().address());
    let typed = io::stdin().is_terminal() && io::stdout().is_terminal();
    if !world.verbose {
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
    // Those on a server know of each other by it.
    let lock = match app.store().address() {
        StoreAddress::File(path) => Some(Lock::join(path, "console")?),
        StoreAddress::Server(_) => None,
    };
    let platform = ChatPlatform::name(&*console);
    let delivering = Delivering::begin(&app, platform).await.map_err(&failed)?;
    if !delivering.is_ours() {
        tracing::warn!(
            "another process delivers what the console follows: here it is read and answered alone"
        );
    }
    if lock.as_ref().is_some_and(|(_, alone)| *alone) {
        app.store()
            .write(|db| db.recover(platform))
            .await
            .map_err(&failed)?;
        app.scheduler().repair_at_start().await.map_err(&failed)?;
        if let Some((lock, _)) = &lock {
            lock.share()?;
        }
    }
    let lock = lock.map(|(lock, _)| lock);
    // It ends with the process: what it has answered is all that it does.
    let (_stopper, stopped) = stopper();
    if beside == Beside::Archive {
        let (app, platforms) = (app.clone(), vec![console.clone() as Arc<dyn ChatPlatform>]);
        tokio::spawn(async move { app.serve_pages(platforms, stopped).await });
    }
    let loading = app.clone();
    let mut loaded = tokio::spawn(async move {
        begin(&loading).await?;
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
        console.print(&welcome(&app).await.map_err(&failed)?)?;
    }
    let manager = asker == Role::Manager;
    let (lines, restore) = match line {
        Some(line) => {
            let (lines, restore) = line.lines(app.clone(), manager);
            (lines, Some(restore))
        }
        None => (lines(), None),
    };
    let typist = ConsoleInput { lines, manager };
    let delivering = Arc::new(delivering);
    let done = conversation::chat(app, console, typist, lock, delivering.clone(), stop).await;
    if let Some(delivering) = Arc::into_inner(delivering) {
        delivering.end().await;
    }
    drop(restore);
    world.log.divert(None);
    match done {
        Ok(()) => Ok(()),
        Err(ChatError::Store(error)) => Err(failed(error)),
        Err(ChatError::Output(error)) => Err(error.into()),
    }
}

async fn welcome(app: &App) -> Result<Post, StoreError> {
    let items = app.store().read(|db| db.totals()).await?.items;
    let sections = app.catalogues().current().await?.sections().len();
    let values = [("items", items.into()), ("sections", sections.into())];
    Ok(Post::line(app.localizer().line("console-welcome", &values)))
}

/// Lines of standard input, read on a thread of their own: a blocked read must not hold up the bot.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut line = Vec::new();
        let mut is_first = true;
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
            let mut text = String::from_utf8_lossy(&line).into_owned();
            // What PowerShell puts in front of all that it pipes.
            if std::mem::take(&mut is_first) && text.starts_with('\u{FEFF}') {
                text.remove(0);
            }
            if sender.blocking_send(text).is_err() {
                return;
            }
        }
    });
    receiver
}
