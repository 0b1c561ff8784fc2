//! What a command's row is told in: who may give it, what it takes, what it does to a channel.

/// Who may use a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Everyone,
    /// Those who administer the channel.
    Managers,
}

/// Stands between words of any kind and a cadence that was told apart from them: white space that nobody types.
pub const APART: char = '\u{2028}';

/// What an argument is: platforms with typed options offer the right kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A section.
    Section,
    /// A section, or `all`.
    SectionOrAll,
    /// An item's number.
    Number,
    /// How many, from 1 to [`MOST`](super::MOST).
    Count,
    /// A cadence.
    When,
    /// How long something lasts, or until when.
    HowLong,
    /// A time zone.
    Zone,
    /// A filter's words, or `off`.
    Filter,
    /// The words of a watch that there is.
    Watch,
    /// Any text.
    Text,
    /// One of a few words.
    Choice(&'static [&'static str]),
}

impl ArgumentKind {
    /// Returns true if what may be meant depends on what the channel follows.
    pub fn is_of_the_channel(self) -> bool {
        matches!(self, ArgumentKind::Filter | ArgumentKind::Watch)
    }
}

/// One argument of a command.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: ArgumentKind,
    /// Whether the command makes no sense without it.
    pub required: bool,
}

/// When a command changes something: then it goes before questions, and is carried out however late it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Never: it asks.
    Never,
    /// With at least so many words behind it; with fewer it shows what is set.
    With(usize),
}

/// What a command has to do with whether the bot may post in the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posting {
    /// Nothing.
    Indifferent,
    /// It is worth something only where the bot may.
    Needed,
    /// Its answer says what keeps the bot from it.
    Told,
}
