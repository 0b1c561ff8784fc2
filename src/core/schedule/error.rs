//! What can be wrong with a cadence that somebody typed, one variant for each sentence of an answer.

use std::fmt;

use super::words::clip;

/// Why a text isn't a cadence.
///
/// Each variant carries the words at fault, so that a chat layer can say it in its own language;
/// `Display` says it in English. Texts are cut to a length that fits an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CadenceError {
    /// The text was empty.
    #[error("there is no schedule here")]
    Missing,
    /// The first word is no cadence.
    #[error("{got} isn't a schedule I know{}", hint(.nearest))]
    Unknown {
        /// The first word.
        got: String,
        /// The cadence whose name is a near miss.
        nearest: Option<&'static str>,
    },
    /// The word where a time of day belongs isn't one.
    #[error("{got} isn't a time of day")]
    NotATime {
        /// The word.
        got: String,
        /// The cadence it was given for.
        cadence: &'static str,
    },
    /// The cadence needs a time of day and has none.
    #[error("{got} needs a time of day")]
    MissingTime {
        /// What was written.
        got: String,
        /// A canonical cadence of the days that it names.
        instead: String,
    },
    /// A word among the days of the week isn't one.
    #[error("{got} isn't a day of the week{}", hint(.nearest))]
    UnknownDay {
        /// The word.
        got: String,
        /// The day that is a near miss, in its canonical form.
        nearest: Option<&'static str>,
    },
    /// The cadence needs a day (of the week or the month) and has none.
    #[error("{got} needs {}", match *.cadence { "monthly" => "a day of the month", _ => "a day of the week" })]
    MissingDay {
        /// What was written.
        got: String,
        /// The cadence.
        cadence: &'static str,
        /// A canonical cadence of the time that it names.
        instead: String,
    },
    /// The word where a day of the month belongs isn't one.
    #[error("{got} isn't a day of the month: it goes from 1 to 31")]
    NotADayOfMonth {
        /// The word.
        got: String,
    },
    /// The cron pattern can't be read.
    #[error("{got} isn't a cron pattern: {reason}")]
    Cron {
        /// The pattern.
        got: String,
        /// What is wrong with it.
        reason: CronFault,
    },
    /// The cron pattern names only dates that don't exist.
    #[error("{got} never comes: no date fits it")]
    NeverFires {
        /// The pattern.
        got: String,
    },
    /// It could mean two things.
    #[error("{got} may mean {first} or {second}: write one of them{}", hint_of_both(.both))]
    Several {
        /// What was written.
        got: String,
        /// A canonical cadence that it may mean.
        first: String,
        /// Another one.
        second: String,
        /// One that does what both do, where there is one.
        both: Option<String>,
        /// What makes it so.
        why: Unclear,
    },
    /// A window ends when it begins.
    #[error("{got} ends when it begins")]
    EmptyWindow {
        /// The window.
        got: String,
    },
    /// It names one day: that alone, or the first of such days.
    #[error("{got} could mean {instead}, or only once, which no schedule does")]
    Once {
        /// What was written.
        got: String,
        /// A canonical cadence of such days.
        instead: String,
    },
    /// It names a time zone, which belongs to the channel.
    #[error("{got} doesn't belong into a schedule: the time zone is set by itself. Write {when}")]
    Zoned {
        /// The zone as it was written.
        got: String,
        /// The canonical cadence without it.
        when: String,
    },
    /// Words are left over behind a complete cadence.
    #[error("I don't understand {got} after {cadence}")]
    TooMany {
        /// The words that are left over.
        got: String,
        /// The cadence they follow.
        cadence: &'static str,
    },
}

/// Why a cadence isn't clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// It says two things.
    Two,
    /// It is clear, and nothing is offered that does it: these come nearest.
    NotOffered,
    /// Twice a week, or once in two weeks.
    TwiceOrEverySecond,
    /// Once in two weeks, which isn't offered.
    EverySecondWeek,
}

impl CadenceError {
    /// Whether it is about these words, which nobody understood, and not about such as somebody did.
    pub(crate) fn blames(&self, not_understood: &str) -> bool {
        match self {
            CadenceError::Unknown { nearest: None, .. } => false,
            CadenceError::Unknown { got, .. }
            | CadenceError::NotATime { got, .. }
            | CadenceError::UnknownDay { got, .. }
            | CadenceError::NotADayOfMonth { got } => not_understood.contains(got.as_str()),
            _ => true,
        }
    }

    /// The name of a cadence stands alone, and needs a time.
    pub(crate) fn missing_time(cadence: &'static str, example: &str) -> CadenceError {
        CadenceError::MissingTime {
            got: cadence.to_owned(),
            instead: example.to_owned(),
        }
    }

    /// The name of a cadence stands without a day.
    pub(crate) fn missing_day(cadence: &'static str, example: &str) -> CadenceError {
        CadenceError::MissingDay {
            got: cadence.to_owned(),
            cadence,
            instead: example.to_owned(),
        }
    }

    /// The same, where it repeats all of the folded text, with the text as it was typed.
    pub(crate) fn in_words_of(mut self, folded: &str, typed: &str) -> CadenceError {
        if let CadenceError::MissingTime { got, .. }
        | CadenceError::MissingDay { got, .. }
        | CadenceError::Several { got, .. }
        | CadenceError::EmptyWindow { got }
        | CadenceError::Once { got, .. } = &mut self
            && *got == clip(folded)
        {
            *got = clip(&typed.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        self
    }

    /// Left-over words, if there are any.
    pub(crate) fn unless_empty(words: &[&str], cadence: &'static str) -> Result<(), CadenceError> {
        match words {
            [] => Ok(()),
            _ => Err(CadenceError::TooMany {
                got: clip(&words.join(" ")),
                cadence,
            }),
        }
    }
}

/// What is wrong with a cron pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CronFault {
    /// It hasn't five fields, but this many.
    FieldCount(usize),
    /// It is longer than any honest pattern.
    TooLong,
    /// A step is as long as the whole field, so that it never takes place.
    Step {
        /// The field's name, as in `Field`.
        name: &'static str,
        /// The field as it was written.
        text: String,
        /// A canonical cadence that comes near to what was meant.
        instead: String,
    },
    /// A range ends before it begins.
    Wraps {
        /// The field's name, as in `Field`.
        name: &'static str,
        /// The field as it was written.
        text: String,
        /// The same pattern in two ranges.
        instead: String,
    },
    /// One field can't be read.
    Field {
        /// `minute`, `hour`, `day of month`, `month` or `day of week`.
        name: &'static str,
        /// The field as it was written.
        text: String,
    },
}

impl fmt::Display for CronFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CronFault::FieldCount(count) => write!(f, "it needs 5 fields and has {count}"),
            CronFault::TooLong => f.write_str("it is too long"),
            CronFault::Step {
                name,
                text,
                instead,
            } => {
                write!(f, "{text} steps over all of its {name}; write {instead}")
            }
            CronFault::Wraps {
                name,
                text,
                instead,
            } => {
                write!(f, "{text} goes backwards in its {name}; write {instead}")
            }
            CronFault::Field { name, text } => write!(f, "{text} doesn't work as its {name}"),
        }
    }
}

fn hint_of_both(both: &Option<String>) -> String {
    match both {
        Some(both) => format!(", or {both} for both"),
        None => String::new(),
    }
}

fn hint(nearest: &Option<&'static str>) -> String {
    match nearest {
        Some(name) => format!("; did you mean {name}?"),
        None => String::new(),
    }
}
