//! The words of a headline, and what each of them weighs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::lexicon::{
    COMMON, GENRES, Genre, MONTHS, NUMERALS, PARTICLES, SCALES, SIGNS, SPELLINGS, STOP,
};

/// The weight of a name: a capital where no sentence begins.
pub(super) const NAME: f32 = 2.0;

/// The weight from which on a word is worth looking for in other items.
pub(super) const RARE: f32 = 1.2;

/// In which letters a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Hangul,
    Han,
    Digits,
}

/// A word as it stands in a title.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) script: Script,
    /// As it is compared: in lower case, without endings and particles, numerals as digits.
    pub(super) key: String,
    /// Whether a sentence or a quotation begins with it.
    begins: bool,
    /// Whether it stands right behind a number, as its unit.
    pub(super) counts: bool,
}

fn script(c: char) -> Option<Script> {
    match c {
        '0'..='9' => Some(Script::Digits),
        '가'..='힣' => Some(Script::Hangul),
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' => Some(Script::Han),
        c if c.is_alphabetic() => Some(Script::Latin),
        _ => None,
    }
}

/// One spelling for what is written in many: widths, quotes, dashes, entities, signs for states.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.nfkc() {
        match c {
            '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' => clean.push('"'),
            '‘' | '’' => clean.push('\''),
            '–' | '—' | '−' => clean.push('-'),
            '…' => clean.push_str(" … "),
            c => clean.push(c),
        }
    }
    for (entity, letter) in [
        ("&amp;", "&"),
        ("&#39;", "'"),
        ("&quot;", "\""),
        ("...", " … "),
    ] {
        if clean.contains(entity) {
            clean = clean.replace(entity, letter);
        }
    }
    for (short, long) in SPELLINGS {
        if clean.contains(short) {
            clean = clean.replace(short, long);
        }
    }
    spell_out_signs(&clean)
}

/// 北 alone is 북한; within a word of Han letters it is part of that.
fn spell_out_signs(text: &str) -> String {
    if !text.chars().any(|c| script(c) == Some(Script::Han)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if script(c) == Some(Script::Han) {
            run.push(c);
            continue;
        }
        let sign = SIGNS.iter().find(|(sign, _)| *sign == run);
        out.push_str(sign.map_or(run.as_str(), |(_, word)| word));
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

static TAG_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:[\[【(<]\s*([^\]】)>]{1,24})\s*[\]】)>]|(update \d+|lead|urgent|breaking|analysis|editorial|opinion|interview|explainer|correction|corrected|exclusive|live|week in review)\s*:)\s*",
    )
    .expect("a pattern")
});
static TAG_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s*[\[(]\s*([^\])]{1,16})\s*[\])]\s*$").expect("a pattern"));
static OUTLET_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(.{12,}?)\s[-|]\s[^-|]{2,20}$").expect("a pattern"));
static DATELINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Z]{3,}(?: [A-Z]+)?, \w+\.? \d+ -+ ").expect("a pattern"));

/// A title without what agencies, forums and outlets hang on it (`[속보]`, `(2nd LD)`, `UPDATE 2:`, `[pdf]`, ` - Outlet`),
/// and the genre that such a tag names.
pub(super) fn without_tags(title: &str) -> (String, Option<Genre>) {
    let mut rest = title.trim().to_owned();
    let mut genre = None;
    let mut note = |tag: &str| {
        let tag = tag.to_lowercase();
        let found = GENRES
            .iter()
            .find(|(_, tags)| tags.iter().any(|known| tag.contains(known)));
        genre = genre.or(found.map(|(genre, _)| *genre));
    };
    while let Some(found) = TAG_BEFORE.captures(&rest) {
        note(found.get(1).or(found.get(2)).map_or("", |tag| tag.as_str()));
        let end = found[0].len();
        if end >= rest.len() {
            break;
        }
        rest.drain(..end);
    }
    while let Some(found) = TAG_BEHIND.captures(&rest) {
        note(&found[1]);
        let start = found.get(0).map_or(0, |whole| whole.start());
        if start == 0 {
            break;
        }
        rest.truncate(start);
    }
    if let Some(found) = OUTLET_BEHIND.captures(&rest) {
        rest = found[1].to_owned();
    }
    (rest, genre)
}

