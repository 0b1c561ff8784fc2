//! What a source says anew of an item that is known changes it in place.

use super::{FeedId, KnownItem, Place, Prepared, Published, title_key};
use crate::ids::SectionId;

/// An item as it is from now on, as far as that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision<'a> {
    /// The section it stands in.
    pub section: SectionId,
    /// Where it stands in its document.
    pub position: i64,
    /// Plain text, one line.
    pub title: &'a str,
    /// Plain text.
    pub summary: &'a str,
    /// Where the whole story is.
    pub link: Option<&'a str>,
    /// Where a picture of it is.
    pub picture: Option<&'a str>,
    /// When it was published.
    pub published: Option<Published>,
    /// Whether that is the publisher's word; `None` where nobody knows.
    pub written: Option<bool>,
    /// Where it stands in “newest first”: seconds since 1970, negated.
    pub rank: i64,
    /// What its feed calls it.
    pub feed_id: Option<&'a str>,
    /// The key of its title.
    pub title_key: i64,
    /// The key of its link.
    pub link_key: Option<i64>,
    /// Whether a reader could notice. That a picture is another one is no news: it pushes and counts nothing.
    pub is_visible: bool,
}

impl<'a> Revision<'a> {
    /// What a draft makes of an item; `None` if nothing. `own` is whether the draft's document speaks for the item.
    ///
    /// Another page that repeats the headline takes nothing away, and changes neither date nor section: otherwise the two
    /// pages would go on undoing each other.
    pub fn of(
        known: &'a KnownItem,
        prepared: &'a Prepared,
        section: SectionId,
        position: i64,
        own: bool,
    ) -> Option<Revision<'a>> {
        let draft = &prepared.draft;
        let (section, position) = if own {
            (section, position)
        } else {
            (known.section, known.position)
        };
        let title = if prepared.title_is_made {
            &known.title
        } else {
            &draft.title
        };
        let summary = if draft.summary.is_empty() && !own {
            &known.summary
        } else {
            &draft.summary
        };
        let link = draft.link.as_ref().or(known.link.as_ref().filter(|_| !own));
        let picture = draft.picture.as_ref();
        let picture = picture.or(known.picture.as_ref().filter(|_| !own));
        // A first sight stays; the publisher's word may come later, and may be corrected.
        let word = prepared
            .written
            .filter(|_| own || known.written == Some(false));
        let (published, written) = match word {
            Some(word) => (Some(word), Some(true)),
            None if known.published.is_none() => {
                (Some(prepared.published), Some(prepared.written.is_some()))
            }
            None => (known.published, known.written),
        };
        let rank = if published == known.published {
            known.rank
        } else {
            prepared.rank()
        };
        let feed_id = match &prepared.id {
            FeedId::Own(id) | FeedId::Counted(id) => Some(id),
            FeedId::None => known.feed_id.as_ref(),
            FeedId::Shared => None,
        };
        let link_key = match &draft.link {
            Some(_) => prepared.link_key,
            None => known.link_key,
        };
        let title_key = if prepared.title_is_made {
            known.title_key
        } else if draft.is_wordless || written == Some(false) {
            // What is undated is found again by when it was said last.
            prepared.title_key
        } else {
            title_key(title, rank)
        };
        let is_visible = known.title != *title
            || known.summary != *summary
            || known.link.as_ref() != link
            || known.section != section
            || known.published != published;
        let is_known_by_the_same = known.feed_id.as_ref() == feed_id
            && known.link_key == link_key
            && known.title_key == title_key
            && known.written == written;
        let is_changed = is_visible
            || known.position != position
            || known.picture.as_ref() != picture
            || !is_known_by_the_same;
        is_changed.then_some(Revision {
            section,
            position,
            title,
            summary,
            link: link.map(String::as_str),
            picture: picture.map(String::as_str),
            published,
            written,
            rank,
            feed_id: feed_id.map(String::as_str),
            title_key,
            link_key,
            is_visible,
        })
    }

    /// Where the item stands among all items from now on.
    pub fn place(&self, known: &KnownItem) -> Place {
        Place {
            rank: self.rank,
            position: self.position,
            id: known.id.get(),
        }
    }
}
