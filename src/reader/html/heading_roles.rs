//! Long, for all that tells a section from a headline stands here.
//!
//! Which of a page's headings are sections, and which are headlines: that shows when they are seen together with what
//! stands under them.

use std::borrow::Cow;
use std::collections::HashSet;

use url::Url;

use crate::dates;
use crate::html::boilerplate::{asks_readers, is_pager, names_the_outlet, names_the_story};
use crate::html::outline::{Piece, PieceKind, is_number, is_worded};
use crate::rules::Rules;
use crate::text::numbering;
use crate::text::numbering::{number_length, without_marker};
use crate::text::read_more;
use tidings_core::text;

/// Where the pieces come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A web page: menus, advertisements and what else a publishing system writes stand among them.
    Web,
    /// A text that somebody has written as it is.
    Hand,
}

/// What a heading stands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    Section,
    Headline,
    /// The page's own title, and headings over nothing.
    Nothing,
}

/// What stands under a heading, as far as the next one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Under {
    /// Whether anything does.
    any: bool,
    /// Whether it is a deeper heading.
    deeper: bool,
    /// Lines that are set like headlines.
    lines: u32,
    /// Entries and rows that begin or end with a link.
    linked_entries: u32,
    entries: u32,
    /// Those within no other one, and those of them that hold a link and begin with a headline that is set apart.
    top_entries: u32,
    led_entries: u32,
    /// Paragraphs that hold a link, those that begin or end with it, and those that begin with it.
    holding: u32,
    at_an_end: u32,
    led: u32,
    /// Paragraphs and entries that are items by a link to a story of their own, which only says that it leads there.
    told: u32,
    told_entries: u32,
    /// Headlines over a paragraph that ends in such a link.
    told_pairs: u32,
    /// Paragraphs that hold no link.
    linkless: u32,
    /// Headlines that only empty lines tell apart.
    apart: u32,
    /// Whether the last of it is nothing but a link.
    ends_linked: bool,
    /// Whether the first of it is a paragraph that leads to a story, and those that do.
    begins_with_story: bool,
    stories: u32,
}

impl Under {
    /// What one piece is to the heading above it.
    fn of(piece: &Piece, next: Option<&Piece>) -> Under {
        let mut one = Under {
            any: true,
            ..Under::default()
        };
        match piece.kind {
            PieceKind::Item if !piece.goes_on => {
                one.entries = 1;
                let is_linked = is_linked_entry(piece);
                one.linked_entries = u32::from(is_linked);
                one.top_entries = u32::from(piece.depth <= 1);
                let is_led = !is_linked && piece.links > 0 && piece.depth <= 1 && has_lead(piece);
                one.led_entries = u32::from(is_led);
            }
            PieceKind::Paragraph if holds_an_item(piece) => {
                one.holding = 1;
                let has_end = || read_more::before_address(&piece.text).is_some();
                one.at_an_end =
                    u32::from(piece.begins.is_some() || !piece.tail.is_empty() || has_end());
                one.led = u32::from(piece.begins.is_some());
                // `1、[Headline](…)` is an entry of a list that has no marks.
                let is_numbered = piece.begins.is_some() && number_length(&piece.text) > 0;
                one.linked_entries = u32::from(is_numbered);
                one.ends_linked = piece.is_linked && piece.begins.is_some();
                one.begins_with_story = is_led_headline(piece) || leads_to_story(piece);
                one.stories = u32::from(one.begins_with_story);
            }
            PieceKind::Paragraph => {
                one.linkless = 1;
                let is_over = |next: &Piece| {
                    next.kind == PieceKind::Paragraph
                        && next.blanks == 1
                        && read_more::ends_sentence(&next.text)
                };
                let is_apart = piece.blanks >= 2
                    && piece.links == 0
                    && !text::ends_sentence(&piece.text)
                    && next.is_some_and(is_over);
                one.apart = u32::from(is_apart);
            }
            _ => {}
        }
        one
    }

    /// Counts one piece more; they are counted from the last to the first.
    fn add(&mut self, one: &Under) {
        self.ends_linked |= !self.any && one.ends_linked;
        self.begins_with_story = one.begins_with_story;
        self.stories += one.stories;
        self.any |= one.any;
        self.lines += one.lines;
        self.linked_entries += one.linked_entries;
        self.entries += one.entries;
        self.top_entries += one.top_entries;
        self.led_entries += one.led_entries;
        self.holding += one.holding;
        self.at_an_end += one.at_an_end;
        self.led += one.led;
        self.told += one.told;
        self.told_entries += one.told_entries;
        self.told_pairs += one.told_pairs;
        self.linkless += one.linkless;
        self.apart += one.apart;
    }

    /// Whether paragraphs that hold a link are items here. One that is only a link, and the last, is a headline's.
    pub(crate) fn paragraphs(&self) -> bool {
        let to_the_story = self.ends_linked && self.led == 1;
        self.holding - u32::from(to_the_story) >= 2
    }

    /// The same where each headline's text may hold some: they have to begin or end with it.
    fn paragraphs_at_ends(&self) -> bool {
        self.paragraphs() && self.at_an_end >= 2
    }

    /// Whether paragraphs are items here by links that only say that they lead to a story: a headline's text has one.
    fn tells(&self) -> bool {
        let told = self.told + self.told_pairs;
        told >= 2 && 2 * self.told + 3 * self.told_pairs >= self.linkless
    }

    /// Whether there is such a paragraph at all.
    pub(crate) fn has_told(&self) -> bool {
        self.told > 0
    }

    /// Whether headlines that nothing sets apart are told by the links of their text.
    pub(crate) fn has_told_pairs(&self) -> bool {
        self.told_pairs > 0 && self.tells()
    }

