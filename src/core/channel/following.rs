//! The rules of following: from when on a channel gets what, and what becomes of that when it follows something else, or
//! when items and sections move. Pure: what is to be written comes back as changes, to be applied in their order.
//!
//! For each item there is one answer to whether a channel is owed it: the subscription that serves its section (its own,
//! else that to all) has a cursor before the item's push order, and the item isn't noted as delivered. Whatever changes,
//! nobody gets an item twice for it, and nobody loses one.

use jiff::Timestamp;

use super::{Filter, SubscriptionRow, Target};
use crate::ids::SectionId;
use crate::schedule::{Cadence, Zone};

/// One thing that changes in what a channel follows, or in what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowingChange {
    /// A subscription is made, or becomes this one.
    Save(SubscriptionRow),
    /// A subscription ends.
    End(Target),
    /// A section's items behind the first push order, up to the second and with it, count as delivered.
    Delivered(SectionId, i64, i64),
}

/// What a channel follows, and which sections there are.
#[derive(Clone, Debug)]
pub struct Following {
    /// Its subscriptions.
    pub rows: Vec<SubscriptionRow>,
    /// Every section that items stand in.
    pub sections: Vec<SectionId>,
}

/// What an item that moves to another section is for a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MovedItem {
    /// What its cursors say already.
    AsItStands,
    /// Delivered, or never to be.
    Delivered,
    /// Owed, which takes these changes.
    Owed(Vec<FollowingChange>),
    /// Owed until now, and not any more: the channel doesn't follow the new section.
    Lost,
}

/// When a subscription brings something, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// When.
    pub cadence: Cadence,
    /// Which items are wanted; `None` wants all.
    pub filter: Option<Filter>,
}

impl Wish {
    fn is_of(&self, row: &SubscriptionRow) -> bool {
        self.cadence == row.cadence && self.filter == row.filter
    }
}

/// A subscription that ended when its section became part of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedSubscription {
    /// The subscription as it was; its cursor says nothing any more.
    pub own: SubscriptionRow,
    /// Whether the channel followed the other section by itself.
    pub followed_into: bool,
    /// What the subscription to the other section has been since.
    pub became: Wish,
}

impl Following {
    /// The subscription to a target.
    pub fn find(&self, target: Target) -> Option<&SubscriptionRow> {
        self.rows.iter().find(|row| row.target == target)
    }

    /// The subscription that serves a section: its own, else that to all.
    pub fn serving(&self, section: SectionId) -> Option<&SubscriptionRow> {
        self.find(Target::Section(section))
            .or(self.find(Target::All))
    }

    fn progress(&self, section: SectionId) -> Option<i64> {
        self.serving(section).map(|row| row.cursor)
    }

    /// Makes subscriptions say of every section what it is to be delivered up to. A cursor that serves several sections
    /// goes back to the first of them, and what the others have behind it is noted.
    fn agree(
        &self,
        progress: impl Fn(SectionId) -> Option<i64>,
        is_new: impl Fn(&SubscriptionRow) -> bool,
    ) -> Vec<FollowingChange> {
        let mut changes = Vec::new();
        for row in &self.rows {
            let served: Vec<(SectionId, i64)> = self
                .sections
                .iter()
                .filter(|section| self.serving(**section).map(|by| by.target) == Some(row.target))
                .filter_map(|section| Some((*section, progress(*section)?)))
                .collect();
            let cursor = served.iter().map(|(_, progress)| *progress).min();
            let cursor = cursor.unwrap_or(row.cursor);
            let behind = served.into_iter().filter(|(_, to)| *to > cursor);
            changes.extend(behind.map(|(id, to)| FollowingChange::Delivered(id, cursor, to)));
            if cursor != row.cursor || is_new(row) {
                let cursor_moved = SubscriptionRow {
                    cursor,
                    ..row.clone()
                };
                changes.push(FollowingChange::Save(cursor_moved));
            }
        }
        changes
    }

