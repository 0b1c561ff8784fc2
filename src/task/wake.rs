//! How those who write tell those who wait that there is work.

use tokio::sync::watch::{Receiver, Sender};

/// Raised when there is work for loops; each of them sees it.
#[derive(Default)]
pub struct Wake {
    schedule: Sender<u64>,
    outbox: Sender<u64>,
}

impl Wake {
    /// Something may be due.
    pub fn schedule(&self) {
        self.schedule.send_modify(|times| *times += 1);
    }

    /// Something may be sent.
    pub fn outbox(&self) {
        self.outbox.send_modify(|times| *times += 1);
    }

    /// Changes whenever something may be due.
    pub fn scheduled(&self) -> Receiver<u64> {
        self.schedule.subscribe()
    }

    /// Changes whenever something may be sent.
    pub fn sendable(&self) -> Receiver<u64> {
        self.outbox.subscribe()
    }
}
