//! Documents of the kind `markdown`: `cargo +nightly fuzz run markdown`.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::read("markdown", bytes));