    /// The same of entries: those of a headline's text have one at most, or others are more.
    pub(crate) fn tells_entries(&self) -> bool {
        self.told_entries >= 2 && 2 * self.told_entries >= self.top_entries
    }

    /// Whether most entries here begin with a headline of their own; under a heading of a known section one alone may be
    /// a headline's text.
    fn leads_entries(&self, in_known: bool) -> bool {
        let fewest = if in_known { 2 } else { 1 };
        self.led_entries >= fewest && 2 * self.led_entries >= self.top_entries
    }

    /// Whether what stands here is paragraphs that begin with a link each, most of them.
    fn is_led(&self) -> bool {
        self.led > 0 && self.led == self.holding && self.led >= self.linkless
    }

    /// The same, of nothing but paragraphs as far as the next heading.
    fn is_paragraphs_led(&self) -> bool {
        self.lines == 0 && self.entries == 0 && self.is_led()
    }

    /// Whether what stands here is items beyond doubt.
    fn is_over_items(&self) -> bool {
        self.deeper
            || self.lines > 0
            || self.linked_entries > 0
            || self.paragraphs_at_ends()
            || self.tells()
            || self.tells_entries()
    }

    /// Whether entries stand here that begin or end with a link.
    pub(crate) fn has_linked_entries(&self) -> bool {
        self.linked_entries > 0
    }

    /// Whether empty lines alone tell headlines from their text here.
    pub(crate) fn is_apart(&self) -> bool {
        self.apart >= 2
    }

    /// Whether nothing but paragraphs stands here.
    fn is_paragraphs(&self) -> bool {
        !self.deeper && self.lines == 0 && self.entries == 0
    }

    /// Whether nothing but paragraphs stands here, the first of which leads to the only story.
    fn is_one_story(&self) -> bool {
        self.is_paragraphs() && self.begins_with_story && self.stories == 1 && self.holding == 1
    }

    /// Whether nothing but paragraphs stands here, the first of which leads to one of several stories.
    fn is_stories(&self) -> bool {
        self.is_paragraphs() && self.begins_with_story && self.led >= 2
    }

    /// Whether no more stands here than one paragraph, which holds a link.
    fn is_one(&self) -> bool {
        self.is_paragraphs() && self.holding == 1 && self.linkless == 0
    }

    /// Whether nothing stands here but paragraphs, none of which is set as an item.
    pub(crate) fn is_all_plain(&self) -> bool {
        self.is_paragraphs() && self.is_plain()
    }

    /// Whether nothing here is set as an item.
    pub(crate) fn is_plain(&self) -> bool {
        self.lines == 0 && self.linked_entries == 0 && !self.paragraphs() && !self.tells()
    }
}

/// Which pieces are sections and which are headlines.
pub(crate) struct Ranks {
    origin: Origin,
    /// What stands under each piece that is a heading.
    under: Vec<Under>,
    /// Whether nobody would miss each piece.
    dropped: Vec<bool>,
    /// What stands before the first heading.
    first: Under,
    /// Whether there are headings that hold something, the title aside.
    pub(crate) has_headings: bool,
    known: Option<u8>,
    shallowest: Option<u8>,
    /// Whether each piece is the page's own title, where other headings are of its level.
    own_title: Vec<bool>,
    /// The level of the page's own title; 0 where it has none.
    title: u8,
    /// Whether the shallowest headings stand over others, or over other things that are headlines.
    has_sections_over_items: bool,
    /// Whether known sections stand there as paragraphs, and as such that aren't set apart.
    paragraph_sections: bool,
    /// Whether headlines stand at the beginning of their summaries: more than one does, and no paragraph is all headline.
    pub(crate) inline_headlines: bool,
    /// Whether lines that are set like headlines stand over paragraphs that begin with a link each.
    lines_over_led: bool,
    /// Whether paragraphs are items anywhere by links that only say that they lead to a story.
    pub(crate) tells: bool,
    /// Whether some headings stand over nothing but paragraphs that hold a link each, several of them.
    has_paragraphs: bool,
    /// Whether a section may have a single paragraph with a link as its only item: its page has other items, or all its
    /// sections are such.
    may_be_alone: bool,
    /// Whether paragraphs that begin with a link stand behind lines across the page as they do in front of those.
    leads_behind_rules: bool,
    /// Whether some heading stands over several stories that are paragraphs: one over a single story is a section as well.
    has_stories: bool,
    plain_sections: bool,
    /// Whether each piece is a headline that leads to its story and has its text right below, as others of its level have.
    is_story: Vec<bool>,
    /// Where the last known section begins.
    pub(crate) last_known: Option<usize>,
    /// Whether known sections are set otherwise than everything else, so that headlines are set like their summaries.
    pub(crate) plain_headlines: bool,
}

fn level_of(piece: &Piece) -> Option<u8> {
    match piece.kind {
        PieceKind::Heading(level) => Some(level),
        _ => None,
    }
}

