//! Documents of the kind `mail`: `cargo +nightly fuzz run mail`.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::read("mail", bytes));
