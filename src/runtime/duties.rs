//! What this process does of all that is to be done for a store. With a file that is everything. A store on a server may be shared:
//! then each duty has one holder at a time, and whoever doesn't hold it stands by.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::watch::{self, Receiver, Sender};
use tokio::task::{JoinHandle, JoinSet};

use super::App;
use crate::roundups::Scheduler;
use crate::task::{Clock, Term, since_boot, sleep, stopped, stopper};
use tidings_store::{
    CONNECTION, Fence, Held, IN_DOUBT, Process, Renewed, Store, StoreError, connection_of,
};

/// Into how many parts a lease is divided: it is renewed once in each, and the last one isn't used.
const PARTS: u32 = 4;

/// How often it is looked at least whether a duty is nobody's: whoever stops as planned is replaced within a second.
const OFTEN: Duration = Duration::from_millis(400);

/// Looking after everything.
pub(super) const KEEP: &str = "keep";

/// The longest sleep of whoever waits for a term's end: it may end early.
const LOOK: Duration = Duration::from_millis(250);

/// A chat platform's: listening, sending, roundups.
pub(super) fn chat(platform: &str) -> String {
    format!("{CHAT}{platform}")
}

/// A source's: loading what is new.
pub(super) fn fetch(source: &str) -> String {
    format!("{FETCH}{source}")
}

/// One of the connections by which a platform tells its events.
pub(super) fn gateway(platform: &str, index: u32, total: u32) -> String {
    format!("{CONNECTION}{platform}:{index}/{total}")
}

/// Whether two duties are connections of one platform, but of divisions of different sizes, which are never there together.
fn exclude(duty: &str, other: &str) -> bool {
    let (Some((platform, total)), Some(other)) = (connection_of(duty), connection_of(other)) else {
        return false;
    };
    platform == other.0 && total != other.1
}

const CHAT: &str = "chat:";
const FETCH: &str = "fetch:";

/// A duty in our hands.
#[derive(Clone)]
pub(super) struct Holding {
    /// How long it is.
    pub(super) term: Term,
    /// The store, for what is written as its holder.
    pub(super) store: Arc<Store>,
    fence: Option<Fence>,
}

/// The duties of a process.
pub(super) struct Duties {
    store: Arc<Store>,
    clock: Arc<Clock>,
    lease: Duration,
    process: Process,
    /// What this process could do, and what it holds of that.
    wanted: Mutex<BTreeMap<String, Sender<Option<Holding>>>>,
    /// What nobody holds, and this process is to take.
    free: Sender<Vec<String>>,
    /// Whether another process has begun since with another configuration.
    is_behind: Mutex<bool>,
    /// Set once a newer program has changed the store so that this one can't go on.
    outdated: Sender<bool>,
    /// Whether the machine's clock is far from the server's.
    is_off: Mutex<bool>,
    /// Whether leases couldn't be renewed when it was tried last.
    is_cut_off: Mutex<bool>,
}

impl Duties {
    /// Those of an application's process.
    pub(super) fn of(app: &App) -> Duties {
        let settings = app.settings();
        Duties::new(
            app.store.clone(),
            app.clock.clone(),
            settings.store.lease,
            settings.fingerprint,
        )
    }

    /// Those of a process that began at a moment and is configured as `settings`, a hash, says.
    fn new(store: Arc<Store>, clock: Arc<Clock>, lease: Duration, settings: i64) -> Duties {
        // With a file nobody asks.
        let started = if store.is_shared() {
            clock.now()
        } else {
            Timestamp::UNIX_EPOCH
        };
        let host = rustix::system::uname();
        let host = host.nodename().to_string_lossy();
        let name = format!("{host}:{}:{}", std::process::id(), started.as_second());
        Duties {
            store,
            clock,
            lease,
            process: Process {
                name,
                started,
                settings,
            },
            wanted: Mutex::default(),
            free: Sender::default(),
            is_behind: Mutex::default(),
            outdated: Sender::new(false),
            is_off: Mutex::default(),
            is_cut_off: Mutex::default(),
        }
    }

