//! Who does what, and in whose name something is written.

use jiff::Timestamp;

/// What the duty to listen to one of a platform's connections begins with; `<platform>:<connection>/<of how many>` stands behind
/// it.
pub const CONNECTION: &str = "gateway:";

/// The platform to whose connections a duty belongs, and how many there are of them; `None` for other duties.
pub fn connection_of(duty: &str) -> Option<(&str, &str)> {
    let (platform, division) = duty.strip_prefix(CONNECTION)?.split_once(':')?;
    let (_, total) = division.split_once('/')?;
    Some((platform, total))
}

/// A duty in the hands of one process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fence {
    /// What it is: `chat:<platform>`, `gateway:<platform>:<connection>/<of how many>`, `fetch:<source>`, `keep`.
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
