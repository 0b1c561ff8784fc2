//! What is handed to filing: documents with all that can be worked out about them without the store; and what becomes of them.

use jiff::Timestamp;

use tidings_core::ids::{SectionSlug, SourceId};
use tidings_core::item::{Draft, Published};
use tidings_core::section::Placement;

/// What a feed calls an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// Nothing.
    None,
    /// What it calls others as well: that is no id.
    Shared,
    /// Its place in the feed, counted from the top: believed only where something else speaks for it.
    Counted(String),
    /// A name of its own.
    Own(String),
}

impl Id {
    /// Whether it tells the item from the others of its document.
    pub fn is_some(&self) -> bool {
        matches!(self, Id::Counted(_) | Id::Own(_))
    }

    pub(super) fn as_deref(&self) -> Option<&str> {
        match self {
            Id::Counted(id) | Id::Own(id) => Some(id),
            Id::None | Id::Shared => None,
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
    pub id: Id,
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
}

impl Prepared {
    /// Where it stands in “newest first” if it is new.
    pub(super) fn rank(&self) -> i64 {
        -self.published.seconds()
    }
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFailure {
    /// The line, from 1, where it has one.
    pub line: Option<u32>,
    /// In words.
    pub reason: String,
}

/// One document to be filed.
#[derive(Debug)]
pub struct Filing<'d> {
    /// Where it came from.
    pub source: SourceId,
    /// Its name within the source.
    pub name: &'d str,
    /// Hash of its bytes.
    pub content_hash: i64,
    /// Hash of the rules it was read by.
    pub rules_hash: i64,
    /// The version of the reader that read it.
    pub reader: u32,
    /// Size in bytes.
    pub size: u64,
    /// The file's time, in nanoseconds since 1970.
    pub modified: i64,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Its drafts.
    pub drafts: &'d [Prepared],
    /// What is wrong with it, drafts or none.
    pub failure: Option<DocumentFailure>,
    /// Entries that the source doesn't want.
    pub ignored: usize,
    /// Hashes of ids and links that several of its items share.
    pub shared: &'d [i64],
    /// Whether what an archive says of its items is put back: their numbers, sections and sources.
    pub restores: bool,
    /// Items of days before this moment (in seconds since 1970) aren't pushed; `None` pushes nothing.
    pub push_from: Option<i64>,
}

/// What became of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    /// Items that weren't known.
    pub new: usize,
    /// Items that were known and have changed.
    pub updated: usize,
    /// Items that were known as they are.
    pub unchanged: usize,
    /// Items that are handed to subscribers.
    pub pushed: usize,
    /// Entries that the source doesn't want.
    pub ignored: usize,
    /// Sections that its headings made.
    pub discovered: Vec<(SectionSlug, String)>,
}
