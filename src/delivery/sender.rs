//! The loop that sends what is in the outbox.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::{Transport, Worker, keep_pace, keep_waiting};
use crate::metrics::Metrics;
use crate::task::{AFTER_FAILURE, Clock, Term, Wake, heartbeat, sleep, stopped, until};
use tidings_store::{IN_DOUBT, Store, StoreError};

/// How long what is done in hand is gathered before it is written down in one transaction: far below the
/// 100 ms that settling may lag behind the answers (design.md, promise 3).
const GATHER: Duration = Duration::from_millis(10);

/// Between two tries to write down what was sent last, where others would repeat it.
const BETWEEN_LAST_TRIES: Duration = Duration::from_millis(500);

/// What sends from a store's outbox.
pub struct Sender {
    store: Arc<Store>,
    clock: Arc<Clock>,
    wake: Arc<Wake>,
    metrics: Arc<Metrics>,
}

impl Sender {
    /// Sends from a store's outbox.
    pub fn new(
        store: Arc<Store>,
        clock: Arc<Clock>,
        wake: Arc<Wake>,
        metrics: Arc<Metrics>,
    ) -> Sender {
        Sender {
            store,
            clock,
            wake,
            metrics,
        }
    }

    /// Sends what is in the outbox for a platform, as it comes, until told to stop, or until the term is over in which it may.
    /// Begun `again`, it takes up first what the loop that broke had in hand.
    pub async fn run(
        &self,
        platform: Arc<dyn Transport>,
        term: Term,
        again: bool,
        mut stop: Receiver<bool>,
    ) {
        if again {
            let recovered = self.store.write(|db| db.recover(platform.name()));
            if let Err(error) = recovered.await {
                tracing::error!(%error, "what was in hand can't be taken up; it is tried again");
                // Early, so that it is begun once more.
                return;
            }
        }
        if let Err(error) = keep_waiting(&*platform, &self.store, self.clock.now()).await {
            tracing::error!(%error, "what the platform asked for before the start can't be read");
        }
        if self.store.is_shared() && !again {
            let kept = keep_pace(&*platform, &self.store, self.clock.now()).await;
            if let Err(error) = kept {
                tracing::warn!(%error, "what was sent last can't be read, so it may be too fast for the platform for a moment");
            }
        }
        let mut worker = Worker::new(platform)
            .measured(self.metrics.clone())
            .within(term);
        let heartbeat = heartbeat(self.store.is_shared());
        let mut version = None;
        let mut woken = self.wake.sendable();
        loop {
            let turned = worker.step(&self.store, self.clock.now()).await;
            let pause = match turned {
                Ok(turn) => {
                    if turn.welcomed {
                        self.wake.schedule();
                    }
                    match turn.next {
                        _ if worker.has_more() => Duration::ZERO,
                        Some(next) => until(self.clock.now(), next).min(heartbeat),
                        None => heartbeat,
                    }
                }
                // Somebody else sends by now, and we are about to be told.
                Err(StoreError::Superseded(_)) => break,
                // What was taken in hand last is in nobody's hands, and what is in ours may be settled already: as after a crash.
                Err(error @ StoreError::Undecided(_)) => {
                    tracing::error!(%error, "sending is begun anew");
                    worker.give_up();
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "writing down what was sent failed; it is tried again");
                    // A server is back soon, and what isn't written down by the time that somebody takes over comes twice.
                    heartbeat.min(AFTER_FAILURE)
                }
            };
            tokio::select! {
                () = worker.finished() => sleep(GATHER).await,
                _ = woken.changed() => worker.look_again(),
                () = sleep(pause) => if pause == heartbeat && self.is_changed(&mut version).await {
                    worker.look_again();
                },
                () = stopped(&mut stop) => break,
            }
        }
        worker.stop();
        // What is in flight is waited for, within what whoever stops us allows; what waits at the gate is sent away.
        while worker.is_busy() {
            worker.finished().await;
        }
        let deadline = Instant::now() + IN_DOUBT;
        while let Err(error) = self.settle_last(&mut worker).await {
            if !self.store.is_shared() || Instant::now() >= deadline {
                tracing::error!(%error, "writing down what was sent failed; it is repeated at the next start");
                return;
            }
            // Nobody else knows of it, and as long as it is in doubt it isn't repeated.
            tracing::warn!(%error, "writing down what was sent failed; it is tried again");
            sleep(BETWEEN_LAST_TRIES).await;
        }
    }

    /// Writes down what became of all that was in hand.
    async fn settle_last(&self, worker: &mut Worker) -> Result<(), StoreError> {
        if !worker.has_given_up() {
            match worker.step(&self.store, self.clock.now()).await {
                Err(StoreError::Superseded(_) | StoreError::Undecided(_)) => worker.give_up(),
                settled => return settled.map(|_| ()),
            }
        }
        worker.settle_late(&self.store, self.clock.now()).await
    }

    /// Whether somebody has written since it was asked last. A file is looked at so seldom that it isn't asked.
    async fn is_changed(&self, version: &mut Option<i64>) -> bool {
        if !self.store.is_shared() {
            return true;
        }
        match self.store.data_version().await {
            Ok(seen) => version.replace(seen) != Some(seen),
            // The next step says what is wrong.
            Err(_) => true,
        }
    }
}
