//! Documents of the kind `digest`: `cargo +nightly fuzz run digest`.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::read("digest", bytes));
