//! Whether a draft and an item are the same, by what both say. Pure.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::StoreError;
use super::prepared::{Id, Prepared};
use tidings_core::item::{
    Place, Published, are_keys_of_one_title, canonical_link, folded_title, fragment, is_same_link,
};

pub(super) const DAY: i64 = 86_400;

/// Titles that come round after so many days are those of a column, not of an item that is said anew.
const SAME_TEXT_DAYS: i64 = 6;

/// Whether readers see an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Shown,
    /// Taken out by the operator; kept so that it isn't loaded again.
    Removed,
    /// Hidden with its section.
    Hidden,
}

impl Standing {
    pub(super) fn from_stored(number: i64) -> Result<Standing, StoreError> {
        match number {
            0 => Ok(Standing::Shown),
            1 => Ok(Standing::Removed),
            2 => Ok(Standing::Hidden),
            _ => Err(StoreError::unexpected("items.removed", number.to_string())),
        }
    }
}

/// An item as it is stored, as far as filing asks.
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) section: i64,
    pub(super) source: i64,
    pub(super) document: i64,
    pub(super) position: i64,
    pub(super) rank: i64,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) link: Option<String>,
    pub(super) published: Option<String>,
    /// Whether that is the publisher's word; `None` where nobody knows.
    pub(super) written: Option<bool>,
    pub(super) feed_id: Option<String>,
    pub(super) title_key: i64,
    pub(super) link_key: Option<i64>,
    pub(super) standing: Standing,
    pub(super) push_order: Option<i64>,
}

impl Known {
    pub(super) fn place(&self) -> Place {
        Place {
            rank: self.rank,
            position: self.position,
            id: self.id,
        }
    }

    /// The date that its publisher wrote. Of an old item nobody knows: it is believed where the draft has one as well.
    pub(super) fn written(&self, prepared: &Prepared) -> Option<Published> {
        let is_written = self.written.unwrap_or(prepared.written.is_some());
        let published = self.published.as_deref().filter(|_| is_written)?;
        Published::parse(published).ok()
    }

    pub(super) fn has_title_of(&self, prepared: &Prepared) -> bool {
        self.title == prepared.draft.title
            || folded_title(&self.title) == folded_title(&prepared.draft.title)
    }

    pub(super) fn has_link_of(&self, prepared: &Prepared) -> bool {
        match (&self.link, &prepared.draft.link) {
            (Some(one), Some(other)) => is_same_link(one, other),
            _ => false,
        }
    }

    pub(super) fn days_from(&self, prepared: &Prepared) -> u64 {
        self.rank.abs_diff(prepared.rank())
    }
}

/// What a draft is.
pub(super) enum Found {
    /// An item that isn't known.
    New,
    /// This one.
    Known(Box<Known>),
    /// What an earlier entry of the same document says.
    Twin,
    /// An item of another source's.
    Elsewhere,
}

pub(super) fn is_title_of(known: &Known, other: &Prepared) -> bool {
    !other.draft.is_wordless
        && are_keys_of_one_title(known.title_key, other.title_key)
        && known.has_title_of(other)
}

/// Whether a draft with an id of its own is another item than one that has an id as well and the same address: by its
/// title, or, where it has no words, by its date.
pub(super) fn is_another(prepared: &Prepared, known: &Known) -> bool {
    let both_have_ids = matches!(prepared.id, Id::Own(_)) && known.feed_id.is_some();
    both_have_ids
        && if prepared.draft.is_wordless {
            known.written(prepared) != prepared.written
        } else {
            !known.has_title_of(prepared)
        }
}

/// Whether a draft with an item's title says the same as the item.
pub(super) fn says_the_same(
    prepared: &Prepared,
    known: &Known,
    own: &[i64],
    is_stable: bool,
) -> bool {
    let (was, is) = (known.written(prepared), prepared.written);
    let is_bare = !prepared.id.is_some()
        && prepared.draft.link.is_none()
        && known.feed_id.is_none()
        && known.link.is_none();
    let is_dated_apart = matches!((was, is), (Some(was), Some(is)) if !was.agrees(is));
    if is_bare && own.contains(&known.document) && !is_dated_apart {
        return true;
    }
    let span = (SAME_TEXT_DAYS * DAY).unsigned_abs();
    let is_near = match (was, is) {
        (Some(was), Some(is)) => was.seconds().abs_diff(is.seconds()) < span,
        // A source that changes ids and links with every fetch goes on saying the same.
        _ => !is_stable || known.days_from(prepared) < span,
    };
    let (old, new) = (&known.summary, &prepared.draft.summary);
    let is_equal = if known.standing == Standing::Removed {
        // Its text went with it.
        true
    } else if old.is_empty() || new.is_empty() {
        match (was, is) {
            (Some(was), Some(is)) => was.agrees(is),
            (None, None) => !is_stable,
            _ => false,
        }
    } else {
        old == new || folded_title(old) == folded_title(new)
    };
    is_near && is_equal
}

/// Marks entries that only repeat an earlier one: without an id, with its title, summary and date.
pub(super) fn mark_twins(drafts: &[Prepared], found: &mut [Option<Found>]) {
    let mut titles: HashMap<i64, usize> = HashMap::new();
    for prepared in drafts {
        *titles.entry(prepared.title_key).or_default() += 1;
    }
    let mut said = HashSet::new();
    // A page that teases a story and lists it below says its text only once.
    let mut teased: HashMap<_, bool> = HashMap::new();
    for (at, prepared) in drafts.iter().enumerate() {
        if prepared.id.is_some() || found[at].is_some() || titles[&prepared.title_key] < 2 {
            continue;
        }
        let draft = &prepared.draft;
        let title = folded_title(&draft.title);
        let link = draft.link.as_deref();
        let link = link.map(|link| (canonical_link(link), fragment(link)));
        let summary = folded_title(&draft.summary);
        let is_teaser = summary.is_empty();
        // Of what has no words the title says nothing.
        let by_text = draft.is_wordless.then(|| link.clone());
        let is_said = !said.insert((title.clone(), summary, prepared.written, by_text));
        let was_teased =
            link.is_some_and(|link| match teased.entry((title, link, prepared.written)) {
                Entry::Occupied(mut earlier) => {
                    let was_teaser = *earlier.get();
                    earlier.insert(was_teaser || is_teaser);
                    was_teaser || is_teaser
                }
                Entry::Vacant(none) => {
                    none.insert(is_teaser);
                    false
                }
            });
        if is_said || was_teased {
            found[at] = Some(Found::Twin);
        }
    }
}