impl Ranks {
    pub(crate) fn of(
        pieces: &[Piece],
        rules: &Rules,
        origin: Origin,
        called: Option<&str>,
        base: Option<&str>,
    ) -> Ranks {
        let is_known: Vec<bool> = pieces.iter().map(|piece| is_known(piece, rules)).collect();
        let known = pieces
            .iter()
            .zip(&is_known)
            .filter(|(_, known)| **known)
            .find_map(|(piece, _)| level_of(piece));
        let dropped: Vec<bool> = pieces
            .iter()
            .map(|piece| is_dropped(piece) || origin == Origin::Web && turns_pages(piece))
            .collect();
        let (under, first) = under(pieces, &is_known, &dropped);
        let heads =
            || (0..pieces.len()).filter(|at| is_known[*at] || level_of(&pieces[*at]).is_some());
        let has_paragraphs = heads().any(|at| under[at].is_paragraphs() && under[at].paragraphs());
        let is_over_text = |at: usize| under[at].linkless > 0 && under[at].holding == 0;
        let may_be_alone = first.is_over_items()
            || heads().any(|at| under[at].is_over_items())
            || !heads().any(|at| under[at].is_paragraphs() && is_over_text(at));
        let behind_rules = (0..pieces.len())
            .filter(|at| pieces[*at].kind == PieceKind::Rule && under[*at].is_led())
            .map(|at| under[at].led);
        let leads_behind_rules = behind_rules.sum::<u32>() >= 2
            && (first.is_led() || heads().any(|at| under[at].is_led()));
        let holds = |at: usize| under[at].any || under[at].deeper;
        let own_title = own_titles(pieces, &is_known, &under, origin, called, base);
        // The first level is the title's, unless several of them stand over something. Whoever writes by hand says so by
        // two; pages have the site's as well, and what stands around their text.
        let of_first = || (0..pieces.len()).filter(|at| level_of(&pieces[*at]) == Some(1));
        // Headlines alone are such as well, where there are several.
        let leads = |at: &usize| {
            let piece = &pieces[*at];
            is_linked_headline(piece) && leads_away(piece, base) && !own_title[*at]
        };
        let has_linked = of_first().filter(leads).nth(1).is_some();
        let firsts = of_first().filter(|at| {
            let stands = || holds(*at) || has_linked && leads(at);
            origin == Origin::Hand || stands() && !own_title[*at]
        });
        let title = u8::from(firsts.count() < 2);
        let levels = || pieces.iter().filter_map(level_of);
        // Below stories and sections of the first level there may be more of them.
        let below = levels()
            .filter(|level| *level > 1 && origin == Origin::Web)
            .min();
        let shallowest = below.or_else(|| levels().filter(|level| *level > title).min());
        // A heading right over a deeper one is a section's.
        let nested = pieces.windows(2).any(|two| {
            matches!((level_of(&two[0]), level_of(&two[1])), (Some(a), Some(b)) if a > title && a < b)
        });
        let is_over = |piece: &Piece| shallowest.is_some() && level_of(piece) == shallowest;
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
        let sections = || {
            let pieces = pieces.iter().zip(&is_known);
            pieces.filter(|(piece, known)| **known && piece.kind == PieceKind::Paragraph)
        };
        let plain_sections = sections().any(|(piece, _)| is_plain(piece));
        let mut firsts = pieces
            .windows(2)
            .zip(&is_known)
            .filter(|(two, known)| **known && two[0].kind == PieceKind::Paragraph)
            .peekable();
        let plain_headlines = firsts.peek().is_some()
            && firsts.all(|(two, _)| {
                two[0].is_stressed
                    && two[1].kind == PieceKind::Paragraph
                    && two[1].lead.is_none()
                    && !text::ends_sentence(&two[1].text)
            });
        let lines_over_led = pieces.iter().zip(&under).any(|(piece, under)| {
            is_line(piece) && under.is_led() && under.led >= 2 && !under.ends_linked
        });
        let has_stories = heads().any(|at| under[at].is_stories());
        let leads_to_text = |at: usize| {
            level_of(&pieces[at]).is_some()
                && !is_known[at]
                && is_linked_headline(&pieces[at])
                && has_own_text(pieces, at)
        };
        let mut is_story: Vec<bool> = (0..pieces.len()).map(leads_to_text).collect();
        let stories = (0..pieces.len()).filter(|at| is_story[*at]);
        let stories: Vec<Option<u8>> = stories.map(|at| level_of(&pieces[at])).collect();
        let are_several =
            |level: Option<u8>| stories.iter().filter(|of| **of == level).nth(1).is_some();
        let several: Vec<Option<u8>> = (1..=6).map(Some).filter(|it| are_several(*it)).collect();
        for (at, is_story) in is_story.iter_mut().enumerate() {
            *is_story &= several.contains(&level_of(&pieces[at]));
        }
        let tells = first.tells() || under.iter().any(Under::tells);
        Ranks {
            origin,
            has_headings: pieces.iter().enumerate().any(|(at, piece)| {
                level_of(piece).is_some_and(|level| level > title) && holds(at) && !own_title[at]
            }),
            under,
            dropped,
            first,
            paragraph_sections: sections().next().is_some(),
            inline_headlines: pieces.iter().filter(|piece| is_led(piece)).nth(1).is_some()
                && !pieces.windows(2).zip(&is_known).any(|(two, known)| {
                    !known
                        && is_bold_headline(&two[0])
                        && two[1].kind == PieceKind::Paragraph
                        && !is_led(&two[1])
                        && !is_marked(&two[1])
                        && !is_bold_headline(&two[1])
                }),
            lines_over_led,
            tells,
            has_paragraphs,
            may_be_alone,
            leads_behind_rules,
            has_stories,
            plain_sections,
            is_story,
            last_known: is_known.iter().rposition(|known| *known),
            plain_headlines,
            known,
            shallowest,
            own_title,
            title,
            has_sections_over_items: nested || bold_headlines || listed,
        }
    }

    /// What stands under the piece at a place, if it is a heading; under none at all without a place.
    pub(crate) fn under(&self, at: Option<usize>) -> Under {
        at.map_or(self.first, |at| self.under[at])
    }

    /// Whether the piece at a place is the page's own title.
    pub(crate) fn is_own_title(&self, at: usize) -> bool {
        self.own_title[at]
    }

    /// Whether nobody would miss the piece at a place.
    pub(crate) fn drops(&self, at: usize) -> bool {
        self.dropped[at]
    }