    /// Does something whenever a duty is ours, until told to stop, or until that ends by itself: then returns what it ended
    /// with. It is told to stop as soon as the duty isn't ours any more, and ends soon after.
    pub(super) async fn while_held<T, F>(
        &self,
        duty: String,
        mut stop: Receiver<bool>,
        work: impl Fn(Holding, Receiver<bool>) -> F,
    ) -> Option<T>
    where
        F: Future<Output = T>,
    {
        if !self.store.is_shared() {
            let holding = Holding {
                term: Term::endless(),
                store: self.store.clone(),
                fence: None,
            };
            return Some(work(holding, stop).await);
        }
        let mut held = self.want(&duty);
        // However this ends, nobody is to hold what nobody does.
        let _wanting = Wanting {
            duties: self,
            duty: &duty,
        };
        loop {
            let holding = tokio::select! {
                holding = ours(&mut held) => holding,
                () = stopped(&mut stop) => break,
            };
            if holding.term.is_over() {
                // It took too long until we heard that it is ours.
                self.give_up(&duty, &holding).await;
                continue;
            }
            tracing::info!(duty, "taken over");
            let (over, told) = stopper();
            let working = work(holding.clone(), told);
            tokio::pin!(working);
            let done = tokio::select! {
                done = &mut working => Some(done),
                () = ended(&holding.term) => None,
                () = stopped(&mut stop) => None,
            };
            let is_lost = done.is_none() && holding.term.is_over();
            let done = match done {
                Some(done) => Some(done),
                None => {
                    over.send_replace(true);
                    // Of what it was told to end with, nobody asks.
                    working.await;
                    None
                }
            };
            // Where the store can't be reached, that is said once for all of them.
            if is_lost && !*self.is_cut_off.lock() {
                tracing::warn!(duty, "the lease is over: whoever can does it from now on");
            }
            let is_last = done.is_some() || *stop.borrow();
            if is_last {
                // First, or it is taken once more in between.
                self.wanted.lock().remove(&duty);
            }
            self.give_up(&duty, &holding).await;
            if is_last {
                return done;
            }
        }
        None
    }

    fn want(&self, duty: &str) -> Receiver<Option<Holding>> {
        let mut wanted = self.wanted.lock();
        let sender = wanted
            .entry(duty.to_owned())
            .or_insert_with(|| watch::Sender::new(None));
        sender.subscribe()
    }

    /// Lays a duty down.
    async fn give_up(&self, duty: &str, holding: &Holding) {
        holding.term.end();
        if let Some(sender) = self.wanted.lock().get(duty) {
            sender.send_replace(None);
        }
        let Some(fence) = &holding.fence else { return };
        // A store that can't be reached would only be waited for, by one duty after the other: it runs out by itself.
        if *self.is_cut_off.lock() {
            return;
        }
        if let Err(error) = self.store.write(|db| db.lay_down(fence)).await {
            // It runs out by itself.
            tracing::warn!(duty, %error, "a duty can't be laid down");
        }
    }

    /// Renews what is held, and takes what nobody holds, until told to stop.
    pub(super) async fn keep(self: Arc<Self>, mut stop: Receiver<bool>) {
        if !self.store.is_shared() {
            return stopped(&mut stop).await;
        }
        // Each in a task of its own: whoever takes may have to wait for others who write, and renewals must not.
        let mut loops = JoinSet::new();
        loops.spawn({
            let (duties, stop) = (self.clone(), stop.clone());
            async move { duties.take_free(stop).await }
        });
        loops.spawn(async move { self.renew(stop).await });
        while let Some(ended) = loops.join_next().await {
            if let Err(broken) = ended {
                // One is of no use without the other: whoever supervises them begins both anew.
                resume_unwind(broken.into_panic());
            }
        }
    }

