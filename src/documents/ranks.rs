//! Which of a web page's headings are sections, and which are headlines: that shows when they are seen together.

use super::pieces::{Kind as PieceKind, Piece};
use super::{Known, Rules, tails};
use crate::text;

/// What a heading stands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Section,
    Headline,
    /// The page's own title, and headings over nothing.
    Nothing,
}

/// Which pieces are sections and which are headlines.
pub(super) struct Ranks {
    known: Option<u8>,
    shallowest: Option<u8>,
    nested: bool,
    bold_headlines: bool,
}

impl Ranks {
    pub(super) fn of(pieces: &[Piece], rules: &Rules) -> Ranks {
        let heading = |piece: &Piece| match piece.kind {
            PieceKind::Heading(level) => Some(level),
            _ => None,
        };
        let known = pieces
            .iter()
            .filter(|piece| is_known(piece, rules))
            .find_map(heading);
        let levels: Vec<u8> = pieces
            .iter()
            .filter_map(heading)
            .filter(|level| *level > 1)
            .collect();
        let shallowest = levels.iter().min().copied();
        // A heading right over a deeper one is a section's.
        let nested = pieces.windows(2).any(|two| {
            matches!((heading(&two[0]), heading(&two[1])), (Some(a), Some(b)) if a > 1 && a < b)
        });
        let bold_headlines = pieces.windows(2).any(|two| {
            heading(&two[0]).is_some_and(|level| level > 1) && is_bold_headline(&two[1])
        });
        Ranks {
            known,
            shallowest,
            nested,
            bold_headlines,
        }
    }

    pub(super) fn rank(&self, level: u8) -> Rank {
        match self.known {
            Some(known) if level == known => return Rank::Section,
            Some(known) if level > known => return Rank::Headline,
            Some(_) => return Rank::Nothing,
            None => {}
        }
        if level == 1 {
            return Rank::Nothing;
        }
        match self.shallowest {
            Some(shallowest) if level == shallowest && (self.nested || self.bold_headlines) => {
                Rank::Section
            }
            _ => Rank::Headline,
        }
    }
}

fn is_known(piece: &Piece, rules: &Rules) -> bool {
    rules.known(&text::fold(&piece.text)) == Some(Known::Heading)
}

/// Whether a paragraph is nothing but stressed or linked text that doesn't end a sentence.
pub(super) fn is_bold_headline(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && (piece.is_stressed || piece.is_linked)
        && !text::ends_sentence(&piece.text)
        && tails::strip(&piece.text).text == piece.text
}
