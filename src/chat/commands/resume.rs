//! `/resume`: deliveries go on.

use jiff::Timestamp;

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::Posting;
use tidings_core::channel::SubscriptionRow;
use tidings_core::language::Value;
use tidings_core::schedule::Zone;
use tidings_store::WriteTx;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "resume",
    run: Run::Writes(|request, db, _| run(request, db)),
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

/// When a subscription brings a roundup next. Outside of its window, a start that was missed is made good at the next one.
fn next(row: &SubscriptionRow, zone: &Zone, now: Timestamp) -> Option<Timestamp> {
    let next = row.next_roundup(now)?;
    let anew = row.at(row.cadence.clone(), zone, now);
    if next <= now && row.cadence.is_windowed() && !anew.is_open(now) {
        return anew.next_at;
    }
    Some(next)
}

fn run(request: &Request<'_>, db: &WriteTx<'_>) -> Result<Reply, CommandError> {
    let channel = request.channel_row()?;
    let Some(channel) = channel.as_ref().filter(|channel| channel.pause.is_some()) else {
        // That somebody asks has ended it already.
        let lifted = channel.and_then(|channel| request.lifted_line(&channel));
        return Ok(lifted
            .unwrap_or_else(|| request.say.line("not-paused", &[]))
            .into());
    };
    db.set_pause(channel.id, None)?;
    let rows = db.subscriptions(channel.id)?;
    let zone = request.zone(Some(channel));
    let next = rows.iter().filter_map(|row| next(row, &zone, request.now));
    let next = next.min();
    let line = match next {
        Some(next) if next > request.now => {
            let moment = request.say.moment(next, request.now, &zone);
            let wait = request.say.wait(next, request.now);
            let values = [("moment", Value::Text(&moment)), ("wait", (&wait).into())];
            request.say.line("resumed", &values)
        }
        Some(_) => request.say.line("resumed-late", &[]),
        None => request.say.line("resumed-now", &[]),
    };
    Ok(line.into())
}
