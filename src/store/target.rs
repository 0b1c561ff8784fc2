//! What a subscription follows, as a column.

use tidings_core::channel::Target;
use tidings_core::ids::SectionId;

pub(super) fn to_column(target: Target) -> i64 {
    match target {
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
