//! What an item says, as stories are compared by it.

use compact_str::{CompactString, format_compact};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::figures::Figure;
use super::index::{Index, Indexed, Sounds};
use super::rarity::{Key, Rarity};
use super::reading::{self, Reading, Telling, Token, TokenKind};
use super::roman;

/// What an item says, as stories are compared by it. Made once, bounded whatever the texts, and fit to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features {
    pub(super) telling: Telling,
    /// Its desk calls it an update of what it said before.
    pub(super) is_update: bool,
    pub(super) title: Reading,
    pub(super) summary: Reading,
    /// Orders two items the same way, whichever comes first.
    pub(super) order: (i64, u64, u64),
    /// A hash of its name.
    pub(super) source: u64,
    /// In seconds since 1970.
    pub(super) moment: i64,
    #[serde(skip)]
    indexed: Indexed,
}

/// Keys that an item is filed under at most.
const MOST_KEYS: usize = 16;

/// Letters of a name's sound that make a key: what follows them is an ending, or another word that is written on.
const SOUND_LETTERS: usize = 4;

impl Features {
    /// Reads an item. `moment` is when it was published, else first seen, in seconds since 1970.
    pub fn of(title: &str, summary: &str, source: &str, moment: i64) -> Features {
        let text = xxh3_64(format!("{title}\n{summary}").as_bytes());
        let source = xxh3_64(source.as_bytes());
        let (telling, is_update, title) = reading::title(title);
        let order = (moment, source, text);
        Features::made(telling, is_update, title, reading::summary(summary), order)
    }

    /// What was read, put together; `order` is its moment, its source's hash and that of its texts.
    pub(super) fn made(
        telling: Telling,
        is_update: bool,
        title: Reading,
        summary: Reading,
        order: (i64, u64, u64),
    ) -> Features {
        let (moment, source, _) = order;
        Features {
            telling,
            is_update,
            title,
            summary,
            order,
            source,
            moment,
            indexed: Indexed::default(),
        }
    }

    /// When it was published, else first seen, in seconds since 1970.
    pub fn moment(&self) -> i64 {
        self.moment
    }

    /// Makes ready whatever comparing it needs, which is otherwise made when it is first compared.
    pub fn prepare(&self) {
        self.index();
    }

    /// About how much memory it takes, ready to be compared, in bytes.
    pub fn bytes(&self) -> usize {
        const TEXT: usize = size_of::<CompactString>();
        let readings = [&self.title, &self.summary].into_iter();
        let readings = readings.map(|reading| {
            let figures = reading.tokens.iter().filter_map(Token::figure).count();
            // A text of more letters stands in memory of its own, here and in the index.
            let long = reading.tokens.iter().map(|token| token.text.len());
            let long: usize = long.filter(|length| *length > TEXT).sum();
            reading.tokens.len() * size_of::<Token>()
                + figures * size_of::<Figure>()
                + reading.small.len() * TEXT
                + 2 * long
        });
        size_of::<Features>() + readings.sum::<usize>() + self.index().bytes()
    }

    /// Its words, for look-ups.
    pub(super) fn index(&self) -> &Index {
        self.indexed.of(&self.title, &self.summary)
    }

    /// How its words sound.
    pub(super) fn sounds(&self) -> &Sounds {
        let tokens = self.title.tokens.iter().chain(&self.summary.tokens);
        self.index().sounds(tokens)
    }

    /// The names in its title, as the words that they begin with: what earlier items may be about as well.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let is_name = |token: &&Token| match token.kind {
            TokenKind::Name => true,
            TokenKind::Run => token.text.chars().nth(2).is_some(),
            _ => false,
        };
        let names = self.title.tokens.iter().filter(is_name);
        names.map(|token| token.text.as_str())
    }

    /// The keys by which those are found that may tell the item's story, the rarest first, at most 16. Two items of one
    /// story have two keys in common, as a rule.
    pub fn keys(&self, rarity: &impl Rarity) -> Vec<Key> {
        let mut keys: Vec<(Key, f32)> = Vec::new();
        for (reading, factor) in [(&self.title, 1.0), (&self.summary, 0.8)] {
            for token in &reading.tokens {
                for (key, weight) in keys_of(token) {
                    let share = rarity.share(key).unwrap_or(0.001).clamp(1e-6, 1.0);
                    let rare = weight * factor * -share.ln();
                    match keys.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, known)) => *known = known.max(rare),
                        None => keys.push((key, rare)),
                    }
                }
            }
        }
        keys.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
        keys.truncate(MOST_KEYS);
        keys.into_iter().map(|(key, _)| key).collect()
    }
}

/// The keys of a token with their weights; none of what most items hold.
fn keys_of(token: &Token) -> Vec<(Key, f32)> {
    let weight = token.weight();
    match &token.kind {
        // Words are written together or apart: pairs of letters find both.
        TokenKind::Run => {
            let chars: Vec<char> = token.text.chars().collect();
            let pairs = chars.windows(2).take(3).map(CompactString::from_iter);
            let mut keys: Vec<(Key, f32)> = pairs.map(|pair| (hashed(&pair), weight)).collect();
            keys.extend(sound(&token.text, roman::of_hangul(&token.text), weight));
            keys
        }
        TokenKind::Name | TokenKind::Word => {
            let mut keys = vec![(key(token), weight)];
            if token.kind == TokenKind::Name {
                keys.extend(sound(&token.text, Some(roman::sound(&token.text)), weight));
            }
            keys
        }
        TokenKind::Figure(figure) if figure.is_specific() => {
            vec![(
                hashed(&format_compact!("#{}{}", figure.value, figure.exactly())),
                weight,
            )]
        }
        TokenKind::Concept if weight > 0.5 => vec![(key(token), weight * 0.8)],
        _ => Vec::new(),
    }
}

/// How a name sounds: what finds it in the other script.
fn sound(word: &str, sound: Option<CompactString>, weight: f32) -> Option<(Key, f32)> {
    let sound =
        sound.filter(|sound| sound.len() >= SOUND_LETTERS && word.chars().nth(1).is_some())?;
    Some((
        hashed(&format_compact!("~{}", &sound[..SOUND_LETTERS])),
        weight * 0.7,
    ))
}

/// The key of a token as rarity is asked for it.
fn key(token: &Token) -> Key {
    hashed(&token.text)
}

fn hashed(text: &str) -> Key {
    Key(xxh3_64(text.as_bytes()).cast_signed())
}
