//! Work that takes its time, aside from the threads that answer people.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use tokio::sync::oneshot;

use tidings_core::bounds::STACK;
use tidings_store::StoreError;

/// Does something on a thread of its own, with a known stack. What panics there panics here.
///
/// # Errors
/// [`StoreError`], if there is no thread left.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    let (done, result) = oneshot::channel();
    let thread = thread::Builder::new().stack_size(STACK.most);
    let working = thread.spawn(move || {
        // Nobody waits for it any more where the pass was ended.
        let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
    });
    working.map_err(no_thread)?;
    match result.await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(panic)) => resume_unwind(panic),
        Err(never) => Err(no_thread(io::Error::other(never))),
    }
}

pub(super) fn no_thread(error: io::Error) -> StoreError {
    StoreError::CannotOpen(format!("no thread is left to read documents: {error}"))
}
