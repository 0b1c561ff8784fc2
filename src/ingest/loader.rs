//! What a pass over documents is told, and what it tells.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

use super::plan::Planner;
use tidings_core::ids::SectionSlug;
use tidings_reader::Unread;
use tidings_store::Store;

/// Which new items are handed to subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushPolicy {
    /// None: a baseline, or files from elsewhere.
    None,
    /// Those of some time on.
    From {
        /// Published at this moment or later, in seconds since 1970.
        from: i64,
        /// They wait for the source's editors until then; `None` for nobody.
        hold_until: Option<Timestamp>,
    },
}

/// A document that couldn't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its name, as others may see it.
    pub document: String,
    /// The line, from 1; `None` where the trouble has none.
    pub line: Option<u32>,
    /// What is wrong.
    pub reason: String,
    /// Whether this is its first report.
    pub news: bool,
}

/// What a document held and no item took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The document's name, as others may see it.
    pub document: String,
    /// Where in it.
    pub unread: Unread,
}

/// What a pass did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassSummary {
    /// The source's name.
    pub name: String,
    /// Documents looked at.
    pub documents: usize,
    /// Items that weren't known.
    pub new: usize,
    /// Items that have changed.
    pub updated: usize,
    /// Items that are as they were.
    pub unchanged: usize,
    /// Entries that the source doesn't want.
    pub ignored: usize,
    /// Items handed to subscribers.
    pub pushed: usize,
    /// Documents that couldn't be read.
    pub failed: Vec<Failed>,
    /// How many of those are more than are shown of one pass, and only count among what is beyond a roundup's cap.
    pub beyond: usize,
    /// What the source calls itself, where it said so.
    pub title: Option<String>,
    /// What of the documents that were read now no item took.
    pub unread: Vec<LeftOut>,
    /// Sections that headings made.
    pub discovered: Vec<(SectionSlug, String)>,
    /// Whether it was ended early.
    pub stopped: bool,
}

impl PassSummary {
    /// Takes in what another pass over the same source did.
    pub fn add(&mut self, other: PassSummary) {
        self.documents += other.documents;
        self.new += other.new;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.ignored += other.ignored;
        self.pushed += other.pushed;
        self.failed.extend(other.failed);
        self.beyond += other.beyond;
        self.title = self.title.take().or(other.title);
        self.unread.extend(other.unread);
        self.discovered.extend(other.discovered);
        self.stopped |= other.stopped;
    }
}

/// How far a pass is: documents done, and in all.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Loads documents into a store.
#[derive(Clone)]
pub struct Loader<'l> {
    /// The store.
    pub store: &'l Store,
    /// What makes plans of documents.
    pub planner: Planner,
    /// Raised by whoever wants the pass to end early. What is in hand is finished.
    pub stop: Arc<AtomicBool>,
}