    /// Renews what is held, and finds what is free, until told to stop.
    async fn renew(&self, mut stop: Receiver<bool>) {
        let mut waits_for: BTreeMap<String, u32> = BTreeMap::new();
        loop {
            let begun = since_boot();
            let turned = self.turn(begun, &mut waits_for).await;
            let is_cut_off =
                matches!(&turned, Err(error) if !matches!(error, StoreError::Newer { .. }));
            let was_cut_off = std::mem::replace(&mut *self.is_cut_off.lock(), is_cut_off);
            match turned {
                Err(error @ StoreError::Newer { .. }) => {
                    tracing::error!(%error, "the store has changed");
                    self.outdated.send_replace(true);
                    break;
                }
                // Said once: it is tried several times a second.
                Err(error) if !was_cut_off => {
                    tracing::warn!(%error, "leases can't be renewed, so what this process does rests soon; it is tried again");
                }
                Ok(()) if was_cut_off => tracing::info!("leases can be renewed again"),
                Ok(()) | Err(_) => {}
            }
            tokio::select! {
                () = sleep((self.lease / PARTS / 2).min(OFTEN)) => {}
                () = stopped(&mut stop) => break,
            }
        }
    }

    /// Resolves once a newer program has changed the store so that this one can't go on.
    pub(super) async fn outdated(&self) {
        let mut outdated = self.outdated.subscribe();
        // As long as we are there, so is who would tell.
        let _ = outdated.wait_for(|outdated| *outdated).await;
    }

    /// Says that this process is gone, once nothing is in its hands any more.
    pub(super) async fn leave(&self) {
        if self.store.is_shared() && !*self.is_cut_off.lock() {
            // It counts as gone by itself after a while.
            let _ = self
                .store
                .write(|db| db.end_process(&self.process.name))
                .await;
        }
    }

    /// When this process began.
    pub(super) fn began(&self) -> Timestamp {
        self.process.started
    }

    /// Since when a duty has its holder, whoever that is; `None` while it has none.
    pub(super) async fn held_since(&self, duty: &str) -> Result<Option<Timestamp>, StoreError> {
        let duties = self.store.read(|db| db.duties()).await?;
        let found = duties.into_iter().find(|held| held.duty == duty);
        Ok(found
            .filter(|held| held.holder.is_some())
            .map(|held| held.since))
    }

