//! Digest pages made up for measuring: the real layout, words with a natural distribution, every tenth item in Korean.

use std::fmt::Write;

use crate::seed::Seed;

const STEMS: [&str; 40] = [
    "north",
    "south",
    "korea",
    "summit",
    "talks",
    "envoy",
    "border",
    "trade",
    "minister",
    "seoul",
    "pyongyang",
    "agreement",
    "military",
    "exercise",
    "sanction",
    "family",
    "reunion",
    "railway",
    "economy",
    "export",
    "history",
    "memory",
    "island",
    "fishing",
    "workers",
    "strike",
    "assembly",
    "court",
    "election",
    "school",
    "climate",
    "energy",
    "nuclear",
    "inspection",
    "letter",
    "visit",
    "delegation",
    "proposal",
    "statement",
    "response",
];
const KOREAN: [&str; 12] = [
    "남북관계",
    "정상회담",
    "북한은",
    "이산가족",
    "한미동맹",
    "통일부",
    "경제협력",
    "실무협상",
    "국회에서",
    "평화체제",
    "합의문을",
    "대표단이",
];

/// One word: mostly common ones, some of a long tail; in a Korean text, Korean ones.
fn word(seed: &mut Seed, korean: bool, out: &mut String) {
    let roll = seed.below(100);
    if korean && roll < 80 {
        out.push_str(KOREAN[seed.below(12) as usize]);
    } else if roll < 60 {
        // The square makes early words far more common than late ones.
        let at = seed.below(1600) as usize;
        out.push_str(STEMS[(at as f64).sqrt() as usize % STEMS.len()]);
    } else {
        out.push_str(&tail(seed.below(TAIL)));
    }
}

/// How many words the long tail has.
pub(crate) const TAIL: u64 = 20_000;

/// One of them.
pub(crate) fn tail(number: u64) -> String {
    format!("{}{}", STEMS[(number % 40) as usize], suffix(number / 40))
}

fn suffix(mut number: u64) -> String {
    let mut text = String::new();
    while number > 0 {
        text.push((b'a' + (number % 26) as u8) as char);
        number /= 26;
    }
    text
}

/// A page of `items` items of about 600 bytes each.
pub(crate) fn page(seed: &mut Seed, items: usize) -> String {
    let headings = [
        "US-NK Relations",
        "Inter-Korean Relations",
        "South Korea News",
        "Economy",
        "Japan",
    ];
    let mut page = String::with_capacity(items * 640);
    for at in 0..items {
        if at % 20 == 0 {
            let _ = write!(page, "{}\n\n\n", headings[(at / 20) % headings.len()]);
        }
        let korean = seed.below(10) == 0;
        for n in 0..9 {
            if n > 0 {
                page.push(' ');
            }
            word(seed, korean, &mut page);
        }
        let _ = write!(page, " {}\n\n", seed.below(1_000_000_000));
        for n in 0..65 {
            if n > 0 {
                page.push(' ');
            }
            word(seed, korean, &mut page);
        }
        page.push_str(".\n\n\n");
    }
    page
}
