//! The words of an item, for look-ups: whether it says what another one says.

use std::collections::HashSet;

use super::features::Features;
use super::figures::{Figure, Role};
use super::reading::{Token, TokenKind};
use super::roman;

/// The words of an item, for look-ups.
#[derive(Clone)]
pub(super) struct Index<'f> {
    texts: HashSet<&'f str>,
    concepts: HashSet<&'f str>,
    pairs: HashSet<(char, char)>,
    words: Vec<&'f str>,
    figures: Vec<&'f Figure>,
    sounds: Vec<String>,
    pub(super) small: HashSet<&'f str>,
    pub(super) names: HashSet<&'f str>,
    pub(super) has_runs: bool,
}

impl<'f> Index<'f> {
    pub(super) fn of(features: &'f Features) -> Index<'f> {
        let mut index = Index {
            texts: HashSet::new(),
            concepts: HashSet::new(),
            pairs: HashSet::new(),
            words: Vec::new(),
            figures: Vec::new(),
            sounds: Vec::new(),
            small: HashSet::new(),
            names: HashSet::new(),
            has_runs: false,
        };
        for reading in [&features.title, &features.summary] {
            index.small.extend(reading.small.iter().map(String::as_str));
            for token in &reading.tokens {
                index.texts.insert(&token.text);
                index.concepts.extend(token.concept());
                if token.kind == TokenKind::Name {
                    index.names.insert(&token.text);
                }
                match &token.kind {
                    TokenKind::Run => {
                        index.has_runs = true;
                        let chars: Vec<char> = token.text.chars().collect();
                        index
                            .pairs
                            .extend(chars.windows(2).map(|pair| (pair[0], pair[1])));
                    }
                    TokenKind::Common if !token.text.is_ascii() => {
                        index.has_runs = true;
                        let chars: Vec<char> = token.text.chars().collect();
                        index
                            .pairs
                            .extend(chars.windows(2).map(|pair| (pair[0], pair[1])));
                    }
                    TokenKind::Name | TokenKind::Word => index.words.push(&token.text),
                    TokenKind::Figure(figure) => index.figures.push(figure),
                    _ => {}
                }
            }
        }
        index
    }

    /// Whether the item tells of a concept, in its title or below it.
    pub(super) fn tells_of(&self, concept: &str) -> bool {
        self.concepts.contains(concept)
    }

    /// What the item tells of.
    pub(super) fn concepts(&self) -> impl Iterator<Item = &str> {
        self.concepts.iter().copied()
    }

    /// The same, with how its words sound: what is compared where scripts differ.
    pub(super) fn heard(&self, features: &Features) -> Index<'f> {
        let mut index = self.clone();
        let tokens = features.title.tokens.iter().chain(&features.summary.tokens);
        index.sounds = tokens
            .filter_map(|token| match token.kind {
                TokenKind::Run => roman::of_hangul(&token.text),
                TokenKind::Name | TokenKind::Word => Some(roman::sound(&token.text)),
                _ => None,
            })
            .collect();
        index
    }

    /// How far the item says what a token says, from 0 to 1.
    pub(super) fn says(&self, token: &Token) -> f32 {
        if self.texts.contains(token.text.as_str()) {
            return 1.0;
        }
        match &token.kind {
            TokenKind::Figure(figure) => self.figure(figure),
            TokenKind::Run => {
                if !self.sounds.is_empty() {
                    let sound = roman::of_hangul(&token.text).unwrap_or_default();
                    let is_said = self
                        .sounds
                        .iter()
                        .any(|name| roman::is_name_of(name, &sound));
                    return f32::from(u8::from(is_said)) * 0.9;
                }
                let chars: Vec<char> = token.text.chars().collect();
                let all = chars.windows(2).count();
                let found = chars
                    .windows(2)
                    .filter(|pair| self.pairs.contains(&(pair[0], pair[1])))
                    .count();
                if all == 0 || found * 2 < all && !self.has_parts(&chars) {
                    return 0.0;
                }
                if self.has_parts(&chars) {
                    return 0.95;
                }
                0.95 * found as f32 / all as f32
            }
            TokenKind::Name | TokenKind::Word => {
                if self.has_runs && !self.sounds.is_empty() {
                    let sound = roman::sound(&token.text);
                    let is_said = self
                        .sounds
                        .iter()
                        .any(|word| roman::is_name_of(&sound, word));
                    return f32::from(u8::from(is_said)) * 0.9;
                }
                let is_near = |word: &&str| is_near(word, &token.text);
                f32::from(u8::from(self.words.iter().any(is_near))) * 0.9
            }
            _ => 0.0,
        }
    }

    /// Whether a run is two words that the other item writes apart, or inside of one.
    fn has_parts(&self, chars: &[char]) -> bool {
        let has = |part: &[char]| {
            part.windows(2)
                .all(|pair| self.pairs.contains(&(pair[0], pair[1])))
        };
        has(chars)
            || (2..chars.len().saturating_sub(1)).any(|at| has(&chars[..at]) && has(&chars[at..]))
    }

    /// Whether the item says a token itself, and not only one like it.
    pub(super) fn says_itself(&self, token: &Token) -> bool {
        match token.kind {
            TokenKind::Run if self.sounds.is_empty() => {
                let chars: Vec<char> = token.text.chars().collect();
                self.texts.contains(token.text.as_str())
                    || chars.len() > 1 && self.has_parts(&chars)
            }
            _ => self.says(token) >= 0.6,
        }
    }

    fn figure(&self, figure: &Figure) -> f32 {
        let mut best = 0.0_f32;
        for other in &self.figures {
            let is_kin = figure.role == other.role
                || matches!(
                    (figure.role, other.role),
                    (Role::Ordinal, Role::Member)
                        | (Role::Member, Role::Ordinal)
                        | (Role::Version, Role::Amount)
                        | (Role::Amount, Role::Version)
                        | (Role::Amount, Role::Member)
                        | (Role::Member, Role::Amount)
                );
            if !is_kin || !figure.agrees(other) {
                continue;
            }
            let is_one_unit = figure.of == other.of || figure.of.is_empty() || other.of.is_empty();
            let said = if is_one_unit && figure.role == other.role || figure.is_specific() {
                0.95
            } else {
                0.5
            };
            best = best.max(said);
        }
        best
    }
}

/// Words that are one but for their ending or a slip. Names of places begin alike (`Seongnam`, `Seongju`).
pub(super) fn is_near(one: &str, other: &str) -> bool {
    let (a, b) = (one.len(), other.len());
    if a.min(b) < 5 || one.as_bytes()[0] != other.as_bytes()[0] {
        return false;
    }
    let alike = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    alike >= 5 && alike + 1 >= a.min(b) && alike + 4 >= a.max(b)
        || a.min(b) >= 7 && a.abs_diff(b) <= 1 && strsim::levenshtein(one, other) <= 1
}
