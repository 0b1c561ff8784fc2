//! What comparing two items comes to, and on what grounds.

/// Items whose moments lie so far apart or farther tell two stories: six days (design.md, "Stories").
pub const WINDOW_SECONDS: u64 = 6 * 86_400;

/// How sure it is that two items tell one story: 0 is as sure as it must be, more is surer.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(pub f32);

/// What makes two items two stories, however alike they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// They lie too far apart.
    Moment,
    /// One comments, explains or corrects.
    Telling,
    /// A number, an ordinal, a version, a member of a series.
    Figure,
    /// A day.
    Date,
    /// A name or a word in the same place of the same sentence: a place, a party.
    Name,
    /// Who did it to whom.
    Party,
    /// One denies.
    Denial,
    /// The other outcome.
    Outcome,
    /// One announces what the other reports.
    Announcement,
}

/// What comparing two items comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// They tell one story.
    Same(Score),
    /// They have too little in common.
    Unlike,
    /// They tell two stories.
    Differs(Difference),
}

/// What two items have in common and what not, in numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// How much of the shorter title the other item says, by weight, from 0 to 1.
    pub(super) title: f32,
    /// How much of the longer one.
    pub(super) other_title: f32,
    /// The weight of the names, and of the words, that both have.
    pub(super) names: f32,
    /// The weight of what happened, and of other words.
    pub(super) words: f32,
    /// The weight of the figures that both have.
    pub(super) figures: f32,
    /// How much of the shorter item the other one says.
    pub(super) whole: f32,
    /// How much of both titles stands in one order in both.
    pub(super) aligned: f32,
    /// Figures of one kind that differ.
    pub(super) conflicts: f32,
    /// Steps that only one of the titles tells of.
    pub(super) steps: f32,
    /// What the titles say happened and the other item doesn't know: the lesser number of the two.
    pub(super) strays: f32,
    /// Only one title announces.
    pub(super) is_announced: bool,
    /// They are written in two scripts.
    pub(super) is_mixed: bool,
}
