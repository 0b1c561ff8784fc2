//! `/status`: what was loaded last, the next roundup, the queue, how each source is.

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::sign_in;
use super::spec::Posting;
use crate::status::{ChannelStanding, SourceStanding, Standing, Upcoming, titled};
use tidings_core::language::Value;
use tidings_core::post::{Block, Line, Post};
use tidings_core::text::visible;
use tidings_store::Queue;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "status",
    run: Run::Asks(|request, _| run(request)),
    elsewhere: true,
    posting: Posting::Told,
    ..CommandSpec::QUESTION
};

/// Sources that have a line of their own, and documents of one of them: more is for `tidings status`.
const MOST_SOURCES: usize = 20;
const MOST_DOCUMENTS: usize = 5;

fn run(request: &Request<'_>) -> Result<Reply, CommandError> {
    let channel = request.channel_row()?;
    let channel = channel
        .map(|row| ChannelStanding::of(request.db, row))
        .transpose()?;
    let sources = request.sources.iter().map(|source| source.name.as_str());
    let standing = Standing::read(request.db, sources, Some(&request.channel))?;
    let row = channel.as_ref().map(|standing| &standing.channel);
    let mut post = Post::default();
    let lines = [
        Some(loaded(request, &standing)),
        row.and_then(|row| request.lifted_line(row)),
        Some(next(request, channel.as_ref())),
        Some(queue(request, &standing.queue)),
        uncorrected(request, &standing.queue),
    ];
    for line in lines.into_iter().flatten() {
        post.push(Block::Line(line));
    }
    for line in state(request, &standing) {
        post.push(Block::Line(line));
    }
    Ok(Reply {
        deeds: sign_in::button(request).into_iter().collect(),
        ..Reply::from(post)
    })
}

fn loaded(request: &Request<'_>, standing: &Standing) -> Line {
    match standing.loaded_at() {
        None => request.say.line("status-not-loaded", &[]),
        Some(at) => {
            let ago = request.say.ago(at, request.now);
            let values = [
                ("ago", Value::Text(&ago)),
                ("items", standing.items.into()),
                ("sources", standing.configured().count().into()),
            ];
            request.say.line("status-loaded", &values)
        }
    }
}

fn next(request: &Request<'_>, standing: Option<&ChannelStanding>) -> Line {
    let row = standing.map(|standing| &standing.channel);
    if let Some(line) = row.and_then(|row| request.pause_line(row)) {
        return line;
    }
    match standing.map_or(Upcoming::Nothing, |standing| standing.upcoming(request.now)) {
        Upcoming::Nothing => request.say.line("status-follows-nothing", &[]),
        Upcoming::AsItComes => request.say.line("status-instant", &[]),
        Upcoming::AsItComesUntil(end, next) => {
            let zone = request.zone(row);
            let end = request.say.moment(end, request.now, &zone);
            let next = request.say.moment(next, request.now, &zone);
            let values = [("moment", Value::Text(&end)), ("next", (&next).into())];
            request.say.line("status-instant-until", &values)
        }
        Upcoming::Roundup(next) => {
            let moment = request.say.moment(next, request.now, &request.zone(row));
            let wait = request.say.wait(next, request.now);
            let values = [("moment", Value::Text(&moment)), ("wait", (&wait).into())];
            request.say.line("next-roundup", &values)
        }
    }
}

fn queue(request: &Request<'_>, queue: &Queue) -> Line {
    let oldest = queue
        .oldest
        .map_or_else(String::new, |at| request.say.ago(at, request.now));
    let values = [
        ("waiting", queue.waiting.into()),
        ("dead", queue.dead.into()),
        ("oldest", Value::Text(&oldest)),
    ];
    let key = match (queue.waiting, queue.dead) {
        (0, 0) => "status-queue-empty",
        (_, 0) => "status-queue",
        (0, _) => "status-dead",
        _ => "status-queue-dead",
    };
    request.say.line(key, &values)
}

fn uncorrected(request: &Request<'_>, queue: &Queue) -> Option<Line> {
    let count = [("count", queue.uncorrected.into())];
    (queue.uncorrected > 0).then(|| request.say.line("status-uncorrected", &count))
}

