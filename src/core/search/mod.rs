//! The words of the full-text search: what an item is found by, and what a reader's words ask for.
//!
//! Latin words are words. Hangul, Han and kana are cut into overlapping pairs, since particles and other
//! words cling to them: `남북관계` is `남북 북관 관계 계`. The last letter of such a run stands alone, so
//! that one letter asks for every pair that begins with it.

mod query;
mod tsearch;
mod words;

pub use query::{Query, Term, is_quote, is_too_much};
pub use tsearch::{Period, to_tsvector};
pub use words::{DocumentTexts, Folded, SpacedWords, words};
