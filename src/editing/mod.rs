//! Editing: what editors and the operator change about what is stored, and how it is undone (design.md, “Editors, and posts
//! that stay true”). Chat, the command line and the dashboard come here with the same wishes, and get the same refusals.
//!
//! Every change is kept as a deed, with what was before and what is since. A deed is undone only while what it made still
//! stands: what somebody else has changed meanwhile is theirs.

pub mod items;
mod kept;
mod refusal;
pub mod sections;
mod since;

use jiff::Timestamp;

pub use refusal::{Edited, Refusal, item_number, not_a_number};
pub use since::{Change, last_of_item, last_of_section, since};
use tidings_core::ids::{DeedId, ReviewId};
use tidings_store::{Deed, DeedKind, ReviewDeed, WriteTx};

/// Undoes a deed. Returns what was undone.
///
/// # Errors
/// [`StoreError`](tidings_store::StoreError): nothing was done.
pub fn undo(db: &WriteTx<'_>, id: DeedId, by: &str, now: Timestamp) -> Edited<DeedKind> {
    let Some(deed) = db.deed(id)? else {
        return Ok(Err(Refusal::Gone));
    };
    if deed.undone.is_some() {
        return Ok(Err(Refusal::Undone));
    }
    if let Some(review) = deed.review {
        return undo_in_review(db, &deed, review, by, now);
    }
    let undone = match deed.kind {
        DeedKind::Correct
        | DeedKind::Move
        | DeedKind::Withdraw
        | DeedKind::Restore
        | DeedKind::Split
        | DeedKind::Join => items::undo(db, &deed, now)?,
        DeedKind::Merge | DeedKind::Rename | DeedKind::Hide | DeedKind::Show => {
            let undone = sections::undo(db, &deed, by, now)?;
            return Ok(undone.map(|()| deed.kind).map_err(Refusal::Section));
        }
        DeedKind::Publish
        | DeedKind::HoldBack
        | DeedKind::Drop
        | DeedKind::FetchNow
        | DeedKind::Try
        | DeedKind::Pause
        | DeedKind::Resume
        | DeedKind::PostNow
        | DeedKind::Retry
        | DeedKind::GiveUp
        | DeedKind::SignOut => Err(Refusal::Final),
    };
    if undone.is_ok() {
        db.deed_undone(id, by, now)?;
    }
    Ok(undone.map(|()| deed.kind))
}

/// What was done to a review is undone there, the last deed first.
fn undo_in_review(
    db: &WriteTx<'_>,
    deed: &Deed,
    review: ReviewId,
    by: &str,
    now: Timestamp,
) -> Edited<DeedKind> {
    if db.last_deed_of_review(review)? != Some(deed.id) {
        return Ok(Err(Refusal::Overtaken));
    }
    Ok(match db.undo_deed(review, by, now)? {
        None | Some(ReviewDeed::Publish) => Err(Refusal::Final),
        Some(_) => Ok(deed.kind),
    })
}
