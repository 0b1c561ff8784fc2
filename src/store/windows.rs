//! What of the items decides what a channel gets: from where on, up to where, and without what.

use tidings_core::channel::{Filter, Target};
use tidings_core::ids::{ChannelId, SectionId, WatchId};

/// The items of one subscription that a channel hasn't had.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// What is followed.
    pub target: Target,
    /// Sections that `all` leaves to subscriptions of their own, sorted.
    pub except: Vec<SectionId>,
    /// Items beyond this push order.
    pub after: i64,
    /// Which of them are wanted; `None` wants all.
    pub filter: Option<Filter>,
}

/// What of the items decides what a channel gets.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// What is served.
    pub windows: &'s [Window],
    /// For a channel with watches: those that aren't served now.
    pub waiting: Option<&'s [Window]>,
    /// Items up to this push order.
    pub up_to: i64,
    /// The channel whose exceptions count.
    pub exceptions_of: Option<ChannelId>,
    /// What it isn't told.
    pub untold: &'s Untold,
}

/// What of some windows a channel isn't told, and what reports bring it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// Items that are left out, ascending.
    pub left_out: Vec<i64>,
    /// Items that reports bring, with the section in which.
    pub brought: Vec<(i64, SectionId)>,
}

impl Scope<'_> {
    /// What SQL says of what is new in a window: `items`, or `reports` with the items that they are of.
    pub(super) fn condition(&self, window: &Window, told: &str) -> String {
        let joined = |ids: &mut dyn Iterator<Item = i64>| {
            let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
            ids.join(",")
        };
        let target = match window.target {
            Target::Section(id) => format!("{told}.section_id = {id}"),
            Target::All if window.except.is_empty() => "TRUE".to_owned(),
            Target::All => {
                let ids = joined(&mut window.except.iter().map(|id| id.get()));
                format!("{told}.section_id NOT IN ({ids})")
            }
            Target::Watch(id) => found_by(id, told),
        };
        let left_out = match self.untold.left_out.as_slice() {
            [] => String::new(),
            ids => {
                let ids = joined(&mut ids.iter().copied());
                format!(" AND items.id NOT IN ({ids})")
            }
        };
        format!(
            "{target} AND {told}.push_order > ?1 AND {told}.push_order <= ?2 AND items.removed = 0
             AND (?3 IS NULL OR NOT EXISTS
                  (SELECT 1 FROM delivered WHERE channel_id = ?3 AND item_id = items.id)){left_out}"
        )
    }

    pub(super) fn values(&self, window: &Window) -> (i64, i64, Option<i64>) {
        let channel = self.exceptions_of.map(ChannelId::get);
        (window.after, self.up_to, channel)
    }
}

/// What SQL says of what a watch found beyond a push order.
pub(super) fn found_by(watch: WatchId, told: &str) -> String {
    format!(
        "{told}.push_order IN (SELECT push_order FROM watched WHERE watch_id = {watch} AND push_order > ?1)"
    )
}
