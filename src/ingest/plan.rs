//! Documents as they are read: found as they were, or parsed and prepared for filing.

use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::folder::FileStat;
use super::hand::Hand;
use super::profile::READER_VERSION;
use super::regular::open_file;
use super::telling::{Ids, Links};
use super::{ReadingProfile, hand};
use tidings_core::addresses::redacted_name;
use tidings_core::bounds::{DOCUMENT_TELLINGS, FILE_SIZE};
use tidings_core::ids::SourceId;
use tidings_core::item::{Draft, Prepared, Published, Telling};
use tidings_core::language::{Locale, Texts};
use tidings_core::search::{DocumentTexts, Folded};
use tidings_core::section::{Catalogue, Placement};
use tidings_core::{item, text};
use tidings_reader::{Document, Page, Reason, Unread, Unreadable};
use tidings_store::{DocumentFailure, Filing, KnownDocument};

/// A document between the two threads.
pub(super) enum Read {
    /// As it was filed.
    Unchanged(Same),
    Fresh(Box<Fresh>),
}

impl Read {
    /// How much it holds, as far as its document tells, and what was read of its items: nothing where that wasn't read.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Read::Unchanged(_) => 0,
            Read::Fresh(fresh) => {
                let said = fresh.drafts.as_ref().map_or(0, |made| made.said);
                fresh.look.bytes() + said
            }
        }
    }
}

pub(super) struct Same {
    pub(super) look: FileStat,
    /// Whether the file's size and time are to be written down anew.
    pub(super) touched: bool,
    pub(super) items: usize,
    pub(super) ignored: usize,
    pub(super) failure: Option<(Option<u32>, String)>,
}

pub(super) struct Fresh {
    pub(super) look: FileStat,
    pub(super) content_hash: i64,
    pub(super) first_seen: Timestamp,
    pub(super) drafts: Result<Made, Unreadable>,
    /// Whether it says what it said, and only how it is read has changed: the reader, or the configuration.
    pub(super) is_as_it_was: bool,
    pub(super) is_news: bool,
    /// Whether a process had ended at it, and it is read now.
    pub(super) is_forgiven: bool,
    /// What no item took.
    pub(super) unread: Unread,
}

impl Fresh {
    /// Why it couldn't be read, or what is wrong with it though it was.
    pub(super) fn trouble(&self) -> Option<&Unreadable> {
        match &self.drafts {
            Ok(made) => made.trouble.as_ref(),
            Err(unreadable) => Some(unreadable),
        }
    }

    /// What is filed of it.
    pub(super) fn filing(
        &self,
        source: SourceId,
        reading: &ReadingProfile,
        push_from: Option<i64>,
        hold_until: Option<Timestamp>,
    ) -> Filing<'_> {
        Filing {
            source,
            name: &self.look.name,
            content_hash: self.content_hash,
            rules_hash: reading.hash,
            reader: READER_VERSION,
            size: self.look.size,
            modified: self.look.modified,
            first_seen: self.first_seen,
            drafts: self.drafts.as_ref().map_or(&[], |page| &page.drafts),
            failure: self.trouble().map(|wrong| DocumentFailure {
                line: (wrong.line > 0).then_some(wrong.line),
                reason: wrong.reason.to_string(),
            }),
            ignored: self.drafts.as_ref().map_or(0, |page| page.ignored),
            language: self
                .drafts
                .as_ref()
                .ok()
                .and_then(|page| page.language.as_deref()),
            shared: self.shared(),
            restores: reading.restores,
            // What is found in a document that is as it was, by a better reader or another rule, is no news of its publisher's.
            push_from: push_from.filter(|_| !self.is_as_it_was),
            hold_until,
        }
    }

    /// What several of its items share, where it comes again and again.
    pub(super) fn shared(&self) -> &[i64] {
        self.drafts.as_ref().map_or(&[], |page| &page.shared)
    }
}

/// What a page's drafts are made into.
#[derive(Default)]
pub(super) struct Made {
    pub(super) drafts: Vec<Prepared>,
    pub(super) ignored: usize,
    pub(super) shared: Vec<i64>,
    pub(super) title: Option<String>,
    pub(super) language: Option<String>,
    pub(super) trouble: Option<Unreadable>,
    /// How much memory what its drafts say takes, where that was read, in bytes.
    said: usize,
}

/// How much of what a document's drafts say is read before they are filed, in bytes: some 1,500 of a digest's length. Beyond,
/// it is read beside what is stored.
const SAID_AHEAD: usize = 8 * 1024 * 1024;

/// A file's time; `now` if it has none that can be reckoned with.
fn file_time(look: &FileStat, now: Timestamp) -> Timestamp {
    Timestamp::from_nanosecond(look.modified.into()).unwrap_or(now)
}

/// The largest file that is read, in bytes.
const LARGEST: u64 = FILE_SIZE.most as u64;

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let file = open_file(path)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file as a document.
///
/// # Errors
/// [`Reason::TooLarge`], [`Reason::Refused`], [`Reason::Io`].
fn document_of(look: &FileStat, now: Timestamp) -> Result<Document, Unreadable> {
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

/// Which documents are read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recheck {
    /// Those whose size or time is another one. For the looks that a running bot takes.
    Touched,
    /// All; those with another content are filed.
    Content,
    /// All, and what is as it was is filed again, so that what was loaded quietly can be pushed.
    Everything,
}

