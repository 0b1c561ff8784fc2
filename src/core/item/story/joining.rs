//! Which story a new item joins.

use super::comparing::compare;
use super::features::Features;
use super::rarity::Rarity;
use super::verdict::{Score, Verdict};

/// An item that may tell the new one's story, with the one that leads its story (itself, where it does).
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'f> {
    /// The item.
    pub item: &'f Features,
    /// The leader of the item's story.
    pub leader: &'f Features,
}

/// The candidate whose story a new item joins, by its place among the candidates: the best match, unless its story's leader
/// differs from the new item. Of equal matches it is the first one. What nobody's story is begins one.
pub fn join<'f>(
    new: &Features,
    candidates: impl IntoIterator<Item = Candidate<'f>>,
    rarity: &impl Rarity,
) -> Option<usize> {
    let mut best: Option<(Score, usize, Candidate<'f>)> = None;
    for (at, candidate) in candidates.into_iter().enumerate() {
        if let Verdict::Same(score) = compare(candidate.item, new, rarity)
            && best.as_ref().is_none_or(|(known, ..)| score > *known)
        {
            best = Some((score, at, candidate));
        }
    }
    let (_, at, candidate) = best?;
    let is_led = std::ptr::eq(candidate.leader, candidate.item)
        || candidate.leader == candidate.item
        || !matches!(compare(candidate.leader, new, rarity), Verdict::Differs(_));
    is_led.then_some(at)
}
