//! Dates as publishers write them: in file names, in addresses, and in the first lines of a page.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use crate::bounds::DATE_LENGTH;
use crate::text;

const MONTH: &str = "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?\
     |sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The forms a date comes in. Group `core` is the date itself; what stands around it only makes sure
/// that it isn't a piece of a longer number or word.
static FORMS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    let gap = r"[\s_./,-]";
    [
        // march-8-2019, Mar. 8th, 2019
        format!(
            r"(?i)(?:^|[^\p{{L}}])(?P<core>{MONTH}\.?{gap}*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{gap}+(?P<year>\d{{4}}))(?:$|\D)"
        ),
        // 8-march-2019
        format!(
            r"(?i)(?:^|\D)(?P<core>(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{gap}*{MONTH}\.?{gap}*(?P<year>\d{{4}}))(?:$|\D)"
        ),
        // 2019-03-08, 2019/3/8, 2019. 3. 8
        r"(?:^|\D)(?P<core>(?P<year>\d{4})[-_./]\s?(?P<mon>\d{1,2})[-_./]\s?(?P<day>\d{1,2}))(?:$|\D)"
            .to_owned(),
        // 20190308
        r"(?:^|\D)(?P<core>(?P<year>\d{4})(?P<mon>\d{2})(?P<day>\d{2}))(?:$|\D)".to_owned(),
        // 2019년 3월 8일, 2019年3月8日
        r"(?:^|\D)(?P<core>(?P<year>\d{4})\s*[년年]\s*(?P<mon>\d{1,2})\s*[월月]\s*(?P<day>\d{1,2})\s*[일日])"
            .to_owned(),
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(&pattern).unwrap()
    })
});

/// A date found in a text, with the bytes it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    date: Date,
    start: usize,
    end: usize,
}

fn find_all(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    for form in &*FORMS {
        let mut at = 0;
        while let Some(captures) = form.captures_at(text, at) {
            let Some(core) = captures.name("core") else {
                break;
            };
            at = core.end().max(at + 1);
            if let Some(date) = read(&captures) {
                all.push(Found {
                    date,
                    start: core.start(),
                    end: core.end(),
                });
            } else {
                // “12-march-8-2019”: the date may begin inside of what wasn't one.
                at = core.start()
                    + text[core.start()..]
                        .chars()
                        .next()
                        .map_or(1, char::len_utf8);
            }
            if at >= text.len() || !text.is_char_boundary(at) {
                break;
            }
        }
    }
    all
}

fn read(captures: &Captures<'_>) -> Option<Date> {
    let number = |name: &str| captures.name(name)?.as_str().parse::<i16>().ok();
    let month = match captures.name("month") {
        Some(name) => {
            let name = name.as_str().to_lowercase();
            i16::try_from(MONTHS.iter().position(|m| name.starts_with(m))? + 1).ok()?
        }
        None => number("mon")?,
    };
    let year = number("year").filter(|year| (1900..2200).contains(year))?;
    Date::new(
        year,
        month.try_into().ok()?,
        number("day")?.try_into().ok()?,
    )
    .ok()
}

/// The date that a file name or an address ends in: the last valid one.
pub fn in_name(name: &str) -> Option<Date> {
    let start = name.len().saturating_sub(DATE_LENGTH.most);
    find_all(&name[name.ceil_char_boundary(start)..])
        .into_iter()
        .max_by_key(|found| (found.end, std::cmp::Reverse(found.start)))
        .map(|found| found.date)
}

/// The first date in a block of text.
pub fn in_text(text: &str) -> Option<Date> {
    let text = &text[..text.floor_char_boundary(DATE_LENGTH.most)];
    find_all(text)
        .into_iter()
        .min_by_key(|found| (found.start, std::cmp::Reverse(found.end)))
        .map(|found| found.date)
}

/// What a line under a headline is, if it isn't part of the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// The date in it, if there is one.
    pub date: Option<Date>,
}

/// Reads a line that is only a byline (`By …`) or a date (`Published …`).
pub fn dateline(line: &str) -> Option<Dateline> {
    static DATE_LINE: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(
            r"(?ix)^
            (?: (?:last\s+)? (?:published|posted|updated|modified|date) \s* (?:on\b)? \s* :? \s* )?
            (?: (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)? \.? ,? \s+ )?
            (?: \| \s* )?",
        )
        .unwrap()
    });
    let line = line.trim();
    if line.is_empty() || line.len() > 120 {
        return None;
    }
    if let Some(names) = line
        .strip_prefix("By ")
        .or_else(|| line.strip_prefix("BY "))
    {
        return is_names(names).then(|| Dateline {
            date: in_text(line),
        });
    }
    let start = DATE_LINE.find(line).map_or(0, |prefix| prefix.end());
    let found = find_all(line)
        .into_iter()
        .filter(|found| found.start == start)
        .max_by_key(|found| found.end)?;
    // A clock time may follow the date, but no words of a title.
    let rest = line[found.end..].to_lowercase();
    let is_time = rest.split(|c: char| !c.is_alphanumeric()).all(|word| {
        word.chars().all(|c| c.is_ascii_digit())
            || [
                "at", "am", "pm", "a", "p", "m", "utc", "gmt", "kst", "est", "edt",
            ]
            .contains(&word)
    });
    is_time.then_some(Dateline {
        date: Some(found.date),
    })
}

/// Reads a line of a date and the name of an outlet or an author, as cards have it: `March 8, 2019 · Hankyoreh`.
pub(super) fn dateline_with_outlet(line: &str) -> Option<Dateline> {
    /// The longest name in such a line, in bytes, and three of them with what parts them.
    const LONGEST_NAME: usize = 40;
    const LONGEST_LINE: usize = 300;
    if line.len() > LONGEST_LINE {
        return None;
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
    let date = parts.iter().find_map(|part| dateline(part)?.date);
    let is_name = |part: &&str| {
        dateline(part).is_some() || part.len() <= LONGEST_NAME && !text::ends_sentence(part)
    };
    (date.is_some() && parts.iter().all(is_name)).then_some(Dateline { date })
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

/// The longest byline, in words, without its date.
const LONGEST_BYLINE: usize = 10;

/// Whether the words behind “By” name somebody, rather than going on with a headline (“By 2030, minister
/// says”, “By a wide margin”): no numbers, and a name, which is capitalised where the script has capitals.
fn is_names(text: &str) -> bool {
    let date = find_all(text)
        .into_iter()
        .min_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    let names = date.map_or(text, |found| &text[..found.start]);
    let words: Vec<&str> = names
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let names_somebody = |word: &&str| {
        word.chars().next().is_some_and(|c| !c.is_lowercase()) || BYLINE_WORDS.contains(word)
    };
    words.len() <= LONGEST_BYLINE
        && words.iter().any(names_somebody)
        && !words
            .iter()
            .any(|word| word.starts_with(|c: char| c.is_numeric()))
}
