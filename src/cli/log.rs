//! The log, on standard error; while somebody types at a terminal, above the line.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, IsTerminal, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use clap::ValueEnum;
use tidings::settings::Redaction;

use super::folding::{Folding, WINDOW};

/// How the log is written.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

/// Where the log goes.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Inner>);

#[derive(Default)]
struct Inner {
    quiet: AtomicBool,
    above: Mutex<Option<Box<dyn Write + Send>>>,
    folding: Mutex<Folding>,
}

impl Log {
    /// From now on only what is wrong is written: whoever chats wants to see the chat.
    pub(super) fn quieten(&self) {
        self.0.quiet.store(true, Ordering::Relaxed);
    }

    /// From now on the log goes there; with `None` to standard error again.
    pub(super) fn divert(&self, above: Option<Box<dyn Write + Send>>) {
        *self.0.above.lock() = above;
    }

    #[expect(clippy::disallowed_methods, reason = "the edge: an application loop")]
    /// Says once a minute how often lines came again, though no other comes.
    pub(super) async fn keep_telling(self) {
        loop {
            tokio::time::sleep(WINDOW).await;
            let told = self.0.folding.lock().over(running());
            self.tell(&told);
        }
    }

    /// Says what wasn't said yet, at the end of the process.
    pub(super) fn end(&self) {
        let told = self.0.folding.lock().rest();
        self.tell(&told);
    }

    fn tell(&self, told: &str) {
        // Nobody is left to tell if this fails.
        let _ = self.write(told);
    }

    fn write(&self, text: &str) -> io::Result<()> {
        match self.0.above.lock().as_mut() {
            Some(above) => {
                above.write_all(text.as_bytes())?;
                above.flush()
            }
            None => io::stderr().write_all(text.as_bytes()),
        }
    }
}

pub(super) fn start(verbose: u8, format: LogFormat, log: &Log, redaction: Redaction) {
    let level = match verbose {
        0 => "tidings=info,warn",
        1 => "tidings=debug,info",
        // Of other crates no more: requests that they trace have the token in their address.
        _ => "tidings=trace,info",
    };
    // A terminal that doesn't want colours says so: https://no-color.org
    let colour = io::stderr().is_terminal() && console::colors_enabled_stderr();
    let writer = Writer {
        log: log.clone(),
        redaction,
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(writer)
        .with_ansi(colour)
        .with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    panic::set_hook(Box::new(|about| {
        let place = about
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let why = about.payload_as_str().unwrap_or("without a word");
        let trace = Backtrace::capture();
        let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
        tracing::error!(place, why, trace, "something panicked; please report it");
    }));
}

/// How long the log has been kept.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge: nothing is decided by it"
)]
fn running() -> Duration {
    static SINCE: LazyLock<Instant> = LazyLock::new(Instant::now);
    SINCE.elapsed()
}

struct Writer {
    log: Log,
    redaction: Redaction,
}

impl<'w> MakeWriter<'w> for Writer {
    type Writer = Entry<'w>;

    fn make_writer(&'w self) -> Entry<'w> {
        Entry {
            writer: self,
            shown: true,
        }
    }

    fn make_writer_for(&'w self, about: &Metadata<'_>) -> Entry<'w> {
        let quiet = self.log.0.quiet.load(Ordering::Relaxed);
        Entry {
            writer: self,
            shown: !quiet || *about.level() <= Level::WARN,
        }
    }
}

/// A line of the log, without secrets. It is written at once.
struct Entry<'w> {
    writer: &'w Writer,
    shown: bool,
}

impl Write for Entry<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.shown {
            let line = String::from_utf8_lossy(bytes);
            let line = self.writer.redaction.text(&line);
            let log = &self.writer.log;
            let line = log.0.folding.lock().take(&line, running());
            log.write(&line)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
