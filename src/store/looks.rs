//! What recognising looks at again and again, held so that what is costly is done once: rows of items with one title or
//! address are read once for all drafts of a document, and each is folded once.

use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::StoreError;
use tidings_core::ids::SourceId;
use tidings_core::item::{Compared, KnownItem, Pair, Prepared, link_key, title_alone};

/// What reading a row costs besides its bytes: two microseconds, and half a kilobyte as long as the document is
/// recognised.
const LOOKS_A_ROW: usize = 200;

/// How many bytes of a row, once it is read and folded, cost as much as a look.
const BYTES_A_LOOK: usize = 2;

/// A document whose drafts are to be recognised.
pub(super) struct Asked<'a> {
    /// The source of each draft.
    pub(super) sources: &'a [SourceId],
    pub(super) drafts: &'a [Prepared],
    /// The document itself, and those with the same content.
    pub(super) own: &'a OwnDocuments,
    /// Whether archives are put back: then numbers count.
    pub(super) restores: bool,
    /// The archive's own UUID, where drafts come from archives: its own entries are known by their numbers alone.
    pub(super) archive: Option<&'a str>,
    /// How many looks at items that may take; what is left of them.
    pub(super) looks: &'a Cell<usize>,
}

/// A document and those that it goes on speaking for.
#[derive(Debug, Default)]
pub(super) struct OwnDocuments {
    /// Their rows: its own, or 0 where it has none yet, and behind it those with the same content that are gone.
    pub(super) rows: Vec<i64>,
    /// When what is undated in them may have been said last, in seconds since 1970: at their first sights, and when they were
    /// read last.
    pub(super) said_at: Vec<i64>,
}

/// An item that is looked at.
pub(super) struct Seen {
    pub(super) known: KnownItem,
    compared: Compared,
}

impl Seen {
    pub(super) fn new(known: KnownItem) -> Seen {
        Seen {
            known,
            compared: Compared::default(),
        }
    }
}

/// The items with one key.
pub(super) type Crowd = Rc<Vec<Seen>>;

/// What is left of the looks that recognising a document's drafts may take, and what is known of drafts and items so far.
pub(super) struct Search<'a> {
    pub(super) asked: &'a Asked<'a>,
    drafts: Vec<Compared>,
    by_link: OnceCell<HashMap<i64, Vec<usize>>>,
    by_title: OnceCell<HashMap<i64, Vec<usize>>>,
    crowds: RefCell<HashMap<(By, i64, i64), Crowd>>,
}

/// What the items of a crowd have in common, besides a key and, where they are of one, their source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum By {
    Title,
    Link,
    LinkElsewhere,
    TitleElsewhere,
}

impl By {
    /// Where the key stands.
    pub(super) fn column(self) -> &'static str {
        match self {
            By::Title | By::TitleElsewhere => "title_key",
            By::Link | By::LinkElsewhere => "link_key",
        }
    }

    fn key(self, known: &KnownItem) -> Option<i64> {
        match self {
            By::Title | By::TitleElsewhere => Some(known.title_key),
            By::Link | By::LinkElsewhere => known.link_key,
        }
    }
}

