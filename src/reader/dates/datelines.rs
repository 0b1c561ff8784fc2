//! The lines under headlines that say when something came out and who wrote it.

use jiff::civil::Date;

use crate::dates::days::{Within, find_all, first};
use crate::dates::search::{has_digit, in_text};
use crate::dates::timestamps::{self, Written};
use crate::dates::tokens::{Token, What, plain, tokens};
use crate::dates::zones;
use crate::lexicon::{bylines, months};
use tidings_core::text;

/// What a line under a headline is, if it isn't part of the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dateline {
    /// The date in it, if there is one.
    pub(crate) date: Option<Written>,
}

/// The date in a block at the beginning of a document. One that is nothing but a date may be as brief as they are written:
/// `8.3.19`, `Friday, 8 Mar 19`.
pub(crate) fn in_block(text: &str) -> Option<Date> {
    in_text(text).or_else(|| brief(text.trim()))
}

/// A day with a year of two digits, which is all of a text. Of two digits between hyphens nobody can tell which are the year, nor
/// whether they are one behind a range or beside a clock; and among numbers alone a word makes a version of them.
fn brief(text: &str) -> Option<Date> {
    /// `Wednesday, 8th of September, '19`
    const LONGEST: usize = 60;
    if text.len() > LONGEST || text.contains(['-', '–', '—', '~', ':']) || !has_digit(text) {
        return None;
    }
    let line = plain(text);
    if timestamps::timed(&line).is_some() {
        return None;
    }
    let has_month = || {
        tokens(&line)
            .iter()
            .any(|token| matches!(&token.what, What::Word(word) if months::month(word).is_some()))
    };
    let is_bare = !line.contains(char::is_alphabetic);
    only_date(&line).filter(|_| is_bare || has_month())
}

/// Reads a line that is only a byline (`By …`) or a date (`Published …`).
pub(crate) fn dateline(line: &str) -> Option<Dateline> {
    let line = line.trim();
    if line.is_empty() || line.len() > 120 {
        return None;
    }
    // `Published March 4, 2019 | By Ann Lee`
    let parts = || line.split(['|', '·']).map(str::trim);
    if line.contains(['|', '·']) && parts().all(|part| dateline(part).is_some()) {
        let date = parts().find_map(|part| dateline(part)?.date);
        return Some(Dateline { date });
    }
    let byline = ["By ", "BY ", "By: ", "BY: "];
    if let Some(names) = byline.iter().find_map(|by| line.strip_prefix(by)) {
        return is_names(names).then(|| Dateline {
            date: timestamps::within(line),
        });
    }
    if !has_digit(line) {
        return None;
    }
    let line = plain(line);
    first(&find_all(&tokens(&line), Within::Itself))?;
    // Without its time first: in `Nov 21 21:05 2026` that looks like a year.
    let timed = timestamps::timed(&line);
    let timed = timed.as_ref();
    let day = timed
        .and_then(|timed| only_date(&timed.rest))
        .or_else(|| only_date(&line))
        .or_else(|| only_date(timed?.before_unknown_zone.as_deref()?))?;
    let moment = timestamps::written(&line).filter(|written| written.day == day);
    Some(Dateline {
        date: Some(moment.unwrap_or_else(|| Written::on(day))),
    })
}

/// The date of a line that says nothing else, but what is dated and what the time was.
fn only_date(line: &str) -> Option<Date> {
    let tokens = tokens(line);
    let found = first(&find_all(&tokens, Within::Itself))?;
    let is_weekday = |at: usize, number: u32| match at.checked_sub(1).map(|at| &tokens[at].what) {
        Some(What::Word(word)) => months::is_numbered_weekday(word, number),
        _ => false,
    };
    // Who dates it may stand before the date, a clock time behind it, but no words of a title.
    let belongs = |(at, token): (usize, &Token<'_>)| match &token.what {
        What::Word(word) if token.end <= found.start => {
            months::introduces(word)
                || matches!(tokens.get(at + 1).map(|next| &next.what), Some(What::Number(number, _))
                    if months::is_numbered_weekday(word, *number))
        }
        What::Word(word) if token.start >= found.end => {
            months::follows(word) || zones::is_zone(&line[token.start..token.end])
        }
        What::Number(number, _) => token.start >= found.start || is_weekday(at, *number),
        What::Mark(mark) if token.end <= found.start => ":,.|()-–·[]".contains(*mark),
        _ => true,
    };
    let is_all = tokens.iter().enumerate().all(belongs);
    is_all.then_some(found.date)
}

