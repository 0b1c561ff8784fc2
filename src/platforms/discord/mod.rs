//! Discord, through its REST API and its gateway. Channels and threads are written `discord:197038439483310086`,
//! a private chat as the channel that it is.
//!
//! | file | tells |
//! |---|---|
//! | `service`, `client`, `identity` | what every platform does, the bot's requests and their pace, who it is |
//! | `api`, `invalid` | how a request is made, and what a failure means |
//! | `limits`, `markdown`, `render`, `layout`, `components` | how a post becomes messages |
//! | `parts`, `card_layout`, `card` | the parts of a roundup, with embeds or as cards |
//! | `wire`, `sending` | what the ledger keeps of a message, and how it is sent |
//! | `refusals`, `simpler` | of whom a refusal speaks, and what goes instead of a text that is refused |
//! | `account`, `gateway`, `shards`, `closing` | who the bot is, and how events come in, through any trouble |
//! | `inbound`, `options`, `presses`, `answering` | what becomes of a command, a button, a form |
//! | `unread` | what becomes of events that serenity can't read |
//! | `membership` | that servers and channels come and go |
//! | `access`, `lookup`, `hindrances` | who may change what a channel follows, and where the bot may post |
//! | `rehearsal` | what becomes of events without a server |
//! | `registry` | the slash commands |

mod access;
mod account;
mod answering;
mod api;
mod card;
mod card_layout;
mod client;
mod close_codes;
mod components;
mod gateway;
mod hindrances;
mod identity;
mod inbound;
mod interactions;
mod interactive;
mod invalid_requests;
mod layout;
mod limits;
mod lookup;
mod markdown;
mod membership;
mod options;
mod parts;
mod picture;
mod presses;
mod refusals;
mod registry;
pub mod rehearsal;
mod render;
mod sending;
mod service;
mod shards;
mod simpler;
mod unread;
mod wire;

pub use client::Discord;
pub use service::SPEC;
