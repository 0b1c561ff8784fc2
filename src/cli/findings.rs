//! What `tidings check` finds, one line a thing, with what to do about each that is wrong.

use std::io::{self, Write};

use tidings::settings::Redaction;
use tidings_core::text::visible;

/// What was found, thing by thing.
pub(super) struct Findings {
    pub(super) out: io::Stdout,
    pub(super) wrong: usize,
    pub(super) redaction: Redaction,
}

impl Findings {
    /// What is as it should be.
    pub(super) fn good(&mut self, thing: &str) -> io::Result<()> {
        writeln!(self.out, "✓ {}", self.shown(thing))
    }

    /// What works, and may not be meant.
    pub(super) fn warn(&mut self, thing: &str) -> io::Result<()> {
        writeln!(self.out, "! {}", self.shown(thing))
    }

    /// What is wrong, and what mends it.
    pub(super) fn bad(&mut self, thing: &str, remedy: &str) -> io::Result<()> {
        self.wrong += 1;
        writeln!(
            self.out,
            "✗ {}\n    {}",
            self.shown(thing),
            self.shown(remedy)
        )
    }

    /// A line without secrets, and without what names may hold to fool whoever reads it.
    pub(super) fn shown(&self, line: &str) -> String {
        visible(&self.redaction.text(line)).into_owned()
    }
}

/// So many of a thing.
pub(super) fn count(number: impl std::fmt::Display, noun: &str) -> String {
    let number = number.to_string();
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
