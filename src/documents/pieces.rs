//! A web page as a row of pieces: what stands on lines of its own, with what is known of it.

use ego_tree::iter::Edge;
use scraper::ElementRef;
use scraper::node::{Element, Node};

use super::around::{is_called, is_element, names_the_story};
use super::markup::{BLOCKS, UNREAD, squeezed};
use crate::text;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading with its level.
    Heading(u8),
    Paragraph,
    /// An item of a list.
    Item,
}

/// Some text that stands by itself.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// Plain text, one line.
    pub(super) text: String,
    /// Whether all of it is stressed.
    pub(super) is_stressed: bool,
    /// Whether all of it is a link.
    pub(super) is_linked: bool,
    /// Where the stressed or linked text ends that begins it.
    pub(super) lead: Option<usize>,
    /// The first address in it.
    pub(super) link: Option<String>,
    /// The last one.
    pub(super) last_link: Option<String>,
    /// The text of the link that it ends in; empty where it ends in none.
    pub(super) tail: String,
    /// Which piece it is, from 1.
    pub(super) line: u32,
}

/// A piece as it grows.
#[derive(Default)]
struct Open {
    text: String,
    /// Where it ceased to be stressed, and to be linked, if it has.
    stressed_to: Option<usize>,
    linked_to: Option<usize>,
    links: Vec<String>,
    /// The text of the link at its end.
    tail: String,
}

/// Elements whose names are weighed.
const MOST_CALLED: usize = 1_000;

/// How much text an element holds, in bytes.
pub(super) fn length(element: ElementRef<'_>) -> usize {
    element.text().map(|text| text.trim().len()).sum()
}

/// The pieces of an element, in their order.
pub(super) fn pieces(container: ElementRef<'_>) -> Vec<Piece> {
    let mut walk = Walk::default();
    let most = length(container) / 2;
    // Names that say so of most of a page are wrong about it.
    let called: usize = container
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|own| is_called(own.value()) && own.id() != container.id())
        .map(|own| own.text().map(str::len).sum::<usize>())
        .take(MOST_CALLED)
        .sum();
    let believes = called <= 2 * most.max(1) && called > 0;
    for edge in container.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    let is_around = walk.unread == 0
                        && node.id() != container.id()
                        && (is_element(element)
                            || believes
                                && is_called(element)
                                && ElementRef::wrap(node).is_some_and(|own| length(own) <= most));
                    walk.enter(element, is_around);
                }
                Node::Text(text) => walk.text(text),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    walk.leave(element);
                }
            }
        }
    }
    walk.end();
    walk.pieces
}

#[derive(Default)]
struct Walk {
    pieces: Vec<Piece>,
    open: Open,
    /// How deep within what nobody reads.
    unread: u32,
    heading: Option<u8>,
    items: u32,
    stress: u32,
    address: Option<String>,
}

fn level(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('h')?;
    digit.parse().ok().filter(|level| (1..=6).contains(level))
}

impl Walk {
    fn enter(&mut self, element: &Element, is_around: bool) {
        if self.unread > 0 || UNREAD.contains(&element.name()) || is_around {
            self.unread += 1;
            return;
        }
        match element.name() {
            // A headline on two lines is one.
            "br" if self.heading.is_some() => self.open.text.push(' '),
            "br" => self.end(),
            "li" => {
                self.end();
                self.items += 1;
            }
            name if level(name).is_some() => {
                self.end();
                self.heading = level(name);
            }
            name if BLOCKS.contains(&name) => self.end(),
            "strong" | "b" => self.stress += 1,
            "a" => {
                self.address = element.attr("href").map(str::to_owned);
                self.open.links.extend(self.address.clone());
                self.open.tail.clear();
            }
            _ => {}
        }
    }

    fn leave(&mut self, element: &Element) {
        if self.unread > 0 {
            self.unread -= 1;
            return;
        }
        match element.name() {
            "li" => {
                self.end();
                self.items = self.items.saturating_sub(1);
            }
            name if level(name).is_some() => {
                self.end();
                self.heading = None;
            }
            name if BLOCKS.contains(&name) => self.end(),
            "strong" | "b" => self.stress = self.stress.saturating_sub(1),
            "a" => self.address = None,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.unread > 0 {
            return;
        }
        if !text.trim().is_empty() {
            let at = self.open.text.trim_end().len();
            if self.stress == 0 {
                self.open.stressed_to.get_or_insert(at);
            }
            match &self.address {
                None => {
                    self.open.linked_to.get_or_insert(at);
                    // A bracket or an arrow behind a link belongs to it.
                    if text.contains(char::is_alphanumeric) {
                        self.open.tail.clear();
                    }
                }
                Some(address) => {
                    // A link may be around several blocks.
                    if self.open.links.last() != Some(address) {
                        self.open.links.push(address.clone());
                    }
                    self.open.tail.push_str(text);
                }
            }
        }
        if self.open.text.is_empty() {
            self.open.text.push_str(text.trim_start());
        } else {
            self.open.text.push_str(text);
        }
    }

    fn end(&mut self) {
        let open = std::mem::take(&mut self.open);
        let text = squeezed(&open.text);
        // What links to a heading itself.
        let text = match self.heading {
            Some(_) => text.trim_end_matches(['¶', '§', '#', ' ']).to_owned(),
            None => text,
        };
        if text.is_empty() {
            // A link that holds a picture belongs to what comes.
            return;
        }
        // White space was squeezed since: what leads is found again by its own text.
        let lead = open
            .stressed_to
            .unwrap_or(open.text.len())
            .max(open.linked_to.unwrap_or(open.text.len()));
        let lead = squeezed(open.text.get(..lead).unwrap_or_default());
        let leads = !lead.is_empty() && text.starts_with(&lead);
        let kind = match self.heading {
            Some(level) => Kind::Heading(level),
            None if self.items > 0 => Kind::Item,
            None => Kind::Paragraph,
        };
        self.pieces.push(Piece {
            kind,
            is_stressed: open.stressed_to.is_none(),
            is_linked: open.linked_to.is_none(),
            lead: leads.then_some(lead.len()),
            link: open.links.first().cloned(),
            last_link: open.links.last().cloned(),
            tail: squeezed(&open.tail),
            line: u32::try_from(self.pieces.len() + 1).unwrap_or(u32::MAX),
            text,
        });
    }
}

/// The pieces as text: headings apart, paragraphs together.
pub(super) fn laid_out(pieces: &[Piece]) -> String {
    let mut text = String::new();
    // The page's own title is no headline.
    let own_title = |piece: &&Piece| piece.kind != Kind::Heading(1);
    for piece in pieces.iter().filter(own_title) {
        if !text.is_empty() {
            let apart = matches!(piece.kind, Kind::Heading(_)) || piece.is_stressed;
            text.push_str(if apart { "\n\n\n" } else { "\n\n" });
        }
        text.push_str(&piece.text);
    }
    text.push('\n');
    text
}

/// The link of a headline that was read as text: its own, or the one to the whole story behind it.
pub(super) fn link_of<'p>(title: &str, pieces: &'p [Piece]) -> Option<&'p str> {
    let at = pieces.iter().position(|piece| piece.text == title)?;
    let to_the_story = |piece: &&Piece| names_the_story(&text::fold(&piece.tail));
    let behind = || {
        let text = pieces[at + 1..].iter();
        let mut summary = text.take_while(|piece| !matches!(piece.kind, Kind::Heading(_)));
        summary.find(to_the_story)?.last_link.as_deref()
    };
    pieces[at].link.as_deref().or_else(behind)
}
