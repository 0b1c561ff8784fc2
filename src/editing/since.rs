//! What has changed something since somebody looked at it: said to who is refused for that, so that they know whom to ask.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::items::led;
use super::sections::joined;
use tidings_core::ids::{ItemId, SectionId};
use tidings_store::{Deed, DeedKind, ReadTx, StoreError};

/// The latest deeds of one item or section that are looked through.
const LOOKED_THROUGH: usize = 100;

/// What has changed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody did something, or undid it.
    Deed(Box<Deed>),
    /// The item's source says something else from then on.
    Source(Timestamp),
}

/// When something was done, or undone.
fn changed_at(deed: &Deed) -> Timestamp {
    let undone = deed.undone.as_ref().and_then(|undone| undone.at);
    undone.map_or(deed.at, |at| at.max(deed.at))
}

fn latest(deeds: Vec<Deed>) -> Option<Deed> {
    deeds
        .into_iter()
        .max_by_key(|deed| (changed_at(deed), deed.id))
}

/// What has changed an item last, be it by way of its section.
///
/// # Errors
/// [`StoreError`].
pub fn last_of_item(db: &ReadTx<'_>, id: ItemId) -> Result<Option<Change>, StoreError> {
    let mut deeds = db.deeds_of_item(id, LOOKED_THROUGH)?;
    if let Some(known) = db.editable(id)? {
        let of_section = deeds_of_section(db, known.section)?.into_iter();
        // What a section is called changes nothing of its items.
        deeds.extend(of_section.filter(|deed| deed.kind != DeedKind::Rename));
    }
    let deed = latest(deeds);
    let corrected = db.corrected_at(id)?;
    let by_source = corrected.filter(|at| deed.as_ref().is_none_or(|deed| changed_at(deed) < *at));
    Ok(by_source
        .map(Change::Source)
        .or(deed.map(|deed| Change::Deed(Box::new(deed)))))
}

/// What was done last to a section, or to one that was made part of it.
///
/// # Errors
/// [`StoreError`].
pub fn last_of_section(db: &ReadTx<'_>, id: SectionId) -> Result<Option<Deed>, StoreError> {
    Ok(latest(deeds_of_section(db, id)?))
}

fn deeds_of_section(db: &ReadTx<'_>, id: SectionId) -> Result<Vec<Deed>, StoreError> {
    let mut deeds = db.deeds_of_section(id, LOOKED_THROUGH)?;
    for part in db.parts_of(id)? {
        deeds.extend(db.deeds_of_section(part, LOOKED_THROUGH)?);
    }
    Ok(deeds)
}

/// What has overtaken a deed, so that it can't be undone: the last thing of its kind that was done, or undone, later to what
/// it was done to.
///
/// # Errors
/// [`StoreError`].
pub fn since(db: &ReadTx<'_>, deed: &Deed) -> Result<Option<Deed>, StoreError> {
    let mut deeds = Vec::new();
    if let Some(item) = deed.item {
        let mut items = BTreeSet::from([item]);
        if matches!(deed.kind, DeedKind::Split | DeedKind::Join) {
            for item in led(&deed.before).into_iter().chain(led(&deed.after)) {
                items.insert(item);
                items.extend(db.leader_of(item)?);
            }
            for leader in items.clone() {
                items.extend(db.story(leader)?);
            }
        }
        for item in items {
            deeds.extend(db.deeds_of_item(item, LOOKED_THROUGH)?);
        }
    }
    if let Some(review) = deed.review {
        // There the last deed of all is undone first.
        deeds.extend(db.deeds_of_review(review, LOOKED_THROUGH)?);
    }
    if let Some(section) = deed.section {
        deeds.extend(db.deeds_of_section(section, LOOKED_THROUGH)?);
        if let Some(into) = joined(&deed.after) {
            deeds.extend(db.deeds_of_section(into, LOOKED_THROUGH)?);
        }
    }
    if matches!(deed.kind, DeedKind::Pause | DeedKind::Resume) {
        deeds.extend(db.last_pause_of(&deed.subject)?);
    }
    deeds.retain(|other| {
        let is_later = other.id > deed.id || changed_at(other) > deed.at;
        let touches = deed.review.is_some() || touches(deed.kind, other.kind);
        other.id != deed.id && is_later && touches
    });
    Ok(latest(deeds))
}

/// Whether a deed of one kind may stand in the way of undoing one of another kind.
fn touches(undone: DeedKind, later: DeedKind) -> bool {
    use DeedKind::{Correct, Drop, Join, Merge, Move, Publish, Rename, Restore, Split, Withdraw};
    match undone {
        Correct => later == Correct,
        Move => matches!(later, Move | Publish),
        Withdraw | Restore => matches!(later, Withdraw | Restore | Drop),
        Split | Join => matches!(later, Split | Join | Withdraw | Restore | Drop),
        Rename => matches!(later, Rename | Merge),
        _ => true,
    }
}
