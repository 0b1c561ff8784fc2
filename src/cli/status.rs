//! `tidings status`: what `/status` says, for all channels.

use std::io::{self, Write};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tidings_core::channel::PausedBy;
use tidings_store::{Access, SourceState, StoreError};

use super::context::{CliContext, CliError, at};

#[derive(Serialize)]
struct Output {
    items: i64,
    platforms: Vec<PlatformOutput>,
    sources: Vec<SourceOutput>,
    queue: QueueOutput,
    dead: Vec<DeadOutput>,
    channels: Vec<ChannelOutput>,
}

#[derive(Serialize)]
struct PlatformOutput {
    name: String,
    account: Option<String>,
    trouble: Option<String>,
    trouble_since: Option<Timestamp>,
}

#[derive(Default, Serialize)]
struct SourceOutput {
    name: String,
    last_pass: Option<Timestamp>,
    last_success: Option<Timestamp>,
    next: Option<Timestamp>,
    error: Option<String>,
    failed: Vec<FailedOutput>,
}

#[derive(Serialize)]
struct FailedOutput {
    document: String,
    line: Option<u32>,
    reason: String,
}

#[derive(Serialize)]
struct QueueOutput {
    waiting: usize,
    oldest: Option<Timestamp>,
    dead: usize,
}

#[derive(Serialize)]
struct DeadOutput {
    id: i64,
    channel: String,
    error: String,
}

#[derive(Serialize)]
struct ChannelOutput {
    channel: String,
    paused: Option<PauseOutput>,
    next: Option<Timestamp>,
    subscriptions: Vec<SubscriptionOutput>,
}

#[derive(Serialize)]
struct PauseOutput {
    by: &'static str,
    since: Timestamp,
    reason: Option<String>,
}

#[derive(Serialize)]
struct SubscriptionOutput {
    section: String,
    when: String,
    timezone: String,
    next: Option<Timestamp>,
}

pub(super) fn status(world: &CliContext, json: bool) -> Result<(), CliError> {
    let settings = world.settings()?;
    if !settings.store.path.exists() {
        let error = StoreError::Missing;
        return Err(at(&settings.store.path)(error));
    }
    let app = world.app(Access::Look)?;
    let output = gather(&app).map_err(at(app.store().path()))?;
    let mut out = io::stdout().lock();
    if json {
        let text = serde_json::to_string(&output).map_err(anyhow::Error::from)?;
        writeln!(out, "{text}")?;
    } else {
        let (now, zone) = (app.now(), &app.settings().defaults.timezone);
        let moment = |at| format!("{} {}", app.speaker().moment(at, now, zone), zone.name());
        print(&mut out, &output, now, &moment)?;
    }
    Ok(())
}

/// The sources that were ever loaded, and those that are to be. An archive that was loaded names others.
fn sources(app: &tidings::runtime::App, known: Vec<SourceState>) -> Vec<SourceOutput> {
    let configured = || app.settings().sources.iter().map(|source| &source.name);
    let never: Vec<String> = configured()
        .filter(|name| known.iter().all(|source| source.name != **name))
        .cloned()
        .collect();
    let mut sources: Vec<SourceOutput> = known
        .into_iter()
        .filter(|source| {
            source.last_pass_at.is_some() || configured().any(|name| *name == source.name)
        })
        .map(|source| SourceOutput {
            name: source.name,
            last_pass: source.last_pass_at,
            last_success: source.last_success_at,
            next: source.next_at,
            error: source.last_error,
            failed: source
                .failed
                .into_iter()
                .map(|(document, line, reason)| FailedOutput {
                    document,
                    line,
                    reason,
                })
                .collect(),
        })
        .collect();
    sources.extend(never.into_iter().map(|name| SourceOutput {
        name,
        ..SourceOutput::default()
    }));
    sources
}

