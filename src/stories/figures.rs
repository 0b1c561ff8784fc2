//! Numbers in a text: what is counted, which of a series it is, and on which day.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::{
    COUNTERS, KOREAN_NUMERALS, MONTHS, NUMERALS, ORDINALS, SCALES, TIMES, WEEKDAYS,
};

/// A number with what it counts, both as they are compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) value: f64,
    pub(super) unit: String,
}

/// The figures of a title and of its summary.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub(super) title: Vec<Figure>,
    pub(super) summary: Vec<Figure>,
    /// Versions and other marks that tell members of a series apart, in the title: `4.2.1`, `CVE-2026-1`, `H5N6`.
    pub(super) marks: BTreeSet<String>,
    /// Whether the title names a version.
    pub(super) has_version: bool,
    /// First, second, 31st.
    pub(super) ordinals: BTreeSet<u32>,
    /// Days of months, and days of the week, that are named.
    pub(super) days: BTreeSet<u32>,
    pub(super) weekdays: BTreeSet<&'static str>,
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(\d[\d,]*(?:\.\d+)?(?:\s?[조억만천백]\s?(?:\d[\d,]*(?:\.\d+)?)?)*)(?:\s?(thousand|million|mln|billion|bln|bn|trillion|trln|trn)\b|(m)\s(?:series|won|order|deal|in|for|round|from|to)\b)?\s?(%p|%포인트|%|퍼센트|percent|per cent|pct|[a-z]+|[가-힣]{1,3}|[\u{3400}-\u{9fff}]{1,2}|°)?",
    )
    .expect("a pattern")
});
static SOME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\d)여").expect("a pattern"));
static PART: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d[\d,]*(?:\.\d+)?)?\s?([조억만천백])?").expect("a pattern"));
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d+(?:\.\d+){2,}|CVE-[\d-]+|\b[A-Z]{1,4}-?\d+[A-Z]?\b").expect("a pattern")
});
static SHORT_VERSION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d+\.\d+").expect("a pattern"));
static NTH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(\d+)(?:st|nd|rd|th)\b").expect("a pattern"));
static DAY_OF_MONTH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b([a-z]{3,9})\.? (\d{1,2})\b").expect("a pattern"));
static CJK_DAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\D)(\d{1,2})\s?[일日]").expect("a pattern"));
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[a-zà-ÿ]+(?:-[a-zà-ÿ]+)?").expect("a pattern"));

