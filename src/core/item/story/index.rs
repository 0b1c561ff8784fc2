//! The words of an item, for look-ups: whether it says what another one says.

use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::xxh3_64;

use super::figures::{Figure, Role};
use super::lexicon::lexicon;
use super::rarity::Key;
use super::reading::{Reading, Token, TokenKind};
use super::roman;

/// The words of an item, for look-ups. Texts are looked up by their hashes: an item is compared with many.
#[derive(Debug)]
pub(super) struct Index {
    /// What is known of each token, of the title's first.
    pub(super) own: Vec<Own>,
    texts: Hashes,
    /// Ascending.
    concepts: Vec<String>,
    /// Letters that follow one another in a script without spaces, ascending.
    pairs: Vec<(char, char)>,
    /// Names and other words, ascending.
    words: Vec<String>,
    /// Those of them that others can be near to, ascending.
    with_near: Vec<String>,
    runs: Vec<String>,
    figures: Vec<Figure>,
    sounds: OnceLock<Vec<String>>,
    pub(super) small: Hashes,
    pub(super) names: Hashes,
    pub(super) has_runs: bool,
}

/// What is known of a token of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    /// The hash of its text.
    pub(super) hash: u64,
    /// [`Token::weight`].
    pub(super) weight: f32,
    /// Whether no token before it has its text.
    pub(super) is_first: bool,
    /// Whether it names somebody or a place.
    pub(super) is_named: bool,
}

/// A set of texts.
#[derive(Debug, Default)]
pub(super) struct Hashes(Vec<u64>);

impl Hashes {
    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Hashes {
        let mut hashes: Vec<u64> = texts.map(hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Hashes(hashes)
    }

    pub(super) fn has(&self, hash: u64) -> bool {
        self.0.binary_search(&hash).is_ok()
    }
}

fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// The index of an item, made when it is first asked for; two items are equal whether it was or not.
#[derive(Clone, Debug, Default)]
pub(super) struct Indexed(OnceLock<Arc<Index>>);

impl PartialEq for Indexed {
    fn eq(&self, _: &Indexed) -> bool {
        true
    }
}

impl Eq for Indexed {}

impl Indexed {
    pub(super) fn of(&self, title: &Reading, summary: &Reading) -> &Index {
        self.0.get_or_init(|| Arc::new(Index::of(title, summary)))
    }
}

impl Index {
    fn of(title: &Reading, summary: &Reading) -> Index {
        let tokens = || title.tokens.iter().chain(&summary.tokens);
        let texts = |is: fn(&Token) -> bool| -> Vec<String> {
            let mut texts: Vec<String> = tokens()
                .filter(|token| is(token))
                .map(|token| token.text.clone())
                .collect();
            texts.sort_unstable();
            texts.dedup();
            texts
        };
        // Of these the letters are looked up two by two.
        let in_pairs = |token: &&Token| match token.kind {
            TokenKind::Run => true,
            TokenKind::Common => !token.text.is_ascii(),
            _ => false,
        };
        let mut pairs: Vec<(char, char)> = tokens()
            .filter(in_pairs)
            .flat_map(|token| {
                let next = token.text.chars().skip(1);
                token.text.chars().zip(next)
            })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut own: Vec<Own> = tokens().map(Own::of).collect();
        for at in 1..own.len() {
            let (before, from) = own.split_at_mut(at);
            from[0].is_first = before.iter().all(|known| known.hash != from[0].hash);
        }
        let mut concepts: Vec<String> = tokens()
            .filter_map(Token::concept)
            .map(str::to_owned)
            .collect();
        concepts.sort_unstable();
        concepts.dedup();
        let words = texts(|token| matches!(token.kind, TokenKind::Name | TokenKind::Word));
        let with_near = words.iter().filter(|word| can_be_near(word));
        let is_name = |token: &&Token| token.kind == TokenKind::Name;
        let small = [title, summary].into_iter().flat_map(|it| &it.small);
        Index {
            own,
            texts: Hashes::of(tokens().map(|token| token.text.as_str())),
            concepts,
            pairs,
            with_near: with_near.cloned().collect(),
            words,
            runs: texts(|token| token.kind == TokenKind::Run),
            figures: tokens().filter_map(Token::figure).cloned().collect(),
            sounds: OnceLock::new(),
            small: Hashes::of(small.map(String::as_str)),
            names: Hashes::of(tokens().filter(is_name).map(|token| token.text.as_str())),
            has_runs: tokens().any(|token| in_pairs(&token)),
        }
    }