/// Makes plans of documents: what each of them is for the archive, as far as that can be worked out without it.
#[derive(Clone)]
pub struct Planner {
    /// The sections there are.
    pub catalogue: Arc<Catalogue>,
    /// Name what has no words.
    pub texts: Arc<Texts>,
    /// The language in which they do.
    pub locale: Locale,
    /// Said to be the present.
    pub now: Timestamp,
    /// Where what is being read is noted.
    pub hand: Arc<Hand>,
}

impl Planner {
    pub(super) fn read(
        &self,
        look: FileStat,
        known: Option<&KnownDocument>,
        reading: &ReadingProfile,
        recheck: Recheck,
    ) -> Read {
        if let Some(known) = known.filter(|k| k.rules_hash == reading.hash)
            && recheck == Recheck::Touched
            && look.same_as(known.size, known.modified)
        {
            return as_it_was(look, known);
        }
        match document_of(&look, self.now) {
            Ok(document) => self.read_bytes(look, document, known, reading, recheck),
            Err(unreadable) => {
                let seen = known.map_or(file_time(&look, self.now), |known| known.first_seen);
                Read::Fresh(Box::new(fresh(look, 0, seen, Err(unreadable), known)))
            }
        }
    }

    pub(super) fn read_bytes(
        &self,
        look: FileStat,
        mut document: Document,
        known: Option<&KnownDocument>,
        reading: &ReadingProfile,
        recheck: Recheck,
    ) -> Read {
        let content_hash = hand::content(&document.bytes);
        if let Some(known) = known {
            if known.content_hash == content_hash
                && known.rules_hash == reading.hash
                && recheck != Recheck::Everything
            {
                return as_it_was(look, known);
            }
            // What was asked for in vain wasn't seen.
            if !known.is_missing() {
                document.seen = known.first_seen;
            }
        }
        let _span = tracing::info_span!("document", name = %redacted_name(&look.name)).entered();
        // What was never read hasn't been seen.
        let seen_before = known.filter(|known| known.was_read());
        let is_as_it_was = recheck != Recheck::Everything
            && seen_before.is_some_and(|known| {
                // What is as it was and is read all the same is read otherwise.
                known.content_hash == content_hash
            });
        let sight = match seen_before {
            Some(_) if !is_as_it_was => self.now,
            _ => sighted(document.seen, self.now),
        };
        let comes_again = document.address.is_some();
        let mut unread = Unread::default();
        let made = self.hand.read(content_hash, document.bytes.len(), || {
            // What a document does to whatever looks at it is that document's trouble.
            tidings_reader::bounded(&document, || {
                let mut page = tidings_reader::parse(&document, &reading.rules)?;
                unread = std::mem::take(&mut page.unread);
                // Of a document that nobody has seen all is new, most likely: a store that is written to waits for nothing that
                // can be done before. Of others most is known, and what that says nobody asks.
                let is_unseen = !known.is_some_and(KnownDocument::was_read);
                Ok(self.prepare(page, reading, sight, known, comes_again, is_unseen))
            })
        });
        let is_set_aside = matches!(&made, Err(wrong) if wrong.reason == Reason::SetAside);
        let read = fresh(look, content_hash, document.seen, made, known);
        Read::Fresh(Box::new(Fresh {
            is_as_it_was,
            is_forgiven: self.hand.deaths(content_hash) > 0 && !is_set_aside,
            unread,
            ..read
        }))
    }

    /// The drafts of a document that may be anybody's; none if it can't be read. For a thread with a known stack.
    pub(super) fn drafts(&self, document: &Document, reading: &ReadingProfile) -> Vec<Prepared> {
        let content = hand::content(&document.bytes);
        let page = self.hand.read(content, document.bytes.len(), || {
            tidings_reader::parse(document, &reading.rules)
        });
        let page = page.unwrap_or_default();
        self.prepare(page, reading, self.now, None, false, false)
            .drafts
    }

