//! Whose turn it is where several kinds of sendings wait for one place: in a lane, and over all of them. Pure, and
//! without time: it counts places.
//!
//! | who waits | who gets the places |
//! |---|---|
//! | one kind alone | it gets all of them |
//! | questions and roundups | two thirds and one third |
//! | changes and another kind | two thirds and one third |
//! | all three | a third each |
//!
//! No kind waits for more than three places, whatever the others bring: see the property in `tests/it/pace.rs`.

/// How many kinds of sendings there are.
pub(super) const KINDS: usize = 3;

/// What a sending is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The answer to a manager's change, or a call that one needs: first of all.
    Change,
    /// The answer to a question.
    Question,
    /// A part of a roundup.
    Part,
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

/// How many places went to others since each kind had its last one. Places count as well while a kind doesn't wait:
/// a roundup that comes into a lane full of answers is owed the next place, not the one after two more.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turns([u32; KINDS]);

impl Turns {
    /// The kinds in the order in which the next place is offered to them.
    pub(super) fn order(self) -> [Kind; KINDS] {
        use Kind::{Change, Part, Question};
        let since = |kind: Kind| self.0[kind.index()];
        let rank = |kind: Kind| match kind {
            Change if since(Change) >= OWED => 0,
            // The one that waits longer, and of two that wait alike the roundup.
            Part if since(Part) >= OWED && since(Part) >= since(Question) => 1,
            Question if since(Question) >= OWED => 2,
            Part if since(Part) >= OWED => 3,
            Change => 4,
            Question => 5,
            Part => 6,
        };
        let mut order = [Change, Question, Part];
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
