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
        'a'..='z' | 'A'..='Z' => of_latin(text.trim_end_matches(marks)),
        _ => None,
    }
}

/// How the last Latin word ends. An abbreviation is spelt by its letters; of words, only those endings count that
/// Korean takes over in one way alone: `market` is 마켓, and `test` 테스트.
fn of_latin(text: &str) -> Option<Ending> {
    let word = text
        .rsplit(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    let last = word.chars().next_back()?;
    let is_spelt = word.len() <= 5
        && (word.chars().all(|c| c.is_ascii_uppercase())
            || !word
                .to_ascii_lowercase()
                .contains(['a', 'e', 'i', 'o', 'u', 'y']));
    if is_spelt {
        return Some(match last.to_ascii_lowercase() {
            // 엘, 알; 엠, 엔
            'l' | 'r' => Ending::Rieul,
            'm' | 'n' => Ending::Consonant,
            _ => Ending::Vowel,
        });
    }
    let word = word.to_ascii_lowercase();
    match last.to_ascii_lowercase() {
        'l' => Some(Ending::Rieul),
        'm' | 'n' => Some(Ending::Consonant),
        'g' if word.ends_with("ng") => Some(Ending::Consonant),
        // 스, 즈, 츠; 프, 브; 드; and what is spoken as a vowel or left silent behind one.
        'a' | 'i' | 'o' | 'u' | 'y' | 'w' | 'r' | 'h' | 's' | 'x' | 'z' | 'f' | 'v' => {
            Some(Ending::Vowel)
        }
        'd' if word.ends_with("nd") || word.ends_with("ld") || word.ends_with("rd") => {
            Some(Ending::Vowel)
        }
        'e' if word.ends_with("ce") || word.ends_with("se") || word.ends_with("ee") => {
            Some(Ending::Vowel)
        }
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
            // 케이, 재팬, 릴레이션스, 케이비에스, 엔비씨, 소말릴란드, 워터
            ("us-nk을(를)", "us-nk를"),
            ("**Japan**을(를) 받습니다", "**Japan**을 받습니다"),
            (
                "US–North Korea relations을(를)",
                "US–North Korea relations를",
            ),
            ("KBS이(가), UN이(가), HTML(으)로", "KBS가, UN이, HTML로"),
            ("Somaliland은(는), Water과(와)", "Somaliland는, Water와"),
            ("Beijing은(는), Seoul(으)로", "Beijing은, Seoul로"),
            // 마켓, 그러나 테스트.
            ("market을(를)", "market을(를)"),
            ("을(를)", "을(를)"),
        ] {
            assert_eq!(choose(both), one);
        }
    }
}
