//! Documents as they are read: found as they were, or parsed and prepared for filing.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::Timestamp;
use rustix::fs::OFlags;

use super::Reading;
use super::folder::Look;
use super::hand;
use super::load::{Loader, Trust};
use crate::bounds::FILE_SIZE;
use crate::documents::{self, Document, Page, Reason, Unreadable};
use crate::items::{self, Published};
use crate::search;
use crate::store::{KnownDocument, Prepared};

/// A document between the two threads.
pub(super) enum Read {
    /// As it was filed.
    Unchanged(Same),
    Fresh(Box<Fresh>),
}

pub(super) struct Same {
    pub(super) look: Look,
    /// Whether the file's size and time are to be written down anew.
    pub(super) touched: bool,
    pub(super) items: usize,
    pub(super) failure: Option<(Option<u32>, String)>,
}

pub(super) struct Fresh {
    pub(super) look: Look,
    pub(super) content_hash: i64,
    pub(super) first_seen: Timestamp,
    pub(super) drafts: Result<Vec<Prepared>, Unreadable>,
    pub(super) is_news: bool,
    /// Whether a process had ended at it, and it is read now.
    pub(super) is_forgiven: bool,
}

/// A file's time; `now` if it has none that can be reckoned with.
fn file_time(look: &Look, now: Timestamp) -> Timestamp {
    Timestamp::from_nanosecond(look.modified.into()).unwrap_or(now)
}

/// The largest file that is read, in bytes.
const LARGEST: u64 = FILE_SIZE.most as u64;

/// Reads a file, and nothing else that may have taken its place since it was looked at: opening a pipe would wait for
/// whoever writes, and a link may lead anywhere.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
    let mut options = OpenOptions::new();
    let file = options
        .read(true)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it isn't a file any more"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file as a document.
///
/// # Errors
/// [`Reason::TooLarge`], [`Reason::Refused`], [`Reason::Io`].
pub fn document_of(look: &Look, now: Timestamp) -> Result<Document, Unreadable> {
    let unreadable = |reason| Unreadable { line: 0, reason };
    let most = LARGEST / (1024 * 1024);
    if let Some(why) = look.refused {
        return Err(unreadable(Reason::Refused(why)));
    }
    if look.size > LARGEST {
        return Err(unreadable(Reason::TooLarge(most)));
    }
    let bytes = read_file(&look.path).map_err(|error| unreadable(Reason::Io(error.to_string())))?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size > LARGEST) {
        return Err(unreadable(Reason::TooLarge(most)));
    }
    Ok(Document {
        name: look.name.clone(),
        bytes,
        seen: file_time(look, now),
        address: None,
        charset: None,
    })
}

impl Loader<'_> {
    pub(super) fn read(
        &self,
        look: Look,
        known: Option<&KnownDocument>,
        reading: &Reading,
        trust: Trust,
    ) -> Read {
        if let Some(known) = known.filter(|k| k.rules_hash == reading.hash)
            && trust == Trust::SizeAndTime
            && look.same_as(known.size, known.modified)
        {
            return as_it_was(look, known);
        }
        match document_of(&look, self.now) {
            Ok(document) => self.read_bytes(look, document, known, reading, trust),
            Err(unreadable) => {
                let seen = known.map_or(file_time(&look, self.now), |known| known.first_seen);
                Read::Fresh(Box::new(fresh(look, 0, seen, Err(unreadable), known)))
            }
        }
    }

    pub(super) fn read_bytes(
        &self,
        look: Look,
        mut document: Document,
        known: Option<&KnownDocument>,
        reading: &Reading,
        trust: Trust,
    ) -> Read {
        let content_hash = hand::content(&document.bytes);
        if let Some(known) = known {
            if known.content_hash == content_hash
                && known.rules_hash == reading.hash
                && trust != Trust::NotEvenContent
            {
                return as_it_was(look, known);
            }
            document.seen = known.first_seen;
        }
        let _span = tracing::info_span!("document", name = look.name).entered();
        let deaths = self.hand.deaths(content_hash);
        if (1..hand::DEATHS).contains(&deaths) {
            tracing::warn!("the process ended while this document was read; it is tried once more");
        }
        let drafts = self.hand.read(content_hash, || {
            documents::parse(&document, &reading.rules)
                .map(|page| self.prepare(page, reading, document.seen))
        });
        let is_set_aside = matches!(&drafts, Err(wrong) if wrong.reason == Reason::SetAside);
        let read = fresh(look, content_hash, document.seen, drafts, known);
        Read::Fresh(Box::new(Fresh {
            is_forgiven: deaths > 0 && !is_set_aside,
            ..read
        }))
    }

    /// Works out everything about a page's drafts that doesn't need the store.
    fn prepare(&self, page: Page, reading: &Reading, seen: Timestamp) -> Vec<Prepared> {
        let section = reading.section.as_deref();
        let first_sight = Published::Date(seen.to_zoned(reading.zone.clone()).date());
        let section = section
            .and_then(|slug| self.catalogue.by_slug(slug))
            .map(|section| section.id);
        let mut links: HashMap<i64, usize> = HashMap::new();
        for link in page.drafts.iter().filter_map(|d| d.link.as_deref()) {
            *links.entry(items::link_key(link)).or_default() += 1;
        }
        // An identifier that several items share is none.
        let mut ids: HashMap<String, usize> = HashMap::new();
        for id in page.drafts.iter().filter_map(|d| d.feed_id.clone()) {
            *ids.entry(id).or_default() += 1;
        }
        page.drafts
            .into_iter()
            .filter_map(|mut draft| {
                draft.feed_id = draft.feed_id.filter(|id| ids.get(id) == Some(&1));
                let published = draft.published.or(page.published).unwrap_or(first_sight);
                let archived = draft.archived.as_ref().filter(|_| reading.restores);
                let restored = archived.and_then(|archived| self.catalogue.restore(archived));
                Some(Prepared {
                    published: Some(published),
                    placement: restored.or_else(|| self.catalogue.place(&draft, section))?,
                    title_key: items::title_key(&draft.title, -published.seconds()),
                    link_key: draft
                        .link
                        .as_deref()
                        .map(items::link_key)
                        .filter(|key| links.get(key) == Some(&1)),
                    words: search::words(&draft.title, &draft.summary),
                    draft,
                })
            })
            .collect()
    }
}

fn as_it_was(look: Look, known: &KnownDocument) -> Read {
    Read::Unchanged(Same {
        touched: !look.same_as(known.size, known.modified),
        look,
        items: known.items,
        failure: known.failure.clone(),
    })
}

fn fresh(
    mut look: Look,
    content_hash: i64,
    first_seen: Timestamp,
    drafts: Result<Vec<Prepared>, Unreadable>,
    known: Option<&KnownDocument>,
) -> Fresh {
    let is_news = match (&drafts, known.and_then(|known| known.failure.as_ref())) {
        (Err(new), Some((line, reason))) => {
            line.unwrap_or(0) != new.line
                || *reason != new.reason.to_string()
                || known.is_some_and(|k| k.content_hash != content_hash)
        }
        _ => true,
    };
    if let Err(Unreadable {
        reason: Reason::Io(_),
        ..
    }) = drafts
    {
        // Permissions may be mended without a change of size or time: it is tried at each look.
        look.modified = -1;
    }
    Fresh {
        look,
        content_hash,
        first_seen,
        drafts,
        is_news,
        is_forgiven: false,
    }
}
