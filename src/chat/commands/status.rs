//! `/status`: what was loaded last, the next roundup, the queue, how each source is.

use std::collections::HashMap;

use url::Url;

use super::command::{CommandError, CommandSpec, Reply, Request};
use super::spec::Posting;
use tidings_core::addresses::shown;
use tidings_core::channel::ChannelRow;
use tidings_core::language::Value;
use tidings_core::post::{Block, Line, Post};
use tidings_store::{PlatformState, Queue, SourceState, StoreError, Totals};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "status",
    run: |request, _| run(request),
    elsewhere: true,
    posting: Posting::Told,
    ..CommandSpec::QUESTION
};

/// Sources that have a line of their own, and documents of one of them: more is for `tidings status`.
const MOST_SOURCES: usize = 20;
const MOST_DOCUMENTS: usize = 5;

struct Facts {
    channel: Option<ChannelRow>,
    next: Option<jiff::Timestamp>,
    follows: usize,
    queue: Queue,
    /// The configured sources; what is known of them once they were loaded.
    sources: Vec<(String, Option<SourceState>)>,
    totals: Totals,
    platforms: Vec<PlatformState>,
}

fn run(request: &Request<'_>) -> Result<Reply, CommandError> {
    let facts = request.store.ask(|db| {
        let channel = db.channel(&request.channel)?;
        let rows = match &channel {
            Some(channel) => db.subscriptions(channel.id)?,
            None => Vec::new(),
        };
        let mut known: HashMap<String, SourceState> = db
            .sources()?
            .into_iter()
            .map(|source| (source.name.clone(), source))
            .collect();
        let sources = request
            .sources
            .iter()
            .map(|source| (source.name.clone(), known.remove(&source.name)));
        Ok::<_, StoreError>(Facts {
            next: rows.iter().filter_map(|row| row.next_at).min(),
            follows: rows.len(),
            queue: db.queue(Some(&request.channel))?,
            totals: db.totals()?,
            platforms: db.platforms()?,
            sources: sources.collect(),
            channel,
        })
    })?;
    let mut post = Post::default();
    let lifted = facts.channel.as_ref().and_then(|c| request.lifted_line(c));
    let lines = [
        Some(loaded(request, &facts)),
        lifted,
        Some(next(request, &facts)),
        Some(queue(request, &facts)),
    ];
    for line in lines.into_iter().flatten() {
        post.push(Block::Line(line));
    }
    for line in state(request, &facts) {
        post.push(Block::Line(line));
    }
    Ok(post.into())
}

fn loaded(request: &Request<'_>, facts: &Facts) -> Line {
    let last = facts
        .sources
        .iter()
        .filter_map(|(_, source)| source.as_ref()?.last_success_at)
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
    ];
    let key = match (facts.queue.waiting, facts.queue.dead) {
        (0, 0) => "status-queue-empty",
        (_, 0) => "status-queue",
        (0, _) => "status-dead",
        _ => "status-queue-dead",
    };
    request.say.line(key, &values)
}

/// One line for each platform in trouble, and one for each source.
fn state(request: &Request<'_>, facts: &Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    for platform in &facts.platforms {
        // What exactly is for whoever runs the bot: `tidings status` and the log have it.
        if let Some((_, since)) = &platform.trouble {
            let ago = request.say.ago(*since, request.now);
            let name = titled(&platform.name);
            let values = [("platform", Value::Text(&name)), ("ago", (&ago).into())];
            lines.push(request.say.line("status-platform-trouble", &values));
        }
    }
    // Whoever has many sources wants to see first what needs mending.
    let is_failing =
        |source: &Option<SourceState>| source.as_ref().is_some_and(SourceState::is_failing);
    let (failing, well): (Vec<_>, Vec<_>) = facts
        .sources
        .iter()
        .partition(|(_, source)| is_failing(source));
    let shown = failing.iter().chain(&well).take(MOST_SOURCES);
    // When the only source was loaded, the first line says.
    let is_only = facts.sources.len() == 1;
    lines.extend(
        shown.flat_map(|(name, source)| source_lines(request, name, source.as_ref(), is_only)),
    );
    let beyond = facts.sources.len().saturating_sub(MOST_SOURCES);
    if beyond > 0 {
        let values = [
            ("sources", beyond.into()),
            ("failing", failing.len().saturating_sub(MOST_SOURCES).into()),
        ];
        lines.push(request.say.line("status-sources-more", &values));
    }
    lines
}

/// A platform as its users write it.
fn titled(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Both addresses of a source that has moved, or is seen to.
fn move_line(request: &Request<'_>, source: &SourceState) -> Option<Line> {
    // A source keeps its address as it was written, keys and all.
    let plain = |address: &str| Url::parse(address).ok().map(|url| shown(&url));
    let from = plain(source.address.as_deref()?)?;
    let (key, to, since) = match (&source.moved_to, &source.moving) {
        (Some(to), _) => ("status-source-moved", plain(to)?, None),
        (None, Some((to, since))) => ("status-source-moving", plain(to)?, Some(*since)),
        (None, None) => return None,
    };
    let ago = since.map_or_else(String::new, |since| request.say.ago(since, request.now));
    let values = [
        ("source", Value::Text(&source.name)),
        ("from", (&from).into()),
        ("to", (&to).into()),
        ("ago", (&ago).into()),
    ];
    Some(request.say.line(key, &values))
}

/// How a source is, and which of its documents can't be read.
fn source_lines(
    request: &Request<'_>,
    name: &str,
    source: Option<&SourceState>,
    is_only: bool,
) -> Vec<Line> {
    let Some(source) = source else {
        let values = [("source", Value::Text(name))];
        return vec![request.say.line("status-source-new", &values)];
    };
    let ago = source
        .last_success_at
        .map(|at| request.say.ago(at, request.now));
    let next = source
        .next_at
        .map(|at| request.say.wait(at.max(request.now), request.now));
    // What is wrong with the one document of a web page is what is wrong with the source.
    let documents: Vec<_> = source
        .failed
        .iter()
        .filter(|(_, _, reason)| source.last_error.as_ref() != Some(reason))
        .collect();
    let said = |known: &Option<String>| known.clone().unwrap_or_default();
    let (last, next_try) = (said(&ago), said(&next));
    let values = [
        ("source", Value::Text(&source.name)),
        ("ago", Value::Text(&last)),
        ("next", Value::Text(&next_try)),
        (
            "error",
            Value::Text(source.last_error.as_deref().unwrap_or_default()),
        ),
        ("documents", documents.len().into()),
    ];
    let key = match (&source.last_error, ago.is_some(), next.is_some()) {
        (None, true, _) if !documents.is_empty() => "status-source-documents",
        (None, false, _) => "status-source-new",
        (None, true, false) if is_only => "status-source-only",
        (None, true, true) if is_only => "status-source-only-next",
        (None, true, false) => "status-source",
        (None, true, true) => "status-source-next",
        (Some(_), false, false) => "status-source-never",
        (Some(_), false, true) => "status-source-never-next",
        (Some(_), true, false) => "status-source-failing",
        (Some(_), true, true) => "status-source-failing-next",
    };
    let mut lines = vec![request.say.line(key, &values)];
    lines.extend(move_line(request, source));
    for (document, line, reason) in documents.iter().take(MOST_DOCUMENTS) {
        let values = [
            ("source", Value::Text(&source.name)),
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
    let beyond = documents.len().saturating_sub(MOST_DOCUMENTS);
    if beyond > 0 {
        let values = [
            ("source", Value::Text(&source.name)),
            ("documents", beyond.into()),
        ];
        lines.push(request.say.line("status-documents-more", &values));
    }
    lines
}
