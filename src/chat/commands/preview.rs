//! `/preview`: what the next roundup would hold and look like. Changes nothing.

use jiff::Timestamp;

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Changes, Posting};
use crate::roundups::{self, Occasion};
use tidings_core::channel::SubscriptionRow;
use tidings_core::post::{Block, Post};
use tidings_store::{DueChannel, NewItems, StoreError, Window};

/// How many of the newest items make the sample, where nothing is new.
const SAMPLE: usize = 3;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "preview",
    run: Run::Asks(|request, _| run(request)),
    changes: Changes::Never,
    posting: Posting::Told,
    confidential: true,
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>) -> Result<Reply, CommandError> {
    let db = request.db;
    let Some(channel) = request.channel_row()? else {
        return Ok(request.follows_nothing().into());
    };
    let due = db.due_channel(channel.id)?;
    let Some(due) = due.filter(|due| !due.subscriptions.is_empty()) else {
        return Ok(request.follows_nothing().into());
    };
    let rows = next_turn(&due, request.now);
    let next = rows.iter().filter_map(|row| row.next_roundup(request.now));
    let next = next.min();
    let occasion = Occasion::Scheduled { late: false, next };
    let (need, new) = roundups::coming(db, request.context, &due, &rows, occasion)?;
    let mut post = Post::default();
    let stopped = request.pause_line(&due.channel);
    post.blocks.extend(stopped.map(Block::Line));
    if new.counts.is_empty() {
        let sample = sample(db, need.windows())?;
        let zone = request.zone(Some(&due.channel));
        let line = match due.channel.last_roundup_at {
            Some(at) => {
                let moment = request.say.moment(at, request.now, &zone);
                let values = [("moment", (&moment).into())];
                request.say.line("preview-nothing-since", &values)
            }
            None => request.say.line("preview-nothing", &[]),
        };
        post.push(Block::Line(line));
        if sample.items.is_empty() {
            return Ok(post.into());
        }
        post.push(Block::Line(request.say.line("preview-sample", &[])));
        let shown = roundups::compose(request.context, &need, &sample, request.now);
        post.blocks.extend(shown.blocks);
        return Ok(post.into());
    }
    post.push(Block::Line(request.say.line("preview", &[])));
    let shown = roundups::compose(request.context, &need, &new, request.now);
    post.blocks.extend(shown.blocks);
    Ok(post.into())
}

/// The subscriptions that the next slot serves; without a slot, the instant ones.
fn next_turn(due: &DueChannel, now: Timestamp) -> Vec<&SubscriptionRow> {
    let rows = due.subscriptions.iter();
    let next = rows.filter_map(|row| row.next_roundup(now)).min();
    due.subscriptions
        .iter()
        .filter(|row| row.is_open(now) || row.next_roundup(now) == next)
        .collect()
}

/// The newest items of what is followed, new or not.
fn sample(db: &tidings_store::Reader<'_>, windows: &[Window]) -> Result<NewItems, StoreError> {
    let mut sample = NewItems::default();
    for window in windows {
        let items = db.newest(tidings_store::Listing {
            section: window.target.section(),
            after: tidings_core::item::Place::TOP,
            limit: SAMPLE,
        })?;
        sample.items.extend(items);
    }
    sample.items.sort_unstable_by_key(|item| item.place);
    sample.items.dedup_by_key(|item| item.id);
    sample.items.truncate(SAMPLE);
    for item in &sample.items {
        match sample
            .counts
            .iter_mut()
            .find(|(slug, _)| *slug == item.section)
        {
            Some((_, count)) => *count += 1,
            None => sample.counts.push((item.section.clone(), 1)),
        }
    }
    Ok(sample)
}
