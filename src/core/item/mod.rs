//! Items: what a draft becomes when it is filed, and what makes two drafts the same item.

mod draft;
mod prepared;
mod revision;
mod sameness;
pub mod story;

use std::fmt;
use std::sync::{LazyLock, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

pub use draft::{Archived, Draft};
pub use prepared::{FeedId, Prepared, Saying, Telling};
pub use revision::Revision;
pub use sameness::{Compared, DAY, Edited, KnownItem, Pair, Standing, twins};

pub use crate::addresses::{
    canonical_link, clean_link, clean_picture, fragment, is_front_page, is_same_link, link_key,
};
use crate::ids::{ItemId, SectionSlug};
use crate::text;

/// A title repeated within this many days in one source is the same item (design.md, promise 2).
pub const SAME_TITLE_DAYS: i64 = 30;

/// When something was published: to the day, or to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Published {
    /// A day, in whatever zone the publisher lives.
    Date(Date),
    /// A moment.
    Time(Timestamp),
}

impl Published {
    /// The moment to sort by, in seconds since 1970: a day counts from its midnight in UTC.
    pub fn seconds(self) -> i64 {
        match self {
            Published::Date(date) => date
                .to_zoned(TimeZone::UTC)
                .map_or(0, |midnight| midnight.timestamp().as_second()),
            Published::Time(time) => time.as_second(),
        }
    }

    /// The last moment that it can mean, in seconds since 1970: a day is over last at twelve hours west of Greenwich.
    pub fn latest(self) -> i64 {
        match self {
            Published::Date(_) => self.seconds() + (24 + 12) * 3_600,
            Published::Time(time) => time.as_second(),
        }
    }

    /// Whether two dates don't contradict each other: a moment lies on the day.
    pub fn agrees(self, other: Published) -> bool {
        match (self, other) {
            (Published::Date(one), Published::Date(other)) => one == other,
            (Published::Time(one), Published::Time(other)) => one.as_second() == other.as_second(),
            (Published::Date(_), Published::Time(at)) => {
                let begins = self.seconds() - 14 * 3_600;
                (begins..self.latest()).contains(&at.as_second())
            }
            (Published::Time(_), Published::Date(_)) => other.agrees(self),
        }
    }

    /// The day to show to a reader in `zone`.
    pub fn day(self, zone: &TimeZone) -> Date {
        match self {
            Published::Date(date) => date,
            Published::Time(time) => time.to_zoned(zone.clone()).date(),
        }
    }

    /// Takes back what [`fmt::Display`] wrote.
    ///
    /// # Errors
    /// The text, if it is neither an RFC 3339 date nor a time.
    pub fn parse(text: &str) -> Result<Published, String> {
        if text.len() == 10 {
            text.parse().map(Published::Date).map_err(|_| text.into())
        } else {
            text.parse().map(Published::Time).map_err(|_| text.into())
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Published::Date(date) => date.fmt(f),
            Published::Time(time) => time.fmt(f),
        }
    }
}

/// A stored headline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Its number.
    pub id: ItemId,
    /// The section it is filed under.
    pub section: SectionSlug,
    /// The name of the source it came from.
    pub source: String,
    /// Plain text, one line.
    pub title: String,
    /// Plain text; paragraphs are separated by an empty line. May be empty.
    pub summary: String,
    /// Where the whole story is.
    pub link: Option<String>,
    /// Where a picture of it is.
    pub picture: Option<String>,
    /// When it was published, if known.
    pub published: Option<Published>,
    /// Where it stands among all items.
    pub place: Place,
    /// The item that leads its story: itself, where it is alone.
    pub story: ItemId,
}

/// What another source says of an item that is stored already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The source's name.
    pub source: String,
    /// Where it says so.
    pub link: Option<String>,
}

/// Where an item stands in “newest first”: published date descending, then the order in the document,
/// then the order of arrival. Smaller is newer. As a cursor it stays right while items arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Seconds since 1970, negated.
    pub rank: i64,
    /// The place in the document, from 0.
    pub position: i64,
    /// The item's number.
    pub id: i64,
}

impl Place {
    /// Before every item.
    pub const TOP: Place = Place {
        rank: i64::MIN,
        position: i64::MIN,
        id: i64::MIN,
    };
}

/// Bits of a title's key that say when it was published, in stretches of [`SAME_TITLE_DAYS`].
const TIME_BITS: u32 = 16;

/// The key under which titles are compared: a hash behind the time, so that titles of one time lie side by
/// side in the index and loading an archive in its order touches few pages. Equal titles of one stretch of
/// time have equal keys; whoever finds an equal key compares the folded titles themselves.
pub fn title_key(title: &str, rank: i64) -> i64 {
    key_in_time(&folded_title(title), rank)
}

/// That key, and the one that the title had while symbols didn't count, where it was another one.
pub fn title_keys(title: &str, rank: i64) -> (i64, Option<i64>) {
    let now = title_key(title, rank);
    // Titles without symbols, which have words, are folded as they ever were.
    let may_differ = title.chars().any(is_symbol) || !title.chars().any(char::is_alphanumeric);
    let old = may_differ.then(|| key_in_time(&text::fold(title), rank));
    (now, old.filter(|old| *old != now))
}

