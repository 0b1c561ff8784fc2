//! What single pieces of a page are by their looks: a dateline, a link alone, a headline with its summary behind a colon.

use crate::dates;
use crate::dates::timestamps::Written;
use crate::html::boilerplate;
use crate::html::heading_roles::is_bold_headline;
use crate::html::outline::{Piece, PieceKind};
use crate::text::read_more;
use tidings_core::text;

/// Whether a heading stands over a list of what comes in its own document.
pub(super) fn leads_within(titled: &str, below: &[Piece]) -> bool {
    let entries = below
        .iter()
        .take_while(|piece| piece.kind == PieceKind::Item);
    text::fold_within(titled, read_more::LONGEST_FURNITURE)
        .is_some_and(|folded| boilerplate::is_contents(&folded))
        && entries
            .filter_map(|piece| piece.link.as_deref())
            .any(|link| link.starts_with('#'))
}

/// `- Headline of some words: and a sentence.`, with the headline as what leads.
pub(super) fn split_by_hand(piece: &Piece) -> Option<Piece> {
    if piece.lead.is_some_and(|end| end < piece.text.len()) || piece.link.is_some() {
        return None;
    }
    let (headline, summary) = piece.text.split_once(": ")?;
    let is_both = headline.split(' ').count() >= 3
        && !headline.contains(". ")
        && text::ends_sentence(summary);
    is_both.then(|| Piece {
        lead: Some(headline.len()),
        ..piece.clone()
    })
}

/// Whether it is no heading of any kind.
pub(super) fn is_text(piece: &Piece) -> bool {
    !matches!(piece.kind, PieceKind::Heading(_) | PieceKind::Rule) && !is_bold_headline(piece)
}

/// What a piece says of a date, if it says nothing else.
pub(super) struct DateOf {
    pub(super) date: Option<Written>,
    /// Whether it can be nothing but a date of an item's, wherever it stands.
    pub(super) is_told: bool,
}

/// A byline, or a date; a date and an outlet or an author. Programs are told what people read as `Nov 11`.
pub(super) fn dateline(piece: &Piece) -> Option<DateOf> {
    if let Some((date, written)) = &piece.time {
        let others = piece.text.replace(written.as_str(), " ");
        let others = text::fold(&others);
        // `<li><a>Headline</a> <time>` is a headline.
        let is_led = piece
            .lead
            .is_some_and(|end| !piece.text[..end].contains(written.as_str()));
        let is_alone =
            !is_led && others.len() <= LONGEST_BESIDE_DATE && !text::ends_sentence(&piece.text);
        return is_alone.then_some(DateOf {
            date: Some(date.clone()),
            is_told: true,
        });
    }
    if let Some(line) = dates::dateline_with_outlet(&piece.text) {
        return Some(DateOf {
            date: line.date,
            is_told: true,
        });
    }
    dates::dateline(&piece.text).map(|line| DateOf {
        date: line.date,
        is_told: false,
    })
}

/// What may stand beside a date on a line of its own: an outlet, an author, a count of comments. In bytes.
const LONGEST_BESIDE_DATE: usize = 40;

/// Where the headline of an entry or a paragraph ends, in bytes: where the text does that is set apart or leads on,
/// else its first sentence.
pub(super) fn headline_end(piece: &Piece) -> usize {
    let text = &piece.text;
    let is_words = |end: &usize| read_more::only_address(&text[..*end]).is_none();
    let lead = piece.lead.filter(|end| *end < text.len());
    match (lead, piece.begins.filter(is_words)) {
        // `**Saturday:** [Evening](…)`
        (Some(lead), Some(begins)) if text[..lead].trim_end().ends_with([':', '：']) => {
            begins.max(lead)
        }
        (Some(lead), _) if is_words(&lead) => lead,
        (_, Some(begins)) => begins,
        _ if piece.lead.is_some_and(|end| end == text.len()) => text.len(),
        _ => text::first_sentence(text),
    }
}

/// Whether a piece is a link and nothing else, whatever brackets and marks stand around it.
pub(super) fn is_only_a_link(piece: &Piece) -> bool {
    let is_around = || {
        let bare = |text: &'_ str| text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        let (text, link) = (
            &piece.text[..bare(&piece.text)],
            &piece.tail[..bare(&piece.tail)],
        );
        let before = text.strip_suffix(link);
        !link.is_empty() && before.is_some_and(|before| !before.contains(char::is_alphanumeric))
    };
    piece.is_linked || piece.links == 1 && is_around()
}

/// Whether an entry within another one is more than a word that leads to more of the same. Nobody stresses such a word.
pub(super) fn is_worded(piece: &Piece) -> bool {
    let alphanumeric = piece.text.chars().filter(|c| c.is_alphanumeric());
    piece.is_stressed
        || piece.text.contains(' ')
        || alphanumeric.count() >= 8
        || piece.text.contains(text::is_cjk)
}
