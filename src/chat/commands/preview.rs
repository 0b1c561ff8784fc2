//! `/preview`: what the next roundup would hold and look like. Changes nothing.

use jiff::Timestamp;

use super::command::{CommandError, CommandSpec, Preview, Reply, Request, Run};
use super::spec::{Changes, Posting};
use crate::roundups::{self, Occasion, RoundupKey};
use tidings_core::channel::{ChannelRow, SubscriptionRow, Target};
use tidings_core::ids::{ItemId, SectionSlug};
use tidings_core::item::{Item, Place};
use tidings_core::post::{Block, Line, Post};
use tidings_core::schedule::Zone;
use tidings_core::search::SpacedWords;
use tidings_store::{DueChannel, NewItems, StoreError, Window};

/// How many of the newest items make the sample, where nothing is new.
const SAMPLE: usize = 3;

/// Among how many of the newest items they are looked for, and how many of these are looked at: several may tell one story.
const LOOKED_THROUGH: usize = 200;
const LOOKED_AT: usize = 20;

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
    let slot = turn(&due, request.now);
    // It is dated as it will be.
    let at = slot.unwrap_or(request.now);
    let next = after_turn(&due, request.now, &request.zone(Some(&due.channel)));
    let occasion = match slot {
        Some(_) => Occasion::Scheduled { late: false, next },
        None => Occasion::Instant { late: false },
    };
    let (need, new) = roundups::coming(db, request.context, &due, &rows, occasion)?;
    let mut post = Post::default();
    let stopped = request.pause_line(&due.channel);
    post.blocks.extend(stopped.map(Block::Line));
    let left_out = request.left_out_line(new.left_out);
    if new.counts.is_empty() {
        let sample = sample(request, &due, need.windows())?;
        post.push(Block::Line(request.nothing_new(&due.channel)));
        post.blocks.extend(left_out.map(Block::Line));
        if sample.items.is_empty() {
            return Ok(post.into());
        }
        post.push(Block::Line(request.say.line("preview-sample", &[])));
        return Ok(shown(request, post, &need, &sample, at));
    }
    post.push(Block::Line(request.say.line("preview", &[])));
    post.blocks.extend(left_out.map(Block::Line));
    Ok(shown(request, post, &need, &new, at))
}

/// What a roundup of such items would be.
fn shown(
    request: &Request<'_>,
    before: Post,
    need: &RoundupKey,
    items: &NewItems,
    at: Timestamp,
) -> Reply {
    let (context, platform) = (request.context, request.platform);
    let roundup = roundups::bounded(context, need, items, at, platform);
    let mut post = before.clone();
    post.blocks.extend(roundup.blocks.iter().cloned());
    Reply {
        preview: Some(Preview {
            before,
            roundup,
            options: need.options().clone(),
        }),
        ..Reply::from(post)
    }
}

impl Request<'_> {
    /// That nothing is new for a channel, and since when.
    pub(super) fn nothing_new(&self, channel: &ChannelRow) -> Line {
        let Some(at) = channel.last_roundup_at else {
            return self.say.line("preview-nothing", &[]);
        };
        let moment = self.say.moment(at, self.now, &self.zone(Some(channel)));
        let values = [("moment", (&moment).into())];
        self.say.line("preview-nothing-since", &values)
    }

    /// How many items filters left out, if they did.
    pub(super) fn left_out_line(&self, left_out: usize) -> Option<Line> {
        let count = [("count", left_out.into())];
        (left_out > 0).then(|| self.say.line("left-out", &count))
    }
}

/// The subscriptions that the next slot serves; without a slot, the instant ones.
fn next_turn(due: &DueChannel, now: Timestamp) -> Vec<&SubscriptionRow> {
    let next = turn(due, now);
    due.subscriptions
        .iter()
        .filter(|row| row.is_open(now) || row.next_roundup(now) == next)
        .collect()
}

/// The next slot, if there is one.
fn turn(due: &DueChannel, now: Timestamp) -> Option<Timestamp> {
    let rows = due.subscriptions.iter();
    rows.filter_map(|row| row.next_roundup(now)).min()
}

/// When a roundup comes after the next one, as that one will say.
fn after_turn(due: &DueChannel, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let turn = turn(due, now);
    let after = due.subscriptions.iter().filter_map(|row| {
        let next = row.next_roundup(now)?;
        match turn {
            Some(turn) if next == turn => row.cadence.next_after(turn, zone.tz()),
            _ => Some(next),
        }
    });
    after.min()
}

/// The newest items of what is followed, new or not, as a roundup would bring them: a story is one line unless each item is
/// wished for, sections of their own take theirs out of all, and what a watch wants says so.
fn sample(
    request: &Request<'_>,
    due: &DueChannel,
    windows: &[Window],
) -> Result<NewItems, StoreError> {
    let db = request.db;
    let own = due.subscriptions.iter();
    let own = own.filter_map(|row| request.context.catalogue.get(row.target.section()?));
    let own: Vec<&SectionSlug> = own.map(|section| &section.slug).collect();
    let mut found: Vec<Item> = Vec::new();
    let mut watched: Vec<(ItemId, Vec<String>)> = Vec::new();
    for window in windows {
        if let Target::Watch(id) = window.target {
            let words = db.watch_words(id)?;
            for item in db.search(&db.watch(id)?, Place::TOP, SAMPLE)? {
                match watched.iter_mut().find(|(known, _)| *known == item.id) {
                    Some((_, watches)) => watches.push(words.clone()),
                    None => watched.push((item.id, vec![words.clone()])),
                }
                found.push(item);
            }
            continue;
        }
        let is_wanted = |item: &Item| {
            let words = || SpacedWords::of(&item.title, &item.summary);
            let filter = window.filter.as_ref();
            filter.is_none_or(|filter| filter.wants(&words(), &item.section))
                && !(window.target == Target::All && own.contains(&&item.section))
        };
        let items = db.newest(tidings_store::Listing {
            section: window.target.section(),
            after: Place::TOP,
            limit: match window.filter.is_none() && own.is_empty() {
                true => LOOKED_AT,
                false => LOOKED_THROUGH,
            },
        })?;
        found.extend(items.into_iter().filter(is_wanted).take(LOOKED_AT));
    }
    found.sort_unstable_by_key(|item| item.place);
    found.dedup_by_key(|item| item.id);
    let is_each_shown = due.channel.settings.duplicates.unwrap_or(false);
    let mut sample = NewItems::default();
    for item in &found {
        let mut story = found.iter().filter(|other| other.story == item.story);
        let leads = is_each_shown || story.all(|other| item.id <= other.id);
        if !leads {
            continue;
        }
        if sample.items.len() == SAMPLE {
            break;
        }
        let also = match is_each_shown {
            true => Vec::new(),
            false => db.also(item)?,
        };
        if !also.is_empty() {
            sample.also.push((item.id, also));
        }
        if let Some((_, watches)) = watched.iter().find(|(id, _)| *id == item.id) {
            sample.watched.push((item.id, watches.join(", ")));
        }
        sample.count(&item.section);
        sample.items.push(item.clone());
    }
    Ok(sample)
}
