//! `/schedule <section|all> <when>`: change the cadence.

use super::command::{CommandError, CommandSpec, Reply, Request};
use super::spec::{Argument, Kind, Posting};
use tidings_core::language::Value;
use tidings_core::post::Block;
use tidings_core::schedule::Cadence;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "schedule",
    arguments: &[
        Argument {
            name: "section",
            kind: Kind::SectionOrAll,
            required: true,
        },
        Argument {
            name: "when",
            kind: Kind::When,
            required: true,
        },
    ],
    example: "{section} daily 18:00",
    run,
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, words: &str) -> Result<Reply, CommandError> {
    let (target, when) = request.target("schedule", words)?;
    let slug = request.target_slug(target);
    let cadence = request.cadence(when, &format!("/schedule {slug}"));
    let changed = request.store.write(|db| {
        let Some(channel) = db.channel(&request.channel)? else {
            return Ok(None);
        };
        let rows = db.subscriptions(channel.id)?;
        let Some(row) = rows.iter().find(|row| row.target == target) else {
            return Ok(None);
        };
        let cadence = cadence?;
        let zone = request.zone(Some(&channel));
        let row = row.at(cadence, &zone, request.now);
        db.save_subscription(&channel, &row, request.now)?;
        Ok::<_, CommandError>(Some((row, zone, request.still_paused(&channel))))
    })?;
    let Some((row, zone, paused)) = changed else {
        // Whatever is wrong with the time: that is the first thing to know.
        let typed = Cadence::parse(when);
        let when = typed.unwrap_or_else(|_| request.context.defaults.when.clone());
        let when = when.to_string();
        let values = [("slug", Value::Text(&slug)), ("when", (&when).into())];
        return Err(request.mistake("schedule-not-subscribed", &values));
    };
    let mut post = request.followed("rescheduled", &row, &zone);
    post.blocks.extend(paused.map(Block::Line));
    Ok(post.into())
}
