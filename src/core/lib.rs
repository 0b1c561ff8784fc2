//! The vocabulary of Tidings and its rules: what an item is and what makes two drafts the same one, sections, schedules,
//! channels, posts and what may become of them. Pure: whoever calls says what time it is.

pub mod addresses;
pub mod bounds;
pub mod channel;
mod characters;
pub mod delivery;
pub mod ids;
pub mod item;
pub mod language;
pub mod moves;
pub mod network;
pub mod pages;
pub mod picture;
pub mod platform;
pub mod post;
pub mod schedule;
pub mod search;
pub mod section;
pub mod text;
