//! The line that somebody types at a terminal: edited, remembered, completed from the command table. What is printed
//! meanwhile appears above it, and the line is drawn again.
//!
//! rustyline rather than reedline: it brings four small crates instead of a dozen, and prints from other threads. What
//! was typed is remembered until the chat ends and never written down: what was searched for is nobody's business later.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{CompletionType, Config, Context, Editor, ExternalPrinter};
use rustyline::{Helper, highlight::Highlighter, hint::Hinter, validate::Validator};
use tidings::platforms::console::Console;
use tidings::runtime::App;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Shown while a command is awaited.
const PROMPT: &str = "> ";

/// So many lines are remembered.
const REMEMBERED: usize = 500;

/// So many values are offered for what is typed: a screen of most terminals.
const OFFERED: usize = 24;

/// What is printed may take so long to appear when a chat ends.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The editor doesn't say when it has drawn what it took, so it is left alone for so long.
const DRAWING: Duration = Duration::from_millis(50);

/// The console's own command: it goes on with a list.
const MORE: &str = "/more";

/// A line editor on this terminal. What it prints goes through a thread of its own, in turn: the editor takes one text
/// at a time, and who prints mustn't wait for it.
pub(super) struct Line {
    editor: Editor<Completing, MemHistory>,
    begin: (SyncSender<()>, Receiver<()>),
    print: Sender<Printing>,
    turn: Arc<Turn>,
    restore: Restore,
}

enum Printing {
    Text(String),
    /// Drops this when all that came before has been handed over.
    Last(SyncSender<()>),
}

/// Whose turn it is on the screen.
#[derive(Default)]
struct Turn {
    stage: Mutex<Stage>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// Nobody types: texts go straight to the terminal.
    #[default]
    Free,
    /// The editor is about to draw its line, and nothing may come in between.
    Beginning,
    /// Somebody types: texts go above.
    Typing,
}

impl Turn {
    fn set(&self, stage: Stage) {
        *self.stage.lock() = stage;
        self.changed.notify_all();
    }

    fn begun(&self) {
        let mut stage = self.stage.lock();
        if *stage == Stage::Beginning {
            *stage = Stage::Typing;
            self.changed.notify_all();
        }
    }

    /// Whether somebody types, once that is settled.
    fn is_typing(&self) -> bool {
        let mut stage = self.stage.lock();
        self.changed
            .wait_while(&mut stage, |stage| *stage == Stage::Beginning);
        *stage == Stage::Typing
    }
}

/// Ends the line well: with everything printed, and the terminal as it was, also while somebody types.
pub(super) struct Restore {
    before: Option<Termios>,
    print: Sender<Printing>,
    turn: Arc<Turn>,
}

impl Drop for Restore {
    fn drop(&mut self) {
        let (last, done) = sync_channel(0);
        if self.print.send(Printing::Last(last)).is_ok() {
            // What isn't there in time won't be.
            let _ = done.recv_timeout(LAST_WORDS);
        }
        let typing = *self.turn.stage.lock() == Stage::Typing;
        if typing {
            let (_never, drawn) = channel::<()>();
            let _ = drawn.recv_timeout(DRAWING);
        }
        if let Some(before) = &self.before {
            // Nobody is left to tell if these fail.
            let _ = tcsetattr(io::stdin(), OptionalActions::Drain, before);
        }
        if typing {
            let _ = writeln!(io::stdout());
        }
    }
}

