//! In whose name something is written.

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