    /// Whether the item tells of a concept, in its title or below it.
    pub(super) fn tells_of(&self, concept: &str) -> bool {
        self.concepts
            .binary_search_by(|known| known.as_str().cmp(concept))
            .is_ok()
    }

    /// What the item tells of.
    pub(super) fn concepts(&self) -> impl Iterator<Item = &str> {
        self.concepts.iter().map(String::as_str)
    }

    /// How its words sound: what is compared where scripts differ.
    fn sounds(&self) -> &[String] {
        self.sounds.get_or_init(|| {
            let runs = self.runs.iter().filter_map(|run| roman::of_hangul(run));
            let words = self.words.iter().map(|word| roman::sound(word));
            runs.chain(words).collect()
        })
    }

    /// How far the item says what a token says, from 0 to 1.
    pub(super) fn says(&self, token: &Token) -> f32 {
        self.says_known(token, hash(&token.text))
    }

    /// The same of a token whose hash is known.
    pub(super) fn says_known(&self, token: &Token, hash: u64) -> f32 {
        self.hears(token, hash, &[])
    }

    /// The same of an item in another script: words that sound alike are one.
    pub(super) fn says_in_another_script(&self, token: &Token, hash: u64) -> f32 {
        self.hears(token, hash, self.sounds())
    }

    fn hears(&self, token: &Token, hash: u64, sounds: &[String]) -> f32 {
        if self.texts.has(hash) {
            return 1.0;
        }
        match &token.kind {
            TokenKind::Figure(figure) => self.figure(figure),
            TokenKind::Run if !sounds.is_empty() => {
                let sound = roman::of_hangul(&token.text).unwrap_or_default();
                let is_said = sounds.iter().any(|name| roman::is_name_of(name, &sound));
                f32::from(u8::from(is_said)) * 0.9
            }
            TokenKind::Run => {
                let chars: Vec<char> = token.text.chars().collect();
                let all = chars.windows(2).count();
                let found = chars.windows(2).filter(|pair| self.has(pair)).count();
                let has_parts = self.has_parts(&chars);
                if all == 0 || found * 2 < all && !has_parts {
                    return 0.0;
                }
                if has_parts {
                    return 0.95;
                }
                0.95 * found as f32 / all as f32
            }
            TokenKind::Name | TokenKind::Word => {
                if self.has_runs && !sounds.is_empty() {
                    let sound = roman::sound(&token.text);
                    let is_said = sounds.iter().any(|word| roman::is_name_of(&sound, word));
                    return f32::from(u8::from(is_said)) * 0.9;
                }
                f32::from(u8::from(self.has_near(&token.text))) * 0.9
            }
            _ => 0.0,
        }
    }

    /// Whether one of its words is another but for its ending or a slip.
    fn has_near(&self, word: &str) -> bool {
        if !can_be_near(word) {
            return false;
        }
        let begin = |known: &str| known.as_bytes().first().copied();
        let first = begin(word);
        let from = self.with_near.partition_point(|it| begin(it) < first);
        let alike = self.with_near[from..].iter();
        alike
            .take_while(|known| begin(known) == first)
            .any(|known| are_near(known, word))
    }

    fn has(&self, pair: &[char]) -> bool {
        self.pairs.binary_search(&(pair[0], pair[1])).is_ok()
    }

    /// Whether a run is two words that the other item writes apart, or inside of one.
    fn has_parts(&self, chars: &[char]) -> bool {
        are_parts(chars, |pair| self.has(pair))
    }

