//! Telegram: the production client against a fake Bot API, each scenario a conversation.

mod buttons;
mod channels;
pub(crate) mod clockwork;
mod crowd;
mod faults;
mod groups;
pub(crate) mod harness;
mod hearsay;
mod hindered;
mod lengths;
mod moments;
mod moving;
mod older;
mod pace;
mod presses;
mod process;
mod reading;
mod refusals;
mod restarts;
mod roundups;
mod secrets;
mod tomorrow;
mod topics;
mod transport;
mod typing;
mod webhook;
