//! What is served over HTTP. `health` is metrics and health, for the operator's own tools. All else is the archive: pages and
//! feeds that everybody reads, and that change nothing. `address` reads what is asked for, `archive` and `lookup` look it up, `pages`
//! and `entries` write it, `answer` sends it, `serving` keeps it up.

mod address;
mod answer;
mod archive;
mod entries;
mod health;
mod lookup;
mod pages;
mod serving;
mod site;
mod sitemap;

pub use archive::{Archive, Told};
pub use health::{Health, measured, serve};
pub use serving::serve_archive;
