//! Which of a web page's headings are sections, and which are headlines: that shows when they are seen together.

use super::around::names_the_story;
use super::classify::without_marker;
use super::pieces::{Kind as PieceKind, Piece};
use super::reading::Origin;
use super::{Rules, digest, tails};
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
    /// Which piece is the page's title, where sections are of its level.
    own_title: Option<usize>,
    /// The level of the page's own title; 0 where it has none.
    title: u8,
    /// Whether the shallowest headings stand over others, or over other things that are headlines.
    has_sections_over_items: bool,
    /// Whether known sections stand there as paragraphs, and as such that aren't set apart.
    paragraph_sections: bool,
    /// Whether headlines stand at the beginning of their summaries: more than one does, and no paragraph is all headline.
    pub(super) inline_headlines: bool,
    plain_sections: bool,
    /// Whether known sections are set otherwise than everything else, so that headlines are set like their summaries.
    pub(super) plain_headlines: bool,
}

impl Ranks {
    pub(super) fn of(pieces: &[Piece], rules: &Rules, origin: Origin) -> Ranks {
        let heading = |piece: &Piece| match piece.kind {
            PieceKind::Heading(level) => Some(level),
            _ => None,
        };
        let known = pieces
            .iter()
            .filter(|piece| is_known(piece, rules))
            .find_map(heading);
        let levels = || pieces.iter().filter_map(heading);
        // The first level is the title's, unless a text has several of them; pages have the site's as well.
        let has_title = origin == Origin::Web || levels().filter(|level| *level == 1).count() < 2;
        let title = u8::from(has_title);
        let shallowest = levels().filter(|level| *level > title).min();
        // Where sections are of the first level, the first of all is the page's own title.
        let own_title = pieces
            .iter()
            .position(|piece| heading(piece) == Some(1))
            .filter(|at| known == Some(1) && !is_known(&pieces[*at], rules));
        // A heading right over a deeper one is a section's.
        let nested = pieces.windows(2).any(|two| {
            matches!((heading(&two[0]), heading(&two[1])), (Some(a), Some(b)) if a > title && a < b)
        });
        let is_over = |piece: &Piece| heading(piece).is_some_and(|level| Some(level) == shallowest);
        let bold_headlines = pieces
            .windows(2)
            .any(|two| is_over(&two[0]) && is_bold_headline(&two[1]));
        // So is one over a list of headlines, where most are.
        let over_lists = pieces
            .windows(2)
            .filter(|two| {
                is_over(&two[0]) && two[1].kind == PieceKind::Item && two[1].link.is_some()
            })
            .count();
        let listed = over_lists > 0
            && 2 * over_lists >= pieces.iter().filter(|piece| is_over(piece)).count();
        let sections = pieces
            .iter()
            .filter(|piece| piece.kind == PieceKind::Paragraph && is_known(piece, rules));
        let plain_sections = sections.clone().any(is_plain);
        let over = |two: &&[Piece]| two[0].kind == PieceKind::Paragraph && is_known(&two[0], rules);
        let mut firsts = pieces.windows(2).filter(over).peekable();
        let plain_headlines = firsts.peek().is_some()
            && firsts.all(|two| {
                two[0].is_stressed
                    && two[1].kind == PieceKind::Paragraph
                    && two[1].lead.is_none()
                    && !text::ends_sentence(&two[1].text)
            });
        Ranks {
            paragraph_sections: sections.count() > 0,
            inline_headlines: pieces.iter().filter(|piece| is_led(piece)).nth(1).is_some()
                && !pieces.windows(2).any(|two| {
                    is_bold_headline(&two[0])
                        && !is_known(&two[0], rules)
                        && two[1].kind == PieceKind::Paragraph
                        && !is_led(&two[1])
                        && !is_marked(&two[1])
                        && !is_bold_headline(&two[1])
                }),
            plain_sections,
            plain_headlines,
            known,
            shallowest,
            own_title,
            title,
            has_sections_over_items: nested || bold_headlines || listed,
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
        let is_headline = |after: &Piece| match after.kind {
            PieceKind::Item => is_set || after.lead.is_some(),
            PieceKind::Heading(level) => level > 1 && self.sections_are_paragraphs(),
            PieceKind::Paragraph => {
                is_bold_headline(after)
                    || self.inline_headlines && (is_led(after) || is_marked(after))
            }
        };
        (is_set || self.plain_sections && is_plain(piece) && piece.kind == PieceKind::Paragraph)
            && digest::may_be_heading(&piece.text)
            && after.is_some_and(is_headline)
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

    /// What the heading of a level is that is the piece at that place.
    pub(super) fn rank(&self, level: u8, at: usize) -> Rank {
        if self.own_title == Some(at) {
            return Rank::Nothing;
        }
        match self.known {
            Some(known) if level == known => return Rank::Section,
            Some(known) if level > known => return Rank::Headline,
            Some(_) => return Rank::Nothing,
            None => {}
        }
        if level <= self.title {
            return Rank::Nothing;
        }
        match self.shallowest {
            Some(shallowest) if level == shallowest && self.has_sections_over_items => {
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

/// Whether a paragraph begins with a shorter headline that is set apart by a mark: that is one where others are.
pub(super) fn is_marked(piece: &Piece) -> bool {
    let Some(end) = piece.lead else {
        return false;
    };
    let (lead, rest) = piece.text.split_at(end);
    let is_apart = lead.ends_with([':', '.', '–', '—'])
        || rest.trim_start().starts_with([':', '.', '–', '—', '-']);
    is_apart
        && lead.contains(' ')
        && rest.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_LEAD
}

/// Whether an item of a list is the heading of a list of headlines within it.
pub(super) fn is_over_a_list(piece: &Piece, next: Option<&Piece>) -> bool {
    let is_headline = |next: &Piece| {
        next.kind == PieceKind::Item
            && next.depth > piece.depth
            && next
                .lead
                .is_some_and(|end| !names_the_story(&text::fold(&next.text[..end])))
    };
    piece.kind == PieceKind::Item
        && piece.link.is_none()
        && (piece.is_stressed || piece.lead.is_none())
        && digest::may_be_heading(&piece.text)
        && next.is_some_and(is_headline)
}

fn is_plain(piece: &Piece) -> bool {
    !piece.is_stressed && piece.link.is_none()
}

fn is_known(piece: &Piece, rules: &Rules) -> bool {
    rules.is_heading(without_marker(&piece.text))
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
