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
use crate::html::siblings::is_link;
use crate::html::tags::{BLOCKS, level};
use crate::limits::steps;
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
                Node::Element(element)
                    if BLOCKS.contains(&element.name()) || is_part_of_card(node) =>
                {
                    cards.extend(link);
                }
                _ => {}
            },
            Edge::Close(node) => {
                link = link.filter(|link| *link != node.id());
            }
        }
    }
    cards
}

/// Whether an element is a line of a card that is a link, and only a style sheet says so: nothing stands in that link but
/// such elements, each with a class.
pub(super) fn is_part_of_card(node: NodeRef<'_, Node>) -> bool {
    /// The parts of a card that are looked at.
    const MOST: usize = 12;
    let is_span = |node: NodeRef<'_, Node>| {
        let element = node.value().as_element();
        element.is_some_and(|span| span.name() == "span" && span.attr("class").is_some())
    };
    let has_text = |node: NodeRef<'_, Node>| {
        let mut texts = node.descendants().filter_map(|node| node.value().as_text());
        texts.any(|text| text.contains(char::is_alphanumeric))
    };
    let is_other = |node: NodeRef<'_, Node>| match node.value() {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Element(_) => !is_span(node) && has_text(node),
        _ => false,
    };
    let Some(around) = node
        .parent()
        .filter(|around| is_span(node) && is_link(around.value()))
    else {
        return false;
    };
    let parts = || around.children().take(MOST + 1);
    steps::spend(MOST);
    parts().count() <= MOST
        && !parts().any(is_other)
        && parts()
            .filter(|part| is_span(*part) && has_text(*part))
            .nth(1)
            .is_some()
}

/// Whether an element is the foot of a card, and nothing but its date, and who wrote it, or how long it takes to read.
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
                    && ElementRef::wrap(node).is_some_and(|time| {
                        let time = squeezed(&time.text().collect::<String>());
                        let others = text.replacen(&time, "", 1);
                        !time.is_empty()
                            && others.len() <= LONGEST_LABEL
                            && !text::ends_sentence(&others)
                    })
            }))
}

/// Whether a figure is a link to a story with its title and its text, as Notion exports bookmarks.
pub(super) fn is_bookmark(node: NodeRef<'_, Node>) -> bool {
    node.children().any(|child| {
        let element = child.value().as_element();
        let is_called = element.is_some_and(|it| it.classes().any(|it| it == "bookmark"));
        is_called && is_link(child.value())
    })
}

/// Whether an element has a headline that leads somewhere, and stands in a row of such elements that have a class in common:
/// then it is a story's card, whatever else it is called.
pub(super) fn is_card_of_row(node: NodeRef<'_, Node>) -> bool {
    /// Elements beside it, and nodes in each, that are looked at.
    const MOST: usize = 12;
    const MOST_NODES: usize = 60;
    let classes = |node: NodeRef<'_, Node>| -> Vec<String> {
        let element = node.value().as_element();
        element.map_or_else(Vec::new, |it| it.classes().map(str::to_owned).collect())
    };
    let is_titled = |node: NodeRef<'_, Node>| {
        let mut within = node.descendants().take(MOST_NODES);
        let heading = within.find(|node| {
            let element = node.value().as_element();
            element.is_some_and(|element| level(element.name()).is_some())
        });
        let leads = |node: NodeRef<'_, Node>| {
            let element = node.value().as_element();
            let to = element.and_then(|element| element.attr("href"));
            is_link(node.value()) && to.is_some_and(|to| !to.starts_with('#'))
        };
        heading.is_some_and(|heading| {
            heading.descendants().take(MOST_NODES).any(leads)
                || heading
                    .ancestors()
                    .take_while(|around| around.id() != node.id())
                    .any(leads)
        })
    };
    let own = classes(node);
    let Some(row) = node.parent().filter(|_| !own.is_empty()) else {
        return false;
    };
    steps::spend(MOST_NODES);
    is_titled(node)
        && row.children().take(2 * MOST).any(|other| {
            other.id() != node.id()
                && classes(other).iter().any(|it| own.contains(it))
                && is_titled(other)
        })
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
