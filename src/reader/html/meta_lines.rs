//! Lines of a page that are made of who wrote a story, when, and of what kind it is, each in an element of its own: only a
//! style sheet sets those apart.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef};
use scraper::ElementRef;
use scraper::node::Node;

use crate::dates;
use crate::html::lengths::Lengths;
use crate::html::markup::squeezed;
use crate::limits::steps;

/// The longest such line, in bytes, and the most parts of it.
const LONGEST: usize = 140;
const MOST_PARTS: usize = 8;

/// The elements within one that are such lines.
pub(super) fn meta_lines(container: ElementRef<'_>, lengths: &Lengths) -> HashSet<NodeId> {
    let elements = container.descendants().filter_map(ElementRef::wrap);
    let mut nodes = 0;
    let found = elements
        .inspect(|_| nodes += 1)
        .filter(|element| is_around(element) && lengths.of(*element).trimmed <= LONGEST)
        .filter(|element| is_meta_line(*element))
        .map(|element| element.id())
        .collect();
    steps::spend(nodes);
    found
}

fn is_around(element: &ElementRef<'_>) -> bool {
    matches!(
        element.value().name(),
        "div" | "p" | "td" | "header" | "footer" | "section" | "span"
    )
}

/// Whether an element has nothing but inline elements in it, several, and one of them is a date.
fn is_meta_line(element: ElementRef<'_>) -> bool {
    let is_part = |node: NodeRef<'_, Node>| match node.value() {
        Node::Text(text) => text.trim().is_empty(),
        Node::Element(element) => matches!(
            element.name(),
            "span" | "a" | "time" | "small" | "em" | "i" | "abbr"
        ),
        _ => true,
    };
    let mut parts = element.children().filter_map(ElementRef::wrap);
    let count = parts.clone().take(MOST_PARTS + 1).count();
    (2..=MOST_PARTS).contains(&count)
        && element.children().all(is_part)
        && parts.any(|part| {
            let text: String = part.text().collect();
            let text = squeezed(&text);
            part.value().name() == "time"
                || part.descendants().any(|within| {
                    let within = within.value().as_element();
                    within.is_some_and(|within| within.name() == "time")
                })
                || dates::dateline(&text).is_some_and(|line| line.date.is_some())
        })
}
