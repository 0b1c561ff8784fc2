//! `tidings load`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use tidings::ingest::folder::FileStat;
use tidings::ingest::{Failed, PassSummary, Recheck, folder};
use tidings::runtime::App;
use tidings::settings::Redaction;
use tidings_core::text::visible;
use tidings_store::{OpenMode, StoreError};

use super::bars;
use super::context::{CliContext, CliError, at};
use super::starting;

#[derive(Serialize)]
struct Output<'r> {
    sources: Vec<SourceOutput<'r>>,
}

#[derive(Serialize)]
struct SourceOutput<'r> {
    name: &'r str,
    documents: usize,
    new: usize,
    updated: usize,
    unchanged: usize,
    ignored: usize,
    failed: Vec<FailedOutput<'r>>,
    unread: Vec<UnreadOutput<'r>>,
}

#[derive(Serialize)]
struct UnreadOutput<'r> {
    document: &'r str,
    blocks: usize,
    lines: &'r [u32],
}

#[derive(Serialize)]
struct FailedOutput<'r> {
    document: &'r str,
    line: Option<u32>,
    reason: &'r str,
}

pub(super) fn load(
    world: &CliContext,
    paths: &[PathBuf],
    push: bool,
    json: bool,
) -> Result<(), CliError> {
    let app = Arc::new(world.app(OpenMode::Call)?);
    let failed = at(app.store().address());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let stop = runtime.block_on(async { starting::stop_signals() })?;
    let stopped = app.clone();
    runtime.spawn(async move {
        stop.await;
        stopped.ingest().stop();
    });
    let sources = app.settings().sources.len();
    // Over so many sources, each with how many of its documents are read.
    let length = if paths.is_empty() { sources } else { 1 };
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let bar = bars::bar(length, "{wide_bar} {pos}/{len}  {msg}");
    let begun = Mutex::new(BTreeSet::new());
    let progress = |name: &str, done: usize, total: usize| {
        let mut begun = begun
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        begun.insert(name.to_owned());
        let over = begun.len() - usize::from(done < total);
        bar.set_position(u64::try_from(over).unwrap_or(u64::MAX));
        bar.set_message(match total {
            0 | 1 => name.to_owned(),
            _ => format!("{name} {done}/{total}"),
        });
    };
    let reports = runtime.block_on(async {
        if paths.is_empty() {
            let between = starting::BETWEEN_LOOKS;
            let loaded = app
                .ingest()
                .load_sources(Recheck::Content, between, &progress);
            return loaded.await;
        }
        let progress = |done, total| progress("files", done, total);
        load_paths(&app, paths, push, &progress).await
    });
    bar.finish_and_clear();
    let reports = reports.map_err(failed)?;
    if json {
        print_json(&reports, &world.redaction)?;
    } else {
        print_table(&reports, &world.redaction)?;
    }
    if reports.iter().any(|report| report.stopped) {
        return Err(CliError::Other(anyhow::anyhow!(
            "stopped before the end; nothing is lost: load again to go on"
        )));
    }
    if reports.iter().any(|report| !report.failed.is_empty()) {
        return Err(CliError::Said);
    }
    Ok(())
}

async fn load_paths(
    app: &App,
    paths: &[PathBuf],
    push: bool,
    progress: tidings::ingest::Progress<'_>,
) -> Result<Vec<PassSummary>, StoreError> {
    let mut looks = Vec::new();
    let mut missing = Vec::new();
    for path in paths {
        match find(path) {
            Ok(found) if found.is_empty() => missing.push(fault(
                path,
                "no file in it has a kind that Tidings reads (such as .txt, .html, .md, .eml, .xml)",
            )),
            Ok(found) => looks.extend(found),
            Err(error) => missing.push(fault(path, &error.to_string())),
        }
    }
    let mut reports = app.ingest().load_files(looks, push, progress).await?;
    if !missing.is_empty() {
        for failed in &missing {
            tracing::warn!(
                file = failed.document,
                reason = failed.reason,
                "a file can't be loaded"
            );
        }
        reports.push(PassSummary {
            name: tidings_core::ids::FILES.to_owned(),
            failed: missing,
            ..PassSummary::default()
        });
    }
    Ok(reports)
}

fn fault(path: &Path, reason: &str) -> Failed {
    Failed {
        document: path.display().to_string(),
        line: None,
        reason: reason.to_owned(),
        news: true,
    }
}

fn find(path: &Path) -> io::Result<Vec<FileStat>> {
    if path.is_dir() {
        let mut looks = folder::list(path)?;
        for look in &mut looks {
            look.name = format!(
                "{}/{}",
                folder::name_of(path.as_os_str()).trim_end_matches('/'),
                look.name
            );
        }
        return Ok(looks);
    }
    Ok(vec![FileStat::at(path, folder::name_of(path.as_os_str()))?])
}

fn print_json(reports: &[PassSummary], redaction: &Redaction) -> Result<(), CliError> {
    let sources = reports.iter().map(|report| SourceOutput {
        name: &report.name,
        documents: report.documents,
        new: report.new,
        updated: report.updated,
        unchanged: report.unchanged,
        ignored: report.ignored,
        failed: report
            .failed
            .iter()
            .map(|failed| FailedOutput {
                document: &failed.document,
                line: failed.line,
                reason: &failed.reason,
            })
            .collect(),
        unread: report
            .unread
            .iter()
            .map(|left_out| UnreadOutput {
                document: &left_out.document,
                blocks: left_out.unread.lines.len(),
                lines: &left_out.unread.lines,
            })
            .collect(),
    });
    let output = Output {
        sources: sources.collect(),
    };
    let text = serde_json::to_string(&output).map_err(anyhow::Error::from)?;
    starting::say(&redaction.text(&text))?;
    Ok(())
}

fn print_table(reports: &[PassSummary], redaction: &Redaction) -> Result<(), CliError> {
    if reports.is_empty() {
        starting::say("Nothing to load: the configuration has no [[source]].")?;
        return Ok(());
    }
    let mut out = io::stdout().lock();
    let mut line = |line: &str| writeln!(out, "{}", redaction.text(&visible(line)));
    let width = reports
        .iter()
        .map(|r| r.name.chars().count())
        .max()
        .unwrap_or(0)
        .max(6);
    line(&format!(
        "{:<width$}  documents      new  updated  unchanged   failed",
        "source"
    ))?;
    for report in reports {
        line(&format!(
            "{:<width$}  {:>9}  {:>7}  {:>7}  {:>9}  {:>7}",
            report.name,
            report.documents,
            report.new,
            report.updated,
            report.unchanged,
            report.failed.len()
        ))?;
    }
    for left_out in reports.iter().flat_map(|report| &report.unread) {
        line(&format!("· {}: {}", left_out.document, left_out.unread))?;
    }
    for failed in reports.iter().flat_map(|report| &report.failed) {
        let at = failed
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        line(&format!("✗ {}{at}: {}", failed.document, failed.reason))?;
    }
    Ok(())
}
