//! The words of an item, for look-ups: whether it says what another one says.

use std::sync::{Arc, OnceLock};

use compact_str::CompactString;
use memchr::memchr;
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
    texts: Texts,
    /// Ascending.
    concepts: Vec<CompactString>,
    /// Letters that follow one another in a script without spaces, ascending.
    pairs: Vec<(char, char)>,
    /// Names and other words that others can be near to, ascending.
    with_near: Vec<CompactString>,
    /// What each of them begins with.
    initials: Vec<u8>,
    figures: Vec<Figure>,
    sounds: OnceLock<Sounds>,
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
    /// Whether there are words that are near to it.
    can_be_near: bool,
}

/// How the words of an item sound: what is compared where scripts differ.
#[derive(Debug)]
pub(super) struct Sounds {
    /// Those of its tokens, of the title's first; empty for what has none.
    pub(super) own: Vec<CompactString>,
    /// Those of its names, runs and other words, ascending.
    all: Vec<CompactString>,
    /// Whether it has such words, though they may have no sound that is known (`Москва`).
    has_words: bool,
}

impl Sounds {
    fn of<'t>(tokens: impl Iterator<Item = &'t Token>) -> Sounds {
        let mut has_words = false;
        let own = tokens.map(|token| {
            let sound = match token.kind {
                TokenKind::Run => roman::of_hangul(&token.text),
                TokenKind::Name | TokenKind::Word => Some(roman::sound(&token.text)),
                _ => None,
            };
            has_words |= sound.is_some();
            sound.unwrap_or_default()
        });
        let own: Vec<CompactString> = own.collect();
        let mut all = own.clone();
        all.sort_unstable();
        all.dedup();
        all.retain(|sound| !sound.is_empty());
        Sounds {
            own,
            all,
            has_words,
        }
    }

    /// Whether one of them is a name in Latin letters that a word of Hangul is, or begins with.
    fn have_name_in(&self, word: &str) -> bool {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.map(|end| &word[..end]).any(|name| {
            roman::is_name_of(name, word)
                && self
                    .all
                    .binary_search_by(|sound| sound.as_str().cmp(name))
                    .is_ok()
        })
    }

    /// Whether one of them is a word of Hangul that is a name in Latin letters, or begins with it.
    fn have_word_of(&self, name: &str) -> bool {
        let from = self.all.partition_point(|sound| sound.as_str() < name);
        let begun = self.all.get(from);
        begun.is_some_and(|word| roman::is_name_of(name, word))
    }
}

/// What an item has of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Has(u8);

impl Has {
    const SAID: u8 = 1;
    const SMALL: u8 = 2;
    const NAME: u8 = 4;

    /// One of its tokens is that.
    fn is_said(self) -> bool {
        self.0 & Has::SAID != 0
    }

    /// It stands somewhere with a small letter.
    pub(super) fn is_small(self) -> bool {
        self.0 & Has::SMALL != 0
    }

    /// It stands somewhere as a name.
    pub(super) fn is_name(self) -> bool {
        self.0 & Has::NAME != 0
    }
}

/// The texts of an item, by their hashes.
#[derive(Debug, Default)]
struct Texts {
    /// A bit for each: most texts that are looked up are another item's, and this one has none of their bits.
    bits: [u64; 8],
    /// Ascending.
    hashes: Vec<u64>,
    /// What it has of each.
    has: Vec<Has>,
}

impl Texts {
    fn of(texts: impl Iterator<Item = (u64, u8)>) -> Texts {
        let mut all: Vec<(u64, u8)> = texts.collect();
        all.sort_unstable();
        let mut texts = Texts {
            hashes: Vec::with_capacity(all.len()),
            has: Vec::with_capacity(all.len()),
            ..Texts::default()
        };
        for (hash, has) in all {
            let (word, bit) = Texts::bit(hash);
            texts.bits[word] |= bit;
            match texts
                .has
                .last_mut()
                .filter(|_| texts.hashes.last() == Some(&hash))
            {
                Some(known) => known.0 |= has,
                None => {
                    texts.hashes.push(hash);
                    texts.has.push(Has(has));
                }
            }
        }
        texts
    }

    fn bit(hash: u64) -> (usize, u64) {
        ((hash >> 6 & 7) as usize, 1 << (hash & 63))
    }

    fn of_hash(&self, hash: u64) -> Has {
        let (word, bit) = Texts::bit(hash);
        if self.bits[word] & bit == 0 {
            return Has::default();
        }
        let at = self.hashes.binary_search(&hash);
        at.map_or(Has::default(), |at| self.has[at])
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
        pairs.shrink_to_fit();
        let mut own: Vec<Own> = tokens().map(Own::of).collect();
        for at in 1..own.len() {
            let (before, from) = own.split_at_mut(at);
            from[0].is_first = before.iter().all(|known| known.hash != from[0].hash);
        }
        let mut concepts: Vec<CompactString> = tokens()
            .filter_map(Token::concept)
            .map(CompactString::from)
            .collect();
        concepts.sort_unstable();
        concepts.dedup();
        let near = tokens().zip(&own).filter(|(_, known)| known.can_be_near);
        let mut with_near: Vec<CompactString> = near.map(|(token, _)| token.text.clone()).collect();
        with_near.sort_unstable();
        with_near.dedup();
        let initials = with_near.iter().filter_map(|word| word.bytes().next());
        let said = tokens().zip(&own).map(|(token, own)| {
            let is_name = token.kind == TokenKind::Name;
            let name = if is_name { Has::NAME } else { 0 };
            (own.hash, Has::SAID | name)
        });
        let small = [title, summary].into_iter().flat_map(|it| &it.small);
        let small = small.map(|word| (hash(word), Has::SMALL));
        Index {
            texts: Texts::of(said.chain(small)),
            own,
            concepts,
            pairs,
            initials: initials.collect(),
            with_near,
            figures: tokens().filter_map(Token::figure).cloned().collect(),
            sounds: OnceLock::new(),
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
        self.concepts.iter().map(CompactString::as_str)
    }

    /// How the words of the item with these tokens sound.
    pub(super) fn sounds<'t>(&self, tokens: impl Iterator<Item = &'t Token>) -> &Sounds {
        self.sounds.get_or_init(|| Sounds::of(tokens))
    }

