//! `/roundup`: post the next roundup now; the schedule goes on without repeating it.

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::Posting;
use crate::roundups;
use tidings_core::post::{Block, Post};
use tidings_store::WriteTx;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "roundup",
    run: Run::Writes(|request, db, _| run(request, db)),
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, db: &WriteTx<'_>) -> Result<Reply, CommandError> {
    let Some(channel) = request.channel_row()? else {
        return Ok(request.follows_nothing().into());
    };
    let due = db.due_channel(channel.id)?;
    let Some(due) = due.filter(|due| !due.subscriptions.is_empty()) else {
        return Ok(request.follows_nothing().into());
    };
    if channel.pause.is_some() {
        return Ok(request.pause_line(&channel).unwrap_or_default().into());
    }
    if request.loading {
        // The schedule, which waits for the sources, posts it then.
        db.make_due(channel.id, request.now)?;
        return Ok(request.say.line("roundup-loading", &[]).into());
    }
    let posted = roundups::post_now(db, request.context, &due, request.now, request.platform)?;
    let mut post = Post::line(if posted.is_posted {
        request.say.line("roundup-posted", &[])
    } else {
        request.nothing_new(&channel)
    });
    let left_out = request.left_out_line(posted.left_out);
    post.blocks.extend(left_out.map(Block::Line));
    Ok(Reply {
        idle: !posted.is_posted,
        ..post.into()
    })
}
