//! What a store is opened for.

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// To work in: it is created where it is missing, and migrated.
    Work,
    /// To look at: it must exist, and nothing about it changes.
    Look,
}
