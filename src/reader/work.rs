//! What a reading costs, counted in steps: bytes that a parser passes over, pieces that it looks at again. A reading that
//! takes more steps than its document may cost ends there, on any machine, at the same place.
//!
//! The count lies beside the thread, not in an argument: what counts is deep within the parsers, and everything on
//! the way there would have to hand it on.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::{io, thread};

use super::{Document, Page, Reason, Rules, Unreadable, parse};
use tidings_core::bounds::{STACK, STEPS, STEPS_A_BYTE};

#[derive(Clone, Copy)]
struct Meter {
    spent: u64,
    most: u64,
}

thread_local! {
    static METER: Cell<Meter> = const {
        Cell::new(Meter {
            spent: 0,
            most: u64::MAX,
        })
    };
}

/// Why a reading ended: the payload of an unwinding that isn't a panic.
struct Exhausted;

/// The steps that the reading of so many bytes may take.
fn steps_for(bytes: usize) -> u64 {
    let steps = STEPS_A_BYTE.most.saturating_mul(bytes);
    u64::try_from(steps.saturating_add(STEPS.most)).unwrap_or(u64::MAX)
}

/// Counts steps. Within [`within`], the one too many unwinds to whoever catches [`Exhausted`].
pub(super) fn spend(steps: usize) {
    METER.with(|meter| {
        let Meter { spent, most } = meter.get();
        let spent = spent.saturating_add(steps as u64);
        meter.set(Meter { spent, most });
        if spent > most {
            resume_unwind(Box::new(Exhausted));
        }
    });
}

/// Does something that may take so many steps, with how many it took. They count for whoever counts around it, too.
/// What unwinds has to be caught within.
pub(super) fn within<T>(most: u64, work: impl FnOnce() -> T) -> (T, u64) {
    let around = METER.replace(Meter { spent: 0, most });
    let done = work();
    let spent = METER.get().spent;
    METER.set(Meter {
        spent: around.spent.saturating_add(spent),
        ..around
    });
    (done, spent)
}

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

/// Reads a document, and says how many steps it took.
///
/// # Errors
/// As for [`parse`].
pub fn parse_counted(document: &Document, rules: &Rules) -> (Result<Page, Unreadable>, u64) {
    within(u64::MAX, || parse(document, rules))
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