    /// Whether a paragraph is the heading of a section: what is set like a headline, or where known sections are plain
    /// what is short and plain, and stands over a headline and under none. In a row of such paragraphs only the first
    /// can be one.
    pub(crate) fn is_section(
        &self,
        before: Option<&Piece>,
        piece: &Piece,
        after: Option<&Piece>,
    ) -> bool {
        let is_set = piece.is_stressed && is_bold_headline(piece);
        let is_headline = |after: &Piece| match after.kind {
            PieceKind::Item => is_set || after.lead.is_some(),
            PieceKind::Heading(level) => level > 1 && self.sections_are_paragraphs(),
            // Of headlines in a row that lead to their stories, none stands over the others.
            PieceKind::Paragraph if is_row(piece, after) => false,
            PieceKind::Paragraph => {
                is_bold_headline(after)
                    || self.inline_headlines && (is_led(after) || is_marked(after))
            }
            PieceKind::Rule => false,
        };
        (is_set && !is_counted(piece)
            || self.plain_sections && is_plain(piece) && piece.kind == PieceKind::Paragraph)
            && numbering::may_be_heading(&piece.text)
            && after.is_some_and(is_headline)
            && !before.is_some_and(is_bold_headline)
    }

    /// Whether a line that is set like a headline is a section's, by what stands under it.
    pub(crate) fn is_over_items(&self, piece: &Piece, at: usize) -> bool {
        let under = &self.under[at];
        is_line(piece)
            && !is_counted(piece)
            && (under.has_linked_entries()
                || self.lines_over_led && under.is_led() && numbering::may_be_heading(&piece.text))
    }

    /// Whether paragraphs that begin with a link each are items, as they are under other such lines.
    pub(crate) fn leads_paragraphs(&self, under: &Under) -> bool {
        self.lines_over_led && under.is_led()
    }

    /// Whether a paragraph that begins with a link is an item by itself: what stands first under the heading of a section
    /// that holds nothing but paragraphs, or beside others that do.
    pub(crate) fn leads_alone(&self, under: &Under, before: Option<&Piece>) -> bool {
        let is_first = before.is_some_and(|before| level_of(before).is_some());
        self.may_be_alone && under.is_paragraphs() && (is_first || under.is_led())
    }

    /// Whether a paragraph that holds a link is an item as the only one of its section, as several are in others.
    pub(crate) fn holds_alone(&self, under: &Under) -> bool {
        self.has_paragraphs && under.is_one()
    }

    /// Whether paragraphs that begin with a link are items where no heading holds them: in front of the first one, or
    /// behind a line across the page.
    pub(crate) fn leads_outside(&self, under: &Under, is_behind: bool) -> bool {
        under.is_paragraphs_led() && (under.led >= 2 || is_behind && self.leads_behind_rules)
    }

    /// Whether the page has sections for certain.
    pub(crate) fn has_sections(&self) -> bool {
        self.known.is_some() || self.paragraph_sections
    }

    /// Whether the page's headings aren't sections, since paragraphs are.
    pub(crate) fn sections_are_paragraphs(&self) -> bool {
        self.paragraph_sections && self.known.is_none()
    }

    /// What the heading of a level is that is the piece at that place; whether the configuration knows a heading that
    /// it stands under.
    pub(crate) fn rank(&self, piece: &Piece, level: u8, at: usize, in_known: bool) -> Rank {
        if self.own_title[at] {
            return Rank::Nothing;
        }
        let under = &self.under[at];
        let holds = |rank: Rank| {
            let is_alone =
                !under.any && !under.deeper && piece.link.is_none() && piece.own_date.is_none();
            if is_alone { Rank::Nothing } else { rank }
        };
        // A headline's text holds links as well, most of all on the web, and where its section is known.
        let paragraphs = || {
            let is_careful = in_known || self.origin == Origin::Web;
            !piece.is_linked
                && if is_careful {
                    under.paragraphs_at_ends()
                } else {
                    under.paragraphs()
                }
        };
        let is_over_items = || {
            under.deeper
                || under.lines > 0
                || under.linked_entries > 0
                || under.tells()
                || under.tells_entries()
                || under.is_apart()
                || self.origin == Origin::Hand && under.leads_entries(in_known)
                || self.has_stories && !piece.is_linked && under.is_one_story()
                || paragraphs()
        };
        if level <= self.title {
            return Rank::Nothing;
        }
        // Whatever else stands in its text.
        if self.is_story[at] {
            return Rank::Headline;
        }
        match self.known {
            Some(known) if level == known => {
                let is_section = self.origin == Origin::Web && !under.any
                    || is_over_items()
                    || under.entries > 0
                    || piece.link.is_none() && self.origin == Origin::Web;
                return holds(if is_section {
                    Rank::Section
                } else {
                    Rank::Headline
                });
            }
            Some(known) if level < known && self.origin == Origin::Web => return Rank::Nothing,
            Some(_) if is_over_items() => return Rank::Section,
            Some(_) => return holds(Rank::Headline),
            None => {}
        }
        if is_over_items() {
            return Rank::Section;
        }
        match self.shallowest {
            Some(shallowest)
                if level <= shallowest
                    && self.has_sections_over_items
                    && self.origin == Origin::Web
                    && under.entries > 0 =>
            {
                Rank::Section
            }
            _ => holds(Rank::Headline),
        }
    }
}

