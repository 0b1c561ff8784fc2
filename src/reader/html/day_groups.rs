//! Pages that are grouped by day: a day stands over the headlines of each.

use std::borrow::Cow;

use crate::dates;
use crate::dates::timestamps::Written;
use crate::html::heading_roles::{is_led_headline, is_linked_entry};
use crate::html::outline::{Piece, PieceKind};

/// The pieces without the days that head groups of headlines, each headline with its day. Such a page begins with a day and
/// ends with headlines; where the first headline stands in front of the first day, days are said behind what they date.
pub(super) fn dated(pieces: &[Piece]) -> Cow<'_, [Piece]> {
    let days: Vec<(usize, Written)> = (0..pieces.len())
        .filter_map(|at| Some((at, day(&pieces[at])?)))
        .collect();
    let (Some((first, one)), Some((_, other))) = (days.first(), days.last()) else {
        return Cow::Borrowed(pieces);
    };
    let kind = pieces[*first].kind;
    let is_headline = |piece: &Piece| is_headline(piece, kind);
    // A date of a single entry may stand behind its headline, and a page's own above all of them.
    let heads = |at: usize| pieces.get(at + 1).is_some_and(is_headline);
    let is_grouped = one != other
        && days
            .iter()
            .all(|(at, _)| pieces[*at].kind == kind && heads(*at))
        && !pieces[..*first].iter().any(is_headline);
    if !is_grouped {
        return Cow::Borrowed(pieces);
    }
    let mut days = days.into_iter().peekable();
    let mut day = None;
    let mut dated = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        if let Some((_, next)) = days.next_if(|(day, _)| *day == at) {
            day = Some(next);
            continue;
        }
        let mut piece = piece.clone();
        if is_headline(&piece) && piece.own_date.is_none() {
            piece.own_date.clone_from(&day);
        }
        dated.push(piece);
    }
    Cow::Owned(dated)
}

/// The day that a piece is, if it is nothing else and belongs to no entry.
fn day(piece: &Piece) -> Option<Written> {
    if piece.goes_on || piece.is_given || piece.card != 0 || piece.links > 0 {
        return None;
    }
    match &piece.time {
        Some((date, written)) => (*written == piece.text).then(|| date.clone()),
        None => dates::alone(&piece.text).map(Written::on),
    }
}

/// Whether a piece is a headline under a day of that kind: it leads somewhere, or is a deeper heading than the day.
fn is_headline(piece: &Piece, day: PieceKind) -> bool {
    match (piece.kind, day) {
        (PieceKind::Heading(level), PieceKind::Heading(over)) => level > over,
        (PieceKind::Heading(_), _) => piece.is_linked,
        (PieceKind::Item, _) => is_linked_entry(piece),
        (PieceKind::Paragraph, _) => {
            piece.begins.is_some() && is_led_headline(piece) || piece.is_linked
        }
        (PieceKind::Rule, _) => false,
    }
}