fn gather(app: &tidings::runtime::App) -> Result<Output, StoreError> {
    let catalogue = app.catalogues().current()?;
    app.store().read(|db| {
        let queue = db.queue(None)?;
        let mut channels = Vec::new();
        for channel in db.channels()? {
            let zone = channel.settings.zone(&app.settings().defaults).clone();
            let rows = db.subscriptions(channel.id)?;
            channels.push(ChannelOutput {
                channel: channel.key.to_string(),
                next: rows
                    .iter()
                    .filter_map(|row| row.next_at)
                    .min()
                    .filter(|_| channel.pause.is_none()),
                paused: channel.pause.map(|pause| PauseOutput {
                    by: match pause.by {
                        PausedBy::Manager => "manager",
                        PausedBy::Platform => "platform",
                    },
                    since: pause.since,
                    reason: pause.reason,
                }),
                subscriptions: rows
                    .iter()
                    .map(|row| SubscriptionOutput {
                        section: row
                            .target
                            .section()
                            .and_then(|id| catalogue.get(id))
                            .map_or_else(
                                || tidings_core::ids::ALL.to_owned(),
                                |section| section.slug.to_string(),
                            ),
                        when: row.cadence.to_string(),
                        timezone: zone.name().to_owned(),
                        next: row.next_at,
                    })
                    .collect(),
            });
        }
        Ok(Output {
            items: db.totals()?.items,
            platforms: db
                .platforms()?
                .into_iter()
                .map(|platform| {
                    let (trouble, since) = platform.trouble.unzip();
                    PlatformOutput {
                        name: platform.name,
                        account: platform.account,
                        trouble,
                        trouble_since: since,
                    }
                })
                .collect(),
            sources: sources(app, db.sources()?),
            queue: QueueOutput {
                waiting: queue.waiting,
                oldest: queue.oldest,
                dead: queue.dead,
            },
            dead: db
                .dead_parts()?
                .into_iter()
                .map(|part| DeadOutput {
                    id: part.id.get(),
                    channel: part.channel.to_string(),
                    error: part.error,
                })
                .collect(),
            channels,
        })
    })
}

/// A time in the unit that fits; `None` for less than a minute.
fn span(time: SignedDuration) -> Option<String> {
    let (count, unit) = match time.as_mins() {
        ..1 => return None,
        minutes @ 1..60 => (minutes, "minute"),
        minutes @ 60..2_160 => (minutes / 60, "hour"),
        minutes => ((minutes + 720) / 1_440, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(format!("{count} {unit}{plural}"))
}

/// How long ago something was.
fn since(ago: SignedDuration) -> String {
    span(ago).map_or_else(|| "just now".to_owned(), |span| format!("{span} ago"))
}

/// When a source is tried next, behind when it was loaded last.
fn next_try(next: Option<Timestamp>, now: Timestamp) -> String {
    let wait = next.map(|next| span(next.duration_since(now)));
    match wait {
        None => String::new(),
        Some(None) => ", next try in a moment".to_owned(),
        Some(Some(span)) => format!(", next try in {span}"),
    }
}

fn print(
    out: &mut impl Write,
    status: &Output,
    now: Timestamp,
    moment: &dyn Fn(Timestamp) -> String,
) -> io::Result<()> {
    let ago = |at: Option<Timestamp>| {
        at.map_or_else(|| "never".to_owned(), |at| since(now.duration_since(at)))
    };
    writeln!(out, "{} items", status.items)?;
    for platform in &status.platforms {
        let (name, account) = (&platform.name, platform.account.as_deref().unwrap_or("?"));
        match &platform.trouble {
            None => writeln!(out, "✓ {name} as {account}")?,
            Some(trouble) => {
                let since = ago(platform.trouble_since);
                writeln!(
                    out,
                    "✗ {name} as {account}: in trouble, begun {since}\n    {trouble}"
                )?;
            }
        }
    }
    for source in &status.sources {
        let mark = if source.error.is_some() || !source.failed.is_empty() {
            '✗'
        } else {
            '✓'
        };
        writeln!(
            out,
            "{mark} source {}: last loaded {}{}",
            source.name,
            ago(source.last_success),
            next_try(source.next, now)
        )?;
        if let Some(error) = &source.error {
            writeln!(out, "    {error}")?;
        }
        for failed in &source.failed {
            let line = failed
                .line
                .map_or_else(String::new, |n| format!(", line {n}"));
            writeln!(out, "    {}{line}: {}", failed.document, failed.reason)?;
        }
    }
    let oldest = status.queue.oldest.map_or_else(String::new, |at| {
        format!(", the oldest made {}", ago(Some(at)))
    });
    writeln!(
        out,
        "queue: {} waiting{oldest}; {} refused for good",
        status.queue.waiting, status.queue.dead
    )?;
    for part in &status.dead {
        writeln!(
            out,
            "    part {} for {}: {}",
            part.id, part.channel, part.error
        )?;
    }
    for channel in &status.channels {
        let state = match (&channel.paused, channel.next) {
            (Some(pause), _) => {
                let reason = pause
                    .reason
                    .as_ref()
                    .map_or(String::new(), |r| format!(": {r}"));
                format!(
                    "paused by the {} since {}{reason}",
                    pause.by,
                    moment(pause.since)
                )
            }
            (None, Some(next)) => format!("next roundup {}", moment(next)),
            (None, None) if channel.subscriptions.is_empty() => "follows nothing".to_owned(),
            (None, None) => "gets news as it comes".to_owned(),
        };
        writeln!(out, "{}: {state}", channel.channel)?;
        for row in &channel.subscriptions {
            writeln!(out, "    {}: {} ({})", row.section, row.when, row.timezone)?;
        }
    }
    Ok(())
}
