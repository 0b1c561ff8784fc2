//! Which of a page's pictures belongs to which of its items: one that stands in the block of one item alone, or among the text
//! of an item. Of a row of headlines and pictures nobody can tell whether the pictures stand over or under theirs.

use std::collections::HashMap;

use scraper::ElementRef;
use scraper::node::Element;

use crate::html::outline::{Piece, PieceKind};
use crate::limits::steps;
use crate::pictures;
use tidings_core::bounds::PICTURES_TRIED;
use tidings_core::item::{Draft, clean_picture};

/// Pictures of a page that are looked at.
const MOST: usize = 2_000;

/// A picture that stands on a page.
#[derive(Debug)]
pub(crate) struct Pictured {
    /// Its address as it is written.
    written: String,
    /// The piece that it stands in, or in front of, from 0.
    at: usize,
    /// The pieces of the smallest element around it that has any, from the first to behind the last.
    home: (usize, usize),
}

/// The pictures of a page as it is walked through.
#[derive(Default)]
pub(crate) struct Pictures {
    found: Vec<Pictured>,
    /// How many pieces there were where each of the open elements began.
    begun: Vec<usize>,
    /// Those that no element with text is known around yet, each with how many of the open elements may be the one.
    waiting: Vec<(usize, usize)>,
}

impl Pictures {
    /// An element begins behind so many pieces.
    pub(crate) fn enter(&mut self, pieces: usize) {
        self.begun.push(pieces);
    }

    /// A picture stands behind so many pieces.
    pub(crate) fn add(&mut self, element: &Element, pieces: usize) {
        if self.found.len() == MOST {
            return;
        }
        if let Some(written) = pictures::of_tag(|name| element.attr(name)) {
            self.waiting.push((self.found.len(), self.begun.len()));
            self.found.push(Pictured {
                written: written.to_owned(),
                at: pieces,
                home: (pieces, pieces),
            });
        }
    }

    /// An element ends behind so many pieces, the one at hand included.
    pub(crate) fn leave(&mut self, pieces: usize) {
        let depth = self.begun.len();
        let Some(begun) = self.begun.pop() else {
            return;
        };
        // Those that stand in it are the last ones.
        let within = self
            .waiting
            .iter()
            .rev()
            .take_while(|(_, open)| *open == depth);
        let from = self.waiting.len() - within.count();
        if begun < pieces {
            for (picture, _) in self.waiting.drain(from..) {
                self.found[picture].home = (begun, pieces);
            }
        } else {
            for (_, open) in &mut self.waiting[from..] {
                *open -= 1;
            }
        }
    }

    /// All of them, in their order.
    pub(crate) fn found(self) -> Vec<Pictured> {
        self.found
    }
}

/// Where items begin: the pieces that their headlines are, from 0, each with which item it is.
pub(crate) type Starts = Vec<(usize, usize)>;

/// Where the items that were read piece by piece begin.
pub(crate) fn starts_of(drafts: &[Draft]) -> Starts {
    let piece = |draft: &Draft| (draft.line as usize).saturating_sub(1);
    drafts.iter().map(piece).zip(0..).collect()
}

/// Where items begin that were read as text, by their titles.
pub(crate) fn starts_by_title(drafts: &[Draft], pieces: &[Piece]) -> Starts {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        places.entry(&piece.text).or_insert(at);
    }
    let place = |draft: &Draft| places.get(draft.title.as_str()).copied();
    let starts = drafts.iter().zip(0..);
    starts
        .filter_map(|(draft, item)| Some((place(draft)?, item)))
        .collect()
}

/// Gives the items of a page their pictures.
pub(crate) fn give(
    drafts: &mut [Draft],
    mut starts: Starts,
    pieces: &[Piece],
    pictures: &[Pictured],
    base: Option<&str>,
) {
    if pictures.is_empty() {
        return;
    }
    starts.sort_unstable();
    let ends = ends_of_blocks(pieces);
    for picture in pictures {
        let (from, to) = picture.home;
        let first = starts.partition_point(|(piece, _)| *piece < from);
        let behind = starts.partition_point(|(piece, _)| *piece < to);
        let item = if let [(_, only)] = starts[first..behind] {
            Some(only)
        } else {
            // Among the text of an item: behind its headline, and in front of more of it.
            let before = starts.partition_point(|(piece, _)| *piece < picture.at);
            let within = before.checked_sub(1).map(|at| starts[at]);
            let next = starts.get(before).map_or(pieces.len(), |(piece, _)| *piece);
            within
                .filter(|(piece, _)| {
                    let end = ends.get(*piece + 1);
                    end.is_some_and(|end| picture.at < next.min(*end))
                })
                .map(|(_, item)| item)
        };
        if let Some(draft) = item.and_then(|item| drafts.get_mut(item))
            && draft.picture.is_none()
        {
            draft.picture = clean_picture(base, &picture.written);
        }
    }
}

/// For each piece, and behind the last one, where the next one is that ends what stands above it: a heading or a rule.
fn ends_of_blocks(pieces: &[Piece]) -> Vec<usize> {
    let mut ends = vec![pieces.len(); pieces.len() + 2];
    for (at, piece) in pieces.iter().enumerate().rev() {
        let is_end = matches!(piece.kind, PieceKind::Heading(_) | PieceKind::Rule);
        ends[at] = if is_end { at } else { ends[at + 1] };
    }
    ends
}

/// What it takes to look at a node.
const STEPS_A_NODE: usize = 20;

/// The first picture within an element that may be an item's.
pub(crate) fn first_of(element: ElementRef<'_>, base: Option<&str>) -> Option<String> {
    let images = element.descendants().filter_map(|node| {
        steps::spend(STEPS_A_NODE);
        let element = node.value().as_element()?;
        (element.name() == "img").then_some(element)
    });
    images
        .take(PICTURES_TRIED.most)
        .find_map(|image| clean_picture(base, pictures::of_tag(|name| image.attr(name))?))
}
