//! The same words and questions in the language of PostgreSQL's text search, of which only the index is used: no parser and
//! no dictionary of its, which know nothing of pairs of letters.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::query::{Query, Term};
use super::words::BREAK;

/// A month or a year, in UTC: an item is also found by those that it was published in, so that the newest of very many are
/// found without the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One of twelve.
    Month {
        /// Its year.
        year: i16,
        /// From 1.
        month: i8,
    },
    /// All twelve.
    Year(i16),
}

/// The day of a rank: of seconds since 1970, negated.
fn day_of(rank: i64) -> Date {
    let time = Timestamp::from_second(rank.saturating_neg());
    let time = time.unwrap_or(if rank > 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    });
    time.to_zoned(TimeZone::UTC).date()
}

impl Period {
    /// The month of an item with this rank.
    pub fn month_of(rank: i64) -> Period {
        let day = day_of(rank);
        Period::Month {
            year: day.year(),
            month: day.month(),
        }
    }

    /// The year of an item with this rank.
    pub fn year_of(rank: i64) -> Period {
        Period::Year(day_of(rank).year())
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Period {
        match self {
            Period::Month { year, month: 1 } => Period::Month {
                year: year - 1,
                month: 12,
            },
            Period::Month { year, month } => Period::Month {
                year,
                month: month - 1,
            },
            Period::Year(year) => Period::Year(year - 1),
        }
    }

    /// The rank of its first second: no other of its ranks is greater.
    pub fn last_rank(self) -> i64 {
        let (year, month) = match self {
            Period::Month { year, month } => (year, month),
            Period::Year(year) => (year, 1),
        };
        // Before the earliest date there is nothing.
        let first = Date::new(year, month, 1).and_then(|day| day.to_zoned(TimeZone::UTC));
        first.map_or(i64::MAX, |first| -first.timestamp().as_second())
    }

    /// As a lexeme that no word is or begins: words are letters and digits.
    fn push_lexeme(self, out: &mut String) {
        // Writing into a string doesn't fail.
        let _ = match self {
            Period::Month { year, month } => write!(out, "'/{year}-{month}'"),
            Period::Year(year) => write!(out, "'/{year}'"),
        };
    }
}

/// Stands before a word for that it is said twice in a row somewhere: no word begins so. What phrases are made of is seen in the
/// index, but not where it stands: of half a million items that hold a word, each would be looked at.
const AGAIN: char = '=';

/// What [`words`](super::words()) made, as the text of a `tsvector`: each word with its places, beside the month and the year of
/// the item's rank. Letters and digits need nothing but the quotes.
pub fn to_tsvector(words: &str, rank: i64) -> String {
    let mut out = String::with_capacity(2 * words.len() + 32);
    let mut last = BREAK;
    for (place, word) in (1..).zip(words.split_ascii_whitespace()) {
        if word != BREAK {
            let _ = write!(out, "'{word}':{place} ");
            if word == last {
                let _ = write!(out, "'{AGAIN}{word}' ");
            }
        }
        last = word;
    }
    Period::month_of(rank).push_lexeme(&mut out);
    out.push(' ');
    Period::year_of(rank).push_lexeme(&mut out);
    out
}

impl Query {
    /// The question as the text of a `tsquery`, asked of items of these periods, or of all where none is named.
    pub fn to_tsquery(&self, periods: &[Period]) -> String {
        let mut out = self.terms_joined(" <-> ");
        for (at, period) in periods.iter().enumerate() {
            out.push_str(if at == 0 { " & (" } else { " | " });
            period.push_lexeme(&mut out);
        }
        if !periods.is_empty() {
            out.push(')');
        }
        out
    }

    /// What items hold that have all its words, wherever they stand: among them are those that hold its phrases.
    pub fn to_tsquery_of_words(&self) -> String {
        self.terms_joined(" & ")
    }

    /// All its terms, with an operator between the words of each.
    fn terms_joined(&self, between: &str) -> String {
        let mut out = String::new();
        for term in self.terms() {
            if !out.is_empty() {
                out.push_str(" & ");
            }
            term.push_tsquery(between, &mut out);
        }
        out
    }
}

impl Term {
    /// Its words, with an operator between them: ` <-> ` where each stands right behind the one before it.
    fn push_tsquery(&self, between: &str, out: &mut String) {
        let (words, is_beginning) = self.words();
        let words: Vec<&str> = words.collect();
        for (at, word) in words.iter().enumerate() {
            let _ = write!(out, "{}'{word}'", if at == 0 { "" } else { between });
        }
        out.push_str(if is_beginning { ":*" } else { "" });
        // What only begins so may be another word.
        let whole = &words[..words.len() - usize::from(is_beginning)];
        for pair in whole.windows(2).filter(|pair| pair[0] == pair[1]) {
            let _ = write!(out, " & '{AGAIN}{}'", pair[0]);
        }
    }
}
