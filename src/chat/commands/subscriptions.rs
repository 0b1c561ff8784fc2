//! `/subscriptions`: what this channel follows, and the next times.

use super::command::{CommandError, CommandSpec, Reply, Request};
use super::spec::Posting;
use tidings_core::channel::{Pause, PausedBy};
use tidings_core::language::Value;
use tidings_core::post::{Block, Post};
use tidings_core::section::Origin;
use tidings_store::StoreError;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "subscriptions",
    run: |request, _| run(request),
    elsewhere: true,
    posting: Posting::Told,
    ..CommandSpec::QUESTION
};

fn run(request: &Request<'_>) -> Result<Reply, CommandError> {
    let found = request.store.ask(|db| {
        let Some(channel) = db.channel(&request.channel)? else {
            return Ok(None);
        };
        let rows = db.subscriptions(channel.id)?;
        Ok::<_, StoreError>(Some((channel, rows)))
    })?;
    let Some((channel, mut rows)) = found.filter(|(_, rows)| !rows.is_empty()) else {
        let example = request
            .press
            .catalogue
            .sections()
            .first()
            .map_or("all", |section| section.slug.as_str());
        let values = [("slug", Value::Text(example))];
        let key = if request.manager {
            "follows-nothing"
        } else {
            "follows-nothing-reader"
        };
        return Ok(request.say.line(key, &values).into());
    };
    rows.sort_by_key(|row| {
        row.target
            .section()
            .and_then(|id| request.press.catalogue.get(id))
            .map(|section| (section.origin, section.id))
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
    let by_manager = |pause: &Pause| pause.by == PausedBy::Manager;
    let keeps_times = stopped.is_none() || channel.pause.as_ref().is_some_and(by_manager);
    for row in &rows {
        let mut details = vec![row.cadence.to_string()];
        // While the platform takes nothing, nobody knows when something comes.
        if let Some(next) = row.next_at.filter(|_| keeps_times) {
            let moment = request.say.moment(next, request.now, &zone);
            let values = [("moment", (&moment).into())];
            details.push(request.say.text("next-at", &values));
        }
        let section = row.target.section();
        let section = section.and_then(|id| request.press.catalogue.get(id));
        if section.is_some_and(|section| section.origin == Origin::Left) {
            details.push(request.say.text("section-left", &[]));
        }
        post.push(Block::Row {
            name: request.target_slug(row.target),
            text: request.target_name(row.target),
            details,
        });
    }
    for line in [request.lifted_line(&channel), stopped]
        .into_iter()
        .flatten()
    {
        post.push(Block::Line(line));
    }
    post.push(request.hints(&[("hint-schedule", &[]), ("hint-preview", &[])]));
    Ok(post.into())
}
