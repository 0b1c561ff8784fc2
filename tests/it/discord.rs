//! Discord: the production client against a fake server, each scenario a conversation.

mod cards;
mod commands;
mod crowd;
mod discussing;
mod faults;
mod gateway;
mod harness;
mod keeping;
mod korean;
mod looks;
mod places;
mod presses;
mod reading;
mod roundups;
mod settings;
mod slowness;
mod suggesting;