    async fn turn(
        &self,
        begun: Duration,
        waits_for: &mut BTreeMap<String, u32>,
    ) -> Result<(), StoreError> {
        let held: Vec<Fence> = {
            let wanted = self.wanted.lock();
            let in_hand = |held: &Sender<Option<Holding>>| {
                let held = held.borrow();
                let held = held.as_ref().filter(|held| !held.term.is_over());
                held.and_then(|held| held.fence.clone())
            };
            wanted.values().filter_map(in_hand).collect()
        };
        let renewed = self.store.renew(&self.process, &held, self.lease).await?;
        let taken = since_boot().saturating_sub(begun);
        self.clock.is_of_server(renewed.now, taken);
        let off = self.clock.differs(renewed.now);
        if std::mem::replace(&mut *self.is_off.lock(), off.is_some()) != off.is_some()
            && let Some(off) = off
        {
            tracing::warn!(
                seconds = off.as_secs_f64(),
                "this machine's clock differs from the server's, by which Tidings goes; set it by the network (NTP)"
            );
        }
        // Reckoned from before it was asked, and without the last part.
        let until = begun + self.lease * (PARTS - 1) / PARTS;
        let newest = renewed.processes.first();
        let is_behind = newest.is_some_and(|newest| newest.settings != self.process.settings);
        if std::mem::replace(&mut *self.is_behind.lock(), is_behind) != is_behind && is_behind {
            tracing::warn!(
                "another process began with another configuration: it loads sources and looks after the store, this one doesn't"
            );
        }
        let is_chat = |duty: &str| duty.starts_with(CHAT) || duty.starts_with(CONNECTION);
        let is_open = |duty: &str| !is_behind || is_chat(duty);
        let wanted: Vec<(String, Option<Holding>)> = {
            let wanted = self.wanted.lock();
            let held = |(duty, held): (&String, &Sender<Option<Holding>>)| {
                (duty.clone(), held.borrow().clone())
            };
            wanted.iter().map(held).collect()
        };
        let mut free = Vec::new();
        let mut mine = 0;
        for (duty, holding) in &wanted {
            let Some(holding) = holding else {
                let holder = renewed.duties.iter().find(|held| held.duty == *duty);
                if is_open(duty) && holder.is_none_or(|held| held.holder.is_none()) {
                    free.push(duty.clone());
                }
                continue;
            };
            if !held.iter().any(|held| holding.fence.as_ref() == Some(held)) {
                // It was taken since, and what the store said is older than that; or it is being let go of.
                mine += 1;
            } else if is_held(&renewed, holding) && is_open(duty) {
                holding.term.extend(until);
                mine += 1;
            } else {
                holding.term.end();
            }
        }
        // Everybody takes a fair share at once, and what nobody has taken meanwhile in the next turn.
        let share = wanted.len().div_ceil(renewed.processes.len().max(1));
        waits_for.retain(|duty, _| free.contains(duty));
        free.retain(|duty| {
            let turns = waits_for.entry(duty.clone()).or_default();
            *turns += 1;
            let is_for_us = mine < share || *turns > 2;
            mine += usize::from(is_for_us);
            is_for_us
        });
        self.free.send_replace(free);
        Ok(())
    }

    /// Takes what was found to be nobody's, until told to stop.
    async fn take_free(&self, mut stop: Receiver<bool>) {
        let mut found = self.free.subscribe();
        let mut is_failing = false;
        loop {
            tokio::select! {
                _ = found.changed() => {}
                () = stopped(&mut stop) => break,
            }
            let free = found.borrow_and_update().clone();
            for duty in free {
                match self.take(&duty).await {
                    Ok(()) => is_failing = false,
                    Err(error) => {
                        if !is_failing {
                            tracing::warn!(duty, %error, "a duty can't be taken; it is tried again");
                        }
                        is_failing = true;
                        // What is free may be different by the time that is over.
                        break;
                    }
                }
            }
        }
    }

    /// Takes a duty, if nobody has meanwhile.
    async fn take(&self, duty: &str) -> Result<(), StoreError> {
        let taken = self.store.write(|db| {
            // Not before: others may have written for long.
            let (begun, now) = (since_boot(), self.clock.now());
            let is_in_the_way = |held: &Held| held.holder.is_some() && exclude(duty, &held.duty);
            if duty.starts_with(CONNECTION) && db.duties()?.iter().any(is_in_the_way) {
                return Ok(None);
            }
            let taken = db.take_duty(duty, &self.process.name, self.lease, now)?;
            if let (Some((_, is_laid_down)), Some(platform)) = (&taken, duty.strip_prefix(CHAT)) {
                let doubt = if *is_laid_down {
                    Duration::ZERO
                } else {
                    IN_DOUBT
                };
                db.take_over(platform, now.checked_add(doubt).unwrap_or(now))?;
            }
            Ok::<_, StoreError>(taken.map(|(fence, _)| (fence, begun)))
        });
        let Some((fence, begun)) = taken.await? else {
            return Ok(());
        };
        let holding = Holding {
            term: Term::until(begun + self.lease * (PARTS - 1) / PARTS),
            store: Arc::new(self.store.fenced(fence.clone())),
            fence: Some(fence),
        };
        let sender = self.wanted.lock().get(duty).cloned();
        match sender {
            Some(sender) => {
                sender.send_replace(Some(holding));
            }
            // It was for somebody who has ended meanwhile.
            None => self.give_up(duty, &holding).await,
        }
        Ok(())
    }
}

