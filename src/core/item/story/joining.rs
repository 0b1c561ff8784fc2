//! Which story a new item joins.

use super::comparing::{compare, difference};
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
/// differs from the new item. What nobody's story is begins one.
pub fn join<'f>(
    new: &Features,
    candidates: impl IntoIterator<Item = Candidate<'f>>,
    rarity: &impl Rarity,
) -> Option<usize> {
    let candidates: Vec<Candidate<'f>> = candidates.into_iter().collect();
    let at = best_match(new, candidates.iter().map(|it| it.item), rarity)?;
    let Candidate { item, leader } = candidates[at];
    let is_led = std::ptr::eq(leader, item) || leader == item || may_lead(leader, new);
    is_led.then_some(at)
}

/// The item that tells what a new one does, by its place among them. Of equal matches it is the first one.
pub fn best_match<'f>(
    new: &Features,
    items: impl IntoIterator<Item = &'f Features>,
    rarity: &impl Rarity,
) -> Option<usize> {
    let mut best: Option<(Score, usize)> = None;
    for (at, item) in items.into_iter().enumerate() {
        if let Verdict::Same(score) = compare(item, new, rarity)
            && best.as_ref().is_none_or(|(known, _)| score > *known)
        {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

/// Whether a story's leader says nothing else than a new item that matches one of the story's others. (It may say so little
/// of the same that it is no match itself.)
pub fn may_lead(leader: &Features, new: &Features) -> bool {
    difference(leader, new).is_none()
}
