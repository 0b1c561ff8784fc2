//! What publishing systems, languages and clocks call things: data, a file for each kind.

pub(crate) mod bylines;
pub(crate) mod calendars;
pub(crate) mod counting;
pub(crate) mod furniture;
pub(crate) mod mail;
pub(crate) mod months;
pub(crate) mod pages;
pub(crate) mod systems;
pub(crate) mod zone_names;
