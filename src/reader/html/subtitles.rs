//! What is set like a heading within a story: a subtitle right below its headline, and headings between its paragraphs.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::html::heading_roles::{has_own_text, is_bold_headline, is_linked_headline, is_sentence};
use crate::html::outline::{Piece, PieceKind};
use crate::rules::Rules;

/// The pieces with subtitles as text. One leads where its headline does, or it stands below every headline of its level.
pub(super) fn as_text<'p>(pieces: &'p [Piece], rules: &Rules) -> Cow<'p, [Piece]> {
    let level = |piece: &Piece| match piece.kind {
        PieceKind::Heading(level) => Some(level),
        _ => None,
    };
    let heads: Vec<usize> = (0..pieces.len())
        .filter(|at| pieces[*at].is_heading())
        .collect();
    let mut own = Vec::new();
    let mut below: Vec<(u8, usize)> = Vec::new();
    // How many headlines of each level have one, and whether another has none, or more below it.
    let (mut counts, mut others) = ([0_u32; 8], [false; 8]);
    for (place, at) in heads.iter().enumerate() {
        let title = &pieces[*at];
        let Some(of) = level(title) else { continue };
        let next = heads.get(place + 1);
        let next = next.filter(|next| **next == *at + 1).copied();
        let next = next.filter(|next| level(&pieces[*next]) > Some(of));
        let behind = heads
            .get(place + 2)
            .and_then(|behind| level(&pieces[*behind]));
        let is_only = behind.is_none_or(|behind| behind <= of);
        let is_headline = title.is_linked && !rules.is_heading(&title.text);
        match next.filter(|_| is_headline && is_only) {
            Some(next) if pieces[next].is_linked && pieces[next].link == title.link => {
                own.push(next);
            }
            Some(next) if pieces[next].links == 0 => {
                below.push((of, next));
                if let Some(count) = counts.get_mut(usize::from(of)) {
                    *count += 1;
                }
            }
            _ => {
                if let Some(other) = others.get_mut(usize::from(of)) {
                    *other = true;
                }
            }
        }
    }
    let all = below.iter().filter(|(of, _)| {
        let of = usize::from(*of);
        counts.get(of).is_some_and(|count| *count > 1) && others.get(of) == Some(&false)
    });
    own.extend(all.map(|(_, at)| *at));
    if own.is_empty() {
        return Cow::Borrowed(pieces);
    }
    let mut pieces = pieces.to_vec();
    for at in own {
        let piece = &mut pieces[at];
        piece.kind = PieceKind::Paragraph;
        piece.is_stressed = false;
        piece.lead_nowhere();
    }
    Cow::Owned(pieces)
}

/// The pieces with the headings and bold lines between the paragraphs of a story as text. A story's headline leads to it and
/// has its text right below, and it isn't the only one; below others only what ends in a colon is known to be of their text,
/// and what more than one of them have.
pub(super) fn inner_as_text<'p>(pieces: &'p [Piece], rules: &Rules) -> Cow<'p, [Piece]> {
    let level = |piece: &Piece| match piece.kind {
        PieceKind::Heading(level) => Some(level),
        _ => None,
    };
    let is_line = |piece: &Piece| piece.is_stressed && is_bold_headline(piece) && piece.links == 0;
    let is_inner = |at: usize| {
        let piece = &pieces[at];
        (is_line(piece) || piece.is_heading() && piece.links == 0)
            && !rules.is_heading(piece.text.trim_end_matches([':', '：', ' ']))
            && pieces.get(at + 1).is_some_and(is_sentence)
    };
    let mut times: HashMap<&str, u32> = HashMap::new();
    for piece in pieces.iter().filter(|piece| is_line(piece)) {
        *times.entry(piece.text.as_str()).or_default() += 1;
    }
    let stories: Vec<usize> = (0..pieces.len())
        .filter(|at| pieces[*at].is_heading() && !rules.is_heading(&pieces[*at].text))
        .filter(|at| has_own_text(pieces, *at))
        .collect();
    let leads = |at: usize| is_linked_headline(&pieces[at]);
    let mut inner = Vec::new();
    for (place, at) in stories.iter().copied().enumerate() {
        let of = level(&pieces[at]);
        let is_other =
            |other: &usize| *other != at && level(&pieces[*other]) == of && leads(*other);
        // It is enough to look at those around it.
        let around = stories[place.saturating_sub(4)..].iter().take(9);
        let is_told = leads(at) && around.clone().any(is_other);
        let below = pieces[at + 1..].iter().take_while(|piece| {
            piece.kind != PieceKind::Rule && level(piece).is_none_or(|level| Some(level) > of)
        });
        let below = (at + 1)..(at + 1 + below.count());
        for line in below {
            let piece = &pieces[line];
            let is_label = || {
                piece.text.ends_with([':', '：'])
                    || times
                        .get(piece.text.as_str())
                        .is_some_and(|times| *times > 1)
            };
            if is_inner(line) && (is_told || !piece.is_heading() && is_label()) {
                inner.push(line);
            }
            // What leads to another story ends it.
            if leads(line) {
                break;
            }
        }
    }
    if inner.is_empty() {
        return Cow::Borrowed(pieces);
    }
    let mut pieces = pieces.to_vec();
    for at in inner {
        let piece = &mut pieces[at];
        (piece.kind, piece.is_stressed, piece.lead) = (PieceKind::Paragraph, false, None);
    }
    Cow::Owned(pieces)
}
