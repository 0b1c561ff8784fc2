//! What editors press under what waits for them.

use super::command::{CommandError, Reply, Request};
use tidings_core::ids::{ChannelKey, ReviewId};
use tidings_core::language::Value;
use tidings_core::post::EditorDeed;
use tidings_store::{ReviewDeed, WriteTx};

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
        EditorDeed::Undo => {
            let key = match db.undo_deed(review, request.now)? {
                Some(ReviewDeed::HoldBack) => "review-undone-hold",
                Some(ReviewDeed::Withdraw) => "review-undone-withdrawal",
                Some(ReviewDeed::Publish) | None => "review-nothing-to-undo",
            };
            return Ok(request.say.line(key, &[]).into());
        }
    };
    let count = db.do_deed(review, deed, editor, request.now)?;
    let key = match (deed, count) {
        // Somebody was quicker, or its time came.
        (_, 0) => "review-done-already",
        (ReviewDeed::Publish, _) => "review-published",
        (ReviewDeed::HoldBack, _) => "review-held-back",
        (ReviewDeed::Withdraw, _) => "review-taken-back",
    };
    let count = [("count", Value::from(count))];
    Ok(request.say.line(key, &count).into())
}
