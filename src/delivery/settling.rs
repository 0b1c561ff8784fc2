//! What is written down about work that is done, in the transaction of the next claims.

use jiff::Timestamp;

use super::Transport;
use super::work::{Unsent, Work};
use tidings_core::delivery::{SendError, Sent, Settlement, probe_after, verdict};
use tidings_core::ids::DeliveryId;
use tidings_store::{AnswerKind, StoreError, WriteTx};

/// A part that has arrived and of which nothing else is to be written down, with what the platform calls the message.
pub(super) fn plainly_arrived<'o>(
    work: &Work,
    outcome: &'o Result<Sent, Unsent>,
) -> Option<(DeliveryId, Option<&'o str>)> {
    match (work, outcome) {
        (Work::Part(part), Ok(sent)) if !part.probe && sent.then.is_empty() => {
            Some((part.id, sent.message.as_deref()))
        }
        _ => None,
    }
}

/// Writes down one outcome; says whether the channel takes posts again.
pub(super) fn settle(
    db: &WriteTx<'_>,
    platform: &dyn Transport,
    work: &Work,
    since: Timestamp,
    outcome: &Result<Sent, Unsent>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let channel = work.channel();
    if let Err(Unsent::Failed(SendError::Moved(to))) = outcome {
        db.move_channel(channel, to, now)?;
    }
    // That a message of before can't be edited says nothing of new ones.
    let is_edit = matches!(work, Work::Edit(_));
    if let Err(Unsent::Failed(SendError::ChannelRefused(reason))) = outcome
        && !is_edit
    {
        db.pause_by_platform(channel, reason, now, probe_after)?;
    }
    if let Err(Unsent::Failed(error)) = outcome {
        let (asked, whose) = match error {
            SendError::RetryAfter(wait) => (Some(*wait), Some(channel)),
            SendError::Standstill {
                wait, asked: true, ..
            } => (Some(*wait), None),
            _ => (None, None),
        };
        let until = asked.and_then(|wait| now.checked_add(wait).ok());
        if let Some(until) = until {
            db.note_wait(platform.name(), whose, until)?;
        }
    }
    let welcomed = match (work, outcome) {
        (Work::Part(part), Ok(_)) if part.probe => db.mark_reachable(channel, Some(since))?,
        (Work::Edit(_), Ok(_)) => db.mark_reachable(channel, Some(since))?,
        // That one member was shown something doesn't say that posts are welcome.
        (Work::Answer(answer), Ok(_)) if answer.kind != AnswerKind::Private => {
            db.mark_reachable(channel, Some(since))?
        }
        _ => false,
    };
    for (to, wire) in outcome.iter().flat_map(|sent| &sent.then) {
        db.add_answer(to, wire, AnswerKind::Question, now)?;
    }
    if let Err(Unsent::Failed(SendError::Text(error))) = outcome {
        let instead = platform.simpler(work.wire(), error);
        if !instead.is_empty() {
            match work {
                Work::Part(part) => db.replace_text(part.id, &instead, error, now)?,
                Work::Answer(answer) => db.replace_answer(answer.id, &instead, error, now)?,
                Work::Edit(edit) => db.replace_edit(edit, &instead, error, now)?,
            }
            return Ok(welcomed);
        }
    }
    let settlement = |whose, attempts| match outcome {
        Err(Unsent::Untried) => Settlement::Untried,
        Err(Unsent::Failed(error)) => verdict(whose, attempts, Err(error.clone()), now),
        Ok(sent) => verdict(whose, attempts, Ok(sent.clone()), now),
    };
    match work {
        Work::Part(part) => db.settle(part.id, &settlement(part.id.get(), part.attempts), now)?,
        Work::Edit(edit) => {
            let refused = |error: &SendError| matches!(error, SendError::ChannelRefused(_));
            let settlement = match outcome {
                Err(Unsent::Failed(error)) if refused(error) => Settlement::Dead {
                    error: error.to_string(),
                },
                _ => settlement(edit.id.get(), edit.attempts),
            };
            db.settle_edit(edit, &settlement, now)?;
        }
        Work::Answer(answer) => match settlement(answer.id.get(), answer.attempts) {
            Settlement::Untried => db.return_answer(answer.id)?,
            // Whoever doesn't want us gets no late answer to a question long ago.
            _ if matches!(outcome, Err(Unsent::Failed(SendError::ChannelRefused(_)))) => {
                db.end_answer(answer.id)?;
            }
            Settlement::Later {
                not_before,
                error,
                unknown,
            } => db.postpone_answer(answer.id, not_before, &error, unknown)?,
            Settlement::Dead { .. } if answer.kind == AnswerKind::Private => {
                db.give_up_private_answer(answer.id)?;
            }
            Settlement::Sent { .. } | Settlement::Dead { .. } => db.end_answer(answer.id)?,
        },
    }
    Ok(welcomed)
}
