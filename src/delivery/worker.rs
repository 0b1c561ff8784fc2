//! The worker: one platform's parts and answers, from the ledger to the platform and back.
//!
//! Each channel has at most one part in hand, so its parts stay in order, and a channel that has to wait
//! holds up nobody else. Outcomes are written down together with the next claims, in one transaction.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, timeout};
use tracing::Instrument;

use super::Transport;
use super::settling::{plainly_arrived, settle};
use super::work::{Unsent, Work};
use crate::metrics::Metrics;
use crate::task::Term;
use tidings_core::delivery::{SendError, Sent};
use tidings_core::ids::ChannelId;
use tidings_core::platform::Recut;
use tidings_store::{ClaimCursor, IN_DOUBT, Store, StoreError};

/// Parts in hand at the same time, most of them waiting at the gate: enough that a platform's pace is filled
/// while most channels have to rest, few enough to be held in memory.
const IN_HAND: usize = 1_024;

/// Answers in hand at the same time.
const ANSWERS_IN_HAND: usize = 256;

/// Edits in hand at the same time: they take what the others leave.
const EDITS_IN_HAND: usize = 64;

/// Sends for one platform.
pub struct Worker {
    platform: Arc<dyn Transport>,
    tasks: JoinSet<Result<Sent, Unsent>>,
    /// With the moment at which it was taken up.
    in_hand: HashMap<Id, (Work, Timestamp)>,
    /// What became of work, as long as it isn't written down: kept when the store fails, so that a part whose
    /// fate is known isn't forgotten, nor the parts behind it held up.
    unsettled: Vec<(Work, Timestamp, Result<Sent, Unsent>)>,
    round: ClaimCursor,
    /// Something new came into the ledger while the walk was under way: it begins anew when it is over.
    again: bool,
    /// Channels whose part in hand was settled since the walk passed them: they may have a next one.
    freed: Vec<ChannelId>,
    stopped: bool,
    metrics: Option<Arc<Metrics>>,
    /// For how long it may send.
    term: Term,
    given_up: bool,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Parts and answers that were taken in hand.
    pub claimed: usize,
    /// Whether a channel that was stopped takes posts again: what it missed may be due.
    pub welcomed: bool,
    /// When something that has to wait may be tried. `None` if nothing waits, or if more is to be looked at.
    pub next: Option<Timestamp>,
}

impl Worker {
    /// A worker with nothing in hand.
    pub fn new(platform: Arc<dyn Transport>) -> Worker {
        Worker {
            platform,
            tasks: JoinSet::new(),
            in_hand: HashMap::new(),
            unsettled: Vec::new(),
            round: ClaimCursor::default(),
            again: false,
            freed: Vec::new(),
            stopped: false,
            metrics: None,
            term: Term::endless(),
            given_up: false,
        }
    }

    /// The same, which may send as long as a term isn't over.
    #[must_use]
    pub fn within(mut self, term: Term) -> Worker {
        self.term = term;
        self
    }

    /// Has what is sent counted.
    #[must_use]
    pub fn measured(mut self, metrics: Arc<Metrics>) -> Worker {
        self.metrics = Some(metrics);
        self
    }

    /// The platform.
    pub fn platform(&self) -> &Arc<dyn Transport> {
        &self.platform
    }

    /// Lets go of whatever it may send: it is to be taken up by whoever comes next.
    pub(super) fn give_up(&mut self) {
        self.term.end();
        self.stopped = true;
        self.given_up = true;
    }

    /// Whether it has.
    pub(super) fn has_given_up(&self) -> bool {
        self.given_up
    }

