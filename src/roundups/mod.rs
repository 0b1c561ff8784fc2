//! Roundups: who is due, what is new for them, and its parts put into the outbox. Cursors, slots and parts
//! are written in one transaction, so a tick that is repeated enqueues nothing.
//!
//! Channels with equal needs share one composed post: it is composed, rendered and stored once in a tick.

mod compose;
mod context;
mod corrections;
mod editors;
mod missed;
mod reviews;
mod scheduler;
pub mod slots;
mod stories;
mod suggestions;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use corrections::Made;

pub use context::ComposeContext;

pub use compose::{Occasion, compose, say_also};
pub use missed::Spring;
pub use reviews::say_last;
pub use scheduler::{Scheduler, Ticked, Turns, release};

use tidings_core::channel::{DEFAULT_CAP, Filter, Style, SubscriptionRow, Target, open_until};
use tidings_core::ids::{ChannelId, ItemId, SectionId};
use tidings_core::language::Locale;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, MOST_MESSAGES, Post};
use tidings_core::schedule::Cadence;
use tidings_store::{
    DueChannel, NewItems, ReadTx, Retold, Scope, StoreError, Untold, Window, WriteTx,
};

/// A slot that is served later than this is a catch-up, and says so.
const LATE: jiff::SignedDuration = jiff::SignedDuration::from_mins(30);

/// Everything that decides what a roundup looks like: channels with equal needs get the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoundupKey {
    windows: Vec<Window>,
    /// For a channel with watches: those that aren't served now.
    waiting: Option<Vec<Window>>,
    exceptions_of: Option<ChannelId>,
    zone: String,
    locale: Locale,
    style: Style,
    cap: u32,
    options: DeliveryOptions,
    buttons: bool,
    occasion: Occasion,
    /// Stories among what is new that were told before; `None` where each item comes for itself.
    got: Option<Vec<i64>>,
}

impl RoundupKey {
    /// What is followed, and from where on.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// How it arrives.
    pub fn options(&self) -> &DeliveryOptions {
        &self.options
    }

    /// The same without watches that found nothing: mostly it is what channels without watches need.
    fn without_idle_watches(
        mut self,
        db: &ReadTx<'_>,
        up_to: i64,
    ) -> Result<RoundupKey, StoreError> {
        let Some(waiting) = self.waiting.take() else {
            return Ok(self);
        };
        let busy = |windows: Vec<Window>| -> Result<Vec<Window>, StoreError> {
            let found = windows.into_iter().map(|window| {
                let has_found = db.has_found(&window, up_to)?;
                Ok(has_found.then_some(window))
            });
            found.filter_map(Result::transpose).collect()
        };
        self.windows = busy(self.windows)?;
        let waiting = busy(waiting)?;
        let is_watch = |window: &Window| window.target.watch().is_some();
        if !waiting.is_empty() || self.windows.iter().any(is_watch) {
            self.waiting = Some(waiting);
        }
        Ok(self)
    }
}

/// What was composed in this tick, and worked out about cadences.
#[derive(Clone, Default)]
struct Shared {
    posts: HashMap<(RoundupKey, i64), Composed>,
    /// The next slot, and the end of the window that has begun.
    next: HashMap<(Cadence, String), (Option<Timestamp>, Option<Timestamp>)>,
    first_seen: HashMap<(Target, i64, Option<Filter>), Option<Timestamp>>,
    retold: HashMap<RetoldKey, Arc<[Retold]>>,
    /// Who has got a story.
    got: HashMap<i64, Arc<HashSet<ChannelId>>>,
    /// How far the store had come when that was found out.
    stand: Stand,
}

/// The newest item that is handed to subscribers, and the newest part that anybody was to get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Stand {
    push_order: i64,
    delivery: i64,
}

impl Stand {
    fn of(db: &ReadTx<'_>) -> Result<Stand, StoreError> {
        Ok(Stand {
            push_order: db.newest_push()?,
            delivery: db.newest_delivery()?,
        })
    }
}

impl Shared {
    /// Goes on in another transaction: where others have written since the last one, what was found out may be so no more.
    fn go_on(&mut self, stand: Stand) {
        if self.stand != stand {
            self.first_seen.clear();
            self.retold.clear();
            self.got.clear();
        }
        self.stand = stand;
    }
}

/// The windows, whose exceptions count, and the push order up to which they reach.
type RetoldKey = (Vec<Window>, Option<ChannelId>, i64);

