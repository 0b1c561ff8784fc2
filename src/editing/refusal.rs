//! Why a change isn't made.

use super::sections;
use tidings_core::ids::ItemId;
use tidings_core::language::{Localizer, Value};
use tidings_core::post::Line;
use tidings_core::text;
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

/// The longest beginning of what was written instead of a number that is repeated, in characters.
const REPEATED: usize = 40;

/// The number of an item that an editor wrote, full-width digits and `#` allowed. One that is too long for a number is one that no item has.
///
/// # Errors
/// What was written, if it is no number.
pub fn item_number(written: &str) -> Result<ItemId, String> {
    let text: String = text::compatible(written.trim()).collect();
    let digits = text.strip_prefix('#').unwrap_or(&text).trim();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(written.to_owned());
    }
    Ok(ItemId::new(digits.parse().unwrap_or(i64::MAX)))
}

/// That what an editor wrote is no item's number.
pub fn not_a_number(say: Localizer<'_>, written: &str) -> Line {
    let written = text::join_lines(written);
    match text::beginning(written.trim(), REPEATED) {
        "" => say.line("edit-number-missing", &[]),
        got => say.line("edit-no-number", &[("got", Value::Text(got))]),
    }
}
