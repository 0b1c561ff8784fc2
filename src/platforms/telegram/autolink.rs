//! What Telegram makes links of by itself, as its clients find it
//! (<https://github.com/tdlib/td>, `MessageEntity.cpp`, `match_urls` and `fix_url`).

use std::collections::HashSet;
use std::sync::LazyLock;

/// What can't be seen and keeps two letters from being read as one thing: WORD JOINER.
pub(super) const JOINER: char = '\u{2060}';

/// The names that domains end in: those of the Public Suffix List that stand alone (<https://publicsuffix.org>), and
/// two that Telegram knows besides, `onion` and `ton`.
static ENDINGS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("domains.txt").lines().collect());

/// Text in which Telegram finds no address to make a link of: what would be one is broken by joiners that nobody sees,
/// everything else stays as it is.
pub(super) fn without_links(text: &str) -> String {
    let mut unlinked = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let run: usize = rest
            .chars()
            .take_while(|c| in_domain(*c))
            .map(char::len_utf8)
            .sum();
        let (domain, behind) = rest.split_at(run);
        let named = domain.trim_end_matches('.');
        if is_linked(named) {
            unlinked.push_str(&named.replace('.', &format!(".{JOINER}")));
            unlinked.push_str(&domain[named.len()..]);
        } else {
            unlinked.push_str(domain);
        }
        let mut chars = behind.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        unlinked.push(c);
        if c == ':' && rest.starts_with("//") {
            unlinked.push(JOINER);
        }
    }
    unlinked
}

fn in_domain(c: char) -> bool {
    match c {
        '\0'..='\u{bf}' => c.is_ascii_alphanumeric() || "._-~".contains(c),
        // Of the general punctuation, joiners and dashes.
        '\u{2000}'..='\u{206f}' => matches!(c, '\u{200c}' | '\u{200d}' | '\u{2010}'..='\u{2015}'),
        c => !c.is_whitespace(),
    }
}

/// Whether a domain without a scheme becomes a link.
fn is_linked(domain: &str) -> bool {
    let parts: Vec<&str> = domain.split('.').collect();
    let [.., before, ending] = parts.as_slice() else {
        return false;
    };
    let is_whole = |part: &&str| !part.is_empty() && part.len() < 64 && !part.ends_with('-');
    if !parts.iter().all(is_whole) {
        return false;
    }
    let is_octet = |part: &&str| {
        part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u8>().is_ok()
            && (part.len() == 1 || !part.starts_with('0'))
    };
    if parts.len() == 4 && parts.iter().all(is_octet) {
        return true;
    }
    let has_letters = domain.bytes().any(|b| b != b'.' && !b.is_ascii_digit());
    has_letters && !before.contains('_') && is_ending(ending)
}

fn is_ending(name: &str) -> bool {
    if let Some(code) = name.strip_prefix("xn--") {
        return code.len() > 1 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    }
    let lower = name.to_lowercase();
    // “World” in “Hello.World” begins a sentence, “COM” is shouted.
    let behind_first = |text: &str| text.chars().skip(1).collect::<String>();
    if lower != name && behind_first(&lower) == behind_first(name) {
        return false;
    }
    ENDINGS.contains(lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_telegram_would_link_is_broken_up() {
        for (text, linked) in [
            ("example.com", "example.com"),
            ("See example.com.", "example.com"),
            ("Firmware 1.2.3.4 is out", "1.2.3.4"),
            ("8.8.8.8/x", "8.8.8.8"),
            ("news.example.co.uk/a?b=c", "news.example.co.uk"),
            ("EXAMPLE.COM", "EXAMPLE.COM"),
            ("main.rs is broken", "main.rs"),
            ("한국.닷컴", "한국.닷컴"),
            ("пример.рф", "пример.рф"),
            ("example.xn--p1ai", "example.xn--p1ai"),
            ("(evil.example.io)", "evil.example.io"),
            ("t.me/channel", "t.me"),
            ("0.0.0.0:8080 listens", "0.0.0.0"),
            ("«yonhap.kr»", "yonhap.kr"),
            ("뉴스:naver.com 에서", "naver.com"),
            ("ana.lee@mail.example.org", "mail.example.org"),
        ] {
            let broken = linked.replace('.', ".\u{2060}");
            assert_eq!(without_links(text), text.replace(linked, &broken));
        }
        assert_eq!(
            without_links("https://evil.example/ and tg://x"),
            "https:\u{2060}//evil.example/ and tg:\u{2060}//x"
        );
    }

    #[test]
    fn what_it_would_not_stays_as_it_is() {
        for text in [
            "3.14",
            "1.2.3",
            "1.2.3.4.5",
            "256.1.1.1",
            "1.2.3.04",
            "Node.js 22",
            "U.S. and D.P.R.K.",
            "Hello.World",
            "v2.0.1-rc.1",
            "end.The next",
            "a..com",
            "...example.com",
            "foo_bar.x_y.com",
            "-.com",
            "북한.com을",
            "9.30 a.m.",
            "¥1.000.000",
            "e.g. this",
            "No.5",
            "2026.11.28.",
            "example.com-",
            "한국. 일본",
        ] {
            assert_eq!(without_links(text), text);
        }
    }
}
