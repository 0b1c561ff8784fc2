//! `/status`: what was loaded last, the next roundup, the queue, what fails.

use super::{Failure, Reply, Request, Spec, Who};
use crate::locales::Value;
use crate::post::{Block, Line, Post};
use crate::store::{ChannelRow, PlatformState, Queue, SourceState, StoreError, Totals};

pub(super) const SPEC: Spec = Spec {
    name: "status",
    who: Who::Everyone,
    arguments: &[],
    run: |request, _| run(request),
};

struct Facts {
    channel: Option<ChannelRow>,
    next: Option<jiff::Timestamp>,
    follows: usize,
    queue: Queue,
    sources: Vec<SourceState>,
    totals: Totals,
    platforms: Vec<PlatformState>,
}

fn run(request: &Request<'_>) -> Result<Reply, Failure> {
    let facts = request.store.read(|db| {
        let channel = db.channel(&request.channel)?;
        let rows = match &channel {
            Some(channel) => db.subscriptions(channel.id)?,
            None => Vec::new(),
        };
        let mut sources = db.sources()?;
        sources.retain(|source| request.sources.contains(&source.name));
        Ok::<_, StoreError>(Facts {
            next: rows.iter().filter_map(|row| row.next_at).min(),
            follows: rows.len(),
            queue: db.queue(Some(&request.channel))?,
            totals: db.totals()?,
            platforms: db.platforms()?,
            sources,
            channel,
        })
    })?;
    let mut post = Post::default();
    for line in [
        loaded(request, &facts),
        next(request, &facts),
        queue(request, &facts),
    ] {
        post.push(Block::Line(line));
    }
    for line in trouble(request, &facts) {
        post.push(Block::Line(line));
    }
    Ok(post.into())
}

fn loaded(request: &Request<'_>, facts: &Facts) -> Line {
    let last = facts
        .sources
        .iter()
        .filter_map(|source| source.last_success_at)
        .max();
    match last {
        None => request.say.line("status-not-loaded", &[]),
        Some(at) => {
            let ago = request.say.ago(at, request.now);
            let values = [
                ("ago", Value::Text(&ago)),
                ("items", facts.totals.items.into()),
                ("sources", facts.sources.len().into()),
            ];
            request.say.line("status-loaded", &values)
        }
    }
}

fn next(request: &Request<'_>, facts: &Facts) -> Line {
    let zone = request.zone(facts.channel.as_ref());
    if let Some(line) = facts.channel.as_ref().and_then(|c| request.pause_line(c)) {
        return line;
    }
    match (facts.follows, facts.next) {
        (0, _) => request.say.line("status-follows-nothing", &[]),
        (_, None) => request.say.line("status-instant", &[]),
        (_, Some(next)) => {
            let moment = request.say.moment(next, request.now, &zone);
            let wait = request.say.wait(next, request.now);
            let values = [("moment", Value::Text(&moment)), ("wait", (&wait).into())];
            request.say.line("next-roundup", &values)
        }
    }
}

fn queue(request: &Request<'_>, facts: &Facts) -> Line {
    let oldest = facts
        .queue
        .oldest
        .map_or_else(String::new, |at| request.say.ago(at, request.now));
    let values = [
        ("waiting", facts.queue.waiting.into()),
        ("dead", facts.queue.dead.into()),
        ("oldest", Value::Text(&oldest)),
        (
            "why",
            Value::Text(facts.queue.why.as_deref().unwrap_or_default()),
        ),
    ];
    let key = match (facts.queue.waiting, facts.queue.dead) {
        (0, 0) => "status-queue-empty",
        (_, 0) => "status-queue",
        (0, _) => "status-dead",
        _ => "status-queue-dead",
    };
    request.say.line(key, &values)
}

/// One line for each platform and source in trouble; one that says so where there is none.
fn trouble(request: &Request<'_>, facts: &Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    for platform in &facts.platforms {
        if let Some((trouble, since)) = &platform.trouble {
            let ago = request.say.ago(*since, request.now);
            let values = [("trouble", Value::Text(trouble)), ("ago", (&ago).into())];
            lines.push(request.say.line("status-platform-trouble", &values));
        }
    }
    for source in &facts.sources {
        let name = Value::Text(&source.name);
        if let Some(error) = &source.last_error {
            let values = [("source", name), ("error", error.into())];
            lines.push(request.say.line("status-source-failing", &values));
        }
        for (document, line, reason) in &source.failed {
            let values = [
                ("source", name),
                ("document", document.into()),
                ("line", i64::from(line.unwrap_or(0)).into()),
                ("reason", reason.into()),
            ];
            let key = match line {
                Some(_) => "status-document-failing",
                None => "status-document-unreadable",
            };
            lines.push(request.say.line(key, &values));
        }
    }
    if lines.is_empty() {
        lines.push(request.say.line("status-no-trouble", &[]));
    }
    lines
}
