//! The loop that makes roundups when they are due, and sets slots right when the clock was wrong.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch::Receiver;

use super::missed::{BETWEEN_LOOKS, Missed, Spring, missed};
use super::{ComposeContext, Shared, Stand, corrections, reviews, serve, slots, suggestions};
use crate::task::{AFTER_FAILURE, Clock, Wake, heartbeat, sleep, stopped, until};
use tidings_core::bounds::CORRECTED;
use tidings_core::channel::Defaults;
use tidings_core::delivery::{LONGEST_PAUSE, LONGEST_PROBE};
use tidings_core::ids::ChannelKey;
use tidings_core::language::Texts;
use tidings_core::pages::Pages;
use tidings_core::platform::ChatPlatform;
use tidings_core::section::Catalogue;
use tidings_store::{Catalogues, ReadTx, Store, StoreError};

/// How far a clock may be set back that was right.
const LITTLE: SignedDuration = SignedDuration::from_mins(1);

/// The longest wait that a platform may ask for, with some room: nothing waits longer in the ledger.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(25);

/// Channels served in one transaction: enough that the disk is asked seldom, few enough that nobody else
/// who writes waits long.
const CHANNELS_A_TRANSACTION: usize = 2_000;

/// Stretches of roundups that are corrected in one transaction.
const STRETCHES_A_TRANSACTION: usize = 50;

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Channels whose turn it was.
    pub channels: usize,
    /// Those of them that got a roundup.
    pub roundups: usize,
    /// Those whose pause was over.
    pub resumed: usize,
    /// Stretches of roundups that say something else by now.
    pub corrected: usize,
    /// Suggestions that editors were told of.
    pub suggestions: usize,
}

/// Has what waited for its editors long enough go out.
///
/// # Errors
/// [`StoreError`].
pub async fn release(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let next = store.read(|db| db.next_release()).await?;
    if next.is_some_and(|at| at <= now) {
        store.write(|db| db.release_due(now)).await?;
    }
    Ok(())
}

/// What makes roundups from a store.
#[derive(Clone)]
pub struct Scheduler {
    store: Arc<Store>,
    catalogues: Arc<Catalogues>,
    defaults: Defaults,
    labels: BTreeMap<String, String>,
    editors: Vec<ChannelKey>,
    pages: Option<Pages>,
    springs: Vec<Spring>,
    texts: Arc<Texts>,
    clock: Arc<Clock>,
    wake: Arc<Wake>,
}

/// What the turns of a platform leave for the next one.
#[derive(Debug, Default)]
pub struct Turns {
    /// What the store held when it was looked at last.
    version: Option<i64>,
    missed: Missed,
}