    /// Whether something is in hand.
    pub fn is_busy(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// Has the next step look at every channel again: something new may be in the ledger.
    pub fn look_again(&mut self) {
        if self.round.is_under_way() {
            self.again = true;
        } else {
            self.round = ClaimCursor::default();
        }
    }

    /// Takes nothing in hand any more.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Writes down what became of the work in hand, and takes up what may be sent now. To be called within
    /// a runtime.
    ///
    /// # Errors
    /// [`StoreError`]. What became of the work is kept, and written down at the next step.
    pub async fn step(&mut self, store: &Store, now: Timestamp) -> Result<Step, StoreError> {
        while let Some(done) = self.tasks.try_join_next_with_id() {
            self.collect(done);
        }
        if self.round.next.is_some_and(|next| next <= now) {
            self.look_again();
        }
        let name = self.platform.name();
        let room = IN_HAND.saturating_sub(self.in_hand.len());
        let is_edit = |(work, _): &&(Work, Timestamp)| matches!(work, Work::Edit(_));
        let edits = self.in_hand.values().filter(is_edit).count();
        let claimed = store.write(|db| {
            let mut round = self.round;
            let mut freed = self.freed.clone();
            let mut welcomed = false;
            let mut arrived = Vec::new();
            for (work, since, outcome) in &self.unsettled {
                match plainly_arrived(work, outcome) {
                    Some(part) => arrived.push(part),
                    None => welcomed |= settle(db, &*self.platform, work, *since, outcome, now)?,
                }
                if let Work::Part(part) = work {
                    freed.push(part.channel_id);
                }
            }
            db.settle_arrived(&arrived, now)?;
            if self.stopped {
                return Ok((welcomed, Vec::new(), Vec::new(), Vec::new(), round, freed));
            }
            db.drop_late_answers(name, now)?;
            let answers = db.claim_answers(name, now, ANSWERS_IN_HAND)?;
            let recut = |of: &Recut<'_>| self.platform.recut(of);
            let room_of_edits = EDITS_IN_HAND.saturating_sub(edits);
            let edits = db.claim_edits(name, now, room_of_edits, &recut)?;
            let mut parts = Vec::new();
            if !round.complete {
                parts = db.claim(name, now, &mut round, room)?;
            }
            if round.complete {
                let left = room.saturating_sub(parts.len());
                parts.extend(db.claim_of_each(&mut freed, now, &mut round, left)?);
            }
            Ok::<_, StoreError>((welcomed, answers, edits, parts, round, freed))
        });
        let (welcomed, answers, claims, parts, round, freed) = claimed.await?;
        self.unsettled.clear();
        self.freed = freed;
        self.round = round;
        if self.round.complete && std::mem::take(&mut self.again) {
            self.round = ClaimCursor::default();
        }
        let claimed_edits = claims.len();
        let claimed = answers.len() + claimed_edits + parts.len();
        for answer in answers {
            self.start(Work::Answer(answer), now);
        }
        for part in parts {
            self.start(Work::Part(part), now);
        }
        for edit in claims {
            self.start(Work::Edit(edit), now);
        }
        // Where as many are in hand as may be, the next one waits for one of them.
        let has_room = edits + claimed_edits < EDITS_IN_HAND;
        let waiting = store.read(|db| {
            let edit = match has_room {
                true => db.next_edit(name)?,
                false => None,
            };
            Ok::<_, StoreError>([db.next_answer(name)?, edit])
        });
        let waiting = waiting.await?;
        Ok(Step {
            claimed,
            welcomed,
            next: waiting.into_iter().chain([self.round.next]).flatten().min(),
        })
    }

    /// Another process has taken over, or may have: what is known to have arrived is written down where nobody has taken it in
    /// hand since, so that it isn't repeated. Nothing else of what was in hand is ours any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn settle_late(
        &mut self,
        store: &Store,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (epoch, store) = (store.epoch(), store.unfenced());
        let settled = store.write(|db| {
            for (work, since, outcome) in &self.unsettled {
                let is_open = match work {
                    Work::Part(part) => db.is_unsettled(part.id, part.piece, epoch)?,
                    // Once it has arrived it is over, whoever has it in hand.
                    Work::Answer(_) => true,
                    // To say the same twice does no harm.
                    Work::Edit(_) => false,
                };
                if outcome.is_ok() && is_open {
                    settle(db, &*self.platform, work, *since, outcome, now)?;
                }
            }
            Ok::<_, StoreError>(())
        });
        settled.await?;
        self.unsettled.clear();
        Ok(())
    }

    /// Whether the next step finds more to look at, without anything having to happen first.
    pub fn has_more(&self) -> bool {
        !self.stopped && !self.round.complete && self.in_hand.len() < IN_HAND
    }

