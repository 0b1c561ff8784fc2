//! Long work: it is asked for here, whoever loads the source does it, and every process shows what came of it, for an hour from
//! its end on.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch::Receiver;
use tokio::task::JoinHandle;

use super::context::{Dashboard, fresh_name};
use super::page::Trouble;
use crate::ingest::{Ingest, PassSummary};
use crate::task::{AFTER_FAILURE, heartbeat, reason, sleep, stopped};
use tidings_store::{DeedKind, NewDeed, Outcome, StoreError, Work};

/// How long a result stands.
const STANDS: SignedDuration = SignedDuration::from_hours(1);

/// After so long nobody does any more what was asked for, and nothing takes so long.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// Whether there is work to be shown still.
pub(super) fn stands(work: &Work, now: Timestamp) -> bool {
    let (since, lasts) = match &work.result {
        Some((at, _)) => (*at, STANDS),
        None => (work.begun_at, FORGOTTEN),
    };
    now.duration_since(since) < lasts
}

impl Dashboard {
    /// Notes that something is to be done with a source, unless it is being done already. Returns its name.
    pub(super) async fn begin_work(
        &self,
        kind: DeedKind,
        source: &str,
        by: &str,
    ) -> Result<String, Trouble> {
        let name = match fresh_name() {
            Ok(name) => name,
            Err(error) => {
                tracing::error!(%error, "the system has no randomness");
                return Err(Trouble::NoRandomness);
            }
        };
        let now = self.now();
        let forgotten = now.checked_sub(FORGOTTEN).unwrap_or(Timestamp::MIN);
        let begun = self.parts.store.write(|db| {
            let mut open = db.open_works()?.into_iter();
            let is_it =
                |work: &Work| work.kind == kind && work.source == source && stands(work, now);
            if let Some(known) = open.find(is_it) {
                return Ok(known.name);
            }
            let deed = NewDeed {
                by,
                kind,
                subject: source,
                ..NewDeed::PLAIN
            };
            db.record_deed(&deed, now)?;
            db.add_work(&name, kind, source, now, forgotten)?;
            Ok::<_, StoreError>(name.clone())
        });
        let begun = begun.await?;
        self.asked.notify_one();
        Ok(begun)
    }

    /// Does what was asked for with the sources that this process holds, until told to stop.
    pub(in crate::web) async fn do_what_is_asked(self: Arc<Self>, mut stop: Receiver<bool>) {
        let pause = heartbeat(self.parts.store.is_shared());
        let mut is_failing = false;
        loop {
            let pause = match self.take_up().await {
                Ok(()) => {
                    is_failing = false;
                    pause
                }
                Err(error) => {
                    if !is_failing {
                        tracing::warn!(%error, "what the dashboard was asked for can't be read; it is tried again");
                    }
                    is_failing = true;
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = self.asked.notified() => {}
                () = sleep(pause) => {}
                () = stopped(&mut stop) => return,
            }
        }
    }

    /// Begins whatever is open and this process's.
    async fn take_up(self: &Arc<Self>) -> Result<(), StoreError> {
        for work in self.reading.read(|db| db.open_works()).await? {
            if !stands(&work, self.now()) {
                continue;
            }
            let Some(ingest) = self.parts.ingest.holder(&work.source) else {
                continue;
            };
            match &work.doer {
                None => {
                    self.in_hand.lock().insert(work.name.clone());
                    let taken = self
                        .parts
                        .store
                        .write(|db| db.take_work(&work.name, &self.name));
                    let taken = taken.await;
                    if !matches!(taken, Ok(true)) {
                        self.in_hand.lock().remove(&work.name);
                    }
                    if taken? {
                        tokio::spawn(self.clone().carry_out_work(work, ingest));
                    }
                }
                Some(doer) if *doer == self.name && self.in_hand.lock().contains(&work.name) => {}
                // Whoever it was held the source then, and has let go of it since.
                Some(_) => {
                    self.end_work(&work.name, self.interrupted()).await?;
                }
            }
        }
        Ok(())
    }

    async fn carry_out_work(self: Arc<Self>, work: Work, ingest: Arc<Ingest>) {
        let name = work.name.clone();
        if let Some(outcome) = self.clone().outcome_of(work, ingest).await
            && let Err(error) = self.end_work(&name, outcome).await
        {
            tracing::error!(%error, "what came of what was asked of a source can't be kept");
        }
        self.in_hand.lock().remove(&name);
    }

    /// Does something with a source; `None` where another process holds it by now, which says so.
    async fn outcome_of(self: Arc<Self>, work: Work, ingest: Arc<Ingest>) -> Option<Outcome> {
        let dashboard = self.clone();
        let (kind, name) = (work.kind, work.source);
        let doing: JoinHandle<Result<Outcome, StoreError>> = tokio::spawn(async move {
            let Some(source) = ingest.source(&name).cloned() else {
                return Ok(dashboard.interrupted());
            };
            Ok(match kind {
                DeedKind::Try => dashboard.tried(ingest.try_out(&source).await?),
                _ => dashboard.loaded(&ingest.load_now(&source).await?),
            })
        });
        match doing.await {
            Ok(Ok(outcome)) => Some(outcome),
            Ok(Err(StoreError::Superseded(_))) => None,
            Ok(Err(error)) => Some(failed(error.to_string())),
            Err(broken) => Some(failed(reason(broken))),
        }
    }

    fn interrupted(&self) -> Outcome {
        Outcome {
            is_well: false,
            lines: vec![self.text("dashboard-work-interrupted")],
        }
    }

    async fn end_work(&self, name: &str, outcome: Outcome) -> Result<(), StoreError> {
        let ended = self
            .parts
            .store
            .write(|db| db.end_work(name, &outcome, self.now()));
        ended.await
    }

    /// What a pass did.
    fn loaded(&self, report: &PassSummary) -> Outcome {
        let values = [
            ("documents", report.documents.into()),
            ("new", report.new.into()),
            ("updated", report.updated.into()),
            ("unchanged", report.unchanged.into()),
            ("pushed", report.pushed.into()),
        ];
        let mut lines = vec![self.say().text("dashboard-loaded-says", &values)];
        lines.extend(report.failed.iter().map(|failed| {
            let line = failed
                .line
                .map_or_else(String::new, |line| format!(", {line}"));
            format!("{}{line}: {}", failed.document, failed.reason)
        }));
        Outcome {
            is_well: report.failed.is_empty(),
            lines,
        }
    }
}

fn failed(why: String) -> Outcome {
    tracing::error!(%why, "what was asked of a source broke");
    Outcome {
        is_well: false,
        lines: vec![why],
    }
}
