//! `instant`: new items are posted as they come, so there are no slots.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::cadence::{Cadence, Kind, Rule};
use super::error::CadenceError;

/// The row of the cadence table.
pub(crate) const KIND: Kind = Kind {
    name: "instant",
    example: "instant",
    aliases: &["instantly", "immediately"],
    parse,
};

fn parse(words: &[&str]) -> Result<Cadence, CadenceError> {
    CadenceError::unless_empty(words, KIND.name)?;
    Ok(Cadence::instant())
}

impl Cadence {
    /// As it comes.
    pub fn instant() -> Cadence {
        Cadence::new(KIND.name.to_owned(), Instant)
    }
}

#[derive(Debug)]
struct Instant;

impl Rule for Instant {
    fn next_after(&self, _: Timestamp, _: &TimeZone) -> Option<Timestamp> {
        None
    }
}
