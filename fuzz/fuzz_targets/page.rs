//! Documents of the kind `page`: `cargo +nightly fuzz run page`.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::read("page", bytes));
