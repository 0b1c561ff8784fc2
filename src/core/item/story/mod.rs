//! Stories: whether two items tell of one event with the same facts (design.md, "Stories"). Pure and deterministic: two
//! texts, their sources and moments, and what the words of their languages mean (`words/`); no network, no model.
//!
//! A text is cut into pieces (`pieces`), its numbers and dates are read (`figures`), words become what they mean
//! (`reading`, `lexicon`). Two titles are laid side by side (`alignment`): where they are nearly equal, what stands in one
//! place of both and differs tells two members of a series apart (`differing`). Where they aren't, what both say is
//! weighed: names, figures, and what happened (`comparing`). A word of a single news item is in none of the files.

mod alignment;
mod comparing;
mod counting;
mod differing;
mod features;
mod figures;
mod index;
mod joining;
mod lexicon;
mod pieces;
mod rarity;
mod reading;
mod roman;
mod verdict;
mod written;

pub use comparing::compare;
pub use features::Features;
pub use joining::{Candidate, best_match, join, may_lead};
pub use rarity::{Key, Rarity, Unknown};
pub use verdict::{Difference, Score, Verdict, WINDOW_SECONDS};

/// Gathers what the words of all languages mean, which takes a moment the first time.
pub fn prepare() {
    lexicon::lexicon();
}
