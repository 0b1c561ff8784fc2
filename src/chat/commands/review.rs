//! What editors press under what waits for them.

use super::buttons::{Action, HeldDeed};
use super::command::{CommandError, Reply, Request};
use super::editing::{offer, who};
use crate::roundups::say_last;
use tidings_core::ids::{ChannelKey, ItemId, ReviewId};
use tidings_core::language::Value;
use tidings_core::post::{EditorDeed, Line, Span};
use tidings_core::section::Section;
use tidings_store::{HeldItem, HeldState, Review, ReviewDeed, WriteTx};

/// Does what an editor wants.
pub(super) fn run(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    editor: &ChannelKey,
    (review, version): (ReviewId, Option<i64>),
    deed: EditorDeed,
) -> Result<Reply, CommandError> {
    if let Some(version) = version.filter(|_| deed != EditorDeed::Choose) {
        // Pressed twice, or beside a colleague: what was decided isn't what would be done.
        let now = db.review(review)?.map(|review| review.version);
        if now.is_some_and(|now| now != version) {
            return Err(request.mistake("review-overtaken", &[]));
        }
    }
    let deed = match deed {
        EditorDeed::Publish => ReviewDeed::Publish,
        EditorDeed::HoldBack => ReviewDeed::HoldBack,
        EditorDeed::Withdraw => ReviewDeed::Withdraw,
        EditorDeed::Choose => return choose(request, db, review, 0),
        EditorDeed::Undo => {
            let key = match db.undo_deed(review, &editor.to_string(), request.now)? {
                Some(ReviewDeed::HoldBack) => return undone_hold(request, db, review),
                Some(ReviewDeed::Withdraw) => "review-undone-withdrawal",
                Some(ReviewDeed::Drop) => "review-undone-drop",
                Some(ReviewDeed::Move) => "review-undone-move",
                Some(ReviewDeed::Publish) | None => "review-nothing-to-undo",
            };
            return Ok(request.say.line(key, &[]).into());
        }
    };
    let count = db.do_deed(review, deed, &editor.to_string(), request.now)?;
    if count == 0 {
        // Somebody was quicker, or its time came.
        let review = db.review(review)?;
        return Ok(done_already(request, review.as_ref())?.into());
    }
    let key = match deed {
        // What goes into a hidden section is stored, and no news.
        ReviewDeed::Publish if !db.review(review)?.is_some_and(|review| review.is_seen()) => {
            "review-published-hidden"
        }
        ReviewDeed::Publish => "review-published",
        ReviewDeed::HoldBack => "review-held-back",
        ReviewDeed::Withdraw | ReviewDeed::Drop | ReviewDeed::Move => "review-taken-back",
    };
    let count = [("count", Value::from(count))];
    Ok(request.say.line(key, &count).into())
}

/// That what was held back goes out by itself again, and when.
fn undone_hold(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    review: ReviewId,
) -> Result<Reply, CommandError> {
    let review = db.review(review)?;
    let next = review.and_then(|review| {
        let waiting = review.items.into_iter();
        let waiting = waiting.filter(|item| item.state == HeldState::Held);
        waiting.filter_map(|item| item.until).min()
    });
    let say = request.say;
    let line = match next.filter(|at| *at > request.now) {
        Some(at) => {
            let zone = request.zone_here()?;
            let moment = format!("{} {}", say.moment(at, request.now, &zone), zone.city());
            say.line("review-undone-hold", &[("moment", (&moment).into())])
        }
        None => say.line("review-undone-hold-now", &[]),
    };
    Ok(line.into())
}

/// The headlines that wait, to choose one; from one on.
pub(super) fn choose(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    id: ReviewId,
    from: usize,
) -> Result<Reply, CommandError> {
    let review = db.review(id)?;
    let held = review.iter().flat_map(|review| &review.items);
    let held: Vec<&HeldItem> = held.filter(|item| item.state == HeldState::Held).collect();
    let choice = |item: &&HeldItem| {
        let action = Action::Held {
            item: item.id,
            deed: HeldDeed::Show(0),
        };
        (item.title.clone(), action)
    };
    let rest = |from| Action::Choices { review: id, from };
    let choices = request.some_choices(&held, from, choice, rest);
    let line = match request.which_choices(held.len(), from) {
        _ if choices.is_empty() => done_already(request, review.as_ref())?,
        None => request.say.line("review-which", &[]),
        Some((first, last)) => {
            let values = [
                ("first", Value::from(first)),
                ("last", Value::from(last)),
                ("count", Value::from(held.len())),
            ];
            request.say.line("review-which-of", &values)
        }
    };
    Ok(Reply {
        choices,
        ..Reply::from(line)
    })
}

/// That nothing is left to be done, and who did what last.
fn done_already(request: &Request<'_>, review: Option<&Review>) -> Result<Line, CommandError> {
    let mut line = request.say.line("review-done-already", &[]);
    if let Some(last) = review.and_then(|review| review.last.as_ref()) {
        let editor = who(request, &last.editor)?;
        let zone = request.zone_here()?;
        line.0.push(Span::Text(" ".to_owned()));
        line.0
            .extend(say_last(request.say, &zone, last, &editor, request.now).0);
    }
    Ok(line)
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
    let title = ("title", Value::Text(&title));
    let (say, editor) = (request.say, editor.to_string());
    let editor = editor.as_str();
    let mut name = String::new();
    let (key, deed) = match deed {
        HeldDeed::Show(from) => {
            let drop = Action::Held {
                item,
                deed: HeldDeed::Drop,
            };
            let drop = drop
                .encode()
                .map(|drop| (say.text("button-drop", &[]), drop));
            let to = |section: &Section| {
                let name = request.title(section);
                let label = say.text("button-move", &[("section", (&name).into())]);
                let deed = HeldDeed::Move(section.id);
                (label, Action::Held { item, deed })
            };
            let rest = |from| Action::Held {
                item,
                deed: HeldDeed::Show(from),
            };
            let sections = request.context.catalogue.sections();
            let sections = request.some_choices(sections, from, to, rest);
            return Ok(Reply {
                choices: drop.into_iter().chain(sections).collect(),
                ..Reply::from(say.line("review-what", &[title]))
            });
        }
        HeldDeed::Drop => ("review-dropped", db.drop_held(item, editor, request.now)?),
        HeldDeed::Move(section) => {
            // It may have become part of another one since.
            let Some(section) = request.context.catalogue.get(section) else {
                return Err(request.mistake("section-is-gone", &[]));
            };
            name = request.title(section);
            let moved = db.move_held(item, section.id, editor, request.now)?;
            ("review-moved", moved)
        }
    };
    let Some(deed) = deed else {
        let review = db.review_of(item)?;
        let review = match review {
            Some(review) => db.review(review)?,
            None => None,
        };
        return Ok(done_already(request, review.as_ref())?.into());
    };
    let values = [title, ("section", Value::Text(&name))];
    Ok(Reply {
        deeds: offer(request, "button-undo", &Action::UndoDeed(deed))
            .into_iter()
            .collect(),
        ..Reply::from(say.line(key, &values))
    })
}
