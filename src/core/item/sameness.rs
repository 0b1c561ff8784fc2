//! Whether a draft and an item are the same, by what both say. Pure.

use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_128;

use super::{
    FeedId, Place, Prepared, Published, are_keys_of_one_title, canonical_link, folded_title,
    fragment, is_same_link,
};
use crate::ids::{ItemId, SectionId, SourceId};

/// A day, in seconds.
pub const DAY: i64 = 86_400;

/// Titles that come round after so many days are those of a column, not of an item that is said anew.
const SAME_TEXT_DAYS: i64 = 6;

/// Whether readers see an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They do.
    Shown,
    /// Taken out by the operator; kept so that it isn't loaded again.
    Removed,
    /// Hidden with its section.
    Hidden,
    /// It waits for its editors.
    Held,
}

/// What an editor has set of an item, whatever its source says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    /// The title.
    pub title: Option<String>,
    /// The summary.
    pub summary: Option<String>,
    /// Where it leads, or that it leads nowhere.
    pub link: Option<Option<String>>,
}

/// An item of the archive, as far as filing asks. Its words are its source's: it is recognised by them.
#[derive(Clone, Debug)]
pub struct KnownItem {
    /// Its number.
    pub id: ItemId,
    /// The section it stands in.
    pub section: SectionId,
    /// The source it came from.
    pub source: SourceId,
    /// The row of the document that speaks for it.
    pub document: i64,
    /// Where it stands in that document.
    pub position: i64,
    /// Where it stands in “newest first”: seconds since 1970, negated.
    pub rank: i64,
    /// Plain text, one line.
    pub title: String,
    /// Plain text.
    pub summary: String,
    /// Where the whole story is.
    pub link: Option<String>,
    /// Where a picture of it is.
    pub picture: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// Whether that is the publisher's word; `None` where nobody knows.
    pub written: Option<bool>,
    /// What its feed calls it.
    pub feed_id: Option<String>,
    /// The key of its title.
    pub title_key: i64,
    /// The key of its link.
    pub link_key: Option<i64>,
    /// Whether readers see it.
    pub standing: Standing,
    /// Its turn among what is handed to subscribers, if it was.
    pub push_order: Option<i64>,
    /// What readers are told instead of its source's words; `None` where no editor has touched them.
    pub edited: Option<Edited>,
}

impl KnownItem {
    /// Where it stands among all items.
    pub fn place(&self) -> Place {
        Place {
            rank: self.rank,
            position: self.position,
            id: self.id.get(),
        }
    }

    /// The date that its publisher wrote. Of an old item nobody knows: it is believed where the draft has one as well.
    pub fn written(&self, prepared: &Prepared) -> Option<Published> {
        let is_written = self.written.unwrap_or(prepared.written.is_some());
        self.published.filter(|_| is_written)
    }

    /// Returns true if both have one title, however it is written.
    pub fn has_title_of(&self, prepared: &Prepared) -> bool {
        self.title == prepared.draft.title
            || folded_title(&self.title) == folded_title(&prepared.draft.title)
    }

    /// What readers are told of it: the words of its source, unless an editor set others.
    pub fn shown<'k>(
        &'k self,
        title: &'k str,
        summary: &'k str,
        link: Option<&'k str>,
    ) -> (&'k str, &'k str, Option<&'k str>) {
        let Some(edited) = &self.edited else {
            return (title, summary, link);
        };
        (
            edited.title.as_deref().unwrap_or(title),
            edited.summary.as_deref().unwrap_or(summary),
            edited.link.as_ref().map_or(link, Option::as_deref),
        )
    }

    /// Returns true if both lead to one place.
    pub fn has_link_of(&self, prepared: &Prepared) -> bool {
        match (&self.link, &prepared.draft.link) {
            (Some(one), Some(other)) => is_same_link(one, other),
            _ => false,
        }
    }

    /// How far apart both are, in seconds.
    pub fn time_from(&self, prepared: &Prepared) -> u64 {
        self.rank.abs_diff(prepared.rank())
    }
}

/// What is costly about comparing a draft or an item, worked out when it is asked for the first time: where hundreds have
/// one title, each is compared with hundreds.
#[derive(Debug, Default)]
pub struct Compared {
    title: OnceCell<u128>,
    summary: OnceCell<u128>,
    link: OnceCell<Option<(u128, Option<String>)>>,
}

