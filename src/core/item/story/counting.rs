//! Of what a title counts several, and of what it may name a single one: `two skiers`, `a skier`. Only where a number stands
//! does a plural tell two events apart; without one it is how a headline speaks.

use compact_str::CompactString;
use xxhash_rust::xxh3::xxh3_64;

use super::figures::{self, Role};
use super::lexicon::{Class, lexicon, normal};
use super::pieces::{Made, Piece};

/// From here on a side is one or several of a thing; what is below are opposite small words.
pub(super) const FIRST_SIDE: i64 = 100;

/// The most that counts as several, in thousandths: of what is more no title tells a single one.
const MOST: i64 = 99_000;

/// The sides of a title: a number for each thing of which it counts several, and its negative for each word that may name a
/// single one. Hyphens make a word neither (`two-car crash`).
pub(super) fn sides(pieces: &[Piece]) -> Vec<i64> {
    let mut sides = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if counts(pieces, at)
            && let Some(thing) = counted_thing(&pieces[at + 1..])
        {
            sides.push(side(&thing));
        }
        let next = pieces.get(at + 1);
        let is_joined = piece.is_glued
            || next.is_some_and(|next| {
                next.is_glued && matches!(next.made, Made::Mark('-' | '‐' | '‑'))
            });
        if piece.made == Made::Letters && !is_joined && one_of(&piece.text).is_none() {
            let word = piece.normal();
            if word.len() > 2 && !piece.is(Class::Stop) {
                sides.push(-side(word));
            }
        }
    }
    sides
}

fn side(thing: &str) -> i64 {
    FIRST_SIDE + i64::try_from(xxh3_64(thing.as_bytes()) & 0xFFFF).unwrap_or_default()
}

/// Whether a number from two on begins at a piece.
fn counts(pieces: &[Piece], at: usize) -> bool {
    let piece = &pieces[at];
    let is_number = match piece.made {
        Made::Digits => true,
        Made::Letters => {
            let entry = piece.entry();
            entry.is_some_and(|entry| entry.number.is_some())
        }
        Made::Run | Made::Mark(_) => false,
    };
    is_number
        && figures::read(pieces, at).is_some_and(|(figure, _)| {
            figure.role == Role::Amount
                && figure.value % 1_000 == 0
                && (2_000..=MOST).contains(&figure.value)
        })
}

/// What is counted by a number before these pieces: the first word in the plural, with at most two before it that say which.
fn counted_thing(pieces: &[Piece]) -> Option<CompactString> {
    // `two more bodies`
    let is_small = |piece: &Piece| {
        let entry = piece.entry();
        entry.is_some_and(|entry| entry.classes.has(Class::Stop) && entry.side.is_none())
    };
    let mut words = pieces
        .iter()
        .take(3)
        .take_while(|piece| piece.made == Made::Letters && !piece.is_glued && !is_small(piece));
    let thing = words.find_map(|piece| one_of(&piece.text))?;
    // A length of time or a sum is no thing.
    let unit = lexicon().get(&thing).and_then(|entry| entry.unit);
    unit.is_none_or(|unit| matches!(unit, "n" | "item"))
        .then_some(thing)
}

/// What a plural has several of, as it is compared.
fn one_of(word: &str) -> Option<CompactString> {
    let one = match word {
        "men" => "man",
        "women" => "woman",
        "children" => "child",
        "people" => "person",
        _ => {
            let is_plural = word.len() > 3
                && word.ends_with('s')
                && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
            return is_plural.then(|| normal(word));
        }
    };
    Some(normal(one))
}
