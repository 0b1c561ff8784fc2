//! A web page as it is walked through, element by element, to the row of its pieces.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::ElementRef;
use scraper::node::{Element, Node};

use crate::dates::timestamps::{self, Written};
use crate::html::boilerplate::{is_bold, is_called, is_element, is_hidden, names_the_story};
use crate::html::cards::{
    cards_of, is_bookmark, is_card_of_row, is_date_of_card, is_part_of_card, lead_by_headline,
};
use crate::html::entry_dates::EntryDates;
use crate::html::labelled::{self, Labelled};
use crate::html::lengths::Lengths;
use crate::html::markup::squeezed;
use crate::html::meta_lines::meta_lines;
use crate::html::outline::{Open, Piece, PieceKind};
use crate::html::pictured::{Pictured, Pictures};
use crate::html::rows::entries_of;
use crate::html::tags::{BLOCKS, UNREAD, level};

/// Elements whose names are weighed.
const MOST_CALLED: usize = 1_000;

/// The pieces of an element, in their order.
pub(crate) fn pieces(container: ElementRef<'_>) -> Vec<Piece> {
    walked(container).0
}

/// The pieces of an element, and the pictures that stand among them, in their order.
pub(crate) fn walked(container: ElementRef<'_>) -> (Vec<Piece>, Vec<Pictured>) {
    let mut walk = Walk::default();
    let lengths = Lengths::within(container);
    let most = lengths.of(container).trimmed / 2;
    // Names that say so of most of a page are wrong about it.
    let called: usize = container
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|own| is_called(own.value()) && own.id() != container.id())
        .map(|own| lengths.of(own).whole)
        .take(MOST_CALLED)
        .sum();
    let rows = entries_of(container);
    let cards = cards_of(container);
    let metas = meta_lines(container, &lengths);
    let believes = called <= 2 * most.max(1) && called > 0;
    for edge in container.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    let is_around = walk.unread == 0
                        && node.id() != container.id()
                        && (is_element(element) && !is_date_of_card(node) && !is_bookmark(node)
                            || is_note(node)
                            || believes
                                && is_called(element)
                                && !is_card_of_row(node)
                                && !is_date_of_card(node)
                                && ElementRef::wrap(node).is_some_and(|own| {
                                    let length = lengths.of(own).trimmed;
                                    length <= most && !(length <= 60 && leads_to_story(own))
                                }));
                    if walk.unread == 0 && cards.contains(&node.id()) {
                        walk.end();
                        walk.linked_cards.push(walk.pieces.len());
                    }
                    let is_part = node.parent().is_some_and(|line| metas.contains(&line.id()));
                    if walk.unread == 0 && (is_part || is_part_of_card(node)) {
                        walk.end();
                    }
                    walk.enter(element, is_around);
                    let is_label = || {
                        let own = ElementRef::wrap(node);
                        own.is_some_and(|own| labelled::is_label(own, &lengths))
                    };
                    walk.labelled.enter(
                        walk.pieces.len(),
                        metas.contains(&node.id()) || is_label(),
                        labelled::is_entry(element),
                    );
                    if rows.contains(&node.id()) && walk.unread == 0 {
                        walk.cells = Some(Vec::new());
                    }
                }
                Node::Text(text) => walk.text(text),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    let is_card = walk.unread == 0 && cards.contains(&node.id());
                    if is_card {
                        walk.end();
                    }
                    walk.leave(element);
                    if is_card {
                        walk.end_card();
                    }
                    if rows.contains(&node.id()) {
                        walk.end_row(node);
                    }
                    let at_hand = usize::from(walk.has_at_hand());
                    walk.pictures.leave(walk.pieces.len() + at_hand);
                    walk.dates.leave(&mut walk.pieces);
                    walk.labelled.leave(&mut walk.pieces);
                }
            }
        }
    }
    walk.end();
    (walk.pieces, walk.pictures.found())
}

/// Whether a short element is a button that leads to a whole story.
fn leads_to_story(element: ElementRef<'_>) -> bool {
    let text: String = element.text().take(10).collect();
    names_the_story(&text)
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
    pictures: Pictures,
    dates: EntryDates,
    labelled: Labelled,
    /// How many pieces there were where each link began that is around a whole card.
    linked_cards: Vec<usize>,
    open: Open,
    /// How deep within what nobody reads.
    unread: u32,
    /// Whether that is a figure: what is said in it belongs to no text, but its picture does.
    in_figure: bool,
    heading: Option<u8>,
    /// The cells so far of the row that is an entry, within one.
    cells: Option<Vec<Piece>>,
    items: u32,
    quoted: u32,
    /// Whether the item of a list that is open has a piece already.
    has_begun: bool,
    /// Whether text is stressed, in each of the open elements.
    stress: Vec<bool>,
    address: Option<String>,
    /// Whether the link that is open has words.
    has_words: bool,
    /// Empty lines and paragraphs since the last piece.
    blanks: u32,
    /// How many pieces there were when the paragraph began.
    paragraph: usize,
    /// Cards so far, and how deep in one we are.
    cards: u32,
    in_card: u32,
    /// Within a moment that is told to programs.
    time: Option<Written>,
}

impl Walk {
    fn enter(&mut self, element: &Element, is_around: bool) {
        self.begin(element, is_around);
        // What stood open before it has ended by now, if the element ends it.
        self.pictures.enter(self.pieces.len());
        self.dates.enter(self.pieces.len());
        if element.name() == "img" && (self.unread == 0 || self.in_figure) {
            self.pictures.add(element, self.pieces.len());
        }
    }

