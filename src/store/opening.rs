//! What a store is opened for.

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// To work in: it is created where it is missing, and migrated.
    Work,
    /// To write into, for one call beside those that run: a file as for work. On a server, where others may be at work by older or
    /// newer tables, these have to be there.
    Call,
    /// To look at: it must exist, and nothing about it changes.
    Look,
}
