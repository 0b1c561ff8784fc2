//! Documents of the kind `feed`: `cargo +nightly fuzz run feed`.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::read("feed", bytes));
