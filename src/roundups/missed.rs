//! Roundups that were missed wait for the news that came meanwhile: where processes share a store, whoever makes them isn't
//! whoever loads, and may be there sooner; and after a machine has slept, its sources on the web are yet to be asked. What has
//! been loaded is seen in the store.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use tidings_store::{ReadTx, StoreError};

/// What is served later than this was missed.
const MISSED: SignedDuration = SignedDuration::from_mins(1);

/// How long it is waited at most: a source that nobody loads keeps nobody waiting for ever.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// Between two looks at what others have loaded.
pub(super) const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_secs(1);

/// Where news come from, as far as roundups wait for them.
#[derive(Clone, Debug)]
pub struct Spring {
    /// The source's name.
    pub source: String,
    /// Its address, if it is on the web; it says itself when it is asked next.
    pub address: Option<String>,
    /// Between two passes over any other.
    pub poll: SignedDuration,
}

impl Spring {
    /// When its next pass is due, or was; `None` if there is none.
    fn due(&self, db: &ReadTx<'_>) -> Result<Option<Timestamp>, StoreError> {
        if let Some(address) = &self.address {
            let state = db.fetch_state(&self.source, address)?;
            return Ok(match state.gone_at {
                Some(_) => None,
                None => Some(state.next_at.unwrap_or(Timestamp::MIN)),
            });
        }
        let last = db.source_state(&self.source)?;
        let last = last.and_then(|state| state.last_pass_at);
        Ok(Some(last.map_or(Timestamp::MIN, |last| {
            last.checked_add(self.poll).unwrap_or(Timestamp::MAX)
        })))
    }
}

/// Roundups that were missed, and since when they wait.
#[derive(Debug, Default)]
pub(super) struct Missed {
    since: Option<Timestamp>,
}

impl Missed {
    /// None were found yet, but whoever makes them has waited since a moment.
    pub(super) fn since(begun: Timestamp) -> Missed {
        Missed { since: Some(begun) }
    }

    /// The slots that still wait at a moment, `found` by [`missed`].
    pub(super) fn waiting(
        &mut self,
        found: Option<Range<Timestamp>>,
        now: Timestamp,
    ) -> Option<Range<Timestamp>> {
        let found = found?;
        let since = *self.since.get_or_insert(now);
        (now.duration_since(since) < PATIENCE).then_some(found)
    }
}

/// The slots of a platform that were missed at a moment, from the first pass that is due on, if there are such.
pub(super) fn missed<'s>(
    db: &ReadTx<'_>,
    platform: &str,
    springs: impl Iterator<Item = &'s Spring>,
    now: Timestamp,
) -> Result<Option<Range<Timestamp>>, StoreError> {
    let before = now.checked_sub(MISSED).unwrap_or(Timestamp::MIN);
    let Some(last) = db.last_missed(platform, before)? else {
        return Ok(None);
    };
    let mut first = None;
    for spring in springs {
        let due = spring.due(db)?;
        first = first.into_iter().chain(due).min();
    }
    let first = first.filter(|first| *first <= last);
    Ok(first.map(|first| first..before))
}