    /// The subscription by which a target is followed from now on: after the newest push, or where that to all stands,
    /// if it brought the section before.
    pub fn begin(
        &self,
        target: Target,
        cadence: Cadence,
        zone: &Zone,
        newest: i64,
        now: Timestamp,
    ) -> SubscriptionRow {
        SubscriptionRow {
            target,
            filter: None,
            cursor: match (target, self.find(Target::All)) {
                (Target::All | Target::Section(_), Some(all)) => all.cursor,
                (Target::Watch(_), _) | (_, None) => newest,
            },
            next_at: cadence.next_after(now, zone.tz()),
            open_until: open_until(&cadence, zone, now),
            cadence,
        }
    }

    /// Ends a subscription; `None` if there is none. Where that to all takes the section over, the channel neither loses
    /// what it is owed nor gets again what it has.
    pub fn unsubscribe(&self, target: Target) -> Option<Vec<FollowingChange>> {
        self.find(target)?;
        let left = self.rows.iter().filter(|row| row.target != target);
        let after = Following {
            rows: left.cloned().collect(),
            sections: self.sections.clone(),
        };
        let mut changes = after.agree(|section| self.progress(section), |_| false);
        changes.push(FollowingChange::End(target));
        Some(changes)
    }

    /// Reads all schedules anew, after the channel's zone has changed.
    pub fn rezone(&self, zone: &Zone, now: Timestamp) -> Vec<FollowingChange> {
        // A slot that is overdue stays so: its roundup is still owed.
        let is_ahead = |row: &&SubscriptionRow| row.next_at.is_none_or(|next| next > now);
        let rows = self.rows.iter().filter(is_ahead);
        rows.map(|row| FollowingChange::Save(row.at(row.cadence.clone(), zone, now)))
            .collect()
    }

    /// An item that was handed to subscribers moves to another section: who has it doesn't get it again, who is owed it
    /// still gets it, and who didn't follow its old section isn't pushed it.
    pub fn item_moves(&self, push_order: i64, from: SectionId, to: SectionId) -> MovedItem {
        let is_owed = |row: &SubscriptionRow| row.cursor < push_order;
        let was_owed = self.serving(from).is_some_and(is_owed);
        let Some(new) = self.serving(to) else {
            return match was_owed {
                true => MovedItem::Lost,
                false => MovedItem::AsItStands,
            };
        };
        match (was_owed, is_owed(new)) {
            (false, true) => MovedItem::Delivered,
            // Back to just before the item, with everything else behind it noted as delivered.
            (true, false) => MovedItem::Owed(self.set_back(new, push_order)),
            (true, true) | (false, false) => MovedItem::AsItStands,
        }
    }

    /// An item comes back from a section that the channel doesn't follow, and it was owed when it went there.
    pub fn item_returns(&self, push_order: i64, to: SectionId) -> MovedItem {
        match self.serving(to) {
            Some(row) if row.cursor >= push_order => {
                MovedItem::Owed(self.set_back(row, push_order))
            }
            _ => MovedItem::AsItStands,
        }
    }

    fn set_back(&self, row: &SubscriptionRow, push_order: i64) -> Vec<FollowingChange> {
        let served = self.sections.iter().filter(|section| {
            self.serving(**section)
                .is_some_and(|by| by.target == row.target)
        });
        let mut changes: Vec<_> = served
            .map(|section| FollowingChange::Delivered(*section, push_order, row.cursor))
            .collect();
        changes.push(FollowingChange::Save(SubscriptionRow {
            cursor: push_order - 1,
            ..row.clone()
        }));
        changes
    }

