//! Why a store isn't copied, and which of the two is to blame.

use super::super::StoreError;
use super::super::search::MOST_ITEMS;

/// One of the two stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyEnd {
    /// The one that is read.
    From,
    /// The one that is written.
    To,
}

/// Why a store can't be copied, or can't be copied to.
#[derive(Debug, thiserror::Error)]
pub enum NotCopied {
    /// What may be wrong with any store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bot runs on it.
    #[error("a bot is running on it ({0}); stop it and copy again")]
    Running(String),
    /// There is something in it.
    #[error("it isn't empty; name a file that isn't there yet, or an empty database")]
    NotEmpty,
    /// It is the other one, or was copied from it before.
    #[error("it is the store that is copied, or a copy of it; name another one")]
    Same,
    /// Its numbers are too large for a file.
    #[error(
        "its newest item is number {0}, and a file holds none above {MOST_ITEMS}; copy it to a server"
    )]
    TooManyItems(i64),
    /// What was read back is something else.
    #[error(
        "the table {0} reads otherwise than it was written; nothing was kept: check its disk, and please report this"
    )]
    Unlike(String),
}

/// Why a store wasn't copied, and which of the two is to blame.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct CopyError {
    /// Which of the two.
    pub end: CopyEnd,
    /// Why.
    pub why: NotCopied,
}

/// The store that is read is to blame.
pub(super) fn reading(why: impl Into<StoreError>) -> CopyError {
    CopyError {
        end: CopyEnd::From,
        why: NotCopied::Store(why.into()),
    }
}

/// The store that is written is to blame.
pub(super) fn writing(why: impl Into<StoreError>) -> CopyError {
    CopyError {
        end: CopyEnd::To,
        why: NotCopied::Store(why.into()),
    }
}
