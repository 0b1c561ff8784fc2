//! What the elements of a page say of labels: which are called so, and what stands above the headline of its own entry.

use std::collections::VecDeque;

use scraper::ElementRef;
use scraper::node::Element;

use crate::html::heading_roles::is_bold_headline;
use crate::html::labels::{is_dated_name, is_name, is_named_link};
use crate::html::lengths::Lengths;
use crate::html::outline::{Piece, PieceKind};
use crate::html::shapes::dateline;
use crate::html::tags::level;
use crate::lexicon::bylines;
use crate::limits::steps;
use crate::pictures;

/// The longest text of an element that is a label, or several, in bytes.
const LONGEST_LABELS: usize = 200;

/// The most pieces of an entry that is looked at.
const MOST_PIECES: usize = 40;

/// Whether an element is called a label, and is as short as one. What has a heading of its own is a story, whatever its class
/// says of its kind.
pub(super) fn is_label(element: ElementRef<'_>, lengths: &Lengths) -> bool {
    is_called(element.value())
        && lengths.of(element).trimmed <= LONGEST_LABELS
        && !has_heading(element)
}

fn has_heading(element: ElementRef<'_>) -> bool {
    let mut nodes = 0;
    let within = element.descendants().take(LONGEST_LABELS);
    let found = within.inspect(|_| nodes += 1).any(|node| {
        let element = node.value().as_element();
        element.is_some_and(|element| level(element.name()).is_some())
    });
    steps::spend(nodes);
    found
}

/// Whether an element is called a label: of who wrote a story, of what kind it is, where it appeared.
fn is_called(element: &Element) -> bool {
    if matches!(
        element.name(),
        "body" | "html" | "main" | "article" | "section" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
    ) || is_post(element)
    {
        return false;
    }
    let has = |name: &str, words: &[&str]| {
        let told = element.attr(name).unwrap_or_default();
        told.split_ascii_whitespace()
            .any(|word| words.iter().any(|one| word.eq_ignore_ascii_case(one)))
    };
    has("rel", &["author", "tag", "category"])
        || has("itemprop", &["author", "publisher", "articleSection"])
        || is_named(element, bylines::NAMES)
}

/// Whether an element is a whole post, which WordPress gives classes after its author, its categories and its tags
/// (<https://developer.wordpress.org/reference/functions/post_class/>).
fn is_post(element: &Element) -> bool {
    element
        .classes()
        .any(|class| matches!(class, "post" | "hentry") || class.starts_with("type-"))
}

/// Whether an element is an entry by its name.
pub(super) fn is_entry(element: &Element) -> bool {
    element.name() == "article"
        || matches!(element.name(), "div" | "section" | "td" | "li")
            && is_named(element, bylines::ENTRIES)
            && !is_named(element, bylines::AROUND_ENTRIES)
}

/// Whether one of an element's classes has such a word in it.
fn is_named(element: &Element, words: &[&str]) -> bool {
    element.classes().any(|class| {
        class
            .split(['-', '_'])
            .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
    })
}

/// An element that hasn't ended.
struct Open {
    /// How many pieces there were where it began.
    pieces: usize,
    /// How many links without words.
    bare: usize,
    is_called: bool,
    is_entry: bool,
}

/// The elements of a page as it is walked through.
#[derive(Default)]
pub(super) struct Labelled {
    /// Those around what is at hand.
    open: Vec<Open>,
    /// How many of them are called labels.
    called: u32,
    /// Where the last links without words lead that aren't known to belong to an entry.
    bare: VecDeque<String>,
    /// How many such links there were before those.
    bare_before: usize,
    /// Whether the piece at hand has text in such an element, and text that isn't.
    has_called: bool,
    has_other: bool,
}

impl Labelled {
    /// An element begins behind so many pieces.
    pub(super) fn enter(&mut self, pieces: usize, is_called: bool, is_entry: bool) {
        self.called += u32::from(is_called);
        self.open.push(Open {
            pieces,
            bare: self.bare_before + self.bare.len(),
            is_called,
            is_entry,
        });
    }

    /// A link without words: a picture, or something that covers a whole card.
    pub(super) fn bare_link(&mut self, address: &str) {
        /// Those that wait for the end of their entry.
        const MOST: usize = 50;
        if is_within_or_picture(address) {
            return;
        }
        if self.bare.len() == MOST {
            self.bare.pop_front();
            self.bare_before += 1;
        }
        self.bare.push_back(address.to_owned());
    }

    /// Text of the piece at hand.
    pub(super) fn text(&mut self, text: &str) {
        if text.contains(char::is_alphanumeric) {
            self.has_called |= self.called > 0;
            self.has_other |= self.called == 0;
        }
    }

    /// Ends the piece at hand: whether all of it is called a label.
    pub(super) fn take(&mut self) -> bool {
        let has_other = std::mem::take(&mut self.has_other);
        std::mem::take(&mut self.has_called) && !has_other
    }

    /// An element ends: if it is an entry, what stands above its headline belongs to that.
    pub(super) fn leave(&mut self, pieces: &mut [Piece]) {
        let Some(open) = self.open.pop() else {
            return;
        };
        self.called -= u32::from(open.is_called);
        let within = pieces.get_mut(open.pieces..).unwrap_or_default();
        if !open.is_entry || within.is_empty() {
            return;
        }
        let first = open.bare.saturating_sub(self.bare_before);
        let bare = self.bare.split_off(first.min(self.bare.len()));
        if within.len() > MOST_PIECES {
            return;
        }
        steps::spend(within.len());
        let Some(title) = title_of(within) else {
            return;
        };
        if let Some(address) = bare.front()
            && bare.iter().all(|other| other == address)
        {
            within[title].lead_to(address);
        }
        let above = &mut within[..title];
        if above.iter().all(may_stand_above) {
            for piece in above {
                piece.is_above = true;
            }
        }
    }
}

/// Whether an address is on its own page, or a picture's: no story's.
fn is_within_or_picture(address: &str) -> bool {
    address.starts_with('#')
        || pictures::ends_like(address, "svg")
        || pictures::ends_like_one(address)
}

/// The only headline of an entry.
fn title_of(entry: &[Piece]) -> Option<usize> {
    let only = |is_title: &dyn Fn(&Piece) -> bool| {
        let mut titles = (0..entry.len()).filter(|at| is_title(&entry[*at]));
        titles.next().map(|first| (first, titles.next().is_some()))
    };
    let headings = only(&Piece::is_heading);
    let lines = || only(&|piece| piece.is_stressed && is_bold_headline(piece));
    match headings.or_else(lines) {
        Some((title, false)) => Some(title),
        _ => None,
    }
}

/// Whether a piece may be a label above a headline.
fn may_stand_above(piece: &Piece) -> bool {
    let is_text = !matches!(piece.kind, PieceKind::Heading(_) | PieceKind::Rule);
    is_text
        && !piece.is_quoted
        && !piece.is_stressed
        && (piece.is_called
            || dateline(piece).is_some()
            || is_dated_name(piece)
            || is_named_link(piece)
            || is_name(&piece.text))
}
