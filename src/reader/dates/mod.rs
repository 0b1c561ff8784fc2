//! Dates as publishers write them: in file names, in addresses, and in the first lines of a page.

mod clocks;
mod datelines;
mod days;
mod search;
pub(crate) mod timestamps;
mod tokens;
mod zones;

pub(crate) use datelines::{dateline, dateline_with_outlet, in_block};
pub(crate) use search::alone;
pub use search::{in_name, in_text};