/// The duty to deliver for one platform, in a process that has no other.
pub struct Delivering {
    duties: Arc<Duties>,
    holding: Option<Holding>,
    scheduler: Arc<Scheduler>,
    stopper: Sender<bool>,
    keeping: JoinHandle<()>,
}

impl Delivering {
    /// Takes it, if nobody has it, and renews it from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(app: &App, platform: &str) -> Result<Delivering, StoreError> {
        let duties = Arc::new(Duties::of(app));
        let duty = chat(platform);
        let held = duties.want(&duty);
        if app.store.is_shared() {
            duties.take(&duty).await?;
        }
        let holding = held.borrow().clone();
        let store = holding.as_ref().map_or(&app.store, |held| &held.store);
        let scheduler = Arc::new(app.scheduler.writing_through(store.clone()));
        let (stopper, stop) = stopper();
        let keeping = {
            let duties = duties.clone();
            tokio::spawn(async move { duties.keep(stop).await })
        };
        Ok(Delivering {
            duties,
            holding,
            scheduler,
            stopper,
            keeping,
        })
    }

    /// Returns true if it is ours; on a store that isn't shared it always is.
    pub fn is_ours(&self) -> bool {
        let is_held = |holding: &Holding| !holding.term.is_over();
        !self.duties.store.is_shared() || self.holding.as_ref().is_some_and(is_held)
    }

    /// The store, for what is written by whoever delivers.
    pub fn store(&self) -> &Arc<Store> {
        let held = self.holding.as_ref().map(|holding| &holding.store);
        held.unwrap_or(&self.duties.store)
    }

    /// What makes roundups for whoever delivers.
    pub fn scheduler(&self) -> &Arc<Scheduler> {
        &self.scheduler
    }

    /// How long it is ours.
    pub fn term(&self) -> Term {
        let held = self.holding.as_ref().map(|holding| holding.term.clone());
        held.unwrap_or_else(Term::endless)
    }

    /// Lays it down.
    pub async fn end(self) {
        self.stopper.send_replace(true);
        let _ = self.keeping.await;
        if let Some((holding, fence)) = self
            .holding
            .as_ref()
            .and_then(|h| Some((h, h.fence.as_ref()?)))
        {
            self.duties.give_up(&fence.duty, holding).await;
        }
        self.duties.leave().await;
    }
}

/// Somebody who would do something whenever it is theirs.
struct Wanting<'d> {
    duties: &'d Duties,
    duty: &'d str,
}

impl Drop for Wanting<'_> {
    fn drop(&mut self) {
        let sender = self.duties.wanted.lock().remove(self.duty);
        if let Some(holding) = sender.and_then(|sender| sender.borrow().clone()) {
            // It broke. What it was doing may be under way still, so the lease runs out by itself.
            holding.term.end();
        }
    }
}

/// Whether the store says that what we hold is still ours.
fn is_held(renewed: &Renewed, holding: &Holding) -> bool {
    holding.fence.as_ref().is_some_and(|fence| {
        let is_it = |held: &&Held| held.duty == fence.duty;
        renewed.duties.iter().find(is_it).is_some_and(|held| {
            held.epoch == fence.epoch && held.holder.as_deref() == Some(&*fence.holder)
        })
    })
}

/// Resolves as soon as a duty is ours.
async fn ours(held: &mut Receiver<Option<Holding>>) -> Holding {
    loop {
        if let Some(holding) = held.borrow_and_update().clone() {
            return holding;
        }
        if held.changed().await.is_err() {
            // Nobody is left to give it to us.
            std::future::pending::<()>().await;
        }
    }
}

/// Resolves as soon as a term is over.
async fn ended(term: &Term) {
    while !term.is_over() {
        sleep(term.left().min(LOOK)).await;
    }
}