impl<'a> Search<'a> {
    pub(super) fn new(asked: &'a Asked<'a>) -> Search<'a> {
        Search {
            asked,
            drafts: asked.drafts.iter().map(|_| Compared::default()).collect(),
            by_link: OnceCell::new(),
            by_title: OnceCell::new(),
            crowds: RefCell::default(),
        }
    }

    /// Counts a look at an item; `false` if there are none left.
    pub(super) fn may_look(&self) -> bool {
        self.spend(1)
    }

    /// Counts the reading of an item's row; `false` if there are no looks left.
    fn may_read(&self, known: &KnownItem) -> bool {
        let addresses = [&known.link, &known.picture].into_iter().flatten();
        let addresses: usize = addresses.map(String::len).sum();
        let bytes = known.title.len() + known.summary.len() + addresses;
        self.spend(LOOKS_A_ROW + bytes / BYTES_A_LOOK)
    }

    fn spend(&self, looks: usize) -> bool {
        let left = self.asked.looks.get().saturating_sub(looks);
        self.asked.looks.set(left);
        left > 0
    }

    /// # Errors
    /// [`StoreError::TooMuch`] once more was looked at than may be.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.asked.looks.get() {
            0 => Err(StoreError::TooMuch),
            _ => Ok(()),
        }
    }

    /// A draft beside an item.
    pub(super) fn pair<'p>(&'p self, at: usize, seen: &'p Seen) -> Pair<'p> {
        Pair {
            prepared: &self.asked.drafts[at],
            draft: &self.drafts[at],
            known: &seen.known,
            item: &seen.compared,
        }
    }

    /// The items with a key, which `read` hands over one by one as long as it is told to go on: read once for all drafts
    /// that ask for them.
    ///
    /// # Errors
    /// What reading says, and [`StoreError::TooMuch`].
    pub(super) fn crowd(
        &self,
        key: (By, i64, i64),
        read: impl FnOnce(&mut dyn FnMut(KnownItem) -> bool) -> Result<(), StoreError>,
    ) -> Result<Crowd, StoreError> {
        if let Some(crowd) = self.crowds.borrow().get(&key) {
            return Ok(crowd.clone());
        }
        let mut crowd = Vec::new();
        read(&mut |known| {
            let may = self.may_read(&known);
            crowd.push(Seen::new(known));
            may
        })?;
        self.check()?;
        let crowd = Rc::new(crowd);
        // That there are none is soon found out again, unless items of others are passed over meanwhile.
        if !crowd.is_empty() || self.is_asked_again(key) {
            self.crowds.borrow_mut().insert(key, crowd.clone());
        }
        Ok(crowd)
    }

    /// Under which keys items are looked for, by the sources of the drafts that are still open.
    pub(super) fn keys<K: IntoIterator<Item = i64>>(
        &self,
        is_open: impl Fn(usize) -> bool,
        keys: impl Fn(&'a Prepared) -> K,
    ) -> BTreeMap<i64, HashSet<i64>> {
        let mut found: BTreeMap<i64, HashSet<i64>> = BTreeMap::new();
        let drafts = self.asked.drafts.iter().zip(self.asked.sources);
        for (at, (prepared, source)) in drafts.enumerate() {
            if is_open(at) {
                let keys = keys(prepared).into_iter();
                found.entry(source.get()).or_default().extend(keys);
            }
        }
        found
    }

    /// Reads the items with several keys at once: what [`Search::crowd`] gives for one of them from now on.
    ///
    /// # Errors
    /// As [`Search::crowd`].
    pub(super) fn foresee(
        &self,
        by: By,
        source: i64,
        keys: &HashSet<i64>,
        read: impl FnOnce(&mut dyn FnMut(KnownItem) -> bool) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut found: HashMap<i64, Vec<Seen>> = HashMap::new();
        if !keys.is_empty() {
            read(&mut |known| {
                let may = self.may_read(&known);
                if let Some(key) = by.key(&known) {
                    found.entry(key).or_default().push(Seen::new(known));
                }
                may
            })?;
            self.check()?;
        }
        let mut crowds = self.crowds.borrow_mut();
        for key in keys {
            let mut crowd = found.remove(key).unwrap_or_default();
            match by {
                By::Title | By::Link => crowd.sort_unstable_by_key(|seen| seen.known.id),
                By::TitleElsewhere | By::LinkElsewhere => {
                    crowd.sort_unstable_by_key(|seen| Reverse(seen.known.id));
                }
            }
            crowds.insert((by, *key, source), Rc::new(crowd));
        }
        Ok(())
    }

    /// Whether the items with a key were read.
    pub(super) fn has_read(&self, key: (By, i64, i64)) -> bool {
        self.crowds.borrow().contains_key(&key)
    }

    /// Whether they were, and there are none.
    pub(super) fn has_none(&self, key: (By, i64, i64)) -> bool {
        let crowds = self.crowds.borrow();
        crowds.get(&key).is_some_and(|crowd| crowd.is_empty())
    }

    /// Whether several drafts ask for the items with a key.
    fn is_asked_again(&self, (by, key, _): (By, i64, i64)) -> bool {
        let drafts = match by {
            By::Title | By::TitleElsewhere => self.by_title().get(&title_alone(key)),
            By::Link | By::LinkElsewhere => self.by_link().get(&key),
        };
        drafts.is_some_and(|drafts| drafts.len() > 1)
    }

    fn by_link(&self) -> &HashMap<i64, Vec<usize>> {
        let read = || self.places(|draft| draft.link_key);
        self.by_link.get_or_init(read)
    }

    fn by_title(&self) -> &HashMap<i64, Vec<usize>> {
        let read = || self.places(|draft| Some(title_alone(draft.title_key)));
        self.by_title.get_or_init(read)
    }

    /// Where the drafts with each key stand.
    fn places(&self, key: impl Fn(&Prepared) -> Option<i64>) -> HashMap<i64, Vec<usize>> {
        let mut places: HashMap<i64, Vec<usize>> = HashMap::new();
        for (at, draft) in self.asked.drafts.iter().enumerate() {
            if let Some(key) = key(draft) {
                places.entry(key).or_default().push(at);
            }
        }
        places
    }

    /// The drafts that may have an item's link, and those that may have its title.
    pub(super) fn drafts_like(&self, known: &KnownItem) -> (&[usize], impl Iterator<Item = usize>) {
        let link = known.link.as_deref().map(link_key);
        let linked = link.and_then(|key| self.by_link().get(&key));
        let titled = self.by_title().get(&title_alone(known.title_key));
        (
            linked.map_or(&[], Vec::as_slice),
            titled.into_iter().flatten().copied(),
        )
    }
}
