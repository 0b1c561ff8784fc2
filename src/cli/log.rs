//! The log, on standard error.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, IsTerminal, Write};
use std::panic;

use tracing_subscriber::EnvFilter;

use tidings::settings::Redaction;

use super::{Arguments, LogFormat};

pub(super) fn start(arguments: &Arguments, redaction: Redaction) {
    let level = match arguments.verbose {
        0 => "tidings=info,warn",
        1 => "tidings=debug,info",
        // Of other crates no more: requests that they trace have the token in their address.
        _ => "tidings=trace,info",
    };
    // A terminal that doesn't want colours says so: https://no-color.org
    let colour = io::stderr().is_terminal() && console::colors_enabled_stderr();
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(move || Redacted {
            redaction: redaction.clone(),
        })
        .with_ansi(colour)
        .with_target(false);
    match arguments.log_format {
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

/// Standard error, without secrets. The log writes each line at once.
struct Redacted {
    redaction: Redaction,
}

impl Write for Redacted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        io::stderr().write_all(self.redaction.text(&line).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
