//! Readings that end, whatever a document does to them.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::{io, thread};

use crate::document::{Document, Reason, Unreadable};
use crate::limits::steps::{Exhausted, steps_for, within};
use tidings_core::bounds::STACK;

/// Reads something of a document in as many steps as it may cost. The libraries under the parsers have been seen to panic
/// over feeds: that is a document's fault, not the bot's end.
///
/// # Errors
/// What reading says, [`Reason::TooMuch`] and [`Reason::Stumbled`].
pub fn bounded<T>(
    document: &Document,
    read: impl FnOnce() -> Result<T, Unreadable>,
) -> Result<T, Unreadable> {
    let most = steps_for(document.bytes.len());
    let (read, _) = within(most, || catch_unwind(AssertUnwindSafe(read)));
    read.unwrap_or_else(|broken| {
        Err(Unreadable {
            line: 0,
            reason: if broken.is::<Exhausted>() {
                Reason::TooMuch(format!("more to do in it than {most} steps"))
            } else {
                Reason::Stumbled
            },
        })
    })
}

/// Does something on a thread of its own whose stack is large enough for every document that the bounds let through.
///
/// # Errors
/// The system's, if it has no thread left.
pub fn on_own_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|threads| {
        let thread = thread::Builder::new().stack_size(STACK.most);
        let thread = thread.spawn_scoped(threads, work)?;
        Ok(thread.join().unwrap_or_else(|broken| resume_unwind(broken)))
    })
}
