//! What calls that run have in common: loading what is configured, saying what there is, being told to stop.

use std::io::{self, Write};
use std::time::Duration;

use tidings::ingest::Recheck;
use tidings::platforms::console::Screen;
use tidings::runtime::App;
use tidings_store::StoreError;
use tokio::signal::unix::{SignalKind, signal};

use super::context::CliError;

/// Between two looks at a file that is new when a chat begins, or a load.
pub(super) const BETWEEN_LOOKS: Duration = Duration::from_millis(1_000);

/// Says what there is, loads what is configured, and says how much that is.
pub(super) async fn begin(app: &App) -> Result<(), StoreError> {
    introduce(app).await?;
    load(app).await
}

/// Says which store it is, and what is to be known about the configuration.
pub(super) async fn introduce(app: &App) -> Result<(), StoreError> {
    let store = app.store().address();
    tracing::info!(%store, "tidings {}", env!("CARGO_PKG_VERSION"));
    for warning in app.settings().tokens.warnings() {
        tracing::warn!("{warning}");
    }
    let definitions = app.settings().definitions();
    for (section, channels) in app.store().read(|db| db.left_behind(&definitions)).await? {
        tracing::warn!(section = %section.slug, channels, "a section that channels follow isn't configured any more");
    }
    Ok(())
}

/// Loads what is configured, and says how much that is.
pub(super) async fn load(app: &App) -> Result<(), StoreError> {
    let reports = app
        .ingest()
        .load_sources(Recheck::Touched, BETWEEN_LOOKS, &|_, _, _| {})
        .await?;
    let items = app.store().read(|db| db.totals()).await?.items;
    let documents: usize = reports.iter().map(|report| report.documents).sum();
    tracing::info!(sources = reports.len(), documents, items, "sources");
    Ok(())
}

/// Says when the next roundup on one of the platforms is due.
pub(super) fn say_next(app: &App, platforms: &[&str]) -> Result<(), StoreError> {
    let mut next = None;
    for platform in platforms {
        let due = app.store().blocking().read(|db| db.next_due(platform))?;
        next = match (next, due) {
            (Some(next), Some(due)) => Some(due.min(next)),
            (next, due) => next.or(due),
        };
    }
    let next = match next {
        None => "none".to_owned(),
        // What was missed is made now.
        Some(at) if at <= app.now() => "now".to_owned(),
        Some(at) => at.to_string(),
    };
    tracing::info!(next, "next roundup");
    Ok(())
}

/// How wide the terminal is, and whether it shows colours.
pub(super) fn screen() -> Screen {
    let terminal = console::Term::stdout();
    let shown = terminal.features().is_attended();
    Screen {
        width: shown.then(|| usize::from(terminal.size().1).max(20)),
        colour: shown && console::colors_enabled(),
    }
}

/// Resolves when somebody asks the process to end.
pub(super) fn stop_signals() -> Result<impl Future<Output = ()>, CliError> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Writes a line of a result.
pub(super) fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
