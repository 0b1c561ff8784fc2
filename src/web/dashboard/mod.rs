//! The dashboard, for editors and whoever runs the bot: pages that are signed in to, and forms that change something. `request`
//! is what somebody asks, `entrance` who they are, `asked` which page or deed a path names, `routes` what comes of it; each
//! page has a file, and `page` is what stands around all of them. What is done is done by the rooms that do it for chat and
//! command line, and kept as a deed.

mod asked;
mod channels;
mod chart;
mod context;
mod deeds;
mod entrance;
mod item;
mod items;
mod limits;
mod outbox;
mod overview;
mod page;
mod picture;
mod previews;
mod progress;
mod reply;
mod request;
mod routes;
mod sections;
mod sources;
mod undoing;
mod words;
mod works;

pub use context::{Dashboard, Parts};
