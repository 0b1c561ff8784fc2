//! `tidings status`: what `/status` says, for all channels.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;
use tidings::runtime::App;
use tidings::status::{ChannelStanding, SourceStanding, Standing, Upcoming, is_told_nowhere_else};
use tidings_core::channel::{PausedBy, Target};
use tidings_core::ids::ALL;
use tidings_core::schedule::Zone;
use tidings_core::section::Catalogue;
use tidings_core::text::visible;
use tidings_store::{OpenMode, PlatformState, ReadTx, StoreError};

use super::context::{CliContext, CliError, at};
use super::findings::count;
use super::sharing::{SharingOutput, sharing_output};
use super::spans::{since, span};

#[derive(Serialize)]
struct Output {
    items: i64,
    platforms: Vec<PlatformOutput>,
    sources: Vec<SourceOutput>,
    queue: QueueOutput,
    dead: Vec<DeadOutput>,
    channels: Vec<ChannelOutput>,
    /// What else the operator was told and isn't over.
    incidents: Vec<IncidentOutput>,
    /// Of a store on a server only.
    #[serde(skip_serializing_if = "Option::is_none")]
    sharing: Option<SharingOutput>,
}

#[derive(Serialize)]
struct IncidentOutput {
    text: String,
    since: Timestamp,
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
    moved: Option<MovedOutput>,
}

#[derive(Serialize)]
struct MovedOutput {
    from: String,
    to: String,
    /// Since when it is seen, while that isn't long enough to be believed.
    since: Option<Timestamp>,
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
    /// Messages that are to be corrected.
    edits: usize,
    /// Messages that couldn't be corrected.
    uncorrected: usize,
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
    until: Option<Timestamp>,
}

#[derive(Serialize)]
struct SubscriptionOutput {
    /// Its slug, or `all`; of a watch the words stand for it.
    section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    watch: Option<String>,
    when: String,
    timezone: String,
    next: Option<Timestamp>,
}

pub(super) fn status(world: &CliContext, json: bool) -> Result<(), CliError> {
    let app = world.app(OpenMode::Look)?;
    let output = gather(&app).map_err(at(app.store().address()))?;
    let mut out = io::stdout().lock();
    if json {
        let text = serde_json::to_string(&output).map_err(anyhow::Error::from)?;
        writeln!(out, "{}", world.redaction.text(&text))?;
    } else {
        let (now, zone) = (app.now(), &app.settings().defaults.timezone);
        let moment = |at| format!("{} {}", app.localizer().moment(at, now, zone), zone.name());
        let mut text = Vec::new();
        print(&mut text, &output, now, &moment)?;
        let text = String::from_utf8_lossy(&text);
        write!(out, "{}", world.redaction.text(&text))?;
    }
    Ok(())
}

fn source_output(source: SourceStanding) -> SourceOutput {
    let moved = source.relocation().map(|moved| MovedOutput {
        from: moved.from,
        to: moved.to,
        since: moved.since,
    });
    let Some(state) = source.state else {
        return SourceOutput {
            name: source.name,
            ..SourceOutput::default()
        };
    };
    let failed = state.failed.into_iter().map(|failed| FailedOutput {
        document: failed.document,
        line: failed.line,
        reason: failed.reason,
    });
    SourceOutput {
        name: source.name,
        last_pass: state.last_pass_at,
        last_success: state.last_success_at,
        next: state.next_at,
        error: state.last_error,
        failed: failed.collect(),
        moved,
    }
}

fn platform_output(platform: PlatformState) -> PlatformOutput {
    let (trouble, trouble_since) = platform.trouble.unzip();
    PlatformOutput {
        name: platform.name,
        account: platform.account,
        trouble,
        trouble_since,
    }
}

fn channel_output(
    db: &ReadTx<'_>,
    standing: ChannelStanding,
    catalogue: &Catalogue,
    zone: &Zone,
    now: Timestamp,
) -> Result<ChannelOutput, StoreError> {
    let upcoming = standing.upcoming(now);
    let ChannelStanding {
        channel,
        subscriptions,
    } = standing;
    let slug = |target: Target| {
        let section = target.section().and_then(|id| catalogue.get(id));
        section.map_or_else(|| ALL.to_owned(), |section| section.slug.to_string())
    };
    let subscriptions = subscriptions.iter().map(|row| {
        let watch = row.target.watch().map(|watch| db.watch_words(watch));
        let watch = watch.transpose()?;
        Ok(SubscriptionOutput {
            section: watch.is_none().then(|| slug(row.target)),
            watch,
            when: row.cadence.to_string(),
            timezone: zone.name().to_owned(),
            next: row.next_at,
        })
    });
    Ok(ChannelOutput {
        channel: channel.key.to_string(),
        next: match upcoming {
            Upcoming::Roundup(next) if channel.pause.is_none() => Some(next),
            _ => None,
        },
        subscriptions: subscriptions.collect::<Result<_, StoreError>>()?,
        paused: channel.pause.map(|pause| PauseOutput {
            by: match pause.by {
                PausedBy::Manager => "manager",
                PausedBy::Platform => "platform",
            },
            since: pause.since,
            reason: pause.reason,
            until: pause.until,
        }),
    })
}