    /// Whether the item says a token itself, and not only one like it.
    pub(super) fn says_itself(&self, token: &Token) -> bool {
        match token.kind {
            TokenKind::Run => {
                let chars: Vec<char> = token.text.chars().collect();
                self.texts.has(hash(&token.text)) || chars.len() > 1 && self.has_parts(&chars)
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

impl Own {
    /// The key of its text, as rarity is asked for it.
    pub(super) fn key(&self) -> Key {
        Key(self.hash.cast_signed())
    }

    fn of(token: &Token) -> Own {
        let is_place = |it: &str| lexicon().is_place(it);
        Own {
            hash: hash(&token.text),
            weight: token.weight(),
            is_first: true,
            is_named: matches!(token.kind, TokenKind::Name | TokenKind::Run)
                || token.concept().is_some_and(is_place),
        }
    }
}

/// Whether all pairs of letters are known, or all but the one where a part of two letters or more ends and another begins.
fn are_parts(chars: &[char], is_known: impl Fn(&[char]) -> bool) -> bool {
    let pairs = chars.windows(2).enumerate();
    let mut missing = pairs.filter(|(_, pair)| !is_known(pair)).map(|(at, _)| at);
    match (missing.next(), missing.next()) {
        (None, _) => true,
        (Some(end), None) => end >= 1 && end + 3 <= chars.len(),
        _ => false,
    }
}

/// Words that are one but for their ending or a slip. Names of places begin alike (`Seongnam`, `Seongju`), and a figure in a
/// word tells members of a series apart (`Apollo8`, `Apollo9`).
pub(super) fn is_near(one: &str, other: &str) -> bool {
    // Letter by letter last: it is asked of each word and each other one.
    if one == other {
        return one.len() >= SHORTEST || has_figure(one);
    }
    one.len().min(other.len()) >= SHORTEST
        && are_near(one, other)
        && !has_figure(one)
        && !has_figure(other)
}

/// The shortest word that others can be near to, in bytes.
const SHORTEST: usize = 5;

fn has_figure(word: &str) -> bool {
    word.contains(char::is_numeric)
}

/// Whether there are words that are near to one, and not it itself.
fn can_be_near(word: &str) -> bool {
    word.len() >= SHORTEST && !has_figure(word)
}

/// Whether two words are near that [can be](can_be_near).
fn are_near(one: &str, other: &str) -> bool {
    if one.as_bytes().first() != other.as_bytes().first() {
        return false;
    }
    let (a, b) = (one.len(), other.len());
    let alike = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    alike >= 5 && alike + 1 >= a.min(b) && alike + 4 >= a.max(b)
        || a.min(b) >= 7 && a.abs_diff(b) <= 1 && is_a_slip(one, other, alike)
}

/// Whether a letter that is missing, added or another one is all by which two words differ that begin alike.
fn is_a_slip(one: &str, other: &str, alike: usize) -> bool {
    // Of whole letters.
    let alike = one.floor_char_boundary(alike);
    let (one, other) = (&one[alike..], &other[alike..]);
    let ends = one.chars().rev().zip(other.chars().rev());
    let end: usize = ends
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let is_one = |rest: &str| {
        let apart = rest.len().saturating_sub(end);
        apart == 0 || rest[..apart].chars().nth(1).is_none()
    };
    is_one(one) && is_one(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_parts_are_known_but_for_where_they_meet() {
        let chars: Vec<char> = "abcdef".chars().collect();
        for unknown in 0_u32..32 {
            let is_known = |pair: &[char]| {
                let at = chars.iter().position(|c| *c == pair[0]).unwrap();
                unknown & 1 << at == 0
            };
            for length in 0..=chars.len() {
                let chars = &chars[..length];
                let all = |part: &[char]| part.windows(2).all(is_known);
                let are = all(chars)
                    || (2..length.saturating_sub(1))
                        .any(|at| all(&chars[..at]) && all(&chars[at..]));
                assert_eq!(are_parts(chars, is_known), are, "{unknown:b} {length}");
            }
        }
    }

    #[test]
    fn a_slip_is_one_letter() {
        for (one, other) in [
            ("sanction", "sanctions"),
            ("embargo", "embaro"),
            ("pipeline", "pipelime"),
            ("seizure", "seizure"),
            ("harbour", "harrbour"),
        ] {
            assert!(is_near(one, other) && is_near(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("embargo", "embraco"),
            ("pipeline", "pepelime"),
            ("minister", "monitor"),
            ("apollo8", "apollo9"),
            ("iphone17", "iphone18"),
            ("headline1", "headline12"),
            ("reactor2a", "reactor2b"),
        ] {
            assert!(!is_near(one, other), "{one} {other}");
        }
        let words = [
            "harbour",
            "harbor",
            "harbours",
            "arbour",
            "harborur",
            "haarbour",
            "harboru",
            "гавань",
            "гавани",
            "гаваньи",
            "гвань",
            "гавн",
            "gаvань",
            "통일부는",
            "통일부가",
            "통일부",
            "통합부는",
        ];
        for one in words {
            for other in words {
                let alike = one.bytes().zip(other.bytes());
                let alike = alike.take_while(|(a, b)| a == b).count();
                let is_slip = strsim::levenshtein(one, other) <= 1;
                assert_eq!(is_a_slip(one, other, alike), is_slip, "{one} {other}");
            }
        }
    }
}