/// A summary without `SEOUL, Dec. 3 --`.
pub(super) fn without_dateline(summary: &str) -> String {
    DATELINE.replace(summary, "").into_owned()
}

/// The words of a text, in its order. Latin words may hold hyphens and apostrophes.
pub(super) fn split(text: &str) -> Vec<Word> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let mut at = 0;
    let mut begins = true;
    let mut last_number_end = None;
    while at < chars.len() {
        let Some(kind) = script(chars[at]) else {
            begins |= matches!(chars[at], '.' | '!' | '?' | ':' | '"');
            at += 1;
            continue;
        };
        let start = at;
        while at < chars.len() {
            let same = script(chars[at]) == Some(kind);
            let joins = at + 1 < chars.len()
                && script(chars[at + 1]) == Some(kind)
                && match kind {
                    Script::Latin => matches!(chars[at], '-' | '\''),
                    Script::Digits => matches!(chars[at], '.' | ','),
                    _ => false,
                };
            if !same && !joins {
                break;
            }
            at += 1;
        }
        let word: String = chars[start..at].iter().collect();
        let counts = last_number_end.is_some_and(|end| start == end || start == end + 1);
        if kind == Script::Digits {
            last_number_end = Some(at);
        }
        words.push(Word {
            key: key(&word, kind),
            text: word,
            script: kind,
            begins,
            counts,
        });
        begins = false;
    }
    words
}

fn key(word: &str, script: Script) -> String {
    match script {
        Script::Digits => word.replace(',', ""),
        Script::Hangul => without_particle(word).to_owned(),
        Script::Han => word.to_owned(),
        Script::Latin => {
            let lower = word.to_lowercase();
            if let Some((_, number)) = NUMERALS.iter().find(|(name, _)| *name == lower) {
                return number.to_string();
            }
            let bare = lower.strip_suffix("'s").unwrap_or(&lower);
            stem(&bare.replace(['-', '\''], ""))
        }
    }
}

fn without_particle(word: &str) -> &str {
    for particle in PARTICLES {
        if let Some(noun) = word.strip_suffix(particle)
            && noun.chars().count() >= 2
        {
            return noun;
        }
    }
    word
}

fn stem(word: &str) -> String {
    for ending in ["ing", "ies", "ied", "es", "ed", "s"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 4
        {
            return stem.to_owned();
        }
    }
    word.to_owned()
}

fn is_listed(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|listed| listed == word)
}

/// Whether a title says enough to be known again: four words, or ten letters of Hangul, Han or kana (design.md, promise 2).
pub(super) fn is_long(title: &[Word]) -> bool {
    let letters = |word: &Word| match word.script {
        Script::Hangul | Script::Han => word.text.chars().count(),
        Script::Latin | Script::Digits => 0,
    };
    title.len() >= 4 || title.iter().map(letters).sum::<usize>() >= 10
}

/// Whether a word is written with a capital.
pub(super) fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

pub(super) fn is_stop(word: &str) -> bool {
    is_listed(STOP, word)
}

/// Whether a word is a multiple or a share, which belongs to its number.
pub(super) fn is_scale(lower: &str) -> bool {
    SCALES
        .iter()
        .any(|(name, _)| *name == lower && *name != "m")
        || matches!(lower, "percent" | "pct" | "퍼센트")
}

