//! A text cut into pieces: letters, digits, Hangul and Han, marks.

use std::borrow::Cow;

use compact_str::CompactString;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::lexicon::{Class, Entry, Known, lexicon, normal};

use crate::text;

/// What a piece is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// Letters of a script with spaces; digits may follow (`h5n6`).
    Letters,
    /// Hangul, Han, kana.
    Run,
    /// A number as it is written: `1,106`, `2.75`, `4.1.7`.
    Digits,
    /// A single mark or symbol.
    Mark(char),
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// In lower case, without accents.
    pub(super) text: CompactString,
    /// [`normal`] of its text, where that is another one.
    normal: Option<CompactString>,
    /// What is known of it as a word: it is asked for a dozen times.
    pub(super) known: Option<&'static Known>,
    pub(super) made: Made,
    /// It begins with a capital letter.
    pub(super) is_capital: bool,
    /// Nothing stands between it and the piece before.
    pub(super) is_glued: bool,
    /// A sentence begins with it, or a quotation.
    pub(super) is_first: bool,
}

impl Piece {
    /// Its text without the ending that grammar gives it.
    pub(super) fn normal(&self) -> &str {
        self.normal.as_deref().unwrap_or(&self.text)
    }

    /// What it is as a word, if that is known.
    pub(super) fn entry(&self) -> Option<&'static Entry> {
        self.known?.entry.as_ref()
    }

    /// Whether it is of a class as a word.
    pub(super) fn is(&self, class: Class) -> bool {
        self.entry().is_some_and(|entry| entry.classes.has(class))
    }
}

/// What of a text is read at most, in letters: a headline and its lead are shorter, and the cost has a bound.
const MOST_LETTERS: usize = 1_200;

/// Cuts a text; what a feed left of HTML in it is read as what it means.
pub(super) fn cut(raw: &str, most: usize) -> Vec<Piece> {
    let text = plain(raw);
    let chars: Vec<char> = match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.chars().take(MOST_LETTERS).collect(),
        _ => text::compatible(&text).take(MOST_LETTERS).collect(),
    };
    let at = |at: usize| chars.get(at).copied().unwrap_or(' ');
    let mut pieces: Vec<Piece> = Vec::new();
    let mut here = 0;
    let (mut is_glued, mut is_first) = (false, true);
    while here < chars.len() && pieces.len() < most {
        let c = at(here);
        let start = here;
        let made = if c.is_whitespace() || is_combining_mark(c) {
            is_glued = is_glued && !c.is_whitespace();
            here += 1;
            continue;
        } else if text::is_cjk(c) && c.is_alphanumeric() {
            let written = writing(c);
            while text::is_cjk(at(here))
                && at(here).is_alphanumeric()
                && writing(at(here)) == written
            {
                here += 1;
            }
            Made::Run
        } else if c.is_ascii_digit() {
            while at(here).is_ascii_digit()
                || matches!(at(here), ',' | '.') && is_inside(&chars, here)
            {
                here += 1;
            }
            Made::Digits
        } else if c.is_alphanumeric() {
            while is_letter(at(here)) {
                here += 1;
            }
            // `H5N6`, `G20`, but not `M5.8`.
            let is_code = at(here).is_ascii_digit() && {
                let end = (here..chars.len()).find(|at| !is_letter_or_digit(chars[*at]));
                let end = end.unwrap_or(chars.len());
                !(at(end) == '.' && at(end + 1).is_ascii_digit())
            };
            while is_code && is_letter_or_digit(at(here)) {
                here += 1;
            }
            Made::Letters
        } else {
            here += 1;
            Made::Mark(c)
        };
        let mut piece = Piece {
            text: folded(&chars[start..here]),
            normal: None,
            known: None,
            made,
            is_capital: c.is_uppercase(),
            is_glued,
            is_first,
        };
        if made == Made::Letters {
            here = join_initials(&chars, here, &mut piece);
            here = drop_possessive(&chars, here);
            piece.normal = Some(normal(&piece.text)).filter(|normal| *normal != piece.text);
        }
        piece.known = lexicon().look_up(piece.normal());
        let ends = matches!(
            made,
            Made::Mark(
                '.' | '!' | '?' | ':' | ';' | '"' | '“' | '‘' | '\'' | '…' | '[' | '(' | ']'
            )
        );
        is_first = ends || is_first && matches!(made, Made::Mark(_));
        is_glued = true;
        pieces.push(piece);
    }
    pieces
}

