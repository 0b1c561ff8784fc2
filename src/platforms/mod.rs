//! The platforms: one list, one folder each. Nothing outside of this folder knows which there are.

pub mod console;
pub mod discord;
pub mod kit;
pub mod telegram;

use crate::platforms::kit::PlatformSpec;

/// Every platform.
pub const ALL: &[PlatformSpec] = &[
    crate::platforms::console::SPEC,
    crate::platforms::telegram::SPEC,
    crate::platforms::discord::SPEC,
];
