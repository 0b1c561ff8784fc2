//! What transactions on a server are for, and what they tell it when they begin.

use std::time::Duration;

/// For how long a statement may go without an answer; then its connection is given up.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// The advisory lock that whoever writes holds until its transaction is over: one writes at a time, as with SQLite, so what a
/// transaction has read stays true until it ends. “TDNG”.
const WRITING: i64 = 0x5444_4E47;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To look, at one moment's truth.
    Read,
    /// To look at all there is, at one moment's truth, however long that takes.
    Stream,
    /// To answer somebody: it may not take long.
    Ask,
    /// To write, alone.
    Write,
    /// To renew leases, or to take one that nobody is kept from, within so long: it waits for nobody who writes.
    Renew(Duration),
    /// To make the tables, to change them or to fill them all, alone, however long that takes.
    Schema,
}

impl Purpose {
    /// What a transaction says when it begins.
    ///
    /// Queries are planned as SQLite plans them, by indexes and one table after the other: that is what they are written for.
    /// A process that is stopped in the middle of a transaction must not keep others from writing: the server ends it.
    pub(super) fn settings(self) -> String {
        let (statement, idle) = match self {
            // The server gives up before we do: then it says so, and isn't taken for lost.
            Purpose::Read | Purpose::Write => (4_500, 1_500),
            Purpose::Ask => (1_000, 1_500),
            Purpose::Renew(patience) => (patience.as_millis(), 1_500),
            Purpose::Stream | Purpose::Schema => (0, 0),
        };
        let lock = match self {
            Purpose::Write | Purpose::Schema => {
                format!("; SELECT pg_advisory_xact_lock({WRITING})")
            }
            Purpose::Read | Purpose::Stream | Purpose::Ask | Purpose::Renew(_) => String::new(),
        };
        format!(
            "SELECT set_config('search_path', 'tidings', true), set_config('statement_timeout', '{statement}', true),
                 set_config('lock_timeout', '2s', true), set_config('idle_in_transaction_session_timeout', '{idle}', true),
                 set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
                 set_config('enable_seqscan', 'off', true), set_config('random_page_cost', '1.1', true),
                 set_config('jit', 'off', true){lock}"
        )
    }

    pub(super) fn deadline(self) -> Option<Duration> {
        match self {
            Purpose::Stream | Purpose::Schema => None,
            Purpose::Renew(patience) => Some(patience),
            Purpose::Read | Purpose::Ask | Purpose::Write => Some(DEADLINE),
        }
    }

    /// For how long a connection for it may take to be made, where others may take so long.
    pub(super) fn connecting(self, others: Duration) -> Duration {
        match self {
            // Whoever renews tries again soon, and has better to do than to wait for a line that is dead.
            Purpose::Renew(patience) => others.min(patience),
            Purpose::Read | Purpose::Stream | Purpose::Ask | Purpose::Write | Purpose::Schema => {
                others
            }
        }
    }

    /// For how long whatever it begins with may take. Whoever makes tables may have to wait for somebody who does.
    pub(super) fn beginning(self) -> Duration {
        self.deadline().unwrap_or(DEADLINE).min(DEADLINE)
    }
}
