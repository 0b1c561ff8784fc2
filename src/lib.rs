//! Tidings carries a publisher's news digests into chat. This is the map of the house.
//!
//! ```text
//! sources -> documents -> items -> sections -> store -> roundups -> outbox -> platforms
//!                                                ^                              |
//!                                                +------- commands <------------+
//! ```
//!
//! - [`sources`] find documents: folders, at rest or still being written. [`documents`] turn bytes into drafts,
//!   one file a format. [`items`] say what makes two drafts the same item, [`sections`] where an item belongs.
//! - [`store`] is all SQL there is: items, sections, channels, subscriptions, the outbox, the search.
//! - [`schedules`] say when a slot comes; [`channel`] is what is kept about one, [`subscriptions`] are the rules of
//!   following; [`roundups`] compose what is new for whoever is due; [`outbox`] sends it and writes down what became
//!   of it, which [`delivery`] decides.
//! - [`commands`] are the command table; [`locales`] every text that a chat user reads; [`post`] the rich text in
//!   which both are written; [`platforms`] render and send it.
//! - [`app`] wires all that and holds the loops, which wait and stop as [`task`] has it; [`metrics`] are counted; [`moves`] tell when a source has moved;
//!   [`settings`] is the operator's configuration. [`text`], [`search`]
//!   and [`ids`] are the vocabulary, [`bounds`] the table of what may come from outside, [`listener`] what
//!   keeps to it where somebody connects.
//!
//! # What stays true
//!
//! - **The core is synchronous and is told the time.** Nothing outside of [`app`] and the command line reads a
//!   clock, sleeps, or looks at the environment; `clippy.toml` bans it.
//! - **Four tables.** [`documents::ALL`], [`schedules::ALL`], [`commands::ALL`] and [`platforms::ALL`]: adding a row
//!   costs one file and one line.
//! - **The core knows no platform.** rusqlite stays in [`store`], Fluent in [`locales`], file events in [`app`]; chat
//!   platforms in [`platforms`]. `tests/it/house.rs` holds the house to it.
//! - **One transaction.** A document is filed whole or not at all; a cursor moves in the transaction that enqueues
//!   what it passes; so a process may be killed at any moment.
//! - **Source text is data.** Titles and summaries are plain text from [`documents`] on; whoever renders escapes.

pub mod addresses;
pub mod app;
pub mod bounds;
pub mod channel;
pub mod commands;
pub mod delivery;
pub mod documents;
pub mod ids;
pub mod items;
pub mod listener;
pub mod locales;
pub mod metrics;
pub mod moves;
pub mod outbox;
pub mod platforms;
pub mod post;
pub mod roundups;
pub mod schedules;
pub mod search;
pub mod sections;
pub mod settings;
pub mod sources;
pub mod store;
pub mod subscriptions;
pub mod task;
pub mod text;
