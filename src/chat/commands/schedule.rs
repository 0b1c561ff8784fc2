//! `/schedule <section|all> <when>`: change the cadence.

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind, Posting};
use tidings_core::language::Value;
use tidings_core::post::Block;
use tidings_core::schedule::Cadence;
use tidings_store::WriteTx;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "schedule",
    arguments: &[
        Argument {
            name: "section",
            kind: ArgumentKind::SectionOrAll,
            required: true,
        },
        Argument {
            name: "when",
            kind: ArgumentKind::When,
            required: true,
        },
    ],
    example: "{section} daily 18:00",
    run: Run::Writes(run),
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    let (target, when) = request.target("schedule", words)?;
    let slug = request.target_slug(target);
    let channel = request.channel_row()?;
    let rows = match &channel {
        Some(channel) => db.subscriptions(channel.id)?,
        None => Vec::new(),
    };
    let row = rows.iter().find(|row| row.target == target);
    let Some((channel, row)) = channel.as_ref().zip(row) else {
        // Whatever is wrong with the time: that is the first thing to know.
        let typed = Cadence::parse(when);
        let when = typed.unwrap_or_else(|_| request.context.defaults.when.clone());
        let when = when.to_string();
        let title = request.target_name(target)?;
        let values = [
            ("slug", Value::Text(&slug)),
            ("title", (&title).into()),
            ("when", (&when).into()),
        ];
        return Err(request.mistake("schedule-not-subscribed", &values));
    };
    let cadence = request.cadence(when, &format!("/schedule {slug}"))?;
    let zone = request.zone(Some(channel));
    let row = row.at(cadence, &zone, request.now);
    db.save_subscription(channel, &row, request.now)?;
    let mut post = request.followed("rescheduled", &row, &zone)?;
    let paused = request.still_paused(channel);
    post.blocks.extend(paused.map(Block::Line));
    Ok(post.into())
}
