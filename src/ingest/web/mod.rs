//! Sources on the web: how an address is asked, kindly and within bounds, and what it leads to.

mod answers;
pub(super) mod asking;
mod cookies;
mod error;
pub mod fetch;
mod following;
pub mod guard;
pub mod opml;
mod robots;
pub mod rules;
mod unpack;
