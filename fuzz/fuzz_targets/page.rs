//! Documents of the kind `page`: `fuzz/run page`.
#![no_main]

#[path = "../invariants/mod.rs"]
mod invariants;
#[path = "../panics.rs"]
mod panics;

libfuzzer_sys::fuzz_target!(init: panics::of_libraries_are_contained(), |bytes: &[u8]| invariants::hold("page", bytes));
