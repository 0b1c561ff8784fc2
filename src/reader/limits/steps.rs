//! What a reading costs, counted in steps: bytes that a parser passes over, pieces that it looks at again. A reading that
//! takes more steps than its document may cost ends there, on any machine, at the same place.
//!
//! The count lies beside the thread, not in an argument: what counts is deep within the parsers, and everything on
//! the way there would have to hand it on.

use std::cell::Cell;
use std::panic::resume_unwind;

use tidings_core::bounds::{STEPS, STEPS_A_BYTE};

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
pub(crate) struct Exhausted;

/// The steps that the reading of so many bytes may take.
pub(crate) fn steps_for(bytes: usize) -> u64 {
    let steps = STEPS_A_BYTE.most.saturating_mul(bytes);
    u64::try_from(steps.saturating_add(STEPS.most)).unwrap_or(u64::MAX)
}

/// Counts steps. Within [`within`], the one too many unwinds to whoever catches [`Exhausted`].
pub(crate) fn spend(steps: usize) {
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
pub(crate) fn within<T>(most: u64, work: impl FnOnce() -> T) -> (T, u64) {
    let around = METER.replace(Meter { spent: 0, most });
    let done = work();
    let spent = METER.get().spent;
    METER.set(Meter {
        spent: around.spent.saturating_add(spent),
        ..around
    });
    (done, spent)
}
