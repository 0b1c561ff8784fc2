//! Tidings carries a publisher's news digests into chat. This is the map of the house; `ARCHITECTURE.md` is a page about
//! it for whoever comes new.
//!
//! ```text
//! sources -> documents -> items -> sections -> store -> roundups -> outbox -> platforms
//!                                                ^                              |
//!                                                +------- commands <------------+
//! ```
//!
//! Three crates are the floor that all else stands on:
//!
//! - [`tidings_core`] is the vocabulary with its rules: [`item`](tidings_core::item)s and what makes two drafts the same
//!   one, [`section`](tidings_core::section)s, [`schedule`](tidings_core::schedule)s,
//!   [`channel`](tidings_core::channel)s, [`post`](tidings_core::post)s, what becomes of a
//!   [`delivery`](tidings_core::delivery), every text that a chat user reads ([`language`](tidings_core::language)), and
//!   the table of [`bounds`](tidings_core::bounds) on what comes from outside.
//! - [`tidings_reader`] turns bytes into drafts, one file a format.
//! - [`tidings_store`] is all SQL there is: items, sections, channels, subscriptions, the outbox, the search.
//!
//! On it:
//!
//! - [`ingest`] finds documents, in folders and on the web, and files what is in them; [`settings`] is the operator's
//!   configuration.
//! - [`roundups`] compose what is new for whoever is due; [`delivery`] sends it and writes down what became of it.
//! - [`chat`] is the command table and what people are answered, by the rules of [`following`](tidings_core::channel::Following); [`platforms`] hear and
//!   send, each in a folder, with a kit for what they do alike.
//! - [`editing`] is what editors and the operator change by hand, and the way back.
//! - [`status`] is how things stand, computed once; [`web`] serves it, the archive, for which [`feeds`] has the forms
//!   that exports have too, and the dashboard, to which [`sign_in`] has the keys. [`runtime`] wires all that and sees that its loops go on, which wait and stop as
//!   [`task`] has it; [`metrics`] are counted; [`listener`] keeps to the bounds where somebody connects.
//!
//! # What stays true
//!
//! - **The core is synchronous and is told the time.** Nothing but [`task`] and the command line reads a
//!   clock, sleeps, or looks at the environment; `clippy.toml` bans it.
//! - **Four tables.** [`tidings_reader::ALL`], [`schedule::ALL`](tidings_core::schedule::ALL), [`chat::commands::ALL`] and
//!   [`platforms::ALL`]: adding a row costs one file and one line.
//! - **The core knows no platform.** rusqlite stays in the store, Fluent in the languages, file events in [`ingest`]; chat
//!   platforms in [`platforms`]. Cargo holds the crates to it, `tests/it/house` the rooms here.
//! - **One transaction.** A document is filed whole or not at all; a cursor moves in the transaction that enqueues
//!   what it passes; so a process may be killed at any moment.
//! - **Source text is data.** Titles and summaries are plain text from the reader on; whoever renders escapes.

pub mod chat;
pub mod delivery;
pub mod editing;
pub mod feeds;
pub mod ingest;
pub mod listener;
pub mod metrics;
pub mod platforms;
pub mod roundups;
pub mod runtime;
pub mod settings;
pub mod sign_in;
pub mod status;
pub mod task;
pub mod web;
