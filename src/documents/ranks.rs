//! Which of a web page's headings are sections, and which are headlines: that shows when they are seen together.

use super::around::names_the_story;
use super::pieces::{Kind as PieceKind, Piece};
use super::{Known, Rules, digest, tails};
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
    /// Whether known sections stand there as paragraphs, and as such that aren't set apart.
    paragraph_sections: bool,
    /// Whether headlines stand at the beginning of their summaries: more than one does, and no paragraph is all headline.
    pub(super) inline_headlines: bool,
    plain_sections: bool,
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
        let sections = pieces
            .iter()
            .filter(|piece| piece.kind == PieceKind::Paragraph && is_known(piece, rules));
        let plain_sections = sections.clone().any(is_plain);
        Ranks {
            paragraph_sections: sections.count() > 0,
            inline_headlines: pieces.iter().filter(|piece| is_led(piece)).nth(1).is_some()
                && !pieces.windows(2).any(|two| {
                    is_bold_headline(&two[0])
                        && !is_known(&two[0], rules)
                        && two[1].kind == PieceKind::Paragraph
                        && !is_led(&two[1])
                        && !is_bold_headline(&two[1])
                }),
            plain_sections,
            known,
            shallowest,
            nested,
            bold_headlines,
        }
    }

    /// Whether a paragraph is the heading of a section: what is set like a headline, or where known sections are plain
    /// what is short and plain, and stands over a headline and under none. In a row of such paragraphs only the first
    /// can be one.
    pub(super) fn is_section(
        &self,
        before: Option<&Piece>,
        piece: &Piece,
        after: Option<&Piece>,
    ) -> bool {
        let is_set = piece.is_stressed && is_bold_headline(piece);
        (is_set || self.plain_sections && is_plain(piece) && piece.kind == PieceKind::Paragraph)
            && digest::may_be_heading(&piece.text)
            && after.is_some_and(|after| {
                is_bold_headline(after) || is_set && after.kind == PieceKind::Item
            })
            && !before.is_some_and(is_bold_headline)
    }

    /// Whether the page has sections for certain.
    pub(super) fn has_sections(&self) -> bool {
        self.known.is_some() || self.paragraph_sections
    }

    /// Whether the page's headings aren't sections, since paragraphs are.
    pub(super) fn sections_are_paragraphs(&self) -> bool {
        self.paragraph_sections && self.known.is_none()
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

/// The shortest headline that a summary may begin with, in characters: a name is no headline.
const SHORTEST_LEAD: usize = 16;

/// Whether a paragraph begins with a headline: stressed or linked text, with more behind it than its mark.
pub(super) fn is_led(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && piece.lead.is_some_and(|end| {
            piece.text[..end].chars().count() >= SHORTEST_LEAD
                && piece.text[end..]
                    .chars()
                    .filter(|c| c.is_alphanumeric())
                    .count()
                    >= SHORTEST_LEAD
        })
}

fn is_plain(piece: &Piece) -> bool {
    !piece.is_stressed && piece.link.is_none()
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
        && tails::only_address(&piece.text).is_none()
        && !names_the_story(&text::fold(&piece.text))
}
