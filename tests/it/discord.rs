//! Discord: the production client against a fake server, each scenario a conversation.

mod commands;
mod harness;
