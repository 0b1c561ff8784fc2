//! A draft on its way into the archive, with all that can be worked out about it beforehand.

use std::sync::Arc;

use super::story::{self, Features, Key, Unknown, WINDOW_SECONDS};
use super::{Draft, Published};
use crate::section::Placement;

/// What a feed calls an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedId {
    /// Nothing.
    None,
    /// What it calls others as well: that is no id.
    Shared,
    /// Its place in the feed, counted from the top: believed only where something else speaks for it.
    Counted(String),
    /// A name of its own.
    Own(String),
}

impl FeedId {
    /// Returns true if it tells the item from the others of its document.
    pub fn is_some(&self) -> bool {
        matches!(self, FeedId::Counted(_) | FeedId::Own(_))
    }

    /// The text, if it says anything.
    pub fn as_deref(&self) -> Option<&str> {
        match self {
            FeedId::Counted(id) | FeedId::Own(id) => Some(id),
            FeedId::None | FeedId::Shared => None,
        }
    }
}

/// A draft with all that can be worked out about it without the store.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The draft itself.
    pub draft: Draft,
    /// Whether nobody wrote its title, and it was made for want of one.
    pub title_is_made: bool,
    /// What its feed calls it.
    pub id: FeedId,
    /// The publisher's word on its date, or on its document's; nothing that can't be.
    pub written: Option<Published>,
    /// That, else the day of its first sight if it is new.
    pub published: Published,
    /// The section it belongs to.
    pub placement: Placement,
    /// The key of its title.
    pub title_key: i64,
    /// The key that an equal title may have in an older store.
    pub old_title_key: Option<i64>,
    /// The key of its link; `None` where several drafts of the document share the link.
    pub link_key: Option<i64>,
    /// What the search finds it by.
    pub words: String,
    /// What it says of an event of the last days; `None` where it is too old to be told with others.
    pub telling: Option<Box<Telling>>,
}

/// Whose story is looked for, and by what: what an item says is read once it is asked for, which it isn't where the item is
/// known already.
#[derive(Clone, Debug)]
pub struct Telling {
    /// Its source's name.
    source: Box<str>,
    /// When it was published, else first seen, in seconds since 1970.
    pub moment: i64,
    saying: Option<Saying>,
}

/// What an item says, ready to be compared.
#[derive(Clone, Debug)]
pub struct Saying {
    /// As stories are compared by it.
    pub features: Arc<Features>,
    /// What others find it by.
    pub keys: Arc<[Key]>,
}

impl Telling {
    /// That of an item whose moment isn't too long ago for anybody to tell the same; `source` is its source's name.
    pub fn of(draft: &Draft, source: &str, moment: i64, now: i64) -> Option<Telling> {
        let is_near = now.abs_diff(moment) < WINDOW_SECONDS;
        if is_near {
            // Not while a store waits.
            story::prepare();
        }
        (is_near && !draft.is_wordless).then(|| Telling {
            source: source.into(),
            moment,
            saying: None,
        })
    }

    /// Reads what the draft says that it was made of, and keeps that. Returns how much memory it takes, in bytes.
    pub fn read_ahead(&mut self, draft: &Draft) -> usize {
        let saying = self.saying(draft);
        let bytes = saying.features.bytes();
        self.saying = Some(saying);
        bytes
    }

    /// What the draft says that it was made of; what wasn't [read ahead](Telling::read_ahead) isn't kept either.
    pub fn saying(&self, draft: &Draft) -> Saying {
        if let Some(saying) = &self.saying {
            return saying.clone();
        }
        let features = Features::of(&draft.title, &draft.summary, &self.source, self.moment);
        features.prepare();
        Saying {
            keys: features.keys(&Unknown).into(),
            features: Arc::new(features),
        }
    }
}

impl Prepared {
    /// How long its texts are, those of the search included.
    pub fn bytes(&self) -> usize {
        let draft = &self.draft;
        let addresses = [&draft.link, &draft.picture].into_iter().flatten();
        let addresses: usize = addresses.map(String::len).sum();
        draft.title.len() + draft.summary.len() + addresses + self.words.len()
    }

    /// Where it stands in “newest first” if it is new.
    pub fn rank(&self) -> i64 {
        -self.published.seconds()
    }
}
