//! What a cadence is: a canonical text, and a rule that knows the next slot.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::CadenceError;

/// One row of the cadence table: how a family of cadences is called and read.
#[derive(Clone, Copy, Debug)]
pub struct CadenceKind {
    /// The word that a cadence of this kind begins with.
    pub name: &'static str,
    /// A canonical text of this kind, for help and for error messages.
    pub example: &'static str,
    /// Other first words that mean the same; singular ones serve "every day".
    pub(super) aliases: &'static [&'static str],
    /// Reads the lower-case words behind the first one.
    pub(super) parse: fn(&[&str]) -> Result<Cadence, CadenceError>,
}

/// What a cadence's file has to answer.
pub(super) trait Rule: fmt::Debug + Send + Sync {
    /// The first slot strictly later than `after`.
    fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp>;

    /// When the last window ends that began at a moment or before it, where there are windows.
    fn window_end(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let _ = (at, zone);
        None
    }
}

/// How often a channel gets its roundup, such as `weekly mon,thu 18:00`.
///
/// A cadence is identified by its canonical text: two that print alike are equal. The time zone
/// isn't part of it, since it belongs to the channel.
#[derive(Clone, Debug)]
pub struct Cadence {
    text: String,
    rule: Arc<dyn Rule>,
}

impl Cadence {
    /// A cadence of a canonical text.
    pub(super) fn new(text: String, rule: impl Rule + 'static) -> Cadence {
        Cadence {
            text,
            rule: Arc::new(rule),
        }
    }

    /// The canonical text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The first slot strictly later than `after`; none for `instant`, and none when nothing will
    /// ever fire again.
    pub fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.rule.next_after(after, zone)
    }

    /// Where new items are posted as they come within windows: when the last one ends that began at a moment or before
    /// it. The moment lies within it, if it is earlier than that.
    pub fn window_end(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.rule.window_end(at, zone)
    }

    /// The next slots after a moment, at most `count` of them.
    pub fn upcoming(&self, after: Timestamp, zone: &TimeZone, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next_after(after, zone), |slot| {
            self.next_after(*slot, zone)
        })
        .take(count)
        .collect()
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq for Cadence {
    fn eq(&self, other: &Cadence) -> bool {
        self.text == other.text
    }
}

impl Eq for Cadence {}

impl Hash for Cadence {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