/// One line for each platform in trouble, and one for each source.
fn state(request: &Request<'_>, standing: &Standing) -> Vec<Line> {
    let mut lines = Vec::new();
    for platform in &standing.platforms {
        // What exactly is for whoever runs the bot: `tidings status` and the log have it.
        if let Some((_, since)) = &platform.trouble {
            let ago = request.say.ago(*since, request.now);
            let name = titled(&platform.name);
            let values = [("platform", Value::Text(&name)), ("ago", (&ago).into())];
            lines.push(request.say.line("status-platform-trouble", &values));
        }
    }
    // Whoever has many sources wants to see first what needs mending.
    let (failing, well): (Vec<_>, Vec<_>) = standing.configured().partition(|s| s.is_failing());
    let count = failing.len() + well.len();
    // When the only source was loaded, the first line says.
    let is_only = count == 1;
    let shown = failing.iter().chain(&well).take(MOST_SOURCES);
    lines.extend(shown.flat_map(|source| source_lines(request, source, is_only)));
    let beyond = count.saturating_sub(MOST_SOURCES);
    if beyond > 0 {
        let values = [
            ("sources", beyond.into()),
            ("failing", failing.len().saturating_sub(MOST_SOURCES).into()),
        ];
        lines.push(request.say.line("status-sources-more", &values));
    }
    lines
}

/// What a source is called for readers, where the operator said so. A feed's own title may be that of several.
fn called<'r>(request: &Request<'r>, source: &'r SourceStanding) -> &'r str {
    let configured = request.sources.iter().find(|it| it.name == source.name);
    let label = configured.and_then(|it| it.label.as_deref());
    label.unwrap_or(&source.name)
}

/// Both addresses of a source that has moved, or is seen to.
fn move_line(request: &Request<'_>, source: &SourceStanding) -> Option<Line> {
    let relocation = source.relocation()?;
    let since = relocation.since;
    let key = match since {
        Some(_) => "status-source-moving",
        None => "status-source-moved",
    };
    let ago = since.map_or_else(String::new, |since| request.say.ago(since, request.now));
    let values = [
        ("source", Value::Text(called(request, source))),
        ("from", (&relocation.from).into()),
        ("to", (&relocation.to).into()),
        ("ago", (&ago).into()),
    ];
    Some(request.say.line(key, &values))
}

/// How a source is, and which of its documents can't be read.
fn source_lines(request: &Request<'_>, source: &SourceStanding, is_only: bool) -> Vec<Line> {
    let Some(state) = &source.state else {
        let values = [("source", Value::Text(called(request, source)))];
        return vec![request.say.line("status-source-new", &values)];
    };
    let ago = source
        .loaded_at()
        .map(|at| request.say.ago(at, request.now));
    let next = state
        .next_at
        .map(|at| request.say.wait(at.max(request.now), request.now));
    let documents: Vec<_> = source.failed_documents().collect();
    let said = |known: &Option<String>| known.clone().unwrap_or_default();
    let (last, next_try) = (said(&ago), said(&next));
    let values = [
        ("source", Value::Text(called(request, source))),
        ("ago", Value::Text(&last)),
        ("next", Value::Text(&next_try)),
        ("error", Value::Text(source.error().unwrap_or_default())),
        ("documents", documents.len().into()),
    ];
    let key = match (source.error(), ago.is_some(), next.is_some()) {
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
    for failed in documents.iter().take(MOST_DOCUMENTS) {
        let values = [
            ("source", Value::Text(called(request, source))),
            ("document", Value::Text(&visible(&failed.document))),
            ("line", i64::from(failed.line.unwrap_or(0)).into()),
            ("reason", (&failed.reason).into()),
        ];
        let key = match failed.line {
            Some(_) => "status-document-failing",
            None => "status-document-unreadable",
        };
        lines.push(request.say.line(key, &values));
    }
    let beyond = documents.len().saturating_sub(MOST_DOCUMENTS);
    if beyond > 0 {
        let values = [
            ("source", Value::Text(called(request, source))),
            ("documents", beyond.into()),
        ];
        lines.push(request.say.line("status-documents-more", &values));
    }
    lines
}