/// Which headings of the first level are the page's own title, among others of their level that stand over something:
/// the first where sections are of that level; on the web also one that the page is called by (`called`), unless all of
/// them lead to stories, and the first over nothing, or over no item where two others and all of them stand over some.
fn own_titles(
    pieces: &[Piece],
    is_known: &[bool],
    under: &[Under],
    origin: Origin,
    called: Option<&str>,
    base: Option<&str>,
) -> Vec<bool> {
    let mut own = vec![false; pieces.len()];
    let firsts: Vec<usize> = (0..pieces.len())
        .filter(|at| level_of(&pieces[*at]) == Some(1))
        .collect();
    let Some((first, others)) = firsts.split_first() else {
        return own;
    };
    let known = (0..pieces.len()).find(|at| is_known[*at] && level_of(&pieces[*at]).is_some());
    // Who writes by hand and lists stories right under it means a section.
    let is_list = origin == Origin::Hand && under[*first].is_over_items();
    own[*first] =
        known.is_some_and(|at| level_of(&pieces[at]) == Some(1)) && !is_known[*first] && !is_list;
    if origin == Origin::Hand || others.is_empty() {
        return own;
    }
    let holds = |at: &usize| under[*at].any || under[*at].deeper;
    let is_section = |at: &usize| under[*at].is_over_items();
    let others: Vec<&usize> = others.iter().filter(|at| holds(at)).collect();
    let is_introduction =
        || !is_section(first) && others.len() >= 2 && others.iter().all(|at| is_section(at));
    let is_over_none = !holds(first) || is_introduction();
    own[*first] |= is_over_none && pieces[*first].link.is_none() && !is_known[*first];
    if let Some(called) = called {
        let called = format!(" {} ", text::fold(called));
        let all_lead = firsts
            .iter()
            .filter(|at| holds(at) && *at != first)
            .all(|at| is_linked_headline(&pieces[*at]));
        // Behind the first one, what leads somewhere is none; that one may lead to the site, or to the page itself.
        let is_story = |at: usize| {
            all_lead
                && is_linked_headline(&pieces[at])
                && (at != *first || base.is_some() && leads_away(&pieces[at], base))
        };
        for &at in firsts
            .iter()
            .filter(|at| !is_known[**at] && !is_story(**at))
        {
            let heading = text::fold_within(&pieces[at].text, called.len());
            let is_named = |heading: &String| called.contains(&format!(" {heading} "));
            own[at] |= heading
                .filter(|heading| !heading.is_empty())
                .is_some_and(|heading| is_named(&heading));
        }
    }
    own
}

/// Whether a heading is nothing but a headline that leads to another page.
pub(crate) fn is_linked_headline(piece: &Piece) -> bool {
    piece.is_linked && is_worded(&piece.text) && leads_out(piece.link.as_deref())
}

/// Whether a headline's own text stands right below a piece.
pub(crate) fn has_own_text(pieces: &[Piece], at: usize) -> bool {
    let is_date = |piece: &&Piece| dates::dateline(&piece.text).is_some();
    let mut below = pieces[at + 1..].iter().skip_while(is_date);
    below.next().is_some_and(is_sentence)
}

/// Whether a piece is a paragraph of a text, and nothing that is set as a headline.
pub(crate) fn is_sentence(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && !piece.is_stressed
        && piece.begins.is_none()
        && text::ends_sentence_or_question(&piece.text)
}

/// Whether a heading leads neither to a site's front page nor to the page that it stands on.
fn leads_away(piece: &Piece, base: Option<&str>) -> bool {
    let Some(link) = piece.link.as_deref() else {
        return false;
    };
    let base = base.and_then(|base| Url::parse(base).ok());
    let link = match &base {
        Some(base) => base.join(link),
        None => Url::parse(link),
    };
    let is_own = |link: &Url| {
        base.as_ref()
            .is_some_and(|base| (base.host_str(), base.path()) == (link.host_str(), link.path()))
    };
    link.is_ok_and(|link| link.path() != "/" && !is_own(&link))
}

/// What stands under each heading and behind each line across the page, as far as the next one, and before the first. Of a
/// line that is set like a heading, what stands under it as far as the next such line.
fn under(pieces: &[Piece], is_known: &[bool], dropped: &[bool]) -> (Vec<Under>, Under) {
    let mut all = vec![Under::default(); pieces.len()];
    // Where sections are known, plain headlines are read as those of text.
    let has_known = is_known.contains(&true);
    let (mut heading, mut line) = (Under::default(), Under::default());
    let mut deeper_than: Option<u8> = None;
    // Where the story leads that was counted last, and where the entry ends that is gone through.
    let mut story: Option<&str> = None;
    let mut ends: Option<Option<&str>> = None;
    for (at, piece) in pieces.iter().enumerate().rev() {
        let next = pieces.get(at + 1);
        let before = at.checked_sub(1).map(|at| &pieces[at]);
        if level_of(piece).is_some() || is_known[at] {
            story = None;
        }
        let is_line = is_line(piece);
        if let Some(level) = level_of(piece) {
            heading.deeper = deeper_than.is_some_and(|below| below > level);
            all[at] = std::mem::take(&mut heading);
            line = Under::default();
            deeper_than = Some(level);
            continue;
        }
        if is_known[at] {
            all[at] = std::mem::take(&mut heading);
            line = Under::default();
            deeper_than = None;
            continue;
        }
        if piece.kind == PieceKind::Rule {
            if !piece.adorns(before) {
                story = None;
                all[at] = std::mem::take(&mut heading);
                line = Under::default();
            }
            continue;
        }
        let mut counted = (!dropped[at]).then(|| Under::of(piece, next));
        let end = match piece.kind {
            PieceKind::Item if piece.goes_on => {
                ends.get_or_insert_with(|| end_of(piece));
                None
            }
            PieceKind::Item => ends.take().flatten(),
            _ => {
                ends = None;
                None
            }
        };
        if let Some(counted) = &mut counted {
            let told = match piece.kind {
                PieceKind::Paragraph => told_by(before, piece, next),
                PieceKind::Item if counted.top_entries > 0 && counted.linked_entries == 0 => {
                    end.or_else(|| told_entry(piece))
                }
                _ => None,
            };
            // Two that lead to one story are one's.
            let pair = if has_known {
                None
            } else {
                told_pair(piece, &pieces[at + 1..])
            };
            if told.is_none() && pair.is_some() && pair != story {
                story = pair;
                counted.told_pairs = 1;
            }
            if told.is_some() && told != story {
                story = told;
                counted.told = u32::from(piece.kind == PieceKind::Paragraph);
                counted.told_entries = u32::from(piece.kind == PieceKind::Item);
            }
        }
        if is_line {
            all[at] = std::mem::take(&mut line);
        } else if let Some(counted) = &counted {
            line.add(counted);
        }
        if let Some(counted) = &counted {
            heading.add(counted);
        }
        if is_line && next.is_some_and(|next| level_of(next).is_none()) {
            heading.lines += 1;
        }
    }
    // Without a heading nothing says that there are such headlines at all.
    heading.told_pairs = 0;
    (all, heading)
}