    /// Waits until something in hand is done. For ever, if nothing is in hand.
    pub async fn finished(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(done) => self.collect(done),
            None => std::future::pending().await,
        }
    }

    /// Sends until nothing is left to send now.
    pub async fn drain(
        &mut self,
        store: &Store,
        clock: &(dyn Fn() -> Timestamp + Send + Sync),
    ) -> Result<Step, StoreError> {
        self.look_again();
        loop {
            let step = self.step(store, clock()).await?;
            if self.is_busy() {
                self.finished().await;
            } else if !self.has_more() {
                return Ok(step);
            }
        }
    }

    fn start(&mut self, work: Work, now: Timestamp) {
        let platform = self.platform.clone();
        let sent = work.clone();
        let (metrics, term) = (self.metrics.clone(), self.term.clone());
        let span = match &work {
            Work::Part(part) => {
                tracing::info_span!("delivery", part = %part.id, channel = %part.channel)
            }
            Work::Answer(answer) => {
                tracing::info_span!("answer", id = answer.id.get(), channel = %answer.channel)
            }
            Work::Edit(edit) => {
                tracing::info_span!("edit", part = %edit.id, channel = %edit.channel)
            }
        };
        let patience = work.until().map(|until| {
            let left = until.duration_since(now);
            Duration::try_from(left).unwrap_or(Duration::ZERO)
        });
        let sending = async move {
            let (urgency, message) = sent.outgoing();
            let mut pass = match platform.gate(&message.channel) {
                None => None,
                Some((gate, lane)) => {
                    let turn = gate.pass(lane, urgency);
                    let pass = match patience {
                        Some(patience) => timeout(patience, turn).await.ok().flatten(),
                        None => turn.await,
                    };
                    Some(pass.ok_or(Unsent::Untried)?)
                }
            };
            // The last look: it may have waited at the gate for long, or the whole process for something else.
            if term.is_over() {
                return Err(Unsent::Untried);
            }
            let begun = Instant::now();
            let outcome = match term.is_endless() {
                true => platform.send(&message).await,
                // Whoever takes over leaves alone for so long what may be under way, and no longer.
                false => timeout(IN_DOUBT, platform.send(&message))
                    .await
                    .unwrap_or_else(|_| Err(SendError::Unknown("it took too long".to_owned()))),
            };
            if let (Some(metrics), Some(outcome)) = (metrics, name_of(&outcome)) {
                metrics.sent(platform.name(), outcome, begun.elapsed());
            }
            let unanswered = matches!(
                outcome,
                Err(SendError::Transient(_) | SendError::Unknown(_))
            );
            if let Some(pass) = pass.as_mut().filter(|_| !unanswered) {
                pass.answered();
            }
            outcome.map_err(|error| match error {
                SendError::NotTried => Unsent::Untried,
                error => Unsent::Failed(error),
            })
        };
        let task = self.tasks.spawn(sending.instrument(span));
        self.in_hand.insert(task.id(), (work, now));
    }

    fn collect(&mut self, done: Result<(Id, Result<Sent, Unsent>), JoinError>) {
        let (id, outcome) = match done {
            Ok(done) => done,
            Err(broken) => {
                // Our own fault. It may have been sent before.
                let error = SendError::Unknown(broken.to_string());
                (broken.id(), Err(Unsent::Failed(error)))
            }
        };
        let Some((work, since)) = self.in_hand.remove(&id) else {
            return;
        };
        if let Err(Unsent::Failed(error)) = &outcome {
            let channel = work.channel();
            match &work {
                Work::Part(part) => {
                    tracing::warn!(%channel, part = %part.id, %error, "a part was not delivered");
                }
                Work::Answer(_) => {
                    tracing::warn!(%channel, %error, "an answer was not delivered");
                }
                Work::Edit(edit) => {
                    tracing::warn!(%channel, part = %edit.id, %error, "a message was not corrected");
                }
            }
        }
        self.unsettled.push((work, since, outcome));
    }
}

/// What an outcome is counted as; `None` where nothing was tried.
fn name_of(outcome: &Result<Sent, SendError>) -> Option<&'static str> {
    Some(match outcome {
        Ok(_) => "sent",
        Err(SendError::RetryAfter(_)) => "too_many",
        Err(SendError::Transient(_)) => "failed",
        Err(SendError::Unknown(_)) => "unknown",
        Err(SendError::ChannelRefused(_)) => "unwelcome",
        Err(SendError::Moved(_)) => "moved",
        Err(SendError::Text(_) | SendError::Rejected(_)) => "refused",
        Err(SendError::Standstill { .. }) => "standstill",
        Err(SendError::NotTried) => return None,
    })
}
