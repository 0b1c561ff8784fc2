//! `/subscriptions`: what this channel follows, and the next times.

use super::arguments::another_time;
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::Posting;
use tidings_core::channel::Target;
use tidings_core::language::Value;
use tidings_core::post::{Block, Post};
use tidings_core::section::Origin;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "subscriptions",
    run: Run::Asks(|request, _| run(request)),
    elsewhere: true,
    posting: Posting::Told,
    knows_managers: true,
    ..CommandSpec::QUESTION
};

fn run(request: &Request<'_>) -> Result<Reply, CommandError> {
    let channel = request.channel_row()?;
    let mut rows = match &channel {
        Some(channel) => request.db.subscriptions(channel.id)?,
        None => Vec::new(),
    };
    let Some(channel) = channel.filter(|_| !rows.is_empty()) else {
        return Ok(if request.manager {
            request.follows_nothing().into()
        } else {
            request.say.line("follows-nothing-reader", &[]).into()
        });
    };
    rows.sort_by_key(|row| {
        let section = request.section_of(row.target);
        let section = section.map(|section| (section.origin, section.id));
        (row.target.watch(), section)
    });
    let zone = request.zone(Some(&channel));
    let mut post = Post::default();
    post.push(Block::Title {
        text: request.say.text("subscriptions-title", &[]),
        note: Some(
            request
                .say
                .text("subscriptions-zone", &[("zone", zone.name().into())]),
        ),
    });
    let stopped = request.pause_line(&channel);
    let is_hidden = |target: Target| {
        let section = request.section_of(target);
        section.is_some_and(|section| section.hidden)
    };
    for row in &rows {
        let mut details = vec![row.cadence.to_string()];
        // While nothing is delivered, nobody knows when something comes.
        let open_until = row.open_until.filter(|_| row.is_open(request.now));
        let coming = match (open_until, row.next_roundup(request.now)) {
            (Some(end), _) => Some(("open-until", end)),
            (None, next) => next.map(|next| ("next-at", next)),
        };
        let is_coming = stopped.is_none() && !is_hidden(row.target);
        if let Some((key, at)) = coming.filter(|_| is_coming) {
            let moment = request.say.moment(at, request.now, &zone);
            let values = [("moment", (&moment).into())];
            details.push(request.say.text(key, &values));
        }
        if let Some(filter) = &row.filter {
            let filter = filter.to_string();
            let values = [("filter", Value::Text(&filter))];
            details.push(request.say.text("filtered-by", &values));
        }
        let section = request.section_of(row.target);
        if section.is_some_and(|section| section.origin == Origin::Left) {
            details.push(request.say.text("section-left", &[]));
        }
        if is_hidden(row.target) {
            details.push(request.say.text("section-hidden", &[]));
        }
        let (name, text) = match row.target {
            Target::Watch(id) => (request.db.watch_words(id)?, request.say.text("watch", &[])),
            target => (request.target_slug(target), request.target_name(target)?),
        };
        post.push(Block::Row {
            name,
            text,
            details,
        });
    }
    for line in [request.lifted_line(&channel), stopped]
        .into_iter()
        .flatten()
    {
        post.push(Block::Line(line));
    }
    let mut of_sections = rows.iter().filter(|row| row.target.watch().is_none());
    let first = of_sections.find(|row| !is_hidden(row.target));
    if let Some(first) = first.filter(|_| request.manager) {
        let slug = request.target_slug(first.target);
        let values = [
            ("slug", Value::Text(&slug)),
            ("example", another_time(&first.cadence).into()),
        ];
        post.push(request.hints(&[("hint-schedule", &values), ("hint-preview", &[])]));
    }
    Ok(post.into())
}