    /// Before a section becomes part of another one: a subscription to the first becomes one to the second. What the
    /// channel has isn't pushed again, what it is owed isn't lost, and what it never followed isn't pushed.
    pub fn sections_merge(
        &self,
        from: SectionId,
        into: SectionId,
        newest: i64,
    ) -> Vec<FollowingChange> {
        let (old, kept) = (
            self.find(Target::Section(from)),
            self.find(Target::Section(into)),
        );
        let Some(row) = kept.or(old) else {
            return Vec::new();
        };
        // A section that isn't followed counts as delivered to its end.
        let progress = |section| self.progress(section).unwrap_or(newest);
        let cursor = progress(from).min(progress(into));
        let mut changes: Vec<_> = [from, into]
            .into_iter()
            .filter(|section| progress(*section) > cursor)
            .map(|section| FollowingChange::Delivered(section, cursor, progress(section)))
            .collect();
        changes.push(FollowingChange::Save(SubscriptionRow {
            target: Target::Section(into),
            cursor,
            ..row.clone()
        }));
        changes.extend(old.map(|row| FollowingChange::End(row.target)));
        changes
    }

    /// After a section that was part of another one stands by itself again: the subscription that the channel had to it comes
    /// back as it was. Where a manager has changed since what it became, that is what both are from now on; where they have
    /// ended it, nothing comes back. What the channel has isn't pushed again, what it is owed isn't lost.
    pub fn sections_part(
        &self,
        section: SectionId,
        from: SectionId,
        merged: Option<&MergedSubscription>,
        now: Timestamp,
    ) -> Vec<FollowingChange> {
        let Some(current) = self.find(Target::Section(from)) else {
            return Vec::new();
        };
        let mut after = self.clone();
        let mut changes = Vec::new();
        if let Some(merged) = merged {
            let is_as_it_was = merged.became.is_of(current);
            after.rows.push(if is_as_it_was {
                merged.own.resumed(current, now)
            } else {
                SubscriptionRow {
                    target: Target::Section(section),
                    ..current.clone()
                }
            });
            if is_as_it_was && !merged.followed_into {
                after.rows.retain(|row| row.target != current.target);
                changes.push(FollowingChange::End(current.target));
            }
        }
        let progress = |of| self.progress(if of == section { from } else { of });
        let is_new = |row: &SubscriptionRow| row.target == Target::Section(section);
        let mut agreed = after.agree(progress, is_new);
        agreed.append(&mut changes);
        agreed
    }

    /// Another channel turns out to be this one: it follows what either did, as the other had it, and what one of them
    /// has doesn't come again.
    pub fn joined_by(&self, other: &Following) -> Vec<FollowingChange> {
        let mut rows = other.rows.clone();
        // A watch serves no section: where both have it, it goes on behind what either has.
        for row in rows.iter_mut().filter(|row| row.target.watch().is_some()) {
            let own = self.find(row.target).map(|own| own.cursor);
            row.cursor = row.cursor.max(own.unwrap_or(row.cursor));
        }
        let own = self.rows.iter();
        rows.extend(own.filter(|row| other.find(row.target).is_none()).cloned());
        let after = Following {
            rows,
            sections: self.sections.clone(),
        };
        // `None` is less than any progress.
        let progress = |section| self.progress(section).max(other.progress(section));
        after.agree(progress, |row| other.find(row.target).is_some())
    }
}

impl SubscriptionRow {
    /// A subscription that rested, from now on. A slot of it that has passed meanwhile was none that anybody missed: the next
    /// one is that of `other`, which served its section.
    fn resumed(&self, other: &SubscriptionRow, now: Timestamp) -> SubscriptionRow {
        let has_passed = self.next_at.is_some_and(|at| at <= now);
        let is_alike = self.cadence == other.cadence;
        SubscriptionRow {
            next_at: match other.next_at {
                Some(next) if is_alike || has_passed => Some(next),
                _ => self.next_at,
            },
            open_until: if is_alike {
                other.open_until
            } else {
                self.open_until
            },
            ..self.clone()
        }
    }

    /// The subscription at another cadence. What waits for it goes on waiting.
    #[must_use]
    pub fn at(&self, cadence: Cadence, zone: &Zone, now: Timestamp) -> SubscriptionRow {
        SubscriptionRow {
            next_at: cadence.next_after(now, zone.tz()),
            open_until: open_until(&cadence, zone, now),
            cadence,
            ..self.clone()
        }
    }
}

