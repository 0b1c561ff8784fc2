//! What every reader is given, and what it gives: a document, what it holds, or why it can't be read.

use crate::limits::steps;
use jiff::Timestamp;
use tidings_core::item::{Draft, Published};
use url::Url;

use crate::rules::Rules;

/// How much of a document's end is looked at, in bytes.
pub(crate) const LOOKED_AT: usize = 4_096;

/// Before there was a web nothing was published in feeds, and no server had seen anything: the beginning of 1990, in
/// seconds since 1970.
pub const WEB_BEGAN: i64 = 631_152_000;

/// One fetched thing: what came, from where, and when it was first seen.
#[derive(Debug, Default)]
pub struct Document {
    /// The file's path within its source, or the address.
    pub name: String,
    /// What came, as it came.
    pub bytes: Vec<u8>,
    /// When it was first seen (a file's time, a server's Last-Modified): what is undated at that sight is of that day.
    pub seen: Timestamp,
    /// Where it came from, for links that are relative; `None` for files.
    pub address: Option<Url>,
    /// The encoding that a server named.
    pub charset: Option<String>,
}

impl Clone for Document {
    fn clone(&self) -> Document {
        self.with_body(self.bytes.clone(), self.charset.clone())
    }
}

impl Document {
    /// The same document with another body, such as a part of its own.
    pub fn with_body(&self, bytes: Vec<u8>, charset: Option<String>) -> Document {
        // Not as a clone of it all: an archive of 30,000 mails would be copied 30,000 times. Copies are counted as steps.
        steps::spend(bytes.len());
        Document {
            name: self.name.clone(),
            bytes,
            seen: self.seen,
            address: self.address.clone(),
            charset,
        }
    }

    /// What relative links start from.
    pub fn base(&self) -> Option<&str> {
        self.address.as_ref().map(Url::as_str)
    }
}

/// What one document holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What a feed calls itself.
    pub title: Option<String>,
    /// The language that a feed says it is in, as a tag: `en`, `pt-br`.
    pub language: Option<String>,
    /// What is wrong with it, though it may have drafts: what a machine says in an item's place.
    pub trouble: Option<Unreadable>,
    /// The publisher's word on its date: in its name or address, or in its first blocks.
    pub published: Option<Published>,
    /// At least one draft, in the order of the document.
    pub drafts: Vec<Draft>,
    /// What no item took.
    pub unread: Unread,
}

/// What a document held and no item took, nor any rule drops: nothing vanishes in silence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// How many blocks, entries or messages the document has in all.
    pub of: usize,
    /// The first lines of those that weren't read, from 1, in their order.
    pub lines: Vec<u32>,
}

impl std::fmt::Display for Unread {
    /// `3 blocks of 41 were not read: lines 4, 7, 12`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        /// How many of them are named.
        const NAMED: usize = 10;
        let count = self.lines.len();
        let (blocks, were, lines) = match count {
            1 => ("block", "was", "line"),
            _ => ("blocks", "were", "lines"),
        };
        let named: Vec<String> = self.lines.iter().take(NAMED).map(u32::to_string).collect();
        let more = if count > NAMED { ", …" } else { "" };
        let named = named.join(", ");
        write!(
            f,
            "{count} {blocks} of {} {were} not read: {lines} {named}{more}",
            self.of
        )
    }
}

/// Why a document couldn't be read. It changes nothing in the archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Unreadable {
    /// The line, from 1; 0 where the trouble has none.
    pub line: u32,
    /// What is wrong there.
    pub reason: Reason,
}

/// What can be wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No kind of document claims it.
    #[error(
        "this isn't a kind of document that Tidings reads (it reads digests as text, web pages, Markdown or mail, \
         and feeds)"
    )]
    UnknownKind,
    /// A parser that panicked.
    #[error("the reader stumbled over it; please report it with the document")]
    Stumbled,
    /// A document at which the process ended more than once.
    #[error("Tidings ended twice while it was reading it; it is set aside until it changes")]
    SetAside,
    /// A list of sources.
    #[error("this is a list of sources, not a document: tidings import prints it as configuration")]
    Opml,
    /// Larger than anything that is read; the limit in MiB.
    #[error("it is larger than {0} MiB; split it")]
    TooLarge(u64),
    /// It isn't something that is read.
    #[error("{0}")]
    Refused(&'static str),
    /// The system doesn't let us read it.
    #[error("it can't be read: {0}")]
    Io(String),
    /// A NUL byte: a binary file, or UTF-16 without its mark.
    #[error("there is a NUL byte; save the page as UTF-8 text")]
    Nul,
    /// Bytes that aren't text in the encoding that the file claims.
    #[error("the bytes aren't valid {0}; save the page as UTF-8 text")]
    Encoding(&'static str),
    /// A feed that can't be made sense of.
    #[error("the feed can't be read: {0}")]
    Feed(String),
    /// What a program that makes feeds of pages has put in an item's place.
    #[error("the program that makes this feed reports: {0}")]
    Bridge(String),
    /// Beyond what a document may be made of.
    #[error("it has {0}, and isn't read")]
    TooMuch(String),
    /// More items than a document from the web may have.
    #[error("it holds {0} items, more than {1} ([fetch] items)")]
    TooManyItems(usize, usize),
    /// A selector of the source's that finds nothing, or isn't one.
    #[error("{0}")]
    Selector(String),
    /// A web page without anything like headlines.
    #[error(
        "no headlines were found in the page; name where they are with the source's keys item, title and summary"
    )]
    NoDigest,
    /// Nothing but blank lines before the footer.
    #[error("the page is empty")]
    Empty,
    /// Blank lines carry the structure, and there are none.
    #[error(
        "the page is a single block of text; blank lines between headlines and summaries are missing"
    )]
    SingleBlock,
    /// Headings alone.
    #[error("the page holds headings, but no item")]
    NoItem,
}

/// One kind of document.
pub struct DocumentKind {
    /// Its name in the configuration and the log.
    pub name: &'static str,
    /// The file name extensions that a folder is searched for.
    pub extensions: &'static [&'static str],
    /// Whether the bytes are of this kind, whatever the name says.
    pub claims: fn(&[u8]) -> bool,
    /// Reads the document.
    pub parse: fn(&Document, &Rules) -> Result<Page, Unreadable>,
}
