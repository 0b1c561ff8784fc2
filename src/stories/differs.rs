//! Facts in which two texts disagree: then they tell of two events, however alike they are.

use super::Telling;
use super::figures::{Figure, Figures, is_equal, is_time};
use super::words::{self, Script, Word};

/// From which likeness of two titles on (0 to 1) one of them is the other with something replaced.
const NEARLY: f32 = 0.5;

/// How much two words differ at most that are spellings of one.
const SPELLED_ALIKE: f64 = 0.72;

/// Whether the two disagree in a fact; `titles` is how much their titles share, `apart` the seconds between them.
pub(super) fn differ(a: &Telling, b: &Telling, titles: f32, apart: i64) -> bool {
    if a.genre != b.genre {
        return true;
    }
    let aligned = Aligned::of(&a.title, &b.title);
    figures_differ(&a.figures, &b.figures, titles, aligned.ratio)
        || days_differ(&a.figures, &b.figures, titles, apart)
        || outcomes_differ(a, b, titles, aligned.ratio)
        || aligned.ratio >= NEARLY && is_announced(&a.title, &b.title)
        || aligned.ratio >= 0.6 && aligned.has_replaced(a, b)
        || is_swapped(&a.title, &b.title)
}

fn figures_differ(a: &Figures, b: &Figures, titles: f32, ratio: f32) -> bool {
    counts_differ(&a.title, b)
        || counts_differ(&b.title, a)
        || !a.marks.is_empty() && !b.marks.is_empty() && a.marks.is_disjoint(&b.marks)
        || !a.ordinals.is_empty() && !b.ordinals.is_empty() && a.ordinals.is_disjoint(&b.ordinals)
        || titles > NEARLY
            && ratio >= NEARLY
            && has_own(&a.title, &b.title, b)
            && has_own(&b.title, &a.title, a)
}

/// Whether a title counts something that the other text counts as well, and both get to other numbers.
fn counts_differ(title: &[Figure], other: &Figures) -> bool {
    title.iter().any(|figure| {
        let unit = figure.unit.as_str();
        let counts =
            !unit.is_empty() && !words::is_stop(unit) && !is_time(unit) && !words::is_scale(unit);
        let mut same_unit = other
            .title
            .iter()
            .chain(&other.summary)
            .filter(|theirs| theirs.unit == unit)
            .peekable();
        let own = |value: f64| title.iter().any(|own| is_equal(own.value, value));
        counts
            && same_unit.peek().is_some()
            && !other.has(figure.value)
            && !same_unit.any(|theirs| own(theirs.value))
    })
}

/// Whether a title holds a number that neither the other title nor its summary has.
fn has_own(title: &[Figure], other: &[Figure], whole: &Figures) -> bool {
    !other.is_empty()
        && title.iter().any(|figure| {
            !other
                .iter()
                .any(|theirs| is_equal(theirs.value, figure.value))
                && !whole.has(figure.value)
        })
}

/// The same title on another day, with another day or other figures in its text: a rubric that comes round.
fn days_differ(a: &Figures, b: &Figures, titles: f32, apart: i64) -> bool {
    if titles <= 0.8 {
        return false;
    }
    let days = !a.days.is_empty() && !b.days.is_empty() && a.days.is_disjoint(&b.days);
    let weekdays =
        !a.weekdays.is_empty() && !b.weekdays.is_empty() && a.weekdays.is_disjoint(&b.weekdays);
    let facts = |figures: &Figures| -> Vec<f64> {
        let facts = figures.summary.iter().filter(|figure| figure.is_fact());
        facts.map(|figure| figure.value).collect()
    };
    let (ours, theirs) = (facts(a), facts(b));
    let others = !ours.is_empty()
        && !theirs.is_empty()
        && !ours
            .iter()
            .any(|own| theirs.iter().any(|other| is_equal(*own, *other)));
    days || weekdays || others && apart.abs() > 20 * 3_600
}

fn outcomes_differ(a: &Telling, b: &Telling, titles: f32, ratio: f32) -> bool {
    let is_release =
        |telling: &Telling| telling.figures.has_version && telling.title_says.releases();
    let denied = a.title_says.negates() != b.title_says.negates() && (ratio > 0.6 || titles > 0.6);
    if a.says.reverses() != b.says.reverses() || denied || is_release(a) != is_release(b) {
        return true;
    }
    let texts = a.says.outcomes().into_iter().zip(b.says.outcomes());
    let in_titles = a
        .title_says
        .outcomes()
        .into_iter()
        .zip(b.title_says.outcomes());
    let opposed = texts
        .zip(in_titles)
        .any(|((ours, theirs), (title, other_title))| {
            let both_titles = title.is_some() && other_title.is_some();
            ours.is_some()
                && theirs.is_some()
                && ours != theirs
                && (both_titles && titles > 0.4 || titles > 0.6)
        });
    opposed || a.title_says.leads_beyond(b.says) || b.title_says.leads_beyond(a.says)
}