    /// Works out everything about a page's drafts that doesn't need the store. What is undated was seen first at `sight`;
    /// whether what they say is read now or once it is asked for, says `reads_ahead`.
    pub(super) fn prepare(
        &self,
        page: Page,
        reading: &ReadingProfile,
        sight: Timestamp,
        known: Option<&KnownDocument>,
        comes_again: bool,
        reads_ahead: bool,
    ) -> Made {
        let section = reading.section.as_deref();
        let section = section
            .and_then(|slug| self.catalogue.by_slug(slug))
            .map(|section| section.id);
        let first_sight = Published::Date(sight.to_zoned(reading.zone.clone()).date());
        let tomorrow = self.now.as_second() + 86_400;
        let was_shared = known.map_or(&[][..], |known| &known.shared);
        let in_all = page.drafts.len();
        let mut drafts = page.drafts;
        if !reading.ignore.is_empty() {
            drafts.retain(|draft| {
                let title = text::fold(&draft.title);
                !reading.ignore.iter().any(|phrase| phrase.occurs_in(&title))
            });
        }
        let ignored = in_all - drafts.len();
        if reading.restores {
            drafts.iter_mut().for_each(Draft::forget_page);
        }
        let mut shared = Vec::new();
        let links = Links::of(&drafts, was_shared, &mut shared);
        let ids = Ids::of(&drafts, was_shared, &mut shared);
        if !comes_again {
            shared.clear();
        }
        let label = reading.label.as_deref().or(page.title.as_deref());
        let label = label.unwrap_or(&reading.name);
        // Many items stand under one heading.
        let mut under: Option<(Arc<str>, Option<Placement>)> = None;
        let mut placed_under = |heading: &Arc<str>| match &under {
            Some((known, placement)) if Arc::ptr_eq(known, heading) => placement.clone(),
            _ => {
                let placement = self.catalogue.place_under(heading);
                under = Some((Arc::clone(heading), placement.clone()));
                placement
            }
        };
        // What an operator put into a folder may cost as much more as it is larger.
        let mut texts = comes_again.then(|| {
            let lengths = drafts.iter();
            DocumentTexts::of(lengths.map(|draft| draft.title.len() + draft.summary.len()))
        });
        let mut tellings = match comes_again {
            true => DOCUMENT_TELLINGS.most,
            false => usize::MAX,
        };
        let mut said = 0;
        let mut prepared = Vec::with_capacity(drafts.len());
        prepared.extend(drafts.into_iter().filter_map(|mut draft| {
            let archived = draft.archived.as_ref().filter(|_| reading.restores);
            // A day that hasn't come yet is a mistake of the program that wrote it.
            let own = draft
                .published
                .filter(|at| archived.is_some() || at.seconds() <= tomorrow);
            let written = own.or(page.published);
            let published = written.unwrap_or(first_sight);
            let restored = archived.and_then(|archived| self.catalogue.restore(archived));
            let title_is_made = draft.title.is_empty();
            if title_is_made {
                let say = self.texts.localizer(self.locale);
                let day = say.day(published.day(&reading.zone));
                let values = [("source", label.into()), ("day", (&day).into())];
                draft.title = say.text("item-without-words", &values);
                draft.is_wordless = true;
            }
            let rank = -published.seconds();
            // Nothing is found by a title that says nothing.
            let is_named = !draft.is_wordless;
            let keys = is_named.then(|| item::title_keys(&draft.title, rank));
            let (title_key, old_title_key) = keys.unwrap_or_default();
            let folded = match &texts {
                Some(texts) => texts.folded(&draft.title, &draft.summary),
                None => Folded::of(&draft.title, &draft.summary),
            };
            Some(Prepared {
                placement: restored
                    .or_else(|| placed_under(draft.heading.as_ref()?))
                    .or_else(|| {
                        self.catalogue
                            .place_without_heading(&draft, &folded, section)
                    })?,
                title_key,
                old_title_key,
                link_key: links.key(&draft),
                id: ids.id(draft.feed_id.as_deref()),
                words: match &mut texts {
                    Some(texts) => texts.words(&folded),
                    None => folded.words(),
                },
                telling: if tellings == 0 {
                    None
                } else {
                    // A day says when, unless it is only that of the first sight.
                    let moment = match written {
                        Some(at) => at.seconds(),
                        None => sight.as_second(),
                    };
                    let source = archived.and_then(|archived| archived.source.as_deref());
                    let source = source.unwrap_or(&reading.name);
                    let mut telling = Telling::of(&draft, source, moment, self.now.as_second());
                    tellings -= usize::from(telling.is_some());
                    if let Some(telling) = &mut telling
                        && reads_ahead
                        && said < SAID_AHEAD
                    {
                        said += telling.read_ahead(&draft);
                    }
                    telling.map(Box::new)
                },
                title_is_made,
                written,
                published,
                draft,
            })
        }));
        Made {
            drafts: prepared,
            ignored,
            shared,
            title: page.title.clone(),
            language: page.language.clone(),
            trouble: page.trouble.clone(),
            said,
        }
    }
}

/// When a document was seen first, by what stands for it: a file's time or a server's word; `now` where that can't be.
fn sighted(seen: Timestamp, now: Timestamp) -> Timestamp {
    let is_odd =
        seen.as_second() < tidings_reader::WEB_BEGAN || seen.as_second() > now.as_second() + 86_400;
    if is_odd { now } else { seen }
}

fn as_it_was(look: FileStat, known: &KnownDocument) -> Read {
    Read::Unchanged(Same {
        touched: !look.same_as(known.size, known.modified),
        look,
        items: known.items,
        ignored: known.ignored,
        failure: known.failure.clone(),
    })
}

fn fresh(
    mut look: FileStat,
    content_hash: i64,
    first_seen: Timestamp,
    drafts: Result<Made, Unreadable>,
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
        is_as_it_was: false,
        is_news,
        is_forgiven: false,
        unread: Unread::default(),
    }
}
