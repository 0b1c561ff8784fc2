//! The stylesheet of all pages. Its address changes with what it says, so that it is kept for ever.

use xxhash_rust::xxh3::xxh3_64;

use super::answer::Answer;

const STYLE: &str = include_str!("style.css");

/// The stylesheet's path.
pub(super) fn style_path() -> String {
    format!("/style-{:016x}.css", xxh3_64(STYLE.as_bytes()))
}

/// The stylesheet.
pub(super) fn style() -> Answer {
    Answer {
        is_constant: true,
        ..Answer::new("text/css; charset=utf-8", STYLE.to_owned())
    }
}
