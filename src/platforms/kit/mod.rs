//! What every platform does alike.

pub(in crate::platforms) mod lenient;
pub(in crate::platforms) mod network;
pub(in crate::platforms) mod outage;
mod probe;
pub(in crate::platforms) mod reader_limit;
pub(in crate::platforms) mod refusals;
pub(in crate::platforms) mod remote;
mod service;
pub(in crate::platforms) mod simpler;
pub(in crate::platforms) mod trouble;

pub use probe::probe;
pub use service::{
    Broken, Connect, Introduction, Listening, PlatformSpec, Probing, Refused, Service,
};
