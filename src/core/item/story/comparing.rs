//! Whether two items tell the same story.

use super::differing::differences;
use super::features::Features;
use super::index::{Has, Own};
use super::rarity::Rarity;
use super::reading::{Telling, Token, TokenKind};
use super::verdict::{Difference, Evidence, Score, Verdict, WINDOW_SECONDS};

/// Compares two items; which one comes first doesn't matter. What `rarity` doesn't know is as rare as its kind is.
pub fn compare(a: &Features, b: &Features, rarity: &impl Rarity) -> Verdict {
    let (a, b) = match in_order(a, b) {
        Ok(both) => both,
        Err(difference) => return Verdict::Differs(difference),
    };
    let mut evidence = weigh(a, b, rarity);
    // Most candidates have a word or two in common: nothing that is found out below makes them one story.
    if score(&Evidence {
        aligned: 1.0,
        ..evidence.clone()
    }) < 0.0
    {
        return Verdict::Unlike;
    }
    if let Some(difference) = differences(a, b, &mut evidence) {
        return Verdict::Differs(difference);
    }
    let score = score(&evidence);
    if score >= 0.0 && (a.telling == Telling::Report || evidence.aligned >= 0.7) {
        Verdict::Same(Score(score))
    } else {
        Verdict::Unlike
    }
}

/// What makes two items two stories, whether they have much in common or little.
pub(super) fn difference(a: &Features, b: &Features) -> Option<Difference> {
    match in_order(a, b) {
        Ok((a, b)) => differences(a, b, &mut Evidence::default()),
        Err(difference) => Some(difference),
    }
}

/// Two items that can be compared, in one order: sums of fractions depend on theirs.
fn in_order<'f>(
    a: &'f Features,
    b: &'f Features,
) -> Result<(&'f Features, &'f Features), Difference> {
    if a.moment.abs_diff(b.moment) >= WINDOW_SECONDS {
        return Err(Difference::Moment);
    }
    if a.telling != b.telling {
        return Err(Difference::Telling);
    }
    Ok(if a.order > b.order { (b, a) } else { (a, b) })
}

/// What both have in common, but for how their titles stand to each other.
fn weigh(a: &Features, b: &Features, rarity: &impl Rarity) -> Evidence {
    let is_mixed = a.index().has_runs != b.index().has_runs;
    let weight = |token: &Token, own: &Own, other: Has| {
        let mut weight = own.weight;
        // What stands somewhere with a small letter is no name.
        if token.kind == TokenKind::Name && other.is_small() {
            weight = 1.0;
        }
        // The first word of a title has a capital letter anyway: it is a name if it has one elsewhere.
        if token.kind == TokenKind::Word && other.is_name() {
            weight = 1.6;
        }
        if let Some(share) = rarity.share(own.key()) {
            // One in a thousand is as rare as names are taken to be.
            weight *= (-share.clamp(1e-6, 1.0).ln() / 6.9).clamp(0.2, 1.2);
        }
        weight
    };
    let mut found = Evidence {
        is_mixed,
        ..Evidence::default()
    };
    let side = |own: &Features, of: &Features, found: &mut Evidence| {
        let (other, sounds) = (of.index(), is_mixed.then(|| (own.sounds(), of.sounds())));
        let (mut all, mut said) = (0.0_f32, 0.0_f32);
        let (mut title_all, mut title_said) = (0.0_f32, 0.0_f32);
        let tokens = own.title.tokens.iter().chain(&own.summary.tokens);
        let tokens = tokens.zip(&own.index().own).enumerate();
        for (at, (token, known)) in tokens.filter(|(_, (_, known))| known.is_first) {
            let has = other.has(known.hash);
            let weight = weight(token, known, has);
            let is = weight
                * match sounds {
                    Some((ours, theirs)) => {
                        let sound = &ours.own[at];
                        other.says_in_another_script(token, known, has, sound, theirs)
                    }
                    None => other.says_known(token, known, has),
                };
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
                _ if known.is_named => &mut found.names,
                TokenKind::Figure(_) => &mut found.figures,
                _ => &mut found.words,
            };
            *sum += is / 2.0;
        }
        let share = |part: f32, of: f32| if of > 0.0 { part / of } else { 0.0 };
        (share(said, all), share(title_said, title_all))
    };
    let (whole_a, title_a) = side(a, b, &mut found);
    let (whole_b, title_b) = side(b, a, &mut found);
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
