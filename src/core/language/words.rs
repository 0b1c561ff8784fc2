//! The words that people type, as the languages' files list them: `word-KEY = one | another`. All languages are understood
//! together, whatever a channel's own is: people mix them.

use std::sync::LazyLock;

use super::locale::Locale;
use super::texts::Texts;

/// Texts that can't be read keep the bot from starting; here nothing is understood then.
static TEXTS: LazyLock<Option<Texts>> = LazyLock::new(|| Texts::new().ok());

static ZONES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| pairs("zones"));

static LENGTHS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| pairs("lengths"));

static MONTHS: LazyLock<Vec<(String, u32)>> = LazyLock::new(|| {
    let others = pairs("months").into_iter();
    let mut months: Vec<(String, u32)> = others
        .filter_map(|(said, month)| Some((said, month.parse().ok()?)))
        .collect();
    for texts in TEXTS.iter() {
        for (locale, month) in Locale::all().flat_map(|locale| (1..=12).map(move |m| (locale, m))) {
            for key in ["month-short", "month-long"] {
                let named = [("month", i64::from(month).into())];
                let name = texts.localizer(locale).text(key, &named).to_lowercase();
                if !months.iter().any(|(known, _)| *known == name) {
                    months.push((name, month));
                }
            }
        }
    }
    months
});

/// What all languages say for several things, each with the thing itself.
fn pairs(key: &str) -> Vec<(String, String)> {
    let pairs = words(key).filter_map(|pair| {
        let (said, meant) = pair.split_once('=')?;
        Some((said.trim().to_owned(), meant.trim().to_owned()))
    });
    pairs.collect()
}

/// What all languages say for one thing.
pub(super) fn words(key: &str) -> impl Iterator<Item = String> {
    let texts = TEXTS.iter();
    texts.flat_map(move |texts| Locale::all().flat_map(move |locale| texts.listed(locale, key)))
}

/// Whether some language says a thing with this word.
pub(super) fn says(key: &str, word: &str) -> bool {
    words(key).any(|said| said == word)
}

/// What people call time zones, and the IANA names of those.
pub(super) fn zones() -> impl Iterator<Item = (&'static str, &'static str)> {
    ZONES
        .iter()
        .map(|(said, zone)| (said.as_str(), zone.as_str()))
}

/// What people call lengths of time in one word, and how many units those are.
pub(super) fn lengths() -> impl Iterator<Item = (&'static str, &'static str)> {
    LENGTHS
        .iter()
        .map(|(said, length)| (said.as_str(), length.as_str()))
}

/// What people call months, and their numbers.
pub(super) fn months() -> impl Iterator<Item = (&'static str, u32)> {
    MONTHS.iter().map(|(said, month)| (said.as_str(), *month))
}

/// Whether a word switches something on or off, if it does either. In lower case.
pub fn switch(word: &str) -> Option<bool> {
    if says("on", word) {
        Some(true)
    } else {
        says("off", word).then_some(false)
    }
}

/// Whether a word, in lower case, confirms.
pub fn is_yes(word: &str) -> bool {
    says("yes", word)
}

/// Whether a folded word names everything.
pub fn is_everything(word: &str) -> bool {
    says("all", word)
}
