//! Links in headings that lead to no story: to the heading itself, to all of its section, back to the top.

use std::borrow::Cow;

use crate::html::labels::{is_name, leads_to_kind};
use crate::html::outline::Piece;
use crate::rules::Rules;

/// The pieces with headings that lead nowhere where their links do, and without what such links say beside the name of a
/// section that the configuration knows.
pub(super) fn without<'p>(pieces: &'p [Piece], rules: &Rules) -> Cow<'p, [Piece]> {
    let is_heading = |piece: &Piece| piece.is_heading() || piece.is_stressed;
    let mended = |at: usize| {
        let piece = &pieces[at];
        if piece.links == 0 || !is_heading(piece) {
            return None;
        }
        let next = pieces.get(at + 1);
        if piece.is_linked {
            let is_anchor = || {
                piece
                    .link
                    .as_deref()
                    .is_some_and(|link| link.starts_with('#'))
            };
            // The name of a kind of stories, over stories of it.
            let is_kind = || {
                is_name(&piece.text)
                    && leads_to_kind(piece.link.as_deref())
                    && next.is_some_and(|next| next.begins.is_some())
            };
            return (piece.is_heading() && (is_anchor() || is_kind())).then(|| piece.text.clone());
        }
        let tail = piece.tail.trim();
        let name = piece.text.trim_end_matches(|c: char| !c.is_alphanumeric());
        let tail = tail.trim_end_matches(|c: char| !c.is_alphanumeric());
        let name = name.strip_suffix(tail).filter(|_| !tail.is_empty())?;
        let name = name.trim_end_matches(|c: char| c.is_whitespace() || "([|·–—-→»".contains(c));
        rules.is_heading(name).then(|| name.to_owned())
    };
    let mended: Vec<(usize, String)> = (0..pieces.len())
        .filter_map(|at| Some((at, mended(at)?)))
        .collect();
    if mended.is_empty() {
        return Cow::Borrowed(pieces);
    }
    let mut pieces = pieces.to_vec();
    for (at, name) in mended {
        let piece = &mut pieces[at];
        piece.lead_nowhere();
        piece.lead = piece.lead.map(|_| name.len());
        piece.text = name;
    }
    Cow::Owned(pieces)
}
