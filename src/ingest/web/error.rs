//! Why a fetch brought nothing.

use std::time::Duration;

use jiff::Timestamp;

/// Why nothing came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The server says that it is gone for good.
    #[error(
        "the server says that it is gone for good (410). Take the source out, or give it another address"
    )]
    Gone,
    /// The server wants to be left alone for a while.
    #[error("the server is busy ({status}); it is asked again later")]
    Busy {
        /// Its answer.
        status: u16,
        /// How long it wants to be left alone, if it says.
        wait: Option<RetryAfter>,
    },
    /// It says that nothing has changed, and wasn't asked that.
    #[error(
        "the server says that nothing has changed (304), which it wasn't asked; it sends no document"
    )]
    NotAsked,
    /// Text where a feed should be.
    #[error("what the server sends isn't a feed but text")]
    Text,
    /// Something else than a feed: a page that says sorry, or asks to sign in.
    #[error("what the server sends isn't a feed but a web page; kind = \"page\" reads web pages")]
    NotAFeed,
    /// Any other answer.
    #[error("the server answers {0}")]
    Status(u16),
    /// An address that isn't public.
    #[error(
        "{0} is a private address, which isn't fetched from unless the source says allow_private = [\"{0}\"]"
    )]
    Private(String),
    /// Nobody knows what `robots.txt` says.
    #[error("the server answers {0} for the site's robots.txt, so nothing is fetched there yet")]
    NoRobots(u16),
    /// `robots.txt` forbids it.
    #[error("the site's robots.txt forbids it")]
    Robots,
    /// Too many redirects, or one that leads nowhere.
    #[error("{0}")]
    Redirect(String),
    /// A redirect to something that may be anybody's.
    #[error(
        "it leads to {0}, where nothing is known of this source; what is there is read once it has a link, an id or a \
         title of the source's"
    )]
    Strange(String),
    /// A digest that didn't come whole.
    #[error("its further page {page} can't be read: {why}")]
    Further {
        /// Which of its pages, as others may see its address.
        page: String,
        /// Why that didn't come.
        why: Box<FetchError>,
    },
    /// An index in which nothing is found.
    #[error("{0}")]
    Unreadable(String),
    /// Larger than the bound.
    #[error("it is larger than {0} bytes ([fetch] largest)")]
    TooLarge(usize),
    /// It took too long.
    #[error("it took too long")]
    TooSlow,
    /// The network.
    #[error("{0}")]
    Network(String),
}

impl FetchError {
    /// How long the server wants to be left alone, if it says.
    pub fn wait(&self, now: Timestamp) -> Option<Duration> {
        match self {
            FetchError::Busy { wait, .. } => wait.map(|wait| wait.from(now)),
            FetchError::Further { why, .. } => why.wait(now),
            _ => None,
        }
    }

    /// Whether no server was reached that could have said something.
    pub fn is_silent(&self) -> bool {
        matches!(
            self,
            FetchError::Network(_)
                | FetchError::TooSlow
                | FetchError::Busy { .. }
                | FetchError::NoRobots(_)
        )
    }
}

/// How long a server wants to be left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// For so long.
    For(Duration),
    /// Until then, by a clock that may not be ours.
    Until(Timestamp),
}

impl RetryAfter {
    /// How long that is from `now` on.
    pub fn from(self, now: Timestamp) -> Duration {
        match self {
            RetryAfter::For(wait) => wait,
            RetryAfter::Until(then) => {
                Duration::try_from(then.duration_since(now)).unwrap_or_default()
            }
        }
    }
}