/// Whether a paragraph is set like a headline, all of it.
fn is_line(piece: &Piece) -> bool {
    piece.is_stressed && is_bold_headline(piece)
}

/// The pieces with the links of lines that are made of links as entries, where nothing else stands under a heading.
pub(crate) fn spread<'p>(pieces: &'p [Piece], rules: &Rules, origin: Origin) -> Cow<'p, [Piece]> {
    let is_row = |piece: &Piece| piece.row.is_some() && !piece.is_quoted && !piece.goes_on;
    if !pieces.iter().any(is_row) {
        return Cow::Borrowed(pieces);
    }
    let is_heading = |piece: &Piece| match origin {
        // Menus have headings as well.
        Origin::Web => is_known(piece, rules),
        Origin::Hand => level_of(piece).is_some() || is_line(piece) || is_known(piece, rules),
    };
    let ends = |piece: &Piece| {
        level_of(piece).is_some()
            || piece.kind == PieceKind::Rule
            || is_line(piece)
            || is_known(piece, rules)
    };
    let mut spread: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        spread.push(piece.clone());
        at += 1;
        if !is_heading(piece) {
            continue;
        }
        let rows = pieces[at..]
            .iter()
            .take_while(|piece| is_row(piece))
            .count();
        if pieces.get(at + rows).is_none_or(ends) {
            for row in &pieces[at..at + rows] {
                let card = row.card;
                let links = row.row.iter().flatten().cloned();
                spread.extend(links.map(|link| Piece { card, ..link }));
            }
            at += rows;
        }
    }
    Cow::Owned(spread)
}

/// Whether nobody would miss a piece.
fn is_dropped(piece: &Piece) -> bool {
    let folded = text::fold_within(&piece.text, read_more::LONGEST_FURNITURE);
    folded.is_some_and(|folded| {
        read_more::is_furniture(&folded)
            || read_more::is_ornament(&piece.text, &folded) && !is_number(&piece.text)
    })
}

/// Whether a piece is what turns a site's pages, or one link of that: a number. (So is a count of likes.)
fn turns_pages(piece: &Piece) -> bool {
    /// The longest such number, in digits: a year is none.
    const LONGEST: usize = 3;
    let is_number =
        || piece.text.len() <= LONGEST && piece.text.bytes().all(|byte| byte.is_ascii_digit());
    piece.links > 0 && !piece.is_heading() && is_number()
        || !matches!(piece.kind, PieceKind::Heading(_) | PieceKind::Rule)
            && (text::fold_within(&piece.text, read_more::LONGEST_FURNITURE)
                .is_some_and(|folded| is_pager(&folded))
                || leads_on(piece))
}

/// Whether a piece leads to what was published before or after its page, by that one's title: `Previous: Digest 46`, or
/// `← Digest 46  Digest 48 →`. (Who publishes links with an arrow in front or behind has one in each.)
fn leads_on(piece: &Piece) -> bool {
    /// Two titles and what stands around them, in bytes.
    const LONGEST: usize = 240;
    if piece.links == 0 || piece.text.len() > LONGEST {
        return false;
    }
    let turns = |text: &str| text::fold_within(text, LONGEST).is_some_and(|it| is_pager(&it));
    // Every one of its links has such a word in front, and nothing else stands there.
    let is_named = |text: &str| {
        let name = text.split_once([':', '：']);
        name.is_some_and(|(name, title)| turns(name) && !title.trim().is_empty())
    };
    let is_pointed = |text: &str| {
        text.starts_with('←') && text.ends_with('→') && text.len() > '←'.len_utf8() * 2
    };
    let are_links = |count: usize| usize::try_from(piece.links) == Ok(count);
    match &piece.row {
        Some(row) => row.iter().all(|it| is_named(&it.text)) || is_pointed(&piece.text),
        None if piece.is_linked => is_named(&piece.text),
        None if are_links(1) && piece.text.ends_with(&*piece.tail) => {
            let name = &piece.text[..piece.text.len() - piece.tail.len()];
            let name = name.trim_end();
            name.ends_with([':', '：']) && turns(name)
        }
        None => are_links(2) && is_pointed(&piece.text),
    }
}

/// Whether an entry of a list or a row of a table begins or ends with a link to a story.
pub(crate) fn is_linked_entry(piece: &Piece) -> bool {
    if piece.in_lines.is_some() {
        return true;
    }
    if let Some(end) = piece.begins {
        let begun = &piece.text[..end];
        return leads_out(piece.link.as_deref())
            && !names_the_story(begun)
            && !names_the_outlet(begun);
    }
    let ends = !piece.tail.is_empty() && leads_out(piece.last_link.as_deref());
    (ends || read_more::before_address(&piece.text).is_some())
        && !names_the_story(&piece.tail)
        && !names_the_outlet(&piece.text)
}

/// Whether a paragraph that begins with a link is a story wherever it stands: nothing but a headline, or one with its text.
pub(crate) fn is_led_headline(piece: &Piece) -> bool {
    let is_all = |end: usize| !piece.text[end..].contains(char::is_alphanumeric);
    is_led_story(piece)
        || piece
            .begins
            .is_some_and(|end| is_all(end) && is_title(&piece.text[..end]))
}