/// A roundup in the outbox's form.
#[derive(Clone, Debug, Default)]
struct Composed {
    /// Its parts; none, if nothing is new.
    parts: Vec<i64>,
    /// How many items its filters left out.
    left_out: usize,
    /// What a channel with watches has got by it.
    got: Arc<Vec<(ItemId, i64)>>,
}

/// What became of a roundup that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Whether there is one: something was new.
    pub is_posted: bool,
    /// How many items filters left out.
    pub left_out: usize,
}

/// Serves a channel whose turn it is. Returns true if it got a roundup.
fn serve(
    db: &WriteTx<'_>,
    context: ComposeContext<'_>,
    due: &DueChannel,
    now: Timestamp,
    up_to: i64,
    shared: &mut Shared,
    platform: &dyn ChatPlatform,
) -> Result<bool, StoreError> {
    if due.channel.pause.is_some() {
        return Ok(false);
    }
    let zone = due.channel.settings.zone(context.defaults);
    let mut slot: Option<Timestamp> = None;
    let mut turn = Vec::new();
    let mut after = Vec::new();
    for row in &due.subscriptions {
        let its_slot = row.next_at.filter(|at| *at <= now);
        let mut moved = row.clone();
        if its_slot.is_some() {
            let key = (row.cadence.clone(), zone.name().to_owned());
            let next = || {
                let next = row.cadence.next_after(now, zone.tz());
                (next, open_until(&row.cadence, zone, now))
            };
            (moved.next_at, moved.open_until) = *shared.next.entry(key).or_insert_with(next);
        }
        // A window whose start was missed is as silent outside as ever: what waits for it waits for the next one.
        let is_over = |at| row.cadence.is_windowed() && is_late(at, now) && !moved.is_open(now);
        let its_turn = its_slot.filter(|at| !is_over(*at));
        if let Some(at) = its_turn {
            slot = Some(slot.map_or(at, |earlier| earlier.min(at)));
        }
        if its_turn.is_some() || row.is_open(now) && its_slot.is_none() {
            moved.cursor = up_to;
            turn.push(row);
        }
        if moved != *row {
            db.advance(due.channel.id, &moved)?;
        }
        after.push(moved);
    }
    let next = after.iter().filter_map(|row| row.next_roundup(now)).min();
    let occasion = match slot {
        Some(slot) => Occasion::Scheduled {
            late: is_late(slot, now),
            next,
        },
        None => Occasion::Instant {
            late: has_waited(db, shared, &turn, up_to, now)?,
        },
    };
    let posted = post(
        db, context, due, &turn, occasion, now, up_to, shared, platform,
    )?;
    db.end_turn(due, posted.is_posted.then_some(now))?;
    Ok(posted.is_posted)
}

fn is_late(slot: Timestamp, now: Timestamp) -> bool {
    now.duration_since(slot) > LATE
}

