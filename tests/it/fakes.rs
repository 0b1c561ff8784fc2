//! Servers that stand in for chat platforms.

pub(crate) mod clock;
pub(crate) mod discord;
pub(crate) mod http;
mod kept_port;
pub(crate) mod port;
pub(crate) mod raw;
pub(crate) mod telegram;
pub(crate) mod web;