/// Whether a paragraph is a story without a heading: its title leads there, and is one, and its text is sentences.
pub(crate) fn is_led_story(piece: &Piece) -> bool {
    piece.begins.is_some_and(|end| {
        let (title, text) = piece.text.split_at(end);
        is_worded(title)
            && leads_out(piece.link.as_deref())
            && !names_the_story(title)
            && !asks_readers(title)
            && text.contains(char::is_alphanumeric)
            && text::ends_sentence_or_question(&piece.text)
    })
}

/// The lines of the entries of lists that are stories beyond doubt: each entry of theirs is a link as long as headlines
/// are.
pub(crate) fn lists_of_stories(pieces: &[Piece]) -> HashSet<u32> {
    let is_entry = |piece: &&Piece| !piece.goes_on;
    let is_story = |piece: &Piece| {
        is_linked_entry(piece)
            && leads_out(piece.link.as_deref())
            && piece.begins.is_some_and(|end| is_title(&piece.text[..end]))
    };
    pieces
        .chunk_by(|one, two| (one.kind == PieceKind::Item) == (two.kind == PieceKind::Item))
        .filter(|run| run[0].kind == PieceKind::Item)
        .filter(|run| run.iter().filter(is_entry).all(is_story))
        .flatten()
        .map(|piece| piece.line)
        .collect()
}

/// Whether a text is as long as headlines are, and hardly a menu's entry is.
pub(crate) fn is_title(text: &str) -> bool {
    const FEWEST_WORDS: usize = 4;
    const FEWEST_LETTERS: usize = 10;
    text.split_whitespace().nth(FEWEST_WORDS - 1).is_some()
        || text
            .chars()
            .filter(|c| text::is_cjk(*c))
            .nth(FEWEST_LETTERS - 1)
            .is_some()
}

/// Whether two paragraphs are nothing but headlines that lead to different stories.
fn is_row(one: &Piece, two: &Piece) -> bool {
    leads_to_story(one) && leads_to_story(two) && one.link != two.link
}

/// Whether a paragraph is nothing but a headline that leads to another page.
pub(crate) fn leads_to_story(piece: &Piece) -> bool {
    piece.is_linked
        && !piece.goes_on
        && is_bold_headline(piece)
        && (is_title(&piece.text) || is_phrase(&piece.text) || is_short_headline(&piece.text))
        && leads_out(piece.link.as_deref())
}

/// Whether a text is a headline in a script that needs few letters for one: `노조 파업 종료`.
fn is_short_headline(text: &str) -> bool {
    const FEWEST_WORDS: usize = 3;
    const FEWEST_LETTERS: usize = 6;
    text.split_whitespace().nth(FEWEST_WORDS - 1).is_some()
        && text
            .chars()
            .filter(|c| text::is_cjk(*c))
            .nth(FEWEST_LETTERS - 1)
            .is_some()
}

/// Whether a text is words rather than a name: one behind the first is written small, as in no name or label.
fn is_phrase(text: &str) -> bool {
    let behind = text.split_whitespace().skip(1);
    behind
        .filter(|word| word.starts_with(char::is_lowercase))
        .any(|word| word.chars().count() > 3)
}

/// Whether a line is one of a row of headlines by its number: `**3、[Headline](…)**`.
pub(crate) fn is_counted(piece: &Piece) -> bool {
    piece.is_linked && piece.begins.is_some() && number_length(&piece.text) > 0
}

/// Whether a paragraph holds a link that could be an item's of its own.
pub(crate) fn holds_an_item(piece: &Piece) -> bool {
    let leads = piece.links > 0
        && (leads_out(piece.link.as_deref()) || leads_out(piece.last_link.as_deref()));
    (leads || piece.in_lines.is_some() || read_more::before_address(&piece.text).is_some())
        && !piece.is_quoted
        && !is_attribution(&piece.text)
        && read_more::only_address(&piece.text).is_none()
        && !(piece.links == 1
            && !piece.tail.is_empty()
            && (names_the_story(&piece.tail) || names_the_outlet(&piece.text)))
        && read_more::strip(&piece.text).text == piece.text
}

/// The text in front of a link at its end that only says that it leads to the story: `Envoys meet (Read more)`. The last
/// word of a sentence is none: `All of it is here.`
pub(crate) fn without_tail(piece: &Piece) -> Option<&str> {
    if piece.tail.is_empty() || !names_the_story(&piece.tail) {
        return None;
    }
    const OPEN: [char; 7] = ['(', '[', '«', '›', '→', ' ', '（'];
    let bare = |c: char| "()[]«»›→….… （）".contains(c);
    let tail = piece.tail.trim_matches(bare);
    let in_front = piece.text.trim_end_matches(bare).strip_suffix(tail)?;
    let before = in_front.trim_end_matches(OPEN);
    let is_set_apart = || {
        text::ends_sentence_or_question(before)
            || before.ends_with([':', '：', '|', '–', '—', '-', '·'])
            || in_front.trim_end().len() > before.len()
    };
    let is_named = || {
        !text::ends_sentence(&piece.text)
            && (!tail.starts_with(|c: char| c.is_ascii_lowercase()) || tail.starts_with("read"))
    };
    (before.contains(char::is_alphanumeric) && (is_set_apart() || is_named())).then_some(before)
}

/// Where an entry or a paragraph leads by such a link.
fn story_of(piece: &Piece) -> Option<&str> {
    let link = piece.last_link.as_deref();
    let has_own = || without_tail(piece).is_some() && !names_the_outlet(&piece.text);
    (piece.begins.is_none() && leads_out(link) && has_own())
        .then_some(link)
        .flatten()
}