/// Whether what is new for some subscriptions came so long ago that it would have been sent, had nothing kept it.
fn has_waited(
    db: &ReadTx<'_>,
    shared: &mut Shared,
    turn: &[&SubscriptionRow],
    up_to: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    for row in turn {
        let key = (row.target, row.cursor, row.filter.clone());
        let first_seen = match shared.first_seen.get(&key) {
            Some(known) => *known,
            None => {
                let first_seen = db.first_seen(row, up_to)?;
                shared.first_seen.insert(key, first_seen);
                first_seen
            }
        };
        if first_seen.is_some_and(|at| now.duration_since(at) > LATE) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Posts the next roundup of a channel now, whatever its schedules say; they go on without repeating it.
pub fn post_now(
    db: &WriteTx<'_>,
    context: ComposeContext<'_>,
    due: &DueChannel,
    now: Timestamp,
    platform: &dyn ChatPlatform,
) -> Result<Posted, StoreError> {
    let up_to = db.newest_push()?;
    let rows: Vec<&SubscriptionRow> = due.subscriptions.iter().collect();
    for row in &rows {
        let moved = SubscriptionRow {
            cursor: up_to,
            ..(*row).clone()
        };
        db.advance(due.channel.id, &moved)?;
    }
    let occasion = Occasion::Asked {
        next: rows.iter().filter_map(|row| row.next_roundup(now)).min(),
    };
    let mut shared = Shared::default();
    let posted = post(
        db,
        context,
        due,
        &rows,
        occasion,
        now,
        up_to,
        &mut shared,
        platform,
    )?;
    db.end_turn(due, posted.is_posted.then_some(now))?;
    Ok(posted)
}

#[expect(
    clippy::too_many_arguments,
    reason = "what one roundup is made of; a struct for a single call would only rename them"
)]
fn post(
    db: &WriteTx<'_>,
    context: ComposeContext<'_>,
    due: &DueChannel,
    turn: &[&SubscriptionRow],
    occasion: Occasion,
    now: Timestamp,
    up_to: i64,
    shared: &mut Shared,
    platform: &dyn ChatPlatform,
) -> Result<Posted, StoreError> {
    let _span = tracing::info_span!("roundup", channel = %due.channel.key).entered();
    let mut need = need(context, due, turn, occasion).without_idle_watches(db, up_to)?;
    let retold = needed_once(db, &mut need, due, up_to, shared)?;
    let key = (need, up_to);
    let composed = match shared.posts.get(&key) {
        Some(composed) => composed.clone(),
        None => {
            let need = &key.0;
            let untold = need.untold(&retold);
            let mut new = new_items(db, need, up_to, &untold)?;
            let mut composed = Composed {
                parts: Vec::new(),
                left_out: new.left_out,
                got: Arc::default(),
            };
            if !new.counts.is_empty() {
                let made = bounded(context, need, &new, now, platform);
                for wire in platform.render(&made, &need.options) {
                    composed.parts.push(db.add_part(&wire)?);
                }
                if let Some(post) = composed.parts.first() {
                    let scope = need.scope(up_to, &untold);
                    db.note_shown(*post, scope, &new.got)?;
                }
                let parts = &composed.parts;
                keep_made(db, need, &new, &made, parts, now, platform)?;
            }
            if need.waiting.is_some() {
                composed.got = Arc::new(std::mem::take(&mut new.got));
            }
            shared.posts.insert(key, composed.clone());
            composed
        }
    };
    db.enqueue(&due.channel, &composed.parts, now)?;
    db.note_got(due.channel.id, &composed.got)?;
    Ok(Posted {
        is_posted: !composed.parts.is_empty(),
        left_out: composed.left_out,
    })
}

/// A roundup that takes no more than [`MOST_MESSAGES`].
pub fn bounded(
    context: ComposeContext<'_>,
    need: &RoundupKey,
    new: &NewItems,
    now: Timestamp,
    platform: &dyn ChatPlatform,
) -> Post {
    let rest = context.rest(need.locale);
    let messages = |post: &Post| platform.render(post, &need.options).len();
    compose(context, need, new, now).bounded(MOST_MESSAGES, &messages, &rest)
}

/// Keeps what a roundup's parts were made of, so that what they show can be corrected.
fn keep_made(
    db: &WriteTx<'_>,
    need: &RoundupKey,
    new: &NewItems,
    post: &Post,
    parts: &[i64],
    now: Timestamp,
    platform: &dyn ChatPlatform,
) -> Result<(), StoreError> {
    let Some(first) = parts.first().filter(|_| platform.edits_posts()) else {
        return Ok(());
    };
    for stretch in post.stretches(&platform.placement(post, &need.options)) {
        let its_parts = parts.get(stretch.messages.clone()).unwrap_or_default();
        let made = Made::of(stretch, new, &need.options, need.locale, &need.zone);
        let (text, items) = (made.to_text(), made.items());
        db.keep_composed(*first, platform.name(), its_parts, &text, &items, now)?;
    }
    Ok(())
}

/// What a channel needs when the given subscriptions are served.
fn need(
    context: ComposeContext<'_>,
    due: &DueChannel,
    turn: &[&SubscriptionRow],
    occasion: Occasion,
) -> RoundupKey {
    let settings = &due.channel.settings;
    let mut followed: Vec<SectionId> = due
        .subscriptions
        .iter()
        .filter_map(|row| row.target.section())
        .collect();
    followed.sort_unstable();
    let window = |row: &SubscriptionRow| Window {
        target: row.target,
        except: match row.target {
            Target::All => followed.clone(),
            Target::Section(_) | Target::Watch(_) => Vec::new(),
        },
        after: row.cursor,
        filter: row.filter.clone(),
    };
    let all_watches = || {
        due.subscriptions
            .iter()
            .filter(|row| row.target.watch().is_some())
    };
    let is_served = |row: &&SubscriptionRow| turn.iter().any(|it| it.target == row.target);
    let waiting = || all_watches().filter(|row| !is_served(row)).map(window);
    RoundupKey {
        windows: turn.iter().map(|row| window(row)).collect(),
        waiting: all_watches().next().map(|_| waiting().collect()),
        exceptions_of: due.has_exceptions.then_some(due.channel.id),
        zone: settings.zone(context.defaults).name().to_owned(),
        locale: settings.language(context.defaults),
        style: settings.style.unwrap_or_default(),
        cap: settings.cap.unwrap_or(DEFAULT_CAP),
        options: DeliveryOptions {
            // What comes by itself, headline by headline, would make a thread of each.
            discuss: settings.discuss.unwrap_or(false)
                && !matches!(occasion, Occasion::Instant { .. }),
            ..settings.delivery_options()
        },
        buttons: settings.buttons.unwrap_or(true),
        occasion,
        got: match settings.duplicates.unwrap_or(false) {
            true => None,
            false => Some(Vec::new()),
        },
    }
}

