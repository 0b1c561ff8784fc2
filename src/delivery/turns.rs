//! Whose turn it is where several kinds of sendings wait for one place: in a lane, and over all of them. Pure, and
//! without time: it counts places.
//!
//! | who waits | who gets the places |
//! |---|---|
//! | one kind alone | it gets all of them |
//! | questions and roundups | two thirds and one third |
//! | changes and another kind | two thirds and one third |
//! | all three | a third each |
//! | edits beside others | what these leave, and one place in twenty |
//!
//! No kind but edits waits for more than four places, whatever the others bring: see the property in `tests/it/pace.rs`.

/// How many kinds of sendings there are.
pub(super) const KINDS: usize = 4;

/// What a sending is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The answer to a manager's change, or a call that one needs: first of all.
    Change,
    /// The answer to a question.
    Question,
    /// A part of a roundup.
    Part,
    /// A correction of what was sent.
    Edit,
}

impl Kind {
    /// Its place in arrays.
    pub(super) fn index(self) -> usize {
        self as usize
    }
}

/// After so many places that went to others a kind is owed the next one: so each kind that waits gets a third
/// (design.md, "Whoever asks a lot delays nobody").
const OWED: u32 = 2;

/// After so many places that went to others an edit has the next one (design.md, “Editors, and posts that stay true”:
/// at least one in twenty).
const OWED_TO_EDITS: u32 = 19;

/// How many places went to others since each kind had its last one. Places count as well while a kind doesn't wait:
/// a roundup that comes into a lane full of answers is owed the next place, not the one after two more.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turns([u32; KINDS]);

impl Turns {
    /// The kinds in the order in which the next place is offered to them.
    pub(super) fn order(self) -> [Kind; KINDS] {
        use Kind::{Change, Edit, Part, Question};
        let since = |kind: Kind| self.0[kind.index()];
        let rank = |kind: Kind| match kind {
            Edit if since(Edit) >= OWED_TO_EDITS => 0,
            Change if since(Change) >= OWED => 1,
            // The one that waits longer, and of two that wait alike the roundup.
            Part if since(Part) >= OWED && since(Part) >= since(Question) => 2,
            Question if since(Question) >= OWED => 3,
            Part if since(Part) >= OWED => 4,
            Change => 5,
            Question => 6,
            Part => 7,
            Edit => 8,
        };
        let mut order = [Change, Question, Part, Edit];
        order.sort_by_key(|kind| rank(*kind));
        order
    }

    /// A place was given to a kind.
    pub(super) fn give(&mut self, kind: Kind) {
        for since in &mut self.0 {
            *since = since.saturating_add(1);
        }
        self.0[kind.index()] = 0;
    }
}
