//! What editors press under what waits for them.

use super::buttons::{Action, HeldDeed};
use super::command::{CommandError, Reply, Request};
use tidings_core::ids::{ChannelKey, ItemId, ReviewId};
use tidings_core::language::Value;
use tidings_core::post::EditorDeed;
use tidings_core::section::Section;
use tidings_store::{HeldItem, HeldState, ReviewDeed, WriteTx};

/// Does what an editor wants.
pub(super) fn run(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    editor: &ChannelKey,
    review: ReviewId,
    deed: EditorDeed,
) -> Result<Reply, CommandError> {
    let deed = match deed {
        EditorDeed::Publish => ReviewDeed::Publish,
        EditorDeed::HoldBack => ReviewDeed::HoldBack,
        EditorDeed::Withdraw => ReviewDeed::Withdraw,
        EditorDeed::Choose => return choose(request, db, review),
        EditorDeed::Undo => {
            let key = match db.undo_deed(review, request.now)? {
                Some(ReviewDeed::HoldBack) => "review-undone-hold",
                Some(ReviewDeed::Withdraw) => "review-undone-withdrawal",
                Some(ReviewDeed::Drop) => "review-undone-drop",
                Some(ReviewDeed::Move) => "review-undone-move",
                Some(ReviewDeed::Publish) | None => "review-nothing-to-undo",
            };
            return Ok(request.say.line(key, &[]).into());
        }
    };
    let count = db.do_deed(review, deed, editor, request.now)?;
    let key = match (deed, count) {
        // Somebody was quicker, or its time came.
        (_, 0) => "review-done-already",
        // What goes into a hidden section is stored, and no news.
        (ReviewDeed::Publish, _) if !db.review(review)?.is_some_and(|review| review.is_seen()) => {
            "review-published-hidden"
        }
        (ReviewDeed::Publish, _) => "review-published",
        (ReviewDeed::HoldBack, _) => "review-held-back",
        (ReviewDeed::Withdraw | ReviewDeed::Drop | ReviewDeed::Move, _) => "review-taken-back",
    };
    let count = [("count", Value::from(count))];
    Ok(request.say.line(key, &count).into())
}

/// The headlines that wait, to choose one.
fn choose(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    review: ReviewId,
) -> Result<Reply, CommandError> {
    let review = db.review(review)?;
    let held = review.iter().flat_map(|review| &review.items);
    let held = held.filter(|item| item.state == HeldState::Held);
    let choice = |item: &HeldItem| {
        let action = Action::Held {
            item: item.id,
            deed: HeldDeed::Show,
        };
        Some((item.title.clone(), action.encode()?))
    };
    let choices: Vec<(String, String)> = held.filter_map(choice).collect();
    let key = if choices.is_empty() {
        "review-done-already"
    } else {
        "review-which"
    };
    Ok(Reply {
        choices,
        ..Reply::from(request.say.line(key, &[]))
    })
}

/// Shows what can be done to an item that waits, or does it.
pub(super) fn held(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    editor: &ChannelKey,
    item: ItemId,
    deed: HeldDeed,
) -> Result<Reply, CommandError> {
    let title = db.current(item)?.map(|item| item.title).unwrap_or_default();
    let title = [("title", Value::Text(&title))];
    let say = request.say;
    let done = match deed {
        HeldDeed::Show => {
            let choice = |label: String, deed| {
                let action = Action::Held { item, deed };
                Some((label, action.encode()?))
            };
            let drop = choice(say.text("button-drop", &[]), HeldDeed::Drop);
            let to = |section: &Section| {
                let name = request.title(section);
                let label = say.text("button-move", &[("section", (&name).into())]);
                choice(label, HeldDeed::Move(section.id))
            };
            let sections = request.context.catalogue.sections().iter();
            return Ok(Reply {
                choices: drop.into_iter().chain(sections.filter_map(to)).collect(),
                ..Reply::from(say.line("review-what", &title))
            });
        }
        HeldDeed::Drop if db.drop_held(item, editor, request.now)? => "review-dropped",
        HeldDeed::Move(section) => {
            // It may have become part of another one since.
            let section = request.context.catalogue.get(section);
            let Some(section) = section.map(|section| section.id) else {
                return Err(request.mistake("section-is-gone", &[]));
            };
            if db.move_held(item, section, editor, request.now)? {
                "review-moved"
            } else {
                "review-done-already"
            }
        }
        HeldDeed::Drop => "review-done-already",
    };
    Ok(say.line(done, &title).into())
}
