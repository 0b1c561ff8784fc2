//! Long work: it is begun, and what came of it is known for an hour from its end on.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::sign_in::Secret;
use tidings_store::DeedKind;

/// How long a result stands.
const STANDS: SignedDuration = SignedDuration::from_hours(1);

/// Something that takes its time.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub(super) kind: DeedKind,
    pub(super) source: String,
    pub(super) begun_at: Timestamp,
    /// When it was done, and what came of it.
    pub(super) result: Option<(Timestamp, Outcome)>,
}

/// What came of work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) is_well: bool,
    /// In words, line by line.
    pub(super) lines: Vec<String>,
}

/// The work of this process, by the names of its pages.
#[derive(Default)]
pub(super) struct Works(Mutex<HashMap<String, Work>>);

impl Works {
    /// The name of what is under way already.
    pub(super) fn under_way(&self, kind: DeedKind, source: &str) -> Option<String> {
        let works = self.0.lock();
        let is_it = |work: &Work| work.kind == kind && work.source == source;
        let mut open = works.iter().filter(|(_, work)| work.result.is_none());
        open.find(|(_, work)| is_it(work))
            .map(|(name, _)| name.clone())
    }

    /// Notes that work begins. Returns its name, which nobody guesses.
    pub(super) fn begin(
        &self,
        kind: DeedKind,
        source: &str,
        now: Timestamp,
    ) -> Result<String, getrandom::Error> {
        let name = Secret::new()?.text()[..16].to_owned();
        let mut works = self.0.lock();
        works.retain(|_, work| {
            let done = work.result.as_ref().map(|(at, _)| now.duration_since(*at));
            done.is_none_or(|age| age < STANDS)
        });
        let work = Work {
            kind,
            source: source.to_owned(),
            begun_at: now,
            result: None,
        };
        works.insert(name.clone(), work);
        Ok(name)
    }

    /// Notes what came of it.
    pub(super) fn end(&self, name: &str, outcome: Outcome, now: Timestamp) {
        if let Some(work) = self.0.lock().get_mut(name) {
            work.result = Some((now, outcome));
        }
    }

    /// Work by its name, while it is under way or its result stands.
    pub(super) fn find(&self, name: &str, now: Timestamp) -> Option<Work> {
        let work = self.0.lock().get(name).cloned()?;
        let done = work.result.as_ref().map(|(at, _)| now.duration_since(*at));
        done.is_none_or(|age| age < STANDS).then_some(work)
    }
}
