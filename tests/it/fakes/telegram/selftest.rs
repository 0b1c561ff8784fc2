//! The fake's own tests.

mod chats;
mod client;
mod ephemeral;
mod flow;
mod texts;
