//! How rare words are among the items that are known.

use serde::{Deserialize, Serialize};

/// A key under which an item is found by those that may tell its story: a word, a name, a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key(pub i64);

/// How rare words are among the items that are known.
pub trait Rarity {
    /// The share of the known items that hold a key, from 0 to 1; `None` if nobody knows.
    fn share(&self, key: Key) -> Option<f32>;
}

/// No archive: words are as rare as their kind is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unknown;

impl Rarity for Unknown {
    fn share(&self, _: Key) -> Option<f32> {
        None
    }
}
