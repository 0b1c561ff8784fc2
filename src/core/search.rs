//! The words of the full-text search: what an item is found by, and what a reader's words ask for.
//!
//! Latin words are words. Hangul, Han and kana are cut into overlapping pairs, since particles and other
//! words cling to them: `남북관계` is `남북 북관 관계 계`. The last letter of such a run stands alone, so
//! that one letter asks for every pair that begins with it.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::bounds::{SEARCH_LENGTH, SEARCH_WORDS, WORDS_LENGTH};
use crate::text;

/// Separates a title from a summary in the index, so that no phrase reaches across: a private-use letter,
/// which no text that was folded holds as a word of its own.
const BREAK: &str = "\u{E000}";

/// What an item is found by: its words, separated by spaces. Of a text as long as a book only the beginning counts.
pub fn words(title: &str, summary: &str) -> String {
    let within = |text: &str| text.floor_char_boundary(WORDS_LENGTH.most);
    let (title, summary) = (&title[..within(title)], &summary[..within(summary)]);
    let mut out = String::with_capacity(title.len() + summary.len() + 16);
    push_words(&text::fold(title), &mut out);
    if !summary.is_empty() {
        out.push_str(BREAK);
        out.push(' ');
        push_words(&text::fold(summary), &mut out);
    }
    out
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

/// What a reader asks for: every term has to occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

/// Words that stand next to each other; the last one may be only a beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    words: Vec<String>,
    prefix: bool,
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
        for piece in question.split(['"', '“', '”', '«', '»', '「', '」']) {
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

    /// The question in FTS5's language; every word is quoted, so nothing in it is taken for an operator.
    pub fn to_fts5(&self) -> String {
        let terms: Vec<String> = self.terms.iter().map(Term::to_fts5).collect();
        terms.join(" AND ")
    }
}

impl Term {
    fn parse(text: &str, starred: bool) -> Option<Term> {
        let folded = text::fold(text);
        let runs: Vec<Run> = folded.split(' ').flat_map(runs).collect();
        let mut words = Vec::new();
        let mut prefix = starred;
        let last = runs.len().checked_sub(1)?;
        for (at, run) in runs.iter().enumerate() {
            match run {
                Run::Word(word) if word.is_empty() => {}
                Run::Word(word) => words.push(word.clone()),
                Run::Pairs(chars) => {
                    words.extend(chars.windows(2).map(String::from_iter));
                    // Inside of a phrase the run ends where the question says; at its end it may go on.
                    if at < last || chars.len() == 1 {
                        words.extend(chars.last().map(|c| c.to_string()));
                        prefix |= at == last;
                    } else {
                        prefix = false;
                    }
                }
            }
        }
        (!words.is_empty()).then_some(Term { words, prefix })
    }

    fn to_fts5(&self) -> String {
        let star = if self.prefix { " *" } else { "" };
        format!("\"{}\"{star}", self.words.join(" "))
    }
}
