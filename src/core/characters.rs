//! What folding asks of each character. Unicode's tables are searched for it, some twenty nanoseconds each time, and every
//! text is folded: so what they say of a row of characters is kept.

use std::iter::once;
use std::sync::OnceLock;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, is_nfkc_quick};

const ROW: u32 = 256;

/// It belongs to a word.
const IN_WORD: u8 = 1;
/// NFKC leaves it as it is, whatever stands beside it.
const NORMAL: u8 = 2;
/// It is its own small letter.
const SMALL: u8 = 4;

/// Whether a character belongs to a word: letters and digits of any script, and the marks on them.
pub(crate) fn is_in_word(c: char) -> bool {
    is(c, IN_WORD)
}

/// Whether NFKC leaves a character as it is, whatever stands beside it.
pub(crate) fn is_normal(c: char) -> bool {
    is(c, NORMAL)
}

/// Whether a character is its own small letter.
pub(crate) fn is_small(c: char) -> bool {
    is(c, SMALL)
}

fn is(c: char, what: u8) -> bool {
    static ROWS: [OnceLock<[u8; ROW as usize]>; 0x11_0000 / ROW as usize] =
        [const { OnceLock::new() }; 0x11_0000 / ROW as usize];
    let (row, place) = (u32::from(c) / ROW, u32::from(c) % ROW);
    let known = ROWS[row as usize].get_or_init(|| {
        std::array::from_fn(|at| {
            let c = u32::try_from(at)
                .ok()
                .and_then(|at| char::from_u32(row * ROW + at));
            c.map_or(0, asked)
        })
    });
    known[place as usize] & what != 0
}

/// What Unicode's tables say.
fn asked(c: char) -> u8 {
    let mark = |is: bool, what: u8| if is { what } else { 0 };
    let is_in_word = c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c));
    let is_normal =
        is_nfkc_quick(once(c)) == IsNormalized::Yes && canonical_combining_class(c) == 0;
    let is_small = c.to_lowercase().eq(once(c));
    mark(is_in_word, IN_WORD) | mark(is_normal, NORMAL) | mark(is_small, SMALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_character_is_what_the_tables_say_of_it() {
        for c in ('\0'..='\u{1FFFF}').step_by(7).chain(['\u{10FFFF}']) {
            for what in [IN_WORD, NORMAL, SMALL] {
                assert_eq!(is(c, what), asked(c) & what != 0, "{c:?}");
            }
        }
        assert!(is_in_word('é') && is_in_word('가') && !is_in_word('€'));
        assert!(is_normal('가') && !is_normal('\u{FDFA}') && !is_normal('\u{301}'));
        assert!(is_small('é') && !is_small('İ'));
    }
}