impl Scheduler {
    /// Makes roundups from a store, for channels that set nothing as `defaults` says. `editors` are told of what waits for
    /// them.
    #[expect(
        clippy::too_many_arguments,
        reason = "what it works with; a struct for a single call would only rename them"
    )]
    pub fn new(
        store: Arc<Store>,
        catalogues: Arc<Catalogues>,
        defaults: Defaults,
        labels: BTreeMap<String, String>,
        editors: Vec<ChannelKey>,
        texts: Arc<Texts>,
        clock: Arc<Clock>,
        wake: Arc<Wake>,
    ) -> Scheduler {
        Scheduler {
            store,
            catalogues,
            defaults,
            labels,
            editors,
            pages: None,
            springs: Vec::new(),
            texts,
            clock,
            wake,
        }
    }

    /// The same, whose posts lead to the archive, if people can get there.
    #[must_use]
    pub fn leading_to(self, pages: Option<Pages>) -> Scheduler {
        Scheduler { pages, ..self }
    }

    /// The same, which lets roundups that were missed wait for these, where whoever loads them may be another process.
    #[must_use]
    pub fn waiting_for(self, springs: Vec<Spring>) -> Scheduler {
        Scheduler { springs, ..self }
    }

    /// The same, writing through another handle of the store.
    #[must_use]
    pub fn writing_through(&self, store: Arc<Store>) -> Scheduler {
        Scheduler {
            store,
            ..self.clone()
        }
    }

    /// Corrects what a platform's roundups show of items that have changed, and makes those that are due.
    ///
    /// # Errors
    /// [`StoreError`]; what was enqueued before it stays.
    pub async fn tick(&self, platform: &dyn ChatPlatform) -> Result<Ticked, StoreError> {
        self.tick_without(platform, None).await
    }

    fn context<'p>(&'p self, catalogue: &'p Catalogue) -> ComposeContext<'p> {
        ComposeContext {
            catalogue,
            defaults: &self.defaults,
            texts: &self.texts,
            labels: &self.labels,
            pages: self.pages.as_ref(),
        }
    }

    /// Corrects what a platform's roundups show of items that have changed, and makes those that are due, but for slots in
    /// `waiting`.
    async fn tick_without(
        &self,
        platform: &dyn ChatPlatform,
        waiting: Option<&Range<Timestamp>>,
    ) -> Result<Ticked, StoreError> {
        let (store, now, editors) = (&self.store, self.clock.now(), self.editors.as_slice());
        release(store, now).await?;
        let mut ticked = Ticked {
            corrected: self.correct(platform, now).await?,
            ..Ticked::default()
        };
        let name = platform.name();
        let is_here = |editor: &ChannelKey| editor.platform() == name;
        if editors.iter().any(is_here) {
            if !store.read(|db| db.untold_reviews(name)).await?.is_empty() {
                let told = store.write(|db| {
                    let catalogue = self.catalogues.within(db)?;
                    reviews::tell(db, self.context(&catalogue), platform, editors, now)
                });
                ticked.corrected += told.await?;
            }
            let untold = store.read(|db| db.untold_suggestions(name));
            if !untold.await?.is_empty() {
                let told = store.write(|db| {
                    let catalogue = self.catalogues.within(db)?;
                    suggestions::tell(db, self.context(&catalogue), platform, editors, now)
                });
                ticked.suggestions = told.await?;
            }
        }
        let mut shared = Shared::default();
        loop {
            let due = store.read(|db| {
                let mut batch = db.due_channels(name, now, CHANNELS_A_TRANSACTION, waiting)?;
                for id in db.instant_channels(name, now, CHANNELS_A_TRANSACTION, waiting)? {
                    if !batch.contains(&id) {
                        batch.push(id);
                    }
                }
                Ok::<_, StoreError>(batch)
            });
            let batch = due.await?;
            if batch.is_empty() {
                return Ok(ticked);
            }
            let served = store.write(|db| {
                let mut served = Ticked::default();
                // What waited for its turn to write may be of a section that wasn't there before.
                let catalogue = self.catalogues.within(db)?;
                let context = self.context(&catalogue);
                // What a transaction composed is there for the next one once it is kept.
                let mut shared = shared.clone();
                let stand = Stand::of(db)?;
                shared.go_on(stand);
                let up_to = stand.push_order;
                let channels = db.due_channels_of(&batch)?;
                db.in_bulk(|| {
                    for mut due in channels {
                        if due.channel.is_pause_over(now) {
                            db.end_pause(&due.channel, now)?;
                            served.resumed += 1;
                            match db.due_channel(due.channel.id)? {
                                Some(resumed) => due = resumed,
                                None => continue,
                            }
                        }
                        let posted = serve(db, context, &due, now, up_to, &mut shared, platform)?;
                        served.channels += 1;
                        served.roundups += usize::from(posted);
                    }
                    Ok::<_, StoreError>(())
                })?;
                shared.stand = Stand::of(db)?;
                Ok::<_, StoreError>((served, shared))
            });
            let (served, composed) = served.await?;
            shared = composed;
            ticked.channels += served.channels;
            ticked.roundups += served.roundups;
            ticked.resumed += served.resumed;
        }
    }

    /// Has a platform's roundups say anew what they show of items that have changed. Returns how many stretches were
    /// corrected.
    async fn correct(
        &self,
        platform: &dyn ChatPlatform,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut corrected = 0;
        loop {
            let name = platform.name();
            let stale = self
                .store
                .read(|db| db.stale(name, STRETCHES_A_TRANSACTION))
                .await?;
            if stale.is_empty() {
                return Ok(corrected);
            }
            let done = self.store.write(|db| {
                let catalogue = self.catalogues.within(db)?;
                let context = self.context(&catalogue);
                let (mut corrected, mut messages) = (0, 0);
                for stretch in &stale {
                    let edits = corrections::correct(db, context, platform, stretch, now)?;
                    corrected += usize::from(edits.is_some());
                    messages += edits.unwrap_or_default();
                    if messages > CORRECTED.most {
                        break;
                    }
                }
                Ok::<_, StoreError>(corrected)
            });
            corrected += done.await?;
        }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes a platform's roundups until told to stop, for whoever has waited with them since `begun`.
    pub async fn run(
        &self,
        platform: Arc<dyn ChatPlatform>,
        begun: Timestamp,
        mut stop: Receiver<bool>,
    ) {
        let mut turns = Turns {
            missed: Missed::since(begun),
            ..Turns::default()
        };
        let mut woken = self.wake.scheduled();
        let heartbeat = heartbeat(self.store.is_shared());
        loop {
            let worked = self.turn(&*platform, &mut turns).await;
            let pause = match worked {
                Ok(next) => next.map_or(heartbeat, |next| {
                    until(self.clock.now(), next).min(heartbeat)
                }),
                // Whoever has taken over makes them; we are told in a moment.
                Err(StoreError::Superseded(_)) => AFTER_FAILURE,
                Err(error) => {
                    tracing::error!(%error, "making roundups failed; it is tried again");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                // New items may be for somebody who follows them instantly.
                _ = woken.changed() => turns.version = None,
                () = stopped(&mut stop) => return,
            }
        }
    }

    /// One turn: if something is due, or somebody wrote. Returns when the next one is due.
    ///
    /// # Errors
    /// [`StoreError`]; what was enqueued before it stays.
    pub async fn turn(
        &self,
        platform: &dyn ChatPlatform,
        turns: &mut Turns,
    ) -> Result<Option<Timestamp>, StoreError> {
        if self.was_set_back() {
            self.repair_at_start().await?;
        }
        // What is held goes out to the second.
        let next_due = || {
            self.store.read(|db| {
                let next = [db.next_due(platform.name())?, db.next_release()?];
                Ok::<_, StoreError>(next.into_iter().flatten().min())
            })
        };
        let seen = self.store.data_version().await?;
        let now = self.clock.now();
        let is_due = next_due().await?.is_some_and(|due| due <= now);
        let mut waiting = None;
        if turns.version != Some(seen) || is_due {
            // Where nobody else loads, it was done at the start; but after that the machine may have slept.
            let is_shared = self.store.is_shared();
            let missed = |db: &ReadTx<'_>| {
                let springs = self.springs.iter();
                let springs = springs.filter(|spring| is_shared || spring.address.is_some());
                missed(db, platform.name(), springs, now)
            };
            let found = self.store.read(missed).await?;
            waiting = turns.missed.waiting(found, now);
            let ticked = self.tick_without(platform, waiting.as_ref()).await?;
            if waiting.is_none() {
                turns.missed = Missed::default();
            }
            turns.version = Some(self.store.data_version().await?);
            let told = ticked.corrected + ticked.suggestions;
            if ticked.roundups > 0 || ticked.resumed > 0 || told > 0 {
                self.wake.outbox();
            }
        }
        let next = next_due().await?;
        if waiting.is_some() {
            // Whoever loads doesn't tell.
            let soon = now.checked_add(BETWEEN_LOOKS).unwrap_or(now);
            return Ok(Some(next.map_or(soon, |next| next.max(soon))));
        }
        Ok(next)
    }

    /// Whether the clock was set back so far that it was wrong before, while this process ran.
    fn was_set_back(&self) -> bool {
        let now = self.clock.now();
        slots::is_plausible(now) && self.clock.set_back(now) > LITTLE
    }

    /// At start, and when the clock was set: what was planned by a clock that was wrong is planned anew.
    pub async fn repair_at_start(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        if !slots::is_plausible(now) {
            // Nothing is measured by such a clock; it will be set right.
            return Ok(());
        }
        let set_back = self.clock.set_back(now);
        self.clock.is_right(now);
        // The configuration named somebody when it was held back.
        if self.editors.is_empty() && self.store.read(|db| db.has_held_back()).await? {
            self.store.write(|db| db.release_unattended(now)).await?;
        }
        let noted = slots::note_clock(&self.store, now).await?;
        let was_ahead = noted || set_back > LITTLE;
        let went_back = noted || set_back > slots::WRONG;
        let wait = if was_ahead {
            LONGEST_PAUSE
        } else {
            LONGEST_WAIT
        };
        let replanned = self.store.write(|db| {
            if was_ahead {
                db.replan_past(now)?;
            }
            db.replan_waits(now, wait, LONGEST_PROBE)
        });
        let changed = replanned.await?;
        if changed > 0 {
            tracing::warn!(changed, "what waited by a clock that was ahead goes on");
            self.wake.outbox();
        }
        let moved = slots::repair(&self.store, &self.defaults, now, went_back).await?;
        if moved > 0 {
            tracing::warn!(
                subscriptions = moved,
                "the clock or a time zone has changed; the next roundups were reckoned anew"
            );
            self.wake.schedule();
        }
        Ok(())
    }
}
