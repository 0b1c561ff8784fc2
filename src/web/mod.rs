//! What is served over HTTP. `health` is metrics and health, for the operator's own tools. The archive is pages and feeds that
//! everybody reads, and that change nothing: `address` reads what is asked for, `archive` and `lookup` look it up, `pages` and
//! `entries` write it, `answer` sends it, and `kept` what was sent just now. `dashboard` is for editors and whoever runs the bot. `serving` keeps both up.

mod address;
mod answer;
mod archive;
mod dashboard;
mod entries;
mod health;
mod kept;
mod lookup;
mod pages;
mod serving;
mod site;
mod sitemap;
mod style;

pub use archive::{Archive, Told};
pub use dashboard::{Dashboard, Parts};
pub use health::{Health, measured, serve};
pub use serving::{Faces, serve_pages};