impl Compared {
    fn title(&self, title: &str) -> u128 {
        *self.title.get_or_init(|| print(&folded_title(title)))
    }

    fn summary(&self, summary: &str) -> u128 {
        *self.summary.get_or_init(|| print(&folded_title(summary)))
    }

    fn link(&self, link: &str) -> Option<&(u128, Option<String>)> {
        let read = || Some((print(&canonical_link(link)), fragment(link)));
        self.link.get_or_init(read).as_ref()
    }
}

/// A text as far as equal ones have the same.
fn print(text: &str) -> u128 {
    xxh3_128(text.as_bytes())
}

/// A draft and an item that may be the same.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'p> {
    /// The draft.
    pub prepared: &'p Prepared,
    /// What was worked out about it.
    pub draft: &'p Compared,
    /// The item.
    pub known: &'p KnownItem,
    /// What was worked out about that.
    pub item: &'p Compared,
}

impl<'p> Pair<'p> {
    /// Returns true if both have one title, however it is written.
    pub fn has_one_title(&self) -> bool {
        self.item.title(&self.known.title) == self.draft.title(&self.prepared.draft.title)
    }

    /// Returns true if both lead to one place: [`is_same_link`].
    pub fn has_one_link(&self) -> bool {
        match (&self.known.link, &self.prepared.draft.link) {
            (Some(one), Some(other)) => {
                let (one, other) = (self.item.link(one), self.draft.link(other));
                one.zip(other).is_some_and(|(one, other)| {
                    one.0 == other.0 && (one.1.is_none() || other.1.is_none() || one.1 == other.1)
                })
            }
            _ => false,
        }
    }

    /// Returns true if both name the same part of a page, or none.
    pub fn has_one_part(&self) -> bool {
        let part = |compared: &'p Compared, link: &Option<String>| {
            compared.link(link.as_deref()?)?.1.as_deref()
        };
        part(self.item, &self.known.link) == part(self.draft, &self.prepared.draft.link)
    }

    /// Returns true if the draft, which speaks for another item, has the item's title.
    pub fn has_title_of_item(&self) -> bool {
        !self.prepared.draft.is_wordless
            && are_keys_of_one_title(self.known.title_key, self.prepared.title_key)
            && self.has_one_title()
    }

    /// Returns true if a draft with an id of its own is another item than one that has an id as well and the same address: by
    /// its title, or, where it has no words, by its date.
    pub fn is_another(&self) -> bool {
        let (prepared, known) = (self.prepared, self.known);
        let both_have_ids = matches!(prepared.id, FeedId::Own(_)) && known.feed_id.is_some();
        both_have_ids
            && if prepared.draft.is_wordless {
                known.written(prepared) != prepared.written
            } else {
                !self.has_one_title()
            }
    }

    /// Returns true if a draft with an item's title says the same as the item.
    pub fn says_the_same(&self, own: &[i64], is_stable: bool) -> bool {
        let (prepared, known) = (self.prepared, self.known);
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
            _ => !is_stable || known.time_from(prepared) < span,
        };
        // A file that has another name now may have another date in it: that is corrected.
        let was_renamed = own.iter().skip(1).any(|gone| *gone == known.document);
        if is_bare && was_renamed && is_near {
            return true;
        }
        let (old, new) = (&known.summary, &prepared.draft.summary);
        let is_equal = if known.standing == Standing::Removed && old.is_empty() {
            // What older versions took out went without its text.
            true
        } else if old.is_empty() || new.is_empty() {
            match (was, is) {
                (Some(was), Some(is)) => was.agrees(is),
                (None, None) => !is_stable,
                _ => false,
            }
        } else {
            is_near && self.item.summary(old) == self.draft.summary(new)
        };
        is_near && is_equal
    }
}

/// Entries that only repeat an earlier one: without an id, with its title, summary and date. Those that are `found` already
/// speak for nobody else.
pub fn twins(drafts: &[Prepared], found: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut twins = Vec::new();
    let mut titles: HashMap<i64, usize> = HashMap::new();
    for prepared in drafts {
        *titles.entry(prepared.title_key).or_default() += 1;
    }
    let mut said = HashSet::new();
    // A page that teases a story and lists it below says its text only once.
    let mut teased: HashMap<_, bool> = HashMap::new();
    for (at, prepared) in drafts.iter().enumerate() {
        if prepared.id.is_some() || found(at) || titles[&prepared.title_key] < 2 {
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
            twins.push(at);
        }
    }
    twins
}
