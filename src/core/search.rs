//! The words of the full-text search: what an item is found by, and what a reader's words ask for.
//!
//! Latin words are words. Hangul, Han and kana are cut into overlapping pairs, since particles and other
//! words cling to them: `남북관계` is `남북 북관 관계 계`. The last letter of such a run stands alone, so
//! that one letter asks for every pair that begins with it.

use std::collections::HashSet;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use xxhash_rust::xxh3::xxh3_64;

use crate::bounds::{DOCUMENT_TEXT, DOCUMENT_WORDS, SEARCH_LENGTH, SEARCH_WORDS, WORDS_LENGTH};
use crate::text;

/// Separates a title from a summary in the index, so that no phrase reaches across: a private-use letter,
/// which no text that was folded holds as a word of its own.
const BREAK: &str = "\u{E000}";

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
        out
    }
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
enum Run {
    Word(String),
    Pairs(Vec<char>),
}

impl Run {
    fn text(&self) -> String {
        match self {
            Run::Word(word) => word.clone(),
            Run::Pairs(chars) => chars.iter().collect(),
        }
    }
}

fn runs(word: &str) -> Vec<Run> {
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

    /// Each of the words.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        self.0
            .split_ascii_whitespace()
            .filter(|word| *word != BREAK)
    }
}

/// The marks between which a phrase stands.
const QUOTES: [char; 7] = ['"', '“', '”', '«', '»', '「', '」'];

/// Whether a phrase begins or ends with this mark.
pub fn is_quote(c: char) -> bool {
    QUOTES.contains(&c)
}

/// What a reader asks for: every term has to occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

/// Words that stand next to each other; the last one may be only a beginning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// As it is written: folded, without accents.
    text: String,
    /// What is to be found in [`SpacedWords`]. A space stands behind the last word unless that is only a beginning.
    spaced: String,
}

/// Whether a question asks for more than is looked for at once: letters, or words, those of phrases too.
pub fn is_too_much(question: &str) -> bool {
    question.chars().nth(SEARCH_LENGTH.most).is_some()
        || text::fold(question).split(' ').count() > SEARCH_WORDS.most
}

impl Query {
    /// Reads a question: words, `"phrases in quotes"`, `begin*`. Whatever else there is counts as space;
    /// there is no syntax that can be wrong. `None` if no letter or digit is left.
    pub fn parse(question: &str) -> Option<Query> {
        let mut terms = Vec::new();
        let mut quoted = false;
        for piece in question.split(is_quote) {
            if quoted {
                terms.extend(Term::parse(piece, false));
            } else {
                let words = piece.split_whitespace();
                terms.extend(words.filter_map(|w| Term::parse(w, w.ends_with('*'))));
            }
            quoted = !quoted;
        }
        // What is asked for twice is looked for once.
        let mut known = Vec::new();
        terms.retain(|term| {
            let is_new = !known.contains(term);
            if is_new {
                known.push(term.clone());
            }
            is_new
        });
        (!terms.is_empty()).then_some(Query { terms })
    }

    /// The canonical text: its terms folded and sorted, as they are read again.
    pub fn text(&self) -> String {
        let mut terms: Vec<&str> = self.terms.iter().map(Term::text).collect();
        terms.sort_unstable();
        terms.join(" ")
    }

    /// What has to occur.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter()
    }

    /// Words of which each occurs in whatever is found.
    pub fn whole_words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().flat_map(Term::whole_words)
    }

    /// The beginnings of words that it asks for.
    pub fn beginnings(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(Term::beginning)
    }

    /// Whether an item holds everything that is asked for: just when the search finds it.
    pub fn is_in(&self, words: &SpacedWords) -> bool {
        self.terms.iter().all(|term| term.is_in(words))
    }

    /// The question in FTS5's language; every word is quoted, so nothing in it is taken for an operator.
    pub fn to_fts5(&self) -> String {
        let terms: Vec<String> = self.terms.iter().map(Term::to_fts5).collect();
        terms.join(" AND ")
    }
}

impl Term {
    /// Reads a word or a phrase; `starred` says that it is only a beginning. `None` if no letter or digit is left.
    pub fn parse(text: &str, starred: bool) -> Option<Term> {
        let folded = text::fold(text);
        if folded.is_empty() {
            return None;
        }
        if folded.is_ascii() {
            // Most are, and such a text is its own words.
            let words: Vec<&str> = folded.split(' ').collect();
            return Some(Term {
                text: Term::written(&words, starred),
                spaced: format!(" {folded}{}", if starred { "" } else { " " }),
            });
        }
        let mut written: Vec<String> = Vec::new();
        let mut runs: Vec<Run> = Vec::new();
        for word in folded.split(' ') {
            let mut of_word = self::runs(word);
            // A mark without a letter is nothing.
            of_word.retain(|run| !matches!(run, Run::Word(word) if word.is_empty()));
            let plain = of_word.iter().map(Run::text).collect::<String>();
            if !plain.is_empty() {
                written.push(plain);
                runs.extend(of_word);
            }
        }
        let mut spaced = String::from(" ");
        let mut prefix = starred;
        let last = runs.len().checked_sub(1)?;
        let mut push = |word: &str| {
            spaced.push_str(word);
            spaced.push(' ');
        };
        for (at, run) in runs.iter().enumerate() {
            match run {
                Run::Word(word) => push(word),
                Run::Pairs(chars) => {
                    chars
                        .windows(2)
                        .for_each(|pair| push(&String::from_iter(pair)));
                    // Inside of a phrase the run ends where the question says; at its end it may go on.
                    if at < last || chars.len() == 1 {
                        chars.last().iter().for_each(|c| push(&c.to_string()));
                        prefix |= at == last;
                    } else {
                        prefix = false;
                    }
                }
            }
        }
        if prefix {
            spaced.pop();
        }
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        Some(Term {
            text: Term::written(&written, starred && matches!(runs[last], Run::Word(_))),
            spaced,
        })
    }

    /// How it is written so that it is read as the same: several words in quotes, or with hyphens where the last one is
    /// only a beginning, since a star counts for nothing behind a quote.
    fn written(words: &[&str], starred: bool) -> String {
        match (words, starred) {
            (words, true) => format!("{}*", words.join("-")),
            ([word], false) => (*word).to_owned(),
            (words, false) => format!("\"{}\"", words.join(" ")),
        }
    }

    /// The canonical text: folded, without accents, in quotes where it is a phrase.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether an item holds it: just when the search finds the item by it.
    pub fn is_in(&self, words: &SpacedWords) -> bool {
        words.0.contains(&self.spaced)
    }

    fn whole_words(&self) -> impl Iterator<Item = &str> {
        let count = usize::from(self.beginning().is_some());
        let words = self.spaced.split_ascii_whitespace();
        words.rev().skip(count)
    }

    fn beginning(&self) -> Option<&str> {
        let words = self.spaced.split_ascii_whitespace();
        words.last().filter(|_| !self.spaced.ends_with(' '))
    }

    fn to_fts5(&self) -> String {
        let star = if self.spaced.ends_with(' ') { "" } else { " *" };
        format!("\"{}\"{star}", self.spaced.trim())
    }
}