/// Reads a line of a date and the name of an outlet or an author, as cards have it: `March 8, 2019 · Hankyoreh`.
pub(crate) fn dateline_with_outlet(line: &str) -> Option<Dateline> {
    /// The longest name in such a line, in bytes, and three of them with what parts them.
    const LONGEST_NAME: usize = 40;
    const LONGEST_LINE: usize = 300;
    if line.len() > LONGEST_LINE {
        return None;
    }
    if let Some(line) = behind_outlet(line) {
        return Some(line);
    }
    let parts: Vec<&str> = line
        .split(['|', '·', '•', '/'])
        .flat_map(|part| part.split(" – "))
        .flat_map(|part| part.split(" — "))
        .flat_map(|part| part.split(" by "))
        .map(str::trim)
        .collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let date = dateline(line).and_then(|line| line.date);
    let date = date.or_else(|| parts.iter().find_map(|part| dateline(part)?.date));
    let is_name = |part: &&str| {
        dateline(part).is_some() || part.len() <= LONGEST_NAME && !text::ends_sentence(part)
    };
    (date.is_some() && parts.iter().all(is_name)).then_some(Dateline { date })
}

/// Reads a line of the name of an outlet or an author and a date behind it: `Hankyoreh, 19 Nov 2026`,
/// `(Yonhap, Nov. 18)`, `이제훈 기자 2026.11.19`.
fn behind_outlet(line: &str) -> Option<Dateline> {
    /// The longest such name, in bytes and in words, and what its date takes at most.
    const LONGEST_NAME: usize = 40;
    const MOST_WORDS: usize = 3;
    const LONGEST_DATE: usize = 60;
    if line.len() > LONGEST_NAME + LONGEST_DATE || !has_digit(line) {
        return None;
    }
    let line = line.trim().trim_start_matches(['—', '–', '―', ' ']);
    let inside = line
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let line = inside.unwrap_or(line);
    let titled = || {
        let titles = bylines::WRITERS.iter();
        titles.filter_map(|title| line.split_once(title)).next()
    };
    // `한겨레 2026.11.19`
    let one_word = || {
        let two = line.split_once(' ');
        two.filter(|(name, _)| name.chars().all(text::is_cjk))
    };
    let (name, date) = line.split_once(", ").or_else(titled).or_else(one_word)?;
    let is_name = name.len() <= LONGEST_NAME
        && name.split_whitespace().nth(MOST_WORDS).is_none()
        && name
            .split_whitespace()
            .all(|word| word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()))
        && !has_digit(name)
        && !months::introduces(&name.to_lowercase())
        && dateline(name).is_none();
    let read = dateline(date).filter(|line| line.date.is_some() && is_name)?;
    // A weekday or a month in front is the date's own: `Nov, 19 2026`.
    let is_whole = dateline(line).is_some();
    (!is_whole).then_some(read)
}

/// Words that make a byline without a capital letter in it: “By staff”.
const BYLINE_WORDS: &[&str] = &[
    "staff",
    "reporter",
    "reporters",
    "correspondent",
    "correspondents",
    "writer",
    "writers",
    "editor",
    "editors",
];

/// Words with a small letter that stand in bylines, within names and between them.
const BETWEEN_NAMES: &[&str] = &[
    "and",
    "with",
    "of",
    "for",
    "in",
    "at",
    "from",
    "the",
    "a",
    "an",
    "by",
    "s",
    "on",
    "special",
    "senior",
    "news",
    "de",
    "da",
    "do",
    "dos",
    "del",
    "della",
    "der",
    "den",
    "di",
    "du",
    "el",
    "la",
    "le",
    "al",
    "bin",
    "ibn",
    "ben",
    "van",
    "von",
    "zu",
    "y",
    "e",
    "und",
    "et",
    "contributing",
    "political",
    "foreign",
    "chief",
    "staffer",
    "desk",
    "agencies",
    "agency",
    "team",
    "photographer",
    "freelance",
    "guest",
    "updated",
    "published",
    "posted",
];

/// The longest byline, in words, without its date.
const LONGEST_BYLINE: usize = 10;

/// Whether the words behind “By” name somebody, rather than going on with a headline (“By 2030, minister
/// says”, “By a wide margin”): no numbers, and a name, which is capitalised where the script has capitals.
fn is_names(text: &str) -> bool {
    let plain = plain(text);
    let date = first(&find_all(&tokens(&plain), Within::Words));
    let names = date.map_or(plain.as_ref(), |found| &plain[..found.start]);
    let words: Vec<&str> = names
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    // “By Train to Pyongyang” goes on otherwise than names do.
    let belongs = |word: &&str| {
        !word.starts_with(|c: char| c.is_ascii_lowercase())
            || BYLINE_WORDS.contains(word)
            || BETWEEN_NAMES.contains(word)
    };
    let names_somebody = |word: &&str| {
        word.chars().next().is_some_and(|c| !c.is_lowercase()) || BYLINE_WORDS.contains(word)
    };
    words.len() <= LONGEST_BYLINE
        && words.iter().all(belongs)
        && words.iter().any(names_somebody)
        && !words
            .iter()
            .any(|word| word.starts_with(|c: char| c.is_numeric()))
}
