//! The fake's own tests.

mod chats;
mod client;
mod flow;
mod texts;