impl Figures {
    pub(super) fn of(title: &str, summary: &str) -> Figures {
        let all = format!("{title} {summary}").to_lowercase();
        let ordinals = WORD
            .find_iter(&all)
            .filter_map(|word| ORDINALS.iter().position(|name| *name == word.as_str()))
            .filter_map(|at| u32::try_from(at + 1).ok());
        let nth = NTH
            .captures_iter(&all)
            .filter_map(|found| found[1].parse().ok());
        let days = DAY_OF_MONTH
            .captures_iter(&all)
            .filter(|found| MONTHS.contains(&&found[1]))
            .filter_map(|found| found[2].parse().ok());
        let cjk = CJK_DAY
            .captures_iter(&all)
            .filter_map(|found| found[1].parse().ok());
        Figures {
            title: figures(title),
            summary: figures(summary),
            marks: VERSION
                .find_iter(title)
                .map(|m| m.as_str().to_owned())
                .collect(),
            has_version: SHORT_VERSION.is_match(title),
            ordinals: ordinals.chain(nth).collect(),
            days: days.chain(cjk).collect(),
            weekdays: WEEKDAYS
                .iter()
                .copied()
                .filter(|day| all.contains(day))
                .collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Figure> {
        self.title.iter().chain(&self.summary)
    }

    /// Whether any figure, wherever it stands, has a value.
    pub(super) fn has(&self, value: f64) -> bool {
        self.all().any(|figure| is_equal(figure.value, value))
    }
}

pub(super) fn is_equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

/// Whether a unit dates a text instead of counting in it.
pub(super) fn is_time(unit: &str) -> bool {
    TIMES.contains(&unit)
        || unit.starts_with(['시', '분', '일', '월', '년', '時', '日', '月', '年'])
}

impl Figure {
    /// Whether it is a figure of the event: neither clock nor calendar.
    pub(super) fn is_fact(&self) -> bool {
        let is_year = (1900.0..=2100.0).contains(&self.value) && self.unit.len() <= 3;
        !is_time(&self.unit) && !is_year
    }
}

/// What two texts share of their figures: the rarer a number, the more it says.
pub(super) fn shared(a: &Figures, b: &Figures) -> f32 {
    let mut counted: Vec<f64> = Vec::new();
    for figure in a.all().filter(|figure| figure.is_fact()) {
        let in_both = b
            .all()
            .any(|other| other.is_fact() && is_equal(other.value, figure.value));
        if in_both && !counted.iter().any(|value| is_equal(*value, figure.value)) {
            counted.push(figure.value);
        }
    }
    counted
        .iter()
        .map(|value| match value {
            value if *value >= 100.0 || value.fract() != 0.0 => 3.0,
            value if *value >= 10.0 => 2.0,
            _ => 1.0,
        })
        .sum()
}

/// The numbers of a text, written in digits, in words, or in both (`1조2천억`, `1.4 trln`, `three`, `세 명`).
fn figures(text: &str) -> Vec<Figure> {
    // 3,200여 is some 3,200.
    let text = SOME.replace_all(&text.to_lowercase(), "$1").into_owned();
    let mut found = Vec::new();
    for number in NUMBER.captures_iter(&text) {
        let start = number.get(0).map_or(0, |whole| whole.start());
        let before = text[..start].chars().next_back();
        // `M5.8` is a magnitude, `libtarn2` a name.
        if before
            .is_some_and(|c| c == '.' || c.is_ascii_digit() || c.is_ascii_alphabetic() && c != 'm')
        {
            continue;
        }
        let Some(mut value) = value(&number[1]) else {
            continue;
        };
        let scale = number.get(2).or(number.get(3)).map(|scale| scale.as_str());
        if let Some((_, times)) = SCALES.iter().find(|(name, _)| Some(*name) == scale) {
            value *= times;
        }
        let unit = match number.get(4).map_or("", |unit| unit.as_str()) {
            "percent" | "per cent" | "퍼센트" | "pct" => "%",
            unit => unit,
        };
        found.push(Figure {
            value,
            unit: unit.to_owned(),
        });
    }
    let words: Vec<&str> = WORD.find_iter(&text).map(|word| word.as_str()).collect();
    for (at, word) in words.iter().enumerate() {
        let number = |name: &str| {
            let found = NUMERALS.iter().find(|(known, _)| *known == name);
            found.map(|(_, number)| f64::from(*number))
        };
        let value = number(word).or_else(|| {
            let (tens, ones) = word.split_once('-')?;
            Some(number(tens)? + number(ones)?)
        });
        if let Some(value) = value {
            let unit = words.get(at + 1).copied().unwrap_or_default();
            found.push(Figure {
                value,
                unit: unit.to_owned(),
            });
        }
    }
    found.extend(counted_in_korean(&text));
    found
}

fn counted_in_korean(text: &str) -> Vec<Figure> {
    let mut found = Vec::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        for (numeral, value) in KOREAN_NUMERALS {
            let Some(rest) = word.strip_prefix(numeral) else {
                continue;
            };
            let counter = if rest.is_empty() {
                words.get(at + 1).copied().unwrap_or_default()
            } else {
                rest
            };
            if let Some(unit) = COUNTERS.iter().find(|unit| counter.starts_with(**unit)) {
                found.push(Figure {
                    value: f64::from(*value),
                    unit: (*unit).to_owned(),
                });
                break;
            }
        }
    }
    found
}

/// The value of digits with or without Korean multiples.
fn value(text: &str) -> Option<f64> {
    if !text.contains(['조', '억', '만', '천', '백']) {
        return text.replace([',', ' '], "").parse().ok();
    }
    let (mut total, mut section, mut current) = (0.0, 0.0, 0.0);
    for part in PART.captures_iter(text) {
        if let Some(digits) = part.get(1) {
            current = digits.as_str().replace(',', "").parse().ok()?;
        }
        let times = match part.get(2).map(|times| times.as_str()) {
            Some("백") => 1e2,
            Some("천") => 1e3,
            Some("만") => 1e4,
            Some("억") => 1e8,
            Some("조") => 1e12,
            _ => continue,
        };
        if times < 1e4 {
            section += f64::max(current, 1.0) * times;
        } else {
            total += f64::max(section + current, 1.0) * times;
            section = 0.0;
        }
        current = 0.0;
    }
    Some(total + section + current)
}