/// Where an entry leads that is an item where others are, by a link that only says that it leads to the story.
pub(crate) fn told_entry(piece: &Piece) -> Option<&str> {
    story_of(piece).filter(|_| piece.in_lines.is_none())
}

/// Where the last paragraph of an entry leads, if it ends in a link.
fn end_of(piece: &Piece) -> Option<&str> {
    let link = piece.last_link.as_deref();
    let ends = !piece.tail.is_empty() && leads_out(link);
    let address = || {
        read_more::only_address(&piece.text)
            .or_else(|| read_more::before_address(&piece.text).map(|(_, address)| address))
    };
    link.filter(|_| ends).or_else(address)
}

/// Where a paragraph leads that is an item where others are, by a link that only says that it leads to the story: at
/// its end, unless it is the text of a headline right over it, or on a line of its own right below.
pub(crate) fn told_by<'p>(
    before: Option<&Piece>,
    piece: &'p Piece,
    next: Option<&'p Piece>,
) -> Option<&'p str> {
    if !is_own(piece) || is_line(piece) || only_told(piece).is_some() {
        return None;
    }
    let is_over = |before: &Piece| is_line(before) || is_plain_headline(before);
    let own = || story_of(piece).filter(|_| !before.is_some_and(is_over));
    let below = || {
        next.filter(|_| is_plain_headline(piece))
            .and_then(only_told)
    };
    own().or_else(below)
}

/// Where the paragraph right below a headline leads that nothing sets apart, by such a link at its end, or on a line of
/// its own behind it.
pub(crate) fn told_pair<'p>(piece: &Piece, below: &'p [Piece]) -> Option<&'p str> {
    let next = below
        .first()
        .filter(|next| is_plain_headline(piece) && is_own(next))?;
    let is_text = || next.links == 0 && text::ends_sentence_or_question(&next.text);
    story_of(next).or_else(|| below.get(1).filter(|_| is_text()).and_then(only_told))
}

/// Where a paragraph leads that is nothing but an address, or a link that only says that it leads to the story.
fn only_told(piece: &Piece) -> Option<&str> {
    let written = read_more::only_address(&piece.text).filter(|_| is_own(piece));
    let named = is_own(piece) && piece.is_linked && names_the_story(&piece.text);
    let link = piece.last_link.as_deref();
    let link = link.filter(|link| leads_out(Some(link)) && (named || written.is_some()));
    link.or(written)
}

/// Whether a paragraph is nobody else's word, nor the text of an entry.
fn is_own(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && !piece.goes_on
        && !piece.is_quoted
        && !is_attribution(&piece.text)
}

/// Whether a paragraph that leads nowhere may be a headline.
fn is_plain_headline(piece: &Piece) -> bool {
    is_own(piece)
        && piece.links == 0
        && !is_line(piece)
        && piece.text.contains(char::is_alphabetic)
        && !text::ends_sentence(&piece.text)
        && read_more::only_address(&piece.text).is_none()
        && read_more::before_address(&piece.text).is_none()
}

/// Whether an address leads to another page.
fn leads_out(address: Option<&str>) -> bool {
    address.is_some_and(|address| {
        !address.is_empty()
            && !address.starts_with('#')
            && !address.starts_with("mailto:")
            && !address.starts_with("tel:")
            && !address.starts_with("javascript:")
    })
}

/// Whether a line says whose words stand above it: `– Ann Lee`.
pub(crate) fn is_attribution(text: &str) -> bool {
    text.starts_with(['—', '–', '―']) || text.starts_with("-- ") || text.starts_with("~ ")
}

/// The shortest headline that a summary may begin with, in characters: a name is no headline.
const SHORTEST_LEAD: usize = 16;

/// Whether a paragraph begins with a headline: stressed or linked text, with more behind it than its mark.
pub(crate) fn is_led(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph && has_lead(piece)
}

/// Whether a piece of any kind begins so.
fn has_lead(piece: &Piece) -> bool {
    piece.lead.is_some_and(|end| {
        piece.text[..end].chars().count() >= SHORTEST_LEAD
            && piece.text[end..]
                .chars()
                .filter(|c| c.is_alphanumeric())
                .count()
                >= SHORTEST_LEAD
    })
}

/// Whether a paragraph begins with a shorter headline that is set apart by a mark: that is one where others are.
pub(crate) fn is_marked(piece: &Piece) -> bool {
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
pub(crate) fn is_over_a_list(piece: &Piece, next: Option<&Piece>) -> bool {
    let is_headline = |next: &Piece| {
        next.kind == PieceKind::Item
            && next.depth > piece.depth
            && !next.goes_on
            && !next
                .link
                .as_deref()
                .is_some_and(|link| link.starts_with('#'))
            && (next
                .lead
                .is_some_and(|end| !names_the_story(&next.text[..end]))
                || is_linked_entry(next))
    };
    piece.kind == PieceKind::Item
        && piece.link.is_none()
        && (piece.is_stressed || piece.lead.is_none())
        && numbering::may_be_heading(&piece.text)
        && next.is_some_and(is_headline)
}

fn is_plain(piece: &Piece) -> bool {
    !piece.is_stressed && piece.link.is_none()
}

fn is_known(piece: &Piece, rules: &Rules) -> bool {
    let titled = without_marker(&piece.text);
    // A phrase grows by a few bytes at most where folding takes it apart; most paragraphs are far longer.
    titled.len() <= 4 * rules.longest() + 64
        && rules.is_heading(titled.trim_end_matches([':', '：', ' ']))
}

/// Whether a paragraph is nothing but stressed or linked text that doesn't end a sentence.
pub(crate) fn is_bold_headline(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && (piece.is_stressed || piece.is_linked)
        && !text::ends_sentence(&piece.text)
        && read_more::strip(&piece.text).text == piece.text
        && read_more::only_address(&piece.text).is_none()
        && !names_the_story(&piece.text)
}
