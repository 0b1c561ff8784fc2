//! What an item is found by: its words, cut to what both engines index.

use std::collections::{HashMap, HashSet};

use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use xxhash_rust::xxh3::xxh3_64;

use crate::bounds::{
    DOCUMENT_TEXT, DOCUMENT_WORDS, ITEM_PLACES, ITEM_WORDS, ITEM_WORDS_LENGTH, WORD_LENGTH,
    WORDS_LENGTH,
};
use crate::text;

/// Separates a title from a summary in the index, so that no phrase reaches across: a private-use letter,
/// which no text that was folded holds as a word of its own.
pub(super) const BREAK: &str = "\u{E000}";

/// The same as it stands between words.
const BREAK_SPACED: &str = "\u{E000} ";

/// What an item is found by: its words, separated by spaces. Of a text as long as a book only the beginning counts.
pub fn words(title: &str, summary: &str) -> String {
    Folded::of(title, summary).words()
}

/// An item's texts, folded once for all that looks for something in them. Of a text as long as a book only the beginning
/// counts.
#[derive(Debug)]
pub struct Folded {
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// Whether there was a summary, though it had no word.
    has_summary: bool,
}

impl Folded {
    /// The texts of an item.
    pub fn of(title: &str, summary: &str) -> Folded {
        Folded::within(title, summary, usize::MAX)
    }

    /// The first so many bytes of them.
    fn within(title: &str, summary: &str, most: usize) -> Folded {
        let title = &title[..title.floor_char_boundary(most.min(WORDS_LENGTH.most))];
        let left = most.saturating_sub(title.len());
        let summary = &summary[..summary.floor_char_boundary(left.min(WORDS_LENGTH.most))];
        Folded {
            title: text::fold(title),
            summary: text::fold(summary),
            has_summary: !summary.is_empty(),
        }
    }

    /// What the item is found by: its words, separated by spaces.
    pub fn words(&self) -> String {
        let mut out = String::with_capacity(self.title.len() + self.summary.len() + 16);
        push_words(&self.title, &mut out);
        if self.has_summary {
            out.push_str(BREAK_SPACED);
            push_words(&self.summary, &mut out);
        }
        within_bounds(out)
    }
}

/// What of an item's words is indexed: the same by either engine, and no more than both can hold.
fn within_bounds(words: String) -> String {
    // Nearly all words of nearly all items are within them: no more is done than look.
    let (mut spaces, mut end, mut longest) = (0, 0, 0);
    for space in memchr::memchr_iter(b' ', words.as_bytes()) {
        spaces += 1;
        longest = longest.max(space - end);
        end = space + 1;
    }
    longest = longest.max(words.len() - end);
    let is_short = spaces <= ITEM_PLACES.most && words.len() <= ITEM_WORDS_LENGTH.most;
    if is_short && longest <= WORD_LENGTH.most {
        return words;
    }
    let mut kept = String::with_capacity(words.len().min(ITEM_WORDS_LENGTH.most));
    let mut places: HashMap<&str, usize> = HashMap::new();
    for word in words.split_ascii_whitespace().take(ITEM_WORDS.most) {
        let word = first_letters(word);
        if kept.len() + word.len() >= ITEM_WORDS_LENGTH.most {
            break;
        }
        let is_indexed = word == BREAK || {
            let places = places.entry(word).or_default();
            *places += 1;
            *places <= ITEM_PLACES.most
        };
        if is_indexed {
            kept.push_str(word);
            kept.push(' ');
        } else if !kept.ends_with(BREAK_SPACED) {
            // What stands on both sides of it isn't a phrase.
            kept.push_str(BREAK_SPACED);
        }
    }
    kept
}

/// As much of a word as is indexed, and asked for.
pub(super) fn first_letters(word: &str) -> &str {
    if word.len() <= WORD_LENGTH.most {
        return word;
    }
    let end = word.char_indices().nth(WORD_LENGTH.most);
    &word[..end.map_or(word.len(), |(at, _)| at)]
}

/// The texts of all items of a document that somebody else wrote: no more of them than the index takes in passing.
#[derive(Debug)]
pub struct DocumentTexts {
    /// How much of an item's texts is looked at.
    longest: usize,
    /// The words so far, by their hashes; nothing is counted where there can't be too many.
    met: Option<HashSet<u64>>,
}

