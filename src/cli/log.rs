//! The log, on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use super::{Arguments, LogFormat};

pub(super) fn start(arguments: &Arguments) {
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
        .with_writer(io::stderr)
        .with_ansi(colour)
        .with_target(false);
    match arguments.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