    fn begin(&mut self, element: &Element, is_around: bool) {
        // What folds a section away is a button.
        let is_heading = self.heading.is_some() && element.name() == "button";
        if self.unread > 0 || !is_heading && (UNREAD.contains(&element.name()) || is_around) {
            if self.unread == 0 {
                self.in_figure = element.name() == "figure" && !is_hidden(element);
            }
            self.unread += 1;
            return;
        }
        match element.name() {
            // A headline on two lines is one.
            "br" if self.heading.is_some() => self.open.space(),
            "br" => {
                self.blanks += u32::from(!self.end());
            }
            "article" => {
                self.end();
                self.cards += 1;
                self.in_card += 1;
            }
            "time" => {
                let told = element.attr("datetime");
                self.time = told.and_then(timestamps::within);
            }
            "li" => {
                self.end();
                self.items += 1;
                self.has_begun = false;
            }
            name if level(name).is_some() => {
                self.end();
                self.heading = level(name);
            }
            // What a section is folded under.
            "summary" => {
                self.end();
                self.heading = Some(2);
            }
            "p" => {
                self.end();
                self.paragraph = self.pieces.len();
            }
            "hr" => {
                self.end();
                self.pieces.push(Piece::rule(self.line()));
            }
            "blockquote" => {
                self.end();
                self.quoted += 1;
            }
            name if BLOCKS.contains(&name) => {
                self.end();
            }
            "a" => {
                self.address = element.attr("href").map(str::to_owned);
                self.has_words = false;
                if let Some(address) = &self.address {
                    self.open.link(address);
                }
            }
            _ => {}
        }
        let is_stressed = stress(element).unwrap_or(self.is_stressed());
        self.stress.push(is_stressed);
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
            "article" => {
                self.end();
                self.in_card = self.in_card.saturating_sub(1);
            }
            "summary" => {
                self.end();
                self.heading = None;
            }
            "p" => {
                let is_blank = !self.end() && self.pieces.len() == self.paragraph;
                self.blanks += u32::from(is_blank);
            }
            name if level(name).is_some() => {
                self.end();
                self.heading = None;
            }
            "blockquote" => {
                self.end();
                self.quoted = self.quoted.saturating_sub(1);
            }
            name if BLOCKS.contains(&name) => {
                self.end();
            }
            "time" => self.time = None,
            "a" => {
                let address = self.address.take().filter(|_| !self.has_words);
                if let Some(address) = address {
                    self.labelled.bare_link(&address);
                }
            }
            _ => {}
        }
        self.stress.pop();
    }

    fn text(&mut self, text: &str) {
        if self.unread > 0 {
            return;
        }
        if let Some(date) = self.time.clone() {
            self.open.told_time(date, squeezed(text));
        }
        self.labelled.text(text);
        self.has_words |= text.contains(char::is_alphanumeric);
        self.open
            .push(text, self.is_stressed(), self.address.as_deref());
    }

    fn is_stressed(&self) -> bool {
        self.stress.last() == Some(&true)
    }

    /// Which piece the next one is.
    fn line(&self) -> u32 {
        u32::try_from(self.pieces.len() + 1).unwrap_or(u32::MAX)
    }

    /// Whether a piece has begun that isn't among the others yet.
    fn has_at_hand(&self) -> bool {
        !self.open.is_empty() || self.cells.as_ref().is_some_and(|cells| !cells.is_empty())
    }

    /// Of a card that is a link as a whole, its headline is what leads somewhere.
    fn end_card(&mut self) {
        let Some(begun) = self.linked_cards.pop() else {
            return;
        };
        lead_by_headline(&mut self.pieces[begun..]);
    }

    /// Makes one piece of the cells of a row.
    fn end_row(&mut self, row: NodeRef<'_, Node>) {
        let Some(cells) = self.cells.take() else {
            return;
        };
        let is_head = || {
            let mut elements = row.children().filter_map(|cell| cell.value().as_element());
            elements.all(|cell| cell.name() == "th")
        };
        let line = self.line();
        let blanks = cells.first().map_or(0, |first| first.blanks);
        let row = Piece::row(cells, self.items + 1, is_head(), line);
        self.pieces.extend(row.map(|row| Piece { blanks, ..row }));
    }

    /// Ends the piece at hand, if there is one.
    fn end(&mut self) -> bool {
        let mut open = std::mem::take(&mut self.open);
        let is_called = self.labelled.take();
        if self.has_begun {
            open.go_on();
        }
        let kind = match self.heading {
            Some(level) => PieceKind::Heading(level),
            None if self.items > 0 => PieceKind::Item,
            None => PieceKind::Paragraph,
        };
        let line = self.line();
        // A link that holds a picture belongs to what comes.
        let Some(mut piece) = open.piece(kind, self.items, line) else {
            return false;
        };
        piece.blanks = std::mem::take(&mut self.blanks);
        piece.is_quoted = self.quoted > 0;
        piece.is_called = is_called;
        piece.card = if self.in_card > 0 { self.cards } else { 0 };
        if let Some(cells) = &mut self.cells {
            cells.push(piece);
            return true;
        }
        // An entry may begin with a heading.
        let goes_on = std::mem::replace(&mut self.has_begun, self.items > 0);
        piece.goes_on = kind == PieceKind::Item && goes_on;
        // A table of contents.
        let leads_within = piece
            .link
            .as_deref()
            .is_some_and(|link| link.starts_with('#'));
        if !(kind == PieceKind::Item && piece.is_linked && leads_within) {
            self.dates.add(self.pieces.len(), &piece);
            self.pieces.push(piece);
        }
        true
    }
}

/// Whether an element's text is stressed, where the element says so: a style goes before a name, as copied documents have
/// `<b style="font-weight:normal">` around all of them and set their headlines in spans.
fn stress(element: &Element) -> Option<bool> {
    let style = element.attr("style").and_then(is_bold);
    style.or_else(|| matches!(element.name(), "strong" | "b" | "u").then_some(true))
}
