//! What a subscription follows, as a column: a section's number, 0 for all, a watch's number negated.

use tidings_core::channel::Target;
use tidings_core::ids::{SectionId, WatchId};

pub(super) fn to_column(target: Target) -> i64 {
    match target {
        Target::All => 0,
        Target::Section(id) => id.get(),
        Target::Watch(id) => -id.get(),
    }
}

pub(super) fn from_column(number: i64) -> Target {
    match number {
        0 => Target::All,
        ..0 => Target::Watch(WatchId::new(-number)),
        id => Target::Section(SectionId::new(id)),
    }
}