/// Whether one title announces what the other reports: “to meet” and “meets”, 논의한다 and 논의.
fn is_announced(a: &[Word], b: &[Word]) -> bool {
    let ahead = |words: &[Word]| -> Vec<String> {
        let pairs = words.windows(2).filter(|pair| {
            matches!(pair[0].key.as_str(), "to" | "will")
                && !pair[1].key.starts_with(|c: char| c.is_ascii_digit())
        });
        pairs.map(|pair| pair[1].key.clone()).collect()
    };
    let only_ahead = |one: &[Word], other: &[Word]| {
        let theirs = ahead(other);
        let announced = ahead(one)
            .into_iter()
            .any(|verb| !theirs.contains(&verb) && other.iter().any(|word| word.key == verb));
        let korean = one
            .iter()
            .filter(|word| word.script == Script::Hangul)
            .any(|word| {
                ["하기로", "한다", "키로", "할"].iter().any(|ending| {
                    word.text.strip_suffix(ending).is_some_and(|noun| {
                        !noun.is_empty() && other.iter().any(|w| w.text == noun)
                    })
                })
            });
        announced || korean
    };
    only_ahead(a, b) || only_ahead(b, a)
}

/// Whether the titles are one sentence in which two words have changed places: who did it to whom.
fn is_swapped(a: &[Word], b: &[Word]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let sorted = |words: &[Word]| {
        let mut keys: Vec<String> = words.iter().map(|word| word.key.clone()).collect();
        keys.sort_unstable();
        keys
    };
    let moved = a
        .iter()
        .zip(b)
        .filter(|(one, other)| one.key != other.key)
        .count();
    moved == 2 && sorted(a) == sorted(b)
}

/// Two titles laid beside each other.
struct Aligned {
    /// What stands in one where something else stands in the other, as ranges of words.
    replaced: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>,
    /// The words in common, of the shorter title's.
    ratio: f32,
    lengths: (usize, usize),
}

impl Aligned {
    /// By the longest common sequence of words.
    #[expect(clippy::cast_precision_loss, reason = "words of a title")]
    fn of(a: &[Word], b: &[Word]) -> Aligned {
        let (a, b) = (compared(a), compared(b));
        let (n, m) = (a.len(), b.len());
        let mut longest = vec![vec![0_usize; m + 1]; n + 1];
        for i in (0..n).rev() {
            for j in (0..m).rev() {
                longest[i][j] = if a[i].key == b[j].key {
                    longest[i + 1][j + 1] + 1
                } else {
                    longest[i + 1][j].max(longest[i][j + 1])
                };
            }
        }
        let mut replaced = Vec::new();
        let (mut i, mut j) = (0, 0);
        let (mut from_i, mut from_j) = (0, 0);
        loop {
            let ended = i == n || j == m;
            if ended || a[i].key == b[j].key {
                let (to_i, to_j) = if ended { (n, m) } else { (i, j) };
                if from_i < to_i && from_j < to_j {
                    replaced.push((from_i..to_i, from_j..to_j));
                }
                if ended {
                    break;
                }
                i += 1;
                j += 1;
                (from_i, from_j) = (i, j);
            } else if longest[i + 1][j] >= longest[i][j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
        Aligned {
            replaced,
            ratio: longest[0][0] as f32 / n.min(m).max(1) as f32,
            lengths: (n, m),
        }
    }

    /// Whether somebody or something was replaced by another: another place, party, name.
    fn has_replaced(&self, a: &Telling, b: &Telling) -> bool {
        let (ours, theirs) = (compared(&a.title), compared(&b.title));
        self.replaced.iter().any(|(left, right)| {
            if left.len() > 3 || right.len() > 3 {
                // So much is another way to tell it.
                return false;
            }
            let own = |words: &[&Word]| -> Vec<Word> {
                let kept = words
                    .iter()
                    .filter(|word| word.script != Script::Digits && !words::is_stop(&word.key));
                kept.map(|word| (*word).clone()).collect()
            };
            let (one, other) = (own(&ours[left.clone()]), own(&theirs[right.clone()]));
            if one.is_empty() || other.is_empty() || is_spelled_alike(&one, &other) {
                return false;
            }
            // Told elsewhere in the other text: another way to tell it as well.
            let told = |words: &[Word], by: &Telling| {
                words
                    .iter()
                    .all(|word| words::holds(&by.weights, &word.key))
            };
            if told(&one, b) || told(&other, a) {
                return false;
            }
            let cjk = |word: &Word| word.script != Script::Latin;
            if one.iter().chain(&other).any(cjk) {
                // What ends a Korean or Japanese headline is its verb.
                return left.end < self.lengths.0 || right.end < self.lengths.1;
            }
            one.iter()
                .chain(&other)
                .any(|word| words::is_capital(&word.text))
        })
    }
}

/// The words of a title that are compared: without articles, and without what belongs to a number.
fn compared(words: &[Word]) -> Vec<&Word> {
    words
        .iter()
        .filter(|word| {
            let lower = word.text.to_lowercase();
            let unit = word.counts && (words::is_scale(&lower) || lower == "m");
            let korean_unit =
                word.counts && word.script == Script::Hangul && word.text.chars().count() <= 3;
            !matches!(lower.as_str(), "a" | "an" | "the" | "magnitude" | "m")
                && !unit
                && !korean_unit
                && !words::is_scale(&lower)
        })
        .collect()
}

fn is_spelled_alike(a: &[Word], b: &[Word]) -> bool {
    let join = |words: &[Word]| -> String { words.iter().map(|word| word.key.as_str()).collect() };
    let (one, other) = (join(a), join(b));
    let (short, long) = if one.len() <= other.len() {
        (&one, &other)
    } else {
        (&other, &one)
    };
    short.chars().count() > 3 && long.contains(short.as_str())
        || one == other
        || strsim::sorensen_dice(&one, &other) >= SPELLED_ALIKE
        || strsim::normalized_levenshtein(&one, &other) >= SPELLED_ALIKE
}
