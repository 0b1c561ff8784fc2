//! The loop that makes roundups when they are due, and sets slots right when the clock was wrong.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch::Receiver;

use super::{ComposeContext, Ticked, slots, tick};
use crate::task::{AFTER_FAILURE, Clock, HEARTBEAT, Wake, sleep, stopped, until};
use tidings_core::channel::Defaults;
use tidings_core::delivery::{LONGEST_PAUSE, LONGEST_PROBE};
use tidings_core::language::Texts;
use tidings_core::platform::ChatPlatform;
use tidings_store::{Catalogues, Store, StoreError};

/// How far a clock may be set back that was right.
const LITTLE: SignedDuration = SignedDuration::from_mins(1);

/// The longest wait that a platform may ask for, with some room: nothing waits longer in the ledger.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(25);

/// What makes roundups from a store.
pub struct Scheduler {
    store: Arc<Store>,
    catalogues: Arc<Catalogues>,
    defaults: Defaults,
    texts: Arc<Texts>,
    clock: Arc<Clock>,
    wake: Arc<Wake>,
}

impl Scheduler {
    /// Makes roundups from a store, for channels that set nothing as `defaults` says.
    pub fn new(
        store: Arc<Store>,
        catalogues: Arc<Catalogues>,
        defaults: Defaults,
        texts: Arc<Texts>,
        clock: Arc<Clock>,
        wake: Arc<Wake>,
    ) -> Scheduler {
        Scheduler {
            store,
            catalogues,
            defaults,
            texts,
            clock,
            wake,
        }
    }

    /// Makes the roundups that are due on a platform.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tick(&self, platform: &dyn ChatPlatform) -> Result<Ticked, StoreError> {
        let catalogue = self.catalogues.current()?;
        let context = ComposeContext {
            catalogue: &catalogue,
            defaults: &self.defaults,
            texts: &self.texts,
        };
        let now = self.clock.now();
        tick(
            &self.store,
            context,
            platform.name(),
            now,
            &|post, options| platform.render(post, options),
        )
    }

    /// Makes a platform's roundups until told to stop.
    pub async fn run(&self, platform: Arc<dyn ChatPlatform>, mut stop: Receiver<bool>) {
        let mut version = None;
        let mut woken = self.wake.scheduled();
        loop {
            let worked = tokio::task::block_in_place(|| self.serve(&*platform, &mut version));
            let pause = match worked {
                Ok(next) => next.map_or(HEARTBEAT, |next| {
                    until(self.clock.now(), next).min(HEARTBEAT)
                }),
                Err(error) => {
                    tracing::error!(%error, "making roundups failed; it is tried again");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                // New items may be for somebody who follows them instantly.
                _ = woken.changed() => version = None,
                () = stopped(&mut stop) => return,
            }
        }
    }

    /// One turn: if something is due, or somebody wrote. Returns when the next channel is due.
    fn serve(
        &self,
        platform: &dyn ChatPlatform,
        version: &mut Option<i64>,
    ) -> Result<Option<Timestamp>, StoreError> {
        if self.was_set_back() {
            self.set_right()?;
        }
        let next_due = || self.store.read(|db| db.next_due(platform.name()));
        let seen = self.store.data_version()?;
        if *version != Some(seen) || next_due()?.is_some_and(|due| due <= self.clock.now()) {
            let ticked = self.tick(platform)?;
            *version = Some(self.store.data_version()?);
            if ticked.roundups > 0 || ticked.resumed > 0 {
                self.wake.outbox();
            }
        }
        next_due()
    }

    /// Whether the clock was set back so far that it was wrong before, while this process ran.
    fn was_set_back(&self) -> bool {
        let now = self.clock.now();
        slots::is_plausible(now) && self.clock.set_back(now) > LITTLE
    }

    /// At start, and when the clock was set: what was planned by a clock that was wrong is planned anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_right(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        if !slots::is_plausible(now) {
            // Nothing is measured by such a clock; it will be set right.
            return Ok(());
        }
        let set_back = self.clock.set_back(now);
        self.clock.is_right(now);
        let noted = slots::note_clock(&self.store, now)?;
        let was_ahead = noted || set_back > LITTLE;
        let went_back = noted || set_back > slots::WRONG;
        let wait = if was_ahead {
            LONGEST_PAUSE
        } else {
            LONGEST_WAIT
        };
        let changed = self.store.write(|db| {
            if was_ahead {
                db.replan_past(now)?;
            }
            db.replan_waits(now, wait, LONGEST_PROBE)
        })?;
        if changed > 0 {
            tracing::warn!(changed, "what waited by a clock that was ahead goes on");
            self.wake.outbox();
        }
        let moved = slots::repair(&self.store, &self.defaults, now, went_back)?;
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