    /// How far the item says what a token says, from 0 to 1.
    pub(super) fn says(&self, token: &Token) -> f32 {
        let has = self.has(hash(&token.text));
        self.hears(token, has, || can_be_near(&token.text))
    }

    /// The same of a token of which something is known, and of whose text the item has this.
    pub(super) fn says_known(&self, token: &Token, known: &Own, has: Has) -> f32 {
        self.hears(token, has, || known.can_be_near)
    }

    /// The same of an item in another script: words that sound alike are one. `sound` is how the token does, `sounds` how the
    /// item's words do.
    pub(super) fn says_in_another_script(
        &self,
        token: &Token,
        known: &Own,
        has: Has,
        sound: &str,
        sounds: &Sounds,
    ) -> f32 {
        let sounds_alike = match token.kind {
            _ if !sounds.has_words || has.is_said() => None,
            TokenKind::Run => Some(sounds.have_name_in(sound)),
            TokenKind::Name | TokenKind::Word if self.has_runs => Some(sounds.have_word_of(sound)),
            _ => None,
        };
        match sounds_alike {
            Some(is_said) => f32::from(u8::from(is_said)) * 0.9,
            None => self.says_known(token, known, has),
        }
    }

    /// How much memory it takes, but for texts that are long, in bytes.
    pub(super) fn bytes(&self) -> usize {
        const TEXT: usize = size_of::<CompactString>();
        let sounds = self.sounds.get();
        let sounds = sounds.map_or(0, |sounds| sounds.own.len() + sounds.all.len());
        size_of::<Index>()
            + self.own.len() * size_of::<Own>()
            + self.texts.hashes.len() * (size_of::<u64>() + size_of::<Has>())
            + (self.concepts.len() + self.with_near.len() + sounds) * TEXT
            + self.initials.len()
            + self.pairs.len() * size_of::<(char, char)>()
            + self.figures.len() * size_of::<Figure>()
    }

    /// What the item has of a text, by its hash.
    pub(super) fn has(&self, hash: u64) -> Has {
        self.texts.of_hash(hash)
    }

    fn hears(&self, token: &Token, has: Has, can_be_near: impl FnOnce() -> bool) -> f32 {
        if has.is_said() {
            return 1.0;
        }
        match &token.kind {
            TokenKind::Figure(figure) => self.figure(figure),
            TokenKind::Run => {
                let chars: Vec<char> = token.text.chars().collect();
                let all = chars.windows(2).count();
                let found = chars.windows(2).filter(|pair| self.has_pair(pair)).count();
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
                f32::from(u8::from(can_be_near() && self.has_near(&token.text))) * 0.9
            }
            _ => 0.0,
        }
    }

    /// Whether one of its words is another that can be near, but for its ending or a slip.
    fn has_near(&self, word: &str) -> bool {
        let first = word.bytes().next();
        let from = first.and_then(|first| memchr(first, &self.initials));
        let begun = self.with_near[from.unwrap_or(self.with_near.len())..].iter();
        begun
            .take_while(|known| known.bytes().next() == first)
            .any(|known| {
                known.len().abs_diff(word.len()) <= LONGEST_ENDING && are_near(known, word)
            })
    }

    fn has_pair(&self, pair: &[char]) -> bool {
        self.pairs.binary_search(&(pair[0], pair[1])).is_ok()
    }

    /// Whether a run is two words that the other item writes apart, or inside of one.
    fn has_parts(&self, chars: &[char]) -> bool {
        are_parts(chars, |pair| self.has_pair(pair))
    }

    /// Whether the item says a token itself, and not only one like it.
    pub(super) fn says_itself(&self, token: &Token) -> bool {
        match token.kind {
            TokenKind::Run => {
                let chars: Vec<char> = token.text.chars().collect();
                self.has(hash(&token.text)).is_said() || chars.len() > 1 && self.has_parts(&chars)
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
            can_be_near: matches!(token.kind, TokenKind::Name | TokenKind::Word)
                && can_be_near(&token.text),
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

/// By how much words differ in length at most that are near to each other, in bytes.
const LONGEST_ENDING: usize = 4;

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
    alike >= 5 && alike + 1 >= a.min(b) && alike + LONGEST_ENDING >= a.max(b)
        || a.min(b) >= 7 && a.abs_diff(b) <= 1 && is_a_slip(one, other, alike)
}

/// Whether a letter that is missing, added or another one is all by which two words differ that begin alike.
fn is_a_slip(one: &str, other: &str, alike: usize) -> bool {
    if one.is_ascii() && other.is_ascii() {
        // Two words of each two texts are compared, and most are of bytes.
        let (one, other) = (&one.as_bytes()[alike..], &other.as_bytes()[alike..]);
        let ends = one.iter().rev().zip(other.iter().rev());
        let end = ends.take_while(|(a, b)| a == b).count();
        return one.len() - end <= 1 && other.len() - end <= 1;
    }
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
