//! A web page as a row of pieces: what stands on lines of its own, with what is known of it.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::ElementRef;
use scraper::node::{Element, Node};

use super::around::{is_called, is_element, names_the_story};
use super::markup::{BLOCKS, UNREAD, squeezed};
use super::tails;
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
    /// How deep in lists it stands.
    pub(super) depth: u32,
    /// Whether it goes on with the item of a list that another piece began.
    pub(super) goes_on: bool,
    /// Which piece it is, from 1.
    pub(super) line: u32,
}

/// A piece as it grows.
#[derive(Default)]
pub(super) struct Open {
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
                            || is_note(node)
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

/// Whether an element is a number that leads to a note.
fn is_note(node: NodeRef<'_, Node>) -> bool {
    let leads_within = |node: NodeRef<'_, Node>| {
        let element = node.value().as_element();
        element.is_some_and(|element| {
            element
                .attr("href")
                .is_some_and(|href| href.starts_with('#'))
        })
    };
    node.value()
        .as_element()
        .is_some_and(|element| element.name() == "sup")
        && node.children().any(leads_within)
}

#[derive(Default)]
struct Walk {
    pieces: Vec<Piece>,
    open: Open,
    /// How deep within what nobody reads.
    unread: u32,
    heading: Option<u8>,
    items: u32,
    /// Whether the item of a list that is open has a piece already.
    has_begun: bool,
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
            "br" if self.heading.is_some() => self.open.space(),
            "br" => self.end(),
            "li" => {
                self.end();
                self.items += 1;
                self.has_begun = false;
            }
            name if level(name).is_some() => {
                self.end();
                self.heading = level(name);
            }
            name if BLOCKS.contains(&name) => self.end(),
            "strong" | "b" => self.stress += 1,
            "a" => {
                self.address = element.attr("href").map(str::to_owned);
                if let Some(address) = &self.address {
                    self.open.link(address);
                }
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
        self.open
            .push(text, self.stress > 0, self.address.as_deref());
    }

    fn end(&mut self) {
        let open = std::mem::take(&mut self.open);
        let kind = match self.heading {
            Some(level) => Kind::Heading(level),
            None if self.items > 0 => Kind::Item,
            None => Kind::Paragraph,
        };
        let line = u32::try_from(self.pieces.len() + 1).unwrap_or(u32::MAX);
        // A link that holds a picture belongs to what comes.
        let Some(mut piece) = open.piece(kind, self.items, line) else {
            return;
        };
        piece.goes_on = kind == Kind::Item && std::mem::replace(&mut self.has_begun, true);
        // A table of contents.
        let leads_within = piece
            .link
            .as_deref()
            .is_some_and(|link| link.starts_with('#'));
        if !(kind == Kind::Item && piece.is_linked && leads_within) {
            self.pieces.push(piece);
        }
    }
}

/// The longest outlet in brackets behind a headline, in bytes.
const LONGEST_OUTLET: usize = 40;

/// Whether a text is in brackets: `(Hankyoreh)`.
fn is_outlet(text: &str) -> bool {
    let inside = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']'));
    inside.is_some_and(|name| name.len() <= LONGEST_OUTLET && name.contains(char::is_alphabetic))
}

impl Open {
    /// Begins a link.
    pub(super) fn link(&mut self, address: &str) {
        self.links.push(address.to_owned());
        self.tail.clear();
    }

    /// Text that is stressed or not, and that leads somewhere or doesn't.
    pub(super) fn push(&mut self, text: &str, is_stressed: bool, address: Option<&str>) {
        if !text.trim().is_empty() {
            let at = self.text.trim_end().len();
            if !is_stressed {
                self.stressed_to.get_or_insert(at);
            }
            match address {
                None => {
                    self.linked_to.get_or_insert(at);
                    // A bracket or an arrow behind a link belongs to it.
                    if text.contains(char::is_alphanumeric) {
                        self.tail.clear();
                    }
                }
                Some(address) => {
                    // A link may be around several blocks.
                    if self.links.last().is_none_or(|last| last != address) {
                        self.links.push(address.to_owned());
                    }
                    self.tail.push_str(text);
                }
            }
        }
        if self.text.is_empty() {
            self.text.push_str(text.trim_start());
        } else {
            self.text.push_str(text);
        }
    }

    /// A line's end within the piece.
    pub(super) fn space(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether all of it so far is a headline's: stressed, or a link.
    pub(super) fn is_set(&self) -> bool {
        !self.is_empty() && (self.stressed_to.is_none() || self.linked_to.is_none())
    }

    /// The piece, if it has text.
    pub(super) fn piece(self, kind: Kind, depth: u32, line: u32) -> Option<Piece> {
        let text = squeezed(&self.text);
        let text = match kind {
            // What links to a heading itself.
            Kind::Heading(_) => text.trim_end_matches(['¶', '§', '#', ' ']).to_owned(),
            _ => text,
        };
        if text.is_empty() {
            return None;
        }
        // White space was squeezed since: what leads is found again by its own text.
        let up_to = |end: Option<usize>| {
            let end = end.unwrap_or(self.text.len());
            squeezed(self.text.get(..end).unwrap_or_default())
        };
        let end = |end: Option<usize>| end.unwrap_or(self.text.len());
        let (near, far) = {
            let ends = [end(self.stressed_to), end(self.linked_to)];
            (up_to(ends.into_iter().min()), up_to(ends.into_iter().max()))
        };
        // Of `<b><a>Headline</a>.</b>` only the link is the headline.
        let is_mark = |rest: &str| !rest.contains(char::is_alphanumeric);
        let lead = match far.strip_prefix(&near) {
            Some(rest) if !near.is_empty() && is_mark(rest) && far.len() < text.len() => near,
            _ => far,
        };
        let leads = !lead.is_empty() && text.starts_with(&lead);
        // An outlet behind a headline is set otherwise than the headline, and belongs to it.
        let is_whole = leads && is_outlet(text[lead.len()..].trim());
        let reaches = |end: Option<usize>| end.is_none() || is_whole && up_to(end) == lead;
        Some(Piece {
            kind,
            is_stressed: reaches(self.stressed_to),
            is_linked: reaches(self.linked_to),
            lead: leads.then_some(lead.len()),
            link: self.links.first().cloned(),
            last_link: self.links.last().cloned(),
            tail: squeezed(&self.tail),
            depth,
            goes_on: false,
            line,
            text,
        })
    }
}

/// The pieces as text: headings and headlines apart, paragraphs together.
pub(super) fn laid_out(pieces: &[Piece]) -> String {
    let mut text = String::new();
    // The page's own title is no headline.
    let own_title = |piece: &&Piece| piece.kind != Kind::Heading(1);
    let ends = |piece: &Piece| text::ends_sentence_or_question(tails::strip(&piece.text).text);
    let mut pieces = pieces.iter().filter(own_title).peekable();
    while let Some(piece) = pieces.next() {
        if !text.is_empty() {
            let apart = matches!(piece.kind, Kind::Heading(_))
                || piece.is_stressed
                || !ends(piece) && pieces.peek().is_some_and(|next| ends(next));
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
