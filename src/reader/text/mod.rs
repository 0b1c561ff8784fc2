//! Digests as text: what is left of a page when it is saved so.

pub(crate) mod blocks;
pub(crate) mod classify;
pub(crate) mod digest;
pub(crate) mod entries;
pub(crate) mod in_lines;
pub(crate) mod numbering;
pub(crate) mod read_more;
pub(crate) mod underlines;
