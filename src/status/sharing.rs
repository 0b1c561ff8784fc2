//! Who shares a store on a server, and who does what of all that is to be done for it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use tidings_store::{Held, Process, ReadTx, SILENCE, StoreError, connection_of};

/// What the duty to load a source begins with; its name stands behind it.
const FETCH: &str = "fetch:";

/// How the processes stand that share a store.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// What their server's clock shows.
    pub now: Timestamp,
    /// The processes, the one that began last first.
    pub processes: Vec<ProcessStanding>,
    /// Duties that nobody holds, in alphabetical order.
    pub unheld: Vec<String>,
}

/// A process that shares a store.
#[derive(Clone, Debug)]
pub struct ProcessStanding {
    /// The process.
    pub process: Process,
    /// When it was heard of last.
    pub seen: Timestamp,
    /// What it does, in alphabetical order.
    pub duties: Vec<Held>,
    /// Whether another process has begun since with another configuration.
    pub is_behind: bool,
}

impl Sharing {
    /// How they stand; `None` if the store is a file. `sources` are the configured ones: nobody misses another one's duty.
    pub fn read<'a>(
        db: &ReadTx<'_>,
        sources: impl Iterator<Item = &'a str>,
    ) -> Result<Option<Sharing>, StoreError> {
        let Some(now) = db.server_time()? else {
            return Ok(None);
        };
        let sources: Vec<&str> = sources.collect();
        let (held, free): (Vec<Held>, Vec<Held>) = db
            .duties()?
            .into_iter()
            .partition(|duty| duty.holder.is_some());
        let mut unheld: Vec<String> = Vec::new();
        for duty in free.iter().map(|free| &free.duty) {
            let is_missed = if let Some(source) = duty.strip_prefix(FETCH) {
                sources.contains(&source)
            } else if let Some((platform, division)) = connection_of(duty) {
                // What there was before a platform's events were divided anew.
                db.connections(platform)? == division.parse().ok()
            } else {
                true
            };
            if is_missed {
                unheld.push(duty.clone());
            }
        }
        // Nobody may ever have had its folder.
        unheld.extend(sources.iter().filter_map(|source| {
            let own = format!("{FETCH}{source}");
            let is_known = held.iter().chain(&free).any(|duty| duty.duty == own);
            (!is_known).then_some(own)
        }));
        unheld.sort_unstable();
        let heard = db.heard_of()?;
        let newest = heard.first().map(|(process, _)| process.settings);
        let processes = heard.into_iter().map(|(process, seen)| ProcessStanding {
            duties: held
                .iter()
                .filter(|duty| duty.holder.as_ref() == Some(&process.name))
                .cloned()
                .collect(),
            is_behind: newest.is_some_and(|newest| newest != process.settings),
            process,
            seen,
        });
        Ok(Some(Sharing {
            now,
            processes: processes.collect(),
            unheld,
        }))
    }
}

impl ProcessStanding {
    /// For how long nothing was heard of it, where that is too long for one that lives; `lease` is how long it holds a duty.
    pub fn silence(&self, now: Timestamp, lease: Duration) -> Option<SignedDuration> {
        let silence = now.duration_since(self.seen);
        let longest = SignedDuration::try_from(lease.saturating_mul(SILENCE)).ok()?;
        (silence > longest).then_some(silence)
    }
}