/// When the last window of a cadence ends that has begun, where it has windows.
pub fn open_until(cadence: &Cadence, zone: &Zone, now: Timestamp) -> Option<Timestamp> {
    // Where the calendar ends there is none, which mustn't read as one without end.
    let end = || cadence.window_end(now, zone.tz()).unwrap_or(now);
    cadence.is_windowed().then(end)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::{btree_map, btree_set};
    use proptest::prelude::*;

    use super::*;
    use crate::ids::WatchId;

    const SECTIONS: i64 = 4;
    const NEWEST: i64 = 20;

    /// A channel with what the store notes about it: enough to say what it is owed.
    #[derive(Clone, Debug)]
    struct Noted {
        following: Following,
        delivered: BTreeSet<i64>,
    }

    /// An item for every push order, and the section that it stands in.
    type Items = Vec<(i64, SectionId)>;

    impl Noted {
        fn is_owed(&self, (order, section): (i64, SectionId)) -> bool {
            let serving = self.following.serving(section);
            serving.is_some_and(|row| row.cursor < order) && !self.delivered.contains(&order)
        }

        fn owed(&self, items: &Items) -> BTreeSet<i64> {
            let owed = items.iter().filter(|item| self.is_owed(**item));
            owed.map(|(order, _)| *order).collect()
        }

        fn apply(&mut self, changes: &[FollowingChange], items: &Items) {
            for change in changes {
                let rows = &mut self.following.rows;
                match change {
                    FollowingChange::Save(row) => {
                        rows.retain(|other| other.target != row.target);
                        rows.push(row.clone());
                    }
                    FollowingChange::End(target) => rows.retain(|row| row.target != *target),
                    FollowingChange::Delivered(section, from, to) => self.delivered.extend(
                        items
                            .iter()
                            .filter(|(order, of)| of == section && order > from && order <= to)
                            .map(|(order, _)| *order),
                    ),
                }
            }
        }

        fn follows(&self, section: SectionId) -> bool {
            self.following.serving(section).is_some()
        }
    }

    fn sections() -> Vec<SectionId> {
        (1..=SECTIONS).map(SectionId::new).collect()
    }

    fn items() -> impl Strategy<Value = Items> {
        proptest::collection::vec(1..=SECTIONS, NEWEST as usize)
            .prop_map(|of| (1..).zip(of.into_iter().map(SectionId::new)).collect())
    }

    fn noted() -> impl Strategy<Value = Noted> {
        let rows = btree_map(0..=SECTIONS, 0..=NEWEST, 0..=5);
        let delivered = btree_set(1..=NEWEST, 0..5);
        (rows, delivered).prop_map(|(rows, delivered)| {
            let row = |(target, cursor)| SubscriptionRow {
                target: match target {
                    0 => Target::All,
                    id => Target::Section(SectionId::new(id)),
                },
                cadence: Cadence::parse("instant").expect("a cadence"),
                filter: None,
                cursor,
                next_at: None,
                open_until: None,
            };
            Noted {
                following: Following {
                    rows: rows.into_iter().map(row).collect(),
                    sections: sections(),
                },
                delivered,
            }
        })
    }

    fn section() -> impl Strategy<Value = SectionId> {
        (1..=SECTIONS).prop_map(SectionId::new)
    }

    #[test]
    fn a_subscription_comes_back_as_a_manager_left_it() {
        let at = |second| Some(Timestamp::from_second(second).expect("a moment"));
        let row = |section, cadence, next| SubscriptionRow {
            target: Target::Section(SectionId::new(section)),
            cadence: Cadence::parse(cadence).expect("a cadence"),
            filter: None,
            cursor: 7,
            next_at: next,
            open_until: None,
        };
        let [from, into] = [1, 2].map(SectionId::new);
        let daily = "daily 09:00";
        let merged = |followed_into, became: &str| MergedSubscription {
            own: row(1, daily, at(50)),
            followed_into,
            became: Wish {
                cadence: Cadence::parse(became).expect("a cadence"),
                filter: None,
            },
        };
        let now = Timestamp::from_second(100).expect("a moment");
        let part = |current: &[SubscriptionRow], merged: &MergedSubscription| {
            let following = Following {
                rows: current.to_vec(),
                sections: sections(),
            };
            following.sections_part(from, into, Some(merged), now)
        };
        let save = |row| FollowingChange::Save(row);
        // It was that one all the time, and its slot is the one that comes next, not one that has passed.
        assert_eq!(
            part(&[row(2, daily, at(150))], &merged(false, daily)),
            [
                save(row(1, daily, at(150))),
                FollowingChange::End(Target::Section(into))
            ]
        );
        // Both were followed.
        assert_eq!(
            part(&[row(2, "hourly", at(120))], &merged(true, "hourly")),
            [save(row(1, daily, at(120)))]
        );
        // A manager has changed it since: that is about both.
        assert_eq!(
            part(&[row(2, "hourly", at(120))], &merged(false, daily)),
            [save(row(1, "hourly", at(120)))]
        );
        // Or ended it.
        assert_eq!(part(&[], &merged(false, daily)), []);
    }

    #[test]
    fn a_watch_stands_beside_sections() {
        let row = |target, cursor| SubscriptionRow {
            target,
            cadence: Cadence::instant(),
            filter: None,
            cursor,
            next_at: None,
            open_until: None,
        };
        let watch = Target::Watch(WatchId::new(7));
        let japan = Target::Section(SectionId::new(2));
        let following = |rows: &[SubscriptionRow]| Following {
            rows: rows.to_vec(),
            sections: sections(),
        };
        let held = following(&[row(Target::All, 5), row(japan, 9), row(watch, 3)]);
        // It begins from now, wherever `all` stands, and takes nothing over.
        let zone = Zone::named("UTC").expect("a zone");
        let other = Target::Watch(WatchId::new(8));
        let begun = held.begin(other, Cadence::instant(), &zone, 12, Timestamp::UNIX_EPOCH);
        assert_eq!(begun.cursor, 12);
        let ended = held.unsubscribe(watch).expect("changes");
        assert_eq!(ended, [FollowingChange::End(watch)]);
        let ended = held.unsubscribe(japan).expect("changes");
        let touches = |change: &FollowingChange| matches!(change, FollowingChange::Save(row) if row.target == watch);
        assert!(!ended.iter().any(touches));
        // Of two channels that are one, it goes on behind what either has.
        for (one, another, cursor) in [(3, 8, 8), (8, 3, 8)] {
            let joined =
                following(&[row(watch, one)]).joined_by(&following(&[row(watch, another)]));
            assert_eq!(joined, [FollowingChange::Save(row(watch, cursor))]);
        }
    }

    proptest! {
        #[test]
        fn who_stops_following_is_owed_the_rest_as_before(noted in noted(), items in items(), at in 0..=SECTIONS) {
            let target = if at == 0 { Target::All } else { Target::Section(SectionId::new(at)) };
            let Some(changes) = noted.following.unsubscribe(target) else {
                prop_assert!(noted.following.find(target).is_none());
                return Ok(());
            };
            let mut after = noted.clone();
            after.apply(&changes, &items);
            prop_assert!(after.following.find(target).is_none());
            for item in &items {
                prop_assert_eq!(after.is_owed(*item), noted.is_owed(*item) && after.follows(item.1));
            }
        }

        #[test]
        fn an_item_that_moves_is_owed_to_whom_it_was(noted in noted(), items in items(), at in 0..NEWEST, to in section()) {
            let (order, from) = items[usize::try_from(at).unwrap()];
            let mut moved = items.clone();
            moved[usize::try_from(at).unwrap()].1 = to;
            prop_assume!(from != to);
            let mut after = noted.clone();
            match noted.following.item_moves(order, from, to) {
                MovedItem::AsItStands => {}
                MovedItem::Delivered => drop(after.delivered.insert(order)),
                MovedItem::Owed(changes) => after.apply(&changes, &moved),
                MovedItem::Lost => {
                    // Put back, it is owed again.
                    let mut back = noted.clone();
                    if let MovedItem::Owed(changes) = noted.following.item_returns(order, from) {
                        back.apply(&changes, &items);
                    }
                    prop_assert_eq!(back.is_owed((order, from)), noted.is_owed((order, from)));
                }
            }
            let was_owed = noted.is_owed((order, from)) && noted.follows(to);
            prop_assert_eq!(after.is_owed((order, to)), was_owed);
            for item in moved.iter().filter(|item| item.0 != order) {
                prop_assert_eq!(after.is_owed(*item), noted.is_owed(*item));
            }
        }

        #[test]
        fn sections_that_become_one_are_owed_as_they_were(noted in noted(), items in items(), from in section(), into in section()) {
            prop_assume!(from != into);
            let changes = noted.following.sections_merge(from, into, NEWEST);
            let mut after = noted.clone();
            after.apply(&changes, &items);
            let merged: Items = items
                .iter()
                .map(|(order, section)| (*order, if *section == from { into } else { *section }))
                .collect();
            prop_assert_eq!(after.owed(&merged), noted.owed(&items));
        }

        #[test]
        fn a_merge_that_is_undone_leaves_what_there_would_have_been(
            noted in noted(), items in items(), from in section(), into in section(),
            arrivals in proptest::collection::vec(1..=SECTIONS, 0..6), is_served in any::<bool>(),
        ) {
            prop_assume!(from != into);
            let merged = |items: &Items| -> Items {
                let moved = |section| if section == from { into } else { section };
                items.iter().map(|(order, section)| (*order, moved(*section))).collect()
            };
            let followed = |section| noted.following.find(Target::Section(section)).cloned();
            let row = followed(from).map(|own| MergedSubscription {
                became: {
                    let became = followed(into).unwrap_or_else(|| own.clone());
                    Wish { cadence: became.cadence, filter: became.filter }
                },
                followed_into: followed(into).is_some(),
                own,
            });
            let mut after = noted.clone();
            after.apply(&noted.following.sections_merge(from, into, NEWEST), &items);
            // A merged section holds nothing.
            after.following.sections.retain(|section| *section != from);
            let mut all = items.clone();
            all.extend((NEWEST + 1..).zip(arrivals.into_iter().map(SectionId::new)));
            // What comes before it is undone may be posted by then.
            let got = if is_served { after.owed(&merged(&all)) } else { BTreeSet::new() };
            after.delivered.extend(&got);
            after.following.sections = sections();
            let parted = after.following.sections_part(from, into, row.as_ref(), Timestamp::UNIX_EPOCH);
            after.apply(&parted, &all);
            let mut never = noted.clone();
            never.delivered.extend(&got);
            prop_assert_eq!(after.owed(&all), never.owed(&all));
            let targets = |noted: &Noted| -> BTreeSet<String> {
                noted.following.rows.iter().map(|row| format!("{:?}", row.target)).collect()
            };
            prop_assert_eq!(targets(&after), targets(&noted));
        }

        #[test]
        fn channels_that_are_one_get_what_neither_has(one in noted(), other in noted(), items in items()) {
            let mut joined = one.clone();
            joined.apply(&one.following.joined_by(&other.following), &items);
            joined.delivered.extend(&other.delivered);
            for item in &items {
                let has = |noted: &Noted| noted.follows(item.1) && !noted.is_owed(*item);
                let is_followed = one.follows(item.1) || other.follows(item.1);
                prop_assert_eq!(joined.is_owed(*item), is_followed && !has(&one) && !has(&other)
                    && !one.delivered.contains(&item.0) && !other.delivered.contains(&item.0));
            }
        }
    }
}
