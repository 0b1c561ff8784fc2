//! map
pub mod documents;
pub mod ids;
pub mod items;
pub mod locales;
pub mod post;
pub mod schedules;
pub mod search;
pub mod sections;
pub mod settings;
pub mod store;
pub mod subscriptions;
pub mod text;