/// Which way of writing a letter belongs to. Japanese has no spaces, but where it goes from one to the other a word ends.
fn writing(c: char) -> u8 {
    match u32::from(c) {
        0x3040..=0x309F => 1,
        0x30A0..=0x30FF | 0xFF66..=0xFF9F => 2,
        _ if text::is_hangul(c) => 3,
        _ => 4,
    }
}

/// Whether a word is of hiragana alone: particles and endings, mostly.
pub(super) fn is_hiragana(word: &str) -> bool {
    word.chars().all(|c| writing(c) == 1)
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !c.is_ascii_digit() && !text::is_cjk(c) || is_combining_mark(c)
}

fn is_letter_or_digit(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit()
}

/// A comma or point within a number: a digit stands on either side, and behind a comma three.
fn is_inside(chars: &[char], at: usize) -> bool {
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    match chars[at] {
        ',' => (1..=3).all(|more| digit(at + more)) && !digit(at + 4),
        _ => digit(at + 1),
    }
}

/// `U.S.` is `us`, `p.m.` is `pm`.
fn join_initials(chars: &[char], mut here: usize, piece: &mut Piece) -> usize {
    let at = |at: usize| chars.get(at).copied().unwrap_or(' ');
    if piece.text.chars().count() == 1 && at(here) == '.' {
        while at(here) == '.' && is_letter(at(here + 1)) && !is_letter_or_digit(at(here + 2)) {
            piece.text.extend(at(here + 1).to_lowercase());
            here += 2;
        }
    }
    here
}

/// The `'s` of a possessive.
fn drop_possessive(chars: &[char], here: usize) -> usize {
    let at = |at: usize| chars.get(at).copied().unwrap_or(' ');
    let is_one = matches!(at(here), '\'' | '’')
        && matches!(at(here + 1), 's' | 'S')
        && !is_letter_or_digit(at(here + 2));
    here + if is_one { 2 } else { 0 }
}

fn folded(chars: &[char]) -> CompactString {
    if chars.iter().all(char::is_ascii) {
        return chars.iter().map(char::to_ascii_lowercase).collect();
    }
    let mut out = CompactString::with_capacity(chars.len());
    for c in chars.iter().flat_map(|c| c.to_lowercase()) {
        if c.is_ascii() || text::is_hangul(c) {
            out.push(c);
        } else {
            decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    out.push(part);
                }
            });
        }
    }
    out
}

/// A text without the entities that some feeds escape twice.
fn plain(raw: &str) -> Cow<'_, str> {
    const NAMED: [(&str, char); 7] = [
        ("amp", '&'),
        ("quot", '"'),
        ("apos", '\''),
        ("lt", '<'),
        ("gt", '>'),
        ("nbsp", ' '),
        ("hellip", '…'),
    ];
    let end = raw.char_indices().nth(2 * MOST_LETTERS);
    let mut rest = end.map_or(raw, |(end, _)| &raw[..end]);
    if !rest.contains('&') {
        return Cow::Borrowed(rest);
    }
    let mut out = String::with_capacity(rest.len());
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let name = behind
            .find(';')
            .filter(|end| *end < 9)
            .map(|end| &behind[..end]);
        let meant = name.and_then(|name| {
            let code = name.strip_prefix('#');
            let code = code.and_then(|code| match code.strip_prefix(['x', 'X']) {
                Some(code) => u32::from_str_radix(code, 16).ok(),
                None => code.parse().ok(),
            });
            let named = NAMED.iter().find(|(known, _)| *known == name);
            code.and_then(char::from_u32).or(named.map(|(_, c)| *c))
        });
        match (name, meant) {
            (Some(name), Some(c)) => {
                out.push(c);
                rest = &behind[name.len() + 1..];
            }
            _ => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}
