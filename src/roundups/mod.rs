//! Roundups: who is due, what is new for them, and its parts put into the outbox. Cursors, slots and parts
//! are written in one transaction, so a tick that is repeated enqueues nothing.
//!
//! Channels with equal needs share one composed post: it is composed, rendered and stored once in a tick.

mod compose;
mod scheduler;
pub mod slots;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

pub use compose::{Occasion, compose};
pub use scheduler::{Scheduler, Ticked, tick};

use tidings_core::channel::{DEFAULT_CAP, Defaults, Filter, Style, SubscriptionRow, Target};
use tidings_core::ids::{ChannelId, ItemId, SectionId};
use tidings_core::language::{Locale, Texts};
use tidings_core::post::{DeliveryOptions, Post};
use tidings_core::schedule::{Cadence, Zone};
use tidings_core::section::Catalogue;
use tidings_store::{DueChannel, NewItems, Reader, StoreError, Window, Writer};

/// How many messages a roundup takes at most (design.md: "a roundup at most 5"): more isn't news but a flood, and a channel
/// that may get only some in a minute has room for its people besides.
const MOST_MESSAGES: usize = 5;

/// A slot that is served later than this is a catch-up, and says so.
const LATE: jiff::SignedDuration = jiff::SignedDuration::from_mins(30);

/// Everything that decides what a roundup looks like: channels with equal needs get the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoundupKey {
    windows: Vec<Window>,
    /// For a channel with watches: those that aren't served now.
    watching: Option<Vec<Window>>,
    exceptions_of: Option<ChannelId>,
    zone: String,
    locale: Locale,
    style: Style,
    cap: u32,
    options: DeliveryOptions,
    occasion: Occasion,
}

impl RoundupKey {
    /// What is followed, and from where on.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The same without watches that found nothing: mostly it is what channels without watches need.
    fn without_idle_watches(
        mut self,
        db: &Reader<'_>,
        up_to: i64,
    ) -> Result<RoundupKey, StoreError> {
        let Some(waiting) = self.watching.take() else {
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
            self.watching = Some(waiting);
        }
        Ok(self)
    }
}

/// Turns a post into a platform's wire texts, one for each part.
pub type Render<'r> = &'r (dyn Fn(&Post, &DeliveryOptions) -> Vec<String> + Sync);

/// What everybody's roundups are made with.
#[derive(Clone, Copy)]
pub struct ComposeContext<'p> {
    /// The sections, in the order in which a roundup shows them.
    pub catalogue: &'p Catalogue,
    /// What holds for channels that set nothing.
    pub defaults: &'p Defaults,
    /// The texts.
    pub texts: &'p Texts,
}

/// What was composed in this tick, and worked out about cadences.
#[derive(Clone, Default)]
struct Shared {
    posts: HashMap<(RoundupKey, i64), Composed>,
    next: HashMap<(Cadence, String), Option<Timestamp>>,
    first_seen: HashMap<(Target, i64, Option<Filter>), Option<Timestamp>>,
}

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
    db: &Writer<'_>,
    context: ComposeContext<'_>,
    due: &DueChannel,
    now: Timestamp,
    up_to: i64,
    shared: &mut Shared,
    render: Render<'_>,
) -> Result<bool, StoreError> {
    if due.channel.pause.is_some() {
        return Ok(false);
    }
    let zone = due.channel.settings.zone(context.defaults);
    let mut slot: Option<Timestamp> = None;
    let mut turn = Vec::new();
    for row in &due.subscriptions {
        let its_slot = row.next_at.filter(|at| *at <= now);
        if let Some(at) = its_slot {
            slot = Some(slot.map_or(at, |earlier| earlier.min(at)));
        }
        if its_slot.is_some() || row.cadence.is_instant() {
            turn.push(row);
        }
    }
    for row in &turn {
        let next = if row.cadence.is_instant() {
            None
        } else {
            let key = (row.cadence.clone(), zone.name().to_owned());
            *shared
                .next
                .entry(key)
                .or_insert_with(|| row.cadence.next_after(now, zone.tz()))
        };
        db.advance(due.channel.id, row.target, up_to, next)?;
    }
    let next = next_slot(&due.subscriptions, &turn, shared, zone);
    let occasion = match slot {
        Some(slot) => Occasion::Scheduled {
            late: now.duration_since(slot) > LATE,
            next,
        },
        None => Occasion::Instant {
            late: has_waited(db, shared, &turn, up_to, now)?,
        },
    };
    let posted = post(
        db, context, due, &turn, occasion, now, up_to, shared, render,
    )?;
    db.end_turn(due, posted.is_posted.then_some(now))?;
    Ok(posted.is_posted)
}