fn key_in_time(folded: &str, rank: i64) -> i64 {
    let hash = key(folded).cast_unsigned() >> TIME_BITS;
    (stretch(rank) << (64 - TIME_BITS)) | hash.cast_signed()
}

/// Whether two keys are those of equal titles, whenever they were said.
pub fn are_keys_of_one_title(one: i64, other: i64) -> bool {
    title_alone(one) == title_alone(other)
}

/// What is alike in the keys of equal titles, whenever they were said.
pub fn title_alone(key: i64) -> i64 {
    key << TIME_BITS
}

/// A title as titles are compared: folded, but with its symbols and emoji, each of them a word (`C++` isn't `C#`).
/// What would leave nothing is compared as it is written.
pub fn folded_title(title: &str) -> String {
    let folded = if title.chars().any(is_symbol) {
        let mut words = String::with_capacity(title.len() + 8);
        let mut rest = String::new();
        let end = |rest: &mut String, words: &mut String| {
            let folded = text::fold(rest);
            if !words.is_empty() && !folded.is_empty() {
                words.push(' ');
            }
            words.push_str(&folded);
            rest.clear();
        };
        for c in text::compatible(title).filter(|c| !is_joiner(*c)) {
            if is_symbol(c) {
                end(&mut rest, &mut words);
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push(c);
            } else {
                rest.push(c);
            }
        }
        end(&mut rest, &mut words);
        words
    } else {
        text::fold(title)
    };
    if folded.is_empty() {
        title.trim().to_lowercase()
    } else {
        folded
    }
}

/// Returns true if a folded title is long enough to be nobody else's: four words, or ten letters of Hangul, Han and kana
/// (design.md, promise 2).
pub fn is_own_title(folded: &str) -> bool {
    let letters = folded.chars().filter(|c| text::is_cjk(*c)).count();
    let is_word = |word: &&str| !word.contains(text::is_cjk);
    letters >= OWN_LETTERS || folded.split(' ').filter(is_word).count() >= OWN_WORDS
}

const OWN_WORDS: usize = 4;
const OWN_LETTERS: usize = 10;

/// Whether a character is a symbol that says something: those of mathematics, money and pictures, and `#`. What only
/// parts a title (`|`, `~`) or modifies a letter is none.
fn is_symbol(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, '#' | '+' | '$' | '<' | '=' | '>');
    }
    // Punctuation of text and its spaces are most of what isn't a letter, and are no symbols; nor are full-width bars
    // and tildes, which part titles, too.
    !matches!(c, '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '｜' | '～' | '￨' | '￤' | '¦')
        && (matches!(c, '＃' | '﹟') || !c.is_alphanumeric() && is_of_symbols(c))
}

/// Whether Unicode calls a character a symbol that isn't a modifier. A pattern knows; what it says of the characters of a row
/// is kept, since titles may be made of them.
fn is_of_symbols(c: char) -> bool {
    const ROW: u32 = 256;
    static SYMBOL: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(r"^[\p{S}--\p{Sk}]$").unwrap()
    });
    static ROWS: [OnceLock<[bool; ROW as usize]>; 0x11_0000 / ROW as usize] =
        [const { OnceLock::new() }; 0x11_0000 / ROW as usize];
    let (row, place) = (u32::from(c) / ROW, u32::from(c) % ROW);
    let known = ROWS[row as usize].get_or_init(|| {
        std::array::from_fn(|at| {
            let c = u32::try_from(at)
                .ok()
                .and_then(|at| char::from_u32(row * ROW + at));
            c.is_some_and(|c| SYMBOL.is_match(c.encode_utf8(&mut [0; 4])))
        })
    });
    known[place as usize]
}

/// What only says how an emoji is drawn.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}')
}

/// The keys that an equal title within [`SAME_TITLE_DAYS`] may have.
pub fn near_title_keys(title_key: i64) -> [i64; 3] {
    let step = 1 << (64 - TIME_BITS);
    [
        title_key,
        title_key.wrapping_sub(step),
        title_key.wrapping_add(step),
    ]
}

/// The keys that an equal title had earlier than those of [`near_title_keys`], in the two years before, the latest first.
pub fn earlier_title_keys(title_key: i64) -> impl Iterator<Item = i64> {
    /// Stretches of [`SAME_TITLE_DAYS`].
    const STRETCHES: i64 = 24;
    let step: i64 = 1 << (64 - TIME_BITS);
    (2..=STRETCHES).map(move |back| title_key.wrapping_sub(step.wrapping_mul(back)))
}

/// The key that the title with a key had if it was said at another moment, in seconds since 1970.
pub fn title_key_at(title_key: i64, seconds: i64) -> i64 {
    let hash = title_alone(title_key).cast_unsigned() >> TIME_BITS;
    (stretch(-seconds) << (64 - TIME_BITS)) | hash.cast_signed()
}

fn stretch(rank: i64) -> i64 {
    rank.saturating_neg().div_euclid(SAME_TITLE_DAYS * 86_400)
}

fn key(text: &str) -> i64 {
    xxh3_64(text.as_bytes()).cast_signed()
}
