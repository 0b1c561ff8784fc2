//! Why a change isn't made.

use super::sections;
use tidings_core::language::Localizer;
use tidings_core::post::Line;
use tidings_store::StoreError;

/// Why something isn't done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing of this number, or not any more.
    Gone,
    /// It is as it is wanted already.
    Unchanged,
    /// It has changed since it was looked at.
    Overtaken,
    /// It was undone before.
    Undone,
    /// It can't be undone: what was published was read.
    Final,
    /// An item needs a title.
    Untitled,
    /// What is said is too long.
    TooLong,
    /// That is no address that leads anywhere.
    NoLink,
    /// There is no such section, or readers don't see it.
    NoSection,
    /// Its section is hidden, so nobody reads it.
    Hidden,
    /// It tells its story alone.
    Alone,
    /// Both tell one story already.
    OneStory,
    /// It can't be read, so it tells no story.
    Unread,
    /// What is wrong is a section's.
    Section(sections::Refusal),
}

impl Refusal {
    /// Returns true if something else was done meanwhile.
    pub fn is_overtaken(&self) -> bool {
        matches!(
            self,
            Refusal::Overtaken | Refusal::Section(sections::Refusal::Overtaken)
        )
    }

    /// The same for whoever is refused.
    pub fn line(&self, say: Localizer<'_>) -> Line {
        let key = match self {
            Refusal::Gone => "edit-gone",
            Refusal::Unchanged => "edit-unchanged",
            Refusal::Overtaken => "edit-overtaken",
            Refusal::Undone => "section-edit-undone",
            Refusal::Final => "edit-final",
            Refusal::Untitled => "edit-untitled",
            Refusal::TooLong => "edit-too-long",
            Refusal::NoLink => "edit-no-link",
            Refusal::NoSection => "edit-no-section",
            Refusal::Hidden => "edit-hidden",
            Refusal::Alone => "edit-alone",
            Refusal::OneStory => "edit-one-story",
            Refusal::Unread => "edit-unread",
            Refusal::Section(refusal) => return refusal.line(say),
        };
        say.line(key, &[])
    }
}

/// Something done, or why not; besides that the store may fail.
pub type Edited<T> = Result<Result<T, Refusal>, StoreError>;
