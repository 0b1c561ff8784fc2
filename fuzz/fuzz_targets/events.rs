//! Discord's events: `fuzz/run events`.
#![no_main]

#[path = "../invariants/mod.rs"]
mod invariants;
#[path = "../panics.rs"]
mod panics;

libfuzzer_sys::fuzz_target!(init: panics::of_libraries_are_contained(), |bytes: &[u8]| invariants::hold("events", bytes));
