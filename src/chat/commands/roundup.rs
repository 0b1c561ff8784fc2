//! `/roundup`: post the next roundup now; the schedule goes on without repeating it.

use super::command::{CommandError, CommandSpec, Reply, Request};
use super::spec::Posting;
use crate::roundups;
use tidings_core::post::{DeliveryOptions, Line, Post};
use tidings_store::StoreError;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "roundup",
    run: |request, _| run(request),
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

enum Done {
    FollowsNothing,
    Paused(Option<Line>),
    NothingNew(Option<jiff::Timestamp>, tidings_core::schedule::Zone),
    Posted,
    Loading,
}

fn run(request: &Request<'_>) -> Result<Reply, CommandError> {
    let done = request.store.write(|db| {
        let Some(channel) = db.channel(&request.channel)? else {
            return Ok(Done::FollowsNothing);
        };
        let Some(due) = db.due_channel(channel.id)? else {
            return Ok(Done::FollowsNothing);
        };
        if due.subscriptions.is_empty() {
            return Ok(Done::FollowsNothing);
        }
        if channel.pause.is_some() {
            return Ok(Done::Paused(request.pause_line(&channel)));
        }
        if request.loading {
            // The schedule, which waits for the sources, posts it then.
            db.make_due(channel.id, request.now)?;
            return Ok(Done::Loading);
        }
        let render =
            |post: &Post, options: &DeliveryOptions| request.platform.render(post, options);
        let posted = roundups::post_now(db, request.context, &due, request.now, &render)?;
        Ok::<_, StoreError>(if posted {
            Done::Posted
        } else {
            Done::NothingNew(channel.last_roundup_at, request.zone(Some(&channel)))
        })
    })?;
    let line = match done {
        Done::FollowsNothing => request.follows_nothing(),
        Done::Paused(why) => why.unwrap_or_default(),
        Done::NothingNew(Some(at), zone) => {
            let moment = request.say.moment(at, request.now, &zone);
            let values = [("moment", (&moment).into())];
            request.say.line("preview-nothing-since", &values)
        }
        Done::NothingNew(None, _) => request.say.line("preview-nothing", &[]),
        Done::Loading => request.say.line("roundup-loading", &[]),
        Done::Posted => request.say.line("roundup-posted", &[]),
    };
    Ok(line.into())
}