impl DocumentTexts {
    /// What of an item is looked at in any case, in bytes: a headline.
    const BEGINNING: usize = 60;

    /// For items whose title and summary together have so many bytes each.
    pub fn of(lengths: impl Iterator<Item = usize>) -> DocumentTexts {
        let mut lengths: Vec<usize> = lengths.collect();
        let in_all: usize = lengths.iter().sum();
        // The shortest ones stay as they are, and what they leave is shared out among the longer ones.
        lengths.sort_unstable();
        let (mut left, mut others) = (DOCUMENT_TEXT.most, lengths.len());
        let mut longest = usize::MAX;
        if in_all > left {
            for length in lengths {
                longest = left / others;
                if length > longest {
                    break;
                }
                left -= length;
                others -= 1;
            }
        }
        DocumentTexts {
            longest: longest.max(DocumentTexts::BEGINNING),
            // A word takes two bytes at least.
            met: (in_all / 2 > DOCUMENT_WORDS.most).then(HashSet::new),
        }
    }

    /// The texts of an item.
    pub fn folded(&self, title: &str, summary: &str) -> Folded {
        Folded::within(title, summary, self.longest)
    }

    /// What the next item is found by.
    pub fn words(&mut self, folded: &Folded) -> String {
        let words = folded.words();
        let Some(met) = &mut self.met else {
            return words;
        };
        let mut kept = String::with_capacity(words.len());
        for word in words.split_inclusive(' ') {
            let hash = xxh3_64(word.as_bytes());
            let is_over =
                met.len() >= DOCUMENT_WORDS.most && kept.len() >= DocumentTexts::BEGINNING;
            if !is_over || met.contains(&hash) {
                met.insert(hash);
                kept.push_str(word);
            } else if !kept.ends_with(BREAK_SPACED) {
                // What stands on both sides of it isn't a phrase.
                kept.push_str(BREAK_SPACED);
            }
        }
        kept
    }
}

fn push_words(folded: &str, out: &mut String) {
    for word in folded.split(' ') {
        if word.is_ascii() {
            out.push_str(word);
            out.push(' ');
        } else {
            for run in runs(word) {
                push_run(&run, out);
            }
        }
    }
}

/// A piece of a word that is of one kind.
pub(super) enum Run {
    Word(String),
    Pairs(Vec<char>),
}

impl Run {
    pub(super) fn text(&self) -> String {
        match self {
            Run::Word(word) => word.clone(),
            Run::Pairs(chars) => chars.iter().collect(),
        }
    }
}

pub(super) fn runs(word: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for c in word.chars() {
        match (runs.last_mut(), text::is_cjk(c)) {
            (Some(Run::Pairs(chars)), true) => chars.push(c),
            (_, true) => runs.push(Run::Pairs(vec![c])),
            (Some(Run::Word(word)), false) => push_unaccented(c, word),
            (_, false) => {
                let mut word = String::new();
                push_unaccented(c, &mut word);
                runs.push(Run::Word(word));
            }
        }
    }
    runs
}

/// Letters lose their accents in a search: `cafe` finds `café`.
fn push_unaccented(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c);
        return;
    }
    decompose_canonical(c, |part| {
        if !is_combining_mark(part) {
            out.push(part);
        }
    });
}

fn push_run(run: &Run, out: &mut String) {
    match run {
        Run::Word(word) if word.is_empty() => {}
        Run::Word(word) => {
            out.push_str(word);
            out.push(' ');
        }
        Run::Pairs(chars) => {
            for pair in chars.windows(2) {
                out.extend(pair);
                out.push(' ');
            }
            out.extend(chars.last());
            out.push(' ');
        }
    }
}

/// An item's words as they are looked through without the index: each with a space on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpacedWords(String);

impl SpacedWords {
    /// The words of an item.
    pub fn of(title: &str, summary: &str) -> SpacedWords {
        SpacedWords::from_words(&words(title, summary))
    }

    /// From what [`words`] made.
    pub fn from_words(words: &str) -> SpacedWords {
        SpacedWords(format!(" {words}"))
    }

    /// Whether these words stand in it, each with a space before it.
    pub(super) fn hold(&self, spaced: &str) -> bool {
        self.0.contains(spaced)
    }

    /// Each of the words.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        self.0
            .split_ascii_whitespace()
            .filter(|word| *word != BREAK)
    }
}
