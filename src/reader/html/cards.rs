//! Cards of a page: each a story with its headline, its text and its date, and some of them links as a whole.

use std::collections::HashSet;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::ElementRef;
use scraper::node::Node;

use crate::dates;
use crate::html::markup::squeezed;
use crate::html::outline::Piece;
use crate::html::shapes::dateline;
use crate::html::tags::BLOCKS;
use tidings_core::text;

/// The links within an element that are around a whole card: a headline, its text, its date.
pub(super) fn cards_of(container: ElementRef<'_>) -> HashSet<NodeId> {
    let mut cards = HashSet::new();
    let mut link: Option<NodeId> = None;
    for edge in container.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) if element.name() == "a" => {
                    link = element.attr("href").map(|_| node.id());
                }
                Node::Element(element) if BLOCKS.contains(&element.name()) => cards.extend(link),
                _ => {}
            },
            Edge::Close(node) => {
                link = link.filter(|link| *link != node.id());
            }
        }
    }
    cards
}

/// Whether an element is the foot of a card, and nothing but its date.
pub(super) fn is_date_of_card(node: NodeRef<'_, Node>) -> bool {
    /// The longest of it, in bytes.
    const LONGEST: usize = 120;
    let named = |node: NodeRef<'_, Node>, name: &str| {
        let element = node.value().as_element();
        element.is_some_and(|element| element.name() == name)
    };
    if !named(node, "footer") || !node.ancestors().any(|around| named(around, "article")) {
        return false;
    }
    let texts = node.descendants().filter_map(|node| node.value().as_text());
    let text: String = texts.take(10).map(|text| &**text).collect();
    let text = squeezed(&text);
    text.len() <= LONGEST
        && (dates::dateline(&text).is_some_and(|line| line.date.is_some())
            || dates::dateline_with_outlet(&text).is_some()
            || node.descendants().any(|node| {
                let time = node.value().as_element();
                time.is_some_and(|time| time.name() == "time" && time.attr("datetime").is_some())
                    && ElementRef::wrap(node)
                        .is_some_and(|time| squeezed(&time.text().collect::<String>()) == text)
            }))
}

/// The longest label of a card, in bytes.
const LONGEST_LABEL: usize = 40;

/// Of the pieces of a card that is a link as a whole, its headline is what leads somewhere.
pub(super) fn lead_by_headline(pieces: &mut [Piece]) {
    if pieces
        .iter()
        .filter(|piece| piece.is_heading())
        .nth(1)
        .is_some()
    {
        return;
    }
    let is_text = |piece: &Piece| dateline(piece).is_none();
    let is_label = |piece: &Piece| {
        piece.text.len() <= LONGEST_LABEL
            && !text::ends_sentence(&piece.text)
            && dateline(piece).is_none()
    };
    let title = pieces.iter().position(Piece::is_heading);
    let title = title.or_else(|| pieces.iter().position(is_text));
    for (at, piece) in pieces.iter_mut().enumerate() {
        if Some(at) != title {
            piece.lead_nowhere();
            // In front of the headline a card says what kind of story it is.
            piece.is_given = title.is_some_and(|title| at < title && is_label(piece));
        }
    }
}
