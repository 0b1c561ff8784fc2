//! Whether an element of a page is one entry of a list of such elements, as each story of a front page is in an `article`
//! of its own: then none of them is the page's text, however long it is.

use scraper::ElementRef;
use scraper::node::Node;

use crate::html::tags::level;
use crate::limits::steps;

/// Nodes of an entry that are looked at for what it begins with.
const MOST_NODES: usize = 400;

/// What it takes to look at a node.
const STEPS_A_NODE: usize = 5;

/// What an entry begins with that titles it.
#[derive(PartialEq, Eq)]
enum Title {
    /// A heading of a level, and whether it leads somewhere.
    Heading(u8, bool),
    /// A link, before all other text.
    Link,
}

/// Whether the element is one of a list: another one stands at the same place beside it, and is titled as it is, by a
/// heading that may be an entry's (`titles`).
pub(super) fn is_one_of_a_list<'h>(
    element: ElementRef<'h>,
    others: impl Iterator<Item = ElementRef<'h>>,
    titles: impl Fn(Option<ElementRef<'h>>) -> bool,
) -> bool {
    let above: Vec<ElementRef<'h>> = around(element).collect();
    steps::spend(STEPS_A_NODE * above.len());
    others
        .filter(|other| other.id() != element.id())
        .any(|other| {
            let Some((one, two)) = parted(&above, other) else {
                return false;
            };
            match (title_of(one), title_of(two)) {
                (Some((title, heading)), Some((other, _))) => title == other && titles(heading),
                _ => false,
            }
        })
}

/// An element and all those around it.
pub(super) fn around(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap))
}

/// Where two elements part, below the smallest that is around both: what holds the one there, and what holds the other.
/// Only if the same names lead from there to both.
fn parted<'h>(
    above: &[ElementRef<'h>],
    other: ElementRef<'h>,
) -> Option<(ElementRef<'h>, ElementRef<'h>)> {
    let mut parts = None;
    for (one, other) in above.iter().zip(around(other)) {
        steps::spend(STEPS_A_NODE);
        if one.id() == other.id() {
            return parts;
        }
        if one.value().name() != other.value().name() {
            return None;
        }
        parts = Some((*one, other));
    }
    None
}

/// What an entry is titled by, with the heading if it is one.
fn title_of(entry: ElementRef<'_>) -> Option<(Title, Option<ElementRef<'_>>)> {
    let mut has_text = false;
    let mut link = None;
    for node in entry.descendants().take(MOST_NODES) {
        steps::spend(STEPS_A_NODE);
        match node.value() {
            Node::Text(text) if !text.trim().is_empty() => {
                let in_link = || node.ancestors().any(|around| is_link(around.value()));
                if !has_text && in_link() {
                    link = Some((Title::Link, None));
                }
                has_text = true;
            }
            Node::Element(element) => {
                if let Some(level) = level(element.name()) {
                    let is_linked = node
                        .descendants()
                        .take(MOST_NODES)
                        .any(|node| is_link(node.value()))
                        || node.ancestors().any(|around| is_link(around.value()));
                    return Some((Title::Heading(level, is_linked), ElementRef::wrap(node)));
                }
            }
            _ => {}
        }
    }
    link
}

/// Whether a node is a link to somewhere.
pub(super) fn is_link(node: &Node) -> bool {
    node.as_element()
        .is_some_and(|element| element.name() == "a" && element.attr("href").is_some())
}
