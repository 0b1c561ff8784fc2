//! Whether two items tell the same story.

use std::collections::HashSet;

use super::differing::differences;
use super::features::{Features, key};
use super::index::Index;
use super::lexicon::lexicon;
use super::rarity::Rarity;
use super::reading::{Telling, Token, TokenKind};
use super::verdict::{Difference, Evidence, Score, Verdict, WINDOW_SECONDS};

/// Compares two items; which one comes first doesn't matter. What `rarity` doesn't know is as rare as its kind is.
pub fn compare(a: &Features, b: &Features, rarity: &impl Rarity) -> Verdict {
    compare_indexed((a, &Index::of(a)), (b, &Index::of(b)), rarity)
}

/// [`compare`], where the words of both are at hand.
pub(super) fn compare_indexed<'f>(
    (a, ia): (&'f Features, &Index<'f>),
    (b, ib): (&'f Features, &Index<'f>),
    rarity: &impl Rarity,
) -> Verdict {
    if a.moment.abs_diff(b.moment) >= WINDOW_SECONDS {
        return Verdict::Differs(Difference::Moment);
    }
    if a.telling != b.telling {
        return Verdict::Differs(Difference::Telling);
    }
    // In one order, since sums of fractions depend on theirs.
    let is_turned = a.order > b.order;
    let ((a, ia), (b, ib)) = if is_turned {
        ((b, ib), (a, ia))
    } else {
        ((a, ia), (b, ib))
    };
    let mut evidence = weigh((a, ia), (b, ib), rarity);
    // Most candidates have a word or two in common: nothing that is found out below makes them one story.
    if score(&Evidence {
        aligned: 1.0,
        ..evidence.clone()
    }) < 0.0
    {
        return Verdict::Unlike;
    }
    if let Some(difference) = differences(a, b, ia, ib, &mut evidence) {
        return Verdict::Differs(difference);
    }
    let score = score(&evidence);
    if score >= 0.0 && (a.telling == Telling::Report || evidence.aligned >= 0.7) {
        Verdict::Same(Score(score))
    } else {
        Verdict::Unlike
    }
}

/// What both have in common, but for how their titles stand to each other.
fn weigh<'f>(
    (a, ia): (&'f Features, &Index<'f>),
    (b, ib): (&'f Features, &Index<'f>),
    rarity: &impl Rarity,
) -> Evidence {
    let is_mixed = ia.has_runs != ib.has_runs;
    let heard = is_mixed.then(|| (ia.heard(a), ib.heard(b)));
    let (ia, ib) = heard.as_ref().map_or((ia, ib), |(ia, ib)| (ia, ib));
    let weight = |token: &Token, other: &Index<'_>| {
        let mut weight = token.weight();
        // What stands somewhere with a small letter is no name.
        if token.kind == TokenKind::Name && other.small.contains(token.text.as_str()) {
            weight = 1.0;
        }
        // The first word of a title has a capital letter anyway: it is a name if it has one elsewhere.
        if token.kind == TokenKind::Word && other.names.contains(token.text.as_str()) {
            weight = 1.6;
        }
        if let Some(share) = rarity.share(key(token)) {
            // One in a thousand is as rare as names are taken to be.
            weight *= (-share.clamp(1e-6, 1.0).ln() / 6.9).clamp(0.2, 1.2);
        }
        weight
    };
    let mut found = Evidence {
        is_mixed,
        ..Evidence::default()
    };
    let side = |own: &Features, other: &Index<'_>, found: &mut Evidence| {
        let mut known = HashSet::new();
        let (mut all, mut said) = (0.0_f32, 0.0_f32);
        let (mut title_all, mut title_said) = (0.0_f32, 0.0_f32);
        for (at, token) in own
            .title
            .tokens
            .iter()
            .chain(&own.summary.tokens)
            .enumerate()
        {
            if !known.insert(token.text.as_str()) {
                continue;
            }
            let weight = weight(token, other);
            let is = weight * other.says(token);
            all += weight;
            said += is;
            if at < own.title.tokens.len() {
                let weight = if token.is_background {
                    weight * 0.3
                } else {
                    weight
                };
                title_all += weight;
                title_said += if token.is_background { is * 0.3 } else { is };
            }
            let sum = match token.kind {
                TokenKind::Name | TokenKind::Run => &mut found.names,
                TokenKind::Concept if lexicon().is_place(&token.text[1..]) => &mut found.names,
                TokenKind::Figure(_) => &mut found.figures,
                _ => &mut found.words,
            };
            *sum += is / 2.0;
        }
        let share = |part: f32, of: f32| if of > 0.0 { part / of } else { 0.0 };
        (share(said, all), share(title_said, title_all))
    };
    let (whole_a, title_a) = side(a, ib, &mut found);
    let (whole_b, title_b) = side(b, ia, &mut found);
    found.whole = whole_a.max(whole_b);
    found.title = title_a.max(title_b);
    found.other_title = title_a.min(title_b);
    found.is_announced = a.title.is_future != b.title.is_future;
    found
}

/// The weight that two items must have in common.
const LEAST: f32 = 2.0;

/// How sure it is that two items tell the same story; from 0 on they do.
fn score(evidence: &Evidence) -> f32 {
    let Evidence {
        title,
        other_title,
        names,
        words,
        figures,
        whole,
        aligned,
        conflicts,
        steps,
        strays,
        is_announced,
        is_mixed,
    } = evidence;
    // A word or two are no event.
    if names + figures + words < LEAST {
        return -1.0;
    }
    let over = |value: &f32, from: f32, most: f32| (value - from).clamp(0.0, most);
    1.2 * over(names, 0.0, 2.0) + 0.4 * over(names, 2.0, 2.0)
        + 2.2 * over(figures, 0.0, 2.0) + 0.7 * over(figures, 2.0, 2.0)
        + 0.8 * over(words, 0.0, 3.0)
        + 1.7 * (title + other_title) / 2.0 + 1.7 * whole + 0.5 * aligned
        - 1.3 * conflicts
        - 1.7 * steps
        - 1.2 * strays
        - if *is_announced { 0.6 } else { 0.0 }
        + if *is_mixed { 0.5 } else { 0.0 }
        // One title, word for word, and no short one
        + if other_title.min(*aligned) >= 0.95 && names + words + figures >= 4.0 { 1.5 } else { 0.0 }
        - SURE
}

/// What all this must come to.
const SURE: f32 = 7.1;
