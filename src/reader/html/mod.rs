//! Web pages, and what Markdown has in common with them: pieces, their outline, and the items among them.

pub(crate) mod boilerplate;
mod cards;
mod day_groups;
pub(crate) mod entry_dates;
mod heading_links;
pub(crate) mod heading_roles;
pub(crate) mod html_walk;
pub(crate) mod itemize;
mod labelled;
pub(crate) mod labels;
pub(crate) mod lengths;
pub mod links;
mod literal;
pub mod markup;
mod meta_lines;
pub(crate) mod outline;
pub(crate) mod page;
pub(crate) mod page_date;
pub(crate) mod pictured;
mod rows;
pub(crate) mod select;
pub(crate) mod selected;
mod shapes;
mod siblings;
mod story;
mod subtitles;
pub(crate) mod tags;