fn gather(app: &App) -> Result<Output, StoreError> {
    let catalogue = app
        .store()
        .blocking()
        .read(|db| app.catalogues().within(db))?;
    let (defaults, now) = (&app.settings().defaults, app.now());
    app.store().blocking().read(|db| {
        let sources = app.settings().sources.iter().map(|s| s.name.as_str());
        let standing = Standing::read(db, sources, None)?;
        let channels = db.channels()?.into_iter().map(|channel| {
            let zone = channel.settings.zone(defaults).clone();
            let standing = ChannelStanding::of(db, channel)?;
            channel_output(db, standing, &catalogue, &zone, now)
        });
        let dead = db.dead_parts()?.into_iter().map(|part| DeadOutput {
            id: part.id.get(),
            channel: part.channel.to_string(),
            error: part.error,
        });
        let incidents = db.incidents()?.into_iter().filter(is_told_nowhere_else);
        let incidents = incidents.map(|incident| IncidentOutput {
            text: incident.text,
            since: incident.begun_at,
        });
        Ok(Output {
            items: standing.items,
            incidents: incidents.collect(),
            platforms: standing
                .platforms
                .into_iter()
                .map(platform_output)
                .collect(),
            sources: standing.sources.into_iter().map(source_output).collect(),
            queue: QueueOutput {
                waiting: standing.queue.waiting,
                oldest: standing.queue.oldest,
                dead: standing.queue.dead,
                edits: standing.queue.edits,
                uncorrected: standing.queue.uncorrected,
            },
            dead: dead.collect(),
            channels: channels.collect::<Result<_, StoreError>>()?,
            sharing: sharing_output(app, db)?,
        })
    })
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
    writeln!(out, "{}", count(status.items, "item"))?;
    for platform in &status.platforms {
        let (name, account) = (&platform.name, platform.account.as_deref().unwrap_or("?"));
        match &platform.trouble {
            None => writeln!(out, "✓ {name} as {account}")?,
            Some(trouble) => {
                let since = ago(platform.trouble_since);
                writeln!(
                    out,
                    "✗ {name} as {account}: in trouble, begun {since}\n    {}",
                    visible(trouble)
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
            writeln!(out, "    {}", visible(error))?;
        }
        if let Some(MovedOutput { from, to, since }) = &source.moved {
            let said = match since {
                Some(since) => format!(
                    "it is moving: {from} leads to {to} (first seen {}); after three days that is its address",
                    ago(Some(*since))
                ),
                None => format!(
                    "it has moved for good: {from} leads to {to}, which is asked instead; the old address is asked once a day"
                ),
            };
            writeln!(out, "    {}", visible(&said))?;
        }
        for failed in &source.failed {
            let line = failed
                .line
                .map_or_else(String::new, |n| format!(", line {n}"));
            let said = format!("{}{line}: {}", failed.document, failed.reason);
            writeln!(out, "    {}", visible(&said))?;
        }
    }
    for incident in &status.incidents {
        let (text, since) = (visible(&incident.text), ago(Some(incident.since)));
        writeln!(out, "✗ {text} (begun {since})")?;
    }
    if let Some(sharing) = &status.sharing {
        sharing.print(out)?;
    }
    let oldest = status.queue.oldest.map_or_else(String::new, |at| {
        format!(", the oldest made {}", ago(Some(at)))
    });
    let edits = match status.queue.edits {
        0 => String::new(),
        count => format!("; {count} to be corrected"),
    };
    let uncorrected = match status.queue.uncorrected {
        0 => String::new(),
        count => format!("; {count} couldn't be corrected"),
    };
    writeln!(
        out,
        "queue: {} waiting{oldest}; {} refused for good{edits}{uncorrected}",
        status.queue.waiting, status.queue.dead
    )?;
    for part in &status.dead {
        writeln!(
            out,
            "    part {} for {}: {}",
            part.id,
            part.channel,
            visible(&part.error)
        )?;
    }
    for channel in &status.channels {
        let state = match (&channel.paused, channel.next) {
            (Some(pause), _) => {
                let reason = pause
                    .reason
                    .as_ref()
                    .map_or(String::new(), |r| format!(": {r}"));
                let until = pause
                    .until
                    .map_or(String::new(), |until| format!(" until {}", moment(until)));
                format!(
                    "paused by the {} since {}{until}{reason}",
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
            let watch = row.watch.as_ref().map(|words| format!("watch {words}"));
            let target = row.section.clone().or(watch).unwrap_or_default();
            writeln!(out, "    {target}: {} ({})", row.when, row.timezone)?;
        }
    }
    Ok(())
}
