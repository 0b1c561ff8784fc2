//! Who does what, and in whose name something is written.

use jiff::Timestamp;

/// A duty in the hands of one process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fence {
    /// What it is: `chat:<platform>`, `fetch:<source>`, `keep`.
    pub duty: String,
    /// Whose it is.
    pub holder: String,
    /// How many held it before, and this one.
    pub epoch: i64,
}

/// A duty that somebody holds, or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What it is.
    pub duty: String,
    /// Whose it is; `None` if nobody's.
    pub holder: Option<String>,
    /// How many held it so far.
    pub epoch: i64,
    /// Since when, by the clock of whoever took it.
    pub since: Timestamp,
}

/// A process that shares the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its host, its number there, and when it began.
    pub name: String,
    /// When it began.
    pub started: Timestamp,
    /// A hash of the configuration that it runs by.
    pub settings: i64,
}

/// How duties stand after a process has renewed its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// The server's time.
    pub now: Timestamp,
    /// All duties that anybody has ever held.
    pub duties: Vec<Held>,
    /// The processes that live, the one that began last first.
    pub processes: Vec<Process>,
}
