//! What is handed to filing, and what becomes of it.

use jiff::Timestamp;

use tidings_core::ids::{SectionSlug, SourceId};
use tidings_core::item::Prepared;

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
    /// The language that it says it is in.
    pub language: Option<&'d str>,
    /// Hashes of ids and links that several of its items share.
    pub shared: &'d [i64],
    /// Whether what an archive says of its items is put back: their numbers, sections and sources.
    pub restores: bool,
    /// Items of days before this moment (in seconds since 1970) aren't pushed; `None` pushes nothing.
    pub push_from: Option<i64>,
    /// Until when what is pushed waits for the source's editors; `None` waits for nobody.
    pub hold_until: Option<Timestamp>,
}

#[cfg(test)]
impl<'d> Filing<'d> {
    /// A document of which only its drafts matter.
    pub(super) fn plain(source: SourceId, name: &'d str, drafts: &'d [Prepared]) -> Filing<'d> {
        Filing {
            source,
            name,
            content_hash: 0,
            rules_hash: 0,
            reader: 0,
            size: 0,
            modified: 0,
            first_seen: Timestamp::UNIX_EPOCH,
            drafts,
            failure: None,
            ignored: 0,
            language: None,
            shared: &[],
            restores: false,
            push_from: None,
            hold_until: None,
        }
    }
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
    /// Whether it has too many entries of one title or address to find out which are known: then none is filed.
    pub is_too_much: bool,
    /// Sections that its headings made.
    pub discovered: Vec<(SectionSlug, String)>,
}
