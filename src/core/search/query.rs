//! What a reader's words ask for.

use super::words::{self, Run, SpacedWords, first_letters};
use crate::bounds::{SEARCH_LENGTH, SEARCH_WORDS};
use crate::text;

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

    /// Whether words have to stand next to each other: in whatever holds them all, that has to be looked at.
    pub fn has_phrases(&self) -> bool {
        let is_phrase = |term: &Term| term.spaced.split_ascii_whitespace().nth(1).is_some();
        self.terms.iter().any(is_phrase)
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
            let indexed: Vec<&str> = words.iter().map(|word| first_letters(word)).collect();
            let end = if starred { "" } else { " " };
            return Some(Term {
                text: Term::written(&words, starred),
                spaced: format!(" {}{end}", indexed.join(" ")),
            });
        }
        let mut written: Vec<String> = Vec::new();
        let mut runs: Vec<Run> = Vec::new();
        for word in folded.split(' ') {
            let mut of_word = words::runs(word);
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
            spaced.push_str(first_letters(word));
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
        words.hold(&self.spaced)
    }

    /// Its words in their order, and whether the last one is only a beginning.
    pub(super) fn words(&self) -> (impl Iterator<Item = &str>, bool) {
        let words = self.spaced.split_ascii_whitespace();
        (words, !self.spaced.ends_with(' '))
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
