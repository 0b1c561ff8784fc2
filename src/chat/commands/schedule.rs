//! `/schedule <section|all> <when>`: change the cadence.

use super::command::{CommandError, CommandSpec, Reply, Request};
use super::spec::{Argument, Kind, Posting};
use crate::subscriptions;
use tidings_core::language::Value;
use tidings_core::post::Block;

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
    run,
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, words: &str) -> Result<Reply, CommandError> {
    let (target, when) = request.target("schedule", words)?;
    let slug = request.target_slug(target);
    let cadence = request.cadence(when, &format!("/schedule {slug}"))?;
    let changed = request.store.write(|db| {
        let Some(channel) = db.channel(&request.channel)? else {
            return Ok(None);
        };
        let rows = db.subscriptions(channel.id)?;
        let Some(row) = rows.iter().find(|row| row.target == target) else {
            return Ok(None);
        };
        let zone = request.zone(Some(&channel));
        let row =
            subscriptions::reschedule(db, &channel, row, cadence.clone(), &zone, request.now)?;
        Ok::<_, CommandError>(Some((row, zone, channel.pause.is_some())))
    })?;
    let Some((row, zone, paused)) = changed else {
        let when = cadence.to_string();
        let values = [("slug", Value::Text(&slug)), ("when", (&when).into())];
        return Err(request.mistake("schedule-not-subscribed", &values));
    };
    let mut post = request.followed("rescheduled", &row, &zone);
    if paused {
        post.push(Block::Line(request.say.line("still-paused", &[])));
    }
    Ok(post.into())
}