impl RoundupKey {
    fn scope<'s>(&'s self, up_to: i64, untold: &'s Untold) -> Scope<'s> {
        Scope {
            windows: &self.windows,
            waiting: self.waiting.as_deref(),
            up_to,
            exceptions_of: self.exceptions_of,
            untold,
        }
    }

    /// What of stories that several tell isn't told once more.
    fn untold(&self, retold: &[Retold]) -> Untold {
        match &self.got {
            Some(got) => stories::untold(retold, &|story| got.contains(&story)),
            None => Untold::default(),
        }
    }
}

/// Finds out which stories among what is new a channel has got, and returns what of it may have been told before.
fn needed_once(
    db: &ReadTx<'_>,
    need: &mut RoundupKey,
    due: &DueChannel,
    up_to: i64,
    shared: &mut Shared,
) -> Result<Arc<[Retold]>, StoreError> {
    let Some(got) = &mut need.got else {
        return Ok(Arc::new([]));
    };
    let key = (need.windows.clone(), need.exceptions_of, up_to);
    let retold = match shared.retold.get(&key) {
        Some(known) => known.clone(),
        None => {
            let retold: Arc<[Retold]> = db.retold(&key.0, up_to, need.exceptions_of)?.into();
            shared.retold.insert(key, retold.clone());
            retold
        }
    };
    for one in retold.iter() {
        let who = match shared.got.get(&one.story) {
            Some(known) => known.clone(),
            None => {
                let who = Arc::new(db.who_got(one.story)?);
                shared.got.insert(one.story, who.clone());
                who
            }
        };
        if who.contains(&due.channel.id) && !got.contains(&one.story) {
            got.push(one.story);
        }
    }
    got.sort_unstable();
    Ok(retold)
}

/// What a channel would get, were the given subscriptions served.
pub fn coming(
    db: &ReadTx<'_>,
    context: ComposeContext<'_>,
    due: &DueChannel,
    turn: &[&SubscriptionRow],
    occasion: Occasion,
) -> Result<(RoundupKey, NewItems), StoreError> {
    let up_to = db.newest_push()?;
    let mut need = need(context, due, turn, occasion);
    let retold = needed_once(db, &mut need, due, up_to, &mut Shared::default())?;
    let new = new_items(db, &need, up_to, &need.untold(&retold))?;
    Ok((need, new))
}

/// What is new for a need.
fn new_items(
    db: &ReadTx<'_>,
    need: &RoundupKey,
    up_to: i64,
    untold: &Untold,
) -> Result<NewItems, StoreError> {
    let limit = usize::try_from(need.cap).unwrap_or(usize::MAX);
    let mut new = db.new_items(need.scope(up_to, untold), limit)?;
    if need.got.is_none() {
        // Each speaks for itself.
        new.also.clear();
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_may_have_changed_between_two_transactions_is_asked_anew() {
        let stand = Stand {
            push_order: 7,
            delivery: 3,
        };
        let knowing = || {
            let mut shared = Shared::default();
            shared.go_on(stand);
            shared.got.insert(1, Arc::default());
            shared.retold.insert((Vec::new(), None, 7), Arc::new([]));
            shared
        };
        let mut same = knowing();
        same.go_on(stand);
        assert_eq!((same.got.len(), same.retold.len()), (1, 1));
        for moved in [
            Stand {
                push_order: 8,
                ..stand
            },
            Stand {
                delivery: 4,
                ..stand
            },
        ] {
            let mut other = knowing();
            other.go_on(moved);
            assert_eq!((other.got.len(), other.retold.len()), (0, 0), "{moved:?}");
        }
    }
}
