//! What a subscription follows, as a column.

use crate::ids::SectionId;

/// What a subscription follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Every section that the channel doesn't follow by itself.
    All,
    /// One section.
    Section(SectionId),
}

impl Target {
    pub(super) fn to_column(self) -> i64 {
        match self {
            Target::All => 0,
            Target::Section(id) => id.get(),
        }
    }

    pub(super) fn from_column(number: i64) -> Target {
        match number {
            0 => Target::All,
            id => Target::Section(SectionId::new(id)),
        }
    }

    /// The section, if it is one.
    pub fn section(self) -> Option<SectionId> {
        match self {
            Target::All => None,
            Target::Section(id) => Some(id),
        }
    }
}
