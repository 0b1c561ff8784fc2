//! News made up for measuring stories: agencies report on a hundred and fifty affairs a day, on the first of them the most.
//! What is told of one shares its names and a few of its words; the rest of a text is grammar and a vocabulary in which the
//! word of rank r is r times as rare as the first, as in any language. Texts are as long as those of a weekly digest: a
//! headline of nine words, a summary of thirty-five. Every tenth item is in Korean.

use std::fmt::Write;

use crate::seed::Seed;

/// Affairs that are reported on in a day.
const AFFAIRS: u64 = 150;

/// How many words a language has, beside those of grammar.
const VOCABULARY: u64 = 60_000;

/// How many names there are: people, places, companies.
const NAMES: u64 = 40_000;

/// How many names and words of its own an affair has.
const OWN_NAMES: u64 = 5;
const OWN_WORDS: u64 = 8;

const GRAMMAR: [&str; 40] = [
    "the", "of", "to", "in", "a", "and", "on", "for", "with", "that", "by", "at", "from", "as",
    "is", "said", "was", "has", "its", "it", "will", "be", "after", "over", "an", "have", "not",
    "were", "would", "their", "which", "been", "this", "more", "who", "about", "into", "up",
    "than", "before",
];

const PARTICLES: [&str; 10] = ["은", "는", "이", "가", "을", "를", "의", "에서", "로", ""];

/// A page of so many items of a day.
#[allow(dead_code, reason = "each of those who measure takes what they need")]
pub(crate) fn page(seed: &mut Seed, items: usize, day: u64) -> String {
    let headings = ["US-NK Relations", "Inter-Korean Relations", "Economy"];
    let mut page = String::with_capacity(items * 340);
    for at in 0..items {
        if at % 20 == 0 {
            let _ = write!(page, "{}\n\n\n", headings[(at / 20) % headings.len()]);
        }
        let (title, summary) = item(seed, at, day);
        let _ = write!(page, "{title}\n\n{summary}\n\n\n");
    }
    page
}

/// The title and the summary of an item of a day, the so many-th of its page.
pub(crate) fn item(seed: &mut Seed, at: usize, day: u64) -> (String, String) {
    let affair = day * AFFAIRS + ranked(seed, AFFAIRS);
    let (mut title, mut summary) = (String::new(), String::new());
    let mut write = |out: &mut String, words, own, grammar| {
        let mut text = Text {
            seed,
            affair,
            is_korean: at % 10 == 9,
            out,
        };
        text.sentence(words, own, grammar);
    };
    write(&mut title, 9, 50, 10);
    write(&mut summary, 20, 20, 45);
    summary.push_str(". ");
    write(&mut summary, 15, 15, 45);
    summary.push('.');
    (title, summary)
}

/// A number below a bound, of which each is as often as it is low.
fn ranked(seed: &mut Seed, bound: u64) -> u64 {
    let chance = seed.below(1 << 52) as f64 / (1_u64 << 52) as f64;
    let rank = ((bound + 1) as f64).powf(chance) as u64;
    rank.saturating_sub(1).min(bound - 1)
}

struct Text<'t> {
    seed: &'t mut Seed,
    affair: u64,
    is_korean: bool,
    out: &'t mut String,
}

impl Text<'_> {
    /// A sentence of so many words, so many in a hundred of them the affair's own, and grammar.
    fn sentence(&mut self, words: usize, own: u64, grammar: u64) {
        let begin = self.out.len();
        for at in 0..words {
            if at > 0 {
                self.out.push(' ');
            }
            self.word(own, grammar);
        }
        // As a headline or a sentence begins.
        if let Some(first) = self.out.get_mut(begin..=begin) {
            first.make_ascii_uppercase();
        }
    }

    fn word(&mut self, own: u64, grammar: u64) {
        let roll = self.seed.below(100);
        if roll < own {
            let place = self.seed.below(OWN_NAMES + OWN_WORDS);
            let number = Seed(self.affair * 100 + place).next();
            match place < OWN_NAMES {
                true => self.name(number % NAMES),
                false => self.common(number % VOCABULARY),
            }
        } else if roll < own + grammar && !self.is_korean {
            let at = ranked(self.seed, GRAMMAR.len() as u64) as usize;
            self.out.push_str(GRAMMAR[at]);
        } else {
            match self.seed.below(20) {
                0 => {
                    let number = self.seed.below(900) + 2;
                    let _ = write!(self.out, "{number}");
                }
                1 | 2 => {
                    let number = ranked(self.seed, NAMES);
                    self.name(number);
                }
                _ => {
                    let number = ranked(self.seed, VOCABULARY);
                    self.common(number);
                }
            }
        }
    }

    fn name(&mut self, number: u64) {
        let begin = self.out.len();
        self.spelt(number + VOCABULARY);
        if let Some(first) = self.out.get_mut(begin..=begin) {
            first.make_ascii_uppercase();
        }
    }

    fn common(&mut self, number: u64) {
        self.spelt(number);
    }

    /// A word that has this number, and no other one has.
    fn spelt(&mut self, number: u64) {
        let mut rest = number;
        if self.is_korean {
            for _ in 0..2 {
                // Syllables from 가 on.
                let syllable = u32::try_from(rest % 1_000).unwrap_or(0) * 11;
                self.out.extend(char::from_u32(0xAC00 + syllable));
                rest /= 1_000;
            }
            let particle = self.seed.below(PARTICLES.len() as u64) as usize;
            self.out.push_str(PARTICLES[particle]);
            return;
        }
        for at in 0..4 {
            let consonant = b"bdfghklmnprstvwz"[(rest % 16) as usize];
            let vowel = b"aeiou"[(rest / 16 % 5) as usize];
            self.out.push(char::from(consonant));
            self.out.push(char::from(vowel));
            rest /= 80;
            if rest == 0 && at > 0 {
                break;
            }
        }
    }
}
