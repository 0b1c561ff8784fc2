//! Servers that stand in for chat platforms.

pub(crate) mod telegram;
