//! What a worker has in hand, as the gate and the platform see it.

use jiff::Timestamp;

use super::pace::Urgency;
use tidings_core::delivery::Outgoing;
use tidings_core::delivery::SendError;
use tidings_core::ids::ChannelKey;
use tidings_store::{AnswerKind, Claimed, ClaimedAnswer, ClaimedEdit};

/// What is in hand.
#[derive(Clone, Debug)]
pub(super) enum Work {
    Part(Claimed),
    Answer(ClaimedAnswer),
    Edit(ClaimedEdit),
}

impl Work {
    pub(super) fn channel(&self) -> &ChannelKey {
        match self {
            Work::Part(part) => &part.channel,
            Work::Answer(answer) => &answer.channel,
            Work::Edit(edit) => &edit.channel,
        }
    }

    pub(super) fn wire(&self) -> &str {
        match self {
            Work::Part(part) => &part.wire,
            Work::Answer(answer) => &answer.wire,
            Work::Edit(edit) => &edit.wire,
        }
    }

    /// Until when it waits at the gate; `None` if for as long as it takes.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match self {
            Work::Part(_) | Work::Edit(_) => None,
            Work::Answer(answer) => answer.until,
        }
    }

    pub(super) fn outgoing(self) -> (Urgency, Outgoing) {
        match self {
            Work::Part(part) => (
                Urgency::Part {
                    waiting: part.waiting,
                },
                Outgoing {
                    nonce: part.nonce(),
                    channel: part.channel,
                    wire: part.wire,
                    platform_note: part.note,
                    first_message: part.first,
                    edits: None,
                },
            ),
            Work::Edit(edit) => (
                Urgency::Edit,
                Outgoing {
                    nonce: format!("e{:x}-{:x}", edit.id.get(), edit.edition),
                    channel: edit.channel,
                    wire: edit.wire,
                    platform_note: edit.note,
                    first_message: edit.first,
                    edits: Some(edit.message),
                },
            ),
            Work::Answer(answer) => (
                match answer.kind {
                    AnswerKind::Change => Urgency::Change,
                    AnswerKind::Private => Urgency::Private,
                    AnswerKind::Question => Urgency::Question,
                },
                Outgoing {
                    nonce: answer.nonce(),
                    channel: answer.channel,
                    wire: answer.wire,
                    platform_note: None,
                    first_message: None,
                    edits: None,
                },
            ),
        }
    }
}

/// Why something isn't sent.
#[derive(Clone, Debug)]
pub(super) enum Unsent {
    /// It was never tried.
    Untried,
    Failed(SendError),
}
