//! How much text the elements of a page hold, found for all of them in one pass: asking each for itself costs as much
//! again at each level at which they are nested.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::ElementRef;
use scraper::node::Node;

use crate::limits::steps;

/// Of one element, in bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Length {
    /// Of all its text, without the white space around each piece of it.
    pub(crate) trimmed: usize,
    /// Of all its text as it stands.
    pub(crate) whole: usize,
    /// How many nodes stand in it.
    pub(crate) nodes: usize,
}

/// Of an element and all within it.
pub(crate) struct Lengths(HashMap<NodeId, Length>);

impl Lengths {
    pub(crate) fn within(element: ElementRef<'_>) -> Lengths {
        let mut lengths = HashMap::new();
        let mut open = vec![Length::default()];
        let mut steps = 0;
        for edge in element.traverse() {
            steps += 1;
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => {
                        if let Some(length) = open.last_mut() {
                            length.trimmed += text.trim().len();
                            length.whole += text.len();
                            length.nodes += 1;
                        }
                    }
                    _ => open.push(Length::default()),
                },
                Edge::Close(node) if !node.value().is_text() => {
                    let length = open.pop().unwrap_or_default();
                    if let Some(above) = open.last_mut() {
                        above.trimmed += length.trimmed;
                        above.whole += length.whole;
                        above.nodes += length.nodes + 1;
                    }
                    lengths.insert(node.id(), length);
                }
                Edge::Close(_) => {}
            }
        }
        steps::spend(30 * steps);
        Lengths(lengths)
    }

    /// Of one of them.
    pub(crate) fn of(&self, element: ElementRef<'_>) -> Length {
        self.0.get(&element.id()).copied().unwrap_or_default()
    }
}
