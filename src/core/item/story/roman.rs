//! Names across scripts: `괴산` and `Goesan`, compared by how they sound, roughly.

use compact_str::CompactString;

use crate::text::is_hangul;

/// The letters of the Revised Romanisation, by a syllable's parts in Unicode's order.
const INITIALS: [&str; 19] = [
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p",
    "h",
];
const VOWELS: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we",
    "wi", "yu", "eu", "ui", "i",
];
const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p",
    "t", "t", "ng", "t", "t", "k", "t", "p", "t",
];

/// How a word of Hangul sounds in Latin letters; `None` if another script is in it.
pub(super) fn of_hangul(word: &str) -> Option<CompactString> {
    let mut latin = CompactString::default();
    for c in word.chars() {
        if !is_hangul(c) {
            return None;
        }
        let at = usize::try_from(u32::from(c).checked_sub(0xAC00)?).ok()?;
        latin.push_str(INITIALS.get(at / 588)?);
        latin.push_str(VOWELS[at / 28 % 21]);
        latin.push_str(FINALS[at % 28]);
    }
    Some(sound(&latin))
}

/// What romanisations write in several ways, and the one way in which it is compared; of two letters first.
const PAIRS: [(&[u8; 2], &str); 13] = [
    (b"ch", "j"),
    (b"ck", "k"),
    (b"ph", "p"),
    (b"th", "t"),
    (b"sh", "s"),
    (b"oo", "u"),
    (b"ee", "i"),
    (b"eo", "o"),
    (b"eu", ""),
    (b"ae", "e"),
    (b"oe", "e"),
    (b"ui", "i"),
    (b"ou", "u"),
];

/// A word in Latin letters as it is compared: what romanisations write in several ways is written in one.
pub(super) fn sound(word: &str) -> CompactString {
    let mut sound = CompactString::with_capacity(word.len());
    let mut push = |letter: char| {
        if !sound.ends_with(letter) {
            sound.push(letter);
        }
    };
    let mut rest = word.as_bytes();
    while let [letter, behind @ ..] = rest {
        let pair = behind
            .first()
            .map(|next| [letter.to_ascii_lowercase(), next.to_ascii_lowercase()]);
        if let Some((_, by)) = pair.and_then(|pair| PAIRS.iter().find(|(two, _)| **two == pair)) {
            by.chars().for_each(&mut push);
            rest = &behind[1..];
            continue;
        }
        match letter.to_ascii_lowercase() {
            b'q' | b'g' | b'c' => push('k'),
            b'd' => push('t'),
            b'b' | b'f' | b'v' => push('p'),
            b'r' => push('l'),
            b'z' => push('j'),
            b'y' | b'w' => {}
            letter if letter.is_ascii_alphabetic() => push(char::from(letter)),
            _ => {}
        }
        rest = behind;
    }
    sound
}

/// Whether a name in Latin letters is a word of Hangul, or begins it (`Seongjin` and `성진중공업`).
pub(super) fn is_name_of(sound_of_name: &str, sound_of_word: &str) -> bool {
    sound_of_name.len() >= 4 && sound_of_word.starts_with(sound_of_name)
        || sound_of_name.len() == 3 && sound_of_word == sound_of_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sound_alike_in_both_scripts() {
        for (latin, hangul) in [
            ("Goesan", "괴산"),
            ("Seongjin", "성진중공업"),
            ("Suncheon", "순천"),
            ("Buyeo", "부여"),
            ("Busan", "부산항"),
            ("Pusan", "부산"),
            ("Haneul", "하늘"),
        ] {
            let word = of_hangul(hangul).unwrap_or_default();
            assert!(is_name_of(&sound(latin), &word), "{latin} {hangul} {word}");
        }
        assert!(!is_name_of(
            &sound("Yeosu"),
            &of_hangul("여주").unwrap_or_default()
        ));
        assert_eq!(of_hangul("東都"), None);
    }
}
