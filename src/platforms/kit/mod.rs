//! What every platform does alike.

pub mod lenient;
pub mod network;
pub mod outage;
pub mod pipeline;
mod probe;
pub mod reader_limit;
pub mod refusals;
pub mod remote;
mod service;
pub mod sharing;
pub mod simpler;
pub mod trouble;

pub use probe::probe;
pub use service::{
    Broken, Connect, Introduction, Listening, PlatformSpec, Probing, Receiving, Refused, Service,
    Share,
};
