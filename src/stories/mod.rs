//! Stories: whether two items tell of one event with the same facts (design.md, “Stories”).
//!
//! Pure and deterministic: two texts and the time between them, no network, no model, no archive. Precision comes first,
//! since a wrong merge hides news and a missed one only repeats it; so [`differs`] looks for any fact in which the two
//! disagree, and only where there is none does [`likeness`] add up what they share.

mod differs;
mod figures;
mod lexicon;
mod words;

use std::collections::BTreeMap;

use figures::Figures;
use lexicon::Said;
use words::Word;

/// Items of one story lie less than this apart, in seconds: a weekly digest retells, a weekly column comes round
/// (design.md, “Stories”).
pub const STORY_SPAN: i64 = 6 * 86_400;

/// How alike two items of one story are at least. The weights and this bound were fitted once to labelled pairs and a
/// stream, by a logistic regression over five sums; what they are worth is measured in the tests.
pub const SAME: f32 = 4.7;

/// How alike an item and the leader of a story are at least for the item to join it: a chain of likenesses must not lead
/// from one event to another.
pub const STILL_SAME: f32 = 4.0;

/// What is worked out about an item once, to compare it with many.
#[derive(Clone, Debug)]
pub struct Telling {
    /// The title without the tags of agencies, in its words.
    title: Vec<Word>,
    /// What the title's words weigh, by what they are compared as.
    title_weights: BTreeMap<String, f32>,
    /// The same of title and summary.
    weights: BTreeMap<String, f32>,
    figures: Figures,
    /// Whether it is told as news or as something about the news.
    genre: Option<lexicon::Genre>,
    /// What title and summary say of outcomes, and what the title alone.
    says: Said,
    title_says: Said,
}

impl Telling {
    /// Reads an item's title and summary.
    pub fn new(title: &str, summary: &str) -> Telling {
        let (title_text, genre) = words::without_tags(&words::clean(title));
        let summary_text = words::without_dateline(&words::clean(summary));
        let title = words::split(&title_text);
        let title_weights = words::weigh(&title);
        let mut weights = title_weights.clone();
        for (key, weight) in words::weigh(&words::split(&summary_text)) {
            let kept = weights.entry(key).or_default();
            *kept = kept.max(weight);
        }
        Telling {
            figures: Figures::of(&title_text, &summary_text),
            title,
            title_weights,
            weights,
            genre,
            says: Said::in_text(&format!("{title_text} {summary_text}").to_lowercase()),
            title_says: Said::in_text(&title_text.to_lowercase()),
        }
    }

    /// Words by which other items of the story may be found: names and rare words first, then figures.
    pub fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<(&str, f32)> = self
            .weights
            .iter()
            .filter(|(_, weight)| **weight >= words::RARE)
            .map(|(key, weight)| (key.as_str(), *weight))
            .collect();
        keys.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        keys.into_iter().map(|(key, _)| key).collect()
    }
}

/// How alike two items are that lie so many seconds apart; `None` if they disagree in a fact, and so tell of two events.
pub fn likeness(a: &Telling, b: &Telling, apart: i64) -> Option<f32> {
    if apart.abs() >= STORY_SPAN {
        return None;
    }
    let shared = words::shared(&a.weights, &b.weights);
    let all: f32 = shared.iter().sum();
    let titles = overlap(&a.title_weights, &b.title_weights);
    if differs::differ(a, b, titles, apart) {
        return None;
    }
    let (mut names, mut others) = (0.0, 0.0);
    for weight in shared {
        if weight >= words::NAME {
            names += weight;
        } else {
            others += weight;
        }
    }
    // A number alone is a coincidence.
    let numbers = if all >= 1.2 {
        figures::shared(&a.figures, &b.figures)
    } else {
        0.0
    };
    let told = |title: &BTreeMap<String, f32>, by: &BTreeMap<String, f32>| {
        let sum: f32 = words::shared(title, by).iter().sum();
        sum / title.values().sum::<f32>().max(0.1)
    };
    let covered = (told(&a.title_weights, &b.weights) + told(&b.title_weights, &a.weights)) / 2.0;
    #[expect(clippy::cast_precision_loss, reason = "at most six days in seconds")]
    let days = apart.abs() as f32 / 86_400.0;
    let likeness = 0.4 * f32::min(names, 9.0)
        + 0.58 * f32::min(others, 9.0)
        + 1.61 * f32::min(numbers, 6.0)
        + 2.1 * covered
        - 1.46 * days;
    // A headline told again word for word is the same story, however late within the span.
    if titles >= 0.95 && words::is_long(&a.title) && words::is_long(&b.title) {
        return Some(likeness.max(SAME));
    }
    Some(likeness)
}

/// What two texts share of their words, from 0 to 1.
fn overlap(a: &BTreeMap<String, f32>, b: &BTreeMap<String, f32>) -> f32 {
    let both: f32 = words::shared(a, b).iter().sum();
    let sum: f32 = a.values().chain(b.values()).sum();
    2.0 * both / sum.max(0.1)
}
