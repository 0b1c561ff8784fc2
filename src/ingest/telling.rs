//! What tells the items of one document apart: ids and links that no two of them share.

use std::collections::{HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use tidings_core::item::{Draft, FeedId, fragment, is_front_page, link_key};

/// Stands among what a document's items share where its ids count from the top.
const COUNTS: i64 = 0;

/// The links of a document's drafts.
pub(super) struct Links {
    shared: HashSet<i64>,
}

impl Links {
    /// Sees which links several drafts share, and notes them. A fragment tells apart where all of them have one.
    pub(super) fn of(drafts: &[Draft], was_shared: &[i64], shared: &mut Vec<i64>) -> Links {
        let mut first: HashMap<i64, HashSet<Option<String>>> = HashMap::new();
        let mut found: HashSet<i64> = was_shared.iter().copied().collect();
        for link in drafts.iter().filter_map(|draft| draft.link.as_deref()) {
            let key = link_key(link);
            let part = fragment(link);
            let parts = first.entry(key).or_default();
            // Beside the whole page no part of it is told apart.
            let is_same = match &part {
                Some(_) => parts.contains(&part) || parts.contains(&None),
                None => !parts.is_empty(),
            };
            if is_same && found.insert(key) {
                shared.push(key);
            }
            if !found.contains(&key) {
                parts.insert(part);
            }
        }
        Links { shared: found }
    }

    /// The key of a draft's link that is one item's alone. A site's front page isn't where a story with a text is told.
    pub(super) fn key(&self, draft: &Draft) -> Option<i64> {
        let link = draft.link.as_deref()?;
        let is_own = draft.summary.is_empty() || !is_front_page(link);
        let key = Some(link_key(link)).filter(|key| !self.shared.contains(key));
        key.filter(|_| is_own)
    }
}

/// The feed's ids of a document's drafts.
pub(super) struct Ids {
    shared: HashSet<i64>,
    count: bool,
}

impl Ids {
    /// Sees which ids several drafts share, and whether they count from the top, and notes that.
    pub(super) fn of(drafts: &[Draft], was_shared: &[i64], shared: &mut Vec<i64>) -> Ids {
        let mut seen = HashSet::new();
        let mut found: HashSet<i64> = was_shared.iter().copied().collect();
        for id in drafts.iter().filter_map(|draft| draft.feed_id.as_deref()) {
            let key = id_key(id);
            if !seen.insert(key) && found.insert(key) {
                shared.push(key);
            }
        }
        let count = found.contains(&COUNTS);
        let counts_now = !count && count_from_the_top(drafts);
        if counts_now {
            shared.push(COUNTS);
        }
        Ids {
            shared: found,
            count: count || counts_now,
        }
    }

    /// What an id is worth.
    pub(super) fn id(&self, id: Option<&str>) -> FeedId {
        match id {
            None => FeedId::None,
            Some(id) if self.shared.contains(&id_key(id)) => FeedId::Shared,
            Some(id) if self.count => FeedId::Counted(id.to_owned()),
            Some(id) => FeedId::Own(id.to_owned()),
        }
    }
}

fn id_key(id: &str) -> i64 {
    xxh3_64(format!("id {id}").as_bytes()).cast_signed()
}

/// Whether a document's ids are numbers that go up by one from 0 or 1, whatever stands before them.
fn count_from_the_top(drafts: &[Draft]) -> bool {
    let mut next: Option<(&str, u64)> = None;
    let mut counted = 0;
    for draft in drafts {
        let Some(id) = draft.feed_id.as_deref() else {
            return false;
        };
        let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
        let Ok(number) = id[stem.len()..].parse::<u64>() else {
            return false;
        };
        let fits = match next {
            None => number <= 1,
            Some((before, wanted)) => before == stem && wanted == number,
        };
        if !fits {
            return false;
        }
        next = Some((stem, number + 1));
        counted += 1;
    }
    // One alone is no row.
    counted > 1
}
