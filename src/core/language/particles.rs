//! Korean particles that depend on the sound before them. A message writes both, as `을(를)`, because what stands before
//! is an argument; here the one that fits stays. Behind letters whose sound isn't known both stay.

/// Around an argument while a message is put together, so that its text isn't read as markup: private-use
/// characters, which are taken out of arguments.
pub(super) const OPEN: char = '\u{F0000}';
pub(super) const CLOSE: char = '\u{F0001}';

/// A pair as messages write it, what follows a final consonant, and what follows a vowel.
const PAIRS: [(&str, &str, &str); 5] = [
    ("은(는)", "은", "는"),
    ("이(가)", "이", "가"),
    ("을(를)", "을", "를"),
    ("과(와)", "과", "와"),
    ("(으)로", "으로", "로"),
];

/// How a word ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Vowel,
    /// The consonant ㄹ, behind which `로` stands as behind a vowel.
    Rieul,
    Consonant,
}

/// Leaves of each pair the particle that fits. Nothing within an argument is changed.
pub(super) fn choose(text: &str) -> String {
    let mut chosen = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_argument = false;
    while let Some(c) = rest.chars().next() {
        let pair = PAIRS
            .iter()
            .find(|(pair, ..)| !in_argument && rest.starts_with(pair));
        if let Some((pair, closed, open)) = pair {
            match ending(&chosen) {
                None => chosen.push_str(pair),
                Some(Ending::Vowel) => chosen.push_str(open),
                Some(Ending::Rieul) if *open == "로" => chosen.push_str(open),
                Some(_) => chosen.push_str(closed),
            }
            rest = &rest[pair.len()..];
            continue;
        }
        match c {
            OPEN => in_argument = true,
            CLOSE => in_argument = false,
            _ => {}
        }
        chosen.push(c);
        rest = &rest[c.len_utf8()..];
    }
    chosen
}

/// How a text ends when it is read aloud, closing marks left out.
fn ending(text: &str) -> Option<Ending> {
    let marks = |c: char| matches!(c, OPEN | CLOSE | '*' | '”' | '’' | '"' | '\'' | ')' | '…');
    let last = text.trim_end_matches(marks).chars().next_back()?;
    match last {
        '가'..='힣' => Some(match (u32::from(last) - u32::from('가')) % 28 {
            0 => Ending::Vowel,
            8 => Ending::Rieul,
            _ => Ending::Consonant,
        }),
        // 영 일 이 삼 사 오 육 칠 팔 구
        '2' | '4' | '5' | '9' => Some(Ending::Vowel),
        '1' | '7' | '8' => Some(Ending::Rieul),
        '0' | '3' | '6' => Some(Ending::Consonant),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_particle_that_fits_stays() {
        for (both, one) in [
            ("**남북 관계**을(를) 받습니다", "**남북 관계**를 받습니다"),
            ("“일본”은(는) 없습니다", "“일본”은 없습니다"),
            ("그 밖의 소식과(와)", "그 밖의 소식과"),
            ("25은(는) 시각이 아닙니다", "25는 시각이 아닙니다"),
            (
                "서울(으)로, 부산(으)로, 광주(으)로",
                "서울로, 부산으로, 광주로",
            ),
            ("us-nk을(를)", "us-nk을(를)"),
            ("을(를)", "을(를)"),
        ] {
            assert_eq!(choose(both), one);
        }
    }
}