impl Line {
    /// Takes the terminal; `None` if it can't do what an editor needs.
    pub(super) fn new() -> Result<Option<Line>, ReadlineError> {
        let config = Config::builder()
            .max_history_size(REMEMBERED)?
            .history_ignore_dups(true)?
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            // Each line of what is pasted is a command of its own.
            .bracketed_paste(false)
            .build();
        let history = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, history)?;
        let Ok(above) = editor.create_external_printer() else {
            return Ok(None);
        };
        let (print, printed) = channel();
        let turn = Arc::new(Turn::default());
        std::thread::spawn({
            let turn = turn.clone();
            move || show(above, &printed, &turn)
        });
        let restore = Restore {
            before: tcgetattr(io::stdin()).ok(),
            print: print.clone(),
            turn: turn.clone(),
        };
        Ok(Some(Line {
            editor,
            // One line may be asked for while another is on its way.
            begin: sync_channel(1),
            print,
            turn,
            restore,
        }))
    }

    /// Prints above the line from any thread.
    pub(super) fn above(&self) -> Box<dyn Write + Send> {
        Box::new(Above {
            print: self.print.clone(),
            text: Vec::new(),
        })
    }

    /// Asks for the next line.
    pub(super) fn ready(&self) -> Box<dyn Fn() + Send + Sync> {
        let (begin, turn) = (self.begin.0.clone(), self.turn.clone());
        Box::new(move || {
            turn.set(Stage::Beginning);
            if begin.send(()).is_err() {
                turn.set(Stage::Free);
            }
        })
    }

    /// The lines as they are typed, read on a thread of their own, each when it is asked for. The terminal is itself
    /// again when the second half is dropped.
    pub(super) fn lines(self, app: Arc<App>, manager: bool) -> (mpsc::Receiver<String>, Restore) {
        let Line {
            mut editor,
            begin: (_, begin),
            turn,
            restore,
            ..
        } = self;
        editor.set_helper(Some(Completing {
            app,
            runtime: Handle::current(),
            console: Console::new(Box::new(io::sink()), Box::new(super::starting::screen), ""),
            manager,
            turn: turn.clone(),
        }));
        let (sender, receiver) = mpsc::channel(1);
        std::thread::spawn(move || {
            while begin.recv().is_ok() {
                let read = editor.readline(PROMPT);
                turn.set(Stage::Free);
                let line = match read {
                    Ok(line) => line,
                    // Ctrl-D, Ctrl-C.
                    Err(ReadlineError::Eof | ReadlineError::Interrupted) => return,
                    Err(error) => {
                        tracing::error!(%error, "the terminal can't be read");
                        return;
                    }
                };
                if !line.trim().is_empty()
                    && let Err(error) = editor.add_history_entry(line.as_str())
                {
                    tracing::debug!(%error, "a line can't be remembered");
                }
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        (receiver, restore)
    }
}

/// Puts texts on the screen, above the line if somebody types.
fn show(mut above: impl ExternalPrinter, printed: &Receiver<Printing>, turn: &Turn) {
    for one in printed {
        match one {
            Printing::Text(text) => {
                if !turn.is_typing() || above.print(text.clone()).is_err() {
                    // Nobody is left to tell if this fails.
                    let _ = io::stdout().write_all(text.as_bytes());
                    let _ = io::stdout().flush();
                }
            }
            Printing::Last(last) => drop(last),
        }
    }
}

/// Hands on what was written once it is flushed, so that a post appears in one piece.
struct Above {
    print: Sender<Printing>,
    text: Vec<u8>,
}

impl Write for Above {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let text = String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned();
        if text.is_empty() {
            return Ok(());
        }
        self.print
            .send(Printing::Text(text))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Completes commands, sections, schedules, zones.
struct Completing {
    app: Arc<App>,
    runtime: Handle,
    /// Knows which settings act.
    console: Console,
    manager: bool,
    turn: Arc<Turn>,
}

impl Completer for Completing {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..at).unwrap_or(line);
        let channel = Console::channel();
        let bot = self.app.bot();
        let completing = bot.complete(&self.console, &channel, self.manager, typed, OFFERED);
        // The editor has a thread of its own.
        let completed = self.runtime.block_on(completing);
        let (start, found) = completed.unwrap_or_else(|error| {
            tracing::debug!(%error, "what is typed can't be completed");
            (at, Vec::new())
        });
        let widest = found.iter().map(|found| found.value.trim().width()).max();
        let columns = super::starting::screen().width.unwrap_or(usize::MAX);
        let pairs = found.into_iter().map(|found| Pair {
            display: beside(
                found.value.trim(),
                &found.name,
                widest.unwrap_or(0),
                columns,
            ),
            replacement: found.value,
        });
        let mut pairs: Vec<Pair> = pairs.collect();
        if start == 0 && typed.len() > 1 && MORE.starts_with(typed) {
            pairs.push(Pair {
                display: MORE.to_owned(),
                replacement: MORE.to_owned(),
            });
        }
        Ok((start, pairs))
    }
}

/// A value with what it is called, cut to one line of the terminal.
fn beside(value: &str, name: &str, widest: usize, columns: usize) -> String {
    if name == value {
        return value.to_owned();
    }
    let pad = widest.saturating_sub(value.width());
    let whole = format!("{value}{}  {name}", " ".repeat(pad));
    if whole.width() < columns {
        return whole;
    }
    let mut room = columns.saturating_sub(2);
    let fits = |c: &char| {
        let width = c.width().unwrap_or(0);
        let fits = width <= room;
        room = room.saturating_sub(width);
        fits
    };
    let cut: String = whole.chars().take_while(fits).collect();
    format!("{}…", cut.trim_end())
}

impl Hinter for Completing {
    type Hint = String;

    /// Hints at nothing; it is asked first when the editor has taken the terminal.
    fn hint(&self, _: &str, _: usize, _: &Context<'_>) -> Option<String> {
        self.turn.begun();
        None
    }
}

impl Highlighter for Completing {}

impl Validator for Completing {}

impl Helper for Completing {}