/// What the words of a text weigh, by what they are compared as: names most, what half of all news are made of least.
pub(super) fn weigh(words: &[Word]) -> BTreeMap<String, f32> {
    let long: Vec<&Word> = words
        .iter()
        .filter(|w| w.script == Script::Latin && w.text.chars().count() > 3)
        .collect();
    let capitals = long.iter().filter(|w| is_capital(&w.text)).count();
    let title_case = !long.is_empty() && capitals * 4 >= long.len() * 3;
    let mut weights: BTreeMap<String, f32> = BTreeMap::new();
    let mut add = |key: String, weight: f32| {
        let kept = weights.entry(key).or_default();
        *kept = kept.max(weight);
    };
    for word in words {
        match word.script {
            Script::Digits => {}
            Script::Hangul => {
                let letters = word.key.chars().count();
                if letters >= 2 && !(word.counts && word.text.chars().count() <= 3) {
                    add(word.key.clone(), if letters == 2 { 1.2 } else { 1.6 });
                }
            }
            Script::Han => {
                let letters: Vec<char> = word.text.chars().collect();
                for pair in letters.windows(2) {
                    add(pair.iter().collect(), 0.8);
                }
            }
            Script::Latin => {
                let whole = [word.text.as_str()];
                let parts = word
                    .text
                    .split('-')
                    .filter(|_| word.text.contains('-') && word.text.chars().count() > 6);
                for part in whole.into_iter().chain(parts) {
                    let lower = part.to_lowercase();
                    let bare = lower.strip_suffix("'s").unwrap_or(&lower).replace('-', "");
                    let unit = word.counts && bare.chars().count() <= 2;
                    if bare.chars().count() < 2
                        || unit
                        || is_stop(&bare)
                        || is_scale(&bare)
                        || MONTHS.contains(&bare.as_str())
                        || NUMERALS.iter().any(|(name, _)| *name == bare)
                    {
                        continue;
                    }
                    let key = stem(&bare);
                    let common = is_listed(COMMON, &bare) || is_listed(COMMON, &key);
                    let weight = match (common, is_capital(part), title_case || word.begins) {
                        (true, ..) => 0.7,
                        (false, true, false) => 3.0,
                        (false, true, true) => NAME,
                        (false, false, _) => 1.2,
                    };
                    add(key, weight);
                }
            }
        }
    }
    weights
}

fn is_hangul(key: &str) -> bool {
    key.chars().all(|c| script(c) == Some(Script::Hangul))
}

fn pairs(word: &str) -> Vec<(char, char)> {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// What of the first words the second hold, as weights. Korean compounds are written together or apart, so a part of one
/// counts for as much as it is of the whole.
pub(super) fn shared(a: &BTreeMap<String, f32>, b: &BTreeMap<String, f32>) -> Vec<f32> {
    let mut found = Vec::new();
    for (key, weight) in a {
        if let Some(other) = b.get(key) {
            let least = weight.min(*other);
            found.push(if least >= 1.0 {
                least
            } else {
                (weight + other) / 2.0
            });
        } else if is_hangul(key)
            && let Some(part) = compound(key, *weight, b)
        {
            found.push(part);
        }
    }
    found
}

/// Whether a word, or a compound of it, is among others.
pub(super) fn holds(words: &BTreeMap<String, f32>, key: &str) -> bool {
    words.contains_key(key) || is_hangul(key) && compound(key, 1.0, words).is_some()
}

#[expect(clippy::cast_precision_loss, reason = "letters of a word")]
fn compound(key: &str, weight: f32, words: &BTreeMap<String, f32>) -> Option<f32> {
    let letters = key.chars().count();
    let mut best: Option<f32> = None;
    let own = pairs(key);
    for (other, other_weight) in words.iter().filter(|(other, _)| is_hangul(other)) {
        let others = other.chars().count();
        let (short, long) = (letters.min(others), letters.max(others));
        let least = weight.min(*other_weight);
        if short >= 2 && (other.contains(key) || key.contains(other.as_str())) {
            best = Some(best.unwrap_or(0.0).max(least * short as f32 / long as f32));
        } else if short >= 3 {
            let theirs = pairs(other);
            let common = own.iter().filter(|pair| theirs.contains(pair)).count();
            let part = common as f32 / (long - 1) as f32 * least;
            if part >= 0.5 {
                best = Some(best.unwrap_or(0.0).max(part));
            }
        }
    }
    best
}
