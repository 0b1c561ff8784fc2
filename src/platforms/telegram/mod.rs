//! Telegram, through the Bot API. Channels are written `telegram:-100123`, a forum topic `telegram:-100123/45`.
//!
//! | file | tells |
//! |---|---|
//! | `service`, `client`, `identity` | what every platform does, the bot's requests and their pace, who it is |
//! | `api` | how a request is made, and what a failure means |
//! | `autolink`, `html`, `render` | how a post becomes messages |
//! | `wire` | what the ledger keeps of a message, and how it is sent |
//! | `inbound`, `message`, `typed`, `elsewhere`, `buttons`, `membership` | what becomes of what comes in |
//! | `under`, `searching` | what hangs under a roundup, and how words to search are asked for |
//! | `access`, `welcome` | who may change what a chat follows, and who may write |
//! | `abilities`, `ephemeral`, `alone` | what the server can do, messages that one member of a group sees, and who is answered by them |
//! | `asking` | who asks, how much, and how long ago |
//! | `listen`, `webhook`, `handling`, `unread` | how updates come in, however they are changed, and that nobody waits for another one's |
//! | `menu` | the command menu |
//! | `names`, `account` | what the bot is called by now |
//! | `refusals`, `simpler` | of whom a refusal speaks, and what goes instead of a text that is refused |
//! | `rehearsal` | what becomes of updates without a server |
//! | `throttle` | whether a “too many requests” is meant for a chat or for all |

mod abilities;
mod access;
mod account;
mod alone;
mod api;
mod asking;
mod autolink;
mod buttons;
mod client;
mod ephemeral;
mod html;
mod identity;
mod inbound;
mod listen;
mod membership;
mod menu;
mod message;
mod names;
mod picture;
mod pieces;
mod prompted;
mod refusals;
pub mod rehearsal;
mod remote_channel;
mod render;
mod searching;
mod service;
mod simpler;
mod throttle;
mod typed;
mod under;
mod unread;
mod update_queue;
mod webhook;
mod welcome;
mod wire;
mod written;

pub use client::Telegram;
pub use service::SPEC;