/// Whether what is new for some subscriptions came so long ago that it would have been sent, had nothing kept it.
fn has_waited(
    db: &Reader<'_>,
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

/// The earliest slot of a channel once its turn is over.
fn next_slot(
    rows: &[SubscriptionRow],
    turn: &[&SubscriptionRow],
    shared: &Shared,
    zone: &Zone,
) -> Option<Timestamp> {
    rows.iter()
        .filter_map(|row| {
            if turn.iter().any(|served| served.target == row.target) {
                let key = (row.cadence.clone(), zone.name().to_owned());
                shared.next.get(&key).copied().flatten()
            } else {
                row.next_at
            }
        })
        .min()
}

/// Posts the next roundup of a channel now, whatever its schedules say; they go on without repeating it.
///
/// # Errors
/// [`StoreError`].
pub fn post_now(
    db: &Writer<'_>,
    context: ComposeContext<'_>,
    due: &DueChannel,
    now: Timestamp,
    render: Render<'_>,
) -> Result<Posted, StoreError> {
    let up_to = db.newest_push()?;
    let rows: Vec<&SubscriptionRow> = due.subscriptions.iter().collect();
    for row in &rows {
        db.advance(due.channel.id, row.target, up_to, row.next_at)?;
    }
    let occasion = Occasion::Asked {
        next: rows.iter().filter_map(|row| row.next_at).min(),
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
        render,
    )?;
    db.end_turn(due, posted.is_posted.then_some(now))?;
    Ok(posted)
}

#[expect(
    clippy::too_many_arguments,
    reason = "what one roundup is made of; a struct for a single call would only rename them"
)]
fn post(
    db: &Writer<'_>,
    context: ComposeContext<'_>,
    due: &DueChannel,
    turn: &[&SubscriptionRow],
    occasion: Occasion,
    now: Timestamp,
    up_to: i64,
    shared: &mut Shared,
    render: Render<'_>,
) -> Result<Posted, StoreError> {
    let _span = tracing::info_span!("roundup", channel = %due.channel.key).entered();
    let need = need(context, due, turn, occasion).without_idle_watches(db, up_to)?;
    let key = (need, up_to);
    let composed = match shared.posts.get(&key) {
        Some(composed) => composed.clone(),
        None => {
            let new = new_items(db, &key.0, up_to)?;
            let mut composed = Composed {
                parts: Vec::new(),
                left_out: new.left_out,
                got: Arc::new(new.got.clone()),
            };
            if !new.counts.is_empty() {
                for wire in wires(context, &key.0, &new, now, render) {
                    composed.parts.push(db.add_part(&wire)?);
                }
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

/// A roundup as a platform's wire texts, no more than [`MOST_MESSAGES`].
fn wires(
    context: ComposeContext<'_>,
    need: &RoundupKey,
    new: &NewItems,
    now: Timestamp,
    render: Render<'_>,
) -> Vec<String> {
    let say = context.texts.localizer(need.locale);
    let messages = |post: &Post| render(post, &need.options).len();
    let rest = |count: usize, slug: Option<&str>| {
        let values = [
            ("count", count.into()),
            ("slug", slug.unwrap_or_default().into()),
        ];
        say.line("roundup-more", &values)
    };
    let post = compose(context, need, new, now).bounded(MOST_MESSAGES, &messages, &rest);
    render(&post, &need.options)
}

/// What a channel needs when the given subscriptions are served.
pub fn need(
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
        watching: all_watches().next().map(|_| waiting().collect()),
        exceptions_of: due.has_exceptions.then_some(due.channel.id),
        zone: settings.zone(context.defaults).name().to_owned(),
        locale: settings.language(context.defaults),
        style: settings.style.unwrap_or_default(),
        cap: settings.cap.unwrap_or(DEFAULT_CAP),
        options: settings.delivery_options(),
        occasion,
    }
}

/// What is new for a need.
///
/// # Errors
/// [`StoreError`].
pub fn new_items(db: &Reader<'_>, need: &RoundupKey, up_to: i64) -> Result<NewItems, StoreError> {
    let limit = usize::try_from(need.cap).unwrap_or(usize::MAX);
    let watching = need.watching.as_deref();
    db.new_items(&need.windows, watching, up_to, limit, need.exceptions_of)
}
